"""Voxels and their colours: whole arrays against plain loops."""

from bisect import bisect_left
from collections.abc import Callable

import numpy as np

from pixvox.datasets.mnist import load_mnist
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.voxels.recipe import SIZE, cloud_of_digit, voxel_edges, voxel_grid
from pixvox_studies.bench.arrays import check_equal
from pixvox_studies.voxels.colours import WAYS

CLOUDS, COLOURED = 5, 500


def loop_grid(points):
    """Return what `voxel_grid` does, point by point: float64 (16, 16, 16), axes [z][y][x], 0 to 1.

    Args:
        points: float64 (n, 3), columns x, y, z.
    """
    edges, counts = voxel_edges(points).T.tolist(), {}
    for point in points.tolist():
        place = tuple(bisect_left(edges[axis], point[axis]) - 1 for axis in (2, 1, 0))
        counts[place] = counts.get(place, 0) + 1
    volume, largest = np.zeros((SIZE, SIZE, SIZE)), max(counts.values())
    for place, count in counts.items():
        volume[place] = count / largest
    return volume


def against_loop() -> tuple[Callable, Callable]:
    """Return two functions that make volumes of clouds: `voxel_grid`, and the loop. ValueError as below."""
    clouds = [cloud_of_digit(image)[0] for image in load_mnist()[0][0][:CLOUDS]]
    return check_equal(
        *(lambda make=make: [make(cloud) for cloud in clouds] for make in (voxel_grid, loop_grid))
    )


def against_posted() -> tuple[Callable, Callable]:
    """Return two functions that colour volumes: the look-up, and P0's loop.

    Raises:
        ValueError: if their results are not equal.
    """
    (x, _), _ = load_mnist3d(train_rows=slice(0, COLOURED), test_rows=slice(0, 2))
    return check_equal(*(lambda colour=WAYS[name]: colour(x) for name in ("look-up", "P0's loop")))
