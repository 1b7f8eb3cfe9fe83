"""Cats and dogs: how accuracy grows with the number of training pictures, recipe by recipe."""

from typing import NamedTuple

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.models import pets as models
from pixvox_studies import common
from pixvox_studies.pets import recipes

SIZE = (64, 64)  # of the pictures that either head is tried with
EPOCHS = {"sample": 60, "full": 40}  # with all pictures; with a part of them, more


class Way(NamedTuple):
    """P4's convolutions under a head, and how they are trained."""

    head: str
    rates: dict  # by profile


WAYS = {
    "dense": Way("dense", recipes.RATE),
    "dense, higher rate": Way("dense", recipes.AVERAGING_RATE),
    "averaging": Way("averaging", recipes.AVERAGING_RATE),
}


def measure_curve(setting, seed, work_dir):
    """Train on a share of the training pictures: P4's convolutions in one of the `WAYS`, or our recipe.

    Args:
        setting: recipe, a key of `WAYS` or "ours"; share, as in `recipes.take_share`.

    Returns:
        dict: pictures; train_accuracy, val_accuracy, test_accuracy, test_right (by one view a picture);
        test_two_views (by the mean of a picture's answer and its mirror image's).
    """
    share, ours = setting["share"], setting["recipe"] == "ours"
    size = recipes.BETTER_SIZES[store.profile()] if ours else SIZE
    parts = recipes.take_share(recipes.load_parts(seed, image_size=size), share, seed)
    if ours:
        return _score(recipes.train_better(seed, work_dir, share=share), parts)
    way = common.look_up(WAYS, setting["recipe"])
    keras.utils.set_random_seed(seed)
    network = models.build_pets_net(image_size=SIZE, head=way.head)
    common.compile_posted(network, keras.optimizers.RMSprop(way.rates[store.profile()]))
    epochs = recipes.more_epochs(EPOCHS[store.profile()], share)
    network.fit(*parts[0], batch_size=recipes.BATCH_SIZE, epochs=epochs, verbose=0)
    return _score(network, parts)


def measure_posted(setting, seed, work_dir):
    """Train P4's augmented network on a share of the pictures, else as `recipes.measure_arm` does.

    They are repeated until there are as many as all, so that an epoch has as many batches.

    Args:
        setting: share, as in `recipes.take_share`.

    Returns:
        dict: as `measure_curve`.
    """
    profile = store.profile()
    size = recipes.IMAGE_SIZES[profile]
    parts = recipes.take_share(recipes.load_parts(seed, image_size=size), setting["share"], seed)
    keras.utils.set_random_seed(seed)
    network = models.build_pets_net(image_size=size, augmentation=recipes.AUGMENTATIONS[profile])
    recipes.compile_posted(network)
    x, y = parts[0]
    chosen = np.resize(np.arange(len(y)), 2 * recipes.PER_CLASS[profile][0])
    options = {"batch_size": recipes.BATCH_SIZE, "epochs": recipes.EPOCHS[profile]}
    common.fit_resumed(network, [(x[chosen], y[chosen]), None], work_dir, **options)
    return _score(network, parts)


def _score(network, parts):
    """Return what a row holds of a trained network."""
    return {
        "pictures": len(parts[0][1]),
        **common.evaluate_parts(network, parts, batch_size=50),
        "test_two_views": recipes.two_views(network, *parts[2]),
    }
