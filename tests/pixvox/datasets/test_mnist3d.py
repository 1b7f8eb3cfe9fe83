import h5py
import numpy as np
import pytest
from support.published import digits

from pixvox.datasets.mnist3d import CLOUDS, VECTORS, load_clouds, load_mnist3d
from pixvox_cli import checks, doctor, make_mnist3d

DIGITS = digits(6, 0), digits(3, 1)


@pytest.fixture(autouse=True)
def folder(course):
    """Return the sample's folder with 12 and 6 voxel digits, 3 and 2 clouds."""
    folder = course / "data" / "sample" / "3d-mnist"
    make_mnist3d.make_vectors(DIGITS, folder / VECTORS, counts=(6, 3))
    for part, name, count in zip(DIGITS, CLOUDS, (3, 2), strict=True):
        make_mnist3d.make_clouds(part, folder / name, count=count, dtype=np.float32)
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


@pytest.mark.parametrize("rows", [slice(0, None, 2), slice(1, 7), slice(-4, None), slice(3, 100, 5)])
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


@pytest.mark.parametrize("rows", [slice(None, None, -1), [1, 2], slice(0, 4, 1.5), slice(0, "a")])
def test_other_rows_are_refused(rows):
    for settings in ({"train_rows": rows}, {"test_rows": rows}):
        with pytest.raises(ValueError, match="rows as a slice with a step above 0"):
            load_mnist3d(**settings)


def test_clouds(folder):
    clouds = load_clouds([2, 0])
    with h5py.File(folder / CLOUDS[0]) as file:
        for cloud, name in zip(clouds, ("2", "0"), strict=True):
            np.testing.assert_array_equal(cloud.points, file[name]["points"])
            np.testing.assert_array_equal(cloud.normals, file[name]["normals"])
            np.testing.assert_array_equal(cloud.img, file[name]["img"])
            assert cloud.points.dtype == cloud.normals.dtype == cloud.img.dtype == np.float64
            assert cloud.points.shape[1] == 3 and cloud.img.shape == (30, 30)
            assert cloud.label == DIGITS[0][1][int(name)] and 0 <= cloud.img.min() and cloud.img.max() <= 1
    assert len(load_clouds(np.arange(2))) == 2


@pytest.mark.parametrize("wrong", [["0"], [0.0], [True], 5, [0, 3], [-1]])
def test_indices_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match="expected indices of clouds"):
        load_clouds(wrong)


def test_check_and_status(folder):
    assert checks.check("3d-mnist", folder).startswith(
        "12 training and 6 test vectors of 16x16x16 voxels; 3 point clouds"
    )
    assert doctor.status("3d-mnist").state == "there"
    (folder / CLOUDS[0]).unlink()
    with pytest.raises(FileNotFoundError, match="`pixvox sketch voxels`"):
        load_clouds([0])
    assert doctor.status("3d-mnist").state == "missing"


# Wrong contents


def replace(name, **settings):
    """Return a change that puts another array in a place."""

    def change(file):
        del file[name]
        file.create_dataset(name, **settings)

    return change


def sized(name, *shape):
    """Return a change that puts an array of another size there, of which nothing is written."""
    return replace(name, shape=shape, dtype="f4", chunks=(1, *shape[1:]), maxshape=(None, *shape[1:]))


def values(name, index, value):
    """Return a change of some values."""
    return lambda file: file[name].__setitem__(index, value)


def link(name):
    """Return a change that moves something to another file and leaves a link."""

    def change(file):
        with h5py.File("other.h5", "w") as other:
            file.copy(name, other, "x")
        del file[name]
        file[name] = h5py.ExternalLink("other.h5", "/x")

    return change


def external_storage(file):
    with open("raw.bin", "wb") as raw:
        raw.write(bytes(12 * 4096 * 4))
    stored = [("raw.bin", 0, 12 * 4096 * 4)]
    replace("X_train", shape=(12, 4096), dtype="f4", external=stored)(file)


