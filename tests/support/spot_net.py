"""Small nets to explain: one whose decision is known, for it only looks at one patch, and random ones."""

import keras
import numpy as np
from keras import layers

SIZE = (12, 16)  # not square: rows and columns that change places are noticed
SPOT = (slice(2, 5), slice(9, 12))  # where `spot_net` looks, rows and columns


def pictures(count=3, seed=0):
    return np.random.default_rng(seed).uniform(0, 255, (count, *SIZE, 3)).astype(np.float32)


def spot_net(head="sigmoid", *, weight=0.01):
    """A net that only looks at the red of a patch: its logit is `weight` times the sum there."""
    units = 2 if head == "softmax" else 1
    net = keras.Sequential(
        [
            layers.Input((*SIZE, 3)),
            layers.Conv2D(1, 1, use_bias=False, name="red"),
            layers.Flatten(name="flatten"),
            layers.Dense(units, activation=None if head == "logits" else head, name="answer"),
        ]
    )
    net.get_layer("red").set_weights([np.array([1.0, 0, 0], np.float32).reshape(1, 1, 3, 1)])
    place = np.zeros((*SIZE, units), np.float32)
    place[SPOT] = [weight] if units == 1 else [-weight / 2, weight / 2]
    net.get_layer("answer").set_weights([place.reshape(-1, units), np.zeros(units, np.float32)])
    return net


def conv_net(units=1, head="sigmoid", *, inside=False, functional=False):
    """A net with random weights; its convolutions may lie in a model inside the model."""
    keras.utils.set_random_seed(0)
    convolutions = [
        layers.RandomFlip(name="flip"),
        layers.Conv2D(4, 3, padding="same", name="conv1"),
        layers.BatchNormalization(name="norm1"),
        layers.ReLU(name="relu1"),
        layers.MaxPooling2D(2, name="pool1"),
        layers.Conv2D(5, 3, padding="same", activation="relu", name="conv2"),
    ]
    ending = [
        layers.GlobalAveragePooling2D(name="means"),
        layers.Dropout(0.5, name="drop"),
        layers.Dense(units, activation=head, name="answer"),
    ]
    if inside:
        convolutions = [keras.Sequential([layers.Input((*SIZE, 3)), *convolutions], name="base")]
    if not functional:
        top = [keras.Sequential([layers.Input((6, 8, 5)), *ending], name="top")] if inside else ending
        return keras.Sequential([layers.Input((*SIZE, 3)), *convolutions, *top])
    inputs = x = keras.Input((*SIZE, 3))
    for layer in [*convolutions, *ending]:
        x = layer(x)
    return keras.Model(inputs, x)


def smooth_net(units=1, head="sigmoid", **kwargs):
    """A net with random weights and a slope everywhere, so that a little noise changes no order of pixels."""
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            layers.Input((*SIZE, 3)),
            layers.Rescaling(1 / 127.5, -1, name="scaled", **kwargs),
            layers.Conv2D(6, 3, padding="same", activation="gelu", name="conv1", **kwargs),
            layers.AveragePooling2D(2, name="pool1", **kwargs),
            layers.Conv2D(8, 3, padding="same", activation="gelu", name="conv2", **kwargs),
            layers.Flatten(name="flatten", **kwargs),
            layers.Dense(units, activation=head, name="answer", **kwargs),
        ]
    )


def branched_net(end=None):
    """A functional net with a branch, an Add and, as its last step, `end`: a function of the logits."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((*SIZE, 3))
    left = layers.Conv2D(4, 3, padding="same", activation="relu", name="left")(inputs)
    right = layers.Conv2D(4, 1, name="right")(inputs)
    means = layers.GlobalAveragePooling2D(name="means")(layers.Add(name="sum")([left, right]))
    logits = layers.Dense(3, name="logits")(means)
    return keras.Model(inputs, end(logits) if end else logits)
