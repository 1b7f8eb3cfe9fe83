"""Pictures of clothes in the idx format: Fashion-MNIST."""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from pixvox.datasets import store

FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
CLASS_NAMES = tuple("T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot".split(","))
IMAGE_SIZE = (28, 28)
MOST_PICTURES = 1_000_000  # a header that promises more is not read further
_UBYTE = 8  # idx code of the data type


def load_fashion_mnist() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load the pictures of clothes of the profile in force.

    Returns:
        (x_train, y_train), (x_test, y_test): pictures uint8 of shape
        (n, 28, 28, 1), 0 (nothing) to 255; labels int64 of shape (n,), indices into
        `CLASS_NAMES`. Full: 60,000 and 10,000.

    Raises:
        FileNotFoundError: if a file is not there.
        ValueError: if a file is no idx file of the right type, size and values.

    Source:
        H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, arXiv:1708.07747 (MIT).
    """
    paths = {key: store.locate("fashion-mnist", relative) for key, relative in FILES.items()}
    with store.naming_remedy("fashion-mnist"):
        arrays = read_all(paths)
    x_train, y_train, x_test, y_test = arrays.values()
    return (x_train[..., None], y_train.astype("int64")), (x_test[..., None], y_test.astype("int64"))


def read_all(paths: dict[str, Path]) -> dict[str, np.ndarray]:
    """Read the four files, by the keys of `FILES`, as `read_file`; ValueError if labels are not as many."""
    arrays = {key: read_file(path) for key, path in paths.items()}
    for part in ("train", "test"):
        pictures, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if len(pictures) != len(labels):
            raise ValueError(
                f"{paths[f'y_{part}']}: expected a label for each of the {len(pictures):,} pictures of "
                f"{paths[f'x_{part}'].name}, got {len(labels):,}."
            )
    return arrays


def read_file(path: Path) -> np.ndarray:
    """Read a file, named as published: pictures uint8 (n, 28, 28) or labels uint8 (n,), 0 to 9.

    Raises:
        OSError: it is not there, or cannot be read now.
        ValueError: it is no whole gzipped idx file of the right type, size and values.
    """
    array = _read_idx(path, 3 if "images" in path.name else 1)
    if array.ndim == 3 and array.shape[1:] != IMAGE_SIZE:
        raise ValueError(f"{path}: expected pictures of 28x28, got {array.shape[1]}x{array.shape[2]}.")
    if array.ndim == 1 and array.max() >= len(CLASS_NAMES):
        raise ValueError(f"{path}: expected labels 0 to 9, got {array.min()} to {array.max()}.")
    return array


def _read_idx(path: Path, ndim: int) -> np.ndarray:
    """Read a gzipped idx file of unsigned bytes with `ndim` axes."""
    expected = f"{path}: expected a gzipped idx file of unsigned bytes with {ndim} axes"
    try:
        with gzip.open(path) as file:
            zeros, kind, axes, *shape = struct.unpack(f">HBB{ndim}I", file.read(4 + 4 * ndim))
            if (zeros, kind, axes) != (0, _UBYTE, ndim) or not 0 < math.prod(shape) <= MOST_PICTURES * 784:
                raise ValueError(f"type {kind} with {axes} axes, shape {tuple(shape)}")
            data = file.read(math.prod(shape))
            rest = file.read(1)  # to the very end: gzip compares its checksum there
    except (gzip.BadGzipFile, EOFError, zlib.error, struct.error, ValueError) as error:
        raise ValueError(f"{expected}, got: {error}. If it is unzipped, pack it with `gzip`.") from error
    if len(data) != math.prod(shape) or rest:
        got = "more" if rest else f"{len(data):,}"
        raise ValueError(f"{expected} and {math.prod(shape):,} values, got {got}.")
    return np.frombuffer(data, np.uint8).reshape(shape)
