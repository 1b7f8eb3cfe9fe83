"""Pictures of clothes in the idx format, or in that of Kaggle's CSV files: Fashion-MNIST."""

import csv
import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from pixvox.datasets import store

FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
CSV_COLUMNS = ["label", *(f"pixel{number}" for number in range(1, 785))]
CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
IMAGE_SIZE = (28, 28)
MOST_PICTURES = 1_000_000  # a header that promises more is not read further
_UBYTE = 8  # idx code of the data type
_BYTES = {str(value): value for value in range(256)}


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
        arrays = _read_all(paths)
    x_train, y_train, x_test, y_test = arrays.values()
    return (x_train[..., None], y_train.astype("int64")), (x_test[..., None], y_test.astype("int64"))


def read_csv(path: Path | str) -> tuple[np.ndarray, np.ndarray]:
    """Read a CSV file of Fashion-MNIST: label,pixel1,...,pixel784, then a line for each picture.

    Returns:
        Pictures and labels, as `load_fashion_mnist` gives them for one part.

    Raises:
        FileNotFoundError: if it is not there.
        ValueError: if it has other names or values; the message says in which line.

    Source:
        https://www.kaggle.com/datasets/zalando-research/fashionmnist
    """
    values = bytearray()
    with open(path, newline="", encoding="utf-8-sig") as file:
        lines = csv.reader(iter(partial(file.readline, 20_000), ""))  # longer lines are cut, and refused
        try:
            for line in _parsed(lines):
                values += line
                if len(values) > MOST_PICTURES * 785:
                    raise ValueError(f"more than {MOST_PICTURES:,} pictures")
            if not values:
                raise ValueError("the end, and no picture")
        except (csv.Error, ValueError, KeyError) as error:
            expected = "label,pixel1,...,pixel784, then lines of a label 0 to 9 and 784 pixels 0 to 255"
            raise ValueError(
                f"{path}: expected {expected}, got in line {lines.line_num}: {str(error)[:80]}."
            ) from error
    table = np.frombuffer(values, np.uint8).reshape(-1, 785)
    return table[:, 1:].reshape(-1, *IMAGE_SIZE, 1), table[:, 0].astype("int64")


def _parsed(lines: Iterator[list[str]]) -> Iterator[bytes]:
    """Check the names in the first line, and yield the other lines as bytes; KeyError for what is none."""
    names = next(lines, [])
    if names != CSV_COLUMNS:
        others = [name[:40] for name in names if name not in CSV_COLUMNS]
        raise ValueError(f"{len(names):,} names, {len(others):,} of them others, {others[:1]}")
    for fields in filter(None, lines):
        if len(fields) != 785:
            raise ValueError(f"{len(fields):,} values")
        values = bytes(map(_BYTES.__getitem__, fields))
        if values[0] >= len(CLASS_NAMES):
            raise ValueError(f"label {values[0]}")
        yield values


def pack_idx(array: np.ndarray) -> bytes:
    """Return a uint8 array as the bytes of a gzipped idx file, the same whenever they are made."""
    header = struct.pack(f">HBB{array.ndim}I", 0, _UBYTE, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), compresslevel=9, mtime=0)


def check(folder: Path) -> str:
    """Check the data set in a folder; return a description or raise ValueError."""
    arrays = _read_all({key: Path(folder) / relative for key, relative in FILES.items()})
    return f"{len(arrays['x_train']):,} training and {len(arrays['x_test']):,} test pictures of 28x28"


def check_file(path: Path) -> str:
    """Check one file of the data set, named as published; return a description or raise ValueError."""
    array = _read_file(Path(path))
    return f"{len(array):,} labels" if array.ndim == 1 else f"{len(array):,} pictures of 28x28"


def _read_all(paths: dict[str, Path]) -> dict[str, np.ndarray]:
    """Read the four files, and check that pictures and labels are as many."""
    arrays = {key: _read_file(path) for key, path in paths.items()}
    for part in ("train", "test"):
        pictures, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if len(pictures) != len(labels):
            raise ValueError(
                f"{paths[f'y_{part}']}: expected a label for each of the {len(pictures):,} pictures of "
                f"{paths[f'x_{part}'].name}, got {len(labels):,}."
            )
    return arrays


def _read_file(path: Path) -> np.ndarray:
    """Read a gzipped idx file of pictures or labels, as its name says, and check it."""
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
        raise ValueError(f"{expected}, got: {error}.") from error
    if len(data) != math.prod(shape) or rest:
        got = "more" if rest else f"{len(data):,}"
        raise ValueError(f"{expected} and {math.prod(shape):,} values, got {got}.")
    return np.frombuffer(data, np.uint8).reshape(shape)
