import io
import stat
import tarfile
import tracemalloc
import zipfile

import pytest

from pixvox_cli import archives


def write_zip(path, entries):
    """Write a zip of {name: bytes}; names may be whatever is wished."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name) if isinstance(name, str) else name
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def write_tar(path, entries, mode="w:gz"):
    """Write a tar of {name or TarInfo: bytes}."""
    with tarfile.open(path, mode) as archive:
        for name, data in entries.items():
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


WRITERS = {"data.zip": write_zip, "data.tar.gz": write_tar}
BOTH = pytest.mark.parametrize("name", WRITERS)
GOOD = {"top/a.txt": b"first", "top/inner/b.txt": b"second", "c.txt": b""}


def everything(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@BOTH
def test_unpack_writes_all_files(tmp_path, name):
    archive = WRITERS[name](tmp_path / name, GOOD)
    paths = archives.unpack(archive, tmp_path / "out")
    assert {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in paths} == GOOD


@BOTH
def test_unpack_can_leave_files_packed(tmp_path, name):
    archive = WRITERS[name](tmp_path / name, GOOD)
    archives.unpack(archive, tmp_path / "out", wanted=lambda path: path.name == "b.txt")
    assert everything(tmp_path / "out") == {"top/inner/b.txt"}


def test_the_kind_is_seen_from_the_contents_not_the_name(tmp_path):
    archive = write_tar(
        tmp_path / "x.tar", {"inner.zip": write_zip(tmp_path / "i.zip", GOOD).read_bytes()}, "w"
    )
    archives.unpack(archive.rename(tmp_path / "x.zip"), tmp_path / "out")
    assert everything(tmp_path / "out") == {"inner.zip"}


def test_folders_in_archives_are_no_files(tmp_path):
    folder = tarfile.TarInfo("./")
    folder.type = tarfile.DIRTYPE
    assert archives.unpack(write_tar(tmp_path / "a.tar.gz", {folder: b""}), tmp_path / "out") == []
    assert archives.unpack(write_zip(tmp_path / "a.zip", {"inner/": b""}), tmp_path / "out") == []


OUTSIDE = [
    "../evil.txt",
    "top/../../evil.txt",
    "/evil.txt",
    "..\\evil.txt",
    "C:\\evil.txt",
    "C:evil.txt",
    ".",
    "top/.. /evil.txt",
    "...",
]


@BOTH
@pytest.mark.parametrize("entry", OUTSIDE)
def test_entries_that_would_land_outside_are_refused_before_anything_is_written(tmp_path, name, entry):
    archive = WRITERS[name](tmp_path / name, {"good.txt": b"x", entry: b"evil"})
    before = everything(tmp_path)
    with pytest.raises(ValueError, match="refused.*outside the folder"):
        archives.unpack(archive, tmp_path / "deep" / "out", wanted=lambda path: path.name == "good.txt")
    assert everything(tmp_path) == before
    assert not (tmp_path / "deep").exists()


def link(kind, target):
    info = tarfile.TarInfo("link")
    info.type, info.linkname = kind, target
    return info


SPECIAL = [
    link(tarfile.SYMTYPE, "/etc"),
    link(tarfile.SYMTYPE, "good.txt"),
    link(tarfile.LNKTYPE, "../x"),
    link(tarfile.FIFOTYPE, ""),
    link(tarfile.CHRTYPE, ""),
]


@pytest.mark.parametrize("info", SPECIAL)
def test_links_and_devices_in_a_tar_are_refused(tmp_path, info):
    archive = write_tar(tmp_path / "a.tar.gz", {"good.txt": b"x", info: b""})
    with pytest.raises(ValueError, match="refused, the entry 'link' is a link or device"):
        archives.unpack(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_links_in_a_zip_are_refused(tmp_path):
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(ValueError, match="'link' is a link or device"):
        archives.unpack(write_zip(tmp_path / "a.zip", {info: b"/etc"}), tmp_path / "out")


def test_a_locked_zip_is_refused(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"a.txt": b"secret"})
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1  # the flag "encrypted" of the entry in the directory
    archive.write_bytes(data)
    with pytest.raises(ValueError, match="'a.txt' is a locked file"):
        archives.unpack(archive, tmp_path / "out")


@BOTH
def test_a_bomb_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr(archives, "RATIO_MATTERS", 10**6)
    archive = WRITERS[name](tmp_path / name, {"zeros.bin": bytes(4 * 10**6)})
    with pytest.raises(ValueError, match="more than is believable"):
        archives.unpack(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@BOTH
def test_too_many_entries_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    with pytest.raises(ValueError, match="more than is believable"):
        archives.unpack(WRITERS[name](tmp_path / name, GOOD), tmp_path / "out")


@BOTH
def test_more_than_the_caller_allows_is_refused(tmp_path, name):
    archive = WRITERS[name](tmp_path / name, GOOD)
    with pytest.raises(ValueError, match="at most 10 bytes unpacked, came 11"):
        archives.unpack(archive, tmp_path / "out", max_bytes=10)
    assert len(archives.unpack(archive, tmp_path / "out", max_bytes=11)) == 3


@pytest.mark.parametrize("declared, words", [(3, "holds more than it declares"), (9, "4 bytes short")])
def test_an_entry_that_lies_about_its_size_is_refused(tmp_path, declared, words):
    lying = archives._Member("a.txt", declared, "file", lambda: io.BytesIO(b"12345"))
    with pytest.raises(ValueError, match=words):
        archives._write(lying, tmp_path / "a.txt", tmp_path / "a.zip")
    assert (tmp_path / "a.txt").stat().st_size <= 5


def test_a_file_that_comes_twice_is_refused(tmp_path):
    archive = tmp_path / "a.tar"
    with tarfile.open(archive, "w") as opened:
        for name in ("a.txt", "A.txt"):
            opened.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(ValueError, match="'A.txt' comes twice"):
        archives.unpack(archive, tmp_path / "out")


@BOTH
@pytest.mark.parametrize("share", [0.0, 0.5, 0.98])
def test_half_an_archive_is_refused(tmp_path, name, share):
    archive = WRITERS[name](
        tmp_path / name, {f"{number}.txt": bytes([number]) * 5000 for number in range(50)}
    )
    data = archive.read_bytes()
    archive.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ValueError, match="expected a whole zip or tar archive"):
        archives.unpack(archive, tmp_path / "out")


def test_a_flipped_bit_is_noticed(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"a.txt": b"0123456789" * 5})
    data = bytearray(archive.read_bytes())
    data[40] ^= 4
    archive.write_bytes(data)
    with pytest.raises(ValueError, match="expected a whole zip"):
        archives.unpack(archive, tmp_path / "out")


def test_is_archive():
    assert all(
        archives.is_archive(name) for name in ("a.zip", "a.ZIP", "a.tar", "a.tgz", "a.tar.gz", "a.tar.xz")
    )
    assert not any(
        archives.is_archive(name) for name in ("a.npz", "a.gz", "zip", "a.zip.txt", "idx-ubyte.gz")
    )


def make_source(tmp_path, kind, entries):
    if kind in WRITERS:
        return WRITERS[kind](tmp_path / kind, entries)
    for name, data in entries.items():
        path = tmp_path / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / kind


SOURCES = pytest.mark.parametrize("kind", [*WRITERS, "folder"])


@SOURCES
def test_collect_finds_files_at_any_depth(tmp_path, kind):
    source = make_source(tmp_path, kind, GOOD)
    (tmp_path / "out").mkdir()
    archives.collect(source, ["a.txt", "b.txt"], tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"first"
    assert (tmp_path / "out" / "b.txt").read_bytes() == b"second"


@SOURCES
def test_collect_names_what_it_does_not_find_or_finds_twice(tmp_path, kind):
    source = make_source(tmp_path, kind, GOOD | {"other/a.txt": b"again"})
    (tmp_path / "out").mkdir()
    with pytest.raises(ValueError, match="expected one file d.txt, came none"):
        archives.collect(source, ["c.txt", "d.txt"], tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / "old")
    (tmp_path / "out").mkdir()
    with pytest.raises(ValueError, match=r"expected one file a.txt, came .*a\.txt, .*a\.txt"):
        archives.collect(source, ["a.txt"], tmp_path / "out")


def test_collect_takes_a_single_file_whatever_it_is_called(tmp_path):
    (tmp_path / "my-digits.npz").write_bytes(b"digits")
    (tmp_path / "out").mkdir()
    archives.collect(tmp_path / "my-digits.npz", ["mnist.npz"], tmp_path / "out")
    assert (tmp_path / "out" / "mnist.npz").read_bytes() == b"digits"
    with pytest.raises(ValueError, match="expected one file a.gz, came none"):
        archives.collect(tmp_path / "my-digits.npz", ["a.gz", "b.gz"], tmp_path / "out")
    with pytest.raises(FileNotFoundError, match="expected an archive, a folder or a file"):
        archives.collect(tmp_path / "nowhere", ["mnist.npz"], tmp_path / "out")


def long_name(kind, size):
    """Return a tar header of a long name, a long link or attributes that are zeros, `size` bytes of them."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = kind, size
    return header


