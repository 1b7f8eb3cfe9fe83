"""The line from one group's mean to another's: how well it parts its own pictures, and others."""

from functools import cache

import numpy as np

from pixvox.datasets import store
from pixvox.datasets.fashion_mnist import CLASS_NAMES, load_fashion_mnist
from pixvox_studies import common

PAIR = (CLASS_NAMES.index("Pullover"), CLASS_NAMES.index("Shirt"))
DRAWN, FRESH = 700, 9_000  # drawings of each class; their seed (+ the study's)
REPEATS = 20  # choices of pictures and shufflings in a row of the table


def measure_line(setting, seed, work_dir):
    """Place pullovers and shirts on the line between two means of pixels, and ask which mean is nearer.

    With shuffled labels there are as many of each, on random pictures of both.

    Returns:
        dict: own (share that is nearer to its own group's mean, the means being those of the same pictures),
        left_out (each picture left out of its mean), others (pictures that have no part in the means; their
        labels are shuffled too). Means over 20 choices of pictures.
    """
    x, y = load_pair(seed)
    rng = np.random.default_rng(seed)
    shuffle = common.look_up({"true": np.array, "shuffled": rng.permutation}, setting["labels"])
    scores = []
    for _ in range(REPEATS):
        rows = choose_rows(y, setting["pictures"], rng)
        others = np.setdiff1d(np.arange(len(y)), rows)
        labels = shuffle(y[rows])
        means = group_means(x[rows], labels)
        right = [
            nearer_own(x[rows], labels, means),
            left_out_right(x[rows], labels),
            nearer_own(x[others], shuffle(y[others]), means),
        ]
        scores.append([part.mean() for part in right])
    return dict(zip(("own", "left_out", "others"), np.mean(scores, axis=0).tolist(), strict=True))


@cache
def load_pair(seed):
    """Load pullovers and shirts: float64 pixels (n, 784) in 0..1, and labels 0 and 1, as many of each."""
    if store.profile() == "sample":
        x, y = common.draw_clothes(DRAWN, FRESH + seed)
    else:
        x, y = load_fashion_mnist()[0]
    x = common.scale(x[np.isin(y, PAIR)]).reshape(-1, x[0].size).astype(np.float64)
    return x, np.searchsorted(PAIR, y[np.isin(y, PAIR)])


def choose_rows(labels, count, rng):
    """Return the sorted rows of `count` pictures, half of them of each label."""
    halves = [rng.choice(np.flatnonzero(labels == label), count // 2, replace=False) for label in (0, 1)]
    return np.sort(np.concatenate(halves))


def group_means(vectors, labels):
    """Return the means of the groups 0 and 1, (2, dimensions)."""
    return np.stack([vectors[labels == label].mean(axis=0) for label in (0, 1)])


def nearer_own(vectors, labels, means):
    """Say of each vector whether its place on the line between two means is nearer to its own group's, (n,).

    That is the same as being nearer to that mean itself. Just between the two counts as group 0.
    """
    line = means[1] - means[0]
    return ((vectors - means.mean(axis=0)) @ line > 0) == (labels == 1)


def left_out_right(vectors, labels):
    """Say the same of each vector with the means of all others, (n,). A group needs two vectors."""
    means, counts = group_means(vectors, labels), np.bincount(labels)
    right = []
    for vector, label in zip(vectors, labels, strict=True):
        without = means.copy()
        without[label] += (means[label] - vector) / (counts[label] - 1)
        right.append(nearer_own(vector[None], np.array([label]), without)[0])
    return np.array(right)
