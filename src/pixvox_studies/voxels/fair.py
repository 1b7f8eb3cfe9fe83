"""A fair pair of small networks: 2D and 3D, colours, and parted pairs."""

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models
from pixvox.voxels.views import colour_voxels
from pixvox_studies import common
from pixvox_studies.voxels.posted import score

EPOCHS = {"sample": 15, "full": 8}
BATCH_SIZE = {"sample": 32, "full": 64}
RATE = 2e-3

# Which axis of [row][z][y][x] becomes the last one, the channels of a 2D network.
CHANNEL_AXES = {"2D along x": 3, "2D along y": 2, "2D along z": 1}


def measure_fair(setting, seed, work_dir):
    """Train one of the fair pair; in 2D, along one of the three axes.

    Args:
        setting: {"network": "2D along x", "2D along y", "2D along z" or "3D"}.

    Returns:
        dict: parameters, val_accuracy; test_accuracy, originals, copies, test_right; epoch_cpu_seconds.
    """
    name = setting["network"]
    dimensions = 3 if name == "3D" else 2
    (x_train, y_train), (x_test, y_test) = load_mnist3d()
    parts = (along(name, x_train), y_train), (along(name, x_test), y_test)
    return _train(parts, last_digits(len(x_train)), seed, dimensions=dimensions)


def measure_colour(setting, seed, work_dir):
    """Train the fair 3D network on plain or coloured voxels.

    Args:
        setting: {"colour": "one channel", "map" or "map reversed"}.

    Returns:
        dict, as `measure_fair`.
    """
    parts = [(coloured(setting["colour"], volumes), labels) for volumes, labels in load_mnist3d()]
    return _train(parts, last_digits(len(parts[0][1])), seed, dimensions=3)


def measure_pairs(setting, seed, work_dir):
    """Train the fair 2D network along x while validation holds whole pairs, or parts them as P0 does.

    Args:
        setting: {"pairs": "together" or "parted"}.

    Returns:
        dict, as `measure_fair`.
    """
    parts = load_mnist3d()
    count = len(parts[0][1])
    return _train(parts, draw_validation(count, seed, pairs=setting["pairs"]), seed, dimensions=2)


def along(name, volumes):
    """Return volumes as a network takes them: "2D along y" has y as channels; "3D" has one channel.

    Args:
        name: "2D along x", "2D along y", "2D along z" or "3D".
        volumes: (n, 16, 16, 16), axes [row][z][y][x].

    Returns:
        the same numbers, (n, 16, 16, 16) with the axis of that name last and the others in order; for "3D"
        (n, 16, 16, 16, 1).
    """
    if name == "3D":
        return volumes[..., None]
    return np.ascontiguousarray(np.moveaxis(volumes, CHANNEL_AXES[name], -1))


def coloured(colour, volumes):
    """Return volumes (n, 16, 16, 16) with "one channel", or three by the "map" or the "map reversed"."""
    if colour == "one channel":
        return volumes[..., None]
    return colour_voxels(volumes, reverse=colour == "map reversed")


def last_digits(count):
    """Return which of `count` rows are for validation, bool (count,): the last digits, pairs together."""
    digits = count // 2
    return np.arange(count) // 2 >= digits - round(digits * models.VALIDATION_SHARE["3D"])


def draw_validation(count, seed, *, pairs):
    """Return which of `count` rows are for validation, bool (count,), drawn "together" or "parted"."""
    rng, held = np.random.default_rng(seed), np.zeros(count, bool)
    if pairs == "together":
        digits = rng.permutation(count // 2)[: round(count // 2 * models.VALIDATION_SHARE["2D"])]
        held[2 * digits] = held[2 * digits + 1] = True
    else:
        held[rng.permutation(count)[: round(count * models.VALIDATION_SHARE["2D"])]] = True
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
    scores = score(network, *test)
    del scores["confusion"]
    return {
        "parameters": network.count_params(),
        "val_accuracy": network.evaluate(x_train[held], y_train[held], batch_size=100, verbose=0)[1],
        **scores,
        "epoch_cpu_seconds": seconds / epochs,
    }
