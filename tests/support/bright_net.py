"""Small networks with the layers of the lesson's, whose weights are set by hand: what they look at is known.

The pictures that go with them are those of `support.made_up.draw_animals`: only dogs have a bright middle.
"""

import keras
import numpy as np
from keras import layers

SIZE = (32, 48)  # not square: rows and columns that change places are noticed
MIDDLE = (slice(12, 20), slice(20, 28))  # of a dog, 250 everywhere; all else is below 150
THRESHOLD = 0.7  # of a pixel's mean colour, 0 to 1
BIAS = -0.5  # the logit of a picture that has nothing to look at


def build(image_size=SIZE, *, flat=False, channels=2):
    """Two blocks of 1x1 convolutions with random weights."""
    return keras.Sequential(
        [
            layers.Input((*image_size, 3)),
            layers.Rescaling(1 / 255, name="scale"),
            layers.Conv2D(channels, 1, use_bias=False, name="conv1"),
            layers.BatchNormalization(epsilon=0, name="norm1"),
            layers.ReLU(name="relu1"),
            layers.Conv2D(2, 1, use_bias=False, name="conv2"),
            layers.BatchNormalization(epsilon=0, name="norm2"),
            layers.ReLU(name="relu2"),
            layers.Flatten(name="means") if flat else layers.GlobalAveragePooling2D(name="means"),
            layers.Dense(1, activation="sigmoid", name="dog"),
        ]
    )


def bright_net(*, bias=BIAS):
    """Its logit is 500 times the mean of what pixels are brighter than `THRESHOLD`, plus the bias."""
    return _look(build(), np.full(3, 1 / 3), np.full((2, 1), 250), bias)


def bright_logit():
    """The logit of a dog, worked by hand."""
    return 500 * (250 / 255 - THRESHOLD) * 64 / (SIZE[0] * SIZE[1]) + BIAS


def corner_net(*, bias=BIAS):
    """Its logit is 2 for each pixel of pure yellow where the mark is, plus the bias; it sees nothing else."""
    places = np.zeros((*SIZE, 2))
    places[2:6, 2:6] = 1 / 0.3  # yellow: (red - blue) / 255 = 1, less the threshold
    return _look(build(flat=True), np.array([1, 0, -1]), places.reshape(-1, 1), bias)


def _look(net, colours, head, bias):
    """Set the weights: both channels see the same, the second block changes nothing."""
    kernel = np.repeat(colours.reshape(1, 1, 3, 1), 2, axis=3)
    same = np.eye(2).reshape(1, 1, 2, 2)
    net.get_layer("conv1").set_weights([kernel])
    net.get_layer("norm1").set_weights([np.ones(2), np.full(2, -THRESHOLD), np.zeros(2), np.ones(2)])
    net.get_layer("conv2").set_weights([same])
    net.get_layer("dog").set_weights([head, np.array([bias])])
    return net
