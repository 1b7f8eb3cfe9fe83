"""Scores of heat maps whose answer can be told by looking."""

import numpy as np
import pytest
from support.spot_net import SIZE, SPOT, pictures, spot_net

from pixvox.explain.scores import (
    REMOVED,
    deletion_curve,
    pointing_game,
    rank_correlation,
    rank_pixels,
)

THERE = np.zeros((3, *SIZE), int)
THERE[:, *SPOT] = 1


def test_the_hottest_pixel_hits_or_misses():
    heat = np.zeros((3, *SIZE))
    heat[0, 3, 10], heat[1, 10, 3], heat[2] = 1, 1, -5
    heat[2, 4, 11] = -1  # the largest, if below zero
    assert pointing_game(heat, THERE).tolist() == [1, 0, 1]


def test_ties_count_by_their_share_and_an_empty_mask_not_at_all():
    heat, masks = np.zeros((3, *SIZE)), THERE.copy()
    heat[1, 3, 10] = heat[1, 0, 0] = 2
    masks[2] = 0
    np.testing.assert_allclose(pointing_game(heat, masks), [9 / (12 * 16), 0.5, np.nan])


def test_the_answer_falls_when_the_evidence_goes_first(monkeypatch):
    net, dogs = spot_net(weight=0.004), [1, 1, 1]
    x = np.zeros((3, *SIZE, 3), np.float32)
    x[:, *SPOT] = 200
    first, last = (deletion_curve(net, x, sign * THERE, dogs) for sign in (1, -1))
    assert first.shape == (3, len(REMOVED)) and (first[:, 1] < 0.6).all()
    np.testing.assert_allclose(first[:, 0], 1 / (1 + np.exp(-0.004 * 9 * 200)), rtol=1e-6)
    np.testing.assert_allclose(last[:, 9], last[:, 0])  # the evidence is in the last tenth
    np.testing.assert_allclose(first[:, -1], last[:, -1])
    unchanged = deletion_curve(net, x, THERE, dogs, left_behind=x)
    np.testing.assert_allclose(unchanged, np.repeat(first[:, :1], len(REMOVED), axis=1))
    np.testing.assert_allclose(deletion_curve(net, x, THERE, [0, 0, 0]), 1 - first, atol=1e-6)
    monkeypatch.setattr("pixvox.explain.forward.BATCH_SIZE", 2)
    np.testing.assert_allclose(deletion_curve(net, x, THERE, dogs), first, atol=1e-6)


def test_every_pixel_has_a_rank_of_its_own_and_ties_are_not_removed_row_by_row():
    heat = np.random.default_rng(0).integers(0, 3, (2, *SIZE))
    for one, order in zip(heat, rank_pixels(heat), strict=True):
        assert sorted(order.ravel()) == list(range(12 * 16))
        assert (np.diff(one.ravel()[np.argsort(order.ravel())]) <= 0).all()
    flat = rank_pixels(np.zeros((1, *SIZE)))[0]
    assert np.argwhere(flat < 48)[:, 0].max() > 8
    np.testing.assert_array_equal(flat, rank_pixels(np.zeros((2, *SIZE)))[1])


def test_the_correlation_of_ranks():
    heat = np.random.default_rng(0).normal(size=(3, *SIZE))
    np.testing.assert_allclose(rank_correlation(heat, np.exp(heat)), 1)
    np.testing.assert_allclose(rank_correlation(heat, -heat), -1)
    assert abs(rank_correlation(heat, heat[::-1])[0]) < 0.3
    assert rank_correlation(heat, np.zeros_like(heat)).tolist() == [0, 0, 0]
    assert rank_correlation(0 * heat, 0 * heat).tolist() == [1, 1, 1]


@pytest.mark.parametrize("score", [pointing_game, rank_correlation])
@pytest.mark.parametrize("shapes", [((2, 4, 4), (2, 4, 5)), ((4, 4), (4, 4))])
def test_maps_that_do_not_fit_are_refused(score, shapes):
    with pytest.raises(ValueError, match="expected maps"):
        score(*map(np.zeros, shapes))


@pytest.mark.parametrize(("maps", "classes"), [(2, [1, 1, 1]), (3, [1, 1]), (3, 1)])
def test_a_deletion_curve_needs_a_map_and_a_class_for_each_picture(maps, classes):
    with pytest.raises(ValueError, match="one for each picture"):
        deletion_curve(spot_net(), pictures(), np.zeros((maps, *SIZE)), classes)
