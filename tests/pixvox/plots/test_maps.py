"""Arrays as coloured maps: one scale for what is compared."""

import numpy as np

from pixvox.plots.maps import plot_maps


def scales_of(axes):
    return [axis.images[0].get_clim() for axis in axes]


def test_maps_share_one_scale_and_a_picture_has_its_own():
    panels = {"a": np.zeros((3, 3)), "b": np.ones((2, 2))}
    first, *others = plot_maps(panels, picture=np.full((4, 4), 7.0)).axes[:3]
    assert [axis.get_title() for axis in (first, *others)] == ["the picture", "a", "b"]
    assert first.images[0].cmap.name == "gray" and first.images[0].get_clim() == (7, 7)
    assert scales_of(others) == [(0, 1)] * 2


def test_values_of_both_signs_are_centred_on_zero():
    figure = plot_maps({"a": np.full((3, 3), -2.0), "b": np.full((2, 2), 1.0)}, cmap="coolwarm")
    assert scales_of(figure.axes[:2]) == [(-2, 2)] * 2


def test_holes_are_left_out_of_the_scale():
    panels = {"a": np.array([[np.nan, 1.0]]), "b": np.array([[5.0]])}
    assert scales_of(plot_maps(panels).axes[:2]) == [(1, 5)] * 2
