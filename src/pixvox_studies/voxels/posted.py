"""The studies of P0's two networks: as posted, and with another momentum of BatchNormalization."""

import keras
import numpy as np
from sklearn.model_selection import train_test_split

from pixvox.augment import RandomAffine
from pixvox.datasets import store
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models import voxels as models_voxels
from pixvox.voxels.views import colour_voxels
from pixvox_studies.resuming import epoch_logs, resume_callbacks

EPOCHS = {"sample": 10, "full": 20}  # P0's are the full ones; the lesson trains live for as many at most
# P0's; lesson 08 has the same numbers, and a test compares them.
BATCH_SIZE = {"2D": 64, "3D": 86}
VALIDATION_SHARE = {"2D": 0.25, "3D": 0.15}
SPLIT_SEED = 42
AUGMENTATION = {"rotation_degrees": 10, "shift": 0.1, "zoom": 0.1}
PLATEAU = {"monitor": "val_accuracy", "patience": 3, "factor": 0.5, "min_lr": 1e-5}
MOMENTUM_EPOCHS = 3


def expect_one_of(value, allowed, *, name):
    """Raise a ValueError that says what is allowed, unless the value is one of it."""
    if value not in allowed:
        raise ValueError(f"expected {name} to be one of {', '.join(map(repr, allowed))}, came {value!r}.")


def split_rows(count, *, network):
    """Return the rows for training and for validation, as P0 parts them for "2D" or "3D": two index arrays.

    Rows 2 * i and 2 * i + 1 are a pair. In 2D a quarter is drawn at random, which parts pairs; in 3D the
    last 15 % are taken, as `fit` does with validation_split.

    Raises:
        ValueError: for another network.
    """
    expect_one_of(network, BATCH_SIZE, name="network")
    if network == "2D":
        return train_test_split(np.arange(count), test_size=VALIDATION_SHARE["2D"], random_state=SPLIT_SEED)
    cut = int(count * (1 - VALIDATION_SHARE["3D"]))
    return np.arange(cut), np.arange(cut, count)


def compile_as_posted(network):
    """Compile a network as P0 does: Adam, though an RMSprop is made and passed around."""
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


def prepare(volumes, *, network):
    """Return volumes as P0's "2D" or "3D" network takes them: as they are, or coloured.

    Args:
        volumes: (n, 16, 16, 16), 0 to 1.
        network: "2D" or "3D".

    Raises:
        ValueError: for another network.
    """
    expect_one_of(network, BATCH_SIZE, name="network")
    return volumes if network == "2D" else colour_voxels(volumes)


def measure_posted(setting, seed, work_dir):
    """Train one of P0's networks with P0's settings.

    After a kill the training goes on, but the learning rate's schedule has forgotten how long the
    validation accuracy had not risen.

    Args:
        setting: {"network": "2D" or "3D"}.
        seed: whole number.
        work_dir: for what is kept after each epoch.

    Returns:
        dict: parameters; train_accuracy (of the last epoch, as `fit` logs it), best_val_accuracy;
        test_accuracy, originals, copies; confusion (10 x 10, a row for each true digit); lists, a number an
        epoch: epoch_train, epoch_val, epoch_loss, epoch_val_loss, epoch_rate.
    """
    network, test = _train_posted(setting["network"], seed, work_dir, epochs=EPOCHS[store.profile()])
    logs = epoch_logs(work_dir)
    return {
        "parameters": network.count_params(),
        "train_accuracy": logs["accuracy"][-1],
        "best_val_accuracy": max(logs["val_accuracy"]),
        **score(network, *test),
        **_curves(logs),
        "epoch_rate": logs["learning_rate"],
    }


def measure_momentum(setting, seed, work_dir):
    """Train P0's 3D network for some epochs with a momentum of BatchNormalization.

    Args:
        setting: {"momentum": 0 to 1; P0 has Keras's default, 0.99}.
        seed: whole number.
        work_dir: for what is kept after each epoch.

    Returns:
        dict of lists, a number an epoch: epoch_train, epoch_val, epoch_loss, epoch_val_loss.
    """
    _train_posted("3D", seed, work_dir, epochs=MOMENTUM_EPOCHS, momentum=setting["momentum"])
    return _curves(epoch_logs(work_dir))


def score(network, volumes, labels):
    """Return test_accuracy over all rows, of originals and copies apart, and the confusion matrix.

    Args:
        network: a compiled or uncompiled model.
        volumes: what the model takes, (n, ...): originals in even rows, copies in odd ones.
        labels: int64 (n,), 0 to 9.
    """
    return score_answers(network.predict(volumes, batch_size=100, verbose=0), labels)


def score_answers(answers, labels):
    """Return what `score` does, for answers (n, 10): a number for each digit, the largest is the guess."""
    guesses = answers.argmax(axis=1)
    right = guesses == labels
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (labels, guesses), 1)
    return {
        "test_accuracy": right.mean(),
        "originals": right[::2].mean(),
        "copies": right[1::2].mean(),
        "confusion": confusion,
    }


def _train_posted(name, seed, work_dir, *, epochs, momentum=0.99):
    """Train P0's "2D" or "3D" network; return it and the test rows as it takes them."""
    (x_train, y_train), (x_test, y_test) = load_mnist3d()
    x_train, x_test = (prepare(volumes, network=name) for volumes in (x_train, x_test))
    fit, validation = split_rows(len(x_train), network=name)
    keras.utils.set_random_seed(seed)
    network = build_posted(name, momentum=momentum)
    compile_as_posted(network)
    network.fit(
        *(x_train[fit], y_train[fit]),
        batch_size=BATCH_SIZE[name],
        epochs=epochs,
        validation_data=(x_train[validation], y_train[validation]),
        verbose=0,
        callbacks=[keras.callbacks.ReduceLROnPlateau(**PLATEAU), *resume_callbacks(work_dir)],
    )
    return network, (x_test, y_test)


def build_posted(name, *, momentum=0.99):
    """Build P0's "2D" network with its augmentation in front, or its "3D" network, which has none.

    The momentum, 0 to 1, is that of the 3D network's BatchNormalization; the 2D one has Keras's default.

    Raises:
        ValueError: for another name.
    """
    expect_one_of(name, BATCH_SIZE, name="network")
    if name == "3D":
        return models_voxels.build_voxels_3d(momentum=momentum)
    augment = RandomAffine(**AUGMENTATION, name="augment")
    return keras.Sequential([keras.Input((16, 16, 16)), augment, *models_voxels.build_voxels_2d().layers])


def _curves(logs):
    """Return the logs of `fit` under the names of the table's columns."""
    names = {"epoch_train": "accuracy", "epoch_val": "val_accuracy"}
    names |= {"epoch_loss": "loss", "epoch_val_loss": "val_loss"}
    return {column: logs[name] for column, name in names.items()}
