"""A reader's own folder: what can be learnt from is taken, all else is named, and nothing wrongly accused."""

import hashlib
import io
import os
import struct
import sys
import zlib

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from support.picture_trees import forbid, picture, put

from pixvox.datasets import images, own_pictures, store
from pixvox_cli import checks

SAMPLE = store.ROOT / "data" / "sample" / "own-pictures"


def saved(mode, size=(6, 8), kind="PNG", seed=0, **settings):
    """Return the bytes of a file of noise in a mode of Pillow's, (height, width)."""
    rng, buffer = np.random.default_rng(seed), io.BytesIO()
    if mode in ("I;16", "I", "F"):
        dtype = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        made = Image.fromarray(rng.integers(0, 65_536, size).astype(dtype))
    else:
        made = Image.fromarray(rng.integers(0, 255, (*size, 3), dtype=np.uint8)).convert(mode)
    made.save(buffer, kind, **settings)
    return buffer.getvalue()


def some(name, count=10, form="{name}/{number:02}.png"):
    """Return {path: bytes} of different pictures of a class."""
    colour = int(hashlib.sha256(name.encode()).hexdigest()[:2], 16)
    return {form.format(name=name, number=number): picture((number, colour, 9)) for number in range(count)}


def remark(folder, *names):
    """Return the remarks that name all of these files and no other."""
    others = {"/".join(path.parts[-2:]) for path in folder.paths} - {*names}
    return [
        text
        for text in folder.remarks
        if all(name in text for name in names) and not any(name in text for name in others)
    ]


@pytest.fixture(autouse=True)
def drawn(course):
    """Write a drawn folder of ten cats and ten dogs, and Monday's two and two; return where they are."""
    home = course / "data" / "sample" / "own-pictures"
    tree = some("cat", form="{name}/IMG_{number}.jpg") | some("dog", form="{name}/IMG_{number}.jpg")
    put(home / "folder", tree)
    rows = [f"{name},{name[:3]},{place},0,{place % 2},1" for place, name in enumerate(reversed([*tree]))]
    text = "\n".join([",".join(own_pictures.TRUTH_COLUMNS), *rows])
    put(home, {"truth.csv": text.encode()})
    monday = {f"{name}/{number}.png": picture(colour) for name, number, colour in MONDAY}
    put(home / "monday", monday | {"cat/.DS_Store": b"x", "dog/Thumbs.db": b"x"})
    return home


MONDAY = [("dog", 1, 200), ("cat", 1, 10), ("cat", 2, 20), ("dog", 2, 210)]


@pytest.fixture
def root(tmp_path):
    return put(tmp_path / "Bilder für später", some("Vögel am See") | some("fish", 12))


# What is taken.


def test_classes_are_folders_and_their_pictures_lie_anywhere_below(root, capsys):
    put(root, some("fish", 3, "{name}/in here/and here/{number}.PNG"))
    (root / "fish" / "a folder.jpg").mkdir()
    put(root, {"fish/a folder.jpg/inside.jpg": picture(77)})
    (root / "empty").mkdir()
    folder = own_pictures.open_folder(str(root))
    assert folder.root == root and folder.class_names == ("Vögel am See", "fish") and folder.truth is None
    assert folder.labels.dtype == np.int64 and np.bincount(folder.labels).tolist() == [10, 16]
    for path, label in zip(folder.paths, folder.labels, strict=True):
        assert path.is_file() and path.relative_to(root).parts[0] == folder.class_names[label]
    assert len(folder.facts) == 26 and list(folder.facts.columns) == list(own_pictures.FACTS)
    assert capsys.readouterr().out.count("\n") == 1
    assert store.used() == {}  # the reader's own are not those of the course


def test_what_files_say_of_themselves(root):
    content = saved("RGB", (30, 20), "JPEG")
    put(root, {"fish/a.jpg": content, "fish/b.png": saved("I;16"), "fish/text.jpg": b"hello"})
    folder = own_pictures.open_folder(root)
    facts = folder.facts.set_index([[path.name for path in folder.paths]])
    assert facts.loc["a.jpg"].tolist() == [
        *("RGB", 8, False, False, False, False, 30, 20),
        *(len(content), hashlib.sha256(content).hexdigest()),
    ]
    assert facts.loc["b.png", "bits"] == 16
    dtypes = facts.dtypes  # whole numbers and booleans, although one could not be read
    assert all(pd.api.types.is_integer_dtype(dtypes[name]) for name in ("bits", "height", "width", "bytes"))
    assert all(
        pd.api.types.is_bool_dtype(dtypes[name]) for name in ("turned", "transparent", "several", "profile")
    )


