"""The training of the small VGGs, on a handful of pictures; folding, against the network that is folded."""

import json
from functools import partialmethod

import keras
import numpy as np
import pytest

from pixvox.datasets import imagenet, store
from pixvox.models import transfer
from pixvox_sketch import pretraining


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.delenv("PIXVOX_BUILD", raising=False)
    return tmp_path


@pytest.fixture
def two_kinds(monkeypatch):
    """Bright pictures are of kind 0 and dark ones of kind 1; nothing is drawn."""

    def draw(count, *, seed, **settings):
        labels = np.arange(count) % 2
        pictures = np.random.default_rng(seed).integers(0, 90, (count, 64, 64, 3), dtype=np.uint8)
        pictures[labels == 0] += 150
        return pictures, labels

    monkeypatch.setattr(pretraining.zoo, "draw_zoo", draw)
    return draw


def test_the_source_task_is_drawn_once(elsewhere, two_kinds, monkeypatch):
    first = pretraining.load_source_task(train=6, validation=4)
    monkeypatch.setattr(pretraining.zoo, "draw_zoo", lambda *_, **__: pytest.fail("drawn again"))
    again = pretraining.load_source_task(train=6, validation=4)
    np.testing.assert_equal(again, first)
    assert first[0][0].shape == (6, 64, 64, 3) and first[1][0].shape == (4, 64, 64, 3)


def test_pictures_that_other_code_drew_are_not_taken_from_the_cache(elsewhere, two_kinds, monkeypatch):
    monkeypatch.setattr(pretraining, "__file__", str(elsewhere / "pretraining.py"))
    code = elsewhere / "zoo" / "birds.py"
    code.parent.mkdir()
    for text in ("a beak", "a longer beak"):
        code.write_text(text, encoding="utf-8")
        pretraining.load_source_task(train=6, validation=4)
    assert len(list((elsewhere / "build" / "cache" / "sample").glob("zoo-6-*.npz"))) == 2


def test_while_it_is_trained_every_convolution_is_followed_by_a_normalisation_and_has_no_bias():
    trained = pretraining.build_normalised_vgg("vgg16")
    names = " ".join(layer.name for layer in trained.layers)
    assert (
        "block1_conv1 block1_norm1 block1_relu1 block1_conv2 block1_norm2 block1_relu2 block1_pool" in names
    )
    assert not trained.get_layer("block5_conv3").use_bias
    plain = transfer.build_small_vgg("vgg16")
    added = [layer for layer in trained.layers if "norm" in layer.name or "relu" in layer.name]
    assert [layer.name for layer in trained.layers if layer not in added][1:] == [
        layer.name for layer in plain.layers
    ][1:]
    assert len(added) == 2 * 13 and trained.output_shape == plain.output_shape


def test_folding_changes_no_output():
    keras.utils.set_random_seed(0)
    trained = pretraining.build_normalised_vgg("vgg19")
    rng = np.random.default_rng(0)
    for layer in trained.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights(rng.uniform(0.5, 1.5, (4, *layer.gamma.shape)))
    pictures = rng.uniform(-1, 1, (2, 64, 64, 3)).astype(np.float32)
    expected = keras.ops.convert_to_numpy(trained(pictures, training=False))
    folded = keras.ops.convert_to_numpy(pretraining.fold_batch_norm(trained, "vgg19")(pictures))
    assert expected.std() > 1e-3
    np.testing.assert_allclose(folded, expected, atol=1e-4 * max(1, np.abs(expected).max()))


def test_training_writes_weights_that_are_loaded_and_a_record(elsewhere, two_kinds, monkeypatch):
    for name, value in {"TRAIN": 8, "VALIDATION": 4, "EPOCHS": 1, "BATCH_SIZE": 8}.items():
        monkeypatch.setattr(pretraining, name, value)
    eagerly = partialmethod(keras.Model.compile, run_eagerly=True)  # sooner done than a graph is traced
    monkeypatch.setattr(keras.Model, "compile", eagerly)
    path = pretraining.write_vgg16()
    assert path == elsewhere / "data" / "sample" / "vgg" / "vgg16_notop.weights.h5"
    assert "13 convolutional layers" in imagenet.check_file(path)
    record = json.loads(path.with_name("vgg16_notop.json").read_text(encoding="utf-8"))
    assert record["training_pictures"] == 8 and record["epochs"] == 1 and record["seed"] == 0
    assert 0 <= record["validation_accuracy"] <= 1 and record["cpu_seconds"] > 0
    conv_base = imagenet.load_conv_base("vgg16", image_size=(64, 64))
    features = conv_base.model(conv_base.preprocess_input(two_kinds(4, seed=3)[0]))
    assert np.isfinite(keras.ops.convert_to_numpy(features)).all()
