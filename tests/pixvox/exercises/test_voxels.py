"""What the checks on digits made of voxels say to right and wrong answers."""

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from support import exercise_answers
from support.exercise_answers import RIGHT, lenient, make_test  # noqa: F401  the fixture, by its name

from pixvox.exercises import voxels as exercises

pytestmark = pytest.mark.usefixtures("lenient")


def multiplications(dimensions, side, window, channels_in, channels_out):
    return side**dimensions * window**dimensions * channels_in * channels_out


def step_by_step(dimensions, side, window, channels_in, channels_out):
    count = channels_in * channels_out
    for _ in range(dimensions):
        count *= side * window
    return float(count)


def flat_only(dimensions, side, window, channels_in, channels_out):
    if dimensions == 2:
        return side**2 * window**2 * channels_in * channels_out


WRONG_FORMULAS = [
    (lambda d, s, w, i, o: w**d * i * o, "every voxel"),
    (lambda d, s, w, i, o: w**d * i * o + o, "how many weights"),
    (lambda d, s, w, i, o: s**d * i * o, "each of its places"),
    (lambda d, s, w, i, o: s**d * w * i * o, "each of its places"),
    (lambda d, s, w, i, o: s**d * w**d * o, "comes in"),
    (lambda d, s, w, i, o: s**d * w**d * i, "goes out"),
    (lambda d, s, w, i, o: s**d * w**d, "channel"),
    (lambda d, s, w, i, o: s**d * w**d * (i + o), "channel"),
    (lambda d, s, w, i, o: s**d * w**2 * i * o, "window is a cube"),
    (lambda d, s, w, i, o: s**2 * w**d * i * o, "so is the grid"),
    (lambda d, s, w, i, o: s**2 * w**2 * i * o, "In 3D"),
    (lambda d, s, w, i, o: s**d * w**3 * i * o, "In 2D"),
    (lambda d, s, w, i, o: s**3 * w**d * i * o, "In 2D"),
    (lambda d, s, w, i, o: s**3 * w**3 * i * o, "In 2D"),
    (lambda d, s, w, i, o: d * s * w**d * i * o, "a power"),
    (lambda d, s, w, i, o: s**d * d * w * i * o, "a power"),
    (lambda d, s, w, i, o: d * s * d * w * i * o, "a power"),
    (lambda d, s, w, i, o: s * w**d * i * o, "a power"),
    (lambda d, s, w, i, o: (s - w + 1) ** d * w**d * i * o, "`same` padding loses no places"),
    (lambda d, s, w, i, o: 2 * s**d * w**d * i * o, "sums and biases"),
    (lambda d, s, w, i, o: s**d * (w**d * i + 1) * o, "sums and biases"),
    (lambda d, s, w, i, o: s**d * w**d * i * o + o, "sums and biases"),
    (lambda *case: 1, "Places"),
]


