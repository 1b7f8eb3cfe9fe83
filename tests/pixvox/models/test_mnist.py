"""The networks of the digits, against counts made by hand."""

import keras
import numpy as np
from support.learning import check_learns

from pixvox.models.mnist import build_mnist_convnet

COUNT = 3 * 3 * 32 + 32 + 3 * 3 * 32 * 64 + 64 + 2 * (3 * 3 * 64 * 64 + 64) + 64 * 10 + 10


def test_parameters_are_those_counted_by_hand():
    assert build_mnist_convnet().count_params() == COUNT


def test_the_convnet_takes_another_activation():
    used = [layer.activation.__name__ for layer in build_mnist_convnet(activation="tanh").layers[:-1:2]]
    assert used == ["tanh"] * 3 + ["tanh"]


def test_it_learns_and_is_the_same_when_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(32, 28, 28, 1)).astype(np.float32)
    check_learns(build_mnist_convnet(), images, np.arange(32) % 10, tmp_path)
