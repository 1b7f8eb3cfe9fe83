import errno
import os
import re
import subprocess
import sys
from contextlib import suppress

import h5py
import numpy as np
import pytest

from pixvox.datasets import hdf5

HOLD = """
import sys, time, h5py
with h5py.File(sys.argv[1], "r+", libver=sys.argv[2]):
    print("open", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    """Return the path of a right file, in the newest format."""
    with h5py.File(tmp_path / "a.h5", "w", libver="latest") as file:
        file["a/b/x"], file["a/y"], file["z"] = 1.0, 2.0, 3.0
    return tmp_path / "a.h5"


def test_arrays_are_found_in_groups(path):
    with hdf5.reading(path) as file:
        found = hdf5.arrays_below(path, file)
        assert {name: array[()] for name, array in found.items()} == {"a/b/x": 1, "a/y": 2, "z": 3}


def test_a_circle_of_groups_is_walked_once(path):
    with h5py.File(path, "r+") as file:
        file["a/again"], file["a/b/again"] = file["a"], file["/"]
    with hdf5.reading(path) as file:
        assert len(hdf5.arrays_below(path, file)) == 3


@pytest.mark.parametrize("link", [h5py.SoftLink("/z"), h5py.ExternalLink("other.h5", "/x")])
def test_links_are_refused(path, link):
    with h5py.File(path, "r+") as file:
        file["a/link"] = link
    with hdf5.reading(path) as file, pytest.raises(ValueError, match="a/link to be stored in the file"):
        hdf5.arrays_below(path, file)


def test_a_small_file_that_promises_gigabytes_is_refused_unread(path):
    with h5py.File(path, "r+") as file:
        file.create_dataset("bomb", (10**6, 4096), "f4", chunks=(1, 4096), compression="gzip")
        file.create_dataset("packed", data=np.zeros((1000, 40_000), np.uint8), compression="gzip")
    with hdf5.reading(path) as file:
        assert hdf5.own(path, file, "packed").shape == (1000, 40_000)
        with pytest.raises(ValueError, match="data of bomb in the file, of 16,384,000,000 bytes most lack"):
            hdf5.own(path, file, "bomb")


def test_a_filter_that_would_be_loaded_from_elsewhere_is_refused(path):
    with h5py.File(path, "r+") as file:
        settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings.set_chunk((4,))
        settings.set_filter(32_015, h5py.h5z.FLAG_OPTIONAL, ())  # nobody here has it
        made = h5py.h5d.create(
            file.id, b"filtered", h5py.h5t.NATIVE_FLOAT, h5py.h5s.create_simple((4,)), settings
        )
        made.write_direct_chunk((0,), bytes(16), 0)
    with pytest.raises(OSError, match="packed by a filter that is not here"), hdf5.reading(path) as file:
        hdf5.own(path, file, "filtered")[:]


@pytest.mark.parametrize("keep", [0, 4, 500])
def test_half_a_file_has_wrong_contents(path, keep):
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="expected a whole HDF5 file"), hdf5.reading(path):
        pass


# What cannot be read now is an OSError with its number.


@pytest.mark.parametrize("locking", ["TRUE", "FALSE"])
def test_a_file_that_is_open_elsewhere_is_said_to_be(path, monkeypatch, locking):
    monkeypatch.setenv("HDF5_USE_FILE_LOCKING", locking)  # without locks, a flag in the file tells
    command = [sys.executable, "-c", HOLD, str(path), "latest"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(BlockingIOError, match="open in another program"), hdf5.reading(path):
            pass
        holder.kill()
    with pytest.raises(BlockingIOError, match="killed.*move it away"), hdf5.reading(path):  # the flag stays
        pass


def test_a_file_that_a_missing_filter_packed_is_not_called_damaged(path):
    """Blosc and others are no part of HDF5; here lzf's number is changed to that of Blosc."""
    with h5py.File(path, "w") as file:
        file.create_dataset("x", data=range(1000), compression="lzf")
    data = path.read_bytes()
    start = data.rindex((32000).to_bytes(2, "little"), 0, data.index(b"lzf\0"))
    path.write_bytes(data[:start] + (32001).to_bytes(2, "little") + data[start + 2 :])
    with pytest.raises(OSError, match="packed by a filter that is not here.*with gzip") as caught:
        with hdf5.reading(path) as file:
            file["x"][:]
    assert caught.value.filename == str(path)


def test_an_error_of_h5py_is_told_with_the_file_and_ours_as_it_is(path):
    with h5py.File(path, "w") as file:
        file["x"] = 1
    with pytest.raises(ValueError, match=r"a.h5: expected a whole HDF5 file.*\(no precision\)"):
        with hdf5.reading(path):
            raise ValueError("no precision")  # as h5py raises over a type that nobody has
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))}: expected y$"), hdf5.reading(path):
        raise ValueError(f"{path}: expected y")


@pytest.mark.parametrize("settings", [{"userblock_size": 512}, {"libver": "latest"}, {"track_order": True}])
def test_rarer_kinds_of_files_are_read(path, settings):
    with h5py.File(path, "w", **settings) as file:
        file["x"] = 7
    with hdf5.reading(path) as file:
        assert file["x"][()] == 7


def test_too_many_open_files_are_named(path):
    resource = pytest.importorskip("resource")
    limits, opened = resource.getrlimit(resource.RLIMIT_NOFILE), []
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, limits[1]))
    try:
        with suppress(OSError):
            while True:
                opened.append(os.open(os.devnull, os.O_RDONLY))
        with pytest.raises(OSError, match="Too many open files") as caught, hdf5.reading(path):
            pass
    finally:
        for descriptor in opened:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert caught.value.errno == errno.EMFILE


FAILED = "file read failed: time = now, errno = {}, error message = '{}', x = 0"
CALLS = {
    "I/O error": (errno.EIO, OSError, FAILED),
    "an index": (errno.EIO, KeyError, f"Unable to open object ({FAILED})"),
    "no locks": (errno.ENOLCK, OSError, "unable to lock file, errno = {}, error message = '{}'"),
}


@pytest.mark.parametrize(("number", "kind", "words"), CALLS.values(), ids=CALLS)
def test_a_failed_call_of_the_system_is_named(path, number, kind, words):
    with pytest.raises(OSError, match=os.strerror(number)) as caught, hdf5.reading(path):
        raise kind(words.format(number, os.strerror(number)))  # as HDF5 words it
    assert caught.value.errno == number and caught.value.filename == str(path)
    assert ("HDF5_USE_FILE_LOCKING=FALSE" in str(caught.value)) == (number == errno.ENOLCK)
