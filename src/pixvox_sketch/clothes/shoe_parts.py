"""What shoes are made of beside their upper: soles, caps, laces, and what is sewn on their sides."""

import numpy as np

from pixvox_sketch.clothes.cloth import Cloth
from pixvox_sketch.clothes.lasts import Last, Upper, line_throat, outline_heel, outline_sole
from pixvox_sketch.engine.chance import chosen, near
from pixvox_sketch.engine.outlines import curve


def draw_panels(cloth: Cloth, last: Last, upper: Upper, *, mask: np.ndarray, strength: float) -> None:
    """Draw a toe cap, a heel piece and an edge along the opening, a little darker or lighter."""
    rng = cloth.rng
    change = strength * rng.choice([-2.2, -1.4, 1.2])
    end = near(rng, 0.22, 0.03)
    cap = np.array(
        [last.above(-0.05, -0.1), last.above(-0.05, 0.5), last.above(end - 0.04, 0.5), last.above(end, -0.1)]
    )
    heel = np.array(
        [
            last.above(0.86, -0.1),
            last.above(0.8, 0.42),
            last.above(0.9, 0.9),
            last.above(1.1, 0.9),
            last.above(1.1, -0.1),
        ]
    )
    for outline, share in ((cap, 0.6), (heel, 0.8)):
        if rng.random() < share:
            cloth.stamp(outline, change, within=mask)
            cloth.lines([outline], -0.22, width=0.035, within=mask)
    x, y = last.above((upper.narrow + 0.965) / 2, (upper.front + upper.back) / 2 - upper.dip)
    rim = curve([last.above(0.97, upper.back), (x, y), last.above(upper.narrow, upper.front)])
    cloth.lines([rim + (0, 0.05)], -0.3, width=0.06, within=mask)


def draw_side(cloth: Cloth, last: Last, *, mask: np.ndarray, tone: float) -> None:
    """Draw something on a sneaker's side: a swoop, three bars, a wave, a disc, or nothing."""
    rng = cloth.rng
    change = -rng.uniform(0.4, 0.7) if tone > 0.5 or rng.random() < 0.2 else rng.uniform(0.6, 1.1)
    kind = chosen(rng, {"swoop": 30, "bars": 22, "wave": 16, "disc": 8, "": 24})
    if kind == "swoop":
        swoop = [(0.36, 0.24), (0.46, 0.14), (0.62, 0.24), (0.9, 0.5), (0.62, 0.36), (0.48, 0.3)]
        cloth.stamp(np.array([last.above(*point) for point in swoop]), change, within=mask)
    elif kind == "bars":
        bars = [[last.above(x, 0.08), last.above(x + 0.09, 0.5)] for x in (0.44, 0.53, 0.62)]
        cloth.lines(bars, change, width=0.085, within=mask)
    elif kind == "wave":
        path = curve(
            [last.above(0.3, 0.14), last.above(0.5, 0.34), last.above(0.68, 0.2), last.above(0.92, 0.5)]
        )
        cloth.lines([path], change, width=0.085, within=mask)
    elif kind == "disc":
        cloth.dots([last.above(0.7, 0.42)], change, radius=0.13)


def draw_laces(cloth: Cloth, last: Last, upper: Upper, *, tone: float, count: int) -> None:
    """Draw laces across the throat, and the edge they are drawn through."""
    line = line_throat(last, upper)
    places = line[np.linspace(1, len(line) - 3, count).astype(int)]
    change = 0.55 if tone < 0.7 else -0.42
    inward = (0.17, 0.1)
    cloth.lines([line + inward], -0.28, width=0.05)
    cloth.lines([[point + (0.01, 0.01), point + inward] for point in places], change, width=0.055)
    cloth.dots(places + inward, -0.4, radius=0.028)


def draw_sneaker_sole(cloth: Cloth, last: Last) -> None:
    """Draw a thick sole: mostly pale, with a line, a darker tread or an air chamber."""
    rng = cloth.rng
    sole = 0.92 if rng.random() < 0.65 else rng.uniform(0.3, 0.8)
    mask = cloth.fill(outline_sole(last), sole, relief=0.35, fold=0.0, shadow=0.4)
    bed = last.bed(np.linspace(0, 1, 12))
    cloth.lines([bed + (0, 0.02)], -0.45, width=0.045, within=mask)
    if rng.random() < 0.6:
        cloth.lines([bed * (1, 0.5)], rng.choice([-0.5, -0.3]), width=0.045, within=mask)
    if rng.random() < 0.7:
        tread = [(0.02, -0.02), (last.length, -0.02)]
        cloth.lines([tread], -0.5, width=0.07, within=mask)
    if rng.random() < 0.25:
        cloth.lines([[last.above(0.7, -0.1), last.above(0.95, -0.1)]], -0.5, width=0.06, within=mask)


def draw_boot_sole(cloth: Cloth, last: Last, tone: float) -> None:
    """Draw a boot's sole and heel."""
    rng = cloth.rng
    sole = tone * rng.uniform(0.5, 0.85) if rng.random() < 0.7 else rng.uniform(0.6, 0.9)
    if last.heel in ("block", "thin"):
        width = near(rng, 0.42, 0.06) if last.heel == "block" else near(rng, 0.13, 0.03)
        cloth.fill(outline_heel(last, width), sole, relief=0.6, fold=0.0)
    mask = cloth.fill(outline_sole(last), sole, relief=0.3, fold=0.0)
    if last.heel == "flat" and rng.random() < 0.6:
        notches = [[(x, 0.02), (x, -0.05)] for x in np.arange(0.15, last.length, 0.17)]
        cloth.lines(notches, -0.8, width=0.06, within=mask)
        arch = np.array([(1.0, 0.02), (1.05, -0.06), (1.3, -0.06), (1.34, 0.02)])
        cloth.cover[cloth.mask(arch)] = False
