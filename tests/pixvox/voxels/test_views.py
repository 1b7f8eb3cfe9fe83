"""Colours and face-on pictures, against matplotlib and bodies whose plane is known."""

import matplotlib
import numpy as np
import pytest

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


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("reverse", [False, True])
def test_colours_are_those_that_matplotlib_gives_for_each_value(dtype, reverse):
    values = np.random.default_rng(0).random((2, 4, 4, 4)).astype(dtype)
    values.flat[:4] = 0, 1, 0.5, 255 / 256
    colours = voxel_views.colour_voxels(values, reverse=reverse)
    assert colours.shape == (2, 4, 4, 4, 3) and colours.dtype == np.float32
    wanted = matplotlib.colormaps["Oranges_r" if reverse else "Oranges"]
    one_by_one = [wanted(float(value))[:3] for value in values.ravel()]
    np.testing.assert_allclose(colours.reshape(-1, 3), one_by_one, atol=1e-7)


def test_the_map_makes_empty_space_bright_and_reversed_dark():
    empty = np.zeros((1, 2, 2, 2))
    assert voxel_views.colour_voxels(empty).min() > 0.9
    assert voxel_views.colour_voxels(empty, reverse=True).max() < 0.51
    np.testing.assert_array_equal(voxel_views.colour_table(), voxel_views.colour_table(reverse=True)[::-1])


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64])
def test_whole_numbers_have_the_colours_of_the_ends(dtype):
    ends = voxel_views.colour_table()[[0, -1]]
    np.testing.assert_array_equal(voxel_views.colour_voxels(np.array([0, 1], dtype)), ends)


@pytest.mark.parametrize("wrong", [[-0.1, 1], [0, 1.01], [np.nan, 0]])
def test_numbers_that_are_no_share_get_no_colour(wrong):
    with pytest.raises(ValueError, match="expected numbers 0 to 1"):
        voxel_views.colour_voxels(np.array(wrong))


def test_an_upright_digit_looks_as_in_its_picture():
    (axes,) = voxel_views.thin_axes(turned((0, 0, 0))[None])
    np.testing.assert_allclose(axes, np.eye(3)[[1, 2, 0]], atol=0.02)
    (picture,) = voxel_views.face_on(turned((0, 0, 0))[None])
    assert picture.shape == (24, 24) and picture.dtype == np.float32
    assert picture.mean() == pytest.approx(1, abs=1e-5) and picture.min() >= 0
    rows, columns = np.nonzero(picture > 1)
    height, width = np.ptp(rows), np.ptp(columns)
    assert height > 1.2 * width > 8
    top, bottom = picture[rows.min() : rows.min() + 5], picture[rows.max() - 4 : rows.max() + 1]
    assert bottom[:, 13:].sum() > 3 * top[:, 13:].sum()  # the foot is at the bottom, to the right


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


def test_pictures_of_turned_digits_are_the_same_or_mirrored():
    """Turned about z by less than 90 degrees it is seen from the front, by more from the back."""
    upright, front, back = voxel_views.face_on(np.stack([turned((0, 0, z)) for z in (0, 35, 145)]))
    assert np.corrcoef(upright.ravel(), front.ravel())[0, 1] > 0.85
    assert np.corrcoef(upright.ravel(), back[:, ::-1].ravel())[0, 1] > 0.85
    assert np.corrcoef(upright.ravel(), back.ravel())[0, 1] < 0.7


def test_pictures_turn_against_the_clock():
    volume = turned((0, 0, 0))[None]
    (plain,), (left,) = voxel_views.face_on(volume), voxel_views.face_on(volume, turn=90)
    np.testing.assert_allclose(left, np.rot90(plain), atol=1e-4)


def test_size_and_weights_of_what_is_seen():
    """Four voxels, 4 from the middle: their pictures are 5/16 of 24 pixels from it, and as bright as they."""
    volume = np.zeros((1, 17, 17, 17))
    volume[0, [4, 12], 8, 8] = 3  # above and below
    volume[0, 8, [4, 12], 8] = 1  # left and right
    (picture,) = voxel_views.face_on(volume)
    assert [*np.flatnonzero(picture.sum(axis=1) > 0.01)] == [4, 11, 12, 19]
    assert [*np.flatnonzero(picture.sum(axis=0) > 0.01)] == [4, 11, 12, 19]
    np.testing.assert_allclose(picture[[4, 19]].sum(), 3 * picture[:, [4, 19]].sum(), rtol=1e-3)


def test_a_level_plane_has_an_up_too_and_a_single_point_a_picture():
    flat = np.zeros((1, 16, 16, 16), np.float32)
    flat[0, 8, 2:14, 4:12] = 1  # one voxel thick along z
    right, up, thin = voxel_views.thin_axes(flat)[0]
    np.testing.assert_allclose(np.abs(thin), [0, 0, 1], atol=1e-6)
    np.testing.assert_allclose(up, [-1, 0, 0], atol=1e-6)
    point = np.zeros((1, 16, 16, 16))
    point[0, 3, 4, 5] = 1
    assert all(np.isfinite(voxel_views.face_on(body)).all() for body in (flat, point))


def test_what_one_voxel_holds_falls_on_four_pixels():
    one, row, column, weights = np.array([[1], [2.25], [3.5], [8.0]])
    drawn = voxel_views._spread(one.astype(int), row, column, weights=weights, shape=(2, 6, 6))
    wanted = np.zeros((2, 6, 6))
    wanted[1, 2:4, 3:5] = [[3, 3], [1, 1]]
    np.testing.assert_allclose(drawn, wanted)


def test_nothing_is_lost_at_the_border():
    edge = np.array([-3.0, 5.0, 9.0])
    drawn = voxel_views._spread(np.zeros(3, int), edge, edge, weights=np.ones(3), shape=(1, 6, 6))
    assert drawn.sum() == pytest.approx(3) and drawn[0, 0, 0] == 1 and drawn[0, 5, 5] == 2


def test_blocks_change_nothing(monkeypatch):
    volumes = np.stack([turned((0, 10 * step, 0)) for step in range(5)])
    whole = voxel_views.face_on(volumes)
    monkeypatch.setattr(voxel_views, "BLOCK", 2)
    np.testing.assert_allclose(voxel_views.face_on(volumes), whole, atol=1e-4)
    assert whole.shape == (5, 24, 24)
    single = np.concatenate([voxel_views.face_on(volume[None]) for volume in volumes])
    np.testing.assert_allclose(single, whole, atol=1e-4)


def test_other_shapes_and_volumes_that_hold_nothing_or_nonsense_are_refused():
    for wrong in (np.ones((16, 16, 16)), np.ones((2, 4, 4, 5)), np.ones((0, 4, 4, 4))):
        with pytest.raises(ValueError, match="expected volumes of shape"):
            voxel_views.face_on(wrong)
    volumes = np.full((2, 4, 4, 4), 1.0)
    for value in (-1, np.nan, np.inf, 0):
        volumes[1] = value
        with pytest.raises(ValueError, match="expected finite numbers from 0.* volume 1: from"):
            voxel_views.thin_axes(volumes)
