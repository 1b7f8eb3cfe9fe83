"""Figures of lesson 06: smoothed curves over raw ones, and accuracy by the number of training pictures."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator, NullFormatter

from pixvox.plots import COLOURS, LINE_STYLES


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
