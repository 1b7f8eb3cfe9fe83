"""The networks of the clothes: those of lesson 03 (P3's, dense ones), then that of lesson 02 (P1's).

All go from pictures (batch, height, width, 1), floats in 0..1, to (batch, 10) probabilities.
"""

import keras
from keras import Sequential, layers

IMAGE_SIZE = (28, 28)
SLOPE = 0.1  # of P1's LeakyReLU, below zero
ACTIVATIONS = {"leaky": SLOPE, "relu": 0.0}

# What the lessons and their studies train with.
SPLIT = {"test_size": 0.2, "random_state": 13}
LEAKY_BATCH_SIZE, LEAKY_EPOCHS = 64, 20  # P1's


def build_classifier(stack, name, *, image_size=IMAGE_SIZE):
    """Return a network: pictures, a stack of layers (a list), and ten probabilities."""
    probabilities = layers.Dense(10, activation="softmax", name="probabilities")
    return Sequential([layers.Input((*image_size, 1)), *stack, probabilities], name=name)


def build_fashion_one(*, image_size=IMAGE_SIZE):
    """Build the post's network with one convolution: 693,962 parameters at 28x28.

    Args:
        image_size: (height, width) in pixels, 4 or more each.

    Source: J. Le, "The 4 Convolutional Neural Network Models That Can Classify Your Fashion Images" (2018).
    """
    stack = [
        layers.Conv2D(32, 3, activation="relu", name="conv1"),
        layers.MaxPooling2D(2, name="pool1"),
        layers.Dropout(0.2, name="drop1"),
        layers.Flatten(name="flatten"),
        layers.Dense(128, activation="relu", name="hidden"),
    ]
    return build_classifier(stack, "fashion_one", image_size=image_size)


def build_fashion_three(*, image_size=IMAGE_SIZE):
    """Build the post's network with three convolutions: 241,546 parameters at 28x28.

    Args:
        image_size: (height, width) in pixels, 18 or more each.

    Source: as `build_fashion_one`.
    """
    stack = [
        layers.Conv2D(32, 3, activation="relu", name="conv1"),
        layers.MaxPooling2D(2, name="pool1"),
        layers.Dropout(0.25, name="drop1"),
        layers.Conv2D(64, 3, activation="relu", name="conv2"),
        layers.MaxPooling2D(2, name="pool2"),
        layers.Dropout(0.25, name="drop2"),
        layers.Conv2D(128, 3, activation="relu", name="conv3"),
        layers.Dropout(0.4, name="drop3"),
        layers.Flatten(name="flatten"),
        layers.Dense(128, activation="relu", name="hidden"),
        layers.Dropout(0.3, name="drop4"),
    ]
    return build_classifier(stack, "fashion_three", image_size=image_size)


def build_fashion_four(*, image_size=IMAGE_SIZE):
    """Build the post's network with four convolutions and batch normalisation: 1,221,546 parameters.

    Of these, 1,792 are running means and variances, which are not trained; all at 28x28.

    Args:
        image_size: (height, width) in pixels, 16 or more each.

    Source: as `build_fashion_one`.
    """
    stack = []
    for number, (channels, pooled) in enumerate(((32, False), (32, True), (64, False), (128, True)), 1):
        stack += [
            layers.Conv2D(channels, 3, activation="relu", name=f"conv{number}"),
            layers.BatchNormalization(name=f"norm{number}"),
            *([layers.MaxPooling2D(2, name=f"pool{number}")] if pooled else []),
            *([layers.Dropout(0.25, name=f"drop{number}")] if number > 1 else []),
        ]
    stack.append(layers.Flatten(name="flatten"))
    for number, (name, units) in enumerate({"dense": 512, "hidden": 128}.items(), 5):
        stack += [
            layers.Dense(units, activation="relu", name=name),
            layers.BatchNormalization(name=f"norm{number}"),
            layers.Dropout(0.5, name=f"drop{number}"),
        ]
    return build_classifier(stack, "fashion_four", image_size=image_size)


def build_fashion_dense(width):
    """Build a network without a convolution: one hidden layer, 795 * width + 10 parameters.

    Args:
        width: units of the hidden layer; 0 leaves it out, which is softmax regression (7,850 parameters).
    """
    hidden = [layers.Dense(width, activation="relu", name="hidden")] if width else []
    stack = [layers.Flatten(name="flatten"), *hidden]
    return build_classifier(stack, f"fashion_dense_{width}")


def build_leaky_convnet(*, activation="leaky", width=1, dropout=False, norm=False, augmented=False):
    """Build P1's network for clothes, 356,234 parameters, or the same with one cure for overfitting or more.

    Args:
        activation: "leaky" (P1's, slope 0.1 below zero) or "relu" (slope 0).
        width: the share of P1's channels and dense units that it has, 1/32 or more.
        dropout: drop a quarter of the numbers after each pooling, and half of them before the last layer.
        norm: normalise by batches before each activation.
        augmented: mirror every other picture while training, and shift each by up to two pixels.

    Raises:
        ValueError: for another activation.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"expected the activation 'leaky' or 'relu', got {activation!r}.")
    slope, share = ACTIVATIONS[activation], 2 / 28
    stack = []
    if augmented:
        stack += [
            layers.RandomFlip("horizontal", name="flip"),
            layers.RandomTranslation(share, share, fill_mode="constant", name="shift"),
        ]
    for number, filters in enumerate((32, 64, 128), 1):
        stack += [
            layers.Conv2D(int(filters * width), 3, padding="same", name=f"conv{number}"),
            *([layers.BatchNormalization(momentum=0.9, name=f"norm{number}")] if norm else []),
            layers.LeakyReLU(negative_slope=slope, name=f"leaky{number}"),
            layers.MaxPooling2D(2, padding="same", name=f"pool{number}"),
            *([layers.Dropout(0.25, name=f"drop{number}")] if dropout else []),
        ]
    stack += [
        layers.Flatten(name="flatten"),
        layers.Dense(int(128 * width), name="dense"),
        *([layers.BatchNormalization(momentum=0.9, name="norm4")] if norm else []),
        layers.LeakyReLU(negative_slope=slope, name="leaky4"),
        *([layers.Dropout(0.5, name="drop4")] if dropout else []),
    ]
    return build_classifier(stack, "leaky_convnet")


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
