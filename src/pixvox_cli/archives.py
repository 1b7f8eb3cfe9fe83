"""Unpack zip and tar archives that come from elsewhere.

Python's own safeguards do the work (`tarfile`'s data filter, `zipfile`'s checked sizes and sums). Before
anything is written, every entry is looked at: paths out of the folder, links and absurd sizes are refused.
"""

import errno
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

from pixvox_cli.downloads import web_page

MAX_BYTES = 8 * 10**9  # unpacked, of all entries together: ten times the largest data set of the course
MAX_ENTRIES = 200_000
_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError),
    OSError,  # broken gzip and bzip2 streams
)
_KINDS = {  # how files begin that are no zip or tar, and what they are
    b"7z\xbc\xaf'\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "an archive compressed by zstd",
    b"PK\x07\x08": "a part of a split archive",
}
_METHODS = zipfile.compressor_names | {93: "zstd", 95: "xz", 96: "JPEG", 99: "AES encryption"}
_END = b"PK\5\6"  # how the end record of a zip begins, of 22 bytes and a comment
_NAMES = re.compile(r"\.(zip|tar|tgz|tbz2|txz|tzst|7z|rar|z\d\d|tar\.(gz|bz2|xz|zst)|(zip|7z|tar)\.\d{3})$")
_PARTS = re.compile(r"\.(\d{3}|z\d\d|part\d+\.rar)$")  # how the names of parts of split archives end
_ODD_NAMES = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG)  # of entries
_PLAIN = (0, stat.S_IFREG, stat.S_IFDIR)  # kinds of files in a zip's entry; 0: it does not say

Opened = zipfile.ZipFile | tarfile.TarFile


class _Entry(NamedTuple):
    """An archive's entry: its name there, its size unpacked, what it is, and how the archive knows it."""

    name: str
    size: int
    is_file: bool
    is_folder: bool
    info: zipfile.ZipInfo | tarfile.TarInfo

    @property
    def path(self) -> PurePosixPath:
        """Return its path in the archive; some that were packed on Windows have its slashes."""
        return PurePosixPath(self.name.replace("\\", "/"))


def is_archive(path: Path) -> bool:
    """Say whether the file is an archive by its name, though perhaps one that `unpack` refuses."""
    return _NAMES.search(Path(path).name.lower()) is not None


def unpack(
    archive: Path, folder: Path, *, wanted: Callable[[PurePosixPath], bool] = lambda path: True
) -> None:
    """Unpack a zip or tar archive into a folder, once all its entries have been looked at.

    Give a folder of `files.staging`: what an error or a kill leaves there is then thrown away.

    Args:
        archive: a zip or tar file, compressed or not.
        folder: where to; made if need be.
        wanted: which files, by their path in the archive; the others stay packed.

    Raises:
        ValueError: the archive is broken, or one that Python cannot unpack, or has an entry that is a link
            or a device or would land outside the folder, or unpacks to more than `MAX_BYTES`.
        OSError: it cannot be read now, or the files cannot be written.
    """
    try:
        _refuse_other_kinds(Path(archive))
        with _open(Path(archive)) as opened:
            for entry in _checked_files(archive, opened):
                if wanted(entry.path):
                    _extract(opened, entry, Path(folder))
            while isinstance(opened, tarfile.TarFile) and opened.fileobj.read(2**20):
                pass  # to the very end: gzip compares its checksum there
    except RuntimeError as error:  # what zipfile cannot do
        raise _other(Path(archive), f"a zip that it cannot: {error}") from error
    except _BROKEN as error:
        # EINVAL: a wrong offset in the archive
        if getattr(error, "errno", None) not in (None, errno.EINVAL, *_ODD_NAMES):
            raise
        raise ValueError(
            f"{archive}: expected a whole zip or tar archive, got a broken one, or another file: "
            f"{str(error).splitlines()[0].rstrip('.:- ')}."
        ) from error


