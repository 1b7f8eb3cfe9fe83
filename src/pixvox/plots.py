"""Figures: arrays in, `matplotlib` Figure out. `show` puts one on the page with its alt text."""

import io

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

LINE_STYLES = ("-", "--", "-.", ":")
# Okabe and Ito (2008), "Color Universal Design": told apart by the colour-blind too.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")


def show(figure, *, alt):
    """Put a figure on the page, with a text for those who cannot see it.

    Args:
        figure: a matplotlib Figure; it is closed afterwards.
        alt: one or two sentences that say what the figure shows.

    Raises:
        ValueError: if `alt` is empty.
    """
    from IPython.display import display

    if not alt.strip():
        plt.close(figure)
        raise ValueError("expected alt text that says what the figure shows, got an empty string")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=96, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    bundle = {"image/png": picture.getvalue(), "text/plain": f"[figure: {alt}]"}
    display(bundle, metadata={"image/png": {"alt": alt}}, raw=True)


def _figure(width, height, rows=1, columns=1, **kwargs):
    """Make a figure whose parts do not overlap, and its axes as a flat array."""
    figure, axes = plt.subplots(
        rows, columns, figsize=(width, height), layout="constrained", squeeze=False, **kwargs
    )
    return figure, axes.ravel()


def plot_images(images, titles=None, *, columns=10, scale=0.95, limits=None):
    """Show pictures in a grid.

    Args:
        images: (n, height, width), (n, height, width, 1) grey or (n, height, width, 3) RGB.
        titles: n short texts, or None.
        columns: pictures in a row.
        scale: inches a picture.
        limits: (black, white) for grey pictures, the same for all; by default the smallest and largest value.

    Returns:
        Figure.
    """
    images = np.asarray(images)
    images = images[..., 0] if images.ndim == 4 and images.shape[-1] == 1 else images
    low, high = limits or (images.min(), images.max())
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = scale * (1.3 if titles is not None else 1.0)
    figure, axes = _figure(columns * scale, rows * height, rows, columns)
    for axis in axes:
        axis.axis("off")
    for i, image in enumerate(images):
        axes[i].imshow(image, cmap="gray", vmin=low, vmax=high)
        if titles is not None:
            axes[i].set_title(str(titles[i]), fontsize=9)
    return figure


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


def plot_lines(x, lines, *, xlabel, ylabel, ylog=False):
    """Draw named lines over a common x axis, told apart by colour, style and marker.

    Args:
        x: (n,) numbers, or n names for evenly spaced places.
        lines: dict from name to (n,) numbers.
        xlabel: what x is, with its unit.
        ylabel: what the lines are, with their unit.
        ylog: a logarithmic y axis.

    Returns:
        Figure.
    """
    crowded = len(lines) > 2  # too many names to find room among the lines
    figure, (axis,) = _figure(8.0 if crowded else 6.0, 3.4)
    for i, (name, values) in enumerate(lines.items()):
        axis.plot(x, values, label=name, markevery=max(1, len(values) // 10), **_line_style(i))
    if np.issubdtype(np.asarray(x).dtype, np.integer):
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.set_yscale("log" if ylog else "linear")
    axis.grid(alpha=0.3)
    if crowded:
        figure.legend(frameon=False, loc="outside right upper")
    elif len(lines) > 1:
        axis.legend(frameon=False)
    return figure


def _line_style(i):
    """Colour, dash and marker of the i-th line of a figure."""
    style, colour = LINE_STYLES[i % len(LINE_STYLES)], COLOURS[i % len(COLOURS)]
    return {"linestyle": style, "color": colour, "marker": "os^Dv*"[i % 6], "markersize": 4}


def plot_history(history):
    """Draw a training history: loss on the left, accuracy on the right, validation dashed.

    Args:
        history: dict from "loss", "accuracy", "val_loss", "val_accuracy" to a value an epoch, as in
            `fit(...).history`; the validation keys may be missing.

    Returns:
        Figure.
    """
    figure, axes = _figure(8.0, 3.0, 1, 2)
    for axis, metric in zip(axes, ("loss", "accuracy"), strict=True):
        epochs = np.arange(1, len(history[metric]) + 1)
        axis.plot(epochs, history[metric], label="training", **_line_style(0))
        if f"val_{metric}" in history:
            axis.plot(epochs, history[f"val_{metric}"], label="validation", **_line_style(1))
        axis.set(xlabel="epoch", ylabel=metric)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
        axis.legend(frameon=False)
    return figure


def plot_confusion(matrix, names):
    """Draw a confusion matrix: rows are the true classes, columns what the model said.

    Args:
        matrix: (classes, classes) counts.
        names: a name a class.

    Returns:
        Figure. The colours leave the diagonal out, so that the mistakes can be seen.
    """
    matrix = np.asarray(matrix)
    mistakes = np.ma.masked_array(matrix, np.eye(len(matrix), dtype=bool))
    figure, (axis,) = _figure(5.2, 4.4)
    drawn = axis.imshow(mistakes, cmap="viridis", vmin=0, vmax=max(1, mistakes.max()))
    for (row, column), count in np.ndenumerate(matrix):
        dark = row != column and count < 0.6 * max(1, mistakes.max())
        axis.text(
            column, row, str(count), ha="center", va="center", fontsize=8, color="white" if dark else "black"
        )
    places = range(len(names))
    axis.set(xticks=places, yticks=places, xlabel="predicted class", ylabel="true class")
    axis.set_xticklabels(names)
    axis.set_yticklabels(names)
    ticks = MaxNLocator(integer=True)
    figure.colorbar(drawn, ax=axis, label="mistakes (pictures)", shrink=0.8, ticks=ticks)
    return figure
