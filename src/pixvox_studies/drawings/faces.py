"""How hard the drawn faces are: shortcuts that must fail, the nearer average face, P2's base network.

All people are drawn afresh; the committed sample is not looked at.
"""

from functools import cache

import keras
import numpy as np
from keras import layers

from pixvox_sketch.faces import sets as face_sets
from pixvox_studies import common
from pixvox_studies.drawings import shortcuts

FIT, VALIDATION = 72, 24  # people: those that the sample's split leaves for training and validation
TEST, EACH = 500, 2  # other people, and pictures of each at each age
FRESH, FRESH_TEST = 8_000, 8_999  # seeds of the drawings: of training (+ the study's seed), of the test
SIZE = (64, 64)
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
    return [shortcuts.take(drawn, part) for part in (drawn.identities < FIT, drawn.identities >= FIT)]


def measure_learner(setting, seed, work_dir):
    """Train a learner on the pictures of 72 people and measure it on 24 and on 500 others.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy, test_right.
    """
    parts, name = (*_train_set(seed), _test_set()), setting["learner"]
    if name in SHORTCUTS:
        return shortcuts.score_linear(SHORTCUTS[name], parts)
    if name == "average face":
        return common.score_parts(_nearer_average(parts))
    keras.utils.set_random_seed(seed)
    options = {"rate": LEARNING_RATE, "batch_size": BATCH_SIZE, "epochs": EPOCHS}
    return shortcuts.score_network(common.look_up({"network": build_network}, name)(), parts, **options)


def _nearer_average(parts):
    """Return for each part where the nearer of the average training faces is of the right age, (n,)."""
    fit = parts[0]
    averages = [fit.pictures[fit.labels == label].mean(axis=0) for label in range(2)]
    distances = [[((part.pictures - face) ** 2).sum(axis=(1, 2, 3)) for face in averages] for part in parts]
    return [np.argmin(far, axis=0) == part.labels for far, part in zip(distances, parts, strict=True)]


def build_network():
    """Build P2's base network, with its zoom and flips, for 64x64 pictures, uint8 or 0..255."""
    blocks = []
    for filters in (32, 32, 64):
        convolution = layers.Conv2D(filters, 3, padding="same", activation="relu")
        blocks += [convolution, layers.MaxPooling2D(2)]
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


SHORTCUTS = {
    "background": lambda drawn: shortcuts.colour_histograms(drawn.pictures, drawn.parts == 0),
    "mean grey": lambda drawn: drawn.pictures.mean(axis=(1, 2, 3))[:, None],
    "file size": lambda drawn: np.log(drawn.png_bytes)[:, None],
}
