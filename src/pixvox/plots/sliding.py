"""A kernel that slides over a picture: a plotly figure with a slider."""

import numpy as np


def slide_kernel(picture, kernel, feature_map):
    """Show a kernel on a picture, and its feature map as far as it is computed; a slider moves the kernel.

    Args:
        picture: (height, width) numbers, 12 by 12 or so: every place of the kernel is a frame of some 1 kB.
        kernel: (side, side) numbers.
        feature_map: (height - side + 1, width - side + 1) numbers.

    Raises:
        ValueError: if the map is not that of a square kernel on this picture.

    Returns:
        a plotly Figure. `figure.show("plotly_mimetype")` puts it on the page as data, without a script.
    """
    from plotly.graph_objects import Figure

    side = len(kernel)
    wanted = (picture.shape[0] - side + 1, picture.shape[1] - side + 1)
    if kernel.shape != (side, side) or feature_map.shape != wanted:
        text = f"expected a square kernel and a map of {wanted}"
        raise ValueError(
            f"{text}, got {kernel.shape} and {feature_map.shape}; type convolve(picture, kernel)"
        )
    places, most = list(np.ndindex(feature_map.shape)), float(np.abs(feature_map).max())
    frames = [_frame(place, picture, kernel, feature_map) for place in places]
    square, numbers, products = frames[0]["data"]
    grey = {"type": "heatmap", "z": _lists(picture), "colorscale": "Greys", "reversescale": True}
    signed = {
        "colorscale": "RdBu",
        "reversescale": True,
        "zmin": -most,
        "zmax": most,
        "xaxis": "x2",
        "yaxis": "y2",
    }
    line = {"mode": "lines", "line": {"color": "#d55e00", "width": 4}, "hoverinfo": "skip"}
    texts = {"mode": "text", "textfont": {"color": "#d55e00", "size": 10}, "hoverinfo": "skip"}
    data = [grey | {"showscale": False}, square | line, numbers | signed, products | texts]
    data = [one | {"showlegend": False} if one["type"] == "scatter" else one for one in data]
    return Figure(
        {"data": data, "layout": _layout(frames, picture.shape, feature_map.shape), "frames": frames}
    )


def _frame(place, picture, kernel, feature_map):
    """Return what changes when the kernel comes to a place (row, column)."""
    (row, column), side = place, len(kernel)
    reached = np.arange(feature_map.size).reshape(feature_map.shape)
    products = picture[row : row + side, column : column + side] * kernel
    down, across = np.indices(kernel.shape).reshape(2, -1)
    told_there = {"x": (across + column).tolist(), "y": (down + row).tolist()}
    told_there |= {
        "type": "scatter",
        "text": [f"{product:.1f}" for product in products.round(1).ravel() + 0.0],
    }
    corners = np.array([[0, 0], [0, side], [side, side], [side, 0], [0, 0]]) + place - 0.5
    square = {"type": "scatter", "x": corners[:, 1].tolist(), "y": corners[:, 0].tolist()}
    shown = np.where(reached <= reached[place], feature_map, np.nan)
    told = f"row {row}, column {column}: the products sum to {feature_map[place]:.2f}"
    return {
        "name": f"{row}, {column}",
        "data": [square, {"type": "heatmap", "z": _lists(shown)}, told_there],
        "traces": [1, 2, 3],
        "layout": {"title": {"text": told}},
    }


def _layout(frames, *shapes):
    """Return panels for arrays of two shapes, rows counted downwards, with a slider and a play button."""
    at_once = {"mode": "immediate", "frame": {"duration": 150, "redraw": True}, "transition": {"duration": 0}}
    steps = [{"method": "animate", "label": one["name"], "args": [[one["name"]], at_once]} for one in frames]
    play = {"method": "animate", "label": "play", "args": [None, at_once | {"fromcurrent": True}]}
    bare = {"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False}
    (down, across), (down2, across2) = ([[-0.5, side - 0.5] for side in shape] for shape in shapes)
    return {
        "template": "none",
        "plot_bgcolor": "#dddddd",  # what is not computed yet
        "title": frames[0]["layout"]["title"],
        "width": 720,
        "height": 460,
        "xaxis": bare | {"range": across, "domain": [0, 0.45], "title": {"text": "the picture"}},
        "yaxis": bare | {"range": down[::-1], "scaleanchor": "x"},
        "xaxis2": bare
        | {"range": across2, "domain": [0.52, 0.97], "anchor": "y2", "title": {"text": "the feature map"}},
        "yaxis2": bare | {"range": down2[::-1], "scaleanchor": "x2", "anchor": "x2"},
        "sliders": [{"steps": steps, "currentvalue": {"prefix": "kernel at "}, "pad": {"t": 30}}],
        "updatemenus": [{"type": "buttons", "buttons": [play], "x": 0.97, "y": 1.2, "showactive": False}],
    }


def _lists(array):
    """Return an array as lists of numbers with two decimals, None for nan."""
    return [[None if np.isnan(value) else round(float(value), 2) for value in row] for row in array]
