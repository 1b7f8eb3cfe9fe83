"""Trousers: one half-outline, mirrored, with legs that are narrow, straight or flared.

Units: the half width of the waist is 1; the waist is at y = 0.
"""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.clothes import prints as garment_prints
from pixvox_sketch.clothes.cloth import Cloth, draw_tone
from pixvox_sketch.engine.chance import chosen, near
from pixvox_sketch.engine.outlines import curve, flipped, mirrored, turned

PRINTS = {"plain": 42, "washed": 34, "heather": 9, "pinstriped": 4, "flowered": 7, "checked": 2, "scaled": 2}
LEGS = {"narrow": 44, "straight": 30, "flared": 10, "loose": 14, "short": 2}
KNEES = {"narrow": 0.64, "straight": 0.72, "flared": 0.62, "loose": 0.92, "short": 0.85}  # widths
ANKLES = {"narrow": 0.44, "straight": 0.66, "flared": 0.92, "loose": 0.66, "short": 0.86}


class Legs(NamedTuple):
    """The measures of trousers: half width of the hip, y of the crotch, widths of a leg, length, stance."""

    hip: float
    crotch: float
    knee: float
    ankle: float
    length: float
    stance: float


def draw_trousers(rng) -> Cloth:
    """Draw trousers; return the table they lie on."""
    sort = chosen(rng, LEGS)
    hip, crotch = near(rng, 1.18, 0.06), near(rng, 1.55, 0.14)
    knee, ankle = KNEES[sort] * near(rng, 1, 0.08), ANKLES[sort] * near(rng, 1, 0.1)
    length = near(rng, 3.9, 0.4) if sort == "short" else near(rng, 5.9, 0.35)
    legs = Legs(hip, crotch, knee, ankle, length, stance=near(rng, 0.58, 0.06))
    lean = near(rng, 0, 0.02)
    right, left = _half(legs), _half(legs, step=max(0.0, near(rng, 0.03, 0.07)))
    outline = turned(np.concatenate([right, flipped(left)[::-1]]), lean)
    cloth = Cloth(rng, [outline])
    tone, name = draw_tone(rng), chosen(rng, PRINTS)
    back = mirrored(curve([(0, -0.02), (0.6, -0.04), (0.97, 0.0), (0.6, 0.16), (0, 0.2)]))
    mask = cloth.fill(outline, tone, pattern=getattr(garment_prints, name)(rng), fold=near(rng, 0.09, 0.03))
    cloth.stamp(turned(back, lean), -0.45, within=mask)
    _sew_top(cloth, legs, mask, rng)
    _crease_legs(cloth, legs, mask, rng)
    if name == "washed" and rng.random() < 0.6:
        _wear_out(cloth, legs, mask, rng)
    return cloth


def _half(legs: Legs, step: float = 0.0) -> np.ndarray:
    """Return the right half from the waist's middle round the leg to the crotch; `step` moves the foot in."""
    foot = legs.stance - step
    knee_y = legs.crotch + 0.45 * (legs.length - legs.crotch)
    knee = (legs.hip * 0.5 + foot) / 2
    waist = curve([(0, 0.12), (0.55, 0.08), (0.98, 0.0)])
    outer = [(1.0, 0.02), (legs.hip, legs.crotch * 0.72), (knee + legs.knee / 2, knee_y)]
    inner = [(knee - legs.knee / 2, knee_y), (0.1, legs.crotch + 0.12), (0.0, legs.crotch)]
    outer = curve([*outer, (foot + legs.ankle / 2, legs.length)])
    inner = curve([(foot - legs.ankle / 2, legs.length + 0.04), *inner])
    return np.concatenate([waist, outer, inner])


def _sew_top(cloth: Cloth, legs: Legs, mask: np.ndarray, rng) -> None:
    """Draw the waistband or a belt, the fly and the pockets."""
    deep = near(rng, 0.3, 0.05)
    band = curve([(-1.2, deep - 0.08), (0, deep + 0.06), (1.2, deep - 0.08)])
    if rng.random() < 0.2:
        cloth.lines([band - (0, 0.12)], -0.55, width=0.24, within=mask)
    cloth.lines([band], -0.32, width=0.07, within=mask)
    cloth.dots([(0.03, deep - 0.08)], -0.6 if rng.random() < 0.6 else 0.6, radius=0.08)
    fly = curve([(0.18, deep), (0.2, legs.crotch * 0.62), (0.02, legs.crotch * 0.86)])
    middle = [(0, deep), (0, legs.crotch)]
    cloth.lines([fly, middle], -0.28, width=0.06, within=mask)
    for sign in (-1, 1):
        pocket = curve([(0.58, deep), (0.74, deep + 0.3), (1.15, deep + 0.42)]) * (sign, 1)
        cloth.lines([pocket], -0.32, width=0.065, within=mask)


def _crease_legs(cloth: Cloth, legs: Legs, mask: np.ndarray, rng) -> None:
    """Draw the creases at the crotch, behind the knees and above the feet, and the hems."""
    knee_y, paths = legs.crotch + 0.45 * (legs.length - legs.crotch), []
    for sign in (-1, 1):
        for _ in range(3):
            start = np.array([0.05, legs.crotch + near(rng, 0.05, 0.12)])
            end = start + (near(rng, 0.5, 0.12), near(rng, -0.14, 0.12))
            paths.append(np.array([start, end]) * (sign, 1))
        for base in (knee_y, legs.length - 0.4):
            y = base + near(rng, 0, 0.18)
            paths.append(np.array([(0.25, y), (0.8, y + near(rng, 0.1, 0.12))]) * (sign, 1))
    cloth.lines(paths, -0.17, width=0.06, within=mask)
    hem = [(-2, legs.length - 0.16), (2, legs.length - 0.16)]
    cloth.lines([hem], -0.24, width=0.05, within=mask)
    if rng.random() < 0.35:
        ironed = [[(s * 0.6, 0.5), (s * legs.stance, legs.length)] for s in (-1, 1)]
        cloth.lines(ironed, 0.16, width=0.07, within=mask)


def _wear_out(cloth: Cloth, legs: Legs, mask: np.ndarray, rng) -> None:
    """Fade the front of the legs, and tear a knee now and then."""
    for sign in (-1, 1):
        for width, change in ((0.42, 0.1), (0.26, 0.12), (0.12, 0.1)):
            path = curve([(0.6 * sign, 0.9), (0.55 * sign, 2.4), (legs.stance * sign, legs.length - 1.2)])
            cloth.lines([path], change, width=width, within=mask)
        if rng.random() < 0.3:
            y = legs.crotch + rng.uniform(0.3, 0.5) * (legs.length - legs.crotch)
            tear = [(sign * 0.4, y), (sign * 0.75, y + 0.04)]
            cloth.lines([tear], -0.5, width=0.14, within=mask)
