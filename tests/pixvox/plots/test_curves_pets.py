"""Lesson 05's figures: what is drawn, and where."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from pixvox.plots import curves as plots_pets
from pixvox.plots.basic import plot_beside


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_pictures_of_different_sizes_stand_side_by_side_with_their_pixels_counted():
    rng = np.random.default_rng(0)
    pictures = {
        "large": rng.integers(0, 256, (120, 90, 3), dtype=np.uint8),
        "small": rng.uniform(size=(8, 8, 3)),
    }
    figure = plot_beside(pictures)
    assert [axis.get_title() for axis in figure.axes] == ["large", "small"]
    for axis, picture in zip(figure.axes, pictures.values(), strict=True):
        (drawn,) = axis.get_images()
        np.testing.assert_array_equal(drawn.get_array(), picture)
        assert drawn.get_interpolation() == "nearest"
        assert axis.get_xlim() == (-0.5, picture.shape[1] - 0.5)
        assert axis.get_ylim() == (picture.shape[0] - 0.5, -0.5)  # the first row is on top
        for ticks in (axis.get_xticks(), axis.get_yticks()):
            assert 2 <= len(ticks) <= 6 and np.all(np.asarray(ticks) % 1 == 0)


def test_the_scale_is_a_pictures_width_in_inches():
    picture = np.zeros((4, 4, 3))
    for count, scale in ((1, 2.0), (3, 3.0)):
        figure = plot_beside({str(number): picture for number in range(count)}, scale=scale)
        assert len(figure.axes) == count and figure.get_size_inches()[0] == pytest.approx(count * scale)


HISTORIES = {
    "plain": {"accuracy": [0.5, 0.8, 0.95], "val_accuracy": [0.5, 0.6, 0.61], "loss": [3, 2, 1]},
    "remedied": {"accuracy": [0.5, 0.6], "val_accuracy": [0.4, 0.62]},
}


def test_histories_are_drawn_from_epoch_one_on_a_common_scale():
    figure = plots_pets.plot_two_histories(HISTORIES)
    assert [axis.get_title() for axis in figure.axes] == list(HISTORIES)
    for axis, history in zip(figure.axes, HISTORIES.values(), strict=True):
        lines = {line.get_label(): line for line in axis.get_lines()}
        assert list(lines) == ["training", "validation"]
        for label, key in (("training", "accuracy"), ("validation", "val_accuracy")):
            assert list(lines[label].get_ydata()) == history[key]
            assert list(lines[label].get_xdata()) == list(range(1, len(history[key]) + 1))
        assert axis.get_xlabel() == "epoch" and axis.get_ylim() == figure.axes[0].get_ylim()
        assert np.all(np.asarray(axis.get_xticks()) % 1 == 0)
    assert [axis.get_ylabel() for axis in figure.axes] == ["accuracy", ""]


def test_training_and_validation_differ_in_style_and_are_named_once():
    figure = plots_pets.plot_two_histories(HISTORIES)
    for axis in figure.axes:
        looks = {(line.get_linestyle(), line.get_color()) for line in axis.get_lines()}
        assert len(looks) == len({style for style, _ in looks}) == len({colour for _, colour in looks}) == 2
    texts = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert texts == ["training", "validation"] and figure.axes[1].get_legend() is None


def test_one_history_is_enough():
    figure = plots_pets.plot_two_histories({"only": HISTORIES["plain"]})
    (axis,) = figure.axes
    assert axis.get_title() == "only" and axis.get_ylabel() == "accuracy"


CURVE = pd.DataFrame(
    {
        "network": ["P4's"] * 4 + ["ours"] * 4,
        "pictures": [200, 50, 50, 200] * 2,
        "seed": [0, 0, 1, 1] * 2,
        "test_accuracy": [0.7, 0.5, 0.6, 0.8, 0.9, 0.6, 0.62, 0.86],
    }
)


def test_a_learning_curve_has_a_dot_for_each_training_and_a_line_through_the_means():
    (axis,) = plots_pets.plot_learning_curve(CURVE).axes
    lines = [line for line in axis.get_lines() if line.get_linestyle() != "None"]
    dots = [line for line in axis.get_lines() if line.get_linestyle() == "None"]
    assert [line.get_label() for line in lines] == ["P4's", "ours"] and len(dots) == 2
    assert [list(line.get_xdata()) for line in lines] == [[50, 200], [50, 200]]
    np.testing.assert_allclose([line.get_ydata() for line in lines], [[0.55, 0.75], [0.61, 0.88]])
    for line, dot, name in zip(lines, dots, ("P4's", "ours"), strict=True):
        rows = CURVE[CURVE["network"] == name]
        found = sorted(zip(dot.get_xdata(), dot.get_ydata(), strict=True))
        assert found == sorted(zip(rows["pictures"], rows["test_accuracy"], strict=True))
        assert to_rgba(line.get_color()) == to_rgba(dot.get_color())
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert dots[0].get_marker() != dots[1].get_marker() and lines[0].get_color() != lines[1].get_color()


def test_a_learning_curves_axes_count_pictures_on_a_logarithmic_scale():
    table = CURVE.assign(pictures=CURVE["pictures"] * 10)
    (axis,) = plots_pets.plot_learning_curve(table).axes
    assert axis.get_xscale() == "log" and list(axis.get_xticks()) == [500, 2_000]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["500", "2,000"]
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("training pictures", "test accuracy")
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["P4's", "ours"]
    assert len(axis.get_xticks(minor=True)) == 0
