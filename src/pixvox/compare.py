"""How sure a comparison is: intervals, a paired test, and how many pictures it takes."""

from typing import NamedTuple

import numpy as np
import scipy  # its parts load when they are first asked for


def wilson_interval(correct, n):
    """Give the Wilson score interval of an accuracy, at 95 %: (low, high), both in 0..1.

    Args:
        correct: number of right answers, 0..n.
        n: number of pictures, at least 1.

    Raises:
        ValueError: if n is below 1 or `correct` is not a whole number in 0..n (an accuracy is none).

    Source: E. B. Wilson (1927), Journal of the American Statistical Association 22, as in `scipy.stats`.
    """
    if n < 1 or not 0 <= correct <= n or n % 1 or correct % 1:  # an accuracy is no number of answers
        raise ValueError(f"expected 0 <= correct <= n, n >= 1, both whole, got correct={correct}, n={n}")
    interval = scipy.stats.binomtest(int(correct), int(n)).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def mean_interval(values):
    """Give (mean, low, high) of repeated measurements, with Student's t interval at 95 %.

    Args:
        values: at least two numbers, such as the accuracies of one recipe with several seeds.

    Raises:
        ValueError: if there are fewer than two values, or they are not finite.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or values.size < 2 or not np.isfinite(values).all():
        raise ValueError(f"expected two values or more, all finite, to tell a spread, got {values.tolist()}")
    half = scipy.stats.t.ppf(0.975, values.size - 1) * values.std(ddof=1) / values.size**0.5
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)


class PairedTest(NamedTuple):
    """What two models do with the same pictures; `p_value` is that of McNemar's exact test."""

    only_first: int
    only_second: int
    p_value: float


def paired_test(correct_first, correct_second):
    """Compare two models on the same pictures by McNemar's exact test.

    Pictures that both get right or both get wrong say nothing about which is better. Of the others,
    equally good models would each win half: a binomial test.

    Args:
        correct_first, correct_second: (n,) booleans, True where the model is right, of the same pictures.

    Returns:
        `PairedTest`: pictures only the first gets right, only the second, and the two-sided p value.

    Raises:
        ValueError: if the two differ in length, or are not (n,) booleans or 0 and 1.

    Source: Q. McNemar (1947), Psychometrika 12; the exact test is `scipy.stats.binomtest`.
    """
    first, second = _check_answers(correct_first), _check_answers(correct_second)
    if first.shape != second.shape:
        raise ValueError(f"expected answers to the same pictures, got {first.shape} and {second.shape}")
    only_first, only_second = int(np.sum(first & ~second)), int(np.sum(second & ~first))
    differing = only_first + only_second
    p_value = scipy.stats.binomtest(only_first, differing).pvalue if differing else 1.0
    return PairedTest(only_first, only_second, float(p_value))


def pack_answers(correct):
    """Write which pictures were right, (n,) booleans, as text: two hexadecimal digits for eight pictures."""
    return np.packbits(_check_answers(correct)).tobytes().hex()


def _check_answers(correct):
    """Return (n,) booleans, or raise ValueError: any other number would count as right."""
    found = np.asarray(correct)
    if found.ndim != 1 or not np.isin(found, (0, 1)).all():
        raise ValueError(f"expected booleans, `predicted == labels`, got {found.dtype} {found.shape}")
    return found.astype(bool)


def unpack_answers(text, n):
    """Read what `pack_answers` wrote of n pictures: (n,) booleans.

    Raises:
        ValueError: if the text is too long or too short for n pictures (eight more or less look alike).
    """
    packed = np.frombuffer(bytes.fromhex(text), dtype=np.uint8)
    if len(packed) != -(-n // 8):
        raise ValueError(f"expected the answers to {n} pictures, got {8 * len(packed)} at most")
    return np.unpackbits(packed, count=n).astype(bool)


def pictures_to_reach(wanted, pictures, accuracies):
    """Say how many pictures a learning curve needs for an accuracy.

    Between two measured points the curve is a straight line over the logarithm of the pictures.

    Args:
        wanted: an accuracy, 0 to 1.
        pictures: (n,) numbers of pictures, rising, two or more.
        accuracies: (n,) accuracies with so many.

    Returns:
        the smallest number that reaches it, not rounded; the first of `pictures` if that is enough, and
        infinity if none is.

    Raises:
        ValueError: if the two are not of one length, or not finite, or the pictures do not rise.
    """
    pictures, accuracies = np.asarray(pictures, dtype=float), np.asarray(accuracies, dtype=float)
    points = pictures.shape == accuracies.shape and pictures.ndim == 1 and len(pictures) > 1
    points = points and np.isfinite([wanted, *pictures, *accuracies]).all()
    if not points or pictures[0] <= 0 or np.any(np.diff(pictures) <= 0):
        raise ValueError(f"expected two points or more, rising from above 0, got {pictures}, {accuracies}.")
    enough = np.flatnonzero(accuracies >= wanted)
    if not len(enough):
        return float("inf")
    if enough[0] == 0:
        return float(pictures[0])
    between = slice(enough[0] - 1, enough[0] + 1)
    return float(np.exp(np.interp(wanted, accuracies[between], np.log(pictures[between]))))
