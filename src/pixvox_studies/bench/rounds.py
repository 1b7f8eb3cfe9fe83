"""Two arms that take turns, and the ratio of their seconds: a machine's speed changes, a round's hardly."""

import time
from collections.abc import Callable
from statistics import median


def take_turns(ours: Callable, rival: Callable, *, repeats: int) -> dict:
    """Time two functions in turn, ours first, after a call of each that is not counted.

    Args:
        ours, rival: functions of no arguments.
        repeats: rounds that count, 1 or more.

    Returns:
        dict: ours_seconds and rival_seconds (wall-clock, medians), what `compare` returns of them, and
        cpu_ratio, that of this process's CPU seconds, of all rounds together; None where its clock ticks too
        slowly to tell.

    Raises:
        ValueError: for less than one round.
    """
    if repeats < 1:
        raise ValueError(f"expected one round or more, got {repeats}. Type repeats=5.")
    rounds = [[_timed(arm) for arm in (ours, rival)] for _ in range(repeats + 1)][1:]
    wall, cpu = ([[arm[clock] for arm in both] for both in rounds] for clock in (0, 1))
    ours_seconds, rival_seconds = (median(seconds) for seconds in zip(*wall, strict=True))
    ours_cpu, rival_cpu = (sum(seconds) for seconds in zip(*cpu, strict=True))
    return {
        "ours_seconds": ours_seconds,
        "rival_seconds": rival_seconds,
        **compare(wall),
        "cpu_ratio": rival_cpu / ours_cpu if ours_cpu else None,
    }


def compare(pairs: list) -> dict:
    """Return how many times as long the rival took.

    Args:
        pairs: (ours, rival) for each round, seconds.

    Returns:
        dict: ratio (the median of the rounds' rival / ours), lowest, highest, repeats.
    """
    ratios = [rival / ours for ours, rival in pairs]
    return {"ratio": median(ratios), "lowest": min(ratios), "highest": max(ratios), "repeats": len(ratios)}


def _timed(function: Callable) -> tuple[float, float]:
    """Call a function; return its wall-clock and CPU seconds."""
    begin = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - begin[0], time.process_time() - begin[1]
