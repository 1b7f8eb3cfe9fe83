"""What P1's network remembers: labels that mean nothing, and pictures when there are few of them."""

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.fashion import pictures, training

LABELLED, LABEL_EPOCHS = 1_600, 80  # pictures, of which the sample has no more to fit
LEARNT = 0.99  # training accuracy from which labels count as learnt
STEPS = {"sample": 1_200, "full": 3_000}  # for any number of pictures
LABELS = {
    "true": lambda labels, seed: labels,
    "shuffled": lambda labels, seed: np.random.default_rng(seed).permutation(labels),
}


def measure_labels(setting, seed, work_dir):
    """Train P1's network on labels that are true, or shuffled: each class has as many pictures, any ones.

    Returns:
        dict: lists, a number an epoch, as `fit` logs it: accuracy (on the labels that it was given),
        val_accuracy, val_loss (on true ones); epochs_to_99 (the first with an accuracy of .99, or None);
        training_accuracy (after training, on the labels that it was given), fresh_accuracy, test_right.
    """
    change = common.look_up(LABELS, setting["labels"])
    (x_fit, y_fit), val, fresh = pictures.load_split(store.profile(), seed)
    given = x_fit[:LABELLED], change(y_fit[:LABELLED], seed)
    network = _build(seed)
    history, _ = training.fit(network, (given, val), training.BATCH_SIZE, epochs=LABEL_EPOCHS)
    scores = training.score_network(network, {"training": given, "fresh": fresh})
    reached = [epoch for epoch, x in enumerate(history["accuracy"], 1) if x >= LEARNT]
    return {
        **{name: scores[name] for name in ("training_accuracy", "fresh_accuracy", "test_right")},
        "epochs_to_99": reached[0] if reached else None,
        **{name: history[name] for name in ("accuracy", "val_accuracy", "val_loss")},
    }


def measure_pictures(setting, seed, work_dir):
    """Train P1's network on a number of pictures, with as many steps for any number.

    Returns:
        dict: accuracy and loss on training and fresh pictures, test_right of the fresh ones; epochs, how
        often each training picture was seen.
    """
    profile, count = store.profile(), setting["pictures"]
    fit, fresh = pictures.load_nested(profile, seed, count)
    network, steps, batch_size = _build(seed), STEPS[profile], training.BATCH_SIZE
    rows = common.draw_batches(count, batches=steps, batch_size=batch_size, seed=seed)
    x, y = training.one_hot(fit)
    batches = ((x[chosen], y[chosen]) for chosen in rows.reshape(steps, batch_size))
    network.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)
    scores = training.score_network(network, {"training": fit, "fresh": fresh})
    return {**scores, "epochs": steps * batch_size / count}


def _build(seed):
    """Build and compile P1's network with a seed's weights."""
    keras.utils.set_random_seed(seed)
    network = models.build_leaky_convnet()
    training.compile_posted(network)
    return network
