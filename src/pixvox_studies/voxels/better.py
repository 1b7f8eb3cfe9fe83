"""Our own two networks on 3D MNIST, both trained on volumes turned anew in every epoch, and the costs."""

import time

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.mnist import load_mnist
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models
from pixvox.voxels.fresh import fresh_copies, grids, sample_clouds, vary
from pixvox.voxels.views import face_on, thin_axes
from pixvox_studies import common
from pixvox_studies.voxels import posted

TURNS = (-10, 0, 10)  # degrees; of the pictures whose answers are averaged
STRAIGHT = 0.999  # of the thin axis's x: above, a digit was not turned, and is surely seen from the front
WARM_BATCHES, MEASURED_BATCHES = 4, 12  # of the costs
MEASURED_DIGITS = 512  # of which fresh volumes are made for the costs
POSTED = {"P0's 2D": "2D", "P0's 3D": "3D"}


def as_pictures(volumes):
    """Return volumes as face-on pictures (n, 24, 24, 1)."""
    return face_on(volumes)[..., None]


def as_volumes(volumes):
    """Return volumes with an axis for their one channel."""
    return volumes[..., None]


RECIPES = {  # the builder, what the network looks at, and epochs by profile; the lesson trains for fewer
    "facing": (models.build_facing_net, as_pictures, {"sample": 24, "full": 20}),
    "facing, short": (models.build_facing_net, as_pictures, {"sample": 4, "full": 3}),
    "3D": (models.build_turning_net, as_volumes, {"sample": 10, "full": 10}),
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
    _, look, epochs = common.look_up(RECIPES, setting["recipe"])
    _, (x_test, y_test) = load_mnist3d(train_rows=slice(0, 2))
    network, measured = train(setting["recipe"], *load_digits(), seed=seed, epochs=epochs[store.profile()])
    answers = network.predict(look(x_test), batch_size=100, verbose=0)
    single = posted.score_answers(answers, y_test)["test_accuracy"]
    if look is as_pictures:
        answers = answer_by_views(network, x_test)
    scores = posted.score_answers(answers, y_test)
    return {"parameters": network.count_params(), **scores, "single_view": single, **measured}


def answer_by_views(network, volumes):
    """Return the mean of a network's answers to several face-on pictures of each volume, (n, 10).

    The pictures are turned a little to either side. A digit that was turned over is as likely seen from
    behind as from the front, so that the answers to the mirror images count as well.

    Returns:
        float64 (n, 10), each row's sum 1.
    """
    turned_over = thin_axes(volumes)[:, 2, :1] < STRAIGHT
    answers = np.zeros((len(volumes), models.NUM_CLASSES))
    for degrees in TURNS:
        pictures = face_on(volumes, turn=degrees)[..., None]
        seen, mirrored = (
            network.predict(view, batch_size=100, verbose=0) for view in (pictures, pictures[:, :, ::-1])
        )
        answers += np.where(turned_over, (seen + mirrored) / 2, seen) / len(TURNS)
    return answers


def train(recipe, clouds, labels, *, seed, epochs):
    """Train a network on fresh volumes of clouds and labels, as `load_digits` returns them.

    Returns:
        the network, and dict: training_cpu_seconds, fresh_cpu_seconds, epoch_train.
    """
    (build, look, _), rng = RECIPES[recipe], np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    batch_size = models.BETTER_BATCH_SIZE[store.profile()]
    targets = keras.utils.to_categorical(np.tile(labels, 2), models.NUM_CLASSES)
    network = build()
    batches = common.count_batches(len(targets), batch_size, epochs=epochs)
    common.compile_ours(network, models.BETTER, batches=batches)
    begin, making, accuracies = time.process_time(), 0.0, []
    for _ in range(epochs):
        before = time.process_time()
        views = look(fresh_epoch(clouds, rng))
        making += time.process_time() - before
        history = network.fit(views, targets, batch_size=batch_size, verbose=0)
        accuracies += history.history["accuracy"]
    return network, {
        "training_cpu_seconds": time.process_time() - begin,
        "fresh_cpu_seconds": making,
        "epoch_train": accuracies,
    }


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
    measure = _posted_cost if setting["recipe"] in POSTED else _our_cost
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


def _our_cost(recipe):
    """Return what `_posted_cost` does, for one of our recipes."""
    build, look, epochs = common.look_up(RECIPES, recipe)
    epochs, batch_size = epochs[store.profile()], models.BETTER_BATCH_SIZE[store.profile()]
    begin = time.process_time()
    clouds, labels = load_digits()
    once = time.process_time() - begin
    chosen = np.arange(MEASURED_DIGITS) % len(labels)
    begin = time.process_time()
    views = look(fresh_epoch(clouds[chosen], np.random.default_rng(0)))
    fresh = (time.process_time() - begin) * len(labels) / MEASURED_DIGITS
    rows = np.resize(np.arange(len(views)), MEASURED_BATCHES * batch_size)
    targets = keras.utils.to_categorical(np.tile(labels[chosen], 2), models.NUM_CLASSES)
    network, batches = build(), common.count_batches(2 * len(labels), batch_size)
    common.compile_ours(network, models.BETTER, batches=batches * epochs)
    used = views[rows], targets[rows]
    seconds = common.batch_seconds(network, *used, batch_size=batch_size, warm=WARM_BATCHES)
    return seconds, fresh, batches, epochs, once
