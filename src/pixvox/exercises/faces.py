"""Checks of lesson 04's exercises; as in `pixvox.exercises`, untouched answers are met with silence."""

import math

import numpy as np

from pixvox.exercises.checking import say, untouched


def check_count_behind(answer):
    """Check `count_behind(score, n)`: the count that was divided by n to give a score of four digits.

    Args:
        answer: a function of a score in 0..1 and a whole number n that returns the whole number k for
            which k / n, rounded to four digits, is the score, or -1 if there is none.
    """
    cases = {
        (0.8298, 3_460): 2871,
        (0.9037, 592): 535,  # 534.99, which int() would cut to 534
        (0.8298, 220): -1,
        (0.9091, 220): 200,
        (0.8962, 592): -1,
        (0.0, 220): 0,
        (1.0, 220): 220,
    }
    given = {case: answer(*case) for case in cases}
    if untouched(*given.values()):
        return
    for (score, n), count in cases.items():
        value = given[score, n]
        if value is None or value is ...:
            return say(
                False, f"For {score:.4f} and {n:,} yours returns nothing: where no count fits, return -1."
            )
        if value != count:
            hint = f"For {score:.4f} and {n:,} it should be {count:,}, yours gives {value}."
            return say(False, f"{hint} {_why_not(score, n, count, value)}")
    return say(True, "")


def _why_not(score, n, count, value):
    """Say what is wrong with a count."""
    if count == -1:
        return f"{value} / {n:,} is {value / n:.4f}: divide again and see whether the score comes back."
    if value == -1:
        quotient = f"{count:,} / {n:,} is {count / n:.6f}"
        return f"{quotient}: round that to four digits before you compare. Counts go from 0 to n."
    return f"{score:.4f} times {n:,} is {score * n:.2f}: which count is the nearest?"


def _face_parameters(side, window, padding, *, channels=3, bias=1, rounded=math.floor):
    """Count the parameters of P2's network, or what a usual mistake makes of them."""
    total = 0
    for maps in (32, 32, 64):
        total += window * window * channels * maps + bias * maps
        side = rounded((side - (window - 1 if padding == "valid" else 0)) / 2)
        channels = maps
    return total + side * side * 64 * 64 + bias * 64 + 64 + bias


def check_face_parameters(answer):
    """Check `face_parameters(side, window, padding)`, the number of parameters of P2's base network.

    Args:
        answer: a function of two whole numbers, the side of the pictures and of the windows in pixels, and
            "same" or "valid", that returns a whole number: 618,593 for 100, 3 and "same".
    """
    cases = [(100, 3, "same"), (100, 5, "same"), (100, 5, "valid"), (64, 3, "same"), (75, 3, "valid")]
    given = {case: answer(*case) for case in cases}
    if untouched(*given.values()):
        return
    for case in cases:
        wanted = _face_parameters(*case)
        if given[case] != wanted:
            hint = f"For {case} it should be {wanted:,}, yours gives {given[case]}."
            return say(False, f"{hint} {_why_so_many_parameters(given[case], case)}")
    return say(True, "")


def _why_so_many_parameters(count, case):
    """Name the mistake that makes this count, if it is a usual one."""
    side, window, _ = case
    if count == _face_parameters(*case, bias=0):
        return "Each map and each unit has a bias, too."
    if count == _face_parameters(*case, channels=1):
        return "The pictures are in colour: three channels come in."
    if count in (_face_parameters(*case, rounded=math.ceil), _face_parameters(*case, rounded=float)):
        return "The pooling drops an odd row: 25 gives 12."
    if count == _face_parameters(side, window, "same"):
        return "With 'valid' each convolution takes (window - 1) off the side, before the pooling."
    return (
        "A convolution has window x window x channels in x channels out, plus channels out. The dense "
        "layer reads side x side x 64 numbers of the last pooled map: follow the side to there."
    )


def _best_score(models, pictures, accuracy):
    """Return mean and standard deviation of the best of so many binomial scores, exactly."""
    from scipy.stats import binom

    counts = np.arange(pictures + 1)
    chances = np.diff(binom.cdf(counts, pictures, accuracy) ** models, prepend=0.0)  # all are at most that
    mean = np.sum(chances * counts)
    return mean / pictures, math.sqrt(np.sum(chances * (counts - mean) ** 2)) / pictures


def check_best_of(answer):
    """Check `best_of(models, pictures, accuracy, rng)`: what the best of equally good models scores.

    The exact mean is computed beside it; six standard errors of 1,000 repetitions are allowed, so that a
    right answer practically always passes.

    Args:
        answer: a function of two whole numbers, an accuracy in 0..1 and a NumPy random generator that
            simulates 1,000 repetitions or more and returns a number in 0..1.
    """
    cases = ((9, 220, 0.89), (1, 220, 0.89), (100, 592, 0.89), (4, 50, 0.6))
    for models, pictures, accuracy in cases:
        given = answer(models, pictures, accuracy, np.random.default_rng(0))
        if given is None or given is ...:
            if models == cases[0][0]:
                return
            return say(False, f"For {models} models and {pictures} pictures yours returns nothing.")
        if np.ndim(given):
            return say(False, f"Expected one number, the mean, got an array of shape {np.shape(given)}.")
        given = float(given)
        if given > 1:
            return say(False, f"A score is a share, 0 to 1, yours is {given:.4g}: divide by the pictures.")
        wanted, spread = _best_score(models, pictures, accuracy)
        allowed = 6 * spread / math.sqrt(1000)
        if not abs(given - wanted) <= allowed:
            shown = f"{models} models" if models > 1 else "1 model"
            shown = f"For {shown}, {pictures} pictures and {accuracy} it should be about {wanted:.4f}"
            hint = (
                "Draw one score for each model, keep the best of them, and repeat; then take the mean over "
                "the repetitions."
            )
            if models > 1 and abs(given - accuracy) <= allowed:
                hint = "That is the mean of all scores. Keep the best of each repetition only."
            elif abs(given - (wanted - accuracy)) <= allowed:
                hint = "That is by how much the best flatters. Return the best score itself."
            return say(False, f"{shown}, yours is {given:.4f}. {hint}")
    return say(True, "")


