import hashlib
from pathlib import Path

import h5py
import numpy as np
import pytest

import pixvox
from pixvox.datasets.mnist3d import VECTORS
from pixvox.voxels import recipe as voxels
from pixvox_cli import checks
from pixvox_cli import make_mnist3d as voxel_digits
from pixvox_sketch.digits import draw_digits

DATA = Path(pixvox.__file__).parents[2] / "data"
COMMITTED = DATA / "sample" / "3d-mnist"


@pytest.fixture(scope="module")
def drawn():
    return draw_digits()


@pytest.fixture(scope="module")
def written(tmp_path_factory, drawn):
    """Write the first few voxel digits as the program does."""
    folder = tmp_path_factory.mktemp("voxels")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(voxel_digits, "SAMPLE_COUNTS", (12, 6))
        patch.setattr(voxel_digits, "SAMPLE_CLOUDS", (3, 2))
        patch.setattr(voxel_digits.store, "data_dir", lambda profile: folder)
        patch.setattr(voxel_digits, "draw_digits", lambda: drawn)
        return voxel_digits.write_voxel_digits()


def test_the_committed_files_are_those_of_the_recipe():
    assert checks.check("3d-mnist", COMMITTED) == (
        "1,000 training and 250 test vectors of 16x16x16 voxels; 50 point clouds; 50 point clouds"
    )
    assert sum(path.stat().st_size for path in COMMITTED.iterdir()) < 5_000_000


def test_the_committed_vectors_begin_as_the_program_writes_them(written):
    names = ["full_dataset_vectors.h5", "train_point_clouds.h5", "test_point_clouds.h5"]
    assert [path.relative_to(path.parents[1]).as_posix() for path in written] == [
        f"3d-mnist/{n}" for n in names
    ]
    with h5py.File(written[0]) as here, h5py.File(COMMITTED / VECTORS) as committed:
        for name in here:
            np.testing.assert_allclose(here[name][:], committed[name][: len(here[name])], atol=1e-6)


def test_the_committed_clouds_begin_as_the_program_writes_them(written):
    for path in written[1:]:
        with h5py.File(path) as here, h5py.File(COMMITTED / path.name) as committed:
            for group in here:
                assert committed[group]["points"].dtype == np.float32
                assert committed[group].attrs["label"] == here[group].attrs["label"]
                for name in here[group]:
                    np.testing.assert_allclose(here[group][name], committed[group][name], atol=1e-6)


def test_a_late_digit_is_the_recipe_s_too(drawn):
    with h5py.File(COMMITTED / VECTORS) as committed:
        row, label = committed["X_train"][2 * 499], committed["y_train"][2 * 499]
    grid = voxels.voxel_grid(voxels.cloud_of_digit(drawn["x_train"][499])[0])
    np.testing.assert_allclose(row, grid.ravel(), atol=1e-6)
    assert label == drawn["y_train"][499]


def test_the_data_card_gives_the_checksums():
    card = (DATA / "README.md").read_text(encoding="utf-8")
    for path in COMMITTED.iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() in card, path.name
    assert checks.check_file("3d-mnist", COMMITTED / VECTORS)[:20] in card
