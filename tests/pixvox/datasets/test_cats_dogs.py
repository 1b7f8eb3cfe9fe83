"""Cats and dogs in three parts, in the order of their numbers, and the masks of the drawn ones."""

import functools

import numpy as np
import pytest
from PIL import Image
from support.picture_trees import forbid, pets, picture, put

from pixvox.datasets import cats_dogs, store
from pixvox.datasets.cats_dogs import load_dogs_vs_cats, load_masks
from pixvox_cli import checks

FLAT = "{name}.{number}.jpg"


@pytest.fixture(autouse=True)
def train(course):
    """Return the sample's folder of pictures, not there yet."""
    return course / "data" / "sample" / "dogs-vs-cats" / "train"


def greys(part):
    return part[0].mean(axis=(1, 2, 3)).round().astype(int).tolist()


def test_three_parts_in_order_of_the_numbers(train):
    put(train, pets(12, FLAT))
    parts = load_dogs_vs_cats(image_size=(6, 4), per_class=(6, 3, 2))
    for (pictures, labels), numbers in zip(parts, (range(6), range(6, 9), range(9, 11)), strict=True):
        assert pictures.shape == (2 * len(numbers), 6, 4, 3) and pictures.dtype == np.uint8
        assert labels.dtype == np.int64 and labels.tolist() == [0, 1] * len(numbers)
        assert greys((pictures, labels)) == [10 * n + 5 * label for n in numbers for label in (0, 1)]


def test_numbers_are_numbers_and_gaps_do_not_matter(train):
    put(train, {f"{name}.{n}.jpg": picture(n, kind="JPEG") for name in ("cat", "dog") for n in (100, 20, 3)})
    parts = load_dogs_vs_cats(image_size=(4, 4), per_class=(1, 1, 1))
    assert [greys(part) for part in parts] == [[3, 3], [20, 20], [100, 100]]


def test_all_suffixes_of_pictures_are_taken_and_other_names_named(train, capsys):
    put(train, pets(3, FLAT))
    for before, after in {"cat.0": "cat.0.JPG", "dog.1": "Dog.1.jpeg"}.items():
        (train / f"{before}.jpg").rename(train / after)
    put(train, {"cat.1.jpg": picture(10), "cat.3.png": picture(30), "dog.3.gif": picture(35, kind="GIF")})
    foreign = ["cat.007.jpg", "cat.x.jpg", "dog.4.jpg.part", "dog.4.webp", "sheet.PNG"]
    put(train, dict.fromkeys([*foreign, "Thumbs.db", "desktop.ini", "._cat.0.jpg"], b"foreign"))
    parts = load_dogs_vs_cats(image_size=(4, 4), per_class=(2, 1, 1))
    assert [greys(part) for part in parts] == [[0, 5, 10, 15], [20, 25], [30, 35]]
    out = capsys.readouterr().out
    assert ", ".join(foreign) in out and "Thumbs" not in out and "._cat" not in out and out.count("\n") == 1
    assert all(name in checks.check_file("dogs-vs-cats", train) for name in foreign)


@pytest.mark.parametrize("other", ["cat.1.JPG", "cat.1.png", "Cat.1.jpeg"])
def test_two_pictures_of_one_number_are_an_error_that_names_both(train, other):
    put(train, pets(3, FLAT) | {other: picture(1)})
    check = functools.partial(checks.check_file, "dogs-vs-cats", train)
    for look in (lambda: load_dogs_vs_cats(per_class=(1, 1, 1)), check):
        with pytest.raises(ValueError, match=r"cat\.1\b") as caught:
            look()
        assert "cat.1.jpg" in str(caught.value) and other in str(caught.value)


def test_a_broken_and_an_empty_picture_are_left_out_of_their_part(train, capsys):
    put(train, pets(5, FLAT) | {"cat.1.jpg": b"", "dog.3.jpg": b"broken"})
    train_part, validation, test = load_dogs_vs_cats(image_size=(4, 4), per_class=(2, 2, 1))
    assert train_part[1].tolist() == [0, 1, 1] and greys(train_part) == [0, 5, 15]
    assert validation[1].tolist() == [0, 1, 0] and greys(validation) == [20, 25, 30]
    assert greys(test) == [40, 45]
    out = capsys.readouterr().out
    assert "cat.1.jpg" in out and "dog.3.jpg" in out and "cat.2.jpg" not in out


