"""Is this file 3D MNIST? Checks of the HDF5 files, made here or put there by hand.

What is checked is what a loader relies on: keys, shapes, types, values, and that all
data lie in the file itself (see `hdf5`).
"""

from pathlib import Path

import h5py
import numpy as np

from pixvox.datasets import hdf5
from pixvox.voxels import SIZE

SPLITS = ("train", "test")
MOST_ROWS = 140_000  # two for every digit of MNIST; a larger file is not one of these
MOST_POINTS = 30 * 30 * 650
LOOKED_AT = 200  # clouds: thousands take a quarter of a minute


def check_vectors(path: Path) -> str:
    """Check a file of voxel vectors, ours or the published one, without holding it in memory.

    Returns:
        A short description.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it is no HDF5 file, is broken off, leads to other files, or its keys,
            shapes, types or values (0..1, labels 0..9, the same for both rows of a digit) are wrong.
    """
    with hdf5.reading(path) as file:
        parts = [vectors_and_labels(path, file, split) for split in SPLITS]
        for split, (vectors, _) in zip(SPLITS, parts, strict=True):
            for start in range(0, len(vectors), 500):
                hdf5.expect_range(path, f"X_{split}", vectors[start : start + 500], 0, 1)
        counts = [len(vectors) for vectors, _ in parts]
    return f"{counts[0]:,} training and {counts[1]:,} test vectors of {SIZE}x{SIZE}x{SIZE} voxels"


def vectors_and_labels(path: Path, file: h5py.File, split: str) -> tuple[h5py.Dataset, np.ndarray]:
    """Return one part's vectors (n, 4096), not read yet, and labels (n,).

    All is checked but the vectors' values.

    Args:
        path: named in messages.
        file: as `hdf5.reading` gives it.
        split: "train" or "test".

    Raises:
        ValueError: as `check_vectors`.
    """
    vectors, labels = hdf5.own(path, file, f"X_{split}"), hdf5.own(path, file, f"y_{split}")
    count = vectors.shape[0] if vectors.ndim else 0
    hdf5.expect(path, f"X_{split}", vectors, "f", (count, SIZE**3))
    hdf5.expect(path, f"y_{split}", labels, "ui", (count,))
    if not 2 <= count <= MOST_ROWS or count % 2:
        raise ValueError(f"{path}: expected two rows a digit in X_{split}, came {count} rows.")
    pairs = labels[:].reshape(-1, 2)
    if pairs.min() < 0 or pairs.max() > 9 or (pairs[:, 0] != pairs[:, 1]).any():
        raise ValueError(f"{path}: expected labels 0 to 9, the same for both rows of a digit, in y_{split}.")
    return vectors, pairs.ravel()


def check_clouds(path: Path) -> str:
    """Check a file of point clouds, ours or a published one: its keys, and some of its clouds.

    Those are evenly spread, `LOOKED_AT` of them or a few more; a loader checks each one that it reads.

    Returns:
        A short description.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it is no HDF5 file, is broken off, leads to other files, or its keys,
            shapes, types or values (points and normals -1..1, labels 0..9) are wrong.
    """
    with hdf5.reading(path) as file:
        if not len(file) or set(file) != {str(index) for index in range(len(file))}:
            raise ValueError(f"{path}: expected groups named 0, 1, 2, ..., came {sorted(file)[:5]}.")
        for index in range(0, len(file), max(1, len(file) // LOOKED_AT)):
            read_cloud(path, file, str(index))
        return f"{len(file):,} point clouds"


def read_cloud(path: Path, file: h5py.File, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Read and check the group of one digit: points (n, 3), normals (n, 3), picture and label."""
    group = hdf5.own(path, file, name, h5py.Group)
    points, normals, img = (hdf5.own(path, group, key) for key in ("points", "normals", "img"))
    count = points.shape[0] if points.ndim else 0
    hdf5.expect(path, f"{name}/points", points, "f", (count, 3))
    hdf5.expect(path, f"{name}/normals", normals, "fi", (count, 3))
    if not 1 <= count <= MOST_POINTS:
        raise ValueError(f"{path}: expected 1 to {MOST_POINTS} points in {name}, came {count}.")
    if img.ndim != 2 or img.dtype.kind not in "fui" or img.size > MOST_POINTS:
        raise ValueError(f"{path}: expected {name}/img to be a picture, came {img.dtype} {img.shape}.")
    label = np.asarray(group.attrs.get("label", -1))
    if label.size != 1 or label.dtype.kind not in "ui" or not 0 <= label.item() <= 9:
        raise ValueError(f"{path}: expected the attribute label, 0 to 9, of {name}, came {label}.")
    points, normals = points[:], normals[:]
    for key, values in (("points", points), ("normals", normals)):
        hdf5.expect_range(path, f"{name}/{key}", values, -1, 1)
    return points, normals, img[:], label.item()
