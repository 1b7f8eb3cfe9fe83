"""Clothes of ten kinds, grey on black, reduced to 28x28 like thumbnails: one, arrays, or the sample's files.

Tops share one half-outline and shoes one last: shirts, T-shirts, pullovers, coats and dresses look alike, and
so do sandals, sneakers and boots. To add a kind, write a function of a generator that returns a `Cloth`.
"""

import gzip
import struct
from functools import partial
from pathlib import Path

import numpy as np

from pixvox.datasets import store
from pixvox.datasets.fashion_mnist import FILES
from pixvox_sketch.clothes.bags import draw_bag
from pixvox_sketch.clothes.cloth import Photo
from pixvox_sketch.clothes.sandals import draw_sandal
from pixvox_sketch.clothes.shoes import draw_boot, draw_sneaker
from pixvox_sketch.clothes.top_styles import draw_top_of
from pixvox_sketch.clothes.trousers import draw_trousers
from pixvox_sketch.engine.bulk import CELL, check_numbers, draw_many, write_files, write_sheet
from pixvox_sketch.engine.chance import near

DRAWERS = {
    "T-shirt/top": partial(draw_top_of, "tshirt"),
    "Trouser": draw_trousers,
    "Pullover": partial(draw_top_of, "pullover"),
    "Dress": partial(draw_top_of, "dress"),
    "Coat": partial(draw_top_of, "coat"),
    "Sandal": draw_sandal,
    "Shirt": partial(draw_top_of, "shirt"),
    "Sneaker": draw_sneaker,
    "Bag": draw_bag,
    "Ankle boot": draw_boot,
}
KINDS = tuple(DRAWERS)  # in Fashion-MNIST's order: a test compares them
LEAST_SIDE, MOST_SIDE = 28, 512

# Median and log spread of the mean grey wanted of a picture, the same for all kinds: else brightness would
# tell a coat, which covers much, from a sandal. A sandal covers so little that, its brightest parts being
# as bright as may be, it stays at about half of it.
MEAN_GREY, MEAN_SPREAD = 66.0, 0.3
MARGINS = (-0.06, 0.14)  # share of the side that stays free; what falls below 0 is none
SHIFT, TILT, STRETCH = 0.11, 2.2, 0.055  # spreads: a share of the room left, degrees, a factor

STREAM = 8  # of random numbers; another for every family of drawings
SIDE = 28  # pixels, as Fashion-MNIST's pictures
SAMPLE_SEED = 0  # of the committed sample: draw fresh pictures with another
SAMPLE_COUNT = 250  # of each class
TEST_PART = 5  # one picture of so many is for testing
SHEET_COLUMNS = 10
UBYTE = 8  # idx code of the data type


def draw_garment(kind: str, rng, *, side: int = 28) -> np.ndarray:
    """Draw a garment.

    Args:
        kind: one of `KINDS`.
        rng: a numpy random Generator that has not been used; all comes from it.
        side: height and width in pixels, 28 to 512; equal generators give the same garment at any side.

    Returns:
        uint8 (side, side), 0 (nothing) to 255; the garment's longer side fills the square.

    Raises:
        ValueError: for another kind or side.
    """
    if kind not in KINDS:
        raise ValueError(f"expected one of the kinds {', '.join(KINDS)}, came {kind!r}.")
    if not isinstance(side, (int, np.integer)) or not LEAST_SIDE <= side <= MOST_SIDE:
        raise ValueError(f"expected side as a whole number from {LEAST_SIDE} to {MOST_SIDE}, came {side!r}.")
    photo = _draw_photo(rng)
    return DRAWERS[kind](rng).finish(photo, side=side)


def _draw_photo(rng) -> Photo:
    """Draw how a garment is photographed, the same for all kinds."""
    mean = MEAN_GREY * np.exp(near(rng, 0, MEAN_SPREAD))
    fill = 1 - max(0.0, rng.uniform(*MARGINS))
    shift = (near(rng, 0, SHIFT), near(rng, 0, SHIFT))
    return Photo(mean, fill, shift, near(rng, 0, TILT), near(rng, 1, STRETCH))


