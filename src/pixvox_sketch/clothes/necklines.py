"""Necklines and collars of tops: the neck's inside, the edge of the front, and what is sewn to it."""

import numpy as np

from pixvox_sketch.engine.outlines import curve, flipped, mirrored

# neck: how far it reaches above the neck's side.
HEADROOM = {"turtle": 0.42, "hood": 0.75, "collar": 0.26, "polo": 0.2, "stand": 0.3, "lapel": 0.24}


def front_edge(cut, neck: str) -> np.ndarray:
    """Return the right half of the front's upper edge (n, 2), from the middle to the neck's side."""
    side, depth = cut.neck, cut.neck_depth
    if neck in ("v", "lapel", "collar", "polo", "stand"):
        return curve([(0, depth), (side * 0.55, depth * 0.45), (side, 0)])
    if neck == "straps":
        top = depth + 0.2
        return curve([(0, top), (side * 0.6, top + 0.02), (side * 0.9, top - 0.22)])
    if neck == "square":
        return np.array([(0, depth), (side * 0.85, depth), (side, 0)])
    return curve([(0, depth), (side * 0.55, depth * 0.86), (side * 0.92, depth * 0.42), (side, 0)])


def draw_inside(cloth, cut, style) -> None:
    """Draw the back of the neck, or the straps, before the front is laid over them."""
    side, depth = cut.neck, cut.neck_depth
    if style.neck == "straps":
        for sign in (-1, 1):
            spine = [(sign * side * 0.85, 0.0), (sign * side * 0.9, depth + 0.1)]
            cloth.cord(np.array(spine), style.tone, width=0.14)
        return
    if style.neck == "hood":
        _hood(cloth, cut, style)
        return
    back = [(0, 0.1), (side * 0.6, 0.07), (side, -0.03)]
    front = [(side, 0.05), (side * 0.5, depth * 1.1), (0, depth + 0.1)]
    rise = 0.13 if style.neck in ("collar", "polo", "stand", "lapel") else 0.0
    outline = mirrored(np.concatenate([curve(np.array(back) - (0, rise)), curve(front)]))
    cloth.fill(outline, style.tone * 0.55, relief=0.3, fold=0.0)


def draw_neck(cloth, cut, style) -> None:
    """Draw the band, the collar or the lapels on the front."""
    DRAWERS.get(style.neck, _band)(cloth, cut, style)


def _bodice(cloth, cut, style) -> None:
    """Draw the seam along a bodice."""
    edge = mirrored(front_edge(cut, "straps")[::-1]) + (0, 0.1)
    cloth.lines([edge], -0.2, width=0.05)


def _band(cloth, cut, style) -> None:
    """Draw the ribbed band or the seam along a neckline."""
    edge = front_edge(cut, style.neck)
    whole = np.concatenate([flipped(edge)[::-1], edge])
    broad = style.hem == "ribbed"
    cloth.lines([whole + (0, 0.05)], 0.12 if broad else 0.05, width=0.14 if broad else 0.08)
    cloth.lines([whole * (1.08, 1) + (0, 0.13 if broad else 0.1)], -0.3, width=0.05)


def _collar(cloth, cut, style) -> None:
    """Draw a turned-down collar of two wings."""
    rng, side, depth = cloth.rng, cut.neck, cut.neck_depth
    reach = rng.uniform(0.75, 1.15)
    tone = style.tone * (rng.uniform(0.5, 0.7) if rng.random() < 0.15 else rng.uniform(1.1, 1.28))
    low = depth + 0.1
    tip = (side * 0.95 * reach, low + 0.28 * reach)
    fold = [(side * 0.5, 0.04), (side * 0.8, -0.17), (side * 1.02, -0.12), (side * 1.25, 0.12)]
    wing = np.array([(0.0, low), *fold, tip])
    for outline in (wing, flipped(wing)):
        cloth.fill(outline, tone, relief=0.6, fold=0.05, shadow=0.5)
        cloth.lines([np.concatenate([outline[4:], outline[:1]])], -0.35, width=0.045)


