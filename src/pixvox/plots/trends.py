"""Noisy values as dots, and a line through them: smoothed by epoch, or the mean by number of pictures."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from pixvox.plots.basic import COLOURS, LINE_STYLES, MARKERS, make_figure


def plot_smoothed(lines, *, xlabel, ylabel, mark=None):
    """Draw smoothed lines over pale dots, the raw values that they were made from.

    Args:
        lines: dict from name to (raw, smoothed), (n,) numbers each; the first stands at 1.
        xlabel, ylabel: what the axes are.
        mark: (name, n): a vertical line after the n-th value; or None.
    """
    figure, (axis,) = make_figure(6.4, 3.4)
    for i, (name, (raw, smoothed)) in enumerate(lines.items()):
        places = np.arange(1, len(raw) + 1)
        axis.plot(places, raw, MARKERS[i], color=COLOURS[i], alpha=0.4, markersize=4, label=f"{name}, raw")
        axis.plot(places, smoothed, LINE_STYLES[i], color=COLOURS[i], label=f"{name}, smoothed")
    if mark:
        axis.axvline(mark[1] + 0.5, color="0.4", linestyle=":", label=mark[0])
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.grid(alpha=0.3)
    figure.legend(loc="outside right center", frameon=False, fontsize=9)
    return figure


def plot_learning_curve(table, *, xlabel="training pictures", ylabel="test accuracy"):
    """Draw learning curves: a dot a training, a line through the means, on a logarithmic axis.

    Args:
        table: DataFrame with a row a training: pictures, test_accuracy, and in `network` or `route` the
            curve that it belongs to.
        xlabel, ylabel: what the axes are.
    """
    curves = table.groupby("network" if "network" in table else "route", sort=False)
    several = len(curves) > 1
    figure, (axis,) = make_figure(6.4, 3.8) if several else make_figure(6.0, 3.4)
    for i, (name, rows) in enumerate(curves):
        means = rows.groupby("pictures")["test_accuracy"].mean()
        axis.plot(means.index, means, LINE_STYLES[i], color=COLOURS[i], label=name)
        dots = {"color": COLOURS[i], "alpha": 0.5, "markersize": 4}
        axis.plot(rows["pictures"], rows["test_accuracy"], MARKERS[i], **dots)
    counts = sorted(table["pictures"].unique())
    axis.set(xlabel=xlabel, ylabel=ylabel, xscale="log")
    axis.set_xticks(counts, [f"{count:,}" for count in counts])
    axis.minorticks_off()
    axis.grid(alpha=0.3)
    if several:
        axis.legend(frameon=False)
    return figure
