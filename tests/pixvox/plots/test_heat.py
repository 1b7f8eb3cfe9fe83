"""Heat maps over pictures, and deletion curves."""

import numpy as np

from pixvox.plots.heat import plot_deletion, plot_heatmaps


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
