"""Features: eyes with lids, lashes and a gleam, brows, the nose as shading, the mouth with its smile."""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.outlines import Frame, arc, hull, spline
from pixvox_sketch.engine.texture import darker, lighter
from pixvox_sketch.faces.paint import EYES, MOUTH, NOSE, Paint, curve, glaze, oval, place, stroke
from pixvox_sketch.faces.people import Look, Person

TEETH, INSIDE, LINE = (240, 234, 224), (104, 44, 44), (56, 38, 34)


class Mood(NamedTuple):
    """An expression."""

    smile: float  # -0.12 earnest, 0 calm, to 1.1, a broad smile
    open: float  # 0 closed lips, to 1: how far the mouth is open
    gaze: tuple[float, float]  # (x, y) of the irises, as shares of an eye
    squint: float  # 0 to 0.33
    raised: float  # of the brows, in half face widths


def draw_mood(rng) -> Mood:
    """Draw an expression: most people smile."""
    smile = float(np.clip(rng.normal(0.6, 0.33), -0.12, 1.1))
    laughs = float(rng.uniform(0.35, 1)) if rng.random() < 0.18 + 0.4 * smile else 0.0
    gaze = (float(rng.normal(0, 0.1)), float(rng.normal(0, 0.05)))
    squint = 0.3 * max(smile, 0) * rng.random()
    return Mood(smile, laughs * max(smile, 0.3), gaze, squint, raised=rng.normal(0, 0.025))


def draw_eyes(canvas: Canvas, frame: Frame, person: Person, look: Look, mood: Mood) -> None:
    """Draw both eyes."""
    for side in (-1, 1):
        _socket(canvas, frame, person, look, side)
        _eye(canvas, frame, person, look, mood, side)
        _brow(canvas, frame, look, mood, side)


def _almond(look: Look, mood: Mood, side: int) -> np.ndarray:
    """Return the opening of an eye as points of an outline, in units: upper lid first, from the nose out."""
    traits = look.traits
    size, tilt = traits["eye_size"], traits["eye_tilt"]
    tall = size * traits["eye_open"] * (1 - mood.squint)
    upper = [(-1, 0.12), (-0.55, -0.72), (0, -1.0), (0.55, -0.78), (1, -0.06)]
    lower = [(0.55, 0.6), (0, 0.74), (-0.55, 0.56)]
    points = np.array(upper + lower) * (size, tall)
    points[:, 1] -= points[:, 0] * tilt
    return points * (side, 1) + (side * traits["eye_apart"], traits["eye_y"])


def _socket(canvas: Canvas, frame: Frame, person: Person, look: Look, side: int) -> None:
    """Shade the hollow that an eye lies in, and put light on the lid."""
    traits = look.traits
    grown = float(np.clip((look.years - 8) / 14, 0, 1))
    at = (side * (traits["eye_apart"] - 0.03), traits["eye_y"] - 0.05)
    hollow = oval(canvas, frame, at, (traits["eye_size"] * 1.25, 0.2))
    glaze(canvas, frame, hollow, Paint(darker(person.skin, 0.45), 0.22 + 0.22 * grown, 0.08))
    if look.makeup > 0:
        shadow = oval(canvas, frame, (at[0], at[1] - 0.05), (traits["eye_size"], 0.1))
        glaze(canvas, frame, shadow, Paint(person.skin * (0.62, 0.45, 0.5), 0.5 * look.makeup, 0.04))


def _eye(canvas: Canvas, frame: Frame, person: Person, look: Look, mood: Mood, side: int) -> None:
    """Draw the white, iris, pupil, gleam, and the lids with their lashes."""
    almond, size = _almond(look, mood, side), look.traits["eye_size"]
    opening = spline(place(frame, almond), 5)
    mask = canvas.mask_of(opening)
    white = np.array([244, 240, 234]) * (0.86 + 0.14 * person.skin[0] / 255)
    glaze(canvas, frame, opening, Paint(white, 1.0, 0.008))
    canvas.mark(mask, EYES)
    middle = np.array([side * look.traits["eye_apart"], look.traits["eye_y"]]) + np.array(mood.gaze) * size
    middle[1] -= 0.06 * size
    radius = 0.135 + 0.3 * (size - 0.24)
    for reach, colour in ((1.0, person.iris * 0.5), (0.85, person.iris), (0.46, (18, 14, 16))):
        disc = oval(canvas, frame, middle, (radius * reach, radius * reach))
        glaze(canvas, frame, disc, Paint(colour, 1.0, 0.006, mask))
    low = oval(canvas, frame, middle + (0, 0.45 * radius), (radius * 0.55, radius * 0.3))
    glaze(canvas, frame, low, Paint(lighter(person.iris, 0.4), 0.5, 0.02, mask))
    _lids(canvas, frame, person, almond, makeup=look.makeup)
    gleam = oval(canvas, frame, middle + (-0.045, -0.05), (0.042, 0.042))
    glaze(canvas, frame, gleam, Paint((255, 255, 255), 0.95, 0.005))


