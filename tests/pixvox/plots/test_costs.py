"""Accuracy against what it costs."""

import numpy as np

from pixvox.plots.costs import plot_by_size


def test_points_by_size_have_names_and_a_logarithmic_axis():
    groups = {"dense": {"b": (1000, 0.6), "a": (10, 0.5)}, "conv": {"c": (100, 0.9)}}
    (axis,) = plot_by_size(groups, xlabel="parameters", ylabel="accuracy").axes
    assert axis.get_xscale() == "log" and {text.get_text() for text in axis.texts} == {"a", "b", "c"}
    np.testing.assert_allclose(axis.lines[0].get_xdata(), [10, 1000])
    assert [line.get_linestyle() for line in axis.lines] == ["-", "None"]
