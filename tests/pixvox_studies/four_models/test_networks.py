"""Lesson 03's studies, on a handful of made-up clothes."""

from unittest.mock import Mock

import keras
import numpy as np
import pytest

from pixvox.training import one_cycle
from pixvox_studies import resuming
from pixvox_studies.four_models import networks as study_fashion


def made_up(count, seed):
    """Pictures in ten classes with bars of ten heights, the same wherever they are shifted to."""
    labels = np.arange(count) % 10
    images = np.random.default_rng(seed).integers(0, 60, (count, 28, 28), dtype=np.uint8)
    for label in range(10):
        images[labels == label, 13 - label : 15 + label, 8:20] = 255
    return images, labels


@pytest.fixture(autouse=True)
def few_clothes(monkeypatch):
    """300 pictures to learn from and 50 to test; nothing is drawn, no files are read; short trainings."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    drawn = []

    def draw(count, *, seed, processes):
        drawn.append(seed)
        return made_up(50 if seed == study_fashion.FRESH_TEST else 300, seed)

    monkeypatch.setattr(study_fashion, "draw_clothes", draw)
    monkeypatch.setattr(study_fashion, "EPOCHS", 2)
    monkeypatch.setattr(study_fashion, "EXTRA_EPOCHS", 2)
    monkeypatch.setattr(study_fashion, "PARAMETER_EPOCHS", 4)
    monkeypatch.setattr(study_fashion, "BETTER_EPOCHS", {"sample": 4})
    monkeypatch.setattr(study_fashion, "BETTER_BATCH_SIZE", {"sample": 8})
    study_fashion.load_split.cache_clear()
    yield drawn
    study_fashion.load_split.cache_clear()


def start(work_dir):
    resuming.start_clock(work_dir)
    return work_dir


def test_the_split_is_scaled_held_apart_and_fresh(few_clothes):
    (x_fit, y_fit), (x_val, y_val), (x_test, y_test) = study_fashion.load_split(3)
    assert few_clothes == [study_fashion.FRESH + 3, study_fashion.FRESH_TEST]
    assert x_fit.shape == (240, 28, 28, 1) and x_val.shape == (60, 28, 28, 1) and len(x_test) == 50
    assert x_fit.dtype == np.float32 and 0 <= x_fit.min() and x_fit.max() == 1
    assert len(y_fit) == 240 and len(y_val) == 60 and len(y_test) == 50
    fitted = {image.tobytes() for image in x_fit}
    assert not fitted & {image.tobytes() for image in x_val}


def test_the_full_profile_takes_the_published_pictures(monkeypatch, few_clothes):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    pair = tuple((images[..., None], labels) for images, labels in (made_up(100, 0), made_up(20, 1)))
    monkeypatch.setattr(study_fashion, "load_fashion_mnist", lambda: pair)
    fit, val, test = study_fashion.load_split(0)
    assert [len(part[0]) for part in (fit, val, test)] == [80, 20, 20] and few_clothes == []


def test_both_arms_of_a_seed_begin_alike_and_then_part(tmp_path):
    rows = {}
    for arm in ("plain", "augmented"):
        setting = {"network": "one conv", "arm": arm}
        rows[arm] = study_fashion.measure_arm(setting, 0, start(tmp_path / arm))
    assert rows["plain"]["parameters"] == 693_962
    assert all(len(row["val_accuracy"]) == len(row["train_accuracy"]) == 4 for row in rows.values())
    assert rows["plain"]["train_accuracy"][:2] == rows["augmented"]["train_accuracy"][:2]
    assert rows["plain"]["test_accuracy_first"] == rows["augmented"]["test_accuracy_first"]
    assert rows["plain"]["train_accuracy"][2:] != rows["augmented"]["train_accuracy"][2:]
    assert rows["plain"]["test_accuracy"] > 0.8


def test_normalisation_and_dropout_survive_the_change_of_arm(tmp_path):
    row = study_fashion.measure_arm({"network": "four conv", "arm": "augmented"}, 0, start(tmp_path))
    assert row["parameters"] == 1_221_546 and len(row["val_accuracy"]) == 4
    assert row["train_accuracy"][-1] > row["train_accuracy"][0]


def test_a_killed_arm_goes_on_in_its_second_stage(tmp_path, monkeypatch):
    setting = {"network": "one conv", "arm": "augmented"}
    trained = []
    honest = study_fashion._train

    def killed(network, data, *, epochs, work_dir, stage):
        trained.append(stage)
        if stage == "longer" and len(trained) == 2:
            honest(network, data, epochs=1, work_dir=work_dir, stage=stage)
            raise KeyboardInterrupt
        honest(network, data, epochs=epochs, work_dir=work_dir, stage=stage)

    monkeypatch.setattr(study_fashion, "_train", killed)
    with pytest.raises(KeyboardInterrupt):
        study_fashion.measure_arm(setting, 0, start(tmp_path))
    kept = resuming.epoch_logs(tmp_path, stage="longer")["accuracy"]
    row = study_fashion.measure_arm(setting, 0, start(tmp_path))
    assert len(row["train_accuracy"]) == 4 and row["train_accuracy"][2:3] == kept
    undisturbed = study_fashion.measure_arm(setting, 0, start(tmp_path / "undisturbed"))
    assert row["test_accuracy_first"] == undisturbed["test_accuracy_first"]
    assert row["train_accuracy"][:2] == undisturbed["train_accuracy"][:2]


def test_augmentation_never_touches_what_is_predicted():
    keras.utils.set_random_seed(0)
    network = study_fashion.BUILDERS["one conv"]()
    longer = study_fashion.continue_training(network, augmented=True, seed=0)
    images = np.random.default_rng(0).uniform(size=(4, 28, 28, 1)).astype(np.float32)
    np.testing.assert_array_equal(longer.predict(images, verbose=0), network.predict(images, verbose=0))
    in_training = keras.ops.convert_to_numpy(longer.layers[0](images, training=True))
    assert np.abs(in_training - images).max() > 0.1


@pytest.mark.parametrize(
    "name, parameters", [("dense 0", 7_850), ("dense 32", 25_450), ("small conv", 29_066)]
)
def test_networks_are_measured_by_size(name, parameters, tmp_path):
    row = study_fashion.measure_parameters({"network": name}, 0, start(tmp_path))
    assert set(row) == {"parameters", "val_accuracy", "test_accuracy"}
    assert row["parameters"] == parameters and 0 <= row["val_accuracy"] <= 1


def test_our_own_network_learns_the_made_up_clothes(tmp_path, monkeypatch):
    schedule = Mock(wraps=one_cycle)
    monkeypatch.setattr(study_fashion, "one_cycle", schedule)
    row = study_fashion.measure_better({"recipe": "better"}, 0, start(tmp_path))
    assert row["parameters"] == 280_234 and len(row["val_accuracy"]) == 4
    assert row["test_accuracy"] > 0.3
    schedule.assert_called_once_with(4 * 240 // 8, peak=study_fashion.BETTER_RATE)
