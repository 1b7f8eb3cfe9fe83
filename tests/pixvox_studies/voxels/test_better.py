"""The study of our own voxel networks, on a few digits."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox.datasets.mnist import load_mnist
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models_voxels
from pixvox.voxels.fresh import sample_clouds
from pixvox.voxels.views import face_on
from pixvox_studies import frame as studies
from pixvox_studies.voxels import better as study_voxel_better


@pytest.fixture
def small(monkeypatch):
    """Twelve digits, few points and one or two epochs."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    load_rows = load_mnist3d
    (images, labels), _ = load_mnist()

    def digits():
        return sample_clouds(images[:12], np.random.default_rng(0), points=200), labels[:12]

    def rows(**parts):
        train, (x_test, y_test) = load_rows(**parts)
        return train, (x_test[:20], y_test[:20])

    monkeypatch.setattr(study_voxel_better, "load_digits", digits)
    monkeypatch.setattr(study_voxel_better, "load_mnist3d", rows)
    monkeypatch.setattr(study_voxel_better, "BATCH_SIZE", {"sample": 8})
    for name, recipe in study_voxel_better.RECIPES.items():
        monkeypatch.setitem(study_voxel_better.RECIPES, name, recipe._replace(epochs={"sample": 2}))


@pytest.mark.parametrize("name", ["3D", "facing"])
def test_a_row_has_what_the_table_needs(small, tmp_path, name):
    row = study_voxel_better.measure_better({"recipe": name}, 0, tmp_path)
    scores = {"test_accuracy", "originals", "copies", "confusion"}
    costs = {"training_cpu_seconds", "fresh_cpu_seconds"}
    assert set(row) == {"parameters", "epoch_train", "single_view"} | scores | costs
    assert name == "facing" or row["single_view"] == row["test_accuracy"]
    assert 0 < row["fresh_cpu_seconds"] < row["training_cpu_seconds"]
    assert len(row["epoch_train"]) == 2 and np.sum(row["confusion"]) == 20


@pytest.mark.parametrize("name", ["3D", "facing", "facing, short"])
def test_digits_are_trained_on_and_test_rows_are_scored(monkeypatch, tmp_path, name):
    """By a single view the copies are answered wrong, by several views the first original."""
    study, trained = study_voxel_better, []
    x_test = np.random.default_rng(0).random((20, 16, 16, 16)).astype(np.float32)
    y_test = np.arange(20) // 2 % 10
    digits = np.ones((3, 5, 3)), np.arange(3)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(study, "load_mnist3d", lambda train_rows: (None, (x_test, y_test)))
    monkeypatch.setattr(study, "load_digits", lambda: digits)

    def answers(wrong):
        guesses = y_test.copy()
        guesses[wrong] += 1
        return np.eye(11)[guesses][:, :10]

    class Network:
        def predict(self, x, **options):
            np.testing.assert_array_equal(x, study.RECIPES[name].look(x_test))
            return answers(slice(1, None, 2))

        def count_params(self):
            return 7

    def train(*arguments, **options):
        trained.append((arguments, options))
        return Network(), {"epoch_train": [0.5]}

    def answer_by_views(network, volumes):
        np.testing.assert_array_equal(volumes, x_test)
        return answers(0)

    monkeypatch.setattr(study, "train", train)
    monkeypatch.setattr(study, "answer_by_views", answer_by_views)
    recipe = study.RECIPES[name]._replace(epochs={"sample": 9, "full": 8})
    monkeypatch.setitem(study.RECIPES, name, recipe)
    row = study.measure_better({"recipe": name}, 5, tmp_path)
    (((given, clouds, labels), options),) = trained
    assert given is recipe and (clouds, labels) == digits and options == {"seed": 5, "epochs": 9}
    assert row["single_view"] == 0.5 and row["parameters"] == 7
    scores = row["test_accuracy"], row["originals"], row["copies"]
    assert scores == ((0.5, 1, 0) if name == "3D" else (0.95, 0.9, 1))
    np.testing.assert_array_equal(row["confusion"].sum(axis=1), np.bincount(y_test, minlength=10))


