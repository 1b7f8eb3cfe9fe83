"""Small VGGs, which `datasets.imagenet` loads in the sample profile."""

import keras
from keras import layers

VGG_BLOCKS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}  # convolutions a block
SMALL_WIDTHS = (8, 16, 32, 64, 64)  # channels a block: an eighth of VGG's


def build_small_vgg(name, *, input_shape=(64, 64, 3)):
    """Build VGG16 or VGG19 without its top, at an eighth of its width, its layers named as Keras names them.

    Args:
        name: "vgg16" or "vgg19".
        input_shape: (height, width, 3), 32 pixels or more a side.

    Returns:
        a model from (batch, height, width, 3) floats in -1..1 to (batch, height / 32, width / 32, 64).
        VGG16 has 230,568 parameters (13 convolutions), VGG19 313,672 (16).

    Raises:
        ValueError: for another name or shape.

    Source: K. Simonyan and A. Zisserman, arXiv:1409.1556.
    """
    if name not in VGG_BLOCKS:
        raise ValueError(f"expected 'vgg16' or 'vgg19', got {name!r}.")
    if len(input_shape) != 3 or input_shape[2] != 3 or min(side or 32 for side in input_shape[:2]) < 32:
        raise ValueError(f"expected pictures of 32x32 pixels or more with 3 channels, got {input_shape}.")
    inputs = x = keras.Input(input_shape)
    for block, (count, width) in enumerate(zip(VGG_BLOCKS[name], SMALL_WIDTHS, strict=True), 1):
        for number in range(1, count + 1):
            conv = f"block{block}_conv{number}"
            x = layers.Conv2D(width, 3, padding="same", activation="relu", name=conv)(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    return keras.Model(inputs, x, name=f"small_{name}")
