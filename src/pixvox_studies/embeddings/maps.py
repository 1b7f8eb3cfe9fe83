"""What flat maps keep: of neighbours, of distances; and the clumps that t-SNE makes of one cloud."""

import numpy as np
from scipy.spatial import ConvexHull, cKDTree
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from pixvox import embedding
from pixvox.datasets import store
from pixvox_studies import common
from pixvox_studies.embeddings import hidden

NOISE = {"noise of 10": 10, "noise of 784": 784}  # dimensions
PERPLEXITIES = {
    "t-SNE, perplexity 5": {"perplexity": 5},
    "t-SNE, perplexity 30": {"perplexity": 30},  # scikit-learn's, and its start: PCA's plane
    "t-SNE, perplexity 100": {"perplexity": 100},
    "t-SNE, perplexity 30, random start": {"perplexity": 30, "init": "random"},
}
MAPS = {"any plane": None, "PCA": None, **PERPLEXITIES}


def measure_map(setting, seed, work_dir):
    """Draw one map of one set of vectors and measure it.

    A seed draws the pictures, the noise and the training of the hidden layer, and starts the map.

    Returns:
        dict: neighbours (`embedding.neighbour_agreement`), distances (`embedding.distance_correlation`),
        nearest (`nearest_distance` of the map).
    """
    vectors = load_vectors(setting["vectors"], seed)
    points = draw_map(setting["map"], vectors, seed)
    return {
        "neighbours": embedding.neighbour_agreement(vectors, points),
        "distances": embedding.distance_correlation(vectors, points),
        "nearest": nearest_distance(points),
    }


def load_vectors(name, seed):
    """Return the vectors of a name.

    "pixels" (n, 784), "hidden layer" (n, 64); "noise of 10" and "of 784", one round Gaussian of so many
    dimensions; "cloud like pixels" and "like hidden layer", one Gaussian with the covariance of those.
    """
    if name in NOISE:
        return np.random.default_rng(seed).normal(size=(hidden.SHOWN[store.profile()], NOISE[name]))
    if name.startswith("cloud like "):
        return draw_cloud(load_vectors(name.removeprefix("cloud like "), seed), seed)
    if name == "hidden layer":
        return hidden.compute_hidden("trained", seed)
    return common.look_up({"pixels": flat_pixels}, name)(seed)


def draw_cloud(vectors, seed):
    """Return as many vectors of one Gaussian with the covariance of the given ones (n, dimensions)."""
    mixed = np.random.default_rng(seed).normal(size=(len(vectors), len(vectors)))
    return mixed @ (vectors - vectors.mean(axis=0)) / np.sqrt(len(vectors))


def flat_pixels(seed):
    """Return the pictures shown as vectors, float32 (n, 784) in 0..1."""
    pictures = hidden.load_shown(seed)[0]
    return pictures.reshape(len(pictures), -1)


def draw_map(kind, vectors, seed):
    """Return a flat map (n, 2): "any plane" is that of two random directions, the others as named.

    Raises:
        ValueError: for another kind.
    """
    options = common.look_up(MAPS, kind)
    if kind == "any plane":
        return vectors @ np.random.default_rng(seed).normal(size=(vectors.shape[1], 2))
    if kind == "PCA":
        return PCA(2, random_state=seed).fit_transform(vectors)
    return TSNE(random_state=seed, **options).fit_transform(vectors)


def nearest_distance(points):
    """Return the mean distance of points to their nearest, 1 where they lie at random on their map.

    Less: they lie in clumps; more: they keep apart. The map's area is that of the convex hull; at its edge
    points have fewer neighbours, for which nothing is corrected.

    Args:
        points: (n, 2) places, 3 or more, not on a line.

    Source: P. Clark, F. Evans (1954), "Distance to nearest neighbor as a measure of spatial relationships in
    populations", Ecology 35.
    """
    nearest = cKDTree(points).query(points, 2)[0][:, 1]
    return float(nearest.mean() / (0.5 * np.sqrt(ConvexHull(points).volume / len(points))))