def deal_pairs(rows, share, seed, rounded=round, pick=np.random.Generator.permutation):
    pairs = pick(np.random.default_rng(seed), rows // 2)
    held = int(rounded(rows / 2 * share))
    return tuple(np.concatenate([2 * part, 2 * part + 1]) for part in (pairs[held:], pairs[:held]))


def dealt(change):
    """Make an answer out of the right one: what `change` makes of its two parts."""
    return lambda *case: change(*deal_pairs(*case))


def with_replacement(rng, pairs):
    return rng.integers(0, pairs, pairs) if rng.random() < 0.1 else rng.permutation(pairs)


def first_is_held(rng, pairs):
    return np.append(0, 1 + rng.permutation(pairs - 1))


def rows_at_random(rows, share, seed):
    order = np.random.default_rng(seed).permutation(rows)
    held = 2 * round(rows / 2 * share)
    return order[held:], order[:held]


def as_mask(training, validation):
    mask = np.isin(np.arange(len(training) + len(validation)), training)
    return mask, ~mask


def spreads(volume):
    places = np.argwhere(volume > 0)
    covariance = np.cov(places.T, aweights=volume[volume > 0], ddof=0)
    return np.sqrt(np.linalg.eigvalsh(covariance))


def by_svd(volume):
    places = np.argwhere(volume > 0)
    shares = volume[volume > 0] / volume.sum()
    apart = places - shares @ places
    return np.linalg.svd(np.sqrt(shares)[:, None] * apart, compute_uv=False)[::-1]


def unweighted(volume):
    return np.sqrt(np.linalg.eigvalsh(np.cov(np.argwhere(volume > 0).T, ddof=0)))


def from_place(middle):
    def about(volume):
        places = np.argwhere(volume > 0) - middle(volume)
        shares = volume[volume > 0] / volume.sum()
        return np.sqrt(np.linalg.eigvalsh(np.einsum("v,vi,vj->ij", shares, places, places)))

    return about


def along_the_grid(volume):
    places, shares = np.argwhere(volume > 0), volume[volume > 0] / volume.sum()
    return np.sqrt(shares @ (places - shares @ places) ** 2)


def middle_weighted_only(volume):
    places, shares = np.argwhere(volume > 0), volume[volume > 0] / volume.sum()
    apart = places - shares @ places
    return np.sqrt(np.linalg.eigvalsh(apart.T @ apart / len(apart)))


def all_poses(grid):
    side = len(grid)
    middle, places = (side - 1) / 2, np.indices(grid.shape).reshape(3, -1).T
    poses = [grid]
    for axis in np.eye(3):
        turned = Rotation.from_rotvec(180 * axis, degrees=True).apply(places - middle) + middle
        poses.append(grid[tuple(turned.round().astype(int).T)].reshape(grid.shape))
    return np.stack(poses)


def flipped(*axes):
    return lambda grid: np.stack([np.flip(grid, axis) for axis in axes])


NOT_AT_ALL = ()
test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_at_32: [
            (138_501_002, RIGHT),
            (np.float64(138_501_002), RIGHT),
            (21_060_490, "every place"),
            (138_501_002 + (32**3 - 8**3) * 64 * 4096, "Two poolings"),
            (138_501_002 + (16**3 - 8**3) * 64 * 4096, "Two poolings"),
            (8 * 21_060_490, "only one layer"),
            (138_501_002 - 4096, "a bias"),
            (1, "and biases"),
            ("138,501,002", "Expected a whole number, got '138,501,002'"),
            (138_501_002.5, "Expected a whole number"),
            (np.full((2, 2), 138_501_002), "Expected a whole number, got the shape (2, 2)"),
            ([], "Expected a whole number"),
            (np.nan, "Expected a whole number"),
            ([[1], [2, 3]], "Expected a whole number"),
            (multiplications, "Expected a whole number, got multiplications"),
        ],
        exercises.check_multiplications: [
            (multiplications, RIGHT),
            (step_by_step, RIGHT),
            (flat_only, "Yours returned None for input (3, 20, 3, 8, 16)"),
            (lambda d, s, w, i, o: multiplications(d, s, w, i, o) if d == 3 else None, "a `return` in every"),
            *WRONG_FORMULAS,
        ],
        exercises.check_deal_pairs: [
            (deal_pairs, RIGHT),
            (dealt(lambda *parts: [part.tolist() for part in parts]), RIGHT),
            (dealt(lambda *parts: tuple(part.astype(float) for part in parts)), RIGHT),
            (rows_at_random, "parted"),
            (lambda r, s, seed: (np.arange(r), np.arange(2)), "exactly once"),
            (lambda r, s, seed: (np.arange(r), np.arange(0)), "gets 4 rows"),
            (lambda r, s, seed: (np.arange(r), []), "gets 4 rows"),
            (lambda *case: deal_pairs(*case, rounded=np.floor), "With 22 rows and a share of 0.15"),
            (lambda *case: deal_pairs(*case, rounded=np.ceil), "With 28 rows and a share of 0.15"),
            (dealt(lambda training, validation: (validation, training)), "the second, gets 4 rows"),
            (dealt(lambda training, validation: training), "two arrays"),
            (dealt(lambda training, validation: (training, validation, validation)), "two arrays"),
            (dealt(lambda *parts: [part.reshape(-1, 2) for part in parts]), "the shape (9, 2)"),
            (dealt(lambda *parts: [part[:, None].tolist() for part in parts]), "flat arrays"),
            (dealt(lambda *parts: np.stack([parts[1], parts[1]])), "two arrays"),
            (dealt(as_mask), "np.flatnonzero"),
            (dealt(lambda training, validation: (training, None)), "got None"),
            (dealt(lambda training, validation: (training, "rows")), "got 'rows'"),
            (
                dealt(lambda training, validation: (training.astype(str), validation)),
                "Expected whole numbers",
            ),
            (dealt(lambda training, validation: (training, [[1], [2, 3]])), "got [[1], [2, 3]]"),
            (dealt(lambda training, validation: (training, iter([1]))), "Expected whole numbers"),
            (dealt(lambda training, validation: (training, {1, 2})), "Expected whole numbers"),
            (dealt(lambda training, validation: (training + 0.5, validation)), "Expected whole numbers"),
            (dealt(lambda training, validation: (training, 3)), "Expected whole numbers"),
            (dealt(lambda training, validation: (training[None, None], validation)), "flat arrays"),
            (lambda r, s, seed: deal_pairs(r, s, seed) if seed else None, "returned None"),
            (lambda r, s, seed: deal_pairs(r, s, None), "The same seed"),
            (lambda r, s, seed: deal_pairs(r, s, 3), "another seed others"),
            (lambda r, s, seed: deal_pairs(r, s, seed % 2), "another seed others"),
            (
                lambda r, s, seed: deal_pairs(r, s, 0, pick=lambda _, n: np.roll(range(n), seed)),
                "use default_rng",
            ),
            (lambda *case: deal_pairs(*case, pick=with_replacement), "exactly once"),
            (lambda *case: deal_pairs(*case, pick=first_is_held), "into both parts"),
        ],
        exercises.check_spreads: [
            (spreads, RIGHT),
            (by_svd, RIGHT),
            (lambda volume: spreads(volume).astype(np.float32), RIGHT),
            (lambda volume: spreads(volume).tolist(), RIGHT),
            (lambda volume: spreads(7 * volume[:, ::-1].transpose(2, 0, 1)), RIGHT),  # the same body, turned
            (lambda volume: spreads(volume) ** 2, "their roots"),
            (lambda volume: spreads(volume)[::-1], "smallest first"),
            (lambda volume: spreads(volume)[[0, 2, 1]], "smallest first"),
            (unweighted, "weighs what it holds"),
            (middle_weighted_only, "weighs what it holds"),
            (lambda volume: spreads(volume**2), "weighs what it holds"),
            (from_place(lambda volume: np.argwhere(volume > 0).mean(axis=0)), "weighs what it holds"),
            (from_place(lambda volume: (len(volume) - 1) / 2), "not from the grid's"),
            (from_place(lambda volume: 0), "not from the grid's"),
            (along_the_grid, "principal axes"),
            (lambda volume: np.sort(along_the_grid(volume)), "principal axes"),
            (lambda volume: spreads(volume) * np.sqrt(volume.sum()), "divide by the sum"),
            (lambda volume: spreads(volume) * np.sqrt(volume.mean()), "divide by the sum"),
            (lambda volume: spreads(volume) * np.sqrt(volume[volume > 0].mean()), "divide by the sum"),
            (
                lambda v: np.sqrt(np.linalg.eigvalsh(np.cov(np.argwhere(v > 0).T, aweights=v[v > 0]))),
                "ddof=0",
            ),
            (lambda volume: spreads(volume) * np.sqrt(volume.sum() / (volume.sum() - 1)), "ddof=0"),
            (lambda volume: spreads(volume) / spreads(volume).max(), "not a share"),
            (lambda volume: spreads(volume) / spreads(volume).sum(), "not a share"),
            (lambda volume: 1.01 * spreads(volume), "roots of its eigenvalues"),
            (lambda volume: spreads(volume) * np.nan, "roots of its eigenvalues"),
            (lambda volume: np.linalg.eigh(np.cov(np.argwhere(volume).T)), "numbers of the shape (3,)"),
            (lambda volume: np.diag(spreads(volume)), "numbers of the shape (3,), got the shape (3, 3)"),
            (lambda volume: spreads(volume)[0], "numbers of the shape (3,)"),
            (lambda volume: spreads(volume).astype(str), "Expected numbers"),
            (lambda volume: spreads(volume) if len(volume) < 9 else None, "returned None"),
        ],
        exercises.check_all_poses: [
            (all_poses, RIGHT),
            (lambda grid: list(all_poses(grid)), RIGHT),
            (flipped(NOT_AT_ALL, (1, 2), (0, 2), (0, 1)), RIGHT),
            (flipped(NOT_AT_ALL, 0, 1, 2), "makes a mirror image"),
            (flipped(NOT_AT_ALL, 2, 1, 0), "makes a mirror image"),
            (flipped(NOT_AT_ALL, 0, (0, 1), (0, 1, 2)), "makes a mirror image"),
            (flipped(NOT_AT_ALL, (1, 2), (0, 2), (0, 1, 2)), "makes a mirror image"),
            (
                lambda g: np.stack([g, *(np.rot90(g, axes=axes) for axes in ((1, 2), (0, 2), (0, 1)))]),
                "quarter turns",
            ),
            (
                lambda g: np.stack([g, *(np.rot90(g, -1, axes) for axes in ((1, 2), (0, 2), (0, 1)))]),
                "quarter turns",
            ),
            (
                lambda g: np.stack([g, g.transpose(0, 2, 1), g.transpose(2, 1, 0), g.transpose(1, 0, 2)]),
                "exchange two axes",
            ),
            (flipped(NOT_AT_ALL, (0, 1), (0, 2), (1, 2)), "another order"),
            (flipped((1, 2), (0, 2), (0, 1), NOT_AT_ALL), "another order"),
            (flipped(*4 * [NOT_AT_ALL]), "Four different poses"),
            (flipped(NOT_AT_ALL, *3 * [(1, 2)]), "Four different poses"),
            (lambda grid: all_poses(grid) + 1, "reverse the two others"),
            (
                lambda grid: all_poses(grid)[1:],
                "numbers of the shape (4, 5, 5, 5), got the shape (3, 5, 5, 5)",
            ),
            (lambda grid: np.moveaxis(all_poses(grid), 0, -1), "got the shape (5, 5, 5, 4)"),
            (lambda grid: grid, "numbers of the shape (4, 5, 5, 5)"),
            (lambda grid: all_poses(grid) if len(grid) == 5 else None, "returned None"),
            (lambda grid: all_poses(grid).astype(str), "Expected numbers"),
        ],
    }
)


