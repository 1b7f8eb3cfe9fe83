"""How the studies of clothes train and score."""

import keras
import numpy as np
import pytest
from keras.callbacks import EarlyStopping

from pixvox.compare import unpack_answers
from pixvox.models import clothes as models
from pixvox_studies.fashion import pictures, training


def test_stopping_early_brings_back_the_best_weights():
    """Where validation labels are wrong, whatever is learnt makes the validation loss rise."""
    fit, (x_val, y_val), _ = pictures.load_split("full", 0)
    wrong = (x_val, (y_val + 1) % 10)
    keras.utils.set_random_seed(0)
    network = keras.Sequential(
        [keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    )
    network.compile(keras.optimizers.Adam(0.003), "categorical_crossentropy", metrics=["accuracy"])
    stop = EarlyStopping(patience=2, restore_best_weights=True)
    history, _ = training.fit(network, (fit, wrong), 8, epochs=12, callbacks=[stop])
    assert 3 <= len(history["loss"]) < 12
    loss = network.evaluate(x_val, keras.utils.to_categorical(wrong[1], 10), verbose=0)[0]
    assert loss == pytest.approx(min(history["val_loss"]), rel=1e-4)
    assert loss < history["val_loss"][-1]


def test_the_loss_is_the_plain_cross_entropy():
    parts = dict(zip(training.PARTS, pictures.load_split("full", 0), strict=True))
    network = models.build_leaky_convnet()
    network.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    found = training.score_network(network, parts)
    loss, accuracy = network.evaluate(*parts["fresh"], verbose=0)
    assert found["fresh_loss"] == pytest.approx(loss, rel=1e-4)
    assert found["fresh_accuracy"] == pytest.approx(accuracy)


def test_classes_without_probabilities_have_no_loss():
    labels = np.arange(8)
    parts = {"training": (labels, labels), "test": (labels, np.where(labels < 6, labels, 0))}
    found = training.score(lambda x: x, parts)
    assert set(found) == {"training_accuracy", "test_accuracy", "test_right"}
    assert (found["training_accuracy"], found["test_accuracy"]) == (1.0, 0.75)
    assert unpack_answers(found["test_right"], 8).tolist() == [True] * 6 + [False] * 2
