"""P0's two networks: as posted, and with another momentum of BatchNormalization."""

import keras
import numpy as np
from keras import Sequential, layers
from sklearn.model_selection import train_test_split

from pixvox.augment import RandomAffine
from pixvox.compare import pack_answers
from pixvox.datasets import store
from pixvox.datasets.mnist3d import load_mnist3d
from pixvox.models.voxels import NUM_CLASSES
from pixvox.voxels.recipe import SIZE
from pixvox_studies import common
from pixvox_studies.resuming import epoch_logs
from pixvox_studies.voxels.colours import colour_voxels

EPOCHS = {"sample": 10, "full": 20}  # P0's are the full ones; the lesson trains live for as many at most
MOMENTUM_EPOCHS = 3
POSTED_BATCH_SIZE, SPLIT_SEED = {"2D": 64, "3D": 86}, 42  # P0's, as all that follow
VALIDATION_SHARE = {"2D": 0.25, "3D": 0.15}
AUGMENTATION = {"rotation_degrees": 10, "shift": 0.1, "zoom": 0.1}
PLATEAU = {"monitor": "val_accuracy", "patience": 3, "factor": 0.5, "min_lr": 1e-5}


def split_rows(count, *, network):
    """Return the rows for training and for validation, as P0 parts them for "2D" or "3D": two index arrays.

    Rows 2 * i and 2 * i + 1 are a pair. In 2D a quarter is drawn at random, which parts pairs; in 3D the
    last 15 % are taken, as `fit` does with validation_split.
    """
    share = common.look_up(VALIDATION_SHARE, network)
    if network == "2D":
        return train_test_split(np.arange(count), test_size=share, random_state=SPLIT_SEED)
    cut = int(count * (1 - share))
    return np.arange(cut), np.arange(cut, count)


def prepare(volumes, *, network):
    """Return volumes (n, 16, 16, 16) as P0's "2D" or "3D" network takes them: as they are, or coloured."""
    return volumes if network == "2D" else colour_voxels(volumes)


def measure_posted(setting, seed, work_dir):
    """Train one of P0's networks with P0's settings.

    After a kill the training goes on, but the learning rate's schedule has forgotten how long the
    validation accuracy had not risen.

    Returns:
        dict: parameters; train_accuracy (of the last epoch, as `fit` logs it), best_val_accuracy;
        test_accuracy, originals, copies, test_right; confusion (10 x 10, a row for each true digit); lists, a
        number an epoch: epoch_train, epoch_val, epoch_loss, epoch_val_loss, epoch_rate.
    """
    epochs = EPOCHS[store.profile()]
    network, (x_test, y_test) = _train_posted(setting["network"], seed, work_dir, epochs=epochs)
    logs = epoch_logs(work_dir)
    return {
        "parameters": network.count_params(),
        "train_accuracy": logs["accuracy"][-1],
        "best_val_accuracy": max(logs["val_accuracy"]),
        **score_answers(network.predict(x_test, batch_size=100, verbose=0), y_test),
        **_curves(logs),
        "epoch_rate": logs["learning_rate"],
    }


def measure_momentum(setting, seed, work_dir):
    """Train P0's 3D network for some epochs with a momentum of BatchNormalization; P0 has .99.

    Returns:
        dict of lists, a number an epoch: epoch_train, epoch_val, epoch_loss, epoch_val_loss.
    """
    _train_posted("3D", seed, work_dir, epochs=MOMENTUM_EPOCHS, momentum=setting["momentum"])
    return _curves(epoch_logs(work_dir))


def score_answers(answers, labels):
    """Return what `score_pairs` does, and the confusion matrix.

    Args:
        answers: (n, 10), a number for each digit, the largest is the guess.
        labels: int64 (n,), 0 to 9.
    """
    guesses = answers.argmax(axis=1)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (labels, guesses), 1)
    return {**score_pairs(guesses == labels), "confusion": confusion}


