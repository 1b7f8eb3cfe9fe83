"""The studies of lesson 01: its networks and its activations, over seeds."""

import keras
import numpy as np
from keras.optimizers import schedules
from sklearn.model_selection import train_test_split

from pixvox import models
from pixvox.datasets import store
from pixvox.datasets.mnist import load_mnist

SHIFT = 4  # pixels: about the most that cuts no ink off


def load_split():
    """Load the digits as lesson 01 splits them.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_test, y_test): float32 pictures (n, 28, 28, 1) in 0..1 and
        int64 labels (n,).
    """
    (x_train, y_train), (x_test, y_test) = load_mnist()
    validation_size = {"sample": 287, "full": 5_000}[store.profile()]
    x_fit, x_val, y_fit, y_val = train_test_split(
        x_train / np.float32(255), y_train, test_size=validation_size, stratify=y_train, random_state=0
    )
    return (x_fit, y_fit), (x_val, y_val), (x_test / np.float32(255), y_test)


def one_cycle(steps):
    """Return a learning rate that rises for a quarter of `steps` (whole number) and then falls to 0."""
    warmup = steps // 4
    return schedules.CosineDecay(0.0, steps - warmup, warmup_target=0.01, warmup_steps=warmup)


def measure_network(setting, seed, work_dir):
    """Train one of lesson 01's three networks and measure it on the test pictures, shifted ones too.

    Args:
        setting: {"network": "convnet", "dense" or "better"}.
        seed: whole number.
        work_dir: not used; a row takes minutes at most.

    Returns:
        dict: parameters, test_accuracy, and test_accuracy_shifted (by `SHIFT` pixels to the right).
    """
    (x_fit, y_fit), _, (x_test, y_test) = load_split()
    keras.utils.set_random_seed(seed)
    network, batch_size, epochs = _compiled(setting["network"], len(x_fit))
    network.fit(x_fit, y_fit, batch_size=batch_size, epochs=epochs, verbose=0)
    shifted = np.zeros_like(x_test)
    shifted[:, :, SHIFT:] = x_test[:, :, :-SHIFT]
    return {
        "parameters": network.count_params(),
        "test_accuracy": network.evaluate(x_test, y_test, verbose=0)[1],
        "test_accuracy_shifted": network.evaluate(shifted, y_test, verbose=0)[1],
    }


def _compiled(name, pictures):
    """Build and compile a network as the lesson does; return it, its batch size and its epochs."""
    full = store.profile() == "full"
    loss, metrics = "sparse_categorical_crossentropy", ["accuracy"]
    if name == "better":
        batch_size, epochs = (256, 8) if full else (64, 24)
        network = models.build_mnist_better()
        steps = epochs * -(-pictures // batch_size)
        network.compile(keras.optimizers.Adam(one_cycle(steps)), loss, metrics=metrics)
        return network, batch_size, epochs
    network = models.build_mnist_convnet() if name == "convnet" else models.build_mnist_dense()
    network.compile("rmsprop", loss, metrics=metrics)
    return network, 64, 5 if full else 20


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
    network = models.build_mnist_activation(setting["activation"])
    network.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    epochs = 2 if store.profile() == "full" else 6
    network.fit(x_fit, y_fit, batch_size=64, epochs=epochs, verbose=0)
    return {"val_accuracy": network.evaluate(x_val, y_val, verbose=0)[1]}
