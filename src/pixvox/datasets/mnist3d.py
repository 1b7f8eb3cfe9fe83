"""3D MNIST: voxel digits, each as it stands and as a rotated, noisy copy, and their point clouds."""

import operator
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from pixvox.datasets import check_mnist3d, hdf5, make_mnist3d, mnist, store
from pixvox.voxels import SIZE

FILES = (make_mnist3d.VECTORS, *make_mnist3d.CLOUDS)
ALL = slice(None)


class Cloud(NamedTuple):
    """A digit as points float64 (n, 3) and normals float64 (n, 3), columns x, y, z; its picture; its label.

    The picture, img, is float64 (30, 30), 0 to 1.
    """

    points: np.ndarray
    normals: np.ndarray
    img: np.ndarray
    label: int


def load_mnist3d(
    *, train_rows: slice = ALL, test_rows: slice = ALL
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load voxel digits; of the file, only the rows asked for are read.

    Rows alternate a digit as it stands and its rotated, noisy copy: ``slice(0, None, 2)`` gives
    the originals, ``slice(1, None, 2)`` the copies, ``slice(0, 200)`` the first 100 digits.

    Args:
        train_rows: which rows of the training part; a step, if any, above 0.
        test_rows: which rows of the test part.

    Returns:
        (x_train, y_train), (x_test, y_test): volumes float32 of shape (n, 16, 16, 16), axes
        [row][z][y][x], 0 to 1, no channel axis; labels int64 (n,), 0 to 9.
        Full: 10,000 and 2,000 rows. Sample: 1,000 and 250.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it has the wrong keys, shapes, types or values, leads to other
            files, or the rows are no slice with a step above 0.

    Source:
        After D. de la Iglesia Castro, 3D MNIST, https://www.kaggle.com/daavoo/3d-mnist, made
        from MNIST (CC BY-SA 3.0) or the sample's digits (CC BY 4.0).
    """
    for rows in (train_rows, test_rows):
        _check_rows(rows)
    path = store.locate("3d-mnist", make_mnist3d.VECTORS)
    with store.naming_remedy("3d-mnist"), hdf5.reading(path) as file:
        return _read_rows(path, file, "train", train_rows), _read_rows(path, file, "test", test_rows)


def load_clouds(indices: Iterable[int], *, part: str = "train") -> list[Cloud]:
    """Load the point clouds of some digits.

    Args:
        indices: which; cloud i belongs to row 2 * i of the voxel digits.
        part: "train" or "test".

    Returns:
        A `Cloud` for each index. Sample: the first 50 of each part, stored as float32.

    Raises:
        FileNotFoundError, ValueError: as `load_mnist3d`, or if there is no such cloud or part.
    """
    if part not in check_mnist3d.SPLITS:
        raise ValueError(f"expected part 'train' or 'test', came {part!r}.")
    indices = _whole(indices)
    path = store.locate("3d-mnist", f"{part}_point_clouds.h5")
    with store.naming_remedy("3d-mnist"), hdf5.reading(path) as file:
        count = len(file)
        wrong = [index for index in indices if not 0 <= index < count]
        if not wrong:
            return [_cloud(*check_mnist3d.read_cloud(path, file, str(index))) for index in indices]
    raise ValueError(f"{path}: expected indices of clouds, 0 to {count - 1:,}, came {wrong[:3]}.")


def check(folder: Path) -> str:
    """Check the three files in a folder; return a description or raise ValueError."""
    return "; ".join(check_file(Path(folder) / name) for name in FILES)


def check_file(path: Path) -> str:
    """Check one of the files; return a description or raise ValueError."""
    if Path(path).name == make_mnist3d.VECTORS:
        return check_mnist3d.check_vectors(path)
    return check_mnist3d.check_clouds(path)


def make(relative: str, target: Path) -> None:
    """Make one of the files of the full profile from its MNIST.

    Raises:
        FileNotFoundError: if MNIST is not there; the message names the command that brings it.
        ValueError, OSError: as `make_mnist3d`, or if MNIST's file is broken.
    """
    with store.naming_remedy("mnist", "full"):
        digits = mnist.read_mnist(store.locate("mnist", "mnist.npz", profile="full"))
    if relative == make_mnist3d.VECTORS:
        make_mnist3d.make_vectors(digits, target, counts=make_mnist3d.PUBLISHED_COUNTS)
    else:
        part = make_mnist3d.CLOUDS.index(relative)
        count = make_mnist3d.PUBLISHED_COUNTS[part]
        make_mnist3d.make_clouds(digits[part], target, count=count)


def _check_rows(rows: slice) -> None:
    """Raise ValueError if these are not rows as a slice of whole numbers that goes forwards."""
    try:
        fits = isinstance(rows, slice) and rows.indices(1)[2] > 0
    except (TypeError, ValueError):  # not whole numbers, or a step of 0
        fits = False
    if not fits:
        raise ValueError(f"expected rows as a slice with a step above 0, in whole numbers, came {rows!r}.")


def _whole(indices: Iterable[int]) -> list[int]:
    """Return indices as a list, or say that they are not whole numbers."""
    try:
        indices = list(indices)
        if not any(isinstance(index, bool) for index in indices):
            return [operator.index(index) for index in indices]
    except TypeError:
        pass
    raise ValueError(f"expected indices of clouds as whole numbers, such as [0, 1], came {indices!r}.")


def _read_rows(path: Path, file: h5py.File, split: str, rows: slice) -> tuple[np.ndarray, np.ndarray]:
    """Read and check some rows of one part: volumes and labels."""
    vectors, labels = check_mnist3d.vectors_and_labels(path, file, split)
    read = vectors.astype(np.float32)[rows]
    hdf5.expect_range(path, f"X_{split}", read, 0, 1)
    return read.reshape(-1, SIZE, SIZE, SIZE), labels[rows].astype(np.int64)


def _cloud(points: np.ndarray, normals: np.ndarray, img: np.ndarray, label: int) -> Cloud:
    """Return a cloud in float64, whatever is stored."""
    return Cloud(points.astype(np.float64), normals.astype(np.float64), img.astype(np.float64), label)
