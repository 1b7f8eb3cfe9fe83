"""The networks of the studies of faces: P2's base network with all its variants.

The lesson on faces shows the layers of the base network in full; a test compares them with the builder.
"""

from keras import Sequential, layers

from pixvox.augment import RandomAffine

IMAGE_SIZE = (100, 100)  # of the Large Age-Gap faces
ACTIVATIONS = ("relu", "prelu", "leaky")
SLOPE = 0.001  # of P2's LeakyReLU, below zero
AUGMENTATION = {"shear_degrees": 0.2, "zoom": 0.2, "horizontal_flip": True}  # P2's, as Keras reads it today


def build_face_net(
    *, image_size=IMAGE_SIZE, kernel_size=3, padding="same", activation="relu", dropout=0.5, deep=False
):
    """Build P2's network for faces, 618,593 parameters at 100x100, or a variant of it.

    Args:
        image_size: (height, width) in pixels, 8 or more each (36 with valid windows of 5).
        kernel_size: side of the windows: P2 tries 3 and 5 (669,281 parameters with `padding` "same").
        padding: "same" or "valid" (411,233 parameters with windows of 5).
        activation: of the convolutions: "relu", "prelu" (a slope for each place that is learnt) or
            "leaky" (slope 0.001 below zero). The dense layer's is ReLU.
        dropout: share of the dense layer's numbers that training drops, 0 to 1.
        deep: add a fourth convolution with 128 channels, and make the dense layer as wide.

    Returns:
        a model from (batch, height, width, 3) floats in 0..1 to (batch, 1) probabilities of the class
        young. While training it shears, zooms and mirrors the pictures at random.

    Raises:
        ValueError: for another activation.

    Source: P2, after F. Chollet, "Building powerful image classification models using very little
    data" (2016).
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"expected the activation {', '.join(ACTIVATIONS)}, got {activation!r}.")
    blocks, relu = [], "relu" if activation == "relu" else None
    for number, channels in enumerate((32, 32, 64, 128) if deep else (32, 32, 64), 1):
        blocks += [
            layers.Conv2D(channels, kernel_size, padding=padding, activation=relu, name=f"conv{number}"),
            *_activation(activation, number),
            layers.MaxPooling2D(2, name=f"pool{number}"),
        ]
    return Sequential(
        [
            layers.Input((*image_size, 3)),
            RandomAffine(**AUGMENTATION, name="augment"),
            *blocks,
            layers.Flatten(name="flatten"),
            layers.Dense(128 if deep else 64, activation="relu", name="hidden"),
            layers.Dropout(dropout, name="drop"),
            layers.Dense(1, activation="sigmoid", name="young"),
        ],
        name="face_net",
    )


def _activation(name, number):
    """Return the activation's own layer, where it has one."""
    if name == "prelu":
        return [layers.PReLU(name=f"prelu{number}")]
    return [layers.LeakyReLU(negative_slope=SLOPE, name=f"leaky{number}")] if name == "leaky" else []


# What the lesson and its studies train with, by profile where the profiles differ.
IMAGE_SIZES = {"sample": (64, 64), "full": (100, 100)}
EPOCHS = {"sample": 30, "full": 50}  # P2: 100, each of half the pictures

BASE = {
    "dropout": 0.5,
    "optimizer": "rmsprop",
    "kernel_size": 3,
    "padding": "same",
    "activation": "relu",
    "batch_size": 16,
    "deep": False,
}
WIDE = {"dropout": 0.1, "optimizer": "adam", "kernel_size": 5}
VARIANTS = {
    "base": {},
    "dropout .2": {"dropout": 0.2},
    "Adam": {"dropout": 0.2, "optimizer": "adam"},
    "5x5": WIDE | {"dropout": 0.2},
    "5x5, dropout .1": WIDE,
    "5x5, valid": WIDE | {"dropout": 0.2, "padding": "valid"},
    "PReLU": WIDE | {"padding": "valid", "activation": "prelu"},
    "LeakyReLU": WIDE | {"padding": "valid", "activation": "leaky"},
    "ReLU, valid (control)": WIDE | {"padding": "valid"},
    "fourth layer": WIDE | {"deep": True},
    "batch 8": WIDE | {"batch_size": 8},
    "batch 32": WIDE | {"batch_size": 32},
    "batch 64": WIDE | {"batch_size": 64},
}
OURS = "ours"


def settings_of(variant):
    """Return all settings of a variant, a dict with the keys of `BASE`."""
    return BASE | VARIANTS[variant]


def build_variant(variant, *, image_size):
    """Build and compile the network of a variant, a key of `VARIANTS`, as `build_face_net` describes it."""
    settings = settings_of(variant)
    built = {name: settings[name] for name in ("kernel_size", "padding", "activation", "dropout", "deep")}
    network = build_face_net(image_size=image_size, **built)
    network.compile(settings["optimizer"], "binary_crossentropy", metrics=["accuracy"])
    return network
