"""The fair comparison, on a few made-up volumes."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from pixvox.voxels.views import colour_voxels
from pixvox_studies import frame as studies
from pixvox_studies.voxels import fair as study_voxel_fair

KEYS = {"parameters", "val_accuracy", "test_accuracy", "originals", "copies", "epoch_cpu_seconds"}


def make_parts():
    """Return training and test rows: noise, brighter for odd labels; pairs of rows have the same."""
    parts = []
    for seed, count in enumerate((40, 20)):
        labels = np.arange(count) // 2 % 10
        volumes = np.random.default_rng(seed).random((count, 16, 16, 16)).astype(np.float32) / 2
        parts.append((volumes + (labels % 2 / 2)[:, None, None, None].astype(np.float32), labels))
    return tuple(parts)


@pytest.fixture
def built(monkeypatch):
    """Small epochs; return the networks that were built, what for and what they were given."""
    calls = []
    make = study_voxel_fair.models_voxels.build_fair_net

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
    monkeypatch.setattr(study_voxel_fair, "load_mnist3d", make_parts)
    monkeypatch.setattr(study_voxel_fair, "EPOCHS", {"sample": 2})
    monkeypatch.setattr(study_voxel_fair, "BATCH_SIZE", {"sample": 8})
    monkeypatch.setattr(study_voxel_fair.models_voxels, "build_fair_net", build)
    return calls


def test_the_axis_that_serves_as_channels():
    volume = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)  # [row][z][y][x]
    for name, axis in (("2D along z", 1), ("2D along y", 2), ("2D along x", 3)):
        seen = study_voxel_fair.along(name, volume)
        assert seen.shape[-1] == volume.shape[axis]
        np.testing.assert_array_equal(seen[..., 1], np.take(volume, 1, axis=axis))
    assert study_voxel_fair.along("3D", volume).shape == (2, 3, 4, 5, 1)


@pytest.mark.parametrize("name, dimensions", [("2D along y", 2), ("3D", 3)])
def test_both_see_the_same_rows_and_settings(built, tmp_path, name, dimensions):
    row = study_voxel_fair.measure_fair({"network": name}, 1, tmp_path)
    assert set(row) == KEYS and row["epoch_cpu_seconds"] > 0
    (call,) = built
    assert call["options"] == {"dimensions": dimensions, "channels": 1}
    (x_train, y_train), _ = make_parts()
    np.testing.assert_array_equal(call["x"], study_voxel_fair.along(name, x_train)[:34])
    np.testing.assert_array_equal(call["y"], y_train[:34])
    assert call["settings"] == {"batch_size": 8, "epochs": 2, "verbose": 0}
    optimizer = call["network"].optimizer
    assert isinstance(optimizer, keras.optimizers.Adam)
    assert float(optimizer.learning_rate) == pytest.approx(study_voxel_fair.RATE)


def test_a_seed_repeats(built, tmp_path):
    rows = []
    for _ in range(2):
        row = study_voxel_fair.measure_fair({"network": "2D along x"}, 3, tmp_path)
        rows.append({name: value for name, value in row.items() if "seconds" not in name})
    assert rows[0] == rows[1]


def test_test_rows_are_scored_and_seconds_are_an_epochs(built, monkeypatch, tmp_path):
    ticks, seeds, scored = iter((100.0, 112.0)), [], []
    monkeypatch.setattr(study_voxel_fair, "time", SimpleNamespace(process_time=lambda: next(ticks)))
    monkeypatch.setattr(study_voxel_fair.keras.utils, "set_random_seed", seeds.append)

    def score(network, x, y):
        scored.append((x, y))
        return {"test_accuracy": 0.5, "originals": 0.7, "copies": 0.3, "confusion": np.eye(10)}

    class Network:
        def compile(self, *arguments, **options):
            pass

        def fit(self, x, y, **options):
            pass

        def evaluate(self, x, y, **options):
            return 0.9, 0.6

        def count_params(self):
            return 7

    monkeypatch.setattr(study_voxel_fair, "score", score)
    monkeypatch.setattr(study_voxel_fair.models_voxels, "build_fair_net", lambda **options: Network())
    row = study_voxel_fair.measure_fair({"network": "2D along y"}, 5, tmp_path)
    wanted = {"test_accuracy": 0.5, "originals": 0.7, "copies": 0.3, "val_accuracy": 0.6, "parameters": 7}
    assert row == wanted | {"epoch_cpu_seconds": 6} and seeds == [5]
    ((x, y),) = scored
    _, (x_test, y_test) = make_parts()
    np.testing.assert_array_equal(x, study_voxel_fair.along("2D along y", x_test))
    np.testing.assert_array_equal(y, y_test)


def test_other_networks_colours_and_pairs_are_refused():
    volumes = make_parts()[0][0]
    with pytest.raises(ValueError, match="expected network to be one of .*'2D along z', '3D', came '2D'"):
        study_voxel_fair.along("2D", volumes)
    with pytest.raises(ValueError, match="expected colour to be one of .*'map reversed', came 'grey'"):
        study_voxel_fair.coloured("grey", volumes)
    with pytest.raises(ValueError, match="expected pairs to be one of 'together', 'parted', came 'apart'"):
        study_voxel_fair.draw_validation(40, 0, pairs="apart")


@pytest.mark.parametrize("colour, channels", [("one channel", 1), ("map", 3), ("map reversed", 3)])
def test_colours_differ_and_nothing_else_does(built, tmp_path, colour, channels):
    assert set(study_voxel_fair.measure_colour({"colour": colour}, 0, tmp_path)) == KEYS
    (call,) = built
    assert call["options"] == {"dimensions": 3, "channels": channels}
    volumes = make_parts()[0][0][:34]
    wanted = colour_voxels(volumes, reverse="reversed" in colour) if channels == 3 else volumes[..., None]
    np.testing.assert_array_equal(call["x"], wanted)


def test_the_last_digits_are_held_out_with_their_copies():
    held = study_voxel_fair.last_digits(10_000)
    assert held.sum() == 1_500 and held[8_500:].all() and not held[:8_500].any()
    assert (study_voxel_fair.last_digits(42)[::2] == study_voxel_fair.last_digits(42)[1::2]).all()


def test_pairs_are_kept_together_or_parted():
    together, parted = (
        study_voxel_fair.draw_validation(200, 0, pairs=pairs) for pairs in ("together", "parted")
    )
    assert together.sum() == parted.sum() == 50
    assert (together[::2] == together[1::2]).all()
    assert (parted[::2] != parted[1::2]).sum() > 20
    for pairs, held in (("together", together), ("parted", parted)):
        assert (study_voxel_fair.draw_validation(200, 1, pairs=pairs) != held).any()
        assert (study_voxel_fair.draw_validation(200, 0, pairs=pairs) == held).all()


@pytest.mark.parametrize("pairs", ["together", "parted"])
def test_validation_is_measured_on_what_was_held_out(built, tmp_path, pairs):
    row = study_voxel_fair.measure_pairs({"pairs": pairs}, 5, tmp_path)
    held = study_voxel_fair.draw_validation(40, 5, pairs=pairs)
    (call,) = built
    assert call["options"] == {"dimensions": 2, "channels": 1}
    (x_train, y_train), _ = make_parts()
    np.testing.assert_array_equal(call["x"], x_train[~held])
    np.testing.assert_array_equal(call["y"], y_train[~held])
    guesses = call["network"].predict(x_train[held], verbose=0).argmax(axis=1)
    assert row["val_accuracy"] == pytest.approx((guesses == y_train[held]).mean())


def test_the_studies_are_registered():
    values = {
        "fair": [*study_voxel_fair.CHANNEL_AXES, "3D"],
        "colour": ["one channel", "map", "map reversed"],
    }
    values["pairs"] = ["together", "parted"]
    for name, wanted in values.items():
        study = studies.STUDIES[f"voxel_{name}"]
        assert [next(iter(setting.values())) for setting in study.settings] == wanted
        assert study.run == f"pixvox_studies.voxels.fair:measure_{name}" and len(study.seeds) >= 2
