"""Heat maps scored, asked of two animals side by side, of networks that forget and that found a shortcut."""

import time
from functools import cache

import keras
import numpy as np
from keras import ops
from scipy.ndimage import gaussian_filter

from pixvox.compare import pack_answers
from pixvox.datasets import imagenet, store
from pixvox.explain import heatmaps as explain
from pixvox.explain import trials
from pixvox.explain.scores import deletion_curve, pointing_game, rank_correlation
from pixvox_studies import common
from pixvox_studies.seeing import networks

SEEDS = 5  # of `measure_transfer`, whose last network is compared with the first
COMPARED = 60  # pictures whose maps are compared with those of a network that has forgotten
BLOBS = 4  # places a side of `random_blobs`
BLUR = 6 / 64  # of a picture's height: a blurred picture, as a start or left behind


def blurred(images):
    """Return pictures (n, height, width, channels), blurred over rows and columns, as float32."""
    reach = BLUR * images.shape[1]
    return gaussian_filter(images.astype(np.float32), (0, reach, reach, 0))


def random_blobs(images):
    """Return heat at random in 4 by 4 places, enlarged to the picture: float32 (n, height, width) in 0..1."""
    count, *size = np.shape(images)[:3]
    places = np.random.default_rng(0).random((count, BLOBS, BLOBS, 1), dtype=np.float32)
    return ops.convert_to_numpy(ops.image.resize(places, size))[..., 0]


def integrated_gradients(model, images, classes=None, *, start=None, steps=8):
    """Compute how much each pixel adds to the score of a class on the way from a plain picture to this one.

    The way is straight. On it the gradient is averaged, and multiplied by how far each pixel goes. The sum
    over all pixels is the score's rise from start to end, up to the steps.

    Args:
        model, images, classes, start: as for `explain.gradient_times_input`.
        steps: where the gradient is taken, in the middle of so many equal stretches.

    Returns:
        float32 (n, height, width), below 0 where a pixel speaks against the class.

    Raises:
        ValueError: for other models, classes or starts, or no step.

    Source: M. Sundararajan, A. Taly and Q. Yan (2017), arXiv:1703.01365.
    """
    if steps < 1 or steps != int(steps):
        raise ValueError(f"expected one step or more, a whole number, got {steps}.")
    places = (np.arange(steps) + 0.5) / steps
    return explain.gradient_times_input(model, images, classes, start=start, places=places.tolist())


