"""Bags: one half-outline, mirrored; handles, flaps, clasps, pockets and seams.

Units: the half width at the bag's bottom is about 1; the upper edge is at y = 0.
"""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.clothes import prints as garment_prints
from pixvox_sketch.clothes.cloth import Cloth, draw_tone
from pixvox_sketch.engine.chance import chosen, near
from pixvox_sketch.engine.outlines import box, curve, flipped, mirrored, turned

PRINTS = {
    "plain": 58,
    "quilted": 8,
    "scaled": 6,
    "checked": 5,
    "heather": 8,
    "flowered": 5,
    "washed": 6,
    "striped": 4,
}
KINDS = {"tote": 24, "satchel": 20, "box": 16, "clutch": 12, "hobo": 12, "round": 8, "shopper": 8}
ROUND = 0.2  # with more bulge, a bag is an oval


class Shape(NamedTuple):
    """The measures of a bag."""

    top: float  # half width of the upper edge
    height: float
    corner: float  # how round the lower corners are
    bulge: float  # how far the sides swell
    sag: float  # how far the middle of the upper edge hangs
    handle: str  # "arches", "arch", "strap" or ""
    reach: float  # height of the handle


SHAPES = {  # means of top, height, corner, bulge, sag and the handle's reach
    "tote": (1.05, 1.5, 0.12, 0.03, 0.03, 0.95),
    "satchel": (0.86, 1.2, 0.22, 0.06, -0.04, 0.55),
    "box": (0.96, 1.25, 0.12, 0.02, 0.0, 1.1),
    "clutch": (0.98, 0.95, 0.1, 0.02, 0.0, 0.8),
    "hobo": (0.85, 1.1, 0.5, 0.12, 0.3, 0.9),
    "round": (0.5, 1.6, 0.75, 0.45, -0.1, 0.6),
    "shopper": (0.8, 1.95, 0.14, 0.03, 0.04, 0.7),
}
SPREADS = (0.07, 0.18, 0.05, 0.025, 0.03, 0.22)
HANDLES = {
    "tote": {"arches": 8, "arch": 2},
    "satchel": {"arches": 5, "arch": 4, "strap": 2},
    "box": {"strap": 5, "arch": 3, "": 3},
    "clutch": {"": 7, "strap": 3},
    "hobo": {"arch": 6, "strap": 2},
    "round": {"arch": 4, "strap": 4, "": 3},
    "shopper": {"arches": 6, "strap": 3, "arch": 2},
}


def draw_bag(rng) -> Cloth:
    """Draw a bag; return the table it lies on."""
    kind = chosen(rng, KINDS)
    measures = [near(rng, *row) for row in zip(SHAPES[kind], SPREADS, strict=True)]
    shape = Shape(*measures[:5], chosen(rng, HANDLES[kind]), max(0.25, measures[5]))
    tilt = near(rng, 0, 0.03)
    outline = turned(_outline(shape), tilt)
    top = -shape.reach if shape.handle else 0.0
    cloth = Cloth(rng, [outline, [(0.0, top)]], light=(-0.4, -0.7))
    tone, name = draw_tone(rng), chosen(rng, PRINTS)
    _draw_handle(cloth, shape, tone, front=False)
    mask = cloth.fill(outline, tone, pattern=getattr(garment_prints, name)(rng), fold=near(rng, 0.07, 0.03))
    _draw_front(cloth, shape, tone, mask, kind)
    _draw_handle(cloth, shape, tone, front=True)
    if rng.random() < 0.15:
        _hang_charm(cloth, shape, tone)
    return cloth


def _outline(shape: Shape) -> np.ndarray:
    """Return a bag's outline (n, 2)."""
    corner, deep = shape.corner, shape.height
    if shape.bulge > ROUND:
        angles = np.linspace(0, np.pi, 14)
        x, down = 1.1 * np.sin(angles) ** 0.8, np.cos(angles)
        return mirrored(np.stack([x, deep / 2 * (1 - np.sign(down) * np.abs(down) ** 0.9)], axis=1))
    edge = curve([(0, shape.sag), (shape.top * 0.55, shape.sag * 0.7), (shape.top, 0.0)])
    side = [(shape.top, 0.0), ((1 + shape.top) / 2 + shape.bulge, deep * 0.48), (1.0, deep - corner)]
    side += [(1.0 - 0.3 * corner, deep - 0.3 * corner), (1.0 - corner, deep)]
    return mirrored(np.concatenate([edge, curve(side), [(0, deep + 0.02)]]))


def _draw_handle(cloth: Cloth, shape: Shape, tone: float, *, front: bool) -> None:
    """Draw the handle that is before the bag or the one behind it."""
    if not shape.handle or (front and shape.handle != "arches"):
        return
    if shape.handle == "strap":
        _draw_strap(cloth, shape, tone)
        return
    foot = shape.top * (0.5 if shape.handle == "arches" else 0.82)
    low = shape.sag + 0.2
    high = shape.reach * (0.94 if front else 1.0)
    half = curve([(0, -high), (foot * 0.55, -high * 0.94), (foot * 0.94, -high * 0.45), (foot, low)])
    spine = np.concatenate([flipped(half)[::-1], half[1:]])
    cloth.cord(spine, tone * (1.0 if front else 0.68), width=0.13)
    if front:
        cloth.dots([(-foot, low), (foot, low)], 0.9 if tone < 0.65 else -0.6, radius=0.09)


