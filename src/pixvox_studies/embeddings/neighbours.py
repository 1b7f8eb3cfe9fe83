"""Are a garment's nearest neighbours of its own class? By pixels, by hidden layers, and on their maps."""

import numpy as np
from sklearn.metrics import pairwise_distances

from pixvox.compare import pack_answers
from pixvox_studies import common
from pixvox_studies.embeddings import hidden, maps

NEIGHBOURS = 10
SPACES = {
    "pixels": ("pixels", None),
    "PCA of pixels": ("pixels", "PCA"),
    "t-SNE of pixels": ("pixels", "t-SNE, perplexity 30"),
    "untrained": ("untrained", None),
    "shuffled labels": ("shuffled labels", None),
    "trained": ("trained", None),
    "PCA of trained": ("trained", "PCA"),
    "t-SNE of trained": ("trained", "t-SNE, perplexity 30"),
}


def measure_neighbours(setting, seed, work_dir):
    """Ask each garment's ten nearest in a space for its class, none of them having been learnt from.

    Returns:
        dict: alike (share of neighbours of the same class), vote (share of garments whose neighbours name
        their class, the smallest label first among equals), test_right (which ones).
    """
    source, kind = common.look_up(SPACES, setting["space"])
    vectors = maps.flat_pixels(seed) if source == "pixels" else hidden.compute_hidden(source, seed)
    points = vectors if kind is None else maps.draw_map(kind, vectors, seed)
    labels = hidden.load_shown(seed)[1]
    near = nearest_labels(points, labels)
    votes = np.array([np.bincount(row).argmax() for row in near])
    return {
        "alike": float(np.mean(near == labels[:, None])),
        "vote": float(np.mean(votes == labels)),
        "test_right": pack_answers(votes == labels),
    }


def nearest_labels(points, labels):
    """Return the labels of each point's nearest by Euclidean distance, (n, 10); no point is its own."""
    distances = pairwise_distances(points)
    np.fill_diagonal(distances, np.inf)
    return labels[distances.argsort(axis=1)[:, :NEIGHBOURS]]
