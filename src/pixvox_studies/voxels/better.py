"""Our own networks on 3D MNIST, trained on volumes turned anew in every epoch."""

import time
from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.mnist import load_mnist
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models
from pixvox.voxels.recipe import SIZE
from pixvox.voxels.views import bring_into, own_grid, thin_axes
from pixvox_studies import common
from pixvox_studies.voxels import posted
from pixvox_studies.voxels.fresh import fresh_copies, grids, sample_clouds, vary

TURNS = (-10, 0, 10)  # degrees; of the views whose answers are averaged
STRAIGHT = 0.999  # of the thin axis's x: above, a digit was not turned, and is surely seen from the front


BETTER = common.Recipe(peak=8e-3, decay=0.02, smoothing=0.05)
BETTER_BATCH_SIZE = {"sample": 32, "full": 64}
FACING_BLOCKS = ((32, False), (32, True), (64, False), (64, True), (128, False), (128, False))
TURNING_BLOCKS = ((8, True), (16, False), (32, True), (64, False), (64, False))


class Plan(NamedTuple):
    """How a network is trained on fresh volumes.

    Attributes:
        build: a function that returns the network, not compiled.
        look: a function from volumes (n, 16, 16, 16) to what the network takes.
        epochs: how many.
        recipe, batch_size: with what.
    """

    build: Callable
    look: Callable
    epochs: int
    recipe: common.Recipe
    batch_size: int


def as_volumes(volumes):
    """Return volumes with an axis for their one channel."""
    return volumes[..., None]


def build_facing_net():
    """Build our 2D network, for volumes (batch, 16, 16, 16) in their own axes: 293,386 parameters."""
    return _dropped(FACING_BLOCKS, (SIZE, SIZE, SIZE), "facing")


def build_turning_net():
    """Build our 3D network, for volumes (batch, 16, 16, 16, 1) turned each epoch: 184,770 parameters."""
    return _dropped(TURNING_BLOCKS, (SIZE, SIZE, SIZE, 1), "turning")


def _dropped(blocks, shape, name):
    """Return a network: normalised convolutions, dropout and ten probabilities."""
    stack = [
        *models.normalised_blocks(blocks, shape),
        keras.layers.Dropout(0.3, name="drop"),
        keras.layers.Dense(models.NUM_CLASSES, activation="softmax", name="digit"),
    ]
    return keras.Sequential(stack, name=name)


# The builder, what the network looks at, epochs, the recipe and the batch size, by profile. The 3D one has
# the numbers that it was first measured with.
RECIPES = {
    "facing": (build_facing_net, own_grid, {"sample": 24, "full": 22}),
    "facing, short": (build_facing_net, own_grid, {"sample": 4, "full": 2}),
    "3D": (build_turning_net, as_volumes, {"sample": 10, "full": 10}),
}
TURNING = common.Recipe(peak=4e-3, decay=0.02, smoothing=0.05)
TURNING_BATCH_SIZE = {"sample": 64, "full": 128}


def plan_of(name):
    """Return the `Plan` of one of `RECIPES` in this profile."""
    build, look, epochs = common.look_up(RECIPES, name)
    profile = store.profile()
    if name == "3D":
        return Plan(build, look, epochs[profile], TURNING, TURNING_BATCH_SIZE[profile])
    return Plan(build, look, epochs[profile], BETTER, BETTER_BATCH_SIZE[profile])


