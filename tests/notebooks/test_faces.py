"""Lesson 04's networks and numbers: by hand, in the builders, in the lesson's cells and in its studies."""

from functools import partial

import keras
import numpy as np
import pytest
from keras import layers
from support import lesson_cells
from support.lesson_cells import architecture

from pixvox.models import faces as models_faces
from pixvox.models.faces import (
    BASE,
    BETTER_BATCH_SIZE,
    BETTER_DECAY,
    BETTER_EPOCHS,
    BETTER_RATE,
    BETTER_SMOOTHING,
    EPOCHS,
    IMAGE_SIZES,
    VARIANTS,
    build_variant,
    settings_of,
)
from pixvox.training import one_cycle

THREES = (9 * 3 * 32 + 32) + (9 * 32 * 32 + 32) + (9 * 32 * 64 + 64)
FIVES = (25 * 3 * 32 + 32) + (25 * 32 * 32 + 32) + (25 * 32 * 64 + 64)
HEAD = 64 + 64 + 1  # biases of the dense layer, and the last unit
VALID = {"kernel_size": 5, "padding": "valid"}
BY_HAND = {  # 100 pixels are pooled to 50, 25, 12; valid: 96, 48; 44, 22; 18, 9
    "base": ({}, THREES + 12 * 12 * 64 * 64 + HEAD),
    "5x5": ({"kernel_size": 5}, FIVES + 12 * 12 * 64 * 64 + HEAD),
    "valid": (VALID, FIVES + 9 * 9 * 64 * 64 + HEAD),
    "leaky": (VALID | {"activation": "leaky"}, FIVES + 9 * 9 * 64 * 64 + HEAD),
    "prelu": (
        VALID | {"activation": "prelu"},
        FIVES + 9 * 9 * 64 * 64 + HEAD + 96 * 96 * 32 + 44 * 44 * 32 + 18 * 18 * 64,
    ),
    "deep": (
        {"kernel_size": 5, "deep": True},
        FIVES + (25 * 64 * 128 + 128) + 6 * 6 * 128 * 128 + 128 + 128 + 1,
    ),
}
OURS = (25 * 3 * 16) + 9 * (16 * 32 + 32 * 64 + 64 * 64 + 64 * 128) + 4 * (16 + 32 + 64 + 64 + 128) + 128 + 1
BUILDERS = {"base": models_faces.build_face_net, "better": models_faces.build_face_better}
SMALL = (36, 40)


assigned = partial(lesson_cells.assigned, "04_age_gap_faces")


def made_up(count):
    """Pictures of noise, every other one bright, and the labels that say so."""
    labels = np.arange(count) % 2
    noise = np.random.default_rng(0).uniform(0, 0.5, (count, *SMALL, 3))
    return (noise + 0.5 * labels[:, None, None, None]).astype(np.float32), labels


@pytest.mark.parametrize("name", BY_HAND)
def test_parameters_are_those_counted_by_hand(name):
    settings, count = BY_HAND[name]
    network = models_faces.build_face_net(**settings)
    assert network.count_params() == count
    assert network.input_shape == (None, 100, 100, 3) and network.output_shape == (None, 1)


def test_our_parameters_are_those_counted_by_hand_and_the_same_at_any_size():
    for size in ((100, 100), (64, 64), (16, 40)):
        network = models_faces.build_face_better(image_size=size)
        assert network.count_params() == OURS and network.output_shape == (None, 1)


def test_the_counts_are_those_in_the_text():
    assert {name: count for name, (_, count) in BY_HAND.items()} == {
        "base": 618_593,
        "5x5": 669_281,
        "valid": 411_233,
        "leaky": 411_233,
        "prelu": 788_833,
        "deep": 874_337,
    }
    assert OURS == 136_177


def test_the_smallest_pictures_fit_all_three_convolutions():
    assert models_faces.build_face_net(image_size=(36, 36), **VALID).get_layer("pool3").output.shape[1:3] == (
        1,
        1,
    )


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


def test_relu_is_in_the_convolutions():
    convolutions = [
        layer for layer in models_faces.build_face_net().layers if isinstance(layer, layers.Conv2D)
    ]
    assert [layer.activation for layer in convolutions] == [keras.activations.relu] * 3


def test_another_activation_is_refused():
    with pytest.raises(ValueError, match="relu, prelu, leaky, came 'tanh'"):
        models_faces.build_face_net(activation="tanh")


