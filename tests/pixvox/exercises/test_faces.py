"""Each check is silent on an untouched answer, gives a hint for a wrong one and accepts a right one."""

import math

import numpy as np
from scipy.stats import norm
from support.exercise_answers import accept, make_tests

from pixvox.exercises import faces as exercises
from pixvox.models import faces as models_faces


def count_behind(score, n):
    fits = [k for k in range(n + 1) if round(k / n, 4) == score]
    return fits[0] if fits else -1


def nearest(score, n):
    return round(score * n)


def cut_off(score, n):
    return int(score * n) if round(int(score * n) / n, 4) == score else -1


def unrounded(score, n):
    return nearest(score, n) if nearest(score, n) / n == score else -1


def nothing_where_none_fits(score, n):
    return None if count_behind(score, n) == -1 else count_behind(score, n)


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


def with_exact_quantiles(first, second):
    return pictures_needed(first, second, norm.ppf(0.975) + norm.ppf(0.8))


def cut_short(first, second):
    return pictures_needed(first, second) - 1


def split_people(identities, share, rng):
    people = np.unique(identities)
    return np.isin(identities, rng.choice(people, round(len(people) * share), replace=False))


def with_replacement(identities, share, rng):
    people = np.unique(identities)
    return np.isin(identities, rng.choice(people, round(len(people) * share)))


def people_cut_off(identities, share, rng):
    people = np.unique(identities)
    return np.isin(identities, rng.permutation(people)[: int(len(people) * share)])


def unseeded(identities, share, rng):
    return split_people(identities, share, np.random.default_rng())


def always_the_first(identities, share, rng):
    people = np.unique(identities)
    return np.isin(identities, people[: round(len(people) * share)])


RIGHT = [
    (exercises.check_count_behind, count_behind),
    (exercises.check_face_parameters, built),
    (exercises.check_face_parameters, counted),
    (exercises.check_best_of, best_of),
    (exercises.check_best_of, by_picture),
    (exercises.check_pictures_needed, pictures_needed),
    (exercises.check_pictures_needed, with_exact_quantiles),
    (exercises.check_split_people, split_people),
]
WRONG = [
    (exercises.check_count_behind, nearest, "divide again"),
    (exercises.check_count_behind, cut_off, "round that to four digits"),
    (exercises.check_count_behind, unrounded, "round that to four digits"),
    (exercises.check_count_behind, lambda score, n: count_behind(score, n) or -1, "from 0 to n"),
    (exercises.check_count_behind, lambda score, n: count_behind(score, n) - 1, "which count is the nearest"),
    (exercises.check_count_behind, nothing_where_none_fits, "return -1"),
    (exercises.check_face_parameters, lambda *case: counted(*case, bias=0), "bias"),
    (exercises.check_face_parameters, lambda *case: counted(*case, channels=1), "colour"),
    (exercises.check_face_parameters, lambda *case: counted(*case, up=1), "odd row"),
    (exercises.check_face_parameters, lambda side, window, padding: counted(side, window, "same"), "takes"),
    (exercises.check_face_parameters, lambda *case: 618_593, "follow the side"),
    (exercises.check_best_of, lambda *case: scores(*case), "one number"),
    (exercises.check_best_of, lambda *case: 100 * best_of(*case), "divide by the pictures"),
    (exercises.check_best_of, lambda *case: scores(*case).mean(), "mean of all scores"),
    (exercises.check_best_of, lambda *case: best_of(*case) - case[2], "flatters"),
    (exercises.check_best_of, lambda *case: scores(*case).max(), "over the repetitions"),
    (exercises.check_best_of, lambda *case: scores(*case).max(axis=0).mean(), "over the repetitions"),
    (exercises.check_best_of, lambda *case: float("nan"), "over the repetitions"),
    (exercises.check_pictures_needed, lambda *pair: pictures_needed(*pair) + 0.08, "round up"),
    (exercises.check_pictures_needed, cut_short, "round up"),
    (exercises.check_pictures_needed, lambda *pair: pictures_needed(*pair, 2.8**0.5), "is squared"),
    (exercises.check_pictures_needed, lambda *pair: pictures_needed(*pair, 1.96), "missed half the time"),
    (exercises.check_pictures_needed, lambda *pair: pictures_needed(*pair, 1.645 + 0.84), "two-sided"),
    (exercises.check_pictures_needed, lambda *pair: pictures_needed(*pair) // 2, "add the two"),
    (exercises.check_pictures_needed, lambda *pair: 2 * pictures_needed(*pair), "each model"),
    (exercises.check_pictures_needed, lambda *pair: round(pictures_needed(*pair) * 0.02), "The difference"),
    (exercises.check_pictures_needed, lambda *pair: 220, "Take it apart"),
    (exercises.check_pictures_needed, lambda *pair: 3525 if pair == (0.89, 0.91) else None, "nothing"),
    (exercises.check_split_people, lambda *case: list(split_people(*case)), "got list"),
    (exercises.check_split_people, lambda *case: np.flatnonzero(split_people(*case)), "booleans"),
    (exercises.check_split_people, lambda *case: split_people(*case).astype(int), "of int"),
    (exercises.check_split_people, lambda who, share, rng: rng.random(len(who)) < share, "both sides"),
    (exercises.check_split_people, lambda *case: ~split_people(*case), "not for the others"),
    (exercises.check_split_people, with_replacement, "replace=False"),
    (exercises.check_split_people, people_cut_off, "Of 31 people 8"),
    (exercises.check_split_people, unseeded, "not np.random"),
    (exercises.check_split_people, always_the_first, "Another rng"),
]

(
    test_a_right_answer_is_accepted,
    test_a_wrong_answer_gets_a_hint_and_raises_only_when_strict,
    test_an_untouched_answer_is_met_with_silence,
) = make_tests(RIGHT, WRONG)


def test_the_posted_figures_are_among_the_answers():
    assert [count_behind(0.8298, n) for n in (3_460, 220)] == [2871, -1]
    cases = ((100, 3, "same"), (100, 5, "same"), (100, 5, "valid"))
    assert [counted(*case) for case in cases] == [618_593, 669_281, 411_233]


def test_a_right_simulation_passes_whatever_it_draws(monkeypatch, capsys):
    make = np.random.default_rng
    for seed in range(50):
        monkeypatch.setattr(exercises.np.random, "default_rng", lambda _, seed=seed: make(seed))
        accept(exercises.check_best_of, best_of, capsys)