def score_pairs(right):
    """Return test_accuracy, that of originals (even rows) and copies, and test_right: of booleans (n,)."""
    return {
        "test_accuracy": right.mean(),
        "originals": right[::2].mean(),
        "copies": right[1::2].mean(),
        "test_right": pack_answers(right),
    }


def _train_posted(name, seed, work_dir, *, epochs, momentum=0.99):
    """Train P0's "2D" or "3D" network; return it and the test rows as it takes them."""
    (x_train, y_train), (x_test, y_test) = load_mnist3d()
    x_train, x_test = (prepare(volumes, network=name) for volumes in (x_train, x_test))
    parts = [(x_train[rows], y_train[rows]) for rows in split_rows(len(x_train), network=name)]
    keras.utils.set_random_seed(seed)
    network = build_posted(name, momentum=momentum)
    common.compile_posted(network, "adam")  # though P0 makes an RMSprop and passes it around
    plateau = keras.callbacks.ReduceLROnPlateau(**PLATEAU)
    options = {"batch_size": POSTED_BATCH_SIZE[name], "epochs": epochs, "callbacks": [plateau]}
    common.fit_resumed(network, parts, work_dir, **options)
    return network, (x_test, y_test)


def build_posted(name, *, momentum=0.99):
    """Build P0's "2D" network with its augmentation in front, or its "3D" network, which has none.

    The momentum, 0 to 1, is that of the 3D network's BatchNormalization; the 2D one has Keras's default.
    """
    if name == "3D":
        return build_voxels_3d(momentum=momentum)
    augment = RandomAffine(**AUGMENTATION, name="augment")
    return Sequential([keras.Input((SIZE, SIZE, SIZE)), augment, *build_voxels_2d().layers])


def build_voxels_2d():
    """Build P0's 2D network for (batch, 16, 16, 16), the last axis as channels: 8,429,698 parameters.

    Source: P0.
    """
    return Sequential(
        [
            layers.Input((SIZE, SIZE, SIZE)),
            layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Dropout(0.25, name="drop1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv3"),
            layers.Conv2D(64, 3, padding="same", activation="relu", name="conv4"),
            layers.BatchNormalization(name="norm"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Dropout(0.25, name="drop2"),
            *_posted_head(),
        ],
        name="voxels_2d",
    )


def build_voxels_3d(*, momentum=0.99):
    """Build P0's 3D network for coloured volumes (batch, 16, 16, 16, 3): 21,060,490 parameters.

    The first dense layer has 16,781,312 of them.

    Args:
        momentum: of BatchNormalization's moving statistics, 0 to 1; Keras's default is P0's.

    Source: P0.
    """
    return Sequential(
        [
            layers.Input((SIZE, SIZE, SIZE, 3)),
            layers.Conv3D(8, 3, padding="same", activation="relu", name="conv1"),
            layers.Conv3D(16, 3, padding="same", activation="relu", name="conv2"),
            layers.MaxPooling3D(2, name="pool1"),
            layers.Conv3D(32, 3, padding="same", activation="relu", name="conv3"),
            layers.Conv3D(64, 3, padding="same", activation="relu", name="conv4"),
            layers.BatchNormalization(momentum=momentum, name="norm"),
            layers.MaxPooling3D(2, name="pool2"),
            layers.Dropout(0.25, name="drop2"),
            *_posted_head(),
        ],
        name="voxels_3d",
    )


def _posted_head():
    """Return the layers in which P0's two networks end."""
    return [
        layers.Flatten(name="flatten"),
        layers.Dense(4096, activation="relu", name="hidden1"),
        layers.Dropout(0.5, name="drop3"),
        layers.Dense(1024, activation="relu", name="hidden2"),
        layers.Dropout(0.5, name="drop4"),
        layers.Dense(NUM_CLASSES, activation="softmax", name="digit"),
    ]


def _curves(logs):
    """Return the logs of `fit` under the names of the table's columns."""
    return {
        "epoch_train": logs["accuracy"],
        "epoch_val": logs["val_accuracy"],
        "epoch_loss": logs["loss"],
        "epoch_val_loss": logs["val_loss"],
    }
