"""The post's fourth model: a dense head on the features that VGG19 has of the clothes, and its controls.

In the sample profile VGG19 is a small one that learnt from drawings of animals and things, not ImageNet's.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from pixvox.datasets import store
from pixvox.datasets.imagenet import load_conv_base
from pixvox_studies import common, features
from pixvox_studies.four_models.networks import FASHION_BATCH_SIZE, split_pictures

HEAD_EPOCHS = 50  # the post's
USED = {
    "sample": (500, 400, 1_000),
    "full": (2_000, 1_000, 2_000),
}  # to fit, validation, test: the first ones
ROUNDS = 1 / 255  # what the post multiplies pictures with before VGG19's own scaling


class Way(NamedTuple):
    """How pictures become features.

    Attributes:
        side: pixels that pictures are enlarged to, each way; 0 for the bare pixels, no base at all.
        factor: what they are multiplied with before the base's own scaling.
        weights: of the base, "trained" or None for random ones.
        averaged: whether every 2 by 2 places of the maps become their mean.
        standardised: whether each feature is brought to mean 0 and standard deviation 1.
    """

    side: int = 150
    factor: float = 1.0
    weights: str | None = "trained"
    averaged: bool = False
    standardised: bool = False


WAYS = {
    "scaled twice": Way(factor=ROUNDS),
    "scaled once": Way(),
    "scaled twice, standardised": Way(factor=ROUNDS, standardised=True),
    "scaled once, standardised": Way(standardised=True),
    "64 pixels": Way(side=64),
    "150 pixels, averaged to 2x2": Way(averaged=True),
    "pixels": Way(side=0),
    "random weights": Way(weights=None),
    "random weights, standardised": Way(weights=None, standardised=True),
}


def measure_borrowed(setting, seed, work_dir):
    """Train the post's head on the features of the first pictures to fit.

    Returns:
        dict: parameters (of the head), feature_spread (the standard deviation of a feature over the pictures
        to fit, the mean over all features), val_accuracy, test_accuracy, test_right.
    """
    way, profile = common.look_up(WAYS, setting["way"]), store.profile()
    pairs = zip(split_pictures(seed), USED[profile], strict=True)
    pictures, labels = zip(*[(x[:count], y[:count]) for (x, y), count in pairs], strict=True)
    maps = compute_maps(way, pictures, seed=seed)
    keras.utils.set_random_seed(seed)
    head = build_head(maps[0].shape[1:])
    common.compile_posted(head, "adam")
    fit, val, test = zip(maps, labels, strict=True)
    head.fit(*fit, batch_size=FASHION_BATCH_SIZE[profile], epochs=HEAD_EPOCHS, verbose=0)
    spread = float(np.mean(np.std(maps[0], axis=0, dtype=float)))
    scores = common.evaluate_parts(head, {"val": val, "test": test})
    return {"parameters": head.count_params(), "feature_spread": spread, **scores}


def compute_maps(way, parts, *, seed):
    """Compute the features of several parts in one way; the first part is the one to fit.

    Args:
        way: a `Way`.
        parts: uint8 pictures (n, 28, 28, 1) each.
        seed: of random weights.

    Returns:
        list of float32 (n, rows, columns, channels).
    """
    maps = _borrow(way, parts, seed=seed) if way.side else [common.scale(part) for part in parts]
    maps = [average_places(part) for part in maps] if way.averaged else maps
    return standardise(maps) if way.standardised else maps


def _borrow(way, parts, *, seed):
    """Return VGG19's maps of several parts, from the disk where an earlier row kept them."""
    size = (way.side, way.side)
    keras.utils.set_random_seed(seed)
    base = load_conv_base("vgg19", image_size=size, weights=way.weights)

    def preprocess(large):
        return base.preprocess_input(large * np.float32(way.factor))

    settings = {"image_size": size, "preprocess_input": preprocess}
    return [features.cached_features(base.model, part, **settings).maps for part in parts]


def average_places(maps):
    """Average maps (n, 2 * rows, 2 * columns, channels) over 2 by 2 places."""
    n, rows, columns, channels = maps.shape
    return maps.reshape(n, rows // 2, 2, columns // 2, 2, channels).mean(axis=(2, 4))


def standardise(parts):
    """Subtract each feature's mean and divide by its standard deviation, both over the first part.

    A feature that is the same for all pictures of the first part is not divided.
    """
    mean, spread = np.mean(parts[0], axis=0, dtype=float), np.std(parts[0], axis=0, dtype=float)
    spread[spread == 0] = 1
    return [((part - mean) / spread).astype(np.float32) for part in parts]


def build_head(shape):
    """Build the post's head on features of a shape (rows, columns, channels): 4,199,946 for (4, 4, 512)."""
    return keras.Sequential(
        [
            layers.Input(shape),
            layers.Flatten(name="flatten"),
            layers.Dense(512, activation="relu", name="hidden"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="vgg_head",
    )
