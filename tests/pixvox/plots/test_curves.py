"""Lines and histories: what is drawn, and where."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox.plots.curves import plot_history, plot_lines


def names_in(legend):
    return [text.get_text() for text in legend.get_texts()]


def test_lines_are_told_apart_by_more_than_colour():
    lines = {"first": [1, 10, 100], "second": [2, 3, 4]}
    (axis,) = plot_lines(np.arange(3), lines, xlabel="epoch", ylabel="loss", ylog=True).axes
    assert len({line.get_linestyle() for line in axis.lines}) == 2
    assert [line.get_ydata().tolist() for line in axis.lines] == list(lines.values())
    assert names_in(axis.get_legend()) == ["first", "second"]
    assert (axis.get_xlabel(), axis.get_ylabel(), axis.get_yscale()) == ("epoch", "loss", "log")


def test_many_names_stand_beside_the_lines():
    lines = {f"line {i}": [1, 2, 3] for i in range(3)}
    figure = plot_lines(np.arange(3), lines, xlabel="epoch", ylabel="loss")
    assert len(figure.legends[0].get_texts()) == 3 and figure.axes[0].get_legend() is None


def test_a_history_is_drawn_with_and_without_validation():
    history = {"loss": [2, 1], "accuracy": [0.5, 0.8], "val_loss": [2, 1.5], "val_accuracy": [0.4, 0.6]}
    figure = plot_history(history)
    assert [axis.get_ylabel() for axis in figure.axes] == ["loss", "accuracy"]
    assert [line.get_ydata().tolist() for line in figure.axes[0].lines] == [[2, 1], [2, 1.5]]
    assert figure.axes[0].lines[0].get_xdata().tolist() == [1, 2]
    figure = plot_history({"loss": [2, 1], "accuracy": [0.5, 0.8]})
    assert [len(axis.lines) for axis in figure.axes] == [1, 1]


def test_what_fit_returns_is_a_history_and_one_without_accuracy_is_none():
    history = {"loss": [2.0, 1.0], "accuracy": [0.1, 0.2]}
    loss, accuracy = plot_history(SimpleNamespace(history=history)).axes
    assert [axis.lines[0].get_ydata().tolist() for axis in (loss, accuracy)] == list(history.values())
    with pytest.raises(ValueError, match="expected loss and accuracy in a history, got .'loss', 'binary_acc"):
        plot_history({"loss": [1.0], "binary_accuracy": [0.5]})
