"""Clothes to look at, and the hidden layer of a small network that has learnt others."""

from functools import cache

import keras
import numpy as np
from keras import layers

from pixvox.datasets import store
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.four_models import networks

SHOWN = {"sample": 1_000, "full": 2_000}
BATCH_SIZE = networks.FASHION_BATCH_SIZE
EPOCHS = 5
WAYS = ("trained", "untrained", "shuffled labels")


def build_fashion_embedding():
    """Build the lesson's network, with a hidden layer of 64 units: 121,930 parameters."""
    stack = [
        layers.Conv2D(32, 3, activation="relu", name="conv1"),
        layers.MaxPooling2D(2, name="pool1"),
        layers.Conv2D(64, 3, activation="relu", name="conv2"),
        layers.MaxPooling2D(2, name="pool2"),
        layers.Flatten(name="flatten"),
        layers.Dense(64, activation="relu", name="hidden"),
    ]
    return models.build_classifier(stack, "fashion_embedding")


@cache
def load_shown(seed):
    """Load pictures that no network here learns from, in an order of the seed's own.

    Returns:
        float32 pictures (n, 28, 28, 1) in 0..1 and labels (n,): in the sample profile drawings, in the full
        one validation pictures.
    """
    _, (x_val, y_val), (x_test, y_test) = networks.load_split(seed)
    x, y = (x_test, y_test) if store.profile() == "sample" else (x_val, y_val)
    rows = np.random.default_rng(seed).permutation(len(y))[: SHOWN[store.profile()]]
    return x[rows], y[rows]


@cache
def compute_hidden(way, seed):
    """Return the hidden layer's numbers for the pictures shown, float32 (n, 64).

    Args:
        way: "trained"; "untrained", the same weights before training; "shuffled labels", as many steps on
            the same pictures with each other's labels.
        seed: of the weights, the order, the shuffling and the pictures.

    Raises:
        ValueError: for another way.
    """
    if way not in WAYS:
        raise ValueError(f"expected a way among {', '.join(WAYS)}, got {way!r}")
    network = train_embedding(way, seed)
    hidden = keras.Model(network.inputs, network.get_layer("hidden").output)
    return hidden.predict(load_shown(seed)[0], batch_size=256, verbose=0)


def train_embedding(way, seed):
    """Build the lesson's network and train it in one of the ways of `compute_hidden`; return it."""
    fit = networks.load_split(seed)[0]
    keras.utils.set_random_seed(seed)
    network = build_fashion_embedding()
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    labels = fit[1]
    if way == "shuffled labels":
        labels = np.random.default_rng(seed).permutation(labels)
    if way != "untrained":
        options = {"batch_size": BATCH_SIZE[store.profile()], "epochs": EPOCHS}
        common.fit_timed(network, fit[0], labels, **options)
    return network
