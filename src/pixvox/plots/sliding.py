"""Plotly figures with a slider: a kernel that moves over a picture, pictures that change turn by turn."""

import base64
import io

import numpy as np
from PIL import Image

from pixvox.plots.basic import as_bytes

BARE = {"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False}


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

    picture, kernel, feature_map = (np.asarray(part, dtype=float) for part in (picture, kernel, feature_map))
    side = len(kernel)  # as floats: products of uint8 would wrap
    wanted = (picture.shape[0] - side + 1, picture.shape[1] - side + 1)
    if kernel.shape != (side, side) or feature_map.shape != wanted:
        text = f"expected a square kernel and a map of {wanted}, got {kernel.shape} and {feature_map.shape}"
        raise ValueError(f"{text}; type convolve(picture, kernel)")
    places, most = list(np.ndindex(feature_map.shape)), float(np.abs(feature_map).max())
    frames = [_frame(place, picture, kernel, feature_map) for place in places]
    square, numbers, products = frames[0]["data"]
    grey = {"type": "heatmap", "z": _lists(picture), "colorscale": "Greys", "reversescale": True}
    signed = {"colorscale": "RdBu", "reversescale": True, "zmin": -most, "zmax": most}
    signed |= {"xaxis": "x2", "yaxis": "y2"}
    line = {"mode": "lines", "line": {"color": "#d55e00", "width": 4}, "hoverinfo": "skip"}
    texts = {"mode": "text", "textfont": {"color": "#d55e00", "size": 10}, "hoverinfo": "skip"}
    data = [grey | {"showscale": False}, square | line, numbers | signed, products | texts]
    data = [one | {"showlegend": False} if one["type"] == "scatter" else one for one in data]
    layout = _layout(frames, picture.shape, feature_map.shape)
    return Figure({"data": data, "layout": layout, "frames": frames})


def _frame(place, picture, kernel, feature_map):
    """Return what changes when the kernel comes to a place (row, column)."""
    (row, column), side = place, len(kernel)
    reached = np.arange(feature_map.size).reshape(feature_map.shape)
    products = picture[row : row + side, column : column + side] * kernel
    down, across = np.indices(kernel.shape).reshape(2, -1)
    told_there = {"type": "scatter", "x": (across + column).tolist(), "y": (down + row).tolist()}
    told_there["text"] = [f"{product:.1f}" for product in products.round(1).ravel() + 0.0]
    corners = np.array([[0, 0], [0, side], [side, side], [side, 0], [0, 0]]) + place - 0.5
    square = {"type": "scatter", "x": corners[:, 1].tolist(), "y": corners[:, 0].tolist()}
    shown = np.where(reached <= reached[place], feature_map, np.nan)
    told = f"row {row}, column {column}: the products sum to {feature_map[place]:.2f}"
    drawn = {"traces": [1, 2, 3], "data": [square, {"type": "heatmap", "z": _lists(shown)}, told_there]}
    return {"name": f"{row}, {column}", "layout": {"title": {"text": told}}} | drawn


def _layout(frames, *shapes):
    """Return panels for arrays of two shapes, rows counted downwards, with a slider and a play button."""
    slider, button = _controls(frames, "kernel at ")
    (down, across), (down2, across2) = ([[-0.5, side - 0.5] for side in shape] for shape in shapes)
    left = {"range": across, "domain": [0, 0.45], "title": {"text": "the picture"}}
    right = {"range": across2, "domain": [0.52, 0.97], "title": {"text": "the feature map"}, "anchor": "y2"}
    axes = {"xaxis": left, "yaxis": {"range": down[::-1], "scaleanchor": "x"}, "xaxis2": right}
    axes["yaxis2"] = {"range": down2[::-1], "scaleanchor": "x2", "anchor": "x2"}
    look = {"template": "none", "width": 720, "height": 460, "title": frames[0]["layout"]["title"]}
    look |= {"plot_bgcolor": "#dddddd", "sliders": [slider], "updatemenus": [button]}  # grey: still to come
    return look | {name: BARE | axis for name, axis in axes.items()}


def _controls(frames, prefix, *, milliseconds=150):
    """Return a slider through frames, and a button that plays them."""
    how = {"mode": "immediate", "transition": {"duration": 0}}
    how["frame"] = {"duration": milliseconds, "redraw": True}
    steps = [{"method": "animate", "label": one["name"], "args": [[one["name"]], how]} for one in frames]
    play = {"method": "animate", "label": "play", "args": [None, how | {"fromcurrent": True}]}
    slider = {"steps": steps, "currentvalue": {"prefix": prefix}, "pad": {"t": 30}}
    return slider, {"type": "buttons", "buttons": [play], "x": 0.97, "y": 1.2, "showactive": False}


def _lists(array):
    """Return an array as lists of numbers with two decimals, None for nan."""
    return [[None if np.isnan(value) else round(float(value), 2) for value in row] for row in array]


def slide_pictures(strips, labels):
    """Show pictures side by side, one of each strip; a slider turns them all.

    Args:
        strips: dict from a name to (turns, height, width, 3), see `as_bytes`.
        labels: dict from the same names to a text for each turn, shown above its picture.

    Raises:
        ValueError: if there is not one text for each picture.

    Returns:
        a plotly Figure, as `slide_kernel` does.
    """
    from plotly.graph_objects import Figure

    turns = {len(strip) for strip in strips.values()} | {len(labels.get(name, ())) for name in strips}
    if len(turns) != 1:
        raise ValueError(f"expected a text for each turn of each of {', '.join(strips)}, got {labels}")
    frames, layout = [], {"template": "none", "width": 150 * len(strips), "height": 310, "margin": {"t": 60}}
    for turn in range(turns.pop()):
        sources = [{"type": "image", "source": _data_uri(strip[turn])} for strip in strips.values()]
        texts = [f"{name}<br>{labels[name][turn]}" for name in strips]
        titles = {f"xaxis{i + 1}": {"title": {"text": text}} for i, text in enumerate(texts)}
        frames.append({"name": f"{turn}", "data": sources, "layout": titles})
    data = []
    for i, source in enumerate(frames[0]["data"], 1):
        axis = {"domain": [(i - 0.97) / len(strips), (i - 0.03) / len(strips)], "anchor": f"y{i}"}
        layout[f"xaxis{i}"] = BARE | axis | {"side": "top"} | frames[0]["layout"][f"xaxis{i}"]
        layout[f"yaxis{i}"] = BARE | {"scaleanchor": f"x{i}", "anchor": f"x{i}"}
        data.append(source | {"xaxis": f"x{i}", "yaxis": f"y{i}", "hoverinfo": "skip"})
    slider, button = _controls(frames, "turned to ", milliseconds=600)
    layout |= {"sliders": [slider], "updatemenus": [button | {"x": 1.14, "y": 1.0}]}
    return Figure({"data": data, "layout": layout, "frames": frames})


def _data_uri(picture):
    """Return a picture as the address that holds it."""
    buffer = io.BytesIO()
    Image.fromarray(as_bytes(picture)).save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
