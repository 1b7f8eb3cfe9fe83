"""The studies of the digits, on a handful of made-up ones."""

import json
import os

import keras
import numpy as np
import pytest
from support.learning import check_learns
from support.made_up import bars, keys_of

from pixvox.compare import unpack_answers
from pixvox_studies.mnist import networks
from pixvox_studies.row import measure_row


@pytest.fixture(autouse=True)
def few_digits(monkeypatch):
    """400 pictures, of which 113 are trained on; no files are read."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    images, labels = bars(400)
    monkeypatch.setattr(networks, "load_mnist", lambda: ((images, labels), (images[:50], labels[:50])))
    for name in ("EPOCHS", "ACTIVATION_EPOCHS", "BETTER_EPOCHS"):
        monkeypatch.setattr(networks, name, {"sample": 1})


def test_the_split_is_scaled_and_held_apart():
    (x_fit, y_fit), (x_val, y_val), (x_test, y_test) = networks.load_split()
    assert (len(x_fit), len(x_val), len(x_test)) == (113, 287, 50)
    assert x_fit.dtype == np.float32 and 0 <= x_fit.min() and x_fit.max() == 1
    assert not keys_of(x_fit) & keys_of(x_val)
    assert abs(np.bincount(y_fit) - 11.3).max() < 1


@pytest.mark.parametrize("name", [*networks.BUILDERS, "better"])
def test_every_network_is_measured_and_its_row_is_saved(name, tmp_path):
    run = "pixvox_studies.mnist.networks:measure_network"
    key, failed = measure_row(run, {"network": name}, 0, tmp_path / "row", os.getpid())
    assert not failed
    row = json.loads((tmp_path / "row" / "row.json").read_text())["row"]
    assert unpack_answers(row["test_right"], 50).mean() == pytest.approx(row["test_accuracy"])
    assert {"fit_seconds", "train_accuracy", "test_accuracy_by_2", "test_accuracy_by_4"} <= {*row}


def test_a_seed_repeats(tmp_path):
    rows = [networks.measure_network({"network": "dense"}, 1, tmp_path) for _ in range(2)]
    assert rows[0] | {"fit_seconds": 0} == rows[1] | {"fit_seconds": 0}


def test_shifts_lose_nothing_and_wrap_nothing():
    image = np.zeros((1, 28, 28, 1))
    image[0, 10, 12] = 1
    moved = [
        np.argwhere(networks.shift(image, down=d, right=r)[0, :, :, 0]).tolist() for d, r in networks.WAYS
    ]
    assert moved == [[[10, 13]], [[10, 11]], [[11, 12]], [[9, 12]]]
    edge = networks.shift(np.ones((1, 28, 28, 1)), down=4, right=0)
    assert not edge[:, :4].any() and edge[:, 4:].all()


def test_the_scrambled_network_sees_the_pixels_in_another_order():
    image = np.random.default_rng(1).uniform(size=(1, 28, 28, 1)).astype(np.float32)
    scrambled, plain = networks.build_scrambled(), networks.build_mnist_convnet()
    seen = keras.Model(scrambled.inputs, scrambled.layers[2].output).predict(image, verbose=0)
    np.testing.assert_array_equal(np.sort(seen[:, :26, :26].ravel()), np.sort(image[:, :26, :26].ravel()))
    np.testing.assert_array_equal(seen[:, 26:], image[:, 26:])  # what the network never sees
    assert np.mean(seen == image) < 0.2
    plain.set_weights(scrambled.get_weights())
    wanted = plain.predict(seen, verbose=0)
    np.testing.assert_allclose(scrambled.predict(image, verbose=0), wanted, rtol=1e-5)
    other = image.copy()
    other[:, 26:] = 0
    np.testing.assert_allclose(plain.predict(other, verbose=0), plain.predict(image, verbose=0), rtol=1e-5)


def test_without_its_hidden_layer_the_convnet_keeps_all_else():
    plain, without = networks.build_mnist_convnet(), networks.build_no_hidden()
    assert [layer.name for layer in without.layers[:-1]] == [layer.name for layer in plain.layers[:-2]]
    assert without.count_params() == 93_322 - (576 * 64 + 64) - (64 * 10 + 10) + 576 * 10 + 10 == 61_514


def test_a_digit_that_moves_by_the_whole_step_changes_nothing_where_nothing_leaves_the_maps():
    image = np.zeros((1, 28, 28, 1), np.float32)
    image[0, 8:16, 8:16, 0] = np.random.default_rng(1).uniform(size=(8, 8))
    moved = networks.shift(image, down=0, right=4)
    apart = {
        name: np.ptp(
            networks.BUILDERS[name]().predict(np.concatenate([image, moved]), verbose=0), axis=0
        ).max()
        for name in ("pooled", "framed", "convnet")
    }
    assert apart["framed"] < 1e-6 < min(apart["pooled"], apart["convnet"])


PARAMETERS = {  # 16, 32 and 160 channels with sides 5, 3 and 3; the shift layer has a seed of 2 numbers
    "nothing": 5 * 5 * 16 + 3 * 3 * 16 * 32 + 3 * 3 * 32 * 160 + 4 * (16 + 32 + 160) + 9 * 160 * 10 + 10,
    "normalisation": 5 * 5 * 16 + 3 * 3 * 16 * 32 + 3 * 3 * 32 * 160 + (16 + 32 + 160) + 9 * 160 * 10 + 10,
    "channels": 93_322 + 3 * (32 + 64 + 64),
}


@pytest.mark.parametrize("without", networks.CHANGES)
def test_our_network_is_measured_without_each_of_its_changes(without, tmp_path):
    row = networks.measure_recipe({"without": without}, 0, tmp_path)
    assert row["parameters"] - PARAMETERS.get(without, PARAMETERS["nothing"]) in (0, 2)


def test_an_activation_is_measured_on_validation_pictures(tmp_path):
    assert set(networks.measure_activation({"activation": "tanh"}, 0, tmp_path)) == {"val_accuracy"}


def test_the_dense_network_has_the_parameters_counted_by_hand_and_learns(tmp_path):
    keras.utils.set_random_seed(0)
    network = networks.build_mnist_dense()
    assert network.count_params() == 784 * 117 + 117 + 117 * 10 + 10
    images = np.random.default_rng(0).uniform(size=(32, 28, 28, 1)).astype(np.float32)
    check_learns(network, images, np.arange(32) % 10, tmp_path)


COUNT = 3 * 3 * 32 + 32 + 3 * 3 * 32 * 64 + 64 + 2 * (3 * 3 * 64 * 64 + 64) + 64 * 10 + 10


def test_the_convnet_has_the_parameters_counted_by_hand():
    assert networks.build_mnist_convnet().count_params() == COUNT


def test_the_convnet_takes_another_activation():
    used = [
        layer.activation.__name__ for layer in networks.build_mnist_convnet(activation="tanh").layers[:-1:2]
    ]
    assert used == ["tanh"] * 3 + ["tanh"]


def test_the_convnet_learns_and_is_the_same_when_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(32, 28, 28, 1)).astype(np.float32)
    check_learns(networks.build_mnist_convnet(), images, np.arange(32) % 10, tmp_path)
