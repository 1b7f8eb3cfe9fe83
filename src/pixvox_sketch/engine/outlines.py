"""Outlines for drawings: splines through jittered points, tubes, hulls, and the frame they are placed in.

All outlines are float arrays (n, 2) of x (to the right) and y (downwards), in pixels or in units of a frame.
"""

from typing import NamedTuple

import numpy as np
from scipy.spatial import ConvexHull


class Frame(NamedTuple):
    """Where a part of a drawing is and how it is turned; its units are, say, the radius of a head."""

    x: float  # of the origin, in pixels
    y: float
    scale: float  # pixels a unit
    roll: float = 0.0  # radians clockwise in the picture's plane
    yaw: float = 0.0  # radians; with more, what is near (depth above 0) moves to the right
    pitch: float = 0.0  # radians; with more, what is near moves down

    def place(self, points, depth: float = 0.0) -> np.ndarray:
        """Return points (n, 2) or (2,) in units, `depth` units in front of the origin, in pixels."""
        points = np.asarray(points, np.float64)
        x = points[..., 0] * np.cos(self.yaw) + depth * np.sin(self.yaw)
        y = points[..., 1] * np.cos(self.pitch) + depth * np.cos(self.yaw) * np.sin(self.pitch)
        return turned(np.stack([x, y], axis=-1), self.roll) * self.scale + (self.x, self.y)


def spline(points, steps: int = 8) -> np.ndarray:
    """Return a smooth closed outline through `points` (n, 2): a Catmull-Rom spline of n * steps points."""
    points = np.asarray(points, np.float64)
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    later = np.roll(points, -2, axis=0)
    t = (np.arange(steps) / steps)[:, None, None]
    linear, square, cube = after - before, 2 * before - 5 * points + 4 * after - later, 3 * points - 3 * after
    curve = points + (linear * t + square * t**2 + (cube + later - before) * t**3) / 2
    return curve.swapaxes(0, 1).reshape(-1, 2)


def blob(rng, centre, radii, *, jitter: float = 0.04, turn: float = 0.0, count: int = 10) -> np.ndarray:
    """Return an ellipse that is not quite one.

    Args:
        centre, radii: (x, y) each.
        jitter: how much each of its points is moved in or out, as a share of the radius.
        turn: radians clockwise.
        count: how many points the spline goes through.
    """
    angles = np.arange(count) * 2 * np.pi / count
    reach = 1 + rng.normal(0, jitter, count) if jitter else np.ones(count)
    x, y = np.cos(angles) * radii[0] * reach, np.sin(angles) * radii[1] * reach
    return spline(turned(np.stack([x, y], axis=1), turn) + np.asarray(centre, np.float64))


def tube(spine, widths) -> np.ndarray:
    """Return the outline of a bent tube: points (n, 2) of its spine and its half widths there, (n,)."""
    spine, widths = np.asarray(spine, np.float64), np.asarray(widths, np.float64)[:, None]
    along = np.gradient(spine, axis=0)
    across = along[:, ::-1] * (-1, 1) / (np.linalg.norm(along, axis=1, keepdims=True) + 1e-9)
    return np.concatenate([spine + across * widths, (spine - across * widths)[::-1]])


def bent(start, *, length: float, angle: float, bend, count: int = 9) -> np.ndarray:
    """Return a spine (count, 2): from `start` at `angle` (radians clockwise from upwards), turning by `bend`.

    Args:
        bend: radians it turns on the way, evenly; or an array (count - 1,) of turns, one a step.
    """
    turns = np.broadcast_to(np.asarray(bend) / ((count - 1) if np.ndim(bend) == 0 else 1), (count - 1,))
    angles = angle + np.cumsum(turns)
    steps = np.stack([np.sin(angles), -np.cos(angles)], axis=1) * length / (count - 1)
    return np.concatenate([[start], np.asarray(start) + np.cumsum(steps, axis=0)])


def hull(*outlines) -> np.ndarray:
    """Return the convex hull of outlines, as an outline."""
    points = np.concatenate(outlines)
    return points[ConvexHull(points).vertices]


def curve(points, steps: int = 6) -> np.ndarray:
    """Return a smooth open line through points (n, 2): a Catmull-Rom spline that starts and ends in them."""
    points = np.asarray(points, np.float64)
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    before, start, end, after = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = (np.arange(steps) / steps)[:, None, None]
    square, cube = 2 * before - 5 * start + 4 * end - after, 3 * (start - end) + after - before
    line = start + ((end - before) * t + square * t**2 + cube * t**3) / 2
    return np.concatenate([line.swapaxes(0, 1).reshape(-1, 2), points[-1:]])


def mirrored(half) -> np.ndarray:
    """Return the whole outline of a half (n, 2) that runs from the top to the bottom on the right."""
    half = np.asarray(half, np.float64)
    return np.concatenate([half, flipped(half)[::-1]])


def flipped(points) -> np.ndarray:
    """Return points (n, 2) on the other side of the middle line."""
    return np.asarray(points, np.float64) * (-1, 1)


def turned(points, angle: float) -> np.ndarray:
    """Return points (n, 2) or (2,) turned about the origin by `angle` radians clockwise."""
    x, y = np.moveaxis(np.asarray(points, np.float64), -1, 0)
    return np.stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], axis=-1)


def arc(start: float, end: float, *, radii, middle=(0.0, 0.0), count: int = 17) -> np.ndarray:
    """Return points (count, 2) on an ellipse, from angle to angle: radians clockwise from upwards."""
    angles = np.linspace(start, end, count)
    return np.stack([np.sin(angles) * radii[0], -np.cos(angles) * radii[1]], axis=1) + middle


def box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """Return a rectangle (4, 2)."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
