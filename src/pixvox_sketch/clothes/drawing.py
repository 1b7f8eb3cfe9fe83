"""Clothes: ten kinds of garments, grey on black, drawn large, reduced to 28x28 like thumbnails.

Tops share one half-outline and shoes one last: shirts, T-shirts, pullovers, coats and dresses look alike, and
so do sandals, sneakers and boots. To add a kind, write a function of a generator that returns a `Cloth`.
"""

from functools import partial

import numpy as np

from pixvox_sketch.clothes.bags import draw_bag
from pixvox_sketch.clothes.cloth import Photo
from pixvox_sketch.clothes.sandals import draw_sandal
from pixvox_sketch.clothes.shoes import draw_boot, draw_sneaker
from pixvox_sketch.clothes.top_styles import draw_top_of
from pixvox_sketch.clothes.trousers import draw_trousers
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
    return Photo(
        mean, fill, (near(rng, 0, SHIFT), near(rng, 0, SHIFT)), near(rng, 0, TILT), near(rng, 1, STRETCH)
    )
