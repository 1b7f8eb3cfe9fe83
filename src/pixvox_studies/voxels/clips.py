"""Films as volumes: which way a spot moves, for windows that slide over time, and for those that do not."""

import keras
import numpy as np

from pixvox.voxels.clips import FRAMES, draw_clips
from pixvox_studies import common
from pixvox_studies.voxels.axes import NETWORKS
from pixvox_studies.voxels.better import BETTER

CLIPS, EPOCHS, BATCH_SIZE = (400, 800), 40, 32  # films to train on and to test on
FRAME = FRAMES // 2  # the one that is shown where one is


def show_frames(films, frames, rng):
    """Return films (n, time, row, column) with all frames, with one in place of all, or in a random order."""
    if frames == "one":
        return np.repeat(films[:, FRAME : FRAME + 1], FRAMES, axis=1)
    if common.look_up({"in order": False, "shuffled": True}, frames):
        orders = rng.permuted(np.tile(np.arange(FRAMES), (len(films), 1)), axis=1)
        return np.take_along_axis(films, orders[..., None, None], axis=1)
    return films


def measure_clips(setting, seed, work_dir):
    """Train a network of `axes.NETWORKS` on films and test it on others.

    Flat windows lie in the picture and hold all frames; those of the grid slide over time as well.

    Returns:
        dict: train_accuracy, test_accuracy (guessing: one eighth), test_right.
    """
    rng = np.random.default_rng(seed)
    parts = [draw_clips(count, rng) for count in CLIPS]
    parts = [(show_frames(films, setting["frames"], rng), labels) for films, labels in parts]
    build, take = common.look_up(NETWORKS, setting["network"])
    if setting["network"] == "flat":  # time is the last axis, the channels
        parts = [(np.moveaxis(films, 1, -1), labels) for films, labels in parts]
    (x_train, y_train), (x_test, y_test) = ((take(films), labels) for films, labels in parts)
    keras.utils.set_random_seed(seed)
    network = build()
    batches = common.count_batches(len(y_train), BATCH_SIZE, epochs=EPOCHS)
    common.compile_ours(network, BETTER, batches=batches, loss="sparse_categorical_crossentropy")
    network.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
    return {
        "train_accuracy": network.evaluate(x_train, y_train, batch_size=100, verbose=0)[1],
        **common.evaluate_parts(network, {"test": (x_test, y_test)}, batch_size=100),
    }