LONG = [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("kind", LONG)
def test_headers_that_would_fill_the_memory_are_refused(tmp_path, kind, first):
    entries = {long_name(kind, 0): bytes(30 * 10**6), "a.txt": b"x"}
    archive = write_tar(tmp_path / "a.tar.gz", entries if first else {"b.txt": b"x"} | entries)
    tracemalloc.start()
    with pytest.raises(ValueError, match="(?s)a.tar.gz: expected a whole .*larger than is believable"):
        archives.unpack(archive, tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * 10**6 and not (tmp_path / "out").exists()


def test_sparse_files_are_refused(tmp_path):
    sparse = tarfile.TarInfo("a.txt")
    sparse.type = tarfile.GNUTYPE_SPARSE
    attributes = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "a.txt"}
    mapped = tarfile.TarInfo("a.txt")
    mapped.pax_headers = attributes
    for info in (sparse, mapped):
        archive = write_tar(tmp_path / "a.tar.gz", {info: b"3\n" * 2000})
        with pytest.raises(ValueError, match="larger than is believable"):
            archives.unpack(archive, tmp_path / "out")


def test_a_chain_of_headers_is_refused(tmp_path):
    chain = {long_name(tarfile.GNUTYPE_LONGNAME, 0): b"name\0" for _ in range(3000)}
    with pytest.raises(ValueError, match="expected a whole zip or tar archive"):
        archives.unpack(write_tar(tmp_path / "a.tar.gz", chain | {"a.txt": b""}), tmp_path / "out")


def test_long_names_are_read(tmp_path):
    name = "folder/" * 40 + "ä.txt"
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        with tarfile.open(tmp_path / "a.tar", "w", format=form) as archive:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
        assert archives.unpack(tmp_path / "a.tar", tmp_path / "out") == [tmp_path / "out" / name]


SAME = [("ä.jpg", "a\u0308.jpg"), ("straße.jpg", "STRASSE.jpg"), ("a/b.jpg", "a./b.jpg"), ("a.jpg", "a.jpg ")]


@BOTH
@pytest.mark.parametrize("pair", SAME)
def test_names_that_some_file_system_takes_for_the_same_are_refused(tmp_path, name, pair):
    archive = WRITERS[name](tmp_path / name, dict.fromkeys(pair, b""))
    with pytest.raises(ValueError, match="refused, the entry .* comes twice"):
        archives.unpack(archive, tmp_path / "out")


@BOTH
@pytest.mark.parametrize("pair", [("a.jpg", "a.jpg/b.jpg"), ("A.jpg/x/b.jpg", "a.jpg")])
def test_a_file_in_another_file_is_refused(tmp_path, name, pair):
    archive = WRITERS[name](tmp_path / name, dict.fromkeys(pair, b""))
    with pytest.raises(ValueError, match="refused, the entry 'a.jpg/.*b.jpg' lies in another file"):
        archives.unpack(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@BOTH
@pytest.mark.parametrize("entry", ["con", "AUX.jpg", "nul.tar.gz", "lpt1/a.jpg", "com1 .txt"])
def test_names_of_devices_are_refused(tmp_path, name, entry):
    archive = WRITERS[name](tmp_path / name, {entry: b""})
    with pytest.raises(ValueError, match="a name that Windows keeps for a device"):
        archives.unpack(archive, tmp_path / "out")


@BOTH
def test_ordinary_names_that_look_alike_are_kept(tmp_path, name):
    entries = dict.fromkeys(["Jr./1.jpg", "console.jpg", "com10/a.jpg", ".hidden", "a.b", "a/b"], b"x")
    archives.unpack(WRITERS[name](tmp_path / name, entries), tmp_path / "out")
    assert everything(tmp_path / "out") == set(entries)
