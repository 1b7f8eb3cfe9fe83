"""What a model answers before its last squeeze, against weights multiplied by hand."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from support.spot_net import SIZE, conv_net, pictures, spot_net

from pixvox.explain.forward import class_probabilities, class_scores, find_layer, forward


@pytest.mark.parametrize(
    "last", [layers.Softmax(), layers.Activation("softmax"), layers.Activation("linear")]
)
def test_activation_layers_as_heads_are_squeezes_too(last):
    net = keras.Sequential([layers.Input((*SIZE, 3)), layers.Flatten(), layers.Dense(2, name="logits"), last])
    kernel, bias = net.get_layer("logits").get_weights()
    logits = ops.convert_to_numpy(class_scores(net, pictures()))
    np.testing.assert_allclose(logits, pictures().reshape(3, -1) @ kernel + bias, atol=1e-2)


@pytest.mark.parametrize("units, head", [(1, "sigmoid"), (3, "softmax"), (3, "sigmoid")])
def test_probabilities_are_the_models_own(units, head):
    net = conv_net(units, head)
    own = ops.convert_to_numpy(net(pictures(), training=False))
    own = np.concatenate([1 - own, own], axis=1) if units == 1 else own
    np.testing.assert_allclose(class_probabilities(net, pictures()), own, atol=1e-6)


@pytest.mark.parametrize("units, squeeze", [(1, "sigmoid"), (3, "softmax")])
def test_probabilities_of_logits_are_squeezed(units, squeeze):
    given = (class_probabilities(conv_net(units, head), pictures()) for head in (None, squeeze))
    np.testing.assert_allclose(*given, atol=1e-6)


def test_what_cannot_be_run_is_refused():
    with pytest.raises(ValueError, match="expected a Sequential or functional"):
        forward(lambda x: x, pictures())
    with pytest.raises(ValueError, match="Put the sigmoid in a layer of its own"):
        odd = keras.Sequential([layers.Input((*SIZE, 3)), layers.Conv2D(1, SIZE, activation="sigmoid")])
        class_scores(odd, pictures())


def test_a_layer_is_found_by_its_name_in_inner_models_too():
    assert find_layer(conv_net(inside=True), "conv2").filters == 5
    with pytest.raises(ValueError, match="'red'.*got 'blue'"):
        find_layer(spot_net(), "blue")
    twins = [keras.Sequential([layers.Input((4,)), layers.Dense(4, name="twin")], name=n) for n in "ab"]
    with pytest.raises(ValueError, match="one layer"):
        find_layer(keras.Sequential([layers.Input((4,)), *twins]), "twin")
