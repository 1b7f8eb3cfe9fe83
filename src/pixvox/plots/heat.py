"""Heat maps laid over pictures, and what becomes of an answer when the hottest pixels go."""

import numpy as np

from pixvox.plots.basic import line_style, make_figure


def plot_heatmaps(images, heatmaps, *, row_titles=None, outlines=None):
    """Show pictures in the first column and their heat maps, laid over them in grey, in the others.

    Args:
        images: (n, height, width, 3), uint8 or 0 to 255.
        heatmaps: dict from a column's title to (n, height, width). Each map has its own scale, from 0 (or
            below, clear) to its hottest 1 % (yellow): only where a map is hotter can be compared.
        row_titles: n short texts, or None.
        outlines: (n, height, width) booleans, drawn as a white line around what is True; or None.

    Returns:
        Figure.
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

    Returns:
        Figure.
    """
    figure, (axis,) = make_figure(6.0, 3.4)
    for i, (name, curve) in enumerate(curves.items()):
        axis.plot(removed, np.mean(curve, axis=0), label=name, **line_style(i))
    axis.set(xlabel="share of the pixels removed, the hottest first", ylabel="probability of the answer")
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, fontsize=8)
    return figure
