"""The zoo: every kind can be drawn, again and again the same, and no kind is a cat or a dog."""

import numpy as np
import pytest

from pixvox_sketch.animals import cats_dogs as animals
from pixvox_sketch.zoo import sets as zoo


def test_there_are_25_kinds_and_none_is_near_a_cat_or_a_dog():
    assert len(zoo.KINDS) == len(set(zoo.KINDS)) == 25
    canines_and_felines = {*animals.KINDS, "fox", "wolf", "jackal", "lion", "tiger", "lynx", "hyena", "puppy"}
    assert not canines_and_felines & set(zoo.KINDS)


@pytest.mark.parametrize("kind", zoo.KINDS)
def test_every_kind_fills_a_good_part_of_its_picture(kind):
    picture, parts = zoo.draw_kind(kind, np.random.default_rng(3), size=(64, 80))
    assert picture.shape == (64, 80, 3) and picture.dtype == np.uint8
    assert parts.shape == (64, 80) and parts.dtype == np.uint8
    assert 0.05 < (parts > 0).mean() < 0.98
    assert picture.std() > 8


@pytest.mark.parametrize("kind", ["rabbit", "deer", "car"])
def test_the_same_generator_draws_the_same_picture(kind):
    first, again, other = (
        zoo.draw_kind(kind, np.random.default_rng(seed), size=(64, 64))[0] for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_kinds_share_the_scene_of_a_generator():
    """With equal generators the pictures differ in the thing drawn, not in what is behind it."""
    drawn = [zoo.draw_kind(kind, np.random.default_rng(1), size=(96, 96)) for kind in ("house", "car")]
    behind = (drawn[0][1] == 0) & (drawn[1][1] == 0)
    behind[16:80, 16:80] = False  # shadows, and what the band limit carries over the edges
    difference = np.abs(drawn[0][0].astype(int) - drawn[1][0])[behind]
    assert behind.any() and difference.mean() < 3


def test_many_pictures_take_turns_and_a_larger_set_begins_with_a_smaller_one():
    pictures, labels = zoo.draw_zoo(3, seed=4, size=(32, 40))
    assert pictures.shape == (3, 32, 40, 3) and pictures.dtype == np.uint8
    assert labels.dtype == np.int64 and labels.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(zoo.draw_zoo(2, seed=4, size=(32, 40))[0], pictures[:2])
    assert (zoo.draw_zoo(1, seed=5, size=(32, 40))[0][0] != pictures[0]).any()


def test_labels_begin_again_after_the_last_kind(monkeypatch):
    monkeypatch.setattr(zoo, "draw_many", lambda draw, tasks, **settings: [np.zeros(1)] * len(tasks))
    assert zoo.draw_zoo(50, seed=0)[1].tolist() == [*range(25), *range(25)]


@pytest.mark.parametrize(("kind", "size"), [("fox", (64, 64)), ("owl", (40, 64)), ("owl", (64,))])
def test_what_cannot_be_drawn_is_refused(kind, size):
    with pytest.raises(ValueError, match="expected"):
        zoo.draw_kind(kind, np.random.default_rng(0), size=size)


@pytest.mark.parametrize(
    ("count", "seed", "size"), [(0, 1, (32, 32)), (1.5, 1, (32, 32)), (1, -1, (32, 32)), (1, 1, (32,))]
)
def test_counts_seeds_and_sizes_that_make_no_sense_are_refused(count, seed, size):
    with pytest.raises(ValueError, match="expected (count|seed|size) as "):
        zoo.draw_zoo(count, seed=seed, size=size)
