"""The networks of the digits: P4's convnet, a dense one to compare with, and our own.

All go from pictures (batch, 28, 28, 1), floats in 0..1, to (batch, 10) probabilities.
"""

from keras import Sequential, layers

from pixvox.training import Recipe

# What the lesson and its studies train with, by profile where the profiles differ.
VALIDATION_SIZE = {"sample": 287, "full": 5_000}
BATCH_SIZE = 64
EPOCHS = {"sample": 20, "full": 5}
ACTIVATION_EPOCHS = {"sample": 6, "full": 2}
BETTER = Recipe(peak=0.01)
BETTER_BATCH_SIZE = {"sample": 64, "full": 256}
BETTER_EPOCHS = {"sample": 20, "full": 8}


def build_mnist_convnet(*, activation="relu"):
    """Build the first convnet of lesson 01: 93,322 parameters.

    Args:
        activation: a name Keras knows, such as "tanh", for the convolutions and the first dense layer.

    Source: F. Chollet, "Deep Learning with Python" (2018), section 5.1.
    """
    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation=activation, name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(64, 3, activation=activation, name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Conv2D(64, 3, activation=activation, name="conv3"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation=activation, name="dense"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="mnist_convnet",
    )


def build_mnist_dense():
    """Build a dense network of about the same size as `build_mnist_convnet`: 93,025 parameters."""
    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Flatten(name="flatten"),
            layers.Dense(117, activation="relu", name="dense"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="mnist_dense",
    )


def build_mnist_better():
    """Build lesson 01's own network: shifted digits, batch normalisation, 41,882 parameters.

    In training it shifts each picture by up to 6 % of its side.
    """
    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.RandomTranslation(0.06, 0.06, fill_mode="constant", name="shift"),
            layers.Conv2D(16, 5, use_bias=False, name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.BatchNormalization(momentum=0.9, name="norm1"),
            layers.ReLU(name="relu1"),
            layers.Conv2D(32, 3, use_bias=False, name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.BatchNormalization(momentum=0.9, name="norm2"),
            layers.ReLU(name="relu2"),
            layers.Conv2D(96, 3, use_bias=False, name="conv3"),
            layers.BatchNormalization(momentum=0.9, name="norm3"),
            layers.ReLU(name="relu3"),
            layers.Flatten(name="flatten"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="mnist_better",
    )
