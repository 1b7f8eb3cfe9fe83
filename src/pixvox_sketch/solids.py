"""Drawn solids: ten kinds of bodies, turned every way and measured badly, as points and as voxels.

A second task for networks that see in three dimensions. Solids have no front: every rotation is as likely
as any other. Points become voxels as those of 3D MNIST's rotated digits do, see `pixvox.voxels.recipe`.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.datasets.mnist3d import CLOUDS, VECTORS
from pixvox.datasets.solids import CLASS_NAMES, SPLITS, SolidCloud
from pixvox.voxels import recipe as voxels
from pixvox_sketch.engine import sheets
from pixvox_sketch.engine.bulk import check_numbers, draw_many
from pixvox_sketch.surfaces import SOLIDS, draw_proportions


def write_vectors(path: Path, parts: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Write `full_dataset_vectors.h5`.

    Args:
        path: the file; one that is there is replaced when the new one is whole.
        parts: by "train" and "test", vectors (n, 4096) of 0 to 1, stored as float16, and labels (n,).
    """
    with _new_file(path) as file:
        for split in SPLITS:
            vectors, labels = parts[split]
            chunks = (1, vectors.shape[1])  # a row packs best by itself: its values are few
            settings = {"chunks": chunks, "compression": "gzip", "compression_opts": 9}
            file.create_dataset(f"X_{split}", data=np.asarray(vectors, np.float16), **settings)
            file[f"y_{split}"] = np.asarray(labels, np.int64)


def write_clouds(path: Path, clouds: list[SolidCloud]) -> None:
    """Write a file of point clouds: groups "0", "1", ... with points, stored as float16, and a label."""
    with _new_file(path) as file:
        for index, (points, label) in enumerate(clouds):
            group = file.create_group(str(index))
            group.attrs["label"] = label
            group["points"] = np.asarray(points, np.float16)


@contextmanager
def _new_file(path: Path) -> Iterator[h5py.File]:
    """Give an HDF5 file in memory; when it is whole, it replaces `path`.

    HDF5 itself can crash the interpreter when the disk is full.
    """
    memory = io.BytesIO()
    with h5py.File(memory, "w", libver="latest") as file:  # the newer layout takes less room
        yield file
    with replace_file(path) as temporary:
        temporary.write_bytes(memory.getbuffer())


STREAM = 11  # of random numbers; another for every family of drawings
POINTS = (13_000, 25_000)  # a solid, least and most: those of the sample's digits
NOISE = (0.05, 0.2)  # least and most; a rotated digit has 0.25
SAMPLE_SEED = 0  # of the committed sample: draw fresh solids with another
SAMPLE_COUNT = 72  # of each class; the last quarter is for testing
SAMPLE_CLOUDS = 50  # of each part whose points are kept
KEPT_POINTS = 500  # of each of them: enough to look at
SIDE = 128  # pixels of a picture on the contact sheet
PAPER, NEAR, FAR = 250, 30, 190  # grey levels


class Task(NamedTuple):
    """One solid to draw: its random numbers come from seed and index, and so does its class.

    Of its points, `kept` are returned.
    """

    seed: int
    index: int
    kept: int = 0


class Solids(NamedTuple):
    """Drawn solids.

    Attributes:
        vectors: float32 (n, 4096), values 0 to 1; reshape(n, 16, 16, 16) is [row][z][y][x].
        labels: int64 (n,), places in `CLASS_NAMES`, in turn.
        clouds: the points of the first ones, float32 (points, 3) each, columns x, y, z.
    """

    vectors: np.ndarray
    labels: np.ndarray
    clouds: list[np.ndarray]


def draw_solids(
    count: int, *, seed: int, clouds: int = 0, processes: int | None = 1, label: str = ""
) -> Solids:
    """Draw fresh solids of the sample's kind.

    A solid depends on `seed` and its number only: the first of a larger set are those of a smaller one.

    Args:
        count: how many of each class.
        seed: a whole number from 0; `SAMPLE_SEED` gives the sample's own.
        clouds: of how many solids to keep all points; 240 kB each.
        processes: how many draw at once; None means one for each processor core.
        label: shown beside a progress bar; "" shows none.

    Raises:
        ValueError: if the count is no whole number above 0, or seed or clouds are negative.
    """
    check_numbers(count, seed)
    if not isinstance(clouds, (int, np.integer)) or clouds < 0:
        raise ValueError(f"expected clouds as a whole number from 0, came {clouds!r}.")
    total = len(CLASS_NAMES) * count
    tasks = [Task(seed, index, POINTS[1] if index < clouds else 0) for index in range(total)]
    drawn = draw_many(draw_task, tasks, processes=processes, label=label)
    vectors = np.stack([vector for vector, _ in drawn])
    labels = np.arange(total, dtype=np.int64) % len(CLASS_NAMES)
    return Solids(vectors, labels, [cloud for _, cloud in drawn[:clouds]])


