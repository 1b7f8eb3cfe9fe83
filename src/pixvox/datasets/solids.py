"""Solids: ten kinds of bodies, drawn by program and turned every way, as voxels and as points.

The files have the layout of 3D MNIST's, one row a solid. They are drawn, so there is nothing to fetch:
the sample's serve in both profiles, and `pixvox_sketch.solids` draws as many more as one wants.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from pixvox.datasets import hdf5, store
from pixvox.datasets.mnist3d import CLOUDS, VECTORS
from pixvox.voxels.recipe import SIZE

CLASS_NAMES = ("cube", "sphere", "cylinder", "cone", "pyramid", "torus", "ring", "helix", "L", "cross")
FILES = (VECTORS, *CLOUDS)
SPLITS = ("train", "test")
MOST_ROWS = 1_000_000
MOST_POINTS = 1_000_000


class SolidCloud(NamedTuple):
    """A solid as points float64 (n, 3), columns x, y, z, and its label, a place in `CLASS_NAMES`."""

    points: np.ndarray
    label: int


def load_solids() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load the drawn solids: those of the sample, in both profiles.

    Returns:
        (x_train, y_train), (x_test, y_test): volumes float32 of shape (n, 16, 16, 16), axes
        [row][z][y][x], 0 to 1, no channel axis; labels int64 (n,), places in `CLASS_NAMES`,
        which take turns.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it has the wrong keys, shapes, types or values, or leads to other files.
    """
    path = store.locate("solids", VECTORS, profile="sample")
    with store.naming_remedy("solids", "sample"), hdf5.reading(path) as file:
        return _read_part(path, file, "train"), _read_part(path, file, "test")


def load_solid_clouds(indices: Iterable[int], *, part: str = "train") -> list[SolidCloud]:
    """Load the point clouds of some of the drawn solids.

    Args:
        indices: which, as whole numbers; cloud i belongs to row i of the volumes.
        part: "train" or "test".

    Returns:
        A `SolidCloud` for each index. They are there for the first solids of each part only, and are
        thinned out: to look at, not to count.

    Raises:
        FileNotFoundError, ValueError: as `load_solids`, or if there is no such cloud or part.
    """
    if part not in SPLITS:
        raise ValueError(f"expected part 'train' or 'test', came {part!r}.")
    indices = list(indices)
    path = store.locate("solids", f"{part}_point_clouds.h5", profile="sample")
    with store.naming_remedy("solids", "sample"), hdf5.reading(path) as file:
        count = len(file)
        wrong = [index for index in indices if index not in range(count)]
        if not wrong:
            return [_read_cloud(path, file, str(int(index))) for index in indices]
    raise ValueError(f"{path}: expected indices of clouds, 0 to {count - 1}, came {wrong[:3]}.")


def check(folder: Path) -> str:
    """Check the three files in a folder; return a description or raise ValueError."""
    return "; ".join(check_file(Path(folder) / name) for name in FILES)


def check_file(path: Path) -> str:
    """Check one of the files; return a description or raise ValueError."""
    path = Path(path)
    with hdf5.reading(path) as file:
        if path.name == VECTORS:
            train, test = (len(_read_part(path, file, split)[1]) for split in SPLITS)
            return f"{train:,} training and {test:,} test solids of {SIZE}x{SIZE}x{SIZE} voxels"
        if not len(file) or set(file) != {str(index) for index in range(len(file))}:
            raise ValueError(f"{path}: expected groups named 0, 1, 2, ..., came {sorted(file)[:5]}.")
        for name in file:
            _read_cloud(path, file, name)
        return f"{len(file):,} point clouds"


def _read_part(path: Path, file: h5py.File, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Read and check one part: volumes and labels."""
    vectors, labels = hdf5.own(path, file, f"X_{split}"), hdf5.own(path, file, f"y_{split}")
    count = vectors.shape[0] if vectors.ndim else 0
    if not 1 <= count <= MOST_ROWS:
        raise ValueError(f"{path}: expected 1 to {MOST_ROWS:,} rows in X_{split}, came {count:,}.")
    hdf5.expect(path, f"X_{split}", vectors, "f", (count, SIZE**3))
    hdf5.expect(path, f"y_{split}", labels, "ui", (count,))
    volumes, labels = vectors.astype(np.float32)[:], labels[:].astype(np.int64)
    hdf5.expect_range(path, f"X_{split}", volumes, 0, 1)
    hdf5.expect_range(path, f"y_{split}", labels, 0, len(CLASS_NAMES) - 1)
    return volumes.reshape(-1, SIZE, SIZE, SIZE), labels


def _read_cloud(path: Path, file: h5py.File, name: str) -> SolidCloud:
    """Read and check the group of one solid."""
    group = hdf5.own(path, file, name, h5py.Group)
    points = hdf5.own(path, group, "points")
    count = points.shape[0] if points.ndim else 0
    hdf5.expect(path, f"{name}/points", points, "f", (count, 3))
    if not 1 <= count <= MOST_POINTS:
        raise ValueError(f"{path}: expected 1 to {MOST_POINTS:,} points in {name}, came {count:,}.")
    label = np.asarray(group.attrs.get("label", -1))
    if label.size != 1 or label.dtype.kind not in "ui" or not 0 <= label.item() < len(CLASS_NAMES):
        raise ValueError(f"{path}: expected the attribute label, 0 to 9, of {name}, came {label}.")
    values = points.astype(np.float64)[:]
    hdf5.expect_range(path, f"{name}/points", values, -2, 2)
    return SolidCloud(values, label.item())
