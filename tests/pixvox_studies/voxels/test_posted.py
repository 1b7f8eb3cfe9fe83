"""The studies of P0's networks, on a few made-up volumes and with recorders in the networks' places."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from pixvox.voxels.views import colour_voxels
from pixvox_studies import frame as studies
from pixvox_studies.voxels import posted as study_voxel_posted

LOGS = {
    "accuracy": [0.1, 0.5],
    "val_accuracy": [0.4, 0.3],
    "loss": [2.0, 1.0],
    "val_loss": [7.0, 3.0],
    "learning_rate": [1e-3, 5e-4],
}


def make_volumes(count, seed):
    """Return noise as volumes, and labels of which pairs of rows have the same."""
    volumes = np.random.default_rng(seed).random((count, 16, 16, 16)).astype(np.float32)
    return volumes, np.arange(count) // 2 % 10


class Recorder:
    """In a network's place: keeps what it is given, and answers with the labels it was told."""

    def compile(self, *arguments, **options):
        self.compiled = arguments, options

    def fit(self, x, y, **options):
        self.fitted = SimpleNamespace(x=x, y=y, options=options)

    def predict(self, x, **options):
        self.predicted = x
        answers = np.zeros((len(x), 10))
        answers[:, 3] = 1
        return answers

    def count_params(self):
        return 7


@pytest.fixture
def recorded(monkeypatch):
    """Put a recorder in the network's place; return it and how it was built."""
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    calls = SimpleNamespace(network=Recorder(), parts=(make_volumes(40, 0), make_volumes(20, 1)), seeds=[])
    monkeypatch.setattr(keras.utils, "set_random_seed", calls.seeds.append)
    monkeypatch.setattr(study_voxel_posted, "load_mnist3d", lambda: calls.parts)
    monkeypatch.setattr(study_voxel_posted, "resume_callbacks", lambda folder: [folder])
    monkeypatch.setattr(study_voxel_posted, "epoch_logs", lambda folder: LOGS)

    def build(name, *, momentum):
        calls.built = name, momentum
        return calls.network

    monkeypatch.setattr(study_voxel_posted, "build_posted", build)
    return calls


@pytest.mark.parametrize("name, batch_size, held", [("2D", 64, 10), ("3D", 86, 6)])
def test_each_network_is_trained_as_posted(recorded, tmp_path, name, batch_size, held):
    row = study_voxel_posted.measure_posted({"network": name}, 4, tmp_path)
    network = recorded.network
    assert recorded.built == (name, 0.99) and recorded.seeds == [4]
    assert network.compiled == (("adam", "sparse_categorical_crossentropy"), {"metrics": ["accuracy"]})
    options = network.fitted.options
    assert (options["batch_size"], options["epochs"], options["verbose"]) == (batch_size, 20, 0)
    plateau, folder = options["callbacks"]
    assert isinstance(plateau, keras.callbacks.ReduceLROnPlateau) and folder == tmp_path
    assert (plateau.monitor, plateau.patience, plateau.factor, plateau.min_lr) == (
        "val_accuracy",
        3,
        0.5,
        1e-5,
    )
    (x_train, y_train), (x_test, _) = recorded.parts
    if name == "3D":
        x_train, x_test = colour_voxels(x_train), colour_voxels(x_test)
    fit, validation = study_voxel_posted.split_rows(40, network=name)
    assert (len(fit), len(validation)) == (40 - held, held)
    np.testing.assert_array_equal(network.fitted.x, x_train[fit])
    np.testing.assert_array_equal(network.fitted.y, y_train[fit])
    for given, wanted in zip(options["validation_data"], (x_train, y_train), strict=True):
        np.testing.assert_array_equal(given, wanted[validation])
    np.testing.assert_array_equal(network.predicted, x_test)
    assert row["parameters"] == 7 and row["train_accuracy"] == 0.5 and row["best_val_accuracy"] == 0.4
    assert row["epoch_val"] == [0.4, 0.3] and row["epoch_rate"] == [1e-3, 5e-4]
    assert row["epoch_val_loss"] == [7.0, 3.0] and row["epoch_loss"] == [2.0, 1.0]
    assert row["test_accuracy"] == 0.1


