"""Pictures changed at random, an epoch of them: `RandomAffine`, Keras's layers in a row, the old generator.

All get float32 pictures from an array in memory and give batches of `BATCH_SIZE`. Layers work in a data
pipeline; the generator, which Keras keeps in a corner for old programs, is asked for a batch at a time.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
from keras import layers
from keras.src.legacy.preprocessing.image import ImageDataGenerator

from pixvox.augment import RandomAffine
from pixvox_studies.four_models.networks import AUGMENTATION as CLOTHES
from pixvox_studies.pets.recipes import AUGMENTATION as PETS

BATCH_SIZE = 32


class Pictures(NamedTuple):
    """How many pictures of what shape (height, width, channels), and the ranges of a post's changes."""

    count: int
    shape: tuple[int, int, int]
    ranges: dict

    def draw(self):
        """Return noise of this count and shape, float32, 0 to 1."""
        return np.random.default_rng(0).random((self.count, *self.shape), np.float32)

    def text(self):
        """Return for instance "4,096 pictures of 28x28x1"."""
        return f"{self.count:,} pictures of {'x'.join(map(str, self.shape))}"


SMALL, LARGE = Pictures(4_096, (28, 28, 1), CLOTHES), Pictures(128, (150, 150, 3), PETS)  # of P3, of P4


def keras_layers(ranges: dict) -> list:
    """Return Keras's layers for the arguments of a `RandomAffine`; all repeat the border beyond it, too."""
    zoom, shift, filled = ranges["zoom"], ranges["shift"], {"fill_mode": "nearest"}
    found = [
        layers.RandomRotation(ranges["rotation_degrees"] / 360, **filled),
        layers.RandomTranslation(shift, shift, **filled),
        layers.RandomShear(x_factor=math.tan(math.radians(ranges["shear_degrees"])), **filled),
        layers.RandomZoom(zoom, zoom, **filled),
    ]
    return found + [layers.RandomFlip("horizontal")] * ranges.get("horizontal_flip", False)


def old_generator(ranges: dict) -> ImageDataGenerator:
    """Return the ImageDataGenerator of the same ranges."""
    return ImageDataGenerator(
        rotation_range=ranges["rotation_degrees"],
        width_shift_range=ranges["shift"],
        height_shift_range=ranges["shift"],
        shear_range=ranges["shear_degrees"],
        zoom_range=ranges["zoom"],
        horizontal_flip=ranges.get("horizontal_flip", False),
    )


def against_layers(pictures: Pictures) -> tuple[Callable, Callable]:
    """Return two functions that change all pictures once: `RandomAffine`, Keras's layers."""
    x = pictures.draw()
    return _through([RandomAffine(**pictures.ranges)], x), _through(keras_layers(pictures.ranges), x)


def against_generator(pictures: Pictures) -> tuple[Callable, Callable]:
    """Return two functions that change all pictures once: `RandomAffine`, the old generator."""
    x = pictures.draw()
    batches = old_generator(pictures.ranges).flow(x, batch_size=BATCH_SIZE, shuffle=False)

    def generate():
        return [batches[place] for place in range(len(batches))]

    return _through([RandomAffine(**pictures.ranges)], x), generate


def _through(stack: list, x: np.ndarray) -> Callable:
    """Return a function that has layers change all pictures, batch by batch, and returns the batches."""
    import tensorflow as tf

    def change(batch):
        for layer in stack:
            batch = layer(batch, training=True)
        return batch

    dataset = tf.data.Dataset.from_tensor_slices(x).batch(BATCH_SIZE).map(change)
    return lambda: [keras.ops.convert_to_numpy(batch) for batch in dataset]