def _lids(canvas: Canvas, frame: Frame, person: Person, almond: np.ndarray, *, makeup: float) -> None:
    """Draw the lids' edges, the shade of the upper one on the eye, and the fold above it."""
    mask = canvas.mask_of(spline(place(frame, almond), 5))
    upper = place(frame, curve(almond[:5]))
    stroke(canvas, frame, upper + (0, 0.035 * frame.scale), 0.06, Paint((60, 46, 48), 0.45, 0.02, mask))
    stroke(canvas, frame, upper, 0.045 + 0.03 * makeup, Paint(LINE, 0.95, 0.006))
    lower = place(frame, curve(np.concatenate([almond[4:], almond[:1]])))
    stroke(canvas, frame, lower, 0.03, Paint(darker(person.skin, 0.5), 0.5, 0.01))
    fold = place(frame, curve(almond[:5] + (0, -0.085)))
    stroke(canvas, frame, fold, 0.03, Paint(darker(person.skin, 0.55), 0.6, 0.012))


def _brow(canvas: Canvas, frame: Frame, look: Look, mood: Mood, side: int) -> None:
    """Draw a brow: thicker towards the nose."""
    traits = look.traits
    y = traits["eye_y"] - traits["brow_gap"] - mood.raised
    thick = max(traits["brow"], 0.03)
    inner = 0.012 - 0.03 * max(mood.smile, 0)
    upper = curve([(0.15, y + inner), (0.36, y - 0.055), (0.57, y - 0.075), (0.76, y + 0.045)])
    widths = np.interp(np.linspace(0, 1, 12), (0, 0.2, 0.65, 1), (0.7, 1.05, 0.8, 0.12)) * thick
    points = np.concatenate([upper - np.outer(widths, (0, 0.6)), (upper + np.outer(widths, (0, 0.6)))[::-1]])
    colour = np.minimum(look.hair * 0.72, (150, 132, 118))
    outline = place(frame, points * (side, 1))
    glaze(canvas, frame, outline, Paint(colour, 0.92, 0.012))


def draw_nose(canvas: Canvas, frame: Frame, person: Person, look: Look) -> None:
    """Draw the nose: light on its bridge and tip, shade beside and below, two nostrils."""
    traits, skin = look.traits, person.skin
    eye, low, width, bridge = (traits[name] for name in ("eye_y", "nose_y", "nose_width", "nose_bridge"))
    away = -np.sign(canvas.light[0] or 1)
    lift, dark = 0.16, darker(skin, 0.45)
    side = np.array([(0.06, eye), (0.1, low - 0.2), (width, low - 0.06), (0.13, eye + 0.04)]) * (away, 1)
    glaze(canvas, frame, place(frame, side, lift * 0.7), Paint(dark, 0.55 * bridge, 0.045))
    root = oval(canvas, frame, (away * 0.14, eye - 0.06), (0.08, 0.12))
    glaze(canvas, frame, root, Paint(dark, 0.4 * bridge, 0.05))
    ball = oval(canvas, frame, (0, low - 0.09), (width * 0.8, 0.13), lift)
    glaze(canvas, frame, ball, Paint(skin * (1.0, 0.84, 0.8), 0.4, 0.05))
    bridge_and_ball = np.concatenate([place(frame, [(0, eye)], 0.1), ball])
    canvas.mark(canvas.mask_of(hull(bridge_and_ball)), NOSE)
    below = arc(np.pi * 0.62, np.pi * 1.38, radii=(width, 0.13), middle=(0, low - 0.1))
    stroke(canvas, frame, place(frame, below, lift * 0.8), 0.05, Paint(dark, 0.6, 0.028))
    for way in (-1, 1):
        nostril = oval(canvas, frame, (way * width * 0.45, low + 0.005), (0.055, 0.028), lift * 0.7)
        glaze(canvas, frame, nostril, Paint(darker(skin, 0.72), 0.75, 0.015))
        wing = arc(way * np.pi * 0.3, way * np.pi * 0.8, radii=(width, 0.11), middle=(0, low - 0.09))
        stroke(canvas, frame, place(frame, wing, lift * 0.6), 0.03, Paint(dark, 0.3 + 0.25 * bridge, 0.018))
    ridge = [(-0.03, eye + 0.1), (0.03, eye + 0.1), (0.05, low - 0.15), (-0.05, low - 0.15)]
    glaze(canvas, frame, place(frame, ridge, lift), Paint(lighter(skin, 0.5), 0.4 * bridge, 0.04))
    tip = oval(canvas, frame, (-away * 0.03, low - 0.12), (0.06, 0.05), lift)
    glaze(canvas, frame, tip, Paint(lighter(skin, 0.65), 0.6, 0.03))


