"""Portraits: square, of many sizes, cats and dogs in turn, each by its number."""

import numpy as np
import pytest

from pixvox_sketch.animals import cats_dogs
from pixvox_sketch.own_pictures import portraits
from pixvox_sketch.own_pictures.portraits import SIDES, draw_portraits


def test_a_portrait_depends_on_the_seed_and_its_number_only():
    few, more, others = (draw_portraits(count, seed=seed) for count, seed in ((2, 4), (5, 4), (2, 5)))
    assert len(few) == 4 and len(more) == 10
    for one, same, other in zip(few, more, others, strict=False):
        np.testing.assert_array_equal(one, same)
        assert one.shape != other.shape or np.abs(one.astype(int) - other).mean() > 3
    assert all(picture.dtype == np.uint8 and picture.std() > 8 for picture in more)
    assert all(picture.shape == (len(picture), len(picture), 3) for picture in more)
    sides = {len(picture) for picture in more}
    assert len(sides) > 3 and SIDES[0] <= min(sides) and max(sides) <= SIDES[1]


def test_even_numbers_are_cats_whose_traits_overlap_less_than_the_sample_s(monkeypatch):
    kinds = []
    make = portraits._draw_traits
    monkeypatch.setattr(portraits, "_draw_traits", lambda kind, rng: kinds.append(kind) or make(kind, rng))
    draw_portraits(2, seed=0)
    assert kinds == ["cat", "dog", "cat", "dog"]
    for kind in cats_dogs.KINDS:
        drawn = [make(kind, np.random.default_rng(seed)) for seed in range(60)]
        usual = [cats_dogs.draw_traits(kind, np.random.default_rng(seed)) for seed in range(60)]
        assert drawn[0].keys() == usual[0].keys()
        for trait in cats_dogs.TRAITS:
            near, far = (np.array([one[trait] for one in traits]) for traits in (drawn, usual))
            assert near.std() == pytest.approx(portraits.SPREAD * far.std())


@pytest.mark.parametrize(("count", "seed"), [(0, 1), (1.5, 1), (True, 1), (1, -1)])
def test_counts_and_seeds_that_make_no_sense_are_refused(count, seed):
    with pytest.raises(ValueError, match="as a whole number"):
        draw_portraits(count, seed=seed)
