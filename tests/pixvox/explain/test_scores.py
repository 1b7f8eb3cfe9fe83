"""Scores of heat maps whose answer can be told by looking."""

import numpy as np
import pytest
from support.spot_net import SIZE, SPOT, pictures, spot_net

from pixvox.explain import scores as explain_scores
from pixvox.explain.scores import deletion_curve, heat_share, pointing_game, rank_correlation


def there(count=3):
    mask = np.zeros((count, *SIZE), bool)
    mask[:, *SPOT] = True
    return mask


def test_the_hottest_pixel_hits_or_misses():
    heat = np.zeros((3, *SIZE))
    heat[0, 3, 10], heat[1, 10, 3], heat[2] = 1, 1, -5
    heat[2, 4, 11] = -1  # the largest, if below zero
    assert pointing_game(heat, there()).tolist() == [1, 0, 1]


def test_ties_count_by_their_share_and_an_empty_mask_not_at_all():
    heat = np.zeros((3, *SIZE))
    heat[1, 3, 10] = heat[1, 0, 0] = 2
    masks = there()
    masks[2] = False
    hits = pointing_game(heat, masks)
    assert np.allclose(hits[:2], [9 / (12 * 16), 0.5]) and np.isnan(hits[2])


def test_the_share_of_the_heat():
    heat = np.zeros((3, *SIZE))
    heat[0, 3, 10], heat[0, 0, 0] = 3, 1
    heat[1, 3, 10], heat[1, 0, 0] = 1, -9
    assert np.allclose(heat_share(heat, there()), [0.75, 1, 9 / (12 * 16)])


def test_the_answer_falls_when_the_evidence_goes_first():
    net = spot_net(weight=0.004)
    x = np.full((3, *SIZE, 3), 0, np.float32)
    x[:, *SPOT] = 200
    evidence = there().astype(float)
    removed = (0, 0.05, 0.5, 1)
    dogs = [1, 1, 1]
    first = deletion_curve(net, x, evidence, dogs, removed=removed)
    last = deletion_curve(net, x, -evidence, dogs, removed=removed)
    assert first.shape == (3, 4) and np.allclose(first[:, 0], 1 / (1 + np.exp(-0.004 * 9 * 200)))
    assert (first[:, 1] < 0.6).all() and np.allclose(last[:, 2], last[:, 0])
    assert np.allclose(first[:, 3], last[:, 3])
    same = deletion_curve(net, x, evidence, dogs, removed=removed, left_behind=x)
    assert np.allclose(same, first[:, :1])
    cat = deletion_curve(net, x, evidence, [0, 0, 0], removed=removed)
    assert np.allclose(cat, 1 - first, atol=1e-6)


def test_every_pixel_has_a_rank_of_its_own_and_ties_are_not_removed_row_by_row():
    heat = np.random.default_rng(0).integers(0, 3, (2, *SIZE))
    ranks = explain_scores.rank_pixels(heat)
    for one, order in zip(heat, ranks, strict=True):
        assert sorted(order.ravel()) == list(range(12 * 16))
        assert (np.diff(one.ravel()[np.argsort(order.ravel())]) <= 0).all()
    flat = explain_scores.rank_pixels(np.zeros((1, *SIZE)))[0]
    rows = np.argwhere(flat < 48)[:, 0]
    assert rows.max() > 8 and np.array_equal(flat, explain_scores.rank_pixels(np.zeros((2, *SIZE)))[1])


def test_rank_correlation():
    heat = np.random.default_rng(0).normal(size=(3, *SIZE))
    assert np.allclose(rank_correlation(heat, np.exp(heat)), 1)
    assert np.allclose(rank_correlation(heat, -heat), -1)
    assert abs(rank_correlation(heat, heat[::-1])[0]) < 0.3
    assert rank_correlation(heat, np.zeros_like(heat)).tolist() == [0, 0, 0]
    assert rank_correlation(0 * heat, 0 * heat).tolist() == [1, 1, 1]


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one mask for each map"):
        pointing_game(np.zeros((2, 4, 4)), np.zeros((2, 4, 5)))
    with pytest.raises(ValueError, match="one mask for each map"):
        heat_share(np.zeros((4, 4)), np.zeros((4, 4)))
    with pytest.raises(ValueError, match="one for each picture"):
        deletion_curve(spot_net(), pictures(), np.zeros((2, *SIZE)), [1, 1, 1])
    for classes in (1, [1, 1]):
        with pytest.raises(ValueError, match="3 classes, one for each picture"):
            deletion_curve(spot_net(), pictures(), np.zeros((3, *SIZE)), classes)
    with pytest.raises(ValueError, match="two sets of maps"):
        rank_correlation(np.zeros((2, 4, 4)), np.zeros((2, 4, 5)))
