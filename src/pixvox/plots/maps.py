"""Arrays as coloured maps on one scale: feature maps, slices, tables of pairs of classes."""

import numpy as np

from pixvox.plots.basic import make_figure


def plot_maps(panels, *, picture=None, cmap="viridis", scale=2.0, columns=4):
    """Show named arrays on one colour scale, with a bar that tells it.

    Args:
        panels: dict from title to a (height, width) array; sizes may differ.
        picture: a (height, width) picture to show before them in grey, on its own scale; or None.
        cmap: "viridis" for sizes, "gray" for pictures, "coolwarm" for values of both signs (centred on 0).
        scale: inches a panel.
        columns: panels a row.
    """
    low = min(float(np.nanmin(panel)) for panel in panels.values())
    high = max(float(np.nanmax(panel)) for panel in panels.values())
    if cmap == "coolwarm":
        high = max(abs(low), abs(high))
        low = -high
    shown = dict(panels) if picture is None else {"the picture": picture, **panels}
    columns = min(columns, len(shown))
    rows = -(-len(shown) // columns)
    figure, axes = make_figure(columns * scale + 0.6, rows * (scale + 0.3), rows, columns)
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
