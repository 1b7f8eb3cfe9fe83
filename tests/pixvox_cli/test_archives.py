import errno
import io
import os
import re
import stat
import sys
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
            if len(data) == info.size:
                archive.addfile(info, io.BytesIO(data))
            else:  # only the header
                archive.fileobj.write(info.tobuf(archive.format, archive.encoding, archive.errors))
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


def patched(path, flag=0, method=0, disk=0):
    """Write a zip whose entry says that it is of another method, or has a flag, or that it ends on a disk."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", b"not wanted")
        archive.writestr("a.txt", b"whole")
    data = bytearray(path.read_bytes())
    for start, place in ((data.rindex(b"PK\3\4"), 6), (data.rindex(b"PK\1\2"), 8)):
        data[start + place] |= flag
        data[start + place + 2] = method
    data[data.rindex(b"PK\5\6") + 4] = disk
    path.write_bytes(data)
    return path


OTHERS = {
    **{f"method {method}": ({"method": method}, f"of method {method} ") for method in (1, 2, 6, 97, 123)},
    "Deflate64": ({"method": 9}, "a.txt is of method 9 (deflate64)"),
    "zstd": ({"method": 93}, "a.txt is of method 93 (zstd)"),
    "xz": ({"method": 95}, "a.txt is of method 95 (xz)"),
    "PPMd": ({"method": 98}, "a.txt is of method 98 (ppmd)"),
    "WinZip AES": ({"method": 99, "flag": 1}, "a.txt is encrypted"),
    "encrypted": ({"flag": 1}, "a.txt is encrypted"),
    "strongly encrypted": ({"flag": 0x41}, "a.txt is encrypted"),
    "patched": ({"flag": 0x20}, "compressed patched data"),
    "split": ({"disk": 2}, "a part of a split archive"),
}


@pytest.mark.parametrize(("change", "told"), OTHERS.values(), ids=OTHERS)
def test_a_zip_that_python_cannot_unpack_is_told_from_a_broken_one(tmp_path, change, told):
    if change.get("method") == 93 and sys.version_info >= (3, 14):
        pytest.skip("this Python has the method")
    path = patched(tmp_path / "my a.zip", **change)
    with pytest.raises(ValueError, match=re.escape(told)) as caught:
        archives.unpack(path, tmp_path / "out")
    message = str(caught.value)
    assert "need not be broken" in message and "a broken one" not in message
    remedy = "parts" if "disk" in change else '7-Zip or `7z x -oFOLDER "my a.zip"`'
    assert remedy in message and "give the unpacked folder instead" in message


def test_what_python_cannot_unpack_does_not_matter_where_it_is_not_wanted(tmp_path):
    path = patched(tmp_path / "a.zip", method=9)
    archives.unpack(path, tmp_path / "out", wanted=lambda entry: entry.name == "readme.txt")
    assert everything(tmp_path / "out") == ["readme.txt"]


BEGINNINGS = {
    "a.7z": (b"7z\xbc\xaf\x27\x1c", "a 7z archive.*`7z x -oFOLDER a.7z`"),
    "b.zip": (b"7z\xbc\xaf\x27\x1c", "a 7z archive.*`7z x -oFOLDER b.zip`"),
    "a.rar": (b"Rar!\x1a\x07\x01\0", "a RAR archive.*7-Zip"),
    "c.zip": (b"Rar!\x1a\x07\0", "a RAR archive.*7-Zip"),
    "a.part1.rar": (b"Rar!\x1a\x07\0", "a RAR archive.*all its parts"),
    "a.tar.zst": (b"\x28\xb5\x2f\xfd", "zstd.*`tar -xf a.tar.zst -C FOLDER`"),
    "a.zip.001": (b"PK\3\4", "a part of a split archive.*all its parts"),
    "a.zip.002": (b"xPK\5\6", "a part of a split archive.*all its parts"),
    "a.7z.001": (b"7z\xbc\xaf\x27\x1c", "a 7z archive.*all its parts"),
    "a.z01": (b"PK\7\x08", "a part of a split archive.*all its parts"),
    "a.z02": (b"x", "a part of a split archive.*all its parts"),
}


@pytest.mark.parametrize(("name", "start", "told"), [(name, *rest) for name, rest in BEGINNINGS.items()])
def test_other_archives_are_named_by_their_contents_and_not_called_broken(tmp_path, name, start, told):
    (tmp_path / name).write_bytes(start + bytes(99))
    with pytest.raises(ValueError, match=told) as caught:
        archives.unpack(tmp_path / name, tmp_path / "out")
    assert "need not be broken" in str(caught.value) and archives.is_archive(tmp_path / name)


def test_a_zip_that_is_cut_short_or_a_web_page_is_said_to_be(tmp_path):
    data = write_zip(tmp_path / "a.zip", GOOD).read_bytes()
    (tmp_path / "a.zip").write_bytes(data[:-30])
    (tmp_path / "b.zip").write_bytes(b"<!doctype html><title>Log in</title>")
    for name, told in (
        ("a.zip", "broken.*its end is missing.*download it again"),
        ("b.zip", "a web page 'Log in'"),
    ):
        with pytest.raises(ValueError, match=told):
            archives.unpack(tmp_path / name, tmp_path / "out")


def test_a_whole_zip_may_be_the_only_part(tmp_path):
    archives.unpack(write_zip(tmp_path / "a.zip.001", GOOD), tmp_path / "out")
    assert everything(tmp_path / "out") == sorted(GOOD)


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
