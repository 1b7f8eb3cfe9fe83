"""Files that are whole or not there: locks, temporary folders, replacing in one step, checksums."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

if os.name == "nt":
    import msvcrt
else:
    import fcntl

STAGING = ".part-"  # how the names of temporary folders begin
LOCK = ".lock"  # in a temporary folder: held by the process that it belongs to
HELD = (errno.EAGAIN, errno.EACCES)  # what systems call a lock that somebody has


def checksum(path: Path, algorithm: str = "sha256") -> str:
    """Return the file's checksum in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def tree_checksum(paths: list[Path]) -> str:
    """Return one SHA-256 for several files: of a line "<SHA-256>  <path>" for each, as `sha256sum` writes.

    The paths are those below the folder that all the files have in common, sorted.
    """
    if not paths:
        return hashlib.sha256().hexdigest()
    common = Path(os.path.commonpath([path.parent for path in paths]))
    names = sorted((path.relative_to(common).as_posix(), path) for path in paths)
    lines = "".join(f"{checksum(path)}  {name}\n" for name, path in names)
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock, a file that stays; the system takes it back however this process ends.

    Raises BlockingIOError if another process or thread holds it, OSError where there can be none.
    """
    path, holder = Path(path), Path(path).with_suffix(".pid")
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(_exclusive(path))
        except BlockingIOError as error:
            pid = (holder.read_text(encoding="utf-8") if holder.is_file() else "") or "unknown"
            raise BlockingIOError(f"{path.stem} is running, pid {pid}. Nothing was changed.") from error
        with suppress(OSError):  # it may be another user's, or the disk be full: it is for messages only
            holder.write_text(str(os.getpid()), encoding="utf-8")
        yield


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Hold the system's lock of a file, which tells threads, processes and containers apart."""
    with open(path, "ab" if os.access(path, os.W_OK) or not path.exists() else "rb") as file:
        try:
            if os.name == "nt":
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in HELD:
                raise BlockingIOError(f"{path} is locked.") from error
            raise OSError(error.errno, f"no lock can be had there ({error.strerror})", str(path)) from error
        if not os.path.samestat(os.fstat(file.fileno()), os.stat(path)):  # FileNotFoundError if it is gone
            raise BlockingIOError(f"{path} was replaced.")
        yield


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a temporary folder inside `folder` for what is not whole yet, and remove it in the end.

    It is on the same file system, so that `move` brings a finished file out of it in one step.
    What a killed process left is removed by the next call, since nobody holds its lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(f"{STAGING}*"):
        _remove_unowned(leftover)
    with ExitStack() as stack:
        yield _claim(folder, stack)


def _claim(folder: Path, stack: ExitStack) -> Path:
    """Make a temporary folder and hold its lock, both until the stack is closed."""
    while True:
        made = tempfile.TemporaryDirectory(prefix=STAGING, dir=folder, ignore_cleanup_errors=True)
        temporary = Path(stack.enter_context(made))
        try:
            stack.enter_context(_exclusive(temporary / LOCK))
        except (BlockingIOError, FileNotFoundError):  # another process has just taken it for left behind
            continue
        except OSError:  # a file system without locks, where nobody takes it for that
            pass
        return temporary


def _remove_unowned(leftover: Path) -> None:
    """Remove a temporary folder that a killed process left; those of living ones have a lock that is held."""
    with suppress(OSError):
        if not (names := os.listdir(leftover)):
            leftover.rmdir()  # its owner may be about to make the lock, and then makes another folder
        with _exclusive(leftover / LOCK) if LOCK in names else nullcontext():
            shutil.rmtree(leftover, ignore_errors=True)
        shutil.rmtree(leftover, ignore_errors=True)  # on Windows a lock must be free to be removed


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Give a temporary path of the same name; what is written there replaces `path` in one step.

    If anything is raised inside, the old file stays as it was. Close the file before leaving.
    """
    path = Path(path)
    with staging(path.parent) as temporary:
        yield temporary / path.name
        move(temporary / path.name, path)


def move(source: Path, path: Path) -> None:
    """Move a finished file to its place in one step, its bytes on the disk before its name is."""
    with open(source, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(source, path)
