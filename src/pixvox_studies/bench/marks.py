"""What a post's accuracy costs: its recipe and ours, each up to the first epoch that reaches it.

The mark is the validation accuracy of the post's recipe at its last epoch. Both recipes train on the same
pictures, are judged by the same validation pictures and begin with the same seed. CPU seconds are this
process's, from pictures in memory on: with preparing, changing and compiling, without validation.
"""

import time
from collections.abc import Callable
from statistics import median

import keras
import numpy as np

from pixvox.augment import RandomAffine
from pixvox_studies import common
from pixvox_studies.bench.recipes import RECIPES
from pixvox_studies.bench.rounds import compare

NEAR = 1e-6  # accuracies are float32


class _ReachedError(Exception):
    """Ends a training: the mark is reached."""


def first_reaching(curve: list, mark: float):
    """Return the first (CPU seconds, accuracy) of a curve whose accuracy is the mark or more, and its epoch.

    Args:
        curve: (CPU seconds so far, validation accuracy) after each epoch.
        mark: an accuracy, 0 to 1.

    Returns:
        (epoch, from 1; CPU seconds), or None if no epoch reaches it.
    """
    for epoch, (seconds, accuracy) in enumerate(curve, 1):
        if accuracy >= mark - NEAR:
            return epoch, seconds
    return None


def follow(train: Callable, data, *, seed: int, mark: float | None = None) -> list:
    """Train by a recipe and return (CPU seconds so far, validation accuracy) after each epoch.

    Args:
        train: a function of data, fit and seed that trains as often as it likes by calling fit(network, (x,
            y), validation, ...), whose options are those of Keras's `fit`.
        data: what it trains on.
        mark: the training ends with the first epoch that reaches it; None: at its own end.
    """
    curve, tested, begin = [], [], time.process_time()

    def end_epoch(epoch, logs):
        seconds = time.process_time() - begin - sum(tested)
        curve.append((seconds, float(logs["val_accuracy"])))
        if mark is not None and first_reaching(curve[-1:], mark):
            raise _ReachedError

    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=end_epoch,
        on_test_begin=lambda logs: tested.append(-time.process_time()),
        on_test_end=lambda logs: tested.append(time.process_time()),
    )

    def fit(network, part, validation, *, callbacks=(), **options):
        callbacks = [*callbacks, clock]
        network.fit(*part, validation_data=validation, verbose=0, callbacks=callbacks, **options)

    keras.utils.set_random_seed(seed)
    try:
        train(data, fit, seed)
    except _ReachedError:
        pass
    return curve


def measure_mark(name: str, seed: int) -> dict:
    """Train the post's recipe and then ours, in the process that calls.

    Args:
        name: a key of `RECIPES`.

    Returns:
        dict: mark; rival_epoch and rival_seconds, rival_all_seconds (of all its epochs); ours_epoch and
        ours_seconds, None if ours does not reach the mark.

    Raises:
        ValueError: for another name.
    """
    recipe = common.look_up(RECIPES, name)
    data = recipe.load()
    keras.backend.clear_session()
    _warm_up()
    posted = follow(recipe.train_rival, data, seed=seed)
    mark = posted[-1][1]
    epoch, seconds = first_reaching(posted, mark)
    ours = follow(recipe.train_ours, data, seed=seed, mark=mark)
    ours_epoch, ours_seconds = first_reaching(ours, mark) or (None, None)
    rival = {"rival_epoch": epoch, "rival_seconds": seconds, "rival_all_seconds": posted[-1][0]}
    return {"mark": mark, **rival, "ours_epoch": ours_epoch, "ours_seconds": ours_seconds}


def summarise(found: list[dict]) -> dict:
    """Return one row of what `measure_mark` found with several seeds.

    Returns:
        dict: medians of mark, rival_seconds and rival_all_seconds; repeats, how many seeds; reached, with how
        many of them ours reached the mark. If with all: the median ours_seconds, and ratio, lowest and
        highest, as `rounds.compare` has them; else all four are None.
    """
    row = {
        name: median(one[name] for one in found) for name in ("mark", "rival_seconds", "rival_all_seconds")
    }
    pairs = [(one["ours_seconds"], one["rival_seconds"]) for one in found if one["ours_seconds"] is not None]
    row |= {"ours_seconds": None, "ratio": None, "lowest": None, "highest": None}
    if len(pairs) == len(found):
        row |= {"ours_seconds": median(ours for ours, _ in pairs), **compare(pairs)}
    return row | {"repeats": len(found), "reached": len(pairs)}


def _warm_up():
    """Train a network on a batch of noise, so that neither recipe pays for what a process does once."""
    stack = [
        RandomAffine(shift=0.1),
        keras.layers.Conv2D(4, 3),
        keras.layers.Flatten(),
        keras.layers.Dense(1),
    ]
    network = keras.Sequential([keras.Input((16, 16, 1)), *stack])
    network.compile("adam", "mse")
    network.fit(np.zeros((8, 16, 16, 1), np.float32), np.zeros(8), verbose=0)
