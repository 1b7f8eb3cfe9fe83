"""How hard the drawn cats and dogs are: shortcuts that must fail, P4's network, and what augmentation adds.

All pictures are drawn afresh; the committed sample is not looked at.
"""

import keras
import numpy as np
from keras import layers

from pixvox_studies import common
from pixvox_studies.drawings import shortcuts

FIT, VALIDATION, TEST = 200, 100, 1000  # pictures of each class, the first two as in the lessons
FRESH, FRESH_TEST = 7_000, 7_999  # seeds of the drawings: of training (+ the study's seed), of the test
EPOCHS = {"baseline": 36, "augmented": 120}
LEARNING_RATE = 5e-4


def measure_learner(setting, seed, work_dir):
    """Train a learner on 400 fresh pictures and measure it on 200 and on 2,000 others.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy, test_right.
    """
    drawn, test = common.draw_animals(FIT + VALIDATION, FRESH + seed), common.draw_animals(TEST, FRESH_TEST)
    parts = (*(shortcuts.take(drawn, part) for part in (slice(2 * FIT), slice(2 * FIT, None))), test)
    name = setting["learner"]
    if name in SHORTCUTS:
        return shortcuts.score_linear(SHORTCUTS[name], parts)
    keras.utils.set_random_seed(seed)
    network = build_network(augmented=name == "augmented")
    epochs = common.look_up(EPOCHS, name)
    return shortcuts.score_network(network, parts, rate=LEARNING_RATE, batch_size=20, epochs=epochs)


SHORTCUTS = {
    "pixels": lambda drawn: common.scale(drawn.pictures.reshape(len(drawn.pictures), -1)),
    "colours": lambda drawn: shortcuts.colour_histograms(drawn.pictures, np.ones(drawn.parts.shape, bool)),
    "background": lambda drawn: shortcuts.colour_histograms(drawn.pictures, drawn.parts == 0),
    "file size": lambda drawn: np.log(drawn.jpeg_bytes)[:, None],
}


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
