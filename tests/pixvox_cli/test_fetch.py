import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import h5py
import pytest
from support.local_server import Answer, serve
from support.picture_trees import everything, packed, people, pet_images, pets, put
from support.published import check_digits, clothes, clothes_csv, digits, npz, publish, publish_nothing
from support.published_vgg import build_small_vgg, write_legacy, write_new

from pixvox.datasets import fashion_mnist, files, imagenet
from pixvox.datasets.mnist3d import CLOUDS, VECTORS
from pixvox_cli import checks, clothes_tables, doctor, downloads, fetch, make_mnist3d
from pixvox_cli.publications import PUBLICATIONS

PUBLISHED, OTHER = npz(), npz(seed=1)
PETS = sorted(f"dogs-vs-cats/train/{name}.{number}.jpg" for name in ("cat", "dog") for number in range(4))
TRAIN, TEST = "fashion-mnist_train.csv", "fashion-mnist_test.csv"
KAGGLE = dict(clothes_tables.TABLES)  # the fixture puts smaller counts there
TABLES = {TRAIN: clothes_csv(*digits(5, 0)), TEST: clothes_csv(*digits(3, 1))}
VGG = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Return the full profile's empty folder; no proxies, no waiting, nobody publishes anything."""
    monkeypatch.setenv("PIXVOX_DATA", str(tmp_path / "full"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda seconds: None))
    monkeypatch.setattr(imagenet, "build", build_small_vgg)
    monkeypatch.setattr(make_mnist3d, "PUBLISHED_COUNTS", (4, 2))
    monkeypatch.setattr(clothes_tables, "TABLES", {TRAIN: ("train", 5), TEST: ("test", 3)})
    publish_nothing(monkeypatch)
    return tmp_path / "full"


@pytest.fixture
def pets_zip(tmp_path):
    return packed(tmp_path / "kagglecatsanddogs_5340.zip", pet_images())


# From the published address


