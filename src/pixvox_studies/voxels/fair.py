"""The studies of a fair pair of small networks: 2D and 3D, colours, and parted pairs."""

import time

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models_voxels
from pixvox.voxels.views import colour_voxels
from pixvox_studies.voxels.posted import expect_one_of, score

# The study's own settings: lesson 08 shows the table that they gave.
EPOCHS = {"sample": 15, "full": 8}
BATCH_SIZE = {"sample": 32, "full": 64}
RATE = 2e-3
VALIDATION_SHARE = 0.15  # of the digits: the last ones, with their copies; a test compares with lesson 08
PAIRS_SHARE = 0.25  # P0's share for its 2D network, of rows drawn at random

# Which axis of [row][z][y][x] becomes the last one, the channels of a 2D network.
CHANNEL_AXES = {"2D along x": 3, "2D along y": 2, "2D along z": 1}


def measure_fair(setting, seed, work_dir):
    """Train one of the fair pair; in 2D, along one of the three axes.

    Args:
        setting: {"network": "2D along x", "2D along y", "2D along z" or "3D"}.
        seed: whole number.
        work_dir: not used; a row takes a few minutes at most.

    Returns:
        dict: parameters, val_accuracy; test_accuracy, originals, copies; epoch_cpu_seconds.
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
        seed: whole number.
        work_dir: not used; a row takes a few minutes at most.

    Returns:
        dict, as `measure_fair`.
    """
    parts = [(coloured(setting["colour"], volumes), labels) for volumes, labels in load_mnist3d()]
    return _train(parts, last_digits(len(parts[0][1])), seed, dimensions=3)


def measure_pairs(setting, seed, work_dir):
    """Train the fair 2D network along x while validation holds whole pairs, or parts them as P0 does.

    Args:
        setting: {"pairs": "together" or "parted"}.
        seed: whole number; it also draws which rows are for validation.
        work_dir: not used; a row takes a minute.

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

    Raises:
        ValueError: for another name.
    """
    if name == "3D":
        return volumes[..., None]
    expect_one_of(name, [*CHANNEL_AXES, "3D"], name="network")
    return np.ascontiguousarray(np.moveaxis(volumes, CHANNEL_AXES[name], -1))


def coloured(colour, volumes):
    """Return volumes (n, 16, 16, 16) with "one channel", or three by the "map" or the "map reversed".

    Raises:
        ValueError: for another colour.
    """
    expect_one_of(colour, ["one channel", "map", "map reversed"], name="colour")
    if colour == "one channel":
        return volumes[..., None]
    return colour_voxels(volumes, reverse=colour == "map reversed")


def last_digits(count):
    """Return which of `count` rows are for validation, bool (count,): the last digits, pairs together."""
    digits = count // 2
    return np.arange(count) // 2 >= digits - round(digits * VALIDATION_SHARE)


def draw_validation(count, seed, *, pairs):
    """Return which of `count` rows are for validation, bool (count,), drawn "together" or "parted".

    Raises:
        ValueError: for other pairs.
    """
    expect_one_of(pairs, ["together", "parted"], name="pairs")
    rng, held = np.random.default_rng(seed), np.zeros(count, bool)
    if pairs == "together":
        digits = rng.permutation(count // 2)[: round(count // 2 * PAIRS_SHARE)]
        held[2 * digits] = held[2 * digits + 1] = True
    else:
        held[rng.permutation(count)[: round(count * PAIRS_SHARE)]] = True
    return held


def _train(parts, held, seed, *, dimensions):
    """Train one of the fair pair on the rows that are not held out, and measure it."""
    (x_train, y_train), test = parts
    profile = store.profile()
    keras.utils.set_random_seed(seed)
    channels = x_train.shape[-1] if dimensions == 3 else 1
    network = models_voxels.build_fair_net(dimensions=dimensions, channels=channels)
    compile_fair(network)
    begin = time.process_time()
    network.fit(
        *(x_train[~held], y_train[~held]),
        batch_size=BATCH_SIZE[profile],
        epochs=EPOCHS[profile],
        verbose=0,
    )
    seconds = (time.process_time() - begin) / EPOCHS[profile]
    scores = score(network, *test)
    del scores["confusion"]
    return {
        "parameters": network.count_params(),
        "val_accuracy": network.evaluate(x_train[held], y_train[held], batch_size=100, verbose=0)[1],
        **scores,
        "epoch_cpu_seconds": seconds,
    }


def compile_fair(network):
    """Compile one of the fair pair: Adam."""
    network.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"])
