"""The networks that ImageNet taught, or that stand in for them: which are loaded, and from what."""

import keras
import numpy as np
import pytest
from support import mobilenets

from pixvox.datasets import imagenet, store
from pixvox.models.transfer import build_small_vgg
from pixvox_cli import checks

SIZES = {(224, 224): (7, 7), (160, 160): (5, 5), (96, 128): (3, 4), (100, 75): (3, 2), (63, 33): (2, 1)}
BLOCKS = [
    32,
    64,
    128,
    128,
    256,
    256,
    512,
    512,
    512,
    512,
    512,
    512,
    1024,
    1024,
]  # channels; table 1 of the paper


@pytest.fixture
def full(course, monkeypatch):
    """Return the folder of the full profile's MobileNets, with random weights in it."""
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    return course / "data" / "full" / "imagenet"


@pytest.fixture
def base(full):
    """Save a base in the full profile, and return it."""
    full.mkdir(parents=True)
    made = mobilenets.cut(mobilenets.build(imagenet.MOBILENET))
    made.save_weights(full / imagenet.MOBILENET)
    return made


@pytest.fixture
def classifier(full):
    """Save a classifier in the full profile, and return it."""
    full.mkdir(parents=True)
    made = mobilenets.build(imagenet.CLASSIFIER)
    made.save_weights(full / imagenet.CLASSIFIER)
    return made


def put_small_vgg(course, name, built):
    path = course / "data" / "sample" / "vgg" / f"{name}_notop.weights.h5"
    path.parent.mkdir(parents=True)
    saved = build_small_vgg(built)
    saved.save_weights(path)
    return saved


def noise(*shape):
    return np.random.default_rng(7).integers(0, 256, shape, np.uint8)


def layer_by_layer(model, x):
    """Compute what a chain of layers gives for pictures of any size."""
    for layer in model.layers[1:]:
        x = layer(x, training=False) if isinstance(layer, keras.layers.BatchNormalization) else layer(x)
    return keras.ops.convert_to_numpy(x)


# VGG


