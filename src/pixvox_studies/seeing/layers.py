"""What the layers of a network hold of a picture, by depth, and what their filters like."""

import keras
import numpy as np
from keras import ops

from pixvox.datasets import store
from pixvox.explain.filters import feature_maps, maximize_filter
from pixvox_studies import common
from pixvox_studies.four_models.averages import reestimate_averages
from pixvox_studies.pets import recipes as pets
from pixvox_studies.seeing import networks

LOOKED_AT = 60  # pictures whose maps are measured by depth
FAINT = 0.1  # of a filter's highest answer to any of the pictures
ASKED = {  # layers whose filters are asked, by depth: before their ReLU
    "sample": ("norm1", "norm3", "norm5", "norm7"),
    "full": ("conv_pw_1_bn", "conv_pw_3_bn", "conv_pw_5_bn", "conv_pw_8_bn", "conv_pw_12_bn"),
}
FILTERS = 8  # of each layer, drawn by the seed
REAL, BATCH = 200, 20  # training pictures that averages and a filter's usual answers are taken from


def measure_layers(setting, seed, work_dir):
    """Look by depth at the layers of the profile's network; of MobileNet as ImageNet left it.

    Args:
        setting: weights, "trained" or "random".

    Returns:
        dict: as `by_depth` gives it, for each ReLU.
    """
    model = _network(setting["weights"], seed)
    return by_depth(model, networks.shown().pictures[:LOOKED_AT], "relu")


def measure_posted_layers(setting, seed, work_dir):
    """Look at the layers of P4's own network, trained as the studies of cats and dogs train it, by depth.

    Returns:
        dict: as `by_depth` gives it, for each convolution, of the first validation pictures; and
        val_accuracy.
    """
    size = pets.IMAGE_SIZES[store.profile()]
    parts = pets.load_parts(seed, image_size=size, with_test=False)
    model = pets.train_as_posted(parts, setting, seed, work_dir)
    pictures, labels = parts[1]
    row = by_depth(model, pictures[:LOOKED_AT], "conv")
    return row | common.evaluate_parts(model, {"val": (pictures, labels)}, batch_size=50)


def by_depth(model, pictures, kind):
    """Measure the maps of the layers in whose names `kind` is.

    Returns:
        dict of lists, a number for each layer: zeros, the share of numbers that are 0; blank, the share of
        maps that are 0 everywhere; faint, the share whose highest number is below a tenth of the filter's
        highest on any of the pictures; likeness and likeness_other, to the picture and to another one.
    """
    pictures = pictures.astype(np.float32)
    maps = {name: found for name, found in feature_maps(model, pictures).items() if kind in name}
    row = {name: [] for name in ("zeros", "blank", "faint", "likeness", "likeness_other")}
    for found in maps.values():
        peaks = found.max(axis=(1, 2))
        row["zeros"].append(zero_share(found))
        row["blank"].append(float((~found.any(axis=(1, 2))).mean()))
        row["faint"].append(float((peaks <= FAINT * np.maximum(peaks.max(axis=0), 0)).mean()))
        row["likeness"].append(likeness(found, pictures))
        row["likeness_other"].append(likeness(found, pictures[::-1]))
    return row


def zero_share(maps):
    """Return the share of the numbers in feature maps that are exactly 0, as a ReLU leaves them."""
    return float(np.mean(np.asarray(maps) == 0))


def likeness(maps, images):
    """Tell how much feature maps look like the pictures, made grey.

    Args:
        maps: (n, rows, columns, channels).
        images: (n, height, width, 1 or 3); they are made grey and shrunk to the maps' size.

    Returns:
        a number, 0 to 1: the mean over pictures and channels of the absolute correlation. Small maps are a
        little like anything: compare with the likeness to other pictures.

    Raises:
        ValueError: if there is not one picture for each set of maps.
    """
    maps = np.asarray(maps, dtype=np.float64)
    grey = np.asarray(images, dtype=np.float32).mean(-1, keepdims=True)
    if maps.ndim != 4 or len(maps) != len(grey):
        raise ValueError(f"expected maps (n, rows, columns, channels), n {len(grey)}, got {maps.shape}.")
    small = ops.convert_to_numpy(ops.image.resize(grey, maps.shape[1:3], antialias=True))
    unit = [_standardised(array.reshape(len(maps), -1, array.shape[-1])) for array in (maps, small)]
    return float(np.abs(np.einsum("npc,np->nc", unit[0], unit[1][..., 0])).mean())