def draw_clothes(
    count: int, *, seed: int, processes: int | None = 1, label: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Draw fresh clothes, of the sample's kind.

    A picture depends on `seed` and its number only: the first of a larger set are those of a smaller one.

    Args:
        count: pictures of each of the ten classes.
        seed: a whole number; `SAMPLE_SEED` gives the sample's own pictures.
        processes, label: as in `draw_many`.

    Returns:
        (pictures, labels): uint8 (10 * count, 28, 28), 0 (nothing) to 255, and int64 (10 * count,), indices
        into `fashion_mnist.CLASS_NAMES`, which take turns.

    Raises:
        ValueError: if the count is no whole number above 0, or the seed is negative.
    """
    check_numbers(count, seed)
    kinds = len(KINDS)
    draw = partial(_draw_numbered, seed, SIDE)
    pictures = draw_many(draw, range(kinds * count), processes=processes, label=label)
    return np.stack(pictures), np.arange(kinds * count, dtype=np.int64) % kinds


def _draw_numbered(seed: int, side: int, number: int) -> np.ndarray:
    """Draw a picture, uint8 (side, side), of class number % 10."""
    rng = np.random.default_rng([seed, STREAM, number])
    return draw_garment(KINDS[number % len(KINDS)], rng, side=side)


def write_clothes(
    out_dir: Path | str | None = None,
    *,
    seed: int = SAMPLE_SEED,
    count: int = SAMPLE_COUNT,
    processes: int | None = None,
) -> Path:
    """Write clothes as the four files of Fashion-MNIST, the last fifth of each class for testing.

    The order is shuffled; the same call writes the same bytes.

    Args:
        out_dir: the folder to write to, which is returned; by default the sample's own.
        seed, processes: as in `draw_clothes`.
        count: pictures of each class, 5 or more.

    Raises:
        ValueError: if count or seed make no sense.
    """
    check_numbers(count, seed, least=TEST_PART)
    folder = Path(out_dir or store.data_dir("sample") / "fashion-mnist")
    pictures, labels = draw_clothes(count, seed=seed, processes=processes, label="drawing clothes")
    arrays = _split(pictures, labels, count - count // TEST_PART, seed)
    write_files(folder, {FILES[key]: pack_idx(array) for key, array in arrays.items()})
    return folder


def pack_idx(array: np.ndarray) -> bytes:
    """Return a uint8 array as the bytes of a gzipped idx file, the same whenever they are made."""
    header = struct.pack(f">HBB{array.ndim}I", 0, UBYTE, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), compresslevel=9, mtime=0)


def sheet_clothes(
    out_dir: Path | str | None = None, *, seed: int = SAMPLE_SEED, count: int = 10, size: int | None = None
) -> Path:
    """Write clothes-sheet.png, a contact sheet, a row or more for each class in turn; return its path.

    Args:
        out_dir: the folder to write to; by default build/sketch.
        seed: as in `draw_clothes`.
        count: pictures of each class, ten a row.
        size: pixels a side of the drawings, 28 to 512; None shows them as the files have them, 28 a side,
            each pixel enlarged to a square.

    Raises:
        ValueError: if count, seed or size make no sense.
    """
    check_numbers(count, seed)
    kinds = len(KINDS)
    order = [number * kinds + kind for kind in range(kinds) for number in range(count)]
    draw = partial(_draw_numbered, seed, SIDE if size is None else size)
    drawings = draw_many(draw, order, processes=None, label="drawing clothes")
    if size is None:
        times = CELL // SIDE  # each pixel a square, all of them as large as a cell or a little less
        drawings = [drawing.repeat(times, axis=0).repeat(times, axis=1) for drawing in drawings]
    columns = min(count, SHEET_COLUMNS)
    blanks = [np.full_like(drawings[0], 250)] * (-count % columns)  # so that every class begins a row
    rows = []
    for start in range(0, len(drawings), count):
        rows += [*drawings[start : start + count], *blanks]
    return write_sheet("clothes", rows, out_dir=out_dir, columns=columns, cell=size)


def _split(pictures: np.ndarray, labels: np.ndarray, training: int, seed: int) -> dict[str, np.ndarray]:
    """Return the four arrays, each part shuffled; the first `training` of a class are for training."""
    edge = training * len(KINDS)
    rng = np.random.default_rng([seed, STREAM])
    train, test = rng.permutation(edge), edge + rng.permutation(len(labels) - edge)
    labels = labels.astype(np.uint8)
    parts = (pictures[train], labels[train], pictures[test], labels[test])
    return dict(zip(("x_train", "y_train", "x_test", "y_test"), parts, strict=True))
