"""What lies in the files of a data set is described or refused; only what its format needs is imported."""

import gzip
import struct
import subprocess
import sys

import pytest
from support.picture_trees import pets, picture, put
from support.published import clothes, npz

from pixvox.datasets import fashion_mnist, store
from pixvox.datasets.registry import DATASETS
from pixvox_cli import checks
from pixvox_cli.publications import PUBLICATIONS

OWN = store.ROOT / "data" / "sample" / "own-pictures"


def test_the_sample_has_the_data_sets_that_are_drawn():
    drawn_only = {name for name, entry in DATASETS.items() if entry.drawn_only}
    assert set(checks.names("sample")) == set(DATASETS) - {"mobilenet"}, "all others have a sample"
    assert set(checks.names("full")) == set(DATASETS) - drawn_only
    assert drawn_only == {"solids", "own-pictures"}


@pytest.mark.parametrize("name", DATASETS)
def test_each_data_set_can_be_checked(name, tmp_path):
    assert callable(checks.CHECKS[PUBLICATIONS[name].module]) and checks.load_module(name)
    with pytest.raises(ValueError if name == "own-pictures" else FileNotFoundError):
        checks.check(name, tmp_path / "nowhere")


def test_an_unknown_data_set_is_refused(tmp_path):
    for look in (checks.check, checks.check_file):
        with pytest.raises(ValueError, match="expected a data set's name"):
            look("mnits", tmp_path)


LOOK = """
import sys
from pathlib import Path
from pixvox_cli import checks
assert not {"numpy", "h5py", "PIL", "pandas"} & {*sys.modules}
print(checks.check("mnist", sys.argv[1]))
assert not {"h5py", "PIL", "pandas"} & {*sys.modules}
"""


def test_only_what_a_format_needs_is_imported(tmp_path):
    put(tmp_path, {"mnist.npz": npz()})
    done = subprocess.run([sys.executable, "-c", LOOK, tmp_path], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("5 training and 3 test digits of 28x28\n", "")


def test_checksums_are_compared_in_pooch_s_notation(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, example B.1
    md5 = "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321, A.5
    for algorithm, digest in (("sha256", sha256), ("md5", md5)):
        assert checks.is_published(path, f"{algorithm}:{digest}")
        assert not checks.is_published(path, f"{algorithm}:{digest[::-1]}")


def test_digits_are_counted(tmp_path):
    put(tmp_path, {"mnist.npz": npz()})
    assert checks.check_file("mnist", tmp_path / "mnist.npz") == "5 training and 3 test digits of 28x28"


def test_clothes_are_counted_file_by_file_and_together(tmp_path):
    put(tmp_path, clothes(5, 2))
    assert checks.check("fashion-mnist", tmp_path) == "5 training and 2 test pictures of 28x28"
    for name, text in (
        ("train-images-idx3-ubyte.gz", "5 pictures of 28x28"),
        ("t10k-labels-idx1-ubyte.gz", "2 labels"),
    ):
        assert checks.check_file("fashion-mnist", tmp_path / name) == text


@pytest.mark.parametrize(
    ("labels", "match"), [((1, 2, 10), "labels 0 to 9"), ((1, 2), "label for each of the 3 pictures")]
)
def test_wrong_labels_of_clothes_are_refused(tmp_path, labels, match):
    data = struct.pack(">HBBI", 0, 8, 1, len(labels)) + bytes(labels)
    put(tmp_path, clothes() | {"train-labels-idx1-ubyte.gz": gzip.compress(data)})
    with pytest.raises(ValueError, match=match):
        checks.check("fashion-mnist", tmp_path)


@pytest.mark.parametrize("lost", ["x_train", "y_test"])
def test_published_pictures_with_labels_in_another_order_are_refused(tmp_path, monkeypatch, lost):
    put(tmp_path, clothes())
    published = [tmp_path / name for key, name in fashion_mnist.FILES.items() if key != lost]
    monkeypatch.setattr(checks, "is_published", lambda path, known: path in published)
    with pytest.raises(ValueError, match=f"{fashion_mnist.FILES[lost]}.* of one source"):
        checks.check("fashion-mnist", tmp_path)


def test_cats_and_dogs_are_counted_and_looked_at(tmp_path):
    train = put(tmp_path / "train", pets(3, "{name}.{number}.jpg"))
    assert checks.check_file("dogs-vs-cats", train) == "3 cats and 3 dogs"
    for path in train.glob("cat*"):
        path.write_bytes(b"junk")
    with pytest.raises(ValueError, match="expected pictures"):
        checks.check_file("dogs-vs-cats", train)
    for path in train.glob("dog*"):
        path.unlink()
    with pytest.raises(ValueError, match="3 cats and 0 dogs"):
        checks.check_file("dogs-vs-cats", train)


def test_the_committed_own_pictures_are_described_and_small():
    described = [checks.check_file("own-pictures", OWN / name) for name in ("folder", "monday", "truth.csv")]
    assert described == ["350 pictures in folder", "200 pictures in monday", "the truth about 350 files"]
    assert sum(path.stat().st_size for path in OWN.rglob("*.*")) < 1_200_000


def test_a_part_of_the_own_pictures_without_pictures_is_wrong(tmp_path):
    monday = put(tmp_path / "monday", {"cat/1.png": b"x", "dog/1.png": b"x"})
    with pytest.raises(ValueError, match="expected pictures"):
        checks.check_file("own-pictures", monday)


def test_some_pictures_of_many_are_looked_at(tmp_path):
    right = put(tmp_path / "a", {f"{grey}.png": picture(grey) for grey in (0, 50, 255)})
    junk = put(tmp_path / "b", {f"{number}.png": b"x" for number in range(60)})
    checks.check_pictures([*right.iterdir(), *junk.iterdir()], junk)
    with pytest.raises(ValueError, match="expected pictures"):
        checks.check_pictures([*junk.iterdir()], junk)
