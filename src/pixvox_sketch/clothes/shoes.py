"""Sneakers and ankle boots from the side, the toe to the left: sole, upper, and what is sewn or laced on."""

import numpy as np

from pixvox_sketch.clothes import prints as garment_prints
from pixvox_sketch.clothes.cloth import Cloth, draw_tone
from pixvox_sketch.clothes.shoe_parts import (
    Last,
    Upper,
    draw_boot_sole,
    draw_laces,
    draw_panels,
    draw_side,
    draw_sneaker_sole,
    outline_sole,
    outline_upper,
)
from pixvox_sketch.engine.chance import chosen, near
from pixvox_sketch.engine.outlines import curve

SNEAKER_PRINTS = {
    "plain": 58,
    "heather": 16,
    "washed": 10,
    "scaled": 5,
    "dotted": 3,
    "checked": 4,
    "flowered": 4,
}
SNEAKER_LAST = ((0.08, 0.03), (0.16, 0.045), (0.09, 0.03), (0.24, 0.04))  # height, platform, spring, toe
BOOT_PRINTS = {"plain": 66, "washed": 18, "heather": 9, "scaled": 7}
HIGH_TOPS = 0.2  # share of sneakers that reach over the ankle
SLIP_ONS = 0.16  # share of sneakers without laces
LOW_BOOTS = 0.2  # share of boots that end below it
SPORTY_BOOTS = 0.25  # share of flat boots with a sneaker's sole
HEELS = {"flat": 50, "block": 34, "wedge": 6, "thin": 10}  # of boots
HEIGHTS = {"flat": (0.1, 0.04), "block": (0.4, 0.15), "wedge": (0.4, 0.12), "thin": (0.72, 0.15)}


def draw_sneaker(rng) -> Cloth:
    """Draw a sneaker; return the table it lies on."""
    last = Last("flat", *(near(rng, *row) for row in SNEAKER_LAST), point=0.0)
    slips_on = rng.random() < SLIP_ONS
    upper = _sneaker_upper(rng, slips_on)
    cloth, tone = _begin(rng, last, upper), draw_tone(rng)
    pattern = getattr(garment_prints, chosen(rng, SNEAKER_PRINTS))(rng)
    if not slips_on:
        _tongue(cloth, last, upper, tone)
    mask = cloth.fill(outline_upper(last, upper), tone, pattern=pattern, fold=0.05)
    draw_panels(cloth, last, upper, mask=mask, strength=0.16)
    if not slips_on:
        draw_side(cloth, last, mask=mask, tone=tone)
        draw_laces(cloth, last, upper, tone=tone, count=int(rng.integers(4, 7)))
    draw_sneaker_sole(cloth, last)
    return cloth


def draw_boot(rng) -> Cloth:
    """Draw an ankle boot; return the table it lies on."""
    heel = chosen(rng, HEELS)
    height = near(rng, *HEIGHTS[heel])
    platform = near(rng, 0.11, 0.035) + 0.06 * (rng.random() < 0.15)
    spring, toe = near(rng, 0.04, 0.02), near(rng, 0.24, 0.035)
    point = near(rng, 0.1, 0.05) if heel == "flat" else near(rng, 0.4, 0.25)
    last = Last(heel, height, platform, spring, toe, point)
    upper = _boot_upper(rng)
    cloth, tone = _begin(rng, last, upper), draw_tone(rng)
    pattern = getattr(garment_prints, chosen(rng, BOOT_PRINTS))(rng)
    sporty = heel == "flat" and rng.random() < SPORTY_BOOTS
    if not sporty:
        draw_boot_sole(cloth, last, tone)
    mask = cloth.fill(outline_upper(last, upper), tone, pattern=pattern, fold=0.1)
    _boot_details(cloth, last, upper, mask, tone)
    if sporty:
        draw_sneaker_sole(cloth, last)
    return cloth


def _begin(rng, last: Last, upper: Upper) -> Cloth:
    """Lay out a table for a shoe."""
    loop = last.above(1.0, upper.back + 0.2)  # by which a boot is pulled on
    outlines = [outline_upper(last, upper), outline_sole(last), [(0.0, 0.0), (last.length, 0.0), loop]]
    return Cloth(rng, outlines, light=(-0.3, -0.9))


