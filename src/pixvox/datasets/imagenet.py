"""Weights of VGG16 and VGG19 without their tops: read, checked, and turned into today's format."""

import re
from pathlib import Path

import h5py
import numpy as np

from pixvox.datasets import hdf5

LAYERS = {"vgg16": 13, "vgg19": 16}  # convolutions
MOST_WEIGHTS = 30_000_000  # VGG19 has 20 million


def check_file(path: Path) -> str:
    """Check a file called vgg16... or vgg19...; return a description or raise ValueError."""
    path = Path(path)
    with hdf5.reading(path) as file:
        if is_legacy(file):
            raise ValueError(f"{path}: expected weights as Keras 3 saves them, got an older format.")
        return check_weights(path, file, path.name[:5])


def build_vgg(name: str):
    """Return an untrained keras.applications.VGG16 or VGG19 without its top."""
    import keras

    build = {"vgg16": keras.applications.VGG16, "vgg19": keras.applications.VGG19}[name]
    return build(include_top=False, weights=None)


def is_legacy(file: h5py.File) -> bool:
    """Say whether weights are in the format of Keras 2 and before."""
    return "layer_names" in file.attrs


def check_weights(path: Path, file: h5py.File, name: str) -> str:
    """Check that an open file holds the network's weights, of any width, and nothing else; describe them.

    Args:
        path: named in messages.
        file: as `hdf5.reading` gives it.
        name: "vgg16" or "vgg19".

    Raises:
        ValueError: other arrays, shapes or types are in it, or numbers that are not finite.
    """
    arrays = hdf5.arrays_below(path, file)
    ordered = [arrays[key] for key in sorted(arrays, key=_natural)]
    kernels = [array.shape for array in ordered if array.ndim == 4]
    biases = [array.shape for array in ordered if array.ndim == 1]
    depths = [3, *(shape[-1] for shape in kernels)]
    expected = [(3, 3, depth, width) for depth, width in zip(depths[:-1], depths[1:], strict=True)]
    fits = kernels == expected and sorted(biases) == sorted((depth,) for depth in depths[1:])
    count = sum(array.size for array in ordered)
    if not fits or len(kernels) != LAYERS[name] or len(ordered) != 2 * LAYERS[name] or count > MOST_WEIGHTS:
        raise ValueError(
            f"{path}: expected the {LAYERS[name]} convolutional layers of {name} and nothing else, "
            f"got {len(kernels)} kernels, the first {kernels[:3]}, {len(biases)} biases, {count:,} weights."
        )
    if not all(array.dtype.kind == "f" and np.isfinite(array[:]).all() for array in ordered):
        raise ValueError(f"{path}: expected weights that are finite numbers, got others.")
    return f"{len(kernels)} convolutional layers, {count:,} weights"


def _natural(key: str) -> list[str | int]:
    """Return a key for sorting in which conv2d_10 comes after conv2d_9."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", key)]
