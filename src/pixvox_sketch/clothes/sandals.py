"""Sandals from the side: flat ones, wedges and heels, with straps of many kinds; some are closed in front."""

import numpy as np

from pixvox_sketch.clothes import prints as garment_prints
from pixvox_sketch.clothes.cloth import Cloth, draw_tone
from pixvox_sketch.clothes.shoe_parts import Last, Upper, outline_heel, outline_sole, outline_upper
from pixvox_sketch.engine.chance import chosen, near
from pixvox_sketch.engine.outlines import curve

HEELS = {"flat": 56, "wedge": 15, "block": 13, "thin": 16}
HEIGHTS = {"flat": (0.06, 0.03), "wedge": (0.42, 0.12), "block": (0.5, 0.16), "thin": (0.8, 0.15)}
PLATFORMS = {"flat": (0.13, 0.04), "wedge": (0.19, 0.05), "block": (0.12, 0.05), "thin": (0.08, 0.03)}
PRINTS = {"plain": 72, "heather": 10, "scaled": 10, "dotted": 4, "washed": 4}


def draw_sandal(rng) -> Cloth:
    """Draw a sandal; return the table it lies on."""
    heel = chosen(rng, HEELS)
    height, platform, spring = near(rng, *HEIGHTS[heel]), near(rng, *PLATFORMS[heel]), near(rng, 0.05, 0.02)
    last = Last(heel, height, platform, spring, toe=0.15, point=near(rng, 0.5, 0.2))
    draw = chosen(rng, KINDS[heel == "flat"])
    tone = draw_tone(rng)
    ground = [(0.0, 0.0), (last.length + 0.3, 0.0)]  # a broad strap round the heel stands out behind
    cloth = Cloth(rng, [outline_sole(last), ground, [last.above(0.9, 1.2 if draw != _slide else 0.5)]])
    pattern = getattr(garment_prints, chosen(rng, PRINTS))(rng)
    _draw_sole(cloth, last, tone)
    draw(cloth, last, tone, pattern)
    bed = last.bed(np.linspace(0, 1, 12))
    cloth.lines([bed + (0, 0.025)], -0.4, width=0.04, within=cloth.mask(outline_sole(last)))
    return cloth


def _draw_sole(cloth: Cloth, last: Last, tone: float) -> None:
    """Draw the sole and the heel, of cork, of wood or as dark as leather."""
    rng = cloth.rng
    sole = rng.uniform(0.45, 0.95)
    if last.heel in ("block", "thin"):
        width = near(rng, 0.34, 0.06) if last.heel == "block" else near(rng, 0.09, 0.02)
        cloth.fill(outline_heel(last, width), sole if rng.random() < 0.5 else tone, relief=0.6, fold=0.0)
    mask = cloth.fill(outline_sole(last), sole, relief=0.3, fold=0.0)
    if last.heel == "wedge" and rng.random() < 0.5:
        rows = [[(0, -y), (last.length, -y)] for y in np.arange(0.06, 0.7, 0.1)]
        cloth.lines(rows, -0.3, width=0.03, within=mask)
    if last.heel == "flat" and rng.random() < 0.5:
        cloth.lines([[(0, -0.02), (last.length, -0.02)]], -0.5, width=0.05, within=mask)


def _strap(cloth: Cloth, last: Last, tone: float, points, width: float) -> None:
    """Lay a strap through (share of the length, height above the bed) points."""
    cloth.cord(curve(last.path(*points), steps=5), tone, width=width)


def _over(cloth: Cloth, last: Last, tone: float, at: float, width: float) -> None:
    """Lay a strap over the foot: its far half in the shade, its near half before it."""
    top = 0.22 + 0.42 * at
    _strap(cloth, last, tone * 0.6, [(at + 0.2, 0.02), (at + 0.19, top * 0.7), (at + 0.12, top)], width * 0.8)
    _strap(cloth, last, tone, [(at, 0.0), (at + 0.03, top * 0.62), (at + 0.12, top)], width)


def _ankle(cloth: Cloth, last: Last, tone: float, width: float) -> None:
    """Lay a strap round the ankle and one up the heel."""
    rng = cloth.rng
    high = near(rng, 0.78, 0.1)
    far = [(0.63, high + 0.04), (0.8, high + 0.14), (0.95, high + 0.06)]
    _strap(cloth, last, tone * 0.6, far, width * 0.8)
    _strap(cloth, last, tone, [(0.63, high + 0.04), (0.78, high - 0.06), (0.96, high + 0.04)], width)
    heel = [(0.97, 0.0), (1.0, high * 0.5), (0.96, high + 0.05)]
    _strap(cloth, last, tone, heel, width * rng.uniform(1.0, 2.4))
    cloth.dots([last.above(0.75, high - 0.06)], 0.8 if tone < 0.7 else -0.6, radius=0.05)


