"""Points lie on the surface of each solid, and everywhere on it alike."""

import numpy as np
import pytest

from pixvox_sketch import surfaces
from pixvox_sketch.surfaces import SOLIDS


def cover(name, count=4000, seed=0, **proportions):
    return SOLIDS[name].cover(np.random.default_rng(seed), count, **proportions)


def outside_prism(points, corners_distance, height):
    """Return how far points are from a prism's surface, given their distance from its outline."""
    x, y, z = points.T
    on_side = corners_distance(x, y)
    on_end = np.minimum(np.abs(z), np.abs(z - height))
    return np.minimum(on_side, on_end)


def from_box(x, y, width, depth):
    """Return how far points within a rectangle are from its sides; infinite outside."""
    inside = (x > -1e-9) & (x < width + 1e-9) & (y > -1e-9) & (y < depth + 1e-9)
    nearest = np.min([np.abs(x), np.abs(x - width), np.abs(y), np.abs(y - depth)], axis=0)
    return np.where(inside, nearest, np.inf)


def test_points_of_the_cube():
    points = cover("cube", width=0.8, depth=0.9)
    off = outside_prism(points, lambda x, y: from_box(x, y, 0.8, 0.9), 1)
    np.testing.assert_allclose(off, 0, atol=1e-9)
    ends = np.isclose(points[:, 2], 0).mean() + np.isclose(points[:, 2], 1).mean()
    assert ends == pytest.approx(2 * 0.72 / (2 * 0.72 + 2 * 1.7), abs=0.03)  # as their area


def test_points_of_the_sphere():
    points = cover("sphere", width=0.85, depth=0.9)
    np.testing.assert_allclose(((points / (0.85, 0.9, 1)) ** 2).sum(axis=1), 1, atol=1e-9)
    ball = cover("sphere", width=1, depth=1)
    np.testing.assert_allclose((ball**2).mean(axis=0), 1 / 3, atol=0.02)


def test_an_ellipsoid_is_covered_evenly():
    flat = cover("sphere", count=20_000, width=1.0, depth=0.2)  # far flatter than those that are drawn
    angle, step = (np.arange(4000) + 0.5) * np.pi / 4000, np.pi / 4000
    strips = np.sin(angle) * np.hypot(0.2 * np.sin(angle), np.cos(angle)) * step  # axis y, half axes 1, .2, 1
    share = strips[np.abs(np.cos(angle)) > 0.5].sum() / strips.sum()
    assert (np.abs(flat[:, 1]) > 0.1).mean() == pytest.approx(share, abs=0.01)


def test_points_of_the_cylinder():
    points = cover("cylinder", radius=0.3)
    radius, z = np.hypot(*points[:, :2].T), points[:, 2]
    side = np.isclose(radius, 0.3) & (z >= 0) & (z <= 1)
    end = (np.isclose(z, 0) | np.isclose(z, 1)) & (radius <= 0.3 + 1e-9)
    assert (side | end).all()
    assert end.mean() == pytest.approx(0.3 / 1.3, abs=0.03)
    assert (radius[end & ~side] < 0.15).mean() == pytest.approx(0.25, abs=0.05)  # a quarter of the disc


def test_points_of_the_cone():
    points = cover("cone", radius=0.5)
    radius, z = np.hypot(*points[:, :2].T), points[:, 2]
    side, end = np.isclose(radius, 0.5 * (1 - z)), np.isclose(z, 0) & (radius <= 0.5 + 1e-9)
    assert (side | end).all()
    slope = np.hypot(1, 0.5)
    assert end.mean() == pytest.approx(0.5 / (0.5 + slope), abs=0.03)
    assert (z[~end] > 0.5).mean() == pytest.approx(0.25, abs=0.03)


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


def test_points_of_the_ring():
    points = cover("ring", wall=0.2, height=0.5)
    radius, z = np.hypot(*points[:, :2].T), points[:, 2]
    walls = np.isclose(radius, 1) | np.isclose(radius, 0.8)
    ends = np.isclose(z, 0) | np.isclose(z, 0.5)
    assert (walls | ends).all() and radius.min() > 0.8 - 1e-9 and radius.max() < 1 + 1e-9
    assert np.isclose(radius, 1).mean() == pytest.approx(0.5 / (1.8 * 0.5 + 0.36), abs=0.03)


def test_points_of_the_helix():
    points = cover("helix", count=500, thickness=0.3, rise=1.2, turns=2)
    along = np.linspace(0, 4 * np.pi, 20_001)
    line = np.stack([np.cos(along), np.sin(along), 1.2 * along / (2 * np.pi)], axis=1)
    nearest = np.array([np.linalg.norm(line - point, axis=1).min() for point in points])
    np.testing.assert_allclose(nearest, 0.3, atol=1e-4)


def test_points_of_the_l():
    def outline(x, y):
        whole = from_box(x, y, 0.7, 1)
        notch = np.where((x > 0.3) & (y > 0.3), np.inf, whole)  # nothing is where the L has its corner
        on_bar = np.where(y >= 0.3 - 1e-9, np.abs(x - 0.3), np.inf)
        on_foot = np.where(x >= 0.3 - 1e-9, np.abs(y - 0.3), np.inf)
        return np.min([notch, on_bar, on_foot], axis=0)

    points = cover("L", bar=0.3, foot=0.7, height=0.25)
    np.testing.assert_allclose(outside_prism(points, outline, 0.25), 0, atol=1e-9)
    assert not ((points[:, 0] > 0.3 + 1e-9) & (points[:, 1] > 0.3 + 1e-9)).any()
    area = 0.3 + 0.3 * 0.4
    ends = np.isclose(points[:, 2], 0) | np.isclose(points[:, 2], 0.25)
    assert ends.mean() == pytest.approx(2 * area / (2 * area + 3.4 * 0.25), abs=0.03)


def test_points_of_the_cross():
    x, y, z = cover("cross", bar=0.3, width=0.8, height=0.25).T
    x, y = np.abs(x), np.abs(y)
    inside = ((x <= 0.15 + 1e-9) & (y <= 0.5 + 1e-9)) | ((x <= 0.4 + 1e-9) & (y <= 0.15 + 1e-9))
    side = (np.isclose(x, 0.15) & (y >= 0.15 - 1e-9)) | (np.isclose(y, 0.15) & (x >= 0.15 - 1e-9))
    side |= np.isclose(x, 0.4) | np.isclose(y, 0.5)
    end = np.isclose(z, 0) | np.isclose(z, 0.25)
    assert inside.all() and (side | end).all()
    area = 0.3 + 0.3 * 0.5
    assert end.mean() == pytest.approx(2 * area / (2 * area + 3.6 * 0.25), abs=0.03)


@pytest.mark.parametrize("name", SOLIDS)
def test_proportions_stay_in_their_limits_and_count_is_right(name):
    rng = np.random.default_rng(0)
    drawn = [surfaces.draw_proportions(name, rng) for _ in range(50)]
    for key, (least, most) in SOLIDS[name].proportions.items():
        values = [proportions[key] for proportions in drawn]
        assert least <= min(values) < max(values) <= most and np.ptp(values) > 0.8 * (most - least)
    assert cover(name, count=137, **drawn[0]).shape == (137, 3)
