"""The study of our own two networks on 3D MNIST, both trained on volumes turned anew in every epoch."""

import time
from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.mnist import load_mnist
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models_voxels
from pixvox.training import one_cycle
from pixvox.voxels.fresh import fresh_copies, grids, sample_clouds, vary
from pixvox.voxels.views import face_on, thin_axes
from pixvox_studies.voxels.posted import score_answers

# Lesson 08 has the same numbers, and a test compares them.
BATCH_SIZE = {"sample": 64, "full": 128}
RATE, DECAY, SMOOTHING = 4e-3, 0.02, 0.05  # highest learning rate, weight decay, label smoothing
TURNS = (-10, 0, 10)  # degrees; of the pictures whose answers are averaged
STRAIGHT = 0.999  # of the thin axis's x: above, a digit was not turned, and is surely seen from the front


class Recipe(NamedTuple):
    """How one of our networks is trained.

    Attributes:
        build: makes the uncompiled network.
        look: turns volumes (n, 16, 16, 16) into what the network takes.
        epochs: of all digits, upright and as a fresh copy each, by profile.
    """

    build: Callable
    look: Callable
    epochs: dict


def as_pictures(volumes):
    """Return volumes as face-on pictures (n, 24, 24, 1)."""
    return face_on(volumes)[..., None]


def as_volumes(volumes):
    """Return volumes with an axis for their one channel."""
    return volumes[..., None]


# Lesson 08 trains the facing network live, for as many epochs at most; a test compares them.
RECIPES = {
    "facing": Recipe(models_voxels.build_facing_net, as_pictures, {"sample": 24, "full": 20}),
    "facing, short": Recipe(models_voxels.build_facing_net, as_pictures, {"sample": 4, "full": 3}),
    "3D": Recipe(models_voxels.build_turning_net, as_volumes, {"sample": 10, "full": 10}),
}


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

    Args:
        clouds: float32 (n, points, 3), upright, see `load_digits`.
        rng: draws hands, angles and noise.

    Returns:
        float32 (2n, 16, 16, 16), axes [z][y][x], values 0 to 1: row i and row n + i are of digit i.
    """
    return np.concatenate([grids(vary(clouds, rng)), fresh_copies(vary(clouds, rng), rng)])


def compile_better(network, *, batches):
    """Compile one of our networks, to be trained with so many batches."""
    network.compile(
        keras.optimizers.AdamW(one_cycle(batches, peak=RATE), weight_decay=DECAY),
        keras.losses.CategoricalCrossentropy(label_smoothing=SMOOTHING),
        metrics=["accuracy"],
    )


def measure_better(setting, seed, work_dir):
    """Train one of our networks on all training digits.

    Args:
        setting: {"recipe": a key of `RECIPES`}.
        seed: whole number.
        work_dir: not used; a row takes some minutes at most.

    Returns:
        dict: parameters; test_accuracy, originals, copies (facing: by `answer_by_views`); confusion (10 x 10,
        a row for each true digit); single_view (test accuracy by one view of each volume); epoch_train (a
        list); training_cpu_seconds; fresh_cpu_seconds (of these, for making volumes and views).
    """
    recipe = RECIPES[setting["recipe"]]
    _, (x_test, y_test) = load_mnist3d(train_rows=slice(0, 2))
    digits = load_digits()
    network, measured = train(recipe, *digits, seed=seed, epochs=recipe.epochs[store.profile()])
    answers = network.predict(recipe.look(x_test), batch_size=100, verbose=0)
    single = score_answers(answers, y_test)["test_accuracy"]
    if recipe.look is as_pictures:
        answers = answer_by_views(network, x_test)
    return {
        "parameters": network.count_params(),
        **score_answers(answers, y_test),
        "single_view": single,
        **measured,
    }


def answer_by_views(network, volumes):
    """Return the mean of a network's answers to several face-on pictures of each volume, (n, 10).

    The pictures are turned a little to either side. A digit that was turned over is as likely seen from
    behind as from the front, so that the answers to the mirror images count as well.

    Args:
        network: of `models_voxels.build_facing_net`.
        volumes: float32 (n, 16, 16, 16), axes [z][y][x].

    Returns:
        float64 (n, 10), each row's sum 1.
    """
    turned_over = thin_axes(volumes)[:, 2, :1] < STRAIGHT
    answers = np.zeros((len(volumes), models_voxels.NUM_CLASSES))
    for degrees in TURNS:
        pictures = face_on(volumes, turn=degrees)[..., None]
        seen, mirrored = (
            network.predict(view, batch_size=100, verbose=0) for view in (pictures, pictures[:, :, ::-1])
        )
        answers += np.where(turned_over, (seen + mirrored) / 2, seen) / len(TURNS)
    return answers


def train(recipe, clouds, labels, *, seed, epochs):
    """Train a network on fresh volumes.

    Args:
        recipe: a `Recipe`.
        clouds: float32 (n, points, 3), see `load_digits`.
        labels: int64 (n,).
        seed: whole number; decides weights, order and rotations.
        epochs: whole number above 0.

    Returns:
        the network, and dict: training_cpu_seconds, fresh_cpu_seconds, epoch_train.
    """
    keras.utils.set_random_seed(seed)
    rng, batch_size = np.random.default_rng(seed), BATCH_SIZE[store.profile()]
    targets = keras.utils.to_categorical(np.tile(labels, 2), models_voxels.NUM_CLASSES)
    network = recipe.build()
    compile_better(network, batches=epochs * -(-len(targets) // batch_size))
    begin, making, accuracies = time.process_time(), 0.0, []
    for _ in range(epochs):
        before = time.process_time()
        views = recipe.look(fresh_epoch(clouds, rng))
        making += time.process_time() - before
        history = network.fit(views, targets, batch_size=batch_size, verbose=0)
        accuracies += history.history["accuracy"]
    return network, {
        "training_cpu_seconds": time.process_time() - begin,
        "fresh_cpu_seconds": making,
        "epoch_train": accuracies,
    }
