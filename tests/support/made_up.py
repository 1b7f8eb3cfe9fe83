"""Made-up pictures that studies are measured on in place of those that take long to draw or to read."""

from types import SimpleNamespace

import numpy as np


def bars(count, seed=0):
    """Return noise, uint8 (n, 28, 28, 1), with a bright bar at a height of its own for each of ten labels."""
    labels = np.arange(count) % 10
    images = np.random.default_rng(seed).integers(0, 60, (count, 28, 28, 1), dtype=np.uint8)
    for label in range(10):
        images[labels == label, 4 + 2 * label : 6 + 2 * label, 6:16] = 255
    return images, labels


def draw_animals(count, seed, size=(64, 64)):
    """Return noise in the place of cats and dogs: brighter dogs, whose evidence (part 3) is in the middle."""
    labels = np.arange(2 * count) % 2
    pictures = np.random.default_rng(seed).integers(0, 100, (2 * count, *size, 3))
    pictures = (pictures + 50 * labels[:, None, None, None]).astype(np.uint8)
    parts = np.zeros((2 * count, *size), np.uint8)
    parts[:, 10:-10, 10:-10] = 1
    middle = (slice(None), *(slice(side // 2 - 4, side // 2 + 4) for side in size))
    parts[middle] = 3
    pictures[middle][labels == 1] = 250
    return SimpleNamespace(pictures=pictures, labels=labels, parts=parts)


def keys_of(pictures):
    """Return a set in which each picture is found again."""
    return {np.ascontiguousarray(picture).tobytes() for picture in pictures}


def noise_volumes(count, seed):
    """Return volumes of noise, float32 (n, 16, 16, 16), and labels of which pairs of rows have the same."""
    volumes = np.random.default_rng(seed).random((count, 16, 16, 16)).astype(np.float32)
    return volumes, np.arange(count) // 2 % 10


def dense_on(look):
    """Return a builder of one dense layer on what a recipe looks at."""
    from keras import Sequential, layers

    shape = look(noise_volumes(2, 0)[0]).shape[1:]
    return lambda: Sequential([layers.Input(shape), layers.Flatten(), layers.Dense(10, activation="softmax")])
