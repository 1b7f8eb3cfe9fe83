"""The studies of lesson 03: the post's networks with and without augmentation, parameters, and our own.

In the sample profile all pictures are drawn afresh, so that the committed test pictures decide nothing.
"""

from functools import cache

import keras
import numpy as np
from sklearn.model_selection import train_test_split

from pixvox.augment import RandomAffine
from pixvox.datasets import store
from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox.models import clothes as models_fashion
from pixvox.training import one_cycle
from pixvox_sketch.clothes.sets import draw_clothes
from pixvox_studies.resuming import epoch_logs, resume_callbacks

DENSE_WIDTHS = (0, 32, 128, 512, 2048)  # of the dense networks that the convnets are compared with
FRESH, FRESH_TEST = 8_000, 8_999  # seeds of the drawings: of training (+ the study's seed), of the test
DRAWN, DRAWN_TEST = 200, 300  # pictures of each class

# Lesson 03 has the same numbers; a test compares them.
VALIDATION_SHARE, SPLIT_SEED = 0.2, 13
BATCH_SIZE = {"sample": 32, "full": 256}
EPOCHS = 10
EXTRA_EPOCHS = 50  # the lesson's own arms are shorter
AUGMENTATION = {"rotation_degrees": 8, "shift": 0.08, "shear_degrees": 0.3, "zoom": 0.08}
PARAMETER_EPOCHS = 30
BETTER_BATCH_SIZE = {"sample": 32, "full": 128}
BETTER_EPOCHS = {"sample": 16, "full": 24}  # the lesson's own run on the sample is shorter
BETTER_RATE, BETTER_DECAY, BETTER_SMOOTHING = 4e-3, 0.02, 0.05

BUILDERS = {
    "one conv": models_fashion.build_fashion_one,
    "three conv": models_fashion.build_fashion_three,
    "four conv": models_fashion.build_fashion_four,
    "small conv": models_fashion.build_fashion_small,
}


@cache
def load_split(seed):
    """Load the clothes as lesson 03 splits them; in the sample profile, draw others of the kind.

    Args:
        seed: the study's seed; the training pictures of the sample profile change with it.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_test, y_test): float32 pictures (n, 28, 28, 1) in 0..1 and
        int64 labels (n,).
    """
    if store.profile() == "sample":  # drawn by other processes: their seconds are nobody's training
        x_train, y_train = draw_clothes(DRAWN, seed=FRESH + seed, processes=2)
        x_test, y_test = draw_clothes(DRAWN_TEST, seed=FRESH_TEST, processes=2)
        x_train, x_test = x_train[..., None], x_test[..., None]
    else:
        (x_train, y_train), (x_test, y_test) = load_fashion_mnist()
    x_fit, x_val, y_fit, y_val = train_test_split(
        x_train / np.float32(255), y_train, test_size=VALIDATION_SHARE, random_state=SPLIT_SEED
    )
    return (x_fit, y_fit), (x_val, y_val), (x_test / np.float32(255), y_test)


def measure_arm(setting, seed, work_dir):
    """Train one of the post's networks for 10 epochs, then go on with or without augmentation.

    Both arms of a seed begin alike: their first 10 epochs are the same training (on a GPU, nearly).

    Args:
        setting: {"network": "one conv", "three conv" or "four conv", "arm": "plain" or "augmented"}.
        seed: whole number.
        work_dir: for what is kept after each epoch.

    Returns:
        dict: parameters, test_accuracy_first (after 10 epochs), test_accuracy (in the end), val_accuracy
        and train_accuracy (a list each, a number an epoch).
    """
    fit, val, test = load_split(seed)
    keras.utils.set_random_seed(seed)
    network = BUILDERS[setting["network"]]()
    compile_plainly(network)
    _train(network, (fit, val), epochs=EPOCHS, work_dir=work_dir, stage="first")
    first = network.evaluate(*test, verbose=0)[1]
    longer = continue_training(network, augmented=setting["arm"] == "augmented", seed=seed)
    _train(longer, (fit, val), epochs=EXTRA_EPOCHS, work_dir=work_dir, stage="longer")
    logs = [epoch_logs(work_dir, stage=stage) for stage in ("first", "longer")]
    return {
        "parameters": network.count_params(),
        "test_accuracy_first": first,
        "test_accuracy": network.evaluate(*test, verbose=0)[1],
        "val_accuracy": logs[0]["val_accuracy"] + logs[1]["val_accuracy"],
        "train_accuracy": logs[0]["accuracy"] + logs[1]["accuracy"],
    }


