"""Verdicts on statements: rules that are fixed before the numbers are seen. Pure functions of numbers.

Accuracies and their differences are shares of 0..1. An interval over seeds says nothing of other pictures;
where it is known which pictures were right, what their choice adds to the uncertainty is added.
"""

from math import inf, sqrt
from typing import NamedTuple

import numpy as np
import scipy

HOLDS, IN_PART, FAILS = "holds", "holds in part", "does not hold"
NOT_SETTLED, NOT_MEASURED = "not settled", "not measured here"
VERDICTS = (HOLDS, IN_PART, FAILS, NOT_SETTLED, NOT_MEASURED)
DELTA = 0.01  # the smallest difference in accuracy that matters, unless a statement names another
FEWEST = 3  # seeds that a verdict needs: two often agree by chance
LIMIT = 0.02  # a posted accuracy that is known no better than this is not settled
MOST = 100_000


class Finding(NamedTuple):
    """A verdict, and the numbers behind it.

    Attributes:
        verdict: `HOLDS`, `FAILS` or `NOT_SETTLED`.
        value: what was measured: the mean of the differences, or of the accuracies.
        half: half the width of its 95 % interval.
        needed: of what is not settled, how many seeds would settle it if mean and spread stayed as they are;
            inf where no number of seeds would, for want of pictures; else None.
        pictures: where no number of seeds would, how many pictures would, with enough seeds; inf for none.
    """

    verdict: str
    value: float
    half: float
    needed: float | None = None
    pictures: float | None = None


def judge_count(posted, measured):
    """Judge whole numbers: each must be equal. Returns `HOLDS`, `IN_PART` or `FAILS`.

    Raises:
        ValueError: if there are more of one than of the other.
    """
    return combine([HOLDS if one == other else FAILS for one, other in zip(posted, measured, strict=True)])


def combine(verdicts):
    """Return the verdict on a statement of several parts: theirs where they agree, else in part.

    What is not settled or not measured is open: beside an open part, what holds holds in part, and what fails
    leaves the whole not settled.
    """
    found = set(verdicts)
    if len(found) == 1:
        return found.pop()
    return IN_PART if HOLDS in found or IN_PART in found else NOT_SETTLED


def judge_difference(differences, *, delta=DELTA, right=None):
    """Judge "A is better than B" by paired differences, A minus B, one a seed.

    It does not hold if the interval lies below `delta`: then there is no difference, or one too small to
    matter. It holds if the interval lies above 0, and else is not settled.

    Args:
        differences: (k,) numbers, k at least 2.
        delta: the smallest difference that matters.
        right: where it is known, for each picture the share of seeds with which A is right, minus B's share,
            (n,) numbers of -1..1: what their spread over pictures adds is added.
    """
    mean = _mean(differences)

    def verdict(half):
        if mean + half < delta:
            return FAILS
        return HOLDS if mean - half > 0 else NOT_SETTLED

    return _settle(verdict, differences, right)


def judge_no_difference(differences, *, margin, right=None):
    """Judge "it makes no difference": the interval must lie within the margin, on both sides of 0.

    Wholly outside, it does not hold; else it is not settled. The arguments are those of `judge_difference`.
    """
    mean = _mean(differences)

    def verdict(half):
        if abs(mean) + half <= margin:
            return HOLDS
        return FAILS if abs(mean) - half > margin else NOT_SETTLED

    return _settle(verdict, differences, right)


def judge_size(numbers, size, *, one_more=False):
    """Judge "it is so large": outside the 95 % interval of the mean it does not hold.

    Inside, it holds if half the interval is at most half the size, for a wide interval contains every size;
    else it is not settled.

    Args:
        numbers: (k,), one a seed, k at least 2.
        size: the number that is claimed.
        one_more: whether it comes from one training: then the interval is where one more of ours would lie.
    """
    mean = _mean(numbers)

    def verdict(half):
        if abs(mean - size) > half:
            return FAILS
        return HOLDS if half <= abs(size) / 2 else NOT_SETTLED

    return _settle(verdict, numbers, one_more=one_more)


