"""Figures: what is drawn is what was given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from pixvox.plots import basic as plots
from pixvox.plots.curves import plot_history, plot_lines
from pixvox.plots.maps import plot_maps


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_show_displays_a_png_with_its_alt_text_and_closes_the_figure(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: shown.append((args, kwargs)))
    figure = plot_lines(np.arange(3), {"line": [1, 2, 3]}, xlabel="x", ylabel="y")
    plots.show(figure, alt="a rising line")
    (bundle,), settings = shown[0]
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert settings["metadata"] == {"image/png": {"alt": "a rising line"}} and settings["raw"]
    assert not plt.fignum_exists(figure.number)


def test_the_same_figure_gives_the_same_bytes(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, **kwargs: shown.append(bundle["image/png"]))
    for _ in range(2):
        plots.show(plots.plot_images(np.eye(4)[None]), alt="a diagonal")
    assert shown[0] == shown[1]


def test_show_wants_alt_text():
    with pytest.raises(ValueError, match="alt text"):
        plots.show(plots.plot_images(np.zeros((1, 2, 2))), alt=" ")


@pytest.mark.parametrize("shape", [(7, 5, 5), (7, 5, 5, 1), (7, 5, 5, 3)])
def test_plot_images_draws_every_picture_with_its_title(shape):
    figure = plots.plot_images(np.random.default_rng(0).uniform(size=shape), range(7), columns=4)
    assert isinstance(figure, Figure)
    drawn = [axis for axis in figure.axes if axis.images]
    assert [axis.get_title() for axis in drawn] == [str(i) for i in range(7)]


def test_plot_images_has_one_grey_scale():
    figure = plots.plot_images(np.stack([np.zeros((2, 2)), np.ones((2, 2))]))
    assert [axis.images[0].get_clim() for axis in figure.axes] == [(0, 1), (0, 1)]


def test_plot_maps_shares_one_scale_and_centres_it_for_signed_values():
    figure = plot_maps({"a": np.full((3, 3), -2.0), "b": np.full((2, 2), 1.0)}, cmap="coolwarm", columns=1)
    assert {axis.images[0].get_clim() for axis in figure.axes if axis.images} == {(-2.0, 2.0)}
    figure = plot_maps({"a": np.zeros((3, 3)), "b": np.ones((2, 2))}, picture=np.full((4, 4), 7.0))
    assert [axis.get_title() for axis in figure.axes[:3]] == ["the picture", "a", "b"]
    first = figure.axes[0].images[0]
    assert first.cmap.name == "gray" and first.get_clim() == (7.0, 7.0)
    assert {axis.images[0].get_clim() for axis in figure.axes[1:] if axis.images} == {(0.0, 1.0)}


def test_plot_lines_puts_many_names_beside_the_lines():
    few, many = ({f"line {i}": [1, 2, 3] for i in range(count)} for count in (2, 3))
    figure = plot_lines(np.arange(3), few, xlabel="epoch", ylabel="loss")
    assert len(figure.axes[0].get_legend().get_texts()) == 2 and not figure.legends
    figure = plot_lines(np.arange(3), many, xlabel="epoch", ylabel="loss")
    assert len(figure.legends[0].get_texts()) == 3 and figure.axes[0].get_legend() is None


def test_plot_lines_tells_lines_apart_by_more_than_colour():
    lines = {"first": [1, 10, 100], "second": [2, 3, 4]}
    axis = plot_lines(np.arange(3), lines, xlabel="epoch", ylabel="loss", ylog=True).axes[0]
    assert len({line.get_linestyle() for line in axis.lines}) == 2
    assert [text.get_text() for text in axis.get_legend().texts] == ["first", "second"]
    assert (axis.get_xlabel(), axis.get_ylabel(), axis.get_yscale()) == ("epoch", "loss", "log")


def test_plot_history_with_and_without_validation():
    history = {"loss": [2, 1], "accuracy": [0.5, 0.8], "val_loss": [2, 1.5], "val_accuracy": [0.4, 0.6]}
    figure = plot_history(history)
    assert [len(axis.lines) for axis in figure.axes] == [2, 2]
    assert list(figure.axes[0].lines[0].get_xdata()) == [1, 2]
    figure = plot_history({"loss": [2, 1], "accuracy": [0.5, 0.8]})
    assert [len(axis.lines) for axis in figure.axes] == [1, 1]


def test_plot_confusion_writes_every_count():
    figure = plots.plot_confusion(np.array([[50, 3], [0, 47]]), ["cat", "dog"])
    assert [text.get_text() for text in figure.axes[0].texts] == ["50", "3", "0", "47"]
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == ["cat", "dog"]
