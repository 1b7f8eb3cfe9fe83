"""What the recipes on 3D MNIST cost: CPU seconds of a batch, of fresh volumes, of the whole training."""

import time

import keras
import numpy as np

from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models
from pixvox_studies import common
from pixvox_studies.voxels import axes, better, posted

WARM_BATCHES, MEASURED_BATCHES = 4, 12
MEASURED_DIGITS = 512  # of which fresh volumes are made
POSTED = {"P0's 2D": "2D", "P0's 3D": "3D"}


def plan_of(name):
    """Return the `better.Plan` of one of `better.RECIPES`, or of an arm of `axes.NAMED`, by its name."""
    return axes.plan_of(axes.NAMED[name]) if name in axes.NAMED else better.plan_of(name)


def measure_cost(setting, seed, work_dir):
    """Train a network for some batches and count what the whole training costs, without validation.

    Run it alone on the machine.

    Returns:
        dict: batch_cpu_seconds, fresh_cpu_seconds (an epoch's, for making fresh volumes and views of
        them; P0 makes none), epoch_cpu_seconds (with both), epochs (P0's 20 in both profiles),
        clouds_cpu_seconds (for loading digits and sampling their clouds, once), training_cpu_seconds (all
        epochs, and the clouds).
    """
    keras.utils.set_random_seed(seed)
    if setting["recipe"] in POSTED:
        batch, fresh, batches, epochs, clouds = _posted_cost(setting["recipe"])
    else:
        batch, fresh, batches, epochs, clouds = _our_cost(plan_of(setting["recipe"]))
    epoch = batch * batches + fresh
    return {
        "batch_cpu_seconds": batch,
        "fresh_cpu_seconds": fresh,
        "epoch_cpu_seconds": epoch,
        "epochs": epochs,
        "clouds_cpu_seconds": clouds,
        "training_cpu_seconds": epoch * epochs + clouds,
    }


def _posted_cost(recipe):
    """Return the seconds of a batch and of fresh data, batches, epochs, and the seconds of the clouds."""
    name = POSTED[recipe]
    batch_size = posted.POSTED_BATCH_SIZE[name]
    (x_train, y_train), _ = load_mnist3d(test_rows=slice(0, 2))
    fit, _ = posted.split_rows(len(x_train), network=name)
    rows = np.resize(fit, MEASURED_BATCHES * batch_size)  # some again if there are too few
    network = posted.build_posted(name)
    common.compile_posted(network, "adam")
    used = posted.prepare(x_train[rows], network=name), y_train[rows]
    seconds = common.batch_seconds(network, *used, batch_size=batch_size, warm=WARM_BATCHES)
    return seconds, 0.0, common.count_batches(len(fit), batch_size), posted.EPOCHS["full"], 0.0


def _our_cost(plan):
    """Return what `_posted_cost` does, for a network that is trained on fresh volumes."""
    begin = time.process_time()
    clouds, labels = better.load_digits()
    once = time.process_time() - begin
    chosen = np.arange(MEASURED_DIGITS) % len(labels)
    begin = time.process_time()
    views = plan.look(better.fresh_epoch(clouds[chosen], np.random.default_rng(0)))
    fresh = (time.process_time() - begin) * len(labels) / MEASURED_DIGITS
    rows = np.resize(np.arange(len(views)), MEASURED_BATCHES * plan.batch_size)
    targets = keras.utils.to_categorical(np.tile(labels[chosen], 2), models.NUM_CLASSES)
    network, batches = plan.build(), common.count_batches(2 * len(labels), plan.batch_size)
    common.compile_ours(network, plan.recipe, batches=batches * plan.epochs)
    used = views[rows], targets[rows]
    seconds = common.batch_seconds(network, *used, batch_size=plan.batch_size, warm=WARM_BATCHES)
    return seconds, fresh, batches, plan.epochs, once
