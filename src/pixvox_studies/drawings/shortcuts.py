"""Ways to answer without seeing what is drawn, which must fail, and how a learner on drawings is scored."""

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pixvox_studies import common

BINS = 6  # of each colour channel


def take(drawn, chosen):
    """Return some of the drawn pictures, a NamedTuple of arrays like `drawn`."""
    return type(drawn)(*(column[chosen] for column in drawn))


def colour_histograms(pictures, counted):
    """Return the root of each colour bin's share of the pixels that count (booleans), float (n, 216)."""
    bins = (pictures.astype(int) * BINS // 256) @ (BINS**2, BINS, 1)
    pairs = zip(bins, counted, strict=True)
    counts = np.stack([np.bincount(row[mask], minlength=BINS**3) for row, mask in pairs])
    return np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


def score_linear(features, parts):
    """Fit a logistic regression to features of the training pictures and score it: see `common.score_parts`.

    Args:
        features: a function from a part to floats (n, m).
        parts: of train, val and test, in this order; each has `pictures` and `labels`.
    """
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
    model.fit(features(parts[0]), parts[0].labels)
    return common.score_parts([model.predict(features(part)) == part.labels for part in parts])


def score_network(network, parts, *, rate, **options):
    """Train a network of one output as the posts do, with RMSprop, and score it: see `common.evaluate_parts`.

    The parts are those of `score_linear`, the options those of `fit`.
    """
    common.compile_posted(network, keras.optimizers.RMSprop(rate))
    pairs = [(part.pictures, part.labels) for part in parts]
    network.fit(*pairs[0], verbose=0, **options)
    return common.evaluate_parts(network, pairs)
