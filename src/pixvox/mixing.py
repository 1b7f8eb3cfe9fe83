"""Mixup: training pictures that are blends of two, with labels to match. Only NumPy is used."""

import numpy as np

ALPHA = 0.2  # most blends are nearly one picture or nearly the other


def blend(pictures, labels, rng, *, alpha=ALPHA):
    """Blend each picture with another one, drawn at random, and its label likewise.

    Lesson 05 shows this function in full; a test compares the two.

    Args:
        pictures: (n, height, width, channels), any number type.
        labels: (n,) numbers, such as 0 and 1.
        rng: numpy.random.Generator.
        alpha: a blend is share * picture + (1 - share) * other, the share drawn from Beta(alpha, alpha):
            mostly near 0 or 1 if alpha is small, anything between if it is 1. Above 0.

    Returns:
        pictures, labels: float32, of the same shapes.

    Source: H. Zhang, M. Cisse, Y. Dauphin, D. Lopez-Paz, "mixup", arXiv:1710.09412.
    """
    shares = rng.beta(alpha, alpha, len(labels)).astype("float32")
    others = rng.permutation(len(labels))
    weights = shares[:, None, None, None]
    blends = weights * pictures + (1 - weights) * pictures[others]
    return blends, (shares * labels + (1 - shares) * labels[others]).astype("float32")


def blended_epoch(pictures, labels, *, seed, epoch):
    """Return the blends of one epoch, always the same for a seed and an epoch; else as `blend`."""
    return blend(pictures, labels, np.random.default_rng((seed, epoch)))
