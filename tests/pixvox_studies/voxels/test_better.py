"""The study of our own voxel networks, on a few digits."""

from types import SimpleNamespace

import numpy as np
import pytest
from support.made_up import dense_on, noise_volumes
from support.splat import splat

from pixvox.datasets.mnist import load_mnist
from pixvox.voxels.views import own_grid, thin_axes
from pixvox_studies.voxels import better
from pixvox_studies.voxels.fresh import sample_clouds

SCORES = {"test_accuracy", "originals", "copies", "test_right", "confusion"}


@pytest.fixture(scope="module")
def digits():
    """Twelve digits of few points, and their labels."""
    (images, labels), _ = load_mnist()
    return sample_clouds(images[:12], np.random.default_rng(0), points=200), labels[:12]


@pytest.fixture
def small(monkeypatch, digits):
    """Twelve digits to train on, twenty rows of noise to test on, and one epoch."""
    test = noise_volumes(20, 1)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(better, "load_digits", lambda: digits)
    monkeypatch.setattr(better, "load_mnist3d", lambda **parts: (noise_volumes(40, 0), test))
    monkeypatch.setattr(better, "BETTER_BATCH_SIZE", {"sample": 8})
    monkeypatch.setattr(better, "TURNING_BATCH_SIZE", {"sample": 6})
    for name, (_, look, _) in better.RECIPES.items():
        monkeypatch.setitem(better.RECIPES, name, (dense_on(look), look, {"sample": 1}))
    return test


@pytest.mark.parametrize("name", ["3D", "facing"])
def test_a_row_has_what_the_table_needs(small, monkeypatch, tmp_path, name):
    """By a single view the copies are answered wrong, by several views the first original."""
    x_test, y_test = small

    def answers(wrong):
        guesses = y_test.copy()
        guesses[wrong] += 1
        return np.eye(11)[guesses][:, :10]

    train = better.train

    def train_and_script(*arguments, **options):
        network, measured = train(*arguments, **options)
        network.predict = lambda x, **options: answers(slice(1, None, 2))
        return network, measured

    monkeypatch.setattr(better, "train", train_and_script)
    monkeypatch.setattr(better, "answer_by_views", lambda network, volumes: answers(0))
    row = better.measure_better({"recipe": name}, 0, tmp_path)
    costs = {"training_cpu_seconds", "fresh_cpu_seconds"}
    assert set(row) == {"parameters", "epoch_train", "single_view"} | SCORES | costs
    assert 0 < row["fresh_cpu_seconds"] < row["training_cpu_seconds"] and len(row["epoch_train"]) == 1
    scores = row["single_view"], row["test_accuracy"], row["originals"], row["copies"]
    assert scores == ((0.5, 0.5, 1, 0) if name == "3D" else (0.5, 0.95, 0.9, 1))


def test_every_epoch_is_fresh_and_the_targets_fit(small, digits, monkeypatch):
    seen, ticks = [], iter(range(0, 1_000, 10))
    monkeypatch.setattr(better, "time", SimpleNamespace(process_time=lambda: next(ticks)))

    class Recorder:
        output_shape = (None, 10)

        def compile(self, optimizer, loss, metrics):
            self.optimizer = optimizer

        def fit(self, x, y, **options):
            seen.append((x, y, options))
            return SimpleNamespace(history={"accuracy": [0.5]})

    plan = better.Plan(Recorder, own_grid, 3, better.BETTER, 8)
    network, measured = better.train(plan, *digits, seed=0)
    assert measured["epoch_train"] == [0.5] * 3 and len(seen) == 3
    assert measured["fresh_cpu_seconds"] == 3 * 10  # from a reading of the clock to the next, in each epoch
    assert measured["training_cpu_seconds"] == 7 * 10  # from the first reading to the last
    for x, y, options in seen:
        assert x.shape == (24, 16, 16, 16) and options == {"batch_size": 8, "verbose": 0}
        np.testing.assert_array_equal(y.argmax(axis=1), np.tile(digits[1], 2))
    assert np.abs(seen[0][0] - seen[1][0]).max() > 0.5
    rate = network.optimizer._learning_rate
    assert rate.warmup_steps + rate.decay_steps == 3 * 3  # three epochs of 24 pictures in batches of 8
    once = seen[0][0]
    for seed, same in ((0, True), (1, False)):
        del seen[:]
        better.train(plan._replace(epochs=1), *digits, seed=seed)
        assert np.array_equal(seen[0][0], once) == same


