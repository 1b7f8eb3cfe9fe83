"""Heat maps that know no model: what an explanation must beat before it is worth anything."""

import numpy as np
from keras import ops
from scipy.ndimage import gaussian_filter

BLOBS = 4  # places a side of `random_blobs`, as many as the last maps of lesson 07's network have


def random_pixels(images, *, seed=0):
    """Return heat at random, pixel by pixel: float64 (n, height, width) in 0..1."""
    return np.random.default_rng(seed).random(np.shape(images)[:3])


def random_blobs(images, *, seed=0):
    """Return heat at random in 4 by 4 places, enlarged to the picture: float32 (n, height, width) in 0..1."""
    images = np.asarray(images)
    places = np.random.default_rng(seed).random((len(images), BLOBS, BLOBS, 1), dtype=np.float32)
    return ops.convert_to_numpy(ops.image.resize(places, images.shape[1:3]))[..., 0]


def centred(images):
    """Return a hill in the middle of each picture, whatever it shows: float64 (n, height, width) in 0..1."""
    count, height, width = np.shape(images)[:3]
    rows, columns = (np.linspace(-1, 1, side) for side in (height, width))
    hill = np.exp(-2 * (rows[:, None] ** 2 + columns[None] ** 2))
    return np.broadcast_to(hill, (count, height, width))


def edges(images, *, blur=2.0):
    """Return how fast the grey changes from pixel to pixel, blurred: float (n, height, width), 0 or more.

    Args:
        images: (n, height, width, channels), 0 to 255.
        blur: standard deviation of the blur in pixels; 0 for none.
    """
    grey = np.asarray(images, dtype=float).mean(axis=-1)
    down = np.abs(np.diff(grey, axis=1, prepend=grey[:, :1]))
    right = np.abs(np.diff(grey, axis=2, prepend=grey[:, :, :1]))
    return gaussian_filter(down + right, (0, blur, blur))