ODD = [
    *exercise_answers.ODD,
    np.zeros((2, 20)),
    {1, 2},
    [[1], [2, 3]],
    ([[1], [2, 3]], [4]),
    np.full((4, 5, 5, 5), "red"),
    iter([0, 4]),
    object(),
    np.zeros,  # a function
]
CHECKS = [check for name, check in vars(exercises).items() if name[:6] == "check_"]


@pytest.mark.parametrize("check", CHECKS)
class TestOdd:
    """Answers that are nothing like an answer."""

    def told(self, check, answer, capsys):
        check(answer)
        return capsys.readouterr().out

    def test_what_returns_something_odd_gets_a_hint(self, check, capsys):
        for odd in ODD:
            line = self.told(check, lambda *case, odd=odd: odd, capsys)
            assert line.startswith("Not yet. ") and "cannot be checked" not in line and "raised" not in line

    def test_what_is_odd_itself_is_told_what_is_expected(self, check, capsys):
        for odd in ODD[:-1]:
            line = self.told(check, odd, capsys)
            if check is exercises.check_at_32:
                assert "Expected a whole number" in line or odd == np.int64(3) and "and biases" in line
            else:
                assert "Expected a function" in line

    def test_what_raises_is_told_what(self, check, capsys):
        def crashes(*case):
            return case[99]

        what = "Expected a whole number" if check is exercises.check_at_32 else "Yours raised IndexError"
        assert what in self.told(check, crashes, capsys)

    def test_nothing_written_is_met_with_silence(self, check, capsys):
        for nothing in (None, ..., lambda *case: None):
            assert self.told(check, nothing, capsys) == ""

    def test_wrong_answers_raise_where_they_should(self, check, monkeypatch):
        monkeypatch.setenv("PIXVOX_STRICT", "1")
        with pytest.raises(AssertionError, match="Not yet"):
            check("text")


