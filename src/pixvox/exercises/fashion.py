"""Checks of the exercises on Fashion-MNIST."""

import numpy as np

from pixvox.exercises.checking import Hint, ask_model, compared, exercise

RNG = np.random.default_rng(0)


@compared(
    cases=[(48_000, 64, 20), (48_000, 256, 20), (1_600, 64, 20), (100, 30, 1)],
    usual="A last batch that is not full is a step too, in every epoch.",
)
def check_steps(pictures, batch_size, epochs):
    """Check `steps_of(pictures, batch_size, epochs)`: how often a training changes the weights."""
    return epochs * -(-pictures // batch_size)


@compared(
    cases=[RNG.normal(size=(3, 3)), RNG.normal(size=(5, 5)), np.array([[-1.0, -2.0]])],
    mistakes={"A larger bias would do too: what does a weight below 0 add?": [lambda w: -np.abs(w).sum()]},
    usual="Which patch of numbers from 0 to 1 suits the unit best? Think of each weight's sign.",
)
def check_dead_bias(weights):
    """Check `dead_bias(weights)`: the largest bias with which a ReLU unit is 0 for every patch in 0..1.

    The weights are those of a window, (rows, columns).
    """
    return -np.maximum(weights, 0).sum()


@compared(
    cases=[*(RNG.integers(1, 30, (3, 10, 10)) + 40 * np.eye(10, dtype=int))],
    mistakes={"These are the right numbers, the other way round: a row is a true class.": [{"axes": (0, 1)}]},
    usual="Recall: of the pictures that are of a class (a row), the share that was said to be. Precision: of "
    "those said to be of it (a column), the share that is.",
)
def check_recall_precision(matrix, axes=(1, 0)):
    """Check `recall_precision(matrix)`: two arrays (10,), from the counts (10, 10) of ten classes."""
    return np.stack([np.diag(matrix) / matrix.sum(axis=axis) for axis in axes])


@compared(
    cases=[(np.array([3, 0, 8]), amount) for amount in (0.0, 0.1, 0.5)],  # of ten classes; none is a 9
    mistakes={"Each row should sum to 1: what the right class loses, all ten share.": [{"lost": 0}]},
    usual="With an amount of a the right class should have 1 - a + a / 10 and each other class a / 10.",
)
def check_smooth_labels(labels, amount, lost=1):
    """Check `smooth(labels, amount)`: one-hot rows (n, 10) with `amount` spread over ten classes."""
    return (1 - lost * amount) * np.eye(10)[labels] + amount / 10


@exercise
def check_small_convnet(answer):
    """Check a model from (28, 28, 1) to ten probabilities of a convnet with 100,000 parameters at most."""
    probabilities = ask_model(answer, RNG.uniform(size=(2, 28, 28, 1)).astype(np.float32))
    if not (probabilities.min() >= 0 and np.allclose(probabilities.sum(axis=1), 1, atol=1e-4)):
        raise Hint("Expected ten probabilities a picture: which activation makes them?")
    if np.array_equal(*probabilities):
        raise Hint("The model gives the same answer whatever it sees.")
    if answer.count_params() > 100_000:
        largest = max(answer.layers, key=lambda layer: layer.count_params())
        most = f"Of {answer.count_params():,} parameters {largest.count_params():,} are in the layer"
        raise Hint(f"{most} {largest.name!r}. What feeds that layer, and what could make it shorter?")
