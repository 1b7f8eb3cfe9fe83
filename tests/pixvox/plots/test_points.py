"""Maps of many pictures: points and pictures lie where they should."""

import numpy as np

from pixvox.plots.points import plot_pictures_at, plot_points


def test_a_panel_a_map_and_a_marker_a_class_that_occurs():
    points = np.random.default_rng(0).normal(size=(9, 2))
    labels = [0, 0, 0, 2, 2, 2, 2, 2, 2]
    figure = plot_points({"a": points, "b": -points}, labels, ("coat", "bag", "shirt"))
    assert [axis.get_title() for axis in figure.axes] == ["a", "b"]
    drawn = figure.axes[1].collections
    assert [len(one.get_offsets()) for one in drawn] == [3, 6]
    np.testing.assert_allclose(drawn[0].get_offsets(), -points[:3])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["coat", "shirt"]


def test_pictures_lie_where_their_points_are_and_none_covers_another():
    pictures = np.full((3, 4, 2, 1), 100, dtype=np.uint8)
    pictures[1] = 200
    places = [(0, 0), (1, 1), (0, 0)]  # the third lies on the first
    canvas = plot_pictures_at(places, pictures).axes[0].images[0].get_array()
    assert (canvas[-4:, :2] == 100).all() and (canvas[:4, -2:] == 200).all()  # low is down, high is up
    assert (canvas > 0).sum() == 16
