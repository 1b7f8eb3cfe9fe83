"""Is this file 3D MNIST? Checks of the HDF5 files, made here or put there by hand.

What is checked is what a loader relies on: keys, shapes, types, values, and that
all data lie in the file itself. HDF5 links, virtual arrays and external storage
can lead to any file of the machine, so they are refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

from pixvox.voxels import SIZE

SPLITS = ("train", "test")
MOST_ROWS = 140_000  # two for every digit of MNIST; a larger file is not one of these
MOST_POINTS = 30 * 30 * 650


def check_vectors(path: Path) -> str:
    """Check a file of voxel vectors, ours or the published one, without holding it in memory.

    Returns:
        A short description.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it is no HDF5 file, is broken off, leads to other files, or its keys,
            shapes, types or values (0..1, labels 0..9, the same for both rows of a digit) are wrong.
    """
    with _reading(path) as file:
        counts = [_check_split(path, file, split) for split in SPLITS]
    return f"{counts[0]:,} training and {counts[1]:,} test vectors of {SIZE}x{SIZE}x{SIZE} voxels"


def _check_split(path: Path, file: h5py.File, split: str) -> int:
    """Check the vectors and labels of one part; return how many rows it has."""
    vectors, labels = _own(path, file, f"X_{split}"), _own(path, file, f"y_{split}")
    count = vectors.shape[0] if vectors.ndim else 0
    _expect(path, f"X_{split}", vectors, "f", (count, SIZE**3))
    _expect(path, f"y_{split}", labels, "ui", (count,))
    if not 2 <= count <= MOST_ROWS or count % 2:
        raise ValueError(f"{path}: expected two rows a digit in X_{split}, came {count} rows.")
    pairs = labels[:].reshape(-1, 2)
    if pairs.min() < 0 or pairs.max() > 9 or (pairs[:, 0] != pairs[:, 1]).any():
        raise ValueError(f"{path}: expected labels 0 to 9, the same for both rows of a digit, in y_{split}.")
    for start in range(0, count, 500):
        _expect_range(path, f"X_{split}", vectors[start : start + 500], 0, 1)
    return count


def check_clouds(path: Path) -> str:
    """Check a file of point clouds, ours or a published one.

    Returns:
        A short description.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it is no HDF5 file, is broken off, leads to other files, or its keys,
            shapes, types or values (points and normals -1..1, labels 0..9) are wrong.
    """
    with _reading(path) as file:
        if not len(file) or set(file) != {str(index) for index in range(len(file))}:
            raise ValueError(f"{path}: expected groups named 0, 1, 2, ..., came {sorted(file)[:5]}.")
        for name in file:
            _check_cloud(path, name, _own(path, file, name, h5py.Group))
        return f"{len(file):,} point clouds"


def _check_cloud(path: Path, name: str, group: h5py.Group) -> None:
    """Check the group of one digit."""
    points, normals, img = (_own(path, group, key) for key in ("points", "normals", "img"))
    count = points.shape[0] if points.ndim else 0
    _expect(path, f"{name}/points", points, "f", (count, 3))
    _expect(path, f"{name}/normals", normals, "fi", (count, 3))
    if not 1 <= count <= MOST_POINTS:
        raise ValueError(f"{path}: expected 1 to {MOST_POINTS} points in {name}, came {count}.")
    if img.ndim != 2 or img.dtype.kind not in "fui":
        raise ValueError(f"{path}: expected {name}/img to be a picture, came {img.dtype} {img.shape}.")
    label = np.asarray(group.attrs.get("label", -1))
    if label.size != 1 or label.dtype.kind not in "ui" or not 0 <= label.item() <= 9:
        raise ValueError(f"{path}: expected the attribute label, 0 to 9, of {name}, came {label}.")
    for key, dataset in (("points", points), ("normals", normals)):
        _expect_range(path, f"{name}/{key}", dataset[:], -1, 1)


@contextmanager
def _reading(path: Path) -> Iterator[h5py.File]:
    """Open an HDF5 file; errors of the format become a ValueError."""
    if not Path(path).is_file():
        raise FileNotFoundError(f"{path}: expected an HDF5 file, it is not there.")
    try:
        with h5py.File(path, "r") as file:
            yield file
    except PermissionError:
        raise
    except (OSError, RuntimeError, KeyError, TypeError) as error:  # all of these come from damaged files
        raise ValueError(
            f"{path}: expected a whole HDF5 file, came another kind, or part of one ({error})."
        ) from error


def _own(path: Path, group: h5py.Group, name: str, kind: type = h5py.Dataset) -> h5py.Dataset | h5py.Group:
    """Return a member of a group whose data lie in this file; links could lead to any other."""
    if name not in group.keys():
        raise ValueError(f"{path}: expected {name} in {group.name}, came {sorted(group)[:8]}.")
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise ValueError(f"{path}: expected {name} to be stored in the file, came a link.")
    member = group[name]
    if not isinstance(member, kind):
        raise ValueError(f"{path}: expected {name} to be a {kind.__name__}, came a {type(member).__name__}.")
    if kind is h5py.Dataset and (member.external or member.is_virtual):
        raise ValueError(f"{path}: expected the data of {name} in the file, they lie in another one.")
    return member


def _expect(path: Path, name: str, dataset: h5py.Dataset, kinds: str, shape: tuple[int, ...]) -> None:
    """Check the type and shape of an array."""
    if dataset.dtype.kind not in kinds or dataset.shape != shape:
        raise ValueError(
            f"{path}: expected {name} as {'floats' if 'f' in kinds else 'whole numbers'} of shape {shape}, "
            f"came {dataset.dtype} of shape {dataset.shape}."
        )


def _expect_range(path: Path, name: str, values: np.ndarray, lowest: float, highest: float) -> None:
    """Check that all values lie between two numbers; NaN does not."""
    if not ((values >= lowest) & (values <= highest)).all():
        raise ValueError(f"{path}: expected values {lowest} to {highest} in {name}, came others.")
