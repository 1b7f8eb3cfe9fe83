import errno
import io
import os
import stat
import tarfile
import zipfile

import pytest
from support.picture_trees import everything

from pixvox_cli import archives


def write_zip(path, entries):
    """Write a zip of {name or ZipInfo: bytes}; names may be whatever is wished."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name) if isinstance(name, str) else name
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def write_tar(path, entries):
    """Write a compressed tar of {name or TarInfo: bytes}."""
    with tarfile.open(path, f"w:{path.suffix[1:]}") as archive:
        for name, data in entries.items():
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = info.size or len(data)
            archive.addfile(info, io.BytesIO(data) if len(data) == info.size else None)
    return path


WRITERS = {"data.zip": write_zip} | {f"data.tar.{kind}": write_tar for kind in ("gz", "xz", "bz2")}
ALL = pytest.mark.parametrize("name", WRITERS)
BOTH = pytest.mark.parametrize("name", ["data.zip", "data.tar.gz"])
GOOD = {"top/a.txt": b"first", "top/inner/b.txt": b"second", "c.txt": b""}


@ALL
def test_files_are_unpacked_to_their_paths(tmp_path, name):
    archives.unpack(WRITERS[name](tmp_path / name, GOOD), tmp_path / "out")
    assert everything(tmp_path / "out") == sorted(GOOD)
    assert all((tmp_path / "out" / path).read_bytes() == data for path, data in GOOD.items())


@BOTH
def test_what_is_not_wanted_stays_packed(tmp_path, name):
    archive = WRITERS[name](tmp_path / name, GOOD)
    archives.unpack(archive, tmp_path / "out", wanted=lambda path: path.name == "b.txt")
    assert everything(tmp_path / "out") == ["top/inner/b.txt"]


@BOTH
def test_the_kind_is_told_by_the_contents_and_slashes_may_be_those_of_windows(tmp_path, name):
    archive = WRITERS[name](tmp_path / name, {"top\\a.txt": b"first"})
    archives.unpack(archive.rename(tmp_path / "x.bin"), tmp_path / "out")
    assert everything(tmp_path / "out") == ["top/a.txt"]


@pytest.mark.parametrize(
    "entry", ["../evil", "top/../../evil", "/evil", "..\\evil", "C:\\evil", "C:evil", "\\evil"]
)
@BOTH
def test_a_path_out_of_the_folder_is_refused_before_anything_is_written(tmp_path, name, entry):
    archive = WRITERS[name](tmp_path / name, {"good.txt": b"x", entry: b"evil"})
    with pytest.raises(ValueError, match="outside the folder"):
        archives.unpack(archive, tmp_path / "deep" / "out", wanted=lambda path: path.name == "good.txt")
    assert everything(tmp_path) == [name]


def special(kind, target=""):
    """Return a tar's entry that is no file."""
    info = tarfile.TarInfo("special")
    info.type, info.linkname = kind, target
    return info


def zipped_link():
    """Return a zip's entry that is a symbolic link."""
    info = zipfile.ZipInfo("special")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


SPECIAL = {
    "symbolic link": (write_tar, special(tarfile.SYMTYPE, "/etc")),
    "link inside": (write_tar, special(tarfile.SYMTYPE, "good.txt")),
    "hard link": (write_tar, special(tarfile.LNKTYPE, "../x")),
    "pipe": (write_tar, special(tarfile.FIFOTYPE)),
    "device": (write_tar, special(tarfile.CHRTYPE)),
    "zipped link": (write_zip, zipped_link()),
}