def _standardised(values):
    """Bring the middle axis to mean 0 and length 1; what is the same everywhere becomes 0."""
    values = values - values.mean(axis=1, keepdims=True)
    length = np.linalg.norm(values, axis=1, keepdims=True)
    return values / np.where(length > 1e-9, length, 1)


def measure_filters(setting, seed, work_dir):
    """Make pictures for filters by gradient ascent, and measure them layer by layer.

    A filter's answer is the mean of its map, before the ReLU; its unit is the standard deviation of its
    answers to training pictures. The averages of a random network's normalisations are those of training
    pictures, too.

    Args:
        setting: weights, "trained" or "random".

    Returns:
        dict: rise, the mean over layers and filters of how much the answer rises from grey; and lists, a
        number for each layer: rises; beyond, by how much the answer exceeds that to the best of the training
        pictures; beaten, the share of filters where it does; own, the share of pictures to which the filter
        they were made for answers most, of all filters of the layer; waves, the mean wavelength in pixels.
    """
    model = _network(setting["weights"], seed)
    pictures = networks.training_pictures(seed)[0][:REAL].astype(np.float32)
    names = ASKED[store.profile()]
    usual = _answers(model, pictures, names)
    rng = np.random.default_rng(seed)
    row = {name: [] for name in ("rises", "beyond", "beaten", "own", "waves")}
    for name in names:
        asked = np.sort(rng.choice(usual[name].shape[1], FILTERS, replace=False))
        made = maximize_filter(model, name, asked)
        unit = np.maximum(usual[name].std(axis=0), 1e-9)
        beyond = (made.after - usual[name].max(axis=0)[asked]) / unit[asked]
        standard = (_answers(model, made.pictures, (name,))[name] - usual[name].mean(axis=0)) / unit
        row["rises"].append(float(((made.after - made.before) / unit[asked]).mean()))
        row["beyond"].append(float(beyond.mean()))
        row["beaten"].append(float((beyond > 0).mean()))
        row["own"].append(float((standard.argmax(axis=1) == asked).mean()))
        row["waves"].append(float(wavelengths(made.pictures).mean()))
    return {"rise": float(np.mean(row["rises"])), **row}


def _answers(model, pictures, names):
    """Return the mean of each map of some layers, a dict of (n, channels)."""
    parts = []
    for start in range(0, len(pictures), BATCH):
        maps = feature_maps(model, pictures[start : start + BATCH])
        parts.append({name: maps[name].mean(axis=(1, 2)) for name in names})
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def wavelengths(pictures):
    """Return the mean wavelength in pixels, float64 (n,), of pictures (n, height, width, channels).

    It is one over the mean frequency, weighted by the power of what is not the same everywhere.
    """
    grey = pictures.mean(axis=-1) - pictures.mean(axis=(1, 2, 3))[:, None, None]
    power = np.abs(np.fft.fft2(grey)) ** 2
    rows, columns = (np.fft.fftfreq(side) for side in grey.shape[1:])
    frequencies = np.hypot(rows[:, None], columns)
    return power.sum(axis=(1, 2)) / np.maximum((power * frequencies).sum(axis=(1, 2)), 1e-12)


def _network(weights, seed):
    """Return the trained network of the sample, or one that never learnt; in the full profile MobileNet."""
    if weights not in ("trained", "random"):
        raise ValueError(f"expected weights 'trained' or 'random' in the setting, got {weights!r}.")
    sample, trained = store.profile() == "sample", weights == "trained"
    if sample and trained:
        return networks.trained(seed)
    keras.utils.set_random_seed(seed)
    model = networks.build(networks.size(), weights="trained" if trained else None)
    if sample:
        pictures = networks.training_pictures(seed)[0].astype(np.float32)
        reestimate_averages(model, pictures, batch_size=BATCH)
        return model
    inside = next(layer for layer in model.layers if layer.name == "transfer_better")
    base = next(layer for layer in inside.layers if isinstance(layer, keras.Model))
    if not trained:
        pictures = networks.training_pictures(seed)[0][:REAL].astype(np.float32) / 127.5 - 1
        reestimate_averages(base, pictures, batch_size=BATCH)
    return model
