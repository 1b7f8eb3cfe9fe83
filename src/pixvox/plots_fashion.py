"""Figures of lesson 03: points on a map, pictures on a map, accuracy by size."""

import matplotlib.pyplot as plt
import numpy as np

from pixvox.plots import COLOURS, LINE_STYLES

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


def plot_by_size(groups, *, xlabel, ylabel):
    """Draw named points over a logarithmic x axis, in groups.

    Args:
        groups: dict from a group's name to a dict from a point's name to (x, y). The first group
            has a line through it.
        xlabel: what x is, with its unit.
        ylabel: what y is, with its unit.

    Returns:
        Figure.
    """
    figure, axis = plt.subplots(figsize=(7.0, 4.0), layout="constrained")
    for i, (group, points) in enumerate(groups.items()):
        x, y = np.array(sorted(points.values())).T
        axis.plot(x, y, "os^D"[i % 4], linestyle="-" if i == 0 else "", color=COLOURS[i], label=group)
        for name, place in points.items():
            offset = (-4, -13) if i == 0 else (4, 5)
            axis.annotate(name, place, xytext=offset, textcoords="offset points", fontsize=8)
    axis.set(xlabel=xlabel, ylabel=ylabel, xscale="log")
    axis.margins(x=0.18, y=0.12)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, loc="upper left")
    return figure


def plot_by_cost(lines, *, xlabel, ylabel, goal):
    """Draw named lines, each with places of its own on the x axis; a line of one point is a mark.

    Args:
        lines: dict from name to ((n,) costs, (n,) values), up to four.
        xlabel: what the cost is, with its unit.
        ylabel: what the values are.
        goal: a pair of a name and a value, drawn as a level line.

    Returns:
        Figure.
    """
    figure, axis = plt.subplots(figsize=(6.6, 3.6), layout="constrained")
    for i, (name, (costs, values)) in enumerate(lines.items()):
        style = {"linestyle": LINE_STYLES[i] if len(costs) > 1 else "none", "marker": "os^D"[i]}
        axis.plot(costs, values, markersize=4, color=COLOURS[i], label=name, **style)
    name, value = goal
    axis.axhline(value, color="0.4", linewidth=1, linestyle=":", label=name)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, loc="lower right")
    return figure
