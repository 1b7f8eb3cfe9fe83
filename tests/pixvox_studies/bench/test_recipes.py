"""Each recipe as it would train: what it gives to `fit`, which only writes it down."""

from typing import NamedTuple

import numpy as np
import pytest

from pixvox_studies.bench import recipes


class Call(NamedTuple):
    network: object
    x: np.ndarray
    y: np.ndarray
    validation: tuple
    options: dict


def calls_of(train, data):
    """Return what a recipe trains."""
    found = []
    train(
        data,
        lambda network, part, validation, **given: found.append(Call(network, *part, validation, given)),
        3,
    )
    return found


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_both_are_judged_by_the_same_pictures_and_train_as_long_as_they_are_compiled_for(name):
    recipe = recipes.RECIPES[name]
    data = recipe.load()
    posted, ours = (calls_of(train, data) for train in (recipe.train_rival, recipe.train_ours))
    classes = [np.asarray(calls[-1].validation[1]) for calls in (posted, ours)]
    classes = [labels.argmax(axis=1) if labels.ndim == 2 else labels for labels in classes]
    np.testing.assert_array_equal(*classes)
    batches = sum(
        -(-len(call.y) // call.options["batch_size"]) * call.options.get("epochs", 1) for call in ours
    )
    schedule = ours[0].network.optimizer._learning_rate  # one cycle, which must end with the training
    assert float(schedule(batches)) < 0.01 * max(float(schedule(step)) for step in range(0, batches, 10))
    assert float(schedule(batches - batches // 10)) > float(schedule(batches))
    assert all(call.network.compiled and len(call.x) == len(call.y) for call in posted + ours)


def test_the_posts_epochs_are_not_cut():
    wanted = {"pets": [60], "four_models": [10, 50], "voxels": [20], "transfer": [12, 12], "mnist": [20]}
    for name, epochs in wanted.items():
        recipe = recipes.RECIPES[name]
        found = [call.options["epochs"] for call in calls_of(recipe.train_rival, recipe.load())]
        assert found == epochs, name


def test_our_voxels_are_of_no_digit_that_validates():
    _, labels = recipes.voxels_better.load_digits()
    (_, y_fit), (_, y_val), (clouds, ours) = recipes.load_voxels()
    fit, validation = recipes.voxels.split_rows(len(y_fit) + len(y_val), network="2D")
    unseen = [digit for digit in range(len(labels)) if not {2 * digit, 2 * digit + 1} & {*validation}]
    assert 0 < len(clouds) == len(ours) == len(unseen) < len(labels)
    np.testing.assert_array_equal(ours, labels[unseen])
    assert {2 * digit for digit in unseen} <= {*fit}
