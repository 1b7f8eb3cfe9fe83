"""A fair pair of small networks: 2D and 3D, colours, and parted pairs."""

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models
from pixvox.voxels.views import colour_voxels
from pixvox_studies import common
from pixvox_studies.voxels.posted import VALIDATION_SHARE, score_pairs

EPOCHS = {"sample": 15, "full": 8}
BATCH_SIZE = {"sample": 32, "full": 64}
RATE = 2e-3

# Which axis of [row][z][y][x] becomes the last one, the channels of a 2D network; 3D has a new one.
CHANNEL_AXES = {"2D along x": 3, "2D along y": 2, "2D along z": 1, "3D": None}
COLOURS = {  # what a network sees in place of plain voxels, (n, 16, 16, 16)
    "one channel": lambda volumes: volumes[..., None],
    "map": colour_voxels,
    "map reversed": lambda volumes: colour_voxels(volumes, reverse=True),
}


def measure_fair(setting, seed, work_dir):
    """Train one of the fair pair; in 2D, along one of the three axes.

    Returns:
        dict: parameters, val_accuracy; test_accuracy, originals, copies, test_right; epoch_cpu_seconds.
    """
    name = setting["network"]
    parts = [(along(name, volumes), labels) for volumes, labels in load_mnist3d()]
    return _train(parts, last_digits(len(parts[0][1])), seed, dimensions=3 if name == "3D" else 2)


def measure_colour(setting, seed, work_dir):
    """Train the fair 3D network on plain or coloured voxels.

    Returns:
        dict, as `measure_fair`.
    """
    see = common.look_up(COLOURS, setting["colour"])
    parts = [(see(volumes), labels) for volumes, labels in load_mnist3d()]
    return _train(parts, last_digits(len(parts[0][1])), seed, dimensions=3)


def measure_pairs(setting, seed, work_dir):
    """Train the fair 2D network along x while validation holds whole pairs, or parts them as P0 does.

    Returns:
        dict, as `measure_fair`.
    """
    parts = load_mnist3d()
    count = len(parts[0][1])
    return _train(parts, draw_validation(count, seed, pairs=setting["pairs"]), seed, dimensions=2)


def along(name, volumes):
    """Return volumes (n, 16, 16, 16), axes [row][z][y][x], as a network of `CHANNEL_AXES` takes them.

    Returns:
        the same numbers, (n, 16, 16, 16) with the axis of that name last and the others in order; for "3D"
        (n, 16, 16, 16, 1).
    """
    axis = common.look_up(CHANNEL_AXES, name)
    return volumes[..., None] if axis is None else np.ascontiguousarray(np.moveaxis(volumes, axis, -1))


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


def _train(parts, held, seed, *, dimensions):
    """Train one of the fair pair on the rows that are not held out, and measure it."""
    (x_train, y_train), test = parts
    epochs, batch_size = EPOCHS[store.profile()], BATCH_SIZE[store.profile()]
    keras.utils.set_random_seed(seed)
    channels = x_train.shape[-1] if dimensions == 3 else 1
    network = models.build_fair_net(dimensions=dimensions, channels=channels)
    common.compile_posted(network, keras.optimizers.Adam(RATE))
    fit = x_train[~held], y_train[~held]
    _, seconds = common.fit_timed(network, *fit, batch_size=batch_size, epochs=epochs)
    right = common.answer(network, test[0], batch_size=100) == test[1]
    return {
        "parameters": network.count_params(),
        "val_accuracy": network.evaluate(x_train[held], y_train[held], batch_size=100, verbose=0)[1],
        **score_pairs(right),
        "epoch_cpu_seconds": seconds / epochs,
    }
