"""Checks of the exercises on several machines."""

import numpy as np

from pixvox.exercises.checking import Hint, call, compared, exercise

RNG = np.random.default_rng(0)
DEALS = [(64, 2), (65, 2), (7, 3), (100, 8), (2, 4), (5, 1)]  # pictures of a batch, processes
WARMED = [(0, 0.01, 0.16, 10), (4, 0.01, 0.16, 10), (10, 0.01, 0.16, 10), (35, 0.1, 0.2, 20)]
TIMED = [(0.8, 0.05, 2), (0.8, 0.05, 16), (0.3, 0.3, 3), (0.5, 0.0, 4), (0.4, 0.2, 1)]


@exercise
def check_share(answer):
    """Check `share(size, number, processes)`: the places of a batch that a process takes, whole numbers."""
    for size, processes in DEALS:
        where = f" for {size} pictures and {processes} processes"
        dealt = [np.asarray(call(answer, size, number, processes)) for number in range(processes)]
        for number, places in enumerate(dealt):
            if places.ndim != 1 or (places.size and places.dtype.kind not in "iu"):
                raise Hint(f"Expected whole numbers (n,), as of np.arange, of process {number}{where}.")
        counts = [len(places) for places in dealt]
        if processes > 1 and size >= processes and np.array_equal(dealt[0], dealt[1]):
            raise Hint(f"All take the same places{where}: use `number`.")
        given = np.sort(np.concatenate(dealt).astype(int))
        if not np.array_equal(given, np.arange(size)):
            what = "come more than once" if len(given) > len(set(given.tolist())) else "are left out"
            raise Hint(f"Some of the places 0 to {size - 1} {what}{where}.")
        if max(counts) - min(counts) > 1:
            raise Hint(f"The shares are {counts}{where}: they should differ by one at most.")


@compared(
    cases=[RNG.integers(1, 50, (count, count)).astype(float) for count in (2, 3, 5)],
    mistakes={
        "What arrives is added to what is there.": [{"add": False}],
        "One round fewer: n - 1.": [{"more": 1}],
        "One round more: n - 1.": [{"more": -1}],
        "Process p sends to p + 1, and the last one to process 0.": [{"way": -1}],
        "In round r it is the piece p - r, with r from 0: another one each time.": [
            *({"first": 1}, {"moves": 0}, {"moves": -1}),
        ],
        "held[process, piece]: the first index is the process.": [
            lambda held: check_pass_on.right(np.transpose(held)).T
        ],
    },
    usual="In round r, for each process p: held[(p + 1) % n, (p - r) % n] += held[p, (p - r) % n].",
)
def check_pass_on(held, add=True, more=0, way=1, first=0, moves=1):
    """Check `pass_on(held)`: (n, n) numbers, of each process and piece, after the ring's first half."""
    held, count = np.array(held, float), len(held)
    process = np.arange(count)
    for turn in range(count - 1 + more):
        piece = (process - first - moves * turn) % count
        sent = held[process, piece]
        there = (process + way) % count, piece
        held[there] = held[there] * add + sent
    return held


@compared(
    cases=WARMED,
    mistakes={
        "After the warm-up the rate stays: take no more than all of the way.": [{"most": np.inf}],
        "It begins at low, not at 0.": [lambda step, _, high, warm_up: high * min(step / warm_up, 1)],
        "Add the way from low to high, not all of high.": [
            lambda step, low, high, warm_up: low + high * min(step / warm_up, 1)
        ],
        "In step 0 the rate is still low.": [
            lambda step, low, high, warm_up: low + (high - low) * min((step + 1) / warm_up, 1)
        ],
    },
    usual="low, and of the way from low to high the share step / warm_up, which is 1 at most.",
)
def check_rate(step, low, high, warm_up, most=1):
    """Check `rate(step, low, high, warm_up)`: in a straight line from low to high, then high."""
    return low + (high - low) * min(step / warm_up, most)


@compared(
    cases=TIMED,
    mistakes={
        "Those are seconds of a step: one process's seconds divided by them is how many times as fast.": [
            lambda compute, send, processes: compute / check_times_as_fast.right(compute, send, processes),
            lambda compute, send, processes: 1 / check_times_as_fast.right(compute, send, processes),
        ],
        "Only the computing is shared: sending takes as long.": [
            lambda compute, send, n: compute / (compute / n + 2 * (n - 1) / n * send / n)
        ],
        "Out and back: twice (n - 1) / n.": [{"ways": 1}],
        "Each process sends (n - 1) / n of the gradient, twice.": [
            lambda compute, send, n: compute / (compute / n + 2 * send),
            lambda compute, send, n: compute / (compute / n + 2 * (n - 1) * send),
        ],
        "Sending costs time, too.": [lambda compute, send, n: n],
    },
    usual="A step takes compute / n + 2 * (n - 1) / n * send seconds; with one process it takes compute.",
)
def check_times_as_fast(compute, send, processes, ways=2):
    """Check `times_as_fast(compute, send, processes)`: one process's seconds a step, divided by theirs."""
    return compute / (compute / processes + ways * (processes - 1) / processes * send)
