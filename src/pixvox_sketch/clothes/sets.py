"""Sets of drawn clothes: as arrays for fresh tests, and as the idx files of the sample."""

import gzip
import struct
from pathlib import Path

import numpy as np

from pixvox.datasets import files, store
from pixvox.datasets.fashion_mnist import FILES
from pixvox_sketch.clothes import drawing as clothes
from pixvox_sketch.engine.bulk import CELL, check_numbers, draw_many, write_sheet

STREAM = 8  # of random numbers; another for every family of drawings
SIDE = 28  # pixels, as Fashion-MNIST's pictures
SAMPLE_SEED = 0  # of the committed sample: draw fresh pictures with another
SAMPLE_COUNT = 250  # of each class
TEST_PART = 5  # one picture of so many is for testing
SHEET_COLUMNS = 10


def draw_clothes(
    count: int, *, seed: int, processes: int | None = 1, label: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Draw fresh clothes, of the sample's kind.

    A picture depends on `seed` and its number only: the first of a larger set are those of a smaller one.

    Args:
        count: pictures of each of the ten classes.
        seed: a whole number; `SAMPLE_SEED` gives the sample's own pictures.
        processes: how many draw at once; None means one for each processor core.
        label: shown beside a progress bar; "" shows none.

    Returns:
        (pictures, labels): uint8 (10 * count, 28, 28), 0 (nothing) to 255, and int64 (10 * count,), indices
        into `fashion_mnist.CLASS_NAMES`, which take turns.

    Raises:
        ValueError: if the count is no whole number above 0, or the seed is negative.
    """
    check_numbers(count, seed)
    kinds = len(clothes.KINDS)
    tasks = [(seed, number, SIDE) for number in range(kinds * count)]
    pictures = draw_many(draw_task, tasks, processes=processes, label=label)
    return np.stack(pictures), np.arange(kinds * count, dtype=np.int64) % kinds


def draw_task(task: tuple[int, int, int]) -> np.ndarray:
    """Draw the picture of (seed, number, side): uint8 (side, side); number % 10 is its class."""
    seed, number, side = task
    rng = np.random.default_rng([seed, STREAM, number])
    return clothes.draw_garment(clothes.KINDS[number % len(clothes.KINDS)], rng, side=side)


def write_clothes(
    out_dir: Path | str | None = None,
    *,
    seed: int = SAMPLE_SEED,
    count: int = SAMPLE_COUNT,
    size: int | None = None,
    processes: int | None = None,
) -> Path:
    """Write clothes as the four files of Fashion-MNIST, the last fifth of each class for testing.

    The order is shuffled; the same call writes the same bytes.

    Args:
        out_dir: the folder to write to; by default the sample's own.
        seed: a whole number.
        count: pictures of each class, 5 or more.
        size: pixels a side; the format has 28 only.
        processes: how many draw at once; None means one for each processor core.

    Returns:
        the folder.

    Raises:
        ValueError: if count, seed or size make no sense.
    """
    check_numbers(count, seed, least=TEST_PART)
    if size not in (None, SIDE):
        raise ValueError(
            f"expected size as {SIDE} (the files are Fashion-MNIST's), came {size!r}. Leave it out, or "
            "ask for a contact sheet, which shows the drawings at any size."
        )
    folder = Path(out_dir or store.data_dir("sample") / "fashion-mnist")
    pictures, labels = draw_clothes(count, seed=seed, processes=processes, label="drawing clothes")
    arrays = _split(pictures, labels, count - count // TEST_PART, seed)
    with files.staging(folder) as temporary:
        for key, array in arrays.items():
            (temporary / FILES[key]).write_bytes(_idx(array))
        for name in FILES.values():
            files.move(temporary / name, folder / name)
    return folder


def sheet_clothes(
    out_dir: Path | str | None = None, *, seed: int = SAMPLE_SEED, count: int = 10, size: int | None = None
) -> Path:
    """Write clothes-sheet.png, a contact sheet, a row or more for each class in turn; return its path.

    Args:
        out_dir: the folder to write to; by default build/sketch.
        seed: a whole number.
        count: pictures of each class, ten a row.
        size: pixels a side of the drawings, 28 to 512; None shows them as the files have them, 28 a side,
            each pixel enlarged to a square.

    Raises:
        ValueError: if count, seed or size make no sense.
    """
    check_numbers(count, seed)
    kinds = len(clothes.KINDS)
    order = [number * kinds + kind for kind in range(kinds) for number in range(count)]
    tasks = [(seed, number, SIDE if size is None else size) for number in order]
    drawings = draw_many(draw_task, tasks, processes=None, label="drawing clothes")
    if size is None:
        drawings = [_enlarge(drawing) for drawing in drawings]
    columns = min(count, SHEET_COLUMNS)
    rows = _in_rows(drawings, count, columns)
    return write_sheet("clothes", rows, out_dir=out_dir, columns=columns, cell=size)


def _split(pictures: np.ndarray, labels: np.ndarray, training: int, seed: int) -> dict[str, np.ndarray]:
    """Return the four arrays, each part shuffled; the first `training` of a class are for training."""
    edge = training * len(clothes.KINDS)
    rng = np.random.default_rng([seed, STREAM])
    train, test = rng.permutation(edge), edge + rng.permutation(len(labels) - edge)
    labels = labels.astype(np.uint8)
    return {
        "x_train": pictures[train],
        "y_train": labels[train],
        "x_test": pictures[test],
        "y_test": labels[test],
    }


def _idx(array: np.ndarray) -> bytes:
    """Return a uint8 array as the bytes of a gzipped idx file, the same whenever they are made."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), compresslevel=9, mtime=0)


def _enlarge(drawing: np.ndarray) -> np.ndarray:
    """Return a drawing with each pixel a square, as large as a cell of the sheet or a little less."""
    times = CELL // len(drawing)
    return drawing.repeat(times, axis=0).repeat(times, axis=1)


def _in_rows(drawings: list[np.ndarray], count: int, columns: int) -> list[np.ndarray]:
    """Return the drawings with blanks after each class's last, so that every class begins a row."""
    blanks = [np.full_like(drawings[0], 250)] * (-count % columns)
    return [
        drawing
        for start in range(0, len(drawings), count)
        for drawing in (*drawings[start : start + count], *blanks)
    ]
