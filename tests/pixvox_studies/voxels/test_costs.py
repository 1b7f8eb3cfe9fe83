"""The costs of the recipes, counted from a few batches."""

from types import SimpleNamespace

import numpy as np
import pytest
from support.made_up import dense_on, noise_volumes

from pixvox.models import voxels as models
from pixvox_studies.voxels import axes, better, costs


@pytest.fixture
def small(monkeypatch):
    """Twelve digits to train on, noise for rows of the file, and one epoch."""
    clouds = np.random.default_rng(0).normal(size=(12, 200, 3)).astype(np.float32)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(better, "load_digits", lambda: (clouds, np.arange(12) % 10))
    monkeypatch.setattr(costs, "load_mnist3d", lambda **parts: (noise_volumes(40, 0), noise_volumes(20, 1)))
    monkeypatch.setattr(better, "BETTER_BATCH_SIZE", {"sample": 8})
    monkeypatch.setattr(better, "TURNING_BATCH_SIZE", {"sample": 6})
    for name, (_, look, _) in better.RECIPES.items():
        monkeypatch.setitem(better.RECIPES, name, (dense_on(look), look, {"sample": 1}))


@pytest.mark.parametrize("recipe, shape", [("P0's 2D", (16, 16, 16)), ("P0's 3D", (16, 16, 16, 3))])
def test_the_posted_trainings_are_counted_from_a_few_batches(small, monkeypatch, tmp_path, recipe, shape):
    asked = record_batches(monkeypatch)
    monkeypatch.setattr(costs.posted, "build_posted", lambda name: models.build_fair_net(dimensions=2))
    row = costs.measure_cost({"recipe": recipe}, 0, tmp_path)
    assert asked == [shape]
    assert row["batch_cpu_seconds"] == row["epoch_cpu_seconds"] == 5 and row["epochs"] == 20  # one batch
    assert row["fresh_cpu_seconds"] == row["clouds_cpu_seconds"] == 0
    assert row["training_cpu_seconds"] == 5 * 20


@pytest.mark.parametrize(
    "recipe, shape, batch_size",
    [
        ("3D", (16, 16, 16, 1), 6),
        ("facing", (16, 16, 16), 8),
        ("grid, as they lie", (16, 16, 16, 1), 10),
        ("points, their own", (128, 3), 10),
    ],
)
def test_ours_pay_for_fresh_volumes_too(small, monkeypatch, tmp_path, recipe, shape, batch_size):
    ticks = iter(range(100, 1_000, 12))
    asked = record_batches(monkeypatch)
    monkeypatch.setattr(costs, "time", SimpleNamespace(process_time=lambda: next(ticks)))
    monkeypatch.setattr(costs, "MEASURED_DIGITS", 5)
    monkeypatch.setattr(axes, "BATCH_SIZE", {"sample": 10})
    monkeypatch.setattr(axes, "EPOCHS", {"sample": 7})
    row = costs.measure_cost({"recipe": recipe}, 0, tmp_path)
    assert asked == [shape]
    assert row["fresh_cpu_seconds"] == pytest.approx(12 * 12 / 5)  # twelve seconds for five of twelve digits
    batches = -(-24 // batch_size)  # of 24 views, two of each digit
    assert row["epoch_cpu_seconds"] == pytest.approx(batches * 5 + 12 * 12 / 5)
    assert row["clouds_cpu_seconds"] == 12 and row["epochs"] == (7 if recipe in axes.NAMED else 1)
    assert row["training_cpu_seconds"] == pytest.approx(row["epochs"] * row["epoch_cpu_seconds"] + 12)


def record_batches(monkeypatch):
    """Let a batch cost five seconds; return the shapes of what would be trained on."""
    asked = []

    def seconds(network, x, y, **options):
        asked.append(x.shape[1:])
        return 5.0

    monkeypatch.setattr(costs.common, "batch_seconds", seconds)
    return asked
