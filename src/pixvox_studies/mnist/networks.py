"""The studies of lesson 01: its networks and its activations, over seeds."""

import keras
import numpy as np
from sklearn.model_selection import train_test_split

from pixvox.datasets import store
from pixvox.datasets.mnist import load_mnist
from pixvox.models.mnist import build_mnist_better, build_mnist_convnet, build_mnist_dense
from pixvox.training import one_cycle

# Lesson 01 has the same numbers; a test compares them.
VALIDATION_SIZE = {"sample": 287, "full": 5_000}
BATCH_SIZE = 64
EPOCHS = {"sample": 20, "full": 5}
ACTIVATION_EPOCHS = {"sample": 6, "full": 2}
BETTER_BATCH_SIZE = {"sample": 64, "full": 256}
BETTER_EPOCHS = {"sample": 20, "full": 8}
BETTER_RATE = 0.01
SHIFT = 4  # pixels: about the most that cuts no ink off


def load_split():
    """Load the digits as lesson 01 splits them.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_test, y_test): float32 pictures (n, 28, 28, 1) in 0..1 and
        int64 labels (n,).
    """
    (x_train, y_train), (x_test, y_test) = load_mnist()
    validation_size = VALIDATION_SIZE[store.profile()]
    x_fit, x_val, y_fit, y_val = train_test_split(
        x_train / np.float32(255), y_train, test_size=validation_size, stratify=y_train, random_state=0
    )
    return (x_fit, y_fit), (x_val, y_val), (x_test / np.float32(255), y_test)


def measure_network(setting, seed, work_dir):
    """Train one of lesson 01's networks and measure it on the test pictures, shifted ones too.

    Args:
        setting: {"network": "convnet", "shifts" (the convnet on shifted digits), "dense" or "better"}.
        seed: whole number.
        work_dir: not used; a row takes minutes at most.

    Returns:
        dict: parameters, test_accuracy, and test_accuracy_shifted (by `SHIFT` pixels to the right).
    """
    (x_fit, y_fit), _, (x_test, y_test) = load_split()
    keras.utils.set_random_seed(seed)
    name, profile = setting["network"], store.profile()
    if name == "better":
        batch_size, epochs = BETTER_BATCH_SIZE[profile], BETTER_EPOCHS[profile]
    else:
        batch_size, epochs = BATCH_SIZE, EPOCHS[profile]
    steps = epochs * -(-len(x_fit) // batch_size)
    optimizer = keras.optimizers.Adam(one_cycle(steps, peak=BETTER_RATE)) if name == "better" else "rmsprop"
    network = _build(name)
    network.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(x_fit, y_fit, batch_size=batch_size, epochs=epochs, verbose=0)
    shifted = np.zeros_like(x_test)
    shifted[:, :, SHIFT:] = x_test[:, :, :-SHIFT]
    return {
        "parameters": network.count_params(),
        "test_accuracy": network.evaluate(x_test, y_test, verbose=0)[1],
        "test_accuracy_shifted": network.evaluate(shifted, y_test, verbose=0)[1],
    }


def _build(name):
    """Build a network by its name in the study."""
    if name == "shifts":
        shift = keras.layers.RandomTranslation(0.06, 0.06, fill_mode="constant")
        return keras.Sequential([keras.layers.Input((28, 28, 1)), shift, *build_mnist_convnet().layers])
    builders = {"better": build_mnist_better, "dense": build_mnist_dense}
    return builders.get(name, build_mnist_convnet)()


def measure_activation(setting, seed, work_dir):
    """Train P4's network with one activation for a few epochs and measure it on the validation pictures.

    Args:
        setting: {"activation": "relu", "tanh" or "sigmoid"}.
        seed: whole number.
        work_dir: not used; a row takes a minute at most.

    Returns:
        dict: val_accuracy.
    """
    (x_fit, y_fit), (x_val, y_val), _ = load_split()
    keras.utils.set_random_seed(seed)
    network = build_mnist_convnet(activation=setting["activation"])
    network.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    epochs = ACTIVATION_EPOCHS[store.profile()]
    network.fit(x_fit, y_fit, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return {"val_accuracy": network.evaluate(x_val, y_val, verbose=0)[1]}
