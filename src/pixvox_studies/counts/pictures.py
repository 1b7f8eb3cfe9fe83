"""What is measured on the profile's pictures: maps of a moved digit, clothes counted, pets augmented."""

import hashlib
from functools import partial

import keras
import numpy as np

from pixvox.augment import RandomAffine
from pixvox.datasets import store
from pixvox.datasets.cats_dogs import load_dogs_vs_cats
from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox.datasets.mnist import load_mnist
from pixvox_studies import common
from pixvox_studies.mnist.networks import build_mnist_convnet, shift
from pixvox_studies.pets import recipes as pets

PAPER = 8  # pixels round the digit, so that no ink comes near the border


def differ_when_moved(depth, *, pixels, cells):
    """Return how far maps of a digit moved to the right are from the digit's maps, moved.

    The digit is the first to test on, the network P4's convnet, not trained. The columns that come in over
    the border are left out.

    Args:
        depth: 1 for the first convolution's maps, 2 for them pooled.
        pixels: that the digit is moved by.
        cells: of the map that its maps may be moved by; the best of them counts.

    Returns:
        list: the largest difference, in units of the largest value of all maps.
    """
    digit = common.scale(load_mnist()[1][0][:1])
    digit = np.pad(digit, ((0, 0), (PAPER, PAPER), (PAPER, PAPER), (0, 0)))
    layers = build_mnist_convnet().layers[:depth]
    maps, moved = (_through(layers, seen) for seen in (digit, shift(digit, down=0, right=pixels)))
    width = maps.shape[2]
    apart = [np.abs(moved[:, :, cell:] - maps[:, :, : width - cell]).max() for cell in cells]
    return [min(apart) / maps.max()]


def _through(layers, pictures):
    """Return what comes out of a stack of layers."""
    for layer in layers:
        pictures = layer(pictures)
    return keras.ops.convert_to_numpy(pictures)


def count_clothes():
    """Return the numbers of pictures: all, training, test, of the rarest class, of the commonest."""
    (_, y_train), (_, y_test) = load_fashion_mnist()
    of_class = np.bincount(np.concatenate([y_train, y_test]), minlength=10)
    return [of_class.sum(), len(y_train), len(y_test), of_class.min(), of_class.max()]


def brightest_pixel():
    """Return the largest value in Fashion-MNIST."""
    (x_train, _), (x_test, _) = load_fashion_mnist()
    return [max(x_train.max(), x_test.max())]


def count_distinct():
    """Return how many of 100 epochs of the 20 first pets, augmented as the lesson does it, are different."""
    profile = store.profile()
    augment = RandomAffine(**pets.AUGMENTATIONS[profile], seed=0)
    few = load_dogs_vs_cats(image_size=pets.IMAGE_SIZES[profile], per_class=(10, 1, 1))[0][0]
    seen = set()
    for _ in range(100):
        epoch = keras.ops.convert_to_numpy(augment(few, training=True))
        seen |= {hashlib.sha256(picture.tobytes()).digest() for picture in epoch}
    return [len(seen)]


QUANTITIES = {
    "first map, moved by 1 pixel": partial(differ_when_moved, 1, pixels=1, cells=[1]),
    "pooled map, moved by 2 pixels": partial(differ_when_moved, 2, pixels=2, cells=[1]),
    "pooled map, moved by 1 pixel": partial(differ_when_moved, 2, pixels=1, cells=[0, 1]),
    "Fashion-MNIST, pictures": count_clothes,
    "Fashion-MNIST, largest pixel": brightest_pixel,
    "augmented pictures, distinct of 2,000": count_distinct,
}
