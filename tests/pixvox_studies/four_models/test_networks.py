"""The studies of the four models, on a handful of made-up clothes and a small network."""

import keras
import numpy as np
import pytest
from support.made_up import bars, keys_of

from pixvox.compare import unpack_answers
from pixvox_studies import resuming
from pixvox_studies.four_models import networks

SMALL = 160 + (9 * 16 * 32 + 32) + (9 * 32 * 64 + 64) + 576 * 10 + 10


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


def test_both_arms_of_a_seed_begin_alike_and_then_part(tmp_path, start):
    plain, augmented = (
        networks.measure_arm({"network": "one conv", "arm": arm}, 0, start(tmp_path / arm))
        for arm in ("plain", "augmented")
    )
    assert len(plain["val_accuracy"]) == len(augmented["train_accuracy"]) == 3
    assert plain["train_accuracy"][0] == augmented["train_accuracy"][0]
    assert plain["test_accuracy_first"] == augmented["test_accuracy_first"]
    assert plain["train_accuracy"][1:] != augmented["train_accuracy"][1:]
    assert unpack_answers(plain["test_right"], 20).mean() == pytest.approx(plain["test_accuracy"])


def test_a_killed_arm_goes_on_in_its_second_stage(tmp_path, monkeypatch, start):
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


def test_augmentation_never_touches_what_is_predicted(small_network):
    network = small_network()
    longer = networks.continue_training(network, augmented=True, seed=0)
    images = np.random.default_rng(0).uniform(size=(4, 28, 28, 1)).astype(np.float32)
    np.testing.assert_array_equal(longer.predict(images, verbose=0), network.predict(images, verbose=0))
    in_training = keras.ops.convert_to_numpy(longer.layers[0](images, training=True))
    assert np.abs(in_training - images).max() > 0.1


@pytest.mark.parametrize(
    "name, parameters", [("dense 0", 7_850), ("dense 32", 25_450), ("small conv", SMALL)]
)
def test_networks_are_measured_by_size(name, parameters, tmp_path, start):
    row = networks.measure_parameters({"network": name}, 0, start(tmp_path))
    assert set(row) == {"parameters", "val_accuracy", "test_accuracy", "test_right"}
    assert row["parameters"] == parameters and 0 <= row["val_accuracy"] <= 1


def test_dense_networks_have_the_parameters_counted_by_hand():
    counted = [networks.build_fashion_dense(width).count_params() for width in (0, 16, 128)]
    assert counted == [7_850, 795 * 16 + 10, 101_770]


def test_the_network_with_one_convolution_has_the_posts_parameters():
    counted = 320 + 13 * 13 * 32 * 128 + 128 + 1_290
    assert networks.build_fashion_one().count_params() == counted == 693_962