def test_the_home_folder_is_found(root, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(root.parent))
    assert own_pictures.open_folder(f"~/{root.name}").root == root


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_class_may_be_a_link_and_links_that_go_round_or_nowhere_do_no_harm(root, tmp_path, capsys):
    elsewhere = put(tmp_path / "elsewhere", some("owl"))
    (root / "owl").symlink_to(elsewhere / "owl")
    (root / "fish" / "round").symlink_to(root)
    (root / "fish" / "nowhere.jpg").symlink_to("gone.jpg")
    (root / "fish" / "itself.jpg").symlink_to("itself.jpg")
    os.mkfifo(root / "fish" / "pipe.jpg")
    folder = own_pictures.open_folder(root)
    assert np.bincount(folder.labels).tolist() == [10, 12, 10] and folder.class_names[2] == "owl"
    out = capsys.readouterr().out
    assert all(f"fish/{name}.jpg" in out for name in ("nowhere", "itself", "pipe"))
    assert "1 folder is not looked into: left out" in out and f"{root / 'fish' / 'round'} (a link)" in out


@pytest.mark.parametrize("names", [("test", "control"), ("bus", "train"), ("Val", "Carlo")])
def test_a_class_may_be_called_as_a_part_is(tmp_path, names):
    put(tmp_path / "a", some(names[0]) | some(names[1]))
    assert {*own_pictures.open_folder(tmp_path / "a").class_names} == {*names}


def test_of_very_many_some_are_taken_the_same_each_time(root, monkeypatch, capsys):
    put(root, some("fish", 40) | some("Vögel am See", 60))
    monkeypatch.setattr(own_pictures, "MOST", 50)
    first, second = (own_pictures.open_folder(root) for _ in range(2))
    assert len(first.paths) == 50 and first.paths == second.paths == sorted(first.paths)
    assert "50 of 100" in capsys.readouterr().out


# What is left out, and said.


