"""The networks of the digits: P4's convnet, and a dense one to compare with.

All go from pictures (batch, 28, 28, 1), floats in 0..1, to (batch, 10) probabilities.
"""

from keras import Sequential, layers

# What the lesson and its studies train with, by profile where the profiles differ.
VALIDATION_SIZE = {"sample": 287, "full": 5_000}
BATCH_SIZE = 64
EPOCHS = {"sample": 20, "full": 5}
ACTIVATION_EPOCHS = {"sample": 6, "full": 2}


def build_mnist_convnet(*, activation="relu"):
    """Build the first convnet of the lesson on MNIST: 93,322 parameters.

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
