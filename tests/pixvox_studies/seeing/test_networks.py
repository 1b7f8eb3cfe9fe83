"""The networks that are explained, and what they are asked about, in both profiles."""

import keras
import numpy as np
import pytest
from keras import layers
from support.bright_net import SIZE, bright_net
from support.made_up import keys_of

from pixvox.datasets import store
from pixvox.explain.filters import feature_maps
from pixvox.models.pets import build_pets_better
from pixvox_studies.seeing import networks
from pixvox_studies.seeing.layers import ASKED, FILTERS


def test_pictures_to_train_on_are_others_for_each_seed_and_never_those_that_are_asked_about(sample):
    asked = keys_of(networks.shown().pictures)
    first, second = (keys_of(networks.training_pictures(seed)[0]) for seed in (0, 1))
    assert len(asked) == len(first) == len(second) == 8 and len(asked | first | second) == 24
    assert networks.shown().parts.shape == networks.shown().pictures.shape[:3] == (8, *SIZE)


def test_a_widened_network_has_the_same_weights_and_is_twice_as_wide(sample):
    net = bright_net()
    wide = networks.widened(net)
    assert wide.input_shape == (None, SIZE[0], 2 * SIZE[1], 3)
    assert all(map(np.array_equal, wide.get_weights(), net.get_weights()))
    pictures = networks.shown().pictures.astype(np.float32)
    twice = np.concatenate([pictures, pictures], axis=2)  # has the same mean
    np.testing.assert_allclose(wide.predict(twice, verbose=0), net.predict(pictures, verbose=0), rtol=1e-5)


def test_a_cat_and_a_dog_stand_side_by_side_in_turns(sample):
    pictures, dog_left = networks.side_by_side()
    shown, labels, _ = networks.shown()
    cats, dogs = shown[labels == 0], shown[labels == 1]
    assert pictures.shape == (4, SIZE[0], 2 * SIZE[1], 3) and dog_left.tolist() == [False, True, False, True]
    for number, picture in enumerate(pictures):
        left, right = picture[:, : SIZE[1]], picture[:, SIZE[1] :]
        dog, cat = (left, right) if dog_left[number] else (right, left)
        assert np.array_equal(dog, dogs[number]) and np.array_equal(cat, cats[number])


def test_without_as_many_dogs_as_cats_some_stay_alone(sample, monkeypatch):
    shown = networks.shown()
    monkeypatch.setattr(networks, "shown", lambda: networks.Shown(shown.pictures[:5], shown.labels[:5], None))
    assert len(networks.side_by_side()[0]) == 2


def small_net(image_size, **changes):
    inputs = layers.Input((*image_size, 3))
    scale = layers.Rescaling(1 / 255)
    return keras.Sequential([inputs, scale, layers.GlobalAveragePooling2D(), layers.Dense(1, "sigmoid")])


def test_training_learns_and_a_seed_repeats_it(monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(networks, "build_pets_better", small_net)
    labels = np.arange(40) % 2
    pictures = np.random.default_rng(0).integers(0, 100, (40, 12, 16, 3)) + 150 * labels[:, None, None, None]
    first, again, other = (networks.train(pictures, labels, seed=seed, epochs=3) for seed in (3, 3, 4))
    assert first.input_shape == (None, 12, 16, 3)
    assert int(first.optimizer.iterations) == 3 * 2  # batches of 32
    assert all(map(np.array_equal, first.get_weights(), again.get_weights()))
    assert not any(map(np.array_equal, first.get_weights(), other.get_weights()))
    longer = networks.train(pictures, labels, seed=3, epochs=15)
    loss = [net.evaluate(pictures / 1.0, labels, verbose=0)[0] for net in (first, longer)]
    assert loss[1] < loss[0]


def test_the_samples_network_is_the_lessons(monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    net = networks.build((64, 64), weights="trained")
    assert net.count_params() == build_pets_better().count_params() == 835_233
    names = [layer.name for layer in net.layers]
    assert "augment" in names and "light" not in names and networks.FINER["sample"] in names
    assert net.get_layer("augment").rotation_degrees == 15


@pytest.mark.parametrize("profile", store.PROFILES)
def test_the_layers_that_are_asked_are_there(profile, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    net = networks.build((64, 64), weights=None)
    maps = feature_maps(net, np.zeros((1, 64, 64, 3)))
    asked, finer = ASKED[profile], networks.FINER[profile]
    assert list(asked) == [name for name in maps if name in asked]  # by depth
    assert all(maps[name].shape[-1] >= FILTERS and not name.endswith("relu") for name in asked)
    last = [found for found in maps.values() if found.shape[1] > 1][-1]
    assert maps[finer].shape[1] > last.shape[1]


def test_photographs_are_some_of_each_class_and_the_same_for_every_seed(full):
    (fit, fit_labels), _, (test, test_labels) = full
    shown = networks.shown()
    assert shown.parts is None and np.bincount(shown.labels).tolist() == [6, 6]
    places = [int(np.flatnonzero((test == one).all(axis=(1, 2, 3)))[0]) for one in shown.pictures]
    assert test_labels[places].tolist() == shown.labels.tolist() and len(set(places)) == 12
    for seed in (0, 3):
        pictures, labels = networks.training_pictures(seed)
        assert np.array_equal(pictures, fit) and np.array_equal(labels, fit_labels)


def test_a_base_for_photographs_lies_in_a_network_in_a_network_and_gets_minus_1_to_1(full):
    net = networks.build((32, 48), weights="trained")
    inside = net.get_layer("transfer_better")
    (base,) = (layer for layer in inside.layers if isinstance(layer, keras.Model))
    assert net.input_shape == (None, 32, 48, 3) and net.output_shape == (None, 1)
    assert np.array_equal(base.get_layer("conv_pw_1").get_weights()[0][0, 0], np.eye(3))
    scaled = net.get_layer("scale")(np.array([0.0, 127.5, 255.0]).reshape(1, 1, 3, 1))
    np.testing.assert_allclose(np.ravel(scaled), [-1, 0, 1], atol=1e-6)
    frozen = {layer.name for layer in base.layers if layer.weights and not layer.trainable}
    assert frozen == {"conv_pw_1_bn", "conv_pw_11_bn"}
    others = networks.build((32, 48), weights=None).get_layer("transfer_better")
    (base,) = (layer for layer in others.layers if isinstance(layer, keras.Model))
    assert not np.array_equal(base.get_layer("conv_pw_1").get_weights()[0][0, 0], np.eye(3))


def test_photographs_are_learnt_base_and_all_and_widened(full):
    net = networks.trained(0)
    base = next(layer for layer in net.get_layer("transfer_better").layers if isinstance(layer, keras.Model))
    assert not np.array_equal(base.get_layer("conv_pw_1").get_weights()[0][0, 0], np.eye(3))  # it moved
    assert int(net.optimizer.iterations) == 2  # 24 pictures in batches of 20
    assert networks.trained(0) is net
    wide = networks.widened(net)
    assert wide.input_shape == (None, 32, 96, 3)
    assert all(map(np.array_equal, wide.get_weights(), net.get_weights()))


def test_the_lessons_network_is_ours_with_little_augmentation():
    net = build_pets_better(image_size=(64, 64), **networks.CHANGES)
    names = [layer.name for layer in net.layers]
    assert net.count_params() == 835_233 and "augment" in names and "light" not in names
    assert net.get_layer("augment").rotation_degrees == 15
