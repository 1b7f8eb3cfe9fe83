"""Points lie on the surface of each solid, and everywhere on it alike."""

import numpy as np
import pytest
from matplotlib.path import Path as MplPath

from pixvox_sketch import surfaces
from pixvox_sketch.surfaces import SOLIDS


def cover(name, count=4000, seed=0, **proportions):
    return SOLIDS[name].cover(np.random.default_rng(seed), count, **proportions)


def to_lines(points, corners):
    """Return how far points (n, 2) are from each of the lines that join corners, (n, lines)."""
    start, end = np.array(corners[:-1], float), np.array(corners[1:], float)
    along, away = end - start, points[:, None] - start
    share = np.clip((away * along).sum(axis=-1) / (along**2).sum(axis=-1), 0, 1)
    return np.linalg.norm(away - share[..., None] * along, axis=-1)


# Outlines and profiles by hand, area and perimeter of the base as in a textbook.
L = [(0, 0), (0.7, 0), (0.7, 0.3), (0.3, 0.3), (0.3, 1), (0, 1), (0, 0)]
CROSS = [(0.15, 0.5), (0.15, 0.15), (0.4, 0.15), (0.4, -0.15), (0.15, -0.15), (0.15, -0.5)]
CROSS = [*CROSS, *((-x, -y) for x, y in CROSS), CROSS[0]]
SQUARE = [(0, 0), (0.8, 0), (0.8, 0.9), (0, 0.9), (0, 0)]
PRISMS = [
    ("cube", {"width": 0.8, "depth": 0.9}, SQUARE, 1, 0.72, 3.4),
    ("L", {"bar": 0.3, "foot": 0.7, "height": 0.25}, L, 0.25, 0.3 + 0.3 * 0.4, 3.4),
    ("cross", {"bar": 0.3, "width": 0.8, "height": 0.25}, CROSS, 0.25, 0.3 + 0.3 * 0.5, 3.6),
]
TURNED = [
    ("cylinder", {"radius": 0.3}, [(0, 0), (0.3, 0), (0.3, 1), (0, 1)]),
    ("cone", {"radius": 0.5}, [(0, 0), (0.5, 0), (0, 1)]),
    ("ring", {"wall": 0.2, "height": 0.5}, [(0.8, 0), (1, 0), (1, 0.5), (0.8, 0.5), (0.8, 0)]),
]


@pytest.mark.parametrize(("name", "measures", "outline", "height", "area", "perimeter"), PRISMS)
def test_points_of_a_prism(name, measures, outline, height, area, perimeter):
    points = cover(name, **measures)
    flat, z = points[:, :2], points[:, 2]
    on_side = to_lines(flat, outline).min(axis=1) < 1e-9
    on_end = np.minimum(np.abs(z), np.abs(z - height)) < 1e-9
    assert (on_side | (on_end & MplPath(outline).contains_points(flat))).all()
    assert z.min() >= 0 and z.max() <= height
    assert on_end.mean() == pytest.approx(2 * area / (2 * area + perimeter * height), abs=0.03)
    assert (z[on_end] < height / 2).mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(("name", "measures", "profile"), TURNED)
def test_points_of_a_turned_profile(name, measures, profile):
    points = cover(name, **measures)
    radius, z = np.hypot(*points[:, :2].T), points[:, 2]
    away = to_lines(np.stack([radius, z], axis=1), profile)
    np.testing.assert_allclose(away.min(axis=1), 0, atol=1e-9)
    (r, low), (s, high) = np.array(profile[:-1]).T, np.array(profile[1:]).T
    areas = np.pi * (r + s) * np.hypot(s - r, high - low)  # of a frustum's side, by Pappus
    shares = np.bincount(away.argmin(axis=1), minlength=len(areas)) / len(points)
    np.testing.assert_allclose(shares, areas / areas.sum(), atol=0.03)
    assert np.abs((points[:, :2] > 0).mean(axis=0) - 0.5).max() < 0.03


def test_a_disc_and_the_side_of_a_cone_are_covered_evenly():
    points = cover("cone", radius=0.5)
    base = np.isclose(points[:, 2], 0)
    assert (np.hypot(*points[base, :2].T) < 0.25).mean() == pytest.approx(0.25, abs=0.05)
    assert (points[~base, 2] > 0.5).mean() == pytest.approx(0.25, abs=0.03)


def test_points_of_the_sphere():
    points = cover("sphere", width=0.85, depth=0.9)
    np.testing.assert_allclose(((points / (0.85, 0.9, 1)) ** 2).sum(axis=1), 1, atol=1e-9)


def test_an_ellipsoid_is_covered_evenly():
    flat = cover("sphere", count=20_000, width=1.0, depth=0.2)  # far flatter than those that are drawn
    angle, step = (np.arange(4000) + 0.5) * np.pi / 4000, np.pi / 4000
    strips = np.sin(angle) * np.hypot(0.2 * np.sin(angle), np.cos(angle)) * step  # axis y, half axes 1, .2, 1
    share = strips[np.abs(np.cos(angle)) > 0.5].sum() / strips.sum()
    assert (np.abs(flat[:, 1]) > 0.1).mean() == pytest.approx(share, abs=0.01)


def test_points_of_the_pyramid():
    x, y, z = cover("pyramid", depth=0.8, height=0.9).T
    sides = [
        z - 0.9 * np.clip(side, 0, None) for side in (2 * x, 2 * (1 - x), 2 * y / 0.8, 2 * (1 - y / 0.8))
    ]
    roof = np.isclose(np.max(sides, axis=0), 0)  # on one of the four planes and under none of them
    assert (roof | np.isclose(z, 0)).all()
    assert z.max() <= 0.9 and (x >= -1e-9).all() and (x <= 1 + 1e-9).all()


@pytest.mark.parametrize("thickness", [0.25, 0.45])
def test_points_of_the_torus(thickness):
    points = cover("torus", count=20_000, thickness=thickness)
    radius = np.hypot(*points[:, :2].T)
    np.testing.assert_allclose(np.hypot(radius - 1, points[:, 2]), thickness, atol=1e-9)
    outer = 0.5 + thickness / np.pi  # the outer half's share of the area, by Pappus
    assert (radius > 1).mean() == pytest.approx(outer, abs=0.012)


def test_points_of_the_helix():
    points = cover("helix", count=500, thickness=0.3, rise=1.2, turns=2)
    along = np.linspace(0, 4 * np.pi, 20_001)
    line = np.stack([np.cos(along), np.sin(along), 1.2 * along / (2 * np.pi)], axis=1)
    nearest = np.array([np.linalg.norm(line - point, axis=1).min() for point in points])
    np.testing.assert_allclose(nearest, 0.3, atol=1e-4)


@pytest.mark.parametrize("name", SOLIDS)
def test_proportions_stay_in_their_limits_and_count_is_right(name):
    rng = np.random.default_rng(0)
    drawn = [surfaces.draw_proportions(name, rng) for _ in range(50)]
    for key, (least, most) in SOLIDS[name].proportions.items():
        values = [proportions[key] for proportions in drawn]
        assert least <= min(values) < max(values) <= most and np.ptp(values) > 0.8 * (most - least)
    assert cover(name, count=137, **drawn[0]).shape == (137, 3)
