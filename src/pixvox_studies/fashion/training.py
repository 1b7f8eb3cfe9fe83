"""How the studies of clothes train and score: as P1 does, on one-hot labels.

Parts are those of `pictures`: to fit, for validation, fresh.
"""

from functools import partial

import keras
import numpy as np

from pixvox.compare import pack_answers
from pixvox_studies import common

PARTS = ("training", "val", "fresh")
RATE = 0.001  # P1's: Keras's default of Adam
BATCH_SIZE, EPOCHS = 64, 20  # P1's


def compile_posted(network, rate=RATE, decay=None, smoothing=0.0):
    """Compile a network as P1 does: Adam, at a rate; or with weight decay, or softened labels."""
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=decay) if decay else keras.optimizers.Adam(rate),
        keras.losses.CategoricalCrossentropy(label_smoothing=smoothing),
        metrics=["accuracy"],
    )


def train(network, parts, batch_size, *, epochs, callbacks=()):
    """Train a compiled network and measure both sides.

    Returns:
        dict: as `score`; epochs, the CPU seconds of `fit` (fit_seconds), and val_loss, a number an epoch.
    """
    history, seconds = fit(network, parts, batch_size, epochs=epochs, callbacks=callbacks)
    return {
        **score_network(network, dict(zip(PARTS, parts, strict=True))),
        "epochs": len(history["loss"]),
        "fit_seconds": round(seconds, 2),
        "val_loss": history["val_loss"],
    }


def fit(network, parts, batch_size, *, epochs, callbacks=()):
    """Train a compiled network on the first part and check on the second: its history and CPU seconds."""
    (x_fit, y_fit), validation = [one_hot(part) for part in parts[:2]]
    options = {"batch_size": batch_size, "epochs": epochs, "validation_data": validation}
    return common.fit_timed(network, x_fit, y_fit, callbacks=list(callbacks), **options)


def one_hot(part):
    """Return a part with one-hot labels, float (n, 10)."""
    images, labels = part
    return images, keras.utils.to_categorical(labels, 10)


def score_network(network, parts):
    """Return what `score` does, with dropout and shifts off."""
    return score(partial(network.predict, verbose=0), parts)


def score(predict, parts):
    """Return the accuracy on each part and the plain cross-entropy, but that of validation pictures.

    Args:
        predict: a function from pictures to probabilities (n, 10), or to classes (n,), of which there is no
            cross-entropy.
        parts: a dict by name; the last is judged by picture.

    Returns:
        dict: training_accuracy, training_loss and so on, by the parts' names; test_right, of the last part.
    """
    found = {}
    for part, (images, labels) in parts.items():
        given = predict(images)
        right = (given.argmax(axis=1) if given.ndim == 2 else given) == labels
        found[f"{part}_accuracy"] = float(np.mean(right))
        if part != "val" and given.ndim == 2:
            told = np.clip(given[np.arange(len(labels)), labels], 1e-7, 1)
            found[f"{part}_loss"] = float(-np.log(told).mean())
    return {**found, "test_right": pack_answers(right)}