def _slide(cloth: Cloth, last: Last, tone: float, pattern) -> None:
    """Draw one broad band over the forefoot, or two."""
    rng = cloth.rng
    start, end = near(rng, 0.16, 0.04), near(rng, 0.52, 0.06)
    high = near(rng, 0.36, 0.05)
    front = [(start, 0.0), (start + 0.06, high * 0.75), (start + 0.16, high)]
    band = curve(last.path(*front, (end, high * 1.25), (end + 0.04, 0.0)))
    mask = cloth.fill(band, tone, pattern=pattern, fold=0.05)
    if rng.random() < 0.55:
        gap = (start + end) / 2 + 0.06
        path = last.path((gap, -0.02), (gap + 0.04, high * 1.4))
        cloth.lines([path], -0.85, width=near(rng, 0.09, 0.02), within=mask)
    for share in (0.3, 0.75):
        if rng.random() < 0.5:
            x = start + 0.05 + share * (end - start)
            cloth.dots([last.above(x, high * 0.62)], 0.9 if tone < 0.6 else -0.55, radius=0.06)


def _thong(cloth: Cloth, last: Last, tone: float, pattern) -> None:
    """Draw a flip-flop's two bands that meet between the toes."""
    rng = cloth.rng
    knot, width = near(rng, 0.24, 0.03), near(rng, 0.13, 0.03)
    end, high = near(rng, 0.62, 0.05), near(rng, 0.36, 0.05)
    far = [(knot, 0.14), (knot + 0.16, high), (end + 0.06, 0.06)]
    _strap(cloth, last, tone * 0.6, far, width * 0.8)
    _strap(cloth, last, tone, [(knot, 0.0), (knot, 0.16), (knot + 0.12, high * 0.8), (end, 0.0)], width)


def _trekking(cloth: Cloth, last: Last, tone: float, pattern) -> None:
    """Draw broad bands that cross, with a back, as for walking."""
    rng = cloth.rng
    width = near(rng, 0.19, 0.04)
    for at in (0.14, 0.36):
        _over(cloth, last, tone, at + near(rng, 0, 0.02), width)
    _strap(cloth, last, tone, [(0.24, 0.3), (0.42, 0.3), (0.62, 0.62)], width * 0.8)
    _strap(cloth, last, tone, [(0.62, 0.0), (0.66, 0.4), (0.72, 0.66)], width)
    _ankle(cloth, last, tone, width * 0.9)


def _bands(cloth: Cloth, last: Last, tone: float, pattern) -> None:
    """Draw a few narrow bands, and mostly one round the ankle."""
    rng = cloth.rng
    width = near(rng, 0.12, 0.03)
    for at in np.linspace(0.1, rng.uniform(0.25, 0.5), int(rng.integers(1, 4))):
        _over(cloth, last, tone, float(at), width * rng.uniform(0.8, 1.6))
    if rng.random() < 0.85:
        _ankle(cloth, last, tone, width)


def _t_bar(cloth: Cloth, last: Last, tone: float, pattern) -> None:
    """Draw a band over the toes, a bar along the foot and a strap round the ankle."""
    rng = cloth.rng
    width = near(rng, 0.11, 0.025)
    _over(cloth, last, tone, near(rng, 0.13, 0.02), width * 1.4)
    _strap(cloth, last, tone, [(0.24, 0.3), (0.45, 0.46), (0.64, 0.82)], width)
    _ankle(cloth, last, tone, width)


def _closed(cloth: Cloth, last: Last, tone: float, pattern) -> None:
    """Draw a shoe that is closed in front: a mule, a ballerina or an espadrille."""
    rng = cloth.rng
    throat, front, back = near(rng, 0.38, 0.05), near(rng, 0.38, 0.08), near(rng, 0.48, 0.07)
    upper = Upper(near(rng, 0.34, 0.03), 0.42, throat, front, back, 0.12, 0.5)
    outline = outline_upper(last, upper)
    kind = chosen(rng, {"ballerina": 4, "slingback": 3, "mule": 3})
    if kind == "ballerina":
        cloth.fill(outline, tone, pattern=pattern, fold=0.05)
        return
    edge = last.length * near(rng, 0.55, 0.04)
    cloth.fill(outline[outline[:, 0] < edge], tone, pattern=pattern, fold=0.05)
    if kind == "slingback":
        _ankle(cloth, last, tone, near(rng, 0.1, 0.02))


KINDS = {  # on flat soles, and on heels
    True: {_slide: 22, _thong: 17, _trekking: 20, _bands: 17, _t_bar: 10, _closed: 22},
    False: {_bands: 36, _t_bar: 16, _slide: 16, _trekking: 8, _closed: 24},
}
