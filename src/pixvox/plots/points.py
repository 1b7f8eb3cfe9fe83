"""Maps of many pictures on a plane: labelled points, or the pictures themselves."""

import matplotlib.pyplot as plt
import numpy as np

from pixvox.plots.basic import MARKERS, make_figure

SIDE = 1_000  # pixels a side of the map of pictures


def plot_points(panels, labels, class_names):
    """Draw maps of labelled points side by side; a class has a colour and a marker, the same in all panels.

    Args:
        panels: dict from title to (n, 2) places; there are no ticks, since only distances mean something.
        labels: (n,) whole numbers, indices into `class_names`.
        class_names: up to 10 texts.
    """
    labels = np.asarray(labels)
    figure, axes = make_figure(3.6 * len(panels), 4.3, 1, len(panels))
    colours = plt.get_cmap("tab10").colors
    for axis, (title, points) in zip(axes, panels.items(), strict=True):
        for label in np.unique(labels):
            x, y = np.asarray(points)[labels == label].T
            style = {"color": colours[label], "marker": MARKERS[label], "label": class_names[label]}
            axis.scatter(x, y, s=20, alpha=0.75, linewidths=0, **style)
        axis.set(title=title, xticks=[], yticks=[])
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=5, frameon=False, fontsize=8)
    return figure


def plot_pictures_at(points, pictures):
    """Put small pictures at their places on a map, on black; one that would cover another is left out.

    Args:
        points: (n, 2) places.
        pictures: uint8 (n, height, width) or (n, height, width, 1), put down in this order.
    """
    points, pictures = np.asarray(points, dtype=float), np.asarray(pictures)
    pictures = pictures[..., 0] if pictures.ndim == 4 else pictures
    height, width = pictures.shape[1:]
    low, high = points.min(axis=0), points.max(axis=0)
    places = 0.5 + (points - (low + high) / 2) / max((high - low).max(), 1e-12)  # 0 to 1, not stretched
    canvas, taken = np.zeros((SIDE, SIDE), dtype=np.uint8), np.zeros((SIDE, SIDE), dtype=bool)
    for (x, y), picture in zip(places, pictures, strict=True):
        row, column = int((1 - y) * (SIDE - height)), int(x * (SIDE - width))
        window = np.s_[row : row + height, column : column + width]
        if not taken[window].any():
            canvas[window], taken[window] = picture, True
    figure, (axis,) = make_figure(8.0, 8.0)
    axis.imshow(canvas, cmap="gray", vmin=0, vmax=255)
    axis.axis("off")
    return figure
