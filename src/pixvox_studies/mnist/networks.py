"""The digits: networks and activations, over seeds."""

import keras
import numpy as np
from sklearn.model_selection import train_test_split

from pixvox.datasets import store
from pixvox.datasets.mnist import load_mnist
from pixvox.models import mnist as models
from pixvox_studies import common

SHIFT = 4  # pixels: about the most that cuts no ink off


def load_split():
    """Load the digits as the lesson splits them.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_test, y_test): float32 pictures (n, 28, 28, 1) in 0..1 and
        int64 labels (n,).
    """
    (x_train, y_train), (x_test, y_test) = load_mnist()
    validation_size = models.VALIDATION_SIZE[store.profile()]
    x_fit, x_val, y_fit, y_val = train_test_split(
        common.scale(x_train), y_train, test_size=validation_size, stratify=y_train, random_state=0
    )
    return (x_fit, y_fit), (x_val, y_val), (common.scale(x_test), y_test)


def measure_network(setting, seed, work_dir):
    """Train one of the lesson's networks and measure it on the test pictures, shifted ones too.

    Returns:
        dict: parameters, test_accuracy, test_right, and test_accuracy_shifted (by `SHIFT` to the right).
    """
    (x_fit, y_fit), _, (x_test, y_test) = load_split()
    keras.utils.set_random_seed(seed)
    name, profile = setting["network"], store.profile()
    network = common.look_up(BUILDERS, name)()
    if name == "better":
        batch_size, epochs = models.BETTER_BATCH_SIZE[profile], models.BETTER_EPOCHS[profile]
        batches = common.count_batches(len(x_fit), batch_size, epochs=epochs)
        loss = "sparse_categorical_crossentropy"
        common.compile_ours(network, models.BETTER, batches=batches, loss=loss)
    else:
        batch_size, epochs = models.BATCH_SIZE, models.EPOCHS[profile]
        common.compile_posted(network, "rmsprop")
    network.fit(x_fit, y_fit, batch_size=batch_size, epochs=epochs, verbose=0)
    shifted = np.zeros_like(x_test)
    shifted[:, :, SHIFT:] = x_test[:, :, :-SHIFT]
    return {
        "parameters": network.count_params(),
        **common.evaluate_parts(network, {"test": (x_test, y_test)}),
        "test_accuracy_shifted": network.evaluate(shifted, y_test, verbose=0)[1],
    }


def build_shifts():
    """Build the convnet with shifts in front."""
    shift = keras.layers.RandomTranslation(0.06, 0.06, fill_mode="constant")
    return keras.Sequential([keras.layers.Input((28, 28, 1)), shift, *models.build_mnist_convnet().layers])


BUILDERS = {
    "convnet": models.build_mnist_convnet,
    "shifts": build_shifts,
    "dense": models.build_mnist_dense,
    "better": models.build_mnist_better,
}


def measure_activation(setting, seed, work_dir):
    """Train P4's network with one activation for a few epochs and measure it on the validation pictures.

    Returns:
        dict: val_accuracy.
    """
    (x_fit, y_fit), (x_val, y_val), _ = load_split()
    keras.utils.set_random_seed(seed)
    network = models.build_mnist_convnet(activation=setting["activation"])
    common.compile_posted(network, "rmsprop")
    epochs = models.ACTIVATION_EPOCHS[store.profile()]
    network.fit(x_fit, y_fit, batch_size=models.BATCH_SIZE, epochs=epochs, verbose=0)
    return common.evaluate_parts(network, {"val": (x_val, y_val)})
