"""The small networks on the rows of the file: colours, parted pairs, and P0's to-do list."""

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models
from pixvox.voxels.recipe import SIZE
from pixvox_studies import common
from pixvox_studies.voxels.colours import colour_voxels
from pixvox_studies.voxels.posted import VALIDATION_SHARE, score_pairs

EPOCHS = {"sample": 15, "full": 8}
BATCH_SIZE = {"sample": 32, "full": 64}
RATE = 2e-3

COLOURS = {  # what a network sees in place of plain voxels, (n, 16, 16, 16)
    "one channel": lambda volumes: volumes[..., None],
    "map": colour_voxels,
    "map reversed": lambda volumes: colour_voxels(volumes, reverse=True),
}
DEEPER = ((24, True), (32, False), (32, False), (72, True), (64, False), (64, False))  # two more


def build_deeper(*, dimensions, channels):
    """Build the small flat network with two more convolutions and nothing else changed."""
    head = [
        keras.layers.Dense(128, activation="relu", name="hidden"),
        keras.layers.Dense(models.NUM_CLASSES, activation="softmax", name="digit"),
    ]
    return keras.Sequential([*models.normalised_blocks(DEEPER, (SIZE, SIZE, SIZE)), *head], name="deeper")


CHANGES = {  # one at a time
    "none": {},
    "six convolutions": {"build": build_deeper},
    "RMSprop": {"optimizer": lambda: keras.optimizers.RMSprop(RATE)},
    "batch 16": {"batch_size": 16},
}


def measure_colour(setting, seed, work_dir):
    """Train the fair 3D network on plain or coloured voxels.

    Returns:
        dict: parameters, val_accuracy; test_accuracy, originals, copies, test_right; epoch_cpu_seconds.
    """
    see = common.look_up(COLOURS, setting["colour"])
    parts = [(see(volumes), labels) for volumes, labels in load_mnist3d()]
    return _train(parts, last_digits(len(parts[0][1])), seed, dimensions=3)


def measure_pairs(setting, seed, work_dir):
    """Train the fair 2D network along x while validation holds whole pairs, or parts them as P0 does.

    Returns:
        dict, as `measure_colour`.
    """
    parts = load_mnist3d()
    count = len(parts[0][1])
    return _train(parts, draw_validation(count, seed, pairs=setting["pairs"]), seed, dimensions=2)


def measure_todo(setting, seed, work_dir):
    """Train the small flat network, x as channels, with one of `CHANGES`.

    Returns:
        dict, as `measure_colour`, and train_accuracy.
    """
    parts = load_mnist3d()
    change = common.look_up(CHANGES, setting["change"])
    return _train(parts, last_digits(len(parts[0][1])), seed, dimensions=2, score_fit=True, **change)


def last_digits(count):
    """Return which of `count` rows are for validation, bool (count,): the last digits, pairs together."""
    digits = count // 2
    return np.arange(count) // 2 >= digits - round(digits * VALIDATION_SHARE["3D"])


def draw_validation(count, seed, *, pairs):
    """Return which of `count` rows are for validation, bool (count,), drawn "together" or "parted"."""
    rng, held = np.random.default_rng(seed), np.zeros(count, bool)
    if common.look_up({"together": True, "parted": False}, pairs):
        digits = rng.permutation(count // 2)[: round(count // 2 * VALIDATION_SHARE["2D"])]
        held[2 * digits] = held[2 * digits + 1] = True
    else:
        held[rng.permutation(count)[: round(count * VALIDATION_SHARE["2D"])]] = True
    return held


def _train(parts, held, seed, *, dimensions, score_fit=False, **change):
    """Train one of the fair pair on the rows that are not held out, and measure it; `CHANGES` say how."""
    (x_train, y_train), test = parts
    epochs, batch_size = EPOCHS[store.profile()], BATCH_SIZE[store.profile()]
    keras.utils.set_random_seed(seed)
    channels = x_train.shape[-1] if dimensions == 3 else 1
    build = change.get("build", models.build_fair_net)
    network = build(dimensions=dimensions, channels=channels)
    common.compile_posted(network, change.get("optimizer", lambda: keras.optimizers.Adam(RATE))())
    fit = x_train[~held], y_train[~held]
    batch_size = change.get("batch_size", batch_size)
    _, seconds = common.fit_timed(network, *fit, batch_size=batch_size, epochs=epochs)
    right = common.answer(network, test[0], batch_size=100) == test[1]
    known = {"train_accuracy": network.evaluate(*fit, batch_size=100, verbose=0)[1]} if score_fit else {}
    return {
        "parameters": network.count_params(),
        **known,
        "val_accuracy": network.evaluate(x_train[held], y_train[held], batch_size=100, verbose=0)[1],
        **score_pairs(right),
        "epoch_cpu_seconds": seconds / epochs,
    }
