"""Lesson 08's networks and numbers: by hand, in the builders, in the lesson's cells and in its studies."""

import ast
from functools import partial

import keras
import matplotlib
import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from support import lesson_cells
from support.lesson_cells import architecture

from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models_voxels
from pixvox.voxels import recipe as voxels
from pixvox.voxels import views as voxel_views
from pixvox_evidence import claims
from pixvox_studies.voxels import better as study_voxel_better
from pixvox_studies.voxels import fair as study_voxel_fair
from pixvox_studies.voxels import posted as study_voxel_posted

NOTEBOOK = "08_mnist_2d_vs_3d"
CODE = lesson_cells.code_of(NOTEBOOK)
assigned = partial(lesson_cells.assigned, NOTEBOOK)


@pytest.fixture
def volumes(monkeypatch):
    """Three digits of the sample and their copies, (6, 16, 16, 16)."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    return load_mnist3d(train_rows=slice(0, 6), test_rows=slice(0, 2))[0][0]


def functions(**given):
    """Return the lesson's own functions by name; those in `given` are there for them to use."""
    names = {"keras": keras, "layers": keras.layers, "np": np, "matplotlib": matplotlib, **given}
    for node in CODE.body:
        if isinstance(node, ast.FunctionDef):
            exec(ast.unparse(node), names)
    return names


def calls(name):
    """Return the keyword arguments, as Python values where they are constants, of all calls of a name."""
    nodes = [node for node in ast.walk(CODE) if isinstance(node, ast.Call)]
    found = [node for node in nodes if getattr(node.func, "attr", getattr(node.func, "id", "")) == name]
    return [
        {word.arg: word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
        for node in found
    ]


def same(shown, built):
    assert architecture(shown) == architecture(built)
    assert shown.name == built.name and shown.count_params() == built.count_params()


def test_the_lesson_shows_the_networks_that_the_builders_build():
    same(assigned("network_2d"), models_voxels.build_voxels_2d())
    same(assigned("network_3d"), models_voxels.build_voxels_3d())
    same(assigned("turning"), models_voxels.build_turning_net())
    same(assigned("facing"), models_voxels.build_facing_net())
    for dimensions in (2, 3):
        shown = functions()["build_fair_net"](dimensions)
        same(shown, models_voxels.build_fair_net(dimensions=dimensions))


@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_count_by_hand_is_layer_by_layer_that_of_keras(dimensions):
    build = {2: models_voxels.build_voxels_2d, 3: models_voxels.build_voxels_3d}[dimensions]
    counted = functions()["count_by_hand"](dimensions, {2: 16, 3: 3}[dimensions])
    layers = {layer.name: layer.count_params() for layer in build().layers if layer.count_params()}
    assert counted == layers
    assert sum(counted.values()) == {2: 8_429_698, 3: 21_060_490}[dimensions]


def test_the_posted_settings_are_the_studys():
    fits = [words for words in calls("fit") if "batch_size" in words]
    assert {words["batch_size"] for words in fits} == set(study_voxel_posted.BATCH_SIZE.values())
    splits = [words for words in calls("train_test_split")]
    share, seed = study_voxel_posted.VALIDATION_SHARE, study_voxel_posted.SPLIT_SEED
    assert splits and all(words == {"test_size": share["2D"], "random_state": seed} for words in splits)
    assert {words["validation_split"] for words in fits if "validation_split" in words} == {share["3D"]}
    plateaus = [words for words in calls("ReduceLROnPlateau") if words["monitor"] == "val_accuracy"]
    assert len(plateaus) == 2 and all(words == study_voxel_posted.PLATEAU for words in plateaus)
    augment = assigned("augment").get_config()
    wanted = study_voxel_posted.AUGMENTATION | {"shift": [study_voxel_posted.AUGMENTATION["shift"]] * 2}
    assert {name: augment[name] for name in wanted} == wanted


def test_our_recipe_is_the_studys():
    assert assigned("better_batch_size") == study_voxel_better.BATCH_SIZE
    assert assigned("peak_rate") == study_voxel_better.RATE
    assert assigned("weight_decay") == study_voxel_better.DECAY
    assert assigned("smoothing") == study_voxel_better.SMOOTHING
    epochs = study_voxel_better.RECIPES["facing"].epochs
    assert all(live <= epochs[profile] for profile, live in assigned("better_epochs").items())


def test_the_rows_for_choices_are_the_studys():
    count = 1_000
    cut = assigned("cut", x_train=np.zeros(count))
    np.testing.assert_array_equal(study_voxel_fair.last_digits(count), np.arange(count) >= cut)


def test_the_convolution_by_hand_is_a_sum_over_windows():
    rng = np.random.default_rng(0)
    volume, kernels, biases = (
        rng.normal(size=(5, 6, 7, 2)),
        rng.normal(size=(3, 2, 3, 2, 4)),
        rng.normal(size=4),
    )
    windows = sliding_window_view(volume, (3, 2, 3), axis=(0, 1, 2))  # (3, 5, 5, 2, 3, 2, 3)
    wanted = np.einsum("abcidef,defio->abco", windows, kernels) + biases
    np.testing.assert_allclose(functions()["convolve_3d"](volume, kernels, biases), wanted)


def test_the_voxels_are_counted_as_the_package_counts_them():
    points = np.random.default_rng(0).normal(size=(500, 3)) * [1, 2, 3]
    counts = functions()["count_voxels"](points)
    assert counts.sum() == 500
    np.testing.assert_array_equal(counts, voxels.voxel_counts(points))


def test_the_posts_loop_gives_the_tables_colours():
    rows = np.random.default_rng(0).uniform(size=(3, 4096)).astype(np.float32)
    rows[:, :2] = 0, 1  # matplotlib scales each volume to 0..1 by itself
    looped = functions()["colour_in_a_loop"](rows)
    np.testing.assert_allclose(looped, voxel_views.colour_voxels(rows), atol=1e-6)


def test_flatness_is_the_smallest_spread_by_the_next():
    flatness = functions()["flatness"]
    brick, cube = np.zeros((16, 16, 16)), np.zeros((16, 16, 16))
    brick[:, 7:9, 4:12] = 1.0  # 16 x 2 x 8
    cube[4:12, 4:12, 4:12] = 1.0
    assert flatness(brick) == pytest.approx(np.sqrt((2**2 - 1) / (8**2 - 1)), rel=1e-3)
    assert flatness(cube) == pytest.approx(1.0)


class AsksForTheMiddle:
    """In place of a network: its answers depend on where in the picture the light is."""

    def predict(self, pictures, **ignored):
        return np.asarray(pictures)[:, 10:14, 5:15, 0].sum(axis=1)


def test_the_answers_by_views_are_the_studys(volumes):
    network = AsksForTheMiddle()
    given = {"thin_axes": voxel_views.thin_axes, "face_on": voxel_views.face_on}
    shown = functions(**given)["answer_by_views"](network, volumes)
    np.testing.assert_allclose(shown, study_voxel_better.answer_by_views(network, volumes))
    single = network.predict(voxel_views.face_on(volumes)[..., None])
    assert not np.allclose(shown, single)


def test_every_claim_of_the_ledger_is_made():
    nodes = [node for node in ast.walk(CODE) if isinstance(node, ast.Call)]
    made = {node.args[0].value for node in nodes if getattr(node.func, "attr", "") == "claim"}
    assert made == set(claims.load_claims(NOTEBOOK))
