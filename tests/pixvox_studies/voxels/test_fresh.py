"""Fresh volumes, against the functions that made the data set."""

import numpy as np
import pytest

from pixvox.datasets.mnist import load_mnist
from pixvox.voxels import recipe as voxels
from pixvox_sketch.turning import ANGLE_SPREADS, NOISE
from pixvox_studies.voxels import fresh as voxel_fresh


@pytest.fixture(scope="module")
def images():
    (images, _), _ = load_mnist()
    return images[:40]


@pytest.fixture(scope="module")
def clouds(images):
    return voxel_fresh.sample_clouds(images, np.random.default_rng(0))


def test_as_many_points_as_the_digits_cloud_has_are_all_of_them(images):
    whole, _ = voxels.cloud_of_digit(images[0])
    sampled = voxel_fresh.sample_clouds(images[:1, ..., 0], np.random.default_rng(0), points=len(whole))[0]
    assert sampled.shape == whole.shape and sampled.dtype == np.float32

    def in_order(points):
        points = np.round(points - points.mean(axis=0), 4)
        return points[np.lexsort(points.T)]

    np.testing.assert_allclose(in_order(sampled.astype(float)), in_order(whole), atol=2e-4)


def test_the_middle_of_the_picture_is_0_and_the_longest_side_is_1():
    image = np.zeros((20, 30), np.uint8)
    image[7, 5:26] = 255  # wider than high, above the middle and to the right of it
    (cloud,) = voxel_fresh.sample_clouds(image[None], np.random.default_rng(0))
    middle = np.array([9.5, 14.5])  # row and column
    lowest = [-3, 4.5 - middle[1], middle[0] - 7.5]  # x, y, z in pixels
    np.testing.assert_allclose(cloud.min(axis=0), np.array(lowest) / 21, atol=1e-6)
    np.testing.assert_allclose(np.ptp(cloud, axis=0), np.array([6, 21, 1]) / 21, atol=1e-6)


def test_counts_are_those_of_the_slow_function():
    clouds = np.random.default_rng(0).normal(size=(150, 300, 3)).astype(np.float32)
    clouds[:, :, 1] *= 3
    volumes = voxel_fresh.grids(clouds)
    assert volumes.shape == (150, 16, 16, 16) and volumes.dtype == np.float32
    for cloud, volume in zip(clouds, volumes, strict=True):
        different = np.abs(volume - voxels.voxel_grid(cloud)) > 1e-6
        assert different.sum() <= 4  # a point on the very edge may change sides in float32


def test_a_point_on_an_edge_belongs_to_the_lower_voxel():
    cloud = np.array([[-1, 0, 0], [1, 0, 0], [0, 0, 0]], np.float32)
    np.testing.assert_array_equal(voxel_fresh.grids(cloud[None])[0], voxels.voxel_grid(cloud))


def test_rotations_are_those_of_the_slow_function():
    angles = np.random.default_rng(0).normal(0, 120, (20, 3))
    matrices = voxel_fresh.rotation_matrices(angles)
    assert matrices.dtype == np.float32
    np.testing.assert_allclose(matrices, [voxels.rotation_matrix(three) for three in angles], atol=1e-6)


def test_copies_are_turned_by_the_angles_and_noise_of_the_data_set(clouds, monkeypatch):
    """With the noise off, a copy is the turned cloud's grid; with it on, points move as far as they may."""
    angles = np.random.default_rng(5).normal(0, ANGLE_SPREADS, (len(clouds), 3))
    seen = []
    count = voxel_fresh._count
    monkeypatch.setattr(voxel_fresh, "_count", lambda points: seen.append(points.copy()) or count(points))
    monkeypatch.setattr(voxel_fresh, "BLOCK", 16)
    volumes = voxel_fresh.fresh_copies(clouds, np.random.default_rng(5))
    assert volumes.shape == (len(clouds), 16, 16, 16) and volumes.max() == 1
    moved = np.concatenate(seen).transpose(0, 2, 1)
    for cloud, three, points in zip(clouds, angles, moved, strict=True):
        turned = cloud @ voxels.rotation_matrix(three)
        moves = (points - turned) / turned.std(axis=0)
        assert np.abs(moves).max() <= NOISE + 1e-4
        np.testing.assert_allclose(moves.std(axis=0), NOISE / np.sqrt(3), rtol=0.05)
        assert np.abs(moves.mean(axis=0)).max() < 0.02


@pytest.mark.parametrize(
    "drawn, wanted",
    [
        ((0.5, 0, 0, 0), [[1, 0], [0.5, 1]]),  # lean: the higher, the further to the right
        ((0, np.pi / 2, 0, 0), [[0, 1], [-1, 0]]),
        ((0, 0, np.log(2), 0), [[2, 0], [0, 1]]),
        ((0, 0, 0, np.log(3)), [[1, 0], [0, 3]]),
        ((0.5, np.pi / 2, 0, np.log(3)), [[0, 1], [-3, 0.5]]),  # turned when all else is done
    ],
)
def test_lean_turn_width_and_height(drawn, wanted):
    """A point (y, z) becomes (y, z) @ wanted, in one cloud as in the next."""
    clouds = np.random.default_rng(0).normal(size=(2, 7, 3)).astype(np.float32)
    scales = []

    class Generator:
        def normal(self, mean, scale, shape):
            scales.append(scale)
            return np.broadcast_to(np.array(drawn)[:, None], shape)

    varied = voxel_fresh.vary(clouds, Generator())
    np.testing.assert_allclose(varied[..., 1:], clouds[..., 1:] @ np.array(wanted), atol=1e-5)
    np.testing.assert_array_equal(varied[..., 0], clouds[..., 0])
    np.testing.assert_allclose(scales[0], [[0.15], [0.075], [0.075], [0.075]])


def test_fresh_means_fresh_and_a_seed_repeats(clouds):
    rng = np.random.default_rng(0)
    first, second = voxel_fresh.fresh_copies(clouds, rng), voxel_fresh.fresh_copies(clouds, rng)
    assert np.abs(first - second).max() > 0.5
    np.testing.assert_array_equal(first, voxel_fresh.fresh_copies(clouds, np.random.default_rng(0)))


@pytest.mark.parametrize("function", ["grids", "fresh_copies", "vary"])
def test_other_shapes_and_nonsense_are_refused(function):
    options = [np.random.default_rng(0)] * (function != "grids")
    for wrong in (np.ones((5, 3)), np.ones((2, 5, 2)), np.ones((0, 5, 3))):
        with pytest.raises(ValueError, match="expected clouds of shape"):
            getattr(voxel_fresh, function)(wrong, *options)
    clouds = np.ones((3, 5, 3))
    clouds[1, 2, 0] = np.nan
    with pytest.raises(ValueError, match="expected finite points, .* in cloud 1"):
        getattr(voxel_fresh, function)(clouds, *options)


def test_pictures_without_ink_and_other_shapes_are_refused(images):
    empty = images[:3].copy()
    empty[1] = 0
    with pytest.raises(ValueError, match="expected pictures with a pixel above 0 .* at 1. Leave them out"):
        voxel_fresh.sample_clouds(empty, np.random.default_rng(0))
    for wrong in (images[0, ..., 0], np.ones((2, 28, 28, 3))):
        with pytest.raises(ValueError, match="expected pictures of shape"):
            voxel_fresh.sample_clouds(wrong, np.random.default_rng(0))
