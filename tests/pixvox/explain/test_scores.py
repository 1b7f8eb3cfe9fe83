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


def test_insertion_goes_from_the_plain_picture_to_the_picture():
    net, x = spot_net(weight=0.004), pictures()
    plain = np.broadcast_to(x.mean(axis=(1, 2), keepdims=True), x.shape)
    curve = deletion_curve(net, plain, THERE, 1, left_behind=x)
    own = [net(picture)[:, 0] for picture in (plain, x)]
    np.testing.assert_allclose(curve[:, [0, -1]].T, own, rtol=1e-5)
    np.testing.assert_allclose(curve[:, 1], curve[:, -1], rtol=1e-5)  # the evidence is in the first tenth
    there_and_back = deletion_curve(net, x, -THERE, 1)  # what is removed last comes first
    np.testing.assert_allclose(curve[:, 9:], there_and_back[:, 1::-1], rtol=1e-5)
    for behind in (x[:1], x[:, :-1], x[0], x * np.nan):
        with pytest.raises(ValueError, match="expected (pictures|finite)"):
            deletion_curve(net, plain, THERE, 1, left_behind=behind)


@pytest.mark.parametrize("kind", [np.uint8, bool, np.float16, list])
def test_heat_may_be_of_any_numbers(kind):
    heat = np.random.default_rng(0).permutation(12 * 16).reshape(1, *SIZE)
    given = heat.tolist() if kind is list else heat.astype(kind)
    expected = rank_pixels(heat > 0) if kind is bool else 12 * 16 - 1 - heat
    np.testing.assert_array_equal(rank_pixels(given), expected)


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
    for odd in (np.nan, np.inf):
        with pytest.raises(ValueError, match="expected maps.*finite"):
            score(np.full((2, 4, 4), odd), np.ones((2, 4, 4)))


@pytest.mark.parametrize("maps", [np.zeros((2, *SIZE)), np.zeros(SIZE), np.full((3, *SIZE), np.nan)])
def test_a_deletion_curve_needs_a_map_for_each_picture(maps):
    with pytest.raises(ValueError, match="expected (heat )?maps"):
        deletion_curve(spot_net(), pictures(), maps, [1, 1, 1])


def test_masks_and_maps_that_have_holes_or_no_pixel_are_refused():
    heat = np.zeros((3, *SIZE))
    for given, masks in (
        (heat, np.where(THERE, np.nan, 0)),
        (heat[:, :0], THERE[:, :0]),
        (heat[:0], THERE[:0]),
    ):
        with pytest.raises(ValueError, match="expected maps"):
            pointing_game(given, masks)
        with pytest.raises(ValueError, match="expected maps"):
            rank_correlation(given, masks)
