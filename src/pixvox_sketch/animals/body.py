"""Bodies of four-legged animals in a few poses; the unit is the head's radius, its middle is (0, 0)."""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.animals.head import REST, TAIL, Wear
from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.outlines import Frame, bent, blob, tube


class Tail(NamedTuple):
    """A tail: lengths in head radii."""

    length: float
    width: float  # half of it at the base
    taper: float  # 0 as wide at the tip, 1 pointed
    curl: float  # radians it bends on the way
    raised: float  # radians from hanging out sideways to upwards


class Build(NamedTuple):
    """How a body is put: all but the tail is the same for every kind of animal."""

    pose: str
    side: int  # -1 the body goes to the left of the head, 1 to the right
    stout: float = 1.0
    collar: tuple | None = None  # its colour


def draw_body(canvas: Canvas, frame: Frame, build: Build, tail: Tail, wear: Wear) -> None:
    """Draw tail, body and legs; the head goes over them."""
    frame = frame._replace(roll=0.0, yaw=0.0, pitch=0.0)
    DRAWERS[build.pose](canvas, frame, build, tail, wear)
    if build.collar is not None:
        band = blob(canvas.rng, (0.06 * build.side, 0.98), (0.66, 0.24), jitter=0.01)
        canvas.solid(frame.place(band), build.collar, part=REST)
        tag = blob(canvas.rng, (0.06 * build.side, 1.27), (0.13, 0.13), jitter=0)
        canvas.solid(frame.place(tag), (222, 188, 84), part=REST)


def _mass(canvas, frame, build, wear, shape, *, tint=None) -> None:
    """Draw a furry ellipse: `shape` is x (away from the head), y, and the two radii."""
    x, y, across, down = shape
    outline = blob(canvas.rng, (x * build.side, y), (across, down * build.stout))
    root = frame.place((x * 0.6 * build.side, y - down))
    canvas.fur(frame.place(outline), wear.fur, part=REST, root=root, tint=tint)


def _leg(canvas, frame, build, wear, points) -> None:
    """Draw a leg from top to foot, with a paw."""
    points = np.array(points) * (build.side, 1)
    steps = np.linspace(0, 1, 6)[:, None]
    spine = points[0] * (1 - steps) + points[1] * steps
    widths = np.linspace(0.3, 0.21, 6)
    canvas.fur(frame.place(tube(spine, widths)), wear.fur, root=frame.place(points[0]))
    paw = blob(canvas.rng, points[1] + (0, 0.05), (0.29, 0.2))
    root, tint = frame.place(points[1] - (0, 0.5)), wear.coat.tints.get("paws")
    canvas.fur(frame.place(paw), wear.fur, root=root, tint=tint)


def _tail(canvas, frame, build, tail: Tail, wear: Wear, start) -> None:
    """Draw the tail from where it begins."""
    angle = build.side * (np.pi / 2 - tail.raised)
    base = (start[0] * build.side, start[1])
    spine = bent(base, length=tail.length, angle=angle, bend=-build.side * tail.curl, count=14)
    t = np.linspace(0, 1, 14)
    widths = tail.width * (1 - tail.taper * t) * np.sqrt(np.clip(1.03 - t**6, 0, 1))
    outline, tint = frame.place(tube(spine, widths)), wear.coat.tints.get("tail")
    canvas.fur(outline, wear.fur, part=TAIL, root=frame.place(base), tint=tint)


def _ground_shadow(canvas, frame, build, shape) -> None:
    """Darken the ground below the animal."""
    x, y, across, down = shape
    canvas.shadow(frame.place(blob(canvas.rng, (x * build.side, y), (across, down), jitter=0)))


def portrait(canvas, frame, build, tail, wear) -> None:
    """Shoulders only, with the tail showing behind one of them."""
    _tail(canvas, frame, build, tail, wear, (0.9, 1.9))
    _mass(canvas, frame, build, wear, (0.15, 1.95, 1.15, 1.35))
    _mass(canvas, frame, build, wear, (0.0, 1.35, 0.72, 0.8), tint=wear.coat.tints.get("chest"))


def sitting(canvas, frame, build, tail, wear) -> None:
    """Upright, with straight forelegs and the tail at the side."""
    _ground_shadow(canvas, frame, build, (0.4, 3.1, 1.5, 0.3))
    _tail(canvas, frame, build, tail, wear, (1.0, 2.7))
    _mass(canvas, frame, build, wear, (0.3, 1.95, 0.95, 1.2))
    _mass(canvas, frame, build, wear, (0.75, 2.5, 0.62, 0.6))
    _mass(canvas, frame, build, wear, (0.05, 1.35, 0.7, 0.85), tint=wear.coat.tints.get("chest"))
    for x in (-0.32, 0.3):
        _leg(canvas, frame, build, wear, [(x, 1.75), (x * 1.15, 2.95)])


def lying(canvas, frame, build, tail, wear) -> None:
    """On the belly, body to the side, paws in front."""
    _ground_shadow(canvas, frame, build, (1.3, 1.75, 2.2, 0.25))
    _tail(canvas, frame, build, tail, wear, (2.7, 1.0))
    _mass(canvas, frame, build, wear, (1.4, 0.95, 1.6, 0.8))
    _mass(canvas, frame, build, wear, (2.4, 1.1, 0.75, 0.65))
    _mass(canvas, frame, build, wear, (0.1, 1.0, 0.65, 0.6), tint=wear.coat.tints.get("chest"))
    for x in (-0.25, 0.45):
        _leg(canvas, frame, build, wear, [(x + 0.3, 1.3), (x - 0.25, 1.6)])


def standing(canvas, frame, build, tail, wear) -> None:
    """On four legs, seen from the side, the head turned to us."""
    _ground_shadow(canvas, frame, build, (1.3, 2.75, 1.8, 0.22))
    _tail(canvas, frame, build, tail, wear, (2.65, 0.7))
    for x in (0.45, 2.3):
        _leg(canvas, frame, build, wear, [(x, 1.2), (x + 0.05, 2.5)])
    _mass(canvas, frame, build, wear, (1.45, 0.95, 1.45, 0.72))
    _mass(canvas, frame, build, wear, (0.25, 0.85, 0.7, 0.75), tint=wear.coat.tints.get("chest"))
    for x in (0.05, 2.55):
        _leg(canvas, frame, build, wear, [(x, 1.2), (x - 0.05, 2.65)])


DRAWERS = {"portrait": portrait, "sitting": sitting, "lying": lying, "standing": standing}
POSES = tuple(DRAWERS)
