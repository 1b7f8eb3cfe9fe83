"""How hard the drawn faces are: shortcuts that must fail, the nearer average face, P2's base network.

All people are drawn afresh; the committed sample is not looked at.
"""

from functools import cache

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pixvox_sketch.faces import sets as face_sets

FIT, VALIDATION = 72, 24  # people: those that the sample's split leaves for training and validation
TEST, EACH = 500, 2  # other people, and pictures of each at each age
FRESH, FRESH_TEST = 8_000, 8_999  # seeds of the drawings: of training (+ the study's seed), of the test
SIZE = (64, 64)
BACKGROUND = 0  # its part id
BINS = 6  # of each colour channel
EPOCHS, BATCH_SIZE = 40, 16
LEARNING_RATE = 1e-3


@cache
def _test_set():
    """Draw the 2,000 test pictures."""
    return face_sets.draw_faces(TEST, seed=FRESH_TEST, size=SIZE, each=EACH)


@cache
def _train_set(seed):
    """Draw training and validation pictures; return the two parts, split by person."""
    drawn = face_sets.draw_faces(FIT + VALIDATION, seed=FRESH + seed, size=SIZE)
    return _take(drawn, drawn.identities < FIT), _take(drawn, drawn.identities >= FIT)


def _take(drawn, chosen):
    """Return some of the drawn faces."""
    return face_sets.DrawnFaces(*(column[chosen] for column in drawn))


def measure_learner(setting, seed, work_dir):
    """Train a learner on the pictures of 72 people and measure it on 24 and on 500 others.

    Args:
        setting: {"learner": "average face", "network" or one of `SHORTCUTS`}.
        seed: whole number; training pictures and starting weights change with it.
        work_dir: not used; a row takes a minute at most.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy.
    """
    parts = (*_train_set(seed), _test_set())
    name = setting["learner"]
    if name in SHORTCUTS:
        features = SHORTCUTS[name]
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
        model.fit(features(parts[0]), parts[0].labels)
        scores = [model.score(features(part), part.labels) for part in parts]
    elif name == "average face":
        scores = _nearer_average(parts)
    else:
        scores = _train_network(parts, seed)
    return dict(zip(("train_accuracy", "val_accuracy", "test_accuracy"), map(float, scores), strict=True))


def _nearer_average(parts):
    """Return the accuracies of saying the age whose average training face is nearer."""
    fit = parts[0]
    averages = [fit.pictures[fit.labels == label].mean(axis=0) for label in range(2)]
    distances = [[((part.pictures - face) ** 2).sum(axis=(1, 2, 3)) for face in averages] for part in parts]
    pairs = zip(distances, parts, strict=True)
    return [np.mean(np.argmin(distance, axis=0) == part.labels) for distance, part in pairs]


def _train_network(parts, seed):
    """Train P2's base network; return its three accuracies."""
    keras.utils.set_random_seed(seed)
    network = build_network()
    network.compile(keras.optimizers.RMSprop(LEARNING_RATE), "binary_crossentropy", metrics=["accuracy"])
    fit = parts[0]
    network.fit(fit.pictures, fit.labels, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
    return [network.evaluate(part.pictures, part.labels, verbose=0)[1] for part in parts]


def build_network():
    """Build P2's base network, with its zoom and flips, for 64x64 pictures, uint8 or 0..255."""
    blocks = []
    for filters in (32, 32, 64):
        blocks += [
            layers.Conv2D(filters, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
        ]
    return keras.Sequential(
        [
            layers.Input((*SIZE, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomZoom(0.2, fill_mode="nearest"),
            layers.Rescaling(1 / 255),
            *blocks,
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def _background(drawn):
    """Return a histogram of the colours of what is no part of the person, (n, 216)."""
    bins = (drawn.pictures.astype(int) * BINS // 256) @ (BINS**2, BINS, 1)
    pairs = zip(bins, drawn.parts == BACKGROUND, strict=True)
    counts = np.stack([np.bincount(row[mask], minlength=BINS**3) for row, mask in pairs])
    return np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


def _mean_grey(drawn):
    """Return the mean of each picture, (n, 1)."""
    return drawn.pictures.mean(axis=(1, 2, 3))[:, None]


def _file_size(drawn):
    """Return the logarithm of the size of the PNG files, (n, 1)."""
    return np.log(drawn.png_bytes)[:, None]


SHORTCUTS = {"background": _background, "mean grey": _mean_grey, "file size": _file_size}
