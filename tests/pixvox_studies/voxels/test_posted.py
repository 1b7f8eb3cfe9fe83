"""P0's networks, on a few made-up volumes and with a small network in their place."""

import keras
import numpy as np
import pytest
from sklearn.model_selection import train_test_split
from support.made_up import noise_volumes

from pixvox.compare import unpack_answers
from pixvox_studies import resuming
from pixvox_studies.voxels import posted
from pixvox_studies.voxels.colours import colour_voxels


@pytest.fixture
def fits(monkeypatch):
    """Put a dense layer in the networks' place; return how it was built and what it was fitted on."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(posted, "load_mnist3d", lambda: (noise_volumes(40, 0), noise_volumes(20, 1)))
    monkeypatch.setattr(posted, "EPOCHS", {"sample": 2})
    calls = []

    def build(name, *, momentum):
        layers = keras.layers
        shape = (16, 16, 16) if name == "2D" else (16, 16, 16, 3)
        network = keras.Sequential([layers.Input(shape), layers.Flatten(), layers.Dense(10, "softmax")])
        fit = network.fit

        def keep(x, y, **options):
            calls.append((name, momentum, x, y, options))
            return fit(x, y, **options)

        network.fit = keep
        return network

    monkeypatch.setattr(posted, "build_posted", build)
    return calls


@pytest.mark.parametrize("name, batch_size, held", [("2D", 64, 10), ("3D", 86, 6)])
def test_each_network_is_trained_as_posted(fits, tmp_path, name, batch_size, held):
    resuming.start_clock(tmp_path)
    row = posted.measure_posted({"network": name}, 4, tmp_path)
    ((built, momentum, x, y, options),) = fits
    assert (built, momentum, options["batch_size"], options["epochs"]) == (name, 0.99, batch_size, 2)
    plateau = options["callbacks"][0]
    assert isinstance(plateau, keras.callbacks.ReduceLROnPlateau) and plateau.monitor == "val_accuracy"
    assert (plateau.patience, plateau.factor, plateau.min_lr) == (3, 0.5, 1e-5)
    x_train, y_train = noise_volumes(40, 0)
    seen = colour_voxels(x_train) if name == "3D" else x_train
    fit, validation = posted.split_rows(40, network=name)
    assert (len(fit), len(validation)) == (40 - held, held)
    np.testing.assert_array_equal(x, seen[fit])
    np.testing.assert_array_equal(y, y_train[fit])
    np.testing.assert_array_equal(options["validation_data"][0], seen[validation])
    assert {len(row[key]) for key in row if key.startswith("epoch_")} == {2}
    assert row["train_accuracy"] == row["epoch_train"][-1]
    assert row["best_val_accuracy"] == max(row["epoch_val"])
    assert row["epoch_rate"][0] == pytest.approx(1e-3) and np.sum(row["confusion"]) == 20
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["test_accuracy"])


def test_momentum_reaches_the_network_and_curves_come_back(fits, monkeypatch, tmp_path):
    monkeypatch.setattr(posted, "MOMENTUM_EPOCHS", 1)
    row = posted.measure_momentum({"momentum": 0.9}, 6, tmp_path)
    assert fits[0][:2] == ("3D", 0.9) and fits[0][-1]["epochs"] == 1
    assert set(row) == {"epoch_train", "epoch_val", "epoch_loss", "epoch_val_loss"}


def test_the_2d_split_parts_pairs_and_the_3d_split_does_not():
    for name, share in (("2D", 0.25), ("3D", 0.15)):
        fit, held = posted.split_rows(200, network=name)
        assert sorted([*fit, *held]) == list(range(200)) and len(held) == 200 * share
        assert bool(set(held // 2) & set(fit // 2)) == (name == "2D")
    assert [*held] == [*range(170, 200)]  # the last ones
    wanted = train_test_split(np.arange(200), test_size=0.25, random_state=42)
    assert all(map(np.array_equal, posted.split_rows(200, network="2D"), wanted))


def test_originals_and_copies_are_scored_apart():
    labels = np.array([0, 0, 1, 1, 2, 2, 2, 2])
    answers = np.eye(10)[[0, 5, 1, 5, 2, 2, 5, 5]]
    scores = posted.score_answers(answers, labels)
    assert (scores["test_accuracy"], scores["originals"], scores["copies"]) == (0.5, 0.75, 0.25)
    wanted = np.zeros((10, 10), int)
    wanted[0, 0] = wanted[0, 5] = wanted[1, 1] = wanted[1, 5] = 1
    wanted[2, 2] = wanted[2, 5] = 2  # a row for each true digit
    np.testing.assert_array_equal(scores["confusion"], wanted)


def test_the_2d_network_is_augmented_and_the_3d_network_is_not():
    flat, deep = (posted.build_posted(name, momentum=0.9) for name in ("2D", "3D"))
    settings = flat.get_layer("augment").get_config()
    assert settings["rotation_degrees"] == 10 and settings["shift"] == (0.1, 0.1) and settings["zoom"] == 0.1
    assert "augment" not in {layer.name for layer in deep.layers}
    assert (flat.get_layer("norm").momentum, deep.get_layer("norm").momentum) == (0.99, 0.9)


def test_what_the_post_has_in_each_network():
    flat, deep = posted.build_voxels_2d(), posted.build_voxels_3d()
    assert (flat.count_params(), deep.count_params()) == (8_429_698, 21_060_490)
    assert deep.get_layer("hidden1").count_params() == 16_781_312
    at_32 = 8**3 * 64 * 4096 + 4096  # what an exercise puts in that layer's place
    assert deep.count_params() - 16_781_312 + at_32 == 138_501_002
    names = [layer.name for layer in flat.layers]
    assert [name for name in names if name != "drop1"] == [layer.name for layer in deep.layers]
    assert [flat.get_layer(f"drop{number}").rate for number in (1, 2, 3, 4)] == [0.25, 0.25, 0.5, 0.5]
    assert [deep.get_layer(f"drop{number}").rate for number in (2, 3, 4)] == [0.25, 0.5, 0.5]
    for network in (flat, deep):
        activations = [layer.activation.__name__ for layer in network.layers if hasattr(layer, "activation")]
        assert activations == ["relu"] * 6 + ["softmax"]
        assert {type(network.get_layer(name)).__name__[:10] for name in ("pool1", "pool2")} == {"MaxPooling"}
    assert flat.get_layer("norm").momentum == deep.get_layer("norm").momentum == 0.99
