"""The study of the drawn solids: what becomes of flat pictures where bodies have no thin axis."""

import keras

from pixvox.datasets.solids import CLASS_NAMES, load_solids
from pixvox.models import voxels as models_voxels
from pixvox.training import one_cycle
from pixvox_studies.voxels.better import DECAY, RATE, SMOOTHING, as_pictures
from pixvox_studies.voxels.fair import along

EPOCHS, BATCH_SIZE = 25, 32  # the study's own: lesson 08 shows the table that they gave


def build_and_look(name):
    """Return a network of the study and what makes its input of volumes, by name.

    Args:
        name: "2D along z", "3D" (the fair pair) or "facing" (our own, of face-on pictures).

    Returns:
        an uncompiled model, and a function from volumes float32 (n, 16, 16, 16) to what the model takes.
    """
    if name == "facing":
        return models_voxels.build_facing_net(), as_pictures
    network = models_voxels.build_fair_net(dimensions=3 if name == "3D" else 2)
    return network, lambda volumes: along(name, volumes)


def measure_solids(setting, seed, work_dir):
    """Train a network on the drawn solids, which are turned every way, and test it on others.

    Args:
        setting: {"network": "2D along z", "3D" or "facing"}.
        seed: whole number.
        work_dir: not used; a row takes a minute at most.

    Returns:
        dict: parameters, train_accuracy (measured afterwards), test_accuracy, class_accuracies (a list, in
        the order of `CLASS_NAMES`).
    """
    (x_train, y_train), (x_test, y_test) = load_solids()
    keras.utils.set_random_seed(seed)
    network, look = build_and_look(setting["network"])
    network.compile(
        keras.optimizers.AdamW(
            one_cycle(EPOCHS * -(-len(x_train) // BATCH_SIZE), peak=RATE), weight_decay=DECAY
        ),
        keras.losses.CategoricalCrossentropy(label_smoothing=SMOOTHING),
        metrics=["accuracy"],
    )
    targets = keras.utils.to_categorical(y_train, len(CLASS_NAMES))
    views = look(x_train)
    network.fit(views, targets, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
    right = network.predict(look(x_test), batch_size=60, verbose=0).argmax(axis=1) == y_test
    return {
        "parameters": network.count_params(),
        "train_accuracy": network.evaluate(views, targets, batch_size=60, verbose=0)[1],
        "test_accuracy": right.mean(),
        "class_accuracies": [right[y_test == label].mean() for label in range(len(CLASS_NAMES))],
    }