def check_pictures_needed(answer):
    """Check `pictures_needed(first, second)`: pictures for each of two models to tell their accuracies apart.

    Args:
        answer: a function of two accuracies in 0..1 that returns a whole number, for a two-sided test at
            5 % that finds the difference in 80 % of cases. One per cent more or less is accepted.
    """
    cases = ((0.89, 0.91), (0.91, 0.83), (0.5, 0.9), (0.98, 0.99), (0.4, 0.9))  # the last: 10.35
    given = {case: answer(*case) for case in cases}
    if untouched(*given.values()):
        return
    for first, second in cases:
        if given[first, second] is None:
            return say(False, f"For {first} and {second} yours returns nothing.")
        value, difference = float(given[first, second]), abs(first - second)
        exact = (1.96 + 0.84) ** 2 * (first * (1 - first) + second * (1 - second)) / difference**2
        wanted = math.ceil(exact)
        if value % 1 == 0 and abs(value - wanted) <= 0.01 * wanted:
            continue
        hint = f"For {first} and {second} it should be {wanted:,}, yours is {value:,.6g}."
        return say(False, f"{hint} {_why_so_many_pictures(value, exact, difference)}")
    return say(True, "")


def _why_so_many_pictures(value, exact, difference):
    """Name the mistake that makes this number of pictures, if it is a usual one."""
    if abs(value - exact) <= max(1, 0.01 * exact):
        return "That many pictures, and not a part of one: round up."
    hints = {
        1 / 2.8: "The sum 1.96 + 0.84 is squared.",
        1.96**2 / 2.8**2: "With 1.96 alone the difference is missed half the time: 0.84 is for the 80 %.",
        2.485**2 / 2.8**2: "A two-sided test at 5 % leaves 2.5 % on each side: 1.96.",
        1 / 2: "Both scores scatter: add the two p (1 - p), do not average them.",
        2: "So many for each model, not for both together.",
        difference: "The difference is squared.",
    }
    found = [hint for factor, hint in hints.items() if abs(value / exact / factor - 1) < 0.009]
    return (*found, "Take it apart: the square of 2.8, the sum of two p (1 - p), the difference squared.")[0]


def check_split_people(answer):
    """Check `split_people(identities, share, rng)`, which draws people, each with all their pictures.

    Args:
        answer: a function of whole numbers (n,), who is in each picture; a share in 0..1; and a NumPy
            random generator. It returns booleans (n,), True for all pictures of the people that are drawn.
    """
    rng = np.random.default_rng(0)
    for people, share in ((40, 0.2), (31, 0.25), (33, 0.25)):
        numbers = rng.choice(1000, people, replace=False)
        identities = rng.permutation(np.repeat(numbers, rng.integers(1, 7, people)))
        given = [answer(identities.copy(), share, np.random.default_rng(seed)) for seed in (0, 0, 1)]
        if untouched(*given) and people == 40:  # the first case
            return
        for drawn in given:
            hint = _wrong_split(drawn, identities, round(people * share))
            if hint:
                return say(False, hint)
        first, again, other = given
        if not np.array_equal(first, again):
            return say(
                False, "The same rng gives other people the second time: draw with rng, not np.random."
            )
        if np.array_equal(first, other):
            return say(False, "Another rng gives the same people: draw them with rng.")
    return say(True, "")


def _wrong_split(drawn, identities, wanted):
    """Say what is wrong with a split of so many people; "" if nothing is."""
    if not isinstance(drawn, np.ndarray):
        return f"Expected an array of booleans, one for each picture, got {type(drawn).__name__}."
    if drawn.shape != identities.shape or drawn.dtype != bool:
        expected = f"Expected {len(identities)} booleans, one for each picture"
        return f"{expected}, got the shape {drawn.shape} of {drawn.dtype}. np.isin makes such an array."
    divided = np.intersect1d(identities[drawn], identities[~drawn])
    if len(divided):
        return (
            f"Person {divided[0]} has pictures on both sides, and so have {len(divided) - 1} others. Draw "
            "among the people (np.unique), not among the pictures."
        )
    people, came = len(np.unique(identities)), len(np.unique(identities[drawn]))
    if came == wanted:
        return ""
    shown = f"Of {people} people {wanted} should be drawn, yours are {came}."
    if came == people - wanted:
        return f"{shown} True is for the people that are drawn, not for the others."
    return (
        f"{shown} Draw nobody twice (replace=False), take the share of the people and not of the pictures, "
        "and round it to the nearest."
    )
