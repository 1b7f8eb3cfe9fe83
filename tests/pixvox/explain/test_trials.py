"""What explanations are tried on: maps that know no model, the planted mark, copies that forget."""

import keras
import numpy as np
import pytest
from keras import layers

from pixvox.explain import trials
from pixvox.explain.scores import pointing_game


def pictures(*size, count=3):
    return np.random.default_rng(0).integers(0, 256, (count, *(size or (12, 16)), 3), dtype=np.uint8)


@pytest.mark.parametrize("heat", [trials.random_pixels, trials.random_blobs, trials.centred])
def test_maps_that_know_no_model_are_as_large_as_the_picture_and_in_0_to_1(heat):
    found = heat(pictures())
    assert found.shape == (3, 12, 16) and found.min() >= 0 and found.max() <= 1


def test_random_heat_is_another_for_each_picture_the_same_in_each_call_and_blobs_are_smooth():
    x = pictures(64, 64)
    rough, smooth = trials.random_pixels(x), trials.random_blobs(x)
    for heat, function in ((rough, trials.random_pixels), (smooth, trials.random_blobs)):
        assert not np.allclose(heat[0], heat[1]) and np.array_equal(heat, function(x))
    assert np.abs(np.diff(smooth, axis=2)).mean() < 0.2 * np.abs(np.diff(rough, axis=2)).mean()


def test_the_hill_is_in_the_middle():
    middle = np.zeros((3, 12, 16), bool)
    middle[:, 5:7, 7:9] = True
    assert pointing_game(trials.centred(pictures()), middle).tolist() == [1, 1, 1]


def test_edges_are_where_the_grey_changes():
    image = np.zeros((1, 12, 16, 3))
    image[:, :, 8:] = 255
    (heat,) = trials.edges(image)
    assert (heat.argmax(axis=1) == 8).all() and 0 < heat[6, 6] < heat[6, 8]
    assert (trials.edges(image.transpose(0, 2, 1, 3))[0].argmax(axis=0) == 8).all()
    assert not trials.edges(np.full((2, 6, 6, 3), 9.0)).any()


def test_the_mark_is_where_it_should_be_and_nowhere_else():
    blank = np.zeros((2, 64, 64, 3), np.uint8)
    marked = trials.plant_mark(blank)
    assert marked.dtype == np.uint8 and not blank.any()
    assert (marked[:, 4:11, 4:11] == trials.MARK_COLOUR).all() and marked.any(axis=-1).sum() == 2 * 49
    moved = trials.plant_mark(blank, top=53, left=53)
    assert (moved[:, 53:60, 53:60] == trials.MARK_COLOUR).all() and not moved[:, :53].any()


@pytest.mark.parametrize("count, names", [(0, []), (1, ["dog"]), (3, ["dog", "norm2", "conv2"]), (99, None)])
def test_a_copy_forgets_its_last_layers_and_the_model_none(count, names):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            layers.Input((12, 12, 3)),
            layers.Rescaling(1 / 255, name="scale"),
            layers.Conv2D(4, 3, use_bias=False, name="conv1"),
            layers.BatchNormalization(name="norm1"),
            layers.ReLU(name="relu1"),
            layers.Conv2D(4, 3, use_bias=False, name="conv2"),
            layers.BatchNormalization(name="norm2"),
            layers.GlobalAveragePooling2D(name="means"),
            layers.Dropout(0.3, name="drop"),
            layers.Dense(1, activation="sigmoid", name="dog"),
        ]
    )
    for layer in model.layers:
        layer.set_weights([weights + 0.5 for weights in layer.get_weights()])
    before = [weights.copy() for weights in model.get_weights()]
    copy, forgotten = trials.forget_layers(model, count)
    assert all(map(np.array_equal, before, model.get_weights()))
    assert forgotten == (["dog", "norm2", "conv2", "norm1", "conv1"] if names is None else names)
    for layer in copy.layers:
        pairs = zip(layer.get_weights(), model.get_layer(layer.name).get_weights(), strict=True)
        same = [np.array_equal(*pair) for pair in pairs]
        assert not any(same) if layer.name in forgotten else all(same)


def test_the_network_is_built_for_the_pictures_and_a_seed_repeats_its_training(monkeypatch):
    def small(*, image_size):
        inputs = layers.Input((*image_size, 3))
        return keras.Sequential([inputs, layers.GlobalAveragePooling2D(), layers.Dense(1, "sigmoid")])

    monkeypatch.setattr(trials, "build_pets_better", small)
    first, again, other = (
        trials.train_net(pictures(count=8), np.arange(8) % 2, seed=seed, epochs=2) for seed in (3, 3, 4)
    )
    assert first.input_shape == (None, 12, 16, 3) and int(first.optimizer.iterations) == 2
    assert all(map(np.array_equal, first.get_weights(), again.get_weights()))
    assert not any(map(np.array_equal, first.get_weights(), other.get_weights()))
