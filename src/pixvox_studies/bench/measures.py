"""The list of what `pixvox bench` times by the clock on the wall: what it is called, and its two arms."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from pixvox_studies.bench import arrays, augmentation, volumes


class Measure(NamedTuple):
    """A comparison.

    Attributes:
        group: what it is a part of.
        what: what both arms do.
        ours, rival: what the arms are called.
        arms: a function that prepares, and returns the two arms, functions of no arguments.
        repeats: rounds that count.
    """

    group: str
    what: str
    ours: str
    rival: str
    arms: Callable[[], tuple[Callable, Callable]]
    repeats: int = 5


def _affine(pictures: augmentation.Pictures, rival: str, arms: Callable) -> Measure:
    """Return the measure of `RandomAffine` against a rival."""
    return Measure("changed pictures", pictures.text(), "RandomAffine", rival, partial(arms, pictures))


KERAS, DIRECTORY, FOLDER = "layers of Keras in a row", "image_dataset_from_directory", "a folder of 800 JPEGs"
GENERATOR = "ImageDataGenerator of old"
MEASURES = (
    _affine(augmentation.SMALL, f"four {KERAS}", augmentation.against_layers),
    _affine(augmentation.SMALL, GENERATOR, augmentation.against_generator),
    _affine(augmentation.LARGE, f"five {KERAS}", augmentation.against_layers),
    _affine(augmentation.LARGE, GENERATOR, augmentation.against_generator),
    Measure("read", FOLDER, "load_images, decoding", DIRECTORY, partial(arrays.against_directory, "")),
    Measure("read", FOLDER, "load_images, kept", DIRECTORY, partial(arrays.against_directory, "bench")),
    Measure(
        *("features", f"{arrays.FEATURE_PICTURES} pictures, the sample's VGG16"),
        *("cached_features, kept", "compute_features", arrays.against_computing),
    ),
    Measure(
        *("voxels", f"{volumes.CLOUDS} clouds to volumes", "voxel_grid"),
        *("a loop over points", volumes.against_loop),
    ),
    Measure(
        *("voxels", f"{volumes.COLOURED} volumes coloured", "look-up"),
        *("P0's loop over volumes", volumes.against_posted),
    ),
)
