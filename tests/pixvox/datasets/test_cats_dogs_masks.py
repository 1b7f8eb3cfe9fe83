"""The masks of the drawn cats and dogs: of the test pictures, in their order, at any size."""

import numpy as np
import pytest
from PIL import Image
from support.picture_trees import pets, put

from pixvox.datasets import cats_dogs as dogs_vs_cats
from pixvox.datasets import store
from pixvox.datasets.cats_dogs import PART_NAMES, load_dogs_vs_cats, load_masks
from pixvox_sketch.animals.sets import SAMPLE_SEED, draw_animals


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Six cats and dogs, and masks of the last two of each: the number's last bit above, the class below."""
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)
    folder = tmp_path / "data" / "sample" / "dogs-vs-cats"
    put(folder / "train", pets(6, "{name}.{number}.jpg"))
    (folder / "masks").mkdir()
    for label, name in enumerate(dogs_vs_cats.CLASS_NAMES):
        for number in (4, 5):
            ids = np.full((20, 10), label, np.uint8)
            ids[:10] = 2 + number % 2
            Image.fromarray(ids).save(folder / "masks" / f"{name}.{number}.png")
    return folder


def test_masks_are_those_of_the_test_pictures_in_their_order(tree):
    masks = load_masks(image_size=(8, 6), per_class=(3, 1, 2))
    assert masks.shape == (4, 8, 6) and masks.dtype == np.uint8
    labels = load_dogs_vs_cats(image_size=(8, 6), per_class=(3, 1, 2))[2][1]
    assert masks[:, -1, 0].tolist() == labels.tolist() == [0, 1, 0, 1]
    assert masks[:, 0, 0].tolist() == [2, 2, 3, 3]
    assert "dogs-vs-cats/masks" in store.used()


def test_ids_are_not_mixed_at_any_size(tree):
    for size in ((64, 64), (7, 5), (20, 10)):
        assert set(np.unique(load_masks(image_size=size, per_class=(3, 1, 2)))) == {0, 1, 2, 3}


def test_a_picture_that_cannot_be_read_takes_its_mask_along(tree, capsys):
    (tree / "train" / "dog.4.jpg").write_bytes(b"broken")
    (tree / "train" / "cat.0.jpg").write_bytes(b"broken")
    masks = load_masks(image_size=(8, 6), per_class=(3, 1, 2))
    labels = load_dogs_vs_cats(image_size=(8, 6), per_class=(3, 1, 2))[2][1]
    assert masks[:, -1, 0].tolist() == labels.tolist() == [0, 0, 1]


def test_where_there_are_no_masks_the_error_says_so(tree, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"2 of 6 are not there: cat.3.png, dog.3.png. Photographs"):
        load_masks(image_size=(8, 6), per_class=(2, 1, 3))
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    (tree.parents[1] / "full").mkdir()
    (tree).rename(tree.parents[1] / "full" / "dogs-vs-cats")
    for mask in (tree.parents[1] / "full" / "dogs-vs-cats" / "masks").iterdir():
        mask.unlink()
    with pytest.raises(FileNotFoundError, match="4 of 4 are not there.*Photographs have none"):
        load_masks(image_size=(8, 6), per_class=(3, 1, 2))


def test_a_broken_mask_and_foreign_ids_are_refused(tree):
    Image.fromarray(np.full((20, 10), 6, np.uint8)).save(tree / "masks" / "cat.4.png")
    with pytest.raises(ValueError, match="cat.4.png: expected part ids from 0 to 5, came 6"):
        load_masks(image_size=(8, 6), per_class=(3, 1, 2))
    (tree / "masks" / "cat.4.png").write_bytes(b"broken")
    with pytest.raises(ValueError, match="cat.4.png: expected a mask"):
        load_masks(image_size=(8, 6), per_class=(3, 1, 2))


def test_the_samples_masks_are_those_that_were_drawn(monkeypatch):
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)
    masks = load_masks(image_size=(64, 64))
    assert masks.shape == (200, 64, 64)
    assert (masks > 1).any(axis=(1, 2)).all()
    drawn = draw_animals(1, seed=SAMPLE_SEED, size=(64, 64))
    assert drawn.parts.max() < len(PART_NAMES)
