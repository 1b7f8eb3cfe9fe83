"""Bring the published data sets into the folder of the full profile."""

import errno
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pixvox.datasets import archives, store
from pixvox.datasets.download import download
from pixvox.datasets.files import checksum, is_published, move, staging
from pixvox.datasets.registry import RemoteFile

NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
DISK_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


class _Job(NamedTuple):
    """One file to bring: of which data set, its path there, where it is published, the mirror."""

    name: str
    relative: str
    remote: RemoteFile
    mirror: str | None


def fetch(
    names: Iterable[str] = (), *, mirror: str | Path | None = None, archive: str | Path | None = None
) -> None:
    """Bring data sets into the folder of the full profile, whatever profile is in force.

    Right files stay as they are, wrong ones are replaced; if one data set fails, the
    others are still fetched.

    Args:
        names: which; by default all.
        mirror: a folder or http address asked first for ``<mirror>/<data set>/<file>``.
        archive: for one data set, the file, folder, zip or tar that the user has.

    Raises:
        ValueError: for an unknown name, a mirror that is none, or a file that is not what it should be.
        OSError: if files cannot be had or written. The message says what to type.
    """
    chosen = tuple(dict.fromkeys(names)) or store.names("full")
    for name in chosen:
        store.dataset(name)
    if archive is not None and len(chosen) != 1:
        raise ValueError(
            f"--from: expected one data set's name, came {len(chosen)}. "
            f"Type `pixvox fetch NAME --from {archive}`, NAME one of {', '.join(chosen)}."
        )
    address, failures = _mirror(mirror), {}
    for name in chosen:
        try:
            _fetch_one(name, address, archive)
        except (OSError, ValueError) as error:
            if len(chosen) == 1:
                raise
            print(f"{name} failed: {error}", file=sys.stderr)
            failures[name] = error
    if failures:
        reasons = "\n".join(f"  {name}: {error}" for name, error in failures.items())
        raise OSError(f"{len(failures)} of {len(chosen)} data sets could not be fetched:\n{reasons}")


def _mirror(mirror: str | Path | None) -> str | None:
    """Return the mirror as an address or a folder's path, or refuse it."""
    if mirror is None or str(mirror).startswith(("http://", "https://")):
        return None if mirror is None else str(mirror).rstrip("/")
    if not Path(mirror).expanduser().is_dir():
        raise ValueError(
            f"--mirror: expected a folder or an http address, came {mirror}, which is no folder here. "
            "Type `pixvox fetch --mirror DIR-or-URL`."
        )
    return str(Path(mirror).expanduser())


def _fetch_one(name: str, mirror: str | None, archive: str | Path | None) -> None:
    """Bring one data set, and check it as a whole."""
    entry, folder = store.dataset(name), store.data_dir("full") / name
    size = _megabytes(sum(remote.size for remote in entry.files.values()))
    print(f"{name}: {entry.title}; {size}; licence {entry.licence}.\n  Source: {entry.source}.")
    try:
        if archive is not None:
            _take(name, Path(archive).expanduser(), folder)
        else:
            for relative, remote in entry.files.items():
                _bring(_Job(name, relative, remote, mirror), folder)
        print(f"  In {folder}: {_check_whole(name, folder)}.")
    except OSError as error:
        raise _explained(error, name, folder) from error


def _check_whole(name: str, folder: Path) -> str:
    """Check that the data set's files agree with one another."""
    try:
        return store.module(name).check(folder)
    except ValueError as error:
        raise ValueError(f"{error} Delete {folder} and type `pixvox fetch {name}`.") from error


def _bring(job: _Job, folder: Path) -> None:
    """Bring one file to its place, unless it is there and right."""
    path = folder / job.relative
    if path.is_file():
        try:
            print(f"  {job.relative}: already there, {_accept(job, path)}.")
            return
        except ValueError as error:
            print(f"  {error} Fetching it again.")
    with staging(folder) as temporary:
        target = temporary / job.relative
        if job.mirror is None or not _from_mirror(job, target):
            download(job.remote.url, target, size=job.remote.size)
            _check_published(job, target)
            print(f"  {job.relative}: downloaded, its checksum is the published one.")
        move(target, path)


