import errno
import gzip
import hashlib
import io
import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from support.local_server import Answer, serve

from pixvox.datasets import files, store
from pixvox.datasets.registry import DATASETS, RemoteFile
from pixvox_cli import download, fetch, fetch_files

FETCH = """
import sys
from pixvox.datasets import store
from pixvox_cli import fetch
remote = store.DATASETS["mnist"].files["mnist.npz"]._replace(url=sys.argv[1], checksum=sys.argv[2])
store.DATASETS["mnist"] = store.DATASETS["mnist"]._replace(files={"mnist.npz": remote._replace(size=0)})
fetch.fetch(["mnist"])
"""


def npz(seed=0, **changes):
    """Return the bytes of a small MNIST."""
    generator = np.random.default_rng(seed)
    arrays = {
        "x_train": generator.integers(0, 256, (20, 28, 28), np.uint8),
        "y_train": np.arange(20, dtype=np.uint8) % 10,
        "x_test": generator.integers(0, 256, (5, 28, 28), np.uint8),
        "y_test": np.arange(5, dtype=np.uint8),
    }
    buffer = io.BytesIO()
    np.savez(buffer, **(arrays | changes))
    return buffer.getvalue()


def clothes(train=3, test=2):
    """Return {file name: bytes} of a small Fashion-MNIST."""
    made = {}
    for part, count in (("train", train), ("t10k", test)):
        pictures = struct.pack(">HBB3I", 0, 8, 3, count, 28, 28) + bytes(count * 784)
        labels = struct.pack(">HBBI", 0, 8, 1, count) + bytes(count)
        made[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(pictures)
        made[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(labels)
    return made


PUBLISHED, OTHER = npz(), npz(seed=1)


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Return the full profile's empty folder; no proxies, no waiting, nobody publishes anything."""
    monkeypatch.setenv("PIXVOX_DATA", str(tmp_path / "full"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(download, "PAUSE", 0.001)
    for name, entry in DATASETS.items():
        nowhere = {
            relative: remote and RemoteFile(f"http://127.0.0.1:9/{relative}", "0" * 64, 10)
            for relative, remote in entry.files.items()
        }
        original = entry.original and entry.original._replace(url=f"http://127.0.0.1:9/{name}.zip")
        monkeypatch.setitem(DATASETS, name, entry._replace(files=nowhere, original=original))
    return tmp_path / "full"


@contextmanager
def publish(*answers, data=PUBLISHED):
    """Publish MNIST at a local address with these answers, the last for ever; give the paths asked for."""
    entry = DATASETS["mnist"]
    with serve({"/mnist.npz": list(answers) or [Answer(data)]}) as (address, asked):
        remote = RemoteFile(f"{address}/mnist.npz", hashlib.sha256(data).hexdigest(), len(data))
        DATASETS["mnist"] = entry._replace(files={"mnist.npz": remote})
        try:
            yield asked
        finally:
            DATASETS["mnist"] = entry


def put(folder, contents):
    """Write {name: bytes} into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# From the published address


def test_fetch_downloads_checks_and_tells(data, capsys):
    with publish() as asked:
        fetch.fetch(["mnist"])
    assert (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED
    assert everything(data) == ["mnist/mnist.npz"] and asked == ["/mnist.npz"]
    out = capsys.readouterr().out
    assert "licence: CC BY-SA 3.0" in out and "0.0 MB" in out and "the published one" in out
    assert "20 training and 5 test digits" in out


def test_size_and_licence_are_told_before_the_download_starts(capsys):
    with pytest.raises(OSError):
        fetch.fetch(["fashion-mnist"])
    assert capsys.readouterr().out.startswith("fashion-mnist: Fashion-MNIST: 70,000")


def test_a_right_file_is_not_fetched_again(data, capsys):
    put(data / "mnist", {"mnist.npz": PUBLISHED})
    with publish() as asked:
        fetch.fetch(["mnist", "mnist"])
    assert asked == []
    assert capsys.readouterr().out.count("mnist.npz: already there, its checksum is the published one") == 1


def test_a_file_put_there_by_hand_is_kept_when_its_format_is_right(data, capsys):
    put(data / "mnist", {"mnist.npz": OTHER})
    with publish() as asked:
        fetch.fetch(["mnist"])
    assert asked == [] and (data / "mnist" / "mnist.npz").read_bytes() == OTHER
    assert "already there, its format is right (20 training and 5 test digits" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [b"", b"<html>", PUBLISHED[:3000], npz(x_test=np.zeros((5, 784), np.uint8))]
)
def test_a_wrong_file_is_named_and_replaced(data, capsys, wrong):
    path = put(data / "mnist", {"mnist.npz": wrong}) / "mnist.npz"
    with publish():
        fetch.fetch(["mnist"])
    assert path.read_bytes() == PUBLISHED
    assert f"{path}: expected" in capsys.readouterr().out


def test_a_wrong_file_stays_when_nothing_better_can_be_had(data):
    path = put(data / "mnist", {"mnist.npz": b"junk"}) / "mnist.npz"
    with pytest.raises(OSError, match="no connection"):
        fetch.fetch(["mnist"])
    assert path.read_bytes() == b"junk" and everything(data) == ["mnist/mnist.npz"]


def test_md5_will_do_where_nothing_else_is_published(data, monkeypatch):
    with publish():
        entry = DATASETS["mnist"]
        remote = entry.files["mnist.npz"]._replace(checksum="md5:" + hashlib.md5(PUBLISHED).hexdigest())
        DATASETS["mnist"] = entry._replace(files={"mnist.npz": remote})
        fetch.fetch(["mnist"])
    assert everything(data) == ["mnist/mnist.npz"]


def test_a_wrong_checksum_is_an_error_and_nothing_is_kept(data):
    with publish(Answer(OTHER)) as asked, pytest.raises(ValueError) as caught:
        fetch.fetch(["mnist"])
    message = str(caught.value)
    assert hashlib.sha256(PUBLISHED).hexdigest() in message and hashlib.sha256(OTHER).hexdigest() in message
    assert "`pixvox fetch mnist`" in message and "--mirror" in message and "--from" in message
    assert everything(data) == [] and len(asked) == 1


BREAKS = {
    "length promised": Answer(PUBLISHED[:5000], length=len(PUBLISHED)),
    "no length": Answer(PUBLISHED[:5000], length=-1),
    "server busy": Answer(status=503),
    "too many requests": Answer(status=429),
}


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_download_that_breaks_off_is_tried_again(data, capsys, broken):
    with publish(broken, broken, Answer(PUBLISHED)) as asked:
        fetch.fetch(["mnist"])
    assert len(asked) == 3 and (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED
    assert capsys.readouterr().out.count("trying again in 0.00") == 2


def test_pauses_grow(monkeypatch):
    slept = []
    monkeypatch.setattr(download, "PAUSE", 1.0)
    monkeypatch.setattr(download.time, "sleep", slept.append)
    with publish(Answer(status=500)) as asked, pytest.raises(OSError, match="HTTP status 500"):
        fetch.fetch(["mnist"])
    assert slept == [1, 2, 4] and len(asked) == 4


def test_a_download_that_always_breaks_off_is_an_error_and_nothing_is_kept(data):
    with publish(Answer(PUBLISHED[:5000], length=-1)) as asked:
        with pytest.raises(
            OSError, match=rf"expected {len(PUBLISHED):,} bytes, came: .*5,000 of .*`pixvox fetch"
        ):
            fetch.fetch(["mnist"])
    assert len(asked) == 1 + download.RETRIES and everything(data) == []


def test_a_file_that_is_gone_is_not_asked_for_again(data):
    with publish(Answer(status=404)) as asked:
        with pytest.raises(OSError, match="HTTP status 404.*`pixvox fetch mnist --mirror DIR-or-URL`"):
            fetch.fetch(["mnist"])
    assert len(asked) == 1


def test_no_network(data):
    with pytest.raises(OSError) as caught:
        fetch.fetch(["mnist"])
    message = str(caught.value)
    assert "http://127.0.0.1:9/mnist.npz" in message and "no connection (is there a network?)" in message
    assert "`pixvox fetch mnist` to try again" in message and "--mirror" in message and "--from" in message
    assert everything(data) == []


def test_a_silent_server_is_given_up(monkeypatch):
    monkeypatch.setattr(download, "TIMEOUT", 0.05)
    monkeypatch.setattr(download, "RETRIES", 0)

    class Silent:
        def __init__(self, **settings):
            self.settings = settings

        def __call__(self, url, target, pooch):
            raise download.requests.ReadTimeout

    monkeypatch.setattr(download.pooch, "HTTPDownloader", Silent)
    with pytest.raises(OSError, match=r"no answer within 0\.05 s"):
        fetch.fetch(["mnist"])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (download.requests.exceptions.SSLError("certificate"), r"no secure connection \(certificate\)"),
        (download.requests.exceptions.InvalidURL("bad address"), "bad address"),
    ],
)
def test_what_cannot_get_better_is_not_tried_again(monkeypatch, capsys, error, words):
    def refuse(*arguments):
        raise error

    monkeypatch.setattr(download, "_stream", refuse)
    with pytest.raises(OSError, match=words):
        fetch.fetch(["mnist"])
    assert "trying again" not in capsys.readouterr().out


# Several at once


def test_one_failure_does_not_stop_the_others(data, capsys):
    with publish(), pytest.raises(OSError) as caught:
        fetch.fetch(["fashion-mnist", "mnist"])
    assert everything(data) == ["mnist/mnist.npz"]
    assert "1 of 2 data sets could not be fetched" in str(caught.value)
    assert "fashion-mnist: http://127.0.0.1:9/train-images" in str(caught.value)
    assert "fashion-mnist failed" in capsys.readouterr().err


def test_no_name_means_every_data_set(capsys):
    published = store.names("full")
    ungated = [name for name in published if not DATASETS[name].gated]
    with pytest.raises(OSError, match=f"{len(ungated)} of {len(published)} data sets") as caught:
        fetch.fetch()
    out, err = capsys.readouterr()
    assert all(f"{name}: {DATASETS[name].title}" in out for name in published)
    assert "solids" not in out + err
    assert "age-gap-faces" not in err and "age-gap-faces" not in str(caught.value)
    assert "  Not fetched: age-gap-faces: this data set is not for programs to fetch." in out


def test_an_unknown_name_is_refused_before_anything_starts(data, capsys):
    with publish() as asked, pytest.raises(ValueError, match=r"\(mnist, fashion-mnist.*\), came 'mnits'"):
        fetch.fetch(["mnist", "mnits"])
    assert asked == [] and capsys.readouterr().out == ""


def test_what_is_only_drawn_is_not_fetched():
    with pytest.raises(ValueError, match=r"came solids, which is drawn.*`pixvox sketch solids`"):
        fetch.fetch(["solids"])


# Mirrors


def test_a_folder_mirror_is_asked_first(data, tmp_path, capsys):
    put(tmp_path / "mirror" / "mnist", {"mnist.npz": OTHER})
    put(tmp_path / "mirror" / "fashion-mnist", clothes())
    with publish() as asked:
        fetch.fetch(["mnist", "fashion-mnist"], mirror=tmp_path / "mirror")
    assert asked == [] and (data / "mnist" / "mnist.npz").read_bytes() == OTHER
    assert everything(data) == sorted(["mnist/mnist.npz", *(f"fashion-mnist/{name}" for name in clothes())])
    out = capsys.readouterr().out
    assert "mnist.npz: from the mirror, its format is right (20 training and 5 test digits of 28x28), " in out
    assert "its checksum is not the published one" in out and "3 training and 2 test pictures" in out


def test_a_mirror_may_have_the_published_file(tmp_path, capsys):
    put(tmp_path / "mirror" / "mnist", {"mnist.npz": PUBLISHED})
    with publish():
        fetch.fetch(["mnist"], mirror=str(tmp_path / "mirror"))
    assert "from the mirror, its checksum is the published one" in capsys.readouterr().out


def test_a_web_mirror_is_asked_first(data):
    with publish() as asked, serve({"/course/mnist/mnist.npz": Answer(OTHER)}) as (address, mirrored):
        fetch.fetch(["mnist"], mirror=f"{address}/course/")
    assert asked == [] and mirrored == ["/course/mnist/mnist.npz"]
    assert (data / "mnist" / "mnist.npz").read_bytes() == OTHER


def test_what_a_folder_mirror_lacks_comes_from_the_published_address(data, tmp_path, capsys):
    (tmp_path / "mirror").mkdir()
    with publish():
        fetch.fetch(["mnist"], mirror=tmp_path / "mirror")
    assert (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED
    assert "not from the mirror" in capsys.readouterr().out


def test_what_a_web_mirror_lacks_comes_from_the_published_address(data, capsys):
    with publish(), serve({}) as (address, mirrored):
        fetch.fetch(["mnist"], mirror=address)
    assert len(mirrored) == 1 and (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED
    assert "HTTP status 404" in capsys.readouterr().out


def test_a_wrong_file_on_the_mirror_is_named_and_not_taken(data, tmp_path, capsys):
    put(tmp_path / "mirror" / "mnist", {"mnist.npz": PUBLISHED[:2000]})
    with publish():
        fetch.fetch(["mnist"], mirror=tmp_path / "mirror")
    assert (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED
    source = f"{tmp_path / 'mirror'}/mnist/mnist.npz"
    assert f"not from the mirror: {source}: expected an npz file" in capsys.readouterr().out


def test_a_mirror_that_is_none_is_refused(data, tmp_path):
    with pytest.raises(ValueError, match="--mirror: expected a folder or an http address, came .*nowhere"):
        fetch.fetch(["mnist", "fashion-mnist"], mirror=tmp_path / "nowhere")


NO_ADDRESSES = [
    "http://",
    "https:///course",
    "http://a..b/",
    "http://:80",
    "http://a:port",
    "http://[::1",
    "http://a b",
]


@pytest.mark.parametrize("mirror", NO_ADDRESSES)
def test_an_address_without_a_computer_is_refused(data, mirror):
    with pytest.raises(
        ValueError, match="--mirror: expected .* which is no such address. Type `pixvox fetch"
    ):
        fetch.fetch(["mnist"], mirror=mirror)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "my_disk.example.org", "bücher.de"]
)
def test_names_and_numbers_of_computers_are_addresses(host):
    assert download.names_a_host(f"http://{host}/course/")


def test_a_mirror_is_asked_whatever_profile_is_in_force(data, tmp_path, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "nonsense")
    fetch.fetch(["mnist"], mirror=put(tmp_path / "mirror" / "mnist", {"mnist.npz": OTHER}).parent)
    assert everything(data) == ["mnist/mnist.npz"]


def test_files_that_do_not_fit_together_are_an_error(data, tmp_path):
    mixed = clothes() | {"train-labels-idx1-ubyte.gz": clothes(train=4)["train-labels-idx1-ubyte.gz"]}
    put(tmp_path / "mirror" / "fashion-mnist", mixed)
    words = r"label for each of the 3 pictures .* came 4\. Delete .*`pixvox fetch fashion-mnist`"
    with pytest.raises(ValueError, match=words):
        fetch.fetch(["fashion-mnist"], mirror=tmp_path / "mirror")


# --from


def test_from_takes_the_user_s_npz(data, tmp_path, capsys):
    put(tmp_path, {"digits-of-mine.npz": OTHER})
    fetch.fetch(["mnist"], archive=tmp_path / "digits-of-mine.npz")
    assert (data / "mnist" / "mnist.npz").read_bytes() == OTHER
    assert "its format is right" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_from_takes_a_folder_or_an_archive(data, tmp_path, kind):
    source = put(tmp_path / "mine" / "deep", clothes()).parent
    if kind != "folder":
        source = shutil.make_archive(tmp_path / "packed", kind, source)
    fetch.fetch(["fashion-mnist"], archive=source)
    assert everything(data / "fashion-mnist") == sorted(clothes())


def test_from_keeps_nothing_when_a_file_is_wrong_or_missing(data, tmp_path):
    source = put(tmp_path / "mine", clothes() | {"t10k-labels-idx1-ubyte.gz": b"junk"})
    with pytest.raises(
        ValueError, match="mine.*expected a gzipped idx.*`pixvox fetch fashion-mnist --from FILE`"
    ):
        fetch.fetch(["fashion-mnist"], archive=source)
    (source / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(ValueError, match="expected one file t10k-labels-idx1-ubyte.gz, came none"):
        fetch.fetch(["fashion-mnist"], archive=source)
    assert everything(data) == []


def test_from_keeps_nothing_when_the_files_do_not_fit_together(data, tmp_path):
    mixed = clothes() | {"t10k-labels-idx1-ubyte.gz": clothes(test=9)["t10k-labels-idx1-ubyte.gz"]}
    with pytest.raises(ValueError, match="label for each of the 2 pictures .* came 9. Nothing was kept"):
        fetch.fetch(["fashion-mnist"], archive=put(tmp_path / "mine", mixed))
    assert everything(data) == []


def test_from_refuses_an_archive_that_writes_elsewhere(data, tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("mnist.npz", OTHER)
        archive.writestr("../../evil.txt", "evil")
    with pytest.raises(ValueError, match="would land outside"):
        fetch.fetch(["mnist"], archive=tmp_path / "evil.zip")
    assert everything(data) == [] and not (tmp_path / "evil.txt").exists()


def test_from_needs_one_name_and_something_that_is_there(tmp_path):
    with pytest.raises(ValueError, match="--from: expected one data set's name, came 2"):
        fetch.fetch(["mnist", "fashion-mnist"], archive=tmp_path)
    with pytest.raises(ValueError, match="--from: expected one data set's name"):
        fetch.fetch(archive=tmp_path)
    with pytest.raises(ValueError, match="nowhere.npz is not there. Type `pixvox fetch mnist --from FILE`"):
        fetch.fetch(["mnist"], archive=tmp_path / "nowhere.npz")


# Disks and processes


def test_a_full_disk_is_explained_and_nothing_is_kept(data, tmp_path, monkeypatch):
    def full(source, target):
        Path(target).write_bytes(OTHER[:500])
        raise OSError(errno.ENOSPC, "No space left on device", str(source))

    put(tmp_path / "mirror" / "mnist", {"mnist.npz": OTHER})
    monkeypatch.setattr(fetch_files.shutil, "copyfile", full)
    with pytest.raises(OSError) as caught:
        fetch.fetch(["mnist"], mirror=tmp_path / "mirror")
    message = str(caught.value)
    assert str(data / "mnist") in message and "came a full disk" in message
    assert "PIXVOX_DATA" in message and "`pixvox fetch mnist`" in message
    assert everything(data) == []


def test_a_disk_that_fills_up_during_a_download_is_not_tried_again(data, monkeypatch):
    def full(self, url, target, pooch):
        tries.append(url)
        raise OSError(errno.ENOSPC, "No space left on device")

    tries = []
    monkeypatch.setattr(download.pooch.HTTPDownloader, "__call__", full)
    with pytest.raises(OSError, match="came a full disk"):
        fetch.fetch(["mnist"])
    assert len(tries) == 1 and everything(data) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_cannot_be_written_is_explained(data, monkeypatch, number):
    def refuse(self, *arguments, **settings):
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(files.Path, "mkdir", refuse)
    words = "expected a folder that can be written, came: .*PIXVOX_DATA.*`pixvox fetch mnist`"
    with publish(), pytest.raises(OSError, match=words):
        fetch.fetch(["mnist"])


def test_a_right_data_set_in_a_folder_that_cannot_be_written_is_no_error(data, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(errno.EACCES, "Permission denied")

    put(data / "mnist", {"mnist.npz": PUBLISHED})
    for module in (files, fetch_files):
        monkeypatch.setattr(module, "staging", refuse)
    with publish():
        fetch.fetch(["mnist"])


def test_the_last_step_is_a_single_move(data, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EIO, "Input/output error", str(target))

    path = put(data / "mnist", {"mnist.npz": b"junk"}) / "mnist.npz"
    monkeypatch.setattr(files.os, "replace", refuse)
    with publish(), pytest.raises(OSError, match="Input/output error.*`pixvox fetch mnist`"):
        fetch.fetch(["mnist"])
    assert path.read_bytes() == b"junk" and everything(data) == ["mnist/mnist.npz"]


def test_another_error_of_the_disk_is_passed_on_with_the_command(data, tmp_path, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EACCES, "Permission denied", str(source))

    put(tmp_path / "mirror" / "mnist", {"mnist.npz": OTHER})
    monkeypatch.setattr(fetch_files.shutil, "copyfile", refuse)
    with pytest.raises(OSError, match="came: .*Permission denied.*mirror.*`pixvox fetch mnist`"):
        fetch.fetch(["mnist"], mirror=tmp_path / "mirror")


def start_fetch(url):
    command = [sys.executable, "-c", FETCH, url, hashlib.sha256(PUBLISHED).hexdigest()]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_part(folder, process):
    """Wait until the process has something half-made in the folder."""
    until = time.monotonic() + 30
    while not any(path.stat().st_size for path in folder.glob(".part-*/*")):
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere leftovers go by their age")
def test_a_killed_download_leaves_no_file_and_the_next_run_mends_it(data):
    with serve({"/mnist.npz": Answer(PUBLISHED, pause=0.2)}) as (address, _):
        process = start_fetch(f"{address}/mnist.npz")
        wait_for_part(data / "mnist", process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert not (data / "mnist" / "mnist.npz").exists()
    assert len(list((data / "mnist").glob(".part-*"))) == 1
    with publish():
        fetch.fetch(["mnist"])
    assert [path.name for path in (data / "mnist").iterdir()] == ["mnist.npz"]


def test_two_processes_at_once_do_not_harm_one_another(data):
    answer = Answer(PUBLISHED, pause=0.02, barrier=threading.Barrier(2))  # held until both have asked
    with serve({"/mnist.npz": answer}) as (address, asked):
        processes = [start_fetch(f"{address}/mnist.npz") for _ in range(2)]
        for process in processes:
            out, err = process.communicate(timeout=60)
            assert process.returncode == 0, err.decode()
    assert len(asked) == 2
    assert (data / "mnist" / "mnist.npz").read_bytes() == PUBLISHED
    assert [path.name for path in (data / "mnist").iterdir()] == ["mnist.npz"]