def judge_bound(number, bound, *, at_most):
    """Judge a number that no chance is in: `HOLDS` if it is at most (or at least) the bound, else `FAILS`."""
    return HOLDS if (number <= bound if at_most else number >= bound) else FAILS


def _mean(numbers):
    """Return the mean of two finite numbers or more; ValueError of others, which have no interval."""
    if len(numbers) < 2 or not np.isfinite(numbers).all():
        raise ValueError(f"expected two finite numbers or more, one a seed, got {list(numbers)}")
    return float(np.mean(numbers))


def _picture_half(right):
    """Return what the choice of pictures adds to half an interval, 0 where it is not known."""
    return 0.0 if right is None else 1.96 * float(np.std(right, ddof=1)) / sqrt(len(right))


def _settle(verdict, differences, right=None, *, one_more=False):
    """Return the finding of a rule, a function of half the interval; with what would settle it."""
    spread, count, pictures = float(np.std(differences, ddof=1)), len(differences), _picture_half(right)

    def half(seeds):
        wider = sqrt(seeds + 1) if one_more else 1.0
        return _half(wider * spread, seeds, pictures)

    def settles(width):
        return verdict(width) != NOT_SETTLED

    found = Finding(verdict(half(count)), float(np.mean(differences)), half(count))
    if found.verdict != NOT_SETTLED:
        return found
    needed = _fewest(lambda seeds: settles(half(seeds)), count)
    if needed < inf or not pictures:
        return found._replace(needed=needed)
    total = len(right)
    more = _fewest(lambda shown: settles(pictures * sqrt(total / shown)), total)
    return found._replace(needed=needed, pictures=more)


def _half(spread, count, pictures=0.0):
    """Return half of Student's 95 % interval of a mean over seeds, with what the pictures add."""
    return sqrt((scipy.stats.t.ppf(0.975, count - 1) * spread / sqrt(count)) ** 2 + pictures**2)


def _fewest(settles, count):
    """Return the smallest number above `count`, of seeds or pictures, that settles; inf for none.

    It is found by halving, up to `MOST`.
    """
    high = 2 * count
    while not settles(high):
        high *= 2
        if high > MOST:
            return inf
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if settles(middle) else (middle, high)
    return high


def judge_posted(posted, accuracies, *, spread, freedom, pictures=None, rounding=0.0):
    """Judge one posted accuracy by where one more training of ours would come to lie, at 95 %.

    Outside, it does not hold. Inside, it holds if the interval is narrow enough to mean something: half of it
    at most `LIMIT` and half the posted error. Else it is not settled.

    Args:
        posted: one accuracy of one training.
        accuracies: ours, (k,), one a seed, of the same statistic (best epoch or last, validation or test).
        spread: standard deviation over seeds, pooled over the comparable arms of a study.
        freedom: its degrees of freedom: the sum of k - 1 over those arms.
        pictures: (how many they, how many we measured on), where the pictures are not the same.
        rounding: how far the posted figure may be rounded.

    Returns:
        `Finding`; `needed` is inf where one posted run cannot settle it, however many trainings we add.
    """
    mean, count, limit = float(np.mean(accuracies)), len(accuracies), posted_limit(posted)
    chance = picture_chance(mean, pictures) if pictures else 0.0

    def half(seeds):
        student = scipy.stats.t.ppf(0.975, freedom + seeds - count)
        return sqrt((student * spread * sqrt(1 + 1 / seeds)) ** 2 + chance**2) + rounding

    if abs(posted - mean) > half(count):
        return Finding(FAILS, mean, half(count))
    if half(count) <= limit:
        return Finding(HOLDS, mean, half(count))
    needed = _fewest(lambda seeds: half(seeds) <= limit or abs(posted - mean) > half(seeds), count)
    return Finding(NOT_SETTLED, mean, half(count), needed)


def posted_limit(posted):
    """Return how wide half the interval of a posted accuracy may be, for it to hold."""
    return min(LIMIT, (1 - posted) / 2)


def picture_chance(accuracy, pictures):
    """Return half the 95 % interval that comes from two sets of pictures, (theirs, ours), being others."""
    return 1.96 * sqrt(accuracy * (1 - accuracy) * sum(1 / count for count in pictures))
