"""The loader of the drawn solids: one file, read in both profiles, and refused where it is wrong."""

import h5py
import numpy as np
import pytest

from pixvox.datasets import solids, store
from pixvox.datasets.mnist3d import VECTORS
from pixvox_cli import checks

VOLUMES = np.random.default_rng(0).random((7, 16, 16, 16)).astype(np.float16)  # [row][z][y][x]
LABELS = np.array([0, 1, 2, 9, 8, 7, 6])


@pytest.fixture(autouse=True)
def path(course):
    """Write five training and two test solids as the sample's, and return the file's path."""
    path = course / "data" / "sample" / "solids" / VECTORS
    path.parent.mkdir(parents=True)
    with h5py.File(path, "w") as file:
        file["X_train"], file["y_train"] = VOLUMES[:5].reshape(5, 4096), LABELS[:5]
        file["X_test"], file["y_test"] = VOLUMES[5:].reshape(2, 4096), LABELS[5:].astype(np.uint8)
    return path


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_volumes_and_labels_are_those_of_the_sample_s_file_in_both_profiles(profile, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    for (x, y), rows in zip(solids.load_solids(), (slice(5), slice(5, 7)), strict=True):
        assert x.dtype == np.float32 and y.dtype == np.int64
        np.testing.assert_array_equal(x, VOLUMES[rows])
        np.testing.assert_array_equal(y, LABELS[rows])
    assert len(solids.CLASS_NAMES) == 10


def test_the_committed_file_is_described_and_small():
    path = store.Path(store.__file__).parents[3] / "data" / "sample" / "solids" / VECTORS
    assert checks.check_file("solids", path) == "540 training and 180 test solids of 16x16x16 voxels"
    assert path.stat().st_size <= 1_200_000


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("X_train", np.zeros((5, 4000))),
        ("X_train", np.full((5, 4096), 1.5)),
        ("y_test", np.full(2, 10)),
        ("X_test", np.zeros((0, 4096))),
        ("y_train", None),
        ("X_test", h5py.ExternalLink("elsewhere.h5", "X_test")),
    ],
)
def test_a_wrong_file_is_refused_and_the_command_named(name, values, path):
    with h5py.File(path, "a") as file:
        del file[name]
        if values is not None:
            file[name] = values
    with pytest.raises(ValueError, match=f"{name}.*`pixvox sketch solids`"):
        solids.load_solids()


def test_a_missing_file_names_the_command(path):
    path.unlink()
    with pytest.raises(FileNotFoundError, match="`pixvox sketch solids`"):
        solids.load_solids()
