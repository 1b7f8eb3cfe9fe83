"""The drawn solids, on a few made-up volumes."""

import numpy as np
import pytest
from support.made_up import noise_volumes

from pixvox.compare import unpack_answers
from pixvox_studies.voxels import solids

SHAPES = {"2D along z": (16, 16, 16), "3D": (16, 16, 16, 1), "facing": (24, 24, 1)}


@pytest.mark.parametrize("name", SHAPES)
def test_each_network_gets_what_it_takes(name):
    network, look = solids.build_and_look(name)
    volumes = noise_volumes(2, 0)[0]
    assert network.input_shape[1:] == SHAPES[name] == look(volumes).shape[1:]
    if name == "2D along z":
        np.testing.assert_array_equal(look(volumes), np.moveaxis(volumes, 1, -1))


def test_a_network_is_trained_and_measured_by_class(monkeypatch, tmp_path):
    train, (x_test, _) = noise_volumes(70, 0), noise_volumes(30, 1)
    test = x_test, np.random.default_rng(0).permutation(30) % 10
    network, look = solids.build_and_look("2D along z")
    monkeypatch.setattr(solids, "load_solids", lambda: (train, test))
    monkeypatch.setattr(solids, "build_and_look", lambda name: (network, look))
    monkeypatch.setattr(solids, "EPOCHS", 1)
    row = solids.measure_solids({"network": "2D along z"}, 0, tmp_path)
    assert int(network.optimizer.iterations) == 3  # 70 solids in batches of 32
    answers = network.predict(look(x_test), verbose=0).argmax(axis=1)
    by_class = [(answers == test[1])[test[1] == label].mean() for label in range(10)]
    assert row["class_accuracies"] == pytest.approx(by_class)
    assert row["test_accuracy"] == pytest.approx(np.mean(by_class))
    np.testing.assert_array_equal(unpack_answers(row["test_right"], 30), answers == test[1])
    assert set(row) == {"parameters", "train_accuracy", "test_accuracy", "test_right", "class_accuracies"}
