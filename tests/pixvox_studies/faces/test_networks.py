"""The networks of the faces, against counts made by hand, and the variants that the post tries."""

import keras
import numpy as np
import pytest
from keras import layers
from support.learning import check_changes, check_learns

from pixvox_studies.faces import networks as models_faces
from pixvox_studies.faces.networks import BASE, VARIANTS, build_variant, settings_of

THREES = (9 * 3 * 32 + 32) + (9 * 32 * 32 + 32) + (9 * 32 * 64 + 64)
FIVES = (25 * 3 * 32 + 32) + (25 * 32 * 32 + 32) + (25 * 32 * 64 + 64)
HEAD = 64 + 64 + 1  # biases of the dense layer, and the last unit
VALID = {"kernel_size": 5, "padding": "valid"}
PRELU = FIVES + 9 * 9 * 64 * 64 + HEAD + 96 * 96 * 32 + 44 * 44 * 32 + 18 * 18 * 64
DEEP = FIVES + (25 * 64 * 128 + 128) + 6 * 6 * 128 * 128 + 128 + 128 + 1
BY_HAND = {  # 100 pixels are pooled to 50, 25, 12; valid: 96, 48; 44, 22; 18, 9
    "base": ({}, THREES + 12 * 12 * 64 * 64 + HEAD, 618_593),
    "5x5": ({"kernel_size": 5}, FIVES + 12 * 12 * 64 * 64 + HEAD, 669_281),
    "valid": (VALID, FIVES + 9 * 9 * 64 * 64 + HEAD, 411_233),
    "leaky": (VALID | {"activation": "leaky"}, FIVES + 9 * 9 * 64 * 64 + HEAD, 411_233),
    "prelu": (VALID | {"activation": "prelu"}, PRELU, 788_833),
    "deep": ({"kernel_size": 5, "deep": True}, DEEP, 874_337),
}
SMALL = (36, 40)


def made_up(count):
    """Pictures of noise, every other one bright, and the labels that say so."""
    labels = np.arange(count) % 2
    noise = np.random.default_rng(0).uniform(0, 0.5, (count, *SMALL, 3))
    return (noise + 0.5 * labels[:, None, None, None]).astype(np.float32), labels


@pytest.mark.parametrize("name", BY_HAND)
def test_parameters_are_those_counted_by_hand(name):
    settings, count, posted = BY_HAND[name]
    network = models_faces.build_face_net(**settings)
    assert network.count_params() == count == posted
    assert network.input_shape == (None, 100, 100, 3) and network.output_shape == (None, 1)


def test_the_smallest_pictures_fit_all_three_convolutions():
    network = models_faces.build_face_net(image_size=(36, 36), **VALID)
    assert network.get_layer("pool3").output.shape[1:3] == (1, 1)


@pytest.mark.parametrize("activation, kind", [("prelu", layers.PReLU), ("leaky", layers.LeakyReLU)])
def test_an_activation_of_its_own_stands_between_convolution_and_pooling(activation, kind):
    plain = models_faces.build_face_net(image_size=SMALL, activation="relu", deep=True).layers
    network = models_faces.build_face_net(image_size=SMALL, activation=activation, deep=True)
    own = [place for place, layer in enumerate(network.layers) if isinstance(layer, kind)]
    assert len(own) == 4
    for place in own:
        before, layer, after = network.layers[place - 1 : place + 2]
        assert isinstance(before, layers.Conv2D) and before.activation is keras.activations.linear
        assert isinstance(after, layers.MaxPooling2D)
        if activation == "prelu":
            assert layer.get_weights()[0].shape == before.output.shape[1:]  # a slope for each place
        else:
            assert layer.negative_slope == 0.001
    others = [layer.name for layer in network.layers if not isinstance(layer, kind)]
    assert others == [layer.name for layer in plain]
    assert network.get_layer("hidden").activation is keras.activations.relu


def test_another_activation_is_refused():
    with pytest.raises(ValueError, match="relu, prelu, leaky, got 'tanh'"):
        models_faces.build_face_net(activation="tanh")


@pytest.mark.parametrize("activation", ["relu", "prelu", "leaky"])
def test_it_changes_pictures_learns_and_is_the_same_when_loaded(activation, tmp_path):
    keras.utils.set_random_seed(0)
    network = models_faces.build_face_net(image_size=SMALL, activation=activation)
    check_changes(network, ["augment"])
    check_learns(network, *made_up(24), tmp_path)


def read_settings(network):
    """Tell from a compiled network what settings it has, without the batch size."""
    kinds = [type(layer).__name__ for layer in network.layers]
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    first = convolutions[0]
    own = {kind for kind in kinds if "ReLU" in kind}
    assert {layer.kernel_size for layer in convolutions} == {first.kernel_size}
    assert {layer.padding for layer in convolutions} == {first.padding}
    assert {layer.activation for layer in convolutions} == {first.activation}
    return {
        "dropout": network.get_layer("drop").rate,
        "optimizer": type(network.optimizer).__name__.lower(),
        "kernel_size": first.kernel_size[0],
        "padding": first.padding,
        "activation": {"PReLU": "prelu", "LeakyReLU": "leaky"}[own.pop()]
        if own
        else first.activation.__name__,
        "deep": len(convolutions) == 4,
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_built_and_compiled_as_it_says(variant):
    settings = settings_of(variant)
    assert list(settings) == list(BASE)
    del settings["batch_size"]
    network = build_variant(variant, image_size=SMALL)
    assert read_settings(network) == settings
    assert network.input_shape == (None, *SMALL, 3) and network.loss == "binary_crossentropy"
