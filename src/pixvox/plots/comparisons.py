"""Comparisons: recipes or networks from top to bottom, and what they reach from left to right."""

import numpy as np

from pixvox.plots.basic import COLOURS, MARKERS, make_figure


def plot_trainings(table, *, columns, xlabel):
    """Draw each training of each variant as a dot, on several sets of pictures side by side.

    Args:
        table: DataFrame with a row a training: variant, and the columns named; the first variant is on top.
        columns: dict from a column of numbers to its name in the legend.
        xlabel: what the numbers are.
    """
    import seaborn as sns

    tidy = table.rename(columns=columns).melt("variant", list(columns.values()), "pictures", "accuracy")
    figure, (axis,) = make_figure(7.0, 0.36 * tidy["variant"].nunique() + 1.1)
    look = {"dodge": True, "jitter": False, "size": 4.5, "palette": COLOURS[: len(columns)]}
    sns.stripplot(tidy, x="accuracy", y="variant", hue="pictures", ax=axis, **look)
    axis.set(xlabel=xlabel, ylabel="")
    axis.grid(axis="x", alpha=0.3)
    axis.get_legend().remove()
    figure.legend(
        *axis.get_legend_handles_labels(), loc="outside upper right", ncols=len(columns), frameon=False
    )
    return figure


def plot_intervals(rows, *, xlabel):
    """Draw a mean a row with two intervals: a thick line, over seeds, and a thin one, over pictures.

    Args:
        rows: dict from a row's name to (mean, (low, high) or None, (low, high)); the first is on top.
        xlabel: what the numbers are.
    """
    figure, (axis,) = make_figure(7.0, 0.36 * len(rows) + 1.1)
    first = next((place for place, row in enumerate(rows.values()) if row[1] is not None), None)
    for place, (mean, thick, thin) in enumerate(rows.values()):
        labels = "over seeds" if place == first else None, "over pictures" if place == 0 else None
        if thick is not None:
            axis.plot(thick, [place - 0.12] * 2, color=COLOURS[0], linewidth=4, label=labels[0])
        axis.plot(thin, [place + 0.18] * 2, "--", color=COLOURS[1], linewidth=1.5, label=labels[1])
        axis.plot(mean, place - 0.12, "o", color="black", markersize=5)
    return _name_rows(figure, rows, xlabel)


def plot_gaps(rows):
    """Draw what recipes reach on training and on fresh pictures: two marks a recipe and the gap between.

    Args:
        rows: dict from a recipe's name to (training, fresh): numbers, or lists with one for each seed. The
            marks are means; small dots are the single numbers. The first recipe is on top.
    """
    figure, (axis,) = make_figure(7.0, 0.42 * len(rows) + 1.0)
    for place, pair in enumerate(rows.values()):
        means = [float(np.mean(values)) for values in pair]
        axis.plot(means, [place, place], color="0.75", linewidth=3, zorder=1)
        for i, (name, values) in enumerate(zip(("training", "fresh"), pair, strict=True)):
            values = np.atleast_1d(values)
            look = {"color": COLOURS[i], "marker": MARKERS[i], "label": name if place == 0 else None}
            axis.scatter(means[i], place, s=55, zorder=3, **look)
            dots = np.full(len(values), place + 0.22)
            axis.scatter(values, dots, color=COLOURS[i], marker=".", s=12, zorder=2)
    return _name_rows(figure, rows, "accuracy")


def plot_classes(lines, *, xlabel):
    """Draw a mark for each class and each of several networks, a class a row.

    Args:
        lines: dict from a network's name, of six at most, to a dict from a class's name to a number; the same
            classes in all, the first on top.
        xlabel: what the numbers are.
    """
    classes = list(next(iter(lines.values())))
    figure, (axis,) = make_figure(6.6, 0.32 * len(classes) + 1.1)
    for i, (name, values) in enumerate(lines.items()):
        places = np.arange(len(classes)) + 0.22 * (i - (len(lines) - 1) / 2)
        look = {"marker": MARKERS[i % 4], "color": COLOURS[i], "linestyle": "", "label": name}
        axis.plot([values[kind] for kind in classes], places, **look)
    return _name_rows(figure, classes, xlabel, columns=len(lines), grid="both")


def _name_rows(figure, names, xlabel, *, columns=2, grid="x"):
    """Name the rows of a figure from top to bottom, and what is drawn above it; return the figure."""
    (axis,) = figure.axes
    axis.grid(axis=grid, alpha=0.3)
    axis.set(xlabel=xlabel, ylim=(len(names) - 0.4, -0.6))
    axis.set_yticks(range(len(names)), list(names))
    figure.legend(loc="outside upper right", ncols=columns, frameon=False)
    return figure
