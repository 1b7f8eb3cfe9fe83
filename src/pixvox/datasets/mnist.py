"""Handwritten digits in the keras layout: MNIST itself, or the sample's enlarged small digits."""

import io
import math
import tokenize
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np

from pixvox.datasets import store

KEYS = ("x_train", "y_train", "x_test", "y_test")
IMAGE_SIZE = (28, 28)
NUM_CLASSES = 10
BROKEN = (zipfile.BadZipFile, zlib.error, tokenize.TokenError)  # tokenize: a header that is no Python
MOST_BYTES = 200 * 10**6  # unpacked; MNIST has 55 million, and a small zip can promise what fills the memory


def load_mnist() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load the handwritten digits of the profile in force.

    Returns:
        (x_train, y_train), (x_test, y_test): pictures uint8 of shape
        (n, 28, 28, 1), 0 (paper) to 255 (ink); labels int64 of shape (n,), 0 to 9.
        Full: 60,000 and 10,000. Sample: 1,437 and 360.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it has the wrong keys, shapes, types or values.

    Source:
        The MNIST database of handwritten digits (LeCun, Cortes, Burges; CC BY-SA 3.0).
        Sample: UCI Optical Recognition of Handwritten Digits (CC BY 4.0), see `data/README.md`.
    """
    with store.naming_remedy("mnist"):
        return read_mnist(store.locate("mnist", "mnist.npz"))


def read_mnist(path: Path) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Read a file of digits; returns and raises as `load_mnist`."""
    with open(path, "rb") as file:  # first of all: zipfile takes a disk that fails for a broken file
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"{path}: expected an npz file of at most {MOST_BYTES:,} bytes, got a larger file.")
    try:
        with warnings.catch_warnings(action="ignore"):  # numpy asks to save files from Python 2 again
            _check_sizes(content)
            with np.load(io.BytesIO(content), allow_pickle=False) as archive:
                arrays = {key: np.asarray(archive[f"{key}.npy"]) for key in KEYS}
    except (ValueError, EOFError, RuntimeError, SyntaxError, *BROKEN) as error:
        expected = f"{path}: expected an npz file with the arrays {', '.join(KEYS)}"
        raise ValueError(f"{expected}, got: {error}.") from error
    for part in ("train", "test"):
        _check_part(path, part, arrays[f"x_{part}"], arrays[f"y_{part}"])
    x_train, y_train, x_test, y_test = arrays.values()
    return (x_train[..., None], y_train.astype("int64")), (x_test[..., None], y_test.astype("int64"))


def _check_sizes(content: bytes) -> None:
    """Look at what the zip and the headers of its arrays promise, before anything is unpacked."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise ValueError("another kind of file, or part of one")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        if not {f"{key}.npy" for key in KEYS} <= set(sizes):
            names = ", ".join(sorted(name.removesuffix(".npy") for name in sizes))
            raise ValueError(repr(names[:200])[1:-1] or "an empty one")
        promised = [sum(sizes.values()), *(_promised_bytes(archive, f"{key}.npy") for key in KEYS)]
    if max(promised) > MOST_BYTES:
        raise ValueError(f"{max(promised):,} bytes unpacked, more than is believable")


def _promised_bytes(archive: zipfile.ZipFile, name: str) -> int:
    """Return how many bytes the header of an array promises; numpy sets aside as much memory."""
    with archive.open(name) as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError(f"{name} in another format than np.savez writes")
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    return math.prod(shape) * dtype.itemsize


def _check_part(path: Path, part: str, pictures: np.ndarray, labels: np.ndarray) -> None:
    """Check shapes, types and values of the pictures and labels of one part."""
    if pictures.dtype != np.uint8 or pictures.shape[1:] != IMAGE_SIZE or len(pictures) == 0:
        raise ValueError(
            f"{path}: expected x_{part} as uint8 of shape (n, 28, 28), "
            f"got {pictures.dtype} of shape {pictures.shape}."
        )
    if labels.dtype.kind not in "ui" or labels.shape != (len(pictures),):
        raise ValueError(
            f"{path}: expected y_{part} as integers of shape ({len(pictures)},), "
            f"got {labels.dtype} of shape {labels.shape}."
        )
    if labels.min() < 0 or labels.max() >= NUM_CLASSES:
        raise ValueError(f"{path}: expected labels 0 to 9 in y_{part}, got {labels.min()} to {labels.max()}.")
