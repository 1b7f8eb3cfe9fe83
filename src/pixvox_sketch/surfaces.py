"""Surfaces of ten solids, as points: each part of a surface gets as many points as its area deserves.

A solid has a function that puts points on it, and proportions that vary from one to the next. Three
kinds of surface make all but one of them: a prism over an outline, a profile turned about an axis, and a
tube round a coil. A function that covers a surface draws all from the generator that it is given, and
returns float64 (count, 3).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

TAU = 2 * np.pi


class Solid(NamedTuple):
    """How a kind of solid is made."""

    cover: Callable  # function of (rng, count, **proportions) that returns points on the surface
    proportions: dict[str, tuple[float, float]]  # least and most of each; any in between is as likely


def draw_proportions(name: str, rng: np.random.Generator) -> dict[str, float]:
    """Draw the proportions of a solid; `name` is a key of `SOLIDS`."""
    return {key: rng.uniform(*limits) for key, limits in SOLIDS[name].proportions.items()}


def cover_triangles(rng: np.random.Generator, count: int, *, triangles: np.ndarray) -> np.ndarray:
    """Return points on triangles, (n, 3, 3): for each its corners as (x, y, z)."""
    origin = triangles[:, 0]
    first, second = triangles[:, 1] - origin, triangles[:, 2] - origin
    areas = np.linalg.norm(np.cross(first, second), axis=1)
    chosen = rng.choice(len(triangles), count, p=areas / areas.sum())
    along = rng.random((count, 2))
    along = np.where(along.sum(axis=1, keepdims=True) > 1, 1 - along, along)  # fold the square's far half
    return origin[chosen] + along[:, :1] * first[chosen] + along[:, 1:] * second[chosen]


def cover_prism(
    rng: np.random.Generator, count: int, *, outline: list, hub: tuple[float, float], height: float
) -> np.ndarray:
    """Return points on a prism that stands on the plane z = 0.

    Args:
        outline: corners (x, y) in order round the base.
        hub: a point (x, y) from which straight lines reach every corner inside the base.
    """
    low = np.array([(x, y, 0.0) for x, y in [*outline, hub]])
    high = low + (0, 0, height)
    triangles = []
    for here in range(len(outline)):
        after = (here + 1) % len(outline)
        triangles += [(level[-1], level[here], level[after]) for level in (low, high)]
        triangles += [(low[here], low[after], high[after]), (low[here], high[after], high[here])]
    return cover_triangles(rng, count, triangles=np.array(triangles))


def cover_turned(rng: np.random.Generator, count: int, *, profile: list) -> np.ndarray:
    """Return points on the surface that a profile leaves when it is turned about the axis z.

    The profile is points (radius, z), joined by straight lines.
    """
    profile = np.asarray(profile, dtype=float)
    start, end = profile[:-1], profile[1:]
    areas = (start[:, 0] + end[:, 0]) * np.linalg.norm(end - start, axis=1)
    chosen = rng.choice(len(start), count, p=areas / areas.sum())
    (inner, bottom), (outer, top) = start[chosen].T, end[chosen].T
    share = 1 - rng.random(count)  # of the area of that piece: above 0, for a tip has no radius to divide by
    radius = np.sqrt(inner**2 + share * (outer**2 - inner**2))
    along = share * (inner + outer) / (inner + radius)  # the same radius, as a place on the line
    turn = rng.uniform(0, TAU, count)
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), bottom + along * (top - bottom)], axis=1)


def cover_coil(
    rng: np.random.Generator, count: int, *, thickness: float, rise: float = 0.0, turns: float = 1.0
) -> np.ndarray:
    """Return points on a tube round a coil of radius 1 about the axis z.

    Without rise it is a torus. Its ends, if it has any, are open.

    Args:
        thickness: radius of the tube, less than 1.
        rise: along z, a turn.
        turns: how often the coil goes round.
    """
    slope = rise / TAU
    speed = np.hypot(1, slope)

    def propose(number):
        along, around = rng.uniform(0, TAU * turns, number), rng.uniform(0, TAU, number)
        cos, sin = np.cos(along), np.sin(along)
        middle = np.stack([cos, sin, slope * along], axis=1)
        outwards = np.stack([cos, sin, np.zeros(number)], axis=1)
        upwards = np.stack([slope * sin, -slope * cos, np.ones(number)], axis=1) / speed
        move = np.cos(around)[:, None] * outwards + np.sin(around)[:, None] * upwards
        bend = thickness / speed**2  # the outside of a bend is longer than its inside
        return middle + thickness * move, (1 + bend * np.cos(around)) / (1 + bend)

    return _keep(rng, count, propose)


def cover_ellipsoid(rng: np.random.Generator, count: int, *, width: float, depth: float) -> np.ndarray:
    """Return points on an ellipsoid with the half axes width, depth and 1."""
    axes = np.array([width, depth, 1.0])

    def propose(number):
        ball = rng.normal(size=(number, 3))
        ball /= np.linalg.norm(ball, axis=1, keepdims=True)
        return ball * axes, np.linalg.norm(ball / axes, axis=1) * axes.min()

    return _keep(rng, count, propose)


def _keep(rng: np.random.Generator, count: int, propose: Callable) -> np.ndarray:
    """Return `count` of the points that are proposed; each is kept with the chance it comes with."""
    kept = np.empty((0, 3))
    while len(kept) < count:
        points, chances = propose(2 * count)
        kept = np.concatenate([kept, points[rng.random(len(points)) < chances]])
    return kept[:count]


def _cube(rng, count, *, width, depth):
    """Return points on a block, 1 long."""
    corners = [(0, 0), (width, 0), (width, depth), (0, depth)]
    return cover_prism(rng, count, outline=corners, hub=(0, 0), height=1.0)


def _cylinder(rng, count, *, radius):
    """Return points on a closed cylinder, 1 high."""
    return cover_turned(rng, count, profile=[(0, 0), (radius, 0), (radius, 1), (0, 1)])


def _cone(rng, count, *, radius):
    """Return points on a closed cone, 1 high."""
    return cover_turned(rng, count, profile=[(0, 0), (radius, 0), (0, 1)])


def _pyramid(rng, count, *, depth, height):
    """Return points on a pyramid over a base 1 wide."""
    corners = np.array([(0, 0, 0), (1, 0, 0), (1, depth, 0), (0, depth, 0)], dtype=float)
    tip = np.array([0.5, depth / 2, height])
    sides = [(corners[here], corners[(here + 1) % 4], tip) for here in range(4)]
    base = [corners[[0, 1, 2]], corners[[0, 2, 3]]]
    return cover_triangles(rng, count, triangles=np.array([*sides, *base]))


def _ring(rng, count, *, wall, height):
    """Return points on a hoop of radius 1: a band with flat sides."""
    inner = 1 - wall
    corners = [(inner, 0), (1, 0), (1, height), (inner, height), (inner, 0)]
    return cover_turned(rng, count, profile=corners)


def _letter_l(rng, count, *, bar, foot, height):
    """Return points on an L: a bar 1 long, with a foot."""
    corners = [(0, 0), (foot, 0), (foot, bar), (bar, bar), (bar, 1), (0, 1)]
    return cover_prism(rng, count, outline=corners, hub=(0, 0), height=height)


def _cross(rng, count, *, bar, width, height):
    """Return points on a cross: a bar 1 long and another across its middle, `width` long."""
    thin, wide = bar / 2, width / 2
    quarter = [(wide, -thin), (wide, thin), (thin, thin)]
    half = [*quarter, (thin, 0.5), (-thin, 0.5), (-thin, thin)]
    corners = [*half, *((-x, -y) for x, y in half)]
    return cover_prism(rng, count, outline=corners, hub=(0, 0), height=height)


SOLIDS = {
    "cube": Solid(_cube, {"width": (0.8, 1.0), "depth": (0.8, 1.0)}),
    "sphere": Solid(cover_ellipsoid, {"width": (0.85, 1.0), "depth": (0.85, 1.0)}),
    "cylinder": Solid(_cylinder, {"radius": (0.25, 0.5)}),
    "cone": Solid(_cone, {"radius": (0.35, 0.6)}),
    "pyramid": Solid(_pyramid, {"depth": (0.8, 1.0), "height": (0.7, 1.1)}),
    "torus": Solid(cover_coil, {"thickness": (0.25, 0.45)}),
    "ring": Solid(_ring, {"wall": (0.1, 0.2), "height": (0.4, 0.8)}),
    "helix": Solid(cover_coil, {"thickness": (0.22, 0.32), "rise": (1.0, 1.5), "turns": (1.75, 2.75)}),
    "L": Solid(_letter_l, {"bar": (0.22, 0.36), "foot": (0.55, 0.85), "height": (0.22, 0.4)}),
    "cross": Solid(_cross, {"bar": (0.22, 0.36), "width": (0.7, 1.0), "height": (0.22, 0.4)}),
}
