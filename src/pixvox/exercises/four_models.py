"""Checks of the exercises on four models of clothes."""

import numpy as np
from scipy.spatial.distance import cdist

from pixvox.exercises.checking import compared

RNG = np.random.default_rng(0)
CONV, POOL = (3, 1), (2, 2)


@compared(
    cases=[[CONV], [(5, 2)], [CONV, CONV], [CONV, POOL], [(3, 3), CONV], [CONV, POOL, CONV, POOL, CONV]],
    usual="Each window adds (window - 1) steps; a step is as wide as all strides before it multiply to.",
)
def check_seen_side(stack):
    """Check `seen_side(stack)`: the side of what one number of the last map sees, from (window, stride)."""
    side, step = 1, 1
    for window, stride in stack:
        side, step = side + (window - 1) * step, step * stride
    return side


@compared(
    usual="Only the first dense layer grows. Follow the side through the layers: at 28 it ends at 4, so "
    "4 x 4 x 128 numbers are flattened. What is it at 56?",
)
def check_larger_four():
    """Check the count of the four-conv network's parameters for pictures of 56x56: 8,102,826."""
    side = ((56 - 2 - 2) // 2 - 2 - 2) // 2  # 11: conv, conv, pool, conv, conv, pool
    return 1_221_546 + (side * side - 4 * 4) * 128 * 512


@compared(
    cases=[(0.3, 13.5), (17.19, 13.5), (8.0, 75.0), (0.0, 10.0)],
    mistakes={
        "NumPy's tan takes radians.": [lambda degrees, rows: rows * np.tan(degrees)],
        "The sine belongs to the longest side. The rows are the upright one: tan.": [{"ratio": np.sin}],
        "How far, whichever way: not below 0.": [lambda degrees, rows: rows * np.tan(-np.radians(degrees))],
    },
    usual="Draw the triangle: the rows are upright, the shift lies across.",
)
def check_sheared_by(degrees, rows, ratio=np.tan):
    """Check `sheared_by(degrees, rows)`: how far a picture's edge moves, so many rows from the middle."""
    return rows * ratio(np.radians(degrees))


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
    cases=[np.linspace(0, 255, 60).astype("u1").reshape(2, 6, 5, 1) / np.float32(255)],
    mistakes={
        "The preprocessing expects 0 to 255.": [{"largest": 1}],
        "All three channels should hold the picture.": [{"filled": [1, 0, 0]}, {"filled": [0, 0, 1]}],
    },
    usual="Three equal channels in 0 to 255: np.repeat takes an axis.",
)
def check_prepare_once(scaled, largest=255, filled=(1, 1, 1)):
    """Check `prepare_once(scaled)`: grey (n, height, width, 1) in 0..1 to colour (..., 3) in 0..255."""
    return scaled * largest * np.array(filled)
