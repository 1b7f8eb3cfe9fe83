"""Lesson 07's networks: the planted mark, and copies that forget."""

import keras
import numpy as np
import pytest
from keras import layers

from pixvox.explain import trials as explain_nets


def small_net():
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            layers.Input((12, 12, 3)),
            layers.Rescaling(1 / 255, name="scale"),
            layers.Conv2D(4, 3, use_bias=False, name="conv1"),
            layers.BatchNormalization(name="norm1"),
            layers.ReLU(name="relu1"),
            layers.Conv2D(4, 3, use_bias=False, name="conv2"),
            layers.BatchNormalization(name="norm2"),
            layers.ReLU(name="relu2"),
            layers.GlobalAveragePooling2D(name="means"),
            layers.Dropout(0.3, name="drop"),
            layers.Dense(1, activation="sigmoid", name="dog"),
        ]
    )


def test_the_mark_is_where_it_should_be_and_nowhere_else():
    pictures = np.zeros((2, 64, 64, 3), np.uint8)
    marked = explain_nets.plant_mark(pictures)
    assert marked.dtype == np.uint8 and not pictures.any()
    assert (marked[:, 4:11, 4:11] == explain_nets.MARK_COLOUR).all()
    assert marked.any(axis=-1).sum() == 2 * 49
    moved = explain_nets.plant_mark(pictures, top=53, left=53)
    assert (moved[:, 53:60, 53:60] == explain_nets.MARK_COLOUR).all() and not moved[:, :53].any()


@pytest.mark.parametrize("count, names", [(0, []), (1, ["dog"]), (3, ["dog", "norm2", "conv2"]), (99, None)])
def test_a_copy_forgets_its_last_layers_and_the_model_none(count, names):
    model = small_net()
    for layer in model.layers:
        layer.set_weights([weights + 0.5 for weights in layer.get_weights()])
    before = [weights.copy() for weights in model.get_weights()]
    copy, forgotten = explain_nets.forget_layers(model, count)
    assert all(map(np.array_equal, before, model.get_weights()))
    assert forgotten == (["dog", "norm2", "conv2", "norm1", "conv1"] if names is None else names)
    for layer in copy.layers:
        pairs = zip(layer.get_weights(), model.get_layer(layer.name).get_weights(), strict=True)
        same = [np.array_equal(*pair) for pair in pairs]
        assert not any(same) if layer.name in forgotten else all(same)


def test_the_network_is_trained_as_the_lesson_says(monkeypatch):
    built = []
    build = explain_nets.models_pets.build_pets_better

    def remember(**options):
        built.append((options, build(**options)))
        return built[-1][1]

    monkeypatch.setattr(explain_nets.models_pets, "build_pets_better", remember)
    pictures = np.random.default_rng(0).integers(0, 256, (8, 32, 40, 3), dtype=np.uint8)
    labels = np.arange(8) % 2
    network = explain_nets.train_net(pictures, labels, seed=3, epochs=2)
    assert built[0][0] == {"image_size": (32, 40)} and network is built[0][1]
    assert int(network.optimizer.iterations) == 2 and network.optimizer.weight_decay == explain_nets.DECAY
    assert network.loss.get_config()["label_smoothing"] == explain_nets.SMOOTHING
    again = explain_nets.train_net(pictures, labels, seed=3, epochs=2)
    assert all(map(np.array_equal, network.get_weights(), again.get_weights()))
