"""The course's networks: uncompiled Keras models whose layers have names.

A lesson that introduces a network shows its layers in full; the builders here are for the places
that need the same network again, and a test compares the two.
"""

from keras import Sequential, layers


def build_mnist_convnet():
    """Build the first convnet of lesson 01: 93,322 parameters.

    Returns:
        a model from (batch, 28, 28, 1) floats in 0..1 to (batch, 10) probabilities.

    Source: F. Chollet, "Deep Learning with Python" (2018), section 5.1.
    """
    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(64, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Conv2D(64, 3, activation="relu", name="conv3"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation="relu", name="dense"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="mnist_convnet",
    )


def build_mnist_dense():
    """Build a dense network of about the same size as `build_mnist_convnet`: 93,025 parameters.

    Returns:
        a model from (batch, 28, 28, 1) floats in 0..1 to (batch, 10) probabilities.
    """
    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Flatten(name="flatten"),
            layers.Dense(117, activation="relu", name="dense"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="mnist_dense",
    )
