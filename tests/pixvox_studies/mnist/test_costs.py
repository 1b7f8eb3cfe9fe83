"""The cost of activations, on a handful of made-up digits."""

import numpy as np
from support.made_up import bars

from pixvox_studies.mnist import costs


def test_a_row_has_both_costs_and_the_first_epoch_is_not_in_it(monkeypatch, tmp_path):
    images, labels = bars(40)
    monkeypatch.setattr(costs, "load_split", lambda: ((images / np.float32(255), labels), None, None))
    monkeypatch.setattr(costs, "NUMBERS", 1_000)
    seconds = iter([9.0, 1.0, 4.0, 2.0, 3.0, 5.0])
    monkeypatch.setattr(costs.common, "fit_timed", lambda *used, **options: ({}, next(seconds)))
    row = costs.measure_activation_cost({"activation": "tanh"}, 0, tmp_path)
    assert row["epoch_cpu_seconds"] == 3 and row["gradient_nanoseconds"] > 0


def test_the_time_of_a_derivative_is_a_median_for_one_number(monkeypatch):
    clock = iter(range(0, 10_000, 500))
    monkeypatch.setattr(costs.time, "process_time_ns", lambda: next(clock))
    monkeypatch.setattr(costs, "REPEATS", 5)
    monkeypatch.setattr(costs, "NUMBERS", 100)
    assert costs._nanoseconds(np.sign, 0) == 5
