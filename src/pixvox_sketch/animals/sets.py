"""Sets of drawn cats and dogs: as arrays for fresh tests, and as the files of the sample."""

import io
import re
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from pixvox.datasets import store
from pixvox_sketch.animals import cats_dogs as animals
from pixvox_sketch.engine import bulk

STREAM = 5  # of random numbers; another for every family of drawings
SIDES = (150, 200)  # pixels: least and most of height and width
SAMPLE_SEED = 0  # of the committed sample: draw fresh pictures with another
SAMPLE_COUNT = 400  # of each class; the last quarter is for testing and has masks
JPEG_QUALITY = 90
NAME = r"(?:cat|dog)\.(\d+)\.jpg"


class Drawn(NamedTuple):
    """Drawn pictures."""

    pictures: np.ndarray  # uint8 (n, height, width, 3), 0 to 255
    labels: np.ndarray  # int64 (n,), 0 cat, 1 dog, in turn
    parts: np.ndarray  # uint8 (n, height, width), ids as `datasets.cats_dogs.PART_NAMES` counts them
    jpeg_bytes: np.ndarray  # int64 (n,), the size of the JPEG file of each before it was reduced


def draw_animals(count: int, *, seed: int, size: tuple[int, int] = (64, 64), processes: int = 1) -> Drawn:
    """Draw fresh cats and dogs, of the sample's kind, at the size a network sees.

    A picture depends on `seed` and its number only: the first of a larger set are those of a smaller one.

    Args:
        count: pictures of each class.
        seed: a whole number; `SAMPLE_SEED` gives the sample's own pictures (before they were JPEGs).
        size: (height, width) in pixels, to which the drawings of 150 to 200 pixels are squeezed.
        processes: as in `bulk.draw_many`.

    Raises:
        ValueError: if count, seed or size make no sense.
    """
    bulk.check_numbers(count, seed)
    bulk.check_size(size)
    draw = partial(draw_numbered, seed=seed, reduced=tuple(size))
    drawings = bulk.draw_many(draw, range(2 * count), processes=processes)
    pictures, parts, sizes = (np.stack(column) for column in zip(*drawings, strict=True))
    return Drawn(pictures, np.arange(2 * count, dtype=np.int64) % 2, parts, sizes)


def draw_numbered(
    index: int, *, seed: int, side: int | None = None, reduced: tuple[int, int] | None = None
) -> tuple[np.ndarray, np.ndarray, int]:
    """Draw one picture; return it, its parts, and the bytes of its JPEG file.

    Args:
        index: chooses the random numbers, with the seed; even ones are cats, odd ones dogs.
        side: height and width in pixels; None draws them between `SIDES`.
        reduced: (height, width) the finished drawing is squeezed to, or None.
    """
    rng, size = numbered_start(index, seed, side)
    picture, parts = animals.draw_animal(animals.KINDS[index % 2], rng, size=size)
    jpeg_bytes = len(_jpeg(picture))
    if reduced:
        picture, parts = bulk.squeeze(picture, reduced), bulk.squeeze(parts, reduced, smooth=False)
    return picture, parts, jpeg_bytes


def numbered_start(index: int, seed: int, side: int | None = None) -> tuple:
    """Return the generator that a picture of a set begins with, and its size; as in `draw_numbered`."""
    rng = np.random.default_rng([seed, STREAM, index])
    size = (side, side) if side is not None else tuple(map(int, rng.integers(*SIDES, 2, endpoint=True)))
    return rng, size


def write_animals(
    out_dir: Path | str | None = None,
    *,
    seed: int = SAMPLE_SEED,
    count: int = SAMPLE_COUNT,
    size: int | None = None,
    processes: int | None = None,
) -> Path:
    """Write cats and dogs as files: train/cat.N.jpg and train/dog.N.jpg, masks/*.png of the last quarter.

    Args:
        out_dir: the folder to write to, which is returned; by default the sample's own.
        seed, count, processes: as in `draw_animals`.
        size: height and width in pixels, 48 or more; None lets them vary from 150 to 200.

    Raises:
        ValueError: if count, seed or size make no sense, or more pictures of these classes are there.
    """
    bulk.check_numbers(count, seed)
    folder = Path(out_dir or store.data_dir("sample") / "dogs-vs-cats")
    numbers = {path.name: re.fullmatch(NAME, path.name) for path in sorted(folder.glob("train/*.jpg"))}
    bulk.refuse_strangers(folder, [name for name, n in numbers.items() if n and int(n[1]) >= count])
    drawings, contents = _draw_large(seed, count, size, processes), {}
    for index, (picture, parts, _) in enumerate(drawings):
        kind, number = animals.KINDS[index % 2], index // 2
        contents[f"train/{kind}.{number}.jpg"] = _jpeg(picture)
        if number >= count - count // 4:
            contents[f"masks/{kind}.{number}.png"] = bulk.png_bytes(parts)
    bulk.write_files(folder, contents)
    return folder


def sheet_animals(
    out_dir: Path | str | None = None, *, seed: int = SAMPLE_SEED, count: int = 30, size: int | None = None
) -> Path:
    """Write animals-sheet.png, a contact sheet of `count` cats and as many dogs in turn; return its path.

    The folder is build/sketch by default; seed, count and size are as in `write_animals`.
    """
    bulk.check_numbers(count, seed)
    pictures = [picture for picture, _, _ in _draw_large(seed, count, size)]
    return bulk.write_sheet("animals", pictures, out_dir=out_dir, cell=size)


def _draw_large(seed: int, count: int, side: int | None, processes: int | None = None) -> list:
    """Draw cats and dogs as large as files have them, with a progress bar."""
    draw = partial(draw_numbered, seed=seed, side=side)
    return bulk.draw_many(draw, range(2 * count), processes=processes, label="drawing cats and dogs")


def _jpeg(picture: np.ndarray) -> bytes:
    """Return a picture as the bytes of a JPEG file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
