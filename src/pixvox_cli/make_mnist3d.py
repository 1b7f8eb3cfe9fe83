"""3D MNIST, made from pictures of digits: the vectors that a lesson trains on, and point clouds.

Three HDF5 files, with the names and contents of the published ones:

    full_dataset_vectors.h5    X_train (2n, 4096), y_train (2n,), X_test, y_test; rows
                               alternate a digit as it stands and a rotated, noisy copy
    train_point_clouds.h5      a group for each digit, "0", "1", ...: points (n, 3),
    test_point_clouds.h5       normals (n, 3), img (30, 30), attribute label

Vectors are stored as float32, half of the published float64: each is a count divided by a
count, which float32 tells apart with room to spare, and networks compute in float32 anyway.

Source: David de la Iglesia Castro, "3D MNIST", https://www.kaggle.com/daavoo/3d-mnist
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
from tqdm import tqdm

from pixvox.datasets import mnist, store
from pixvox.datasets.files import replace_file
from pixvox.datasets.mnist3d import CLOUDS, SPLITS, VECTORS
from pixvox.voxels.recipe import SIZE, cloud_of_digit, voxel_grid
from pixvox_sketch.digits import draw_digits
from pixvox_sketch.turning import rotate_with_noise

PUBLISHED_COUNTS = (5000, 1000)  # digits of the training and the test part: the first ones of MNIST
SAMPLE_COUNTS = (500, 125)
SAMPLE_CLOUDS = (50, 50)
BLOCK = 25  # digits written at once: 50 rows, one chunk of 800 kB
PACKED = {"compression": "gzip", "compression_opts": 4, "shuffle": True}

Part = tuple[np.ndarray, np.ndarray]  # pictures (n, height, width) or (n, height, width, 1), labels (n,)


def make_vectors(
    digits: tuple[Part, Part], path: Path, *, seed: int = 0, counts: tuple[int, int] = PUBLISHED_COUNTS
) -> Path:
    """Make `full_dataset_vectors.h5` from the first digits of each part, showing progress.

    Every digit has a random generator of its own, from (seed, part, index): its
    copy does not depend on which other digits are made.

    Args:
        digits: (x_train, y_train), (x_test, y_test), as `load_mnist` returns them.
        path: the file to write; one that is there is replaced when the new one is whole.
        counts: how many training and test digits to take; twice as many rows come out.

    Returns:
        The path. X_* are float32 (2 * count, 4096), values 0..1; y_* are int64 (2 * count,).

    Raises:
        ValueError: there are too few digits, or an empty picture, or labels that do not fit.
        OSError: the file could not be written, for instance because the disk is full.
    """
    parts = [_first(*args) for args in zip(digits, counts, SPLITS, strict=True)]
    bar = {"total": sum(counts), "desc": "3D MNIST vectors", "unit": "digit"}
    with _new_file(path) as file, tqdm(**bar, disable=None) as progress:
        file.attrs["seed"] = seed
        for split, (images, labels) in enumerate(parts):
            rows = _rows(file, f"X_{SPLITS[split]}", 2 * len(images))
            for start in range(0, len(images), BLOCK):
                block = images[start : start + BLOCK]
                rows[2 * start : 2 * (start + len(block))] = _pairs(block, seed, split, start)
                progress.update(len(block))
            file[f"y_{SPLITS[split]}"] = np.repeat(labels, 2)
    return Path(path)


def _pairs(images: np.ndarray, seed: int, split: int, start: int) -> np.ndarray:
    """Return the rows of some digits, (2n, 4096); the first of them has the index `start`."""
    generators = (np.random.default_rng([seed, split, start + offset]) for offset in range(len(images)))
    return np.concatenate([digit_vectors(image, rng) for image, rng in zip(images, generators, strict=True)])


def digit_vectors(image, rng):
    """Return the two rows that 3D MNIST has for a digit: as it stands, then a rotated, noisy copy.

    They are float64 (2, 4096), values 0..1; reshape(2, 16, 16, 16) is [row][z][y][x]. Raises as
    `cloud_of_digit`.
    """
    points, _ = cloud_of_digit(image)
    return np.stack([voxel_grid(cloud).ravel() for cloud in (points, rotate_with_noise(points, rng))])


def _rows(file: h5py.File, name: str, count: int) -> h5py.Dataset:
    """Add an empty float32 array of `count` vectors to the file."""
    chunks = (min(2 * BLOCK, count), SIZE**3)
    return file.create_dataset(name, (count, SIZE**3), np.float32, chunks=chunks, **PACKED)


def make_clouds(part: Part, path: Path, *, count: int, dtype: type = np.float64) -> Path:
    """Make a file of point clouds from the first digits of a part, showing progress.

    Args:
        part: pictures and labels, as either half of what `load_mnist` returns.
        path, count: as in `make_vectors`.
        dtype: of the numbers stored. Float64, the default, keeps the cloud to the last bit;
            float32 takes a third less room, but points on the edge of two voxels may change sides.

    Returns:
        The path. Its groups "0", "1", ... hold points (n, 3), normals (n, 3), the picture
        with a border of one pixel, values 0..1, as img, and the attribute label, 0..9.

    Raises:
        ValueError, OSError: as `make_vectors`.
    """
    images, labels = _first(part, count, Path(path).stem)
    with _new_file(path) as file:
        for index, image in enumerate(tqdm(images, desc=Path(path).stem, unit="digit", disable=None)):
            group = file.create_group(str(index))
            group.attrs["label"] = labels[index]
            points, normals = cloud_of_digit(image)
            for name, values in (("points", points), ("normals", normals)):
                column = (len(values), 1)  # chunks of one column: a quarter of the size
                group.create_dataset(name, data=values.astype(dtype), chunks=column, **PACKED)
            group.create_dataset("img", data=np.pad(image / 255, 1).astype(dtype), **PACKED)
    return Path(path)


def _first(part: Part, count: int, name: str) -> Part:
    """Return the first pictures (count, height, width) and labels (count,), or say what is wrong."""
    images, labels = np.asarray(part[0]), np.asarray(part[1])
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3 or labels.shape != images.shape[:1] or labels.dtype.kind not in "ui":
        raise ValueError(
            f"{name}: expected pictures (n, height, width) and as many whole-number labels (n,), "
            f"got {images.shape} and {labels.dtype} {labels.shape}."
        )
    if not 1 <= count <= len(images):
        raise ValueError(
            f"{name}: expected a count from 1 to the {len(images)} digits there are, got {count}."
        )
    images, labels = images[:count], labels[:count].astype(np.int64)
    empty = np.flatnonzero(~(images > 0).any(axis=(1, 2)))
    if len(empty):
        raise ValueError(f"{name}: expected a digit in every picture, number {empty[0]} is empty.")
    return images, labels


@contextmanager
def _new_file(path: Path) -> Iterator[h5py.File]:
    """Give an HDF5 file in memory; when it is whole, it replaces `path`.

    HDF5 can crash the interpreter when the disk is full; writing the finished bytes cannot.
    """
    try:
        with replace_file(path) as temporary:
            memory = io.BytesIO()
            with h5py.File(memory, "w") as file:
                yield file
            temporary.write_bytes(memory.getbuffer())
    except OSError as error:
        reason = f"could not write {Path(path).name} ({error.strerror or error})"
        raise OSError(error.errno, reason, str(path)) from error


def make_file(relative: str, target: Path) -> None:
    """Make one of the files of the full profile from its MNIST.

    Raises:
        FileNotFoundError: if MNIST is not there; the message names the command that brings it.
        ValueError, OSError: as `make_vectors`, or if MNIST's file is broken.
    """
    with store.naming_remedy("mnist", "full"):
        digits = mnist.read_mnist(store.locate("mnist", "mnist.npz", profile="full"))
    if relative == VECTORS:
        make_vectors(digits, target, counts=PUBLISHED_COUNTS)
    else:
        part = CLOUDS.index(relative)
        make_clouds(digits[part], target, count=PUBLISHED_COUNTS[part])


def write_voxel_digits(out_dir: Path | str | None = None) -> list[Path]:
    """Write the sample's three 3D MNIST files to a folder (the sample's own); return their paths.

    The vectors are of the first 500 training and 125 test digits (1,000 and 250 rows), the
    point clouds, in float32, of the first 50 of each.

    Source:
        D. de la Iglesia Castro, 3D MNIST, https://www.kaggle.com/daavoo/3d-mnist; digits: UCI Optical
        Recognition of Handwritten Digits (CC BY 4.0), see `pixvox_sketch.digits`.
    """
    drawn = draw_digits()
    digits = (drawn["x_train"], drawn["y_train"]), (drawn["x_test"], drawn["y_test"])
    folder = Path(out_dir or store.data_dir("sample") / "3d-mnist")
    paths = [make_vectors(digits, folder / VECTORS, counts=SAMPLE_COUNTS)]
    for part, name, count in zip(digits, CLOUDS, SAMPLE_CLOUDS, strict=True):
        paths.append(make_clouds(part, folder / name, count=count, dtype=np.float32))
    return paths
