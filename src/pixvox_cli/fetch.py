"""Bring the published data sets into the folder of the full profile.

Whatever comes is put into a temporary folder, checked there, and only then moved to its place. A file that
is there is replaced only if its contents are wrong (ValueError); one that cannot be read now (OSError) stays.
"""

import errno
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import requests

from pixvox.datasets import store
from pixvox.datasets.files import STAGING, move, staging
from pixvox_cli import arranging, checks, make_mnist3d
from pixvox_cli.archives import is_archive
from pixvox_cli.downloads import download, public
from pixvox_cli.places import FULL, waited_for
from pixvox_cli.publications import Publication, look_up

NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload")  # as browsers name files
NOT_HAD = (requests.RequestException, ConnectionError, FileNotFoundError, ValueError)


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
        OSError: if files cannot be had, read or written. The message says what to type.
    """
    named = tuple(dict.fromkeys(names))
    chosen, failures = named or checks.names("full"), {}
    _check_arguments(chosen, mirror, archive)
    for name in chosen:
        try:
            _fetch_one(name, mirror and str(mirror), archive and Path(os.path.expanduser(archive)))
        except (OSError, ValueError) as error:
            if len(chosen) == 1:
                raise
            if named or not look_up(name).gated:
                print(f"{name} failed: {error}", file=sys.stderr)
                failures[name] = error
            else:
                print(f"  Not fetched: {error}")
    if failures:
        reasons = "\n".join(f"  {name}: {error}" for name, error in failures.items())
        raise OSError(f"{len(failures)} of {len(chosen)} data sets could not be fetched:\n{reasons}")


def _check_arguments(names: tuple[str, ...], mirror: str | Path | None, archive: str | Path | None) -> None:
    """Raise ValueError for what cannot be fetched, or fetched from there."""
    for name in names:
        if store.dataset(name).drawn_only:
            raise ValueError(
                f"expected a data set that is published, got {name}, which is drawn and comes with the "
                f"course. Type `{store.remedy(name)}` to draw it again."
            )
    if mirror is not None and not _is_mirror(str(mirror)):
        raise ValueError(
            f"--mirror: expected a folder that is there, or an http address, got {public(str(mirror))!r}. "
            "Type `pixvox fetch --mirror DIR-or-URL`."
        )
    if archive is not None and (len(names) != 1 or not os.path.exists(os.path.expanduser(archive))):
        got = f"{len(names)} names" if len(names) != 1 else f"{str(archive)!r}, which is not there"
        raise ValueError(
            f"--from: expected one data set's name and a file, folder or archive, got {got}. "
            f"Type `pixvox fetch NAME --from FILE`, NAME one of {', '.join(names)}."
        )


def _is_mirror(mirror: str) -> bool:
    """Say whether it is a folder, or an address with a computer's name and a possible port."""
    if not _is_address(mirror):
        return os.path.isdir(os.path.expanduser(mirror))
    with suppress(ValueError):
        return bool(urlsplit(mirror).hostname) and urlsplit(mirror).port != 0
    return False


def _is_address(source: str) -> bool:
    """Say whether a source is an address, not a path."""
    return source.startswith(("http://", "https://"))


def _fetch_one(name: str, mirror: str | None, archive: Path | None) -> None:
    """Bring one data set, and check it as a whole; another process that does so is waited for."""
    entry, folder = look_up(name), store.home(name, "full")
    print(f"{name}: {entry.title}; {_size(entry)}; licence: {entry.licence}.\n  Source: {entry.source}.")
    try:
        with waited_for(folder.with_name(f"{folder.name}.lock"), lambda error: _tell(error, folder)):
            taken = _take(name, archive) if archive else []
            for relative in entry.files:
                if relative not in taken:
                    _bring(name, relative, mirror)
            try:
                print(f"  In {folder}: {checks.check(name, folder)}.")
            except ValueError as error:
                raise ValueError(f"{error} Delete {folder} and type `pixvox fetch {name}`.") from error
    except OSError as error:
        raise _explained(error, name, folder) from error


def _tell(error: BlockingIOError, folder: Path) -> None:
    """Say that another process fills a folder."""
    pid = re.search(r", pid \d+", str(error))
    others = f"Another process{f'{pid[0]},' if pid else ''} is fetching into {folder}."
    print(f"  {others} Waiting until it has ended; Ctrl-C ends the waiting.", flush=True)