def _accept(job: _Job, path: Path) -> str:
    """Accept a file by its checksum or else by its format, and say which; ValueError if it is wrong."""
    if is_published(path, job.remote.checksum):
        return "its checksum is the published one"
    detail = store.module(job.name).check_file(path)
    return f"its format is right ({detail}), its checksum is not the published one"


def _from_mirror(job: _Job, target: Path) -> bool:
    """Copy or download a file from the mirror; False, with a note, where the mirror has no right one."""
    source = f"{job.mirror}/{job.name}/{job.relative}"
    try:
        if source.startswith(("http://", "https://")):
            download(source, target)
        elif Path(source).is_file():
            shutil.copyfile(source, target)
        else:
            raise ConnectionError(f"{source} is not there.")
        print(f"  {job.relative}: from the mirror, {_accept(job, target)}.")
        return True
    except (ConnectionError, ValueError) as error:
        reason = str(error).replace(str(target), source)
    print(f"  {job.relative}: not from the mirror: {reason} Asking {job.remote.url}.")
    return False


def _check_published(job: _Job, target: Path) -> None:
    """Compare a downloaded file with the published checksum."""
    known = job.remote.checksum
    if not is_published(target, known):
        algorithm, _, digest = known.rpartition(":")
        algorithm = algorithm or "sha256"
        raise ValueError(
            f"{job.remote.url}: expected {job.remote.size:,} bytes with the {algorithm} {digest}, came "
            f"{target.stat().st_size:,} bytes with {checksum(target, algorithm)}. Nothing was kept. "
            f"Type `pixvox fetch {job.name}` to try again, or {_ways(job.name)}."
        )


def _take(name: str, archive: Path, folder: Path) -> None:
    """Take a data set from what the user has."""
    entry = store.dataset(name)
    if not archive.exists():
        raise ValueError(
            f"--from: expected a file, a folder or an archive, but {archive} is not there. "
            f"Type `pixvox fetch {name} --from FILE`."
        )
    with staging(folder) as temporary:
        try:
            archives.collect(archive, entry.files, temporary)
            for relative, remote in entry.files.items():
                accepted = _accept(_Job(name, relative, remote, None), temporary / relative)
                print(f"  {relative}: from {archive}, {accepted}.")
            store.module(name).check(temporary)
        except ValueError as error:
            reason = str(error).replace(str(temporary), str(archive))
            raise ValueError(
                f"{reason} Nothing was kept. Type `pixvox fetch {name} --from FILE` with another file, "
                f"or `pixvox fetch {name}`."
            ) from error
        for relative in entry.files:
            move(temporary / relative, folder / relative)


def _explained(error: OSError, name: str, folder: Path) -> OSError:
    """Return the error with what was expected, what came and what to type."""
    if isinstance(error, ConnectionError):
        return OSError(f"{error} Type `pixvox fetch {name}` to try again, or {_ways(name)}.")
    path = Path(error.filename or folder)
    if error.errno in DISK_FULL:
        size = _megabytes(sum(remote.size for remote in store.dataset(name).files.values()))
        came = f"expected room for {size}, came a full disk. Nothing half-made was kept"
        remedy = "Make room, or set PIXVOX_DATA to a folder on another disk"
    elif error.errno in NOT_WRITABLE and (path.is_relative_to(folder) or folder.is_relative_to(path)):
        came = f"expected a folder that can be written, came: {error.strerror}"
        remedy = "Set PIXVOX_DATA to a folder of yours"
    else:
        came, remedy = f"expected to fill this folder, came: {error}", "Mend that"
    return OSError(f"{folder}: {came}. {remedy}, and type `pixvox fetch {name}`.")


def _ways(name: str) -> str:
    """Name the other ways to a data set."""
    mirror, archive = f"`pixvox fetch {name} --mirror DIR-or-URL`", f"`pixvox fetch {name} --from FILE`"
    return f"{mirror}, or, with a file that you have, {archive}"


def _megabytes(size: int) -> str:
    """Write a size in megabytes."""
    return f"{size / 1e6:,.1f} MB"
