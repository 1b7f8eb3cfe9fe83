"""One person to draw: all pictures, from a seed and a number."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from pixvox.datasets.faces import sex_and_tone
from pixvox_sketch.engine.bulk import png_bytes
from pixvox_sketch.faces.drawing import draw_face
from pixvox_sketch.faces.people import AGES, draw_person, draw_years

STREAM = 13  # of random numbers; another for every family of drawings
SIDE = 100  # pixels, as the pictures of LAG
FEWEST, MOST = 2, 3  # pictures of a person at each age


class Task(NamedTuple):
    """One person to draw.

    Attributes:
        seed, number: choose the random numbers, and sex and tone in turn.
        side: height and width in pixels.
        reduced: (height, width) the finished picture is squeezed to, or None.
        each: pictures at each age; None draws 2 or 3.
    """

    seed: int
    number: int
    side: int = SIDE
    reduced: tuple[int, int] | None = None
    each: int | None = None


class Portrait(NamedTuple):
    """One picture of a person: uint8 (height, width, 3), its parts, its label, the years, its file's size."""

    picture: np.ndarray
    parts: np.ndarray
    label: int
    years: float
    png_bytes: int


def draw_task(task: Task) -> list[Portrait]:
    """Draw all pictures of a person, the old ones first."""
    rng = np.random.default_rng([task.seed, STREAM, task.number])
    person_rng, count_rng, *age_rngs = rng.spawn(2 + len(AGES))
    sex, tone = sex_and_tone(task.number)
    person = draw_person(person_rng, sex=int(sex), tone=int(tone))
    portraits = []
    for label, (age, age_rng) in enumerate(zip(AGES, age_rngs, strict=True)):
        count = int(count_rng.integers(FEWEST, MOST, endpoint=True))
        for picture_rng in age_rng.spawn(task.each or count):
            years_rng, face_rng = picture_rng.spawn(2)
            years = draw_years(years_rng, age)
            picture, parts = draw_face(person, years, face_rng, size=(task.side, task.side))
            portraits.append(_portrait(task, picture, parts, label, years))
    return portraits


def _portrait(task: Task, picture: np.ndarray, parts: np.ndarray, label: int, years: float) -> Portrait:
    """Return a picture with its facts, reduced if the task says so."""
    size = len(png_bytes(picture))
    if task.reduced:
        width_height = task.reduced[::-1]
        picture = np.array(Image.fromarray(picture).resize(width_height, Image.Resampling.BILINEAR))
        parts = np.array(Image.fromarray(parts).resize(width_height, Image.Resampling.NEAREST))
    return Portrait(picture, parts, label, years, size)