@pytest.mark.parametrize("lost", ["cat.3.jpg", "dog.2.jpg"])
def test_a_part_without_a_class_is_an_error(train, lost):
    put(train, pets(4, FLAT) | {lost: b""})
    for load in (load_dogs_vs_cats, load_masks):
        with pytest.raises(ValueError, match="Remove .*`pixvox sketch animals`"):
            load(image_size=(4, 4), per_class=(2, 1, 1))


def test_a_folder_and_a_dangling_link_are_left_out_and_named(train, capsys):
    put(train, pets(3, FLAT))
    (train / "cat.3.jpg").mkdir()
    (train / "dog.3.jpg").symlink_to("nowhere.jpg")
    assert "cat.3.jpg, dog.3.jpg" in checks.check_file("dogs-vs-cats", train)
    load_dogs_vs_cats(image_size=(4, 4), per_class=(1, 1, 1))
    assert "cat.3.jpg, dog.3.jpg" in capsys.readouterr().out


def test_what_people_see_is_taken_and_what_is_doubtful_named(train, capsys):
    put(train, pets(3, FLAT))
    Image.new("RGBA", (8, 8), (9, 9, 9, 0)).save(train / "cat.0.jpg", "PNG")
    frames = [Image.new("L", (8, 8), grey) for grey in (30, 90)]
    frames[0].save(train / "dog.1.jpg", "GIF", save_all=True, append_images=frames[1:])
    Image.new("CMYK", (8, 8), (0, 0, 0, 55)).save(train / "cat.2.jpg", quality=95)
    for _ in range(2):  # the second time from the cache
        parts = load_dogs_vs_cats(image_size=(4, 4), per_class=(1, 1, 1))
        assert [greys(part) for part in parts] == [[255, 5], [10, 30], [200, 25]]
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 2 and all(line.startswith("1 of 6 pictures is ") for line in lines)
        assert lines[0].endswith("the first picture counts: dog.1.jpg")
        assert "CMYK" in lines[1] and lines[1].endswith(": cat.2.jpg")


def test_a_picture_that_may_not_be_read_is_named_and_not_among_those_that_were_used(
    train, monkeypatch, capsys
):
    put(train, pets(4, FLAT))
    forbid(monkeypatch, "cat.0.jpg")
    train_part, *_ = load_dogs_vs_cats(image_size=(4, 4), per_class=(2, 1, 1))
    assert greys(train_part) == [5, 10, 15]
    assert "cat.0.jpg (Permission denied)" in capsys.readouterr().out
    before = store.used()
    (train / "cat.0.jpg").unlink()  # it was not used: what was can still be told
    assert store.used() == before


def test_too_few_pictures_or_none_at_all_name_the_command(train):
    with pytest.raises(FileNotFoundError, match="`pixvox sketch animals`"):
        load_dogs_vs_cats()
    put(train, pets(4, FLAT) | {"cat.4.jpg": b""})
    with pytest.raises(ValueError, match="5 cats and 4 dogs.*`pixvox sketch animals`"):
        load_dogs_vs_cats(per_class=(3, 2, 1))


@pytest.mark.parametrize("wrong", [(1, 2), (1, 0, 1), (0.5, 1, 1)])
def test_wrong_counts_are_refused(train, wrong):
    put(train, pets(4, FLAT))
    with pytest.raises(ValueError, match="per_class"):
        load_dogs_vs_cats(per_class=wrong)


def test_what_is_used_is_remembered(train):
    put(train, pets(4, FLAT))
    load_dogs_vs_cats(image_size=(4, 4), per_class=(1, 1, 1))
    before = store.used()
    (train / "cat.3.jpg").write_bytes(b"not used")
    assert list(before) == ["dogs-vs-cats/train"] and store.used() == before
    (train / "cat.2.jpg").write_bytes(picture(1, kind="JPEG"))
    assert store.used() != before


