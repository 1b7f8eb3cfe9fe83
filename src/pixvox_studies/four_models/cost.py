"""What an epoch costs: the post's four-conv network with its augmentation beside lesson 03's own.

Run it alone on the machine. The accuracies are in the studies `fashion_four_models` and `fashion_better`.
"""

import time

import keras

from pixvox.datasets import store
from pixvox.models import clothes as models_fashion
from pixvox.training import one_cycle
from pixvox_studies.four_models.networks import (
    BATCH_SIZE,
    BETTER_BATCH_SIZE,
    BETTER_DECAY,
    BETTER_EPOCHS,
    BETTER_RATE,
    BETTER_SMOOTHING,
    BUILDERS,
    EPOCHS,
    EXTRA_EPOCHS,
    continue_training,
    load_split,
)

WARM_BATCHES, MEASURED_BATCHES = 8, 50


def measure_cost(setting, seed, work_dir):
    """Train a network for some batches and count what all its epochs cost.

    Args:
        setting: {"network": "four conv" or "better"}.
        seed: whole number; seeds are repeats here.
        work_dir: not used.

    Returns:
        dict: epoch_cpu_seconds, epochs, training_cpu_seconds (their product), without evaluation.
    """
    (x_fit, y_fit), _, _ = load_split(0)
    keras.utils.set_random_seed(seed)
    profile = store.profile()
    if setting["network"] == "better":
        network, epochs, batch_size = _build_better(), BETTER_EPOCHS[profile], BETTER_BATCH_SIZE[profile]
        y_fit = keras.utils.to_categorical(y_fit, 10)
    else:
        network = continue_training(BUILDERS["four conv"](), augmented=True, seed=seed)
        epochs, batch_size = EPOCHS + EXTRA_EPOCHS, BATCH_SIZE[profile]
    warm, measured = WARM_BATCHES * batch_size, MEASURED_BATCHES * batch_size
    network.fit(x_fit[:warm], y_fit[:warm], batch_size=batch_size, verbose=0)
    begin = time.process_time()
    network.fit(x_fit[:measured], y_fit[:measured], batch_size=batch_size, verbose=0)
    seconds = (time.process_time() - begin) * len(x_fit) / len(x_fit[:measured])
    return {
        "epoch_cpu_seconds": seconds,
        "epochs": epochs,
        "training_cpu_seconds": seconds * epochs,
    }


def _build_better():
    """Build and compile lesson 03's own network."""
    network = models_fashion.build_fashion_better()
    network.compile(
        keras.optimizers.AdamW(one_cycle(1000, peak=BETTER_RATE), weight_decay=BETTER_DECAY),
        keras.losses.CategoricalCrossentropy(label_smoothing=BETTER_SMOOTHING),
        metrics=["accuracy"],
    )
    return network