def _sneaker_upper(rng, slips_on: bool) -> Upper:
    """Draw the measures of a sneaker's upper."""
    if slips_on:
        vamp, back = near(rng, 0.38, 0.04), near(rng, 0.58, 0.07)
        return Upper(vamp, 0.44, vamp + 0.08, near(rng, 0.52, 0.06), back, near(rng, 0.12, 0.04), 0.54)
    if rng.random() < HIGH_TOPS:
        top, vamp, throat = near(rng, 1.02, 0.12), near(rng, 0.42, 0.03), near(rng, 0.5, 0.02)
        return Upper(vamp, throat, 0.66, top, top + near(rng, 0, 0.05), 0.05, 0.58)
    front, back = near(rng, 0.74, 0.07), near(rng, 0.66, 0.07)
    vamp, throat = near(rng, 0.4, 0.04), near(rng, 0.46, 0.03)
    return Upper(vamp, throat, (vamp + front) / 2 + 0.02, front, back, near(rng, 0.16, 0.05), 0.58)


def _boot_upper(rng) -> Upper:
    """Draw the measures of a boot's upper."""
    if rng.random() < LOW_BOOTS:
        top = near(rng, 0.88, 0.06)
        return Upper(near(rng, 0.42, 0.04), 0.48, 0.62, top, top, near(rng, 0.06, 0.04), 0.58)
    top = near(rng, 1.28, 0.2)
    slant, vamp, throat = near(rng, 0.04, 0.06), near(rng, 0.42, 0.04), near(rng, 0.72, 0.04)
    return Upper(vamp, 0.52, throat, top, top - slant, near(rng, 0.03, 0.04), near(rng, 0.57, 0.03))


def _tongue(cloth: Cloth, last: Last, upper: Upper, tone: float) -> None:
    """Draw the lining at the back and the tongue that stands out of the opening."""
    x, y = last.above(upper.narrow, upper.front)
    tongue = curve([(x - 0.16, y + 0.16), (x - 0.04, y - 0.1), (x + 0.1, y - 0.1), (x + 0.18, y + 0.2)])
    cloth.fill(tongue, tone * 0.85, relief=0.5, fold=0.0)
    right, back = last.above(0.95, upper.back)
    lining = [(x + 0.02, y), (right, back + 0.03), (right - 0.05, back + 0.25), (x + 0.2, y + 0.3)]
    cloth.fill(lining, tone * 0.5, relief=0.3, fold=0.0)


def _boot_details(cloth: Cloth, last: Last, upper: Upper, mask: np.ndarray, tone: float) -> None:
    """Draw what makes a boot: elastic sides, laces, a zip, a buckle, a turned-down cuff."""
    rng = cloth.rng
    bed = last.bed(np.linspace(0, 1, 12))
    cloth.lines([bed - (0, 0.035)], -0.4, width=0.05, within=mask)
    kind = chosen(rng, {"elastic": 26, "laced": 32, "zip": 14, "buckle": 14, "plain": 14})
    if kind == "elastic":
        half, top = 0.09, min(upper.front, upper.back) - 0.04
        points = [(0.72 - half, top), (0.72 + half, top), (0.75, 0.42), (0.71, 0.38)]
        cloth.stamp(last.path(*points), -rng.uniform(0.4, 0.6), within=mask)
    elif kind == "laced":
        draw_laces(cloth, last, upper, tone=tone, count=int(rng.integers(5, 9)))
    elif kind == "zip":
        path = last.path((0.75, 0.1), (0.76, upper.front))
        cloth.lines([path], -0.5, width=0.09, within=mask)
        cloth.lines([path], 0.9, width=0.03, within=mask)
    elif kind == "buckle":
        height = rng.uniform(0.45, 0.8)
        strap = curve(last.path((0.45, height - 0.1), (0.7, height - 0.04), (1.02, height)))
        cloth.lines([strap], -0.4, width=0.15, within=mask)
        cloth.dots([last.above(0.72, height)], 1.2, radius=0.06)
    if rng.random() < 0.3:
        draw_panels(cloth, last, upper, mask=mask, strength=0.1)
    _cuff(cloth, last, upper, mask)
    creases = [last.path((0.34, 0.1 + y), (0.47, 0.34 + y)) for y in (0.0, 0.1)]
    cloth.lines(creases, -0.16, width=0.05, within=mask)


def _cuff(cloth: Cloth, last: Last, upper: Upper, mask: np.ndarray) -> None:
    """Draw a boot's upper edge: a seam, or a turned-down cuff."""
    rng = cloth.rng
    deep = rng.uniform(0.16, 0.32) if rng.random() < 0.25 else 0.07
    low = [(0.4, upper.front - deep), (1.1, upper.back - deep)]
    outline = last.path(*low, (1.1, upper.back + 0.3), (0.4, upper.front + 0.3))
    if deep > 0.1:
        cloth.stamp(outline, rng.choice([-0.3, 0.22]), within=mask)
    cloth.lines([outline[:2]], -0.36, width=0.05, within=mask)
    if rng.random() < 0.3:
        pull = last.path((0.97, upper.back - 0.05), (1.0, upper.back + 0.12))
        cloth.cord(pull, 0.5, width=0.09)
