"""Solids: ten kinds of bodies, drawn by program and turned every way, as voxels.

The file has the layout of 3D MNIST's, one row a solid. They are drawn, so there is nothing to fetch:
the sample's serve in both profiles, and `pixvox_sketch.solids` draws as many more as one wants.
"""

from pathlib import Path

import h5py
import numpy as np

from pixvox.datasets import hdf5, store
from pixvox.datasets.mnist3d import VECTORS
from pixvox.voxels.recipe import SIZE

CLASS_NAMES = ("cube", "sphere", "cylinder", "cone", "pyramid", "torus", "ring", "helix", "L", "cross")
MOST_ROWS = 1_000_000


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
    with store.naming_remedy("solids", "sample"):
        return read_solids(path)


def read_solids(path: Path) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Read a file of solids; returns and raises as `load_solids`."""
    with hdf5.reading(path) as file:
        return _read_part(path, file, "train"), _read_part(path, file, "test")


def _read_part(path: Path, file: h5py.File, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Read and check one part: volumes and labels."""
    vectors, labels = hdf5.own(path, file, f"X_{part}"), hdf5.own(path, file, f"y_{part}")
    count = vectors.shape[0] if vectors.ndim else 0
    if not 1 <= count <= MOST_ROWS:
        raise ValueError(f"{path}: expected 1 to {MOST_ROWS:,} rows in X_{part}, got {count:,}.")
    hdf5.expect(path, f"X_{part}", vectors, "f", (count, SIZE**3))
    hdf5.expect(path, f"y_{part}", labels, "ui", (count,))
    volumes, labels = vectors.astype(np.float32)[:], labels[:].astype(np.int64)
    hdf5.expect_range(path, f"X_{part}", volumes, 0, 1)
    hdf5.expect_range(path, f"y_{part}", labels, 0, len(CLASS_NAMES) - 1)
    return volumes.reshape(-1, SIZE, SIZE, SIZE), labels