@pytest.mark.parametrize(("write", "info"), SPECIAL.values(), ids=SPECIAL)
def test_links_and_devices_are_refused(tmp_path, write, info):
    data = b"/etc" if write is write_zip else b""
    with pytest.raises(ValueError, match="'special' is a link or a device"):
        archives.unpack(write(tmp_path / "data.gz", {"good.txt": b"x", info: data}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def huge(kind):
    """Return an entry that declares ten terabytes."""
    info = kind("huge.bin")
    info.size = 10**13
    return info


def test_absurd_sizes_are_refused_unread(tmp_path):
    archive = write_tar(tmp_path / "a.tar.gz", {huge(tarfile.TarInfo): b""})
    with pytest.raises(ValueError, match="10,000,000,000,000 bytes"):
        archives.unpack(archive, tmp_path / "out")
    data = bytearray(write_zip(tmp_path / "a.zip", {f"{n}.bin": b"x" for n in range(3)}).read_bytes())
    for start in (start for start in range(len(data)) if data[start : start + 4] == b"PK\1\2"):
        data[start + 24 : start + 28] = (2**32 - 2).to_bytes(4, "little")  # unpacked size in the directory
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(ValueError, match="refused, expected at most"):
        archives.unpack(tmp_path / "a.zip", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_zip_that_holds_more_than_it_declares_is_refused(tmp_path):
    data = bytearray(write_zip(tmp_path / "a.zip", {"a.bin": bytes(10**6)}).read_bytes())
    start = data.index(b"PK\1\2") + 24
    data[start : start + 4] = (1000).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(ValueError, match="expected a whole zip or tar archive"):
        archives.unpack(tmp_path / "a.zip", tmp_path / "out")
    assert (tmp_path / "out" / "a.bin").stat().st_size <= 1000


@BOTH
def test_too_many_entries_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 2)
    with pytest.raises(ValueError, match="at most 2 entries"):
        archives.unpack(WRITERS[name](tmp_path / name, GOOD), tmp_path / "out")


@ALL
@pytest.mark.parametrize("share", [0.0, 0.5, 0.98, 1.0])
def test_half_an_archive_or_one_with_a_flipped_bit_is_a_broken_one(tmp_path, name, share):
    data = bytearray(WRITERS[name](tmp_path / name, {"a.txt": os.urandom(100_000)}).read_bytes())
    data[len(data) // 3] ^= 4 * (share == 1)
    (tmp_path / name).write_bytes(data[: int(share * len(data))])
    with pytest.raises(ValueError, match="expected a whole zip or tar archive"):
        archives.unpack(tmp_path / name, tmp_path / "out")


ODD = {
    "below a file": ["cat.9.jpg", "cat.9.jpg/dog.9.jpg"],
    "over a folder": ["cat.9.jpg/dog.9.jpg", "cat.9.jpg"],
    "long": [300 * "a"],
}


@BOTH
@pytest.mark.parametrize("entries", ODD.values(), ids=ODD)
def test_names_that_no_file_can_have_are_the_archive_s_fault(tmp_path, name, entries):
    archive = WRITERS[name](tmp_path / name, dict.fromkeys(entries, b"x"))
    with pytest.raises(ValueError, match=f"{name}: expected a whole.*{entries[-1]}"):
        archives.unpack(archive, tmp_path / "out")


def test_a_null_byte_in_a_name_is_the_archive_s_fault(tmp_path):
    info = tarfile.TarInfo("x")
    info.pax_headers = {"path": "cat\0.jpg"}
    with pytest.raises(ValueError, match="data.tar.gz: expected a whole.*null byte"):
        archives.unpack(write_tar(tmp_path / "data.tar.gz", {info: b"x"}), tmp_path / "out")


def test_a_locked_zip_is_refused(tmp_path):
    data = bytearray(write_zip(tmp_path / "a.zip", {"a.txt": b"secret"}).read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1  # the flag "encrypted" of the entry in the directory
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(ValueError, match="locked"):
        archives.unpack(tmp_path / "a.zip", tmp_path / "out")


@BOTH
@pytest.mark.parametrize("number", [errno.EMFILE, errno.EIO])
def test_an_archive_that_cannot_be_read_now_is_not_called_broken(tmp_path, monkeypatch, name, number):
    def fail(path, *arguments, **settings):
        raise OSError(number, os.strerror(number), str(path))

    archive = WRITERS[name](tmp_path / name, GOOD)
    monkeypatch.setattr("tarfile.bltn_open" if "tar" in name else "zipfile.io.open", fail)
    with pytest.raises(OSError) as caught:
        archives.unpack(archive, tmp_path / "out")
    assert caught.value.errno == number


def test_archives_are_known_by_their_names():
    assert all(map(archives.is_archive, ("a.zip", "a.ZIP", "a.tar", "a.tgz", "a.tar.gz", "a.tar.xz")))
    assert not any(map(archives.is_archive, ("a.npz", "a.gz", "zip", "a.zip.txt", "idx-ubyte.gz")))
