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


def test_wilson_interval_stays_inside_0_and_1_and_narrows():
    assert compare.wilson_interval(10, 10)[1] == pytest.approx(1.0)
    assert compare.wilson_interval(0, 10)[0] == pytest.approx(0.0)
    narrow, wide = compare.wilson_interval(900, 1000), compare.wilson_interval(90, 100)
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


@pytest.mark.parametrize(("correct", "n"), [(5, 0), (-1, 10), (11, 10)])
def test_wilson_interval_refuses_impossible_counts(correct, n):
    with pytest.raises(ValueError, match="0 <= correct <= n"):
        compare.wilson_interval(correct, n)


def test_mean_interval_of_a_known_sample():
    mean, low, high = compare.mean_interval([1.0, 2.0, 3.0])
    assert mean == 2.0
    assert high - mean == pytest.approx(4.302653 / np.sqrt(3), rel=1e-5)  # t of 2 degrees of freedom, .975
    assert mean - low == pytest.approx(high - mean)


def test_mean_interval_needs_two_values():
    with pytest.raises(ValueError, match="two values"):
        compare.mean_interval([0.9])


def test_paired_test_counts_only_pictures_on_which_the_models_differ():
    first = np.array([True] * 90 + [True] * 8 + [False] * 2)
    second = np.array([True] * 90 + [False] * 8 + [True] * 2)
    outcome = compare.paired_test(first, second)
    assert outcome[:2] == (8, 2)
    assert outcome.p_value == pytest.approx(2 * (1 + 10 + 45) / 1024)  # the binomial tail, by hand


def test_paired_test_of_equal_answers_is_undecided():
    assert compare.paired_test([True, False], [True, False]).p_value == 1.0


def test_paired_test_wants_the_same_pictures():
    with pytest.raises(ValueError, match="same pictures"):
        compare.paired_test([True], [True, False])
