"""Checks of the exercises on young and old faces."""

import math

import numpy as np

from pixvox.exercises.checking import Hint, call, compared, exercise, show

DRAWS = 100  # who belongs to a fifth is missing in all of them once in 10 ** 9


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


def _made_answers(pictures, seed):
    """Return made-up answers of two networks, (n,) booleans, and whose pictures they are; some have more."""
    rng = np.random.default_rng(seed)
    people = np.sort(rng.integers(0, pictures // 4, pictures)) * 3 + 5
    return rng.random(pictures) < 0.8, rng.random(pictures) < 0.6 + 0.3 * (people % 2), people


@compared(
    cases=[_made_answers(24, 0), _made_answers(60, 1), _made_answers(101, 2)],
    mistakes={
        "Pictures of one person are not independent: take the mean of each person first.": [
            lambda first, second, people: _interval(first.astype(float) - second)
        ],
        "The spread of a mean is that of single people, divided by the root of their number.": [{"root": 0}],
        "Divide by the root of the number of people, not of pictures.": [{"of_pictures": True}],
        "Take 1.96 standard errors to each side.": [{"reach": 1.0}, {"reach": 3.92}],
        "Take the standard deviation with ddof=1.": [{"ddof": 0}],
        "Centre it on the mean of the people, not of the pictures.": [{"centre": "pictures"}],
        "A share, 0 to 1, not points.": [{"scale": 100}],
        "First minus second.": [{"sign": -1}],
    },
    usual="A difference for each picture (1, 0 or -1), its mean for each person, then the mean of these and "
    "1.96 times their standard deviation (ddof=1) over the root of their number: return (low, high).",
)
def check_paired_interval(first, second, people, scale=1, sign=1, **settings):
    """Check `paired_interval(first, second, people)`: (low, high) of first minus second, over people."""
    difference = scale * sign * (first.astype(float) - second)
    of_people = np.array([difference[people == person].mean() for person in np.unique(people)])
    if settings.pop("of_pictures", False):
        settings["count"] = len(people)
    if settings.pop("centre", None):
        return _interval(of_people, **settings) + difference.mean() - of_people.mean()
    return _interval(of_people, **settings)


def _interval(values, reach=1.96, root=0.5, count=None, ddof=1):
    """Return the interval of a mean."""
    half = reach * values.std(ddof=ddof) / (count or len(values)) ** root
    return np.array([values.mean() - half, values.mean() + half])


@compared(
    cases=[
        (np.array([1.2, -0.4, 2.5, 0.3, 1.9]), 1.0),
        (np.array([0.2, -6.1, -8.3, 1.2, 1.0]), 1.0),
        (np.array([0.2, -6.1, -8.3, 1.2, 1.0]), 4.0),
        (np.array([0.5, 0.1, 0.9, 0.4]), 3.0),
        (np.array([3.0, 1.0]), 0.5),
    ],
    mistakes={
        "Round up.": [{"rounded": math.floor}, {"rounded": round}],
        "The differences are in points already, and so is what is to be found.": [{"reach": 280}],
        "Two seeds at least: one has no spread.": [
            lambda differences, points: math.ceil((2.8 * np.std(differences, ddof=1) / points) ** 2)
        ],
        "Take the standard deviation with ddof=1.": [{"ddof": 0}],
        "2.8 standard errors, not 1.96: else it is found in half of the cases.": [{"reach": 1.96}],
        "The number of seeds goes with the square.": [{"power": 1}],
    },
    usual="2.8 sd / sqrt(k) must not be above the points: solve for k, round up, and take 2 at least.",
)
def check_seeds_needed(differences, points, reach=2.8, ddof=1, power=2, rounded=math.ceil):
    """Check `seeds_needed(differences, points)`: the seeds that find so many points in four of five cases."""
    return max(2, rounded((reach * np.std(differences, ddof=ddof) / points) ** power - 1e-9))


@compared(
    cases=[
        tuple(np.random.default_rng(seed).uniform(0.8, 0.95, (2, *shape)))
        for seed, shape in enumerate([(4, 9), (10, 3), (1, 5)])
    ],
    mistakes={
        "Choose by the first table in each row, not by the second.": [{"choose": 1}],
        "Each row has a winner of its own: argmax(axis=1).": [{"axis": 0}],
        "Each row takes its own column: chosen_by[np.arange(len(chosen_by)), winner].": [
            lambda one, other: (one[:, one.argmax(axis=1)] - other[:, one.argmax(axis=1)]).mean()
        ],
        "Choose in each row by itself, not by the means of the columns.": [
            lambda one, other: (one - other)[:, one.mean(axis=0).argmax()].mean()
        ],
        "Minus the same model's score on the others, not minus their best.": [{"best": True}],
        "Score by which it was chosen, minus the other.": [{"sign": -1}],
    },
    usual="In each row find the model with the highest score of the first table; take that score minus the "
    "same model's in the second; return the mean over the rows.",
)
def check_winners_curse(chosen_by, judged_by, choose=0, axis=1, best=False, sign=1):
    """Check `winners_curse(chosen_by, judged_by)`: how much the winner of a row loses, mean over the rows."""
    tables = chosen_by, judged_by
    if axis == 0:
        winner = chosen_by.argmax(axis=0), np.arange(chosen_by.shape[1])
    else:
        winner = np.arange(len(chosen_by)), tables[choose].argmax(axis=1)
    judged = judged_by.max(axis=1) if best else judged_by[winner]
    return sign * (chosen_by[winner] - judged).mean()


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
