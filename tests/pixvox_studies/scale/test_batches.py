"""The study of large batches: how many steps, at which rate."""

import numpy as np
import pytest
from support.made_up import bars

from pixvox_studies.scale import batches


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch):
    """Seventy pictures to fit, which hold two batches of 32 and a rest."""
    x, y = bars(70)
    parts = [(x.astype("float32") / 255, y)] * 3
    monkeypatch.setattr(batches.pictures, "load_more", lambda profile, seed: parts)
    monkeypatch.setattr(batches, "EPOCHS", 2)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")


@pytest.mark.parametrize(
    "size, rule, steps, rate",
    [
        (32, "same rate", 4, 0.01),
        (64, "same rate", 2, 0.01),
        (64, "rate times factor", 2, 0.02),
        (64, "rate times factor, warm-up", 2, 0.02),
        (64, "same rate, as many batches", 4, 0.01),
    ],
)
def test_a_rule_says_how_many_steps_at_which_rate(size, rule, steps, rate):
    row = batches.measure_batches({"batch_size": size, "rule": rule}, 0, None)
    assert (row["batches"], row["rate"]) == (steps, pytest.approx(rate))
    assert len(row["loss"]) == steps // (70 // size) and np.isfinite(row["loss"]).all()


def test_a_loss_that_is_no_number_is_minus_one(monkeypatch):
    monkeypatch.setattr(batches, "RATE", 1e20)
    row = batches.measure_batches({"batch_size": 32, "rule": "same rate"}, 0, None)
    assert row["loss"][-1] == -1


def test_an_unknown_rule_is_named():
    with pytest.raises(ValueError, match="got 'as before'"):
        batches.measure_batches({"batch_size": 32, "rule": "as before"}, 0, None)


def test_the_rate_rises_in_a_straight_line_and_stays():
    schedule = batches.warm_up(0.01, 0.16, 10)
    assert np.allclose([schedule(step) for step in (0, 5, 10, 50)], [0.01, 0.085, 0.16, 0.16])
