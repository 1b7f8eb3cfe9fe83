"""Checks of the exercises on young and old faces."""

import math

import numpy as np

from pixvox.exercises.checking import Hint, call, compare, compared, exercise, show

DRAWS = 100  # who belongs to a fifth is missing in all of them once in 10 ** 9
BEST = "Draw a score for each model, keep the best, repeat 1,000 times or more, and take the mean of these."


@compared(
    # int() cuts 534.99 of 592 to 534; 200 / 220 is .90909, not .9090 and yet within .0001 of it
    cases=[(0.8298, 3460), (0.9037, 592), (0.8298, 220), (0.9091, 220), (0.909, 220), (0.0, 220), (1.0, 220)],
    mistakes={
        "Divide again and see whether the score comes back.": [lambda score, n: round(score * n)],
        "Round k / n to four digits before you compare.": [{"digits": 12}, {"within": 1e-4}],
        "534.99 is nearest to 535: round, do not cut off.": [{"whole": int}],
    },
    usual="Counts go from 0 to n; where none fits, return -1.",
)
def check_count_behind(score, n, digits=4, within=1e-9, whole=round):
    """Check `count_behind(score, n)`: the k for which k / n, rounded to four digits, is the score, or -1."""
    count = whole(score * n)
    return count if abs(round(count / n, digits) - score) < within else -1


@compared(
    cases=[(100, 3, "same"), (100, 5, "same"), (100, 5, "valid"), (64, 3, "same"), (75, 3, "valid")],
    mistakes={
        "Each map and each unit has a bias, too.": [{"bias": 0}],
        "The pictures are in colour: three channels come in.": [{"channels": 1}],
        "The pooling drops an odd row: 25 gives 12.": [{"rounded": math.ceil}],
    },
    usual="A convolution has window x window x channels in x channels out, plus channels out; 'valid' takes "
    "(window - 1) off the side. The dense layer reads side x side x 64 numbers: follow the side.",
)
def check_face_parameters(side, window, padding, channels=3, bias=1, rounded=math.floor):
    """Check `face_parameters(side, window, padding)`: the parameters of P2's base network."""
    total = 0
    for maps in (32, 32, 64):
        total += window * window * channels * maps + bias * maps
        side = rounded((side - (window - 1 if padding == "valid" else 0)) / 2)
        channels = maps
    return total + side * side * 64 * 64 + bias * 64 + 64 + bias


@exercise
def check_best_of(answer):
    """Check `best_of(models, pictures, accuracy, rng)`: the mean of the best score of equally good models.

    One per cent of the exact mean is five standard errors of 1,000 repetitions or more, so a right answer
    practically always passes. A mean of n scores on ten pictures, times 10 n, is a whole number.
    """

    def simulate(models, pictures, accuracy, seed=0):
        return answer(models, pictures, accuracy, np.random.default_rng(seed))

    compare(
        simulate,
        _best_of,
        cases=[(9, 220, 0.89), (1, 220, 0.89), (100, 592, 0.89), (4, 200, 0.6)],
        mistakes={
            "A score is a share, 0 to 1: divide by the pictures.": [{"scale": 100}, {"scale": None}],
            "That is the mean of all scores. Keep the best of each repetition.": [lambda *case: case[2]],
        },
        usual=BEST,
        tolerance=0.01,
    )
    many = [float(call(simulate, 2, 10, 0.6, seed)) for seed in (0, *range(40))]
    if many[0] != many[1] or len(set(many)) == 1:
        raise Hint("The same rng gives the same number, another rng another: draw with rng alone.")
    counts = np.outer(many, 10 * np.arange(1, 1000))
    if np.any(np.all(np.abs(counts - counts.round()) < 1e-6, axis=0)):
        raise Hint(f"That is a mean of fewer than 1,000 scores. {BEST}")


def _best_of(models, pictures, accuracy, scale=1):
    """Return the exact mean of the best of so many binomial scores, as a share or, without scale, a count."""
    from scipy.stats import binom  # takes a while to load

    chances = 1 - binom.cdf(np.arange(pictures), pictures, accuracy) ** models  # of more than 0, 1...
    return chances.sum() * (scale or pictures) / pictures


@compared(
    cases=[(0.89, 0.91), (0.91, 0.83), (0.5, 0.9), (0.98, 0.99), (0.4, 0.9)],  # the last: 10.35
    mistakes={
        "Round up.": [{"rounded": math.floor}],
        "The sum is squared, of 1.96 and 0.84.": [{"reach": 2.8**0.5}, {"reach": 1.96}, {"reach": 2.485}],
        "So many for each model, not for both.": [lambda *pair: 2 * check_pictures_needed.right(*pair)],
    },
    usual="Take it apart: the square of 2.8, the sum of the two p (1 - p), the difference squared.",
    tolerance=0.01,
)
def check_pictures_needed(first, second, reach=2.8, rounded=math.ceil):
    """Check `pictures_needed(first, second)`: pictures for each model; one per cent more or less is right."""
    return rounded(reach**2 * (first * (1 - first) + second * (1 - second)) / (first - second) ** 2)


@exercise
def check_split_people(answer):
    """Check `split_people(identities, share, rng)`: booleans (n,), True for all pictures of those drawn."""
    rng = np.random.default_rng(0)
    for people, share in ((40, 0.2), (31, 0.25), (33, 0.25)):
        numbers = rng.choice(1000, people, replace=False)
        identities = rng.permutation(np.repeat(numbers, rng.integers(1, 7, people)))
        first, *drawn = (_drawn_people(answer, identities, share, seed) for seed in (0, *range(DRAWS)))
        if first != drawn[0] or first == drawn[1]:
            raise Hint("The same rng gives the same people, another rng others: draw with rng alone.")
        turned = len(set(drawn)) < DRAWS / 2  # a list of 40 can be turned in 40 ways
        if turned or len(frozenset.union(*drawn)) < people or frozenset.intersection(*drawn):
            raise Hint(f"Over {DRAWS} rngs everyone should be in and out, in new company: use rng.choice.")


def _drawn_people(answer, identities, share, seed):
    """Return the set of people whom the learner's function draws."""
    given = call(answer, identities, share, np.random.default_rng(seed))
    if not isinstance(given, np.ndarray) or given.shape != identities.shape or given.dtype != bool:
        expected = f"Expected an array of {len(identities)} booleans, one for each picture"
        raise Hint(f"{expected}, got {show(given)}. np.isin makes one.")
    drawn, others = set(identities[given].tolist()), set(identities[~given].tolist())
    if drawn & others:
        raise Hint("People have pictures on both sides: draw among the people (np.unique), not the pictures.")
    people, wanted = len(drawn | others), round(len(drawn | others) * share)
    if len(drawn) != wanted:
        hint = "Round the share, draw among np.unique, nobody twice (replace=False), and mark those drawn."
        raise Hint(f"Of {people} people {wanted} should be drawn, yours are {len(drawn)}. {hint}")
    return frozenset(drawn)
