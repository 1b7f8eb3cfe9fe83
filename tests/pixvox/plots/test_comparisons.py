"""Comparisons: rows from top to bottom, marks and intervals where the numbers say."""

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba

from pixvox.plots.comparisons import plot_classes, plot_gaps, plot_intervals, plot_trainings

ROWS = {"one": (0.5, (0.4, 0.6), (0.3, 0.7)), "two": (0.8, (0.75, 0.85), (0.7, 0.9))}


def rows_of(axis):
    """Return the names of the rows; the first is on top, and all are inside."""
    names = [label.get_text() for label in axis.get_yticklabels()]
    low, high = axis.get_ylim()
    assert list(axis.get_yticks()) == list(range(len(names))) and low > len(names) - 1 and high < 0
    return names


def names_in(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def intervals_in(axis, style):
    """Return (low, high, row) of the level lines of a style."""
    lines = [line for line in axis.get_lines() if len(line.get_xdata()) == 2]
    lines = [line for line in lines if line.get_linestyle() == style]
    return [(*line.get_xdata(), round(line.get_ydata()[0])) for line in lines]


def test_a_row_has_a_mean_and_two_intervals_named_once():
    figure = plot_intervals(ROWS, xlabel="accuracy")
    (axis,) = figure.axes
    assert rows_of(axis) == ["one", "two"] and axis.get_xlabel() == "accuracy"
    assert intervals_in(axis, "-") == [(0.4, 0.6, 0), (0.75, 0.85, 1)]
    assert intervals_in(axis, "--") == [(0.3, 0.7, 0), (0.7, 0.9, 1)]
    means = [line for line in axis.get_lines() if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in means] == [0.5, 0.8]
    assert names_in(figure) == ["over seeds", "over pictures"]


def test_the_first_interval_may_be_missing():
    none = {name: (mean, None, thin) for name, (mean, _, thin) in ROWS.items()}
    figure = plot_intervals(none, xlabel="")
    assert intervals_in(figure.axes[0], "-") == [] and names_in(figure) == ["over pictures"]
    figure = plot_intervals(ROWS | {"one": none["one"]}, xlabel="")
    assert {*names_in(figure)} == {"over seeds", "over pictures"}


def test_a_recipe_has_its_means_the_gap_between_and_a_dot_a_seed():
    figure = plot_gaps({"one": ([0.9, 1.0], [0.8, 0.7]), "two": (0.6, 0.5)})
    (axis,) = figure.axes
    assert rows_of(axis) == ["one", "two"] and names_in(figure) == ["training", "fresh"]
    np.testing.assert_allclose([line.get_xdata() for line in axis.get_lines()], [[0.95, 0.75], [0.6, 0.5]])
    places = [marks.get_offsets()[:, 0].tolist() for marks in axis.collections]
    np.testing.assert_allclose(np.concatenate(places), [0.95, 0.9, 1, 0.75, 0.8, 0.7, 0.6, 0.6, 0.5, 0.5])


def test_a_class_is_a_row_with_a_mark_a_network():
    accuracies = {"2D": {"cube": 0.5, "cone": 0.6}, "3D": {"cone": 0.9, "cube": 0.8}}
    figure = plot_classes(accuracies, xlabel="test accuracy")
    first, second = figure.axes[0].get_lines()
    assert rows_of(figure.axes[0]) == ["cube", "cone"] and names_in(figure) == ["2D", "3D"]
    assert list(first.get_xdata()) == [0.5, 0.6] and list(second.get_xdata()) == [0.8, 0.9]
    np.testing.assert_allclose(first.get_ydata(), [-0.11, 0.89])  # beside each other, about the class's row
    np.testing.assert_allclose(second.get_ydata(), [0.11, 1.11])
    assert first.get_marker() != second.get_marker() and first.get_color() != second.get_color()


def test_each_training_is_a_dot_on_each_set_of_pictures():
    table = pd.DataFrame({"variant": ["a", "a", "b"], "few": [0.8, 0.9, 0.7], "many": [0.85, 0.86, 0.75]})
    names = {"few": "few pictures", "many": "many pictures"}
    figure = plot_trainings(table, columns=names, xlabel="accuracy")
    (axis,) = figure.axes
    assert rows_of(axis) == ["a", "b"] and names_in(figure) == list(names.values())
    found = {}
    for dots in axis.collections:
        for x, _ in dots.get_offsets():
            found.setdefault(tuple(dots.get_facecolors()[0]), []).append(round(float(x), 6))
    colours = [tuple(to_rgba(handle.get_color())) for handle in figure.legends[0].legend_handles]
    assert [sorted(found[colour]) for colour in colours] == [[0.7, 0.8, 0.9], [0.75, 0.85, 0.86]]
