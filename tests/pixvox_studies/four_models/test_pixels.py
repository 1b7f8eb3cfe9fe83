"""One pixel for two classes and a linear model for ten, on pictures whose answers are known."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier
from support.made_up import bars, keys_of

from pixvox.compare import unpack_answers
from pixvox_studies.four_models import networks, pixels

PAIRS = list(zip(*np.triu_indices(10, 1), strict=True))


@pytest.fixture(autouse=True)
def made_up_digits(monkeypatch):
    monkeypatch.setattr(pixels, "USED", {"sample": (30, 10, 20), "full": (30, 10, 20)})
    monkeypatch.setattr(pixels, "load_mnist", lambda: (bars(200, 5), None))


def noisy(seed, count=400):
    """Return pictures of 6 pixels, the first ones brighter by their class, and labels."""
    rng = np.random.default_rng(seed)
    y = np.arange(count) % 10
    x = rng.integers(0, 16, (count, 6)) * 16 + 8  # between thresholds
    x[:, 0] = np.clip(x[:, 0] // 3 + 16 * y, 0, 255) // 16 * 16 + 8
    return (x / np.float32(255)).astype(np.float32), y


def test_the_best_pixel_is_that_of_a_tree_of_one_question():
    """With equally many pictures a class, a decision stump that is fitted on accuracy can do no better."""
    x, y = noisy(0)
    found = pixels.one_pixel_accuracies((x, y), (x, y))
    for accuracy, (a, b) in zip(found, PAIRS, strict=True):
        kept = (y == a) | (y == b)
        questions = [(x[kept] > level / 255) for level in pixels.THRESHOLDS]
        shares = [np.mean(asked == (y[kept] == a)[:, None], axis=0) for asked in questions]
        assert accuracy == pytest.approx(np.max(np.maximum(shares, 1 - np.array(shares))))
    stump = DecisionTreeClassifier(max_depth=1).fit(x[(y == 0) | (y == 9)], y[(y == 0) | (y == 9)])
    assert found[PAIRS.index((0, 9))] == stump.score(x[(y == 0) | (y == 9)], y[(y == 0) | (y == 9)]) == 1


def test_a_pixel_is_judged_on_other_pictures():
    """A pixel that is turned round in the pictures to judge on is mostly wrong there."""
    x, y = noisy(0)
    turned = 1 - x
    same, other = (pixels.one_pixel_accuracies((x, y), (judged, y)) for judged in (x, turned))
    assert same[PAIRS.index((0, 9))] == 1 and other[PAIRS.index((0, 9))] < 0.1


@pytest.mark.parametrize("name, count", [("digits", 200), ("clothes", 60)])
def test_three_parts_are_held_apart_and_a_seed_is_a_split(name, count):
    splits = [pixels.split_three(name, seed) for seed in (0, 0, 1)]
    for parts in splits:
        assert [part[0].shape for part in parts] == [(30, 784), (10, 784), (20, 784)]
        assert parts[0][0].dtype == np.float32 and parts[0][0].max() == 1
        assert len(keys_of(np.concatenate([part[0] for part in parts]))) == 60
    np.testing.assert_array_equal(splits[0][0][0], splits[1][0][0])
    assert keys_of(splits[0][0][0]) != keys_of(splits[2][0][0])


def test_the_sample_s_clothes_are_those_that_are_drawn_to_learn_from(few_clothes):
    pixels.split_three("clothes", 3)
    assert few_clothes == [networks.FRESH + 3]


def test_the_full_profile_takes_the_published_clothes(monkeypatch, few_clothes):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.setattr(pixels, "load_fashion_mnist", lambda: (bars(100, 0), None))
    assert len(pixels.split_three("clothes", 0)[0][1]) == 30 and few_clothes == []


def test_a_row_sums_up_its_pairs_and_keeps_who_was_right(tmp_path, monkeypatch):
    monkeypatch.setattr(pixels, "USED", {"sample": (80, 40, 80)})
    row = pixels.measure_one_pixel({"pictures": "digits"}, 0, tmp_path)
    ordered = sorted(row["pixel_accuracies"])
    assert len(ordered) == 45 and row["pixel_lowest"] == ordered[0] and row["pixel_median"] == ordered[22]
    assert row["test_accuracy"] == unpack_answers(row["test_right"], 80).mean() > 0.9


@pytest.mark.parametrize("penalty", [0.01, 0.3, 3.0])
def test_the_penalty_is_chosen_on_validation(penalty):
    """Whichever model gave the labels of validation is the best one there."""
    fit, (x_val, _), judged = noisy(1), noisy(2), noisy(3)
    wanted = LogisticRegression(C=penalty, max_iter=10_000).fit(*fit)
    right, chosen = pixels.fit_linear(fit, (x_val, wanted.predict(x_val)), judged)
    assert chosen == penalty and right["val"].all()
    assert np.mean(right["test"]) == pytest.approx(wanted.score(*judged))


def test_a_linear_model_that_has_not_converged_is_no_row(monkeypatch):
    monkeypatch.setattr(pixels, "MOST_STEPS", 2)
    with pytest.raises(ConvergenceWarning):
        pixels.fit_linear(noisy(1), noisy(2), noisy(3))
