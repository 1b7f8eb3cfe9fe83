"""The small networks on the rows of the file, on a few made-up volumes."""

import numpy as np
import pytest
from support.made_up import noise_volumes

from pixvox.compare import unpack_answers
from pixvox_studies.voxels import fair
from pixvox_studies.voxels.colours import colour_voxels

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


@pytest.mark.parametrize("change", ["none", "batch 16", "RMSprop"])
def test_a_change_is_the_only_one(built, tmp_path, change):
    row = fair.measure_todo({"change": change}, 1, tmp_path)
    assert set(row) == ACCURACIES | {"parameters", "train_accuracy", "test_right", "epoch_cpu_seconds"}
    assert row["epoch_cpu_seconds"] > 0 and row["parameters"] == 82_954
    (call,) = built
    assert call["options"] == {"dimensions": 2, "channels": 1}
    x_train, y_train = noise_volumes(40, 0)
    np.testing.assert_array_equal(call["x"], x_train[:34])
    np.testing.assert_array_equal(call["y"], y_train[:34])
    batch_size = 16 if change == "batch 16" else 20
    assert call["settings"] == {"batch_size": batch_size, "epochs": 1, "verbose": 0}
    optimizer = call["network"].optimizer
    assert type(optimizer).__name__ == ("RMSprop" if change == "RMSprop" else "Adam")
    assert float(optimizer.learning_rate) == pytest.approx(fair.RATE)
    known = call["network"].predict(x_train[:34], verbose=0).argmax(axis=1) == y_train[:34]
    assert row["train_accuracy"] == pytest.approx(known.mean())
    x_test, y_test = noise_volumes(20, 1)
    right = call["network"].predict(x_test, verbose=0).argmax(axis=1) == y_test
    np.testing.assert_array_equal(unpack_answers(row["test_right"], 20), right)
    assert (row["originals"], row["copies"]) == (right[::2].mean(), right[1::2].mean())


def test_six_convolutions_are_the_four_and_two_more(built, tmp_path):
    """Two more convolutions add 9 * 32 * 32 and 9 * 64 * 64 weights, and four numbers a map."""
    row = fair.measure_todo({"change": "six convolutions"}, 0, tmp_path)
    assert not built and row["parameters"] == 82_954 + 9 * (32 * 32 + 64 * 64) + 4 * (32 + 64)
    network = fair.build_deeper(dimensions=2, channels=1)
    assert network.count_params() == row["parameters"] and network.input_shape[1:] == (16, 16, 16)
    sizes = [layer.output.shape[1] for layer in network.layers if layer.name.startswith("conv")]
    assert sizes == [16, 8, 8, 8, 4, 4]


def test_unknown_names_are_refused(built, tmp_path):
    for measure, name in ((fair.measure_colour, "colour"), (fair.measure_todo, "change")):
        with pytest.raises(ValueError, match="expected one of"):
            measure({name: "another"}, 0, tmp_path)


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
