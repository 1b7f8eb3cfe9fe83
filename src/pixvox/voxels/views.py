"""Volumes turned into their own axes, and points drawn from them.

A volume is (16, 16, 16), axes [z][y][x]; x is depth, y runs along the columns and z up. A 3D digit is a flat
thing: six pixels thick and some twenty high. Its thin axis can be found from the voxels alone, and once it is
found, the digit can be turned to face us:

    turned = own_grid(volumes)     # axes [up][right][thin]; turned.sum(axis=-1) is a picture again
"""

from functools import cache

import numpy as np

REACH = 1.6  # half the side of a turned grid, in root mean square distances of the voxels from their middle
BLOCK = 100  # volumes turned at once: their voxels fit into the processor's cache
LEVEL = 1e-6  # a plane whose up direction is shorter than this lies level
PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))  # of axes: the entries of a covariance matrix


def thin_axes(volumes):
    """Find how each volume would have to be turned for its thin axis to point at us.

    The axes are those of a principal component analysis of the voxels, each weighing what it holds. Such axes
    have no sign, so it is chosen: the thin axis points to the side of +x, from which an upright digit
    reads as in its picture; up is as near to z as the plane of the digit allows (if that plane lies level,
    as near to -x). A digit that was turned over is seen from behind, as a mirror image.

    Args:
        volumes: (n, side, side, side), axes [z][y][x], numbers from 0, none of them all 0.

    Returns:
        float64 (n, 3, 3), rotations: rows are right, up and the thin axis, each a unit vector (x, y, z).

    Raises:
        ValueError: if volumes have another shape, or one is empty or has numbers below 0 or not finite.
    """
    _, covariances = _moments(_check_volumes(volumes))
    thin = np.linalg.eigh(covariances)[1][:, :, 0]  # of the smallest spread
    thin = thin * np.where(thin[:, :1] < 0, -1, 1)
    up = _within_plane(np.array([0.0, 0.0, 1.0]), thin)
    level = np.linalg.norm(up, axis=1) < LEVEL
    up[level] = _within_plane(np.array([-1.0, 0.0, 0.0]), thin)[level]
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    return np.stack([np.cross(up, thin), up, thin], axis=1)


def own_grid(volumes):
    """Turn each volume into its own axes (see `thin_axes`); it stays a volume.

    What a voxel holds falls on the eight voxels nearest to where it comes to, more on nearer ones. The middle
    of the voxels comes to the middle; their root mean square distance from it, along up and right, becomes
    five sixteenths of the side, so that the ends of a long thin body may fall on the border.

    Args:
        volumes: (n, side, side, side), axes [z][y][x], numbers from 0, none of them all 0.

    Returns:
        float32 (n, side, side, side), axes [up][right][thin axis], 0 to 1, the largest of each 1. Raises as
        `thin_axes`.
    """

    def own_axes(block):
        right, up, thin = np.moveaxis(thin_axes(block), 1, 0)
        axes = np.stack([up, right, thin], axis=1)
        return axes, axes[:, :2]

    return bring_into(volumes, own_axes)


def bring_into(volumes, choose_axes):
    """Bring volumes into axes, block by block: `choose_axes` gives those of one, see `_bring_block`."""
    volumes = _check_volumes(volumes)
    blocks = [volumes[start : start + BLOCK] for start in range(0, len(volumes), BLOCK)]
    return np.concatenate([_bring_block(block, *choose_axes(block)) for block in blocks])


def _bring_block(volumes, axes, plane):
    """Bring a block of volumes into axes (n, 3, 3), unit vectors; their size is that in a plane (n, 2, 3)."""
    means, covariances = _moments(volumes)
    radius = np.sqrt(np.maximum(np.einsum("nij,njk,nik->n", plane, covariances, plane), LEVEL))
    side = volumes.shape[1]
    axes = axes * (side / 2 / REACH / radius)[:, None, None]
    offsets = ((side - 1) / 2 - np.einsum("nij,nj->ni", axes, means)).astype(np.float32)
    places = axes.astype(np.float32) @ _coordinates(side).T  # (n, 3, voxels)
    values = volumes.reshape(len(volumes), -1)
    which, voxel = np.nonzero(values)
    places = places[which, :, voxel] + offsets[which]
    turned = _spread(which, places, weights=values[which, voxel], shape=volumes.shape)
    return turned / turned.max(axis=(1, 2, 3), keepdims=True)


