"""Files that are whole or not there: temporary folders, replacing in one step, checksums."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

STAGING = ".part-"  # how the names of temporary folders begin
STALE_SECONDS = 24 * 3600  # a temporary folder of this age was left by a run that was killed


def checksum(path: Path, algorithm: str = "sha256") -> str:
    """Return the file's checksum in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def is_published(path: Path, known: str) -> bool:
    """Say whether a file has a published checksum, in pooch's notation: "sha256:..." or "md5:..."."""
    algorithm, _, digest = known.partition(":")
    return checksum(path, algorithm) == digest


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
def staging(folder: Path) -> Iterator[Path]:
    """Give a temporary folder inside `folder` for what is not whole yet, and remove it in the end.

    It is on the same file system, so that `move` brings a finished file out of it in one step.
    What a killed process left is removed by the first call that comes a day later.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(folder)
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=folder, ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def _remove_leftovers(folder: Path) -> None:
    """Remove the temporary folders that killed runs left, once they are old."""
    for leftover in folder.glob(f"{STAGING}*"):
        with suppress(OSError):  # another process may have just removed it
            if time.time() - leftover.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(leftover, ignore_errors=True)


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


def files_below(folder: Path, wanted: Callable[[PurePosixPath], bool]) -> dict[PurePosixPath, Path]:
    """Return the wanted files of a folder, at any depth, by their path in it, in order."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = PurePosixPath(path.relative_to(folder).as_posix())
        if wanted(relative) and path.is_file():
            found[relative] = path
    return found
