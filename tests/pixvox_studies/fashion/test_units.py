"""Units that die: they are found where they were killed, and die at a monstrous rate."""

import keras
import numpy as np

from pixvox.models import clothes
from pixvox_studies.fashion import units


def test_units_die_at_a_monstrous_rate_under_relu_only(monkeypatch, tmp_path):
    monkeypatch.setattr(units, "EPOCHS", 2)
    settings = [{"activation": name, "rate": 0.3} for name in ("relu", "leaky")]
    relu, leaky = (units.measure_units(setting, 0, tmp_path) for setting in settings)
    assert relu["dead"] > 0.3 and leaky["dead"] == 0
    assert set(relu) == {"dead", "never_positive", "val_accuracy", "training_accuracy"}


def test_the_largest_outputs_find_the_units_that_were_killed():
    keras.utils.set_random_seed(0)
    network = clothes.build_leaky_convnet(slope=0.0)
    for name, unit in (("conv1", 5), ("dense", 7)):
        kernel, bias = network.get_layer(name).get_weights()
        bias[unit] = -1000
        network.get_layer(name).set_weights([kernel, bias])
    images = np.random.default_rng(0).uniform(size=(40, 28, 28, 1)).astype(np.float32)
    largest = units.largest_outputs(network, images)
    assert largest.shape == (32 + 64 + 128 + 128,)
    assert largest[5] == 0 and largest[32 + 64 + 128 + 7] == 0
    first = np.maximum(keras.ops.convert_to_numpy(network.layers[0](images)), 0).max(axis=(0, 1, 2))
    np.testing.assert_allclose(largest[:32], first, atol=1e-5)
    assert np.count_nonzero(largest[:32] == 0) == 1
