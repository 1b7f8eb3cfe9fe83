import errno
import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from support.published import digits as drawn_digits

from pixvox.datasets.mnist3d import VECTORS
from pixvox.voxels import recipe as voxels
from pixvox_cli import checks, make_mnist3d
from pixvox_sketch.turning import rotate_with_noise


@pytest.fixture(scope="module")
def digits():
    return drawn_digits(30, 1), drawn_digits(6, 2)


@pytest.fixture
def vectors(digits, tmp_path):
    return make_mnist3d.make_vectors(digits, tmp_path / "v.h5", counts=(3, 2))


def read(path):
    with h5py.File(path, "r") as file:
        return {name: file[name][:] for name in file}


# Vectors.


def test_vectors_hold_a_digit_and_its_copy_in_turn(digits, tmp_path):
    path = make_mnist3d.make_vectors(digits, tmp_path / "new" / VECTORS, counts=(30, 6))
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
    assert checks.check_file("3d-mnist", path).startswith("60 training and 12 test vectors of 16x16x16")
    assert path.stat().st_size < 72 * 4096  # a quarter of the numbers' bytes


def test_the_vectors_of_a_digit_are_it_and_a_copy(digits):
    digit = digits[0][0][0]
    rows = make_mnist3d.digit_vectors(digit, np.random.default_rng(5))
    assert rows.shape == (2, 4096) and rows.dtype == np.float64
    points, _ = voxels.cloud_of_digit(digit)
    np.testing.assert_array_equal(rows[0].reshape(16, 16, 16), voxels.voxel_grid(points))
    copy = rotate_with_noise(points, np.random.default_rng(5))
    np.testing.assert_array_equal(rows[1], voxels.voxel_grid(copy).ravel())


def test_vectors_do_not_depend_on_how_the_work_is_split(digits, tmp_path, monkeypatch):
    whole = read(make_mnist3d.make_vectors(digits, tmp_path / "whole.h5", counts=(30, 6)))
    monkeypatch.setattr(make_mnist3d, "BLOCK", 4)
    parted = read(make_mnist3d.make_vectors(digits, tmp_path / "parted.h5", counts=(9, 3)))
    for part, count in (("train", 18), ("test", 6)):
        np.testing.assert_array_equal(parted[f"X_{part}"], whole[f"X_{part}"][:count])


def test_seed_changes_the_copies_only(digits, tmp_path):
    first = read(make_mnist3d.make_vectors(digits, tmp_path / "v.h5", counts=(3, 2)))
    second = read(make_mnist3d.make_vectors(digits, tmp_path / "v.h5", seed=1, counts=(3, 2)))
    np.testing.assert_array_equal(first["X_train"][::2], second["X_train"][::2])
    assert (first["X_train"][1::2] != second["X_train"][1::2]).any(axis=1).all()


def test_training_and_test_copies_of_one_digit_differ(digits, tmp_path):
    arrays = read(make_mnist3d.make_vectors((digits[0], digits[0]), tmp_path / "v.h5", counts=(3, 3)))
    np.testing.assert_array_equal(arrays["X_train"][::2], arrays["X_test"][::2])
    assert (arrays["X_train"][1::2] != arrays["X_test"][1::2]).any(axis=1).all()


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_a_terminal_only(digits, tmp_path, capsys, monkeypatch, terminal):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    make_mnist3d.make_vectors(digits, tmp_path / "v.h5", counts=(3, 2))
    make_mnist3d.make_clouds(digits[0], tmp_path / "c.h5", count=3)
    shown = capsys.readouterr().err
    assert ("3D MNIST vectors: 100%" in shown and "3/3" in shown) if terminal else not shown


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
            np.testing.assert_allclose(group["img"][1:-1, 1:-1], image / 255, rtol=1e-6)
            assert group.attrs["label"] == digits[0][1][index]
    assert checks.check_file("3d-mnist", path) == "3 point clouds"


# Wrong input.


def wrong_parts():
    images, labels = drawn_digits(5, 3)
    empty = images.copy()
    empty[3] = 0
    yield "colour", (np.repeat(images[..., None], 3, axis=-1), labels), 2
    yield "too few labels", (images, labels[:4]), 2
    yield "float labels", (images, labels / 1), 2
    yield "too few digits", (images, labels), 6
    yield "none wanted", (images, labels), 0
    yield "empty picture", (empty, labels), 5


@pytest.mark.parametrize(("part", "count"), [pytest.param(*w[1:], id=w[0]) for w in wrong_parts()])
def test_wrong_digits_are_refused_before_anything_is_written(digits, tmp_path, part, count):
    with pytest.raises(ValueError, match="train: expected"):
        make_mnist3d.make_vectors((part, digits[1]), tmp_path / "v.h5", counts=(count, 1))
    with pytest.raises(ValueError, match="clouds: expected"):
        make_mnist3d.make_clouds(part, tmp_path / "clouds.h5", count=count)
    assert list(tmp_path.iterdir()) == []


def test_a_negative_seed_leaves_the_old_file(digits, vectors):
    before = read(vectors)
    with pytest.raises(ValueError, match="non-negative"):
        make_mnist3d.make_vectors(digits, vectors, seed=-1, counts=(3, 2))
    np.testing.assert_array_equal(read(vectors)["X_train"], before["X_train"])


# Disk full.


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
from pixvox_cli import checks, make_mnist3d
from pixvox_sketch.turning import rotate_with_noise
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
