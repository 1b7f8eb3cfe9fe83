"""Furry animals that are neither cats nor dogs nor kin of theirs: the same heads and bodies, other parts.

Each kind is a row of `ANIMALS`. Lengths are in head radii, as in `pixvox_sketch.animals.head`.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pixvox_sketch.animals import coats
from pixvox_sketch.animals.body import Tail
from pixvox_sketch.animals.coats import make_coat
from pixvox_sketch.animals.creature import Features, Scene, draw_creature
from pixvox_sketch.animals.head import Ears, Eyes, Muzzle
from pixvox_sketch.zoo import drawers as zoo_drawers
from pixvox_sketch.zoo.coats import any_or, mouse_coat, one_of, pig_coat
from pixvox_sketch.zoo.drawers import NIGHT

EYE = (70, 46, 34)


class Animal(NamedTuple):
    """A kind of animal.

    Attributes:
        ears: length, half width, point, droop, apart, as in `Ears`.
        muzzle: length, half width, half height, drop, nose, as in `Muzzle`.
        eyes: size, apart, as in `Eyes`; the pupil is large and the eye round.
        tail: length, half width, taper, curl, raised, as in `Tail`.
        coat: function of (rng, shape) that returns a `Coat`.
        draw: function of (canvas, scene, features).
        lop: share with hanging ears.
        whiskers: their length.
        nose: colour of the nose, or None for the scene's.
    """

    ears: tuple
    muzzle: tuple
    eyes: tuple
    tail: tuple
    coat: Callable
    draw: Callable
    lop: float = 0.0
    whiskers: float = 0.0
    nose: tuple | None = None


def make_features(kind: str, scene: Scene, rng) -> Features:
    """Draw the parts of an animal of a kind: each number varies by a seventh of itself."""
    animal = ANIMALS[kind]
    rows = (animal.ears, animal.muzzle, animal.eyes, animal.tail)
    ears, muzzle, eyes, tail = ([float(value * rng.normal(1, 0.14)) for value in row] for row in rows)
    if rng.random() < animal.lop:
        ears[3] = float(np.clip(rng.normal(0.9, 0.08), 0.6, 1.1))
    long = rng.uniform(0.7, 1.1) * animal.whiskers
    return Features(
        Ears(*ears),
        Muzzle(*muzzle, nose_colour=animal.nose or scene.nose, whiskers=long),
        Eyes(*eyes, pupil=rng.uniform(0.7, 0.95), tilt=rng.normal(0, 0.08), colour=EYE, lid=scene.lid),
        Tail(*tail),
    )


_BEARS = one_of(coats.BROWN, coats.CHOCOLATE, coats.BLACK, coats.WHITE, coats.FAWN, coats.RED)
_MONKEYS = any_or(one_of(coats.BROWN, coats.CHOCOLATE, coats.GINGER, coats.GREY, coats.FAWN))
_GREYS = one_of((118, 118, 124), (140, 138, 138), (104, 104, 112))
_KOALAS = one_of(coats.GREY, coats.SILVER, (140, 132, 128))
_FACES = any_or(one_of(coats.CHARCOAL, coats.WHITE, coats.FAWN, coats.BLACK, coats.CREAM))

ANIMALS = {
    "bear": Animal(
        (0.42, 0.34, 0, 0.05, 0.74),
        (0.42, 0.44, 0.36, 0.4, 0.2),
        (0.13, 0.38),
        (0.4, 0.25, 0.2, 0.3, 0.3),
        _BEARS,
        zoo_drawers.draw_bear,
        nose=NIGHT,
    ),
    "beaver": Animal(
        (0.3, 0.26, 0, 0.1, 0.72),
        (0.3, 0.5, 0.36, 0.42, 0.16),
        (0.12, 0.46),
        (1.5, 0.5, 0.0, 0.3, -0.6),
        one_of(coats.BROWN, coats.CHOCOLATE, coats.RED, coats.CHARCOAL, coats.FAWN),
        zoo_drawers.draw_beaver,
        whiskers=0.6,
        nose=NIGHT,
    ),
    "cow": Animal(
        (0.75, 0.27, 0.3, 0.46, 0.8),
        (0.4, 0.58, 0.42, 0.6, 0.01),
        (0.16, 0.52),
        (2.2, 0.09, 0.0, 0.8, -0.7),
        make_coat,
        zoo_drawers.draw_cow,
    ),
    "deer": Animal(
        (0.85, 0.28, 0.4, 0.4, 0.75),
        (0.75, 0.33, 0.3, 0.55, 0.12),
        (0.18, 0.5),
        (0.5, 0.2, 0.2, 0.4, 0.8),
        one_of(coats.FAWN, coats.RED, coats.BROWN, coats.SAND, coats.GREY),
        zoo_drawers.draw_deer,
        nose=NIGHT,
    ),
    "donkey": Animal(
        (1.3, 0.24, 0.5, 0.12, 0.45),
        (0.9, 0.4, 0.42, 0.65, 0.02),
        (0.15, 0.54),
        (2.0, 0.12, 0.0, 1.0, -0.9),
        make_coat,
        zoo_drawers.draw_donkey,
    ),
    "elephant": Animal(
        (1, 1, 0, 0, 1),
        (0.1, 0.3, 0.3, 0.4, 0.1),
        (0.13, 0.5),
        (1.3, 0.08, 0.3, 0.5, -0.8),
        _GREYS,
        zoo_drawers.draw_elephant,
    ),
    "goat": Animal(
        (0.7, 0.2, 0.4, 0.6, 0.8),
        (0.6, 0.32, 0.3, 0.55, 0.12),
        (0.15, 0.46),
        (0.5, 0.15, 0.3, 0.4, 1.0),
        make_coat,
        zoo_drawers.draw_goat,
    ),
    "guinea pig": Animal(
        (0.5, 0.36, 0.1, 0.85, 0.85),
        (0.25, 0.44, 0.3, 0.4, 0.08),
        (0.17, 0.5),
        (0.1, 0.1, 0, 0, 0),
        make_coat,
        zoo_drawers.draw_rabbit,
        whiskers=0.4,
        nose=(214, 140, 138),
    ),
    "hamster": Animal(
        (0.36, 0.3, 0, 0.1, 0.7),
        (0.12, 0.32, 0.24, 0.42, 0.08),
        (0.18, 0.42),
        (0.15, 0.1, 0, 0, 0),
        make_coat,
        draw_creature,
        whiskers=0.6,
        nose=(214, 140, 138),
    ),
    "hedgehog": Animal(
        (0.35, 0.26, 0, 0.1, 0.66),
        (0.8, 0.28, 0.25, 0.36, 0.17),
        (0.15, 0.36),
        (0.3, 0.1, 0, 0, 0),
        one_of(coats.CREAM, coats.FAWN, coats.SAND),
        zoo_drawers.draw_hedgehog,
        nose=NIGHT,
    ),
    "horse": Animal(
        (0.55, 0.2, 0.9, 0.05, 0.42),
        (1.0, 0.36, 0.4, 0.7, 0.02),
        (0.15, 0.56),
        (2.2, 0.25, 0.3, 1.0, -0.9),
        make_coat,
        zoo_drawers.draw_horse,
    ),
    "koala": Animal(
        (0.8, 0.62, 0, 0.3, 0.86),
        (0.1, 0.36, 0.28, 0.5, 0.05),
        (0.13, 0.42),
        (0.2, 0.2, 0, 0, 0),
        _KOALAS,
        zoo_drawers.draw_koala,
    ),
    "monkey": Animal(
        (0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0),
        (0.16, 0.34),
        (3.2, 0.12, 0.2, 3.6, 0.9),
        _MONKEYS,
        zoo_drawers.draw_monkey,
    ),
    "mouse": Animal(
        (1.05, 0.66, 0, 0.2, 0.78),
        (0.5, 0.26, 0.22, 0.38, 0.12),
        (0.15, 0.38),
        (3.4, 0.07, 0.4, 1.2, 0.2),
        any_or(mouse_coat),
        draw_creature,
        whiskers=0.9,
        nose=(222, 140, 140),
    ),
    "panda": Animal(
        (0.45, 0.36, 0, 0.05, 0.76),
        (0.25, 0.4, 0.32, 0.42, 0.15),
        (0.13, 0.42),
        (0.3, 0.25, 0, 0, 0),
        one_of(coats.WHITE),
        zoo_drawers.draw_panda,
        nose=NIGHT,
    ),
    "pig": Animal(
        (0.66, 0.4, 0.8, 0.25, 0.62),
        (0.4, 0.42, 0.34, 0.42, 0.01),
        (0.13, 0.42),
        (1.6, 0.08, 0.2, 7.0, 0.8),
        any_or(pig_coat),
        zoo_drawers.draw_pig,
        lop=0.4,
    ),
    "rabbit": Animal(
        (1.75, 0.27, 0.2, 0.05, 0.36),
        (0.12, 0.36, 0.25, 0.4, 0.09),
        (0.2, 0.5),
        (0.5, 0.34, 0.0, 0.3, 0.6),
        make_coat,
        zoo_drawers.draw_rabbit,
        whiskers=0.7,
        nose=(214, 140, 138),
    ),
    "sheep": Animal(
        (0.7, 0.22, 0.3, 0.62, 0.66),
        (0.4, 0.36, 0.32, 0.55, 0.12),
        (0.15, 0.44),
        (0.6, 0.25, 0, 0, -0.6),
        _FACES,
        zoo_drawers.draw_sheep,
    ),
}
