import numpy as np
import pytest
from support.picture_trees import everything, packed, pet_images, pets, picture, put

from pixvox.datasets import cats_dogs as dogs_vs_cats
from pixvox.datasets import store
from pixvox.datasets.cats_dogs import load_dogs_vs_cats
from pixvox_cli.arranging import arrange_cats_dogs


@pytest.fixture(autouse=True)
def train(tmp_path, monkeypatch):
    """Return the sample's folder of pictures, not there yet."""
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)
    return tmp_path / "data" / "sample" / "dogs-vs-cats" / "train"


def greys(part):
    return part[0].mean(axis=(1, 2, 3)).round().astype(int).tolist()


def test_three_parts_in_order_of_the_numbers(train):
    put(train, pets(12, "{name}.{number}.jpg"))
    parts = load_dogs_vs_cats(image_size=(6, 4), per_class=(6, 3, 2))
    for (pictures, labels), numbers in zip(parts, (range(6), range(6, 9), range(9, 11)), strict=True):
        assert pictures.shape == (2 * len(numbers), 6, 4, 3) and pictures.dtype == np.uint8
        assert labels.dtype == np.int64 and labels.tolist() == [0, 1] * len(numbers)
        assert greys((pictures, labels)) == [10 * n + 5 * label for n in numbers for label in (0, 1)]


def test_numbers_are_numbers_and_gaps_do_not_matter(train):
    put(train, {f"{name}.{n}.jpg": picture(n, kind="JPEG") for name in ("cat", "dog") for n in (100, 20, 3)})
    put(train, {"cat.007.jpg": b"foreign", "cat.8.png": b"foreign", "Thumbs.db": b"", "cat.x.jpg": b""})
    assert [greys(part)[0] for part in load_dogs_vs_cats(image_size=(4, 4), per_class=(1, 1, 1))] == [
        3,
        20,
        100,
    ]


def test_a_broken_and_an_empty_picture_are_left_out_of_their_part(train, capsys):
    put(train, pets(5, "{name}.{number}.jpg") | {"cat.1.jpg": b"", "dog.3.jpg": b"broken"})
    train_part, validation, test = load_dogs_vs_cats(image_size=(4, 4), per_class=(2, 2, 1))
    assert train_part[1].tolist() == [0, 1, 1] and greys(train_part) == [0, 5, 15]
    assert validation[1].tolist() == [0, 1, 0] and greys(validation) == [20, 25, 30]
    assert greys(test) == [40, 45]
    out = capsys.readouterr().out
    assert "2 of 10 pictures" in out and "cat.1.jpg (empty), dog.3.jpg (no picture)" in out


def test_too_few_pictures_are_an_error(train):
    put(train, pets(4, "{name}.{number}.jpg") | {"cat.4.jpg": b""})
    words = r"expected 6 pictures of each class for per_class=\(3, 2, 1\), came 5 cats and 4 dogs. Ask for"
    with pytest.raises(ValueError, match=words):
        load_dogs_vs_cats(per_class=(3, 2, 1))
    with pytest.raises(ValueError, match="`pixvox sketch animals`"):
        load_dogs_vs_cats()


@pytest.mark.parametrize("wrong", [(1, 2), (1, 0, 1), (1, -1, 1), (0.5, 1, 1)])
def test_wrong_counts_are_refused(train, wrong):
    put(train, pets(4, "{name}.{number}.jpg"))
    with pytest.raises(ValueError, match="per_class as three whole numbers above 0"):
        load_dogs_vs_cats(per_class=wrong)


def test_a_missing_folder_names_the_command(train):
    with pytest.raises(FileNotFoundError, match="`pixvox sketch animals`"):
        load_dogs_vs_cats()


def test_what_is_used_is_remembered(train):
    put(train, pets(4, "{name}.{number}.jpg"))
    store.forget()
    load_dogs_vs_cats(image_size=(4, 4), per_class=(1, 1, 1))
    before = store.used()
    (train / "cat.3.jpg").write_bytes(b"not used")
    assert list(before) == ["dogs-vs-cats/train"] and store.used() == before
    (train / "cat.2.jpg").write_bytes(picture(1, kind="JPEG"))
    assert store.used() != before


def test_check_counts_and_looks(train):
    put(train, pets(3, "{name}.{number}.jpg"))
    assert dogs_vs_cats.check_file(train) == "3 cats and 3 dogs"
    for path in train.iterdir():
        path.write_bytes(b"junk")
    with pytest.raises(ValueError, match="expected pictures, but none of"):
        dogs_vs_cats.check_file(train)
    for path in train.glob("dog*"):
        path.unlink()
    with pytest.raises(ValueError, match="came 3 cats and 0 dogs"):
        dogs_vs_cats.check_file(train)


# Other layouts become this one.

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
    assert "2 of 10 files are no pictures and are kept out: cat.666.jpg, dog.11702.jpg." in out
    assert everything(tmp_path / "made") == NAMES


def test_a_picture_that_comes_twice_is_refused(tmp_path):
    source = put(tmp_path / "mine", pets() | pet_images())
    with pytest.raises(ValueError, match=r"expected one cat.0.jpg, came .*0\.jpg and .*0\.jpg"):
        arrange_cats_dogs(source, tmp_path / "made", tmp_path / "work")


@pytest.mark.parametrize("tree", [{"a.txt": b""}, {"7.jpg": picture(1)}, {"train/cat.0.jpg": b"broken"}])
def test_a_source_without_pictures_is_refused(tmp_path, tree):
    with pytest.raises(ValueError, match="mine: expected pictures cat.0.jpg or Cat/0.jpg.*none"):
        arrange_cats_dogs(put(tmp_path / "mine", tree), tmp_path / "made", tmp_path / "work")


def test_a_source_of_another_kind_is_refused(tmp_path):
    (tmp_path / "cats.rar").write_bytes(b"Rar!")
    with pytest.raises(ValueError, match="expected a folder, a zip or a tar archive"):
        arrange_cats_dogs(tmp_path / "cats.rar", tmp_path / "made", tmp_path / "work")
