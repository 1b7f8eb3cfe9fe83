"""Coats of the zoo's furry animals: functions of (rng, shape) that draw a `Coat`."""

from collections.abc import Callable

import numpy as np

from pixvox_sketch.animals import coats
from pixvox_sketch.animals.coats import Coat, make_coat
from pixvox_sketch.engine.texture import mix, noise, patches, pick, plain, vary

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
