import numpy as np

from pixvox_sketch.engine.outlines import Frame, bent, blob, curve, mirrored, spline, tube, turned
from pixvox_sketch.faces import paint


def test_splines_and_curves_go_through_their_points():
    corners = np.array([(0, 0), (4, 0), (4, 2), (0, 2)])
    np.testing.assert_allclose(spline(corners, 5)[::5], corners)
    np.testing.assert_allclose(curve(corners, 5)[::5], corners)
    np.testing.assert_allclose(paint.curve(corners, 31)[::10], corners, atol=1e-6)


def test_a_blob_without_jitter_is_an_ellipse():
    outline = blob(np.random.default_rng(0), (5, 3), (2, 1), jitter=0, count=16)
    radius = np.hypot((outline[:, 0] - 5) / 2, outline[:, 1] - 3)
    np.testing.assert_allclose(radius, 1, atol=0.01)


def test_a_frame_scales_rolls_and_shows_depth_to_the_side_when_turned():
    np.testing.assert_allclose(Frame(10, 20, 5).place((1, 1), 3), (15, 25))
    np.testing.assert_allclose(Frame(0, 0, 1, roll=np.pi / 2).place((1, 0)), (0, 1), atol=1e-12)
    np.testing.assert_allclose(Frame(0, 0, 1, yaw=np.pi / 6).place((0, 0), 2), (1, 0), atol=1e-12)
    np.testing.assert_allclose(Frame(0, 0, 1, pitch=np.pi / 6).place((0, 0), 2), (0, 1), atol=1e-12)


def test_bent_spines_have_their_length_and_tubes_their_width():
    straight = bent((0, 0), length=4, angle=np.pi / 2, bend=0.0, count=5)
    np.testing.assert_allclose(straight, [(x, 0) for x in range(5)], atol=1e-12)
    outline = tube(straight, np.full(5, 0.5))
    assert outline.shape == (10, 2)
    np.testing.assert_allclose(np.abs(outline[:, 1]), 0.5, atol=1e-6)
    corner = bent((0, 0), length=2, angle=0, bend=np.array([0, np.pi / 2]), count=3)
    np.testing.assert_allclose(corner, [(0, 0), (0, -1), (1, -1)], atol=1e-12)


def test_a_mirrored_half_is_the_same_on_both_sides_and_a_quarter_turn_is_clockwise():
    whole = mirrored([(0, 0), (1, 1), (0, 2)])
    assert whole.tolist() == [[0, 0], [1, 1], [0, 2], [0, 2], [-1, 1], [0, 0]]
    np.testing.assert_allclose(turned([(1, 0), (0, 1)], np.pi / 2), [(0, 1), (-1, 0)], atol=1e-12)
