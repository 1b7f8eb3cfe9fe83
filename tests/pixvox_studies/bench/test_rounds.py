"""Arms that take turns, by a clock made for it."""

import pytest

from pixvox_studies.bench import rounds


@pytest.fixture
def clocks(monkeypatch):
    """The two clocks, a dict by name, which nothing but an arm moves on."""
    now = {"wall": 0.0, "cpu": 0.0}
    monkeypatch.setattr(rounds.time, "perf_counter", lambda: now["wall"])
    monkeypatch.setattr(rounds.time, "process_time", lambda: now["cpu"])
    return now


def arm(name, seconds, clocks, calls):
    """Return an arm that takes the next of these wall-clock seconds at each call, and twice the CPU's."""
    seconds = iter(seconds)

    def work():
        calls.append(name)
        took = next(seconds)
        clocks["wall"] += took
        clocks["cpu"] += 2 * took if name == "ours" else took

    return work


def test_arms_take_turns_and_the_first_round_does_not_count(clocks):
    calls = []
    ours, rival = arm("ours", [100, 1, 2, 4], clocks, calls), arm("rival", [1, 6, 4, 4], clocks, calls)
    found = rounds.take_turns(ours, rival, repeats=3)
    assert calls == ["ours", "rival"] * 4
    assert (found["ours_seconds"], found["rival_seconds"]) == (2, 4)
    assert (found["lowest"], found["ratio"], found["highest"], found["repeats"]) == (1, 2, 6, 3)
    assert found["cpu_ratio"] == 14 / 2 / 7


def test_the_ratio_is_the_median_of_the_rounds_and_not_that_of_the_medians():
    assert rounds.compare([(1, 1), (2, 8), (8, 16)])["ratio"] == 2  # medians: 8 / 2


def test_a_clock_that_ticks_too_slowly_gives_no_ratio_of_cpu(clocks):
    def work():
        clocks["wall"] += 1

    assert rounds.take_turns(work, work, repeats=1)["cpu_ratio"] is None


def test_no_round_is_refused():
    with pytest.raises(ValueError, match="got 0. Type"):
        rounds.take_turns(int, int, repeats=0)
