"""What the checks on Fashion-MNIST say to right and wrong answers."""

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


def over_ten(matrix):
    shares = [(matrix[k, k] / matrix[k].sum(), matrix[k, k] / matrix[:, k].sum()) for k in range(10)]
    return np.array(shares).T


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
            (lambda weights: 0.0, "suits the unit best"),
            (lambda weights: -np.abs(weights).sum(), "A larger bias would do"),
        ],
        exercises.check_recall_precision: [
            (recall_precision, RIGHT),
            (over_ten, RIGHT),
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
