"""Scores of heat maps: do they point at what is known to matter, and does the answer fall with it?"""

import numpy as np
from keras import ops
from scipy.stats import spearmanr

from pixvox.explain.forward import batches, check_images, choose, class_probabilities
from pixvox.explain.heatmaps import check_classes, check_starts

REMOVED = tuple(np.linspace(0, 1, 11).round(2))  # shares of the pixels, for `deletion_curve`


def pointing_game(heatmaps, masks):
    """Tell for each heat map whether its hottest pixel lies on what is known to matter.

    Args:
        heatmaps: (n, height, width) numbers.
        masks: (n, height, width) booleans, True where the evidence is.

    Returns:
        float64 (n,): 1 for a hit, 0 for a miss. Where several pixels are hottest, as in a map without heat,
        the share of them that hits. NaN where the mask is empty: such a picture cannot be hit.

    Raises:
        ValueError: if the two differ in shape.

    Source: J. Zhang et al. (2016), arXiv:1608.00507; theirs allows 15 pixels beside the object, this none.
    """
    heatmaps, masks = _check_maps(heatmaps, masks)
    masks = masks != 0
    hottest = heatmaps == heatmaps.max(axis=(1, 2), keepdims=True)
    hits = (hottest * masks).sum(axis=(1, 2)) / hottest.sum(axis=(1, 2))
    return np.where(masks.any(axis=(1, 2)), hits, np.nan)


def deletion_curve(model, images, heatmaps, classes, *, left_behind=None):
    """Give a class's probability, float64 (n, len(REMOVED)), while pixels are removed, the hottest first.

    Pixels of equal heat go in a random order, the same in every call. The mean of a curve is its score: the
    lower, the sooner the answer fell. With plain pictures as `images` and the pictures left behind this is
    insertion: a curve begins at the plain picture's probability and ends at the picture's.

    Args:
        model, images: as for `heatmaps.grad_cam`.
        heatmaps: (n, height, width) finite numbers.
        classes: whole numbers (n,), or one for all: whose probability.
        left_behind: what is seen where a pixel was, pictures of the shape of `images`; None: each picture's
            own mean colour.

    Raises:
        ValueError: if there is not one map and one class for each picture, and as for `heatmaps.grad_cam`.

    Source: V. Petsiuk et al. (2018), arXiv:1806.07421.
    """
    images, ranks = check_images(model, images), rank_pixels(heatmaps)
    if ranks.shape != images.shape[:3]:
        raise ValueError(f"expected heat maps {images.shape[:3]}, one for each picture, got {ranks.shape}.")
    classes = check_classes(classes, len(images), class_probabilities(model, images[:1]).shape[1])
    left_behind = check_starts(model, images, left_behind)
    parts = []
    for pictures, behind, order, chosen in batches(images, left_behind, ranks, classes):
        gone = [(order < round(share * order[0].size))[..., None] for share in REMOVED]
        answers = [class_probabilities(model, np.where(where, behind, pictures)) for where in gone]
        parts.append(np.stack([ops.convert_to_numpy(choose(answer, chosen)) for answer in answers], axis=1))
    return np.concatenate(parts).astype(np.float64)


def rank_pixels(heatmaps):
    """Rank the pixels of each map, (n, height, width): 0 is the hottest; ties in a random order."""
    (heatmaps,) = _check_maps(heatmaps)
    n, pixels = len(heatmaps), heatmaps.shape[1] * heatmaps.shape[2]
    coin = np.random.default_rng(0).random(pixels)
    order = np.lexsort((np.broadcast_to(coin, (n, pixels)), -heatmaps.reshape(n, pixels)), axis=-1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(pixels)[None], axis=-1)
    return ranks.reshape(heatmaps.shape)


def rank_correlation(first, second):
    """Compare two sets of heat maps (n, height, width) by the order of their pixels: Spearman's correlation.

    Returns:
        float64 (n,): 1 for the same order, 0 for none in common, or where one of two maps is flat.

    Raises:
        ValueError: if the two differ in shape.
    """
    first, second = _check_maps(first, second)
    pairs = zip(first.reshape(len(first), -1), second.reshape(len(second), -1), strict=True)
    return np.array([_spearman(a, b) for a, b in pairs])


def _spearman(first, second):
    """Return the rank correlation of two rows of numbers; 1 for equal ones, 0 where one of two is flat."""
    if np.array_equal(first, second):
        return 1.0
    return 0.0 if np.ptp(first) == 0 or np.ptp(second) == 0 else float(spearmanr(first, second).statistic)


def _check_maps(*sets):
    """Return sets of maps as float64, finite, of one shape (n, height, width), or raise ValueError."""
    sets = [np.asarray(maps, dtype=float) for maps in sets]  # for uint8 has no minus
    shapes, finite = [maps.shape for maps in sets], all(np.isfinite(maps).all() for maps in sets)
    if sets[0].ndim != 3 or not sets[0].size or len({*shapes}) > 1 or not finite:
        raise ValueError(f"expected maps (n, height, width) of one shape, all finite, got {shapes}.")
    return sets
