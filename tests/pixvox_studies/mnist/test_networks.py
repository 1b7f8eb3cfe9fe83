"""The studies of the digits, on a handful of made-up ones."""

import numpy as np
import pytest
from support.made_up import bars, keys_of

from pixvox.compare import unpack_answers
from pixvox.models import mnist as models
from pixvox_studies.mnist import networks


@pytest.fixture(autouse=True)
def few_digits(monkeypatch):
    """400 pictures, of which 113 are trained on; no files are read."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    images, labels = bars(400)
    monkeypatch.setattr(networks, "load_mnist", lambda: ((images, labels), (images[:50], labels[:50])))
    for name in ("EPOCHS", "BETTER_EPOCHS", "ACTIVATION_EPOCHS"):
        monkeypatch.setattr(models, name, {"sample": 1})


def test_the_split_is_scaled_and_held_apart():
    (x_fit, y_fit), (x_val, y_val), (x_test, y_test) = networks.load_split()
    assert (len(x_fit), len(x_val), len(x_test)) == (113, 287, 50)
    assert x_fit.dtype == np.float32 and 0 <= x_fit.min() and x_fit.max() == 1
    assert not keys_of(x_fit) & keys_of(x_val)
    assert abs(np.bincount(y_fit) - 11.3).max() < 1


@pytest.mark.parametrize(
    "name, parameters", [("convnet", 93_322), ("shifts", 93_322), ("dense", 93_025), ("better", 41_882)]
)
def test_every_network_is_measured(name, parameters, tmp_path):
    row = networks.measure_network({"network": name}, 0, tmp_path)
    assert set(row) == {"parameters", "test_accuracy", "test_accuracy_shifted", "test_right"}
    assert row["parameters"] - parameters in (0, 2)  # the state of a generator of shifts
    assert unpack_answers(row["test_right"], 50).mean() == pytest.approx(row["test_accuracy"])


def test_a_seed_repeats(tmp_path):
    rows = [networks.measure_network({"network": "dense"}, 1, tmp_path) for _ in range(2)]
    assert rows[0] == rows[1]


def test_shifted_digits_stand_four_pixels_to_the_right(monkeypatch, tmp_path):
    network, seen = models.build_mnist_dense(), []
    monkeypatch.setitem(networks.BUILDERS, "dense", lambda: network)
    monkeypatch.setattr(network, "fit", lambda *data, **options: None)
    monkeypatch.setattr(network, "evaluate", lambda x, y, **options: seen.append(x) or (0.0, 0.0))
    networks.measure_network({"network": "dense"}, 0, tmp_path)
    plain, shifted = seen
    np.testing.assert_array_equal(shifted, np.roll(plain, 4, axis=2) * (np.arange(28) >= 4)[:, None])


def test_an_activation_is_measured_on_validation_pictures(tmp_path):
    assert set(networks.measure_activation({"activation": "tanh"}, 0, tmp_path)) == {"val_accuracy"}
