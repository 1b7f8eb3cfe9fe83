"""Lesson 05's networks and numbers: the lesson's own cells against the builders and the studies."""

import ast
from functools import partial

import keras
import numpy as np
import pytest
from support import lesson_cells
from support.lesson_cells import architecture

from pixvox import augment as mixing
from pixvox.models import pets as models_pets
from pixvox_studies.pets import cost as study_pets_cost
from pixvox_studies.pets import recipes as study_pets

LESSON = "05_cats_vs_dogs"
SIZE = (64, 64)
assigned = partial(lesson_cells.assigned, LESSON, image_size=SIZE, better_size=SIZE)


def test_the_lesson_shows_the_baseline_that_the_builder_builds():
    shown = assigned("baseline")
    assert architecture(shown) == architecture(models_pets.build_pets_net(image_size=SIZE))
    assert [layer.name for layer in shown.layers] == [
        layer.name for layer in models_pets.build_pets_net(image_size=SIZE).layers
    ]


def test_the_lesson_shows_our_network_as_the_builder_builds_it():
    shown = assigned("better")
    assert architecture(shown) == architecture(models_pets.build_pets_better(image_size=SIZE))
    assert shown.name == "pets_better"


def test_the_lesson_blends_pictures_as_the_studies_do():
    defined = [node for node in lesson_cells.code_of(LESSON).body if getattr(node, "name", "") == "blend"]
    names = {}
    exec(ast.unparse(defined[0]), {"np": np}, names)
    pictures, labels = np.random.default_rng(0).integers(0, 256, (6, 2, 3, 3)), np.arange(6) % 2
    shown, studied = (
        function(pictures, labels, np.random.default_rng(1)) for function in (names["blend"], mixing.blend)
    )
    for one, other in zip(shown, studied, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


def test_the_lesson_augments_as_the_builder_does():
    assert assigned("augmentation") == models_pets.AUGMENTATION


@pytest.mark.parametrize(
    ("variable", "studied"),
    [
        ("image_size", study_pets.IMAGE_SIZE),
        ("per_class", study_pets.PER_CLASS),
        ("learning_rate", study_pets.RATE),
        ("batch_size", study_pets.BATCH_SIZE),
        ("better_size", study_pets.BETTER_SIZE),
        ("better_batch_size", study_pets.BETTER_BATCH_SIZE),
        ("peak_rate", study_pets.BETTER_RATE),
        ("weight_decay", study_pets.BETTER_DECAY),
        ("smoothing", study_pets.BETTER_SMOOTHING),
    ],
)
def test_the_studies_use_the_numbers_of_the_lesson(variable, studied):
    assert lesson_cells.assigned(LESSON, variable) == studied


def test_the_lessons_own_runs_are_no_longer_than_the_studies():
    assert assigned("better_epochs")["sample"] <= study_pets.BETTER_EPOCHS["sample"]
    assert assigned("better_epochs")["full"] == study_pets.BETTER_EPOCHS["full"]
    assert study_pets.EPOCHS["full"] == 100  # P4's; the lesson's own run is shorter


def test_the_lesson_counts_posts_pictures_as_the_cost_study_does():
    used = assigned("used")
    cost = study_pets_cost
    assert used["augmentation and dropout"] == (
        cost.POSTED_EPOCHS * cost.POSTED_BATCHES * cost.POSTED_BATCH_SIZE
    )


def test_the_lessons_rate_is_that_of_the_studies():
    given = {"batches": 101, "peak_rate": study_pets.BETTER_RATE}
    shown = assigned("rate", **given)
    network = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    study_pets.compile_better(network, batches=101)
    studied = network.optimizer._learning_rate
    assert [float(shown(step)) for step in range(0, 102, 25)] == [
        float(studied(step)) for step in range(0, 102, 25)
    ]


def test_the_studies_change_pictures_as_the_lesson_does():
    given = {"augmentation": models_pets.AUGMENTATION, "MILD_AUGMENTATION": models_pets.MILD_AUGMENTATION}
    assert assigned("changes", **given) == study_pets.AUGMENTATION
