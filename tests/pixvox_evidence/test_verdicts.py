"""The rules of verdicts: examples by hand, and how often they are right in simulated studies."""

from math import inf, sqrt

import numpy as np
import pytest
import scipy

from pixvox_evidence.verdicts import (
    FAILS,
    HOLDS,
    IN_PART,
    NOT_MEASURED,
    NOT_SETTLED,
    combine,
    judge_bound,
    judge_count,
    judge_difference,
    judge_no_difference,
    judge_posted,
    judge_size,
)

DRAWS = 4_000


def five(mean, spread):
    """Five numbers of this mean and standard deviation."""
    pattern = np.array([-2, -1, 0, 1, 2]) / np.std([-2, -1, 0, 1, 2], ddof=1)
    return mean + spread * pattern


T4 = 2.776445  # Student's t for 4 degrees of freedom, two-sided 95 %, from a printed table


@pytest.mark.parametrize(
    ("mean", "spread", "wanted"),
    [
        (0.03, 0.02, HOLDS),  # half .0248
        (0.03, 0.03, NOT_SETTLED),  # half .0372
        (0.002, 0.005, FAILS),  # .0082 at most: too small to matter
        (0.005, 0.001, FAILS),  # surely above 0, and surely below .01
        (-0.02, 0.02, FAILS),
        (0.0, 0.02, NOT_SETTLED),
    ],
)
def test_a_difference_by_hand(mean, spread, wanted):
    found = judge_difference(five(mean, spread))
    assert found.verdict == wanted and found.value == pytest.approx(mean)
    assert found.half == pytest.approx(T4 * spread / sqrt(5), rel=1e-5)


def test_the_seeds_that_would_settle_it_are_the_fewest():
    found = judge_difference(five(0.03, 0.03))
    for seeds, settled in ((found.needed, True), (found.needed - 1, False)):
        half = scipy.stats.t.ppf(0.975, seeds - 1) * 0.03 / sqrt(seeds)
        assert (half < 0.03) == settled
    assert judge_difference(five(0.03, 0.01)).needed is None


def test_pictures_add_their_share_and_may_leave_it_open_for_good():
    right = np.array([1] * 30 + [-1] * 20 + [0] * 50)  # mean .1, standard deviation .7035
    found = judge_difference(five(0.1, 0.01), right=right)
    assert found.half == pytest.approx(
        sqrt((T4 * 0.01 / sqrt(5)) ** 2 + (1.96 * 0.7035265 / 10) ** 2), rel=1e-5
    )
    assert (found.verdict, found.needed) == (NOT_SETTLED, inf)
    assert found.pictures == 191  # the first number above (1.96 * .7035 / .1)**2
    assert judge_difference(five(0.03, 0.03), right=right / 100).pictures is None  # seeds would do


@pytest.mark.parametrize(
    ("mean", "spread", "wanted"),
    [
        (0.001, 0.002, HOLDS),
        (-0.001, 0.002, HOLDS),
        (0.001, 0.02, NOT_SETTLED),
        (-0.03, 0.01, FAILS),
        (0.008, 0.003, NOT_SETTLED),  # half .0037: surely above 0, and perhaps within the margin
    ],
)
def test_no_difference_by_hand(mean, spread, wanted):
    assert judge_no_difference(five(mean, spread), margin=0.005).verdict == wanted


def test_a_posted_accuracy_by_hand():
    ours = five(0.91, 0.003)
    half = 2.100922 * 0.0033 * sqrt(1.2)  # t for 18 degrees of freedom
    assert half == pytest.approx(0.0076, abs=5e-5)
    settings = {"spread": 0.0033, "freedom": 18}
    assert judge_posted(0.9104, ours, **settings)[:3] == (HOLDS, pytest.approx(0.91), pytest.approx(half))
    assert judge_posted(0.93, ours, **settings).verdict == FAILS
    assert judge_posted(0.9177, ours, **settings, rounding=0.0005).verdict == HOLDS
    assert judge_posted(0.993, five(0.9904, 0.0014), spread=0.0014, freedom=4).verdict == NOT_SETTLED
    other = judge_posted(0.82, five(0.81, 0.01), spread=0.01, freedom=18, pictures=(1_000, 1_000))
    assert (other.verdict, other.needed) == (NOT_SETTLED, inf)  # the pictures alone leave .034


def test_both_sets_of_pictures_widen_the_interval_of_a_posted_accuracy():
    found = judge_posted(0.85, five(0.8, 0.01), spread=0.01, freedom=18, pictures=(400, 1_600))
    seeds = 2.100922 * 0.01 * sqrt(1.2)  # t for 18 degrees of freedom
    assert found.half == pytest.approx(sqrt(seeds**2 + 1.96**2 * 0.8 * 0.2 / 320), rel=1e-5)


@pytest.mark.parametrize(
    ("posted", "mean", "spread", "enough"),
    [
        (0.993, 0.9904, 0.0014, lambda half: half <= 0.0035),  # half the posted error: confirmed
        (0.855, 0.81, 0.02, lambda half: half < 0.045),  # never as narrow as .02, but refuted
    ],
)
def test_the_seeds_that_would_settle_a_posted_accuracy_are_the_fewest(posted, mean, spread, enough):
    found = judge_posted(posted, five(mean, spread), spread=spread, freedom=4)
    halves = {k: scipy.stats.t.ppf(0.975, k - 1) * spread * sqrt(1 + 1 / k) for k in range(5, 1_000)}
    assert found.verdict == NOT_SETTLED
    assert found.needed == next(seeds for seeds, half in halves.items() if enough(half))


