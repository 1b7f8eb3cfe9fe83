"""What the clothes' classes cost without convolutions: classical models, dense networks, scrambled pictures.

All have the parts of `leaky_recipes`, so that a seed's row can be compared with its "as posted".
"""

import time

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from pixvox.datasets import store
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.fashion import pictures, recipes, training

# Chosen by the validation pictures of a seed.
NEIGHBOURS = (1, 3, 5, 7, 10)
LOGISTIC_STRENGTHS = (0.001, 0.01, 0.1, 1.0, 10.0)  # scikit-learn's C: a larger one shrinks weights less
VECTOR_STRENGTHS = (1.0, 3.0, 10.0, 30.0)
LOGISTIC_STEPS = 20_000  # of its solver, at most: more than it needs

WIDE, DEEP = (448,), (319, 319)  # units of hidden layers: 356,170 and 355,695 parameters, P1's has 356,234


def measure_baseline(setting, seed, work_dir):
    """Fit one model and measure both sides.

    Returns:
        dict: accuracy on training, validation and fresh pictures, and loss on training and fresh ones where
        there are probabilities; parameters (numbers that it keeps), fit_seconds (CPU seconds of the training,
        with all that it was chosen from), test_right of the fresh pictures. Of networks also epochs, and
        val_loss, a number an epoch; where one was chosen the number that it is told by, as `chosen`; of
        logistic regression whether all `converged`.
    """
    measure = common.look_up(MODELS, setting["model"])
    parts = pictures.load_split(store.profile(), seed)
    keras.utils.set_random_seed(seed)
    return measure(parts)


def build_leaky_dense(units):
    """Build a network without a convolution for P1's pictures: hidden layers of so many units, LeakyReLU."""
    stack = [layers.Flatten(name="flatten")]
    for number, count in enumerate(units, 1):
        stack += [layers.Dense(count, name=f"dense{number}")]
        stack += [layers.LeakyReLU(negative_slope=models.SLOPE, name=f"leaky{number}")]
    return models.build_classifier(stack, "leaky_dense")


def scramble(parts):
    """Return parts whose pixels are put into one random order, the same for all pictures."""
    order = np.random.default_rng(0).permutation(28 * 28)
    return [(x.reshape(len(x), -1)[:, order].reshape(x.shape), y) for x, y in parts]


def _train(network, parts):
    """Train a network as P1's and return its row."""
    training.compile_posted(network)
    row = training.train(network, parts, training.BATCH_SIZE, epochs=recipes.EPOCHS[store.profile()])
    return {"parameters": network.count_params(), **row}


def _measure_classical(choose, parts):
    """Return the row of a model that `choose` fits and chooses, given the flat parts to fit and validate."""
    flat = [(x.reshape(len(x), -1).astype(np.float64), y) for x, y in parts]
    begin = time.process_time()
    predict, row = choose(*flat[:2])
    row["fit_seconds"] = round(time.process_time() - begin, 2)
    return {**row, **training.score(predict, dict(zip(training.PARTS, flat, strict=True)))}


def _fit_averages(fit, val):
    """Return the answers of the nearest mean of a class, and the row so far."""
    x_fit, y_fit = fit
    means = np.stack([x_fit[y_fit == label].mean(axis=0) for label in range(10)])  # (10, pixels)
    half_squares = (means**2).sum(axis=1) / 2  # nearest: the largest x @ mean - mean @ mean / 2
    return lambda x: (x @ means.T - half_squares).argmax(axis=1), {"parameters": means.size}


def _fit_neighbours(fit, val):
    """Return the answers of the nearest pictures, of the best number of them, and the row so far."""
    tried = {count: KNeighborsClassifier(count).fit(*fit) for count in NEIGHBOURS}
    chosen, model = _most_accurate(tried, val)
    return model.predict, {"parameters": fit[0].size, "chosen": chosen}


def _fit_vectors(fit, val):
    """Return the answers of the best support vector machine, and the row so far."""
    tried = {strength: SVC(C=strength, cache_size=500).fit(*fit) for strength in VECTOR_STRENGTHS}
    chosen, model = _most_accurate(tried, val)
    kept = model.support_vectors_.size + model.dual_coef_.size + model.intercept_.size
    return model.predict, {"parameters": kept, "chosen": chosen}


def _most_accurate(tried, val):
    """Return the (number, model) that is most often right on validation pictures; of equals the first."""
    return max(tried.items(), key=lambda item: item[1].score(*val))


def _fit_logistic(fit, val):
    """Return the probabilities of the logistic regression with the least validation loss; the row so far."""
    steps = {"max_iter": LOGISTIC_STEPS}
    tried = {strength: LogisticRegression(C=strength, **steps).fit(*fit) for strength in LOGISTIC_STRENGTHS}
    x_val, y_val = val
    losses = {c: log_loss(y_val, m.predict_proba(x_val), labels=m.classes_) for c, m in tried.items()}
    chosen = min(losses, key=losses.get)
    model, converged = tried[chosen], all(max(m.n_iter_) < LOGISTIC_STEPS for m in tried.values())
    row = {"parameters": model.coef_.size + model.intercept_.size, "chosen": chosen, "converged": converged}
    return model.predict_proba, row


MODELS = {
    "averages": lambda parts: _measure_classical(_fit_averages, parts),
    "nearest neighbours": lambda parts: _measure_classical(_fit_neighbours, parts),
    "logistic regression": lambda parts: _measure_classical(_fit_logistic, parts),
    "support vectors": lambda parts: _measure_classical(_fit_vectors, parts),
    "dense": lambda parts: _train(build_leaky_dense(WIDE), parts),
    "dense, two layers": lambda parts: _train(build_leaky_dense(DEEP), parts),
    "scrambled": lambda parts: _train(models.build_leaky_convnet(), scramble(parts)),
}
