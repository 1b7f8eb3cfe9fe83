"""How hard the drawn cats and dogs are: shortcuts that must fail, P4's network, and what augmentation adds.

All pictures are drawn afresh; the committed sample is not looked at.
"""

from functools import cache

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pixvox_sketch.animals import sets as animal_sets

FIT, VALIDATION, TEST = 200, 100, 1000  # pictures of each class, the first two as in the lessons
FRESH, FRESH_TEST = 7_000, 7_999  # seeds of the drawings: of training (+ the study's seed), of the test
BINS = 6  # of each colour channel
EPOCHS = {"baseline": 36, "augmented": 120}
LEARNING_RATE = 5e-4


@cache
def _test_set():
    """Draw the 2,000 test pictures."""
    return animal_sets.draw_animals(TEST, seed=FRESH_TEST)


@cache
def _train_set(seed):
    """Draw the training and validation pictures of a seed."""
    return animal_sets.draw_animals(FIT + VALIDATION, seed=FRESH + seed)


def measure_learner(setting, seed, work_dir):
    """Train a learner on 400 fresh pictures and measure it on 200 and on 2,000 others.

    Args:
        setting: {"learner": one of `SHALLOW` or `EPOCHS`}.
        seed: whole number; training pictures and starting weights change with it.
        work_dir: not used; a row takes a few minutes at most.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy.
    """
    drawn, test = _train_set(seed), _test_set()
    fit = slice(0, 2 * FIT)
    validation = slice(2 * FIT, None)
    parts = [_take(drawn, fit), _take(drawn, validation), test]
    if setting["learner"] in SHALLOW:
        features = SHALLOW[setting["learner"]]
        score = _fit_shallow(features(parts[0]), parts[0].labels)
        scores = [score(features(part), part.labels) for part in parts]
    else:
        scores = _fit_network(setting["learner"], parts, seed)
    return dict(zip(("train_accuracy", "val_accuracy", "test_accuracy"), map(float, scores), strict=True))


def _take(drawn, chosen):
    """Return some of the drawn pictures."""
    return animal_sets.Drawn(*(column[chosen] for column in drawn))


def _pixels(drawn):
    """Return the pixels, (n, 12288), 0 to 1."""
    return drawn.pictures.reshape(len(drawn.pictures), -1) / np.float32(255)


def _colours(drawn):
    """Return a histogram of the colours of each picture, (n, 216), the root of each bin's share."""
    return _histograms(drawn.pictures, np.ones(drawn.parts.shape, bool))


def _background(drawn):
    """Return the histograms of what is not animal."""
    return _histograms(drawn.pictures, drawn.parts == 0)


def _histograms(pictures, counted):
    """Return the root of each colour bin's share of the pixels that count, (n, 216)."""
    bins = (pictures.astype(int) * BINS // 256) @ (BINS**2, BINS, 1)
    pairs = zip(bins, counted, strict=True)
    counts = np.stack([np.bincount(row[mask], minlength=BINS**3) for row, mask in pairs])
    return np.sqrt(counts / np.maximum(counts.sum(1, keepdims=True), 1))


def _file_size(drawn):
    """Return the logarithm of the size of the JPEG files, (n, 1)."""
    return np.log(drawn.jpeg_bytes)[:, None]


SHALLOW = {"pixels": _pixels, "colours": _colours, "background": _background, "file size": _file_size}


def _fit_shallow(features, labels):
    """Fit a logistic regression; return its accuracy as a function of (features, labels)."""
    return (
        make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000)).fit(features, labels).score
    )


def _fit_network(name, parts, seed):
    """Train P4's network, plain or with augmentation and dropout; return its three accuracies."""
    keras.utils.set_random_seed(seed)
    network = build_network(augmented=name == "augmented")
    network.compile(keras.optimizers.RMSprop(LEARNING_RATE), "binary_crossentropy", metrics=["accuracy"])
    fit = parts[0]
    network.fit(fit.pictures, fit.labels, batch_size=20, epochs=EPOCHS[name], verbose=0)
    return [network.evaluate(part.pictures, part.labels, verbose=0)[1] for part in parts]


def build_network(*, augmented):
    """Build P4's network for 64x64 pictures, uint8 or 0..255; with augmentation and dropout if wished."""
    augmentation = [
        layers.RandomFlip("horizontal"),
        layers.RandomRotation(0.04, fill_mode="nearest"),
        layers.RandomTranslation(0.1, 0.1, fill_mode="nearest"),
        layers.RandomZoom(0.15, fill_mode="nearest"),
    ]
    blocks = [layers.Rescaling(1 / 255)]
    for filters in (32, 64, 128, 128):
        blocks += [layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D(2)]
    head = [layers.Dense(512, activation="relu"), layers.Dense(1, activation="sigmoid")]
    dropout = [layers.Dropout(0.5)] if augmented else []
    first = [layers.Input((64, 64, 3)), *(augmentation if augmented else [])]
    return keras.Sequential([*first, *blocks, layers.Flatten(), *dropout, *head])
