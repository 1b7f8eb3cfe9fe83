"""What explanations are tried on: maps that know no model, the planted mark, copies that forget."""

import keras
import numpy as np
import pytest
from keras import layers

from pixvox.explain import trials
from pixvox.explain.scores import pointing_game


def pictures(*size, count=3):
    return np.random.default_rng(0).integers(0, 256, (count, *(size or (12, 16)), 3), dtype=np.uint8)


@pytest.mark.parametrize("heat", [trials.random_pixels, trials.centred])
def test_maps_that_know_no_model_are_as_large_as_the_picture_and_in_0_to_1(heat):
    found = heat(pictures())
    assert found.shape == (3, 12, 16) and found.min() >= 0 and found.max() <= 1


def test_random_heat_is_another_for_each_picture_and_the_same_in_each_call():
    heat = trials.random_pixels(pictures(64, 64))
    assert not np.allclose(heat[0], heat[1]) and np.array_equal(heat, trials.random_pixels(pictures(64, 64)))


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
    moved = trials.plant_mark(blank, opposite=True)
    assert (moved[:, 53:60, 53:60] == trials.MARK_COLOUR).all() and moved.any(axis=-1).sum() == 2 * 49


def test_the_mark_grows_with_the_height_and_keeps_its_distance_from_both_edges():
    wide = np.full((1, 128, 200, 3), 9.0)
    marked, moved = trials.plant_mark(wide), trials.plant_mark(wide, opposite=True)
    assert (marked[:, 8:22, 8:22] == (255, 210, 0)).all() and (marked != 9).any(axis=-1).sum() == 14 * 14
    assert (moved[:, 106:120, 178:192] == (255, 210, 0)).all() and (moved != 9).any(axis=-1).sum() == 14 * 14
    for opposite, picture in ((False, marked), (True, moved)):
        rows, columns = trials.mark_place(wide, opposite=opposite)
        assert (picture[:, rows, columns] != 9).any(axis=-1).sum() == 14 * 14


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


def test_new_weights_are_not_those_that_the_model_began_with():
    """A model of any small seed, which learnt nothing, and its copy that forgets everything."""

    def build():
        return keras.Sequential(
            [layers.Input((12, 12, 3)), layers.Conv2D(4, 3, use_bias=False), layers.Dense(1, use_bias=False)]
        )

    for seed in (0, 1, 49):
        keras.utils.set_random_seed(seed)
        model = build()
        copy, _ = trials.forget_layers(model, 2)
        assert not any(map(np.array_equal, copy.get_weights(), model.get_weights()))
        again, _ = trials.forget_layers(model, 2)
        assert all(map(np.array_equal, copy.get_weights(), again.get_weights()))


@pytest.mark.parametrize("function", [trials.random_pixels, trials.centred, trials.edges, trials.plant_mark])
def test_one_picture_is_not_taken_for_several(function):
    with pytest.raises(ValueError, match=r"got \(12, 16, 3\). One is image\[None\]"):
        function(pictures()[0])


def test_what_is_frozen_or_was_never_trained_is_kept_and_counts_alike():
    def build():
        normal = layers.Normalization()
        normal.adapt(np.arange(90.0).reshape(10, 3, 3, 1))
        stack = [layers.Input((3, 3, 1)), normal, layers.Conv2D(2, 2, name="conv"), layers.Flatten()]
        return keras.Sequential([*stack, layers.Dense(2, name="answer")])

    x = np.random.default_rng(0).uniform(0, 90, (4, 3, 3, 1))
    for frozen in ("none", "conv", "all"):
        model = build()
        (model if frozen == "all" else model.get_layer("conv")).trainable = frozen == "none"
        same, none = trials.forget_layers(model, 0)
        assert none == []
        np.testing.assert_array_equal(same(x), model(x))
        copy, names = trials.forget_layers(model, 1)
        assert names == ["answer"]
        np.testing.assert_array_equal(copy.get_layer("conv").kernel, model.get_layer("conv").kernel)
        assert trials.forget_layers(model, 3)[1] == ["answer", "conv"]
