"""What activations cost: an epoch of P4's convnet, and the derivative alone."""

import time
from statistics import median

import keras
import numpy as np

from pixvox_studies import common
from pixvox_studies.mnist.gradients import SLOPES
from pixvox_studies.mnist.networks import BATCH_SIZE, build_mnist_convnet, load_split

EPOCHS = 5  # that are timed, after one that is not
NUMBERS, REPEATS = 1_000_000, 25  # of which a derivative is computed, and how often


def measure_activation_cost(setting, seed, work_dir):
    """Time P4's convnet with one activation, and that activation's derivative in NumPy.

    Returns:
        dict: epoch_cpu_seconds, the median of `EPOCHS` epochs after a first one, which pays for tracing;
        gradient_nanoseconds, CPU time for a number, the median of `REPEATS` arrays of a million float32.
        ReLU's derivative is a truth value, a byte; the others' are float32.
    """
    activation = setting["activation"]
    slope = common.look_up(SLOPES, activation)
    (x_fit, y_fit), _, _ = load_split()
    keras.utils.set_random_seed(seed)
    network = build_mnist_convnet(activation=activation)
    common.compile_posted(network, "rmsprop")
    options = {"batch_size": BATCH_SIZE, "epochs": 1}
    _, *seconds = [common.fit_timed(network, x_fit, y_fit, **options)[1] for _ in range(EPOCHS + 1)]
    return {"epoch_cpu_seconds": median(seconds), "gradient_nanoseconds": _nanoseconds(slope, seed)}


def _nanoseconds(slope, seed):
    """Return the median CPU time of a derivative for a number, in nanoseconds."""
    numbers, times = np.random.default_rng(seed).uniform(size=NUMBERS).astype(np.float32), []
    for _ in range(REPEATS):
        begin = time.process_time_ns()
        slope(numbers)
        times.append(time.process_time_ns() - begin)
    return median(times) / NUMBERS
