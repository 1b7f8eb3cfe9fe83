"""Checks of the exercises on embeddings."""

import numpy as np
from scipy.spatial.distance import cdist

from pixvox.exercises.checking import compared

RNG = np.random.default_rng(0)


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