def test_the_first_half_of_an_epoch_stands_upright(digits):
    volumes = better.fresh_epoch(digits[0], np.random.default_rng(0))
    depth = [np.ptp(np.nonzero(volume)[2]) for volume in volumes]
    assert len(volumes) == 24 and max(depth[:12]) < 8 and np.mean(depth[12:]) > 9


def test_every_copy_of_an_epoch_is_in_another_hand(monkeypatch):
    """With counters in place of the functions: each call of `vary` is another hand."""
    hands = iter((1, 2))
    monkeypatch.setattr(better, "vary", lambda clouds, rng: clouds + next(hands))
    monkeypatch.setattr(better, "grids", lambda clouds: clouds * 10)
    monkeypatch.setattr(better, "fresh_copies", lambda clouds, rng: clouds * 100)
    volumes = better.fresh_epoch(np.array([3, 4]), np.random.default_rng(0))
    assert [*volumes] == [40, 50, 500, 600]  # upright, then turned; the digits in one order


def test_the_recipes_look_at_volumes_in_their_own_way(monkeypatch):
    volumes = np.random.default_rng(0).random((3, 16, 16, 16)).astype(np.float32)
    np.testing.assert_array_equal(better.as_volumes(volumes)[..., 0], volumes)
    for profile in ("sample", "full"):
        monkeypatch.setenv("PIXVOX_PROFILE", profile)
        plans = {name: better.plan_of(name) for name in better.RECIPES}
        for plan in plans.values():
            assert plan.build().input_shape[1:] == plan.look(volumes).shape[1:]
        short, long = plans["facing, short"], plans["facing"]
        assert short._replace(epochs=long.epochs) == long and short.epochs < long.epochs / 4
        np.testing.assert_array_equal(long.look(volumes), own_grid(volumes))
    with pytest.raises(ValueError, match="expected one of"):
        better.plan_of("2D")


def test_answers_to_several_views_are_averaged():
    """The network tells which half of a picture is brighter: mirrored, it answers the opposite."""
    volumes = np.zeros((2, 16, 16, 16), np.float32)
    volumes[0, 2:14, 2:14, 8] = volumes[1, 2:14, 8, 2:14] = 0.2  # facing us, and turned by 90 degrees
    volumes[0, 2:14, 10:12, 8] = volumes[1, 2:14, 8, 10:12] = 1
    seen = []

    class Halves:
        def predict(self, pictures, **options):
            seen.append(pictures)
            left, right = (half.sum(axis=(1, 2, 3)) for half in np.array_split(pictures, 2, axis=2))
            return np.eye(10)[(right > left).astype(int)]

    answers = better.answer_by_views(Halves(), volumes)
    assert len(seen) == 6 and answers.shape == (2, 10)
    np.testing.assert_array_equal(seen[2], seen[3][:, :, ::-1])
    np.testing.assert_allclose(answers[:, :2], [[0, 1], [0.5, 0.5]])
    for view, degrees in zip(seen[::2], (-10, 0, 10), strict=True):
        np.testing.assert_allclose(view, better.turned_grid(volumes, degrees))


@pytest.mark.parametrize("degrees", [0, 30, -90])
def test_views_are_turned_against_the_clock(degrees):
    """Rows count upwards here, downwards in a picture: so it is from the second axis to the first."""
    rng = np.random.default_rng(0)
    volumes = np.zeros((2, 12, 12, 12))
    volumes[:, 2:10, 3:9, 4:8] = rng.integers(0, 4, (2, 8, 6, 4))
    volumes[1, 5, 0, 0] = 2  # this one ends up beyond the border
    views = better.turned_grid(volumes, degrees)
    for volume, axes, view in zip(volumes, thin_axes(volumes), views, strict=True):
        np.testing.assert_allclose(view, splat(volume, axes, turn=degrees), atol=1e-4)
    left = better.turned_grid(volumes, degrees + 90)
    np.testing.assert_allclose(left, np.rot90(views, axes=(2, 1)), atol=1e-4)


def test_digits_are_those_of_the_voxels(monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    (images, digits), test = load_mnist()
    draw = lambda images, rng: sample_clouds(images[::50], rng, points=100)  # noqa: E731  fewer
    monkeypatch.setattr(better, "sample_clouds", draw)
    clouds, labels = better.load_digits()
    np.testing.assert_array_equal(labels, digits[:500])
    np.testing.assert_array_equal(clouds, draw(images[:500], np.random.default_rng(0)))
    assert clouds.dtype == np.float32
    monkeypatch.setattr(better, "load_mnist", lambda: ((images, digits[::-1]), test))
    with pytest.raises(ValueError, match="expected 3D MNIST to be made from the first digits of MNIST"):
        better.load_digits()
