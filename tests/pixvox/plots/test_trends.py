"""Dots and the lines through them."""

import numpy as np
import pandas as pd
import pytest

from pixvox.plots.trends import plot_learning_curve, plot_smoothed


def names_in(legend):
    return [text.get_text() for text in legend.get_texts()]


SMOOTHED = {"training": ([0.5, 0.7], [0.5, 0.54]), "validation": ([0.6, 0.8], [0.6, 0.64])}


def test_raw_values_are_dots_and_smoothed_ones_lines_in_one_colour():
    figure = plot_smoothed(SMOOTHED, xlabel="epoch", ylabel="accuracy", mark=("unfrozen", 2))
    *drawn, mark = figure.axes[0].get_lines()
    for i, (raw, smoothed) in enumerate(SMOOTHED.values()):
        dots, line = drawn[2 * i : 2 * i + 2]
        assert dots.get_xdata().tolist() == [1, 2]
        assert (dots.get_ydata().tolist(), line.get_ydata().tolist()) == (raw, smoothed)
        assert dots.get_color() == line.get_color() and dots.get_linestyle() == "None"
    assert list(mark.get_xdata()) == [2.5, 2.5]
    kinds = [f"{name}, {kind}" for name in SMOOTHED for kind in ("raw", "smoothed")]
    assert names_in(figure.legends[0]) == [*kinds, "unfrozen"]
    assert len(plot_smoothed(SMOOTHED, xlabel="", ylabel="").axes[0].get_lines()) == 4


CURVES = pd.DataFrame(
    {
        "curve": ["P4's"] * 4 + ["ours"] * 4,
        "pictures": [2_000, 500, 500, 2_000] * 2,
        "test_accuracy": [0.7, 0.5, 0.6, 0.8, 0.9, 0.6, 0.62, 0.86],
    }
)


@pytest.mark.parametrize("column", ["network", "route"])
def test_a_learning_curve_has_a_dot_for_each_training_and_a_line_through_the_means(column):
    (axis,) = plot_learning_curve(CURVES.rename(columns={"curve": column})).axes
    posted, posted_dots, ours, ours_dots = axis.get_lines()
    assert posted.get_xdata().tolist() == ours.get_xdata().tolist() == [500, 2_000]
    np.testing.assert_allclose([posted.get_ydata(), ours.get_ydata()], [[0.55, 0.75], [0.61, 0.88]])
    assert sorted(posted_dots.get_ydata()) == [0.5, 0.6, 0.7, 0.8] and len(ours_dots.get_ydata()) == 4
    assert posted.get_color() == posted_dots.get_color() != ours.get_color()
    assert posted.get_linestyle() != ours.get_linestyle()
    assert names_in(axis.get_legend()) == ["P4's", "ours"]


def test_its_axis_counts_pictures_on_a_logarithmic_scale():
    one = CURVES[CURVES["curve"] == "ours"].rename(columns={"curve": "network"})
    (axis,) = plot_learning_curve(one).axes
    assert axis.get_xscale() == "log" and axis.get_legend() is None
    assert [label.get_text() for label in axis.get_xticklabels()] == ["500", "2,000"]
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("training pictures", "test accuracy")
