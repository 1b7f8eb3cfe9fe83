import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from pixvox.datasets import mnist3d as check_mnist3d
from pixvox.voxels import recipe as voxels
from pixvox_cli import make_mnist3d

CHUNK = (1, 4096)


def drawn_digits(count, seed):
    """Return small pictures, a rectangle each, and labels."""
    rng = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28, 1), np.uint8)
    for image in images:
        top, left, height, width = rng.integers((4, 4, 2, 2), (12, 12, 8, 5))
        image[top : top + height, left : left + width] = rng.integers(1, 256)
    return images, rng.integers(0, 10, count)


@pytest.fixture(scope="module")
def digits():
    return drawn_digits(30, 1), drawn_digits(6, 2)


@pytest.fixture
def vectors(digits, tmp_path):
    return make_mnist3d.make_vectors(digits, tmp_path / "v.h5", counts=(3, 2))


@pytest.fixture
def clouds(digits, tmp_path):
    return make_mnist3d.make_clouds(digits[0], tmp_path / "c.h5", count=3)


def read(path):
    with h5py.File(path, "r") as file:
        return {name: file[name][:] for name in file}


# Vectors.


def test_vectors_hold_a_digit_and_its_copy_in_turn(digits, tmp_path):
    path = make_mnist3d.make_vectors(digits, tmp_path / "new" / "v.h5", counts=(30, 6))
    arrays = read(path)
    assert sorted(arrays) == ["X_test", "X_train", "y_test", "y_train"]
    assert arrays["X_train"].shape == (60, 4096) and arrays["X_test"].shape == (12, 4096)
    assert arrays["X_train"].dtype == np.float32 and arrays["y_train"].dtype == np.int64
    for part, (images, labels) in zip(("train", "test"), digits, strict=True):
        np.testing.assert_array_equal(arrays[f"y_{part}"], np.repeat(labels, 2))
        for index, image in enumerate(images):
            expected = voxels.voxel_grid(voxels.cloud_of_digit(image)[0]).ravel()
            original, copy = arrays[f"X_{part}"][2 * index : 2 * index + 2]
            np.testing.assert_array_equal(original, expected.astype(np.float32))
            assert 0 <= copy.min() and copy.max() == 1 and (copy != original).any()
    assert check_mnist3d.check_vectors(path).startswith("60 training and 12 test vectors of 16x16x16")
    assert path.stat().st_size < 72 * 4096  # a quarter of the numbers' bytes


def test_vectors_do_not_depend_on_how_the_work_is_split(digits, tmp_path, monkeypatch):
    whole = read(make_mnist3d.make_vectors(digits, tmp_path / "whole.h5", counts=(30, 6)))
    monkeypatch.setattr(make_mnist3d, "BLOCK", 4)
    parted = read(make_mnist3d.make_vectors(digits, tmp_path / "parted.h5", counts=(9, 3)))
    for part, count in (("train", 18), ("test", 6)):
        np.testing.assert_array_equal(parted[f"X_{part}"], whole[f"X_{part}"][:count])


def test_seed_changes_the_copies_only(digits, tmp_path):
    first, second = (
        read(make_mnist3d.make_vectors(digits, tmp_path / "v.h5", seed=seed, counts=(3, 2)))
        for seed in (0, 1)
    )
    np.testing.assert_array_equal(first["X_train"][::2], second["X_train"][::2])
    assert (first["X_train"][1::2] != second["X_train"][1::2]).any(axis=1).all()


def test_training_and_test_copies_of_one_digit_differ(digits, tmp_path):
    arrays = read(make_mnist3d.make_vectors((digits[0], digits[0]), tmp_path / "v.h5", counts=(3, 3)))
    np.testing.assert_array_equal(arrays["X_train"][::2], arrays["X_test"][::2])
    assert (arrays["X_train"][1::2] != arrays["X_test"][1::2]).any(axis=1).all()


def test_progress_is_shown(digits, tmp_path, capsys):
    make_mnist3d.make_vectors(digits, tmp_path / "v.h5", counts=(3, 2))
    shown = capsys.readouterr().err
    assert "3D MNIST vectors: 100%" in shown and "5/5" in shown


