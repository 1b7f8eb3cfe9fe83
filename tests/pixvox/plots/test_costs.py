"""Accuracy against what it costs."""

import numpy as np

from pixvox.plots.costs import plot_by_cost, plot_by_size


def test_points_by_size_have_names_and_a_logarithmic_axis():
    groups = {"dense": {"b": (1000, 0.6), "a": (10, 0.5)}, "conv": {"c": (100, 0.9)}}
    (axis,) = plot_by_size(groups, xlabel="parameters", ylabel="accuracy").axes
    assert axis.get_xscale() == "log" and {text.get_text() for text in axis.texts} == {"a", "b", "c"}
    np.testing.assert_allclose(axis.lines[0].get_xdata(), [10, 1000])
    assert [line.get_linestyle() for line in axis.lines] == ["-", "None"]


def test_lines_by_cost_keep_their_own_places_and_a_single_point_is_a_mark():
    lines = {"ours": ([1, 2], [0.8, 0.9]), "posted": ([4], [0.95])}
    figure = plot_by_cost(lines, xlabel="CPU s", ylabel="accuracy", goal=("goal", 0.93))
    ours, posted, goal = figure.axes[0].lines
    assert ours.get_xdata().tolist() == [1, 2] and posted.get_xdata().tolist() == [4]
    assert posted.get_linestyle() == "None" and posted.get_marker() == "s"
    assert list(goal.get_ydata()) == [0.93, 0.93]
