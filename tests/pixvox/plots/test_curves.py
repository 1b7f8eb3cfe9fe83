"""Lesson 06's figures: what is drawn, and where."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from pixvox.plots import curves as plots_transfer

LINES = {"training": ([0.5, 0.7, 0.6], [0.5, 0.54, 0.55]), "validation": ([0.6, 0.6, 0.8], [0.6, 0.6, 0.64])}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_raw_values_are_dots_and_smoothed_ones_lines_in_one_colour():
    figure = plots_transfer.plot_smoothed(LINES, xlabel="epoch", ylabel="accuracy", mark=("unfrozen", 2))
    (axis,) = figure.axes
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("epoch", "accuracy")
    *drawn, mark = axis.get_lines()
    assert len(drawn) == 4
    for i, (raw, smoothed) in enumerate(LINES.values()):
        dots, line = drawn[2 * i : 2 * i + 2]
        np.testing.assert_array_equal(dots.get_xdata(), [1, 2, 3])
        np.testing.assert_array_equal(dots.get_ydata(), raw)
        np.testing.assert_array_equal(line.get_ydata(), smoothed)
        assert dots.get_color() == line.get_color()
        assert dots.get_linestyle() == "None" and dots.get_marker() in "os"
        assert dots.get_alpha() < 1 and line.get_alpha() is None
    assert drawn[1].get_linestyle() != drawn[3].get_linestyle()
    assert list(mark.get_xdata()) == [2.5, 2.5]
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == [f"{name}, {kind}" for name in LINES for kind in ("raw", "smoothed")] + ["unfrozen"]


def test_without_a_mark_none_is_drawn():
    figure = plots_transfer.plot_smoothed(LINES, xlabel="", ylabel="")
    assert len(figure.axes[0].get_lines()) == 4 and len(figure.legends[0].get_texts()) == 4


def test_curves_go_through_the_means_and_each_training_is_a_dot():
    table = pd.DataFrame(
        {
            "route": ["scratch"] * 4 + ["transfer"] * 2,
            "pictures": [1600, 100, 100, 1600, 20, 20],
            "test_accuracy": [0.8, 0.6, 0.62, 0.84, 0.7, 0.72],
        }
    )
    figure = plots_transfer.plot_curves(table, xlabel="pictures", ylabel="accuracy")
    (axis,) = figure.axes
    scratch, scratch_dots, transfer, transfer_dots = axis.get_lines()
    np.testing.assert_allclose(scratch.get_xdata(), [100, 1600])
    np.testing.assert_allclose(scratch.get_ydata(), [0.61, 0.82])
    np.testing.assert_allclose(transfer.get_ydata(), [0.71])
    assert sorted(scratch_dots.get_ydata()) == [0.6, 0.62, 0.8, 0.84]
    assert sorted(transfer_dots.get_ydata()) == [0.7, 0.72]
    assert scratch.get_color() == scratch_dots.get_color() != transfer.get_color()
    assert scratch.get_linestyle() != transfer.get_linestyle()
    assert axis.get_xscale() == "log"
    assert [label.get_text() for label in axis.get_xticklabels()] == ["20", "100", "1,600"]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["scratch", "transfer"]
