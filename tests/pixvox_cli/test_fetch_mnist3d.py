import errno
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.picture_trees import everything, packed, put

from pixvox.datasets import mnist3d, store
from pixvox.datasets.mnist3d import CLOUDS, VECTORS
from pixvox_cli import fetch, make_mnist3d

NAMES = sorted(mnist3d.FILES)


def digits(count, seed):
    """Return pictures, a rectangle each, and labels."""
    rng = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), np.uint8)
    for image in images:
        top, left, height, width = rng.integers((4, 4, 2, 2), (12, 12, 8, 5))
        image[top : top + height, left : left + width] = 200
    return images, rng.integers(0, 10, count)


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Return the full profile's folder: it has a small MNIST, of which few digits are taken."""
    monkeypatch.setenv("PIXVOX_DATA", str(tmp_path / "full"))
    monkeypatch.setattr(make_mnist3d, "PUBLISHED_COUNTS", (4, 2))
    (x_train, y_train), (x_test, y_test) = digits(5, 0), digits(3, 1)
    buffer = io.BytesIO()
    np.savez(buffer, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    put(tmp_path / "full" / "mnist", {"mnist.npz": buffer.getvalue()})
    return tmp_path / "full" / "3d-mnist"


@pytest.fixture
def kaggle(tmp_path):
    """Return a folder with 3D MNIST of other digits, float64 as on Kaggle."""
    folder = tmp_path / "kaggle"
    make_mnist3d.make_mnist3d((digits(3, 5), digits(3, 6)), folder, counts=(3, 3), clouds=(3, 3))
    return folder


def test_it_is_made_from_mnist(data, capsys):
    fetch.fetch(["3d-mnist"])
    out = capsys.readouterr().out
    assert "made here, no download" in out and "CC BY-SA 3.0" in out
    detail = "8 training and 4 test vectors of 16x16x16 voxels; 4 point clouds; 2 point clouds"
    assert everything(data) == NAMES and detail in out
    before = {name: (data / name).stat().st_mtime_ns for name in NAMES}
    fetch.fetch(["3d-mnist"])
    assert capsys.readouterr().out.count("already there, its format is right (") == 3
    assert before == {name: (data / name).stat().st_mtime_ns for name in NAMES}
    assert store.status("3d-mnist", "full") == ("there", detail, "")


def test_without_mnist_it_says_what_to_type(data):
    shutil.rmtree(data.parent / "mnist")
    with pytest.raises(FileNotFoundError, match=r"mnist\.npz, it is not there. Type `pixvox fetch mnist`"):
        fetch.fetch(["3d-mnist"])
    assert everything(data) == []


def test_a_broken_mnist_says_what_to_type(data, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    put(data.parent / "mnist", {"mnist.npz": b"junk"})
    with pytest.raises(ValueError, match=r"mnist\.npz: expected an npz file.*Type `pixvox fetch mnist`"):
        fetch.fetch(["3d-mnist"])
    assert everything(data) == []


def fail_to_write(monkeypatch, number):
    def fail(path, content):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "write_bytes", fail)


def test_a_full_disk_is_explained_once(data, monkeypatch):
    fail_to_write(monkeypatch, errno.ENOSPC)
    with pytest.raises(OSError, match="room for what is made here, some 200 MB, came a full disk") as caught:
        fetch.fetch(["3d-mnist"])
    assert str(caught.value).count("Make room") == 1 and ".part-" not in str(caught.value)
    assert "`pixvox fetch 3d-mnist`" in str(caught.value) and everything(data) == []


def test_another_error_of_the_disk_is_told_without_temporary_folders(data, monkeypatch):
    fail_to_write(monkeypatch, errno.EIO)
    with pytest.raises(
        OSError, match="could not write.*Input/output error.*`pixvox fetch 3d-mnist`"
    ) as caught:
        fetch.fetch(["3d-mnist"])
    assert str(data / VECTORS) in str(caught.value) and ".part-" not in str(caught.value)


def test_a_published_file_put_there_by_hand_is_used_as_it_is(data, kaggle, capsys):
    content = (kaggle / VECTORS).read_bytes()
    put(data, {VECTORS: content})
    fetch.fetch(["3d-mnist"])
    assert (data / VECTORS).read_bytes() == content and everything(data) == NAMES
    assert "already there, its format is right (6 training and 6 test vectors" in capsys.readouterr().out


def test_a_wrong_file_is_made_again(data, capsys):
    put(data, {VECTORS: b"junk"})
    fetch.fetch(["3d-mnist"])
    assert "expected a whole HDF5 file" in capsys.readouterr().out
    assert mnist3d.check(data).startswith("8 training")


def test_a_mirror_may_have_some_of_the_files(data, kaggle, tmp_path, capsys):
    put(tmp_path / "mirror" / "3d-mnist", {CLOUDS[0]: b"junk"})
    shutil.copy(kaggle / VECTORS, tmp_path / "mirror" / "3d-mnist")
    fetch.fetch(["3d-mnist"], mirror=tmp_path / "mirror")
    assert mnist3d.check(data).startswith("6 training and 6 test vectors")
    out = capsys.readouterr().out
    assert out.count("from the mirror, its format is right") == 1 and out.count("not from the mirror") == 2


@pytest.mark.parametrize("kind", ["file", "folder", "zip", "vectors only"])
def test_from_takes_what_there_is_and_makes_the_rest(data, kaggle, tmp_path, kind):
    vectors = kaggle / VECTORS
    if kind == "file":
        source = vectors.rename(tmp_path / "mine.h5")
        vectors = source
    elif kind == "zip":
        content = {f"top/{path.name}": path.read_bytes() for path in kaggle.iterdir()}
        source = packed(tmp_path / "archive.zip", content | {"top/plot3D.py": b""})
    else:
        source = kaggle
        if kind == "vectors only":
            (kaggle / CLOUDS[0]).unlink()
    fetch.fetch(["3d-mnist"], archive=source)
    assert everything(data) == NAMES
    assert (data / VECTORS).read_bytes() == vectors.read_bytes()


def test_from_refuses_what_has_nothing_or_is_wrong(data, tmp_path):
    with pytest.raises(ValueError, match="expected one file full_dataset_vectors.h5, came none"):
        fetch.fetch(["3d-mnist"], archive=put(tmp_path / "mine", {"a.txt": b""}))
    with pytest.raises(ValueError, match="expected a whole HDF5 file.*Nothing was kept"):
        fetch.fetch(["3d-mnist"], archive=put(tmp_path, {"mine.h5": b"junk"}) / "mine.h5")
    assert everything(data) == []


SLOW = """
import time
from pixvox_cli import fetch, make_mnist3d
def slow(*arguments):
    print("here", flush=True)
    time.sleep(60)
make_mnist3d.digit_vectors = slow
make_mnist3d.PUBLISHED_COUNTS = 4, 2
fetch.fetch(["3d-mnist"])
"""


def test_killed_while_making_the_next_run_starts_clean(data):
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, text=True) as process:
        assert any(line == "here\n" for line in process.stdout)
        process.kill()
    assert [path.name[:6] for path in data.iterdir()] == [".part-"]
    fetch.fetch(["3d-mnist"])
    if sys.platform != "win32":  # there, leftovers go by their age
        assert sorted(path.name for path in data.iterdir()) == NAMES
