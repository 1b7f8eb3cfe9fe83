"""Arithmetic with figures that P2 and P4 post: shares of whole numbers, the best of many, a copying slip."""

from functools import partial

import numpy as np
import scipy  # its parts load when they are first asked for

# P2's, as it prints them, variant by variant; LeakyReLU has two validation scores, its best and its last.
TEST_SCORES = "0.8298 0.8636 0.8962 0.8902 0.9124 0.8902 0.8737 0.8688 0.8361".split()
VALIDATION_SCORES = "0.9139 0.9105 0.9037 0.9003 0.8970 0.8986 0.9054 0.8885 0.8497 0.8581".split()
FIRST_SCORE = 0.829768787  # on test pictures, of the base network; P2 has more digits of this one
SCORES = 10_001  # that have four decimals, 0.0000 to 1.0000

BATCH_SIZE = 20  # P4's
COPIES = (  # P4's: kind, numbers of the pictures, the folder they go to
    ("cat", range(1_000, 1_500), "validation"),
    ("cat", range(1_500, 2_000), "test"),
    ("dog", range(1_000, 1_500), "validation"),
    ("dog", range(1_500, 2_000), "validation"),  # the slip
)


def shares(pictures):
    """Return all that an accuracy over so many pictures can be, a set of texts with four decimals."""
    return {f"{right / pictures:.4f}" for right in range(pictures + 1)}


def count_shares(scores, pictures):
    """Return how many posted scores are a share of so many pictures."""
    return [sum(score in shares(pictures) for score in scores)]


def expect_shares(scores, pictures):
    """Return how many of as many scores would be, each drawn at random of all with four decimals."""
    return [len(scores) * len(shares(pictures)) / SCORES]


def distance(pictures):
    """Return how far the first score times so many pictures is from a whole number."""
    product = FIRST_SCORE * pictures
    return [abs(product - round(product))]


def best_of_halves():
    """Return the mean best of 100 epochs' accuracies on random halves: 592 of 1,200, of which .89 are right.

    The network is the same in all epochs; 2,000 trainings are simulated.
    """
    right = round(0.89 * 1_200)
    halves = np.random.default_rng(0).hypergeometric(right, 1_200 - right, 592, size=(2_000, 100))
    return [halves.max(axis=1).mean() / 592]


def copied(part):
    """Return the pictures that P4's code copies into a folder, as texts such as "cat.1500"."""
    return [f"{kind}.{number}" for kind, numbers, target in COPIES for number in numbers if target == part]


def answer_dog():
    """Return the accuracy of a network that always says dog, on the validation folder of the slip."""
    return [np.mean([name.startswith("dog") for name in copied("validation")])]


def count_extracted():
    """Return how many different pictures P4's loop takes when it asks the test folder for 1,000."""
    taken, wanted, batches = [], 1_000, 0
    for batch in _deal_for_ever(copied("test"), np.random.default_rng(0)):
        taken.extend(batch)
        batches += 1
        if batches * BATCH_SIZE >= wanted:
            break
    return [len(set(taken))]


def _deal_for_ever(names, rng):
    """Yield batches as Keras's generators do: always all names again, in a new order."""
    while True:
        order = rng.permutation(names)
        for place in range(0, len(order), BATCH_SIZE):
            yield order[place : place + BATCH_SIZE].tolist()


def pictures_needed(first, second):
    """Say how many pictures two models must be tested on, each on its own, to tell their accuracies apart.

    Args:
        first, second: the true accuracies, 0..1, not equal.

    Returns:
        the number of pictures for each model, a whole number: with so many, a two-sided test at 5 % finds the
        difference four times in five.

    Raises:
        ValueError: if the two are equal or not in 0..1.

    Source: A. Agresti (2013), "Categorical Data Analysis": the normal approximation, variance not pooled.
    """
    if not (0 <= first <= 1 and 0 <= second <= 1) or first == second:
        raise ValueError(f"expected two different accuracies in 0..1, got {first} and {second}")
    reach = scipy.stats.norm.ppf(0.975) + scipy.stats.norm.ppf(0.8)
    pictures = reach**2 * (first * (1 - first) + second * (1 - second)) / (first - second) ** 2
    return max(1, int(np.ceil(pictures)))


def two_points():
    """Return the pictures that each of two networks needs so that .89 and .91 are told apart."""
    return [pictures_needed(0.89, 0.91)]


QUANTITIES = {
    "copying slip, constant answer": answer_dog,
    "copying slip, distinct test pictures": count_extracted,
    "test scores that are k of 220": partial(count_shares, TEST_SCORES, 220),
    "test scores that are k of 3460": partial(count_shares, TEST_SCORES, 3460),
    "validation scores that are k of 592": partial(count_shares, VALIDATION_SCORES, 592),
    "validation scores that are k of 1200": partial(count_shares, VALIDATION_SCORES, 1200),
    "chance of k of 220": partial(expect_shares, TEST_SCORES, 220),
    "chance of k of 3460": partial(expect_shares, TEST_SCORES, 3460),
    "chance of k of 592": partial(expect_shares, VALIDATION_SCORES, 592),
    "chance of k of 1200": partial(expect_shares, VALIDATION_SCORES, 1200),
    "first score times 3460": partial(distance, 3460),
    "first score times 220": partial(distance, 220),
    "best of 100 halves": best_of_halves,
    "pictures to tell two points": two_points,
}
