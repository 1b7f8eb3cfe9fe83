"""What a network sees: the maps of its layers, heat maps over pictures, and what scores them."""

import numpy as np

from pixvox.plots.basic import as_bytes, make_figure


def plot_layers(picture, maps):
    """Show a picture in the first column and beside it six maps of each layer, a row for each.

    Args:
        picture: (height, width, 3), see `as_bytes`.
        maps: dict from a layer's name to (rows, columns, channels). Shown are those whose values vary most,
            the first on the left; each layer has its own scale.
    """
    maps = {name: np.asarray(layer) for name, layer in maps.items()}
    figure, axes = make_figure(8.0, 1.15 * len(maps), len(maps), 7)
    for row, (name, layer) in zip(axes.reshape(-1, 7), maps.items(), strict=True):
        order = np.argsort(-layer.std(axis=(0, 1)), kind="stable")[:6]
        low, high = layer[..., order].min(), layer[..., order].max()
        row[0].imshow(as_bytes(picture), interpolation="nearest")
        for axis, channel in zip(row[1:], order, strict=False):
            axis.imshow(layer[..., channel], cmap="viridis", vmin=low, vmax=high if high > low else low + 1)
        for axis in row:
            axis.set(xticks=[], yticks=[])
        size = "x".join(str(side) for side in layer.shape)
        row[0].set_ylabel(f"{name}\n{size}", rotation=0, ha="right", va="center")
    return figure


def plot_heatmaps(images, heatmaps, *, row_titles=None, outlines=None):
    """Show pictures in the first column and their heat maps, laid over them in grey, in the others.

    Args:
        images: (n, height, width, 3), see `as_bytes`.
        heatmaps: dict from a column's title to (n, height, width), finite. Each map has its own scale, from
            0 (or below, clear) to its hottest 1 % (yellow): only where a map is hotter can be compared.
        row_titles: n short texts, or None.
        outlines: (n, height, width) booleans, drawn as a white line around what is True; or None.
            Raises ValueError where maps or outlines do not fit the pictures.
    """
    images, heatmaps = as_bytes(images), {name: np.asarray(maps) for name, maps in heatmaps.items()}
    for found in [*heatmaps.values(), *([] if outlines is None else [np.asarray(outlines)])]:
        if images.ndim != 4 or found.shape != images.shape[:3] or not np.isfinite(found).all():
            raise ValueError(f"expected finite maps for pictures {images.shape}, got {found.shape}.")
    rows, columns = len(images), len(heatmaps) + 1
    wide = images.shape[2] / images.shape[1]
    figure, axes = make_figure(8.0, rows * 8.0 / columns / wide + 0.4, rows, columns)
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
            axes[row, 0].set_ylabel(str(row_titles[row]))
    for axis, title in zip(axes[0], ("picture", *heatmaps), strict=True):
        axis.set_title(title.replace(", ", ",\n"))
    return figure


def _lay_over(axis, image, heat):
    """Draw a picture in grey and heat over it, the clearer the colder; the hottest 1 % are all yellow."""
    heat = np.maximum(heat, 0)
    top = np.percentile(heat, 99) or heat.max()
    heat = np.minimum(heat / top, 1) if top > 0 else heat
    axis.imshow(image.mean(axis=-1), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axis.imshow(heat, cmap="viridis", vmin=0, vmax=1, alpha=0.85 * np.sqrt(heat), interpolation="nearest")
