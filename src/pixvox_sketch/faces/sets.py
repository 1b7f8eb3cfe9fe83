"""Sets of drawn faces: as arrays for fresh tests, and as the files of the sample."""

import csv
import io
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pixvox.datasets import images, store
from pixvox.datasets.faces import SEXES, sex_and_tone
from pixvox_sketch.engine import bulk
from pixvox_sketch.faces.people import AGES, draw_person, draw_years
from pixvox_sketch.faces.whole_face import draw_face

STREAM = 13  # of random numbers; another for every family of drawings
SIDE = 100  # pixels, as the pictures of LAG
FEWEST, MOST = 2, 3  # pictures of a person at each age
SAMPLE_SEED = 0  # of the committed sample: draw fresh pictures with another
SAMPLE_COUNT = 120  # people
TABLE = "people.csv"
COLUMNS = ("picture", "identity", "age", "tone", "sex", "years")


class Portrait(NamedTuple):
    """One picture of a person: uint8 (height, width, 3), its parts, its label, the years, its file's size."""

    picture: np.ndarray
    parts: np.ndarray
    label: int
    years: float
    png_bytes: int


class DrawnFaces(NamedTuple):
    """Drawn pictures, person by person, the old ones first."""

    pictures: np.ndarray  # uint8 (n, height, width, 3), 0 to 255
    labels: np.ndarray  # int64 (n,), 0 old, 1 young
    identities: np.ndarray  # int64 (n,), 0 to people - 1
    tones: np.ndarray  # int64 (n,), 1 (light skin) to 6 (dark)
    sexes: np.ndarray  # int64 (n,), 0 female, 1 male
    years: np.ndarray  # float64 (n,), the drawn age
    png_bytes: np.ndarray  # int64 (n,), the size of the PNG file of each before it was reduced
    parts: np.ndarray  # uint8 (n, height, width), ids as `whole_face.PART_NAMES` counts them; 0 is background


def draw_faces(
    people: int, *, seed: int, size: tuple[int, int] = (64, 64), each: int | None = None, processes: int = 1
) -> DrawnFaces:
    """Draw fresh people, young and old, of the sample's kind, at the size a network sees.

    A person depends on `seed` and the number only: the first of a larger set are those of a smaller
    one. Sexes and tones take turns, so that twelve people, or a multiple, have all of them alike.

    Args:
        people: how many.
        seed: a whole number; `SAMPLE_SEED` gives the sample's own people.
        size: (height, width) in pixels, to which the pictures of 100 pixels are squeezed.
        each: pictures of a person at each age; None draws 2 or 3. With 2, 500 people have 2,000 pictures.
        processes: as in `bulk.draw_many`.

    Raises:
        ValueError: if people, each, seed or size make no sense.
    """
    bulk.check_numbers(people, seed, name="people")
    bulk.check_size(size)
    if each is not None:
        bulk.check_numbers(each, seed, name="each")
    draw = partial(draw_numbered, seed=seed, reduced=tuple(size), each=each)
    drawn = bulk.draw_many(draw, range(people), processes=processes)
    portraits = [portrait for person in drawn for portrait in person]
    pictures, parts, labels, years, sizes = (np.stack(column) for column in zip(*portraits, strict=True))
    identities = np.repeat(np.arange(people, dtype=np.int64), [len(person) for person in drawn])
    sexes, tones = sex_and_tone(identities)
    return DrawnFaces(pictures, labels, identities, tones, sexes, years, sizes, parts)


