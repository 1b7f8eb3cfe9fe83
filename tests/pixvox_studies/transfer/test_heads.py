"""What is put on a pretrained base, against counts made by hand."""

import keras
import numpy as np
import pytest

from pixvox.models.heads import unfreeze
from pixvox.models.transfer import build_small_vgg
from pixvox_studies.pets.recipes import AUGMENTATION
from pixvox_studies.transfer import heads


@pytest.fixture(scope="module")
def base():
    return build_small_vgg("vgg16", input_shape=(64, 64, 3))


def test_parameters_are_those_counted_by_hand(base):
    head = heads.build_dense_head((4, 4, 512))
    assert head.count_params() == 8192 * 256 + 256 + 256 + 1 == 2_097_665
    assert heads.build_end_to_end(base).count_params() == 230_568 + 256 * 256 + 256 + 256 + 1
    assert heads.build_transfer_better(base).count_params() == 230_568 + 64 + 1


def test_only_the_head_on_features_has_dropout(base):
    dense_head = heads.build_dense_head((2, 2, 4))
    assert [layer.name for layer in dense_head.layers] == ["flatten", "hidden", "drop", "dog"]
    assert dense_head.get_layer("drop").rate == 0.5
    names = [layer.name for layer in heads.build_end_to_end(base).layers]
    assert names[1:] == ["augment", "small_vgg16", "flatten", "hidden", "dog"]


def test_augmentation_is_p4s_and_ours(base):
    posted = heads.build_end_to_end(base).get_layer("augment").get_config()
    assert {name: posted[name] for name in AUGMENTATION} == AUGMENTATION | {"shift": (0.2, 0.2)}
    own = heads.build_transfer_better(base).get_layer("augment").get_config()
    assert (own["rotation_degrees"], own["zoom"], own["horizontal_flip"]) == (15, 0.25, True)


@pytest.mark.parametrize("build", [heads.build_end_to_end, heads.build_transfer_better])
def test_the_base_is_a_layer_and_no_copy(base, build):
    assert any(layer is base for layer in build(base).layers)


def test_the_posts_thirty_and_four_tensors():
    network = heads.build_end_to_end(build_small_vgg("vgg16", input_shape=(64, 64, 3)))
    assert len(network.trainable_weights) == 30
    network.get_layer("small_vgg16").trainable = False
    assert len(network.trainable_weights) == 4


@pytest.mark.parametrize("build", [heads.build_end_to_end, heads.build_transfer_better])
def test_normalisations_of_the_base_keep_their_averages_though_it_trains(build):
    inputs = keras.Input((8, 8, 3))
    normed = keras.layers.BatchNormalization(name="norm")(keras.layers.Conv2D(3, 1, name="conv")(inputs))
    base = keras.Model(inputs, normed)
    network, x = build(base), np.full((4, 8, 8, 3), 9.0, np.float32)
    unfreeze(base, "conv")
    before = base.get_layer("conv").get_weights()[0]
    network.compile("sgd", "binary_crossentropy")
    network.fit(x, np.arange(4) % 2, verbose=0)
    np.testing.assert_array_equal(base.get_layer("norm").moving_mean, [0, 0, 0])
    assert not np.array_equal(base.get_layer("conv").get_weights()[0], before)
