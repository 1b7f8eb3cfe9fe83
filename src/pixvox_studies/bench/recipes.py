"""The posts' recipes and ours, those of the studies, on the sample that comes with the course.

A recipe is a function of data, fit and seed, see `marks.follow`; data are (x, y) to train on and (x, y) to
validate with, pictures as their loaders give them, unless the recipe's own loader says otherwise.
"""

from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
from sklearn.model_selection import train_test_split

from pixvox.datasets.cats_dogs import load_dogs_vs_cats
from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import pets as pets_models
from pixvox.models.heads import unfreeze
from pixvox.models.voxels import NUM_CLASSES
from pixvox_studies import common
from pixvox_studies.fashion.pictures import SPLIT
from pixvox_studies.four_models import better as clothes_better
from pixvox_studies.four_models import networks as clothes
from pixvox_studies.mnist import networks as digits
from pixvox_studies.pets import recipes as pets
from pixvox_studies.transfer import heads, routes
from pixvox_studies.voxels import better as voxels_better
from pixvox_studies.voxels import posted as voxels

PROFILE = "sample"


def train_digits_posted(data, fit, seed):
    """Train P4's convnet."""
    network = digits.build_mnist_convnet()
    common.compile_posted(network, "rmsprop")
    fit(network, *data, batch_size=digits.BATCH_SIZE, epochs=digits.EPOCHS[PROFILE])


def train_digits_ours(data, fit, seed):
    """Train our own network for digits."""
    network, batch_size = digits.build_better(), digits.BETTER_BATCH_SIZE[PROFILE]
    epochs = digits.BETTER_EPOCHS[PROFILE]
    batches = common.count_batches(len(data[0][1]), batch_size, epochs=epochs)
    common.compile_ours(network, digits.BETTER, batches=batches, loss="sparse_categorical_crossentropy")
    fit(network, *data, batch_size=batch_size, epochs=epochs)


def load_clothes():
    """Return the lesson's training and validation clothes: uint8 (n, 28, 28, 1), int64 labels (n,) each."""
    (x, y), _ = load_fashion_mnist()
    x_fit, x_val, y_fit, y_val = train_test_split(x, y, **SPLIT)
    return (x_fit, y_fit), (x_val, y_val)


def train_clothes_posted(data, fit, seed):
    """Train P3's network of one convolution, ten epochs and fifty more with changed pictures.

    It is P3's cheapest; an epoch of its dearest costs four times as much, see `fashion_cost`.
    """
    parts, batch_size = [(common.scale(x), y) for x, y in data], clothes.FASHION_BATCH_SIZE[PROFILE]
    network = clothes.build_fashion_one()
    common.compile_posted(network, "adam")
    fit(network, *parts, batch_size=batch_size, epochs=clothes.FASHION_EPOCHS)
    longer = clothes.continue_training(network, augmented=True, seed=seed)
    fit(longer, *parts, batch_size=batch_size, epochs=clothes.EXTRA_EPOCHS)


def train_clothes_ours(data, fit, seed):
    """Train our own network for clothes."""
    parts = [(common.scale(x), keras.utils.to_categorical(y, 10)) for x, y in data]
    batch_size, epochs = clothes_better.BETTER_BATCH_SIZE[PROFILE], clothes_better.BETTER_EPOCHS[PROFILE]
    network = clothes_better.build_fashion_better()
    batches = common.count_batches(len(parts[0][1]), batch_size, epochs=epochs)
    clothes_better.compile_better(network, batches=batches)
    fit(network, *parts, batch_size=batch_size, epochs=epochs)


def load_pets():
    """Return training and validation cats and dogs by the side of their pictures, a stage's of ours each."""
    sides, per_class = (side for side, _ in pets_models.BETTER_STAGES[PROFILE]), pets.PER_CLASS[PROFILE]
    return {side: load_dogs_vs_cats(image_size=(side, side), per_class=per_class)[:2] for side in sides}


def train_pets_posted(data, fit, seed):
    """Train P4's network with both of its remedies."""
    size = pets.IMAGE_SIZES[PROFILE]
    augmentation = pets.AUGMENTATIONS[PROFILE]
    network = pets_models.build_pets_net(image_size=size, augmentation=augmentation, dropout=0.5)
    pets.compile_posted(network)
    fit(network, *data[size[0]], batch_size=pets.BATCH_SIZE, epochs=pets.EPOCHS[PROFILE])


def train_pets_ours(data, fit, seed):
    """Train our own network for cats and dogs, on small pictures and then on larger ones."""
    stages, batch_size = pets_models.BETTER_STAGES[PROFILE], pets.BETTER_BATCH_SIZE[PROFILE]
    network = pets_models.build_pets_better(image_size=(None, None), **pets.BETTER_CHANGES[PROFILE])
    epochs = sum(epochs for _, epochs in stages)
    batches = common.count_batches(2 * pets.PER_CLASS[PROFILE][0], batch_size, epochs=epochs)
    common.compile_ours(network, pets.BETTER, batches=batches)
    for side, epochs in stages:
        train, validation = data[side]
        for epoch in range(epochs):
            hides = pets.BETTER_HIDES[PROFILE]
            changed = pets.changed_epoch(*train, seed=seed, epoch=epoch, hides=hides)
            fit(network, changed, validation, batch_size=batch_size)