# Clouds, and all three files.


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_clouds_have_a_group_a_digit(digits, tmp_path, dtype):
    path = make_mnist3d.make_clouds(digits[0], tmp_path / "c.h5", count=3, dtype=dtype)
    with h5py.File(path, "r") as file:
        assert sorted(file) == ["0", "1", "2"]
        for index, image in enumerate(digits[0][0][:3]):
            group = file[str(index)]
            points, normals = voxels.cloud_of_digit(image)
            assert group["points"].dtype == group["normals"].dtype == group["img"].dtype == dtype
            np.testing.assert_array_equal(group["points"], points.astype(dtype))
            np.testing.assert_array_equal(group["normals"], normals)
            assert group["img"].shape == (30, 30)
            np.testing.assert_allclose(group["img"][1:-1, 1:-1], image[..., 0] / 255, rtol=1e-6)
            assert group.attrs["label"] == digits[0][1][index]
    assert check_mnist3d.check_clouds(path) == "3 point clouds"


def test_all_three_files_have_their_published_names(digits, tmp_path):
    paths = make_mnist3d.make_mnist3d(digits, tmp_path, counts=(4, 2), clouds=(2, 1), dtype=np.float32)
    names = ["full_dataset_vectors.h5", "train_point_clouds.h5", "test_point_clouds.h5"]
    assert [path.name for path in paths] == names
    assert sorted(os.listdir(tmp_path)) == sorted(names)
    assert check_mnist3d.check_vectors(paths[0]).startswith("8 training and 4 test")
    assert [check_mnist3d.check_clouds(path) for path in paths[1:]] == ["2 point clouds", "1 point clouds"]


# Wrong input.


def wrong_parts():
    images, labels = drawn_digits(5, 3)
    empty = images.copy()
    empty[3] = 0
    yield "no picture axis", (images[0], labels), 2, "expected pictures"
    yield "colour", (np.repeat(images, 3, axis=-1), labels), 2, r"came \(5, 28, 28, 3\)"
    yield "too few labels", (images, labels[:4]), 2, r"int64 \(4,\)"
    yield "float labels", (images, labels / 1), 2, "whole-number labels"
    yield "too few digits", (images, labels), 6, "1 to the 5 digits there are, came 6"
    yield "none wanted", (images, labels), 0, "came 0"
    yield "empty picture", (empty, labels), 5, "number 3 is empty"


@pytest.mark.parametrize(("part", "count", "message"), [pytest.param(*w[1:], id=w[0]) for w in wrong_parts()])
def test_wrong_digits_are_refused_before_anything_is_written(digits, tmp_path, part, count, message):
    with pytest.raises(ValueError, match=f"train: .*{message}"):
        make_mnist3d.make_vectors((part, digits[1]), tmp_path / "v.h5", counts=(count, 1))
    with pytest.raises(ValueError, match=f"clouds: .*{message}"):
        make_mnist3d.make_clouds(part, tmp_path / "clouds.h5", count=count)
    assert list(tmp_path.iterdir()) == []


def test_a_negative_seed_leaves_the_old_file(digits, vectors):
    before = read(vectors)
    with pytest.raises(ValueError, match="non-negative"):
        make_mnist3d.make_vectors(digits, vectors, seed=-1, counts=(3, 2))
    np.testing.assert_array_equal(read(vectors)["X_train"], before["X_train"])


# Disk full, killed.


def make(kind, digits, path):
    if kind == "vectors":
        return make_mnist3d.make_vectors(digits, path, counts=(30, 6))
    return make_mnist3d.make_clouds(digits[0], path, count=30)