# Masks.

LAST_TWO = {"image_size": (8, 6), "per_class": (3, 1, 2)}


@pytest.fixture
def masks(train):
    """Six cats and dogs, and masks of the last two of each: the number's last bit above, the class below."""
    put(train, pets(6, FLAT))
    folder = train.parent / "masks"
    folder.mkdir()
    for label, name in enumerate(cats_dogs.CLASS_NAMES):
        for number in (4, 5):
            ids = np.full((20, 10), label, np.uint8)
            ids[:10] = 4 + number % 2
            Image.fromarray(ids).save(folder / f"{name}.{number}.png")
    return folder


@pytest.mark.parametrize("size", [(64, 64), (7, 5), (20, 10)])
def test_masks_are_those_of_the_test_pictures_in_their_order_and_ids_are_not_mixed(masks, size):
    settings = LAST_TWO | {"image_size": size}
    ids = load_masks(**settings)
    assert ids.shape == (4, *size) and ids.dtype == np.uint8
    assert ids[:, -1, 0].tolist() == load_dogs_vs_cats(**settings)[2][1].tolist() == [0, 1, 0, 1]
    assert ids[:, 0, 0].tolist() == [4, 4, 5, 5] and set(np.unique(ids)) == {0, 1, 4, 5}
    assert "dogs-vs-cats/masks" in store.used()


def test_a_picture_that_cannot_be_read_takes_its_mask_along(masks, train):
    put(train, {"dog.4.jpg": b"broken", "cat.0.jpg": b"broken"})
    labels = load_dogs_vs_cats(**LAST_TWO)[2][1]
    assert load_masks(**LAST_TWO)[:, -1, 0].tolist() == labels.tolist() == [0, 0, 1]


def test_where_there_are_no_masks_the_error_says_what_has_them(masks):
    with pytest.raises(FileNotFoundError, match=r"cat.3.png, dog.3.png.*per_class=\(200, 100, 100\)"):
        load_masks(image_size=(8, 6), per_class=(2, 1, 3))


def test_a_broken_mask_and_foreign_ids_are_refused(masks):
    Image.fromarray(np.full((20, 10), 6, np.uint8)).save(masks / "cat.4.png")
    with pytest.raises(ValueError, match="cat.4.png: expected"):
        load_masks(**LAST_TWO)
    (masks / "cat.4.png").write_bytes(b"broken")
    with pytest.raises(ValueError, match="cat.4.png: expected"):
        load_masks(**LAST_TWO)


def test_the_sample_has_a_mask_with_an_animal_for_each_test_picture(monkeypatch):
    monkeypatch.undo()
    ids = load_masks(image_size=(64, 64))
    assert ids.shape == (200, 64, 64) and (ids > 1).any(axis=(1, 2)).all()


def test_the_strip_of_dials_comes_dial_by_dial(train):
    strip = np.zeros((320, 320, 3), np.uint8)
    strip[:] = (np.arange(320) // 64 * 10)[:, None, None] + (np.arange(320) // 64)[None, :, None]
    train.parent.mkdir(parents=True)
    Image.fromarray(strip).save(train.parent / "dial.png")
    dials = cats_dogs.load_dial()
    assert tuple(dials) == cats_dogs.DIAL_NAMES
    for row, pictures in enumerate(dials.values()):
        assert pictures.shape == (5, 64, 64, 3) and pictures.dtype == np.uint8
        assert pictures.mean(axis=(1, 2, 3)).tolist() == [10 * row + turn for turn in range(5)]


def test_a_strip_of_another_size_or_none_says_what_to_type(train):
    train.parent.mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="pixvox"):
        cats_dogs.load_dial()
    Image.new("RGB", (320, 256)).save(train.parent / "dial.png")
    with pytest.raises(ValueError, match="pixvox sketch dial"):
        cats_dogs.load_dial()
