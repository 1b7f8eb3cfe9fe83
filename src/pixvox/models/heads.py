"""What is put on a pretrained base: the head of P4, with augmentation or without, and our own."""

from keras import Sequential, layers

from pixvox.augment import RandomAffine
from pixvox.models.pets import AUGMENTATION, BETTER_AUGMENTATION
from pixvox.training import Recipe

# What the lesson and its studies train with, by profile where they differ; "full" is P4's, but for ours.
IMAGE_SIZES = {"sample": (64, 64), "full": (150, 150)}
BATCH_SIZE = 20
HEAD_RATE = {"sample": 5e-4, "full": 2e-5}
HEAD_EPOCHS = 30  # on features that were computed once
FROZEN_EPOCHS = {"sample": 12, "full": 30}
TUNING_RATE = {"sample": 1e-4, "full": 1e-5}
TUNING_EPOCHS = {"sample": 12, "full": 100}
BETTER = {
    "sample": Recipe(peak=1e-3, decay=0.02, smoothing=0.1),
    "full": Recipe(peak=1e-4, decay=0.02, smoothing=0.1),
}
BETTER_EPOCHS = 20


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
        conv_base: a VGG without top; it becomes a layer of the network, not a copy.

    Returns:
        a model from preprocessed pictures (batch, height, width, 3) to (batch, 1) probabilities of dog.
    """
    base = _augmented(conv_base, AUGMENTATION)
    return Sequential([*base, *_head_layers(dropout=0)], name="end_to_end")  # P4 has no dropout here


def build_transfer_better(conv_base):
    """Build our own network: milder augmentation, a mean over each map and one unit.

    Args and Returns as for `build_end_to_end`.
    """
    average = layers.GlobalAveragePooling2D(name="average")
    base, dog = _augmented(conv_base, BETTER_AUGMENTATION), layers.Dense(1, activation="sigmoid", name="dog")
    return Sequential([*base, average, dog], name="transfer_better")


def _augmented(conv_base, augmentation):
    """Return augmentation and a base as layers."""
    return [layers.Input(conv_base.input_shape[1:]), RandomAffine(**augmentation, name="augment"), conv_base]


def _head_layers(*, dropout):
    """Return P4's head as layers; no dropout adds no layer."""
    return [
        layers.Flatten(name="flatten"),
        layers.Dense(256, activation="relu", name="hidden"),
        *([layers.Dropout(dropout, name="drop")] if dropout else []),
        layers.Dense(1, activation="sigmoid", name="dog"),
    ]