def test_every_epoch_is_fresh_and_the_targets_fit(small, monkeypatch):
    seen, seeds, ticks = [], [], iter(range(0, 1_000, 10))
    clock = SimpleNamespace(process_time=lambda: next(ticks))
    monkeypatch.setattr(study_voxel_better, "time", clock)
    monkeypatch.setattr(study_voxel_better.keras.utils, "set_random_seed", seeds.append)

    class Recorder:
        def compile(self, optimizer, loss, metrics):
            self.optimizer, self.loss = optimizer, loss

        def fit(self, x, y, **options):
            seen.append((x, y, options))
            return SimpleNamespace(history={"accuracy": [0.5]})

    clouds, labels = study_voxel_better.load_digits()
    recipe = study_voxel_better.RECIPES["facing"]._replace(build=Recorder)
    network, measured = study_voxel_better.train(recipe, clouds, labels, seed=0, epochs=3)
    assert measured["epoch_train"] == [0.5] * 3 and len(seen) == 3
    assert measured["fresh_cpu_seconds"] == 3 * 10  # from a reading of the clock to the next, in each epoch
    assert measured["training_cpu_seconds"] == 7 * 10  # from the first reading to the last
    for x, y, options in seen:
        assert x.shape == (24, 24, 24, 1) and options == {"batch_size": 8, "verbose": 0}
        np.testing.assert_array_equal(y.argmax(axis=1), np.tile(labels, 2))
    assert np.abs(seen[0][0] - seen[1][0]).max() > 0.5
    rate = network.optimizer._learning_rate
    assert rate.warmup_steps + rate.decay_steps == 3 * 3  # three epochs of 24 pictures in batches of 8
    assert rate.warmup_target == study_voxel_better.RATE
    assert network.optimizer.weight_decay == study_voxel_better.DECAY
    assert network.loss.label_smoothing == study_voxel_better.SMOOTHING
    once = seen[0][0]
    for seed, same in ((0, True), (1, False)):
        del seen[:]
        study_voxel_better.train(recipe, clouds, labels, seed=seed, epochs=1)
        assert np.array_equal(seen[0][0], once) == same
    assert seeds == [0, 0, 1]


def test_the_first_half_of_an_epoch_stands_upright(small):
    clouds, _ = study_voxel_better.load_digits()
    volumes = study_voxel_better.fresh_epoch(clouds, np.random.default_rng(0))
    depth = [np.ptp(np.nonzero(volume)[2]) for volume in volumes]
    assert len(volumes) == 24 and max(depth[:12]) < 8 and np.mean(depth[12:]) > 9


def test_every_copy_of_an_epoch_is_in_another_hand(monkeypatch):
    """With counters in place of the functions: each call of `vary` is another hand."""
    hands = iter((1, 2))
    monkeypatch.setattr(study_voxel_better, "vary", lambda clouds, rng: clouds + next(hands))
    monkeypatch.setattr(study_voxel_better, "grids", lambda clouds: clouds * 10)
    monkeypatch.setattr(study_voxel_better, "fresh_copies", lambda clouds, rng: clouds * 100)
    volumes = study_voxel_better.fresh_epoch(np.array([3, 4]), np.random.default_rng(0))
    assert [*volumes] == [40, 50, 500, 600]  # upright, then turned; the digits in one order


def test_the_recipes_look_at_volumes_in_their_own_way():
    volumes = np.random.default_rng(0).random((3, 16, 16, 16)).astype(np.float32)
    assert study_voxel_better.as_volumes(volumes).shape == (3, 16, 16, 16, 1)
    np.testing.assert_array_equal(study_voxel_better.as_pictures(volumes)[..., 0], face_on(volumes))
    for recipe in study_voxel_better.RECIPES.values():
        assert recipe.build().input_shape[1:] == recipe.look(volumes).shape[1:]
        assert set(recipe.epochs) == {"sample", "full"}
    short, long = (study_voxel_better.RECIPES[name] for name in ("facing, short", "facing"))
    assert short[:2] == long[:2]
    assert all(short.epochs[profile] < long.epochs[profile] / 4 for profile in ("sample", "full"))
    assert long.build is models_voxels.build_facing_net


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

    answers = study_voxel_better.answer_by_views(Halves(), volumes)
    assert len(seen) == 6 and answers.shape == (2, 10)
    np.testing.assert_array_equal(seen[2], seen[3][:, :, ::-1])
    np.testing.assert_allclose(answers[:, :2], [[0, 1], [0.5, 0.5]])
    for view, degrees in zip(seen[::2], (-10, 0, 10), strict=True):
        np.testing.assert_allclose(view, face_on(volumes, turn=degrees)[..., None])


def test_digits_are_those_of_the_voxels(monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    (images, digits), test = load_mnist()
    draw = lambda images, rng: sample_clouds(images[::50], rng, points=100)  # noqa: E731  fewer
    monkeypatch.setattr(study_voxel_better, "sample_clouds", draw)
    clouds, labels = study_voxel_better.load_digits()
    np.testing.assert_array_equal(labels, digits[:500])
    np.testing.assert_array_equal(clouds, draw(images[:500], np.random.default_rng(0)))
    assert clouds.dtype == np.float32
    monkeypatch.setattr(study_voxel_better, "load_mnist", lambda: ((images, digits[::-1]), test))
    with pytest.raises(ValueError, match="expected 3D MNIST to be made from the first digits of MNIST"):
        study_voxel_better.load_digits()


def test_the_study_is_registered():
    study = studies.STUDIES["voxel_better"]
    assert [setting["recipe"] for setting in study.settings] == list(study_voxel_better.RECIPES)
    assert study.run == "pixvox_studies.voxels.better:measure_better" and len(study.seeds) >= 3
