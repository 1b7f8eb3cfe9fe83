"""Units of P1's network that die, under ReLU and LeakyReLU at several learning rates."""

import keras
import numpy as np
from keras import layers

from pixvox.datasets import store
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.fashion import pictures, training

EPOCHS = 5
SLOPES = {"leaky": models.SLOPE, "relu": 0.0}


def measure_units(setting, seed, work_dir):
    """Train P1's network with ReLU or LeakyReLU for a few epochs, and count units that do nothing.

    Returns:
        dict: dead (share of units that are zero for every training picture), never_positive (share of
        units that are at or below zero for every one), val_accuracy and training_accuracy.
    """
    parts = pictures.load_split(store.profile(), seed)
    keras.utils.set_random_seed(seed)
    network = models.build_leaky_convnet(slope=common.look_up(SLOPES, setting["activation"]))
    training.compile_posted(network, setting["rate"])
    history, _ = training.fit(network, parts, training.BATCH_SIZE, epochs=EPOCHS)
    largest = largest_outputs(network, parts[0][0])
    return {
        "dead": float(np.mean(largest == 0)),
        "never_positive": float(np.mean(largest <= 0)),
        "val_accuracy": history["val_accuracy"][-1],
        "training_accuracy": history["accuracy"][-1],
    }


def largest_outputs(network, images):
    """Return the largest number that each unit of P1's network gives for any picture, at any place.

    A unit is a channel of an activation layer. Under ReLU it is dead where this is 0.

    Args:
        network: a model of `build_leaky_convnet`.
        images: float32 (n, 28, 28, 1) in 0..1.

    Returns:
        float32 (352,): 32, 64 and 128 channels of the convolutions, then 128 units of the dense layer.
    """
    maps = [network.get_layer(f"leaky{number}").output for number in (1, 2, 3)]
    peaks = [layers.GlobalMaxPooling2D()(feature_map) for feature_map in maps]  # (batch, channels) each
    units = layers.Concatenate()([*peaks, network.get_layer("leaky4").output])
    return keras.Model(network.inputs, units).predict(images, verbose=0).max(axis=0)