def load_digits():
    """Return the training digits of 3D MNIST as clouds, float32 (n, points, 3), and their labels, int64 (n,).

    The clouds are made from the pictures, because the sample's file holds the first 50 only.

    Raises:
        ValueError: if the digits of MNIST are not those of 3D MNIST.
    """
    (_, rows), _ = load_mnist3d(test_rows=slice(0, 2))
    (images, labels), _ = load_mnist()
    images, labels = images[: len(rows) // 2], labels[: len(rows) // 2]
    if not np.array_equal(labels, rows[::2]):
        raise ValueError(
            "expected 3D MNIST to be made from the first digits of MNIST, their labels differ. "
            "Type `pixvox fetch 3d-mnist`."
        )
    return sample_clouds(images, np.random.default_rng(0)), labels


def fresh_epoch(clouds, rng):
    """Return an epoch's volumes: every digit in another hand, upright; then all in yet another, and turned.

    Returns:
        float32 (2n, 16, 16, 16), axes [z][y][x], values 0 to 1: row i and row n + i are of digit i.
    """
    return np.concatenate([grids(vary(clouds, rng)), fresh_copies(vary(clouds, rng), rng)])


def measure_better(setting, seed, work_dir):
    """Train one of our networks on all training digits.

    Returns:
        dict: parameters; test_accuracy, originals, copies, test_right (facing: by `answer_by_views`);
        confusion (10 x 10, a row for each true digit); single_view (test accuracy by one view of each
        volume); epoch_train (a list); training_cpu_seconds; fresh_cpu_seconds (of these, for making volumes
        and views).
    """
    plan = plan_of(setting["recipe"])
    _, (x_test, y_test) = load_mnist3d(train_rows=slice(0, 2))
    network, measured = train(plan, *load_digits(), seed=seed)
    answers = network.predict(plan.look(x_test), batch_size=100, verbose=0)
    single = posted.score_answers(answers, y_test)["test_accuracy"]
    if plan.look is own_grid:
        answers = answer_by_views(network, x_test)
    scores = posted.score_answers(answers, y_test)
    return {"parameters": network.count_params(), **scores, "single_view": single, **measured}


def answer_by_views(network, volumes):
    """Return the mean of a network's answers to several views of each volume in its own axes, (n, 10).

    The views are turned a little to either side. A digit that was turned over is as likely seen from behind
    as from the front, so that the answers to the mirror images count as well.

    Returns:
        float64 (n, 10), each row's sum 1.
    """
    turned_over = thin_axes(volumes)[:, 2, :1] < STRAIGHT
    answers = np.zeros((len(volumes), models.NUM_CLASSES))
    for degrees in TURNS:
        facing = turned_grid(volumes, degrees)
        seen, mirrored = (
            network.predict(view, batch_size=100, verbose=0) for view in (facing, facing[:, :, ::-1])
        )
        answers += np.where(turned_over, (seen + mirrored) / 2, seen) / len(TURNS)
    return answers


def turned_grid(volumes, degrees):
    """Turn each volume into its own axes, as `own_grid`, and then about the thin axis, against the clock."""
    cosine, sine = np.cos(np.deg2rad(float(degrees))), np.sin(np.deg2rad(float(degrees)))

    def turned_axes(block):
        right, up, thin = np.moveaxis(thin_axes(block), 1, 0)
        axes = np.stack([sine * right + cosine * up, cosine * right - sine * up, thin], axis=1)
        return axes, axes[:, :2]

    return bring_into(volumes, turned_axes)


def train(plan, clouds, labels, *, seed):
    """Train a network on fresh volumes of clouds and labels, as `load_digits` returns them.

    Returns:
        the network, and dict: training_cpu_seconds, fresh_cpu_seconds, epoch_train.
    """
    rng = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    targets = keras.utils.to_categorical(np.tile(labels, 2), models.NUM_CLASSES)
    network = plan.build()
    batches = common.count_batches(len(targets), plan.batch_size, epochs=plan.epochs)
    common.compile_ours(network, plan.recipe, batches=batches)
    begin, making, accuracies = time.process_time(), 0.0, []
    for _ in range(plan.epochs):
        before = time.process_time()
        views = plan.look(fresh_epoch(clouds, rng))
        making += time.process_time() - before
        history = network.fit(views, targets, batch_size=plan.batch_size, verbose=0)
        accuracies += history.history["accuracy"]
    return network, {
        "training_cpu_seconds": time.process_time() - begin,
        "fresh_cpu_seconds": making,
        "epoch_train": accuracies,
    }