def load_borrowed():
    """Return training and validation cats and dogs, of the size that the base takes."""
    size, per_class = heads.END_SIZES[PROFILE], pets.PER_CLASS[PROFILE]
    return load_dogs_vs_cats(image_size=size, per_class=per_class)[:2]


def train_borrowed_posted(data, fit, seed):
    """Train P4's head on a frozen base, then the base's last layers and the head."""
    conv_base = routes.load_base(heads.END_SIZES[PROFILE])
    parts = [(conv_base.preprocess_input(x), y) for x, y in data]
    network = heads.build_end_to_end(conv_base.model)
    for first, rate, epochs in (
        (None, heads.HEAD_RATE[PROFILE], heads.FROZEN_EPOCHS[PROFILE]),
        (heads.TUNED_FROM[PROFILE], heads.TUNING_RATE[PROFILE], heads.TUNING_EPOCHS[PROFILE]),
    ):
        unfreeze(conv_base.model, first)
        common.compile_posted(network, keras.optimizers.RMSprop(rate))
        fit(network, *parts, batch_size=heads.BATCH_SIZE, epochs=epochs)


def train_borrowed_ours(data, fit, seed):
    """Train base and our head together in one cycle."""
    conv_base = routes.load_base(heads.END_SIZES[PROFILE])
    (x, y), validation = [(conv_base.preprocess_input(x), y) for x, y in data]
    epochs, batch_size = heads.BETTER_EPOCHS[PROFILE], heads.BATCH_SIZE
    batches = common.count_batches(len(y), batch_size, epochs=epochs)
    unfreeze(conv_base.model, conv_base.model.layers[0].name)
    network = heads.build_transfer_better(conv_base.model)
    common.compile_ours(network, heads.BETTER[PROFILE], batches=batches)
    rows = common.draw_batches(len(y), batches=batches, batch_size=batch_size, seed=seed)
    for some in np.split(rows, epochs):
        fit(network, (x[some], y[some]), validation, batch_size=batch_size, shuffle=False)


def load_voxels():
    """Return P0's training and validation rows, and clouds and labels of the digits that do not validate.

    P0 parts pairs of original and copy at random: its network sees the twins of most validation rows, ours
    none of their digits.
    """
    (x, y), _ = load_mnist3d(test_rows=slice(0, 2))
    fit, validation = voxels.split_rows(len(x), network="2D")
    clouds, labels = voxels_better.load_digits()
    unseen = ~np.isin(np.arange(len(labels)), validation // 2)
    return (x[fit], y[fit]), (x[validation], y[validation]), (clouds[unseen], labels[unseen])


def train_voxels_posted(data, fit, seed):
    """Train P0's 2D network for all of P0's epochs: after the sample's ten it hardly knows a digit."""
    network = voxels.build_posted("2D")
    common.compile_posted(network, "adam")
    plateau = keras.callbacks.ReduceLROnPlateau(**voxels.PLATEAU)
    options = {"batch_size": voxels.POSTED_BATCH_SIZE["2D"], "epochs": voxels.EPOCHS["full"]}
    fit(network, *data[:2], callbacks=[plateau], **options)


def train_voxels_ours(data, fit, seed):
    """Train our flat network, the short recipe, on volumes turned anew in every epoch."""
    plan, rng = voxels_better.plan_of("facing, short"), np.random.default_rng(seed)
    _, (x_val, y_val), (clouds, labels) = data
    validation = plan.look(x_val), keras.utils.to_categorical(y_val, NUM_CLASSES)
    targets = keras.utils.to_categorical(np.tile(labels, 2), NUM_CLASSES)
    network = plan.build()
    batches = common.count_batches(len(targets), plan.batch_size, epochs=plan.epochs)
    common.compile_ours(network, plan.recipe, batches=batches)
    for _ in range(plan.epochs):
        views = plan.look(voxels_better.fresh_epoch(clouds, rng))
        fit(network, (views, targets), validation, batch_size=plan.batch_size)


class Recipe(NamedTuple):
    """Two recipes for the same data.

    Attributes:
        rival, ours: what they are called.
        load: returns the data that both are given.
        train_rival, train_ours: train, as `follow` says.
        seeds: how many, from 0.
    """

    rival: str
    ours: str
    load: Callable
    train_rival: Callable
    train_ours: Callable
    seeds: int


RECIPES = {
    "pets": Recipe(
        *("P4's network, changed pictures and dropout", "our network, small pictures first"),
        *(load_pets, train_pets_posted, train_pets_ours, 1),
    ),
    "four_models": Recipe(
        *("P3's network of one convolution, changed pictures", "our network"),
        *(load_clothes, train_clothes_posted, train_clothes_ours, 1),
    ),
    "voxels": Recipe(
        *("P0's 2D network", "our flat network, short"),
        *(load_voxels, train_voxels_posted, train_voxels_ours, 1),
    ),
    "transfer": Recipe(
        *("P4's head, then the last block too", "all layers at once"),
        *(load_borrowed, train_borrowed_posted, train_borrowed_ours, 3),
    ),
    "mnist": Recipe(
        *("P4's convnet", "our network"),
        *(lambda: digits.load_split()[:2], train_digits_posted, train_digits_ours, 3),
    ),
}
