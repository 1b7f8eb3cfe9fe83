import hashlib
import importlib
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.picture_trees import put
from support.published import npz

import pixvox
from pixvox.datasets import store
from pixvox.datasets.registry import DATASETS

pytestmark = pytest.mark.usefixtures("course")


def write_mnist(folder):
    return put(folder, {"mnist.npz": npz()}) / "mnist.npz"


def test_root_is_the_repository():
    root = Path(pixvox.__file__).parents[2]
    assert importlib.import_module("pixvox.datasets.store").__file__.startswith(str(root))
    assert (root / "pyproject.toml").is_file()


def test_profile_is_the_argument_else_the_environment_else_sample(monkeypatch):
    assert store.profile() == "sample"
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    assert store.profile() == "full"
    assert store.profile("sample") == "sample"
    monkeypatch.setenv("PIXVOX_PROFILE", "")
    assert store.profile() == "sample"


def test_an_unknown_profile_is_refused_with_the_two_there_are(monkeypatch):
    with pytest.raises(ValueError, match="'sample' or 'full', got 'half'.*--profile"):
        store.profile("half")
    monkeypatch.setenv("PIXVOX_PROFILE", "Full")
    with pytest.raises(ValueError, match="got 'Full'"):
        store.data_dir()


def test_folders(tmp_path, monkeypatch):
    assert store.data_dir() == tmp_path / "data" / "sample"
    assert store.data_dir("full") == tmp_path / "data" / "full"
    assert store.build_dir("full") == tmp_path / "build" / "full"
    monkeypatch.setenv("PIXVOX_DATA", str(tmp_path / "drive"))
    assert store.data_dir("full") == tmp_path / "drive"
    assert store.data_dir("sample") == tmp_path / "data" / "sample"


@pytest.mark.parametrize("given", ["mine", " mine ", '"mine"', "./x/../mine", "$WHERE/mine"])
def test_a_relative_folder_counts_from_the_repository_wherever_one_stands(tmp_path, monkeypatch, given):
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("WHERE", str(tmp_path))
    monkeypatch.setenv("PIXVOX_DATA", given)
    monkeypatch.setenv("PIXVOX_BUILD", given)
    for place in (tmp_path, tmp_path / "notebooks"):
        monkeypatch.chdir(place)
        assert store.data_dir("full") == tmp_path / "mine"
        assert store.build_dir("full") == tmp_path / "mine" / "full"
        assert store.cache_dir("sample") == tmp_path / "mine" / "cache" / "sample"


def test_an_empty_folder_is_none_and_a_space_behind_a_profile_does_not_matter(tmp_path, monkeypatch):
    for given in ("", " ", '""'):
        monkeypatch.setenv("PIXVOX_DATA", given)
        monkeypatch.setenv("PIXVOX_BUILD", given)
        assert store.data_dir("full") == tmp_path / "data" / "full"
        assert store.build_root() == tmp_path / "build"
    monkeypatch.setenv("PIXVOX_PROFILE", "full ")
    assert store.profile() == "full"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="a folder in use cannot be removed there")
