"""The zoo's mammals, none of them cats, dogs or kin of theirs: the measures, coats and drawer of each kind.

Lengths are in head radii, as in `pixvox_sketch.animals.head`. To add a kind, add a row to `HEADS` and
to `MAMMALS`.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pixvox_sketch.animals import coats
from pixvox_sketch.animals.body import Tail
from pixvox_sketch.animals.coats import Coat, make_coat
from pixvox_sketch.animals.head import Ears, Eyes, Muzzle
from pixvox_sketch.animals.whole_animal import Features, Scene, draw_creature
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.texture import mix, noise, patches, plain
from pixvox_sketch.zoo import mammals
from pixvox_sketch.zoo.mammals import NIGHT

EYE = (70, 46, 34)
RODENT_NOSE, MOUSE_NOSE = (214, 140, 138), (222, 140, 140)
PINK = (232, 176, 164)


def one_of(*colours) -> Callable:
    """Return a coat function: one of these colours, a little mottled, with a paler muzzle and chest."""

    def coat(rng, shape):
        colour = vary(rng, pick(rng, colours))
        pale = {name: (np.minimum(colour * 1.3 + 20, 248), 0.6) for name in ("muzzle", "chest")}
        return Coat(plain(shape, colour) + 8 * noise(rng, shape, slope=1.1)[..., None], pale)

    return coat


def any_or(coat: Callable) -> Callable:
    """Return a coat function: this coat or, more often, one that any animal may wear."""

    def mixed(rng, shape):
        return make_coat(rng, shape) if rng.random() < 0.6 else coat(rng, shape)

    return mixed


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


class Mammal(NamedTuple):
    """A kind of mammal."""

    coat: Callable  # function of (rng, shape) that returns a `Coat`
    draw: Callable  # function of (canvas, scene, features)
    tail: tuple  # length, half width, taper, curl, raised, as in `Tail`
    lop: float = 0.0  # share with hanging ears
    whiskers: float = 0.0  # their length
    nose: tuple | None = None  # its colour, or None for the scene's


_BEARS = one_of(coats.BROWN, coats.CHOCOLATE, coats.BLACK, coats.WHITE, coats.FAWN, coats.RED)
_BEAVERS = one_of(coats.BROWN, coats.CHOCOLATE, coats.RED, coats.CHARCOAL, coats.FAWN)
_DEER = one_of(coats.FAWN, coats.RED, coats.BROWN, coats.SAND, coats.GREY)
_MONKEYS = any_or(one_of(coats.BROWN, coats.CHOCOLATE, coats.GINGER, coats.GREY, coats.FAWN))
_GREYS = one_of((118, 118, 124), (140, 138, 138), (104, 104, 112))
_HEDGEHOGS = one_of(coats.CREAM, coats.FAWN, coats.SAND)
_KOALAS = one_of(coats.GREY, coats.SILVER, (140, 132, 128))
_SHEEP = any_or(one_of(coats.CHARCOAL, coats.WHITE, coats.FAWN, coats.BLACK, coats.CREAM))

MAMMALS = {
    "bear": Mammal(_BEARS, mammals.draw_bear, (0.4, 0.25, 0.2, 0.3, 0.3), nose=NIGHT),
    "beaver": Mammal(_BEAVERS, mammals.draw_beaver, (1.5, 0.5, 0.0, 0.3, -0.6), whiskers=0.6, nose=NIGHT),
    "cow": Mammal(make_coat, mammals.draw_cow, (2.2, 0.09, 0.0, 0.8, -0.7)),
    "deer": Mammal(_DEER, mammals.draw_deer, (0.5, 0.2, 0.2, 0.4, 0.8), nose=NIGHT),
    "donkey": Mammal(make_coat, mammals.draw_donkey, (2.0, 0.12, 0.0, 1.0, -0.9)),
    "elephant": Mammal(_GREYS, mammals.draw_elephant, (1.3, 0.08, 0.3, 0.5, -0.8)),
    "goat": Mammal(make_coat, mammals.draw_goat, (0.5, 0.15, 0.3, 0.4, 1.0)),
    "guinea pig": Mammal(make_coat, mammals.draw_rabbit, (0.1, 0.1, 0, 0, 0), whiskers=0.4, nose=RODENT_NOSE),
    "hamster": Mammal(make_coat, draw_creature, (0.15, 0.1, 0, 0, 0), whiskers=0.6, nose=RODENT_NOSE),
    "hedgehog": Mammal(_HEDGEHOGS, mammals.draw_hedgehog, (0.3, 0.1, 0, 0, 0), nose=NIGHT),
    "horse": Mammal(make_coat, mammals.draw_horse, (2.2, 0.25, 0.3, 1.0, -0.9)),
    "koala": Mammal(_KOALAS, mammals.draw_koala, (0.2, 0.2, 0, 0, 0)),
    "monkey": Mammal(_MONKEYS, mammals.draw_monkey, (3.2, 0.12, 0.2, 3.6, 0.9)),
    "mouse": Mammal(
        any_or(mouse_coat), draw_creature, (3.4, 0.07, 0.4, 1.2, 0.2), whiskers=0.9, nose=MOUSE_NOSE
    ),
    "panda": Mammal(one_of(coats.WHITE), mammals.draw_panda, (0.3, 0.25, 0, 0, 0), nose=NIGHT),
    "pig": Mammal(any_or(pig_coat), mammals.draw_pig, (1.6, 0.08, 0.2, 7.0, 0.8), lop=0.4),
    "rabbit": Mammal(
        make_coat, mammals.draw_rabbit, (0.5, 0.34, 0.0, 0.3, 0.6), whiskers=0.7, nose=RODENT_NOSE
    ),
    "sheep": Mammal(_SHEEP, mammals.draw_sheep, (0.6, 0.25, 0, 0, -0.6)),
}
# Ears: length, half width, point, droop, apart. Muzzle: length, half width, half height, drop, nose.
# Eyes: size, apart; the pupil is large and the eye round.
HEADS = {
    "bear": ((0.42, 0.34, 0, 0.05, 0.74), (0.42, 0.44, 0.36, 0.4, 0.2), (0.13, 0.38)),
    "beaver": ((0.3, 0.26, 0, 0.1, 0.72), (0.3, 0.5, 0.36, 0.42, 0.16), (0.12, 0.46)),
    "cow": ((0.75, 0.27, 0.3, 0.46, 0.8), (0.4, 0.58, 0.42, 0.6, 0.01), (0.16, 0.52)),
    "deer": ((0.85, 0.28, 0.4, 0.4, 0.75), (0.75, 0.33, 0.3, 0.55, 0.12), (0.18, 0.5)),
    "donkey": ((1.3, 0.24, 0.5, 0.12, 0.45), (0.9, 0.4, 0.42, 0.65, 0.02), (0.15, 0.54)),
    "elephant": ((1, 1, 0, 0, 1), (0.1, 0.3, 0.3, 0.4, 0.1), (0.13, 0.5)),
    "goat": ((0.7, 0.2, 0.4, 0.6, 0.8), (0.6, 0.32, 0.3, 0.55, 0.12), (0.15, 0.46)),
    "guinea pig": ((0.5, 0.36, 0.1, 0.85, 0.85), (0.25, 0.44, 0.3, 0.4, 0.08), (0.17, 0.5)),
    "hamster": ((0.36, 0.3, 0, 0.1, 0.7), (0.12, 0.32, 0.24, 0.42, 0.08), (0.18, 0.42)),
    "hedgehog": ((0.35, 0.26, 0, 0.1, 0.66), (0.8, 0.28, 0.25, 0.36, 0.17), (0.15, 0.36)),
    "horse": ((0.55, 0.2, 0.9, 0.05, 0.42), (1.0, 0.36, 0.4, 0.7, 0.02), (0.15, 0.56)),
    "koala": ((0.8, 0.62, 0, 0.3, 0.86), (0.1, 0.36, 0.28, 0.5, 0.05), (0.13, 0.42)),
    "monkey": ((0, 0, 0, 0, 0), (0, 0, 0, 0, 0), (0.16, 0.34)),
    "mouse": ((1.05, 0.66, 0, 0.2, 0.78), (0.5, 0.26, 0.22, 0.38, 0.12), (0.15, 0.38)),
    "panda": ((0.45, 0.36, 0, 0.05, 0.76), (0.25, 0.4, 0.32, 0.42, 0.15), (0.13, 0.42)),
    "pig": ((0.66, 0.4, 0.8, 0.25, 0.62), (0.4, 0.42, 0.34, 0.42, 0.01), (0.13, 0.42)),
    "rabbit": ((1.75, 0.27, 0.2, 0.05, 0.36), (0.12, 0.36, 0.25, 0.4, 0.09), (0.2, 0.5)),
    "sheep": ((0.7, 0.22, 0.3, 0.62, 0.66), (0.4, 0.36, 0.32, 0.55, 0.12), (0.15, 0.44)),
}


def make_features(kind: str, scene: Scene, rng) -> Features:
    """Draw the parts of a mammal of a kind: each number varies by a seventh of itself."""
    mammal, rows = MAMMALS[kind], (*HEADS[kind], MAMMALS[kind].tail)
    ears, muzzle, eyes, tail = ([float(value * rng.normal(1, 0.14)) for value in row] for row in rows)
    if rng.random() < mammal.lop:
        ears[3] = float(np.clip(rng.normal(0.9, 0.08), 0.6, 1.1))
    long = rng.uniform(0.7, 1.1) * mammal.whiskers
    return Features(
        Ears(*ears),
        Muzzle(*muzzle, nose_colour=mammal.nose or scene.nose, whiskers=long),
        Eyes(*eyes, pupil=rng.uniform(0.7, 0.95), tilt=rng.normal(0, 0.08), colour=EYE, lid=scene.lid),
        Tail(*tail),
    )
