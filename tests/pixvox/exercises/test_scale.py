"""What the checks on several machines say to right and wrong answers."""

import numpy as np
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import scale as exercises


def share(size, number, processes):
    return np.arange(size)[number::processes]


def share_in_blocks(size, number, processes):
    return np.array_split(np.arange(size), processes)[number]


def share_with_the_rest_last(size, number, processes):
    each = size // processes
    return np.arange(number * each, size if number == processes - 1 else (number + 1) * each)


def pass_on(held):
    held, count = held.copy(), len(held)
    for turn in range(count - 1):
        before = held.copy()
        for process in range(count):
            piece = (process - turn) % count
            held[(process + 1) % count, piece] += before[process, piece]
    return held


def pass_on_by_running_sums(held):
    """After n - 1 rounds process p has, of piece k, the sum from process k on to itself."""
    count = len(held)
    summed = np.empty_like(held)
    for process in range(count):
        for piece in range(count):
            summed[process, piece] = sum(
                held[(piece + step) % count, piece] for step in range((process - piece) % count + 1)
            )
    return summed


def pass_on_otherwise(*, copies=True, adds=True, rounds=-1, way=1, first=0, moves=1):
    """Return `pass_on` with something wrong."""

    def answer(held):
        held, count = held.copy(), len(held)
        for turn in range(count + rounds):
            before = held.copy() if copies else held
            for process in range(count):
                place = (process + way) % count, (process - first - moves * turn) % count
                held[place] = before[process, place[1]] + (held[place] if adds else 0)
        return held

    return answer


def rate(step, low, high, warm_up):
    return low + (high - low) * min(step / warm_up, 1)


def rate_by_numpy(step, low, high, warm_up):
    return np.interp(step, [0, warm_up], [low, high])


def times_as_fast(compute, send, processes):
    return compute / (compute / processes + 2 * (processes - 1) / processes * send)


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_share: [
            (share, RIGHT),
            (share_in_blocks, RIGHT),
            (lambda *words: share(*words).tolist(), RIGHT),
            (lambda size, number, processes: range(number, size, processes), RIGHT),
            (lambda size, number, processes: share(size, processes - 1 - number, processes), RIGHT),
            (lambda size, number, processes: np.arange(size), "All take the same"),
            (lambda size, number, processes: np.arange(size // processes), "All take the same"),
            (
                lambda size, number, processes: np.arange(number, size, processes)[: size // processes],
                "left out",
            ),
            (lambda size, number, processes: np.arange(1 + number, 1 + size, processes), "left out"),
            (
                lambda size, number, processes: np.arange(number * (size // processes), size),
                "come more than once",
            ),
            (share_with_the_rest_last, "differ by one at most"),
            (lambda size, number, processes: len(share(size, number, processes)), "Expected whole numbers"),
            (lambda size, number, processes: share(size, number, processes) / 1, "Expected whole numbers"),
            (lambda size, number, processes: slice(number, size, processes), "Expected whole numbers"),
        ],
        exercises.check_pass_on: [
            (pass_on, RIGHT),
            (pass_on_by_running_sums, RIGHT),
            (pass_on_otherwise(), RIGHT),
            (lambda held: pass_on(held).tolist(), RIGHT),
            (pass_on_otherwise(copies=False), RIGHT),  # no piece is passed on in the round in which it came
            (pass_on_otherwise(adds=False), "is added to what is there"),
            (pass_on_otherwise(rounds=0), "One round fewer"),
            (pass_on_otherwise(rounds=-2), "One round more"),
            (pass_on_otherwise(way=-1), "sends to p + 1"),
            (pass_on_otherwise(first=1), "with r from 0"),
            (pass_on_otherwise(moves=0), "another one each time"),
            (pass_on_otherwise(moves=-1), "another one each time"),
            (lambda held: pass_on(held.T).T, "the first index is the process"),
            (lambda held: np.tile(held.sum(axis=0), (len(held), 1)), "In round r"),
            (lambda held: held.sum(axis=0), "of the shape (2, 2)"),
        ],
        exercises.check_rate: [
            (rate, RIGHT),
            (rate_by_numpy, RIGHT),
            (lambda step, low, high, warm_up: low + (high - low) * step / warm_up, "the rate stays"),
            (lambda step, low, high, warm_up: high * min(step / warm_up, 1), "not at 0"),
            (lambda step, low, high, warm_up: low + high * min(step / warm_up, 1), "not all of high"),
            (lambda step, low, high, warm_up: rate(step + 1, low, high, warm_up), "In step 0"),
            (lambda step, low, high, warm_up: high, "1 at most"),
            (lambda step, low, high, warm_up: str(low), "Expected a number"),
        ],
        exercises.check_times_as_fast: [
            (times_as_fast, RIGHT),
            (lambda compute, send, n: n / (1 + 2 * (n - 1) * send / compute), RIGHT),
            (lambda compute, send, n: compute / times_as_fast(compute, send, n), "Those are seconds"),
            (lambda compute, send, n: n, "Sending costs time"),
            (lambda compute, send, n: compute / (compute / n + (n - 1) / n * send), "Out and back"),
            (lambda compute, send, n: compute / (compute / n + 2 * send), "(n - 1) / n of the gradient"),
            (lambda compute, send, n: compute / (compute / n + 2 * (n - 1) * send), "(n - 1) / n of the"),
            (lambda compute, send, n: compute / (compute / n + 2 * (n - 1) / n**2 * send), "as long"),
            (lambda compute, send, n: 1 / times_as_fast(compute, send, n), "Those are seconds"),
            (lambda compute, send, n: compute / compute / n + 2 * (n - 1) / n * send, "it takes compute"),
        ],
    }
)