def _take(name: str, source: Path) -> list[str]:
    """Bring what the user has, all of it or nothing; return which of the data set's files that was."""
    entry, folder = look_up(name), store.home(name, "full")
    first = folder / next(iter(entry.files))
    for relative in entry.files:
        _refuse_to_replace(name, folder / relative)
    with staging(first.parent) as work:
        try:
            made, taken = _arrange(name, entry.files, source, work=work, shown=str(source))
        except ValueError as error:
            part = " By its name its download was not finished." if source.suffix in UNFINISHED else ""
            raise ValueError(
                f"{error}{part} Nothing was kept. Type `pixvox fetch {name} --from FILE` with another file "
                f"or folder, or `pixvox fetch {name}`."
            ) from error
        for there in filter(Path.is_file, (folder / relative for relative in taken)):
            with suppress(ValueError):  # one with wrong contents is replaced
                checks.check_file(name, there)
        for relative in taken:
            _move(made / relative, folder / relative)
    return taken


def _bring(name: str, relative: str, mirror: str | None) -> None:
    """Bring one file or folder from the first place that has it, unless it is there and right."""
    target = store.home(name, "full") / relative
    if _is_there(name, relative, target):
        return
    _refuse_to_replace(name, target)
    with staging(target.parent) as work:
        for place in _places(name, relative, mirror):
            try:
                made, _ = _arrange(name, [relative], _at_hand(place, work), work=work, shown=public(place))
                break
            except NOT_HAD as error:
                print(f"  {target.name}: not from {public(place)}: {error}")
        else:
            made = _published(name, relative, work)
        _move(made / relative, target)


def _is_there(name: str, relative: str, target: Path) -> bool:
    """Say whether a file or folder is there; print what is wrong with its contents if they are not right."""
    if not (target.is_file() or (target.is_dir() and not target.suffix and _contents(target))):
        return False
    try:
        print(f"  {target.name}: already there, {_accept(name, relative, target)}.")
        return True
    except ValueError as error:
        print(f"  {error}")
        _refuse_to_replace(name, target)
        print("  Fetching it again.")
        return False


def _refuse_to_replace(name: str, target: Path) -> None:
    """Raise ValueError if there is a folder where a file is to be, or something in the one to be filled."""
    if target.is_dir() and (target.suffix or _contents(target)):
        raise ValueError(
            f"{target} is in the way: a folder is not replaced. Move it and what is in it elsewhere, and "
            f"type `pixvox fetch {name}`, or, with the data set's archive, `pixvox fetch {name} --from FILE`."
        )


def _contents(folder: Path) -> list[Path]:
    """Return what lies in a folder, but for what file managers leave: hidden files and Thumbs.db."""
    return [path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "Thumbs.db"]


def _places(name: str, relative: str, mirror: str | None) -> Iterator[str]:
    """Yield the paths and addresses to be asked before the published address."""
    entry, folder = look_up(name), store.home(name, "full")
    original = [Path(entry.originals[relative].url).name] if relative in entry.originals else []
    if original:  # put there by hand, perhaps under the new name
        yield from (str(folder / file) for file in (*original, relative) if (folder / file).is_file())
    if mirror is None:
        return
    base, files = str(Path(os.path.expanduser(mirror))), [relative, *original]
    if _is_address(mirror):
        base, files = mirror.rstrip("/"), [file for file in files if Path(file).suffix]  # no folders
    yield from (f"{base}/{folder.name}/{file}" for file in files)


def _at_hand(place: str, work: Path) -> Path:
    """Return the path of what is at a place, downloaded if it is an address."""
    if _is_address(place):
        return download(place, work)
    if not Path(place).exists():
        raise FileNotFoundError("it is not there.")
    return Path(place)


