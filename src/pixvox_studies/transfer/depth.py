"""How deep to borrow, and from which input: regressions on the means of maps, of 400 labelled pictures.

In the sample profile each seed draws its own pictures; in the full one it draws 400 of the photographs.
"""

import time

import keras
import numpy as np
from keras.optimizers import RMSprop

from pixvox.datasets import imagenet, store
from pixvox_studies import common, features
from pixvox_studies.transfer import heads, labels, routes

LABELLED = 400
CUTS = {  # the last layer whose maps are a half, a quarter ... of the picture's side, by base
    "vgg16": [f"block{number}_pool" for number in range(1, 6)],
    "mobilenet": [f"conv_pw_{number}_relu" for number in (1, 3, 5, 11, 12)],
}
INPUTS = {  # what the base gets, given its own preprocessing
    "its own": lambda right: right,
    "1/255": lambda right: common.scale,
    "contrast/255": lambda right: lambda pictures: common.scale(right(pictures)),
}


def load_labelled(seed):
    """Return 400 labelled pictures and the test pictures, uint8, at the size of features, with labels."""
    (x, y), _, test = routes.load_parts(seed if store.profile() == "sample" else 0, _size())
    chosen = labels.draw_labelled(y, LABELLED, seed)
    return (x[chosen], y[chosen]), test


def _size():
    """Return the size of pictures for features."""
    return heads.IMAGE_SIZES[store.profile()]


def measure_depth(setting, seed, work_dir):
    """Fit a regression to the means of the maps of one block of the base.

    Args:
        setting: weights, "trained" or "random"; block, 1 to 5.

    Returns:
        dict: channels; train_accuracy, test_accuracy; seconds, CPU seconds for the maps of 100 pictures.
    """
    keras.utils.set_random_seed(seed)
    base, right = routes.load_base(_size(), weights="trained" if setting["weights"] == "trained" else None)
    (x, y), (x_test, y_test) = load_labelled(seed)
    last = base.get_layer(CUTS[heads.BASES[store.profile()]][setting["block"] - 1])
    cut = keras.Model(base.input, last.output)
    _means(cut, x[:1], right)  # the first call sets things up
    begin = time.process_time()
    means = _means(cut, x, right)
    seconds = (time.process_time() - begin) / len(x) * 100
    model = routes.fit_means(means, y)
    return {
        "channels": means.shape[1],
        "train_accuracy": float(model.score(means, y)),
        "test_accuracy": float(model.score(_means(cut, x_test, right), y_test)),
        "seconds": seconds,
    }


def _means(model, pictures, preprocess_input):
    """Return the means of a network's maps, (n, channels), batch by batch."""
    batches = [
        model.predict_on_batch(preprocess_input(pictures[start : start + 50].astype(np.float32)))
        for start in range(0, len(pictures), 50)
    ]
    return np.concatenate([maps.mean(axis=(1, 2)) for maps in batches])


def measure_input(setting, seed, work_dir):
    """Give the base another input than its own, and train a head on what it makes of it.

    Args:
        setting: input, a key of `INPUTS`; head, "regression" on standardised means, or "dense", P4's.

    Returns:
        dict: spread, the standard deviation of what the base gets; train_accuracy, test_accuracy.
    """
    conv_base = routes.load_base(_size())
    (x, y), (x_test, y_test) = load_labelled(seed)
    preprocess = common.look_up(INPUTS, setting["input"])(conv_base.preprocess_input)
    given = {"image_size": _size(), "preprocess_input": preprocess}
    maps, test_maps = (
        features.cached_features(conv_base.model, pictures, **given).maps for pictures in (x, x_test)
    )
    spread = {"spread": float(np.std(preprocess(x[:100].astype(np.float32))))}
    if setting["head"] == "regression":
        means, test_means = (one.mean(axis=(1, 2)) for one in (maps, test_maps))
        model = routes.fit_means(means, y)
        scores = [model.score(means, y), model.score(test_means, y_test)]
    else:
        keras.utils.set_random_seed(seed)
        head = heads.build_dense_head(maps.shape[1:])
        common.compile_posted(head, RMSprop(heads.HEAD_RATE[store.profile()]))
        head.fit(maps, y, batch_size=heads.BATCH_SIZE, epochs=heads.HEAD_EPOCHS, verbose=0)
        scores = [head.evaluate(*part, verbose=0)[1] for part in ((maps, y), (test_maps, y_test))]
    return spread | dict(zip(("train_accuracy", "test_accuracy"), map(float, scores), strict=True))


def measure_unasked(setting, seed, work_dir):
    """Ask ImageNet's own classes, with no training at all: is a kind of cat likelier, or a kind of dog?

    Returns:
        dict: val_accuracy, test_accuracy.
    """
    network, preprocess_input = imagenet.load_classifier()
    size = network.input_shape[1:3]
    _, *parts = routes.load_parts(0, size)
    row = {}
    for name, (x, y) in zip(("val", "test"), parts, strict=True):
        said = np.concatenate(
            [
                network.predict_on_batch(preprocess_input(x[start : start + 50].astype(np.float32)))
                for start in range(0, len(x), 50)
            ]
        )
        cats, dogs = said[:, CATS].sum(axis=1), said[:, DOGS].sum(axis=1)
        row[f"{name}_accuracy"] = float(((dogs > cats) == y).mean())
    return row


CATS, DOGS = slice(281, 286), slice(151, 269)  # ImageNet's kinds of house cats and of dogs