def test_the_sample_gives_the_small_network_with_the_weights_of_its_file(course):
    saved = put_small_vgg(course, "vgg16", "vgg16")
    conv_base = imagenet.load_conv_base("vgg16", image_size=(64, 96))
    assert conv_base.model.output_shape == (None, 2, 3, 64)
    for mine, theirs in zip(conv_base.model.get_weights(), saved.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert list(store.used()) == ["vgg/vgg16_notop.weights.h5"]


def test_random_weights_need_no_file_and_differ(course):
    keras.utils.set_random_seed(0)
    first, second = (imagenet.load_conv_base("vgg19", (32, 32), weights=None) for _ in range(2))
    assert (first.model.get_weights()[0] != second.model.get_weights()[0]).any()


@pytest.mark.parametrize(("name", "count"), [("vgg16", 14_714_688), ("vgg19", 20_024_384)])
def test_the_full_profile_gives_imagenets_network_and_preprocessing(course, monkeypatch, name, count):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    conv_base = imagenet.load_conv_base(name, (75, 33), weights=None)
    assert conv_base.model.count_params() == count and conv_base.model.output_shape == (None, 2, 1, 512)
    pixel = np.array([[[[10.0, 20.0, 30.0]]]], np.float32)  # RGB in; BGR without ImageNet's mean out
    expected = np.array([30 - 103.939, 20 - 116.779, 10 - 123.68])
    np.testing.assert_allclose(conv_base.preprocess_input(pixel).ravel(), expected, atol=1e-4)


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_missing_weights_name_the_command(course, monkeypatch, profile):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    with pytest.raises(FileNotFoundError, match="Type `pixvox (fetch|sketch) vgg16`"):
        imagenet.load_conv_base("vgg16", image_size=(32, 32))


def test_another_networks_weights_are_refused(course):
    put_small_vgg(course, "vgg16", "vgg19")
    with pytest.raises(ValueError, match="expected the 13 convolutional layers.*Type `pixvox sketch vgg16`"):
        imagenet.load_conv_base("vgg16", image_size=(32, 32))


def test_a_network_of_another_width_is_refused(course, monkeypatch):
    put_small_vgg(course, "vgg16", "vgg16").save_weights(course / "vgg16_notop.weights.h5")
    (course / "data" / "full" / "vgg").mkdir(parents=True)
    (course / "vgg16_notop.weights.h5").rename(course / "data" / "full" / "vgg" / "vgg16_notop.weights.h5")
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    with pytest.raises(ValueError, match="Type `pixvox fetch vgg16`"):
        imagenet.load_conv_base("vgg16", image_size=(32, 32))


@pytest.mark.parametrize(
    ("name", "size", "weights"),
    [
        ("vgg13", (64, 64), None),
        ("vgg16", (31, 64), None),
        ("mobilenet", (64, 31), None),
        ("mobilenet", (64, 64, 3), None),
        ("vgg16", (64, 64), "imagenet"),
    ],
)
def test_other_names_sizes_and_weights_are_refused(course, name, size, weights):
    with pytest.raises(ValueError):
        imagenet.load_conv_base(name, size, weights=weights)


# MobileNet


def count_by_hand(widths, classes=0):
    total = 3 * 3 * 3 * widths[0] + 4 * widths[0]
    for depth, width in zip(widths[:-1], widths[1:], strict=True):
        total += 3 * 3 * depth + 4 * depth + depth * width + 4 * width
    return total + (widths[-1] + 1) * classes


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_a_random_mobilenet_needs_no_file_in_either_profile(course, monkeypatch, profile):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    base = imagenet.load_conv_base("mobilenet", (64, 64), weights=None).model
    assert base.count_params() == count_by_hand(BLOCKS[:-1]) == 2_162_880
    assert base.layers[-1].name == "conv_pw_12_relu" and base.output_shape == (None, 2, 2, 1024)
    norms = [layer.name for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    blocks = [f"conv_{kind}_{number}_bn" for number in range(1, 13) for kind in ("dw", "pw")]
    assert norms == ["conv1_bn", *blocks]
    assert store.used() == {}


@pytest.mark.parametrize(("size", "places"), SIZES.items())
def test_the_convolutions_are_the_same_at_every_size(base, size, places):
    conv_base = imagenet.load_conv_base("mobilenet", size)
    assert conv_base.model.output_shape == (None, *places, 1024)
    pictures = conv_base.preprocess_input(noise(2, 224, 224, 3)[:, : size[0], : size[1]])
    maps = keras.ops.convert_to_numpy(conv_base.model(pictures, training=False))
    np.testing.assert_allclose(maps, layer_by_layer(base, pictures), atol=1e-5)
    assert maps.std() > 1e-3
    assert list(store.used()) == [f"imagenet/{imagenet.MOBILENET}"]


def test_the_classifier_gives_probabilities_of_a_thousand_kinds(classifier):
    network = imagenet.load_classifier()
    widths = [width // 4 for width in BLOCKS]
    assert network.model.count_params() == count_by_hand(widths, classes=1000) == 475_544
    pictures = network.preprocess_input(noise(2, 224, 224, 3))
    probabilities = keras.ops.convert_to_numpy(network.model(pictures))
    assert probabilities.shape == (2, 1000)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    expected = keras.ops.convert_to_numpy(classifier(pictures))
    np.testing.assert_allclose(probabilities, expected, atol=1e-6)
    assert list(store.used()) == [f"imagenet/{imagenet.CLASSIFIER}"]


@pytest.mark.parametrize("name", ["mobilenet", "vgg16"])
def test_pictures_are_scaled_to_one_as_mobilenet_and_the_small_vggs_expect(course, name):
    preprocess = imagenet.load_conv_base(name, (32, 32), weights=None).preprocess_input
    scaled = preprocess(np.array([[[[0, 255, 51]]]], np.uint8))
    assert isinstance(scaled, np.ndarray) and scaled.dtype == np.float32
    np.testing.assert_allclose(scaled.ravel(), [-1, 1, -0.6], atol=1e-6)
    tensor = preprocess(keras.ops.convert_to_tensor([[[[0.0, 255.0, 51.0]]]]))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(tensor), scaled, atol=1e-6)


def load_base():
    return imagenet.load_conv_base("mobilenet", (64, 64))


@pytest.mark.parametrize("load", [load_base, imagenet.load_classifier])
def test_in_the_sample_it_is_said_that_the_full_profile_has_mobilenet(course, load):
    with pytest.raises(FileNotFoundError, match="`pixvox fetch mobilenet`.*PIXVOX_PROFILE=full") as caught:
        load()
    assert "sketch" not in str(caught.value)
    assert "mobilenet" not in checks.names("sample") and "mobilenet" in checks.names("full")


@pytest.mark.parametrize("load", [load_base, imagenet.load_classifier])
def test_in_the_full_profile_missing_and_other_weights_name_the_command(full, load):
    with pytest.raises(FileNotFoundError, match="Type `pixvox fetch mobilenet`"):
        load()
    full.mkdir(parents=True)
    for name in (imagenet.MOBILENET, imagenet.CLASSIFIER):
        build_small_vgg("vgg16").save_weights(full / name)
    with pytest.raises(ValueError, match="convolutional layers of mobilenet.*Type `pixvox fetch mobilenet`"):
        load()
