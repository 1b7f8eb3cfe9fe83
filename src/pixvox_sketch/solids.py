"""Drawn solids: ten kinds of bodies, turned every way and measured badly, as voxels.

A second task for networks that see in three dimensions. Solids have no front: every rotation is as likely
as any other. Points become voxels as those of 3D MNIST's rotated digits do, see `pixvox.voxels.recipe`.
"""

import io
from functools import partial
from pathlib import Path

import h5py
import numpy as np
from scipy.spatial.transform import Rotation

from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.datasets.mnist3d import VECTORS
from pixvox.datasets.solids import CLASS_NAMES
from pixvox.voxels import recipe as voxels
from pixvox_sketch.engine.bulk import check_numbers, draw_many, write_sheet
from pixvox_sketch.surfaces import SOLIDS, draw_proportions
from pixvox_sketch.turning import add_noise

STREAM = 11  # of random numbers; another for every family of drawings
POINTS = (13_000, 25_000)  # a solid, least and most: those of the sample's digits
NOISE = (0.05, 0.2)  # least and most; a rotated digit has 0.25
SAMPLE_SEED = 0  # of the committed sample: draw fresh solids with another
SAMPLE_COUNT = 72  # of each class; the last quarter is for testing
SIDE = 128  # pixels of a picture on the contact sheet
PAPER, NEAR, FAR = 250, 30, 190  # grey levels


def draw_solids(
    count: int, *, seed: int, processes: int | None = 1, label: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Draw fresh solids of the sample's kind.

    A solid depends on `seed` and its number only: the first of a larger set are those of a smaller one.

    Args:
        count: how many of each class.
        seed: `SAMPLE_SEED` gives the sample's own.
        processes, label: as in `draw_many`.

    Returns:
        vectors float32 (n, 4096), values 0 to 1, whose reshape(n, 16, 16, 16) is [row][z][y][x]; labels
        int64 (n,), places in `CLASS_NAMES`, in turn.

    Raises:
        ValueError: if the count is no whole number above 0, or the seed none from 0.
    """
    check_numbers(count, seed)
    indices = range(len(CLASS_NAMES) * count)
    vectors = draw_many(partial(_draw_vector, seed), indices, processes=processes, label=label)
    return np.stack(vectors), np.array(indices, np.int64) % len(CLASS_NAMES)


def _draw_numbered(seed: int, index: int) -> np.ndarray:
    """Draw the points of a solid, (n, 3): random numbers come from seed and index, the class from index."""
    rng = np.random.default_rng([seed, STREAM, index])
    return draw_cloud(CLASS_NAMES[index % len(CLASS_NAMES)], rng)


def _draw_vector(seed: int, index: int) -> np.ndarray:
    """Draw one solid as a vector, float32 (4096,)."""
    return voxels.voxel_grid(_draw_numbered(seed, index)).ravel().astype(np.float32)


def draw_cloud(name: str, rng: np.random.Generator) -> np.ndarray:
    """Draw the points of one solid: its proportions, its surface, a rotation, noise.

    Returns:
        float64 (n, 3), 13,000 to 25,000 points in no order. Before it is turned, the longest side is 1;
        before noise, the mean is 0.

    Raises:
        ValueError: if the name is none of `CLASS_NAMES`.
    """
    if name not in SOLIDS:
        raise ValueError(f"expected one of {', '.join(CLASS_NAMES)}, got {name!r}.")
    proportions = draw_proportions(name, rng)
    count = int(rng.integers(*POINTS, endpoint=True))
    points = voxels.rescale(SOLIDS[name].cover(rng, count, **proportions))
    return add_noise(points @ random_rotation(rng), rng, noise=rng.uniform(*NOISE))


def random_rotation(rng: np.random.Generator) -> np.ndarray:
    """Draw a rotation, any as likely as any other: float64 (3, 3), orthogonal, determinant 1.

    Three angles drawn evenly would not do that: they crowd the poles. A direction in four dimensions,
    read as a quaternion, does.

    Source: K. Shoemake, "Uniform random rotations", Graphics Gems III, 1992.
    """
    return Rotation.from_quat(rng.normal(size=4), scalar_first=True).as_matrix()


def write_solids(
    out_dir: Path | str | None = None,
    *,
    seed: int = SAMPLE_SEED,
    count: int = SAMPLE_COUNT,
    processes: int | None = None,
) -> Path:
    """Write solids in the layout of 3D MNIST's full_dataset_vectors.h5.

    Vectors are float16, which tells counts divided by counts apart to one part in 2,000. The same call
    writes the same bytes.

    Args:
        out_dir: the folder to write to, which is returned; by default the sample's own.
        seed, processes: as in `draw_solids`.
        count: solids of each class, 4 or more; the last quarter of them are the test part.

    Raises:
        ValueError: if count or seed make no sense.
        OSError: if the file could not be written.
    """
    check_numbers(count, seed, least=4)
    folder = Path(out_dir or store.data_dir("sample") / "solids")
    vectors, labels = draw_solids(count, seed=seed, processes=processes, label="drawing solids")
    split = len(CLASS_NAMES) * (count - count // 4)
    memory = io.BytesIO()  # HDF5 itself can crash the interpreter when the disk is full
    with h5py.File(memory, "w", libver="earliest") as file:  # later layouts note when they were written
        for part, rows in {"train": slice(split), "test": slice(split, None)}.items():
            packed = {"chunks": (1, vectors.shape[1]), "compression": "gzip", "compression_opts": 9}
            file.create_dataset(f"X_{part}", data=vectors[rows].astype(np.float16), **packed)
            file[f"y_{part}"] = labels[rows]
    with replace_file(folder / VECTORS) as temporary:
        temporary.write_bytes(memory.getbuffer())
    return folder


def sheet_solids(
    out_dir: Path | str | None = None, *, seed: int = SAMPLE_SEED, count: int = 6, size: int = SIDE
) -> Path:
    """Write solids-sheet.png, a contact sheet with a column for each class; return its path.

    Args:
        out_dir: the folder to write to; by default build/sketch.
        seed: as in `draw_solids`.
        count: solids of each class.
        size: pixels a side of each picture, 16 or more.

    Raises:
        ValueError: if seed, count or size make no sense.
    """
    check_numbers(count, seed)
    indices = range(len(CLASS_NAMES) * count)
    clouds = draw_many(partial(_draw_numbered, seed), indices, processes=None, label="drawing solids")
    views = [view_cloud(cloud, size=size) for cloud in clouds]
    return write_sheet("solids", views, out_dir=out_dir, cell=size)


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
        raise ValueError(f"expected size of 16 pixels or more, got {size!r}.")
    side = size // 2  # points are two pixels wide
    depth, right, up = voxels.voxel_indices(points, size=side).T
    order = np.argsort(depth, kind="stable")  # near points come last and hide far ones
    picture = np.full((side, side), PAPER, np.uint8)
    grey = FAR + (NEAR - FAR) * depth / (side - 1)
    picture[side - 1 - up[order], right[order]] = grey[order]
    return picture.repeat(2, axis=0).repeat(2, axis=1)
