"""Maps: feature maps by layer, and maps of pictures and points on a plane."""

import matplotlib.pyplot as plt
import numpy as np

from pixvox.plots.basic import COLOURS, LINE_STYLES, _figure


def plot_maps(panels, *, picture=None, cmap="viridis", columns=4, scale=2.0):
    """Show named arrays side by side on one colour scale, with a bar that tells it.

    Args:
        panels: dict from title to a (height, width) array; sizes may differ.
        picture: a (height, width) picture to show before them in grey, on its own scale; or None.
        cmap: "viridis" for sizes, "gray" for pictures, "coolwarm" for values of both signs (centred on 0).
        columns: panels in a row.
        scale: inches a panel.

    Returns:
        Figure.
    """
    low = min(float(np.min(panel)) for panel in panels.values())
    high = max(float(np.max(panel)) for panel in panels.values())
    if cmap == "coolwarm":
        high = max(abs(low), abs(high))
        low = -high
    shown = dict(panels) if picture is None else {"the picture": picture, **panels}
    columns = min(columns, len(shown))
    rows = -(-len(shown) // columns)
    figure, axes = _figure(columns * scale + 0.6, rows * (scale + 0.3), rows, columns)
    for axis in axes:
        axis.axis("off")
    for axis, (title, panel) in zip(axes, shown.items(), strict=False):
        axis.set_title(title, fontsize=9)
        if title in panels:
            drawn = axis.imshow(panel, cmap=cmap, vmin=low, vmax=high)
        else:
            axis.imshow(panel, cmap="gray")
    figure.colorbar(drawn, ax=list(axes), shrink=0.8, pad=0.02)
    return figure


def plot_layers(maps, *, channels=6, scale=1.05):
    """Show some feature maps of one picture, a row for each layer.

    Args:
        maps: dict from a layer's name to (rows, columns, channels); each row has its own scale.
        channels: maps a layer, those whose values vary most, the first on the left.
        scale: inches a map.

    Returns:
        Figure.
    """
    figure, axes = plt.subplots(
        len(maps), channels, figsize=(channels * scale + 0.9, len(maps) * scale), layout="constrained"
    )
    for row, (name, layer) in zip(np.atleast_2d(axes), maps.items(), strict=True):
        order = np.argsort(-layer.std(axis=(0, 1)), kind="stable")[:channels]
        high = layer[..., order].max()
        for axis, channel in zip(row, order, strict=False):
            axis.imshow(layer[..., channel], cmap="viridis", vmin=0, vmax=high if high > 0 else 1)
        for axis in row:
            axis.set(xticks=[], yticks=[])
        size = "x".join(str(side) for side in layer.shape)
        row[0].set_ylabel(f"{name}\n{size}", fontsize=8, rotation=0, ha="right", va="center")
    return figure


MARKERS = "os^Dv*PX<>"


def plot_points(panels, labels, class_names, *, scale=3.6):
    """Draw maps of labelled points side by side; a class has a colour and a marker, the same in all panels.

    Args:
        panels: dict from title to (n, 2) places.
        labels: (n,) whole numbers, indices into `class_names`.
        class_names: up to 10 texts.
        scale: inches a panel.

    Returns:
        Figure. Axes have no ticks: only distances mean something on such maps.
    """
    labels = np.asarray(labels)
    figure, axes = plt.subplots(
        1, len(panels), figsize=(len(panels) * scale, scale + 0.7), layout="constrained", squeeze=False
    )
    colours = plt.get_cmap("tab10").colors
    for axis, (title, points) in zip(axes[0], panels.items(), strict=True):
        for label in np.unique(labels):
            x, y = np.asarray(points)[labels == label].T
            style = {"color": colours[label % 10], "marker": MARKERS[label % 10]}
            axis.scatter(x, y, s=20, alpha=0.75, linewidths=0, label=class_names[label], **style)
        axis.set(title=title, xticks=[], yticks=[])
    handles, names = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=5, frameon=False, fontsize=8)
    return figure


def plot_pictures_at(points, pictures, *, side=1_000, scale=8.0):
    """Put small pictures at their places on a map, on black; one that would cover another is left out.

    Args:
        points: (n, 2) places.
        pictures: uint8 (n, height, width) or (n, height, width, 1), put down in this order.
        side: pixels of the map's sides.
        scale: inches of the map's sides.

    Returns:
        Figure.
    """
    points, pictures = np.asarray(points, dtype=float), np.asarray(pictures)
    pictures = pictures[..., 0] if pictures.ndim == 4 else pictures
    height, width = pictures.shape[1:]
    low, high = points.min(axis=0), points.max(axis=0)
    places = 0.5 + (points - (low + high) / 2) / max((high - low).max(), 1e-12)  # 0 to 1, not stretched
    canvas, taken = np.zeros((side, side), dtype=np.uint8), np.zeros((side, side), dtype=bool)
    for (x, y), picture in zip(places, pictures, strict=True):
        row, column = int((1 - y) * (side - height)), int(x * (side - width))
        window = np.s_[row : row + height, column : column + width]
        if not taken[window].any():
            canvas[window], taken[window] = picture, True
    figure, axis = plt.subplots(figsize=(scale, scale), layout="constrained")
    axis.imshow(canvas, cmap="gray", vmin=0, vmax=255)
    axis.axis("off")
    return figure


def plot_pairs(panels, *, scale=3.2):
    """Draw tables of numbers for pairs of classes side by side, on one colour scale.

    Args:
        panels: dict from title to a (classes, classes) array; nan, as on the diagonal, stays blank.
        scale: inches a panel.

    Returns:
        Figure.
    """
    figure, axes = plt.subplots(
        1, len(panels), figsize=(len(panels) * scale + 0.6, scale), layout="constrained", squeeze=False
    )
    low, high = np.nanmin(list(panels.values())), np.nanmax(list(panels.values()))
    for axis, (title, table) in zip(axes[0], panels.items(), strict=True):
        drawn = axis.imshow(table, vmin=low, vmax=high)
        ticks = range(len(table))
        axis.set(title=title, xlabel="class", ylabel="class", xticks=ticks, yticks=ticks)
    figure.colorbar(drawn, ax=list(axes[0]), shrink=0.8)
    return figure


def plot_panels(x, panels, *, xlabel, ylabel, scale=3.0):
    """Draw lines in panels side by side, on the same axes, so that they can be compared.

    Args:
        x: (n,) numbers.
        panels: dict from title to a dict from a line's name to (n,) numbers; the names are the same in all.
        xlabel: what x is, with its unit.
        ylabel: what the lines are, with their unit.
        scale: inches a panel.

    Returns:
        Figure.
    """
    figure, axes = plt.subplots(
        1, len(panels), figsize=(len(panels) * scale, scale), sharey=True, layout="constrained", squeeze=False
    )
    for axis, (title, lines) in zip(axes[0], panels.items(), strict=True):
        for i, (name, values) in enumerate(lines.items()):
            axis.plot(x, values, LINE_STYLES[i], color=COLOURS[i], label=name)
        axis.set(title=title, xlabel=xlabel)
        axis.grid(alpha=0.3)
    axes[0][0].set_ylabel(ylabel)
    axes[0][-1].legend(frameon=False, loc="lower right")
    return figure
