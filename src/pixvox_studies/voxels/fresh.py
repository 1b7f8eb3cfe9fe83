"""Fresh volumes for every epoch: training clouds rotated anew, all at once.

3D MNIST has one rotated copy of each digit; with the clouds, a network need never see the same copy twice.
`pixvox_sketch.turning` turns one whole cloud at a time, exactly as the data set was made; here each digit is
a random sample of its cloud, all of one size, and NumPy turns them together:

    clouds = sample_clouds(images, rng)            # once
    volumes = fresh_copies(clouds, rng)            # every epoch
"""

import numpy as np

from pixvox.voxels.recipe import ALONG_DEPTH, MARGIN, SIZE, surface_boxes
from pixvox_sketch.turning import ANGLE_SPREADS, NOISE

POINTS = 4096  # of a cloud of about 11,000: most voxels that the whole cloud touches are touched
BLOCK = 64  # clouds worked on at once: they fit into the processor's cache
SPREAD = 0.15  # standard deviation of the lean: half of all digits lean by up to 6 degrees more or less
UPRIGHT = np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]], np.float32)  # (row, column, depth) to (x, y, z)


def sample_clouds(images, rng, *, points=POINTS):
    """Sample points from the cloud of each digit.

    Args:
        images: grey pictures, (n, height, width) or (n, height, width, 1), none of them empty.
        rng: draws which points, each at most once while there are enough.
        points: how many of each cloud.

    Returns:
        float32 (n, points, 3), columns x (depth), y (column), z (upwards): points of
        `recipe.cloud_of_digit`, in no order; the longest side of the whole cloud is 1, 0 is the middle
        of the picture.

    Raises:
        ValueError: if pictures have another shape, or one has no ink.
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.ndim != 3:
        raise ValueError(
            f"expected pictures of shape (n, height, width), got {images.shape}. One: image[None]."
        )
    empty = ~(images > 0).any(axis=(1, 2))
    if empty.any():
        raise ValueError(
            f"expected pictures with a pixel above 0 in each, got {empty.sum()} without, the first at "
            f"{empty.argmax()}. Leave them out."
        )
    middle = np.array([*np.add(images.shape[1:], 1) / 2, 0])  # the picture has a margin of one pixel
    clouds = np.empty((len(images), points, 3), np.float32)
    for cloud, image in zip(clouds, images, strict=True):
        surface, _ = surface_boxes(image)
        chosen = rng.choice(len(surface), points, replace=len(surface) < points, shuffle=False)
        sides = np.ptp(np.argwhere(image > 0), axis=0) + 1  # a pixel's box is one wide and one high
        cloud[:] = (surface[chosen] - middle) @ UPRIGHT / max(*sides, np.ptp(ALONG_DEPTH))
    return clouds


def grids(clouds):
    """Return each cloud's `recipe.voxel_grid`: float32 (n, 16, 16, 16), axes [z][y][x], values 0 to 1.

    Args:
        clouds: float32 (n, points, 3), columns x, y, z, not all points of a cloud in one place.

    Raises:
        ValueError: if clouds have another shape, or hold NaN or infinity.
    """
    return _in_blocks(_check_clouds(clouds), lambda block, _: block)


def fresh_copies(clouds, rng):
    """Rotate each cloud anew, add noise, and count its points in voxels.

    Angles and noise follow the law of `turning.rotate_with_noise`, which made the data set's own copies.

    Args:
        clouds: float32 (n, points, 3), columns x, y, z, as `sample_clouds` returns them.
        rng: angles and noise are drawn from it.

    Returns:
        float32 (n, 16, 16, 16), axes [z][y][x], values 0 to 1. Raises as `grids`.
    """
    clouds = _check_clouds(clouds)
    matrices = rotation_matrices(rng.normal(0.0, ANGLE_SPREADS, (len(clouds), 3)))

    def turn(block, place):
        """Rotate a block of clouds (n, 3, points) and add noise."""
        turned = matrices[place].transpose(0, 2, 1) @ block
        reach = NOISE * turned.std(axis=2, keepdims=True)
        turned += reach * (2 * rng.random(turned.shape, np.float32) - 1)
        return turned

    return _in_blocks(clouds, turn)


def vary(clouds, rng):
    """Lean, stretch and turn each upright digit a little in its own plane, as if another hand wrote it.

    Args:
        clouds: float32 (n, points, 3), upright: x is depth and stays; such are returned. Raises as `grids`.
        rng: draws the lean, and with half its spread the turn and the stretch of width and height.
    """
    clouds = _check_clouds(clouds)
    lean, turn, wider, taller = rng.normal(0.0, np.array([[2], [1], [1], [1]]) * SPREAD / 2, (4, len(clouds)))
    change, rotation = (np.tile(np.eye(3), (len(clouds), 1, 1)) for _ in range(2))
    change[:, 1, 1], change[:, 2, 2], change[:, 2, 1] = np.exp(wider), np.exp(taller), lean
    rotation[:, 1, 1] = rotation[:, 2, 2] = np.cos(turn)
    rotation[:, 1, 2], rotation[:, 2, 1] = np.sin(turn), -np.sin(turn)
    return clouds @ (change @ rotation).astype(np.float32)


def rotation_matrices(angles):
    """Return `recipe.rotation_matrix` of many angles, (n, 3) degrees about x, y and z: float32 (n, 3, 3)."""
    angles = np.deg2rad(angles)
    cosines, sines = np.cos(angles), np.sin(angles)
    about_x, about_y, about_z = (np.tile(np.eye(3), (len(angles), 1, 1)) for _ in range(3))
    for matrix, axis, (i, j) in ((about_x, 0, (1, 2)), (about_y, 1, (2, 0)), (about_z, 2, (0, 1))):
        matrix[:, i, i] = matrix[:, j, j] = cosines[:, axis]
        matrix[:, i, j], matrix[:, j, i] = sines[:, axis], -sines[:, axis]
    return (about_z @ about_y @ about_x).astype(np.float32)


def _in_blocks(clouds, change):
    """Change clouds and count their points, block by block; `change` takes (n, 3, points) and their place."""
    places = [slice(start, start + BLOCK) for start in range(0, len(clouds), BLOCK)]
    return np.concatenate([_count(change(clouds[place].transpose(0, 2, 1), place)) for place in places])


def _count(points):
    """Return points (n, 3, points) as volumes, each in its own cube, see `recipe.voxel_edges`."""
    lowest = points.min(axis=2, keepdims=True) - MARGIN
    extent = points.max(axis=2, keepdims=True) + MARGIN - lowest
    longest = extent.max(axis=1, keepdims=True)
    places = (points - (lowest - (longest - extent) / 2)) * (SIZE / longest)
    places = np.ceil(places).astype(np.int32) - 1  # a point on an edge belongs to the lower voxel
    cloud = np.arange(len(points), dtype=np.int32)[:, None]
    flat = ((cloud * SIZE + places[:, 2]) * SIZE + places[:, 1]) * SIZE + places[:, 0]
    counts = np.bincount(flat.ravel(), minlength=len(points) * SIZE**3).reshape(len(points), -1)
    volumes = (counts / counts.max(axis=1, keepdims=True)).astype(np.float32)
    return volumes.reshape(-1, SIZE, SIZE, SIZE)


def _check_clouds(clouds):
    """Return the clouds as float32 (n, points, 3), or say what is wrong with them."""
    clouds = np.asarray(clouds, np.float32)
    if clouds.ndim != 3 or clouds.shape[2] != 3 or not clouds.size:
        raise ValueError(f"expected clouds of shape (n, points, 3), got {clouds.shape}. One: cloud[None].")
    broken = ~np.isfinite(clouds).all(axis=(1, 2))
    if broken.any():
        raise ValueError(f"expected finite points, got others in cloud {broken.argmax()}. Leave it out.")
    return clouds