def draw_numbered(
    number: int,
    *,
    seed: int,
    side: int = SIDE,
    reduced: tuple[int, int] | None = None,
    each: int | None = None,
) -> list[Portrait]:
    """Draw all pictures of a person, the old ones first.

    Args:
        number: chooses the random numbers, with the seed, and sex and tone in turn.
        side: height and width in pixels.
        reduced: (height, width) the finished pictures are squeezed to, or None.
        each: pictures at each age; None draws 2 or 3.
    """
    rng = np.random.default_rng([seed, STREAM, number])
    person_rng, count_rng, *age_rngs = rng.spawn(2 + len(AGES))
    sex, tone = sex_and_tone(number)
    person = draw_person(person_rng, sex=int(sex), tone=int(tone))
    portraits = []
    for label, (age, age_rng) in enumerate(zip(AGES, age_rngs, strict=True)):
        count = int(count_rng.integers(FEWEST, MOST, endpoint=True))
        for picture_rng in age_rng.spawn(each or count):
            years_rng, face_rng = picture_rng.spawn(2)
            years = draw_years(years_rng, age)
            picture, parts = draw_face(person, years, face_rng, size=(side, side))
            size = len(bulk.png_bytes(picture))
            if reduced:
                picture, parts = bulk.squeeze(picture, reduced), bulk.squeeze(parts, reduced, smooth=False)
            portraits.append(Portrait(picture, parts, label, years, size))
    return portraits


def write_faces(
    out_dir: Path | str | None = None,
    *,
    seed: int = SAMPLE_SEED,
    count: int = SAMPLE_COUNT,
    size: int = SIDE,
    processes: int | None = None,
) -> Path:
    """Write faces as files: <person>/N.png old, <person>/y/N.png young, and a table, people.csv.

    Args:
        out_dir: the folder to write to, which is returned; by default the sample's own.
        seed, processes: as in `draw_faces`.
        count: people.
        size: height and width in pixels, 48 or more.

    Raises:
        ValueError: if count, seed or size make no sense, or pictures are there that the table there does
            not name; those that it names are replaced.
    """
    bulk.check_numbers(count, seed)
    folder = Path(out_dir or store.data_dir("sample") / "age-gap-faces")
    earlier = _earlier(folder)
    rows, contents = [COLUMNS], {}
    for number, person in enumerate(_draw_large(seed, count, size, processes)):
        (sex, tone), identity = sex_and_tone(number), f"{number:03d}"
        for label, place in enumerate(("", "y/")):
            for at, portrait in enumerate((each for each in person if each.label == label), 1):
                name = f"{identity}/{place}{at}.png"
                contents[name] = bulk.png_bytes(portrait.picture)
                rows.append((name, identity, AGES[label], tone, SEXES[sex], f"{portrait.years:.1f}"))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    bulk.write_files(folder, {**contents, TABLE: text.getvalue().encode("utf-8")})
    for name in earlier - set(contents):
        (folder / name).unlink(missing_ok=True)
    return folder


def sheet_faces(
    out_dir: Path | str | None = None, *, seed: int = SAMPLE_SEED, count: int = 30, size: int | None = None
) -> Path:
    """Write faces-sheet.png, a contact sheet of `count` people, each young beside old; return its path.

    The folder is build/sketch by default; seed, count and size are as in `write_faces`.
    """
    bulk.check_numbers(count, seed)
    drawn = _draw_large(seed, count, SIDE if size is None else size)
    firsts = [{each.label: each.picture for each in reversed(person)} for person in drawn]
    pairs = [first[label] for first in firsts for label in (1, 0)]
    return bulk.write_sheet("faces", pairs, out_dir=out_dir, cell=size)


def _draw_large(seed: int, count: int, side: int, processes: int | None = None) -> list[list[Portrait]]:
    """Draw people as large as files have them, with a progress bar."""
    draw = partial(draw_numbered, seed=seed, side=side)
    return bulk.draw_many(draw, range(count), processes=processes, label="drawing faces")


def _earlier(folder: Path) -> set[str]:
    """Return the pictures drawn there before; raise ValueError if there are others: they would be mixed."""
    named = set()
    if (folder / TABLE).is_file():
        with open(folder / TABLE, newline="", encoding="utf-8") as file:
            named = {row.get("picture", "") for row in csv.DictReader(file)}
    found = map(str, images.files_below(folder, images.is_picture)[0] if folder.is_dir() else [])
    bulk.refuse_strangers(folder, [name for name in found if name not in named])
    return named
