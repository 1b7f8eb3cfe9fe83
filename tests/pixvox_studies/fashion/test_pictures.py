"""What the studies of clothes train and judge on."""

import numpy as np
import pytest
from support.made_up import bars, keys_of

from pixvox_studies.fashion import pictures


def test_the_split_is_scaled_held_apart_and_another_for_each_seed():
    (x_fit, y_fit), (x_val, y_val), (x_fresh, _) = pictures.load_split("full", 0)
    assert (len(x_fit), len(x_val), len(x_fresh)) == (40, 10, 20)
    assert x_fit.dtype == np.float32 and 0 <= x_fit.min() and x_fit.max() == 1
    assert not keys_of(x_fit) & (keys_of(x_val) | keys_of(x_fresh))
    published = keys_of(bars(20, 1)[0] / np.float32(255))
    assert not published & keys_of(x_fresh)  # the test pictures decide nothing
    assert np.any(pictures.load_split("full", 1)[0][0] != x_fit)


def test_drawn_pictures_are_fresh_and_those_to_judge_on_are_the_same_for_all_seeds(drawn):
    first, second = (pictures.load_split("sample", seed) for seed in (0, 1))
    assert drawn == [(200, 8000), (400, 8999), (200, 8001), (400, 8999)]
    assert np.any(first[0][0] != second[0][0]) and first[0][0].shape == (1600, 28, 28, 1)


@pytest.mark.parametrize("sizes", [(15, 10, 48, 3), (20, 20, 64, 2)])  # some are left; validation lends
def test_more_pictures_are_four_times_as_many_and_none_of_them_judges(sizes, monkeypatch):
    size, fresh, fitted, left = sizes
    published = bars(86, 0)
    monkeypatch.setattr(pictures, "load_fashion_mnist", lambda: (published, bars(20, 1)))
    monkeypatch.setitem(pictures.TRAINING_SIZE, "full", size)
    monkeypatch.setitem(pictures.FRESH_SIZE, "full", fresh)
    few, more = pictures.load_split("full", 3), pictures.load_more("full", 3)
    (x_fit, y_fit), (x_val, y_val), (x_fresh, _) = more
    assert (len(y_fit), len(y_val)) == (fitted, left) == (4 * len(few[0][1]), left)
    assert len(keys_of(x_fit)) == fitted and keys_of(few[0][0]) <= keys_of(x_fit)
    assert np.array_equal(x_fresh, few[2][0]) and keys_of(x_val) <= keys_of(few[1][0])
    assert not keys_of(x_fit) & (keys_of(x_val) | keys_of(x_fresh))
    label_of = {
        (picture / np.float32(255)).tobytes(): label for picture, label in zip(*published, strict=True)
    }
    assert [label_of[picture.tobytes()] for picture in x_fit] == y_fit.tolist()


def test_more_drawn_pictures_are_drawn_with_seeds_of_their_own(drawn):
    fit, val, _ = pictures.load_more("sample", 2)
    assert drawn == [(200, 8002), (400, 8999), (480, 8102)]
    assert len(fit[0]) == len(fit[1]) == 6400 and len(val[0]) == len(val[1]) == 400


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_fewer_pictures_are_among_more_of_them(profile, drawn, monkeypatch):
    monkeypatch.setattr(pictures, "NESTED_SIZE", 50)
    (few, _), fresh = pictures.load_nested(profile, 0, 10)
    (many, labels), _ = pictures.load_nested(profile, 0, 50)
    assert len(few) == 10 and len(labels) == 50 and keys_of(few) < keys_of(many)
    assert np.array_equal(fresh[0], pictures.load_split(profile, 0)[2][0])
    assert not keys_of(many) & keys_of(fresh[0])
    bright = many[..., 6:16, 0].mean(axis=2).argmax(axis=1)  # the first row of the label's bar
    assert np.array_equal(bright // 2 - 2, labels)
    if profile == "sample":
        assert drawn[:4] == [(5, 8000), (400, 8999)] * 2


@pytest.mark.parametrize("count", [0, 8_001])
def test_a_number_of_pictures_that_is_not_there_is_refused(count):
    with pytest.raises(ValueError, match="8000"):
        pictures.load_nested("full", 0, count)


def test_published_pictures_are_split_as_in_the_lesson_whatever_the_seed():
    (x_fit, _), (x_val, _), (x_test, y_test) = pictures.load_published()
    assert (len(x_fit), len(x_val)) == (64, 16) and not keys_of(x_fit) & keys_of(x_val)
    images, labels = bars(20, 1)
    assert np.array_equal(x_test, images / np.float32(255)) and np.array_equal(y_test, labels)
