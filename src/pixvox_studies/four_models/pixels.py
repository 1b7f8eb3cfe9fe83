"""Are digits easier than clothes? By one pixel for two classes, and by a linear model for all ten.

Both data sets are split alike, into equally many pictures. In the sample profile the digits are the UCI
collection's of 8x8 pixels, enlarged to 28x28, and the clothes are drawn.
"""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from pixvox.datasets import store
from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox.datasets.mnist import load_mnist
from pixvox_studies import common
from pixvox_studies.four_models.networks import DRAWN, FRESH

USED = {"sample": (800, 200, 400), "full": (10_000, 5_000, 10_000)}  # to fit, validation, judged
THRESHOLDS = range(16, 256, 16)
PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # scikit-learn's C, the inverse of a penalty
MOST_STEPS = 10_000


def measure_one_pixel(setting, seed, work_dir):
    """Find the best pixel of each pair of classes and fit a linear model, and judge both on other pictures.

    All are training pictures of the data set; a seed is another split. The sample has 1,437 digits,
    so that the splits of several seeds share most of them.

    Returns:
        dict: pixel_accuracies (45, the pairs 0-1, 0-2 to 8-9), pixel_median, pixel_lowest; of the linear
        model penalty (its C, chosen by val_accuracy), val_accuracy, test_accuracy, test_right.
    """
    fit, val, judged = split_three(setting["pictures"], seed)
    pairs = one_pixel_accuracies(fit, judged)
    summary = {"pixel_median": np.median(pairs), "pixel_lowest": np.min(pairs)}
    right, penalty = fit_linear(fit, val, judged)
    return {"pixel_accuracies": pairs, **summary, "penalty": penalty, **common.score_parts(right)}


def split_three(name, seed):
    """Load "digits" or "clothes" in three parts: float32 pictures (n, 784) in 0..1 and labels (n,) each.

    Raises:
        ValueError: for another name.
    """
    x, y = common.look_up({"digits": _load_digits, "clothes": _load_clothes}, name)(seed)
    rows = np.random.default_rng(seed).permutation(len(y))
    parts = np.split(rows, np.cumsum(USED[store.profile()]))[:3]
    return [(common.scale(x[part]).reshape(len(part), -1), y[part]) for part in parts]


def _load_digits(seed):
    """Return the digits to learn from."""
    return load_mnist()[0]


def _load_clothes(seed):
    """Return the clothes to learn from; in the sample profile, those that the other studies draw."""
    if store.profile() == "sample":
        return common.draw_clothes(DRAWN, FRESH + seed)
    return load_fashion_mnist()[0]


def brighter_shares(x, y):
    """Return the share of a class's pictures above a threshold: (10 classes, thresholds, pixels)."""
    return np.stack(
        [[np.mean(x[y == label] > level / 255, axis=0) for level in THRESHOLDS] for label in range(10)]
    )


def one_pixel_accuracies(fit, judged):
    """Return for each pair of classes how often one pixel and one threshold tell them apart.

    Args:
        fit, judged: pictures (n, pixels) in 0..1 and labels; the pixel and the threshold are found on the
            first and judged on the second, as if both classes had equally many pictures.

    Returns:
        (45,) shares, of the pairs 0-1, 0-2 to 8-9. Below a half the pixel was luck.
    """
    shares, others = brighter_shares(*fit), brighter_shares(*judged)
    accuracies = []
    for a, b in zip(*np.triu_indices(10, 1), strict=True):
        gap = shares[a] - shares[b]  # 1: always brighter for a, never for b
        best = np.unravel_index(np.abs(gap).argmax(), gap.shape)
        accuracies.append(0.5 + 0.5 * np.sign(gap[best]) * (others[a] - others[b])[best])
    return np.array(accuracies)


def fit_linear(fit, val, judged):
    """Fit logistic regression to its end with each penalty; keep the best on validation, the first of equals.

    Returns:
        ({"val": (n,), "test": (n,) booleans}, C).

    Raises:
        ConvergenceWarning: if `MOST_STEPS` steps do not suffice.
    """
    fitted = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        for penalty in PENALTIES:
            fitted[penalty] = LogisticRegression(C=penalty, max_iter=MOST_STEPS).fit(*fit)
    best = max(fitted, key=lambda penalty: fitted[penalty].score(*val))
    return {name: fitted[best].predict(x) == y for name, (x, y) in {"val": val, "test": judged}.items()}, best
