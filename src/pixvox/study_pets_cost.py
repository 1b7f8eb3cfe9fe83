"""What training costs in lesson 05: P4's augmented recipe beside ours. Run it alone on the machine."""

import time

import keras

from pixvox import models_pets, study_pets
from pixvox.datasets import store

WARM_BATCHES, MEASURED_BATCHES = 5, 25
POSTED_EPOCHS, POSTED_BATCHES, POSTED_BATCH_SIZE = 100, 100, 32  # P4's, with augmentation and dropout


def measure_cost(setting, seed, work_dir):
    """Train a network for some batches and count what the whole training costs, without validation.

    Args:
        setting: {"recipe": "P4's" or "ours"}.
        seed: whole number; seeds are repeats here.
        work_dir: not used.

    Returns:
        dict: batch_cpu_seconds, pictures (of the whole training, counted each time they are used),
        training_cpu_seconds.
    """
    profile = store.profile()
    ours = setting["recipe"] == "ours"
    size = (study_pets.BETTER_SIZE if ours else study_pets.IMAGE_SIZE)[profile]
    (x_train, y_train), _, _ = study_pets.load_parts(0, image_size=size)
    keras.utils.set_random_seed(seed)
    if ours:
        batch_size, epochs = study_pets.BETTER_BATCH_SIZE[profile], study_pets.BETTER_EPOCHS[profile]
        network = models_pets.build_pets_better(image_size=size)
        batches = epochs * -(-len(x_train) // batch_size)
        study_pets.compile_better(network, batches=batches)
    else:
        batch_size, batches = POSTED_BATCH_SIZE, POSTED_EPOCHS * POSTED_BATCHES
        network = models_pets.build_pets_net(image_size=size, augmented=True, dropout=0.5)
        study_pets.compile_as_posted(network)
    warm, measured = WARM_BATCHES * batch_size, MEASURED_BATCHES * batch_size
    chosen = [index % len(x_train) for index in range(measured)]  # the sample has few pictures
    network.fit(x_train[:warm], y_train[:warm], batch_size=batch_size, verbose=0)
    begin = time.process_time()
    network.fit(x_train[chosen], y_train[chosen], batch_size=batch_size, verbose=0)
    seconds = (time.process_time() - begin) / MEASURED_BATCHES
    return {
        "batch_cpu_seconds": seconds,
        "pictures": batches * batch_size,
        "training_cpu_seconds": seconds * batches,
    }
