"""From a picture of a digit to a cloud of points to a grid of voxels.

A voxel is to a volume what a pixel is to a picture. The steps, each a function:

    points, normals = cloud_of_digit(image)     # a picture becomes the surface of a solid
    turned = points @ rotation_matrix(angles)   # seen from anywhere
    volume = voxel_grid(turned)                 # (16, 16, 16), axes [z][y][x], values 0..1

This is how 3D MNIST was made from MNIST; its rotated copies have noise, too, see `pixvox_sketch.turning`.
Coordinates have no unit: the longest side of a digit is 1. Axis x is depth, y runs along the picture's
columns and z up the page, so that digits stand upright. Angles are in degrees.

Source: David de la Iglesia Castro, "3D MNIST", https://www.kaggle.com/daavoo/3d-mnist
"""

import numpy as np

SIZE = 16  # voxels along a side: 16 * 16 * 16 = 4096 numbers a digit
MARGIN = 0.001  # room left round a cloud, so that no point lies on the outermost edges

ALONG_PIXEL = np.linspace(-0.5, 0.5, 5)  # a pixel is one wide and one high ...
ALONG_DEPTH = np.linspace(-3.0, 3.0, 30)  # ... and becomes a box six deep


def lattice(rows, columns, depths):
    """Return every (row, column, depth), float64 (n, 3), depth outermost and column innermost."""
    z, x, y = np.meshgrid(depths, rows, columns, indexing="ij")
    return np.stack([x, y, z], axis=-1).reshape(-1, 3)


# The six faces of the box of a pixel at (row 0, column 0), in the order in which they are stored.
FACES = (
    lattice(ALONG_PIXEL, ALONG_PIXEL, [3.0]),  # front, 25 points
    lattice(ALONG_PIXEL, ALONG_PIXEL, [-3.0]),  # back, 25
    lattice([-0.5], ALONG_PIXEL, ALONG_DEPTH),  # top, 150
    lattice([0.5], ALONG_PIXEL, ALONG_DEPTH),  # bottom, 150
    lattice(ALONG_PIXEL, [-0.5], ALONG_DEPTH),  # left, 150
    lattice(ALONG_PIXEL, [0.5], ALONG_DEPTH),  # right, 150
)
FACE_NORMALS = np.array([[1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1], [0, -1, 0], [0, 1, 0]], dtype=float)
BOX_POINTS = np.concatenate(FACES)  # (650, 3)
FACE_OF_POINT = np.repeat(np.arange(6), [len(points) for points in FACES])  # (650,)


def cloud_of_digit(image):
    """Return the surface of a digit as points, with the direction each of them faces.

    Every pixel above 0 becomes a box six pixels deep; how bright it is does not count.
    Front and back are always there, a side only where the neighbouring pixel is 0, so
    n = 50 * pixels + 150 * exposed sides. Points where two faces meet are there twice.

    Args:
        image: a grey picture, (height, width) or (height, width, 1), any number type.

    Returns:
        points: float64 (n, 3), columns x (depth), y (column), z (upwards); mean 0 along
            each axis, longest side 1.
        normals: float64 (n, 3), unit vectors pointing out of the digit.

    Raises:
        ValueError: the picture has another shape, is empty, or holds NaN or infinity.
    """
    box_points, faces = surface_boxes(_check_image(image))
    upright = rotation_matrix((0, 90, 0))  # (row, column, depth) becomes (depth, column, -row)
    return rescale(box_points) @ upright, FACE_NORMALS[faces]


def surface_boxes(image):
    """Return the visible points in pixels, (n, 3) as (row, column, depth), and the face (n,) of each."""
    ink = np.pad(image > 0, 1)
    neighbours = [np.roll(ink, step, axis) for step, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1))]
    front = back = np.ones_like(ink)
    visible = np.stack([front, back, *np.invert(neighbours)], axis=-1)[ink]  # (pixels, 6), as `FACES`
    pixel, point = np.nonzero(visible[:, FACE_OF_POINT])  # raster order, then the order of the faces
    centres = np.pad(np.argwhere(ink).astype(float), ((0, 0), (0, 1)))  # (pixels, 3), depth 0
    points = centres.take(pixel, axis=0) + BOX_POINTS.take(point, axis=0)
    return points, FACE_OF_POINT[point]


