"""Each check is silent on an untouched answer, gives a hint for a wrong one and accepts a right one."""

import numpy as np
import pytest
from support.exercise_answers import accept, hint, keep_silent

from pixvox.exercises import fashion as exercises


def steps_of(pictures, batch_size, epochs):
    return epochs * -(-pictures // batch_size)


def dead_bias(weights):
    return -np.maximum(weights, 0).sum()


def recall_precision(matrix):
    right = np.diag(matrix)
    return right / matrix.sum(axis=1), right / matrix.sum(axis=0)


def smooth(labels, amount):
    return (1 - amount) * np.eye(10)[labels] + amount / 10


def convnet(filters, *, dense=0, flatten=False, classes=10):
    from keras import Sequential, layers

    stack = [layers.Input((28, 28, 1)), layers.Conv2D(filters, 3, activation="relu")]
    stack.append(layers.Flatten() if flatten else layers.GlobalAveragePooling2D())
    stack += [layers.Dense(dense, name="large")] if dense else []
    return Sequential([*stack, layers.Dense(classes, activation="softmax")])


RIGHT = {
    exercises.check_steps: steps_of,
    exercises.check_dead_bias: dead_bias,
    exercises.check_recall_precision: recall_precision,
    exercises.check_smooth_labels: smooth,
}
WRONG = [
    (exercises.check_steps, lambda n, batch, epochs: epochs * (n // batch), "last batch"),
    (exercises.check_dead_bias, lambda weights: 0.0, "still gives"),
    (exercises.check_dead_bias, lambda weights: -np.abs(weights).sum(), "larger bias would do"),
    (exercises.check_recall_precision, lambda matrix: recall_precision(matrix)[::-1], "other way round"),
    (exercises.check_recall_precision, lambda matrix: (np.diag(matrix), np.diag(matrix)), "Recall"),
    (
        exercises.check_recall_precision,
        lambda matrix: (recall_precision(matrix)[0], recall_precision(matrix)[0]),
        "Precision",
    ),
    (exercises.check_recall_precision, lambda matrix: (0.5, 0.5), "two arrays"),
    (exercises.check_smooth_labels, lambda labels, amount: np.eye(10), "shape"),
    (exercises.check_smooth_labels, lambda labels, amount: np.eye(10)[labels] + amount / 10, "sum to 1"),
    (
        exercises.check_smooth_labels,
        lambda labels, amount: np.where(np.eye(10)[labels] == 1, 1 - amount, amount / 9),
        "right class should have",
    ),
]
UNTOUCHED = [
    (exercises.check_steps, lambda *case: None),
    (exercises.check_dead_bias, lambda weights: None),
    (exercises.check_recall_precision, lambda matrix: None),
    (exercises.check_smooth_labels, lambda labels, amount: None),
    (exercises.check_small_convnet, None),
]


@pytest.fixture(autouse=True)
def relaxed(monkeypatch):
    monkeypatch.delenv("PIXVOX_STRICT", raising=False)


@pytest.mark.parametrize("check", RIGHT)
def test_a_right_answer_is_accepted(check, capsys):
    accept(check, RIGHT[check], capsys)


@pytest.mark.parametrize(("check", "answer", "expected"), WRONG)
def test_a_wrong_answer_gets_a_hint_and_raises_only_when_strict(check, answer, expected, capsys, monkeypatch):
    hint(check, answer, expected, capsys, monkeypatch)


@pytest.mark.parametrize(("check", "answer"), UNTOUCHED)
def test_an_untouched_answer_is_met_with_silence(check, answer, capsys, monkeypatch):
    keep_silent(check, answer, capsys, monkeypatch)


def test_a_small_convnet_is_small_and_a_convnet(capsys):
    from keras import Sequential, layers

    exercises.check_small_convnet(convnet(8))
    assert capsys.readouterr().out == "Right.\n"
    exercises.check_small_convnet(convnet(8, dense=128, flatten=True))
    assert "in the layer 'large'" in capsys.readouterr().out
    exercises.check_small_convnet(convnet(8, classes=3))
    assert "ten probabilities" in capsys.readouterr().out
    linear = [layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")]
    exercises.check_small_convnet(Sequential(linear))
    assert "Keep a convolution" in capsys.readouterr().out
