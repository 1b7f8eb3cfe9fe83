"""What larger batches cost in accuracy, by the learning rate that goes with them."""

import keras
import numpy as np

from pixvox.datasets import store
from pixvox_studies import common
from pixvox_studies.fashion import pictures
from pixvox_studies.four_models import networks

BATCH_SIZE, RATE = 32, 0.01  # of the small batches, from which the rules start
EPOCHS = 8
WARM_UP = 2  # epochs in which the rate rises from the small batches' to its own
RULES = {  # whether the rate is scaled; whether it rises to that; whether there are as many steps as before
    "same rate": (False, False, False),
    "rate times factor": (True, False, False),
    "rate times factor, warm-up": (True, True, False),
    "same rate, as many batches": (False, False, True),
}


def measure_batches(setting, seed, work_dir):
    """Train lesson 03's first network by gradient descent with momentum.

    Returns:
        dict: accuracies of `common.evaluate_parts`, test_right, batches, rate and loss, a number an epoch,
        -1 for an epoch whose loss was no number.
    """
    full = store.profile() == "full"
    parts = (pictures.load_split if full else pictures.load_more)(store.profile(), seed)
    size, (scaled, rises, longer) = setting["batch_size"], common.look_up(RULES, setting["rule"])
    times, steps = size // BATCH_SIZE, len(parts[0][0]) // size
    epochs = EPOCHS * (times if longer else 1)
    high = RATE * (times if scaled else 1)
    keras.utils.set_random_seed(seed)
    network = networks.build_fashion_one()
    rate = warm_up(RATE, high, steps * WARM_UP) if rises else high
    network.compile(
        keras.optimizers.SGD(rate, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    used = steps * size  # whole batches only
    history = network.fit(*(part[:used] for part in parts[0]), batch_size=size, epochs=epochs, verbose=0)
    loss = [value if np.isfinite(value) else -1 for value in history.history["loss"]]
    row = common.evaluate_parts(network, parts, batch_size=512)
    return {**row, "batches": epochs * steps, "rate": high, "loss": loss}


def warm_up(low, high, steps):
    """Return a schedule: from `low` in a straight line to `high` in so many steps, then constant."""
    return keras.optimizers.schedules.PolynomialDecay(low, steps, high)
