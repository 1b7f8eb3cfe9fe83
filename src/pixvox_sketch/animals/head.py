"""Heads of furry animals, built from parts with parameters: ears, skull, muzzle, nose, mouth, eyes, whiskers.

The unit is the radius of the head; its middle is (0, 0), x goes right, y down, depth towards the onlooker.
"""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.animals.coats import Coat
from pixvox_sketch.engine.canvas import Canvas, Fur
from pixvox_sketch.engine.outlines import Frame, bent, blob, hull, spline, tube

BACKGROUND, REST, EARS, MUZZLE, EYES, TAIL = range(6)  # part ids; a thing in front is background


class Ears(NamedTuple):
    """Ears: lengths in head radii."""

    length: float
    width: float  # at the base, from the middle to a side
    point: float  # 0 round, 1 pointed
    droop: float  # 0 upright, 1 hanging
    apart: float = 0.6  # x of the base
    inner: tuple = (206, 156, 148)  # colour of the inside


class Muzzle(NamedTuple):
    """Muzzle, nose and mouth: lengths in head radii."""

    length: float  # how far it stands out of the face
    width: float  # half of it
    depth: float  # half its height
    drop: float  # y of its middle
    nose: float  # half the nose's width
    nose_colour: tuple = (44, 36, 38)
    whiskers: float = 0.0  # their length, 0 for none
    tongue: float = 0.0  # how far it hangs out


class Eyes(NamedTuple):
    """Eyes: lengths in head radii."""

    size: float  # half their width
    apart: float  # x of their middle
    pupil: float  # width of the pupil to the iris's, 0 a slit, 1 all black
    tilt: float  # radians the outer corner is raised
    colour: tuple  # of the iris
    height: float = -0.14  # y of their middle
    lid: float = 0.0  # share that the upper lid hides


class Skull(NamedTuple):
    """The head without its parts."""

    width: float = 1.0
    height: float = 0.95
    jaw: float = 0.2  # how much narrower it is below
    cheeks: float = 0.0  # tufts at the sides


class Wear(NamedTuple):
    """What all parts of an animal are covered with."""

    coat: Coat
    fur: Fur


def draw_skull(canvas: Canvas, frame: Frame, skull: Skull, wear: Wear) -> None:
    """Draw the head's round."""
    angles = np.arange(16) * np.pi / 8
    x, y = np.sin(angles), -np.cos(angles)
    cheek = 1 + skull.cheeks * np.exp(-(((np.abs(x) - 0.95) / 0.2) ** 2)) * (y > -0.3)
    x = x * skull.width * (1 - skull.jaw * np.clip(y, 0, 1) ** 2) * cheek
    points = np.stack([x, y * skull.height], axis=1) * canvas.rng.normal(1, 0.015, (16, 1))
    flat = frame._replace(yaw=0.0, pitch=0.0)  # a ball looks the same from all sides
    canvas.fur(spline(flat.place(points)), wear.fur, part=REST, root=frame.place((0, 0.1), 0.9))


def draw_ears(canvas: Canvas, frame: Frame, ears: Ears, wear: Wear) -> None:
    """Draw both ears; upright ones belong behind the head and hanging ones before it."""
    for side in (-1, 1):
        spine, half_widths = _ear(ears, side)
        outline = spline(frame.place(tube(spine, half_widths), -0.1), 3)
        root = frame.place(spine[0], -0.1)
        canvas.fur(outline, wear.fur, part=EARS, root=root, tint=wear.coat.tints.get("ears"))
        if ears.droop < 0.5:
            inner = spine[0] + (tube(spine, half_widths * 0.58) - spine[0]) * 0.8
            shade = np.mean(wear.fur.field, axis=(0, 1)) * 0.55 + np.array(ears.inner) * 0.25
            canvas.solid(spline(frame.place(inner, -0.1), 3), shade, part=EARS)


