"""The networks of lesson 02: P1's convnet with leaky activations, and the same cured of overfitting.

Lesson 02 shows their layers in full; a test compares them with the builders here.
"""

import keras
from keras import Sequential, layers

SLOPE = 0.1  # of P1's LeakyReLU, below zero
ACTIVATIONS = {"leaky": SLOPE, "relu": 0.0}


def build_leaky_convnet(*, activation="leaky", dropout=False, norm=False, augmented=False):
    """Build P1's network for clothes, 356,234 parameters, or the same with one cure for overfitting or more.

    Args:
        activation: "leaky" (P1's, slope 0.1 below zero) or "relu" (slope 0).
        dropout: drop a quarter of the numbers after each pooling, and half of them before the last layer.
        norm: normalise by batches before each activation.
        augmented: mirror every other picture while training, and shift each by up to two pixels.

    Returns:
        a model from (batch, 28, 28, 1) floats in 0..1 to (batch, 10) probabilities.

    Raises:
        ValueError: for another activation.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"expected the activation 'leaky' or 'relu', came {activation!r}.")
    slope = ACTIVATIONS[activation]
    stack = [layers.Input((28, 28, 1)), *(_augmentation(2) if augmented else [])]
    for number, filters in enumerate((32, 64, 128), 1):
        stack += [
            layers.Conv2D(filters, 3, padding="same", name=f"conv{number}"),
            *([layers.BatchNormalization(momentum=0.9, name=f"norm{number}")] if norm else []),
            layers.LeakyReLU(negative_slope=slope, name=f"leaky{number}"),
            layers.MaxPooling2D(2, padding="same", name=f"pool{number}"),
            *([layers.Dropout(0.25, name=f"drop{number}")] if dropout else []),
        ]
    stack += [
        layers.Flatten(name="flatten"),
        layers.Dense(128, name="dense"),
        *([layers.BatchNormalization(momentum=0.9, name="norm4")] if norm else []),
        layers.LeakyReLU(negative_slope=slope, name="leaky4"),
        *([layers.Dropout(0.5, name="drop4")] if dropout else []),
        layers.Dense(10, activation="softmax", name="probabilities"),
    ]
    return Sequential(stack, name="leaky_convnet")


def _augmentation(pixels):
    """Return layers that mirror pictures and shift them by up to so many pixels, while training."""
    share = pixels / 28
    return [
        layers.RandomFlip("horizontal", name="flip"),
        layers.RandomTranslation(share, share, fill_mode="constant", name="shift"),
    ]


def build_leaky_cured():
    """Build lesson 02's own network: P1's sizes, normalised, pooled first, with dropout; 357,290 parameters.

    Pictures are shifted by up to a pixel while training.

    Returns:
        a model from (batch, 28, 28, 1) floats in 0..1 to (batch, 10) probabilities.
    """
    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.RandomTranslation(1 / 28, 1 / 28, fill_mode="constant", name="shift"),
            layers.Conv2D(32, 3, padding="same", use_bias=False, name="conv1"),
            layers.MaxPooling2D(2, padding="same", name="pool1"),
            layers.BatchNormalization(momentum=0.9, name="norm1"),
            layers.LeakyReLU(negative_slope=SLOPE, name="leaky1"),
            layers.Conv2D(64, 3, padding="same", use_bias=False, name="conv2"),
            layers.MaxPooling2D(2, padding="same", name="pool2"),
            layers.BatchNormalization(momentum=0.9, name="norm2"),
            layers.LeakyReLU(negative_slope=SLOPE, name="leaky2"),
            layers.Conv2D(128, 3, padding="same", use_bias=False, name="conv3"),
            layers.MaxPooling2D(2, padding="same", name="pool3"),
            layers.BatchNormalization(momentum=0.9, name="norm3"),
            layers.LeakyReLU(negative_slope=SLOPE, name="leaky3"),
            layers.Flatten(name="flatten"),
            layers.Dense(128, use_bias=False, name="dense"),
            layers.BatchNormalization(momentum=0.9, name="norm4"),
            layers.LeakyReLU(negative_slope=SLOPE, name="leaky4"),
            layers.Dropout(0.5, name="drop4"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="leaky_cured",
    )


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
