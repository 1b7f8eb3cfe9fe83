"""Two ways to look at volumes: coloured by a map, and flat, turned so that the digit's plane faces us.

A volume is (16, 16, 16), axes [z][y][x]; x is depth, y runs along the columns and z up. A 3D digit is a flat
thing: six pixels thick and some twenty high. Its thin axis can be found from the voxels alone, and once it is
found, the digit is a picture again:

    pictures = face_on(volumes)     # (n, 16, 16, 16) becomes (n, 24, 24)
"""

from functools import cache

import matplotlib
import numpy as np

COLOUR_MAP = "Oranges"  # the post's: nearly white for 0, dark brown for 1
STEPS = 256  # colours in the map
PICTURE_SIZE = 24  # pixels a side of a face-on picture
REACH = 1.6  # half a picture's side, in root mean square distances of the voxels from their middle
BLOCK = 500  # volumes looked at at once: their voxels fit into memory many times
LEVEL = 1e-6  # a plane whose up direction is shorter than this lies level
PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))  # of axes: the entries of a covariance matrix


@cache
def colour_table(*, reverse=False):
    """Return matplotlib's "Oranges" as a table, float32 (256, 3), red, green and blue, values 0 to 1."""
    name = COLOUR_MAP + "_r" * reverse
    table = matplotlib.colormaps[name](np.arange(STEPS))[:, :3].astype(np.float32)
    table.flags.writeable = False
    return table


def colour_voxels(volumes, *, reverse=False):
    """Colour every voxel by matplotlib's map "Oranges": one look-up for all.

    Args:
        volumes: numbers 0 to 1 (or False and True), of any shape.
        reverse: use the map the other way round: empty space becomes dark.

    Returns:
        float32 (..., 3): red, green and blue, 0 to 1, those that matplotlib gives for each value by itself.

    Raises:
        ValueError: if a number is NaN or not within 0 to 1.
    """
    volumes = np.asarray(volumes)
    if volumes.dtype.kind != "f":
        volumes = volumes.astype(np.float32)  # no steps between 0 and 1 in whole numbers
    if volumes.size and not (volumes.min() >= 0 and volumes.max() <= 1):
        raise ValueError(f"expected numbers 0 to 1, got {volumes.min():g} to {volumes.max():g}.")
    steps = np.minimum(volumes * volumes.dtype.type(STEPS), STEPS - 1).astype(np.uint8)
    return colour_table(reverse=reverse).take(steps, axis=0, mode="clip")  # unchecked: steps are 0 to 255


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


def face_on(volumes, *, turn=0.0):
    """Draw each volume as a flat picture, seen along its thin axis (see `thin_axes`).

    What a voxel holds falls on the four pixels nearest to it, more on nearer ones. The middle of the voxels
    is the middle of the picture; their root mean square distance from it is five sixteenths of the side, so
    that the ends of a long thin body may fall on the border.

    Args:
        volumes: (n, side, side, side), axes [z][y][x], numbers from 0, none of them all 0.
        turn: degrees by which the pictures are turned against the clock.

    Returns:
        float32 (n, 24, 24), row 0 is up; numbers from 0, of mean 1 in each. Raises as `thin_axes`.
    """
    volumes = _check_volumes(volumes)
    blocks = [volumes[start : start + BLOCK] for start in range(0, len(volumes), BLOCK)]
    return np.concatenate([_face_on(block, np.deg2rad(turn)) for block in blocks])


def _face_on(volumes, turn):
    """Draw a block of volumes, float32 (n, side, side, side)."""
    means, covariances = _moments(volumes)
    cosine, sine = np.cos(turn), np.sin(turn)
    plane = [[cosine, -sine], [sine, cosine]] @ thin_axes(volumes)[:, :2]  # right and up
    radius = np.sqrt(np.maximum(np.einsum("nij,njk,nik->n", plane, covariances, plane), LEVEL))
    pixels = PICTURE_SIZE / 2 / REACH / radius
    plane *= [[1.0], [-1.0]] * pixels[:, None, None]  # rows count downwards
    offsets = (PICTURE_SIZE - 1) / 2 - np.einsum("nij,nj->ni", plane, means)
    places = plane.astype(np.float32) @ _coordinates(volumes.shape[1]).T  # (n, 2, voxels)
    values = volumes.reshape(len(volumes), -1)
    picture, voxel = np.nonzero(values)
    columns, rows = (places[picture, :, voxel] + offsets.astype(np.float32)[picture]).T
    weights = values[picture, voxel]
    drawn = _spread(picture, rows, columns, weights=weights, shape=(len(volumes), PICTURE_SIZE, PICTURE_SIZE))
    return drawn / drawn.mean(axis=(1, 2), keepdims=True)


def _spread(picture, rows, columns, *, weights, shape):
    """Add weights to the four pixels nearest to (row, column); return float32 pictures of this shape."""
    size = shape[1]
    rows, columns = (np.clip(places, 0, size - 1) for places in (rows, columns))
    top, left = (np.minimum(places.astype(np.int64), size - 2) for places in (rows, columns))
    down, right = rows - top, columns - left
    first = (picture * size + top) * size + left
    sums = np.zeros(np.prod(shape))
    shares = ((1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right)
    for step, share in zip((0, 1, size, size + 1), shares, strict=True):
        sums += np.bincount(first + step, weights=weights * share, minlength=len(sums))
    return sums.reshape(shape).astype(np.float32)


def _within_plane(direction, normals):
    """Return the part of a direction (3,) that lies in each plane, given by its unit normal (n, 3)."""
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
    if volumes.ndim != 4 or len(set(volumes.shape[1:])) != 1 or not volumes.size:
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