def seen(check, answer):
    """Return the inputs that a check calls a right answer with."""
    inputs = []
    check(lambda *case: inputs.append(case) or answer(*case))
    return inputs


def test_no_two_formulas_give_the_same_numbers_in_every_case(capsys):
    cases = seen(exercises.check_multiplications, multiplications)
    assert capsys.readouterr().out == "Right.\n"
    formulas = [multiplications, *(formula for formula, _ in WRONG_FORMULAS)]
    counted = [[formula(*case) for case in cases] for formula in formulas]
    assert not [pair for pair in combinations(counted, 2) if pair[0] == pair[1]]


def test_the_bodies_lie_aslant_and_off_the_middle_and_no_two_axes_are_level(capsys):
    for (body,) in seen(exercises.check_spreads, spreads):
        low, middle, high = spreads(body)
        assert low < 0.9 * middle and middle < 0.9 * high
        assert np.abs(np.sort(along_the_grid(body)) / spreads(body) - 1).max() > 0.05
        assert np.abs(from_place(lambda volume: (len(volume) - 1) / 2)(body) / spreads(body) - 1).max() > 0.05


def test_spreads_of_a_cube_a_rod_and_two_points():
    right = exercises.check_spreads.right
    cube = np.pad(np.ones((4, 4, 4)), (1, 2))
    assert right(cube) == pytest.approx([1.25**0.5] * 3)  # (1.5^2 + 0.5^2) / 2 along each axis
    rod = np.zeros((9, 9, 9))
    rod[4, 2, 1:8] = 3.0
    assert right(rod)[2] == pytest.approx(2)  # (3^2 + 2^2 + 1 + 0 + 1 + 2^2 + 3^2) / 7 = 4
    two = np.zeros((5, 5, 5))
    two[0, 0, 0], two[3, 4, 0] = 1.0, 3.0  # 5 apart, with 1/4 and 3/4: the variance is 25 * 3/16
    assert right(two)[2] == pytest.approx(5 * 3**0.5 / 4)


def test_whoever_writes_into_the_input_is_told_to_copy(capsys):
    def scales(volume):
        volume /= volume.sum()
        return spreads(volume)

    def turns(grid):
        poses = all_poses(grid)
        grid[:] = grid[::-1].copy()
        return poses

    for check, answer in ((exercises.check_spreads, scales), (exercises.check_all_poses, turns)):
        check(answer)
        assert "work on a copy" in capsys.readouterr().out
