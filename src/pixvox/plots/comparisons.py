"""Comparisons: accuracies side by side, with their intervals, their gaps, their cost."""

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

from pixvox.plots.basic import COLOURS, LINE_STYLES


def plot_scores(panels, *, highlight=()):
    """Draw scores with their intervals, a panel for each kind of score, methods from top to bottom.

    Args:
        panels: dict from an x label to a dict from a method to (mean, low, high); the same methods in each.
        highlight: names of methods drawn in a second colour and as squares.

    Returns:
        Figure. The first method is on top.
    """
    names = list(next(iter(panels.values())))
    figure, axes = plt.subplots(
        1,
        len(panels),
        figsize=(2.0 + 2.6 * len(panels), 0.3 * len(names) + 1.0),
        sharey=True,
        layout="constrained",
        squeeze=False,
    )
    for axis, (label, scores) in zip(axes[0], panels.items(), strict=True):
        for place, name in enumerate(names):
            mean, low, high = scores[name]
            marked = name in highlight
            axis.plot([low, high], [place] * 2, color=COLOURS[marked], linewidth=2)
            axis.plot(mean, place, "s" if marked else "o", color=COLOURS[marked], markersize=5)
        axis.set(xlabel=label, ylim=(len(names) - 0.5, -0.5))
        axis.set_yticks(range(len(names)), names)
        axis.grid(axis="x", alpha=0.3)
    return figure


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


def plot_by_size(groups, *, xlabel, ylabel):
    """Draw named points over a logarithmic x axis, in groups.

    Args:
        groups: dict from a group's name to a dict from a point's name to (x, y). The first group
            has a line through it.
        xlabel: what x is, with its unit.
        ylabel: what y is, with its unit.

    Returns:
        Figure.
    """
    figure, axis = plt.subplots(figsize=(7.0, 4.0), layout="constrained")
    for i, (group, points) in enumerate(groups.items()):
        x, y = np.array(sorted(points.values())).T
        axis.plot(x, y, "os^D"[i % 4], linestyle="-" if i == 0 else "", color=COLOURS[i], label=group)
        for name, place in points.items():
            offset = (-4, -13) if i == 0 else (4, 5)
            axis.annotate(name, place, xytext=offset, textcoords="offset points", fontsize=8)
    axis.set(xlabel=xlabel, ylabel=ylabel, xscale="log")
    axis.margins(x=0.18, y=0.12)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, loc="upper left")
    return figure


def plot_by_cost(lines, *, xlabel, ylabel, goal):
    """Draw named lines, each with places of its own on the x axis; a line of one point is a mark.

    Args:
        lines: dict from name to ((n,) costs, (n,) values), up to four.
        xlabel: what the cost is, with its unit.
        ylabel: what the values are.
        goal: a pair of a name and a value, drawn as a level line.

    Returns:
        Figure.
    """
    figure, axis = plt.subplots(figsize=(6.6, 3.6), layout="constrained")
    for i, (name, (costs, values)) in enumerate(lines.items()):
        style = {"linestyle": LINE_STYLES[i] if len(costs) > 1 else "none", "marker": "os^D"[i]}
        axis.plot(costs, values, markersize=4, color=COLOURS[i], label=name, **style)
    name, value = goal
    axis.axhline(value, color="0.4", linewidth=1, linestyle=":", label=name)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, loc="lower right")
    return figure


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
