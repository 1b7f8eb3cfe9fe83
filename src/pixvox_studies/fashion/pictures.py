"""The pictures that the studies of clothes train and judge on; a part is a pair of pictures and labels.

In the sample profile each seed has clothes of its own, drawn afresh, and all are judged on the same
4,000 others. In the full profile each seed has its own quarter of Fashion-MNIST's training pictures,
so that several seeds can be afforded, and is judged on 10,000 of the others: test pictures decide nothing.
"""

import numpy as np
from sklearn.model_selection import train_test_split

from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox_studies import common

SPLIT = {"test_size": 0.2, "random_state": 13}  # of the lessons on clothes
TRAINING_SIZE = {"sample": 2_000, "full": 15_000}  # of which a fifth is for validation
FRESH_SIZE = {"sample": 4_000, "full": 10_000}  # other pictures, to judge on
NESTED_SIZE = 8_000
# Of the drawings: to train on (+ the study's seed), four times as many (+ the seed), to judge on.
FIRST_SEED, MORE_SEED, FRESH_SEED = 8_000, 8_100, 8_999


def load_split(profile, seed):
    """Return the pictures of one seed, split as the lesson splits them.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_fresh, y_fresh): float32 pictures (n, 28, 28, 1) in 0..1 and int64
        labels (n,).
    """
    if profile == "sample":
        x_train, y_train = common.draw_clothes(TRAINING_SIZE[profile] // 10, FIRST_SEED + seed)
    else:
        x_train, y_train = (array[: TRAINING_SIZE[profile]] for array in _shuffle_published(seed))
    x_fit, x_val, y_fit, y_val = train_test_split(common.scale(x_train), y_train, **SPLIT)
    return (x_fit, y_fit), (x_val, y_val), load_fresh(profile, seed)


def load_fresh(profile, seed):
    """Return the pictures that a seed is judged on: (x_fresh, y_fresh) of `load_split`."""
    if profile == "sample":
        images, labels = common.draw_clothes(FRESH_SIZE[profile] // 10, FRESH_SEED)
    else:
        fresh = slice(TRAINING_SIZE[profile], TRAINING_SIZE[profile] + FRESH_SIZE[profile])
        images, labels = (array[fresh] for array in _shuffle_published(seed))
    return common.scale(images), labels


def load_more(profile, seed):
    """Return the parts of `load_split` with four times the pictures to fit, none of them fresh.

    Of the published pictures 35,000 are left for that: the last 1,000 for validation are fitted, too.
    """
    (x_fit, y_fit), (x_val, y_val), fresh = load_split(profile, seed)
    wanted = 3 * len(y_fit)
    if profile == "sample":
        x_more, y_more = common.draw_clothes(wanted // 10, MORE_SEED + seed)
    else:
        used = TRAINING_SIZE[profile] + FRESH_SIZE[profile]
        x_more, y_more = (array[used : used + wanted] for array in _shuffle_published(seed))
    kept = len(y_val) - (wanted - len(y_more))
    x_fit = np.concatenate([x_fit, common.scale(x_more), x_val[kept:]])
    return (x_fit, np.concatenate([y_fit, y_more, y_val[kept:]])), (x_val[:kept], y_val[:kept]), fresh


def load_nested(profile, seed, count):
    """Return so many pictures of one seed to fit, and the fresh ones of `load_split`.

    A smaller number of a seed's pictures are among a larger number of them.

    Args:
        count: 1 to `NESTED_SIZE`.

    Returns:
        (x_fit, y_fit), (x_fresh, y_fresh): as `load_split`.

    Raises:
        ValueError: for another number.
    """
    if not 1 <= count <= NESTED_SIZE:
        raise ValueError(f"expected 1 to {NESTED_SIZE} pictures, got {count}.")
    if profile == "sample":
        drawn = common.draw_clothes(NESTED_SIZE // 10, FIRST_SEED + seed)
        order = np.random.default_rng(seed).permutation(len(drawn[1]))
        images, labels = (array[order] for array in drawn)
    else:
        images, labels = _shuffle_published(seed)
    return (common.scale(images[:count]), labels[:count]), load_fresh(profile, seed)


def load_published():
    """Return the published pictures as the lesson splits them: to fit, for validation, of the test."""
    (images, labels), (x_test, y_test) = load_fashion_mnist()
    x_fit, x_val, y_fit, y_val = train_test_split(common.scale(images), labels, **SPLIT)
    return (x_fit, y_fit), (x_val, y_val), (common.scale(x_test), y_test)


def _shuffle_published(seed):
    """Return Fashion-MNIST's training pictures, uint8, and their labels in an order of the seed's own."""
    (images, labels), _ = load_fashion_mnist()
    order = np.random.default_rng(seed).permutation(len(images))
    return images[order], labels[order]
