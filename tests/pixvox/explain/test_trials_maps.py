"""Heat maps that know no model."""

import numpy as np

from pixvox.explain import trials as heat_baselines
from pixvox.explain.scores import pointing_game


def pictures(count=3, size=(12, 16)):
    return np.random.default_rng(0).integers(0, 256, (count, *size, 3), dtype=np.uint8)


def test_shapes_and_ranges():
    for name in ("random_pixels", "random_blobs", "centred"):
        heat = getattr(heat_baselines, name)(pictures())
        assert heat.shape == (3, 12, 16) and heat.min() >= 0 and heat.max() <= 1
    assert heat_baselines.edges(pictures()).shape == (3, 12, 16)


def test_random_heat_is_another_for_each_picture_and_the_same_in_each_call():
    for function in (heat_baselines.random_pixels, heat_baselines.random_blobs):
        heat = function(pictures())
        assert not np.allclose(heat[0], heat[1]) and np.array_equal(heat, function(pictures()))
        assert not np.allclose(heat, function(pictures(), seed=1))


def test_blobs_are_smoother_than_pixels():
    rough, smooth = (
        f(pictures(size=(64, 64))) for f in (heat_baselines.random_pixels, heat_baselines.random_blobs)
    )
    assert np.abs(np.diff(smooth, axis=2)).mean() < 0.2 * np.abs(np.diff(rough, axis=2)).mean()


def test_the_hill_is_in_the_middle():
    middle = np.zeros((3, 12, 16), bool)
    middle[:, 5:7, 7:9] = True
    assert pointing_game(heat_baselines.centred(pictures()), middle).tolist() == [1, 1, 1]


def test_edges_are_where_the_grey_changes():
    image = np.zeros((1, 12, 16, 3))
    image[:, :, 8:] = 255
    sharp = heat_baselines.edges(image, blur=0)[0]
    assert sharp[:, 8].min() == 255 and sharp[:, :8].max() == sharp[:, 9:].max() == 0
    soft = heat_baselines.edges(image)[0]
    assert soft[6].argmax() == 8 and 0 < soft[6, 6] < soft[6, 8]
    assert not heat_baselines.edges(np.full((2, 6, 6, 3), 9.0)).any()
