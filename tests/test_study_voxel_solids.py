"""The study of the drawn solids, on a few of them."""

import numpy as np
import pytest

from pixvox import studies, study_voxel_solids
from pixvox.datasets.solids import load_solids

NAMES = ("2D along z", "3D", "facing")


@pytest.mark.parametrize("name", NAMES)
def test_a_network_is_trained_and_measured_by_class(monkeypatch, tmp_path, name):
    train, test = load_solids()
    few = tuple((x[:20], y[:20]) for x, y in (train, test))
    monkeypatch.setattr(study_voxel_solids, "load_solids", lambda: few)
    monkeypatch.setattr(study_voxel_solids, "EPOCHS", 1)
    row = study_voxel_solids.measure_solids({"network": name}, 0, tmp_path)
    assert set(row) == {"parameters", "train_accuracy", "test_accuracy", "class_accuracies"}
    assert len(row["class_accuracies"]) == 10
    assert row["test_accuracy"] == pytest.approx(np.mean(row["class_accuracies"]))


@pytest.mark.parametrize(
    "name, shape", [("2D along z", (16, 16, 16)), ("3D", (16, 16, 16, 1)), ("facing", (24, 24, 1))]
)
def test_each_network_gets_what_it_takes(name, shape):
    network, look = study_voxel_solids.build_and_look(name)
    assert network.input_shape[1:] == shape == look(np.ones((2, 16, 16, 16), np.float32)).shape[1:]


def test_the_study_is_registered():
    study = studies.STUDIES["voxel_solids"]
    assert [setting["network"] for setting in study.settings] == list(NAMES)
    assert study.run == "pixvox.study_voxel_solids:measure_solids" and len(study.seeds) >= 2
