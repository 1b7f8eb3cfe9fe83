"""Running averages that are estimated again, against NumPy and against the training they come after."""

import keras
import numpy as np
import pytest

from pixvox.compare import unpack_answers
from pixvox_studies.four_models import averages, networks

BATCH_SIZE, MOMENTUM = 4, 0.99


@pytest.fixture
def normalised():
    """Return a network with normalisation before and after a dense layer, and ten rows of 3 numbers."""
    keras.utils.set_random_seed(0)
    norms = [keras.layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-9) for _ in range(2)]
    network = keras.Sequential([keras.layers.Input((3,)), norms[0], keras.layers.Dense(2), norms[1]])
    return network, np.random.default_rng(0).normal(3, 2, (10, 3)).astype(np.float32)


def test_averages_become_the_plain_means_over_batches(normalised):
    network, x = normalised
    averages.reestimate_averages(network, x, batch_size=BATCH_SIZE)
    first, dense, second = network.layers
    batches = [x[start : start + BATCH_SIZE] for start in (0, 4, 8)]
    scaled = [(batch - batch.mean(axis=0)) / batch.std(axis=0) for batch in batches]
    sums = [batch @ np.array(dense.kernel) for batch in scaled]
    for layer, seen in ((first, batches), (second, sums)):
        means, variances = (
            np.mean([by(batch, axis=0) for batch in seen], axis=0) for by in (np.mean, np.var)
        )
        np.testing.assert_allclose(layer.moving_mean, means, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(layer.moving_variance, variances, rtol=1e-3)


def test_no_weight_is_trained_and_momenta_are_put_back(normalised):
    network, x = normalised
    before = [np.array(weight) for weight in network.trainable_weights]
    averages.reestimate_averages(network, x, batch_size=BATCH_SIZE)
    for weight, was in zip(network.trainable_weights, before, strict=True):
        np.testing.assert_array_equal(weight, was)
    assert [layer.momentum for layer in network.layers[::2]] == [MOMENTUM] * 2


def test_the_training_is_the_first_of_the_arms(tmp_path, start):
    row = averages.measure_averages({"network": "one conv"}, 0, start(tmp_path / "averages"))
    arm = networks.measure_arm({"network": "one conv", "arm": "plain"}, 0, start(tmp_path / "arm"))
    assert row["test_accuracy"] == pytest.approx(arm["test_accuracy_first"])
    assert row["val_accuracy"] == pytest.approx(arm["val_accuracy"][0]) and row["batches"] == 2
    for accuracy, right in (("", "_first"), ("_reestimated", "")):
        share = unpack_answers(row[f"test_right{right}"], 20).mean()
        assert share == pytest.approx(row[f"test_accuracy{accuracy}"])


def test_averages_that_lag_behind_are_repaired(tmp_path, start):
    """One epoch of two batches leaves .99 ** 2 of the first averages; the made-up bars are easy."""
    row = averages.measure_averages({"network": "one conv"}, 0, start(tmp_path))
    assert row["test_accuracy_reestimated"] > row["test_accuracy"]


def test_a_network_without_normalisation_scores_the_same_twice(tmp_path, start):
    row = averages.measure_averages({"network": "three conv"}, 0, start(tmp_path))
    assert row["test_right"] == row["test_right_first"]
    assert row["test_accuracy"] == row["test_accuracy_reestimated"]
    assert row["val_accuracy"] == row["val_accuracy_reestimated"]
