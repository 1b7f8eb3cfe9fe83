"""Handedness: helices and their mirror images, which cast one shadow."""

import keras
import numpy as np

from pixvox.voxels import recipe as voxels
from pixvox_sketch.solids import draw_cloud
from pixvox_studies import common
from pixvox_studies.voxels.axes import build_and_look
from pixvox_studies.voxels.better import BETTER

COUNTS = (600, 200)  # helices to train on and to test on, drawn for each seed
EPOCHS, BATCH_SIZE = 24, 32


def measure_hands(setting, seed, work_dir):
    """Train a network of `axes.NETWORKS` to tell a helix from its mirror image, and test it on other helices.

    In each epoch every helix is flipped anew along some of the axes: an odd number of flips is a mirror
    image, an even number a rotation.

    Returns:
        dict: test_accuracy (guessing: .5), test_right, epoch_train (a list).
    """
    rng = np.random.default_rng(seed)
    training, test = (draw_helices(count, rng) for count in COUNTS)
    keras.utils.set_random_seed(seed)
    network, look = build_and_look(setting)
    batches = common.count_batches(len(training), BATCH_SIZE, epochs=EPOCHS)
    common.compile_ours(network, BETTER, batches=batches, loss="sparse_categorical_crossentropy")
    accuracies = []
    for _ in range(EPOCHS):
        volumes, hands = flip(training, rng)
        history = network.fit(look(volumes), hands, batch_size=BATCH_SIZE, verbose=0)
        accuracies += history.history["accuracy"]
    volumes, hands = flip(test, rng)
    scores = common.evaluate_parts(network, {"test": (look(volumes), hands)}, batch_size=100)
    return {**scores, "epoch_train": accuracies}


def draw_helices(count, rng):
    """Return fresh helices of one hand, turned every way, as volumes float32 (count, 16, 16, 16)."""
    return np.stack([voxels.voxel_grid(draw_cloud("helix", rng)) for _ in range(count)]).astype(np.float32)


def flip(volumes, rng):
    """Flip each volume (side, side, side) along some of its axes, drawn anew: none to all three.

    Returns:
        the flipped volumes, a copy, and int64 (n,): 1 for mirror images, 0 for others.
    """
    flips = rng.integers(0, 2, (len(volumes), 3))
    flipped = volumes.copy()
    for axis in range(3):
        chosen = flips[:, axis] == 1
        flipped[chosen] = np.flip(flipped[chosen], axis + 1)
    return flipped, flips.sum(axis=1) % 2
