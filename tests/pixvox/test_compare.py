"""Intervals and the paired test against numbers worked out elsewhere."""

import numpy as np
import pytest

from pixvox import compare


def test_wilson_interval_agrees_with_the_formula():
    correct, n, z = 89, 100, 1.959963984540054
    share = correct / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    assert compare.wilson_interval(correct, n) == pytest.approx((centre - half, centre + half))


def test_wilson_interval_stays_inside_0_and_1_and_refuses_impossible_counts():
    assert compare.wilson_interval(10, 10)[1] == pytest.approx(1.0)
    assert compare.wilson_interval(0, 10)[0] == pytest.approx(0.0)
    for correct, n in ((5, 0), (-1, 10), (11, 10)):
        with pytest.raises(ValueError, match="0 <= correct <= n"):
            compare.wilson_interval(correct, n)


def test_mean_interval_of_a_known_sample():
    mean, low, high = compare.mean_interval([1.0, 2.0, 3.0])
    assert mean == 2.0
    assert high - mean == pytest.approx(4.302653 / np.sqrt(3), rel=1e-5)  # t of 2 degrees of freedom, .975
    assert mean - low == pytest.approx(high - mean)
    with pytest.raises(ValueError, match="two values"):
        compare.mean_interval([0.9])


def test_paired_test_counts_only_pictures_on_which_the_models_differ():
    first = np.array([True] * 90 + [True] * 8 + [False] * 2)
    second = np.array([True] * 90 + [False] * 8 + [True] * 2)
    outcome = compare.paired_test(first, second)
    assert outcome[:2] == (8, 2)
    assert outcome.p_value == pytest.approx(2 * (1 + 10 + 45) / 1024)  # the binomial tail, by hand


def test_paired_test_of_equal_answers_is_undecided_and_of_other_pictures_refused():
    assert compare.paired_test([True, False], [True, False]).p_value == 1.0
    with pytest.raises(ValueError, match="same pictures"):
        compare.paired_test([True], [True, False])


@pytest.mark.parametrize("n", [0, 7, 8, 9, 2_000])
def test_answers_come_back_from_their_text(n):
    correct = np.random.default_rng(n).random(n) < 0.7
    text = compare.pack_answers(correct)
    assert isinstance(text, str) and len(text) == 2 * -(-n // 8) and set(text) <= set("0123456789abcdef")
    answers = compare.unpack_answers(text, n)
    assert answers.dtype == bool
    np.testing.assert_array_equal(answers, correct)


def test_answers_are_packed_in_their_order():
    assert compare.pack_answers([True] + [False] * 7 + [True, True, False]) == "80c0"
    assert compare.unpack_answers("80c0", 11).tolist() == [True] + [False] * 7 + [True, True, False]
    for n in (0, 8, 17):
        with pytest.raises(ValueError, match=f"answers to {n} pictures"):
            compare.unpack_answers("80c0", n)


@pytest.mark.parametrize(
    ("wanted", "pictures", "accuracies", "needed"),
    [
        (0.7, (100, 400), (0.6, 0.8), 200),  # straight over the logarithm
        (0.8, (100, 400), (0.6, 0.8), 400),
        (0.85, (100, 400, 1600), (0.6, 0.8, 0.9), 800),
        (0.5, (100, 400), (0.6, 0.8), 100),
        (0.81, (100, 400), (0.6, 0.8), float("inf")),
        (0.65, (100, 400, 1600), (0.6, 0.7, 0.65), 200),
    ],
)
def test_a_learning_curve_tells_how_many_pictures_reach_an_accuracy(wanted, pictures, accuracies, needed):
    assert compare.pictures_to_reach(wanted, pictures, accuracies) == pytest.approx(needed)


@pytest.mark.parametrize("pictures", [(100,), (100, 200, 300), (200, 100), (0, 100)])
def test_what_is_no_learning_curve_is_refused(pictures):
    with pytest.raises(ValueError, match="two points or more, rising"):
        compare.pictures_to_reach(0.5, pictures, (0.5, 0.6))


@pytest.mark.parametrize("correct, n", [(0.97, 100), (2.7, 6), (3, 6.5), (3, np.inf), (np.nan, 6)])
def test_an_accuracy_is_no_number_of_right_answers(correct, n):
    with pytest.raises(ValueError, match="expected 0 <= correct <= n, n >= 1, both whole"):
        compare.wilson_interval(correct, n)


@pytest.mark.parametrize("values", [[0.1, np.nan], [0.1, np.inf], [[0.1, 0.2], [0.3, 0.4]], [0.1, None]])
def test_a_mean_of_what_is_not_finite_or_of_a_table_is_refused(values):
    with pytest.raises(ValueError, match="two values or more, all finite"):
        compare.mean_interval(values)


@pytest.mark.parametrize(
    "answers", [[3, 0, 9], [0.9, 0.2, 0.1], [np.nan, 1, 0], ["True", "False", "True"], np.eye(3)]
)
def test_labels_probabilities_and_texts_are_no_answers(answers):
    right = [True, False, True]
    for call in (compare.pack_answers, lambda given: compare.paired_test(given, right)):
        with pytest.raises(ValueError, match="expected booleans, `predicted == labels`, got"):
            call(answers)
    assert compare.paired_test([1, 0, 0], np.array(right)) == compare.paired_test([True, False, False], right)


def test_a_curve_with_a_hole_reaches_nothing():
    for wanted, accuracies in ((0.85, [0.8, np.nan]), (np.nan, [0.8, 0.9])):
        with pytest.raises(ValueError, match="expected two points"):
            compare.pictures_to_reach(wanted, [10, 100], accuracies)
