"""What pretrained features are worth, on a handful of pictures."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from pixvox.datasets import store
from pixvox.models import transfer as models
from pixvox_studies.transfer import small_vgg


@pytest.fixture
def few_animals(monkeypatch, tmp_path):
    """Forty pictures in place of 400: dogs are bright above, cats below; and a repository of its own."""

    def draw(count, seed, size):
        labels = np.arange(20) % 2
        pictures = np.random.default_rng(seed).integers(0, 90, (20, *size, 3), dtype=np.uint8)
        pictures[labels == 1, : size[0] // 2] += 150
        pictures[labels == 0, size[0] // 2 :] += 150
        return SimpleNamespace(pictures=pictures, labels=labels)

    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(small_vgg.common, "draw_animals", draw)


@pytest.mark.parametrize("network", ["baseline", "vgg16 fine-tuned", "vgg16 random"])
def test_the_study_measures_its_networks(network, few_animals, tmp_path, monkeypatch):
    for name, value in {"BASELINE_EPOCHS": 1, "HEAD_EPOCHS": 10, "TUNING_EPOCHS": 2}.items():
        monkeypatch.setattr(small_vgg, name, value)
    path = tmp_path / "data" / "sample" / "vgg" / "vgg16_notop.weights.h5"
    path.parent.mkdir(parents=True)
    models.build_small_vgg("vgg16").save_weights(path)
    row = small_vgg.measure_transfer({"network": network}, 0, tmp_path)
    assert {"train_accuracy", "test_accuracy"} <= set(row)
    assert ("test_accuracy_before" in row) == (network == "vgg16 fine-tuned")
    if network != "baseline":
        assert row["train_accuracy"] > 0.8


def test_only_block5_is_fine_tuned(monkeypatch):
    monkeypatch.setattr(small_vgg, "TUNING_EPOCHS", 1)
    conv_base = models.build_small_vgg("vgg16", input_shape=(32, 32, 3))
    before = {layer.name: layer.get_weights() for layer in conv_base.layers}
    head = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid")])
    x, y = np.random.default_rng(0).normal(size=(8, 32, 32, 3)).astype(np.float32), np.arange(8) % 2
    small_vgg.fine_tune(conv_base, head, x, y)
    for layer in conv_base.layers:
        if layer.get_weights():
            same = all(map(np.array_equal, before[layer.name], layer.get_weights()))
            assert same != layer.name.startswith("block5")
