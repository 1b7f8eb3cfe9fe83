"""Lesson 03's networks and constants: its own cells against builders, studies and counts by hand."""

import ast
from functools import partial
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from support import lesson_cells
from support.lesson_cells import architecture

from pixvox.models import clothes as models_fashion
from pixvox_studies.four_models import networks as study_fashion

LESSON = "03_fashion_mnist_four_models"
COUNTS = {
    "one_conv": 320 + 13 * 13 * 32 * 128 + 128 + 1_290,
    "three_conv": 320 + 18_496 + (9 * 64 * 128 + 128) + (3 * 3 * 128 * 128 + 128) + 1_290,
    "four_conv": 320
    + (9 * 32 * 32 + 32)
    + 18_496
    + (9 * 64 * 128 + 128)
    + (4 * 4 * 128 * 512 + 512)
    + (512 * 128 + 128)
    + 1_290
    + 4 * (32 + 32 + 64 + 128 + 512 + 128),
    "small": 160 + (9 * 16 * 32 + 32) + 18_496 + 576 * 10 + 10,
    "better": 25 * 32 + 9 * (32 * 64 + 64 * 64 + 64 * 128 + 128 * 128) + 4 * (32 + 2 * 64 + 2 * 128) + 1_290,
}
BUILDERS = {
    "one_conv": models_fashion.build_fashion_one,
    "three_conv": models_fashion.build_fashion_three,
    "four_conv": models_fashion.build_fashion_four,
    "small": models_fashion.build_fashion_small,
    "better": models_fashion.build_fashion_better,
}


assigned = partial(
    lesson_cells.assigned,
    LESSON,
    fit=SimpleNamespace(maps=np.zeros((1, 4, 4, 512))),
)


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_those_counted_by_hand(name):
    assert BUILDERS[name]().count_params() == COUNTS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_the_lesson_shows_the_network_that_the_builder_builds(name):
    assert architecture(assigned(name)) == architecture(BUILDERS[name]())


def test_the_posted_counts_are_the_builders():
    posted = {"one_conv": 693_962, "three_conv": 241_546, "four_conv": 1_221_546}
    assert posted == {name: COUNTS[name] for name in posted}
    four = BUILDERS["four_conv"]()
    assert sum(int(np.prod(weights.shape)) for weights in four.non_trainable_weights) == 1_792


def test_dense_networks_have_the_parameters_they_say():
    assert [models_fashion.build_fashion_dense(width).count_params() for width in (0, 16, 128)] == [
        7_850,
        795 * 16 + 10,
        101_770,
    ]


def test_larger_pictures_enlarge_the_dense_layer_only():
    small, large = (models_fashion.build_fashion_three(image_size=(side, side)) for side in (28, 56))
    grown = [
        a.name
        for a, b in zip(small.layers, large.layers, strict=True)
        if a.count_params() != b.count_params()
    ]
    assert grown == ["hidden"]


def test_the_studies_use_the_numbers_of_the_lesson():
    assert assigned("batch_size") == study_fashion.BATCH_SIZE
    assert assigned("epochs")["full"] == study_fashion.EPOCHS
    assert assigned("epochs")["sample"] < study_fashion.EPOCHS  # the lesson's own run is shorter
    assert assigned("augmentation") == study_fashion.AUGMENTATION
    assert assigned("better_batch_size") == study_fashion.BETTER_BATCH_SIZE
    assert all(
        assigned("better_epochs")[name] < study_fashion.BETTER_EPOCHS[name] for name in ("sample", "full")
    )
    assert assigned("better_rate") == study_fashion.BETTER_RATE
    assert assigned("weight_decay") == study_fashion.BETTER_DECAY
    assert assigned("smoothing") == study_fashion.BETTER_SMOOTHING


def test_the_lesson_splits_as_the_studies_do():
    splits = [
        {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords}
        for node in ast.walk(lesson_cells.code_of(LESSON))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "train_test_split"
    ]
    wanted = {"test_size": study_fashion.VALIDATION_SHARE, "random_state": study_fashion.SPLIT_SEED}
    assert splits and all(split == wanted for split in splits)


def test_our_network_learns_and_is_the_same_after_saving(tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(64, 28, 28, 1)).astype(np.float32)
    labels = np.arange(64) % 10
    model = models_fashion.build_fashion_better()
    model.compile("adam", "sparse_categorical_crossentropy")
    losses = model.fit(images, labels, batch_size=16, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    probabilities = model.predict(images, verbose=0)
    assert probabilities.shape == (64, 10)
    np.testing.assert_array_equal(loaded.predict(images, verbose=0), probabilities)
