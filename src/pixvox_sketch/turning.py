"""Clouds of points seen from anywhere and measured badly: the rotations and the noise of 3D MNIST's copies.

Source: David de la Iglesia Castro, "3D MNIST", https://www.kaggle.com/daavoo/3d-mnist
"""

from pixvox.voxels.recipe import check_points, rotation_matrix

ANGLE_SPREADS = (90.0, 90.0, 180.0)  # degrees, standard deviations about x, y and z
NOISE = 0.25  # largest noise, in standard deviations of the cloud along each axis


def random_angles(rng):
    """Draw angles in degrees about x, y and z, (3,): normal, mean 0, standard deviations 90, 90, 180."""
    return rng.normal(0.0, ANGLE_SPREADS)


def add_noise(points, rng, *, noise=NOISE):
    """Move every coordinate of points (n, 3) by up to `noise` standard deviations along its axis.

    The moves are uniform and independent. Raises ValueError unless points are (n, 3) finite numbers.
    """
    points = check_points(points)
    return points + noise * points.std(axis=0) * rng.uniform(-1.0, 1.0, size=points.shape)


def rotate_with_noise(points, rng):
    """Turn a cloud (n, 3) by random angles, then add noise, drawn in this order; raises as `add_noise`."""
    return add_noise(check_points(points) @ rotation_matrix(random_angles(rng)), rng)
