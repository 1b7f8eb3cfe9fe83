"""Each check is silent on an untouched answer, gives a hint for a wrong one and accepts a right one."""

import numpy as np
from scipy.ndimage import affine_transform
from support.exercise_answers import make_tests

from pixvox.exercises import voxels as exercises
from pixvox.models import voxels as models_voxels


def multiplications(dimensions, side, window, channels_in, channels_out):
    return side**dimensions * window**dimensions * channels_in * channels_out


def deal_pairs(rows, share, seed):
    pairs = np.random.default_rng(seed).permutation(rows // 2)
    held = pairs[: round(rows // 2 * share)]
    validation = np.concatenate([2 * held, 2 * held + 1])
    return np.setdiff1d(np.arange(rows), validation), validation


def as_lists(rows, share, seed):
    return tuple(part.tolist() for part in deal_pairs(rows, share, seed))


def deal_rounded(rounding):
    def deal(rows, share, seed):
        pairs = np.random.default_rng(seed).permutation(rows // 2)
        held = int(rounding(rows / 2 * share))
        return tuple(np.concatenate([2 * part, 2 * part + 1]) for part in (pairs[held:], pairs[:held]))

    return deal


def rows_at_random(rows, share, seed):
    order = np.random.default_rng(seed).permutation(rows)
    held = 2 * round(rows / 2 * share)
    return order[held:], order[:held]


def rotate_grid(volume, matrix):
    """An independent answer: SciPy's linear interpolation."""
    middle = np.full(3, (len(volume) - 1) / 2)
    return affine_transform(volume, matrix, middle - matrix @ middle, order=1, mode="grid-constant")


def with_scipy(**settings):
    def rotate(volume, matrix):
        middle = np.full(3, settings.get("middle", (len(volume) - 1) / 2))
        rest = {"order": settings.get("order", 1), "mode": settings.get("mode", "grid-constant")}
        return affine_transform(volume, matrix, middle - matrix @ middle, **rest)

    return rotate


def spoils(volume, matrix):
    result = rotate_grid(volume, matrix)
    volume[:] = 0
    return result


def four_views(pictures):
    views = [pictures, pictures[:, ::-1, ::-1], pictures[:, :, ::-1], pictures[:, ::-1]]
    return np.stack(views, axis=1)


RIGHT = [
    (exercises.check_at_32, 138_501_002),
    (exercises.check_at_32, 138_501_002.0),
    (exercises.check_at_32, np.int64(138_501_002)),
    (exercises.check_multiplications, multiplications),
    (exercises.check_deal_pairs, deal_pairs),
    (exercises.check_deal_pairs, as_lists),
    (exercises.check_rotate_grid, rotate_grid),
    (exercises.check_rotate_grid, exercises._rotated),
    (exercises.check_four_views, four_views),
]
WRONG = [
    (exercises.check_at_32, 21_060_490, "every place"),
    (exercises.check_at_32, 138_501_002 - 256, "four numbers"),
    (exercises.check_at_32, 138_501_002 - 4096, "bias"),
    (exercises.check_at_32, 138_501_002 + (32**3 - 8**3) * 64 * 4096, "Two poolings"),
    (exercises.check_at_32, 8 * 21_060_490, "only one layer"),
    (exercises.check_at_32, 1, "first dense layer"),
    (exercises.check_at_32, 138_501_002 + 4096, "first dense layer"),
    (exercises.check_at_32, 138_501_002.5, "whole number"),
    (exercises.check_at_32, float("nan"), "whole number"),
    (exercises.check_at_32, "138,501,002", "whole number"),
    (exercises.check_multiplications, lambda d, s, w, i, o: w**d * i * o, "every voxel"),
    (exercises.check_multiplications, lambda d, s, w, i, o: s**d * w**d * o, "come in"),
    (exercises.check_multiplications, lambda d, s, w, i, o: s**d * w**d * i, "goes out"),
    (exercises.check_multiplications, lambda d, s, w, i, o: s**d * w**2 * i * o, "cube"),
    (exercises.check_multiplications, lambda d, s, w, i, o: (s - w + 1) ** d * w**d * i * o, "no place"),
    (exercises.check_multiplications, lambda d, s, w, i, o: 1, "Places, times"),
    (exercises.check_multiplications, lambda d, s, w, i, o: s**d * 3**d * i * o, "(3, 8, 5, 1, 4) should be"),
    (exercises.check_multiplications, lambda d, s, w, i, o: s**d * w**d * 8 * o, "(3, 8, 5, 1, 4) should be"),
    (exercises.check_multiplications, lambda d, s, w, i, o: 16**d * w**d * i * o, "should be"),
    (exercises.check_deal_pairs, rows_at_random, "parted"),
    (exercises.check_deal_pairs, lambda r, s, seed: (np.arange(r), np.arange(2)), "exactly once"),
    (exercises.check_deal_pairs, lambda r, s, seed: (np.arange(r), np.arange(0)), "gets 10 rows"),
    (exercises.check_deal_pairs, lambda r, s, seed: deal_pairs(r, 0.5, seed), "gets 10 rows"),
    (exercises.check_deal_pairs, deal_rounded(np.floor), "With 22 rows and a share of 0.15"),
    (exercises.check_deal_pairs, deal_rounded(np.ceil), "With 28 rows and a share of 0.15"),
    (exercises.check_deal_pairs, lambda r, s, seed: (*deal_pairs(r, s, seed), 0), "Return two arrays"),
    (exercises.check_deal_pairs, lambda r, s, seed: deal_pairs(r, s, seed)[0], "Return two arrays"),
    (exercises.check_deal_pairs, lambda r, s, seed: deal_pairs(r, s, seed)[::-1], "gets 10 rows"),
    (exercises.check_deal_pairs, lambda r, s, seed: deal_pairs(r, s, None), "same seed"),
    (exercises.check_deal_pairs, lambda r, s, seed: deal_pairs(r, s, 3), "Other seeds"),
    (exercises.check_rotate_grid, lambda v, m: rotate_grid(v, m.T), "other way"),
    (exercises.check_rotate_grid, with_scipy(order=0), "nearest voxels"),
    (exercises.check_rotate_grid, with_scipy(middle=0), "corner"),
    (exercises.check_rotate_grid, with_scipy(middle=3), "n / 2"),
    (exercises.check_rotate_grid, with_scipy(mode="nearest"), "nearest value"),
    (exercises.check_rotate_grid, lambda v, m: rotate_grid(v, m[::-1, ::-1]), "reversed"),
    (exercises.check_rotate_grid, lambda v, m: rotate_grid(v, m) + 1e-3, "should be"),
    (exercises.check_rotate_grid, lambda v, m: rotate_grid(v, m)[1:], "shape"),
    (exercises.check_rotate_grid, spoils, "changed"),
    (exercises.check_rotate_grid, lambda v, m: v.copy(), "For a quarter turn"),
    (exercises.check_rotate_grid, lambda v, m: rotate_grid(v, np.round(m)), "For a turn"),
    (exercises.check_rotate_grid, lambda v, m: v.copy() if np.trace(m) == 3 else v.T, "should be"),
    (exercises.check_four_views, lambda p: four_views(p)[:, [0, 2, 1, 3]], "the one mirrored"),
    (exercises.check_four_views, lambda p: four_views(p)[:, [0, 1, 2, 1]], "the one turned by 180 degrees"),
    (exercises.check_four_views, lambda p: four_views(p)[:, [3, 1, 2, 0]], "the one turned and mirrored"),
    (exercises.check_four_views, lambda p: four_views(p).transpose(1, 0, 2, 3), "should become"),
    (exercises.check_four_views, lambda p: four_views(p.transpose(0, 2, 1)), "another picture"),
]
(
    test_a_right_answer_is_accepted,
    test_a_wrong_answer_gets_a_hint_and_raises_only_when_strict,
    test_an_untouched_answer_is_met_with_silence,
) = make_tests(RIGHT, WRONG)


def test_the_number_is_the_networks_with_another_first_dense_layer():
    network = models_voxels.build_voxels_3d()
    hidden = network.get_layer("hidden1")
    assert network.count_params() - hidden.count_params() + 8**3 * 64 * 4096 + 4096 == 138_501_002


def test_the_turn_has_no_axis_that_stays():
    matrix = exercises.MIDDLE_TURN
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.abs(matrix).max() < 0.99
