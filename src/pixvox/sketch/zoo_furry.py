"""Furry animals that are neither cats nor dogs nor kin of theirs: the same heads and bodies, other parts.

Each kind is a row of `ANIMALS`. Lengths are in head radii, as in `pixvox.sketch.head`.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pixvox.sketch import coats, zoo_drawers
from pixvox.sketch.body import Tail
from pixvox.sketch.coats import Coat, make_coat
from pixvox.sketch.creature import Features, Scene, draw_creature
from pixvox.sketch.head import Ears, Eyes, Muzzle
from pixvox.sketch.texture import mix, noise, patches, pick, plain, vary
from pixvox.sketch.zoo_drawers import NIGHT

PINK = (232, 176, 164)
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
    """Draw the parts of an animal of a kind: each number varies by a tenth of itself."""
    animal = ANIMALS[kind]
    rows = (animal.ears, animal.muzzle, animal.eyes, animal.tail)
    ears, muzzle, eyes, tail = ([float(value * rng.normal(1, 0.1)) for value in row] for row in rows)
    if rng.random() < animal.lop:
        ears[3] = float(np.clip(rng.normal(0.9, 0.08), 0.6, 1.1))
    long = rng.uniform(0.7, 1.1) * animal.whiskers
    return Features(
        Ears(*ears),
        Muzzle(*muzzle, nose_colour=animal.nose or scene.nose, whiskers=long),
        Eyes(*eyes, pupil=rng.uniform(0.7, 0.95), tilt=rng.normal(0, 0.08), colour=EYE, lid=scene.lid),
        Tail(*tail),
    )


def one_of(*colours) -> Callable:
    """Return a coat function: one of these colours, a little mottled, with a paler muzzle and chest."""

    def coat(rng, shape):
        colour = vary(rng, pick(rng, colours))
        pale = {name: (np.minimum(colour * 1.3 + 20, 248), 0.6) for name in ("muzzle", "chest")}
        return Coat(plain(shape, colour) + 8 * noise(rng, shape, slope=1.1)[..., None], pale)

    return coat


def cow_coat(rng, shape) -> Coat:
    """Draw patches of black or brown on white, or one colour, with a pink muzzle."""
    dark = vary(rng, pick(rng, (coats.BLACK, coats.BROWN, coats.RED, coats.CHOCOLATE)))
    share = pick(rng, (0.45, 0.55, 0.98))
    field = mix(plain(shape, vary(rng, coats.WHITE, 4)), dark, patches(rng, shape, share=share, slope=2.0))
    return Coat(field, {"muzzle": (vary(rng, PINK), 0.85), "tail": (dark, 0.6)})


def pig_coat(rng, shape) -> Coat:
    """Draw pink, now and then with dark patches."""
    field = plain(shape, vary(rng, PINK, 6)) + 5 * noise(rng, shape, slope=1.2)[..., None]
    if rng.random() < 0.3:
        field = mix(field, vary(rng, coats.CHARCOAL), patches(rng, shape, share=0.3, slope=2.0))
    return Coat(field, {"paws": (vary(rng, coats.BROWN), 0.5)})


def mouse_coat(rng, shape) -> Coat:
    """Draw one colour, with pink ears and tail."""
    coat = one_of(coats.GREY, coats.BROWN, coats.FAWN, coats.WHITE, coats.CHARCOAL)(rng, shape)
    return Coat(coat.field, {**coat.tints, "tail": (PINK, 0.8), "paws": (PINK, 0.6), "ears": (PINK, 0.25)})


_BEARS = one_of(coats.BROWN, coats.CHOCOLATE, coats.BLACK, coats.WHITE, coats.FAWN, coats.RED)
_MONKEYS = one_of(coats.BROWN, coats.CHOCOLATE, coats.GINGER, coats.BLACK, coats.GREY, coats.FAWN)
_GREYS = one_of((118, 118, 124), (140, 138, 138), (104, 104, 112))
_KOALAS = one_of(coats.GREY, coats.SILVER, (140, 132, 128))
_FACES = one_of(coats.CHARCOAL, coats.WHITE, coats.FAWN, coats.BLACK, coats.CREAM)

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
    "cow": Animal(
        (0.75, 0.27, 0.3, 0.46, 0.8),
        (0.4, 0.58, 0.42, 0.6, 0.01),
        (0.16, 0.52),
        (2.2, 0.09, 0.0, 0.8, -0.7),
        cow_coat,
        zoo_drawers.draw_cow,
    ),
    "elephant": Animal(
        (1, 1, 0, 0, 1),
        (0.1, 0.3, 0.3, 0.4, 0.1),
        (0.13, 0.5),
        (1.3, 0.08, 0.3, 0.5, -0.8),
        _GREYS,
        zoo_drawers.draw_elephant,
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
        mouse_coat,
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
        pig_coat,
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
        lop=0.3,
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