def test_folders_are_known_where_the_working_folder_is_gone(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setenv("PIXVOX_DATA", "mine")
    assert store.data_dir("full") == tmp_path / "mine"


@pytest.mark.parametrize("name", ["PIXVOX_DATA", "PIXVOX_BUILD"])
@pytest.mark.parametrize("given", ["~nobody9/x", "$NOT_SET9/x", "a file"])
def test_a_folder_that_nobody_knows_and_a_file_are_refused(tmp_path, monkeypatch, name, given):
    (tmp_path / "a file").write_bytes(b"")
    monkeypatch.setenv(name, given)
    with pytest.raises(ValueError, match=f"expected {name} to be a folder, got .*{re.escape(given)}"):
        (store.data_dir if name == "PIXVOX_DATA" else store.build_dir)("full")


def test_derived_files_go_beside_the_full_data_where_that_can_be_written(tmp_path, monkeypatch):
    assert store.cache_dir("full") == tmp_path / "data" / "full"
    assert list((tmp_path / "data" / "full").iterdir()) == []
    assert store.cache_dir("sample") == tmp_path / "build" / "cache" / "sample"

    @contextmanager
    def read_only(folder):
        raise PermissionError(13, "Permission denied", str(folder))
        yield

    monkeypatch.setattr(store, "staging", read_only)
    assert store.cache_dir("full") == tmp_path / "build" / "cache" / "full"


def test_an_unknown_data_set_is_refused_with_the_names_there_are():
    for call in (store.dataset, lambda name: store.locate(name, "x.npz")):
        with pytest.raises(ValueError, match=r"\(mnist, fashion-mnist.*\), got 'mnits'"):
            call("mnits")


def test_what_nobody_publishes_is_drawn_in_both_profiles():
    assert store.remedy("solids", "full") == "pixvox sketch solids"


def test_located_files_are_recorded_with_their_checksums(tmp_path):
    path = write_mnist(tmp_path / "data" / "sample" / "mnist")
    assert store.locate("mnist", "mnist.npz") == path
    assert store.used() == {"mnist/mnist.npz": hashlib.sha256(path.read_bytes()).hexdigest()}
    store.forget()
    assert store.used() == {}


@pytest.mark.parametrize(("profile", "remedy"), [("sample", "sketch digits"), ("full", "fetch mnist")])
def test_a_missing_file_names_the_command(profile, remedy):
    with pytest.raises(FileNotFoundError, match=rf"{profile} profile.*mnist\.npz.*`pixvox {remedy}`"):
        store.locate("mnist", "mnist.npz", profile=profile)
    assert store.used() == {}


def test_a_data_set_that_the_sample_lacks_says_so(monkeypatch):
    monkeypatch.setitem(DATASETS, "mnist", DATASETS["mnist"]._replace(sketch=""))
    words = "sample profile has no mnist. Type `pixvox fetch mnist`, then set PIXVOX_PROFILE=full"
    with pytest.raises(FileNotFoundError, match=words):
        store.locate("mnist", "mnist.npz", profile="sample")
    assert store.remedy("mnist", "sample") == "pixvox fetch mnist"


def test_full_never_falls_back_to_the_sample(tmp_path):
    write_mnist(tmp_path / "data" / "sample" / "mnist")
    with pytest.raises(FileNotFoundError):
        store.locate("mnist", "mnist.npz", profile="full")


def test_a_missing_folder_names_the_command(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"expected the folder .*train, it is.*`pixvox fetch dogs"):
        store.locate_folder("dogs-vs-cats", "train", profile="full")
    (tmp_path / "data" / "full" / "age-gap-faces").mkdir(parents=True)
    folder = store.locate_folder("age-gap-faces", profile="full")
    assert folder == tmp_path / "data" / "full" / "age-gap-faces"


def test_used_pictures_are_recorded_as_sha256sum_would(tmp_path):
    folder = tmp_path / "data" / "sample" / "age-gap-faces"
    put(folder, {"b/y/1.png": b"b", "a/1.png": b"a", "a/unused.png": b""})
    store.remember("age-gap-faces", ".", [folder / "b/y/1.png", folder / "a/1.png"])
    lines = f"{hashlib.sha256(b'a').hexdigest()}  a/1.png\n{hashlib.sha256(b'b').hexdigest()}  b/y/1.png\n"
    expected = hashlib.sha256(lines.encode()).hexdigest()
    assert store.used() == {"age-gap-faces": expected}
    store.remember("dogs-vs-cats", "train", [])
    assert set(store.used()) == {"age-gap-faces", "dogs-vs-cats/train"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_name_that_is_not_utf_8_is_recorded_as_its_bytes(tmp_path):
    folder = tmp_path / "data" / "sample" / "age-gap-faces"
    put(folder, {"J\udcfcrgen/1.png": b"a", "a/1.png": b"a"})
    store.remember("age-gap-faces", ".", [folder / "J\udcfcrgen/1.png", folder / "a/1.png"])
    digest = hashlib.sha256(b"a").hexdigest().encode()
    lines = digest + b"  J\xfcrgen/1.png\n" + digest + b"  a/1.png\n"
    assert store.used() == {"age-gap-faces": hashlib.sha256(lines).hexdigest()}
