"""The small VGGs, and the door that gives them or ImageNet's."""

import keras
import numpy as np
import pytest

from pixvox.datasets import imagenet as vgg
from pixvox.datasets import store
from pixvox.models import transfer as models
from pixvox_sketch.zoo import sets as zoo


def count_by_hand(name):
    depth, total = 3, 0
    for count, width in zip(models.VGG_BLOCKS[name], (8, 16, 32, 64, 64), strict=True):
        for _ in range(count):
            total, depth = total + 3 * 3 * depth * width + width, width
    return total


@pytest.mark.parametrize("name", ["vgg16", "vgg19"])
def test_layers_are_named_as_in_keras_applications(name):
    theirs = vgg.build_vgg(name)
    small = models.build_small_vgg(name)
    assert [layer.name for layer in small.layers[1:]] == [layer.name for layer in theirs.layers[1:]]
    for mine, published in zip(small.layers[1:], theirs.layers[1:], strict=True):
        assert type(mine) is type(published)
        if isinstance(mine, keras.layers.Conv2D):
            assert mine.filters * 8 == published.filters
            assert (mine.kernel_size, mine.padding) == ((3, 3), "same")
            assert mine.activation is keras.activations.relu
    assert small.count_params() == count_by_hand(name)
    assert small.output_shape == (None, 2, 2, 64)


def test_with_batch_norm_every_convolution_is_followed_by_one_and_has_no_bias():
    trained = models.build_small_vgg("vgg16", batch_norm=True)
    names = " ".join(layer.name for layer in trained.layers)
    assert (
        "block1_conv1 block1_norm1 block1_relu1 block1_conv2 block1_norm2 block1_relu2 block1_pool" in names
    )
    assert not trained.get_layer("block5_conv3").use_bias


@pytest.mark.parametrize(
    ("name", "shape"), [("vgg13", (64, 64, 3)), ("vgg16", (31, 64, 3)), ("vgg16", (64, 64, 1))]
)
def test_other_networks_and_pictures_are_refused(name, shape):
    with pytest.raises(ValueError, match="expected"):
        models.build_small_vgg(name, input_shape=shape)


def test_pictures_are_scaled_to_one():
    pictures = np.array([[[[0, 255, 51]]]], np.uint8)
    scaled = models.preprocess_small_vgg(pictures)
    assert isinstance(scaled, np.ndarray) and scaled.dtype == np.float32
    np.testing.assert_allclose(scaled.ravel(), [-1, 1, -0.6], atol=1e-6)
    tensor = models.preprocess_small_vgg(keras.ops.convert_to_tensor(pictures))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(tensor), scaled, atol=1e-6)


def test_the_sample_gives_the_small_network_with_the_weights_of_its_file(course):
    saved = models.build_small_vgg("vgg16")
    path = course / "data" / "sample" / "vgg" / "vgg16_notop.weights.h5"
    path.parent.mkdir(parents=True)
    saved.save_weights(path)
    conv_base = models.load_conv_base("vgg16", image_size=(64, 96))
    assert conv_base.preprocess_input is models.preprocess_small_vgg
    assert conv_base.model.output_shape == (None, 2, 3, 64)
    for mine, theirs in zip(conv_base.model.get_weights(), saved.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert list(store.used()) == ["vgg/vgg16_notop.weights.h5"]


def test_random_weights_need_no_file_and_differ(course):
    keras.utils.set_random_seed(0)
    first, second = (models.load_conv_base("vgg19", image_size=(32, 32), weights=None) for _ in range(2))
    assert (first.model.get_weights()[0] != second.model.get_weights()[0]).any()


def test_the_full_profile_gives_imagenets_network_and_preprocessing(course, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    conv_base = models.load_conv_base("vgg16", image_size=(32, 32), weights=None)
    assert conv_base.model.count_params() == 14_714_688
    pixel = np.array([[[[10.0, 20.0, 30.0]]]], np.float32)  # RGB in; BGR without ImageNet's mean out
    expected = np.array([30 - 103.939, 20 - 116.779, 10 - 123.68])
    np.testing.assert_allclose(conv_base.preprocess_input(pixel).ravel(), expected, atol=1e-4)


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_missing_weights_name_the_command(course, monkeypatch, profile):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    with pytest.raises(FileNotFoundError, match="Type `pixvox (fetch|sketch) vgg16`"):
        models.load_conv_base("vgg16", image_size=(32, 32))


def test_another_networks_weights_are_refused(course):
    path = course / "data" / "sample" / "vgg" / "vgg16_notop.weights.h5"
    path.parent.mkdir(parents=True)
    models.build_small_vgg("vgg19").save_weights(path)
    with pytest.raises(ValueError, match="expected the weights of small_vgg16"):
        models.load_conv_base("vgg16", image_size=(32, 32))
    with pytest.raises(ValueError, match="'trained' or None"):
        models.load_conv_base("vgg16", image_size=(32, 32), weights="imagenet")


@pytest.mark.parametrize("name", ["vgg16", "vgg19"])
def test_the_committed_weights_are_whole_small_and_recorded(name):
    import hashlib
    import json

    path = store.ROOT / "data" / "sample" / "vgg" / f"{name}_notop.weights.h5"
    assert path.stat().st_size < 2_000_000
    assert vgg.check_file(path).endswith(f"{count_by_hand(name):,} weights")
    record = json.loads(path.with_name(f"{name}_notop.json").read_text(encoding="utf-8"))
    assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record["validation_accuracy"] > 0.8 and record["kinds"] == list(zoo.KINDS)
