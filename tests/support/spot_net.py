"""A small net whose decision is known: it only looks at one patch."""

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
