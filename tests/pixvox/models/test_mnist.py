"""The networks of the digits, against counts made by hand."""

import keras
import numpy as np
import pytest
from support.learning import check_learns

from pixvox.models import mnist as models
from pixvox.models.mnist import build_mnist_convnet

COUNTS = {
    "convnet": 3 * 3 * 32 + 32 + 3 * 3 * 32 * 64 + 64 + 2 * (3 * 3 * 64 * 64 + 64) + 64 * 10 + 10,
    "dense": 784 * 117 + 117 + 117 * 10 + 10,
}


def build(name):
    return getattr(models, f"build_mnist_{name}")()


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_those_counted_by_hand(name):
    assert build(name).count_params() == COUNTS[name]


def test_the_convnet_takes_another_activation():
    used = [layer.activation.__name__ for layer in build_mnist_convnet(activation="tanh").layers[:-1:2]]
    assert used == ["tanh"] * 3 + ["tanh"]


@pytest.mark.parametrize("name", COUNTS)
def test_it_learns_and_is_the_same_when_loaded(name, tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(32, 28, 28, 1)).astype(np.float32)
    check_learns(build(name), images, np.arange(32) % 10, tmp_path)
