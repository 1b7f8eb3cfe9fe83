"""What the checks on young and old faces say to right and wrong answers."""

import math

import numpy as np
from scipy.stats import norm
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import faces as exercises
from pixvox.models import faces as models_faces


def count_behind(score, n):
    fits = [k for k in range(n + 1) if round(k / n, 4) == score]
    return fits[0] if fits else -1


def nearest(score, n):
    return round(score * n)


def cut_off(score, n):
    return int(score * n) if round(int(score * n) / n, 4) == score else -1


def built(side, window, padding):
    return models_faces.build_face_net(
        image_size=(side, side), kernel_size=window, padding=padding
    ).count_params()


def counted(side, window, padding, *, channels=3, bias=1, up=0):
    parameters = 0
    for maps in (32, 32, 64):
        parameters += (window**2 * channels + bias) * maps
        channels, side = maps, (side - (padding == "valid") * (window - 1) + up) // 2
    return parameters + (side**2 * 64 + bias) * 64 + 64 + bias


def scores(models, pictures, accuracy, rng, repetitions=1000):
    return rng.binomial(pictures, accuracy, (repetitions, models)) / pictures


def best_of(*arguments):
    return scores(*arguments).max(axis=1).mean()


def by_picture(models, pictures, accuracy, rng):
    best = [(rng.random((models, pictures)) < accuracy).mean(axis=1).max() for _ in range(1000)]
    return np.mean(best)


def pictures_needed(first, second, reach=1.96 + 0.84):
    return math.ceil(reach**2 * (first * (1 - first) + second * (1 - second)) / (first - second) ** 2)


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
        exercises.check_face_parameters: [
            (built, RIGHT),
            (counted, RIGHT),
            (lambda *case: counted(*case, bias=0), "bias"),
            (lambda *case: counted(*case, channels=1), "colour"),
            (lambda *case: counted(*case, up=1), "odd row"),
            (lambda side, window, padding: counted(side, window, "same"), "'valid' takes"),
            (lambda *case: 618_593, "follow the side"),
        ],
        exercises.check_best_of: [
            (best_of, RIGHT),
            (by_picture, RIGHT),
            (lambda *case: 100 * best_of(*case), "divide by the pictures"),
            (lambda *case: scores(*case).mean(), "mean of all scores"),
            (lambda *case: best_of(*case) - case[2], "Draw a score for each model"),
            (lambda *case: scores(*case).max(), "take the mean of these"),
            (lambda *case: scores(*case, repetitions=100).max(axis=1).mean(), "1,000 times or more"),
            (lambda *case: scores(*case, repetitions=500).max(axis=1).mean(), "fewer than 1,000"),
            (lambda *case: best_of(*case[:3], np.random.default_rng(1)), "draw with rng"),
        ],
        exercises.check_pictures_needed: [
            (pictures_needed, RIGHT),
            (lambda *pair: pictures_needed(*pair, norm.ppf(0.975) + norm.ppf(0.8)), RIGHT),
            (lambda *pair: pictures_needed(*pair) - 1, "Round up"),
            (lambda *pair: pictures_needed(*pair, 2.8**0.5), "squared"),
            (lambda *pair: pictures_needed(*pair, 1.645 + 0.84), "1.96 and 0.84"),
            (lambda *pair: 2 * pictures_needed(*pair), "each model"),
            (lambda *pair: pictures_needed(*pair) // 2, "Take it apart"),
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
    cases = ((100, 3, "same"), (100, 5, "same"), (100, 5, "valid"))
    assert [counted(*case) for case in cases] == [618_593, 669_281, 411_233]


def test_a_right_simulation_passes_whatever_it_draws(monkeypatch, capsys):
    make = np.random.default_rng
    for shift in range(50):
        monkeypatch.setattr(exercises.np.random, "default_rng", lambda seed, shift=shift: make((shift, seed)))
        exercises.check_best_of(best_of)
        assert capsys.readouterr().out == "Right.\n"
