"""Bring data sets that are used file by file: each as it is published, or made here."""

import shutil
from pathlib import Path
from typing import NamedTuple

from pixvox.datasets import store
from pixvox.datasets.files import checksum, is_published, move, staging
from pixvox.datasets.registry import RemoteFile
from pixvox_cli import archives, make_mnist3d
from pixvox_cli.download import download, is_address


class _Job(NamedTuple):
    """One file to bring: its data set, its path there, where it is published (None: made), the mirror."""

    name: str
    relative: str
    remote: RemoteFile | None
    mirror: str | None


def bring(name: str, mirror: str | None, archive: Path | None) -> None:
    """Bring each file of a data set to its place, unless it is there and right.

    Args:
        name: the data set.
        mirror: a folder or address that is asked first, or None.
        archive: what the user has instead, or None.

    Raises:
        ValueError: if a file is not what it should be.
        OSError: if files cannot be had or written.
    """
    entry, folder = store.dataset(name), store.home(name, "full")
    jobs = [_Job(name, relative, remote, mirror) for relative, remote in entry.files.items()]
    if archive is not None:
        _take(name, archive, folder)
        jobs = [job for job in jobs if job.remote is None]  # what is made need not be in the archive
    for job in jobs:
        _bring_one(job, folder)


def check_published(name: str, remote: RemoteFile, target: Path) -> None:
    """Compare a downloaded file with the published checksum; raise ValueError if it differs."""
    if not is_published(target, remote.checksum):
        algorithm, _, digest = remote.checksum.rpartition(":")
        algorithm = algorithm or "sha256"
        raise ValueError(
            f"{remote.url}: expected {remote.size:,} bytes with the {algorithm} {digest}, came "
            f"{target.stat().st_size:,} bytes with {checksum(target, algorithm)}. Nothing was kept. "
            f"Type `pixvox fetch {name}` to try again, or {ways(name)}."
        )


def ways(name: str) -> str:
    """Name the other ways to a data set."""
    mirror, archive = f"`pixvox fetch {name} --mirror DIR-or-URL`", f"`pixvox fetch {name} --from FILE`"
    return f"{mirror}, or, with a file that you have, {archive}"


def _bring_one(job: _Job, folder: Path) -> None:
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
            _original(job, target)
        move(target, path)


def _original(job: _Job, target: Path) -> None:
    """Make a file, or download it from where it is published."""
    if job.remote is None:
        print(f"  {job.relative}: making it.")
        make_mnist3d.make_file(job.relative, target)
        return
    download(job.remote.url, target, size=job.remote.size)
    check_published(job.name, job.remote, target)
    print(f"  {job.relative}: downloaded, its checksum is the published one.")


def _accept(job: _Job, path: Path) -> str:
    """Accept a file by its checksum or else by its format, and say which; ValueError if it is wrong."""
    if job.remote and is_published(path, job.remote.checksum):
        return "its checksum is the published one"
    detail = store.module(job.name).check_file(path)
    note = ", its checksum is not the published one" if job.remote else ""
    return f"its format is right ({detail}){note}"


def _from_mirror(job: _Job, target: Path) -> bool:
    """Copy or download a file from the mirror; False, with a note, where the mirror has no right one."""
    source = f"{job.mirror}/{store.home(job.name, 'full').name}/{job.relative}"
    try:
        if is_address(source):
            download(source, target)
        elif Path(source).is_file():
            shutil.copyfile(source, target)
        else:
            raise ConnectionError(f"{source} is not there.")
        print(f"  {job.relative}: from the mirror, {_accept(job, target)}.")
        return True
    except (ConnectionError, ValueError) as error:
        reason = str(error).replace(str(target), source)
    instead = f" Asking {job.remote.url}." if job.remote else ""
    print(f"  {job.relative}: not from the mirror: {reason}{instead}")
    return False


def _take(name: str, archive: Path, folder: Path) -> None:
    """Take a data set from what the user has; files that can be made here may be missing there."""
    entry = store.dataset(name)
    made = [relative for relative, remote in entry.files.items() if remote is None]
    with staging(folder) as temporary:
        try:
            taken = archives.collect(archive, entry.files, temporary, optional=made)
            for relative in taken:
                job = _Job(name, relative, entry.files[relative], None)
                print(f"  {relative}: from {archive}, {_accept(job, temporary / relative)}.")
            if len(taken) == len(entry.files):
                store.check(name, temporary)
        except ValueError as error:
            reason = str(error).replace(str(temporary), str(archive))
            raise ValueError(
                f"{reason} Nothing was kept. Type `pixvox fetch {name} --from FILE` with another file, "
                f"or `pixvox fetch {name}`."
            ) from error
        for relative in taken:
            move(temporary / relative, folder / relative)
