"""Lesson 03's figures: what is drawn, and where."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from pixvox.plots import maps as plots_fashion
from pixvox.plots.comparisons import plot_by_cost, plot_by_size


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_panel_a_map_and_a_marker_a_class_that_occurs():
    points = np.random.default_rng(0).normal(size=(9, 2))
    labels = [0, 0, 0, 2, 2, 2, 2, 2, 2]
    figure = plots_fashion.plot_points({"a": points, "b": -points}, labels, ("coat", "bag", "shirt"))
    assert [axis.get_title() for axis in figure.axes] == ["a", "b"]
    drawn = figure.axes[1].collections
    assert [len(one.get_offsets()) for one in drawn] == [3, 6]
    np.testing.assert_allclose(drawn[0].get_offsets(), -points[:3])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["coat", "shirt"]


def test_pictures_lie_where_their_points_are():
    pictures = np.full((3, 4, 2, 1), 100, dtype=np.uint8)
    pictures[1] = 200
    places = [(0, 0), (1, 1), (0, 0)]  # the third lies on the first
    figure = plots_fashion.plot_pictures_at(places, pictures, side=20)
    canvas = figure.axes[0].images[0].get_array()
    assert canvas.shape == (20, 20)
    assert (canvas[16:, :2] == 100).all() and (canvas[:4, 18:] == 200).all()
    assert (canvas > 0).sum() == 16


def test_panels_share_their_axes():
    lines = {"plain": [0.1, 0.2], "augmented": [0.3, 0.5]}
    figure = plots_fashion.plot_panels(
        [1, 2], {"one": lines, "two": lines}, xlabel="epoch", ylabel="accuracy"
    )
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim()
    np.testing.assert_allclose(figure.axes[1].lines[1].get_ydata(), lines["augmented"])
    assert figure.axes[0].get_ylabel() == "accuracy" and figure.axes[1].get_xlabel() == "epoch"


def test_points_by_size_have_names_and_a_logarithmic_axis():
    groups = {"dense": {"a": (10, 0.5), "b": (1000, 0.6)}, "conv": {"c": (100, 0.9)}}
    figure = plot_by_size(groups, xlabel="parameters", ylabel="accuracy")
    axis = figure.axes[0]
    assert axis.get_xscale() == "log"
    assert {text.get_text() for text in axis.texts} == {"a", "b", "c"}
    np.testing.assert_allclose(axis.lines[0].get_xdata(), [10, 1000])


def test_tables_of_pairs_share_a_scale_and_name_their_classes():
    table = np.array([[np.nan, 0.5], [0.5, np.nan]])
    figure = plots_fashion.plot_pairs({"digits": table, "clothes": table + 0.4})
    shown = [axis.images[0] for axis in figure.axes[:2]]
    assert [image.get_clim() for image in shown] == [(0.5, 0.9)] * 2
    assert shown[0].get_array().mask.tolist() == [[True, False], [False, True]]
    assert list(figure.axes[1].get_xticks()) == [0, 1]


def test_lines_by_cost_keep_their_own_places_and_a_single_point_is_a_mark():
    lines = {"ours": ([1, 2], [0.8, 0.9]), "posted": ([4], [0.95])}
    figure = plot_by_cost(lines, xlabel="CPU s", ylabel="accuracy", goal=("goal", 0.93))
    ours, posted, goal = figure.axes[0].lines
    assert ours.get_xdata().tolist() == [1, 2] and posted.get_xdata().tolist() == [4]
    assert posted.get_linestyle() == "None" and posted.get_marker() == "s"
    assert list(goal.get_ydata()) == [0.93, 0.93]
