"""Volumes in their own axes, against bodies whose plane is known; points, against their voxels."""

import numpy as np
import pytest
from scipy import ndimage
from support.splat import splat

from pixvox.voxels import recipe as voxels
from pixvox.voxels import views as voxel_views


def letter_l():
    """Return a tall L as a picture: a bar on the left, a foot to the right at the bottom."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 8:12] = 200
    image[20:24, 8:22] = 50
    return image


def turned(angles):
    """Return the L, turned, as a volume (16, 16, 16)."""
    points, _ = voxels.cloud_of_digit(letter_l())
    return voxels.voxel_grid(points @ voxels.rotation_matrix(angles))


def test_an_upright_digit_stays_as_it_is():
    """Only its middle comes to the middle, and its size is another: SciPy does the same."""
    volume = turned((0, 0, 0))
    (axes,) = voxel_views.thin_axes(volume[None])
    np.testing.assert_allclose(axes, np.eye(3)[[1, 2, 0]], atol=0.02)
    (own,) = voxel_views.own_grid(volume[None])
    assert own.shape == (16, 16, 16) and own.dtype == np.float32 and own.max() == 1 and own.min() >= 0
    places, weights = np.argwhere(volume), volume[volume > 0]
    middle = np.average(places, axis=0, weights=weights)
    spread = np.sqrt(np.average((places - middle) ** 2, axis=0, weights=weights))
    shrink = np.hypot(spread[0], spread[1]) / 5  # of 16 voxels
    wanted = ndimage.affine_transform(volume, [shrink] * 3, middle - 7.5 * shrink, order=1)
    smooth = [ndimage.gaussian_filter(grid, 0.7).ravel() for grid in (own, wanted)]
    assert np.corrcoef(smooth)[0, 1] > 0.95
    turned_wrong = [np.flip(wanted, axis) for axis in range(2)] + [wanted.transpose(1, 0, 2)]
    assert all(np.corrcoef(own.ravel(), other.ravel())[0, 1] < 0.7 for other in turned_wrong)


def test_what_a_voxel_holds_falls_on_the_eight_nearest():
    rng = np.random.default_rng(0)
    volumes = np.zeros((3, 12, 12, 12))
    volumes[:, 2:10, 3:9, 4:8] = rng.integers(0, 4, (3, 8, 6, 4))
    volumes[1] = ndimage.rotate(volumes[1], 40, axes=(0, 2), reshape=False, order=0)
    volumes[2, 5, 0, 0] = 2  # this one ends up beyond the border
    for volume, axes, own in zip(
        volumes, voxel_views.thin_axes(volumes), voxel_views.own_grid(volumes), strict=True
    ):
        np.testing.assert_allclose(own, splat(volume, axes), atol=1e-4)


@pytest.mark.parametrize("angles", [(25, 0, 0), (0, 40, 0), (0, 0, 65), (10, -30, 50), (200, 10, 140)])
def test_axes_are_found_whichever_way_the_digit_is_turned(angles):
    (axes,) = voxel_views.thin_axes(turned(angles)[None])
    assert axes.shape == (3, 3) and axes.dtype == np.float64
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(axes) == pytest.approx(1)
    right, up, thin = axes
    depth = voxels.rotation_matrix(angles)[0]  # where the axis x went
    assert abs(thin @ depth) > np.cos(np.deg2rad(6))
    assert thin[0] >= 0 and up[2] >= 0 and right[2] == pytest.approx(0, abs=1e-9)


def test_turned_digits_are_the_same_or_turned_round():
    """Turned about z by less than 90 degrees it is seen from the front, by more from the back."""
    upright, front, back = (
        ndimage.gaussian_filter(own, 0.7)
        for own in voxel_views.own_grid(np.stack([turned((0, 0, z)) for z in (0, 35, 145)]))
    )
    assert np.corrcoef(upright.ravel(), front.ravel())[0, 1] > 0.85
    assert np.corrcoef(upright.ravel(), back[:, ::-1, ::-1].ravel())[0, 1] > 0.85
    assert np.corrcoef(upright.ravel(), back.ravel())[0, 1] < 0.7


def test_mirror_images_are_mirror_images_along_the_thin_axis():
    volumes = np.stack([turned(angles) for angles in ((10, -30, 50), (200, 10, 140))])
    mirrored = voxel_views.own_grid(volumes[..., ::-1])
    np.testing.assert_allclose(mirrored, voxel_views.own_grid(volumes)[..., ::-1], atol=1e-3)


def test_size_and_weights_of_what_is_turned():
    """Four voxels, 4 from the middle, come to 5/16 of 17 voxels from it: to 2.6875 and 13.3125."""
    volume = np.zeros((1, 17, 17, 17))
    volume[0, [4, 12], 8, 8] = 3  # above and below
    volume[0, 8, [4, 12], 8] = 1  # left and right
    wanted, share = np.zeros((17, 17)), np.array([0.3125, 0.6875])
    for line, weight in ((wanted[:, 8], 3), (wanted[8], 1)):
        line[[2, 3]] = line[[14, 13]] = weight * share / (3 * 0.6875)  # the largest is 1
    (own,) = voxel_views.own_grid(volume)
    np.testing.assert_allclose(own[..., 8], wanted, atol=1e-5)
    assert np.delete(own, 8, axis=2).max() < 1e-5  # they lie in a plane


def test_a_level_plane_has_an_up_too_and_a_single_voxel_a_grid():
    flat = np.zeros((1, 16, 16, 16), np.float32)
    flat[0, 8, 2:14, 4:12] = 1  # one voxel thick along z
    right, up, thin = voxel_views.thin_axes(flat)[0]
    np.testing.assert_allclose(np.abs(thin), [0, 0, 1], atol=1e-6)
    np.testing.assert_allclose(up, [-1, 0, 0], atol=1e-6)
    assert np.isfinite(voxel_views.own_grid(flat)).all()
    point = np.zeros((1, 16, 16, 16))
    point[0, 3, 4, 5] = 1
    (own,) = voxel_views.own_grid(point)
    np.testing.assert_allclose(own[7:9, 7:9, 7:9], 1, atol=0.01)  # between the eight in the middle
    assert own.sum() == pytest.approx(8, abs=0.1)


def test_what_comes_to_a_place_falls_on_eight_voxels():
    places = np.array([[2.25, 3.5, 1.0]])
    drawn = voxel_views._spread(np.array([1]), places, weights=np.array([8.0]), shape=(2, 6, 6, 6))
    wanted = np.zeros((2, 6, 6, 6))
    wanted[1, 2:4, 3:5, 1] = [[3, 3], [1, 1]]
    np.testing.assert_allclose(drawn, wanted)
    drawn = voxel_views._spread(np.array([0]), places + [0, 0, 0.5], weights=np.ones(1), shape=(1, 6, 6, 6))
    np.testing.assert_allclose(drawn[0, 2:4, 3:5, 1:3].ravel(), np.repeat([3, 1], 4) / 16)


def test_nothing_is_lost_at_the_border():
    places = np.repeat([[-3.0], [5.0], [9.0]], 3, axis=1)
    drawn = voxel_views._spread(np.zeros(3, int), places, weights=np.ones(3), shape=(1, 6, 6, 6))
    assert drawn.sum() == pytest.approx(3) and drawn[0, 0, 0, 0] == 1 and drawn[0, 5, 5, 5] == 2


def test_blocks_change_nothing(monkeypatch):
    volumes = np.stack([turned((0, 10 * step, 0)) for step in range(5)])
    whole = voxel_views.own_grid(volumes)
    monkeypatch.setattr(voxel_views, "BLOCK", 2)
    np.testing.assert_allclose(voxel_views.own_grid(volumes), whole, atol=1e-4)
    assert whole.shape == (5, 16, 16, 16)
    single = np.concatenate([voxel_views.own_grid(volume[None]) for volume in volumes])
    np.testing.assert_allclose(single, whole, atol=1e-4)


def test_points_lie_in_their_voxel_in_the_order_x_y_z():
    """From end to end a side is 2 long, a voxel of 4 a half: the third along x is from 0 to 1/2."""
    volumes = np.zeros((2, 4, 4, 4))
    volumes[0, 0, 1, 2] = volumes[1, 3, 3, 3] = 7
    clouds = voxel_views.voxel_points(volumes, np.random.default_rng(0), points=600)
    assert clouds.shape == (2, 600, 3) and clouds.dtype == np.float32
    for cloud, corner in zip(clouds, ([0, -0.5, -1], [0.5, 0.5, 0.5]), strict=True):
        within = (cloud - corner) / 0.5
        assert within.min() >= 0 and within.max() <= 1
        np.testing.assert_allclose(within.mean(axis=0), 0.5, atol=0.05)
        np.testing.assert_allclose(within.std(axis=0), 12**-0.5, atol=0.03)  # anywhere in it
        np.testing.assert_allclose(np.corrcoef(within.T), np.eye(3), atol=0.15)


def test_a_voxel_is_drawn_as_often_as_it_holds_points():
    volumes = np.zeros((2, 3, 3, 3))
    volumes[0].flat[[0, 5, 26]] = 1, 2, 5
    volumes[1].flat[[4, 26]] = 3, 1
    clouds = voxel_views.voxel_points(volumes, np.random.default_rng(0), points=8_000)
    for volume, cloud in zip(volumes, clouds, strict=True):
        counts, _ = np.histogramdd(cloud[:, ::-1], bins=3, range=[(-1, 1)] * 3)
        np.testing.assert_allclose(counts / 8_000, volume / volume.sum(), atol=0.02)
        assert (counts[volume == 0] == 0).all()


def test_points_fill_the_volume_and_come_again_with_the_same_seed():
    volumes = np.random.default_rng(0).random((3, 5, 5, 5))
    draw = lambda seed: voxel_views.voxel_points(volumes, np.random.default_rng(seed))  # noqa: E731
    assert draw(0).shape == (3, 128, 3)
    assert -1 <= draw(0).min() < -0.95 and 0.95 < draw(0).max() <= 1
    np.testing.assert_array_equal(draw(0), draw(0))
    assert (draw(0) != draw(1)).all(axis=(1, 2)).all()


@pytest.mark.parametrize(
    "see", [voxel_views.own_grid, lambda volumes: voxel_views.voxel_points(volumes, np.random.default_rng(0))]
)
def test_other_shapes_and_volumes_that_hold_nothing_or_nonsense_are_refused(see):
    for wrong in (np.ones((16, 16, 16)), np.ones((2, 4, 4, 5)), np.ones((0, 4, 4, 4))):
        with pytest.raises(ValueError, match=r"volume\[None\]"):
            see(wrong)
    volumes = np.full((2, 4, 4, 4), 1.0)
    for value in (-1, np.nan, np.inf, 0):
        volumes[1] = value
        with pytest.raises(ValueError, match="volume 1: from"):
            see(volumes)


def test_volumes_of_one_voxel_and_several_turns_at_once_are_refused():
    with pytest.raises(ValueError, match="expected volumes of shape"):
        voxel_views.own_grid(np.ones((2, 1, 1, 1)))
    with pytest.raises(TypeError):
        voxel_views.own_grid(turned((0, 0, 0))[None], turn=[10, 20, 30])