def _refuse_other_kinds(path: Path) -> None:
    """Raise ValueError for an archive that is not broken, but of a kind that Python does not have."""
    with open(path, "rb") as file:
        head = file.read(8)
        file.seek(max(0, path.stat().st_size - 2**16 - 22))
        tail = file.read()
    end = tail.rfind(_END)
    disk = int.from_bytes(tail[end + 4 : end + 6], "little") if end >= 0 else 0
    if kind := next((kind for start, kind in _KINDS.items() if head.startswith(start)), ""):
        raise _other(path, kind)
    whole = head.startswith(b"PK") and end >= 0
    if 0 < disk < 0xFFFF or (_PARTS.search(path.name.lower()) and not whole):
        raise _other(path, "a part of a split archive")
    if (title := web_page(path)) is not None:
        raise ValueError(f"{path}: expected a zip or tar archive, got a web page {title!r}.")
    if head.startswith(b"PK\3\4") and end < 0:
        raise zipfile.BadZipFile("its end is missing, as of a download that broke off; download it again")


def _other(path: Path, kind: str) -> ValueError:
    """Return the error for an archive that other programs can unpack."""
    name = f'"{path.name}"' if " " in path.name else path.name
    remedy = f"unpack it with 7-Zip or `7z x -oFOLDER {name}`"
    if "by zstd" in kind:
        remedy = f"unpack it with `tar -xf {name} -C FOLDER`"
    if "a part" in kind or _PARTS.search(path.name.lower()):
        remedy = "bring all its parts into one folder and unpack the first of them, or the .zip, with 7-Zip"
    return ValueError(
        f"{path}: expected a zip or tar archive that Python can unpack, got {kind}. It need not be broken: "
        f"{remedy}, and give the unpacked folder instead."
    )


def _open(path: Path) -> Opened:
    """Open a zip or tar archive for reading: which it is, its contents say."""
    with open(path, "rb") as file:
        zipped = file.read(2) == b"PK"
    return zipfile.ZipFile(path) if zipped else tarfile.open(path)


def _extract(opened: Opened, entry: _Entry, folder: Path) -> None:
    """Unpack one file below a folder."""
    name = str(entry.path)
    if isinstance(opened, tarfile.TarFile):
        opened.extract(entry.info.replace(name=name, deep=False), folder, set_attrs=False, filter="data")
    else:
        entry.info.filename = name
        try:
            opened.extract(entry.info, folder)
        except RuntimeError as error:  # what zipfile cannot do
            method = entry.info.compress_type
            told = f"of method {method} ({_METHODS.get(method, 'unknown')})"
            told = "encrypted" if entry.info.flag_bits & 1 else str(error) if "bit" in str(error) else told
            raise RuntimeError(f"{name} is {told}") from error


def _entries(opened: Opened) -> Iterator[_Entry]:
    """Yield the entries one by one: a tar is read on only as long as it is believed."""
    if isinstance(opened, tarfile.TarFile):
        for info in opened:
            yield _Entry(info.name, info.size, info.isreg(), info.isdir(), info)
        return
    for info in opened.infolist():
        plain, folder = stat.S_IFMT(info.external_attr >> 16) in _PLAIN, info.is_dir()
        yield _Entry(info.filename, info.file_size, plain and not folder, plain and folder, info)


def _checked_files(archive: Path, opened: Opened) -> list[_Entry]:
    """Look at every entry; return those that are files, or refuse the archive."""
    files, total = [], 0
    for count, entry in enumerate(_entries(opened), 1):
        total += entry.size
        if count > MAX_ENTRIES or total > MAX_BYTES:
            raise ValueError(
                f"{archive}: refused, expected at most {MAX_ENTRIES:,} entries and {MAX_BYTES:,} bytes "
                f"unpacked, got {count:,} entries and {total:,} bytes or more."
            )
        if "\0" in entry.name:
            raise tarfile.ReadError(f"a null byte in the name {entry.name!r}")
        path = PureWindowsPath(entry.name)  # knows drives, and both kinds of slashes
        if path.anchor or ".." in path.parts or (entry.is_file and not path.parts):
            raise ValueError(f"{archive}: refused, the entry {entry.name!r} would land outside the folder.")
        if not (entry.is_file or entry.is_folder):
            raise ValueError(f"{archive}: refused, the entry {entry.name!r} is a link or a device.")
        if entry.is_file:
            files.append(entry)
    return files
