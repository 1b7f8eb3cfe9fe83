"""Borrowed features: what each way does to them, and that a row is measured on the pictures it says."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from support.made_up import bars

from pixvox.compare import unpack_answers
from pixvox_studies.four_models import borrowed, networks

PARAMETERS = (784 + 1) * 512 + (512 + 1) * 10


@pytest.fixture
def base(monkeypatch):
    """A base whose features are what it is given, averaged to 4x4 places; it takes pictures less 100."""
    loaded = []

    def load(name, *, image_size, weights):
        loaded.append((name, image_size, weights))
        network = keras.Sequential(
            [keras.layers.Input((*image_size, 3)), keras.layers.AveragePooling2D(image_size[0] // 4)]
        )
        return SimpleNamespace(model=network, preprocess_input=lambda large: large - 100)

    def compute(model, pictures, *, image_size, preprocess_input):
        large = np.repeat(np.full((len(pictures), *image_size, 1), pictures[:, :1, :1], np.float32), 3, -1)
        return SimpleNamespace(maps=model.predict(preprocess_input(large), verbose=0))

    monkeypatch.setattr(borrowed, "load_conv_base", load)
    monkeypatch.setattr(borrowed.features, "cached_features", compute)
    return loaded


def flat(value, count=3):
    return np.full((count, 28, 28, 1), value, np.uint8)


@pytest.mark.parametrize(
    "way, side, weights, expected",
    [
        ("scaled once", 150, "trained", 155),
        ("scaled twice", 150, "trained", 1 - 100),
        ("64 pixels", 64, "trained", 155),
        ("150 pixels, averaged to 2x2", 150, "trained", 155),
        ("random weights", 150, None, 155),
    ],
)
def test_a_way_scales_enlarges_and_loads_as_it_says(way, side, weights, expected, base):
    (maps,) = borrowed.compute_maps(borrowed.WAYS[way], [flat(255)], seed=0)
    assert base == [("vgg19", (side, side), weights)]
    assert maps.shape[1:] == ((2, 2, 3) if "2x2" in way else (4, 4, 3))
    np.testing.assert_allclose(maps, expected, rtol=1e-5)


def test_bare_pixels_load_no_base(base):
    (maps,) = borrowed.compute_maps(borrowed.WAYS["pixels"], [flat(51)], seed=0)
    assert base == [] and maps.shape == (3, 28, 28, 1)
    np.testing.assert_allclose(maps, 0.2, rtol=1e-6)


@pytest.mark.parametrize("name", [name for name in borrowed.WAYS if "standardised" in name])
def test_a_standardised_way_is_the_plain_one_brought_to_mean_0_and_deviation_1(name):
    plain, way = borrowed.WAYS[name.removesuffix(", standardised")], borrowed.WAYS[name]
    assert way == plain._replace(standardised=True)


def test_features_are_standardised_by_the_pictures_to_fit():
    rng = np.random.default_rng(0)
    fit, test = (rng.normal(5, 1e-6, (40, 2, 2, 3)) for _ in range(2))
    fit[..., 0] = test[..., 0] = 7  # a feature that says nothing
    mean, spread = fit.mean(axis=0), fit.std(axis=0)
    spread[..., 0] = 1
    found = borrowed.standardise([fit, test])
    np.testing.assert_allclose(found[0], (fit - mean) / spread, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[1], (test - mean) / spread, rtol=1e-5, atol=1e-6)


def test_places_are_averaged_two_by_two():
    maps = np.arange(2 * 4 * 4 * 3).reshape(2, 4, 4, 3)
    found = borrowed.average_places(maps)
    assert found.shape == (2, 2, 2, 3)
    assert found[1, 0, 1, 2] == maps[1, 0:2, 2:4, 2].mean()


def test_the_first_pictures_of_each_part_are_used(monkeypatch, tmp_path):
    monkeypatch.setattr(borrowed, "USED", {"sample": (30, 10, 20)})
    monkeypatch.setattr(borrowed, "HEAD_EPOCHS", 10)
    given, honest = [], borrowed.compute_maps
    monkeypatch.setattr(borrowed, "compute_maps", lambda *a, **b: given.append(a[1]) or honest(*a, **b))
    row = borrowed.measure_borrowed({"way": "pixels"}, 0, tmp_path)
    assert [len(part) for part in given[0]] == [30, 10, 20]
    np.testing.assert_array_equal(given[0][2], bars(20, networks.FRESH_TEST)[0])
    assert row["parameters"] == PARAMETERS and row["test_accuracy"] > 0.5
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["test_accuracy"])
    spread = np.std(given[0][0] / 255, axis=0).mean()
    assert row["feature_spread"] == pytest.approx(spread, rel=1e-4)


def test_random_weights_are_drawn_anew_for_each_seed_and_alike_for_one(monkeypatch):
    monkeypatch.setattr(
        borrowed.features, "cached_features", lambda model, *a, **b: SimpleNamespace(maps=model.get_weights())
    )
    way = borrowed.WAYS["random weights"]
    kernels = [borrowed.compute_maps(way, [flat(0)], seed=seed)[0][0] for seed in (0, 0, 1)]
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert np.abs(kernels[0] - kernels[2]).max() > 0.01
