"""Dimensions or coordinates: windows that slide flat or through the grid, on digits as they lie or turned.

The two by two, a network for points beside it, the rate of each, and the same pair on the rows of the file.
Flat windows and those of the grid get the very same numbers; so do both of them and the points as they lie.
"""

import keras
import numpy as np

from pixvox.compare import pack_answers
from pixvox.datasets import store
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models
from pixvox.voxels.views import bring_into, own_grid, thin_axes, voxel_points
from pixvox_studies import common
from pixvox_studies.voxels import better, fair, posted

EPOCHS = {"sample": 60, "full": 10}
RATE_EPOCHS = {"sample": 20, "full": 2}  # of the search for a rate
FILE_RATE_EPOCHS = {"sample": 40, "full": 6}
FILE_EPOCHS = {"sample": 40, "full": 16}  # of the rows of the file, which do not change
BATCH_SIZE = {"sample": 32, "full": 64}
DECAY, SMOOTHING = 0.02, 0.05


def centred_grid(volumes):
    """Centre and scale each volume as `own_grid` does, by its own plane, and do not turn it: a control.

    Args, returns and raises as `own_grid`; axes [z][y][x], as before.
    """
    upright = np.eye(3)[::-1]
    return bring_into(volumes, lambda block: (np.tile(upright, (len(block), 1, 1)), thin_axes(block)[:, :2]))


def as_shadows(volumes):
    """Return volumes summed along their last axis, all else 0: what a flat picture of them holds."""
    shadows = np.zeros_like(volumes)
    shadows[..., 0] = volumes.sum(axis=-1)
    return shadows


def as_points(volumes):
    """Return points drawn from volumes, the same ones for the same volumes."""
    return voxel_points(volumes, np.random.default_rng(0))


NETWORKS = {  # the builder, and what turns volumes into what it takes
    "flat": (lambda: models.build_fair_net(dimensions=2), lambda volumes: volumes),
    "grid": (lambda: models.build_fair_net(dimensions=3), better.as_volumes),
    "points": (models.build_point_net, as_points),
    "shadow": (lambda: models.build_fair_net(dimensions=2), as_shadows),
}
AXES = {"as they lie": lambda volumes: volumes, "scaled only": centred_grid, "their own": own_grid}
ARMS = [{"network": name, "axes": axes} for axes in AXES for name in ("flat", "grid", "points")]
ARMS = [arm for arm in ARMS if arm["axes"] != "scaled only" or arm["network"] == "flat"]  # the control
NAMED = {f"{arm['network']}, {arm['axes']}": arm for arm in ARMS}

# Those of the highest val_accuracy in voxel_rates and voxel_fair_rates, the lower of two that are level.
RATES = {
    "sample": {
        "flat, as they lie": 4e-3,
        "grid, as they lie": 1.3e-3,
        "points, as they lie": 1.3e-3,
        "flat, their own": 3.6e-2,
        "grid, their own": 1.2e-2,
        "points, their own": 1.3e-3,
    },
    "full": {
        "flat, as they lie": 0.012,
        "grid, as they lie": 0.012,
        "points, as they lie": 0.0013,
        "flat, their own": 0.012,
        "grid, their own": 0.012,
        "points, their own": 0.0013,
    },
}
FILE_RATES = {"sample": {"flat": 3.6e-2, "grid": 3.6e-2}, "full": {"flat": 0.036, "grid": 0.012}}


def builder_and_look(setting):
    """Return what builds the network of a setting, and a function from volumes to what it takes."""
    build, take = common.look_up(NETWORKS, setting["network"])
    turn = common.look_up(AXES, setting["axes"])
    return build, lambda volumes: take(turn(volumes))


def build_and_look(setting):
    """Return a new network, not compiled, and a function from volumes to what it takes."""
    build, look = builder_and_look(setting)
    return build(), look


def plan_of(setting, *, rate=None, epochs=None):
    """Return the `better.Plan` of an arm in this profile, with its own rate and all epochs unless named."""
    profile, name = store.profile(), f"{setting['network']}, {setting['axes']}"
    name = name.replace("scaled only", "as they lie")  # the control has the rate of what it is compared with
    recipe = common.Recipe(peak=rate or RATES[profile][name], decay=DECAY, smoothing=SMOOTHING)
    return better.Plan(*builder_and_look(setting), epochs or EPOCHS[profile], recipe, BATCH_SIZE[profile])


