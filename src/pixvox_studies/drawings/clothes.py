"""How hard the drawn clothes are: what shortcuts reach, a softmax on pixels, P1's network, its mistakes.

All pictures are drawn afresh; the committed sample is not looked at.
"""

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pixvox.models.clothes import build_leaky_convnet
from pixvox_sketch.engine.bulk import png_bytes
from pixvox_studies import common

FIT, TEST = 200, 200  # pictures of each of the ten classes
FRESH, FRESH_TEST = 8_000, 8_999  # seeds of the drawings: of training (+ the study's seed), of the test
GROUPS = {"tops": (0, 2, 3, 4, 6), "shoes": (5, 7, 9)}  # classes that people confuse too
EPOCHS, BATCH_SIZE = 20, 64  # P1's
NEIGHBOURS = 15


def measure_learner(setting, seed, work_dir):
    """Train a learner on 2,000 fresh pictures and measure it on 2,000 others.

    Returns:
        dict: train_accuracy, test_accuracy, test_right; of softmax and network also worst_class (the least
        share of a class that is right) and in_groups (the share of mistakes between classes of one of
        `GROUPS`).
    """
    train, test = common.draw_clothes(FIT, FRESH + seed), common.draw_clothes(TEST, FRESH_TEST)
    name = setting["learner"]
    if name == "network":
        answers = _train_network(train, test, seed)
    else:
        softmax = (_pixels, LogisticRegression(max_iter=300))
        features, model = common.look_up(SHORTCUTS | {"softmax": softmax}, name)
        model.fit(features(train[0]), train[1])
        answers = [model.predict(features(x)) for x, _ in (train, test)]
    measured = common.score_parts({"train": answers[0] == train[1], "test": answers[1] == test[1]})
    return measured if name in SHORTCUTS else measured | judge_mistakes(test[1], answers[1])


def judge_mistakes(y_true, y_pred):
    """Say where mistakes lie, of classes (n,), 0 to 9.

    Returns:
        dict: worst_class, the least share of a class that is right, and in_groups, the share of the
        mistakes in which both classes are of one group; 1.0 if there are none.
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    worst = min(float(np.mean(y_pred[y_true == kind] == kind)) for kind in np.unique(y_true))
    wrong = y_true != y_pred
    inside = sum(int((wrong & np.isin(y_true, g) & np.isin(y_pred, g)).sum()) for g in GROUPS.values())
    return {"worst_class": worst, "in_groups": inside / int(wrong.sum()) if wrong.any() else 1.0}


def _train_network(train, test, seed):
    """Train P1's network as P1 does; return its answers for training and test pictures."""
    keras.utils.set_random_seed(seed)
    network = build_leaky_convnet()
    common.compile_posted(network, "adam")
    network.fit(common.scale(train[0]), train[1], batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
    return [common.answer(network, common.scale(x), batch_size=500) for x, _ in (train, test)]


def _pixels(pictures):
    """Return the pixels, (n, 784), 0 to 1."""
    return common.scale(pictures.reshape(len(pictures), -1))


def _mean_grey(pictures):
    """Return the mean of each picture, (n, 1)."""
    return pictures.mean(axis=(1, 2, 3))[:, None]


def _border(pictures):
    """Return the outermost pixels of each picture, (n, 108), 0 to 1."""
    edge = np.ones(pictures.shape[1:3], bool)
    edge[1:-1, 1:-1] = False
    return common.scale(pictures[:, edge, 0])


def _file_size(pictures):
    """Return the bytes of each picture's PNG file, (n, 1)."""
    return np.array([[len(png_bytes(picture[..., 0]))] for picture in pictures], np.float32)


def _neighbours():
    """Return a classifier by nearest neighbours of scaled features."""
    return make_pipeline(StandardScaler(), KNeighborsClassifier(NEIGHBOURS))


SHORTCUTS = {
    "mean grey": (_mean_grey, _neighbours()),
    "border": (_border, LogisticRegression(max_iter=300)),
    "file size": (_file_size, _neighbours()),
}
