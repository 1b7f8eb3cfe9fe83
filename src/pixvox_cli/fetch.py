"""Bring the published data sets into the folder of the full profile."""

import errno
import sys
from collections.abc import Iterable
from pathlib import Path

from pixvox.datasets import store
from pixvox.datasets.files import without_staging
from pixvox.datasets.registry import DataSet
from pixvox_cli import fetch_arranged, fetch_files
from pixvox_cli.download import is_address, names_a_host

NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
DISK_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


def fetch(
    names: Iterable[str] = (), *, mirror: str | Path | None = None, archive: str | Path | None = None
) -> None:
    """Bring data sets into the folder of the full profile, whatever profile is in force.

    Right files stay as they are, wrong ones are replaced (wrong folders are refused);
    if one data set fails, the others are still fetched.

    Args:
        names: which; by default all. Those that people must get themselves then
            do not count as failures.
        mirror: a folder or http address asked first for ``<mirror>/<data set>/<file>``.
        archive: for one data set, the file, folder, zip or tar that the user has.

    Raises:
        ValueError: for an unknown name, a mirror that is none, or a file that is not what it should be.
        OSError: if files cannot be had or written. The message says what to type.
    """
    named = tuple(dict.fromkeys(names))
    chosen = named or store.names("full")
    for name in chosen:
        if store.dataset(name).drawn_only:
            raise ValueError(
                f"expected a data set that is published, came {name}, which is drawn and comes with the "
                f"course. Type `{store.remedy(name)}` to draw it again."
            )
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
            if named or not store.dataset(name).gated:
                print(f"{name} failed: {error}", file=sys.stderr)
                failures[name] = error
            else:
                print(f"  Not fetched: {error}")
    if failures:
        reasons = "\n".join(f"  {name}: {error}" for name, error in failures.items())
        raise OSError(f"{len(failures)} of {len(chosen)} data sets could not be fetched:\n{reasons}")


def _mirror(mirror: str | Path | None) -> str | None:
    """Return the mirror as an address or a folder's path, or refuse it."""
    if mirror is None:
        return None
    web = is_address(str(mirror))
    if not (names_a_host(str(mirror)) if web else Path(mirror).expanduser().is_dir()):
        raise ValueError(
            f"--mirror: expected a folder or an http address, came {mirror}, which is no "
            f"{'such address' if web else 'folder here'}. Type `pixvox fetch --mirror DIR-or-URL`."
        )
    return str(mirror).rstrip("/") if web else str(Path(mirror).expanduser())


def _fetch_one(name: str, mirror: str | None, archive: str | Path | None) -> None:
    """Bring one data set, and check it as a whole."""
    entry, folder = store.dataset(name), store.home(name, "full")
    print(f"{name}: {entry.title}; {_size(entry)}; licence: {entry.licence}.\n  Source: {entry.source}.")
    bring = fetch_arranged.bring if entry.original else fetch_files.bring
    try:
        bring(name, mirror, None if archive is None else _existing(name, Path(archive).expanduser()))
        print(f"  In {folder}: {_check_whole(name, folder)}.")
    except OSError as error:
        raise _explained(error, name, folder) from error


def _existing(name: str, archive: Path) -> Path:
    """Return what the user has, or say that it is not there."""
    if not archive.exists():
        raise ValueError(
            f"--from: expected a file, a folder or an archive, but {archive} is not there. "
            f"Type `pixvox fetch {name} --from FILE`."
        )
    return archive


def _check_whole(name: str, folder: Path) -> str:
    """Check that the data set's files agree with one another."""
    try:
        return store.check(name, folder)
    except ValueError as error:
        raise ValueError(f"{error} Delete {folder} and type `pixvox fetch {name}`.") from error


def _explained(error: OSError, name: str, folder: Path) -> OSError:
    """Return the error with what was expected, what came and what to type."""
    if isinstance(error, FileNotFoundError) and "`" in str(error):  # it names a command already
        return error
    if isinstance(error, ConnectionError):
        return OSError(f"{error} Type `pixvox fetch {name}` to try again, or {fetch_files.ways(name)}.")
    path = Path(error.filename or folder)
    if error.errno in DISK_FULL:
        room = _room(store.dataset(name))
        came = f"expected room for {room}, came a full disk. Nothing half-made was kept"
        remedy = "Make room, or set PIXVOX_DATA to a folder on another disk"
    elif error.errno in NOT_WRITABLE and (path.is_relative_to(folder) or folder.is_relative_to(path)):
        came = f"expected a folder that can be written, came: {error.strerror}"
        remedy = "Set PIXVOX_DATA to a folder of yours"
    else:
        came, remedy = f"expected to fill this folder, came: {without_staging(str(error))}", "Mend that"
    return OSError(f"{folder}: {came}. {remedy}, and type `pixvox fetch {name}`.")


def _room(entry: DataSet) -> str:
    """Say how much room it takes to bring a data set."""
    if entry.original:
        return f"{_size(entry)} two or three times (the original, and what is made from it)"
    return _size(entry) if any(entry.files.values()) else "what is made here, some 200 MB"


def _size(entry: DataSet) -> str:
    """Say how much is downloaded, in megabytes."""
    remotes = [entry.original] if entry.original else [remote for remote in entry.files.values() if remote]
    if not remotes:
        return "made here, no download"
    return f"{sum(remote.size for remote in remotes) / 1e6:,.1f} MB"