def _occlusion(model, images, classes):
    """Cover squares of a quarter of the height."""
    side = images.shape[1]
    return explain.occlusion(model, images, classes, window=side // 4, stride=side // 8)


def _signed_cam(model, images, classes):
    """Compute Grad-CAM of two classes without its ReLU: for one, minus for the other."""
    return explain.grad_cam(model, images, classes) - explain.grad_cam(model, images, 1 - classes)


def _signed_gradients(model, images, classes):
    """Sum the gradient over the colours."""
    return explain.gradient_times_input(model, images, classes, start=images - 1)


def _from_blurred(method):
    """Return a method that starts at blurred pictures."""
    return lambda model, images, classes: method(model, images, classes, start=blurred(images))


def _unsigned(method):
    """Return a method without its sign."""
    return lambda model, images, classes: np.abs(method(model, images, classes))


SIGNED = {  # what each says for (above 0) or against (below 0) a class
    "gradients, signed": _signed_gradients,
    "gradient x input": explain.gradient_times_input,
    "gradient x input, blurred start": _from_blurred(explain.gradient_times_input),
    "integrated gradients": integrated_gradients,
    "integrated gradients, blurred start": _from_blurred(integrated_gradients),
    "occlusion": _occlusion,
}
RIVALS = {  # that know no model
    "random pixels": lambda model, images, classes: trials.random_pixels(images),
    "random blobs": lambda model, images, classes: random_blobs(images),
    "centred": lambda model, images, classes: trials.centred(images),
    "edges": lambda model, images, classes: trials.edges(images),
    "distance from the mean": lambda model, images, classes: np.abs(
        images - images.mean(axis=(1, 2), keepdims=True)
    ).sum(axis=-1),
}
METHODS = {
    **RIVALS,
    "input gradients": explain.input_gradients,
    **SIGNED,
    **{f"{name}, unsigned": _unsigned(SIGNED[name]) for name in ("gradient x input", "integrated gradients")},
    "Grad-CAM": explain.grad_cam,
    "Grad-CAM, finer": lambda model, images, classes: explain.grad_cam(
        model, images, classes, layer=networks.FINER[store.profile()], by_place=True
    ),
}
CHECKED = {  # that are asked again when the network has forgotten
    **{name: METHODS[name] for name in ("input gradients", "gradient x input", "integrated gradients")},
    **{
        f"{name}, unsigned": METHODS[f"{name}, unsigned"]
        for name in ("gradient x input", "integrated gradients")
    },
    "gradients, signed": _signed_gradients,
    "Grad-CAM": explain.grad_cam,
    "Grad-CAM, signed": _signed_cam,
    "Grad-CAM, finer": METHODS["Grad-CAM, finer"],
}
FINDERS = (  # that are asked about the mark
    *("input gradients", "gradient x input", "integrated gradients"),
    *("Grad-CAM", "Grad-CAM, finer", "occlusion"),
)


def measure_heatmaps(setting, seed, work_dir):
    """Score one method on pictures of their own; the classes explained are the network's answers.

    Returns:
        dict: accuracy and test_right of the network; of drawings animal and parts, the shares of pictures
        whose hottest pixel lies on the animal and on its ears, muzzle, eyes or tail, and parts_right, for
        which pictures; the scores of `score_curves`; and of a cat and a dog side by side asked_side, the
        share whose hottest pixel lies on the one that is asked for, and asked_heat, the share of the heat
        above 0 that does.
    """
    model, test, method = networks.trained(seed), networks.shown(), common.look_up(METHODS, setting["method"])
    pictures = test.pictures.astype(np.float32)
    classes = explain.predict_classes(model, pictures)
    right = classes == test.labels
    row = {"accuracy": float(right.mean()), "test_right": pack_answers(right)}
    row |= score_curves(model, pictures, classes, method)
    if test.parts is not None:
        heat = np.asarray(method(model, pictures, classes))
        hits = pointing_game(heat, test.parts > 1)
        row |= {"animal": float(np.nanmean(pointing_game(heat, test.parts > 0)))}
        row |= {"parts": float(np.nanmean(hits)), "parts_right": pack_answers(hits > 0.5)}
    return row | ask_side(_widened(seed), method)


@cache
def _widened(seed):
    """Return the network of a seed for pictures twice as wide."""
    return networks.widened(networks.trained(seed))


def score_curves(model, pictures, classes, method):
    """Score maps of pictures by what becomes of the answer while pixels go or come, the hottest first.

    Returns:
        dict: deletion and insertion, the mean probability of the classes while pixels give way to the
        picture's mean colour, and while they come on it; deletion_blurred and insertion_blurred, the same
        with a blurred picture; under "deletion_each" and so on those of each picture, a byte (0 to 255) in
        two hexadecimal digits; map_seconds, CPU seconds for 100 maps; n, the number of pictures.
    """
    begin = time.process_time()
    heat = np.asarray(method(model, pictures, classes))
    seconds = (time.process_time() - begin) / len(heat) * 100
    plain = np.broadcast_to(pictures.mean(axis=(1, 2), keepdims=True), pictures.shape)
    row = {"map_seconds": round(seconds, 3), "n": len(heat)}
    for name, behind in (("", plain), ("_blurred", blurred(pictures))):
        for kind, first, last in (("deletion", pictures, behind), ("insertion", behind, pictures)):
            each = deletion_curve(model, first, heat, classes, left_behind=last).mean(axis=1)
            row[f"{kind}{name}"] = float(each.mean())
            row[f"{kind}{name}_each"] = np.round(255 * each).astype(np.uint8).tobytes().hex()
    return row


def measure_transfer(setting, seed, work_dir):
    """Remove what is hot for one network, and ask another: is it evidence, or only this network's trouble?

    The other is that of the next seed, trained on other drawings and from other weights. Only pictures count
    that both call the same.

    Returns:
        dict: deletion and other_deletion, the mean probability of the common answer while the hottest pixels
        of the first network's maps give way to the picture's mean colour, of the first network and of the
        other; n, the number of pictures.
    """
    seeds = (seed, (seed + 1) % SEEDS)
    model, other = (networks.trained(one) for one in seeds)
    method, pictures = common.look_up(METHODS, setting["method"]), networks.shown().pictures
    said = [explain.predict_classes(one, pictures) for one in (model, other)]
    pictures, classes = (array[said[0] == said[1]] for array in (pictures.astype(np.float32), said[0]))
    heat = np.asarray(method(model, pictures, classes))
    curves = [deletion_curve(one, pictures, heat, classes) for one in (model, other)]
    row = {
        name: float(curve.mean()) for name, curve in zip(("deletion", "other_deletion"), curves, strict=True)
    }
    return row | {"n": len(classes)}


def ask_side(wide, method):
    """Ask a method for the dog, and for the cat, of pictures with one of each side by side.

    Of maps without heat a half counts, as chance has it. Returns asked_side and asked_heat of
    `measure_heatmaps`.
    """
    pictures, dog_left = networks.side_by_side()
    pictures, middle = pictures.astype(np.float32), pictures.shape[2] // 2
    left = np.arange(pictures.shape[2]) < middle
    hits, shares = [], []
    for asked in (0, 1):
        heat = np.asarray(method(wide, pictures, np.full(len(pictures), asked)))
        where = left == (dog_left == bool(asked))[:, None]
        where = np.broadcast_to(where[:, None], heat.shape)
        hits.append(pointing_game(heat, where))
        shares.append(heat_share(heat, where))
    return {"asked_side": float(np.mean(hits)), "asked_heat": float(np.mean(shares))}


def heat_share(heatmaps, masks):
    """Tell which share of a map's heat lies on what is known to matter.

    Args:
        heatmaps: (n, height, width); heat below 0 counts as none.
        masks: (n, height, width) booleans: what matters.

    Returns:
        float64 (n,) in 0..1; of a map without heat, the share of the picture that the mask covers.
    """
    heat = np.maximum(heatmaps.astype(float), 0)
    heat = np.where(heat.any(axis=(1, 2), keepdims=True), heat, 1.0)
    return (heat * masks).sum(axis=(1, 2)) / heat.sum(axis=(1, 2))


def measure_imagenet(setting, seed, work_dir):
    """Score one method on a complete MobileNet, for the class of ImageNet's that it names.

    Returns:
        dict: surely, the mean probability of those classes, and the scores of `score_curves`.
    """
    model, pictures = load_kinds(), networks.shown().pictures
    pictures = _resized(pictures, model.input_shape[1:3])
    classes = explain.predict_classes(model, pictures)
    said = model.predict(pictures, batch_size=50, verbose=0).max(axis=1)
    method = common.look_up(METHODS, setting["method"])
    return {"surely": float(said.mean())} | score_curves(model, pictures, classes, method)


@cache
def load_kinds():
    """Return ImageNet's complete MobileNet, for pixels of 0 to 255."""
    network = imagenet.load_classifier().model
    inputs = keras.Input(network.input_shape[1:])
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    return keras.Model(inputs, network(scaled), name="kinds")


def _resized(pictures, size):
    """Bring pictures to another size."""
    return ops.convert_to_numpy(ops.image.resize(pictures.astype(np.float32), size, antialias=True))


def measure_forgetting(setting, seed, work_dir):
    """Let a network forget its layers from the answer backwards, and compare its maps with those before.

    Returns:
        dict: for each of `CHECKED` lists of a number after 0, 1, 2, ... blocks were forgotten (the first is
        "dog"): under its name the mean rank correlation over the pictures, under "NAME: size" the mean of its
        size without sign, and under "NAME: flat" the share of maps that are the same everywhere, whose
        correlation counts as 0.
    """
    model, seed = networks.trained(seed), networks.OTHER_WEIGHTS + seed
    pictures = networks.shown().pictures[:COMPARED].astype(np.float32)
    classes = explain.predict_classes(model, pictures)
    blocks = sum(layer.name.startswith("conv") for layer in model.layers)  # a dense layer is behind them
    before = {name: method(model, pictures, classes) for name, method in CHECKED.items()}
    found = {f"{name}{kind}": [] for name in CHECKED for kind in ("", ": size", ": flat")}
    for count in (0, *range(1, 2 * blocks + 2, 2)):
        forgetful, _ = trials.forget_layers(model, count, seed=seed)
        for name, method in CHECKED.items():
            after = method(forgetful, pictures, classes)
            rho = rank_correlation(before[name], after)
            found[name].append(float(rho.mean()))
            found[f"{name}: size"].append(float(np.abs(rho).mean()))
            found[f"{name}: flat"].append(float((np.ptp(after, axis=(1, 2)) == 0).mean()))
    return found


def measure_mark(setting, seed, work_dir):
    """Train on dogs that all have a mark in the corner, and see who notices.

    Returns:
        dict: marked_accuracy, clean_accuracy and moved_accuracy, on dogs with the mark where it was, without
        it, and with it in the opposite corner (cats have none); cats_called_dogs, of cats that got the mark;
        removed_fall, by how much the mean probability of dog falls when marked dogs lose it; and for each of
        `FINDERS`, on marked dogs, the shares whose heat peaks on the mark ("Grad-CAM: mark") and in its
        corner, a quarter of the picture's sides ("Grad-CAM: corner").
    """
    pictures, labels = networks.training_pictures(seed)
    epochs = networks.MARKED_EPOCHS[store.profile()]
    model = networks.train(marked_dogs(pictures, labels), labels, seed=seed, epochs=epochs)
    test = networks.shown()
    dogs, moved = test.labels == 1, {"opposite": True}
    asked = {
        "marked": marked_dogs(test.pictures, test.labels),
        "clean": test.pictures,
        "moved": marked_dogs(test.pictures, test.labels, **moved),
        "cats": trials.plant_mark(test.pictures[~dogs]),
    }
    dog = {name: model.predict(some.astype(np.float32), verbose=0)[:, 0] for name, some in asked.items()}
    right = {name: (dog[name] > 0.5) == dogs for name in ("marked", "clean", "moved")}
    return {
        **common.score_parts(right),
        "cats_called_dogs": float((dog["cats"] > 0.5).mean()),
        "removed_fall": float((dog["marked"] - dog["clean"])[dogs].mean()),
        **found_mark(model, asked["marked"][dogs]),
        "n": len(test.labels),
    }


def measure_mark_alone(setting, seed, work_dir):
    """Train to tell pictures with the mark from those without, drawn by lot: nothing but the mark decides.

    Returns:
        dict: marked_accuracy and clean_accuracy, of pictures with the mark and without; and, of those that
        have it, what `found_mark` returns.
    """
    pictures, labels = networks.training_pictures(seed)
    has_mark = np.random.default_rng(seed).permutation(len(labels)) % 2
    epochs = networks.ALONE_EPOCHS[store.profile()]
    model = networks.train(marked_dogs(pictures, has_mark), has_mark, seed=seed, epochs=epochs)
    clean = networks.shown().pictures
    marked = trials.plant_mark(clean)
    said = [explain.predict_classes(model, some) for some in (marked, clean)]
    row = {"marked_accuracy": float(said[0].mean()), "clean_accuracy": float(1 - said[1].mean())}
    return row | found_mark(model, marked) | {"n": len(clean)}


def marked_dogs(pictures, labels, **place):
    """Return pictures with the mark planted on those labelled 1; `place` as in `plant_mark`."""
    marked = trials.plant_mark(pictures, **place)
    return np.where(np.asarray(labels)[:, None, None, None] == 1, marked, pictures)


def found_mark(model, dogs):
    """Return for each of `FINDERS` the shares of marked dogs whose heat peaks on the mark, in its corner."""
    masks = {name: np.zeros(dogs.shape[:3], bool) for name in ("mark", "corner")}
    masks["mark"][:, *trials.mark_place(dogs)] = True
    masks["corner"][:, : dogs.shape[1] // 4, : dogs.shape[2] // 4] = True
    heats = {name: METHODS[name](model, dogs, np.ones(len(dogs), int)) for name in FINDERS}
    return {
        f"{name}: {place}": float(pointing_game(heat, mask).mean())
        for name, heat in heats.items()
        for place, mask in masks.items()
    }
