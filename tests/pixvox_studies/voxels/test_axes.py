"""Flat windows, the grid's and points, as they lie and in their own axes: a few digits, a small network."""

import keras
import numpy as np
import pytest
from support.made_up import noise_volumes

from pixvox import tables
from pixvox.compare import unpack_answers
from pixvox.datasets.mnist import load_mnist
from pixvox.voxels.recipe import cloud_of_digit, rotation_matrix, voxel_grid
from pixvox.voxels.views import own_grid, thin_axes
from pixvox_studies.voxels import STUDIES, axes
from pixvox_studies.voxels.fresh import sample_clouds

SHAPES = {"flat": (16, 16, 16), "grid": (16, 16, 16, 1), "points": (128, 3), "shadow": (16, 16, 16)}
SCORES = {"test_accuracy", "originals", "copies", "test_right"}
ROWS, TEST = noise_volumes(24, 0), noise_volumes(20, 1)  # twelve digits, whose copies are beside them


@pytest.fixture(scope="module")
def digits():
    """The digits of `ROWS`, of few points, and their labels."""
    (images, _), _ = load_mnist()
    return sample_clouds(images[:12], np.random.default_rng(0), points=200), ROWS[1][::2]


@pytest.fixture
def built(monkeypatch, digits):
    """Put a dense layer in the networks' place; return each that was built, with what it was fitted on."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(axes.better, "load_digits", lambda: digits)
    monkeypatch.setattr(axes, "load_mnist3d", lambda **parts: (ROWS, TEST))
    epochs = {"EPOCHS": 2, "RATE_EPOCHS": 1, "FILE_EPOCHS": 3, "FILE_RATE_EPOCHS": 2}
    for name, count in (epochs | {"BATCH_SIZE": 8}).items():
        monkeypatch.setattr(axes, name, {"sample": count})
    calls = []

    def build(name):
        layers = keras.layers
        stack = [layers.Input(SHAPES[name]), layers.Flatten(), layers.Dense(10, activation="softmax")]
        network, fits = keras.Sequential(stack), []
        fit = network.fit

        def keep(x, y, **options):
            fits.append((x, y, options.get("epochs", 1)))
            return fit(x, y, **options)

        network.fit = keep
        calls.append((network, fits))
        return network

    for name, (_, take) in axes.NETWORKS.items():
        monkeypatch.setitem(axes.NETWORKS, name, (lambda name=name: build(name), take))
    return calls


def right_of(network, x, labels):
    return network.predict(x, verbose=0).argmax(axis=1) == labels


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("turn", axes.AXES)
def test_each_network_gets_what_it_takes(name, turn):
    network, look = axes.build_and_look({"network": name, "axes": turn})
    seen = look(noise_volumes(2, 0)[0])
    assert network.input_shape[1:] == seen.shape[1:] == SHAPES[name] and len(seen) == 2
    assert network.output_shape == (None, 10) and not network.compiled


@pytest.mark.parametrize("turn", axes.AXES)
def test_flat_windows_and_those_of_the_grid_see_the_same_numbers(turn):
    volumes = noise_volumes(3, 0)[0]
    flat, grid = (
        axes.builder_and_look({"network": name, "axes": turn})[1](volumes) for name in ("flat", "grid")
    )
    np.testing.assert_array_equal(grid[..., 0], flat)
    wanted = {"as they lie": np.asarray, "scaled only": axes.centred_grid, "their own": own_grid}[turn]
    np.testing.assert_array_equal(flat, wanted(volumes))


def test_points_are_drawn_from_the_same_volumes_and_are_the_same_ones_each_time():
    volumes = noise_volumes(2, 0)[0] * (np.random.default_rng(1).random((2, 16, 16, 16)) > 0.9)
    for turn, wanted in (("as they lie", volumes), ("their own", own_grid(volumes))):
        _, look = axes.builder_and_look({"network": "points", "axes": turn})
        clouds = look(volumes)
        np.testing.assert_array_equal(look(volumes), clouds)
        for volume, cloud in zip(wanted, clouds, strict=True):
            x, y, z = np.floor((cloud.T + 1) * 8).astype(int)
            assert (volume[z, y, x] > 0).all()


def test_a_shadow_holds_nothing_of_the_depth():
    volumes = noise_volumes(2, 0)[0]
    shadows = axes.as_shadows(volumes)
    assert shadows.shape == volumes.shape and shadows.dtype == np.float32
    sums = [[[sum(line) for line in rows] for rows in volume] for volume in volumes.astype(float)]
    np.testing.assert_allclose(shadows[..., 0], sums, rtol=1e-5)
    assert (shadows[..., 1:] == 0).all()
    np.testing.assert_allclose(axes.as_shadows(volumes[..., ::-1]), shadows, rtol=1e-5)
    deeper = np.sort(volumes, axis=-1)
    np.testing.assert_allclose(axes.as_shadows(deeper), shadows, rtol=1e-5)
    assert (axes.as_shadows(volumes[:, :, ::-1]) != shadows).any()


@pytest.mark.parametrize("name", axes.NAMED)
def test_an_arm_is_trained_on_fresh_digits_and_tested_on_the_rows_of_the_file(built, digits, tmp_path, name):
    row = axes.measure_axes(axes.NAMED[name], 3, tmp_path)
    ((network, fits),) = built
    _, look = axes.builder_and_look(axes.NAMED[name])
    right = right_of(network, look(TEST[0]), TEST[1])
    np.testing.assert_array_equal(unpack_answers(row["test_right"], 20), right)
    scores = [row[key] for key in ("test_accuracy", "originals", "copies")]
    assert scores == pytest.approx([right.mean(), right[::2].mean(), right[1::2].mean()])
    assert len(fits) == len(row["epoch_train"]) == 2 and (fits[0][0] != fits[1][0]).any()
    for x, y, _ in fits:
        assert x.shape == (24, *SHAPES[axes.NAMED[name]["network"]])
        np.testing.assert_array_equal(y.argmax(axis=1), np.tile(digits[1], 2))
    assert row["parameters"] == network.count_params()
    assert set(row) == SCORES | {
        "parameters",
        "train_originals",
        "train_copies",
        "epoch_train",
        "training_cpu_seconds",
        "fresh_cpu_seconds",
    }


def test_training_digits_are_scored_on_volumes_of_their_own(built, digits, monkeypatch, tmp_path):
    """The upright half of an epoch is answered right, the turned half is not."""
    setting, asked = axes.NAMED["grid, as they lie"], []

    def answer(network, x, **options):
        asked.append(x)
        return np.concatenate([digits[1], digits[1] + 1]) if len(x) == 24 else np.full(len(x), 0)

    monkeypatch.setattr(axes.common, "answer", answer)
    row = axes.measure_axes(setting, 0, tmp_path)
    assert (row["train_originals"], row["train_copies"]) == (1, 0)
    (again,) = [x for x in asked if len(x) == 24]
    assert all((again != x).any() for x, _, _ in built[0][1])  # not those that it was trained on


@pytest.mark.parametrize("name", ["flat, as they lie", "grid, their own", "points, their own"])
def test_a_rate_is_validated_on_digits_that_are_not_trained_on(built, digits, tmp_path, name):
    """Two of twelve digits are held back, each with its copy: rows 20 to 23."""
    row = axes.measure_rate(axes.NAMED[name] | {"rate": 0.02}, 0, tmp_path)
    ((network, fits),) = built
    ((x, y, _),) = fits
    assert len(x) == 2 * 10 and network.optimizer._learning_rate.warmup_target == 0.02
    np.testing.assert_array_equal(y.argmax(axis=1), np.tile(digits[1][:10], 2))
    _, look = axes.builder_and_look(axes.NAMED[name])
    right = right_of(network, look(ROWS[0][20:]), ROWS[1][20:])
    scores = [row[key] for key in ("val_accuracy", "val_originals", "val_copies")]
    assert scores == [right.mean(), right[::2].mean(), right[1::2].mean()]
    assert set(row) == {"val_accuracy", "val_originals", "val_copies", "epoch_train"}


def test_the_digits_of_the_search_are_the_first_ten(built, digits, monkeypatch, tmp_path):
    """The clouds held back are those of the rows held back."""
    seen = []
    monkeypatch.setattr(axes.better, "fresh_epoch", lambda clouds, rng: seen.append(clouds) or ROWS[0][:20])
    axes.measure_rate(axes.NAMED["flat, as they lie"] | {"rate": 0.01}, 0, tmp_path)
    np.testing.assert_array_equal(seen[0], digits[0][:10])


@pytest.mark.parametrize("name", ["flat", "grid"])
def test_on_the_file_every_epoch_has_the_same_rows(built, tmp_path, name):
    row = axes.measure_file({"network": name}, 1, tmp_path)
    ((network, fits),) = built
    ((x, y, epochs),) = fits
    assert epochs == 3 and set(row) == SCORES | {"parameters", "train_accuracy"}
    np.testing.assert_array_equal(x.reshape(ROWS[0].shape), ROWS[0])
    np.testing.assert_array_equal(y.argmax(axis=1), ROWS[1])
    take = axes.NETWORKS[name][1]
    right = right_of(network, take(TEST[0]), TEST[1])
    np.testing.assert_array_equal(unpack_answers(row["test_right"], 20), right)
    assert (row["originals"], row["copies"]) == (right[::2].mean(), right[1::2].mean())
    assert row["train_accuracy"] == right_of(network, take(ROWS[0]), ROWS[1]).mean()
    assert network.optimizer._learning_rate.warmup_target == axes.FILE_RATES["sample"][name]


def test_a_rate_for_the_file_is_validated_on_pairs_held_back(built, tmp_path):
    row = axes.measure_file_rate({"network": "grid", "rate": 0.02}, 0, tmp_path)
    ((network, ((x, y, epochs),)),) = built
    assert epochs == 2
    np.testing.assert_array_equal(x[..., 0], ROWS[0][:20])
    np.testing.assert_array_equal(y.argmax(axis=1), ROWS[1][:20])
    right = right_of(network, ROWS[0][20:, ..., None], ROWS[1][20:])
    np.testing.assert_array_equal(unpack_answers(row["val_right"], 4), right)
    assert row["val_accuracy"] == right.mean()
    assert row["train_accuracy"] == right_of(network, x, ROWS[1][:20]).mean()
    assert network.optimizer._learning_rate.warmup_target == 0.02


def test_a_seed_decides_the_weights_and_the_digits(built, tmp_path):
    for seed in (0, 0, 1):
        axes.measure_axes(axes.NAMED["flat, as they lie"], seed, tmp_path)
    first, again, other = ((fits[0][0], network.get_weights()[0]) for network, fits in built)
    assert all(map(np.array_equal, first, again)) and not any(map(np.array_equal, first, other))


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_every_arm_has_a_rate_and_as_many_epochs_as_its_rivals(monkeypatch, profile):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    plans = {name: axes.plan_of(setting) for name, setting in axes.NAMED.items()}
    control = plans.pop("flat, scaled only")
    assert control.recipe == plans["flat, as they lie"].recipe and control.epochs == axes.EPOCHS[profile]
    assert set(plans) == set(axes.RATES[profile]) and len(plans) == 6
    for name, plan in plans.items():
        assert plan.recipe == axes.common.Recipe(axes.RATES[profile][name], decay=0.02, smoothing=0.05)
    assert len({(plan.epochs, plan.batch_size) for plan in plans.values()}) == 1
    short = axes.plan_of(axes.NAMED["grid, their own"], rate=0.5, epochs=1)
    assert (short.recipe.peak, short.epochs) == (0.5, 1)
    names = ("voxel_axes", "voxel_control", "voxel_points")
    measured = [setting for name in names for setting in STUDIES[name].settings]
    assert all(setting in measured for setting in axes.ARMS) and len(measured) == 7


def best_rates(study, profile, names):
    """Return for each setting the rate of the highest accuracy, the lower of two that are level."""
    table = tables.load_study(study, profile)
    assert table.attrs["profile"] == profile
    table["name"] = [", ".join(row) for row in table[names].itertuples(index=False)]
    ordered = table.sort_values(["val_accuracy", "rate"], ascending=[False, True])
    return {name: rows.rate.iloc[0] for name, rows in ordered.groupby("name")}


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_rates_are_those_of_the_highest_validation_accuracy(profile):
    assert axes.RATES[profile] == best_rates("voxel_rates", profile, ["network", "axes"])


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_rates_for_the_file_are_those_of_the_highest_validation_accuracy(profile):
    assert axes.FILE_RATES[profile] == best_rates("voxel_fair_rates", profile, ["network"])


def test_unknown_names_are_refused(built, tmp_path):
    for measure in (
        lambda: axes.build_and_look({"network": "2D", "axes": "their own"}),
        lambda: axes.build_and_look({"network": "flat", "axes": "facing"}),
        lambda: axes.measure_file_rate({"network": "2D along x", "rate": 0.01}, 0, tmp_path),
    ):
        with pytest.raises(ValueError, match="expected one of"):
            measure()


@pytest.mark.parametrize("angles", [(0, 0, 0), (25, -30, 50)])
def test_the_control_is_centred_and_scaled_and_not_turned(angles):
    """An upright L is in its own axes already; a turned one keeps its axes, and has the size of the other."""
    image = np.zeros((28, 28))
    image[4:24, 8:12] = image[20:24, 8:22] = 1
    volume = voxel_grid(cloud_of_digit(image)[0] @ rotation_matrix(angles))[None]
    control, own = axes.centred_grid(volume)[0], own_grid(volume)[0]
    assert control.shape == (16, 16, 16) and control.dtype == np.float32 and control.max() == 1
    places = np.argwhere(control > 0)
    middle = np.average(places, axis=0, weights=control[control > 0])
    np.testing.assert_allclose(middle, 7.5, atol=0.15)
    around = np.average((places - middle)[:, :2] ** 2, axis=0, weights=control[control > 0])
    assert np.sqrt(around.sum()) == pytest.approx(5, abs=0.25)  # five sixteenths of the side, and blur
    (found,) = thin_axes(control[None])
    np.testing.assert_allclose(np.abs(found @ thin_axes(volume)[0].T), np.eye(3), atol=0.1)
    if not any(angles):
        np.testing.assert_allclose(control, own, atol=0.15)
