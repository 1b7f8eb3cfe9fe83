"""What closes a top down its front, and its pockets."""

import numpy as np

from pixvox_sketch.engine.chance import near
from pixvox_sketch.engine.outlines import curve, flipped


def draw_opening(cloth, cut, style, mask: np.ndarray) -> None:
    """Draw a top's opening; `mask` is where its body is."""
    if style.opening:
        OPENINGS[style.opening](cloth, cut, mask)


def draw_pockets(cloth, cut, style, mask: np.ndarray) -> None:
    """Draw a top's pockets."""
    chest, low = cut.armhole + 0.12, cut.waist_at + 0.25 * (cut.length - cut.waist_at)
    left, right = cut.hem * 0.38, cut.hem * 0.78
    if style.pockets == "breast":
        sides = (1, -1) if cloth.rng.random() < 0.35 else (1,)
        for sign in sides:
            _patch(cloth, (sign * 0.45, chest + 0.2), (0.24, 0.25), mask)
    elif style.pockets == "patch":
        for sign in (-1, 1):
            _patch(cloth, (sign * (left + right) / 2, low + 0.25), ((right - left) / 2, 0.3), mask)
    elif style.pockets == "slanted":
        paths = [[(sign * left, low - 0.2), (sign * right, low + 0.35)] for sign in (-1, 1)]
        cloth.lines(paths, -0.42, width=0.09, within=mask)
    elif style.pockets == "flap":
        for sign in (-1, 1):
            flap = [(left, low), (right, low + 0.04), (right, low + 0.24), (left, low + 0.2)]
            cloth.fill(np.array(flap) * (sign, 1), style.tone * 1.08, relief=0.4, fold=0.0, shadow=0.4)
    elif style.pockets == "kangaroo":
        top, bottom = low - 0.25, cut.length - 0.32
        half = np.array([(0.32, top), (0.6, top + 0.35), (0.6, bottom)])
        cloth.lines([np.concatenate([flipped(half)[::-1], half])], -0.4, width=0.06, within=mask)


def _patch(cloth, centre, half, mask: np.ndarray) -> None:
    """Draw the seams of a pocket that is sewn on."""
    corners = np.array([(-1, -1), (1, -1), (1, 0.8), (0, 1), (-1, 0.8), (-1, -1)]) * half + centre
    cloth.stamp(corners, 0.05, within=mask)
    cloth.lines([corners], -0.3, width=0.045, within=mask)
    cloth.lines([corners[:2] + (0, 0.07)], -0.25, width=0.05, within=mask)


def _strip(cloth, top: float, bottom: float, mask: np.ndarray, *, half: float, buttons: int) -> None:
    """Draw two seams, the lit band between them and its buttons."""
    rng, lean = cloth.rng, near(cloth.rng, 0, 0.015)
    middle = curve([(lean, top), (lean + near(rng, 0, 0.02), (top + bottom) / 2), (lean, bottom)])
    cloth.lines([middle], 0.2, width=2.4 * half, within=mask)
    cloth.lines([middle + (1.2 * half, 0)], -0.55, width=0.09, within=mask)
    cloth.lines([middle - (1.2 * half, 0)], -0.3, width=0.06, within=mask)
    places = np.linspace(top + 0.12, bottom - 0.3, buttons)
    centres = np.stack([np.full(buttons, lean), places], axis=1)
    cloth.dots(centres, _button_change(rng), radius=near(rng, 0.09, 0.015))


def _button_change(rng) -> float:
    """Return what a button's grey differs by: mostly darker."""
    return -rng.uniform(0.5, 0.8) if rng.random() < 0.8 else rng.uniform(0.4, 0.7)


def _placket(cloth, cut, mask: np.ndarray) -> None:
    """Draw buttons all the way down."""
    bottom = cut.length + cut.hem_curve
    buttons = int(cloth.rng.integers(5, 9))
    _strip(cloth, cut.neck_depth + 0.05, bottom, mask, half=near(cloth.rng, 0.12, 0.025), buttons=buttons)


def _half_placket(cloth, cut, mask: np.ndarray) -> None:
    """Draw two or three buttons below the neck."""
    top = cut.neck_depth + 0.05
    bottom = top + cloth.rng.uniform(0.7, 1.1)
    _strip(cloth, top, bottom, mask, half=0.11, buttons=3)
    cloth.lines([[(-0.13, bottom), (0.13, bottom)]], -0.4, width=0.05, within=mask)


def _zip(cloth, cut, mask: np.ndarray, bottom: float | None = None) -> None:
    """Draw a zip from the neck down."""
    top, bottom = cut.neck_depth - 0.1, bottom or cut.length + cut.hem_curve
    line = np.array([(0, top), (near(cloth.rng, 0, 0.03), (top + bottom) / 2), (0, bottom)])
    cloth.lines([line], -0.6, width=0.17, within=mask)
    cloth.lines([line], 1.2 if cloth.rng.random() < 0.6 else 0.0, width=0.05, within=mask)
    cloth.lines([line + (side, 0) for side in (-0.15, 0.15)], -0.2, width=0.04, within=mask)


def _half_zip(cloth, cut, mask: np.ndarray) -> None:
    """Draw a zip that ends on the chest."""
    _zip(cloth, cut, mask, cut.neck_depth + cloth.rng.uniform(0.8, 1.2))


def _open(cloth, cut, mask: np.ndarray) -> None:
    """Draw a front that is not closed: a wedge of what is inside."""
    rng, bottom = cloth.rng, cut.length + cut.hem_curve + 0.1
    wide, top = near(rng, 0.22, 0.08), near(rng, 0.07, 0.03)
    high = cut.neck_depth - 0.2
    wedge = np.array([(-top, high), (top, high), (wide, bottom), (-wide, bottom)])
    cloth.stamp(wedge, -rng.uniform(0.45, 0.75), within=mask)
    cloth.lines([wedge[[1, 2]] + (0.05, 0), wedge[[0, 3]] - (0.05, 0)], 0.1, width=0.09, within=mask)


def _double(cloth, cut, mask: np.ndarray) -> None:
    """Draw a front that laps far over, with two rows of buttons."""
    rng, bottom = cloth.rng, cut.length + cut.hem_curve
    top = cut.neck_depth
    cloth.lines([[(0.0, top), (0.38, top + 0.35), (0.38, bottom)]], -0.55, width=0.1, within=mask)
    rows = np.linspace(top + 0.3, cut.waist_at + 0.3, int(rng.integers(2, 4)))
    centres = [(x, y) for y in rows for x in (-0.34, 0.16)]
    cloth.dots(centres, _button_change(rng), radius=0.12)


OPENINGS = {
    "placket": _placket,
    "half placket": _half_placket,
    "zip": _zip,
    "half zip": _half_zip,
    "open": _open,
    "double": _double,
}
