"""Networks on a pretrained base: P4's head, with augmentation or without, and our own."""

import keras
from keras import Sequential, layers

from pixvox.augment import RandomAffine
from pixvox.models.pets import BETTER_AUGMENTATION
from pixvox_studies.common import Recipe
from pixvox_studies.pets.recipes import AUGMENTATION

# What the lesson and its studies train with, by profile where they differ. In "full" MobileNet stands in for
# VGG16; end to end it has fewer epochs than P4's 30 and 100, and larger rates for that.
BASES = {"sample": "vgg16", "full": "mobilenet"}
IMAGE_SIZES = {"sample": (64, 64), "full": (224, 224)}  # for features that are computed once
END_SIZES = {"sample": (64, 64), "full": (160, 160)}  # for what trains end to end
BATCH_SIZE = 20
HEAD_RATE = {"sample": 5e-4, "full": 1e-4}  # P4: 2e-5, for 3,000 steps
HEAD_EPOCHS = 30  # on features that were computed once; P4: 30
FROZEN_EPOCHS = {"sample": 12, "full": 10}
TUNED_FROM = {"sample": "block5_conv1", "full": "conv_dw_11"}  # the first layer that is fine-tuned
TUNING_RATE = {"sample": 1e-4, "full": 2e-5}  # P4: 1e-5
TUNING_EPOCHS = {"sample": 12, "full": 10}
BETTER = {
    "sample": Recipe(peak=1e-3, decay=0.02, smoothing=0.1),
    "full": Recipe(peak=2e-4, decay=0.02, smoothing=0.1),
}
BETTER_EPOCHS = {"sample": 20, "full": 8}


def build_dense_head(feature_shape):
    """Build P4's head for features that were computed once: 2,097,665 parameters on VGG16's at 150x150.

    Args:
        feature_shape: (rows, columns, channels).

    Returns:
        a model from (batch, *feature_shape) floats to (batch, 1) probabilities of the class dog.

    Source: P4, after F. Chollet, "Deep Learning with Python" (2018), section 5.3.
    """
    return Sequential([layers.Input(feature_shape), *_head_layers(dropout=0.5)], name="dense_head")


def build_end_to_end(conv_base):
    """Build P4's network of augmentation, base and head; what of the base is frozen stays as it is.

    Args:
        conv_base: a base without top; it becomes a layer of the network, not a copy.

    Returns:
        a model from preprocessed pictures (batch, height, width, 3) to (batch, 1) probabilities of dog.
    """
    return _put_on(conv_base, AUGMENTATION, _head_layers(dropout=0), "end_to_end")  # no dropout here in P4


def build_transfer_better(conv_base):
    """Build our own network: milder augmentation, a mean over each map and one unit.

    Args and Returns as for `build_end_to_end`.
    """
    head = [layers.GlobalAveragePooling2D(name="means"), layers.Dense(1, activation="sigmoid", name="dog")]
    return _put_on(conv_base, BETTER_AUGMENTATION, head, "transfer_better")


def _put_on(conv_base, augmentation, head, name):
    """Return a network of augmentation, a base and a head."""
    inputs = keras.Input(conv_base.input_shape[1:])
    x = conv_base(RandomAffine(**augmentation, name="augment")(inputs))
    for layer in head:
        x = layer(x)
    return keras.Model(inputs, x, name=name)


def _head_layers(*, dropout):
    """Return P4's head as layers; no dropout adds no layer."""
    return [
        layers.Flatten(name="flatten"),
        layers.Dense(256, activation="relu", name="hidden"),
        *([layers.Dropout(dropout, name="drop")] if dropout else []),
        layers.Dense(1, activation="sigmoid", name="dog"),
    ]
