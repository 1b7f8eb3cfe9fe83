"""Change training pictures beside `RandomAffine`: `erase` hides a part of them, `blend` mixes two."""

import numpy as np

ALPHA = 0.2  # most blends are nearly one picture or nearly the other


def blend(pictures, labels, rng, *, alpha=ALPHA):
    """Blend each picture with another one, drawn at random, and its label likewise; both as float32.

    Args:
        pictures: (n, height, width, channels), any number type.
        labels: (n,) numbers, such as 0 and 1.
        rng: numpy.random.Generator.
        alpha: a blend is share * picture + (1 - share) * other, the share drawn from Beta(alpha, alpha):
            mostly near 0 or 1 if alpha is small, anything between if it is 1. Above 0.

    Source: H. Zhang, M. Cisse, Y. Dauphin, D. Lopez-Paz, "mixup", arXiv:1710.09412.
    """
    shares = rng.beta(alpha, alpha, len(labels)).astype("float32")
    others = rng.permutation(len(labels))
    weights = shares[:, None, None, None]
    blends = weights * pictures + (1 - weights) * pictures[others]
    return blends, (shares * labels + (1 - shares) * labels[others]).astype("float32")


def erase(pictures, rng):
    """Hide a rectangle of every other picture, on average, under the picture's mean colour; as float32.

    Args:
        pictures: (n, height, width, channels), any number type.
        rng: numpy.random.Generator. Each side of a rectangle is drawn evenly from .2 to .45 of the picture's.

    Source: Z. Zhong and others, "Random erasing data augmentation", arXiv:1708.04896.
    """
    pictures = np.array(pictures, "float32")
    height, width = pictures.shape[1:3]
    for row in np.flatnonzero(rng.random(len(pictures)) < 0.5):
        tall, wide = (rng.uniform(0.2, 0.45, 2) * (height, width)).astype(int)
        top, left = rng.integers(0, height - tall), rng.integers(0, width - wide)
        pictures[row, top : top + tall, left : left + wide] = pictures[row].mean(axis=(0, 1))
    return pictures
