"""The networks that are explained and the pictures that they are asked about, in each profile.

In the sample profile the lesson's network and drawings, of which it is known where cats differ from dogs;
others than the sample's, and others for each seed. In the full profile MobileNet, which knows ImageNet, with
a head for cats and dogs, all of it trained, and photographs. All networks take pixels of 0 to 255.
"""

from functools import cache
from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from pixvox.datasets import imagenet, store
from pixvox.models.heads import unfreeze
from pixvox.models.pets import MILD_AUGMENTATION, build_pets_better
from pixvox.training import one_cycle
from pixvox_studies import common
from pixvox_studies.pets import recipes as pets
from pixvox_studies.transfer import heads

FIT, TEST = 200, 120  # drawings of each class
FIT_SEED, TEST_SEED = 7_100, 7_199  # of the drawings: of training (+ the study's seed), of the test
SHOWN = 15  # photographs of each class that are asked about
SIZES = {"sample": (64, 64), "full": heads.END_SIZES["full"]}
EPOCHS = {"sample": 24, "full": 4}
MARKED_EPOCHS = {"sample": 7, "full": 4}
ALONE_EPOCHS = {"sample": 7, "full": 2}  # where the mark is all there is to learn
BATCH_SIZE = {"sample": 32, "full": heads.BATCH_SIZE}
RECIPE = {"sample": common.Recipe(peak=3e-3, decay=0.02, smoothing=0.1), "full": heads.BETTER["full"]}
CHANGES = {"augmentation": MILD_AUGMENTATION, "light": False}  # arguments of `build_pets_better`
FINER = {"sample": "relu2", "full": "conv_pw_11_relu"}  # with more places than the last maps; not tuned on
OTHER_WEIGHTS = 1_000  # added to a seed: with its own, a network would only go back to where it began


class Shown(NamedTuple):
    """Pictures: uint8 (n, height, width, 3), labels (n,), and of drawings the parts (n, height, width)."""

    pictures: np.ndarray
    labels: np.ndarray
    parts: np.ndarray | None


def size():
    """Return (height, width) of the pictures of the profile in force."""
    return SIZES[store.profile()]


@cache
def shown():
    """Return the pictures that are asked about, the same for all seeds: `Shown`."""
    if store.profile() == "sample":
        drawn = common.draw_animals(TEST, TEST_SEED, size())
        return Shown(drawn.pictures, drawn.labels, drawn.parts)
    pictures, labels = pets.load_parts(0, image_size=size())[2]
    rows = np.concatenate([np.flatnonzero(labels == label)[:SHOWN] for label in (0, 1)])
    return Shown(pictures[rows], labels[rows], None)


def training_pictures(seed):
    """Return the pictures to train on and their labels; in the full profile the same for all seeds."""
    if store.profile() == "sample":
        drawn = common.draw_animals(FIT, FIT_SEED + seed, size())
        return drawn.pictures, drawn.labels
    return pets.load_parts(0, image_size=size(), with_test=False)[0]


@cache
def trained(seed):
    """Return the network of a seed; it is trained once a process, by the first row that needs it."""
    return train(*training_pictures(seed), seed=seed, epochs=EPOCHS[store.profile()])


def train(pictures, labels, *, seed, epochs):
    """Train a network of the profile in force, as the lesson does, and return it.

    Args:
        pictures: uint8 or float (n, height, width, 3), 0 to 255.
        labels: whole numbers (n,), 0 cat, 1 dog.
        seed: of weights, order and augmentation.
        epochs: how often each picture is seen.
    """
    keras.utils.set_random_seed(seed)
    profile = store.profile()
    network = build(pictures.shape[1:3], weights="trained")
    recipe, batch_size = RECIPE[profile], BATCH_SIZE[profile]
    steps = common.count_batches(len(labels), batch_size, epochs=epochs)
    network.compile(
        keras.optimizers.AdamW(one_cycle(steps, peak=recipe.peak), weight_decay=recipe.decay),
        keras.losses.BinaryCrossentropy(label_smoothing=recipe.smoothing),
        metrics=["accuracy"],
    )
    network.fit(pictures.astype(np.float32), labels, batch_size=batch_size, epochs=epochs, verbose=0)
    return network


def build(image_size, *, weights):
    """Build a network of the profile in force; `weights` are those of MobileNet, as in `load_conv_base`."""
    if store.profile() == "sample":
        return build_pets_better(image_size=image_size, **CHANGES)
    base = imagenet.load_conv_base("mobilenet", image_size, weights=weights).model
    if weights:
        unfreeze(base, base.layers[0].name)
    inputs = keras.Input((*image_size, 3))
    scaled = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    return keras.Model(inputs, heads.build_transfer_better(base)(scaled), name="photographs")


def widened(model):
    """Return a network with the same weights for pictures twice as wide."""
    height, width = size()
    wide = build((height, 2 * width), weights=None)
    wide.set_weights(model.get_weights())
    return wide


@cache
def side_by_side():
    """Pair cats with dogs, dogs on the left in every other pair: (pictures, booleans: whether they are)."""
    pictures, labels, _ = shown()
    cats, dogs = (pictures[labels == label] for label in (0, 1))
    pairs = min(len(cats), len(dogs))
    dog_left = np.arange(pairs) % 2 == 1
    both = [
        np.concatenate((dog, cat) if left else (cat, dog), axis=1)
        for cat, dog, left in zip(cats, dogs, dog_left, strict=False)
    ]
    return np.stack(both), dog_left