def draw_task(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Draw one solid; return its vector, float32 (4096,), and points, float32 (n, 3), n at most `kept`."""
    rng = np.random.default_rng([task.seed, STREAM, task.index])
    points = draw_cloud(CLASS_NAMES[task.index % len(CLASS_NAMES)], rng)
    vector = voxels.voxel_grid(points).ravel().astype(np.float32)
    return vector, points[: task.kept].astype(np.float32)  # points come in no order: any will do


def draw_cloud(name: str, rng: np.random.Generator) -> np.ndarray:
    """Draw the points of one solid: its proportions, its surface, a rotation, noise.

    Args:
        name: one of `CLASS_NAMES`.
        rng: all is drawn from it.

    Returns:
        float64 (n, 3), 13,000 to 25,000 points in no order. Before it is turned, the longest side is 1;
        before noise, the mean is 0.

    Raises:
        ValueError: for another name.
    """
    if name not in SOLIDS:
        raise ValueError(f"expected one of {', '.join(CLASS_NAMES)}, came {name!r}.")
    proportions = draw_proportions(name, rng)
    count = int(rng.integers(*POINTS, endpoint=True))
    points = voxels.rescale(SOLIDS[name].cover(rng, count, **proportions))
    return voxels.add_noise(points @ random_rotation(rng), rng, noise=rng.uniform(*NOISE))


def random_rotation(rng: np.random.Generator) -> np.ndarray:
    """Draw a rotation, any as likely as any other: float64 (3, 3), orthogonal, determinant 1.

    Three angles drawn evenly would not do that: they crowd the poles. A direction in four dimensions,
    read as a quaternion, does.

    Source: K. Shoemake, "Uniform random rotations", Graphics Gems III, 1992.
    """
    quaternion = rng.normal(size=4)
    w, x, y, z = quaternion / np.linalg.norm(quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def write_solids(
    out_dir: Path | str | None = None,
    *,
    seed: int = SAMPLE_SEED,
    count: int = SAMPLE_COUNT,
    processes: int | None = None,
) -> Path:
    """Write solids in 3D MNIST's layout: full_dataset_vectors.h5 and {train,test}_point_clouds.h5.

    Vectors are float16, which tells counts divided by counts apart to one part in 2,000. Of the first 50
    solids of each part, 500 points are kept, float16 too: the points of a random surface hardly pack.

    Args:
        out_dir: the folder to write to; by default the sample's own.
        seed: a whole number from 0.
        count: solids of each class, 4 or more; the last quarter of them are the test part.
        processes: how many draw at once; None means one for each processor core.

    Returns:
        the folder.

    Raises:
        ValueError: if count or seed make no sense.
        OSError: if a file could not be written.
    """
    check_numbers(count, seed, least=4)
    folder = Path(out_dir or store.data_dir("sample") / "solids")
    total = len(CLASS_NAMES) * count
    split = total - len(CLASS_NAMES) * (count // 4)
    parts = {"train": range(split), "test": range(split, total)}
    tasks = [
        Task(seed, row, KEPT_POINTS if place < SAMPLE_CLOUDS else 0)
        for rows in parts.values()
        for place, row in enumerate(rows)
    ]
    drawn = draw_many(draw_task, tasks, processes=processes, label="drawing solids")
    write_vectors(
        folder / VECTORS,
        {
            part: (np.stack([drawn[row][0] for row in rows]), np.array(rows) % len(CLASS_NAMES))
            for part, rows in parts.items()
        },
    )
    for name, rows in zip(CLOUDS, parts.values(), strict=True):
        kept = rows[:SAMPLE_CLOUDS]
        write_clouds(folder / name, [SolidCloud(drawn[row][1], row % len(CLASS_NAMES)) for row in kept])
    return folder


def sheet_solids(
    out_dir: Path | str | None = None, *, seed: int = SAMPLE_SEED, count: int = 6, size: int = SIDE
) -> Path:
    """Write solids-sheet.png, a contact sheet with a column for each class; return its path.

    Args:
        out_dir: the folder to write to; by default build/sketch.
        seed: a whole number from 0.
        count: solids of each class.
        size: pixels a side of each picture, 16 or more.

    Raises:
        ValueError: if seed, count or size make no sense.
    """
    check_numbers(count, seed)
    tasks = [Task(seed, index, POINTS[1]) for index in range(len(CLASS_NAMES) * count)]
    drawn = draw_many(draw_task, tasks, processes=None, label="drawing solids")
    views = [view_cloud(cloud, size=size) for _, cloud in drawn]
    return sheets.write_sheet("solids", views, out_dir=out_dir, cell=size)


def view_cloud(points: np.ndarray, *, size: int = SIDE) -> np.ndarray:
    """Return a cloud as seen along the axis x, near points dark and far ones light.

    Args:
        points: (n, 3), columns x (depth, larger is nearer), y (to the right), z (upwards).
        size: pixels a side; an odd one is made even.

    Returns:
        uint8 (size, size).

    Raises:
        ValueError: if size is below 16, or points are not (n, 3) finite numbers.
    """
    if size < 16:
        raise ValueError(f"expected size of 16 pixels or more, came {size!r}.")
    side = size // 2  # points are two pixels wide
    depth, right, up = voxels.voxel_indices(points, size=side).T
    order = np.argsort(depth, kind="stable")  # near points come last and hide far ones
    picture = np.full((side, side), PAPER, np.uint8)
    grey = FAR + (NEAR - FAR) * depth / (side - 1)
    picture[side - 1 - up[order], right[order]] = grey[order]
    return picture.repeat(2, axis=0).repeat(2, axis=1)
