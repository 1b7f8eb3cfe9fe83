import errno
import os
import signal
import subprocess
import sys
import time

import pytest

from pixvox.datasets import files

WRITER = """
import sys, time
from pathlib import Path
from pixvox.datasets import files
with files.replace_file(Path(sys.argv[1])) as temporary:
    temporary.write_text("half", encoding="utf-8")
    print("writing", flush=True)
    time.sleep(60)
"""


def start_writer(path):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
    assert writer.stdout.readline().strip() == b"writing"
    return writer


def stop(writer):
    writer.kill()
    writer.wait()
    writer.stdout.close()


def test_replace_file_writes_a_new_file_and_replaces_an_old_one(tmp_path):
    path = tmp_path / "new" / "table.csv"
    for text in ("first", "second"):
        with files.replace_file(path) as temporary:
            assert temporary.name == "table.csv"
            temporary.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [RuntimeError("no"), KeyboardInterrupt()])
def test_replace_file_keeps_the_old_file_when_writing_fails(tmp_path, error):
    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(type(error)), files.replace_file(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise error
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_replace_file_keeps_the_old_file_when_the_disk_is_full(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"), files.replace_file(path) as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_replace_file_complains_when_nothing_was_written(tmp_path):
    with pytest.raises(FileNotFoundError), files.replace_file(tmp_path / "table.csv"):
        pass


@pytest.mark.skipif(os.name != "posix", reason="elsewhere leftovers go by their age")
def test_a_killed_writer_leaves_the_old_file_and_the_next_one_cleans_up(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")
    writer = start_writer(path)
    os.kill(writer.pid, signal.SIGKILL)
    stop(writer)
    assert path.read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.glob(".part-*"))) == 1
    with files.replace_file(path) as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text(encoding="utf-8") == "new"


def test_what_a_living_process_writes_is_left_alone(tmp_path):
    path = tmp_path / "table.csv"
    writer = start_writer(path)
    try:
        with files.replace_file(path) as temporary:
            temporary.write_text("mine", encoding="utf-8")
        assert len(list(tmp_path.glob(".part-*/table.csv"))) == 1
    finally:
        stop(writer)


def test_leftovers_of_another_machine_go_by_their_age(tmp_path):
    fresh, old = (tmp_path / f".part-elsewhere{which}-1-0a0a0a0a" for which in (1, 2))
    foreign = tmp_path / ".part-of-something-else"
    for folder in (fresh, old, foreign):
        folder.mkdir()
        past = time.time() - (0 if folder is fresh else 2 * files.STALE_SECONDS)
        os.utime(folder, (past, past))
    files.remove_stale(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([fresh, foreign])


def test_a_leftover_that_another_process_removes_first_is_no_error(tmp_path):
    assert not files._stale(tmp_path / ".part-elsewhere-1-0a0a0a0a")


def test_a_process_of_another_user_counts_as_alive(monkeypatch):
    def refuse(pid, number):
        raise PermissionError

    monkeypatch.setattr(files.os, "kill", refuse)
    assert files._alive(1)


def test_checksums(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, example B.1
    md5 = "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321, A.5
    assert files.checksum(path) == sha256
    assert files.is_published(path, sha256)
    assert files.is_published(path, "md5:" + md5)
    assert not files.is_published(path, "md5:" + md5[::-1])
    assert not files.is_published(path, sha256[::-1])