def _spread(which, places, *, weights, shape):
    """Add weights (m,) to the eight voxels nearest to places (m, 3) of volumes `which` (m,): float32."""
    size = shape[1]
    places = np.clip(places, 0, size - 1)
    lower = np.minimum(places.astype(np.int32), size - 2)
    beyond = (places - lower).astype(np.float32)
    shares = np.stack([1 - beyond, beyond], axis=1)  # (m, 2, 3): of the lower and the upper one, by axis
    over_two = (shares[:, :, 0] * weights[:, None])[:, :, None] * shares[:, None, :, 1]
    share = over_two[..., None] * shares[:, None, None, :, 2]  # (m, 2, 2, 2)
    first = ((which * size + lower[:, 0]) * size + lower[:, 1]) * size + lower[:, 2]
    steps = np.indices((2, 2, 2)).reshape(3, -1).T @ (size**2, size, 1)
    flat = first[:, None] + steps
    sums = np.bincount(flat.ravel(), weights=share.ravel(), minlength=np.prod(shape))
    return sums.reshape(shape).astype(np.float32)


def voxel_points(volumes, rng, *, points=128):
    """Draw points from each volume, as a cloud for networks that take clouds.

    A voxel is drawn as often as it holds points, and the point lies anywhere in it.

    Args:
        volumes: (n, side, side, side), axes [z][y][x], numbers from 0, none of them all 0.
        rng: draws voxels and places.
        points: of each volume.

    Returns:
        float32 (n, points, 3), columns x, y, z (the reverse of the volume's axes), -1 to 1 from end to end
        of the volume. Raises as `thin_axes`.
    """
    volumes = _check_volumes(volumes)
    side = volumes.shape[1]
    sums = volumes.reshape(len(volumes), -1).cumsum(axis=1, dtype=np.float64)
    drawn = rng.random((len(volumes), points)) * sums[:, -1:]
    voxels = [np.searchsorted(row, of, side="right") for row, of in zip(sums, drawn, strict=True)]
    places = _coordinates(side)[np.minimum(voxels, side**3 - 1)]
    return (places + rng.random(places.shape, np.float32) - 0.5) / np.float32(side / 2)


def _within_plane(direction, normals):
    """Return the part of a direction (3,) in each plane, given by its unit normal (n, 3)."""
    return direction - (normals @ direction)[:, None] * normals


def _moments(volumes):
    """Return the mean place of each volume's voxels, (n, 3) as (x, y, z), and their covariances (n, 3, 3)."""
    places = _coordinates(volumes.shape[1])
    terms = [np.ones(len(places)), *places.T, *(places[:, i] * places[:, j] for i, j in PAIRS)]
    sums = volumes.reshape(len(volumes), -1) @ np.stack(terms, axis=1).astype(np.float32)
    shares = sums.astype(np.float64) / sums[:, :1]
    means, covariances = shares[:, 1:4], np.empty((len(volumes), 3, 3))
    for place, (i, j) in enumerate(PAIRS, 4):
        covariances[:, i, j] = covariances[:, j, i] = shares[:, place] - means[:, i] * means[:, j]
    return means, covariances


@cache
def _coordinates(side):
    """Return where the voxels of a flattened volume are, from its middle: float32 (side ** 3, 3), x, y, z."""
    z, y, x = np.indices((side, side, side), dtype=np.float32) - np.float32((side - 1) / 2)
    return np.stack([x, y, z], axis=-1).reshape(-1, 3)


def _check_volumes(volumes):
    """Return the volumes as float32, or say what is wrong with them."""
    volumes = np.asarray(volumes, np.float32)
    if volumes.ndim != 4 or len(set(volumes.shape[1:])) != 1 or not volumes.size or volumes.shape[1] < 2:
        raise ValueError(
            f"expected volumes of shape (n, side, side, side), got {volumes.shape}. "
            "A single one goes in as volume[None]."
        )
    sums, lowest = volumes.sum(axis=(1, 2, 3)), volumes.min(axis=(1, 2, 3))
    wrong = ~((lowest >= 0) & np.isfinite(sums) & (sums > 0))
    if wrong.any():
        first = wrong.argmax()
        raise ValueError(
            "expected finite numbers from 0, and in each volume one above 0, got volume "
            f"{first}: from {lowest[first]:g}, in all {sums[first]:g}. Leave it out."
        )
    return volumes
