"""Figures of lesson 04: trainings as dots, accuracies with two intervals, the spread of simulated scores."""

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

from pixvox.plots import COLOURS


def plot_trainings(table, *, columns, xlabel):
    """Draw each training of each variant as a dot, on several sets of pictures side by side.

    Args:
        table: DataFrame with a row a training: variant, and the columns named.
        columns: dict from a column of numbers to its name in the legend.
        xlabel: what the numbers are.

    Returns:
        Figure. The first variant is on top.
    """
    tidy = table.rename(columns=columns).melt("variant", list(columns.values()), "pictures", "accuracy")
    count = tidy["variant"].nunique()
    figure, axis = plt.subplots(figsize=(7.0, 0.36 * count + 1.1), layout="constrained")
    sns.stripplot(
        tidy,
        x="accuracy",
        y="variant",
        hue="pictures",
        dodge=True,
        jitter=False,
        size=4.5,
        ax=axis,
        palette=COLOURS[: len(columns)],
    )
    axis.set(xlabel=xlabel, ylabel="")
    axis.grid(axis="x", alpha=0.3)
    handles, names = axis.get_legend_handles_labels()
    axis.get_legend().remove()
    figure.legend(handles, names, loc="outside upper right", ncols=len(columns), frameon=False)
    return figure


def plot_intervals(rows, *, xlabel, names=("over seeds", "over pictures")):
    """Draw a mean a row with two intervals: a thick and a thin line.

    Args:
        rows: dict from a row's name to (mean, (low, high) or None, (low, high)).
        xlabel: what the numbers are.
        names: of the two intervals, thick and thin.

    Returns:
        Figure. The first row is on top.
    """
    figure, axis = plt.subplots(figsize=(7.0, 0.36 * len(rows) + 1.1), layout="constrained")
    first = next((place for place, row in enumerate(rows.values()) if row[1] is not None), None)
    for place, (mean, thick, thin) in enumerate(rows.values()):
        labels = names[0] if place == first else None, names[1] if place == 0 else None
        if thick is not None:
            axis.plot(thick, [place - 0.12] * 2, color=COLOURS[0], linewidth=4, label=labels[0])
        axis.plot(thin, [place + 0.18] * 2, "--", color=COLOURS[1], linewidth=1.5, label=labels[1])
        axis.plot(mean, place - 0.12, "o", color="black", markersize=5)
    axis.set(xlabel=xlabel, ylim=(len(rows) - 0.4, -0.6))
    axis.set_yticks(range(len(rows)), list(rows))
    axis.grid(axis="x", alpha=0.3)
    figure.legend(loc="outside upper right", ncols=2, frameon=False)
    return figure


def plot_spread(panels, *, marks, xlabel, bins=30):
    """Draw how simulated scores spread, in panels below each other on one axis, with marked values.

    Args:
        panels: dict from title to (n,) scores.
        marks: dict from a name to a value, drawn as vertical lines in all panels.
        xlabel: what the scores are.
        bins: number of bars over the whole range.

    Returns:
        Figure.
    """
    values = np.concatenate([np.asarray(scores, dtype=float) for scores in panels.values()])
    edges = np.linspace(values.min(), values.max(), bins + 1)
    figure, axes = plt.subplots(
        len(panels),
        1,
        figsize=(6.4, 1.6 * len(panels) + 0.6),
        sharex=True,
        layout="constrained",
        squeeze=False,
    )
    for axis, (title, scores) in zip(axes[:, 0], panels.items(), strict=True):
        axis.hist(scores, bins=edges, weights=np.full(len(scores), 1 / len(scores)), color="0.7")
        for i, (name, value) in enumerate(marks.items()):
            axis.axvline(value, color=COLOURS[i], linestyle=("-", "--", ":")[i % 3], label=name)
        axis.set(ylabel="share")
        axis.set_title(title, fontsize=10)
    axes[0, 0].legend(frameon=False, fontsize=8)
    axes[-1, 0].set_xlabel(xlabel)
    return figure
