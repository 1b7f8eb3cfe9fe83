"""What the checks on four models of clothes say to right and wrong answers."""

import math
import statistics

import numpy as np
from keras.applications import vgg19
from scipy import stats
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import four_models as exercises
from pixvox.models.clothes import build_fashion_four


def seen_side(stack, of_stride=lambda stride: stride):
    side = 1  # backwards: how many places of the layer before does a stretch look at?
    for window, stride in stack[::-1]:
        side = (side - 1) * of_stride(stride) + window
    return side


def one_channel(scaled):
    return scaled * 255 * [1, 0, 0]


def wait_for(momentum, share, enough=lambda left, share: left <= share):
    left, batches = 1.0, 0
    while not enough(left, share):
        left, batches = left * momentum, batches + 1
    return batches


def settled(differences, t=None, spread=statistics.stdev, root=math.sqrt):
    k = len(differences)
    if k < 2:
        return "not settled"
    t = {3: 4.303, 5: 2.776, 6: 2.571}[k] if t is None else t  # from a printed table
    half = t * spread(differences) / root(k)
    low, high = statistics.mean(differences) - half, statistics.mean(differences) + half
    if low > 0:
        return "adds"
    return "harms" if high < 0 else "not settled"


def settled_by_scipy(differences):
    if len(differences) > 1:
        low, high = stats.t.interval(0.95, len(differences) - 1, np.mean(differences), stats.sem(differences))
        return {2: "adds", -2: "harms"}.get(int(np.sign(low) + np.sign(high)), "not settled")
    return "not settled"


def one_sided(differences):
    if len(differences) < 2:
        return "not settled"
    return settled(differences, t=stats.t.ppf(0.95, len(differences) - 1))


def freedom_of_all(differences):
    return settled(differences, t=stats.t.ppf(0.975, max(len(differences), 1)))


def by_mean(differences):
    mean = sum(differences)
    return "adds" if mean > 0 else "harms" if mean < 0 else "not settled"


def by_signs(differences):
    positive = [difference > 0 for difference in differences]
    if not positive:
        return "not settled"
    return "adds" if all(positive) else "not settled" if any(positive) else "harms"


def ready(scaled):
    return vgg19.preprocess_input(np.repeat(scaled * 255, 3, axis=-1))


def pick(verdicts):
    return lambda differences: verdicts[settled(differences)]


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_seen_side: [
            (seen_side, RIGHT),
            (lambda stack: 1 + sum(window - 1 for window, _ in stack), "steps"),
            (lambda stack: seen_side(stack, of_stride=lambda stride: min(stride, 2)), "strides before it"),
        ],
        exercises.check_larger_four: [
            (build_fashion_four(image_size=(56, 56)).count_params(), RIGHT),
            ("8,102,826", "a whole number, got '8,102,826'"),
            ([8_102_826], "got the shape (1,)"),
            (8_102_826.0, RIGHT),
            (4 * 1_221_546, "first dense layer"),
        ],
        exercises.check_sheared_by: [
            (lambda degrees, rows: rows * math.tan(math.radians(degrees)), RIGHT),
            (lambda degrees, rows: rows * math.tan(degrees), "radians"),
            (lambda degrees, rows: rows * math.sin(math.radians(degrees)), "sine"),
            (lambda degrees, rows: -rows * math.tan(math.radians(degrees)), "not below 0"),
            (lambda degrees, rows: rows * degrees, "Draw the triangle"),
        ],
        exercises.check_batches_to_settle: [
            (wait_for, RIGHT),
            (lambda momentum, share: math.ceil(math.log(share, momentum)), RIGHT),
            (lambda momentum, share: np.ceil(np.log10(share) / np.log10(momentum)), RIGHT),
            (lambda m, share: next(k for k in range(1_000) if np.float64(m) ** k <= share), RIGHT),
            (lambda momentum, share: math.log(share, momentum), "a whole number, got 298.07"),
            (lambda momentum, share: int(math.log(share, momentum)), "round up"),
            (lambda momentum, share: round(math.log(share, momentum)), "round up"),
            (lambda momentum, share: wait_for(momentum, share) + 1, "too many"),
            (lambda momentum, share: wait_for(momentum, share, lambda left, s: left < s), "just the share"),
            (lambda momentum, share: wait_for(momentum, share) - 1, "too few"),
            (lambda momentum, share: math.ceil(math.log(share) / math.log10(momentum)), "same logarithm"),
            (lambda momentum, share: math.ceil(math.log10(share) / math.log(momentum)), "same logarithm"),
            (lambda momentum, share: math.ceil(math.log(share) / momentum), "same logarithm"),
            (lambda momentum, share: math.ceil(math.log(1 / share) / (1 - momentum)), "not exact"),
            (lambda momentum, share: math.ceil(math.log(momentum, share)), "other way round"),
            (lambda momentum, share: wait_for(share, momentum), "other way round"),
            (lambda momentum, share: wait_for(momentum, 1 - share), "what is left"),
            (lambda momentum, share: round(1 / (1 - momentum)), "momentum ** k"),
            (lambda momentum, share: 0, "momentum ** k"),
        ],
        exercises.check_prepare_once: [
            (lambda scaled: np.repeat(scaled * 255, 3, axis=-1), RIGHT),
            (lambda scaled: np.repeat(scaled, 3, axis=-1), "0 to 255"),
            (one_channel, "All three channels"),
            (lambda scaled: np.stack([np.float64(scaled[..., 0]) * 255] * 3, axis=-1), RIGHT),
            (lambda scaled: np.repeat((scaled * 255).round().astype("u1"), 3, axis=-1), RIGHT),
            (lambda scaled: scaled * [1, 0, 0], "Three equal channels"),
            (ready, "stop before it"),
            (lambda scaled: scaled * 255, "the shape (2, 6, 5, 1)"),
            (lambda scaled: np.repeat((scaled * 256).astype("u1"), 3, axis=-1), "Three equal channels"),
        ],
        exercises.check_settled: [
            (settled, RIGHT),
            (settled_by_scipy, RIGHT),
            (lambda differences: np.str_(settled(differences)), RIGHT),
            (lambda differences: settled(differences, t=1.96), "1.96 is for many seeds"),
            (lambda differences: settled(differences, t=2), "1.96 is for many seeds"),
            (lambda differences: settled(differences, spread=np.std), "ddof=1"),
            (lambda differences: settled(differences, root=lambda k: 1), "square root of k"),
            (lambda differences: settled(differences, root=lambda k: k), "square root of k"),
            (one_sided, "0.975"),
            (freedom_of_all, "degrees of freedom"),
            (by_mean, "The sign of the mean"),
            (by_signs, "all are of one sign"),
            (pick({"adds": "harms", "harms": "adds", "not settled": "not settled"}), "below 0 it harms"),
            (pick({"adds": "Adds", "harms": "Harms", "not settled": "not settled"}), "yours gives 'Adds'"),
            (pick({"adds": 1, "harms": -1, "not settled": 0}), "Expected a text, got 1"),
            (pick({"adds": True, "harms": False, "not settled": None}), "Expected a text, got True"),
            (lambda differences: "not settled", "t * s / sqrt(k)"),
            (lambda differences: settled(differences) if len(differences) > 1 else "adds", "Fewer than two"),
        ],
    }
)
