"""Maps of layers, and heat maps over pictures."""

import numpy as np
import pytest

from pixvox.plots.heat import plot_heatmaps, plot_layers


def test_heat_is_laid_over_each_picture_on_its_own_scale_and_no_heat_is_drawn_clear():
    rng = np.random.default_rng(0)
    images, heat = rng.uniform(0, 255, (2, 6, 8, 3)), rng.uniform(0, 9, (2, 6, 8))
    heat[1] = 0
    outlines = np.zeros((2, 6, 8), bool)
    outlines[0, 2:4, 2:4] = True
    with np.errstate(all="raise"):
        figure = plot_heatmaps(
            images, {"one map, finer": heat, "two": -heat}, row_titles=["a", "b"], outlines=outlines
        )
    axes = np.array(figure.axes).reshape(2, 3)
    assert [axis.get_title() for axis in axes[0]] == ["picture", "one map,\nfiner", "two"]
    assert [row[0].get_ylabel() for row in axes] == ["a", "b"]
    hot, cold, below = (axis.images[1] for axis in (axes[0, 1], axes[1, 1], axes[0, 2]))
    np.testing.assert_allclose(hot.get_array(), np.minimum(heat[0] / np.percentile(heat[0], 99), 1))
    assert hot.get_alpha().min() < 0.3 < hot.get_alpha().max()
    assert not cold.get_array().any() and not below.get_array().any()
    assert [len(axis.collections) for axis in axes.ravel()] == [1, 1, 1, 0, 0, 0]
    figure.canvas.draw()


def test_a_row_for_each_layer_the_picture_first_and_the_liveliest_maps_beside_it():
    maps = {"relu1": np.zeros((6, 8, 9)), "relu2": np.zeros((3, 4, 2)), "flat": np.full((2, 2, 1), 5.0)}
    maps["relu1"][2, 2, 1], maps["relu1"][2, 2, 2] = 4, 9
    picture = np.random.default_rng(0).uniform(0, 255, (12, 16, 3))
    figure = plot_layers(picture, maps)
    axes = np.array(figure.axes).reshape(3, 7)
    for row in axes:
        assert np.array_equal(row[0].images[0].get_array(), picture.astype(np.uint8))
    assert [axis.images[0].get_array().max() for axis in axes[0, 1:]] == [9, 4, 0, 0, 0, 0]
    assert all(axis.images[0].get_clim() == (0, 9) for axis in axes[0, 1:])  # one scale for a layer
    assert [row[0].get_ylabel() for row in axes] == ["relu1\n6x8x9", "relu2\n3x4x2", "flat\n2x2x1"]
    assert axes[1, 2].images and not axes[1, 3].images  # as many as there are
    assert axes[2, 1].images[0].get_clim() == (5, 6)
    figure.canvas.draw()


def test_pictures_of_0_to_1_are_not_drawn_black():
    rgb = np.random.default_rng(0).integers(0, 256, (1, 6, 8, 3))
    maps = {"conv1": np.zeros((3, 4, 6))}
    for given in (rgb, rgb / 255):
        figures = plot_heatmaps(given, {"heat": np.ones((1, 6, 8))}), plot_layers(given[0], maps)
        for figure in figures:
            np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), rgb[0])


@pytest.mark.parametrize("shape, value", [((1, 3, 4), 1), ((2, 6, 8), 1), ((1, 6, 8), np.nan)])
def test_maps_that_do_not_fit_the_pictures_are_refused(shape, value):
    pictures = np.zeros((1, 6, 8, 3), np.uint8)
    with pytest.raises(ValueError, match=r"expected finite maps for pictures \(1, 6, 8, 3\), got"):
        plot_heatmaps(pictures, {"heat": np.full(shape, value)})
    with pytest.raises(ValueError, match="expected finite maps"):
        plot_heatmaps(pictures, {}, outlines=np.full(shape, value))