def compile_plainly(network):
    """Compile a network as the post does: Adam at its default rate."""
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


def continue_training(network, *, augmented, seed):
    """Wrap a trained network for more epochs, with the post's augmentation in front of it or without.

    Args:
        network: a model of (batch, 28, 28, 1); it shares its weights with what is returned.
        augmented: whether training pictures are changed. Validation and test pictures never are.
        seed: of the changes.

    Returns:
        a compiled model; its Adam begins anew, in either arm.
    """
    in_front = [RandomAffine(**AUGMENTATION, seed=seed, name="augment")] if augmented else []
    longer = keras.Sequential([keras.layers.Input((28, 28, 1)), *in_front, network])
    compile_plainly(longer)
    return longer


def _train(network, data, *, epochs, work_dir, stage):
    """Train with the post's batch size; go on where a killed process was."""
    (x_fit, y_fit), validation = data
    network.fit(
        x_fit,
        y_fit,
        batch_size=BATCH_SIZE[store.profile()],
        epochs=epochs,
        validation_data=validation,
        verbose=0,
        callbacks=resume_callbacks(work_dir, stage=stage),
    )


def measure_parameters(setting, seed, work_dir):
    """Train a dense network or a convnet for equally many epochs, to compare accuracy by size.

    Args:
        setting: {"network": a name as in `measure_arm`, "small conv", or "dense W", W the width}.
        seed: whole number.
        work_dir: for what is kept after each epoch.

    Returns:
        dict: parameters, val_accuracy, test_accuracy.
    """
    fit, val, test = load_split(seed)
    keras.utils.set_random_seed(seed)
    name = setting["network"]
    if name.startswith("dense"):
        network = models_fashion.build_fashion_dense(int(name.split(" ")[1]))
    else:
        network = BUILDERS[name]()
    compile_plainly(network)
    _train(network, (fit, val), epochs=PARAMETER_EPOCHS, work_dir=work_dir, stage="training")
    return {
        "parameters": network.count_params(),
        "val_accuracy": network.evaluate(*val, verbose=0)[1],
        "test_accuracy": network.evaluate(*test, verbose=0)[1],
    }


def measure_better(setting, seed, work_dir):
    """Train lesson 03's own network.

    Args:
        setting: {"recipe": "better"}.
        seed: whole number.
        work_dir: for what is kept after each epoch.

    Returns:
        dict: parameters, test_accuracy, val_accuracy (a list, a number an epoch).
    """
    (x_fit, y_fit), (x_val, y_val), (x_test, y_test) = load_split(seed)
    profile = store.profile()
    batch_size, epochs = BETTER_BATCH_SIZE[profile], BETTER_EPOCHS[profile]
    keras.utils.set_random_seed(seed)
    network = models_fashion.build_fashion_better()
    steps = epochs * -(-len(x_fit) // batch_size)
    network.compile(
        keras.optimizers.AdamW(one_cycle(steps, peak=BETTER_RATE), weight_decay=BETTER_DECAY),
        keras.losses.CategoricalCrossentropy(label_smoothing=BETTER_SMOOTHING),
        metrics=["accuracy"],
    )
    network.fit(
        x_fit,
        keras.utils.to_categorical(y_fit, 10),
        batch_size=batch_size,
        epochs=epochs,
        validation_data=(x_val, keras.utils.to_categorical(y_val, 10)),
        verbose=0,
        callbacks=resume_callbacks(work_dir),
    )
    return {
        "parameters": network.count_params(),
        "test_accuracy": network.evaluate(x_test, keras.utils.to_categorical(y_test, 10), verbose=0)[1],
        "val_accuracy": epoch_logs(work_dir)["val_accuracy"],
    }
