"""What training costs in lesson 05: P4's augmented recipe beside ours.

Run it alone on the machine and on one thread (`OMP_NUM_THREADS`, `TF_NUM_INTRAOP_THREADS` and
`TF_NUM_INTEROP_THREADS` set to 1): a thread that waits for another counts as work, the more so the smaller
the layers are.
"""

import os
import time

import keras

from pixvox.augment import blended_epoch
from pixvox.datasets import store
from pixvox.models import pets as models_pets
from pixvox_studies.pets import recipes as study_pets

# About as many as an epoch of ours has: what `fit` does once an epoch counts as it does in the training.
WARM_BATCHES, MEASURED_BATCHES = 5, 60
POSTED_EPOCHS, POSTED_BATCHES, POSTED_BATCH_SIZE = 100, 100, 32  # P4's, with augmentation and dropout


def measure_cost(setting, seed, work_dir):
    """Train a network for some batches and count what the whole training costs, without validation.

    Args:
        setting: {"recipe": "P4's" or "ours"}.
        seed: whole number; seeds are repeats here.
        work_dir: not used.

    Returns:
        dict: threads; batch_cpu_seconds (a list, a number for each size of pictures), pictures (of the whole
        training, counted each time they are used), training_cpu_seconds.
    """
    profile = store.profile()
    keras.utils.set_random_seed(seed)
    if setting["recipe"] == "ours":
        sizes = (study_pets.SMALL_SIZE[profile], study_pets.BETTER_SIZE[profile])
        batch_size = study_pets.BETTER_BATCH_SIZE[profile]
        a_round = -(-2 * study_pets.PER_CLASS[profile][0] // batch_size)
        batches = [epochs * a_round for epochs in study_pets.BETTER_EPOCHS[profile]]
        network = models_pets.build_pets_better(image_size=(None, None))
        study_pets.compile_better(network, batches=sum(batches))
    else:
        sizes, batch_size = (study_pets.IMAGE_SIZE[profile],), POSTED_BATCH_SIZE
        batches = [POSTED_EPOCHS * POSTED_BATCHES]
        network = models_pets.build_pets_net(
            image_size=sizes[0], augmentation=models_pets.AUGMENTATION, dropout=0.5
        )
        study_pets.compile_as_posted(network)
    blended = setting["recipe"] == "ours"
    seconds = [_batch_seconds(network, size, batch_size, blended) for size in sizes]
    return {
        "threads": int(os.environ.get("TF_NUM_INTRAOP_THREADS") or os.cpu_count()),
        "batch_cpu_seconds": seconds,
        "pictures": sum(batches) * batch_size,
        "training_cpu_seconds": sum(cost * count for cost, count in zip(seconds, batches, strict=True)),
    }


def _batch_seconds(network, size, batch_size, blended):
    """Train on pictures of a size; return the CPU seconds of a batch, after a few that are not counted."""
    (x_train, y_train), _, _ = study_pets.load_parts(0, image_size=size, with_test=False)
    warm, measured = WARM_BATCHES * batch_size, MEASURED_BATCHES * batch_size
    chosen = [index % len(x_train) for index in range(measured)]  # the sample has few pictures
    for count in (warm, measured):
        begin = time.process_time()
        used = x_train[chosen[:count]], y_train[chosen[:count]]
        if blended:
            used = blended_epoch(*used, seed=0, epoch=0)
        network.fit(*used, batch_size=batch_size, verbose=0)
    return (time.process_time() - begin) / MEASURED_BATCHES
