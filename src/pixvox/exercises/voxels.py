"""Checks of the exercises on digits made of voxels."""

from itertools import permutations

import numpy as np

from pixvox.exercises.checking import Hint, call, compared, exercise, show, to_array

RNG = np.random.default_rng(0)
DEALS = 100  # a pair that belongs to a quarter is missing in all of them once in 10 ** 11
HALF_TURNS = ((1, 2), (0, 2), (0, 1))  # about the first, second and third axis: which two are reversed
GRIDS = RNG.uniform(size=(2, 5, 5, 5)), RNG.uniform(size=(6, 6, 6))


def _slanted(side, seed):
    """Return a volume whose body lies aslant and off the middle, float64 (side, side, side)."""
    z, y, x = np.indices((side, side, side))
    body = (abs(y - z) < 2) & (x < side - 2) & (z > 0) & (x + y < side + 1)
    return body * np.random.default_rng(seed).uniform(0.1, 2, body.shape) ** 2


BODIES = _slanted(6, 0), _slanted(9, 1)


@compared(
    mistakes={
        "That is the count for 16 voxels. Which layer has a weight for every place?": [21_060_490],
        "Two poolings come before Flatten: 32 becomes 16, then 8.": [{"places": 32**3}, {"places": 16**3}],
        "Eight times as many places, but only one layer has a weight for each of them.": [8 * 21_060_490],
        "The first dense layer has a bias for each of its 4,096 units, too.": [{"biases": 0}],
    },
    usual="Only the first dense layer changes: it reads 8 x 8 x 8 x 64 numbers for 4,096 units, and biases.",
)
def check_at_32(places=8**3, biases=4096):
    """Check the number of parameters of P0's 3D network for grids of 32 voxels a side: 138,501,002."""
    others = 73_600 + 4096 * 1024 + 1024 + 1024 * 10 + 10  # all but the first dense layer
    return others + places * 64 * 4096 + biases


@compared(
    cases=[(2, 20, 3, 8, 16), (3, 20, 3, 8, 16), (3, 8, 5, 1, 4), (2, 28, 1, 3, 3), (3, 10, 3, 2, 7)],
    mistakes={
        "That is how many weights there are. The window stands at every voxel.": [
            lambda d, side, window, i, o: window**d * i * o,
            lambda d, side, window, i, o: window**d * i * o + o,
        ],
        "The window has weights at each of its places, not one.": [
            lambda d, side, window, i, o: side**d * i * o,
            lambda d, side, window, i, o: side**d * window * i * o,
        ],
        "Each channel that goes out has weights for every channel that comes in.": [
            lambda d, side, window, i, o: side**d * window**d * o,
            lambda d, side, window, i, o: side**d * window**d * i,
            lambda d, side, window, i, o: side**d * window**d,
            lambda d, side, window, i, o: side**d * window**d * (i + o),
        ],
        "In 3D the window is a cube, and so is the grid.": [
            lambda d, side, window, i, o: side**d * window**2 * i * o,
            lambda d, side, window, i, o: side**2 * window**d * i * o,
            lambda d, side, window, i, o: side**2 * window**2 * i * o,
        ],
        "In 2D there are two directions, not three.": [
            lambda d, side, window, i, o: side**d * window**3 * i * o,
            lambda d, side, window, i, o: side**3 * window**d * i * o,
            lambda d, side, window, i, o: side**3 * window**3 * i * o,
        ],
        "In three directions there are side x side x side places: a power, not a product.": [
            lambda d, side, window, i, o: d * side * window**d * i * o,
            lambda d, side, window, i, o: side**d * d * window * i * o,
            lambda d, side, window, i, o: d * side * d * window * i * o,
            lambda d, side, window, i, o: side * window**d * i * o,
        ],
        "`same` padding loses no places.": [
            lambda d, side, window, i, o: (side - window + 1) ** d * window**d * i * o
        ],
        "Count multiplications only: sums and biases are none.": [
            lambda d, side, window, i, o: 2 * side**d * window**d * i * o,
            lambda d, side, window, i, o: side**d * (window**d * i + 1) * o,
            lambda d, side, window, i, o: side**d * window**d * i * o + o,
        ],
    },
    usual="Places (`same` padding loses none), times weights at a place, times channels in and out.",
)
def check_multiplications(dimensions, side, window, channels_in, channels_out):
    """Check `multiplications(dimensions, side, window, channels_in, channels_out)` of one convolution."""
    return side**dimensions * window**dimensions * channels_in * channels_out


