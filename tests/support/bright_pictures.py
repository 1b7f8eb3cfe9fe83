"""Made-up cats and dogs: noise, and the dogs are brighter, so that any features will do."""

import numpy as np

SIZE = (32, 32)


def bright_pictures(count, seed):
    """Return uint8 (count, *SIZE, 3), every other one brighter, and the labels that say so."""
    labels = np.arange(count) % 2
    pictures = np.random.default_rng(seed).integers(0, 120, (count, *SIZE, 3))
    return (pictures + 100 * labels[:, None, None, None]).astype(np.uint8), labels


PARTS = (bright_pictures(24, 0), bright_pictures(8, 1), bright_pictures(12, 2))  # training, validation, test
