import errno
import os
import subprocess
import sys

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


def write(path, text):
    with files.replace_file(path) as temporary:
        assert temporary.name == path.name
        temporary.write_text(text, encoding="utf-8")


def test_a_file_is_written_and_an_old_one_replaced(tmp_path):
    path = tmp_path / "new" / "table.csv"
    for text in ("first", "second"):
        write(path, text)
        assert path.read_text(encoding="utf-8") == text
    assert list(path.parent.iterdir()) == [path]


def test_the_old_file_stays_when_writing_fails_or_the_disk_is_full(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    write(tmp_path / "table.csv", "old")
    with pytest.raises(KeyboardInterrupt), files.replace_file(tmp_path / "table.csv") as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path / "table.csv", "new")
    assert (tmp_path / "table.csv").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_nothing_written_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), files.replace_file(tmp_path / "table.csv"):
        pass


def test_what_a_killed_writer_leaves_goes_a_day_later_and_what_a_living_one_writes_stays(tmp_path):
    path = tmp_path / "table.csv"
    write(path, "old")
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline().strip() == b"writing"
        (half_made,) = tmp_path.glob(f"{files.STAGING}*")
        write(path, "mine")
        assert half_made.is_dir()
        writer.kill()
    assert path.read_text(encoding="utf-8") == "mine"
    os.utime(half_made, (0, 0))
    write(path, "new")
    assert list(tmp_path.iterdir()) == [path]


def test_checksums(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, example B.1
    md5 = "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321, A.5
    assert files.checksum(path) == sha256
    for algorithm, digest in (("sha256", sha256), ("md5", md5)):
        assert files.is_published(path, f"{algorithm}:{digest}")
        assert not files.is_published(path, f"{algorithm}:{digest[::-1]}")
