"""The cost study of lesson 08, on a handful of volumes and with a clock of our own."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox_studies import frame as studies
from pixvox_studies.voxels import better as study_voxel_better
from pixvox_studies.voxels import cost as study_voxel_cost
from pixvox_studies.voxels import posted as study_voxel_posted

ROWS = 40
BATCH_SECONDS = 12 + 12 / 3  # 12 in each of three batches, and once for reading the clock


@pytest.fixture
def small(monkeypatch):
    """Few rows and batches, networks that only keep what they are given, and a clock of our own.

    It goes on by 12 seconds at each reading and in each batch.
    """
    fitted = []
    ticks = iter(range(100, 1_000, 12))

    class Network:
        def compile(self, optimizer, *arguments, **options):
            self.optimizer = optimizer

        def fit(self, x, y, *, batch_size, verbose):
            for _ in range(len(y) // batch_size):
                next(ticks)
            fitted.append(SimpleNamespace(x=x, y=y, batch_size=batch_size, network=self))

    volumes = np.random.default_rng(0).random((ROWS, 16, 16, 16)).astype(np.float32)
    labels = np.arange(ROWS) // 2 % 10
    clouds = np.random.default_rng(0).normal(size=(ROWS // 2, 50, 3)).astype(np.float32)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(study_voxel_cost, "time", SimpleNamespace(process_time=lambda: next(ticks)))
    monkeypatch.setattr(study_voxel_cost, "WARM_BATCHES", 1)
    monkeypatch.setattr(study_voxel_cost, "MEASURED_BATCHES", 3)
    monkeypatch.setattr(study_voxel_cost, "MEASURED_DIGITS", 5)
    monkeypatch.setattr(study_voxel_cost, "load_mnist3d", lambda **parts: ((volumes, labels), None))
    monkeypatch.setattr(study_voxel_posted, "build_posted", lambda name: Network())
    monkeypatch.setattr(study_voxel_posted, "BATCH_SIZE", {"2D": 6, "3D": 4})
    monkeypatch.setattr(study_voxel_better, "load_digits", lambda: (clouds, labels[::2]))
    monkeypatch.setattr(study_voxel_better, "BATCH_SIZE", {"sample": 7})
    for name, recipe in study_voxel_better.RECIPES.items():
        changed = recipe._replace(build=Network, epochs={"sample": 9})
        monkeypatch.setitem(study_voxel_better.RECIPES, name, changed)
    return fitted


def sizes(fitted):
    """Return the shapes and batch sizes that the networks were given."""
    return [(call.x.shape, len(call.y), call.batch_size) for call in fitted]


@pytest.mark.parametrize(
    "recipe, batch_size, batches, shape",
    [("P0's 2D", 6, 5, (16, 16, 16)), ("P0's 3D", 4, 9, (16, 16, 16, 3))],
)
def test_the_posted_trainings_are_counted_from_a_few_batches(
    small, tmp_path, recipe, batch_size, batches, shape
):
    row = study_voxel_cost.measure_cost({"recipe": recipe}, 0, tmp_path)
    assert row["batch_cpu_seconds"] == BATCH_SECONDS
    assert row["fresh_cpu_seconds"] == row["clouds_cpu_seconds"] == 0
    assert row["epoch_cpu_seconds"] == BATCH_SECONDS * batches and row["epochs"] == 20
    assert row["training_cpu_seconds"] == BATCH_SECONDS * batches * 20
    assert sizes(small) == [
        ((count * batch_size, *shape), count * batch_size, batch_size) for count in (1, 3)
    ]
    (x_train, y_train), _ = study_voxel_cost.load_mnist3d()
    fit, _ = study_voxel_posted.split_rows(ROWS, network=recipe[-2:])
    rows = fit[: 3 * batch_size]
    np.testing.assert_array_equal(small[1].y, y_train[rows])
    np.testing.assert_array_equal(small[1].x, study_voxel_posted.prepare(x_train[rows], network=recipe[-2:]))
    assert {call.network.optimizer for call in small} == {"adam"}


@pytest.mark.parametrize("recipe, shape", [("3D", (16, 16, 16, 1)), ("facing", (24, 24, 1))])
def test_ours_pay_for_fresh_volumes_too(small, tmp_path, recipe, shape):
    row = study_voxel_cost.measure_cost({"recipe": recipe}, 0, tmp_path)
    assert row["fresh_cpu_seconds"] == 12 * 20 / 5  # twelve seconds for five of twenty digits
    assert row["epoch_cpu_seconds"] == BATCH_SECONDS * 6 + 48  # forty views in batches of seven
    assert row["clouds_cpu_seconds"] == 12
    assert row["training_cpu_seconds"] == 9 * row["epoch_cpu_seconds"] + 12
    assert sizes(small) == [((count * 7, *shape), count * 7, 7) for count in (1, 3)]
    targets = np.resize(np.tile(np.arange(5), 2), 3 * 7)  # the five digits, upright and as copies
    np.testing.assert_array_equal(small[1].y.argmax(axis=1), targets)
    rate = small[0].network.optimizer._learning_rate
    assert rate.warmup_steps + rate.decay_steps == 6 * 9  # as in the whole training


def test_the_study_is_registered():
    study = studies.STUDIES["voxel_cost"]
    recipes = [setting["recipe"] for setting in study.settings]
    assert recipes == [*study_voxel_cost.POSTED, *study_voxel_better.RECIPES]
    assert study.run == "pixvox_studies.voxels.cost:measure_cost" and len(study.seeds) > 1
