"""3D MNIST: voxel digits, each as it stands and as a rotated, noisy copy, and their point clouds."""

import operator
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from pixvox.datasets import hdf5, store
from pixvox.voxels.recipe import SIZE

VECTORS = "full_dataset_vectors.h5"
CLOUDS = ("train_point_clouds.h5", "test_point_clouds.h5")
SPLITS = ("train", "test")
ALL = slice(None)
MOST_ROWS = 140_000  # two for every digit of MNIST; a larger file is not one of these
MOST_POINTS = 30 * 30 * 650


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
    path = store.locate("3d-mnist", VECTORS)
    with store.naming_remedy("3d-mnist"), hdf5.reading(path) as file:
        return _read_rows(path, file, "train", train_rows), _read_rows(path, file, "test", test_rows)


def load_clouds(indices: Iterable[int]) -> list[Cloud]:
    """Load the point clouds of some digits of the training part.

    Args:
        indices: which; cloud i belongs to row 2 * i of the voxel digits.

    Returns:
        A `Cloud` for each index. Sample: the first 50, stored as float32.

    Raises:
        FileNotFoundError, ValueError: as `load_mnist3d`, or if there is no such cloud.
    """
    indices = _whole(indices)
    path = store.locate("3d-mnist", CLOUDS[0])
    with store.naming_remedy("3d-mnist"), hdf5.reading(path) as file:
        count = len(file)
        wrong = [index for index in indices if not 0 <= index < count]
        if not wrong:
            return [read_cloud(path, file, str(index)) for index in indices]
    raise ValueError(f"{path}: expected indices of clouds, 0 to {count - 1:,}, got {wrong[:3]}.")


def open_rows(path: Path, file: h5py.File, split: str) -> tuple[h5py.Dataset, np.ndarray]:
    """Return one part's vectors (n, 4096), not read yet, and labels (n,), 0 to 9; two rows are a digit.

    Raises:
        ValueError: the keys, shapes, types or labels are wrong. Whoever reads voxels checks their range.
    """
    vectors, labels = hdf5.own(path, file, f"X_{split}"), hdf5.own(path, file, f"y_{split}")
    count = vectors.shape[0] if vectors.ndim else 0
    hdf5.expect(path, f"X_{split}", vectors, "f", (count, SIZE**3))
    hdf5.expect(path, f"y_{split}", labels, "ui", (count,))
    if not 2 <= count <= MOST_ROWS or count % 2:
        raise ValueError(f"{path}: expected two rows a digit in X_{split}, got {count} rows.")
    pairs = labels[:].reshape(-1, 2)
    if pairs.min() < 0 or pairs.max() > 9 or (pairs[:, 0] != pairs[:, 1]).any():
        raise ValueError(f"{path}: expected labels 0 to 9, the same for both rows of a digit, in y_{split}.")
    return vectors, pairs.ravel()


def _read_rows(path: Path, file: h5py.File, split: str, rows: slice) -> tuple[np.ndarray, np.ndarray]:
    """Read and check some rows of one part: volumes and labels."""
    vectors, labels = open_rows(path, file, split)
    read = vectors.astype(np.float32)[rows]
    hdf5.expect_range(path, f"X_{split}", read, 0, 1)
    return read.reshape(-1, SIZE, SIZE, SIZE), labels[rows].astype(np.int64)


def read_cloud(path: Path, file: h5py.File, name: str) -> Cloud:
    """Read the group of one digit, in float64 whatever is stored; ValueError if anything in it is wrong."""
    group = hdf5.own(path, file, name, h5py.Group)
    points, normals, img = (hdf5.own(path, group, key) for key in ("points", "normals", "img"))
    count = points.shape[0] if points.ndim else 0
    hdf5.expect(path, f"{name}/points", points, "f", (count, 3))
    hdf5.expect(path, f"{name}/normals", normals, "fi", (count, 3))
    if not 1 <= count <= MOST_POINTS:
        raise ValueError(f"{path}: expected 1 to {MOST_POINTS} points in {name}, got {count}.")
    if img.ndim != 2 or img.dtype.kind not in "fui" or img.size > MOST_POINTS:
        raise ValueError(f"{path}: expected {name}/img to be a picture, got {img.dtype} {img.shape}.")
    label = np.asarray(group.attrs.get("label", -1))
    if label.size != 1 or label.dtype.kind not in "ui" or not 0 <= label.item() <= 9:
        raise ValueError(f"{path}: expected the attribute label, 0 to 9, of {name}, got {label}.")
    points, normals, img = (array[:].astype(np.float64) for array in (points, normals, img))
    for key, values in (("points", points), ("normals", normals)):
        hdf5.expect_range(path, f"{name}/{key}", values, -1, 1)
    return Cloud(points, normals, img, label.item())


def _check_rows(rows: slice) -> None:
    """Raise ValueError if these are not rows as a slice of whole numbers that goes forwards."""
    with suppress(TypeError, ValueError):  # not whole numbers, or a step of 0
        if isinstance(rows, slice) and rows.indices(1)[2] > 0:
            return
    raise ValueError(f"expected rows as a slice with a step above 0, in whole numbers, got {rows!r}.")


def _whole(indices: Iterable[int]) -> list[int]:
    """Return indices as a list, or say that they are not whole numbers."""
    with suppress(TypeError):
        indices = list(indices)
        if not any(isinstance(index, bool) for index in indices):
            return [operator.index(index) for index in indices]
    raise ValueError(f"expected indices of clouds as whole numbers, such as [0, 1], got {indices!r}.")