def _ear(ears: Ears, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Return an ear's spine and half widths; a drooping one turns down soon after its base."""
    t = np.linspace(0, 1, 9)
    turn = np.exp(-(((t[1:] - 0.3) / 0.2) ** 2))
    angle = side * (0.2 + 1.0 * ears.droop)
    bend = side * 1.75 * ears.droop * turn / turn.sum()
    base = (side * (ears.apart + 0.08 * ears.droop), -0.66 + 0.02 * ears.droop)
    spine = bent(base, length=ears.length, angle=angle, bend=bend)
    pointed = 1.02 - t
    rounded = np.sqrt(np.clip(1 - ((t - 0.3) / 0.72) ** 2, 0.02, 1))
    return spine, ears.width * (ears.point * pointed + (1 - ears.point) * rounded * 0.9)


def draw_muzzle(canvas: Canvas, frame: Frame, muzzle: Muzzle, wear: Wear) -> None:
    """Draw the muzzle with nose, mouth, whiskers and tongue."""
    rng, tint = canvas.rng, wear.coat.tints.get("muzzle")
    short = wear.fur._replace(length=wear.fur.length * 0.55)
    tip = 0.78 + muzzle.length
    low = muzzle.drop + muzzle.depth
    face = frame.place(blob(rng, (0, muzzle.drop - 0.14), (muzzle.width * 0.85, muzzle.depth * 0.9)), 0.7)
    front = frame.place(blob(rng, (0, muzzle.drop), (muzzle.width, muzzle.depth)), tip)
    root = frame.place((0, muzzle.drop - 0.45), 0.7)
    canvas.fur(hull(face, front), short, part=MUZZLE, root=root, tint=tint)
    if muzzle.tongue > 0:
        at, reach = (0.05, low - 0.08 + muzzle.tongue * 0.5), (muzzle.width * 0.36, muzzle.tongue * 0.5 + 0.1)
        canvas.solid(frame.place(blob(rng, at, reach), tip), (196, 126, 120), part=MUZZLE)
    else:
        chin = blob(rng, (0, low - muzzle.depth * 0.18), (muzzle.width * 0.42, muzzle.depth * 0.3))
        canvas.fur(frame.place(chin, tip - 0.05), short, part=MUZZLE, root=root, tint=tint)
    for side in (-1, 1):
        pad = (side * muzzle.width * 0.47, muzzle.drop + muzzle.depth * 0.22)
        outline = blob(rng, pad, (muzzle.width * 0.54, muzzle.depth * 0.6), turn=side * 0.35)
        canvas.fur(frame.place(outline, tip), short, part=MUZZLE, root=root, tint=tint)
    _draw_mouth(canvas, frame, muzzle)
    draw_nose(canvas, frame, muzzle)


def draw_nose(canvas: Canvas, frame: Frame, muzzle: Muzzle) -> None:
    """Draw the nose: a rounded triangle with a gleam."""
    size, y, depth = muzzle.nose, muzzle.drop - muzzle.depth * 0.42, 0.84 + muzzle.length
    corners = [(-1.1, -0.62), (0, -0.78), (1.1, -0.62), (0.85, 0.1), (0, 0.8), (-0.85, 0.1)]
    outline = np.array(corners) * size + (0, y)
    canvas.solid(spline(frame.place(outline, depth), 5), muzzle.nose_colour, part=MUZZLE)
    gleam = blob(canvas.rng, (-0.2 * size, y - 0.4 * size), (0.35 * size, 0.14 * size), jitter=0)
    canvas.fill(frame.place(gleam, depth), np.array(muzzle.nose_colour) * 0.4 + 150, part=None)


def _draw_mouth(canvas: Canvas, frame: Frame, muzzle: Muzzle) -> None:
    """Draw the line below the nose, the lips and the whiskers."""
    depth, dark = 0.8 + muzzle.length, (52, 38, 38)
    width = frame.scale * 0.045
    middle = muzzle.drop + muzzle.depth * 0.45
    canvas.line(frame.place([(0, muzzle.drop - muzzle.depth * 0.2), (0, middle)], depth), dark, width=width)
    for side in (-1, 1):
        bow = [(0, 0), (0.25, 0.3), (0.55, 0.35), (0.85, 0.05)]
        lip = np.array(bow) * (side * muzzle.width, muzzle.depth) + (0, middle)
        canvas.line(frame.place(lip, depth), dark, width=width)
        for row in (-1, 0, 1):
            if muzzle.whiskers > 0:
                start = (side * muzzle.width * 0.5, muzzle.drop + muzzle.depth * (0.2 + 0.16 * row))
                rise = 0.2 * row + canvas.rng.normal(0.02, 0.04)
                end = (start[0] + side * muzzle.whiskers, start[1] + rise)
                canvas.line(frame.place([start, end], depth), (236, 234, 228), width=width * 0.6, part=MUZZLE)


def draw_eyes(canvas: Canvas, frame: Frame, eyes: Eyes) -> None:
    """Draw both eyes: rim, iris, pupil, gleam, lid."""
    rng, depth, size = canvas.rng, 0.8, eyes.size
    for side in (-1, 1):
        at = np.array([side * eyes.apart, eyes.height])
        turn = -side * eyes.tilt
        rim = blob(rng, at, (size * 1.18, size * 1.02), jitter=0.02, turn=turn)
        canvas.fill(frame.place(rim, depth), (30, 24, 24), part=EYES)
        iris = blob(rng, at, (size * 0.98, size * 0.84), jitter=0.02, turn=turn)
        canvas.solid(frame.place(iris, depth), eyes.colour, part=EYES)
        pupil = blob(rng, at, (size * 0.84 * eyes.pupil, size * 0.8), jitter=0, turn=turn * 0.3)
        canvas.fill(frame.place(pupil, depth), (14, 12, 14), part=EYES)
        gleam = blob(rng, at + (-0.3 * size, -0.32 * size), (size * 0.26, size * 0.26), jitter=0)
        canvas.fill(frame.place(gleam, depth), (250, 250, 248), part=EYES)
        if eyes.lid > 0:
            _draw_lid(canvas, frame, at, eyes)


def _draw_lid(canvas: Canvas, frame: Frame, at, eyes: Eyes) -> None:
    """Draw an upper lid over a share of an eye."""
    top, reach = at - (0, eyes.size * 1.15), eyes.size * 2.1 * eyes.lid
    corners = [(-1.25, 0.1), (1.25, 0.1), (1.2, 0.6), (0, 1.0), (-1.2, 0.6)]
    outline = top + np.array(corners) * (eyes.size, reach)
    canvas.fill(frame.place(outline, 0.8), (70, 56, 50), part=EYES)
