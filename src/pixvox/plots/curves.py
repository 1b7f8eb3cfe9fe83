"""Lines: over any axis, in panels, and what a training logs by epoch."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from pixvox.plots.basic import line_style, make_figure


def plot_lines(x, lines, *, xlabel, ylabel, ylog=False):
    """Draw named lines over a common x axis, told apart by colour, style and marker.

    Args:
        x: (n,) numbers, or n names for evenly spaced places.
        lines: dict from name to (n,) numbers.
        xlabel, ylabel: what the axes are, with their units.
        ylog: a logarithmic y axis.
    """
    crowded = len(lines) > 2  # too many names to find room among the lines
    figure, (axis,) = make_figure(8.0 if crowded else 6.0, 3.4)
    for i, (name, values) in enumerate(lines.items()):
        axis.plot(x, values, label=name, markevery=max(1, len(values) // 10), **line_style(i))
    if np.issubdtype(np.asarray(x).dtype, np.integer):
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if ylog else "linear")
    axis.grid(alpha=0.3)
    if crowded:
        figure.legend(frameon=False, loc="outside right upper")
    elif len(lines) > 1:
        axis.legend(frameon=False)
    return figure


def plot_history(history):
    """Draw a training history: loss on the left, accuracy on the right, validation dashed.

    Args:
        history: dict from "loss", "accuracy", "val_loss", "val_accuracy" to a value an epoch, as in
            `fit(...).history`, or what `fit` returned; only the validation keys may be missing.
    """
    history = getattr(history, "history", history)
    if not {"loss", "accuracy"} <= {*history}:
        raise ValueError(f"expected loss and accuracy in a history, got {list(history)}.")
    figure, axes = make_figure(8.0, 3.0, 1, 2)
    for axis, metric in zip(axes, ("loss", "accuracy"), strict=True):
        for i, (name, key) in enumerate({"training": metric, "validation": f"val_{metric}"}.items()):
            if key in history:
                axis.plot(np.arange(1, len(history[key]) + 1), history[key], label=name, **line_style(i))
        axis.set(xlabel="epoch", ylabel=metric)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
        axis.legend(frameon=False)
    return figure
