"""Figures of lesson 02: accuracy on training and on fresh pictures, a row a recipe."""

import matplotlib.pyplot as plt
import numpy as np

from pixvox.plots import COLOURS


def plot_gaps(rows, *, xlabel="accuracy"):
    """Draw what recipes reach on training and on fresh pictures: two marks a recipe and the gap between.

    Args:
        rows: dict from a recipe's name to (training, fresh): numbers, or lists with one for each seed. The
            marks are means; small dots are the single numbers.
        xlabel: what the numbers are.

    Returns:
        Figure. The first recipe is on top.
    """
    figure, axis = plt.subplots(figsize=(7.0, 0.42 * len(rows) + 1.0), layout="constrained")
    styles = {"training": (COLOURS[0], "o"), "fresh": (COLOURS[1], "s")}
    for place, pair in enumerate(rows.values()):
        means = [float(np.mean(values)) for values in pair]
        axis.plot(means, [place, place], color="0.75", linewidth=3, zorder=1)
        for (name, (colour, marker)), values, mean in zip(styles.items(), pair, means, strict=True):
            values = np.atleast_1d(values)
            label = name if place == 0 else None
            axis.scatter(mean, place, color=colour, marker=marker, s=55, zorder=3, label=label)
            axis.scatter(values, np.full(len(values), place + 0.22), color=colour, marker=".", s=12, zorder=2)
    axis.set(xlabel=xlabel, ylim=(len(rows) - 0.4, -0.6))
    axis.set_yticks(range(len(rows)), list(rows))
    axis.grid(axis="x", alpha=0.3)
    figure.legend(loc="outside upper right", ncols=2, frameon=False)
    return figure
