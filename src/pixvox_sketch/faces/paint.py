"""Paint for faces: soft glazes, strokes and strands, kept inside an outline where that is wanted.

All lengths are in units of a face: half its width. A face's middle is (0, 0), x goes right, y down.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from pixvox_sketch.engine.canvas import Canvas, ink, tuples
from pixvox_sketch.engine.outlines import Frame, blob

BACKGROUND, SKIN, EYES, NOSE, MOUTH, HAIR, CLOTHES, WORN = range(8)  # part ids


class Paint(NamedTuple):
    """How a glaze is laid on."""

    colour: tuple  # RGB, 0 to 255
    strength: float = 1.0  # 0 to 1, the share of the colour where the glaze is thickest
    blur: float = 0.0  # of its edge, in units
    within: Image.Image | None = None  # L, of the whole canvas: the glaze stays where it is white


def place(frame: Frame, points, lift: float = 0.0) -> np.ndarray:
    """Return points (n, 2) on the front of a head in pixels: a turned head moves the near ones most.

    The points are in units, and `lift` units above the head.
    """
    points = np.asarray(points, np.float64)
    x, y = points[..., 0], points[..., 1]
    depth = 0.95 * np.sqrt(np.clip(1 - (x / 1.08) ** 2 - (y / 1.5) ** 2, 0, 1))
    return frame.place(points, depth + lift)


def oval(canvas: Canvas, frame: Frame, middle, radii, lift: float = 0.0) -> np.ndarray:
    """Return an ellipse on the front of a head, its outline in pixels; `lift` is as in `place`."""
    return place(frame, blob(canvas.rng, middle, radii, jitter=0), lift)


def glaze(canvas: Canvas, frame: Frame, points, paint: Paint) -> None:
    """Lay a colour with a soft edge over an outline in pixels; the parts stay as they are."""
    _lay(canvas, frame, points, paint, lambda pen, corners: pen.polygon(corners, fill=255))


def stroke(canvas: Canvas, frame: Frame, points, width: float, paint: Paint) -> None:
    """Draw a line through points in pixels, `width` units wide."""
    pixels = max(1, round(width * frame.scale))
    style = {"fill": 255, "width": pixels, "joint": "curve"}
    _lay(canvas, frame, points, paint, lambda pen, corners: pen.line(corners, **style))


def head_grid(canvas: Canvas, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of every pixel in units of the upright head, float32 (height, width) each."""
    y, x = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    x, y = (x - frame.x) / frame.scale, (y - frame.y) / frame.scale
    cos, sin = np.cos(frame.roll), np.sin(frame.roll)
    return x * cos + y * sin, y * cos - x * sin


def curve(points, count: int = 12) -> np.ndarray:
    """Return a smooth open line (count, 2) through points: a spline that stops at both ends."""
    points = np.asarray(points, np.float64)
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    at = np.linspace(0, len(points) - 1 - 1e-9, count)
    first, t = at.astype(int), (at % 1)[:, None]
    a, b, c, d = (padded[first + step] for step in range(4))
    return b + ((c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3) / 2


def _lay(canvas: Canvas, frame: Frame, points, paint: Paint, draw) -> None:
    """Draw a mask near the points, soften it and put the colour through it."""
    blur = paint.blur * frame.scale
    margin = 3 * blur + 3
    low = np.maximum(np.floor(np.min(points, axis=0) - margin), 0).astype(int)
    high = np.minimum(np.ceil(np.max(points, axis=0) + margin), canvas.shape[::-1]).astype(int)
    if np.any(high - low < 2) or paint.strength <= 0:
        return
    box = tuple(int(value) for value in (*low, *high))
    mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
    draw(ImageDraw.Draw(mask), tuples(np.asarray(points) - low))
    if blur > 0.3:
        mask = mask.filter(ImageFilter.GaussianBlur(blur))
    if paint.within is not None:
        mask = ImageChops.multiply(mask, paint.within.crop(box))
    if paint.strength < 1:
        mask = mask.point(lambda value: value * paint.strength)
    canvas.picture.paste(ink(paint.colour), box, mask)