def test_more_seeds_than_anybody_trains_are_no_number():
    far = judge_difference(five(0.001, 0.05))
    assert 64 < far.needed < 200  # (1.96 * .05 / .009) ** 2 = 119
    assert judge_no_difference(five(0.005, 0.01), margin=0.00501).needed == inf  # four million


@pytest.mark.parametrize("numbers", [[], [0.1], [0.1, np.nan], [0.1, np.inf, 0.2]])
def test_what_has_no_interval_is_refused(numbers):
    with pytest.raises(ValueError, match="expected two finite numbers or more"):
        judge_difference(numbers)


def test_counts_of_other_lengths_cannot_be_compared():
    with pytest.raises(ValueError):
        judge_count((3,), (3, 4))


def test_counts_and_parts():
    assert judge_count((3, 3, 64), (3, 3, 64)) == HOLDS
    assert judge_count((3, 3), (3, 4)) == IN_PART and judge_count((1,), (2,)) == FAILS


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([HOLDS, HOLDS], HOLDS),
        ([FAILS], FAILS),
        ([NOT_MEASURED, NOT_MEASURED], NOT_MEASURED),
        ([HOLDS, FAILS], IN_PART),
        ([HOLDS, NOT_SETTLED], IN_PART),
        ([HOLDS, NOT_MEASURED], IN_PART),
        ([IN_PART, NOT_SETTLED], IN_PART),
        ([FAILS, NOT_SETTLED], NOT_SETTLED),  # nothing is refuted as a whole while a part is open
        ([FAILS, NOT_MEASURED], NOT_SETTLED),
        ([NOT_SETTLED, NOT_MEASURED], NOT_SETTLED),
    ],
)
def test_a_whole_follows_from_its_parts(parts, whole):
    assert combine(parts) == combine(parts[::-1]) == whole


def share(judge, draw, verdict):
    """In what share of simulated studies of five seeds a rule gives a verdict."""
    rng = np.random.default_rng(0)
    return np.mean([judge(draw(rng)).verdict == verdict for _ in range(DRAWS)])


def test_with_no_true_difference_one_study_in_forty_holds():
    held = share(judge_difference, lambda rng: rng.normal(0, 0.02, 5), HOLDS)
    assert held == pytest.approx(0.025, abs=4 * sqrt(0.025 * 0.975 / DRAWS))


def test_twice_the_smallest_difference_is_found_as_often_as_theory_says():
    spread, mean = 0.012, 0.02
    theory = scipy.stats.nct.sf(T4, 4, mean / (spread / sqrt(5)))
    held = share(judge_difference, lambda rng: rng.normal(mean, spread, 5), HOLDS)
    assert held == pytest.approx(theory, abs=4 * sqrt(theory * (1 - theory) / DRAWS))


def test_the_interval_for_one_more_training_covers_it_in_95_percent():
    rng = np.random.default_rng(0)
    missed = 0
    for _ in range(DRAWS):
        arms = rng.normal(0.8, 0.01, (4, 5))  # four comparable arms of five seeds
        spread = sqrt(np.mean(arms.var(axis=1, ddof=1)))
        missed += judge_posted(rng.normal(0.8, 0.01), arms[0], spread=spread, freedom=16).verdict == FAILS
    assert missed / DRAWS == pytest.approx(0.05, abs=4 * sqrt(0.05 * 0.95 / DRAWS))


@pytest.mark.parametrize(
    ("mean", "spread", "wanted"),
    [
        (0.06, 0.02, HOLDS),  # half .0248, at most .035
        (0.06, 0.027, HOLDS),  # half .0335
        (0.06, 0.04, NOT_SETTLED),  # half .0497: .07 is inside, and so is nearly nothing
        (0.2, 0.04, FAILS),
        (0.0, 0.04, FAILS),  # half .0497
    ],
)
def test_a_named_size_by_hand(mean, spread, wanted):
    assert judge_size(five(mean, spread), 0.07).verdict == wanted
    assert judge_size(five(-mean, spread), -0.07).verdict == wanted


def test_a_true_size_is_refuted_in_one_of_twenty_studies():
    rng = np.random.default_rng(5)
    studies = rng.normal(0.07, 0.02, (DRAWS, 5))
    refuted = np.mean([judge_size(study, 0.07).verdict == FAILS for study in studies])
    assert refuted == pytest.approx(0.05, abs=3 * sqrt(0.05 * 0.95 / DRAWS))


@pytest.mark.parametrize(
    ("number", "at_most", "wanted"),
    [(1, True, HOLDS), (2, True, FAILS), (1, False, HOLDS), (0, False, FAILS)],
)
def test_a_bound_by_hand(number, at_most, wanted):
    assert judge_bound(number, 1, at_most=at_most) == wanted


def test_one_more_training_lies_in_its_interval_in_95_percent():
    rng = np.random.default_rng(6)
    studies = rng.normal(7.0, 1.0, (DRAWS, 6))
    refuted = [judge_size(study[:5], study[5], one_more=True).verdict == FAILS for study in studies]
    assert np.mean(refuted) == pytest.approx(0.05, abs=3 * sqrt(0.05 * 0.95 / DRAWS))
