"""Checks of the exercises on digits made of voxels."""

import numpy as np
from scipy.ndimage import affine_transform

from pixvox.exercises.checking import Hint, call, compared, exercise, show, to_array
from pixvox.voxels.recipe import rotation_matrix

RNG = np.random.default_rng(0)
VOLUME = RNG.uniform(0.2, 1.0, (6, 6, 6))
QUARTER = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
DEALS = 100  # a pair that belongs to a quarter is missing in all of them once in 10 ** 11
MIDDLE_TURN = rotation_matrix((20.0, -35.0, 50.0))  # no axis goes into another


@compared(
    mistakes={
        "That is the count for 16 voxels. Which layer has a weight for every place?": [21_060_490],
        "Two poolings come before Flatten: 32 becomes 16, then 8.": [{"places": 32**3}],
        "Eight times as many places, but only one layer has a weight for each of them.": [8 * 21_060_490],
    },
    usual="Only the first dense layer changes: it reads 8 x 8 x 8 x 64 numbers for 4,096 units, and biases.",
)
def check_at_32(places=8**3):
    """Check the number of parameters of P0's 3D network for grids of 32 voxels a side: 138,501,002."""
    others = 73_600 + 4096 * 1024 + 1024 + 1024 * 10 + 10  # all but the first dense layer
    return others + places * 64 * 4096 + 4096


@compared(
    cases=[(2, 20, 3, 8, 16), (3, 20, 3, 8, 16), (3, 8, 5, 1, 4), (2, 28, 1, 3, 3), (3, 10, 3, 2, 7)],
    mistakes={
        "The window stands at every voxel.": [lambda d, side, window, i, o: window**d * i * o],
        "Each channel that goes out has weights for every channel that comes in.": [
            lambda d, side, window, i, o: side**d * window**d * o,
            lambda d, side, window, i, o: side**d * window**d * i,
        ],
        "In 3D the window is a cube, and so is the grid.": [
            lambda d, side, window, i, o: side**d * window**2 * i * o,
            lambda d, side, window, i, o: side**2 * window**d * i * o,
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
        raise Hint("The same seed gives the same parts, another seed others, not turned: default_rng(seed).")
    if len(frozenset.union(*held)) < rows or frozenset.intersection(*held):
        raise Hint(f"Over {DEALS} seeds each pair should come into both parts: shuffle all of them.")


def _held_rows(answer, rows, share, seed):
    """Return the set of rows that the learner's function gives to validation."""
    given = call(answer, rows, share, seed)
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise Hint(f"Expected two arrays of row numbers, training and validation, got {show(given)}.")
    training, validation = [to_array(part, np.zeros(np.size(part), int)).astype(int) for part in given]
    if sorted([*training, *validation]) != list(range(rows)):
        raise Hint(f"Each of {rows} rows should come exactly once, in one of the two parts.")
    if set(training // 2) & set(validation // 2):
        raise Hint("A pair was parted. Deal the numbers of pairs, then take rows 2 i and 2 i + 1.")
    wanted = 2 * round(rows / 2 * share)
    if len(validation) != wanted:
        hint = f"With {rows} rows and a share of {share}, validation gets {wanted} rows"
        raise Hint(f"{hint}, whole pairs; yours has {len(validation)}.")
    return frozenset(validation)


@compared(
    cases=[(VOLUME, np.eye(3)), (VOLUME, QUARTER), (VOLUME, MIDDLE_TURN)],
    mistakes={
        "The other way: the old place is matrix @ p.": [lambda v, m: check_rotate_grid.right(v, m.T)],
        "Those are the nearest voxels. Weigh eight of them.": [{"order": 0}],
        "The volume turns about its middle: count p from (n - 1) / 2.": [{"middle": 0}, {"middle": 3}],
        "Outside of the old volume it should be 0, not the nearest value.": [{"mode": "nearest"}],
    },
    usual="Weigh the eight voxels around a place; up to one voxel outside some of them still count.",
)
def check_rotate_grid(volume, matrix, middle=2.5, order=1, mode="grid-constant"):
    """Check `rotate_grid(volume, matrix)`: (n, n, n), trilinear, about the middle, 0 outside; n is 6 here."""
    middle = np.full(3, middle)
    return affine_transform(volume, matrix, middle - matrix @ middle, order=order, mode=mode)


@compared(
    cases=[RNG.uniform(size=(3, 5, 5))],
    mistakes={
        "To turn by 180 degrees is to reverse rows and columns; a mirror reverses the columns.": [
            lambda p: np.stack([p, p[:, ::-1], p[:, :, ::-1], p[:, ::-1, ::-1]], axis=1)
        ]
    },
    usual="The order of the views: as it is, turned by 180 degrees, mirrored, both.",
)
def check_four_views(pictures):
    """Check `four_views(pictures)`: (n, side, side) to (n, 4, side, side)."""
    turned = pictures[:, ::-1, ::-1]
    return np.stack([pictures, turned, pictures[:, :, ::-1], turned[:, :, ::-1]], axis=1)
