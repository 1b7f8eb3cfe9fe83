"""Unpack archives that come from elsewhere, without trusting them."""

import lzma
import re
import shutil
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

MAX_BYTES = 8 * 10**9  # unpacked, of all members together: ten times the largest data set of the course
MAX_MEMBERS = 200_000
MAX_RATIO = 200  # pictures and numbers do not shrink to less than a two-hundredth
RATIO_MATTERS = 50 * 10**6  # bytes; below, whatever the ratio, no disk is filled
MAX_HEADER = 2**16  # bytes of a tar entry's long name or extra attributes, which are read into memory
BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError),
    *(NotImplementedError, RecursionError),
)
_CHUNK = 2**20
_LONG_HEADERS = (
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d) *(\..*)?", re.IGNORECASE)  # devices of Windows


class _Member(NamedTuple):
    """An archive's entry: its name there, its declared size, file, folder or another kind, how to open it."""

    name: str
    size: int
    kind: str
    open: Callable[[], BinaryIO]


class _TarHeader(tarfile.TarInfo):
    """A tar's header, refused where tarfile would read as much into memory as it promises."""

    @classmethod
    def frombuf(cls, buf, encoding, errors):
        header = super().frombuf(buf, encoding, errors)
        if header.type == tarfile.GNUTYPE_SPARSE or (
            header.type in _LONG_HEADERS and header.size > MAX_HEADER
        ):
            raise tarfile.ReadError(f"the header of {header.name[:80]!r} is larger than is believable")
        return header

    def _proc_gnusparse_10(self, *arguments):
        raise tarfile.ReadError("a sparse file, whose map may be larger than is believable")


def is_archive(path: Path) -> bool:
    """Say whether the file is a zip or tar archive by its name."""
    return (
        re.search(r"\.(zip|tar|tgz|tbz2|txz|tar\.(gz|bz2|xz))$", Path(path).name, re.IGNORECASE) is not None
    )


def unpack(
    archive: Path,
    folder: Path,
    *,
    wanted: Callable[[PurePosixPath], bool] = lambda path: True,
    max_bytes: int = MAX_BYTES,
) -> list[Path]:
    """Unpack a zip or tar archive into a folder.

    All entries are looked at before anything is written. Give a folder of
    `store.staging`: what an error or a kill leaves there is then thrown away.

    Args:
        archive: a zip or tar file, compressed or not.
        folder: where to; made if need be.
        wanted: which files, by their path in the archive; the others stay packed.
        max_bytes: how much the wanted files may hold together.

    Returns:
        The paths of the unpacked files, in the archive's order.

    Raises:
        ValueError: if the archive is broken or locked, or has an entry that is a link
            or a device, would land outside the folder, comes twice, or unpacks to
            more than is believable. Nothing is written outside the folder.
    """
    try:
        with _open(Path(archive)) as opened:
            chosen = _chosen(Path(archive), _members(opened), wanted, max_bytes)
            return [_write(member, Path(folder) / path, archive) for path, member in chosen.items()]
    except BROKEN as error:
        raise ValueError(
            f"{archive}: expected a whole zip or tar archive, came a broken one: {error}."
        ) from error


def collect(source: Path, names: Iterable[str], folder: Path, *, optional: Iterable[str] = ()) -> list[str]:
    """Bring files, found by their names, out of a folder, an archive or a single file into `folder`.

    Args:
        source: a folder or an archive that holds them at any depth; for a single name,
            or the first of several that are all optional, also the file itself, whatever it is called.
        names: the file names.
        folder: where to.
        optional: names that may be missing, though not all.

    Returns:
        The names that were found.

    Raises:
        ValueError: if a name is not found, or found twice, or the archive is refused.
        FileNotFoundError: if there is no `source`.
    """
    names, optional, source = list(names), set(optional), Path(source)
    if not source.exists():
        raise FileNotFoundError(f"expected an archive, a folder or a file, but {source} is not there.")
    if source.is_dir():
        found = [path for path in sorted(source.rglob("*")) if path.name in names and path.is_file()]
    elif is_archive(source):
        found = unpack(source, folder / "unpacked", wanted=lambda path: path.name in names)
    else:
        alone = len(names) == 1 or optional.issuperset(names)
        found = [source] if source.name in names or not alone else []
        if not found:
            shutil.copyfile(source, folder / names[0])
            return names[:1]
    return [name for name in names if _collect_one(source, name, found, folder, name in optional)]


