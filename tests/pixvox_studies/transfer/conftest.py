"""A base of one convolution a block stands in for the others; what is asked for is recorded."""

import keras
import pytest
from support.bright_pictures import PARTS, SIZE

from pixvox.datasets import imagenet, store
from pixvox_studies.pets import recipes as pets
from pixvox_studies.transfer import heads, routes


@pytest.fixture(autouse=True)
def loaded(monkeypatch, tmp_path):
    """Stand in for weights and pictures; record which weights were asked for, and which seeds of pictures."""
    asked = {"weights": [], "pictures": []}

    def load(name, image_size, weights="trained"):
        asked["weights"].append(weights)
        keras.utils.set_random_seed(5 if weights else 6)
        inputs = x = keras.Input((*image_size, 3))
        for block in range(1, 6):
            x = keras.layers.Conv2D(8, 3, padding="same", activation="relu", name=f"block{block}_conv1")(x)
            x = keras.layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        base = keras.Model(inputs, x, name=f"small_{name}")
        return imagenet.Network(base, keras.applications.mobilenet.preprocess_input)

    def load_parts(seed, image_size):
        asked["pictures"].append((seed, image_size))
        return PARTS

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setattr(routes, "load_parts", load_parts)
    monkeypatch.setattr(pets, "load_parts", load_parts)
    monkeypatch.setattr(imagenet, "load_conv_base", load)
    for sizes in (heads.IMAGE_SIZES, heads.END_SIZES):
        monkeypatch.setitem(sizes, "sample", SIZE)
    monkeypatch.setattr(heads, "HEAD_EPOCHS", 1)
    for epochs, count in ((heads.FROZEN_EPOCHS, 2), (heads.TUNING_EPOCHS, 1), (heads.BETTER_EPOCHS, 1)):
        monkeypatch.setitem(epochs, "sample", count)
    return asked


@pytest.fixture
def fits(monkeypatch):
    """Record, for each call of fit, which blocks of the base could train, the rate, the epochs, the rows."""
    calls, honest = [], keras.Model.fit

    def fit(network, x, y, **settings):
        base = [layer for layer in network.layers if layer.name.startswith("small_vgg")]
        paths = [weights.path for one in base for weights in one.trainable_weights]
        blocks = sorted({path.split("/")[-2].split("_")[0] for path in paths})
        calls.append((blocks, float(network.optimizer.learning_rate), settings.get("epochs", 1), len(y)))
        return honest(network, x, y, **settings)

    monkeypatch.setattr(keras.Model, "fit", fit)
    return calls
