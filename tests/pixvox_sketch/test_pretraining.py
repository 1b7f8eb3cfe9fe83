"""The training of the small VGGs, on a handful of pictures; folding, against the network that is folded."""

import json
from unittest.mock import Mock

import keras
import numpy as np
import pytest

from pixvox.datasets import imagenet as vgg
from pixvox.datasets import store
from pixvox.models import transfer as models
from pixvox.training import one_cycle
from pixvox_sketch import pretraining as pretrain
from pixvox_sketch.animals import sets as animal_sets
from pixvox_sketch.zoo import sets as zoo
from pixvox_studies import frame as studies
from pixvox_studies.transfer import small_vgg as study_transfer


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    return tmp_path


@pytest.fixture
def two_kinds(monkeypatch):
    """Bright pictures are of kind 0 and dark ones of kind 1; nothing is drawn."""

    def draw(count, *, seed, **settings):
        labels = np.arange(count) % 2
        rng = np.random.default_rng(seed)
        pictures = rng.integers(0, 90, (count, 64, 64, 3), dtype=np.uint8)
        pictures[labels == 0] += 150
        return pictures, labels

    monkeypatch.setattr(zoo, "draw_zoo", draw)
    return draw


def test_the_source_task_is_drawn_once(elsewhere, two_kinds, monkeypatch):
    first = pretrain.load_source_task(train=6, validation=4, processes=1)
    monkeypatch.setattr(zoo, "draw_zoo", None)
    again = pretrain.load_source_task(train=6, validation=4, processes=1)
    for (pictures, labels), (same, kinds) in zip(first, again, strict=True):
        np.testing.assert_array_equal(pictures, same)
        np.testing.assert_array_equal(labels, kinds)
    assert first[0][0].shape == (6, 64, 64, 3) and first[1][0].shape == (4, 64, 64, 3)
    assert len(list((elsewhere / "build" / "cache" / "sample").glob("zoo-*.npz"))) == 2


def test_pictures_that_other_code_drew_are_not_taken_from_the_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain, "__file__", str(tmp_path / "pretraining.py"))
    code = tmp_path / "zoo" / "birds.py"
    code.parent.mkdir()
    code.write_text("a beak")
    before = pretrain._drawing_code()
    code.write_text("a longer beak")
    assert pretrain._drawing_code() != before


@pytest.mark.parametrize("name", ["vgg16", "vgg19"])
def test_folding_changes_no_output(name):
    keras.utils.set_random_seed(0)
    trained = models.build_small_vgg(name, batch_norm=True)
    rng = np.random.default_rng(0)
    for layer in trained.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shape = layer.gamma.shape
            low, high = rng.uniform(0.5, 1.5, (2, *shape))
            layer.set_weights([low, rng.normal(size=shape), rng.normal(size=shape), high])
    pictures = rng.uniform(-1, 1, (4, 64, 64, 3)).astype(np.float32)
    expected = trained.predict(pictures, verbose=0)
    folded = pretrain.fold_batch_norm(trained, name).predict(pictures, verbose=0)
    assert expected.std() > 1e-3
    np.testing.assert_allclose(folded, expected, atol=1e-4 * max(1, np.abs(expected).max()))


def test_training_writes_weights_and_a_record(elsewhere, two_kinds, monkeypatch):
    for name, value in {"TRAIN": 48, "VALIDATION": 8, "EPOCHS": 1, "BATCH_SIZE": 24}.items():
        monkeypatch.setattr(pretrain, name, value)
    schedule = Mock(wraps=one_cycle)
    monkeypatch.setattr(pretrain, "one_cycle", schedule)
    path = pretrain.write_vgg16()
    schedule.assert_called_once_with(2, peak=pretrain.LEARNING_RATE)
    assert path == elsewhere / "data" / "sample" / "vgg" / "vgg16_notop.weights.h5"
    assert "13 convolutional layers" in vgg.check_file(path)
    record = json.loads(path.with_name("vgg16_notop.json").read_text(encoding="utf-8"))
    assert record["training_pictures"] == 48 and record["epochs"] == 1 and record["seed"] == 0
    assert 0 <= record["validation_accuracy"] <= 1 and record["cpu_seconds"] > 0
    conv_base = models.load_conv_base("vgg16", image_size=(64, 64))
    pictures = conv_base.preprocess_input(two_kinds(4, seed=3)[0])
    assert np.isfinite(conv_base.model.predict(pictures, verbose=0)).all()


@pytest.fixture
def few_animals(monkeypatch):
    """Forty pictures in place of 400: dogs are bright above, cats below."""

    def draw(count, *, seed, size, **settings):
        labels = np.arange(2 * 10) % 2
        pictures = np.random.default_rng(seed).integers(0, 90, (20, *size, 3), dtype=np.uint8)
        pictures[labels == 1, : size[0] // 2] += 150
        pictures[labels == 0, size[0] // 2 :] += 150
        return animal_sets.Drawn(pictures, labels, None, None)

    study_transfer._drawn.cache_clear()
    monkeypatch.setattr(animal_sets, "draw_animals", draw)
    yield
    study_transfer._drawn.cache_clear()


@pytest.mark.parametrize("network", ["baseline", "vgg16 fine-tuned", "vgg16 random"])
def test_the_study_measures_its_networks(network, few_animals, elsewhere, tmp_path, monkeypatch):
    for name, value in {"BASELINE_EPOCHS": 1, "HEAD_EPOCHS": 10, "TUNING_EPOCHS": 6}.items():
        monkeypatch.setattr(study_transfer, name, value)
    path = elsewhere / "data" / "sample" / "vgg" / "vgg16_notop.weights.h5"
    path.parent.mkdir(parents=True)
    models.build_small_vgg("vgg16").save_weights(path)
    row = study_transfer.measure_transfer({"network": network}, 0, tmp_path)
    assert {"train_accuracy", "test_accuracy"} <= set(row)
    assert ("test_accuracy_before" in row) == (network == "vgg16 fine-tuned")
    if network != "baseline":
        assert row["train_accuracy"] > 0.8


def test_only_block5_is_fine_tuned():
    conv_base = models.build_small_vgg("vgg16", input_shape=(32, 32, 3))
    before = {layer.name: layer.get_weights() for layer in conv_base.layers}
    head = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid")])
    x, y = np.random.default_rng(0).normal(size=(8, 32, 32, 3)).astype(np.float32), np.arange(8) % 2
    study_transfer.fine_tune(conv_base, head, x, y)
    for layer in conv_base.layers:
        if layer.get_weights():
            same = all(
                np.array_equal(old, new)
                for old, new in zip(before[layer.name], layer.get_weights(), strict=True)
            )
            assert same != layer.name.startswith("block5")


def test_the_study_is_registered():
    study = studies.STUDIES["small_vgg_transfer"]
    assert study.run == "pixvox_studies.transfer.small_vgg:measure_transfer" and len(study.seeds) >= 3
