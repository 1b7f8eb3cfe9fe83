"""P1's recipe itself, over seeds: what it reaches, and when its validation loss begins to rise."""

import keras

from pixvox.datasets import store
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.fashion import pictures, training
from pixvox_studies.resuming import epoch_logs

EPOCHS = {"sample": 24, "full": training.EPOCHS}  # the lesson's


def load_parts(profile, seed):
    """Return what P1's recipe is trained, checked and judged on: see `measure_posted`."""
    return pictures.load_published() if profile == "full" else pictures.load_split(profile, seed)


def measure_posted(setting, seed, work_dir):
    """Train P1's network with P1's settings; after a kill the training goes on.

    In the full profile that is on 48,000 of the published pictures, for all seeds the same, and judged on the
    published test pictures; in the sample on the seed's drawings, and judged on fresh ones.

    Returns:
        dict: training_accuracy, test_accuracy, training_loss, test_loss, test_right; lowest_val_loss and
        last_val_loss; lists, a number an epoch, as `fit` logs it: loss, val_loss, accuracy, val_accuracy.
    """
    profile = store.profile()
    parts = load_parts(profile, seed)
    keras.utils.set_random_seed(seed)
    network = models.build_leaky_convnet()
    training.compile_posted(network)
    options = {"batch_size": training.BATCH_SIZE, "epochs": EPOCHS[profile]}
    common.fit_resumed(network, [training.one_hot(part) for part in parts[:2]], work_dir, **options)
    logs = epoch_logs(work_dir)
    return {
        **training.score_network(network, {"training": parts[0], "test": parts[2]}),
        "lowest_val_loss": min(logs["val_loss"]),
        "last_val_loss": logs["val_loss"][-1],
        **{name: logs[name] for name in ("loss", "val_loss", "accuracy", "val_accuracy")},
    }
