"""Weights of VGG16 and VGG19 without their tops: read, checked, and turned into today's format."""

import os
import re
import shutil
from pathlib import Path

import h5py
import numpy as np

from pixvox.datasets import hdf5, store

LAYERS = {"vgg16": 13, "vgg19": 16}  # convolutions
MOST_WEIGHTS = 30_000_000  # VGG19 has 20 million


def check_file(path: Path) -> str:
    """Check a file called vgg16... or vgg19...; return a description or raise ValueError."""
    path = Path(path)
    with hdf5.reading(path) as file:
        if _is_legacy(file):
            raise ValueError(f"{path}: expected weights as Keras 3 saves them, came an older format.")
        return _check_weights(path, file, path.name[:5])


def arrange(source: Path, target: Path, work: Path) -> None:
    """Make ``<name>_notop.weights.h5`` from a file of weights, the published one or one saved by Keras 3.

    Args:
        source: the file, or a folder that holds it; it is not changed.
        target: the file to write, called vgg16... or vgg19...
        work: a temporary folder.

    Raises:
        ValueError: if the source is no HDF5 file, or has not that network's layers, or holds links.
    """
    name = target.name[:5]
    if source.is_dir():
        names = (target.name, Path(store.dataset(name).original.url).name)
        source = next((source / file for file in names if (source / file).is_file()), source / names[0])
    with hdf5.reading(source) as file:
        _check_weights(source, file, name)
        legacy = _is_legacy(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    if legacy:
        _convert(name, source, target=target, work=work)
    else:
        shutil.copyfile(source, target)


def build_vgg(name: str):
    """Return an untrained keras.applications.VGG16 or VGG19 without its top."""
    import keras

    build = {"vgg16": keras.applications.VGG16, "vgg19": keras.applications.VGG19}[name]
    return build(include_top=False, weights=None)


def _convert(name: str, source: Path, *, target: Path, work: Path) -> None:
    """Load the published weights into the network and save them in today's format."""
    copy = work / "legacy.h5"  # Keras tells the format by the file's name
    shutil.copyfile(source, copy)
    os.environ.setdefault("KERAS_HOME", str(store.ROOT / "build" / "keras"))
    from pixvox import backend

    backend.load_quietly()
    model = build_vgg(name)
    try:
        model.load_weights(copy)
    except (ValueError, KeyError, IndexError) as error:
        reason = str(error).replace(str(copy), str(source))
        raise ValueError(f"{source}: expected the weights of {name} without its top: {reason}.") from error
    model.save_weights(target)


def _is_legacy(file: h5py.File) -> bool:
    """Say whether weights are in the format of Keras 2 and before."""
    return "layer_names" in file.attrs


def _check_weights(path: Path, file: h5py.File, name: str) -> str:
    """Check that the arrays are those of the network, of any width; return a description."""
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
            f"came {len(kernels)} kernels, the first {kernels[:3]}, {len(biases)} biases, {count:,} weights."
        )
    if not all(array.dtype.kind == "f" and np.isfinite(array[:]).all() for array in ordered):
        raise ValueError(f"{path}: expected weights that are finite numbers, came others.")
    return f"{len(kernels)} convolutional layers, {count:,} weights"


def _natural(key: str) -> list[str | int]:
    """Return a key for sorting in which conv2d_10 comes after conv2d_9."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", key)]
