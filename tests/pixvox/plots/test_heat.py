"""Maps of layers, heat maps over pictures, and what scores them."""

import numpy as np

from pixvox.plots.heat import plot_deletion, plot_heatmaps, plot_layers, plot_scores


def test_heat_is_laid_over_each_picture_on_its_own_scale_and_no_heat_is_drawn_clear():
    rng = np.random.default_rng(0)
    images, heat = rng.uniform(0, 255, (2, 6, 8, 3)), rng.uniform(0, 9, (2, 6, 8))
    heat[1] = 0
    outlines = np.zeros((2, 6, 8), bool)
    outlines[0, 2:4, 2:4] = True
    with np.errstate(all="raise"):
        figure = plot_heatmaps(
            images, {"one map": heat, "two": -heat}, row_titles=["a", "b"], outlines=outlines
        )
    axes = np.array(figure.axes).reshape(2, 3)
    assert [axis.get_title() for axis in axes[0]] == ["picture", "one\nmap", "two"]
    assert [row[0].get_ylabel() for row in axes] == ["a", "b"]
    hot, cold, below = (axis.images[1] for axis in (axes[0, 1], axes[1, 1], axes[0, 2]))
    np.testing.assert_allclose(hot.get_array(), np.minimum(heat[0] / np.percentile(heat[0], 99), 1))
    assert hot.get_alpha().min() < 0.3 < hot.get_alpha().max()
    assert not cold.get_array().any() and not below.get_array().any()
    assert [len(axis.collections) for axis in axes.ravel()] == [1, 1, 1, 0, 0, 0]
    figure.canvas.draw()


def test_deletion_curves_are_means_over_the_pictures():
    curves = {"a": np.array([[1, 0.5, 0], [0.5, 0.5, 0.5]]), "b": np.ones((2, 3))}
    (axis,) = plot_deletion([0, 0.5, 1], curves).axes
    np.testing.assert_allclose(axis.get_lines()[0].get_ydata(), [0.75, 0.5, 0.25])
    assert "removed" in axis.get_xlabel() and axis.get_ylabel() == "probability of the answer"


def test_a_row_of_maps_for_each_layer_the_liveliest_first():
    maps = {"relu1": np.zeros((6, 8, 9)), "relu2": np.zeros((3, 4, 2))}
    maps["relu1"][2, 2, 1], maps["relu1"][2, 2, 2] = 4, 9
    figure = plot_layers(maps)
    axes = np.array(figure.axes).reshape(2, 6)
    assert [axis.images[0].get_array().max() for axis in axes[0]] == [9, 4, 0, 0, 0, 0]
    assert axes[0, 0].get_ylabel() == "relu1\n6x8x9" and axes[1, 0].get_ylabel() == "relu2\n3x4x2"
    assert axes[1, 1].images and not axes[1, 2].images
    figure.canvas.draw()


def test_scores_stand_below_each_other_with_their_intervals():
    scores = {"good": (0.8, 0.7, 0.9), "bad": (0.2, 0.1, 0.3)}
    figure = plot_scores({"hits": scores, "deletion": scores}, highlight=["good"])
    first = figure.axes[0]
    assert [axis.get_xlabel() for axis in figure.axes] == ["hits", "deletion"]
    assert [label.get_text() for label in first.get_yticklabels()] == ["good", "bad"]
    drawn = [(*line.get_xdata(), *line.get_ydata()) for line in first.get_lines()[::2]]
    assert drawn == [(0.7, 0.9, 0, 0), (0.1, 0.3, 1, 1)]
    assert [line.get_marker() for line in first.get_lines()[1::2]] == ["s", "o"]
    low, high = first.get_ylim()
    assert low > 1 > 0 > high  # the first is on top
