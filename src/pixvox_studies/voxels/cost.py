"""What training costs in lesson 08: P0's two recipes beside ours. Run it alone on the machine."""

import time

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox_studies.voxels import better as study_voxel_better
from pixvox_studies.voxels import posted as study_voxel_posted

WARM_BATCHES, MEASURED_BATCHES = 4, 12  # the first ones pay for tracing the training step
MEASURED_DIGITS = 512  # of which fresh volumes are made
POSTED = {"P0's 2D": "2D", "P0's 3D": "3D"}


def measure_cost(setting, seed, work_dir):
    """Train a network for some batches and count what the whole training costs, without validation.

    Args:
        setting: {"recipe": "P0's 2D", "P0's 3D", or a key of `study_voxel_better.RECIPES`}.
        seed: whole number; seeds are repeats here.
        work_dir: not used.

    Returns:
        dict: batch_cpu_seconds, fresh_cpu_seconds (an epoch's, for making fresh volumes and views of
        them; P0 makes none), epoch_cpu_seconds (with both), epochs (P0's 20 in both profiles),
        clouds_cpu_seconds (for loading digits and sampling their clouds, once), training_cpu_seconds (all
        epochs, and the clouds).
    """
    keras.utils.set_random_seed(seed)
    measure = _posted if setting["recipe"] in POSTED else _ours
    batch, fresh, batches, epochs, clouds = measure(setting["recipe"])
    epoch = batch * batches + fresh
    return {
        "batch_cpu_seconds": batch,
        "fresh_cpu_seconds": fresh,
        "epoch_cpu_seconds": epoch,
        "epochs": epochs,
        "clouds_cpu_seconds": clouds,
        "training_cpu_seconds": epoch * epochs + clouds,
    }


def _posted(recipe):
    """Return the seconds of a batch and of fresh data, batches, epochs, and the seconds of the clouds."""
    name = POSTED[recipe]
    batch_size = study_voxel_posted.BATCH_SIZE[name]
    (x_train, y_train), _ = load_mnist3d(test_rows=slice(0, 2))
    fit, _ = study_voxel_posted.split_rows(len(x_train), network=name)
    rows = _some(fit, batch_size)
    network = study_voxel_posted.build_posted(name)
    study_voxel_posted.compile_as_posted(network)
    views = study_voxel_posted.prepare(x_train[rows], network=name)
    seconds = _batch_seconds(network, views, y_train[rows], batch_size)
    return seconds, 0.0, -(-len(fit) // batch_size), study_voxel_posted.EPOCHS["full"], 0.0


def _ours(recipe):
    """Return what `_posted` does, for one of our recipes."""
    profile = store.profile()
    build, look, epochs = study_voxel_better.RECIPES[recipe]
    batch_size = study_voxel_better.BATCH_SIZE[profile]
    begin = time.process_time()
    clouds, labels = study_voxel_better.load_digits()
    once = time.process_time() - begin
    chosen = np.arange(MEASURED_DIGITS) % len(labels)
    begin = time.process_time()
    views = look(study_voxel_better.fresh_epoch(clouds[chosen], np.random.default_rng(0)))
    fresh = (time.process_time() - begin) * len(labels) / MEASURED_DIGITS
    rows = _some(np.arange(len(views)), batch_size)
    targets = keras.utils.to_categorical(np.tile(labels[chosen], 2), 10)
    network, batches = build(), -(-2 * len(labels) // batch_size)
    study_voxel_better.compile_better(network, batches=batches * epochs[profile])
    seconds = _batch_seconds(network, views[rows], targets[rows], batch_size)
    return seconds, fresh, batches, epochs[profile], once


def _some(rows, batch_size):
    """Return as many of the rows as are measured, some of them again if there are too few."""
    return np.resize(rows, MEASURED_BATCHES * batch_size)


def _batch_seconds(network, views, labels, batch_size):
    """Train on batches; return the CPU seconds of one, after a few that are not counted."""
    warm = WARM_BATCHES * batch_size
    network.fit(views[:warm], labels[:warm], batch_size=batch_size, verbose=0)
    begin = time.process_time()
    network.fit(views, labels, batch_size=batch_size, verbose=0)
    return (time.process_time() - begin) / MEASURED_BATCHES
