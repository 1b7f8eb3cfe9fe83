"""The cost of P4's routes, on pictures of 32 pixels."""

import keras
import numpy as np
import pytest

from pixvox_studies.transfer import costs


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Four pictures, two a batch, and three epochs."""
    monkeypatch.setattr(costs, "SIZE", (32, 32))
    monkeypatch.setattr(costs, "PICTURES", 4)
    monkeypatch.setattr(costs, "EPOCHS", 3)
    monkeypatch.setattr(costs.heads, "BATCH_SIZE", 2)


@pytest.mark.parametrize("route", costs.ROUTES)
def test_each_route_is_timed(route, tmp_path):
    assert costs.measure_cost({"route": route}, 0, tmp_path)["seconds_of_30_epochs"] > 0


def test_a_route_is_refused_that_is_none(tmp_path):
    with pytest.raises(ValueError, match="expected one of"):
        costs.measure_cost({"route": "twice"}, 0, tmp_path)


def test_what_is_timed_is_all_epochs_and_the_base_learns_nothing(monkeypatch):
    base = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3)])
    before, timed = base.get_weights(), []

    def fit_timed(network, x, y, **options):
        network.fit(x, y, verbose=0, **options)
        timed.append((x.shape, len(network.trainable_weights), options.get("epochs", 1)))
        return {}, 2.0

    monkeypatch.setattr(costs.common, "fit_timed", fit_timed)
    monkeypatch.setattr(costs.time, "process_time", iter([1.0, 1.5]).__next__)
    pictures = np.random.default_rng(0).uniform(size=(4, 8, 8, 3)).astype(np.float32)
    assert costs.time_features_once(base, pictures, np.arange(4) % 2) == 0.5 + 2
    assert costs.time_end_to_end(base, pictures, np.arange(4) % 2) == 3 * 2
    assert timed == [((4, 6, 6, 2), 4, 3), ((4, 8, 8, 3), 4, 1)]
    for old, new in zip(before, base.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_the_last_block_is_trained_too(monkeypatch):
    trained = []
    monkeypatch.setattr(
        costs.common,
        "fit_timed",
        lambda network, *given, **options: (trained.append(len(network.trainable_weights)), 2.0),
    )
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3))
    pictures = np.zeros((4, 32, 32, 3), np.float32)
    assert costs.ROUTES["last block"](base, pictures, np.arange(4) % 2) == 3 * 2
    assert trained == [2 * 3 + 4]  # three convolutions and two dense layers
