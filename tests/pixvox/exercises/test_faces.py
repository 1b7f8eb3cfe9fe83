"""What the checks on young and old faces say to right and wrong answers."""

import math

import numpy as np
import pandas as pd
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import faces as exercises


def count_behind(score, n):
    fits = [k for k in range(n + 1) if round(k / n, 4) == score]
    return fits[0] if fits else -1


def nearest(score, n):
    return round(score * n)


def cut_off(score, n):
    return int(score * n) if round(int(score * n) / n, 4) == score else -1


def paired_interval(first, second, people, ddof=1):
    means = pd.Series(1.0 * first - second).groupby(people).mean()
    half = 1.96 * means.sem(ddof=ddof)
    return means.mean() - half, means.mean() + half


def centred_on_pictures(first, second, people):
    low, high = paired_interval(first, second, people)
    middle = np.mean(1.0 * first - second)
    return middle - (high - low) / 2, middle + (high - low) / 2


def by_picture(first, second, people):
    return paired_interval(first, second, np.arange(len(people)))


def per_root_of_pictures(first, second, people):
    means = pd.Series(1.0 * first - second).groupby(people).mean()
    half = 1.96 * means.std() / len(people) ** 0.5
    return means.mean() - half, means.mean() + half


def spread_of_people(first, second, people):
    means = pd.Series(1.0 * first - second).groupby(people).mean()
    return means.mean() - 1.96 * means.std(), means.mean() + 1.96 * means.std()


def seeds_needed(differences, points, reach=2.8, ddof=1):
    spread = reach * np.std(differences, ddof=ddof)
    return next(k for k in range(2, 10_000_000) if spread / k**0.5 <= points)


def winners_curse(chosen_by, judged_by):
    lost = [one[one.argmax()] - other[one.argmax()] for one, other in zip(chosen_by, judged_by, strict=True)]
    return sum(lost) / len(lost)


def split_people(identities, share, rng, rounded=round, replace=False, among=np.unique):
    people = among(identities)
    return np.isin(identities, rng.choice(people, rounded(len(people) * share), replace=replace))


def first_numbers(identities):
    return np.arange(len(np.unique(identities)))


def window_of_people(identities, share, rng):
    people = np.unique(identities)
    return np.isin(identities, np.roll(people, rng.integers(len(people)))[: round(len(people) * share)])


def first_is_drawn(identities, share, rng):
    first, *others = np.unique(identities)
    drawn = rng.choice(others, round((len(others) + 1) * share) - 1, replace=False)
    return np.isin(identities, [first, *drawn])


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_count_behind: [
            (count_behind, RIGHT),
            (nearest, "Divide again"),
            (cut_off, "do not cut off"),
            (lambda score, n: nearest(score, n) if nearest(score, n) / n == score else -1, "Round k / n"),
            (lambda score, n: count_behind(score, n) or -1, "from 0 to n"),
        ],
        exercises.check_paired_interval: [
            (paired_interval, RIGHT),
            (lambda *case: list(paired_interval(*case)), RIGHT),
            (by_picture, "not independent"),
            (per_root_of_pictures, "not of pictures"),
            (spread_of_people, "root of their number"),
            (lambda first, second, people: paired_interval(second, first, people), "First minus second"),
            (lambda *case: paired_interval(*case)[::-1], "(low, high)"),
            (lambda *case: 100 * np.array(paired_interval(*case)), "not points"),
            (lambda *case: paired_interval(*case, ddof=0), "ddof=1"),
            (centred_on_pictures, "Centre it"),
            (lambda *case: np.mean(paired_interval(*case)), "shape (2,)"),
            (lambda first, second, people: paired_interval(first, second, people // 6), "its mean for each"),
        ],
        exercises.check_seeds_needed: [
            (seeds_needed, RIGHT),
            (lambda *case: seeds_needed(*case) - 1, "2.8 sd"),
            (lambda *case: seeds_needed(*case, reach=1.96), "half of the cases"),
            (lambda *case: seeds_needed(*case, ddof=0), "ddof=1"),
            (lambda values, points: max(2, int((2.8 * np.std(values, ddof=1) / points) ** 2)), "Round up"),
            (lambda values, points: max(2, math.ceil(2.8 * np.std(values, ddof=1) / points)), "square"),
            (lambda values, points: math.ceil((2.8 * np.std(values, ddof=1) / points) ** 2), "Two seeds"),
            (lambda *case: seeds_needed(*case) + 0.5, "whole number"),
            (lambda values, points: max(2, round((2.8 * np.std(values, ddof=1) / points) ** 2)), "Round up"),
            (lambda values, points: seeds_needed(values, points / 100), "in points already"),
        ],
        exercises.check_winners_curse: [
            (winners_curse, RIGHT),
            (lambda one, other: winners_curse(other, one), "highest score of the first"),
            (lambda one, other: (one.max(axis=1) - other.max(axis=1)).mean(), "not minus their best"),
            (lambda *case: -winners_curse(*case), "minus the other"),
            (
                lambda one, other: (one.max(axis=0) - other[one.argmax(axis=0), range(one.shape[1])]).mean(),
                "argmax",
            ),
            (lambda one, other: one.max(axis=1).mean(), "the same model's in the second"),
            (lambda one, other: (one - other)[:, one.argmax(axis=1)].mean(), "its own column"),
            (lambda one, other: (one - other)[:, one.mean(axis=0).argmax()].mean(), "by itself"),
        ],
        exercises.check_split_people: [
            (split_people, RIGHT),
            (lambda *case: list(split_people(*case)), "array of"),
            (lambda *case: np.flatnonzero(split_people(*case)), "booleans"),
            (lambda *case: split_people(*case).astype(int), "booleans"),
            (lambda who, share, rng: rng.random(len(who)) < share, "both sides"),
            (lambda *case: ~split_people(*case), "mark those drawn"),
            (lambda *case: split_people(*case, replace=True), "replace=False"),
            (lambda *case: split_people(*case, rounded=int), "Of 31 people 8"),
            (lambda who, share, rng: split_people(who, share, np.random.default_rng(1)), "draw with rng"),
            (lambda *case: split_people(*case, among=first_numbers), "among np.unique"),
            (window_of_people, "everyone"),
            (first_is_drawn, "everyone"),
        ],
    }
)


def test_the_posted_figures_are_among_the_answers():
    assert [count_behind(0.8298, n) for n in (3_460, 220)] == [2871, -1]
