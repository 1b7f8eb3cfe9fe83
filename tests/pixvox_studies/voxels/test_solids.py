"""The study of the drawn solids, on a few of them."""

import numpy as np
import pytest

from pixvox.datasets.solids import load_solids
from pixvox_studies import frame as studies
from pixvox_studies.voxels import solids as study
from pixvox_studies.voxels.better import DECAY, RATE, SMOOTHING

NAMES = ("2D along z", "3D", "facing")


@pytest.mark.parametrize("name", NAMES)
def test_a_network_is_trained_and_measured_by_class(monkeypatch, tmp_path, name):
    train, test = load_solids()
    few = tuple((x[:20], y[:20]) for x, y in (train, test))
    monkeypatch.setattr(study, "load_solids", lambda: few)
    monkeypatch.setattr(study, "EPOCHS", 1)
    row = study.measure_solids({"network": name}, 0, tmp_path)
    assert set(row) == {"parameters", "train_accuracy", "test_accuracy", "class_accuracies"}
    assert len(row["class_accuracies"]) == 10
    assert row["test_accuracy"] == pytest.approx(np.mean(row["class_accuracies"]))


def test_rows_labels_and_settings_go_where_they_belong(monkeypatch, tmp_path):
    rng = np.random.default_rng(0)
    parts = tuple((rng.random((count, 16, 16, 16)), rng.permutation(count) % 10) for count in (70, 30))
    (x_train, y_train), (x_test, y_test) = parts
    calls, seeds = {}, []

    class Network:
        def compile(self, optimizer, loss, metrics):
            calls["compile"] = optimizer, loss, metrics

        def fit(self, x, y, **options):
            calls["fit"] = x, y, options

        def predict(self, x, **options):
            np.testing.assert_array_equal(x, -x_test)
            return np.eye(10)[np.where(y_test < 4, y_test, 9)]  # right for 0, 1, 2, 3 and 9

        def evaluate(self, x, y, **options):
            calls["evaluate"] = x, y
            return 0.5, 0.25

        def count_params(self):
            return 7

    monkeypatch.setattr(study, "load_solids", lambda: parts)
    monkeypatch.setattr(study, "build_and_look", lambda name: (Network(), np.negative))
    monkeypatch.setattr(study.keras.utils, "set_random_seed", seeds.append)
    row = study.measure_solids({"network": "3D"}, 5, tmp_path)
    assert row == {
        "parameters": 7,
        "train_accuracy": 0.25,
        "test_accuracy": 0.5,
        "class_accuracies": [1, 1, 1, 1, 0, 0, 0, 0, 0, 1],
    }
    assert seeds == [5]
    for x, y in (calls["fit"][:2], calls["evaluate"]):
        np.testing.assert_array_equal(x, -x_train)
        np.testing.assert_array_equal(y, np.eye(10)[y_train])
    assert calls["fit"][2] == {"batch_size": study.BATCH_SIZE, "epochs": study.EPOCHS, "verbose": 0}
    optimizer, loss, metrics = calls["compile"]
    rate = optimizer._learning_rate
    assert rate.warmup_steps + rate.decay_steps == study.EPOCHS * 3  # 70 solids in batches of 32
    assert (rate.warmup_target, optimizer.weight_decay) == (RATE, DECAY)
    assert loss.label_smoothing == SMOOTHING and metrics == ["accuracy"]


def test_the_fair_2d_network_has_z_as_channels():
    volumes = np.random.default_rng(0).random((2, 16, 16, 16))
    _, look = study.build_and_look("2D along z")
    np.testing.assert_array_equal(look(volumes), np.moveaxis(volumes, 1, -1))


@pytest.mark.parametrize(
    "name, shape", [("2D along z", (16, 16, 16)), ("3D", (16, 16, 16, 1)), ("facing", (24, 24, 1))]
)
def test_each_network_gets_what_it_takes(name, shape):
    network, look = study.build_and_look(name)
    assert network.input_shape[1:] == shape == look(np.ones((2, 16, 16, 16), np.float32)).shape[1:]


def test_the_study_is_registered():
    listed = studies.STUDIES["voxel_solids"]
    assert [setting["network"] for setting in listed.settings] == list(NAMES)
    assert listed.run == "pixvox_studies.voxels.solids:measure_solids" and len(listed.seeds) >= 2
