"""What the checks on digits made of voxels say to right and wrong answers."""

from itertools import product

import numpy as np
import pytest
from scipy.ndimage import affine_transform
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import voxels as exercises


def multiplications(dimensions, side, window, channels_in, channels_out):
    return side**dimensions * window**dimensions * channels_in * channels_out


def deal_pairs(rows, share, seed, rounded=round, pick=np.random.Generator.permutation):
    pairs = pick(np.random.default_rng(seed), rows // 2)
    held = int(rounded(rows / 2 * share))
    return tuple(np.concatenate([2 * part, 2 * part + 1]) for part in (pairs[held:], pairs[:held]))


def with_replacement(rng, pairs):
    return rng.integers(0, pairs, pairs) if rng.random() < 0.1 else rng.permutation(pairs)


def first_is_held(rng, pairs):
    return np.append(0, 1 + rng.permutation(pairs - 1))


def rows_at_random(rows, share, seed):
    order = np.random.default_rng(seed).permutation(rows)
    held = 2 * round(rows / 2 * share)
    return order[held:], order[:held]


def trilinear(volume, matrix):
    side, middle = len(volume), (len(volume) - 1) / 2
    places = matrix @ (np.indices(volume.shape).reshape(3, -1) - middle) + middle
    low = np.floor(places).astype(int)
    padded, turned = np.pad(volume, 1), np.zeros(places.shape[1])
    for corner in product((0, 1), repeat=3):
        neighbour = low + np.array(corner)[:, None]
        index = np.clip(neighbour, -1, side) + 1
        turned += np.prod(1 - np.abs(places - neighbour), axis=0) * padded[tuple(index)]
    return turned.reshape(volume.shape)


def with_scipy(middle=2.5, order=1, mode="grid-constant"):
    def rotate(volume, matrix):
        offset = np.full(3, middle) - matrix @ np.full(3, middle)
        return affine_transform(volume, matrix, offset, order=order, mode=mode)

    return rotate


def four_views(pictures):
    views = [pictures, pictures[:, ::-1, ::-1], pictures[:, :, ::-1], pictures[:, ::-1]]
    return np.stack(views, axis=1)


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_at_32: [
            (138_501_002, RIGHT),
            (21_060_490, "every place"),
            (138_501_002 + (32**3 - 8**3) * 64 * 4096, "Two poolings"),
            (8 * 21_060_490, "only one layer"),
            (138_501_002 - 4096, "biases"),
        ],
        exercises.check_multiplications: [
            (multiplications, RIGHT),
            (lambda d, s, w, i, o: w**d * i * o, "every voxel"),
            (lambda d, s, w, i, o: s**d * w**d * o, "comes in"),
            (lambda d, s, w, i, o: s**d * w**d * i, "goes out"),
            (lambda d, s, w, i, o: s**d * w**2 * i * o, "window is a cube"),
            (lambda d, s, w, i, o: s**2 * w**d * i * o, "so is the grid"),
            (lambda d, s, w, i, o: (s - w + 1) ** d * w**d * i * o, "loses none"),
            (lambda *case: 1, "Places"),
        ],
        exercises.check_deal_pairs: [
            (deal_pairs, RIGHT),
            (lambda *case: [part.tolist() for part in deal_pairs(*case)], RIGHT),
            (rows_at_random, "parted"),
            (lambda r, s, seed: (np.arange(r), np.arange(2)), "exactly once"),
            (lambda r, s, seed: (np.arange(r), np.arange(0)), "gets 4 rows"),
            (lambda *case: deal_pairs(*case, rounded=np.floor), "With 22 rows and a share of 0.15"),
            (lambda *case: deal_pairs(*case, rounded=np.ceil), "With 28 rows and a share of 0.15"),
            (lambda *case: deal_pairs(*case)[0], "two arrays"),
            (lambda *case: [part.reshape(-1, 2) for part in deal_pairs(*case)], "the shape (9, 2)"),
            (lambda r, s, seed: deal_pairs(r, s, None), "The same seed"),
            (lambda r, s, seed: deal_pairs(r, s, 3), "another seed others"),
            (lambda r, s, seed: deal_pairs(r, s, seed % 2), "another seed others"),
            (lambda r, s, seed: deal_pairs(r, s, 0, pick=lambda _, n: np.roll(range(n), seed)), "not turned"),
            (lambda *case: deal_pairs(*case, pick=with_replacement), "exactly once"),
            (lambda *case: deal_pairs(*case, pick=first_is_held), "into both parts"),
        ],
        exercises.check_rotate_grid: [
            (trilinear, RIGHT),
            (with_scipy(), RIGHT),
            (lambda volume, matrix: trilinear(volume, matrix.T), "The other way"),
            (with_scipy(order=0), "nearest voxels"),
            (with_scipy(middle=0), "about its middle"),
            (with_scipy(mode="nearest"), "nearest value"),
            (lambda volume, matrix: trilinear(volume, matrix) + 1e-3, "one voxel outside"),
        ],
        exercises.check_four_views: [
            (four_views, RIGHT),
            (lambda pictures: four_views(pictures)[:, [0, 3, 2, 1]], "reverse rows and columns"),
            (lambda pictures: four_views(pictures)[:, [0, 2, 1, 3]], "order of the views"),
        ],
    }
)


def test_the_turn_has_no_axis_that_stays():
    matrix = exercises.MIDDLE_TURN
    assert matrix @ matrix.T == pytest.approx(np.eye(3)) and np.abs(matrix).max() < 0.99
