"""Curves: what a training logs by epoch, and accuracy by the number of pictures."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator, NullFormatter

from pixvox.plots.basic import COLOURS, LINE_STYLES, _figure


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


def plot_two_histories(histories):
    """Draw training and validation accuracy of several trainings side by side, on one scale.

    Args:
        histories: dict from title to a dict with the keys "accuracy" and "val_accuracy", a value an epoch.

    Returns:
        Figure.
    """
    count = len(histories)
    figure, axes = plt.subplots(
        1, count, figsize=(4.0 * count, 3.0), layout="constrained", sharey=True, squeeze=False
    )
    for axis, (title, history) in zip(axes[0], histories.items(), strict=True):
        epochs = np.arange(1, len(history["accuracy"]) + 1)
        axis.plot(epochs, history["accuracy"], color=COLOURS[0], label="training")
        axis.plot(epochs, history["val_accuracy"], "--", color=COLOURS[1], label="validation")
        axis.set(xlabel="epoch")
        axis.set_title(title, fontsize=10)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel("accuracy")
    axes[0, 0].legend(frameon=False, loc="lower right")
    return figure


def plot_learning_curve(table):
    """Draw test accuracy against the number of training pictures: seeds as dots, their means as lines.

    Args:
        table: DataFrame with a row a training: network, pictures, test_accuracy.

    Returns:
        Figure, with a logarithmic x axis.
    """
    figure, axis = plt.subplots(figsize=(6.0, 3.4), layout="constrained")
    for i, (name, rows) in enumerate(table.groupby("network", sort=False)):
        means = rows.groupby("pictures")["test_accuracy"].mean()
        axis.plot(means.index, means, ("-", "--", ":")[i % 3], color=COLOURS[i], label=name)
        axis.plot(
            rows["pictures"], rows["test_accuracy"], "os^"[i % 3], color=COLOURS[i], markersize=4, alpha=0.5
        )
    counts = sorted(table["pictures"].unique())
    axis.set_xscale("log")
    axis.set_xticks(counts, [f"{count:,}" for count in counts])
    axis.minorticks_off()
    axis.set(xlabel="training pictures", ylabel="test accuracy")
    axis.grid(alpha=0.3)
    if table["network"].nunique() > 1:
        axis.legend(frameon=False)
    return figure


def plot_smoothed(lines, *, xlabel, ylabel, mark=None):
    """Draw smoothed lines over the raw values that they were made from.

    Args:
        lines: dict from name to (raw, smoothed), (n,) numbers each; the first stands at 1.
        xlabel, ylabel: what the axes are.
        mark: (name, n): a vertical line after the n-th value; or None.

    Returns:
        Figure. Raw values are pale dots, smoothed ones lines.
    """
    figure, axis = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    for i, (name, (raw, smoothed)) in enumerate(lines.items()):
        places = np.arange(1, len(raw) + 1)
        axis.plot(places, raw, "os^D"[i % 4], color=COLOURS[i], alpha=0.4, markersize=4, label=f"{name}, raw")
        axis.plot(places, smoothed, LINE_STYLES[i], color=COLOURS[i], label=f"{name}, smoothed")
    if mark:
        axis.axvline(mark[1] + 0.5, color="0.4", linestyle=":", label=mark[0])
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.grid(alpha=0.3)
    figure.legend(loc="outside right center", frameon=False, fontsize=9)
    return figure


def plot_curves(table, *, xlabel, ylabel):
    """Draw learning curves: a dot a training, a line through the means, on a logarithmic axis.

    Args:
        table: DataFrame with a row a training: route, pictures, test_accuracy.
        xlabel, ylabel: what the axes are.

    Returns:
        Figure, with a line for each route.
    """
    figure, axis = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    for i, (name, rows) in enumerate(table.groupby("route", sort=False)):
        means = rows.groupby("pictures")["test_accuracy"].mean()
        axis.plot(means.index, means, LINE_STYLES[i], color=COLOURS[i], label=name)
        axis.plot(
            rows["pictures"], rows["test_accuracy"], "os^D"[i % 4], color=COLOURS[i], alpha=0.5, markersize=4
        )
    places = sorted(table["pictures"].unique())
    axis.set_xscale("log")
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.set_xticks(places, [f"{place:,}" for place in places])
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
    return figure
