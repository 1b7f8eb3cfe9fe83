"""Lesson 06's networks and numbers: by hand, in the builders, in the lesson's cells and in its studies."""

import ast
from functools import partial

import keras
import numpy as np
import pytest
from support import lesson_cells
from support.lesson_cells import architecture

from pixvox.augment import RandomAffine
from pixvox.models import heads as models_transfer
from pixvox.models import transfer as models
from pixvox.models.pets import AUGMENTATION
from pixvox_studies.pets import recipes as study_pets
from pixvox_studies.transfer import routes as study_routes

NOTEBOOK = "06_vgg_transfer_learning"
SIZE = (64, 64)
assigned = partial(lesson_cells.assigned, NOTEBOOK)


def function(name, **given):
    """Return a function that the lesson defines; the names in `given` are there for it to use."""
    names = {"keras": keras, "layers": keras.layers, "np": np, **given}
    names["RandomAffine"] = RandomAffine
    for node in ast.walk(lesson_cells.code_of(NOTEBOOK)):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            exec(ast.unparse(node), names)
            return names[name]
    raise AssertionError(f"lesson 06 defines no function {name}")


def small_base():
    return models.build_small_vgg("vgg16", input_shape=(*SIZE, 3))


def same(shown, built):
    assert architecture(shown) == architecture(built)
    assert shown.name == built.name and shown.count_params() == built.count_params()


def test_parameters_are_those_counted_by_hand():
    head = models_transfer.build_dense_head((4, 4, 512))
    assert head.count_params() == 8192 * 256 + 256 + 256 + 1 == 2_097_665
    base = small_base()
    assert models_transfer.build_end_to_end(base).count_params() == 230_568 + 256 * 256 + 256 + 256 + 1
    assert models_transfer.build_transfer_better(base).count_params() == 230_568 + 64 + 1


def test_only_the_head_on_features_has_dropout():
    dense_head = models_transfer.build_dense_head((2, 2, 4))
    assert [layer.name for layer in dense_head.layers] == ["flatten", "hidden", "drop", "dog"]
    assert dense_head.get_layer("drop").rate == 0.5
    names = [layer.name for layer in models_transfer.build_end_to_end(small_base()).layers]
    assert names == ["augment", "small_vgg16", "flatten", "hidden", "dog"]


def test_the_lesson_shows_the_networks_that_the_builders_build():
    shape = (2, 2, 64)
    maps = type("Features", (), {"maps": np.zeros((1, *shape))})
    same(assigned("dense_head", f_train=maps), models_transfer.build_dense_head(shape))
    base = small_base()
    same(
        function("build_end_to_end", image_size=SIZE)(base),
        models_transfer.build_end_to_end(base),
    )
    shown = assigned("better", base=base, image_size=SIZE)
    same(shown, models_transfer.build_transfer_better(base))


def test_augmentation_is_p4s_and_ours():
    base = small_base()
    layer = models_transfer.build_end_to_end(base).get_layer("augment")
    assert {name: layer.get_config()[name] for name in AUGMENTATION} == AUGMENTATION | {"shift": [0.2, 0.2]}
    own = models_transfer.build_transfer_better(base).get_layer("augment").get_config()
    assert (own["rotation_degrees"], own["zoom"], own["horizontal_flip"]) == (15, 0.25, True)


def test_the_base_is_a_layer_and_no_copy():
    base = small_base()
    for build in (models_transfer.build_end_to_end, models_transfer.build_transfer_better):
        assert any(layer is base for layer in build(base).layers)


@pytest.mark.parametrize("start, tensors", [(None, 0), ("block5", 6), ("block", 26), ("", 26)])
def test_unfreezing_is_the_same_in_lesson_and_study(start, tensors):
    base = small_base()
    for unfreeze in (function("unfreeze"), lambda base, first: study_routes.unfreeze(base, first)):
        base.trainable = False
        unfreeze(base, start)
        assert len(base.trainable_weights) == tensors


def test_the_posts_thirty_and_four_tensors():
    network = models_transfer.build_end_to_end(small_base())
    assert len(network.trainable_weights) == 30
    study_routes.unfreeze(network.layers[1], None)
    assert len(network.trainable_weights) == 4


def test_the_studies_use_the_numbers_of_the_lesson():
    assert assigned("image_size") == study_routes.IMAGE_SIZE
    assert assigned("per_class") == study_pets.PER_CLASS
    assert assigned("batch_size") == study_routes.BATCH_SIZE
    assert assigned("head_rate") == study_routes.HEAD_RATE
    assert assigned("head_epochs") == study_routes.HEAD_EPOCHS
    assert assigned("frozen_epochs") == study_routes.FROZEN_EPOCHS
    assert assigned("tuning_rate") == study_routes.TUNING_RATE
    assert assigned("tuning_epochs") == study_routes.TUNING_EPOCHS
    assert assigned("better_rate") == study_routes.BETTER_RATE
    assert assigned("better_epochs") == study_routes.BETTER_EPOCHS
    assert assigned("weight_decay") == study_routes.BETTER_DECAY
    assert assigned("smoothing") == study_routes.BETTER_SMOOTHING


def test_the_regression_is_the_studys():
    maps = np.random.default_rng(0).normal(size=(40, 2, 3, 5)).astype(np.float32)
    labels = np.arange(40) % 2
    given = {
        "make_pipeline": study_routes.make_pipeline,
        "StandardScaler": study_routes.StandardScaler,
        "LogisticRegression": study_routes.LogisticRegression,
    }
    shown, studied = (fit(maps, labels) for fit in (function("fit_means", **given), study_routes.fit_means))
    means = maps.mean(axis=(1, 2))
    np.testing.assert_array_equal(shown.predict_proba(means), studied.predict_proba(means))


def test_the_smoothing_is_an_exponential_moving_average():
    smooth = function("smooth")
    assert smooth([1.0, 2.0, 3.0], 0.5) == [1.0, 1.5, 2.25]
    assert smooth([0.4]) == [0.4]
    points = list(np.random.default_rng(0).normal(size=9))
    by_weights = 0.8**8 * points[0] + sum(0.2 * 0.8 ** (8 - i) * points[i] for i in range(1, 9))
    assert smooth(points)[-1] == pytest.approx(by_weights)


def test_the_generator_never_ends_and_deals_all_each_time_round():
    names = [f"cat.{number}.jpg" for number in range(7)]
    dealt = function("deal_for_ever")(names, 3, np.random.default_rng(0))
    rounds = [[next(dealt) for _ in range(3)] for _ in range(4)]
    for batches in rounds:
        assert [len(batch) for batch in batches] == [3, 3, 1]
        assert sorted(np.concatenate(batches)) == names
    assert list(np.concatenate(rounds[0])) != list(np.concatenate(rounds[1]))