def test_the_2d_split_parts_pairs_and_the_3d_split_does_not():
    for name, share in (("2D", 0.25), ("3D", 0.15)):
        fit, held = study_voxel_posted.split_rows(200, network=name)
        assert sorted([*fit, *held]) == list(range(200)) and len(held) == 200 * share
        parted = set(held // 2) & set(fit // 2)
        assert bool(parted) == (name == "2D")
    assert [*study_voxel_posted.split_rows(200, network="3D")[1]] == [*range(170, 200)]  # the last ones
    wanted = train_test_split(np.arange(200), test_size=0.25, random_state=42)
    np.testing.assert_array_equal(
        np.concatenate(study_voxel_posted.split_rows(200, network="2D")), np.concatenate(wanted)
    )


@pytest.mark.parametrize("wrong", ["4D", "2d", None])
def test_other_networks_are_refused(wrong):
    for call in (
        lambda: study_voxel_posted.split_rows(40, network=wrong),
        lambda: study_voxel_posted.prepare(make_volumes(2, 0)[0], network=wrong),
        lambda: study_voxel_posted.build_posted(wrong),
    ):
        with pytest.raises(ValueError, match=f"expected network to be one of '2D', '3D', came {wrong!r}"):
            call()


def test_originals_and_copies_are_scored_apart():
    labels = np.array([0, 0, 1, 1, 2, 2, 2, 2])
    answers = np.eye(10)[[0, 5, 1, 5, 2, 2, 5, 5]]
    scores = study_voxel_posted.score_answers(answers, labels)
    assert (scores["test_accuracy"], scores["originals"], scores["copies"]) == (0.5, 0.75, 0.25)
    wanted = np.zeros((10, 10), int)
    wanted[0, 0] = wanted[0, 5] = wanted[1, 1] = wanted[1, 5] = 1
    wanted[2, 2] = wanted[2, 5] = 2  # a row for each true digit
    np.testing.assert_array_equal(scores["confusion"], wanted)


def test_momentum_reaches_the_network_and_curves_come_back(recorded, tmp_path):
    row = study_voxel_posted.measure_momentum({"momentum": 0.9}, 6, tmp_path)
    assert recorded.built == ("3D", 0.9) and recorded.seeds == [6]
    assert recorded.network.fitted.options["epochs"] == study_voxel_posted.MOMENTUM_EPOCHS >= 3
    assert row == {
        "epoch_train": [0.1, 0.5],
        "epoch_val": [0.4, 0.3],
        "epoch_loss": [2.0, 1.0],
        "epoch_val_loss": [7.0, 3.0],
    }


def test_the_2d_network_is_augmented_and_the_3d_network_is_not():
    flat, deep = (study_voxel_posted.build_posted(name) for name in ("2D", "3D"))
    settings = flat.get_layer("augment").get_config()
    assert settings["rotation_degrees"] == 10 and settings["shift"] == [0.1, 0.1] and settings["zoom"] == 0.1
    assert flat.count_params() - deep.count_params() == 8_429_698 - 21_060_490
    assert "augment" not in {layer.name for layer in deep.layers}
    assert study_voxel_posted.build_posted("3D", momentum=0.9).get_layer("norm").momentum == 0.9


def test_one_epoch_runs_and_logs_what_the_table_needs(monkeypatch, tmp_path):
    monkeypatch.setattr(
        study_voxel_posted, "load_mnist3d", lambda: (make_volumes(40, 0), make_volumes(20, 1))
    )
    monkeypatch.setattr(study_voxel_posted, "EPOCHS", {"sample": 2})
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    small = keras.Sequential(
        [keras.Input((16, 16, 16)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    )
    monkeypatch.setattr(study_voxel_posted, "build_posted", lambda name, momentum: small)
    row = study_voxel_posted.measure_posted({"network": "2D"}, 0, tmp_path)
    assert {len(row[name]) for name in row if name.startswith("epoch_")} == {2}
    assert row["epoch_rate"][0] == pytest.approx(1e-3) and np.sum(row["confusion"]) == 20


def test_the_studies_are_registered():
    assert [setting["network"] for setting in studies.STUDIES["voxel_posted"].settings] == ["2D", "3D"]
    assert [setting["momentum"] for setting in studies.STUDIES["voxel_momentum"].settings] == [0.99, 0.9]
    for name, measure in (("posted", "posted"), ("momentum", "momentum")):
        assert studies.STUDIES[f"voxel_{name}"].run == f"pixvox_studies.voxels.posted:measure_{measure}"
