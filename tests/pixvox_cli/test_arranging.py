"""Folders and archives of pictures, as people have them, become the course's layouts."""

import os

import pytest
from support.picture_trees import everything, packed, people, pet_images, pets, picture, put

from pixvox.datasets import fashion_mnist
from pixvox_cli.arranging import arrange, arrange_cats_dogs, arrange_faces

# Cats and dogs.

NAMES = sorted(f"{name}.{number}.jpg" for name in ("cat", "dog") for number in range(4))
LAYOUTS = {
    "PetImages": pet_images(),
    "Kaggle's train.zip": pets(),
    "no folder": pets(form="{name}.{number}.jpg"),
    "deep": pets(form="a/b/train/{name}.{number}.JPG"),
    "with Kaggle's test pictures": pets() | {"test1/7.jpg": picture(1), "train/._cat.0.jpg": b"mac"},
}


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts_become_this_one(tmp_path, layout, kind):
    source = put(tmp_path / "mine", layout)
    before = everything(source)
    if kind == "zip":
        source = packed(tmp_path / "mine.zip", layout)
    arrange_cats_dogs(source, tmp_path / "made", tmp_path / "work")
    assert everything(tmp_path / "made") == NAMES and everything(tmp_path / "mine") == before
    assert (tmp_path / "made" / "dog.2.jpg").read_bytes() == picture(25, kind="JPEG")


def test_kaggle_s_zip_of_zips(tmp_path):
    inner = packed(tmp_path / "train.zip", pets()).read_bytes()
    test1 = packed(tmp_path / "test1.zip", {"test1/1.jpg": picture(1)}).read_bytes()
    outer = {"train.zip": inner, "test1.zip": test1, "sampleSubmission.csv": b"id,label"}
    source = packed(tmp_path / "dogs-vs-cats.zip", outer)
    arrange_cats_dogs(source, tmp_path / "made", tmp_path / "work")
    assert everything(tmp_path / "made") == NAMES


def test_broken_and_empty_pictures_are_kept_out_and_named(tmp_path, capsys):
    arrange_cats_dogs(put(tmp_path / "mine", pet_images()), tmp_path / "made", tmp_path / "work")
    out = capsys.readouterr().out
    assert "cat.666.jpg" in out and "dog.11702.jpg" in out
    assert everything(tmp_path / "made") == NAMES


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_pictures_of_other_names_and_kinds_are_kept_out_and_named(tmp_path, capsys, kind):
    others = ["train/cat.007.jpg", "train/dog.9.webp", "train/sheet.png"]
    hidden = ["__MACOSX/train/cat.9.jpg", "train/._cat.9.jpg", "train/desktop.ini", "train/Thumbs.db"]
    tree = pets() | dict.fromkeys(others + hidden, picture(1))
    source = put(tmp_path / "mine", tree) if kind == "folder" else packed(tmp_path / "mine.zip", tree)
    arrange_cats_dogs(source, tmp_path / "made", tmp_path / "work")
    assert everything(tmp_path / "made") == NAMES
    out = capsys.readouterr().out
    assert f"  3 files are not cat.0.jpg, Cat/0.jpg and so on: kept out: {', '.join(others)}.\n" in out
    assert not any(name in out for name in hidden)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_what_is_no_file_is_kept_out_and_named(tmp_path, capsys):
    cats, faces = put(tmp_path / "mine", pets()), put(tmp_path / "faces", people(3))
    (cats / "train" / "cat.8.jpg").mkdir()
    (cats / "train" / "cat.9.jpg").symlink_to("nowhere.jpg")
    os.mkfifo(cats / "train" / "dog.9.jpg")
    os.mkfifo(faces / "Person_00" / "9.png")
    arrange_cats_dogs(cats, tmp_path / "made", tmp_path / "work")
    assert everything(tmp_path / "made") == NAMES
    assert "kept out: train/cat.8.jpg, train/cat.9.jpg, train/dog.9.jpg.\n" in capsys.readouterr().out
    arrange_faces(faces, tmp_path / "people", tmp_path / "work")
    assert everything(tmp_path / "people") == sorted(people(3))
    assert capsys.readouterr().out == (
        "  1 file is not <person>/*.png or <person>/y/*.png: kept out: Person_00/9.png.\n"
    )


def test_a_picture_that_comes_twice_is_refused(tmp_path):
    source = put(tmp_path / "mine", pets() | pet_images())
    with pytest.raises(ValueError, match=r"train/cat\.0\.jpg.*PetImages/Cat/0\.jpg|Cat/0\.jpg.*train/cat"):
        arrange_cats_dogs(source, tmp_path / "made", tmp_path / "work")


@pytest.mark.parametrize("tree", [{"a.txt": b""}, {"7.jpg": picture(1)}, {"train/cat.0.jpg": b"broken"}])
def test_a_source_without_pictures_is_refused(tmp_path, tree):
    with pytest.raises(ValueError, match="mine: expected pictures"):
        arrange_cats_dogs(put(tmp_path / "mine", tree), tmp_path / "made", tmp_path / "work")


def test_a_source_of_another_kind_is_refused(tmp_path):
    (tmp_path / "cats.odt").write_bytes(b"text")
    with pytest.raises(ValueError, match="a zip or a tar archive"):
        arrange_cats_dogs(tmp_path / "cats.odt", tmp_path / "made", tmp_path / "work")


# Faces.


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize("top", ["", "LAGdataset_100/", "a/b/"])
def test_the_archive_may_have_a_folder_round_it(tmp_path, kind, top):
    foreign = {f"{top}readme.txt": b"", f"{top}overview.png": picture(1), "__MACOSX/._x.png": b""}
    tree = people(4, top) | foreign
    source = put(tmp_path / "mine", tree) if kind == "folder" else packed(tmp_path / "LAG.zip", tree)
    arrange_faces(source, tmp_path / "made", tmp_path / "work")
    assert everything(tmp_path / "made") == sorted(people(4))
    if kind == "folder":
        assert everything(source) == sorted(tree)


@pytest.mark.parametrize("tree", [people(4, young=0), people(4, "a/") | people(4, "b/"), {}])
def test_another_layout_is_refused(tmp_path, tree):
    (tmp_path / "mine").mkdir()
    with pytest.raises(ValueError, match="mine: expected one folder with <person>/y/"):
        arrange_faces(put(tmp_path / "mine", tree), tmp_path / "made", tmp_path / "work")


def test_clothes_that_a_browser_unzipped_are_told_what_they_lack(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "train-images-idx3-ubyte").write_bytes(bytes(4))
    names, work = [*fashion_mnist.FILES.values()], tmp_path / "work"
    with pytest.raises(ValueError, match="none. If it is there unzipped, type `gzip train-images-idx3"):
        arrange("fashion-mnist", names, tmp_path / "source", target=tmp_path / "made", work=work)
