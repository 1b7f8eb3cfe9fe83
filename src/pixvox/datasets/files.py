"""Files that are whole or not there: temporary folders, replacing in one step, checksums."""

import hashlib
import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

STALE_SECONDS = 6 * 3600  # a temporary folder of another machine that rested this long has no owner any more


def checksum(path: Path, algorithm: str = "sha256") -> str:
    """Return the file's checksum in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def is_published(path: Path, known: str) -> bool:
    """Say whether a file has the published checksum: SHA-256, or "md5:" and an MD5."""
    algorithm, _, digest = known.rpartition(":")
    return checksum(path, algorithm or "sha256") == digest


def tree_checksum(paths: list[Path]) -> str:
    """Return one SHA-256 for several files: of a line "<SHA-256>  <path>" for each, as `sha256sum` writes.

    The paths are those below the folder that all the files have in common, sorted.
    """
    if not paths:
        return hashlib.sha256().hexdigest()
    common = Path(os.path.commonpath([path.parent for path in paths]))
    names = sorted((path.relative_to(common).as_posix(), path) for path in paths)
    lines = "".join(f"{checksum(path)}  {name}\n" for name, path in names)
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


@contextmanager
def staging(folder: Path):
    """Give a temporary folder inside `folder` for what is not whole yet, and remove it in the end.

    It is on the same file system, so that `os.replace` moves a finished file out of
    it in one step. Its name says which process owns it: what a killed process left
    is removed at the next call, what a living one is filling is left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    remove_stale(folder)
    temporary = folder / f".part-{_host()}-{os.getpid()}-{secrets.token_hex(4)}"
    temporary.mkdir()
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def replace_file(path: Path):
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


def contents(folder: Path) -> list[Path]:
    """Return what lies in a folder, but for what file managers leave: hidden files and Thumbs.db."""
    return [path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "Thumbs.db"]


def move_folder(source: Path, folder: Path) -> None:
    """Move a finished folder to its place in one step; there may be one there without `contents`.

    What file managers left in that one comes along. The files are not forced to the
    disk one by one. If another process has just put a folder there, that one stays.

    Raises:
        OSError: if the place is taken by something else, or the move fails.
    """
    with suppress(OSError):
        if not contents(folder):
            for left in list(folder.iterdir()):
                os.replace(left, source / left.name)
        folder.rmdir()  # an empty one would be in the way on Windows
    try:
        os.replace(source, folder)
    except OSError:
        if not (folder.is_dir() and contents(folder)):
            raise


def without_staging(message: str) -> str:
    """Return a message whose paths lead past temporary folders, to where the files were to be in the end."""
    return re.sub(r"\.part-\w+-\d+-[0-9a-f]+[/\\]+", "", message)


def remove_stale(folder: Path) -> None:
    """Remove the temporary folders that killed runs left in `folder`."""
    for leftover in folder.glob(".part-*"):
        if _stale(leftover):
            shutil.rmtree(leftover, ignore_errors=True)


def _stale(leftover: Path) -> bool:
    """Say whether a temporary folder's owner is gone."""
    match = re.fullmatch(r"\.part-(\w+)-(\d+)-[0-9a-f]+", leftover.name)
    if match is None:
        return False
    if match[1] == _host() and os.name == "posix":  # on Windows os.kill would end the process
        return not _alive(int(match[2]))
    try:
        return time.time() - leftover.stat().st_mtime > STALE_SECONDS
    except OSError:  # another process has just removed it
        return False


def _alive(pid: int) -> bool:
    """Say whether a process of this number runs on this machine (POSIX)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, and is somebody else's
        return True
    return True


def _host() -> str:
    """Return this machine's name in letters and digits."""
    return re.sub(r"\W|_", "", platform.node()) or "here"


def files_below(folder: Path, wanted: Callable[[PurePosixPath], bool]) -> dict[PurePosixPath, Path]:
    """Return the wanted files of a folder, at any depth, by their path in it, in order."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = PurePosixPath(path.relative_to(folder).as_posix())
        if wanted(relative) and path.is_file():
            found[relative] = path
    return found
