import numpy as np
import pytest
from PIL import Image

from pixvox.datasets import store
from pixvox_sketch.animals import cats_dogs
from pixvox_sketch.zoo import sets as zoo


def test_there_are_25_kinds_and_none_is_near_a_cat_or_a_dog():
    assert len(zoo.KINDS) == len(set(zoo.KINDS)) == 25
    kin = {*cats_dogs.KINDS, "fox", "wolf", "jackal", "lion", "tiger", "lynx", "hyena", "puppy"}
    assert not kin & set(zoo.KINDS)


@pytest.mark.parametrize("kind", zoo.KINDS)
def test_every_kind_fills_a_good_part_of_its_picture(kind):
    picture, parts = zoo.draw_kind(kind, np.random.default_rng(3), size=(64, 80))
    assert picture.shape == (64, 80, 3) and parts.shape == (64, 80)
    assert picture.dtype == parts.dtype == np.uint8
    assert 0.05 < (parts > 0).mean() < 0.98 and picture.std() > 8


def test_kinds_share_the_scene_of_a_generator():
    (house, first), (car, second) = (
        zoo.draw_kind(kind, np.random.default_rng(1), size=(96, 96)) for kind in ("house", "car")
    )
    behind = (first == 0) & (second == 0)
    behind[16:80, 16:80] = False  # shadows, and what the band limit carries over the edges
    assert behind.any() and np.abs(house.astype(int) - car)[behind].mean() < 3


def test_labels_begin_again_after_the_last_kind(monkeypatch):
    monkeypatch.setattr(zoo, "draw_many", lambda draw, tasks, **settings: [np.zeros(1)] * len(tasks))
    assert zoo.draw_zoo(50, seed=0)[1].tolist() == [*range(25), *range(25)]


def test_the_committed_pictures_of_the_kinds_are_made_again(tmp_path):
    made = np.asarray(Image.open(zoo.write_kinds(tmp_path) / "kinds.png"))
    committed = np.asarray(Image.open(store.data_dir("sample") / "vgg" / "kinds.png"))
    assert made.shape == (5 * 64, 5 * 64, 3) and np.abs(made.astype(int) - committed).max() <= 1
    pictures, labels = zoo.draw_zoo(25, seed=3)
    assert list(labels) == list(range(25))
    np.testing.assert_array_equal(made[64:128, 128:192], pictures[7])  # row by row, in the order of KINDS
