"""Ten labels and a borrowed base: accuracy by number of labelled pictures, over twenty draws of them.

Features are computed once, the mean of each map; a regression is fitted to those of the labelled pictures.
"""

from functools import cache

import keras
import numpy as np

from pixvox.datasets import imagenet, store
from pixvox.models.transfer import build_small_vgg
from pixvox_studies import common
from pixvox_studies.pets import recipes as pets
from pixvox_studies.transfer import heads, routes

POOL = 800  # drawings of each class that labelled ones are drawn from; of photographs all 1,000
FAR_SIZE = (64, 64)  # of photographs, for a base that learnt from drawings


def measure_labels(setting, seed, work_dir):
    """Fit a regression to the features of a few labelled pictures, and measure it on the test pictures.

    Args:
        setting: base, "borrowed", "random weights" or "drawn", the last a small VGG that learnt from
            drawings, for photographs; pictures, half of them cats, drawn by the seed.

    Returns:
        dict: test_accuracy.
    """
    (means, labels), (test_means, test_labels) = load_means(setting["base"], store.profile())
    chosen = draw_labelled(labels, setting["pictures"], seed)
    model = routes.fit_means(means[chosen], labels[chosen])
    return {"test_accuracy": float(model.score(test_means, test_labels))}


def draw_labelled(labels, count, seed):
    """Return the rows of so many pictures, half of them cats; fewer are among more.

    Raises:
        ValueError: for an odd number, or more than there are.
    """
    rng, kinds = np.random.default_rng(seed), [np.flatnonzero(labels == kind) for kind in (0, 1)]
    if count % 2 or not 2 <= count <= 2 * min(map(len, kinds)):
        raise ValueError(f"expected an even number of pictures, 2 to {len(labels)}, got {count}.")
    return np.concatenate([rng.permutation(rows)[: count // 2] for rows in kinds])


@cache
def load_means(base, profile):
    """Return the means of the maps of the pictures to draw from and of the test's, with their labels."""
    size = FAR_SIZE if base == "drawn" else heads.IMAGE_SIZES[profile]
    conv_base = common.look_up(BASES, base)(size)
    train, _, test = pets.load_parts(0, image_size=size)
    if profile == "sample":
        drawn = common.draw_animals(POOL, pets.FRESH, size)
        train = drawn.pictures, drawn.labels
    return [(routes.compute_maps(conv_base, x).maps.mean(axis=(1, 2)), y) for x, y in (train, test)]


def _load_random(image_size):
    """Return the profile's base with random weights, always the same."""
    keras.utils.set_random_seed(0)
    return routes.load_base(image_size, weights=None)


def _load_drawn(image_size):
    """Return the sample's small VGG, in either profile."""
    model = build_small_vgg("vgg16", input_shape=(*image_size, 3))
    model.load_weights(store.data_dir("sample") / "vgg" / "vgg16_notop.weights.h5")
    return imagenet.Network(model, keras.applications.mobilenet.preprocess_input)


BASES = {"borrowed": routes.load_base, "random weights": _load_random, "drawn": _load_drawn}
