"""The pictures that it takes to tell two accuracies apart, against the formula and a simulation."""

import numpy as np
import pytest

from pixvox_studies.counts.posted import pictures_needed


def test_pictures_needed_agrees_with_the_formula():
    reach = 1.959963984540054 + 0.8416212335729143
    exact = reach**2 * (0.89 * 0.11 + 0.91 * 0.09) / 0.02**2
    assert 3528 < exact < 3529
    assert pictures_needed(0.89, 0.91) == pictures_needed(0.91, 0.89) == 3529
    assert isinstance(pictures_needed(0.89, 0.91), int)


def test_so_many_pictures_find_the_difference_four_times_in_five():
    n = pictures_needed(0.6, 0.7)
    a, b = np.random.default_rng(0).binomial(n, [[0.6], [0.7]], (2, 20_000)) / n
    found = np.abs(a - b) > 1.959963984540054 * np.sqrt((a * (1 - a) + b * (1 - b)) / n)
    assert found.mean() == pytest.approx(0.8, abs=0.015)


@pytest.mark.parametrize(("first", "second"), [(0.9, 0.9), (-0.1, 0.9), (0.9, 1.1), (0.5, float("nan"))])
def test_pictures_needed_refuses_accuracies_that_are_equal_or_impossible(first, second):
    with pytest.raises(ValueError, match="two different accuracies"):
        pictures_needed(first, second)
