"""Pretrained bases to transfer from: VGG, small or ImageNet's. What is put on them is in `models.heads`."""

from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from pixvox.datasets import store

VGG_BLOCKS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}  # convolutions a block
SMALL_WIDTHS = (8, 16, 32, 64, 64)  # channels a block: an eighth of VGG's


class ConvBase(NamedTuple):
    """A convolutional base, and what its pictures must go through first.

    Attributes:
        model: from (batch, height, width, 3) floats to feature maps: (batch, height / 32, width / 32,
            channels), 512 channels in the full profile and 64 in the sample profile.
        preprocess_input: function from pictures (batch, height, width, 3), RGB, 0 to 255, to floats of
            the same shape, as `model` takes them. It may change a float array it is given.
    """

    model: keras.Model
    preprocess_input: Callable


def build_small_vgg(name, *, input_shape=(64, 64, 3), batch_norm=False):
    """Build VGG16 or VGG19 without its top, at an eighth of its width, its layers named as Keras names them.

    Args:
        name: "vgg16" or "vgg19".
        input_shape: (height, width, 3), 32 pixels or more a side.
        batch_norm: add batch normalisation after each convolution ("block1_norm1"), for training from
            scratch; without, convolutions have biases and a ReLU, as VGG's have.

    Returns:
        a model from (batch, height, width, 3) floats in -1..1 to (batch, height / 32, width / 32, 64).
        VGG16 has 230,568 parameters (13 convolutions), VGG19 313,672 (16).

    Raises:
        ValueError: for another name or shape.

    Source: K. Simonyan and A. Zisserman, arXiv:1409.1556.
    """
    _check_vgg(name, input_shape)
    inputs = x = keras.Input(input_shape)
    for block, (count, width) in enumerate(zip(VGG_BLOCKS[name], SMALL_WIDTHS, strict=True), 1):
        for number in range(1, count + 1):
            conv = f"block{block}_conv{number}"
            if batch_norm:
                x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=conv)(x)
                x = layers.BatchNormalization(momentum=0.95, name=f"block{block}_norm{number}")(x)
                x = layers.ReLU(name=f"block{block}_relu{number}")(x)
            else:
                x = layers.Conv2D(width, 3, padding="same", activation="relu", name=conv)(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    return keras.Model(inputs, x, name=f"small_{name}")


def load_conv_base(name, *, image_size, weights="trained"):
    """Load VGG16 or VGG19 without its top: ImageNet's in the full profile, a small one in the sample.

    Args:
        name: "vgg16" or "vgg19".
        image_size: (height, width) in pixels, 32 or more each.
        weights: "trained", or None for random ones: the same layers, knowing nothing.

    Returns:
        ConvBase: (model, preprocess_input); the two belong together.

    Raises:
        ValueError: for another name, size or `weights`, or if the file holds another network's weights.
        FileNotFoundError: if the weights are not there; the message names the command that brings them.
    """
    shape = (*image_size, 3)
    _check_vgg(name, shape)
    if weights not in ("trained", None):
        raise ValueError(f"expected weights 'trained' or None, got {weights!r}.")
    path = store.locate(name, f"{name}_notop.weights.h5") if weights else None
    if store.profile() == "sample":
        base = ConvBase(build_small_vgg(name, input_shape=shape), preprocess_small_vgg)
    else:
        package = getattr(keras.applications, name)
        model = getattr(package, name.upper())(include_top=False, weights=None, input_shape=shape)
        base = ConvBase(model, package.preprocess_input)
    if path:
        _load_weights(base.model, path, name)
    return base


def preprocess_small_vgg(pictures):
    """Scale pictures from 0..255 to -1..1: what the small VGGs were trained on.

    A NumPy array or a tensor of any shape becomes the same in float32, an array or a tensor.
    """
    if isinstance(pictures, np.ndarray):
        return pictures.astype(np.float32) / np.float32(127.5) - 1
    return keras.ops.cast(pictures, "float32") / 127.5 - 1


def _check_vgg(name, input_shape):
    """Raise ValueError unless there is such a network and it takes pictures of this shape."""
    if name not in VGG_BLOCKS:
        raise ValueError(f"expected 'vgg16' or 'vgg19', got {name!r}.")
    if len(input_shape) != 3 or input_shape[2] != 3 or min(input_shape[:2]) < 32:
        raise ValueError(f"expected pictures of 32x32 pixels or more with 3 channels, got {input_shape}.")


def _load_weights(model, path, name):
    """Load a weights file into a model; say what to type if it does not fit."""
    try:
        model.load_weights(path)
    except (ValueError, KeyError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"{path}: expected the weights of {model.name}, got others ({reason}). "
            f"Type `{store.remedy(name)}`."
        ) from error