def measure_axes(setting, seed, work_dir):
    """Train one of `ARMS` on all training digits, fresh in every epoch, and test it on the rows of the file.

    Returns:
        dict: parameters; test_accuracy, originals, copies, test_right; train_originals, train_copies (of one
        more epoch's fresh volumes of the training digits); epoch_train (a list); training_cpu_seconds,
        fresh_cpu_seconds.
    """
    plan, (clouds, labels) = plan_of(setting), better.load_digits()
    _, (x_test, y_test) = load_mnist3d(train_rows=slice(0, 2))
    network, measured = better.train(plan, clouds, labels, seed=seed)
    right = common.answer(network, plan.look(x_test), batch_size=100) == y_test
    again = plan.look(better.fresh_epoch(clouds, np.random.default_rng([seed, 1])))
    known = common.answer(network, again, batch_size=100) == np.tile(labels, 2)
    return {
        "parameters": network.count_params(),
        **posted.score_pairs(right),
        "train_originals": known[: len(labels)].mean(),
        "train_copies": known[len(labels) :].mean(),
        **measured,
    }


def measure_rate(setting, seed, work_dir):
    """Train one of `ARMS` with a rate, without the last digits, and validate it on these.

    Returns:
        dict: val_accuracy, val_originals, val_copies, epoch_train (a list).
    """
    plan = plan_of(setting, rate=setting["rate"], epochs=RATE_EPOCHS[store.profile()])
    (x_train, y_train), _ = load_mnist3d(test_rows=slice(0, 2))
    held, (clouds, labels) = fair.last_digits(len(y_train)), better.load_digits()
    network, measured = better.train(plan, clouds[~held[::2]], labels[~held[::2]], seed=seed)
    right = common.answer(network, plan.look(x_train[held]), batch_size=100) == y_train[held]
    scores = {"val_accuracy": right.mean(), "val_originals": right[::2].mean()}
    return {**scores, "val_copies": right[1::2].mean(), "epoch_train": measured["epoch_train"]}


def measure_file(setting, seed, work_dir):
    """Train the "flat" or the "grid" network on the rows of the file, which are the same in every epoch.

    Returns:
        dict: parameters; train_accuracy, test_accuracy, originals, copies, test_right.
    """
    name = setting["network"]
    (x_train, y_train), (x_test, y_test) = load_mnist3d()
    plan = common.look_up(FILE_RATES[store.profile()], name), FILE_EPOCHS[store.profile()]
    network, take = _train_file(name, x_train, y_train, plan, seed=seed)
    known = common.answer(network, take(x_train), batch_size=100) == y_train
    right = common.answer(network, take(x_test), batch_size=100) == y_test
    scores = {"train_accuracy": known.mean(), **posted.score_pairs(right)}
    return {"parameters": network.count_params(), **scores}


def measure_file_rate(setting, seed, work_dir):
    """Train as `measure_file`, with a rate, without the last digits, and validate on these.

    Returns:
        dict: train_accuracy, val_accuracy, val_right.
    """
    name, rate = setting["network"], setting["rate"]
    (x_train, y_train), _ = load_mnist3d(test_rows=slice(0, 2))
    held = fair.last_digits(len(y_train))
    plan = rate, FILE_RATE_EPOCHS[store.profile()]
    network, take = _train_file(name, x_train[~held], y_train[~held], plan, seed=seed)
    known, right = (
        common.answer(network, take(x_train[part]), batch_size=100) == y_train[part] for part in (~held, held)
    )
    scores = {"train_accuracy": known.mean(), "val_accuracy": right.mean()}
    return {**scores, "val_right": pack_answers(right)}


def _train_file(name, x, y, plan, *, seed):
    """Train a network on rows of the file, with a rate and epochs; return it and what makes its input."""
    build, take = common.look_up(NETWORKS, name)
    keras.utils.set_random_seed(seed)
    network, (rate, epochs), batch_size = build(), plan, BATCH_SIZE[store.profile()]
    batches = common.count_batches(len(y), batch_size, epochs=epochs)
    common.compile_ours(network, common.Recipe(peak=rate, decay=DECAY, smoothing=SMOOTHING), batches=batches)
    targets = keras.utils.to_categorical(y, models.NUM_CLASSES)
    network.fit(take(x), targets, batch_size=batch_size, epochs=epochs, verbose=0)
    return network, take
