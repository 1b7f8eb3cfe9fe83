"""Checks of the exercises on four models of clothes."""

import numpy as np
from scipy import stats

from pixvox.exercises.checking import compared

CONV, POOL = (3, 1), (2, 2)
STEPS = np.array([-1, 0, 1])  # three differences with the standard deviation 1
MEANS = np.array([0.02, -0.014, 0.011, 0.0088, -0.0078, 0.007, 0.0062, 0.0052, -0.002])


@compared(
    cases=[[CONV], [(5, 2)], [CONV, CONV], [CONV, POOL], [(3, 3), CONV], [CONV, POOL, CONV, POOL, CONV]],
    usual="Each window adds (window - 1) steps; a step is as wide as all strides before it multiply to.",
)
def check_seen_side(stack):
    """Check `seen_side(stack)`: the side of what one number of the last map sees, from (window, stride)."""
    side, step = 1, 1
    for window, stride in stack:
        side, step = side + (window - 1) * step, step * stride
    return side


@compared(
    usual="Only the first dense layer grows. Follow the side through the layers: at 28 it ends at 4, so "
    "4 x 4 x 128 numbers are flattened. What is it at 56?"
)
def check_larger_four():
    """Check the count of the four-conv network's parameters for pictures of 56x56: 8,102,826."""
    side = ((56 - 2 - 2) // 2 - 2 - 2) // 2  # 11: conv, conv, pool, conv, conv, pool
    return 1_221_546 + (side * side - 4 * 4) * 128 * 512


@compared(
    cases=[(0.3, 13.5), (17.19, 13.5), (8.0, 75.0), (0.0, 10.0)],
    mistakes={
        "NumPy's tan takes radians.": [lambda degrees, rows: rows * np.tan(degrees)],
        "The sine belongs to the longest side. The rows are the upright one: tan.": [{"ratio": np.sin}],
        "How far, whichever way: not below 0.": [lambda degrees, rows: rows * np.tan(-np.radians(degrees))],
    },
    usual="Draw the triangle: the rows are upright, the shift lies across.",
)
def check_sheared_by(degrees, rows, ratio=np.tan):
    """Check `sheared_by(degrees, rows)`: how far a picture's edge moves, so many rows from the middle."""
    return rows * ratio(np.radians(degrees))


@compared(
    cases=[(0.99, 0.05), (0.9, 0.05), (0.9, 0.01), (0.5, 0.25)],
    mistakes={
        "Rounded down, more than the share is left: round up.": [
            {"rounded": np.floor},
            {"rounded": np.round},
        ],
        "One batch too many: at most the share may be left, so just the share is enough.": [
            {"more": 1},
            {"rounded": np.floor, "more": 1},
        ],
        "One batch too few: count the batches, not the steps between them.": [{"more": -1}],
        "Take the same logarithm of both.": [
            {"log_share": np.log10},
            {"log_share": lambda share: share},
            {"log_momentum": np.log10},
            {"log_momentum": lambda momentum: momentum},
        ],
        "Near, but not exact: momentum - 1 is only nearly its logarithm.": [
            {"log_momentum": lambda m: m - 1}
        ],
        "Momentum and share are the other way round.": [
            lambda momentum, share: check_batches_to_settle.right(share, momentum)
        ],
        "The share is what is left of the wrong value, not what is gone.": [
            {"log_share": lambda share: np.log(1 - share)}
        ],
    },
    usual="Each batch leaves `momentum` of what is wrong, so k of them leave momentum ** k: find the first k "
    "where that is at most `share`.",
)
def check_batches_to_settle(momentum, share, log_share=np.log, log_momentum=np.log, rounded=np.ceil, more=0):
    """Check `batches_to_settle(momentum, share)`: the first k with momentum ** k <= share, both in 0..1."""
    return int(rounded(log_share(share) / log_momentum(momentum))) + more


@compared(
    cases=[np.linspace(0, 255, 60).astype("u1").reshape(2, 6, 5, 1) / np.float32(255)],
    mistakes={
        "The preprocessing expects 0 to 255.": [{"largest": 1}],
        "All three channels should hold the picture.": [{"filled": [1, 0, 0]}, {"filled": [0, 0, 1]}],
        "That has been through preprocess_input already: stop before it.": [
            lambda scaled: scaled * 255 - np.array([103.939, 116.779, 123.68])
        ],
    },
    usual="Three equal channels in 0 to 255: np.repeat takes an axis.",
)
def check_prepare_once(scaled, largest=255, filled=(1, 1, 1)):
    """Check `prepare_once(scaled)`: grey (n, height, width, 1) in 0..1 to colour (..., 3) in 0..255."""
    return scaled * largest * np.array(filled)


@compared(
    cases=[
        *(MEANS[:, None] + 0.004 * STEPS),
        *(np.array([0.01, 0.01, 0.02, 0.03, 0.03]), np.array([-0.01, 0.02, 0.03, 0.03, 0.03, 0.04])),
        *(np.array([0.3]), np.array([])),
    ],
    mistakes={
        "1.96 is for many seeds: for few take scipy.stats.t.ppf(0.975, k - 1).": [
            {"free": -1e9},
            {"free": -1e9, "ddof": 0},
        ],
        "The spread of a few numbers comes out too small: divide by k - 1, ddof=1.": [{"ddof": 0}],
        "The mean of k numbers is surer than one of them: divide by the square root of k.": [
            {"root": 0},
            {"root": 1},
        ],
        "The sign of the mean is never 'not settled': does its interval keep clear of 0?": [
            lambda differences: _verdict(np.sum(differences), 0),
            {"root": 99},
        ],
        "That all are of one sign is not asked: does the interval of their mean keep clear of 0?": [
            lambda differences: _verdict(np.sum(np.sign(differences)), max(len(differences), 1) - 0.5)
        ],
        "95 % leaves 2.5 % on either side: the quantile is 0.975.": [{"level": 0.95}],
        "k numbers and their mean leave k - 1 degrees of freedom.": [{"free": 0}],
        "Above 0 the change adds, below 0 it harms.": [lambda differences: check_settled.right(-differences)],
    },
    usual="The interval is the mean, less and more t * s / sqrt(k), t = scipy.stats.t.ppf(0.975, k - 1). "
    "Fewer than two differences settle nothing.",
)
def check_settled(differences, level=0.975, free=1, ddof=1, root=0.5):
    """Check `settled(differences)`: "adds", "harms" or "not settled", of paired differences (k,).

    Judged by Student's 95 % interval of their mean: above 0, below 0, or neither.
    """
    k = len(differences)
    if k < 2:
        return "not settled"
    half = stats.t.ppf(level, k - free) * np.std(differences, ddof=ddof) / k**root
    return _verdict(np.mean(differences), half)


def _verdict(mean, half):
    """Say where the interval of `half` to either side of a mean lies."""
    return "adds" if mean > half else "harms" if mean < -half else "not settled"