def test_what_cannot_be_read_is_left_out_with_its_reason(root, capsys):
    whole = saved("RGB", (40, 40), "JPEG")
    broken = {"empty.png": b"", "text.jpg": b"hello", "cut.jpg": whole[: len(whole) // 2]}
    put(root, {f"fish/{name}": content for name, content in broken.items()})
    assert len(own_pictures.open_folder(root).paths) == 22
    line = next(line for line in capsys.readouterr().out.splitlines() if "fish/empty.png (empty)" in line)
    assert line.startswith("3 files") and "fish/text.jpg (no JPEG" in line and "truncated" in line


@pytest.mark.parametrize(("limit", "pixels"), [(images, "MOST_PIXELS"), (Image, "MAX_IMAGE_PIXELS")])
def test_a_bomb_is_left_out_without_a_warning(root, capsys, monkeypatch, recwarn, limit, pixels):
    put(root, {"fish/bomb.png": picture(1, (150, 100)), "fish/bomb2.png": picture(1, (150, 200))})
    monkeypatch.setattr(limit, pixels, 14_000)
    own_pictures.open_folder(root)
    assert "fish/bomb2.png (" in capsys.readouterr().out and not recwarn


@pytest.mark.parametrize("suffix", ["tif", "gif"])
def test_no_damage_raises_an_error(root, suffix):
    kind, more = {"tif": "TIFF", "gif": "GIF"}[suffix], [Image.new("1", (20, 20), 1)]
    content = saved("1", (20, 20), kind, save_all=True, append_images=more)
    rng = np.random.default_rng(0)
    for number in range(150):
        damaged = np.frombuffer(content, np.uint8).copy()
        damaged[rng.integers(0, min(120, len(damaged)), 4)] = rng.integers(0, 256, 4)
        cut = content[: len(content) // 2 - 75 + number]  # where the second picture begins
        put(root, {f"fish/{number}.{suffix}": damaged.tobytes(), f"fish/cut {number}.{suffix}": cut})
    assert len(own_pictures.open_folder(root).paths) >= 22


def test_what_systems_hide_is_passed_over_and_other_files_are_named(root, capsys):
    hidden = ("fish/.DS_Store", "fish/._00.png", "__MACOSX/fish/00.png", ".cache/x.png", ".git/HEAD")
    foreign = ("fish/Thumbs.db", "desktop.ini", "fish/IMG_1.HEIC", "fish/notes")
    put(root, dict.fromkeys([*hidden, *foreign], b"x") | {"cover.jpg": picture(3)})
    assert len(own_pictures.open_folder(root).paths) == 22
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "4 files" in lines[0] and all(name in lines[0] for name in foreign) and "JPEG" in lines[0]
    assert lines[1].startswith("1 file lies") and "cover.jpg" in lines[1]


def test_a_folder_called_as_a_picture_and_what_may_not_be_read_are_named(root, capsys, monkeypatch):
    (root / "fish" / "folder.jpg").mkdir()
    put(root, {"fish/closed.png": picture(7)})
    forbid(monkeypatch, "closed.png")
    assert len(own_pictures.open_folder(root).paths) == 22
    line = next(line for line in capsys.readouterr().out.splitlines() if "cannot be read" in line)
    assert line.startswith("2 files") and "fish/folder.jpg (a folder)" in line
    assert "fish/closed.png (Permission denied)" in line


def test_thumbnails_that_systems_keep_beside_pictures_are_no_pictures(root):
    thumbs = ("fish/@eaDir/00.png/SYNOPHOTO_THUMB_M.jpg", "$RECYCLE.BIN/x.jpg", "fish/.thumbnails/a.jpg")
    put(root, dict.fromkeys(thumbs, picture(77)))
    folder = own_pictures.open_folder(root)
    assert len(folder.paths) == 22 and len(folder.class_names) == 2


def test_small_classes_are_left_out_and_copies_do_not_count(root, capsys):
    put(root, some("one", 1) | some("nine", 9) | {f"copies/{n}.png": picture(5) for n in range(12)})
    put(root, {f"broken/{n}.png": b"" for n in range(12)} | {"one/fish.png": some("fish")["fish/00.png"]})
    folder = own_pictures.open_folder(root)
    assert folder.class_names == ("Vögel am See", "fish") and len(folder.paths) == 22
    assert folder.remarks == []  # what is left out is not held against what is taken
    out = capsys.readouterr().out
    assert all(few in out for few in ("one (2)", "nine (9)", "copies (1)", "broken (0)"))


def test_folders_that_may_not_be_opened_are_named(root, monkeypatch, capsys):
    put(root, {"fish/closed/a.png": picture(1)})
    scandir = os.scandir

    def scan(path):
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)
    assert len(own_pictures.open_folder(root).paths) == 22
    assert str(root / "fish" / "closed") in capsys.readouterr().out


# What is odd.


def turned(way):
    exif = Image.Exif()
    exif[0x0112] = way
    return {"kind": "JPEG", "exif": exif}


ODD = {  # a mode, how it is saved, and the column in which it shows; None: nothing is odd
    "16.png": ("I;16", {}, "bits"),
    "16.tiff": ("I;16", {"kind": "TIFF"}, "bits"),
    "32.tif": ("I", {"kind": "TIFF"}, "bits"),
    "fraction.tif": ("F", {"kind": "TIFF"}, "bits"),
    "print.jpg": ("CMYK", {"kind": "JPEG"}, "mode"),
    "clear.png": ("P", {"transparency": bytes(range(256))}, "transparent"),
    "side.JPG": ("RGB", turned(6), "turned"),
    "mirror.jpeg": ("RGB", turned(2), "turned"),
    "wide.jpg": ("RGB", {"kind": "JPEG", "icc_profile": b"Display P3"}, "profile"),
    "grey paper.png": ("L", {"icc_profile": "Dot Gain 20%".encode("utf-16-be")}, "profile"),
    "usual.jpg": ("RGB", {"kind": "JPEG", "icc_profile": b"sRGB IEC61966-2.1"}, None),
    "usual, newer.png": ("RGB", {"icc_profile": "sRGB".encode("utf-16-be")}, None),
    "upright.jpg": ("RGB", turned(1), None),
    "opaque.png": ("RGBA", {}, None),
    "grey alpha.png": ("LA", {}, None),
    "palette.png": ("P", {}, None),
    "black and white.png": ("1", {}, None),
    "still.gif": ("P", {"kind": "GIF"}, None),
    "still.WEBP": ("RGB", {"kind": "WEBP"}, None),
    "web.jfif": ("RGB", {"kind": "JPEG"}, None),
}


@pytest.mark.parametrize(("name", "given"), ODD.items(), ids=ODD)
def test_what_is_odd_is_remarked_and_nothing_else(root, name, given, recwarn):
    mode, settings, column = given
    put(root, {f"fish/{name}": saved(mode, **settings)})
    folder = own_pictures.open_folder(root)
    assert len(folder.paths) == 23, "it can be read"
    assert len(folder.remarks) == len(remark(folder, f"fish/{name}")) == (column is not None)
    if column:
        row = [path.name for path in folder.paths].index(name)
        usual = folder.facts[column].drop(row)
        assert usual.nunique() == 1 and folder.facts.loc[row, column] != usual.iloc[0]
    assert not recwarn


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF", "MPO"])
def test_of_several_pictures_in_a_file_the_first_counts(root, kind):
    frames = [Image.new("RGB", (8, 8), (grey,) * 3) for grey in (0, 90, 250)]
    frames[0].save(buffer := io.BytesIO(), kind, save_all=True, append_images=frames[1:])
    name = {"MPO": "telephone.jpg"}.get(kind, f"a.{kind.lower()}")
    put(root, {f"fish/{name}": buffer.getvalue()})
    folder = own_pictures.open_folder(root)
    assert (
        len(folder.remarks) == len(remark(folder, f"fish/{name}")) == 1 and folder.facts["several"].sum() == 1
    )


def test_copies_are_told_from_copies_in_another_class(root):
    fish, birds = (sorted((root / name).iterdir()) for name in ("fish", "Vögel am See"))
    put(root, {"fish/again.png": fish[0].read_bytes(), "Vögel am See/wrong.png": fish[1].read_bytes()})
    folder = own_pictures.open_folder(root)
    assert len(birds) == 10 and len(folder.remarks) == 2
    assert remark(folder, "fish/00.png", "fish/again.png")
    (across,) = remark(folder, "fish/01.png", "Vögel am See/wrong.png")
    assert across not in remark(folder, "fish/00.png", "fish/again.png")


# What nothing can be learnt from.


def nothing(folder, capsys):
    """Check that the drawn folder was taken, and return the lines before that."""
    assert folder.truth is not None and folder.class_names == ("cat", "dog")
    lines = capsys.readouterr().out.splitlines()
    assert all(lines) and lines[-1].startswith("20 pictures") and "drawn folder" in lines[-2]
    return lines[:-2]


@pytest.mark.parametrize(
    ("tree", "told"),
    [
        ({}, "a folder of pictures for each class"),
        (some("", form="{number}.png"), "a folder of pictures for each class"),
        (some("only"), "got only"),
        (some("up/a") | some("up/b"), "name {root}/up"),
        (
            some("Train/a") | some("Train/b") | some("Validation/a") | some("Validation/b"),
            "name {root}/Train",
        ),
        (some("test_set/a") | some("training_set/a"), "name {root}/training_set"),
        (some("a") | some("b", 9), "two classes of 10"),
        ({f"{name}/{n}.png": b"" for name in "ab" for n in range(12)}, "two classes of 10"),
        ({f"{name}/{n}.heic": b"x" for name in "ab" for n in range(12)}, "a folder of pictures for each"),
    ],
)
def test_a_folder_that_teaches_nothing_is_told_what_it_lacks(tree, told, tmp_path, capsys):
    root = put(tmp_path / "mine", tree)
    root.mkdir(exist_ok=True)
    lines = nothing(own_pictures.open_folder(root), capsys)
    assert lines[-1].startswith(f"{root}: expected")
    assert told.format(root=root.as_posix()) in lines[-1].replace("\\", "/")


@pytest.mark.parametrize("path", ["gone", "a\0b", "x" * 3000, "~nobody-of-that-name/x", 5, ["a"]])
def test_a_path_that_leads_nowhere_is_named(path, capsys):
    (line,) = nothing(own_pictures.open_folder(path), capsys)
    assert str(path).replace("\0", "")[:5] in line.replace("\0", "")


def test_a_file_is_no_folder_and_one_may_not_be_opened(root, monkeypatch, capsys):
    (line,) = nothing(own_pictures.open_folder(root / "fish" / "00.png"), capsys)
    assert "00.png: expected a folder, there is a file" in line

    def forbid(path):
        raise PermissionError(13, "Permission denied", str(path))

    opened = own_pictures.Path.iterdir
    iterdir = lambda path: forbid(path) if path == root else opened(path)  # noqa: E731
    monkeypatch.setattr(own_pictures.Path, "iterdir", iterdir)
    (line,) = nothing(own_pictures.open_folder(root), capsys)
    assert "Permission denied" in line and root.name in line


def test_what_is_odd_is_told_even_if_too_little_is_left(tmp_path, capsys):
    root = put(tmp_path / "mine", some("a") | some("b", 8) | {"b/grey.png": saved("I;16")})
    lines = nothing(own_pictures.open_folder(root), capsys)
    assert any(line.startswith("1 file has") and "b/grey.png" in line for line in lines)


# The drawn folder.


@pytest.mark.parametrize("profile", ["sample", "full"])
@pytest.mark.parametrize("path", [None, ""])
def test_without_a_path_it_is_the_drawn_folder_and_its_truth(drawn, monkeypatch, profile, path, capsys):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    folder = own_pictures.open_folder(path)
    assert capsys.readouterr().out.count("\n") == 1
    assert folder.root == drawn / "folder" and tuple(folder.truth) == own_pictures.TRUTH_COLUMNS
    names = [path.relative_to(folder.root).as_posix() for path in folder.paths]
    assert folder.truth["file"].tolist() == names
    for row in folder.truth.itertuples():
        assert row.animal == row.file[:3] and bool(row.sixteen_bit) == row.original % 2 and row.shortcut
    assert {*store.used()} == {"own-pictures/folder", "own-pictures/truth.csv"}


@pytest.mark.parametrize("break_it", ["lose", "add", "empty", "columns"])
def test_a_drawn_folder_that_is_another_is_refused_and_the_command_named(drawn, break_it):
    if break_it == "lose":
        (drawn / "folder" / "cat" / "IMG_3.jpg").unlink()
    elif break_it == "add":
        put(drawn, {"folder/dog/mine.jpg": picture(250)})
    else:
        text = b"" if break_it == "empty" else b"file,label\ncat/IMG_1.jpg,0\n"
        put(drawn, {"truth.csv": text})
    with pytest.raises(ValueError, match="`pixvox sketch own-pictures`"):
        own_pictures.open_folder()


def test_a_drawn_folder_that_is_not_there_names_the_command(drawn):
    for name in ("folder", "monday", "truth.csv"):
        (drawn / name).rename(drawn / "away")
        with pytest.raises(FileNotFoundError, match="`pixvox sketch own-pictures`"):
            own_pictures.list_monday() if name == "monday" else own_pictures.open_folder()
        (drawn / "away").rename(drawn / name)


def test_monday_s_pictures_are_those_of_the_sample_in_order(drawn, monkeypatch, capsys):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    paths, labels = own_pictures.list_monday()
    shown = [int(np.asarray(Image.open(path))[0, 0, 0]) for path in paths]
    assert shown == [10, 20, 200, 210] and labels.tolist() == [0, 0, 1, 1] and labels.dtype == np.int64
    assert {*store.used()} == {"own-pictures/monday"} and not capsys.readouterr().out


def test_a_clone_below_a_hidden_folder_has_its_pictures(drawn, monkeypatch):
    hidden = store.ROOT / ".local" / "course"
    hidden.mkdir(parents=True)
    (store.ROOT / "data").rename(hidden / "data")
    monkeypatch.setattr(store, "ROOT", hidden)
    assert len(own_pictures.list_monday()[0]) == 4
    assert checks.check("own-pictures", hidden / "data" / "sample" / "own-pictures").startswith("20 pictures")


@pytest.mark.parametrize("row", [",cat,0,0,1,0", "cat/1.jpg,cat,1,0,1,0"])
def test_a_row_of_the_truth_has_a_file_of_its_own(tmp_path, row):
    text = "\n".join([",".join(own_pictures.TRUTH_COLUMNS), "cat/1.jpg,cat,1,0,1,0", row])
    (tmp_path / "truth.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="truth.csv: expected rows of .*, each file once"):
        own_pictures.read_truth(tmp_path / "truth.csv")


def test_a_damaged_colour_profile_is_none(root):
    path = root / "fish" / "profile.png"
    data, chunk = picture(7), b"iCCPname\0\0not packed"
    packed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    path.write_bytes(data[:33] + packed + data[33:])  # behind the header
    assert own_pictures._inspect(path)["profile"] is False


def test_monday_needs_both_kinds(drawn):
    for path in (drawn / "monday" / "dog").glob("*.png"):
        path.unlink()
    with pytest.raises(ValueError, match="`pixvox sketch own-pictures`"):
        own_pictures.list_monday()
