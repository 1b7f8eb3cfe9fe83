"""How much of a base learns, against counts made by hand."""

import keras
import numpy as np
import pytest

from pixvox.models.heads import unfreeze
from pixvox.models.transfer import build_small_vgg


def test_layers_train_from_one_on():
    base = build_small_vgg("vgg16", input_shape=(32, 32, 3))
    for first, tensors in (("block5_conv1", 6), ("block4_conv3", 8), (base.layers[0].name, 26), (None, 0)):
        unfreeze(base, first)
        assert len(base.trainable_weights) == tensors, first
    with pytest.raises(ValueError, match="block6"):
        unfreeze(base, "block6")


def test_normalisations_of_the_base_keep_their_averages_though_it_trains():
    inputs = keras.Input((8, 8, 3))
    normed = keras.layers.BatchNormalization(name="norm")(keras.layers.Conv2D(3, 1, name="conv")(inputs))
    base = keras.Model(inputs, normed)
    network = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1)])
    x = np.full((4, 8, 8, 3), 9.0, np.float32)
    unfreeze(base, "conv")
    before = base.get_layer("conv").get_weights()[0]
    network.compile("sgd", "mse")
    network.fit(x, np.arange(4) % 2, verbose=0)
    np.testing.assert_array_equal(base.get_layer("norm").moving_mean, [0, 0, 0])
    assert not np.array_equal(base.get_layer("conv").get_weights()[0], before)


def test_normalisations_of_a_model_inside_stay_frozen_too():
    stack = [keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization(name="norm")]
    inside = keras.Sequential([keras.Input((8, 8, 3)), keras.Sequential(stack, name="inner")])
    base = keras.Sequential([keras.Input((8, 8, 3)), inside, keras.layers.Conv2D(4, 3, name="top")])
    unfreeze(base, inside.name)
    assert len(base.trainable_weights) == 4  # a kernel and a bias of each convolution
    assert not any("norm" in weight.path for weight in base.trainable_weights)
    unfreeze(base, "top")
    assert len(base.trainable_weights) == 2
