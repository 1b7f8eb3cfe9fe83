"""Clouds and voxels in three dimensions, as stills."""

import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from pixvox.plots.basic import COLOURS, LINE_STYLES

VIEW = {"elev": 16, "azim": 24}  # degrees: from the front of an upright digit, a little above and beside it
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])  # the corners of a voxel's face


def plot_volumes(volumes, titles=None, *, columns=6):
    """Show grids of voxels beside each other, all from the same side.

    Args:
        volumes: (n, side, side, side), axes [row][z][y][x], values 0..1; a voxel above 0 is drawn, the
            brighter the more points it holds.
        titles: n short texts, or None.
        columns: grids in a row.

    Raises:
        ValueError: if there is no volume, one is no cube, or titles are more or fewer.
    """
    titles = [""] * len(volumes) if titles is None else titles
    if not len(volumes) or len(titles) != len(volumes):
        raise ValueError(f"expected volumes and a title for each, got {len(volumes)} and {len(titles)}.")
    columns = min(columns, len(volumes))
    rows = -(-len(volumes) // columns)
    size, solid = (1.5 * columns, 1.65 * rows), {"projection": "3d"}
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, subplot_kw=solid)
    for axis in axes.flat:
        axis.axis("off")
    for axis, volume, title in zip(axes.flat, volumes, titles, strict=False):
        _draw_voxels(axis, volume)
        axis.view_init(**VIEW)
        axis.set_box_aspect((1, 1, 1), zoom=1.5)  # no numbers round it
        axis.set_title(str(title), fontsize=9)
    return figure


def plot_own_axes(volume, axes, picture):
    """Draw a grid with the three directions found in it, and the flat picture seen along the third.

    Args:
        volume: (side, side, side), axes [z][y][x], values 0..1.
        axes: (3, 3), unit vectors in (x, y, z): right, up, and the thin axis.
        picture: (height, width), what is seen along the thin axis, row 0 up.

    Raises:
        ValueError: if the volume is no cube, or no voxel is above 0.
    """
    volume = check_cube(volume)
    if not (volume > 0).any():
        raise ValueError("expected a volume with a voxel above 0, got an empty one.")
    figure = plt.figure(figsize=(7.6, 3.8), layout="constrained")
    solid = figure.add_subplot(1, 2, 1, projection="3d")
    places = np.argwhere(volume > 0)[:, ::-1]  # (n, 3) as (x, y, z)
    solid.scatter(*places.T, s=8, c=volume[volume > 0], cmap="viridis", alpha=0.5)
    middle = np.average(places, axis=0, weights=volume[volume > 0])
    for i, (name, direction) in enumerate(zip(("right", "up", "thin"), np.asarray(axes), strict=True)):
        ends = np.stack([middle, middle + 0.6 * len(volume) * direction])
        solid.plot(*ends.T, LINE_STYLES[i], color=COLOURS[i], linewidth=3, label=name)
    solid.legend(frameon=False, fontsize=8)
    limits = (0, len(volume))
    solid.set(title="the grid and its own axes", xlim=limits, ylim=limits, zlim=limits, box_aspect=(1, 1, 1))
    _look(solid)
    flat = figure.add_subplot(1, 2, 2)
    flat.imshow(picture, cmap="gray")
    flat.set(title="seen along the thin axis", xticks=[], yticks=[], xlabel="right", ylabel="up")
    return figure


def _draw_voxels(axis, volume):
    """Draw the voxels above 0 as cubes, coloured by the square root, since few are near 1."""
    cubes = check_cube(volume).transpose(2, 1, 0)  # matplotlib counts along x first
    padded, corners, colours = np.pad(cubes > 0, 1), [], []
    for direction, light in enumerate((1.0, 0.7, 0.85)):  # faces towards x are lit most
        for side in (0, 1):
            neighbours = np.roll(padded, 1 - 2 * side, axis=direction)[1:-1, 1:-1, 1:-1]
            voxels = np.argwhere((cubes > 0) & ~neighbours)  # those with nothing on this side of them
            corners.append(voxels[:, None] + np.insert(SQUARE, direction, side, axis=1))
            values = cubes[tuple(voxels.T)]
            colours.append(plt.get_cmap("viridis")(np.sqrt(values)) * [light, light, light, 1])
    faces = Poly3DCollection(np.concatenate(corners), facecolors=np.concatenate(colours))
    faces.set(edgecolor=(0, 0, 0, 0.25), linewidth=0.3)
    axis.add_collection3d(faces)
    side = len(cubes)
    axis.set(xlim=(0, side), ylim=(0, side), zlim=(0, side))
    axis.set_box_aspect((1, 1, 1))


def check_cube(volume):
    """Return the volume as an array (side, side, side), or say what is wrong with it."""
    volume = np.asarray(volume)
    if volume.ndim != 3 or len(set(volume.shape)) != 1 or not np.isfinite(volume).all():
        raise ValueError(f"expected a volume of shape (side, side, side), all finite, got {volume.shape}")
    return volume


def _look(axis):
    """Name the axes of space and look from the usual side."""
    axis.view_init(**VIEW)
    axis.set(xlabel="x", ylabel="y", zlabel="z")
    axis.tick_params(labelsize=7)
    axis.locator_params(nbins=4)
