"""Volumes to be turned on a page, without a kernel: plotly figures."""

import numpy as np

from pixvox.plots.sliding import BARE, _controls, _lists
from pixvox.plots.voxels import SQUARE, check_cube

VIEW = {"eye": {"x": 1.9, "y": 0.85, "z": 0.65}}  # from the front of an upright digit, a little beside it
EVERY = 0.06  # of the largest count: voxels that hold less are left out, so that a page stays small


def turn_volumes(volumes):
    """Show volumes side by side, each to be turned with the mouse.

    Args:
        volumes: dict from a name to (side, side, side), axes [z][y][x], values 0..1.

    Returns:
        a plotly Figure. `figure.show("plotly_mimetype")` puts it on the page as data, without a script.

    Raises:
        ValueError: if a volume is no cube.
    """
    from plotly.graph_objects import Figure

    data, titles, size = [], [], {"width": 270 * len(volumes), "height": 310}
    layout = size | {"template": "none", "margin": {"t": 40, "b": 0, "l": 0, "r": 0}}
    for i, (name, volume) in enumerate(volumes.items()):
        scene = f"scene{i + 1}" if i else "scene"
        start, end = i / len(volumes), (i + 1) / len(volumes)
        data.append(_mesh(check_cube(volume)) | {"scene": scene})
        layout[scene] = _scene(len(volume), x=[start, end])
        place = {"x": (start + end) / 2, "y": 1.0, "yanchor": "bottom", "xref": "paper", "yref": "paper"}
        titles.append(place | {"text": name, "showarrow": False})
    return Figure({"data": data, "layout": layout | {"annotations": titles}})


def slide_volumes(volumes, pictures, labels):
    """Show a volume that turns by a slider, and beside it a picture of it; the volume can be turned as well.

    Args:
        volumes: (turns, side, side, side), axes [turn][z][y][x], values 0..1.
        pictures: (turns, height, width) numbers, row 0 at the top.
        labels: a text for each turn, shown above.

    Returns:
        a plotly Figure, as `turn_volumes` does.

    Raises:
        ValueError: if there is not a picture and a text for each volume, or one is no cube.
    """
    from plotly.graph_objects import Figure

    if not len(volumes) == len(pictures) == len(labels) > 0:
        counts = [len(volumes), len(pictures), len(labels)]
        raise ValueError(f"expected a picture and a text for each volume, got so many: {counts}.")
    flat = {"type": "heatmap", "colorscale": "Greys", "reversescale": True, "showscale": False}
    flat |= {"zmin": 0, "zmax": float(np.max(pictures)), "hoverinfo": "skip"}
    frames = []
    for turn, (volume, picture) in enumerate(zip(volumes, pictures, strict=True)):
        drawn = [_dots(check_cube(volume)), flat | {"z": _lists(np.asarray(picture))}]
        title = {"title": {"text": labels[turn], "font": {"size": 14}, "x": 0.02}}
        frames.append({"name": f"{turn}", "data": drawn, "traces": [0, 1], "layout": title})
    slider, button = _controls(frames, "step ", milliseconds=500)
    height, width = np.shape(pictures)[1:]
    layout = {"template": "none", "width": 640, "height": 420, "sliders": [slider]} | frames[0]["layout"]
    layout |= {"margin": {"t": 50, "b": 10, "l": 10, "r": 10}, "updatemenus": [button | {"y": 1.1}]}
    layout["scene"] = _scene(len(volumes[0]), x=[0, 0.55])
    layout["xaxis"] = BARE | {"domain": [0.6, 0.97], "range": [-0.5, width - 0.5]}
    layout["yaxis"] = BARE | {"range": [height - 0.5, -0.5], "scaleanchor": "x"}
    return Figure({"data": frames[0]["data"], "layout": layout, "frames": frames})


def _scene(side, *, x):
    """Return a plotly scene for a cube, in this part of the width."""
    axes = {f"{name}axis": {"range": [0, side], "showticklabels": False, "title": name} for name in "xyz"}
    return axes | {"aspectmode": "cube", "camera": VIEW, "domain": {"x": x, "y": [0, 1]}}


def _dots(volume):
    """Return the voxels that hold something as a plotly cloud of dots: a tenth of the bytes of a mesh."""
    z, y, x = np.nonzero(volume > EVERY * volume.max())
    shade = np.sqrt(volume[z, y, x]).round(2)
    look = {"size": 5, "symbol": "square", "colorscale": "Viridis", "cmin": 0, "cmax": 1}
    places = {name: (line + 0.5).tolist() for name, line in (("x", x), ("y", y), ("z", z))}
    marker = look | {"color": shade.tolist()}
    return {"type": "scatter3d", "mode": "markers", "marker": marker, "hoverinfo": "skip"} | places


def _mesh(volume):
    """Return the outer faces of the voxels that hold something, as a plotly mesh of triangles."""
    cubes = np.where(volume > EVERY * volume.max(), volume, 0).transpose(2, 1, 0)  # plotly counts x first
    padded, corners, values = np.pad(cubes > 0, 1), [], []
    for axis in range(3):
        for side in (0, 1):
            covered = np.roll(padded, 1 - 2 * side, axis=axis)[1:-1, 1:-1, 1:-1]
            voxels = np.argwhere((cubes > 0) & ~covered)
            corners.append(voxels[:, None] + np.insert(SQUARE, axis, side, axis=1))
            values.append(cubes[tuple(voxels.T)])
    corners = np.concatenate(corners)  # (faces, 4, 3)
    points, places = np.unique(corners.reshape(-1, 3), axis=0, return_inverse=True)
    first, second, third, fourth = places.reshape(-1, 4).T
    triangles = np.concatenate([[first, second, third], [first, third, fourth]], axis=1)
    shade = np.sqrt(np.tile(np.concatenate(values), 2)).round(2)
    mesh = {name: line.tolist() for name, line in zip("xyz", points.T, strict=True)}
    mesh |= {name: line.tolist() for name, line in zip("ijk", triangles, strict=True)}
    shown = {"colorscale": "Viridis", "showscale": False, "cmin": 0, "cmax": 1}
    shown |= {"flatshading": True, "hoverinfo": "skip"}
    return {"type": "mesh3d", "intensity": shade.tolist(), "intensitymode": "cell"} | shown | mesh
