"""What a network sees: the maps of its layers, heat maps over pictures, and what scores them."""

import numpy as np

from pixvox.plots.basic import COLOURS, MARKERS, line_style, make_figure


def plot_layers(maps):
    """Show six feature maps of one picture, a row for each layer.

    Args:
        maps: dict from a layer's name to (rows, columns, channels). Shown are those whose values vary most,
            the first on the left; each layer has its own scale.
    """
    figure, axes = make_figure(7.2, 1.05 * len(maps), len(maps), 6)
    for row, (name, layer) in zip(axes.reshape(-1, 6), maps.items(), strict=True):
        order = np.argsort(-layer.std(axis=(0, 1)), kind="stable")[:6]
        high = layer[..., order].max()
        for axis, channel in zip(row, order, strict=False):
            axis.imshow(layer[..., channel], cmap="viridis", vmin=0, vmax=high if high > 0 else 1)
        for axis in row:
            axis.set(xticks=[], yticks=[])
        size = "x".join(str(side) for side in layer.shape)
        row[0].set_ylabel(f"{name}\n{size}", fontsize=8, rotation=0, ha="right", va="center")
    return figure


def plot_heatmaps(images, heatmaps, *, row_titles=None, outlines=None):
    """Show pictures in the first column and their heat maps, laid over them in grey, in the others.

    Args:
        images: (n, height, width, 3), uint8 or 0 to 255.
        heatmaps: dict from a column's title to (n, height, width). Each map has its own scale, from 0 (or
            below, clear) to its hottest 1 % (yellow): only where a map is hotter can be compared.
        row_titles: n short texts, or None.
        outlines: (n, height, width) booleans, drawn as a white line around what is True; or None.
    """
    images = np.asarray(images).astype(np.uint8)
    rows, columns = len(images), len(heatmaps) + 1
    figure, axes = make_figure(columns, rows + 0.3, rows, columns)
    axes = axes.reshape(rows, columns)
    for row, image in enumerate(images):
        axes[row, 0].imshow(image, interpolation="nearest")
        for axis, maps in zip(axes[row, 1:], heatmaps.values(), strict=True):
            _lay_over(axis, image, np.asarray(maps[row], dtype=float))
        for axis in axes[row]:
            axis.set(xticks=[], yticks=[])
            if outlines is not None and outlines[row].any():
                axis.contour(outlines[row], levels=[0.5], colors="white", linewidths=0.8)
        if row_titles is not None:
            axes[row, 0].set_ylabel(str(row_titles[row]), fontsize=9)
    for axis, title in zip(axes[0], ("picture", *heatmaps), strict=True):
        axis.set_title(title.replace(" ", "\n"), fontsize=9)  # two words side by side would touch the next
    return figure


def _lay_over(axis, image, heat):
    """Draw a picture in grey and heat over it, the clearer the colder; the hottest 1 % are all yellow."""
    heat = np.maximum(heat, 0)
    top = np.percentile(heat, 99) or heat.max()
    heat = np.minimum(heat / top, 1) if top > 0 else heat
    axis.imshow(image.mean(axis=-1), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axis.imshow(heat, cmap="viridis", vmin=0, vmax=1, alpha=0.85 * np.sqrt(heat), interpolation="nearest")


def plot_deletion(removed, curves):
    """Draw mean deletion curves over the share of the pixels that are removed.

    Args:
        removed: (k,) shares, 0 to 1.
        curves: dict from a method to (n, k) probabilities; their mean over the pictures is drawn.
    """
    figure, (axis,) = make_figure(6.0, 3.4)
    for i, (name, curve) in enumerate(curves.items()):
        axis.plot(removed, np.mean(curve, axis=0), label=name, **line_style(i))
    axis.set(xlabel="share of the pixels removed, the hottest first", ylabel="probability of the answer")
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, fontsize=8)
    return figure


def plot_scores(panels, *, highlight=()):
    """Draw scores with their intervals, a panel for each kind of score, methods from top to bottom.

    Args:
        panels: dict from an x label to a dict from a method to (mean, low, high); the same methods in each,
            the first on top.
        highlight: names of methods drawn in a second colour and as squares.
    """
    names = list(next(iter(panels.values())))
    figure, axes = make_figure(2.0 + 2.6 * len(panels), 0.3 * len(names) + 1.0, 1, len(panels), sharey=True)
    for axis, (label, scores) in zip(axes, panels.items(), strict=True):
        for place, name in enumerate(names):
            mean, low, high = scores[name]
            marked = name in highlight
            axis.plot([low, high], [place] * 2, color=COLOURS[marked], linewidth=2)
            axis.plot(mean, place, MARKERS[marked], color=COLOURS[marked], markersize=5)
        axis.set(xlabel=label, ylim=(len(names) - 0.5, -0.5))
        axis.set_yticks(range(len(names)), names)
        axis.grid(axis="x", alpha=0.3)
    return figure