def _draw_strap(cloth: Cloth, shape: Shape, tone: float) -> None:
    """Draw a long strap that rises from both ends, slack or drawn up."""
    rng = cloth.rng
    lean, high = near(rng, 0, 0.2), shape.reach
    foot, knee = np.array([shape.top * 0.97, 0.1]), np.array([shape.top * 0.7, -high * 0.6])
    spine = curve([flipped(foot), flipped(knee), (lean, -high), knee, foot])
    cloth.cord(spine, tone * 0.85, width=near(rng, 0.09, 0.015))


def _draw_front(cloth: Cloth, shape: Shape, tone: float, mask: np.ndarray, kind: str) -> None:
    """Draw what a bag's front has: a flap, a zip, a pocket, belts or trimmings."""
    rng = cloth.rng
    flaps = 8 if kind in ("box", "clutch", "satchel") else 3
    draw = chosen(rng, {_flap: flaps, _zip: 3, _pocket: 2, _belts: 1, _trim: 2, None: 1})
    if draw:
        draw(cloth, shape, tone, mask)
    cloth.lines([_outline(shape) * (0.93, 0.94) + (0, 0.03 * shape.height)], -0.16, width=0.035, within=mask)


def _flap(cloth: Cloth, shape: Shape, tone: float, mask: np.ndarray) -> None:
    """Draw a flap, straight, round or pointed, and its clasp."""
    rng = cloth.rng
    deep, wide = shape.height * rng.uniform(0.4, 0.7), shape.top * 1.02
    corner = rng.uniform(0.55, 0.95)
    edge = [(wide, shape.sag * 0.3), (wide * 1.02, deep * 0.6), (wide * corner, deep * 0.93), (0, deep)]
    half = np.concatenate([[(0, shape.sag)], curve(edge)])
    flap = cloth.fill(mirrored(half), tone * rng.uniform(0.92, 1.12), relief=0.6, fold=0.06, shadow=0.5)
    cloth.lines([curve(edge) * (0.95, 0.95), curve(edge) * (-0.95, 0.95)], -0.2, width=0.035, within=flap)
    cloth.lines([mirrored(curve(edge))], -0.5, width=0.06, within=mask)
    size = near(rng, 0.11, 0.03)
    clasp = box(-1, -0.8, 1, 0.8) * size + (0, deep - 0.06)
    cloth.stamp(clasp, 0.9 if tone < 0.65 else -0.6)


def _zip(cloth: Cloth, shape: Shape, tone: float, mask: np.ndarray) -> None:
    """Draw a zip below the upper edge, and its tag."""
    y = shape.sag + near(cloth.rng, 0.2, 0.05)
    line = curve([(-0.85 * shape.top, y - 0.6 * shape.sag), (0, y), (0.85 * shape.top, y - 0.6 * shape.sag)])
    cloth.lines([line], -0.6, width=0.08, within=mask)
    cloth.lines([line + (0, 0.07)], 0.2, width=0.04, within=mask)
    cloth.lines([[(0.6 * shape.top, y), (0.62 * shape.top, y + 0.3)]], -0.5, width=0.08, within=mask)


def _pocket(cloth: Cloth, shape: Shape, tone: float, mask: np.ndarray) -> None:
    """Draw a pocket on the front."""
    rng = cloth.rng
    wide, top = rng.uniform(0.5, 0.8), shape.height * rng.uniform(0.4, 0.55)
    low = shape.height * 0.92
    corners = [(-wide, top), (wide, top), (wide, low - 0.1), (wide - 0.1, low), (0.1 - wide, low)]
    pocket = np.array([*corners, (-wide, low - 0.1)])
    cloth.fill(pocket, tone * 1.06, relief=0.5, fold=0.05, shadow=0.35)
    cloth.lines([pocket[:2] + (0, 0.06)], -0.5, width=0.07, within=mask)
    if rng.random() < 0.5:
        garment_prints.draw_motif(cloth, (0, (top + low) / 2), 0.2, -0.5 if tone > 0.55 else 0.7)


def _belts(cloth: Cloth, shape: Shape, tone: float, mask: np.ndarray) -> None:
    """Draw two belts with buckles down the front."""
    change = -0.45 if tone > 0.5 else 0.6
    paths = [[(sign * 0.5 * shape.top, 0), (sign * 0.55, shape.height * 0.75)] for sign in (-1, 1)]
    cloth.lines(paths, change, width=0.16, within=mask)
    cloth.dots([path[1] for path in paths], -change, radius=0.1)


def _trim(cloth: Cloth, shape: Shape, tone: float, mask: np.ndarray) -> None:
    """Draw a bottom, a rim or sides of another leather."""
    rng, change = cloth.rng, (-0.45 if tone > 0.5 else 0.6)
    low = shape.height * rng.uniform(0.66, 0.8)
    if rng.random() < 0.6:
        cloth.stamp(box(-3, low, 3, 5), change, within=mask)
    rim = shape.sag + rng.uniform(0.14, 0.24)
    cloth.stamp(box(-3, -1, 3, rim), change * 0.8, within=mask)
    if rng.random() < 0.5:
        garment_prints.draw_motif(cloth, (0, shape.height * 0.5), 0.26, change)


def _hang_charm(cloth: Cloth, shape: Shape, tone: float) -> None:
    """Hang a tassel or a tag from a handle's foot."""
    x = shape.top * cloth.rng.uniform(0.3, 0.6)
    end = shape.height * cloth.rng.uniform(0.35, 0.55)
    spine = np.array([(x, 0.1), (x + 0.04, end * 0.6), (x + 0.03, end)])
    cloth.cord(spine, tone * 0.6, width=np.array([0.05, 0.06, 0.2]))
