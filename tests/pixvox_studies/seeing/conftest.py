"""Made-up pictures and ready networks stand in for drawings, photographs and training."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers
from support import bright_net
from support.bright_pictures import bright_pictures
from support.made_up import draw_animals

from pixvox.datasets import imagenet
from pixvox_studies.seeing import heatmaps, networks
from pixvox_studies.seeing import layers as by_depth

KEPT = (networks.trained, networks.shown, networks.side_by_side, heatmaps._widened, heatmaps.load_kinds)


def forget():
    for function in KEPT:
        function.cache_clear()


@pytest.fixture
def sample(monkeypatch):
    """The sample profile: 8 drawings to train on, 8 to ask about; `net` of a seed is what training gives.

    Under `fits` stand the pictures and labels of each training.
    """
    found = SimpleNamespace(net=lambda seed: bright_net.bright_net(), fits=[])

    def train(pictures, labels, *, seed, epochs):
        found.fits.append((np.array(pictures), np.array(labels)))
        return found.net(seed)

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setitem(networks.SIZES, "sample", bright_net.SIZE)
    monkeypatch.setattr(networks.common, "draw_animals", lambda count, *others: draw_animals(4, *others))
    monkeypatch.setattr(networks, "build_pets_better", lambda image_size, **_: bright_net.build(image_size))
    monkeypatch.setattr(networks, "train", train)
    forget()
    yield found
    forget()


FULL_SIZE = (32, 48)
PHOTOGRAPHS = [bright_pictures(count, seed) for seed, count in enumerate((24, 8, 20))]
PHOTOGRAPHS = [(np.concatenate([x, x[:, :, :16]], axis=2), y) for x, y in PHOTOGRAPHS]  # of that size


def small_base(name, image_size, *, weights="trained"):
    """A convolutional base of the names that are asked for in MobileNet; random weights, or set by hand."""
    inputs = keras.Input((*image_size, 3))
    x = layers.Conv2D(3, 1, use_bias=False, name="conv_pw_1")(inputs)
    x = layers.BatchNormalization(name="conv_pw_1_bn")(x)
    x = layers.ReLU(6, name="conv_pw_1_relu")(x)
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="conv_pw_11")(x)
    x = layers.BatchNormalization(name="conv_pw_11_bn")(x)
    x = layers.ReLU(6, name="conv_pw_11_relu")(x)
    base = keras.Model(inputs, layers.MaxPooling2D(2, name="pool")(x), name=name)
    if weights:
        base.get_layer("conv_pw_1").set_weights([np.eye(3).reshape(1, 1, 3, 3)])
    return imagenet.Network(base, keras.applications.mobilenet.preprocess_input)


@pytest.fixture
def full(monkeypatch):
    """The full profile: photographs that are noise, dogs brighter; a small base for MobileNet; one epoch.

    Of each class 6 photographs are asked about.
    """
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.setitem(networks.SIZES, "full", FULL_SIZE)
    monkeypatch.setattr(networks, "SHOWN", 6)
    for epochs in (networks.EPOCHS, networks.MARKED_EPOCHS, networks.ALONE_EPOCHS):
        monkeypatch.setitem(epochs, "full", 1)
    monkeypatch.setitem(by_depth.ASKED, "full", ("conv_pw_1_bn", "conv_pw_11_bn"))
    monkeypatch.setattr(networks.imagenet, "load_conv_base", small_base)
    monkeypatch.setattr(networks.pets, "load_parts", lambda seed, *, image_size, with_test=True: PHOTOGRAPHS)
    forget()
    yield PHOTOGRAPHS
    forget()
