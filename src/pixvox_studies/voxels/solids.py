"""The drawn solids, which have no front and often no thin axis: the two by two again."""

import keras

from pixvox.compare import pack_answers
from pixvox.datasets.solids import CLASS_NAMES, load_solids
from pixvox_studies import common
from pixvox_studies.voxels import axes
from pixvox_studies.voxels.better import BETTER

EPOCHS, BATCH_SIZE = 25, 32


def measure_solids(setting, seed, work_dir):
    """Train a network of `axes.NETWORKS` on the drawn solids, turned every way, and test it on others.

    Returns:
        dict: parameters, train_accuracy (measured afterwards), test_accuracy, test_right, class_accuracies (a
        list, in the order of `CLASS_NAMES`).
    """
    (x_train, y_train), (x_test, y_test) = load_solids()
    keras.utils.set_random_seed(seed)
    network, look = axes.build_and_look(setting)
    batches = common.count_batches(len(x_train), BATCH_SIZE, epochs=EPOCHS)
    common.compile_ours(network, BETTER, batches=batches)
    targets = keras.utils.to_categorical(y_train, len(CLASS_NAMES))
    views = look(x_train)
    network.fit(views, targets, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
    right = common.answer(network, look(x_test), batch_size=60) == y_test
    return {
        "parameters": network.count_params(),
        "train_accuracy": network.evaluate(views, targets, batch_size=60, verbose=0)[1],
        "test_accuracy": right.mean(),
        "test_right": pack_answers(right),
        "class_accuracies": [right[y_test == label].mean() for label in range(len(CLASS_NAMES))],
    }