def rescale(points):
    """Scale a cloud so that its longest side is 1, and move its mean to 0; ValueError for a single point."""
    columns = check_points(points)
    lowest, extent = columns.min(axis=0), np.ptp(columns, axis=0)
    longest = np.argmax(extent)
    if extent[longest] == 0:
        raise ValueError("expected points that lie apart, got a single point, which has no longest side.")
    scaled = (points - lowest[longest]) / extent[longest]
    return scaled - scaled.mean(axis=0)  # summed row by row: another order changes the last bits


def rotation_matrix(angles):
    """Return the matrix that turns a cloud about z, then y, then x: float64 (3, 3), determinant 1.

    Points are rows, so a cloud is turned by `points @ rotation_matrix(angles)`. cos(90 degrees) comes out as
    6e-17 and is left so: it decides to which side points on the edge between two voxels fall.

    Args:
        angles: three numbers, degrees about x, y and z.

    Raises:
        ValueError: if they are not three finite numbers.
    """
    angles = np.asarray(angles, dtype=float)
    if angles.shape != (3,) or not np.isfinite(angles).all():
        raise ValueError(f"expected three finite angles in degrees, about x, y and z, got {angles.tolist()}.")
    (cx, cy, cz), (sx, sy, sz) = np.cos(np.deg2rad(angles)), np.sin(np.deg2rad(angles))
    about_x = np.array([[1, 0, 0], [0, cx, sx], [0, -sx, cx]])
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_z = np.array([[cz, sz, 0], [-sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def voxel_edges(points, *, size=SIZE):
    """Return where the voxels of a cloud begin and end, float64 (size + 1, 3), columns x, y, z.

    The box round the cloud, with a margin of 0.001, is widened along its shorter axes, on both sides alike,
    to a cube; the edges divide it evenly. Raises ValueError unless points are (n, 3) finite numbers, and size
    is a whole number above 0.
    """
    points = check_points(points)
    if not isinstance(size, (int, np.integer)) or size < 1:
        raise ValueError(f"expected size to be a whole number of voxels, 1 or more, got {size!r}.")
    lowest, highest = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
    extent = highest - lowest
    widening = (extent.max() - extent) / 2
    return np.linspace(lowest - widening, highest + widening, size + 1)


def voxel_indices(points, *, size=SIZE):
    """Return the voxel that each point lies in, int64 (n, 3) as (x, y, z), values 0..size - 1.

    A point on the edge between two voxels belongs to the lower one. Raises as `voxel_edges`.
    """
    points, edges = check_points(points), voxel_edges(points, size=size)
    indices = [np.searchsorted(edges[:, axis], points[:, axis], side="left") - 1 for axis in range(3)]
    return np.stack(indices, axis=-1).astype(np.int64, copy=False)


def voxel_grid(points):
    """Return a cloud as a volume: the count in each voxel divided by the largest count, 0..1.

    It is float64 (16, 16, 16), axes [z][y][x]; flattened, a row of `full_dataset_vectors.h5`. Raises as
    `voxel_edges`.
    """
    x, y, z = voxel_indices(points).T
    counts = np.bincount(x + SIZE * y + SIZE * SIZE * z, minlength=SIZE**3)
    return (counts / counts.max()).reshape(SIZE, SIZE, SIZE)


def _check_image(image):
    """Return the picture as (height, width), or say what is wrong with it."""
    image = np.asarray(image)
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[:, :, 0]
    if image.ndim != 2:
        raise ValueError(f"expected a grey picture, (height, width) and perhaps 1 more, got {image.shape}.")
    if not np.isfinite(image).all():
        raise ValueError("expected a picture of finite numbers, there is NaN or infinity in it.")
    if not (image > 0).any():
        raise ValueError("expected a picture with at least one pixel above 0, got an empty one.")
    return image


def check_points(points):
    """Return the points as float64 (n, 3), columns laid out one after the other, or say what is wrong."""
    points = np.asfortranarray(points, dtype=float)  # so its largest numbers are found many times faster
    if points.ndim != 2 or points.shape[1] != 3 or not len(points):
        raise ValueError(f"expected points of shape (n, 3), n at least 1, got {points.shape}.")
    if not np.isfinite(points).all():
        raise ValueError("expected finite points, there is NaN or infinity among them.")
    return points
