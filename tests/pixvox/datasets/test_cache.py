"""The cache: what is kept is what was computed, and whatever is wrong with the disk costs time only."""

import errno
import os

import numpy as np
import pytest

from pixvox.datasets import cache
from pixvox.datasets.cache import cached, key

GREYS = np.arange(60, dtype=np.uint8).reshape(3, 4, 5)
NAMES = np.array(["", "no picture", "empty"])


@pytest.fixture
def path(tmp_path):
    cache._say_once.cache_clear()
    return tmp_path / "cache" / "kept.npz"


@pytest.fixture
def load(path):
    """Return a function that loads through the cache and counts how often it had to compute."""

    def compute():
        load.computed += 1
        return GREYS, NAMES, 2.5

    def load():
        found = cached(path, ("greys", "names", "seconds"), compute)
        for came, expected in zip(found, (GREYS, NAMES, 2.5), strict=True):
            np.testing.assert_array_equal(came, expected)
            assert np.asarray(came).dtype == np.asarray(expected).dtype
        return load.computed

    load.computed = 0
    return load


def test_the_second_time_nothing_is_computed(load, path):
    assert load() == 1 and load() == 1
    assert os.listdir(path.parent) == ["kept.npz"]


def test_a_file_that_is_cut_off_or_has_a_wrong_bit_gives_the_right_arrays(load, path):
    load()
    whole = path.read_bytes()
    for place in range(0, len(whole), 9):
        path.write_bytes(whole[:place])
        load()
        assert path.read_bytes() == whole
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        load()


class Evil:
    def __reduce__(self):
        return os.mkdir, ("evil",)


@pytest.mark.parametrize("wrong", [{"greys": np.array([Evil()], dtype=object)}, {}])
def test_pickles_and_missing_arrays_are_not_believed(load, path, wrong, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    path.parent.mkdir()
    np.savez(path, **wrong)
    assert load() == 1 and load() == 1 and not (tmp_path / "evil").exists()


def test_a_full_disk_is_named_once_and_no_half_file_is_taken_for_a_whole_one(load, path, monkeypatch, capsys):
    def full(file, **arrays):
        file.write_bytes(b"half of it")
        assert not path.exists()
        raise OSError(errno.ENOSPC, "No space left on device", str(file))

    monkeypatch.setattr(cache.np, "savez", full)
    assert load() == 1 and load() == 2
    assert capsys.readouterr().out.count("No space left on device") == 1
    assert os.listdir(path.parent) == []


def test_a_place_that_cannot_be_written_is_named(load, path, capsys):
    path.parent.write_bytes(b"a file where the folder should be")
    assert load() == 1 and load() == 2
    assert str(path.parent) in capsys.readouterr().out


def test_a_key_is_of_numbers_and_changes_with_every_part():
    assert key(np.asfortranarray(GREYS), "a", (1, 2)) == key(GREYS.copy(), "a", (1, 2))
    arrays = (GREYS, GREYS + 1, GREYS[:, ::-1], GREYS.reshape(4, 3, 5), GREYS.view(np.int8))
    keys = [key(array, name, size) for array in arrays for name in "ab" for size in ((1, 2), (2, 1))]
    assert len(set(keys)) == 20
