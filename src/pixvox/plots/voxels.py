"""Clouds and voxels in three dimensions, as stills and to be turned."""

import os

import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from pixvox.plots.basic import COLOURS, LINE_STYLES, show, still_picture

VIEW = {"elev": 16, "azim": 24}  # degrees: from the front of an upright digit, a little above and beside it
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])  # the corners of a voxel's face


def plot_steps(picture, points, volume):
    """Show a digit three times: as a picture, as a cloud of points and as voxels.

    Args:
        picture: (height, width) grey picture.
        points: (n, 3), columns x, y, z; of 6,000 or more, 3,000 to 4,500 are drawn, evenly picked.
        volume: (side, side, side), axes [z][y][x], values 0..1.
    """
    figure = plt.figure(figsize=(9.6, 3.4), layout="constrained")
    flat = figure.add_subplot(1, 3, 1)
    flat.imshow(picture, cmap="gray")
    flat.set(title=f"picture, {picture.shape[0]} x {picture.shape[1]}", xlabel="column", ylabel="row")
    cloud = figure.add_subplot(1, 3, 2, projection="3d")
    x, y, z = points[:: max(1, len(points) // 3_000)].T
    cloud.scatter(x, y, z, s=1, c=x, cmap="viridis")
    cloud.set(title=f"cloud, {len(points):,} points", aspect="equal")
    _draw_voxels(figure.add_subplot(1, 3, 3, projection="3d"), volume)
    figure.axes[2].set_title(f"voxels, {' x '.join(str(side) for side in volume.shape)}")
    for axis in figure.axes[1:]:
        _look(axis)
    return figure


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


def plot_voxels(volume, *, title=""):
    """Draw one grid of voxels, large, with its axes named.

    Args:
        volume: (side, side, side), axes [z][y][x], values 0..1; a voxel above 0 is drawn.
        title: above the figure.

    Raises:
        ValueError: if the volume is no cube.
    """
    figure = plt.figure(figsize=(5.0, 4.6), layout="constrained")
    axis = figure.add_subplot(projection="3d")
    _draw_voxels(axis, volume)
    _look(axis)
    axis.set_title(title)
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
    volume = _check_cube(volume)
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
    cubes = _check_cube(volume).transpose(2, 1, 0)  # matplotlib counts along x first
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


def _check_cube(volume):
    """Return the volume as an array (side, side, side), or say what is wrong with it."""
    volume = np.asarray(volume)
    if volume.ndim != 3 or len(set(volume.shape)) != 1:
        raise ValueError(f"expected a volume of shape (side, side, side), got {volume.shape}")
    return volume


def show_turnable(figure, *, alt):
    """Put a 3D figure on the page: to be turned with the mouse in JupyterLab, a still picture elsewhere.

    A kernel with a page in front of it has JPY_SESSION_NAME, which Jupyter's server sets; there the figure
    goes on an `ipympl` canvas. Its output carries the still picture too, for a saved notebook.

    Args:
        figure: a matplotlib Figure with 3D axes; pyplot forgets it.
        alt: one or two sentences that say what the figure shows.

    Raises:
        ValueError: if `alt` is empty.
    """
    if not alt.strip() or "JPY_SESSION_NAME" not in os.environ:
        return show(figure, alt=alt)
    from ipympl.backend_nbagg import Canvas, FigureManager
    from IPython.display import display

    bundle = still_picture(figure, alt)
    number = figure.number
    plt.close(figure)
    canvas = Canvas(figure)  # from here on, the mouse's events go to the figure
    canvas.header_visible = False
    FigureManager(canvas, number)
    view = {"version_major": 2, "version_minor": 0, "model_id": canvas.model_id}
    bundle["application/vnd.jupyter.widget-view+json"] = view
    display(bundle, metadata={"image/png": {"alt": alt}}, raw=True)


def _look(axis):
    """Name the axes of space and look from the usual side."""
    axis.view_init(**VIEW)
    axis.set(xlabel="x", ylabel="y", zlabel="z")
    axis.tick_params(labelsize=7)
    axis.locator_params(nbins=4)
