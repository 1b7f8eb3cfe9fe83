"""What the checks on Fashion-MNIST say to right and wrong answers."""

import math
import random

import numpy as np
from keras import Sequential, layers
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import fashion as exercises


def loop_over_window(weights):
    most = 0.0
    for row in range(weights.shape[0]):
        for column in range(weights.shape[1]):
            most += max(weights[row, column], 0)
    return -most


def recall_precision(matrix):
    right = np.diag(matrix)
    return right / matrix.sum(axis=1), right / matrix.sum(axis=0)


def over_classes(matrix, classes=None):
    rows, columns = [], []
    for k in range(classes or len(matrix)):
        rows.append(matrix[k, k] / sum(matrix[k, j] for j in range(classes or len(matrix))))
        columns.append(float(matrix[k, k] / sum(matrix[j, k] for j in range(classes or len(matrix)))))
    return [rows, columns]


def spoil(labels, share, seed, low=1, high=10, new=None, replace=False, count=round):
    rng, spoilt = np.random.default_rng(seed), labels.copy()
    places = rng.choice(len(labels), count(share * len(labels)), replace=replace)
    if new is None:
        spoilt[places] = (labels[places] + rng.integers(low, high, len(places))) % 10
    else:
        spoilt[places] = new(labels[places], rng)
    return spoilt


def spoil_in_a_loop(labels, share, seed):
    drawn, spoilt = random.Random(seed), [int(label) for label in labels]
    for place in drawn.sample(range(len(spoilt)), round(share * len(spoilt))):
        spoilt[place] = drawn.choice([label for label in range(10) if label != spoilt[place]])
    return spoilt


def in_place(labels, share, seed):
    labels[:] = spoil(labels, share, seed)
    return labels


def below_nine(labels, rng):
    drawn = rng.integers(0, 9, len(labels))
    while (drawn == labels).any():
        drawn = np.where(drawn == labels, rng.integers(0, 9, len(labels)), drawn)
    return drawn


def each_by_itself(labels, share, seed):
    rng = np.random.default_rng(seed)
    others = (labels + rng.integers(1, 10, len(labels))) % 10
    return np.where(rng.random(len(labels)) < share, others, labels)


def first_ones(labels, share, seed):
    count = round(share * len(labels))
    return np.concatenate([spoil(labels[:count], 1.0, seed), labels[count:]])


def network(*stack):
    return Sequential([layers.Input((28, 28, 1)), *stack])


def convnet(middle, classes=10, activation="softmax"):
    return network(layers.Conv2D(8, 3), *middle, layers.Dense(classes, activation=activation))


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_steps: [
            (lambda n, batch, epochs: epochs * ((n - 1) // batch + 1), RIGHT),
            (lambda n, batch, epochs: epochs * (n // batch), "last batch"),
            (lambda n, batch, epochs: -(-n * epochs // batch), "in every epoch"),
        ],
        exercises.check_dead_bias: [
            (lambda weights: -weights[weights > 0].sum(), RIGHT),
            (loop_over_window, RIGHT),
            (lambda weights: weights[2, 2], "any shape"),
            (lambda weights: -sum(max(w, 0) for row in weights.tolist() for w in row), RIGHT),
            (lambda weights: np.maximum(weights, 0).sum(), "wakes the unit up"),
            (lambda weights: 0.0, "suits the unit best"),
            (lambda weights: -np.abs(weights).sum(), "A larger bias would do"),
        ],
        exercises.check_recall_precision: [
            (recall_precision, RIGHT),
            (over_classes, RIGHT),
            (lambda matrix: np.float32(recall_precision(matrix)), RIGHT),
            (lambda matrix: over_classes(matrix, 10), "any shape"),
            (lambda matrix: np.transpose(recall_precision(matrix)), "got the shape (3, 2)"),
            (lambda matrix: recall_precision(matrix)[::-1], "other way round"),
            (lambda matrix: (np.diag(matrix), np.diag(matrix)), "Recall"),
            (lambda matrix: (recall_precision(matrix)[0],) * 2, "Precision"),
        ],
        exercises.check_smooth_labels: [
            (lambda labels, amount: (1 - amount) * np.eye(10)[labels] + amount / 10, RIGHT),
            (lambda labels, amount: np.eye(labels.max() + 1)[labels], "(3, 10), got the shape (3, 9)"),
            (lambda labels, amount: np.eye(10)[labels] + amount / 10, "sum to 1"),
            (lambda labels, amount: np.where(np.eye(10)[labels] == 1, 1 - amount, amount / 9), "a / 10"),
        ],
        exercises.check_spoil: [
            (spoil, RIGHT),
            (spoil_in_a_loop, RIGHT),
            (lambda *case: spoil(*case).astype(np.uint8), RIGHT),
            (lambda *case: spoil(*case).astype(float).tolist(), RIGHT),
            (in_place, "work on a copy"),
            (lambda *case: spoil(*case, low=0), "the nine others"),
            (lambda *case: spoil(*case, high=9), "never takes some"),
            (lambda *case: spoil(*case, new=lambda labels, rng: below_nine(labels, rng)), "never takes some"),
            (lambda *case: spoil(*case, new=lambda labels, rng: rng.permutation(labels)), "the nine others"),
            (lambda *case: spoil(*case, new=lambda labels, rng: (labels + 1) % 10), "moves all alike"),
            (lambda *case: spoil(*case, new=lambda labels, rng: rng.integers(10)), "moves all alike"),
            (lambda *case: spoil(*case, new=lambda labels, rng: labels + 1 + rng.integers(9)), "0 to 9"),
            (lambda *case: spoil(*case, replace=True), "without replacement"),
            (lambda *case: spoil(*case, replace=True, low=0), "without replacement"),
            (lambda *case: spoil(*case, count=lambda number: int(number)), "200 of 999"),
            (lambda *case: spoil(*case, count=math.ceil), "400 of 1,001"),
            (lambda *case: spoil(*case, count=lambda number: 0), "round(share * n)"),
            (each_by_itself, "neither more nor fewer"),
            (lambda labels, share, seed: spoil(labels, share, None), "The same seed"),
            (lambda labels, share, seed: spoil(labels, share, 0), "Another seed"),
            (first_ones, "always the same"),
            (lambda labels, share: labels, "TypeError"),
            (lambda labels, share, seed: labels[labels > 4], "the shape"),
        ],
        exercises.check_small_convnet: [
            (convnet([layers.GlobalAveragePooling2D()]), RIGHT),
            (Sequential([convnet([layers.GlobalAveragePooling2D()])]), RIGHT),
            (convnet([layers.Flatten(), layers.Dense(128, name="large")]), "in the layer 'large'"),
            (convnet([layers.GlobalAveragePooling2D()], classes=3), "(2, 10)"),
            (convnet([layers.GlobalAveragePooling2D()], activation=None), "which activation"),
            (convnet([layers.GlobalAveragePooling2D(), layers.Rescaling(0.0)]), "whatever it sees"),
            (network(layers.Flatten(), layers.Dense(10, "softmax")), "Keep a convolution"),
        ],
    }
)
