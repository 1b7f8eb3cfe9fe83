"""The networks of the clothes: P3's, then P1's.

All go from pictures (batch, height, width, 1), floats in 0..1, to (batch, 10) probabilities.
"""

from keras import Sequential, layers

IMAGE_SIZE = (28, 28)
SLOPE = 0.1  # of P1's LeakyReLU, below zero


def build_classifier(stack, name, *, image_size=IMAGE_SIZE):
    """Return a network: pictures, a stack of layers (a list), and ten probabilities."""
    probabilities = layers.Dense(10, activation="softmax", name="probabilities")
    return Sequential([layers.Input((*image_size, 1)), *stack, probabilities], name=name)


def build_fashion_three(*, image_size=IMAGE_SIZE):
    """Build the post's network with three convolutions: 241,546 parameters at 28x28.

    Args:
        image_size: (height, width) in pixels, 18 or more each.

    Source: J. Le, "The 4 Convolutional Neural Network Models That Can Classify Your Fashion Images" (2018).
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

    Source: as `build_fashion_three`.
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


def build_leaky_convnet(*, slope=SLOPE):
    """Build P1's network for clothes: 356,234 parameters.

    Args:
        slope: of LeakyReLU below zero; 0 makes it ReLU.
    """
    stack = []
    for number, filters in enumerate((32, 64, 128), 1):
        stack += [
            layers.Conv2D(filters, 3, padding="same", name=f"conv{number}"),
            layers.LeakyReLU(negative_slope=slope, name=f"leaky{number}"),
            layers.MaxPooling2D(2, padding="same", name=f"pool{number}"),
        ]
    stack += [layers.Flatten(name="flatten"), layers.Dense(128, name="dense")]
    return build_classifier([*stack, layers.LeakyReLU(negative_slope=slope, name="leaky4")], "leaky_convnet")