@pytest.mark.parametrize("kind", ["vectors", "clouds"])
def test_disk_full_leaves_the_old_file(digits, tmp_path, monkeypatch, kind):
    path = tmp_path / "file.h5"
    path.write_bytes(b"old")
    write_bytes = Path.write_bytes

    def write_half(target, content):
        write_bytes(target, bytes(content)[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with pytest.raises(OSError, match=r"could not write file.h5 \(No space left.*\)") as caught:
        make(kind, digits, path)
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["file.h5"]


def test_a_folder_that_cannot_be_written_is_told_before_the_work(digits, tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"not a folder")
    monkeypatch.setattr(make_mnist3d, "digit_vectors", None)
    with pytest.raises(OSError, match=r"could not write v.h5 \(.*\): .*file.v.h5"):
        make("vectors", digits, tmp_path / "file" / "v.h5")


LIMITED = """
import resource, signal, sys
import numpy as np
from pixvox_cli import make_mnist3d
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
noise = np.random.default_rng(0).integers(0, 2, (25, 9, 9))
part = noise, np.zeros(25, int)
try:
    make_mnist3d.make_vectors((part, part), sys.argv[1], counts=(25, 25))
except OSError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="the limit of a file's size is POSIX")
def test_a_real_failed_write_is_told_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.h5"
    path.write_bytes(b"old")
    command = [sys.executable, "-c", LIMITED, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert "could not write" in result.stdout and "(File too large)" in result.stdout
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["file.h5"]


SLOW = """
import sys, time
from pathlib import Path
import numpy as np
from pixvox_cli import make_mnist3d

def wait():
    print("half-way", flush=True)
    time.sleep(60)

def slow_vectors(image, rng, make=make_mnist3d.digit_vectors):
    if rng.bit_generator.seed_seq.entropy[2] == 40:
        wait()
    return make(image, rng)

def slow_write(path, content, write=Path.write_bytes):
    write(path, bytes(content)[: len(content) // 2])
    wait()

if sys.argv[2] == "making":
    make_mnist3d.digit_vectors = slow_vectors
else:
    Path.write_bytes = slow_write
images = np.zeros((50, 28, 28), np.uint8)
images[:, 10:20, 10:12] = 1
part = images, np.zeros(50, int)
make_mnist3d.make_vectors((part, part), sys.argv[1], counts=(50, 1))
"""


@pytest.mark.parametrize(("moment", "old"), [("making", None), ("writing", None), ("writing", b"old")])
def test_killed_half_way_leaves_nothing_half_made(digits, tmp_path, moment, old):
    path = tmp_path / "full_dataset_vectors.h5"
    if old:
        path.write_bytes(old)
    command = [sys.executable, "-c", SLOW, str(path), moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout.readline() == "half-way\n"
        maker.kill()
    assert (path.read_bytes() if path.exists() else None) == old
    leftovers = set(tmp_path.iterdir()) - {path}
    assert leftovers
    for leftover in leftovers:  # where processes cannot be asked for, age decides
        os.utime(leftover, (time.time() - 86400 * 30,) * 2)
    make_mnist3d.make_vectors(digits, path, counts=(3, 2))
    assert os.listdir(tmp_path) == [path.name]
    check_mnist3d.check_vectors(path)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_ctrl_c_leaves_nothing(tmp_path):
    path = tmp_path / "full_dataset_vectors.h5"
    command = [sys.executable, "-c", SLOW, str(path), "making"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as maker:
        assert maker.stdout.readline() == "half-way\n"
        maker.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in maker.communicate(timeout=30)[1]
    assert list(tmp_path.iterdir()) == []


# Checks of the vectors.


def replace(file, name, **kwargs):
    del file[name]
    file.create_dataset(name, **kwargs)


def to_other_file(file, name, link):
    with h5py.File("other.h5", "w") as other:
        other.create_dataset("X", data=np.zeros((6, 4096), np.float32))
    del file[name]
    file[name] = link


def external_storage(file):
    with open("raw.bin", "wb") as raw:
        raw.write(bytes(6 * 4096 * 4))
    storage = [("raw.bin", 0, 6 * 4096 * 4)]
    replace(file, "X_train", shape=(6, 4096), dtype=np.float32, external=storage)


def virtual(file):
    with h5py.File("other.h5", "w") as other:
        other.create_dataset("X", data=np.zeros((6, 4096), np.float32))
    layout = h5py.VirtualLayout((6, 4096), np.float32)
    layout[:] = h5py.VirtualSource("other.h5", "X", (6, 4096))
    del file["X_train"]
    file.create_virtual_dataset("X_train", layout)


def as_group(file):
    del file["X_train"]
    file.create_group("X_train")


def set_values(name, index, value):
    def change(file):
        file[name][index] = value

    return change


def swap(name, **kwargs):
    return lambda file: replace(file, name, **kwargs)


SOFT_LINK, EXTERNAL_LINK = h5py.SoftLink("/X_test"), h5py.ExternalLink("other.h5", "/X")
WRONG_VECTORS = {
    "key missing": (lambda file: file.pop("y_test"), "expected y_test in /, came"),
    "row too short": (swap("X_train", data=np.zeros((6, 4095), np.float32)), r"\(6, 4096\), came .*4095"),
    "one axis": (swap("X_train", data=np.zeros(6, np.float32)), r"of shape \(6, 4096\), came float32"),
    "a number": (swap("X_train", data=1.0), r"came float64 of shape \(\)"),
    "whole numbers": (swap("X_train", data=np.zeros((6, 4096), int)), "as floats of shape"),
    "texts": (swap("y_train", data=["1"] * 6), "as whole numbers"),
    "float labels": (swap("y_train", data=np.zeros(6)), "as whole numbers"),
    "too few labels": (swap("y_train", data=np.zeros(5, int)), r"\(6,\), came int64 of shape \(5,\)"),
    "label 10": (set_values("y_train", slice(0, 2), 10), "labels 0 to 9"),
    "label -1": (set_values("y_train", slice(0, 2), -1), "labels 0 to 9"),
    "pair apart": (set_values("y_train", slice(0, 2), (1, 2)), "the same for both rows"),
    "above 1": (set_values("X_test", (3, 7), 1.01), "values 0 to 1 in X_test"),
    "below 0": (set_values("X_test", (3, 7), -0.01), "values 0 to 1 in X_test"),
    "NaN": (set_values("X_test", (3, 7), np.nan), "values 0 to 1 in X_test"),
    "soft link": (lambda file: to_other_file(file, "X_train", SOFT_LINK), "X_train to be stored in the file"),
    "external link": (lambda file: to_other_file(file, "X_train", EXTERNAL_LINK), "came a link"),
    "external storage": (external_storage, "lie in another one"),
    "virtual": (virtual, "lie in another one"),
    "group": (as_group, "X_train to be a Dataset, came a Group"),
}


@pytest.mark.parametrize(("change", "message"), WRONG_VECTORS.values(), ids=WRONG_VECTORS)
def test_wrong_vectors_are_told(vectors, monkeypatch, change, message):
    monkeypatch.chdir(vectors.parent)
    check_mnist3d.check_vectors(vectors)
    with h5py.File(vectors, "r+") as file:
        change(file)
    with pytest.raises(ValueError, match=rf"v\.h5: .*{message}"):
        check_mnist3d.check_vectors(vectors)


@pytest.mark.parametrize("count", [0, 3, 200_000])
def test_an_unlikely_number_of_rows_is_refused_unread(vectors, count):
    with h5py.File(vectors, "r+") as file:
        replace(file, "X_train", shape=(count, 4096), dtype=np.float32, chunks=CHUNK, maxshape=(None, 4096))
        replace(file, "y_train", shape=(count,), dtype=int, chunks=(1,), maxshape=(None,))
    with pytest.raises(ValueError, match=f"two rows a digit in X_train, came {count} rows"):
        check_mnist3d.check_vectors(vectors)


def test_published_vectors_of_float64_are_taken(vectors):
    with h5py.File(vectors, "r+") as file:
        for name in ("X_train", "X_test"):
            replace(file, name, data=file[name][:].astype(np.float64))
    assert check_mnist3d.check_vectors(vectors).startswith("6 training")


@pytest.mark.parametrize("check", [check_mnist3d.check_vectors, check_mnist3d.check_clouds])
def test_what_is_no_hdf5_file_is_told(vectors, tmp_path, check):
    foreign, part = tmp_path / "foreign.h5", tmp_path / "part.h5"
    foreign.write_bytes(b"\x89PNG not at all")
    part.write_bytes(vectors.read_bytes()[:3000])
    for path in (foreign, part):
        with pytest.raises(ValueError, match="expected a whole HDF5 file"):
            check(path)
    with pytest.raises(FileNotFoundError, match="it is not there"):
        check(tmp_path / "missing.h5")


def test_a_damaged_chunk_is_told(vectors):
    with h5py.File(vectors, "r") as file:
        chunk = file["X_train"].id.get_chunk_info(0)
    damaged = bytearray(vectors.read_bytes())
    damaged[chunk.byte_offset : chunk.byte_offset + chunk.size] = bytes(chunk.size)
    vectors.write_bytes(damaged)
    with pytest.raises(ValueError, match="expected a whole HDF5 file"):
        check_mnist3d.check_vectors(vectors)


def test_a_file_without_permission_is_not_called_broken(vectors, monkeypatch):
    def forbidden(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(check_mnist3d.h5py, "File", forbidden)
    with pytest.raises(PermissionError):
        check_mnist3d.check_vectors(vectors)


# Checks of the clouds.


def cloud_link(file):
    with h5py.File("other.h5", "w") as other:
        file.copy("1", other)
    del file["1"]
    file["1"] = h5py.ExternalLink("other.h5", "/1")


def points_link(file):
    with h5py.File("other.h5", "w") as other:
        file.copy("1/points", other, "points")
    del file["1/points"]
    file["1/points"] = h5py.ExternalLink("other.h5", "/points")


WRONG_CLOUDS = {
    "nothing": (lambda file: [file.pop(name) for name in list(file)], "groups named 0, 1, 2"),
    "a gap": (lambda file: file.pop("1"), r"groups named 0, 1, 2, ..., came \['0', '2'\]"),
    "other name": (lambda file: file.move("1", "one"), "groups named"),
    "no group": (swap("1", data=np.zeros(3)), "1 to be a Group"),
    "no normals": (lambda file: file.pop("1/normals"), "expected normals in /1"),
    "flat points": (swap("1/points", data=np.zeros((9, 2))), r"1/points as floats of shape \(9, 3\)"),
    "no points": (swap("1/points", data=np.zeros((0, 3))), "normals as"),
    "a number": (swap("1/points", data=0.5), r"came float64 of shape \(\)"),
    "far points": (set_values("1/points", (4, 1), 7), "values -1 to 1 in 1/points"),
    "long normals": (set_values("1/normals", (4, 1), 7), "values -1 to 1 in 1/normals"),
    "flat picture": (swap("1/img", data=np.zeros(900)), "1/img to be a picture"),
    "no label": (lambda file: file["1"].attrs.pop("label"), "attribute label"),
    "label 10": (lambda file: file["1"].attrs.create("label", 10), "came 10"),
    "text label": (lambda file: file["1"].attrs.create("label", "1"), "attribute label"),
    "link to a digit": (cloud_link, "1 to be stored in the file, came a link"),
    "link to points": (points_link, "points to be stored in the file, came a link"),
}


@pytest.mark.parametrize(("change", "message"), WRONG_CLOUDS.values(), ids=WRONG_CLOUDS)
def test_wrong_clouds_are_told(clouds, monkeypatch, change, message):
    monkeypatch.chdir(clouds.parent)
    check_mnist3d.check_clouds(clouds)
    with h5py.File(clouds, "r+") as file:
        change(file)
    with pytest.raises(ValueError, match=rf"c\.h5: .*{message}"):
        check_mnist3d.check_clouds(clouds)


@pytest.mark.parametrize("count", [0, 600_000])
def test_an_unlikely_number_of_points_is_refused_unread(clouds, count):
    with h5py.File(clouds, "r+") as file:
        for name in ("1/points", "1/normals"):
            replace(file, name, shape=(count, 3), dtype=float, chunks=(1, 3), maxshape=(None, 3))
    with pytest.raises(ValueError, match=f"came {count}"):
        check_mnist3d.check_clouds(clouds)