@exercise
def check_deal_pairs(answer):
    """Check `deal_pairs(rows, share, seed)`: two arrays of row numbers that part no pair, training first."""
    for rows, share in ((22, 0.15), (28, 0.15), (40, 0.25)):  # of 11, 14 and 20 pairs: 1.65, 2.1 and 5
        first, *held = (_held_rows(answer, rows, share, seed) for seed in (0, *range(DEALS)))
    if first != held[0] or len(set(held)) < DEALS / 2:  # a list of 20 can be turned in 20 ways
        raise Hint("The same seed gives the same parts, another seed others: use default_rng(seed).")
    if len(frozenset.union(*held)) < rows or frozenset.intersection(*held):
        raise Hint(f"Over {DEALS} seeds each pair should come into both parts: shuffle all of them.")


def _held_rows(answer, rows, share, seed):
    """Return the set of rows that the learner's function gives to validation."""
    given = call(answer, rows, share, seed)
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise Hint(f"Expected two arrays of row numbers, training and validation, got {show(given)}.")
    training, validation = (_row_numbers(part) for part in given)
    if sorted([*training, *validation]) != list(range(rows)):
        raise Hint(f"Each of {rows} rows should come exactly once, in one of the two parts.")
    if set(training // 2) & set(validation // 2):
        raise Hint("A pair was parted. Deal the numbers of pairs, then take rows 2 i and 2 i + 1.")
    wanted = 2 * round(rows / 2 * share)
    if len(validation) != wanted:
        hint = f"With {rows} rows and a share of {share}, validation, the second, gets {wanted} rows"
        raise Hint(f"{hint}, whole pairs; yours has {len(validation)}.")
    return frozenset(validation)


def _row_numbers(part):
    """Return one of the learner's two parts, anything, as a flat array of whole numbers."""
    try:
        shape = np.shape(part)
    except ValueError:  # lists of several lengths
        shape = (0,)
    if len(shape) > 1:
        raise Hint(f"Expected flat arrays of row numbers, got the shape {shape}: np.concatenate or .ravel().")
    numbers = to_array(part, np.zeros(shape or 1, int))
    if numbers.dtype.kind == "b":
        raise Hint("Expected row numbers, got True and False: np.flatnonzero gives the numbers.")
    return numbers.astype(int)


@compared(
    cases=[*BODIES],
    mistakes={
        "Those are mean squares: take their roots.": [{"power": 1}],
        "The smallest first: np.linalg.eigvalsh gives them in this order.": [
            lambda v, order=order: check_spreads.right(v)[list(order)]
            for order in permutations(range(3))
            if order != (0, 1, 2)
        ],
        "Each voxel weighs what it holds, in the middle and in the squares.": [
            {"weigh": np.sign},
            {"middle": lambda places, shares: places[shares > 0].mean(axis=0)},
            lambda v: check_spreads.right(v, np.sign, middle=lambda p, _: _middle(p, v.ravel() / v.sum())),
            {"weigh": np.square},
            lambda v: np.sqrt(np.linalg.eigvalsh(np.cov(np.argwhere(v > 0).T))),
        ],
        "Count from the middle of what the voxels hold, not from the grid's middle or corner.": [
            {"middle": lambda places, shares: places.mean(axis=0)},
            {"middle": lambda places, shares: 0 * places[0]},
        ],
        "Those are the spreads along z, y and x. Along the principal axes: eigenvalues of the covariance.": [
            lambda v: np.sqrt(np.diag(_covariance(v))),
            lambda v: np.sort(np.sqrt(np.diag(_covariance(v)))),
        ],
        "Shares of what the voxels hold add up to 1: divide by the sum of the volume.": [
            lambda v: check_spreads.right(v) * np.sqrt(v.sum()),
            lambda v: check_spreads.right(v) * np.sqrt(v.sum() / v.size),
            lambda v: check_spreads.right(v) * np.sqrt(v.sum() / np.count_nonzero(v)),
        ],
        "A mean square divides by the whole sum: np.cov does so with ddof=0.": [
            lambda v: np.sqrt(np.linalg.eigvalsh(np.cov(_places(v).T, aweights=v.ravel()))),
            lambda v: check_spreads.right(v) * np.sqrt(v.sum() / (v.sum() - 1)),
        ],
        "A distance from the middle along an axis, not a share of the largest or of all.": [
            lambda v: check_spreads.right(v) / check_spreads.right(v)[-1],
            lambda v: check_spreads.right(v) / check_spreads.right(v).sum(),
        ],
    },
    usual="Weighted middle, weighted covariance of the places (3 x 3), roots of its eigenvalues.",
)
def check_spreads(volume, weigh=np.positive, middle=None, power=0.5):
    """Check `spreads(volume)`: three root mean square distances along the principal axes, smallest first."""
    return np.linalg.eigvalsh(_covariance(volume, weigh, middle)) ** power


def _places(volume):
    """Return the index of each voxel of a flattened volume, (voxels, 3)."""
    return np.indices(volume.shape).reshape(3, -1).T.astype(float)


def _middle(places, shares):
    """Return the mean place (3,) of voxels that have shares of all, (voxels,)."""
    return shares @ places


def _covariance(volume, weigh=np.positive, middle=None):
    """Return the covariance (3, 3) of the voxels' places, each weighing what it holds."""
    places, weights = _places(volume), weigh(volume.ravel())
    shares = weights / weights.sum()
    apart = places - (middle or _middle)(places, shares)
    return (apart * shares[:, np.newaxis]).T @ apart


@compared(
    cases=[GRIDS[0][0], GRIDS[0][1], GRIDS[1]],
    mistakes={
        "To reverse one axis, or all three, makes a mirror image. Half a turn reverses two.": [
            lambda grid: np.stack([grid, *(np.flip(grid, axis) for axis in range(3))]),
            lambda grid: np.stack([grid, *(np.flip(grid, axis) for axis in (2, 1, 0))]),
            lambda grid: np.stack([grid, np.flip(grid, 0), np.flip(grid, (0, 1)), np.flip(grid)]),
            lambda grid: np.stack([grid, *(np.flip(grid, axes) for axes in HALF_TURNS[:2]), np.flip(grid)]),
        ],
        "Those are quarter turns; a half turn is two of them: k=2 of np.rot90.": [
            lambda grid, k=k: np.stack([grid, *(np.rot90(grid, k, axes) for axes in HALF_TURNS)])
            for k in (1, 3)
        ],
        "To exchange two axes makes a mirror image. Half a turn reverses two and exchanges none.": [
            lambda grid: np.stack([grid, *(np.swapaxes(grid, *axes) for axes in HALF_TURNS)])
        ],
        "The right four in another order: as it is, then about the first, second and third axis. A half turn "
        "leaves its own axis as it is and reverses the two others.": [
            lambda grid, order=order: check_all_poses.right(grid)[list(order)]
            for order in permutations(range(4))
            if order != (0, 1, 2, 3)
        ],
        "Four different poses: each is a turn of the grid as it is.": [
            lambda grid: np.stack([grid] * 4),
            lambda grid: np.stack([grid, *(np.flip(grid, HALF_TURNS[0]) for _ in range(3))]),
        ],
    },
    usual="As it is, then turned by half a turn about the first, second, third axis: reverse the two others.",
)
def check_all_poses(grid):
    """Check `all_poses(grid)`: (side, side, side) to its four poses by half turns, (4, side, side, side)."""
    return np.stack([grid, *(np.flip(grid, axes) for axes in HALF_TURNS)])