def test_a_data_set_is_downloaded_once_and_its_licence_told(data, capsys):
    with publish("mnist", PUBLISHED) as asked:
        fetch.fetch(["mnist", "mnist"])
        fetch.fetch(["mnist"])
    assert (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED
    assert everything(data) == ["mnist/mnist.npz"] and asked == ["/mnist.npz"]
    out = capsys.readouterr().out
    assert "CC BY-SA 3.0" in out and out.count("already there, its checksum is the published one") == 1


def test_a_file_put_there_by_hand_is_kept_when_its_format_is_right(data):
    put(data / "mnist", {"mnist.npz": OTHER})
    with publish("mnist", PUBLISHED) as asked:
        fetch.fetch(["mnist"])
    assert asked == [] and (data / "mnist" / "mnist.npz").read_bytes() == OTHER


@pytest.mark.parametrize("wrong", [b"", b"<html>", PUBLISHED[:3000], npz(x_test=digits(3, 0)[0][:, :9])])
def test_a_file_with_wrong_contents_is_replaced(data, wrong):
    path = put(data / "mnist", {"mnist.npz": wrong}) / "mnist.npz"
    with publish("mnist", PUBLISHED):
        fetch.fetch(["mnist"])
    assert path.read_bytes() == PUBLISHED


def test_a_wrong_file_stays_when_nothing_better_can_be_had(data):
    path = put(data / "mnist", {"mnist.npz": b"junk"}) / "mnist.npz"
    with pytest.raises(OSError, match="`pixvox fetch mnist` to try again.*--mirror.*--from"):
        fetch.fetch(["mnist"])
    assert path.read_bytes() == b"junk" and everything(data) == ["mnist/mnist.npz"]


def test_a_wrong_checksum_is_an_error_and_nothing_is_kept(data):
    with publish("mnist", PUBLISHED, Answer(OTHER)), pytest.raises(ValueError, match="`pixvox fetch mnist`"):
        fetch.fetch(["mnist"])
    assert everything(data) == []


BREAKS = {
    "length promised": Answer(PUBLISHED[:5000], length=len(PUBLISHED)),
    "no length": Answer(PUBLISHED[:5000], length=-1),
    "server busy": Answer(status=503),
}


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_download_that_breaks_off_is_tried_again(data, broken):
    with publish("mnist", PUBLISHED, broken, broken, Answer(PUBLISHED)) as asked:
        fetch.fetch(["mnist"])
    assert len(asked) == 3 and (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED


def test_a_download_that_always_breaks_off_is_an_error_and_nothing_is_kept(data):
    with publish("mnist", PUBLISHED, BREAKS["length promised"]) as asked:
        with pytest.raises(OSError, match="`pixvox fetch mnist`"):
            fetch.fetch(["mnist"])
    assert len(asked) == 1 + downloads.RETRIES and everything(data) == []


def test_a_file_that_is_gone_is_not_asked_for_again(data):
    with publish("mnist", PUBLISHED, Answer(status=404)) as asked:
        with pytest.raises(OSError, match="404.*`pixvox fetch mnist"):
            fetch.fetch(["mnist"])
    assert len(asked) == 1 and everything(data) == []


def test_pictures_are_unpacked_and_renamed_into_their_layout(data, pets_zip, capsys):
    with publish("dogs-vs-cats", pets_zip.read_bytes()) as asked:
        fetch.fetch(["dogs-vs-cats"])
        fetch.fetch(["dogs-vs-cats"])
    assert everything(data) == PETS and len(asked) == 1
    out = capsys.readouterr().out
    assert "kept out: cat.666.jpg, dog.11702.jpg" in out and "its checksum is the published one" in out


def test_weights_are_saved_in_today_s_format(data, tmp_path):
    with publish("vgg16", write_legacy(tmp_path / "x.h5").read_bytes()) as asked:
        fetch.fetch(["vgg16"])
        fetch.fetch(["vgg16"])
    assert everything(data) == ["vgg/vgg16_notop.weights.h5"] and len(asked) == 1
    assert doctor.status("vgg16", "full").state == "there"


def test_faces_are_said_where_to_get(data):
    with pytest.raises(FileNotFoundError) as caught:
        fetch.fetch(["age-gap-faces"])
    message = str(caught.value)
    assert "http://www.ivl.disco.unimib.it/activities/large-age-gap-face-verification/" in message
    assert "academic" in message and "`pixvox fetch age-gap-faces --from LAGdataset_100.zip`" in message
    assert everything(data) == []


# Several at once, and arguments that make no sense


def test_one_failure_does_not_stop_the_others(data, capsys):
    with publish("mnist", PUBLISHED), pytest.raises(OSError, match="1 of 2 data sets.*\n.*fashion-mnist: "):
        fetch.fetch(["fashion-mnist", "mnist"])
    assert everything(data) == ["mnist/mnist.npz"]
    assert "fashion-mnist failed" in capsys.readouterr().err


def test_no_name_means_all_that_is_published_and_gated_sets_are_no_failures(capsys):
    published = checks.names("full")
    with pytest.raises(OSError) as caught:
        fetch.fetch()
    out = capsys.readouterr().out
    assert all(f"{name}: {PUBLICATIONS[name].title}" in out for name in published) and "solids" not in out
    assert f"{len(published) - 1} of {len(published)} data sets" in str(caught.value)
    assert "age-gap-faces" not in str(caught.value)


ARGUMENTS = {
    "unknown": (["mnist", "mnits"], {}, "fashion-mnist"),
    "only drawn": (["solids"], {}, "`pixvox sketch solids`"),
    "mirror that is none": (["mnist"], {"mirror": "nowhere"}, "`pixvox fetch --mirror DIR-or-URL`"),
    "address without a computer": (["mnist"], {"mirror": "https:///course"}, "DIR-or-URL"),
    "mirror that is empty": (["mnist"], {"mirror": ""}, "--mirror: .*''.*DIR-or-URL"),
    "mirror of nobody": (["mnist"], {"mirror": "~nobody9/x"}, "--mirror: .*~nobody9"),
    "source that is empty": (["mnist"], {"archive": ""}, "--from: .*''.*--from FILE`"),
    "source of nobody": (["mnist"], {"archive": "~nobody9/x"}, "--from: .*~nobody9"),
    "one source for two": (["mnist", "vgg16"], {"archive": "."}, "--from FILE`"),
    "source that is not there": (["mnist"], {"archive": "nowhere.npz"}, "--from FILE`"),
}


@pytest.mark.parametrize(("names", "settings", "remedy"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_what_cannot_be_meant_is_refused_before_anything_starts(data, names, settings, remedy):
    with publish("mnist", PUBLISHED) as asked, pytest.raises(ValueError, match=remedy):
        fetch.fetch(names, **settings)
    assert asked == [] and not data.exists()


# Mirrors


def test_a_folder_is_asked_first_whatever_profile_is_in_force(data, tmp_path, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "nonsense")
    trees = {"mnist/mnist.npz": OTHER, **{f"fashion-mnist/{name}": file for name, file in clothes().items()}}
    trees |= {f"dogs-vs-cats/{name}": file for name, file in pets().items()}
    trees |= {f"age-gap-faces/{name}": file for name, file in people(4).items()}
    write_new(put(tmp_path / "mirror", trees | {"vgg/x": b""}) / "vgg" / "vgg16_notop.weights.h5")
    (tmp_path / "mirror" / "vgg" / "x").unlink()
    with publish("mnist", PUBLISHED) as asked:
        names = ["mnist", "fashion-mnist", "dogs-vs-cats", "age-gap-faces", "vgg16"]
        fetch.fetch(names, mirror=tmp_path / "mirror")
    assert asked == [] and everything(data) == everything(tmp_path / "mirror")
    assert (data / "mnist" / "mnist.npz").read_bytes() == OTHER


def test_a_mirror_may_have_the_archives(data, pets_zip, tmp_path):
    put(tmp_path / "mirror" / "dogs-vs-cats", {pets_zip.name: pets_zip.read_bytes()})
    packed(tmp_path / "mirror" / "age-gap-faces" / "LAGdataset_100.zip", people(4, "LAG/"))
    fetch.fetch(["dogs-vs-cats", "age-gap-faces"], mirror=tmp_path / "mirror")
    assert everything(data / "dogs-vs-cats" / "train") == [Path(name).name for name in PETS]
    assert everything(data / "age-gap-faces") == sorted(people(4))


def test_an_address_is_asked_first(data, tmp_path, pets_zip):
    weights = write_new(tmp_path / "x.h5").read_bytes()
    answers = {
        "/course/mnist/mnist.npz": Answer(OTHER),
        f"/course/dogs-vs-cats/{pets_zip.name}": Answer(pets_zip.read_bytes()),
        "/course/vgg/vgg16_notop.weights.h5": Answer(weights),
    }
    with publish("mnist", PUBLISHED) as published, serve(answers) as (address, asked):
        fetch.fetch(["mnist", "dogs-vs-cats", "vgg16"], mirror=f"{address}/course/")
    assert published == [] and asked == list(answers)
    assert (data / "mnist" / "mnist.npz").read_bytes() == OTHER
    assert everything(data / "dogs-vs-cats") == [name.partition("/")[2] for name in PETS]
    assert (data / "vgg" / "vgg16_notop.weights.h5").read_bytes() == weights


@pytest.mark.parametrize("has", [{}, {"mnist/mnist.npz": PUBLISHED[:2000]}])
@pytest.mark.parametrize("web", [False, True])
def test_what_a_mirror_lacks_or_has_wrong_comes_from_the_published_address(data, tmp_path, capsys, web, has):
    folder = put(tmp_path / "mirror", {"readme": b""} | has)
    with publish("mnist", PUBLISHED), serve({f"/{key}": Answer(has[key]) for key in has}) as (address, _):
        fetch.fetch(["mnist"], mirror=address if web else folder)
    assert (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED
    out = capsys.readouterr().out
    place = f"{address if web else folder}/mnist/mnist.npz"
    assert f"not from {place}: {f'{place}: expected' if has else ''}" in out and files.STAGING not in out


def test_files_that_do_not_fit_together_are_an_error(data, tmp_path):
    mixed = clothes() | {"train-labels-idx1-ubyte.gz": clothes(train=4)["train-labels-idx1-ubyte.gz"]}
    put(tmp_path / "mirror" / "fashion-mnist", mixed)
    with pytest.raises(ValueError, match="Delete .*`pixvox fetch fashion-mnist`"):
        fetch.fetch(["fashion-mnist"], mirror=tmp_path / "mirror")


# What the user has


@pytest.mark.parametrize("kind", ["file", "folder", "zip", "tar", "gztar"])
def test_from_takes_a_file_a_folder_or_an_archive(data, tmp_path, kind):
    source = put(tmp_path / "mine" / "deep", {"mnist.npz": OTHER, "readme": b""}).parent
    if kind == "file":
        source = (source / "deep" / "mnist.npz").rename(tmp_path / "digits-of-mine.npz")
    elif kind != "folder":
        source = shutil.make_archive(tmp_path / "packed", kind, source)
    fetch.fetch(["mnist"], archive=source)
    assert everything(data) == ["mnist/mnist.npz"]
    assert (data / "mnist" / "mnist.npz").read_bytes() == OTHER


def test_from_takes_several_files_at_once(data, tmp_path):
    fetch.fetch(["fashion-mnist"], archive=packed(tmp_path / "mine.zip", clothes()))
    assert everything(data / "fashion-mnist") == sorted(clothes())


def test_the_csv_files_are_those_that_kaggle_has():
    assert KAGGLE == {TRAIN: ("train", 60_000), TEST: ("test", 10_000)}


def check_clothes(monkeypatch):
    """Check that the full profile loads the pictures of `TABLES`."""
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    arrays = dict(
        zip(("x_train", "y_train", "x_test", "y_test"), (*digits(5, 0), *digits(3, 1)), strict=True)
    )
    check_digits(fashion_mnist.load_fashion_mnist(), arrays)


@pytest.mark.parametrize("kind", [TRAIN, TEST, "folder", "zip", "tar", "zip with more"])
def test_from_takes_clothes_as_csv_files(data, tmp_path, monkeypatch, capsys, kind):
    more = {"train-images-idx3-ubyte": b"not gzipped", "train-labels-idx1-ubyte.gz": b"junk", "my.csv": b""}
    source = put(tmp_path / "mine", TABLES | more)
    if kind in TABLES:
        source = source / kind
    elif kind == "zip with more":
        source = packed(
            tmp_path / "archive.zip", {f"deep/{name}": file for name, file in (TABLES | more).items()}
        )
    elif kind != "folder":
        source = shutil.make_archive(tmp_path / "packed", kind, put(tmp_path / "tables", TABLES))
    fetch.fetch(["fashion-mnist"], archive=source)
    check_clothes(monkeypatch)
    assert everything(data) == sorted(f"fashion-mnist/{name}" for name in clothes())
    assert everything(tmp_path / "mine") == sorted(TABLES | more)
    assert "checksum is not the published one" in capsys.readouterr().out


def test_csv_files_become_the_same_bytes_on_every_run(data, tmp_path):
    contents = []
    for run in range(2):
        fetch.fetch(["fashion-mnist"], archive=put(tmp_path / f"mine{run}", TABLES))
        contents.append([path.read_bytes() for path in sorted((data / "fashion-mnist").iterdir())])
    assert contents[0] == contents[1] and len(contents[0]) == 4


def test_a_folder_with_all_four_idx_files_needs_no_csv_files(data, tmp_path):
    fetch.fetch(["fashion-mnist"], archive=put(tmp_path / "mine", clothes() | {TRAIN: b"junk"}))
    assert (data / "fashion-mnist" / LABELS).read_bytes() == clothes()[LABELS]


@pytest.mark.parametrize("kind", ["file", "folder", "zip"])
@pytest.mark.parametrize(("has", "lacks"), [(TRAIN, TEST), (TEST, TRAIN)])
def test_one_csv_file_is_taken_and_the_other_named_with_what_to_type(
    data, tmp_path, monkeypatch, capsys, kind, has, lacks
):
    folder = put(tmp_path / "mine", {has: TABLES[has]})
    source = packed(tmp_path / "archive.zip", {has: TABLES[has]}) if kind == "zip" else folder
    with pytest.raises(
        OSError, match="expected the published file.*`pixvox fetch fashion-mnist --from FILE`"
    ):
        fetch.fetch(["fashion-mnist"], archive=folder / has if kind == "file" else source)
    assert len(everything(data / "fashion-mnist")) == 2
    out = capsys.readouterr().out
    assert f"`pixvox fetch fashion-mnist --from {lacks}`" in out and f"--from {has}" not in out
    fetch.fetch(["fashion-mnist"], archive=put(tmp_path / "later", {lacks: TABLES[lacks]}) / lacks)
    check_clothes(monkeypatch)


def test_what_the_csv_files_lack_is_fetched(data, tmp_path):
    put(tmp_path / "mirror" / "fashion-mnist", clothes())
    folder = put(tmp_path / "mine", {TRAIN: TABLES[TRAIN]})
    fetch.fetch(["fashion-mnist"], archive=folder, mirror=tmp_path / "mirror")
    assert checks.check("fashion-mnist", data / "fashion-mnist") == "5 training and 2 test pictures of 28x28"
    assert (data / "fashion-mnist" / LABELS).read_bytes() == clothes()[LABELS]


LINES = TABLES[TEST].splitlines(keepends=True)
WRONG_TABLES = {
    "no names": {TEST: b"".join(LINES[1:])},
    "a value above 255": {TEST: TABLES[TEST].replace(b",0\n", b",256\n")},
    "broken off in a line": {TEST: TABLES[TEST][:-100]},
    "broken off between lines": {TEST: b"".join(LINES[:-1])},
    "empty": {TEST: b""},
    "train and test swapped": {TRAIN: TABLES[TEST], TEST: TABLES[TRAIN]},
    "one twice": {f"again/{TEST}": TABLES[TEST]},
}


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize("tree", WRONG_TABLES.values(), ids=WRONG_TABLES)
def test_from_takes_all_csv_files_or_none(data, tmp_path, tree, kind):
    put(data / "fashion-mnist", clothes())
    source = put(tmp_path / "mine", TABLES | tree)
    if kind == "zip":
        source = packed(tmp_path / "archive.zip", TABLES | tree)
    with pytest.raises(ValueError, match="expected.*got.*`pixvox fetch fashion-mnist --from FILE`") as caught:
        fetch.fetch(["fashion-mnist"], archive=source)
    assert f"{source}/" in str(caught.value) and files.STAGING not in str(caught.value)
    assert "unpacked" not in str(caught.value)
    assert {path.name: path.read_bytes() for path in (data / "fashion-mnist").iterdir()} == clothes()


def test_a_csv_file_of_another_name_is_refused_with_the_right_names(data, tmp_path):
    source = put(tmp_path, {"train (1).csv": TABLES[TRAIN]}) / "train (1).csv"
    with pytest.raises(ValueError, match=f"expected {TRAIN} or {TEST}, got.*`pixvox fetch fashion-mnist"):
        fetch.fetch(["fashion-mnist"], archive=source)
    assert everything(data) == []


LABELS = "t10k-labels-idx1-ubyte.gz"
WRONG = {
    "one wrong": ("fashion-mnist", clothes() | {LABELS: b"junk"}),
    "one missing": ("fashion-mnist", {name: file for name, file in clothes().items() if name != LABELS}),
    "one twice": ("fashion-mnist", clothes() | {f"again/{LABELS}": clothes()[LABELS]}),
    "not fitting": ("fashion-mnist", clothes() | {LABELS: clothes(test=9)[LABELS]}),
    "out of the folder": ("mnist", {"mnist.npz": OTHER, "../../evil.txt": b"evil"}),
    "two layouts": ("dogs-vs-cats", pets() | pet_images()),
    "evil inside": ("dogs-vs-cats", pets() | {"/evil.jpg": b"x"}),
    "too few people": ("age-gap-faces", people(2)),
    "nothing of it": ("3d-mnist", {"a.txt": b""}),
}


@pytest.mark.parametrize(("name", "tree"), WRONG.values(), ids=WRONG)
def test_from_takes_all_or_nothing(data, tmp_path, name, tree):
    source = packed(tmp_path / "mine.zip", tree)
    with pytest.raises(ValueError, match=rf"mine\.zip.*`pixvox fetch {name} --from FILE`") as caught:
        fetch.fetch([name], archive=source)
    assert everything(data) == [] and everything(tmp_path) == ["mine.zip"]
    assert files.STAGING not in str(caught.value)


SETS = {
    "mnist": {"mnist.npz": OTHER},
    "fashion-mnist": clothes(),
    "dogs-vs-cats": pets(),
    "age-gap-faces": people(4),
}


@pytest.mark.parametrize("name", SETS)
def test_a_zip_of_another_method_is_refused_and_its_folder_taken(data, tmp_path, name):
    source = packed(tmp_path / "mine.zip", {f"mine/{file}": content for file, content in SETS[name].items()})
    content = bytearray(source.read_bytes())
    for start, method in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        place = -1
        while (place := content.find(start, place + 1)) >= 0:
            content[place + method] = 9  # Deflate64
    source.write_bytes(content)
    told = f"mine.zip: .*of method 9 .deflate64.*7-Zip.*`pixvox fetch {name} --from FILE` with .* folder"
    with pytest.raises(ValueError, match=told) as caught:
        fetch.fetch([name], archive=source)
    assert files.STAGING not in str(caught.value) and everything(data) == []
    fetch.fetch([name], archive=put(tmp_path / "unpacked", {f"mine/{f}": c for f, c in SETS[name].items()}))
    assert doctor.status(name, "full").state == "there"


def test_the_name_of_an_unfinished_download_is_told(data, tmp_path):
    source = put(tmp_path, {"mnist.npz.crdownload": PUBLISHED[:3000]}) / "mnist.npz.crdownload"
    with pytest.raises(ValueError, match="By its name its download was not finished"):
        fetch.fetch(["mnist"], archive=source)
    source.write_bytes(PUBLISHED)
    fetch.fetch(["mnist"], archive=source)
    assert (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED


def test_the_password_of_a_mirror_is_not_shown(data, capsys):
    with publish("mnist", PUBLISHED), serve({"/mnist/mnist.npz": Answer(status=401)}) as (address, _):
        fetch.fetch(["mnist"], mirror=address.replace("//", "//me:secret@"))
    out = capsys.readouterr().out
    assert f"not from {address}/mnist/mnist.npz: HTTP status 401" in out and "secret" not in out
    with pytest.raises(ValueError, match="got 'http://h:no/x'"):
        fetch.fetch(["mnist"], mirror="http://me:secret@h:no/x")


# What lies there already


@pytest.mark.parametrize("name", [VGG, "vgg16_notop.weights.h5"])
def test_a_published_file_put_there_by_hand_is_converted(data, name):
    put(data, {"vgg/readme.txt": b""})
    write_legacy(data / "vgg" / name)
    fetch.fetch(["vgg16"])
    assert doctor.status("vgg16", "full").state == "there"
    assert (data / "vgg" / VGG).exists() == (name == VGG)


def test_an_archive_put_there_by_hand_is_unpacked(data, pets_zip):
    put(data / "dogs-vs-cats", {pets_zip.name: pets_zip.read_bytes()})
    fetch.fetch(["dogs-vs-cats"])
    assert everything(data) == sorted([*PETS, f"dogs-vs-cats/{pets_zip.name}"])


LEFT = {".DS_Store": b"left by a Mac", "Thumbs.db": b"left by Windows"}


def test_a_folder_with_something_in_it_is_never_replaced(data, tmp_path):
    put(data / "dogs-vs-cats" / "train", {"mine.txt": b"dear to me"})
    packed(data / "age-gap-faces" / "LAGdataset_100.zip", people(4))
    before = everything(data)
    for name in ("dogs-vs-cats", "age-gap-faces"):
        for source in (None, put(tmp_path / "mine", pets())):
            with pytest.raises(ValueError, match=f"in the way.*Move .*`pixvox fetch {name}`.*--from"):
                fetch.fetch([name], archive=source)
    assert everything(data) == before


def test_what_is_refused_is_not_said_to_be_fetched(data, capsys):
    put(data / "dogs-vs-cats", pets() | {"train/cat.1.png": b"x"})
    with pytest.raises(ValueError, match="in the way"):
        fetch.fetch(["dogs-vs-cats"])
    out = capsys.readouterr().out
    assert "cat.1.png" in out and "again" not in out


@pytest.mark.parametrize("inside", [[], ["mine.txt"]])
def test_a_folder_in_the_place_of_a_file_is_named(data, tmp_path, inside):
    (data / "mnist" / "mnist.npz").mkdir(parents=True)
    put(data / "mnist" / "mnist.npz", dict.fromkeys(inside, b"x"))
    for source in (None, put(tmp_path / "mine", {"mnist.npz": OTHER})):
        with publish("mnist", PUBLISHED), pytest.raises(ValueError, match=r"mnist\.npz is in the way"):
            fetch.fetch(["mnist"], archive=source)


def test_what_file_managers_leave_is_not_in_the_way(data, tmp_path):
    put(data / "dogs-vs-cats" / "train", LEFT)
    fetch.fetch(["dogs-vs-cats"], archive=put(tmp_path / "pets", pets()))
    assert everything(data) == sorted([*PETS, *(f"dogs-vs-cats/train/{name}" for name in LEFT)])
    assert [path.name for path in (data / "dogs-vs-cats").iterdir()] == ["train"]


# 3D MNIST is made from MNIST


def test_3d_mnist_is_made_once_from_mnist(data):
    put(data / "mnist", {"mnist.npz": PUBLISHED})
    fetch.fetch(["3d-mnist"])
    assert doctor.status("3d-mnist", "full").detail.startswith("8 training and 4 test vectors")
    before = {path: path.stat().st_mtime_ns for path in (data / "3d-mnist").iterdir()}
    fetch.fetch(["3d-mnist"])
    assert before == {path: path.stat().st_mtime_ns for path in (data / "3d-mnist").iterdir()}
    assert sorted(path.name for path in before) == sorted((VECTORS, *CLOUDS))


@pytest.mark.parametrize("mnist", [{}, {"mnist.npz": b"junk"}])
def test_without_mnist_it_says_what_to_type(data, monkeypatch, mnist):
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    put(data / "mnist", mnist)
    with pytest.raises((FileNotFoundError, ValueError), match=r"mnist\.npz.*`pixvox fetch mnist`"):
        fetch.fetch(["3d-mnist"])
    assert everything(data / "3d-mnist") == []


@pytest.mark.parametrize("kind", ["by hand", "from a mirror", "from a file", "from a zip"])
def test_some_of_the_files_may_be_had_and_the_rest_is_made(data, tmp_path, kind):
    put(data / "mnist", {"mnist.npz": PUBLISHED})
    home = {"by hand": data, "from a mirror": tmp_path / "mirror"}.get(kind, tmp_path) / "3d-mnist"
    parts = digits(3, 5), digits(3, 6)
    vectors = make_mnist3d.make_vectors(parts, home / VECTORS, counts=(3, 3)).read_bytes()
    if kind == "from a mirror":
        put(home, {CLOUDS[0]: b"junk"})
        fetch.fetch(["3d-mnist"], mirror=home.parent)
    elif kind == "from a zip":
        fetch.fetch(["3d-mnist"], archive=packed(tmp_path / "my.zip", {f"top/{VECTORS}": vectors}))
    else:
        mine = (home / VECTORS).rename(tmp_path / "my.h5") if "file" in kind else None
        fetch.fetch(["3d-mnist"], archive=mine)
    assert (data / "3d-mnist" / VECTORS).read_bytes() == vectors
    assert checks.check("3d-mnist", data / "3d-mnist").endswith("4 point clouds; 2 point clouds")


# A file that cannot be read now is not a wrong one


HOLD = """
import sys, time, h5py
with h5py.File(sys.argv[1], "r+"):
    print("open", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def voxels(data):
    """Return the path of right voxel digits in the full profile."""
    put(data / "mnist", {"mnist.npz": PUBLISHED})
    fetch.fetch(["3d-mnist"])
    return data / "3d-mnist" / VECTORS


@pytest.mark.parametrize("kind", ["plain", "from"])
def test_a_file_that_is_open_elsewhere_is_said_to_be_and_never_replaced(voxels, tmp_path, capsys, kind):
    source = shutil.copyfile(voxels, tmp_path / VECTORS) if kind == "from" else None
    inode = voxels.stat().st_ino
    with subprocess.Popen([sys.executable, "-c", HOLD, str(voxels)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"open\n"
        try:
            with pytest.raises(OSError, match=f"{VECTORS}: .*open in another.*`pixvox fetch 3d-mnist`"):
                fetch.fetch(["3d-mnist"], archive=source)
            status = doctor.status("3d-mnist", "full")
        finally:
            holder.kill()
    assert (status.state, status.remedy) == ("unreadable", "")
    assert voxels.stat().st_ino == inode and checks.check_file("3d-mnist", voxels).startswith("8 training")
    assert "making it" not in capsys.readouterr().out.rpartition("3d-mnist: ")[2]


PLACES = {"mnist": "mnist/mnist.npz", "3d-mnist": f"3d-mnist/{VECTORS}"}
PLACES |= {"fashion-mnist": f"fashion-mnist/{LABELS}", "vgg16": "vgg/vgg16_notop.weights.h5"}


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EIO])
@pytest.mark.parametrize("name", PLACES)
def test_a_failing_disk_is_named_and_no_good_file_is_replaced(data, monkeypatch, voxels, name, number):
    relative = PLACES[name]

    def fail(path, *arguments, **settings):
        if str(path) == str(data / relative):
            raise OSError(number, os.strerror(number), str(path))
        return opened[type(path) is h5py.File](path, *arguments, **settings)

    put(data, {f"fashion-mnist/{file}": content for file, content in clothes().items()} | {"vgg/x": b""})
    write_new(data / "vgg" / "vgg16_notop.weights.h5")
    before = (data / relative).read_bytes()
    opened = (open, h5py.File)
    monkeypatch.setattr("builtins.open", fail)
    monkeypatch.setattr("pixvox.datasets.hdf5.h5py.File", fail)
    with pytest.raises(OSError, match=f"{os.strerror(number)}.*`pixvox fetch {name}`"):
        fetch.fetch([name])
    assert doctor.status(name, "full").state == "unreadable"
    monkeypatch.undo()
    assert (data / relative).read_bytes() == before


# Disks and processes


FULL_DISK = {
    "copied": ("mnist", {"mnist.npz": OTHER}),
    "arranged": ("dogs-vs-cats", pets()),
    "made": ("3d-mnist", {"readme": b""}),
}


@pytest.mark.parametrize(("name", "tree"), FULL_DISK.values(), ids=FULL_DISK)
def test_a_full_disk_is_explained_and_nothing_is_kept(data, tmp_path, monkeypatch, name, tree):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device", str(arguments[0]))

    put(tmp_path / "mirror" / name, tree)
    put(data / "mnist", {} if name == "mnist" else {"mnist.npz": PUBLISHED})
    monkeypatch.setattr(shutil, "copyfile", full)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=f"full disk.*PIXVOX_DATA.*`pixvox fetch {name}`"):
        fetch.fetch([name], mirror=tmp_path / "mirror")
    assert everything(data / name) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_cannot_be_written_is_explained(monkeypatch, number):
    def refuse(path, *arguments, **settings):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with publish("mnist", PUBLISHED):
        with pytest.raises(OSError, match=f"{os.strerror(number)}.*PIXVOX_DATA.*`pixvox fetch mnist`"):
            fetch.fetch(["mnist"])


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOLCK, errno.ENOSPC])
def test_a_right_data_set_where_there_can_be_no_lock_is_no_error(data, monkeypatch, number):
    def refuse(path):
        raise OSError(number, os.strerror(number), str(path))

    put(data / "mnist", {"mnist.npz": PUBLISHED})
    monkeypatch.setattr(fetch, "staging", None)
    monkeypatch.setattr(files, "_exclusive", refuse)
    with publish("mnist", PUBLISHED):
        fetch.fetch(["mnist"])
    assert everything(data) == ["mnist/mnist.npz"]


def test_the_last_step_is_a_single_move(data, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EIO, "Input/output error", str(target))

    path = put(data / "mnist", {"mnist.npz": b"junk"}) / "mnist.npz"
    monkeypatch.setattr(files.os, "replace", refuse)
    with publish("mnist", PUBLISHED), pytest.raises(OSError, match="Input/output.*`pixvox fetch mnist`"):
        fetch.fetch(["mnist"])
    assert path.read_bytes() == b"junk" and everything(data) == ["mnist/mnist.npz"]


FETCH = """
import errno, sys, time
from pixvox.datasets import files
from pixvox_cli import checks, fetch
from pixvox_cli.publications import PUBLICATIONS
entry = PUBLICATIONS["dogs-vs-cats"]
original = entry.originals["train"]._replace(url=sys.argv[1], checksum="")
PUBLICATIONS["dogs-vs-cats"] = entry._replace(originals={"train": original})
if sys.argv[2] == "arranging":
    checks.is_whole = lambda path: print("here", flush=True) or time.sleep(60)
elif sys.argv[2] == "no locks":
    def refuse(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")
    files.fcntl.flock = refuse
fetch.fetch(["dogs-vs-cats"])
"""


def start(address, moment=""):
    command = [sys.executable, "-u", "-c", FETCH, f"{address}/kagglecatsanddogs_5340.zip", moment]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for(process, data, moment):
    """Wait until the process is in the midst of it."""
    if moment == "arranging":
        assert any(line == "here\n" for line in process.stdout)
        return
    if moment == "waiting":
        assert any("Another process, pid " in line for line in process.stdout)
        return
    until = time.monotonic() + 30
    while not any(path.stat().st_size for path in data.rglob("downloads/*")):
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("moment", ["downloading", "arranging"])
def test_killed_half_way_nothing_half_made_is_taken_for_good(data, pets_zip, moment):
    answer = Answer(pets_zip.read_bytes(), pause=0.2 if moment == "downloading" else 0)
    with serve({f"/{pets_zip.name}": answer}) as (address, _), start(address, moment) as process:
        wait_for(process, data, moment)
        process.kill()
    (leftover,) = (data / "dogs-vs-cats").iterdir()
    assert leftover.name.startswith(files.STAGING)
    assert doctor.status("dogs-vs-cats", "full").state == "missing"
    os.utime(leftover, (0, 0))  # a day later it goes
    fetch.fetch(["dogs-vs-cats"], archive=pets_zip)
    assert everything(data) == PETS and [path.name for path in (data / "dogs-vs-cats").iterdir()] == ["train"]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_ctrl_c_leaves_nothing(data, pets_zip):
    answer = Answer(pets_zip.read_bytes(), pause=0.2)
    with serve({f"/{pets_zip.name}": answer}) as (address, _), start(address) as process:
        wait_for(process, data, "downloading")
        process.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in process.communicate(timeout=30)[0]
    assert list((data / "dogs-vs-cats").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="Windows has locks")
def test_without_locks_two_processes_at_once_do_not_harm_one_another(data, pets_zip):
    answer = Answer(pets_zip.read_bytes(), pause=0.02, barrier=threading.Barrier(2))  # until both have asked
    with serve({f"/{pets_zip.name}": answer}) as (address, asked):
        for process in [start(address, "no locks") for _ in range(2)]:
            out, _ = process.communicate(timeout=60)
            assert process.returncode == 0, out
    assert len(asked) == 2 and everything(data) == PETS
    assert [path.name for path in (data / "dogs-vs-cats").iterdir()] == ["train"]


@contextmanager
def downloading(data, pets_zip):
    """Start a process that holds the lock until the barrier is passed; give it and what the test needs."""
    barrier, body = threading.Barrier(2), pets_zip.read_bytes()
    answers = {f"/{pets_zip.name}": [Answer(body, barrier=barrier), Answer(body)]}
    with serve(answers) as (address, asked), start(address) as first:
        until = time.monotonic() + 60
        while not asked:
            assert first.poll() is None and time.monotonic() < until
            time.sleep(0.01)
        yield first, address, asked, barrier
        barrier.abort()


LOCKS = ["dogs-vs-cats.lock", "dogs-vs-cats.pid"]


@pytest.mark.parametrize("fate", ["ends", "is killed"])
def test_a_second_process_waits_until_the_first_has_ended(data, pets_zip, fate):
    with downloading(data, pets_zip) as (first, address, asked, barrier), start(address) as second:
        wait_for(second, data, "waiting")
        assert len(asked) == 1
        first.kill() if fate == "is killed" else barrier.wait(timeout=20)
        out, _ = second.communicate(timeout=60)
    assert second.returncode == 0, out
    assert ("already there" in out) == (fate == "ends") and len(asked) == 1 + (fate == "is killed")
    assert everything(data) == PETS and doctor.status("dogs-vs-cats", "full").state == "there"
    assert [path.name for path in (data / "dogs-vs-cats").iterdir()] == ["train"]
    assert sorted(path.name for path in data.iterdir()) == ["dogs-vs-cats", *LOCKS]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, getattr(signal, "SIGKILL", None)])
def test_a_process_that_waits_may_be_ended_and_leaves_the_other_alone(data, pets_zip, number):
    with downloading(data, pets_zip) as (first, address, asked, barrier):
        with start(address) as second:
            wait_for(second, data, "waiting")
            second.send_signal(number)
            second.communicate(timeout=30)
        barrier.wait(timeout=20)
        out, _ = first.communicate(timeout=60)
    assert first.returncode == 0 and second.returncode != 0, out
    assert len(asked) == 1 and everything(data) == PETS


def test_other_data_sets_do_not_wait(data, pets_zip, capsys):
    with downloading(data, pets_zip) as (first, *_):
        with publish("mnist", PUBLISHED):
            fetch.fetch(["mnist"])
        assert first.poll() is None and "Another process" not in capsys.readouterr().out
        first.kill()
