"""Rotations and noise, on the cloud of a digit."""

from pathlib import Path

import numpy as np
import pytest

from pixvox.voxels.recipe import cloud_of_digit, rotation_matrix
from pixvox_sketch import turning


@pytest.fixture(scope="module")
def digit():
    return np.loadtxt(Path(__file__).parents[1] / "fixtures" / "mnist_train_14.txt", dtype=np.uint8)


def test_spread_of_the_random_angles():
    rng = np.random.default_rng(0)
    angles = np.array([turning.random_angles(rng) for _ in range(4000)])
    np.testing.assert_allclose(angles.std(axis=0), [90, 90, 180], rtol=0.05)
    np.testing.assert_allclose(angles.mean(axis=0), 0, atol=8)


def test_noise_is_uniform_within_a_quarter_of_the_spread(digit):
    points, _ = cloud_of_digit(digit)
    moves = turning.add_noise(points, np.random.default_rng(3)) - points
    reach = 0.25 * points.std(axis=0)
    assert (np.abs(moves) <= reach).all()
    np.testing.assert_allclose(moves.std(axis=0), reach / np.sqrt(3), rtol=0.03)
    np.testing.assert_allclose(np.abs(moves).max(axis=0), reach, rtol=0.01)
    np.testing.assert_allclose(np.corrcoef(moves.T), np.eye(3), atol=0.05)


def test_a_copy_is_turned_then_moved_by_noise_of_the_turned_cloud_and_repeats(digit):
    points, _ = cloud_of_digit(digit)
    copy, again = (turning.rotate_with_noise(points, np.random.default_rng(3)) for _ in range(2))
    turned = points @ rotation_matrix(turning.random_angles(np.random.default_rng(3)))
    np.testing.assert_allclose(np.abs(copy - turned).max(axis=0), 0.25 * turned.std(axis=0), rtol=0.01)
    np.testing.assert_array_equal(copy, again)
    assert (copy != turning.rotate_with_noise(points, np.random.default_rng(4))).all()
