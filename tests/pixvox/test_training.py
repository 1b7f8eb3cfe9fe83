"""The learning rate that rises for a quarter of the training and then falls."""

import keras
import numpy as np
import pytest

from pixvox.training import one_cycle


@pytest.mark.parametrize("steps, peak", [(100, 0.004), (403, 1e-3)])
def test_it_rises_in_a_line_for_a_quarter_and_falls_to_zero(steps, peak):
    schedule = one_cycle(steps, peak=peak)
    rates = np.array([float(schedule(step)) for step in range(steps + 1)])
    top = steps // 4
    assert rates[0] == 0 and rates.argmax() == top and rates[top] == pytest.approx(peak)
    np.testing.assert_allclose(rates[: top + 1], np.linspace(0, peak, top + 1), atol=1e-5 * peak)
    assert np.all(np.diff(rates[top:]) <= 0) and rates[-1] == pytest.approx(0, abs=1e-6 * peak)
    halfway = top + (steps - top) // 2
    assert rates[halfway] == pytest.approx(peak / 2, rel=0.03)  # a cosine is half way down there


def test_an_optimizer_takes_it_and_saves_it():
    optimizer = keras.optimizers.AdamW(one_cycle(40, peak=0.01))
    again = keras.optimizers.AdamW.from_config(optimizer.get_config())
    again.build([])
    assert float(again.learning_rate) == 0
    again.iterations.assign(10)
    assert float(again.learning_rate) == pytest.approx(0.01)


@pytest.mark.parametrize("steps, peak", [(0, 0.1), (10.5, 0.1), (100, 0), (100, -1), (100, float("nan"))])
def test_what_makes_no_cycle_is_refused(steps, peak):
    with pytest.raises(ValueError, match="steps as a whole number and a peak above 0"):
        one_cycle(steps, peak=peak)
