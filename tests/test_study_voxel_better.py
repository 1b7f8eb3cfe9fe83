"""The study of our own voxel networks, on a few digits."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox import models_voxels, studies, study_voxel_better
from pixvox.voxel_views import face_on


@pytest.fixture
def small(monkeypatch):
    """Twelve digits, few points and one or two epochs."""
    load, load_rows = study_voxel_better.load_digits, study_voxel_better.load_mnist3d
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")

    def digits():
        clouds, labels = load()
        return clouds[:12, :200], labels[:12]

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


def test_every_epoch_is_fresh_and_the_targets_fit(small):
    seen = []

    class Recorder:
        def compile(self, optimizer, loss, metrics):
            self.rate = optimizer._learning_rate

        def fit(self, x, y, **options):
            seen.append((x, y, options))
            return SimpleNamespace(history={"accuracy": [0.5]})

    clouds, labels = study_voxel_better.load_digits()
    recipe = study_voxel_better.RECIPES["facing"]._replace(build=Recorder)
    network, measured = study_voxel_better.train(recipe, clouds, labels, seed=0, epochs=3)
    assert measured["epoch_train"] == [0.5] * 3 and len(seen) == 3
    for x, y, options in seen:
        assert x.shape == (24, 24, 24, 1) and options == {"batch_size": 8, "verbose": 0}
        np.testing.assert_array_equal(y.argmax(axis=1), np.tile(labels, 2))
    assert np.abs(seen[0][0] - seen[1][0]).max() > 0.5
    steps = network.rate.warmup_steps + network.rate.decay_steps
    assert steps == 3 * 3  # three epochs of 24 pictures in batches of 8


def test_the_first_half_of_an_epoch_stands_upright(small):
    clouds, _ = study_voxel_better.load_digits()
    volumes = study_voxel_better.fresh_epoch(clouds, np.random.default_rng(0))
    depth = [np.ptp(np.nonzero(volume)[2]) for volume in volumes]
    assert len(volumes) == 24 and max(depth[:12]) < 8 and np.mean(depth[12:]) > 9


def test_the_recipes_look_at_volumes_in_their_own_way():
    volumes = np.random.default_rng(0).random((3, 16, 16, 16)).astype(np.float32)
    assert study_voxel_better.as_volumes(volumes).shape == (3, 16, 16, 16, 1)
    np.testing.assert_array_equal(study_voxel_better.as_pictures(volumes)[..., 0], face_on(volumes))
    for recipe in study_voxel_better.RECIPES.values():
        assert recipe.build().input_shape[1:] == recipe.look(volumes).shape[1:]
        assert set(recipe.epochs) == {"sample", "full"}
    short, long = (study_voxel_better.RECIPES[name] for name in ("facing, short", "facing"))
    assert short[:2] == long[:2] and short.epochs["full"] < long.epochs["full"] / 4
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
    np.testing.assert_allclose(seen[0], face_on(volumes, turn=-10)[..., None])


def test_digits_are_those_of_the_voxels(monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    clouds, labels = study_voxel_better.load_digits()
    assert clouds.shape[0] == len(labels) == 500 and clouds.dtype == np.float32
    (images, digits), test = study_voxel_better.load_mnist()
    monkeypatch.setattr(study_voxel_better, "load_mnist", lambda: ((images, digits[::-1]), test))
    with pytest.raises(ValueError, match="expected 3D MNIST to be made from the first digits of MNIST"):
        study_voxel_better.load_digits()


def test_the_study_is_registered():
    study = studies.STUDIES["voxel_better"]
    assert [setting["recipe"] for setting in study.settings] == list(study_voxel_better.RECIPES)
    assert study.run == "pixvox.study_voxel_better:measure_better" and len(study.seeds) >= 3
