import errno
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from support.local_server import Answer, serve
from support.picture_trees import everything, packed, people, pet_images, pets, picture, put
from support.small_vgg import build_small_vgg, write_legacy, write_new

from pixvox.datasets import files, store
from pixvox.datasets import imagenet as vgg
from pixvox.datasets.registry import DATASETS
from pixvox_cli import arranging, download, fetch

LEGACY = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
PETS = sorted(f"dogs-vs-cats/train/{name}.{number}.jpg" for name in ("cat", "dog") for number in range(4))


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Return the full profile's empty folder; no proxies, no waiting, nobody publishes anything."""
    monkeypatch.setenv("PIXVOX_DATA", str(tmp_path / "full"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(download, "PAUSE", 0.001)
    monkeypatch.setattr(vgg, "build_vgg", build_small_vgg)
    for name, entry in DATASETS.items():
        if entry.original:
            nowhere = "http://127.0.0.1:9/" + entry.original.url.rpartition("/")[2]
            original = entry.original._replace(url=nowhere, size=10)
            monkeypatch.setitem(DATASETS, name, entry._replace(original=original))
    return tmp_path / "full"


@contextmanager
def publish(name, content, *answers):
    """Publish a data set's original at a local address; give the paths asked for."""
    entry = DATASETS[name]
    file = entry.original.url.rpartition("/")[2]
    with serve({f"/{file}": list(answers) or [Answer(content)]}) as (address, asked):
        digest = hashlib.sha256(content).hexdigest()
        original = entry.original._replace(url=f"{address}/{file}", checksum=digest, size=len(content))
        DATASETS[name] = entry._replace(original=original)
        try:
            yield asked
        finally:
            DATASETS[name] = entry


@pytest.fixture
def pets_zip(tmp_path):
    return packed(tmp_path / "kagglecatsanddogs_5340.zip", pet_images())


# Cats and dogs


def test_cats_and_dogs_are_downloaded_and_renamed(data, pets_zip, capsys):
    with publish("dogs-vs-cats", pets_zip.read_bytes()) as asked:
        fetch.fetch(["dogs-vs-cats"])
        assert everything(data) == PETS
        fetch.fetch(["dogs-vs-cats"])
    assert asked == ["/kagglecatsanddogs_5340.zip"]
    out = capsys.readouterr().out
    assert out.startswith(
        "dogs-vs-cats: Dogs vs. Cats: 25,000 photographs; 0.0 MB; licence: CDLA-Permissive-2.0 (Microsoft's"
    )
    assert "kept out: cat.666.jpg, dog.11702.jpg" in out
    assert "Downloaded, its checksum is the published one: 4 cats and 4 dogs." in out
    assert "Already there: 4 cats and 4 dogs." in out


def test_a_wrong_checksum_is_an_error_and_nothing_is_kept(data, pets_zip):
    wrong = Answer(pets_zip.read_bytes() + b"more")
    with publish("dogs-vs-cats", pets_zip.read_bytes(), wrong), pytest.raises(ValueError) as caught:
        fetch.fetch(["dogs-vs-cats"])
    assert "Nothing was kept. Type `pixvox fetch dogs-vs-cats` to try again" in str(caught.value)
    assert everything(data) == []


def test_no_network(data):
    with pytest.raises(OSError, match="no connection.*`pixvox fetch dogs-vs-cats --from FILE`"):
        fetch.fetch(["dogs-vs-cats"])
    assert everything(data) == []


def test_a_folder_mirror_is_copied(data, tmp_path, capsys):
    mirror = put(tmp_path / "mirror" / "dogs-vs-cats", pets()).parent
    fetch.fetch(["dogs-vs-cats"], mirror=mirror)
    assert everything(data) == PETS == everything(mirror)
    assert "From the mirror: 4 cats and 4 dogs" in capsys.readouterr().out


def test_a_mirror_may_have_the_archive(data, pets_zip, tmp_path, capsys):
    put(tmp_path / "mirror" / "dogs-vs-cats", {pets_zip.name: pets_zip.read_bytes()})
    with publish("dogs-vs-cats", b"other"):
        fetch.fetch(["dogs-vs-cats"], mirror=tmp_path / "mirror")
    assert everything(data) == PETS
    assert "From the mirror, its checksum is not the published one" in capsys.readouterr().out


def test_a_web_mirror_has_the_archive(data, pets_zip):
    with serve({f"/course/dogs-vs-cats/{pets_zip.name}": Answer(pets_zip.read_bytes())}) as (address, asked):
        fetch.fetch(["dogs-vs-cats"], mirror=f"{address}/course")
    assert everything(data) == PETS and len(asked) == 1


def test_what_the_mirror_has_wrong_comes_from_the_published_address(data, pets_zip, tmp_path, capsys):
    put(tmp_path / "mirror" / "dogs-vs-cats" / "train", {"readme.txt": b""})
    with publish("dogs-vs-cats", pets_zip.read_bytes()):
        fetch.fetch(["dogs-vs-cats"], mirror=tmp_path / "mirror")
    assert everything(data) == PETS
    assert "Not from the mirror" in capsys.readouterr().out


def test_from_takes_kaggle_s_zip(data, tmp_path):
    inner = packed(tmp_path / "train.zip", pets()).read_bytes()
    outer = packed(tmp_path / "dogs-vs-cats.zip", {"train.zip": inner, "test1.zip": b"PK"})
    fetch.fetch(["dogs-vs-cats"], archive=outer)
    assert everything(data) == PETS


def test_an_archive_put_there_by_hand_is_taken(data, pets_zip):
    put(data / "dogs-vs-cats", {pets_zip.name: pets_zip.read_bytes()})
    fetch.fetch(["dogs-vs-cats"])
    assert everything(data) == sorted([*PETS, f"dogs-vs-cats/{pets_zip.name}"])


def test_a_wrong_folder_is_not_replaced(data, tmp_path, capsys):
    put(data / "dogs-vs-cats" / "train", {"mine.txt": b"dear to me"})
    with pytest.raises(ValueError, match="train is in the way.*Move it away and type `pixvox fetch dogs"):
        fetch.fetch(["dogs-vs-cats"])
    assert everything(data) == ["dogs-vs-cats/train/mine.txt"]
    assert "came 0 cats and 0 dogs" in capsys.readouterr().out


def test_an_empty_folder_is_filled(data, tmp_path):
    (data / "dogs-vs-cats" / "train").mkdir(parents=True)
    fetch.fetch(["dogs-vs-cats"], archive=put(tmp_path / "mine", pets()))
    assert everything(data) == PETS


LEFT = {".DS_Store": b"left by a Mac", "Thumbs.db": b"left by Windows"}


def test_what_file_managers_leave_is_not_in_the_way(data, tmp_path):
    put(data / "dogs-vs-cats" / "train", LEFT)
    put(data / "age-gap-faces", LEFT)
    fetch.fetch(["dogs-vs-cats"], archive=put(tmp_path / "pets", pets()))
    fetch.fetch(["age-gap-faces"], mirror=put(tmp_path / "mirror" / "age-gap-faces", people(4)).parent)
    for folder, count in ((data / "dogs-vs-cats" / "train", 8), (data / "age-gap-faces", 12)):
        assert len(everything(folder)) == count + 2
        assert {name: (folder / name).read_bytes() for name in LEFT} == LEFT
    assert [path.name for path in (data / "dogs-vs-cats").iterdir()] == ["train"]


EVIL = {
    "outside": ({"../../evil.jpg": picture(1)}, "would land outside"),
    "absolute": ({"/evil.jpg": picture(1)}, "would land outside"),
    "twice": ({"train/CAT.0.jpg": picture(1)}, "comes twice"),
}


@pytest.mark.parametrize(("more", "words"), EVIL.values(), ids=EVIL)
def test_an_evil_archive_is_refused_and_writes_nothing(data, tmp_path, more, words):
    archive = packed(tmp_path / "evil.zip", pets() | more)
    before = everything(tmp_path)
    with pytest.raises(ValueError, match=f"{words}.*Nothing was kept.*--from FILE"):
        fetch.fetch(["dogs-vs-cats"], archive=archive)
    assert everything(tmp_path) == before and not os.path.exists("/evil.jpg")


def test_messages_name_the_user_s_files_not_temporary_ones(data, tmp_path, capsys):
    archive = packed(tmp_path / "mine.zip", pets() | pet_images())
    with pytest.raises(
        ValueError, match=r"mine.zip: expected one cat.0.jpg, came PetImages/Cat/0.jpg and train"
    ):
        fetch.fetch(["dogs-vs-cats"], archive=archive)
    inner = packed(tmp_path / "train.zip", {"../evil.jpg": picture(1)}).read_bytes()
    outer = packed(tmp_path / "outer.zip", {"train.zip": inner})
    with pytest.raises(ValueError, match=r"/outer.zip/.*train.zip: refused") as caught:
        fetch.fetch(["dogs-vs-cats"], archive=outer)
    assert ".part-" not in str(caught.value)
    with pytest.raises(ValueError, match="came a, b. Nothing") as caught:
        two = packed(tmp_path / "LAG.zip", people(4, "a/") | people(4, "b/"))
        fetch.fetch(["age-gap-faces"], archive=two)
    with serve({"/dogs-vs-cats/kagglecatsanddogs_5340.zip": Answer(b"PK junk")}) as (address, _):
        with pytest.raises(OSError):
            fetch.fetch(["dogs-vs-cats"], mirror=address)
    out = capsys.readouterr().out
    assert (
        f"{address}/dogs-vs-cats/kagglecatsanddogs_5340.zip: expected a whole zip" in out
        and ".part-" not in out
    )


def test_half_an_archive_is_refused(data, pets_zip):
    pets_zip.write_bytes(pets_zip.read_bytes()[:-100])
    with pytest.raises(ValueError, match="expected a whole zip"):
        fetch.fetch(["dogs-vs-cats"], archive=pets_zip)
    assert everything(data) == []


# Faces


def test_faces_are_said_where_to_get(data, capsys):
    with pytest.raises(FileNotFoundError) as caught:
        fetch.fetch(["age-gap-faces"])
    message = str(caught.value)
    assert "http://www.ivl.disco.unimib.it/activities/large-age-gap-face-verification/" in message
    assert "academic" in message and "70 MB" in message
    assert "`pixvox fetch age-gap-faces --from LAGdataset_100.zip`" in message
    assert everything(data) == []


@pytest.mark.parametrize("top", ["", "LAGdataset_100/"])
def test_faces_from_the_archive(data, tmp_path, capsys, top):
    fetch.fetch(["age-gap-faces"], archive=packed(tmp_path / "LAGdataset_100.zip", people(4, top)))
    assert everything(data) == sorted(f"age-gap-faces/{name}" for name in people(4))
    assert "12 pictures of 4 people, 8 old and 4 young" in capsys.readouterr().out
    fetch.fetch(["age-gap-faces"])
    assert "Already there" in capsys.readouterr().out


@pytest.mark.parametrize("as_archive", [False, True])
def test_faces_from_a_mirror(data, tmp_path, as_archive):
    folder = tmp_path / "mirror" / "age-gap-faces"
    if as_archive:
        packed(folder / "LAGdataset_100.zip", people(4, "LAG/"))
    else:
        put(folder, people(4))
    fetch.fetch(["age-gap-faces"], mirror=tmp_path / "mirror")
    assert len(everything(data / "age-gap-faces")) == 12


def test_too_few_faces_are_refused(data, tmp_path):
    with pytest.raises(ValueError, match="LAG.zip: expected pictures of three or more people.*Nothing was"):
        fetch.fetch(["age-gap-faces"], archive=packed(tmp_path / "LAG.zip", people(2)))
    assert everything(data) == []


@pytest.mark.parametrize("named", [False, True])
def test_faces_in_their_own_folder_are_said_where_to_move(data, named):
    archive = packed(data / "age-gap-faces" / "LAGdataset_100.zip", people(4, "LAG/"))
    put(archive.parent, LEFT)
    beside = data / "LAGdataset_100.zip"
    with pytest.raises(ValueError) as caught:
        fetch.fetch(["age-gap-faces"], archive=archive if named else None)
    assert f"Move it to {beside}, and type `pixvox fetch age-gap-faces --from {beside}`" in str(caught.value)
    archive.rename(beside)
    fetch.fetch(["age-gap-faces"], archive=beside)
    assert len(everything(data / "age-gap-faces")) == 12 + len(LEFT)


# VGG


def test_vgg_is_downloaded_and_saved_anew(data, tmp_path, capsys):
    content = write_legacy(tmp_path / "x.h5").read_bytes()
    with publish("vgg16", content) as asked:
        fetch.fetch(["vgg16"])
        fetch.fetch(["vgg16"])
    assert everything(data) == ["vgg/vgg16_notop.weights.h5"] and asked == [f"/{LEGACY}"]
    out = capsys.readouterr().out
    assert "CC BY 4.0" in out and "its checksum is the published one: 13 convolutional layers" in out
    assert "Already there: 13 convolutional layers" in out
    assert store.status("vgg16", "full").state == "there"


@pytest.mark.parametrize("name", [LEGACY, "vgg16_notop.weights.h5"])
def test_a_published_file_put_there_by_hand_is_taken(data, name):
    put(data, {"vgg/readme.txt": b""})
    write_legacy(data / "vgg" / name)
    fetch.fetch(["vgg16"])
    assert vgg.check_file(data / "vgg" / "vgg16_notop.weights.h5").startswith("13 convolutional")
    assert (data / "vgg" / LEGACY).exists() == (name == LEGACY)


def test_junk_put_there_by_hand_is_replaced(data, tmp_path, capsys):
    put(data, {"vgg/vgg16_notop.weights.h5": b"junk", f"vgg/{LEGACY}": b"junk"})
    with publish("vgg16", write_legacy(tmp_path / "x.h5").read_bytes()):
        fetch.fetch(["vgg16"])
    assert store.status("vgg16", "full").state == "there"
    assert capsys.readouterr().out.count("expected a whole HDF5 file") == 3


@pytest.mark.parametrize("web", [False, True])
def test_vgg_from_a_mirror(data, tmp_path, web):
    mirror = tmp_path / "mirror" / "vgg"
    mirror.mkdir(parents=True)
    content = write_new(mirror / "vgg16_notop.weights.h5").read_bytes()
    with serve({"/vgg/vgg16_notop.weights.h5": Answer(content)}) as (address, _):
        fetch.fetch(["vgg16"], mirror=address if web else mirror.parent)
    assert (data / "vgg" / "vgg16_notop.weights.h5").read_bytes() == content


def test_vgg16_is_not_taken_for_vgg19(data, tmp_path):
    with pytest.raises(ValueError, match="x.h5: expected the 16 convolutional layers of vgg19"):
        fetch.fetch(["vgg19"], archive=write_legacy(tmp_path / "x.h5"))
    assert everything(data) == []


# Disks and processes


def test_a_full_disk_is_explained_and_nothing_is_kept(data, tmp_path, monkeypatch):
    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(arranging.shutil, "copyfile", full)
    words = r"room for 0.0 MB two or three times.*came a full disk.*PIXVOX_DATA.*`pixvox fetch dogs-vs-cats`"
    with pytest.raises(OSError, match=words):
        fetch.fetch(["dogs-vs-cats"], archive=put(tmp_path / "mine", pets()))
    assert everything(data) == []


def test_another_process_that_was_faster_is_not_harmed(tmp_path):
    ours, place = put(tmp_path / "ours", {"a": b"ours"}), tmp_path / "place"
    put(place, {"a": b"theirs"})
    files.move_folder(ours, place)
    assert (place / "a").read_bytes() == b"theirs"
    with pytest.raises(OSError):
        files.move_folder(tmp_path / "nowhere", tmp_path / "other")


FETCH = """
import sys, time
from pixvox.datasets import images, store
from pixvox_cli import archives, fetch
entry = store.DATASETS["dogs-vs-cats"]
original = entry.original._replace(url=sys.argv[1], checksum=sys.argv[2], size=0)
store.DATASETS["dogs-vs-cats"] = entry._replace(original=original)
def slow(*arguments):
    print("here", flush=True)
    time.sleep(60)
if sys.argv[3] == "unpacking":
    write, count = archives._write, []
    archives._write = lambda *arguments: slow() if len(count) > 3 else count.append(1) or write(*arguments)
if sys.argv[3] == "arranging":
    images.is_whole = slow
fetch.fetch(["dogs-vs-cats"])
"""


def start(address, content, moment):
    digest = hashlib.sha256(content).hexdigest()
    url = f"{address}/kagglecatsanddogs_5340.zip"
    command = [sys.executable, "-c", FETCH, url, digest, moment]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for(process, data, moment):
    """Wait until the process is in the midst of it."""
    if moment == "downloading":
        until = time.monotonic() + 30
        while not any(path.stat().st_size for path in data.rglob("*.zip*")):
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.01)
        return
    assert any(line == "here\n" for line in process.stdout)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere leftovers go by their age")
@pytest.mark.parametrize("moment", ["downloading", "unpacking", "arranging"])
def test_killed_half_way_the_next_run_starts_clean(data, pets_zip, moment):
    content = pets_zip.read_bytes()
    pause = 0.2 if moment == "downloading" else 0
    with serve({f"/{pets_zip.name}": Answer(content, pause=pause)}) as (address, _):
        with start(address, content, moment) as process:
            wait_for(process, data, moment)
            process.send_signal(signal.SIGKILL)
    assert [path.name[:6] for path in (data / "dogs-vs-cats").iterdir()] == [".part-"]
    assert store.status("dogs-vs-cats", "full").state == "missing"
    fetch.fetch(["dogs-vs-cats"], archive=pets_zip)
    assert everything(data) == PETS and [path.name for path in (data / "dogs-vs-cats").iterdir()] == ["train"]


def test_two_processes_at_once_do_not_harm_one_another(data, pets_zip):
    content = pets_zip.read_bytes()
    answer = Answer(content, pause=0.02, barrier=threading.Barrier(2))  # held until both have asked
    with serve({f"/{pets_zip.name}": answer}) as (address, asked):
        processes = [start(address, content, "") for _ in range(2)]
        for process in processes:
            out, _ = process.communicate(timeout=60)
            assert process.returncode == 0, out
    assert len(asked) == 2 and everything(data) == PETS
    assert [path.name for path in (data / "dogs-vs-cats").iterdir()] == ["train"]