def _collect_one(source: Path, name: str, found: list[Path], folder: Path, optional: bool) -> bool:
    """Copy the one file of this name to the folder; False if there is none and none is needed."""
    matches = [path for path in found if path.name == name]
    if not matches and optional and found:
        return False
    if len(matches) != 1:
        came = ", ".join(str(path) for path in matches) or "none"
        raise ValueError(f"{source}: expected one file {name}, came {came}.")
    shutil.copyfile(matches[0], folder / name)
    return True


def _open(path: Path) -> zipfile.ZipFile | tarfile.TarFile:
    """Open a zip or tar archive for reading."""
    with open(path, "rb") as file:
        zipped = file.read(2) == b"PK"
    return zipfile.ZipFile(path) if zipped else tarfile.open(path, tarinfo=_TarHeader)


def _members(opened: zipfile.ZipFile | tarfile.TarFile) -> Iterator[_Member]:
    """Yield the entries one by one: a tar is read on only as long as it is believed."""
    if isinstance(opened, zipfile.ZipFile):
        for info in opened.infolist():
            yield _Member(info.filename, info.file_size, _zip_kind(info), lambda info=info: opened.open(info))
        return
    for info in opened:
        kind = "file" if info.isreg() else "folder" if info.isdir() else "link or device"
        yield _Member(info.name, info.size, kind, lambda info=info: opened.extractfile(info))


def _zip_kind(info: zipfile.ZipInfo) -> str:
    """Return what a zip's entry is."""
    mode = info.external_attr >> 16
    if info.flag_bits & 1:
        return "locked file"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "link or device"
    return "folder" if info.is_dir() else "file"


def _chosen(
    archive: Path, members: Iterable[_Member], wanted: Callable[[PurePosixPath], bool], max_bytes: int
) -> dict[str, _Member]:
    """Look at every entry; return the wanted files by their path in the folder."""
    believable = max(MAX_RATIO * archive.stat().st_size, RATIO_MATTERS)
    chosen, seen, total = {}, set(), 0
    for count, member in enumerate(members, 1):
        path = _safe_path(archive, member)
        total += member.size
        if count > MAX_MEMBERS or total > believable:
            raise ValueError(
                f"{archive}: refused, it unpacks to more than is believable "
                f"({count:,} entries, {total:,} bytes from {archive.stat().st_size:,})."
            )
        if member.kind != "file" or not wanted(path):
            continue
        name = _folded(path)
        if name in seen or any(_RESERVED.fullmatch(part) for part in path.parts):
            came = "comes twice" if name in seen else "has a name that Windows keeps for a device"
            raise ValueError(f"{archive}: refused, the entry {member.name!r} {came}.")
        seen.add(name)
        chosen[str(path)] = member
    both = [name for name in seen if any(str(parent) in seen for parent in PurePosixPath(name).parents)]
    if both:
        raise ValueError(f"{archive}: refused, the entry {min(both)!r} lies in another file.")
    size = sum(member.size for member in chosen.values())
    if size > max_bytes:
        raise ValueError(f"{archive}: refused, expected at most {max_bytes:,} bytes unpacked, came {size:,}.")
    return chosen


def _folded(path: PurePosixPath) -> str:
    """Return the same name for paths that some file system takes for the same.

    They may differ in case, in how accents are stored, and in dots and spaces that end a part.
    """
    name = unicodedata.normalize("NFD", unicodedata.normalize("NFD", str(path)).casefold())
    return "/".join(part.rstrip(" .") for part in name.split("/"))


def _safe_path(archive: Path, member: _Member) -> PurePosixPath:
    """Return the entry's path inside the folder, or refuse the archive."""
    name = member.name.replace("\\", "/")
    path = PurePosixPath(name)
    nameless = not path.parts and member.kind == "file"
    dots = any(not part.strip(" .") for part in path.parts)  # "..", and what Windows may take for it
    if nameless or path.is_absolute() or dots or ":" in name:
        raise ValueError(f"{archive}: refused, the entry {member.name!r} would land outside the folder.")
    if member.kind not in ("file", "folder"):
        raise ValueError(f"{archive}: refused, the entry {member.name!r} is a {member.kind}.")
    return path


def _write(member: _Member, path: Path, archive: Path) -> Path:
    """Write an entry, and stop when it holds more than it declared."""
    path.parent.mkdir(parents=True, exist_ok=True)
    left = member.size
    with member.open() as packed, open(path, "wb") as file:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"{archive}: refused, {member.name!r} holds more than it declares.")
            file.write(chunk)
    if left:
        raise ValueError(f"{archive}: {member.name!r} is {left:,} bytes short, the archive is broken.")
    return path