@pytest.mark.parametrize("name", BUILDERS)
def test_pictures_change_in_training_only(name):
    keras.utils.set_random_seed(0)
    pictures = np.random.default_rng(0).uniform(size=(4, *SMALL, 3)).astype(np.float32)
    network = BUILDERS[name](image_size=SMALL)
    own = {"base": ["augment"], "better": ["augment", "light"]}[name]
    assert [layer.name for layer in network.layers[: len(own) + 1]] == [*own, "conv1"]
    for layer in network.layers[: len(own)]:
        still, changed = (
            keras.ops.convert_to_numpy(layer(pictures, training=training)) for training in (False, True)
        )
        np.testing.assert_array_equal(still, pictures)
        assert (np.abs(changed - pictures).max(axis=(1, 2, 3)) > 0.01).all()
        assert 0 <= changed.min() and changed.max() <= 1


@pytest.mark.parametrize("name", BUILDERS)
def test_the_loss_falls_and_a_saved_model_gives_the_same_answers(name, tmp_path):
    keras.utils.set_random_seed(0)
    pictures, labels = made_up(24)
    network = BUILDERS[name](image_size=SMALL)
    network.compile("adam", "binary_crossentropy")
    losses = network.fit(pictures, labels, batch_size=8, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < 0.95 * losses[0]
    probabilities = network.predict(pictures, verbose=0)
    assert probabilities.shape == (24, 1) and 0 <= probabilities.min() and probabilities.max() <= 1
    assert probabilities.std() > 0
    network.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(pictures, verbose=0), probabilities)


@pytest.mark.parametrize("activation", ["prelu", "leaky"])
def test_a_saved_model_has_its_slopes(activation, tmp_path):
    pictures, _ = made_up(4)
    network = models_faces.build_face_net(image_size=SMALL, activation=activation)
    for layer in network.layers:
        if isinstance(layer, layers.PReLU):
            layer.set_weights([weights + 0.3 for weights in layer.get_weights()])
    network.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    expected, found = (keras.ops.convert_to_numpy(one(pictures)) for one in (network, loaded))
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("image_size", IMAGE_SIZES.values())
@pytest.mark.parametrize("name", BUILDERS)
def test_the_lesson_shows_the_network_that_the_builder_builds(name, image_size):
    shown = assigned(name, image_size=image_size)
    built = BUILDERS[name](image_size=image_size)
    assert architecture(shown) == architecture(built)
    assert shown.name == built.name and shown.count_params() == built.count_params()
    assert [layer.name for layer in shown.layers] == [layer.name for layer in built.layers]


def test_the_lesson_counts_by_hand_what_the_builders_build():
    given = {name: assigned(name) for name in ("three_by_three", "head", "slopes")}
    by_hand = assigned("by_hand", five_by_five=assigned("five_by_five"), **given)
    names = {
        "base": "base",
        "5x5": "5x5",
        "5x5, valid": "valid",
        "PReLU": "prelu",
        "fourth layer": "deep",
    }
    assert by_hand == {name: BY_HAND[ours][1] for name, ours in names.items()}
    for name, count in by_hand.items():
        assert build_variant(name, image_size=(100, 100)).count_params() == count


def test_the_studies_use_the_numbers_of_the_lesson():
    assert assigned("image_size") == IMAGE_SIZES
    assert assigned("batch_size") == BASE["batch_size"] == BETTER_BATCH_SIZE
    assert assigned("epochs")["full"] == EPOCHS["full"]
    assert set(BETTER_EPOCHS.values()) == {assigned("better_epochs")}
    assert assigned("better_rate") == BETTER_RATE
    assert assigned("weight_decay") == BETTER_DECAY
    assert assigned("smoothing") == BETTER_SMOOTHING


def test_the_lesson_learns_at_the_rate_of_the_study():
    given = {"steps": 101, "better_rate": assigned("better_rate")}
    shown, studied = assigned("learning_rate", **given), one_cycle(101, peak=BETTER_RATE)
    assert type(shown) is type(studied)
    for step in range(102):
        assert float(shown(step)) == pytest.approx(float(studied(step)), abs=1e-9)


def test_the_lesson_compares_variants_that_differ_in_one_setting():
    pairs = assigned("pairs")
    assert {name for pair in pairs.values() for name in pair} == set(VARIANTS)
    for first, second in pairs.values():
        one, other = (settings_of(name) for name in (first, second))
        assert sum(one[key] != other[key] for key in one) == 1, (first, second)


def test_the_lesson_has_a_posted_score_for_each_of_the_nine_variants():
    names = assigned("names")
    assert len(names) == len(set(names)) == len(assigned("posted")["test"]) == 9
    extra = {"ReLU, valid (control)", "batch 8", "batch 32", "batch 64"}
    assert {*names, *extra} == set(VARIANTS) and not extra & set(names)
