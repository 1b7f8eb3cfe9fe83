"""From a picture to voxels, against a cloud and voxels of the published file."""

from pathlib import Path

import numpy as np
import pytest

from pixvox.voxels import recipe as voxels

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def published():
    with np.load(FIXTURES / "kaggle_train_cloud_14.npz", allow_pickle=False) as archive:
        return dict(archive)


@pytest.fixture(scope="module")
def digit():
    return np.loadtxt(FIXTURES / "mnist_train_14.txt", dtype=np.uint8)


def letter_l():
    """Return a tall L: a bar on the left, a foot to the right at the bottom."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 8:11] = 200
    image[21:24, 8:18] = 50
    return image


# The oracle: a cloud of the published file.


def test_cloud_equals_the_published_one(digit, published):
    points, normals = voxels.cloud_of_digit(digit)
    assert points.dtype == normals.dtype == np.float64
    assert points.shape == normals.shape == published["points"].shape == (11250, 3)
    np.testing.assert_allclose(points, published["points"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("source", ["published points", "our points"])
def test_voxels_and_counts_equal_the_published_ones(digit, published, source):
    points = published["points"] if source == "published points" else voxels.cloud_of_digit(digit)[0]
    indices = voxels.voxel_indices(points)
    assert indices.dtype == np.int64
    np.testing.assert_array_equal(indices, published["voxel_xyz"])
    counts = np.bincount(published["voxel_flat"], minlength=4096)
    np.testing.assert_array_equal(voxels.voxel_grid(points).ravel(), counts / counts.max())


# From a picture to a cloud.


def test_one_pixel_is_a_box_six_deep():
    image = np.zeros((3, 5))
    image[1, 2] = 1
    points, normals = voxels.cloud_of_digit(image)
    assert points.shape == (650, 3)
    np.testing.assert_allclose(np.ptp(points, axis=0), [1, 1 / 6, 1 / 6])
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-12)
    assert ((points * normals).sum(axis=1) > 0).all()  # seen from the middle, every face looks outward
    faces, sizes = np.unique(normals, axis=0, return_counts=True)
    assert len(faces) == 6 and sorted(sizes) == [25, 25, 150, 150, 150, 150]


def test_count_of_points_follows_from_pixels_and_exposed_sides(digit):
    ink = np.pad(digit > 0, 1)
    sides = sum((ink & ~np.roll(ink, step, axis)).sum() for axis in (0, 1) for step in (-1, 1))
    assert len(voxels.cloud_of_digit(digit)[0]) == 50 * ink.sum() + 150 * sides


def test_two_touching_pixels_have_no_face_between_them():
    points, normals = voxels.cloud_of_digit(np.array([[1, 1]]))
    assert len(points) == 2 * 50 + 6 * 150
    left_faces = points[normals[:, 1] == -1]
    assert np.unique(left_faces[:, 1]) == points[:, 1].min()


def test_digits_stand_upright():
    points, _ = voxels.cloud_of_digit(letter_l())
    foot = points[points[:, 1] > 0.1]  # y runs to the right
    assert len(foot) and (foot[:, 2] < 0).all()  # z runs upwards
    seen_from_the_front = voxels.voxel_grid(points).max(axis=2)[::-1] > 0  # [z][y][x], z from the top
    filled = np.flatnonzero(seen_from_the_front.any(axis=0))
    assert seen_from_the_front[:, filled[0]].all()  # the bar, as high as the volume
    assert seen_from_the_front[-1, filled].all()  # the foot
    assert not seen_from_the_front[:8, filled[-1]].any()  # nothing above the foot


@pytest.mark.parametrize(
    "variant",
    [lambda image: image > 0, lambda image: image / 255, lambda image: image[..., None], np.ndarray.tolist],
    ids=["boolean", "float", "channel axis", "list"],
)
def test_brightness_and_type_do_not_count(variant):
    expected, _ = voxels.cloud_of_digit(letter_l())
    np.testing.assert_array_equal(voxels.cloud_of_digit(variant(letter_l()))[0], expected)


EMPTY, NO_PICTURE, NONSENSE = np.zeros((28, 28)), np.ones((2, 28, 28)), np.array([[1, np.nan]])


@pytest.mark.parametrize("image", [EMPTY, np.zeros((0, 0)), NO_PICTURE, np.ones(28), NONSENSE])
def test_wrong_pictures_are_refused(image):
    with pytest.raises(ValueError, match="expected"):
        voxels.cloud_of_digit(image)


# Turning.


@pytest.mark.parametrize(
    ("angles", "before", "after"),
    [
        ((90, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((0, 90, 0), (0, 0, 1), (1, 0, 0)),
        ((0, 0, 90), (1, 0, 0), (0, 1, 0)),
        ((90, 0, 90), (1, 0, 0), (0, 0, 1)),  # about z first, then about x
    ],
)
def test_quarter_turns(angles, before, after):
    np.testing.assert_allclose(before @ voxels.rotation_matrix(angles), after, atol=1e-15)


@pytest.mark.parametrize("angles", [(1, 2), 5, (0, 0, np.inf)])
def test_wrong_angles_are_refused(angles):
    with pytest.raises(ValueError, match="three finite angles"):
        voxels.rotation_matrix(angles)


# From a cloud to voxels.


def test_edges_form_a_cube_round_the_cloud():
    points = np.array([[0, 0, 0], [4, 2, 1]])
    edges = voxels.voxel_edges(points, size=8)
    assert edges.shape == (9, 3)
    np.testing.assert_allclose(edges[0], [-0.001, -1.001, -1.501])
    np.testing.assert_allclose(edges[-1], [4.001, 3.001, 2.501])
    np.testing.assert_allclose(np.diff(edges, axis=0), 4.002 / 8)


def test_a_point_on_an_edge_belongs_to_the_lower_voxel():
    along = np.array([0.001, 8.0, 8.0 + 1e-9, 15.999])
    points = np.stack([along, along, along], axis=1)
    assert voxels.voxel_edges(points)[8].tolist() == [8, 8, 8]
    assert voxels.voxel_indices(points)[:, 0].tolist() == [0, 7, 8, 15]


def test_axes_of_the_volume_are_z_y_x():
    corner, other, along_z = (0, 0, 0), (10, 10, 10), (0, 0, 10)
    grid = voxels.voxel_grid(np.array([corner, other, along_z, along_z]))
    assert grid[0, 0, 0] == grid[15, 15, 15] == 0.5
    assert grid[15, 0, 0] == 1 and grid.sum() == 2


@pytest.mark.parametrize("function", [voxels.voxel_grid, voxels.voxel_indices, voxels.voxel_edges])
@pytest.mark.parametrize("points", [np.zeros((5, 2)), np.zeros((0, 3)), np.array([[0, 0, np.nan]])])
def test_wrong_points_are_refused(function, points):
    with pytest.raises(ValueError, match="expected"):
        function(points)


@pytest.mark.parametrize("count", [1, 4])
def test_a_single_point_cannot_be_rescaled(count):
    with pytest.raises(ValueError, match="expected points that lie apart"):
        voxels.rescale(np.ones((count, 3)))


@pytest.mark.parametrize("size", [0, -1, 2.5, "16"])
def test_wrong_sizes_are_refused(size):
    with pytest.raises(ValueError, match="whole number of voxels"):
        voxels.voxel_indices(np.zeros((2, 3)), size=size)
