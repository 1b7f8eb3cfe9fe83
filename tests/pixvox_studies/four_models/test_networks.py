"""The studies of the four models, on a handful of made-up clothes and a small network."""

import keras
import numpy as np
import pytest
from support.learning import check_learns
from support.made_up import bars, keys_of

from pixvox.compare import unpack_answers
from pixvox_studies import resuming
from pixvox_studies.four_models import networks

EPOCHS = {"FASHION_EPOCHS": 1, "EXTRA_EPOCHS": 2, "PARAMETER_EPOCHS": 1, "BETTER_EPOCHS": {"sample": 1}}
SMALL = 160 + (9 * 16 * 32 + 32) + (9 * 32 * 64 + 64) + 576 * 10 + 10
BETTER = 25 * 32 + 9 * (32 * 64 + 64 * 64 + 64 * 128 + 128 * 128) + 4 * (32 + 2 * 64 + 2 * 128) + 1_290


def small_network():
    inputs, dense = keras.layers.Input((28, 28, 1)), keras.layers.Dense(10, "softmax")
    inside = [keras.layers.Flatten(), keras.layers.Dropout(0.1), keras.layers.BatchNormalization()]
    return keras.Sequential([inputs, *inside, dense])


@pytest.fixture(autouse=True)
def few_clothes(monkeypatch):
    """60 pictures to learn from and 20 to test; nothing is drawn, no files are read; short trainings."""
    drawn = []

    def draw(count, seed):
        drawn.append(seed)
        return bars(20 if seed == networks.FRESH_TEST else 60, seed)

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(networks.common, "draw_clothes", draw)
    for name, value in EPOCHS.items():
        monkeypatch.setattr(networks, name, value)
    monkeypatch.setitem(networks.BUILDERS, "one conv", small_network)
    networks.load_split.cache_clear()
    yield drawn
    networks.load_split.cache_clear()


def start(work_dir):
    resuming.start_clock(work_dir)
    return work_dir


def test_the_split_is_scaled_held_apart_and_fresh(few_clothes):
    (x_fit, y_fit), (x_val, y_val), (x_test, y_test) = networks.load_split(3)
    assert few_clothes == [networks.FRESH + 3, networks.FRESH_TEST]
    assert x_fit.shape == (48, 28, 28, 1) and x_val.shape == (12, 28, 28, 1) and len(x_test) == 20
    assert x_fit.dtype == np.float32 and 0 <= x_fit.min() and x_fit.max() == 1
    assert not keys_of(x_fit) & keys_of(x_val)


def test_the_full_profile_takes_the_published_pictures(monkeypatch, few_clothes):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.setattr(networks, "load_fashion_mnist", lambda: (bars(100, 0), bars(20, 1)))
    fit, val, test = networks.load_split(0)
    assert [len(part[0]) for part in (fit, val, test)] == [80, 20, 20] and few_clothes == []


def test_both_arms_of_a_seed_begin_alike_and_then_part(tmp_path):
    plain, augmented = (
        networks.measure_arm({"network": "one conv", "arm": arm}, 0, start(tmp_path / arm))
        for arm in ("plain", "augmented")
    )
    assert len(plain["val_accuracy"]) == len(augmented["train_accuracy"]) == 3
    assert plain["train_accuracy"][0] == augmented["train_accuracy"][0]
    assert plain["test_accuracy_first"] == augmented["test_accuracy_first"]
    assert plain["train_accuracy"][1:] != augmented["train_accuracy"][1:]
    assert unpack_answers(plain["test_right"], 20).mean() == pytest.approx(plain["test_accuracy"])


def test_a_killed_arm_goes_on_in_its_second_stage(tmp_path, monkeypatch):
    setting, stages, honest = {"network": "one conv", "arm": "augmented"}, [], networks._train

    def killed(network, parts, *, epochs, work_dir, stage):
        stages.append(stage)
        if len(stages) == 2:
            honest(network, parts, epochs=1, work_dir=work_dir, stage=stage)
            raise KeyboardInterrupt
        honest(network, parts, epochs=epochs, work_dir=work_dir, stage=stage)

    monkeypatch.setattr(networks, "_train", killed)
    with pytest.raises(KeyboardInterrupt):
        networks.measure_arm(setting, 0, start(tmp_path))
    kept = {stage: resuming.epoch_logs(tmp_path, stage=stage)["accuracy"] for stage in ("first", "longer")}
    row = networks.measure_arm(setting, 0, start(tmp_path))
    assert stages == ["first", "longer"] * 2 and len(row["train_accuracy"]) == 3
    assert row["train_accuracy"][:2] == kept["first"] + kept["longer"]


def test_augmentation_never_touches_what_is_predicted():
    network = small_network()
    longer = networks.continue_training(network, augmented=True, seed=0)
    images = np.random.default_rng(0).uniform(size=(4, 28, 28, 1)).astype(np.float32)
    np.testing.assert_array_equal(longer.predict(images, verbose=0), network.predict(images, verbose=0))
    in_training = keras.ops.convert_to_numpy(longer.layers[0](images, training=True))
    assert np.abs(in_training - images).max() > 0.1


@pytest.mark.parametrize(
    "name, parameters", [("dense 0", 7_850), ("dense 32", 25_450), ("small conv", SMALL)]
)
def test_networks_are_measured_by_size(name, parameters, tmp_path):
    row = networks.measure_parameters({"network": name}, 0, start(tmp_path))
    assert set(row) == {"parameters", "val_accuracy", "test_accuracy", "test_right"}
    assert row["parameters"] == parameters and 0 <= row["val_accuracy"] <= 1


def test_our_own_network_is_measured(tmp_path):
    row = networks.measure_better({"recipe": "better"}, 0, start(tmp_path))
    assert row["parameters"] == BETTER and len(row["val_accuracy"]) == 1
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["test_accuracy"])


@pytest.mark.parametrize("name, epochs", [("four conv", 1 + 2), ("better", 1)])
def test_the_cost_of_a_whole_training_is_counted_from_a_few_batches(name, epochs, monkeypatch, tmp_path):
    monkeypatch.setattr(networks.common, "batch_seconds", lambda *network_x_y, **options: 3.0)
    monkeypatch.setitem(networks.BUILDERS, "four conv", small_network)
    row = networks.measure_cost({"network": name}, 0, tmp_path)
    epoch = 3.0 * 48 / 32  # 48 pictures in batches of 32
    assert row == {"epoch_cpu_seconds": epoch, "epochs": epochs, "training_cpu_seconds": epochs * epoch}


def test_our_network_learns_and_is_the_same_when_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(32, 28, 28, 1)).astype(np.float32)
    network, labels = networks.build_fashion_better(), np.arange(32) % 10
    assert network.count_params() == BETTER == 280_234 and SMALL == 29_066
    check_learns(network, images, labels, tmp_path)