class _Lips(NamedTuple):
    """Lips: x (7,) of their points, and y (7,) of their four edges, measured from the mouth's middle."""

    x: np.ndarray
    top: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    bottom: np.ndarray


def draw_mouth(canvas: Canvas, frame: Frame, person: Person, look: Look, mood: Mood) -> None:
    """Draw the lips, and between them teeth if the mouth is open."""
    skin, lips = person.skin, _shape_lips(look, mood)
    half, middle = lips.x[-1], look.traits["mouth_y"]
    red = skin * 0.62 + np.array([176, 62, 70]) * (0.32 + 0.1 * look.blush)
    red = red * (1 - 0.7 * look.makeup) + np.array([176, 48, 66]) * 0.7 * look.makeup

    def between(first, second):
        edges = [curve(np.stack([lips.x, edge + middle], axis=1)) for edge in (first, second)]
        return place(frame, np.concatenate([edges[0], edges[1][::-1]]), 0.05)

    canvas.mark(canvas.mask_of(between(lips.top, lips.bottom)), MOUTH)
    below = oval(canvas, frame, (0, middle + lips.bottom.max() + 0.05), (half * 0.6, 0.035))
    glaze(canvas, frame, below, Paint(darker(skin, 0.45), 0.5, 0.035))
    glaze(canvas, frame, between(lips.top, lips.upper + 0.01), Paint(red * 0.86, 0.95, 0.014))
    glaze(canvas, frame, between(lips.lower - 0.01, lips.bottom), Paint(red, 0.95, 0.016))
    gap = lips.lower - lips.upper
    if gap.max() > 0.03:
        inside = between(lips.upper, lips.lower)
        glaze(canvas, frame, inside, Paint(INSIDE, 1.0, 0.006))
        teeth = between(lips.upper, lips.upper + gap * 0.68)
        glaze(canvas, frame, teeth, Paint(TEETH, 0.95, 0.008, canvas.mask_of(inside)))
    else:
        seam = between(lips.upper, lips.upper)[:12]
        stroke(canvas, frame, seam, 0.03, Paint(darker(red, 0.55), 0.9, 0.01))
    fullest = middle + 0.5 * (lips.lower[3] + lips.bottom[3])
    shine = oval(canvas, frame, (-0.05, fullest), (half * 0.35, 0.022), 0.05)
    glaze(canvas, frame, shine, Paint(lighter(red, 0.6), 0.4, 0.018))


def _shape_lips(look: Look, mood: Mood) -> _Lips:
    """Return the lips of a mouth that smiles and is open as the mood says."""
    share = np.array([-1, -0.62, -0.2, 0, 0.2, 0.62, 1])
    half = look.traits["mouth_width"] * (1.04 + 0.24 * mood.smile)
    thick = max(look.traits["lip"], 0.035)
    gap = 0.5 * mood.open * half
    seam = 0.17 * mood.smile * (0.35 - share**2)
    lower = seam + gap * (1 - share**2)
    top = seam - thick * np.array([0, 0.6, 1.05, 0.8, 1.05, 0.6, 0])
    bottom = lower + thick * 1.2 * (1 - np.abs(share) ** 2.4)
    return _Lips(share * half, top, seam + 0.04 * gap, lower, bottom)
