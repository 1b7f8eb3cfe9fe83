"""Drawn solids: even rotations, sets that depend on their seed only, a file that the loader reads."""

import h5py
import numpy as np
import pytest

from pixvox.datasets import solids as loader
from pixvox.datasets import store
from pixvox.datasets.mnist3d import VECTORS
from pixvox.datasets.solids import CLASS_NAMES
from pixvox_sketch import solids
from pixvox_sketch.surfaces import SOLIDS


@pytest.fixture(scope="module")
def drawn():
    return solids.draw_solids(4, seed=1000)


def test_rotations_are_rotations_and_none_is_preferred():
    rng = np.random.default_rng(0)
    matrices = np.array([solids.random_rotation(rng) for _ in range(6000)])
    ordered = np.sort(matrices, axis=0)  # each axis ends anywhere on the ball: coordinates are even, -1 to 1
    assert np.abs(ordered - np.linspace(-1, 1, 6000)[:, None, None]).max() < 0.06
    angle = np.sort(np.arccos(np.clip((np.trace(matrices, axis1=1, axis2=2) - 1) / 2, -1, 1)))
    expected = (angle - np.sin(angle)) / np.pi  # how often the turn is at most that large
    assert np.abs(expected - np.linspace(0, 1, 6000)).max() < 0.03


def test_a_cloud_is_like_those_of_the_digits():
    rng = np.random.default_rng(5)
    clouds = [solids.draw_cloud(name, rng) for name in CLASS_NAMES]
    for cloud in clouds:
        assert cloud.shape[1] == 3 and solids.POINTS[0] <= len(cloud) <= solids.POINTS[1]
        np.testing.assert_allclose(cloud.mean(axis=0), 0, atol=0.01)
        assert 0.5 < np.ptp(cloud, axis=0).max() < 2.0
    assert len({len(cloud) for cloud in clouds}) > 5


def test_vectors_are_counts_of_points_divided_by_the_largest(drawn):
    vectors, labels = drawn
    assert vectors.shape == (40, 4096) and vectors.dtype == np.float32
    assert labels.dtype == np.int64 and labels.tolist() == 4 * list(range(10))
    assert tuple(SOLIDS) == CLASS_NAMES
    points = solids.draw_cloud(CLASS_NAMES[3], np.random.default_rng([1000, solids.STREAM, 13]))
    z, y, x = vectors[13].reshape(16, 16, 16).nonzero()
    assert vectors.min() == 0 and (vectors.max(axis=1) == 1).all() and np.ptp([x, y, z]) == 15
    counts = vectors[13].astype(np.float64) / vectors[13][vectors[13] > 0].min()
    assert round(counts.sum()) == len(points) and np.abs(counts - counts.round()).max() < 1e-3


def test_what_is_written_is_what_is_loaded_and_small(drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    folder = solids.write_solids(seed=1000, count=4, processes=1)
    assert folder == tmp_path / "data" / "sample" / "solids"
    assert [path.name for path in folder.iterdir()] == [VECTORS]
    assert (folder / VECTORS).stat().st_size < 40 * 2100
    assert (folder / VECTORS).read_bytes()[8] == 0, "later layouts of HDF5 note when they were written"
    (x_train, y_train), (x_test, y_test) = loader.load_solids()
    assert len(x_train) == 30 and len(x_test) == 10
    loaded = np.concatenate([x_train, x_test]).reshape(40, 4096)
    np.testing.assert_allclose(loaded, drawn[0], atol=2.5e-4)
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), drawn[1])


def test_the_committed_file_begins_as_the_program_draws():
    fresh, _ = solids.draw_solids(1, seed=solids.SAMPLE_SEED)
    with h5py.File(store.data_dir("sample") / "solids" / VECTORS) as file:
        np.testing.assert_array_equal(file["X_train"][:10], fresh.astype(np.float16))
        np.testing.assert_array_equal(np.bincount(file["y_train"]), 10 * [54])
        np.testing.assert_array_equal(np.bincount(file["y_test"]), 10 * [18])


def test_a_view_shows_what_is_near():
    near, far, corner = (0.5, 0.0, 0.0), (-0.5, 0.0, 0.0), (0.0, -0.5, 0.5)
    picture = solids.view_cloud(np.array([near, far, corner]), size=32)
    assert picture.shape == (32, 32) and picture.dtype == np.uint8
    assert picture.min() == solids.NEAR and solids.FAR not in picture  # the far point is hidden
    rows, columns = np.nonzero((picture != solids.PAPER) & (picture != solids.NEAR))
    assert len(rows) == 4 and rows.max() < 16 and columns.max() < 16  # up and to the left, half way
    assert (picture == solids.PAPER).sum() == 32 * 32 - 2 * 4
