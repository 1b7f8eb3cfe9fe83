import h5py
import numpy as np
import pytest

from pixvox.datasets import mnist3d, store
from pixvox.datasets.mnist3d import VECTORS, load_clouds, load_mnist3d
from pixvox_cli import make_mnist3d


def digits(count, seed):
    """Return pictures, a rectangle each, and labels."""
    rng = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), np.uint8)
    for image in images:
        top, left, height, width = rng.integers((4, 4, 2, 2), (12, 12, 8, 5))
        image[top : top + height, left : left + width] = 200
    return images, rng.integers(0, 10, count)


DIGITS = digits(6, 0), digits(3, 1)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Return the sample's folder with 12 and 6 voxel digits, 3 and 2 clouds."""
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)
    folder = tmp_path / "data" / "sample" / "3d-mnist"
    make_mnist3d.make_mnist3d(DIGITS, folder, counts=(6, 3), clouds=(3, 2), dtype=np.float32)
    return folder


def stored(folder):
    with h5py.File(folder / VECTORS) as file:
        return {name: file[name][:] for name in file}


def test_volumes_and_labels(folder):
    (x_train, y_train), (x_test, y_test) = load_mnist3d()
    assert x_train.shape == (12, 16, 16, 16) and x_test.shape == (6, 16, 16, 16)
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == y_test.dtype == np.int64
    assert x_train.min() == 0 and x_train.max() == 1
    np.testing.assert_array_equal(x_train.reshape(12, -1), stored(folder)["X_train"])
    np.testing.assert_array_equal(y_train, np.repeat(DIGITS[0][1], 2))
    np.testing.assert_array_equal(y_test, np.repeat(DIGITS[1][1], 2))


@pytest.mark.parametrize(
    "rows", [slice(0, None, 2), slice(1, 7), slice(-4, None), slice(50, 60), slice(5, 2), slice(3, 100, 5)]
)
def test_rows_are_those_of_a_slice(rows):
    (x_all, y_all), (x_test_all, y_test_all) = load_mnist3d()
    (x_train, y_train), (x_test, y_test) = load_mnist3d(train_rows=rows, test_rows=slice(0, 2))
    np.testing.assert_array_equal(x_train, x_all[rows])
    np.testing.assert_array_equal(y_train, y_all[rows])
    np.testing.assert_array_equal(x_test, x_test_all[:2])
    np.testing.assert_array_equal(y_test, y_test_all[:2])


def test_only_the_rows_asked_for_are_read(folder):
    with h5py.File(folder / VECTORS, "r+") as file:
        values = file["X_train"][:]
        values[4:, 0] = 7  # outside 0 to 1: seen when it is read
        file["X_train"][...] = values
    assert len(load_mnist3d(train_rows=slice(0, 4))[0][0]) == 4
    with pytest.raises(ValueError, match="values 0 to 1 in X_train.*`pixvox sketch voxels`"):
        load_mnist3d()


def test_float64_as_published_becomes_float32(folder):
    expected = stored(folder)
    with h5py.File(folder / VECTORS, "w") as file:
        for name, values in expected.items():
            file[name] = values.astype(np.float64) if name[0] == "X" else values.astype(np.int32)
    (x_train, y_train), _ = load_mnist3d(train_rows=slice(2, 9, 3))
    assert x_train.dtype == np.float32 and y_train.dtype == np.int64
    np.testing.assert_array_equal(x_train.reshape(3, -1), expected["X_train"][2:9:3])


BACKWARDS = [slice(None, None, -1), slice(None, None, 0), 5, [1, 2]]
NO_NUMBERS = [slice(0, 4, 1.5), slice(0, "a"), slice(0.0, 4)]


@pytest.mark.parametrize("rows", BACKWARDS + NO_NUMBERS)
def test_other_rows_are_refused(rows):
    for settings in ({"train_rows": rows}, {"test_rows": rows}):
        with pytest.raises(ValueError, match="rows as a slice with a step above 0"):
            load_mnist3d(**settings)


def other_file(file, name):
    with h5py.File("other.h5", "w") as other:
        other["x"] = np.zeros(file[name].shape, file[name].dtype)
    del file[name]
    file[name] = h5py.ExternalLink("other.h5", "/x")


def instead(name, shape, dtype):
    def change(file):
        del file[name]
        file.create_dataset(name, shape, dtype)

    return change


WRONG = {
    "key": (lambda file: file.pop("y_test"), "expected y_test in /"),
    "shape": (instead("X_test", (6, 9), "f4"), "4096"),
    "dtype": (instead("y_train", (12,), "f4"), "whole"),
    "label": (lambda file: file["y_train"].__setitem__(slice(0, 2), 10), "labels 0 to 9"),
    "link": (lambda file: other_file(file, "X_train"), "X_train to be stored in the file, came a link"),
}


@pytest.mark.parametrize(("change", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused(folder, tmp_path, monkeypatch, change, words):
    monkeypatch.chdir(tmp_path)
    with h5py.File(folder / VECTORS, "r+") as file:
        change(file)
    with pytest.raises(ValueError, match=f"{words}.*`pixvox sketch voxels`"):
        load_mnist3d()
    assert store.status("3d-mnist").state == "wrong"


def test_clouds(folder):
    clouds = load_clouds([2, 0])
    with h5py.File(folder / "train_point_clouds.h5") as file:
        for cloud, name in zip(clouds, ("2", "0"), strict=True):
            np.testing.assert_array_equal(cloud.points, file[name]["points"])
            np.testing.assert_array_equal(cloud.normals, file[name]["normals"])
            np.testing.assert_array_equal(cloud.img, file[name]["img"])
            assert cloud.points.dtype == cloud.normals.dtype == cloud.img.dtype == np.float64
            assert cloud.points.shape[1] == 3 and cloud.img.shape == (30, 30)
            assert cloud.label == DIGITS[0][1][int(name)] and 0 <= cloud.img.min() and cloud.img.max() <= 1
    assert load_clouds(range(2), part="test")[1].label == DIGITS[1][1][1]


@pytest.mark.parametrize("wrong", [["0"], [0.0], [True], [None], 5])
def test_indices_that_are_no_whole_numbers_are_the_caller_s_mistake(wrong):
    with pytest.raises(ValueError, match="^expected indices of clouds as whole numbers, such as .*, came "):
        load_clouds(wrong)
    assert len(load_clouds(np.arange(2))) == 2


def test_wrong_clouds_are_refused(folder, tmp_path, monkeypatch):
    for wrong in (3, -1):
        with pytest.raises(ValueError, match=rf"indices of clouds, 0 to 2, came \[{wrong}\]"):
            load_clouds([0, wrong])
    with pytest.raises(ValueError, match="part 'train' or 'test', came 'validation'"):
        load_clouds([0], part="validation")
    monkeypatch.chdir(tmp_path)
    with h5py.File(folder / "train_point_clouds.h5", "r+") as file:
        other_file(file, "1/points")
    assert len(load_clouds([0, 2])) == 2
    with pytest.raises(ValueError, match="points to be stored in the file, came a link"):
        load_clouds([1])


def test_check_and_status(folder):
    assert mnist3d.check(folder).startswith(
        "12 training and 6 test vectors of 16x16x16 voxels; 3 point clouds"
    )
    assert store.status("3d-mnist").state == "there"
    (folder / "test_point_clouds.h5").unlink()
    with pytest.raises(FileNotFoundError, match="`pixvox sketch voxels`"):
        load_clouds([0], part="test")
    assert store.status("3d-mnist")[0] == "missing"
