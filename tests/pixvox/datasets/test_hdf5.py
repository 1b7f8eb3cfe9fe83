import h5py
import pytest

from pixvox.datasets import hdf5


def test_few_links_that_make_many_paths_are_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        group = file
        for level in range(5):  # 15 ** 5 paths lead to the last group
            inner = file.create_group(f"group{level}") if level else file.create_group("first")
            for number in range(15):
                group[f"to{number}"] = inner
            group = inner
        group["x"] = 1.0
    with hdf5.reading(tmp_path / "a.h5") as file:
        with pytest.raises(ValueError, match="a.h5: expected groups not so deep, nor so many"):
            hdf5.arrays_below(tmp_path / "a.h5", file)


def test_arrays_are_found_in_groups(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["a/b/x"], file["a/y"], file["z"] = 1.0, 2.0, 3.0
    with hdf5.reading(tmp_path / "a.h5") as file:
        found = hdf5.arrays_below(tmp_path / "a.h5", file)
        assert {name: array[()] for name, array in found.items()} == {"/a/b/x": 1, "/a/y": 2, "/z": 3}


def test_a_circle_is_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["again"] = file["/"]
    with hdf5.reading(tmp_path / "a.h5") as file, pytest.raises(ValueError, match="groups not so deep"):
        hdf5.arrays_below(tmp_path / "a.h5", file)