def _lapels(cloth, cut, style) -> None:
    """Draw a coat's lapels, with a notch, and what is worn below them."""
    rng, side = cloth.rng, cut.neck
    low, notch = cut.neck_depth, 0.45 * cut.neck_depth
    wide = side * rng.uniform(1.3, 1.75)
    collar = [(side * 0.7, -0.14), (side * 1.05, -0.1), (side * 1.35, 0.16), (side * 1.5, notch)]
    wing = np.array([(0.02, low), *collar, (side * 1.15, notch + 0.04), (wide, notch + 0.16)])
    tone = style.tone * rng.uniform(1.0, 1.25)
    for outline in (wing, flipped(wing)):
        cloth.fill(outline, tone, relief=0.6, fold=0.05, shadow=0.5)
        cloth.lines([np.concatenate([outline[4:], outline[:1]])], -0.42, width=0.05)


def _stand(cloth, cut, style) -> None:
    """Draw a collar that stands up round the neck."""
    side, depth = cut.neck, cut.neck_depth
    half = [(0.03, depth), (side * 0.9, -0.24), (side * 1.1, -0.18), (side * 1.15, 0.12), (0.03, depth + 0.2)]
    for outline in (np.array(half), flipped(half)):
        cloth.fill(outline, style.tone * 1.08, relief=0.6, fold=0.0, shadow=0.35)
    cloth.lines([[flipped(half)[3], (0, depth + 0.2), half[3]]], -0.35, width=0.05)


def _turtle(cloth, cut, style) -> None:
    """Draw a tube round the neck, ribbed, once turned down."""
    side, high = cut.neck, 0.4
    tube = [(side * 0.75, -high), (side * 0.88, -0.1), (side * 1.05, 0.14)]
    half = curve([(0, -high + 0.04), *tube, (0, 0.3)])
    cloth.fill(mirrored(half), style.tone * 1.05, relief=0.9, fold=0.0, shadow=0.35)
    ribs = [[(x, -high), (x * 1.15, 0.3)] for x in np.linspace(-side, side, 7)]
    cloth.lines(ribs, -0.16, width=0.04)
    cloth.lines([[(-side * 0.85, -0.1), (0, -0.02), (side * 0.85, -0.1)]], -0.3, width=0.05)


def _hood(cloth, cut, style) -> None:
    """Draw a hood from the front: its cloth, and the dark within."""
    wide = cut.neck * 1.5
    shell = curve([(0, -0.7), (wide * 0.6, -0.62), (wide, -0.2), (wide * 0.95, 0.25), (0, 0.5)])
    cloth.fill(mirrored(shell), style.tone * 1.02, relief=1.0)
    within = curve([(0, -0.42), (wide * 0.45, -0.36), (wide * 0.62, 0.0), (0, cut.neck_depth + 0.1)])
    cloth.fill(mirrored(within), style.tone * 0.42, relief=0.4, fold=0.0)


def _hood_front(cloth, cut, style) -> None:
    """Draw the hood's two edges that meet on the chest, and its cords."""
    side, low = cut.neck, cut.neck_depth
    half = [(0, low), (side * 0.85, -0.12), (side * 1.35, 0.0), (side * 1.1, low * 0.75), (0.04, low + 0.28)]
    for outline in (np.array(half), flipped(half)):
        cloth.fill(outline, style.tone * 1.06, relief=0.7, fold=0.0, shadow=0.35)
    if cloth.rng.random() < 0.7:
        change = -0.5 if style.tone > 0.5 else 0.8
        cords = [[(sign * 0.12, low + 0.15), (sign * 0.16, low + 0.75)] for sign in (-1, 1)]
        cloth.lines(cords, change, width=0.06)


DRAWERS = {"collar": _collar, "polo": _collar, "lapel": _lapels, "stand": _stand}
DRAWERS |= {"turtle": _turtle, "hood": _hood_front, "straps": _bodice}
