import errno
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

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


def start(script, *words):
    return subprocess.Popen([sys.executable, "-c", script, *map(str, words)], stdout=subprocess.PIPE)


def test_what_a_killed_writer_leaves_goes_with_the_next_call_and_what_a_living_one_writes_stays(tmp_path):
    path = tmp_path / "table.csv"
    write(path, "old")
    with start(WRITER, path) as writer:
        assert writer.stdout.readline().strip() == b"writing"
        (half_made,) = tmp_path.glob(f"{files.STAGING}*")
        os.utime(half_made, (0, 0))  # a clock that jumped says nothing about who lives
        write(path, "mine")
        assert half_made.is_dir()
        writer.kill()
    assert path.read_text(encoding="utf-8") == "mine"
    write(path, "new")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("names", [[], ["half"], [files.LOCK], [files.LOCK, "half"]])
def test_whatever_a_killed_writer_left_goes(tmp_path, names):
    (tmp_path / f"{files.STAGING}x").mkdir()
    for name in names:
        (tmp_path / f"{files.STAGING}x" / name).touch()
    write(tmp_path / "table.csv", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_a_folder_that_is_taken_for_left_behind_before_it_has_its_lock_is_made_again(tmp_path, monkeypatch):
    thefts, exclusive = [lambda path: os.rmdir(path.parent), lambda path: path.touch()], files._exclusive

    @contextmanager
    def stolen(path):
        if thefts:
            thefts.pop()(path)
            if path.is_file():
                raise BlockingIOError
        with exclusive(path):
            yield

    monkeypatch.setattr(files, "_exclusive", stolen)
    write(tmp_path / "table.csv", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"] and not thefts


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no file that is open")
def test_a_folder_that_goes_between_its_lock_is_opened_and_held_is_made_again(tmp_path, monkeypatch):
    flock, cleaned = files.fcntl.flock, []

    def clean_first(file, operation):
        if not cleaned:
            cleaned.extend(tmp_path.glob(f"{files.STAGING}*"))
            files._remove_unowned(*cleaned)  # as another process does
        flock(file, operation)

    monkeypatch.setattr(files.fcntl, "flock", clean_first)
    write(tmp_path / "table.csv", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"] and len(cleaned) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows gives locks everywhere")
def test_without_locks_files_are_written_and_none_is_taken_for_left_behind(tmp_path, monkeypatch):
    def refuse(file, operation):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(files.fcntl, "flock", refuse)
    with files.replace_file(tmp_path / "a") as temporary:
        temporary.write_text("half", encoding="utf-8")
        write(tmp_path / "b", "new")
        assert temporary.is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    with pytest.raises(OSError, match="no lock can be had there.*No locks.*c.lock"):
        with files.locked(tmp_path / "c.lock"):
            pass


def test_a_lock_in_a_folder_that_is_a_file_or_on_a_full_disk_names_the_cause(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError, match="file"), files.locked(tmp_path / "file" / "c.lock"):
        pass

    def full(path, mode):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(files, "open", full, raising=False)
    with pytest.raises(OSError, match="No space left.*c.lock"), files.locked(tmp_path / "c.lock"):
        pass


LOCKER = """
import sys, time
from pathlib import Path
from pixvox.datasets import files
with files.locked(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(60)
"""


def refuse_to_write(path, mode):
    """Open a file as somebody does who may only read it."""
    if mode != "rb":
        raise PermissionError(errno.EACCES, "Permission denied", str(path))
    return open(path, mode)


def test_a_lock_is_one_process_s_and_free_when_that_is_killed(tmp_path, monkeypatch):
    path = tmp_path / "new" / "nets.lock"
    with start(LOCKER, path) as holder:
        assert holder.stdout.readline().strip() == b"locked"
        told = f"nets is running, pid {holder.pid}. Nothing was changed."
        with pytest.raises(BlockingIOError, match=told), files.locked(path):
            pass
        if os.name == "posix":  # another user, who may only read the file
            monkeypatch.setattr(files.os, "access", lambda *arguments: False)
            monkeypatch.setattr(files, "open", refuse_to_write, raising=False)
            with pytest.raises(BlockingIOError, match=told), files.locked(path):
                pass
            monkeypatch.undo()
        holder.kill()
    with files.locked(path):
        with pytest.raises(BlockingIOError, match=f"pid {os.getpid()}"), files.locked(path):
            pass


def test_a_note_that_cannot_be_written_beside_a_lock_costs_no_lock(tmp_path):
    (tmp_path / "nets.pid").mkdir()  # as unwritable as another user's file
    with files.locked(tmp_path / "nets.lock"):
        with pytest.raises(BlockingIOError, match="pid unknown"), files.locked(tmp_path / "nets.lock"):
            pass


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs Linux's name spaces")
def test_containers_of_one_name_are_told_apart(tmp_path):
    """Two containers often have the same host name, and both processes the number 1."""
    path, command = tmp_path / "table.csv", ["unshare", "--fork", "--kill-child", "--pid", "--mount-proc"]
    if subprocess.run([*command, "true"], capture_output=True).returncode:
        pytest.skip("may not make name spaces here")
    with subprocess.Popen([*command, sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline().strip() == b"writing"
        (half_made,) = tmp_path.glob(f"{files.STAGING}*")
        script = WRITER.replace("time.sleep(60)", "pass")
        subprocess.run([*command, sys.executable, "-c", script, path], check=True, capture_output=True)
        assert (half_made / path.name).read_text(encoding="utf-8") == "half"
        writer.kill()  # unshare itself lets SIGTERM pass


def test_checksums(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    # FIPS 180-2, example B.1; RFC 1321, A.5
    assert files.checksum(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.checksum(path, "md5") == "900150983cd24fb0d6963f7d28e17f72"