def virtual(file):
    with h5py.File("other.h5", "w") as other:
        other["x"] = np.zeros((12, 4096), "f4")
    layout = h5py.VirtualLayout((12, 4096), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", (12, 4096))
    del file["X_train"]
    file.create_virtual_dataset("X_train", layout)


def both(*changes):
    return lambda file: [change(file) for change in changes]


WRONG = {
    "no key": lambda file: file.pop("y_test"),
    "row too short": replace("X_train", data=np.zeros((12, 4095), "f4")),
    "one axis": replace("X_train", data=np.zeros(12, "f4")),
    "whole numbers": replace("X_train", data=np.zeros((12, 4096), int)),
    "float labels": replace("y_train", data=np.zeros(12)),
    "too few labels": replace("y_train", data=np.zeros(11, int)),
    "label 10": values("y_train", slice(0, 2), 10),
    "pair apart": values("y_train", slice(0, 2), (1, 2)),
    "above 1": values("X_test", (3, 7), 1.01),
    "NaN": values("X_test", (3, 7), np.nan),
    "object references": replace("X_train", data=np.full((12, 4096), h5py.Reference(), h5py.ref_dtype)),
    "external link": link("X_train"),
    "external storage": external_storage,
    "virtual": virtual,
    "no rows": both(sized("X_train", 0, 4096), replace("y_train", data=np.zeros(0, int))),
    "odd rows": both(sized("X_train", 3, 4096), replace("y_train", data=np.zeros(3, int))),
    "many rows": both(sized("X_train", 200_000, 4096), replace("y_train", data=np.zeros(200_000, int))),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_wrong_vectors_are_refused_with_the_remedy(folder, tmp_path, monkeypatch, change):
    monkeypatch.chdir(tmp_path)
    with h5py.File(folder / VECTORS, "r+") as file:
        change(file)
    with pytest.raises(ValueError, match=f"{VECTORS}: expected"):
        checks.check_file("3d-mnist", folder / VECTORS)
    with pytest.raises(ValueError, match=f"{VECTORS}: expected .*`pixvox sketch voxels`"):
        load_mnist3d()
    assert doctor.status("3d-mnist").state == "wrong"


WRONG_CLOUDS = {
    "nothing": lambda file: [file.pop(name) for name in list(file)],
    "a gap": lambda file: file.pop("1"),
    "other name": lambda file: file.move("1", "one"),
    "no normals": lambda file: file.pop("1/normals"),
    "flat points": replace("1/points", data=np.zeros((9, 2))),
    "no points": both(sized("1/points", 0, 3), sized("1/normals", 0, 3)),
    "many points": both(sized("1/points", 600_000, 3), sized("1/normals", 600_000, 3)),
    "far points": values("1/points", (4, 1), 7),
    "long normals": values("1/normals", (4, 1), 7),
    "flat picture": replace("1/img", data=np.zeros(900)),
    "no label": lambda file: file["1"].attrs.pop("label"),
    "label 10": lambda file: file["1"].attrs.create("label", 10),
    "link to a digit": link("1"),
}


@pytest.mark.parametrize("change", WRONG_CLOUDS.values(), ids=WRONG_CLOUDS)
def test_wrong_clouds_are_refused_with_the_remedy(folder, tmp_path, monkeypatch, change):
    monkeypatch.chdir(tmp_path)
    with h5py.File(folder / CLOUDS[0], "r+") as file:
        change(file)
    with pytest.raises(ValueError, match=f"{CLOUDS[0]}: expected"):
        checks.check_file("3d-mnist", folder / CLOUDS[0])
    with pytest.raises(ValueError, match="expected .*"):
        load_clouds([1])


def test_a_damaged_chunk_is_refused(folder):
    path = folder / VECTORS
    with h5py.File(path, "r") as file:
        chunk = file["X_train"].id.get_chunk_info(0)
    damaged = bytearray(path.read_bytes())
    damaged[chunk.byte_offset : chunk.byte_offset + chunk.size] = bytes(chunk.size)
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match="expected a whole HDF5 file"):
        checks.check_file("3d-mnist", path)
