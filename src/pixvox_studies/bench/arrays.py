"""Files to arrays, and arrays to features: what is read or kept against what is done anew."""

from collections.abc import Callable

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.images import load_images
from pixvox.features import compute_features
from pixvox_studies.features import cached_features
from pixvox_studies.transfer.routes import load_base

IMAGE_SIZE = (150, 150)  # P4's
FEATURE_PICTURES, FEATURE_SIZE = 128, (64, 64)
NEAR = 8  # of 255: how far two ways to make pictures smaller may be apart, on average


def against_directory(cache: str) -> tuple[Callable, Callable]:
    """Return two functions that read the folder of cats and dogs as an array: `load_images`, Keras's.

    Args:
        cache: the name under which `load_images` keeps the array; "" has it decode anew at each call.

    Raises:
        ValueError: if the two give other pictures, on average `NEAR` or more of 255 apart.
    """
    folder = store.locate_folder("dogs-vs-cats", "train", profile="sample")
    paths = sorted(folder.iterdir())

    def ours():
        return load_images(paths, image_size=IMAGE_SIZE, cache=cache)[0]

    def rival():
        options = {"labels": None, "image_size": IMAGE_SIZE, "shuffle": False, "verbose": False}
        batches = keras.utils.image_dataset_from_directory(str(folder), **options)
        return np.concatenate([keras.ops.convert_to_numpy(batch) for batch in batches])

    apart = np.abs(ours() - rival()).mean()
    if not apart < NEAR:
        raise ValueError(f"expected two ways to read {folder} to agree, got {apart:.1f} of 255 apart.")
    return ours, rival


def against_computing() -> tuple[Callable, Callable]:
    """Return two functions that give the features of pictures: kept ones, fresh ones.

    Raises:
        ValueError: if they are not equal.
    """
    base, shape = load_base(FEATURE_SIZE), (FEATURE_PICTURES, *FEATURE_SIZE, 3)
    pictures = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    given = {"image_size": FEATURE_SIZE, "preprocess_input": base.preprocess_input}

    def ours():
        return cached_features(base.model, pictures, **given).maps

    def rival():
        return compute_features(base.model, pictures, **given)

    ours()
    return check_equal(ours, rival)


def check_equal(ours: Callable, rival: Callable) -> tuple[Callable, Callable]:
    """Return two functions of no arguments if they return equal arrays (to 1e-6), else raise ValueError."""
    try:
        np.testing.assert_allclose(ours(), rival(), atol=1e-6)
    except AssertionError as error:
        raise ValueError(f"expected two ways to compute the same, got others: {error}") from error
    return ours, rival
