"""The fair comparison, on a few made-up volumes."""

import keras
import numpy as np
import pytest
from support.made_up import noise_volumes

from pixvox.compare import unpack_answers
from pixvox_studies.voxels.colours import colour_voxels
from pixvox_studies.voxels import fair

ACCURACIES = {"val_accuracy", "test_accuracy", "originals", "copies"}


@pytest.fixture
def built(monkeypatch):
    """Short epochs; return the networks that were built, what for and what they were given."""
    calls, make = [], fair.models.build_fair_net

    def build(**options):
        network = make(**options)
        fit = network.fit

        def keep(x, y, **settings):
            calls[-1] |= {"x": x, "y": y, "settings": settings}
            return fit(x, y, **settings)

        network.fit = keep
        calls.append({"options": options, "network": network})
        return network

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(fair, "load_mnist3d", lambda: (noise_volumes(40, 0), noise_volumes(20, 1)))
    monkeypatch.setattr(fair, "EPOCHS", {"sample": 1})
    monkeypatch.setattr(fair, "BATCH_SIZE", {"sample": 20})
    monkeypatch.setattr(fair.models, "build_fair_net", build)
    return calls


def test_the_axis_that_serves_as_channels():
    volume = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)  # [row][z][y][x]
    for name, axis in (("2D along z", 1), ("2D along y", 2), ("2D along x", 3)):
        seen = fair.along(name, volume)
        assert seen.shape[-1] == volume.shape[axis]
        np.testing.assert_array_equal(seen[..., 1], np.take(volume, 1, axis=axis))
    assert fair.along("3D", volume).shape == (2, 3, 4, 5, 1)


@pytest.mark.parametrize("name, dimensions", [("2D along y", 2), ("3D", 3)])
def test_both_see_the_same_rows_and_settings(built, tmp_path, name, dimensions):
    row = fair.measure_fair({"network": name}, 1, tmp_path)
    assert set(row) == ACCURACIES | {"parameters", "test_right", "epoch_cpu_seconds"}
    assert row["epoch_cpu_seconds"] > 0
    (call,) = built
    assert call["options"] == {"dimensions": dimensions, "channels": 1}
    x_train, y_train = noise_volumes(40, 0)
    np.testing.assert_array_equal(call["x"], fair.along(name, x_train)[:34])
    np.testing.assert_array_equal(call["y"], y_train[:34])
    assert call["settings"] == {"batch_size": 20, "epochs": 1, "verbose": 0}
    optimizer = call["network"].optimizer
    assert isinstance(optimizer, keras.optimizers.Adam)
    assert float(optimizer.learning_rate) == pytest.approx(fair.RATE)
    x_test, y_test = noise_volumes(20, 1)
    right = call["network"].predict(fair.along(name, x_test), verbose=0).argmax(axis=1) == y_test
    np.testing.assert_array_equal(unpack_answers(row["test_right"], 20), right)
    assert (row["originals"], row["copies"]) == (right[::2].mean(), right[1::2].mean())


@pytest.mark.parametrize("colour, channels", [("one channel", 1), ("map", 3), ("map reversed", 3)])
def test_colours_differ_and_nothing_else_does(built, tmp_path, colour, channels):
    fair.measure_colour({"colour": colour}, 0, tmp_path)
    (call,) = built
    assert call["options"] == {"dimensions": 3, "channels": channels}
    volumes = noise_volumes(40, 0)[0][:34]
    wanted = colour_voxels(volumes, reverse="reversed" in colour) if channels == 3 else volumes[..., None]
    np.testing.assert_array_equal(call["x"], wanted)


def test_the_last_digits_are_held_out_with_their_copies():
    held = fair.last_digits(10_000)
    assert held.sum() == 1_500 and held[8_500:].all() and not held[:8_500].any()
    assert (fair.last_digits(42)[::2] == fair.last_digits(42)[1::2]).all()


def test_pairs_are_kept_together_or_parted():
    together, parted = (fair.draw_validation(200, 0, pairs=pairs) for pairs in ("together", "parted"))
    assert together.sum() == parted.sum() == 50
    assert (together[::2] == together[1::2]).all()
    assert (parted[::2] != parted[1::2]).sum() > 20
    for pairs, held in (("together", together), ("parted", parted)):
        assert (fair.draw_validation(200, 1, pairs=pairs) != held).any()


def test_validation_is_measured_on_what_was_held_out(built, tmp_path):
    row = fair.measure_pairs({"pairs": "parted"}, 5, tmp_path)
    held, (x_train, y_train) = fair.draw_validation(40, 5, pairs="parted"), noise_volumes(40, 0)
    np.testing.assert_array_equal(built[0]["x"], x_train[~held])
    np.testing.assert_array_equal(built[0]["y"], y_train[~held])
    guesses = built[0]["network"].predict(x_train[held], verbose=0).argmax(axis=1)
    assert row["val_accuracy"] == pytest.approx((guesses == y_train[held]).mean())
