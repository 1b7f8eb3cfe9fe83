"""The networks for cats and dogs: P4's, with and without its remedies, and our own.

The lesson on cats and dogs shows the layers of both in full; a test compares them with the builders.
"""

from keras import Sequential, layers

from pixvox.augment import RandomAffine

IMAGE_SIZE = (150, 150)  # P4's
MILD_AUGMENTATION = {"rotation_degrees": 15, "shift": 0.1, "zoom": 0.15, "horizontal_flip": True}
BETTER_SIZE = (96, 96)
BETTER_AUGMENTATION = {"rotation_degrees": 15, "shift": 0.1, "zoom": 0.25, "horizontal_flip": True}
BETTER_STAGES = {  # by profile, pixels a side and epochs: small pictures first, which are cheap
    "sample": ((48, 40), (64, 20)),
    "full": ((48, 24), (64, 44), (96, 30)),
}
BETTER_BLOCKS = (  # channels, side of the window, stride, whether it is pooled
    (32, 5, 2, True),
    (64, 3, 1, False),
    (64, 3, 1, True),
    (128, 3, 1, False),
    (128, 3, 1, True),
    (192, 3, 1, False),
    (192, 3, 1, False),
)


def build_pets_net(*, image_size=IMAGE_SIZE, augmentation=None, light=False, dropout=0.0, head="dense"):
    """Build P4's network for cats and dogs: 3,453,121 parameters at 150x150.

    Args:
        image_size: (height, width) in pixels, 46 or more each.
        augmentation: what pictures go through while training, a dict of arguments of `RandomAffine` such as
            `MILD_AUGMENTATION`; None adds no layer.
        light: whether training changes brightness and contrast too.
        dropout: share of the flattened numbers that training drops, 0 to 1 (P4: .5); 0 adds no layer.
        head: "dense", P4's 512 units; or "averaging", the mean of each map in their place: 240,961
            parameters at any size. ValueError for another.

    Returns:
        a model from (batch, height, width, 3), 0 to 255, to (batch, 1) probabilities of the class dog.

    Source: P4, after F. Chollet, "Deep Learning with Python" (2018), section 5.2.
    """
    if head not in ("dense", "averaging"):
        raise ValueError(f"expected the head 'dense' or 'averaging', got {head!r}.")
    blocks = []
    for number, channels in enumerate((32, 64, 128, 128), 1):
        blocks += [
            layers.Conv2D(channels, 3, activation="relu", name=f"conv{number}"),
            layers.MaxPooling2D(2, name=f"pool{number}"),
        ]
    dense = [
        layers.Flatten(name="flatten"),
        *([layers.Dropout(dropout, name="drop")] if dropout else []),
        layers.Dense(512, activation="relu", name="hidden"),
    ]
    return Sequential(
        [
            layers.Input((*image_size, 3)),
            layers.Rescaling(1 / 255, name="scale"),
            *_changes(augmentation, light),
            *blocks,
            *(dense if head == "dense" else [layers.GlobalAveragePooling2D(name="means")]),
            layers.Dense(1, activation="sigmoid", name="dog"),
        ],
        name="pets_net",
    )


def build_pets_better(*, image_size=BETTER_SIZE, augmentation=BETTER_AUGMENTATION, light=True, colours=False):
    """Build our own network: seven normalised convolutions, no wide dense layer, 835,233 parameters.

    Args:
        image_size: (height, width) in pixels, 32 or more each; (None, None) takes pictures of any size.
        augmentation, light: as in `build_pets_net`.
        colours: whether training changes saturation and hue too, and makes some pictures grey.

    Returns:
        a model from (batch, height, width, 3), 0 to 255, to (batch, 1) probabilities of the class dog.
    """
    blocks = []
    for number, (channels, window, stride, pooled) in enumerate(BETTER_BLOCKS, 1):
        blocks += [
            layers.Conv2D(channels, window, stride, padding="same", use_bias=False, name=f"conv{number}"),
            *([layers.MaxPooling2D(2, name=f"pool{number}")] if pooled else []),
            layers.BatchNormalization(momentum=0.9, name=f"norm{number}"),
            layers.ReLU(name=f"relu{number}"),
        ]
    return Sequential(
        [
            layers.Input((*image_size, 3)),
            layers.Rescaling(1 / 255, name="scale"),
            *_changes(augmentation, light, colours),
            *blocks,
            layers.GlobalAveragePooling2D(name="means"),
            layers.Dropout(0.3, name="drop"),
            layers.Dense(1, activation="sigmoid", name="dog"),
        ],
        name="pets_better",
    )


def _changes(augmentation, light, colours=False):
    """Return the layers that change training pictures of 0 to 1."""
    moved = [RandomAffine(**augmentation, name="augment")] if augmentation else []
    coloured = [
        layers.RandomGrayscale(0.1, name="grey"),
        layers.RandomSaturation(0.3, value_range=(0, 1), name="saturation"),
        layers.RandomHue(0.05, value_range=(0, 1), name="hue"),
    ]
    lit = [
        layers.RandomBrightness(0.2, value_range=(0, 1), name="light"),
        layers.RandomContrast(0.25, value_range=(0, 1), name="contrast"),
    ]
    return moved + coloured * colours + lit * light
