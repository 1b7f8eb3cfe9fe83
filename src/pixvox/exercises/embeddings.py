"""Checks of the exercises on embeddings."""

import numpy as np
from scipy.spatial.distance import cdist

from pixvox.exercises.checking import compared

RNG = np.random.default_rng(0)
SCORES = np.array([0.5, 0.61, 0.47, 0.55, 0.61, 0.52])


@compared(
    cases=[(400, 10), (11, 10), (2_000, 5), (3, 1)],
    mistakes={
        "A point is not its own neighbour: how many others are there?": [{"others": 0}],
        "A share goes from 0 to 1.": [lambda n, k: 100 * k / (n - 1)],
        "So many are kept: which share of k is that?": [lambda n, k: k * k / (n - 1)],
    },
    usual="Blindly drawn, each of the others is among the k nearest on the map with the same chance: which?",
)
def check_by_chance(n, k, others=1):
    """Check `by_chance(n, k)`: how many of k nearest neighbours a blind map of n points keeps, as a share."""
    return k / (n - others)


@compared(
    cases=[(RNG.normal(size=(n, 4)), RNG.integers(0, 3, n), k) for n, k in ((30, 1), (40, 5), (25, 10))],
    mistakes={
        "A vector is not its own neighbour.": [{"itself": 0}],
        "Take the Euclidean distance.": [{"metric": "cityblock"}, {"metric": "cosine"}],
        "Count every neighbour, not whether the most frequent label is right.": [{"majority": True}],
        "A share goes from 0 to 1.": [lambda *case: 100 * check_near_alike.right(*case)],
    },
    usual="Sort each vector's distances: the nearest is the vector itself, so take the next ones.",
)
def check_near_alike(vectors, labels, neighbours, metric="euclidean", itself=np.inf, majority=False):
    """Check `near_alike(vectors, labels, neighbours)`: the share of nearest neighbours of the same class."""
    distances = cdist(vectors, vectors, metric)
    np.fill_diagonal(distances, itself)
    near = labels[distances.argsort(axis=1)[:, :neighbours]]
    if majority:
        near = np.array([[np.bincount(row).argmax()] for row in near])
    return np.mean(near == labels[:, None])


@compared(
    cases=[(RNG.normal(2, [1, 5, 3, 2], size=(n, 4)), count) for n, count in ((30, 1), (12, 2), (50, 4))],
    mistakes={
        "Take off each column's mean first: it is no spread.": [{"centre": 0}, {"centre": 0, "power": 1}],
        "The variance is the square of what svd calls singular values.": [{"power": 1}],
        "The share of the first components, not what the next ones keep.": [
            lambda *case: 1 - check_kept_variance.right(*case)
        ],
        "The first components together, not the last of them alone.": [
            lambda x, k: check_kept_variance.right(x, k) - check_kept_variance.right(x, k - 1)
        ],
    },
    usual="np.linalg.svd of the centred vectors gives the spreads, largest first: square, and add up.",
)
def check_kept_variance(vectors, components, centre=1, power=2):
    """Check `kept_variance(vectors, components)`: the share of the variance that PCA's first ones keep."""
    spreads = np.linalg.svd(vectors - centre * vectors.mean(axis=0), compute_uv=False) ** power
    return spreads[:components].sum() / spreads.sum()


@compared(
    cases=[RNG.normal(size=shape) for shape in ((2, 3), (7, 4), (20, 1))],
    mistakes={
        "That is the mean of all, the vector itself too: take its part out.": [
            lambda vectors: np.tile(vectors.mean(axis=0), (len(vectors), 1))
        ],
        "One vector fewer: divide by n - 1.": [{"divisor": 0}],
        "Take the vector's part out of the sum: the mean holds only an nth of it.": [
            lambda vectors: vectors.mean(axis=0) - vectors,
            lambda vectors: (vectors.mean(axis=0) - vectors) / (len(vectors) - 1),
        ],
    },
    usual="The sum of all vectors (axis 0), less the vector, is the sum of the others.",
)
def check_means_without(vectors, divisor=1):
    """Check `means_without(vectors)`: for each of (n, dimensions), the mean of all others, the same shape."""
    return (vectors.sum(axis=0) - vectors) / (len(vectors) - divisor)


@compared(
    cases=[(score, SCORES) for score in (0.61, 0.6, 0.7, 0.1, 0.47)],
    mistakes={
        "Count the true order as well, above and below: so it is never 0.": [{"above": 0, "below": 0}],
        "Above and below: the true order is one of all orders that there are.": [
            {"above": 0},
            {"below": 0},
        ],
        "At least as high: equal scores count.": [
            {"beats": np.greater},
            {"beats": np.greater, "above": 0, "below": 0},
        ],
        "Count the shufflings that do as well as the true groups, not those that do worse.": [
            {"beats": np.less},
            {"beats": np.less_equal},
            {"beats": np.less, "above": 0, "below": 0},
        ],
    },
    usual="How many of all orders, the true one among them, score at least as high as the true one?",
)
def check_p_value(true_score, shuffled_scores, beats=np.greater_equal, above=1, below=1):
    """Check `p_value(true_score, shuffled_scores)`: the share of orders that score as high, itself counted.

    Source: B. Phipson, G. Smyth (2010), "Permutation p-values should never be zero".
    """
    return (above + np.sum(beats(shuffled_scores, true_score))) / (below + len(shuffled_scores))