def _published(name: str, relative: str, work: Path) -> Path:
    """Make a file, or bring it from where it is published, or say how people get it; return its folder."""
    entry = look_up(name)
    remote = entry.originals.get(relative, entry.files[relative])
    if entry.gated:
        raise FileNotFoundError(
            f"{name}: this data set is not for programs to fetch. {entry.gated} "
            f"Then type `pixvox fetch {name} --from {Path(remote.url).name}`."
        )
    if remote is None:
        print(f"  {relative}: making it.")
        make_mnist3d.make_file(relative, work / "made" / relative)
        return work / "made"
    try:
        path = download(remote.url, work, known_hash=remote.checksum)
        return _arrange(name, [relative], path, work=work, shown=remote.url)[0]
    except NOT_HAD as error:
        kind = ValueError if isinstance(error, ValueError) else OSError
        gone = isinstance(error, FileNotFoundError) and error.errno is None
        again = "" if gone else f"`pixvox fetch {name}` to try again, or "
        raise kind(
            f"{remote.url}: expected the published file, got: {error} Nothing of it was kept. Type {again}"
            f"`pixvox fetch {name} --mirror DIR-or-URL`, or, with a file that you have, "
            f"`pixvox fetch {name} --from FILE`."
        ) from error


def _arrange(
    name: str, relatives: Iterable[str], source: Path, *, work: Path, shown: str
) -> tuple[Path, list[str]]:
    """Bring what a source has into a new folder, and check it; return that folder, and what was there."""
    inner = Path(tempfile.mkdtemp(dir=work))
    made = inner / "made"
    try:
        taken = arranging.arrange(name, relatives, source, target=made, work=inner)
        for relative in taken:
            label = (store.home(name, "full") / relative).name
            print(f"  {label}: from {shown}, {_accept(name, relative, made / relative, source)}.")
        if 1 < len(taken) == len(look_up(name).files):
            checks.check(name, made)
    except ValueError as error:
        reason = str(error)
        for place in (made, inner / "unpacked", inner, source):
            reason = reason.replace(str(place), shown)
        if source.is_file() and not is_archive(source):
            for relative in relatives:
                reason = reason.replace(f"{shown}/{relative}", shown)
        raise ValueError(reason) from error
    return made, taken


def _accept(name: str, relative: str, path: Path, source: Path | None = None) -> str:
    """Accept a file by its checksum or else by its format, and say which; ValueError if it is wrong.

    The checksum is that of the source where the file was arranged from an original.
    """
    entry = look_up(name)
    original = entry.originals.get(relative)
    remote, file = (original, source) if original else (entry.files[relative], path)
    known = remote.checksum if remote and file and file.is_file() else ""
    published = known and checks.is_published(file, known)
    if published and file == path:
        return "its checksum is the published one"
    detail = f"its format is right ({checks.check_file(name, path)})"
    if original and not original.checksum:
        return f"{detail}, no checksum is published to compare a download with"
    return f"{detail}, its checksum is {'' if published else 'not '}the published one" if known else detail


def _move(source: Path, target: Path) -> None:
    """Move a finished file or folder to its place in one step; a folder never replaces one with contents.

    What file managers left in an empty folder comes along. If another process has just put its folder
    there, that one stays.
    """
    if not source.is_dir():
        move(source, target)
        return
    with suppress(OSError):
        if not _contents(target):
            for left in list(target.iterdir()):
                os.replace(left, source / left.name)
        target.rmdir()  # an empty one would be in the way on Windows
    try:
        os.replace(source, target)
    except OSError:
        if not (target.is_dir() and _contents(target)):
            raise


def _explained(error: OSError, name: str, folder: Path) -> OSError:
    """Return the error with the place, the cause that the system told, and what to type."""
    if error.errno is None and "`" in str(error):  # it names a command already
        return error
    if error.errno in FULL:
        return OSError(
            f"{folder}: expected room for up to three times the data ({_size(look_up(name))}), "
            "got a full disk. Nothing half-made was kept. Make room, or set PIXVOX_DATA to a folder on "
            f"another disk, and type `pixvox fetch {name}`."
        )
    place = error.filename if error.filename and STAGING not in str(error.filename) else folder
    remedy = "When that is mended,"
    if error.errno in NOT_ALLOWED:
        remedy = "Change its permissions, or set PIXVOX_DATA to a folder of yours, and"
    reason = error.strerror or error
    return OSError(f"{place}: {reason}. Nothing was replaced. {remedy} type `pixvox fetch {name}`.")


def _size(entry: Publication) -> str:
    """Say how much is downloaded or made, in megabytes."""
    remotes = list(entry.originals.values() or filter(None, entry.files.values()))
    if not remotes:
        return "made here, some 200 MB"
    return f"{sum(remote.size for remote in remotes) / 1e6:,.1f} MB"
