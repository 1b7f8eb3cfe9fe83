"""Coats: the colours and patterns of fur, believable ones, the same for every animal that wears them."""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.texture import grid, mix, noise, patches, plain, spots, stripes

BLACK, CHARCOAL, GREY, SILVER = (42, 38, 39), (76, 73, 74), (126, 125, 127), (172, 171, 170)
WHITE, CREAM, FAWN, SAND = (238, 233, 224), (226, 204, 166), (196, 158, 112), (206, 182, 144)
GINGER, RED, BROWN, CHOCOLATE = (208, 132, 66), (164, 92, 50), (118, 84, 58), (80, 56, 44)
DARK = (BLACK, CHARCOAL, BROWN, CHOCOLATE, RED)
ALL = (BLACK, CHARCOAL, GREY, SILVER, WHITE, CREAM, FAWN, SAND, GINGER, RED, BROWN, CHOCOLATE)
TABBY = ((BROWN, BLACK), (SILVER, CHARCOAL), (GINGER, RED), (CREAM, GINGER), (FAWN, CHOCOLATE), (GREY, BLACK))


class Coat(NamedTuple):
    """The colours of an animal.

    Attributes:
        field: float32 (height, width, 3), 0 to 255, over the whole canvas.
        tints: part name ("ears", "muzzle", "tail", "chest", "paws", "head") -> (colour, share 0 to 1);
            parts that are not named have the field's colours.
    """

    field: np.ndarray
    tints: dict


def make_coat(rng, shape: tuple[int, int]) -> Coat:
    """Draw a coat from the one distribution that all furry animals share."""
    field, tints = pick(rng, PATTERNS)(rng, shape)
    if rng.random() < 0.3:
        tints = {**tints, **dict.fromkeys(("muzzle", "chest", "paws"), (vary(rng, WHITE, 4), 0.85))}
    return Coat(field + 6 * noise(rng, shape, slope=1.1)[..., None], tints)


def one_colour(rng, shape):
    """The same colour everywhere, a little lighter below."""
    colour = vary(rng, pick(rng, ALL))
    _, y = grid(shape)
    return mix(plain(shape, colour), np.minimum(colour * 1.25, 245), 0.6 * np.clip(y - 0.4, 0, 1)), {}


def tabby(rng, shape):
    """Stripes, darker than the ground and of its kind."""
    ground, stripe = (vary(rng, colour) for colour in pick(rng, TABBY))
    field = stripes(rng, shape, period=rng.uniform(0.07, 0.13), warp=rng.uniform(0.02, 0.05))
    return mix(plain(shape, ground), stripe, 0.62 * field), {"tail": (stripe, 0.3)}


def bicolour(rng, shape):
    """White with large patches of one colour."""
    field = patches(rng, shape, share=rng.uniform(0.35, 0.7), slope=2.1)
    return mix(plain(shape, vary(rng, WHITE, 4)), vary(rng, pick(rng, (*DARK, GINGER, GREY))), field), {}


def tortoiseshell(rng, shape):
    """Black and ginger, finely mixed; sometimes on white."""
    field = mix(plain(shape, vary(rng, BLACK)), vary(rng, GINGER), patches(rng, shape, share=0.45, slope=1.6))
    if rng.random() < 0.5:
        field = mix(field, vary(rng, WHITE, 4), patches(rng, shape, share=0.4, slope=2.1))
    return field, {}


def spotted(rng, shape):
    """Round spots on a pale ground."""
    ground = vary(rng, pick(rng, (WHITE, WHITE, CREAM, SILVER)), 5)
    field = spots(rng, shape, count=int(rng.integers(25, 55)), radius=rng.uniform(0.025, 0.045))
    return mix(plain(shape, ground), vary(rng, pick(rng, DARK)), 0.9 * field), {}


def saddled(rng, shape):
    """Dark above and tan below, with a tan muzzle and paws."""
    _, y = grid(shape)
    below = np.clip((y - rng.uniform(0.5, 0.8) + 0.06 * noise(rng, shape)) * 6, 0, 1)
    tan = vary(rng, pick(rng, (FAWN, GINGER, RED)))
    field = mix(plain(shape, vary(rng, pick(rng, (BLACK, CHARCOAL, CHOCOLATE)))), tan, 0.8 * below)
    return field, {name: (tan, 0.8) for name in ("muzzle", "paws", "chest")}


def pointed(rng, shape):
    """Pale, with dark ears, muzzle, paws and tail."""
    dark = vary(rng, pick(rng, (BLACK, CHARCOAL, CHOCOLATE)))
    tints = {name: (dark, 0.7) for name in ("ears", "muzzle", "tail", "paws")}
    return plain(shape, vary(rng, pick(rng, (CREAM, FAWN, SAND, WHITE)))), tints


PATTERNS = (one_colour, one_colour, tabby, tabby, bicolour, tortoiseshell, spotted, saddled, pointed)
