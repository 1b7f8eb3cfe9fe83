"""Checks of lesson 02's exercises; as in `pixvox.exercises`, untouched answers are met with silence."""

import numpy as np

from pixvox.exercises.checking import say


def check_steps(answer):
    """Check `steps(pictures, batch_size, epochs)`, the number of changes of the weights in a training.

    Args:
        answer: a function of three whole numbers that returns a whole number.
    """
    cases = {(48_000, 64, 20): 15_000, (48_000, 256, 20): 3_760, (1_600, 64, 20): 500, (100, 30, 1): 4}
    given = {case: answer(*case) for case in cases}
    if any(value is None for value in given.values()):
        return
    for case, steps in cases.items():
        if given[case] != steps:
            hint = f"steps{case} should be {steps:,}, yours gives {given[case]}."
            return say(False, f"{hint} A last batch that is not full is a step too, in every epoch.")
    return say(True, "")


def check_dead_bias(answer):
    """Check `dead_bias(weights)`: the largest bias with which a ReLU unit is 0 for every picture in 0..1.

    Args:
        answer: a function of an array of weights, of any shape, that returns a number.
    """
    rng = np.random.default_rng(0)
    for weights in (rng.normal(size=(3, 3)), rng.normal(size=784), np.array([-1.0, -2.0])):
        bias = answer(weights)
        if bias is None:
            return
        most = float(np.maximum(weights, 0).sum())  # of the sum, for the picture that suits the unit best
        if most + float(bias) > 1e-6:
            return say(
                False,
                f"With a bias of {float(bias):.3f} some picture still gives {most + float(bias):.3f}. Which "
                "picture of numbers from 0 to 1 suits the unit best? Think of each weight's sign.",
            )
        if most + float(bias) < -1e-6:
            return say(False, f"The unit is dead, but a larger bias would do too, down from {-most:.3f}.")
    return say(True, "")


def check_recall_precision(answer):
    """Check `recall_precision(matrix)` on three confusion matrices whose rows are the true classes.

    Args:
        answer: a function of (classes, classes) counts that returns two arrays (classes,), in 0..1.
    """
    rng = np.random.default_rng(0)
    for classes in (2, 3, 10):
        matrix = rng.integers(1, 30, (classes, classes)) + 40 * np.eye(classes, dtype=int)
        given = answer(matrix.copy())
        if given is None:
            return
        right = np.diag(matrix)
        recall, precision = (right / matrix.sum(axis=axis) for axis in (1, 0))
        if len(given) != 2 or any(np.shape(part) != (classes,) for part in given):
            return say(False, f"Expected two arrays of {classes} numbers for {classes} classes.")
        if np.allclose(given[0], precision) and np.allclose(given[1], recall):
            return say(False, "These are the right numbers, the other way round: a row is a true class.")
        if not np.allclose(given[0], recall):
            hint = "Recall: of the pictures that are of a class (a row), the share that was said to be."
            return say(False, hint)
        if not np.allclose(given[1], precision):
            hint = "Recall is right. Precision: of those said to be of a class (a column), the share that is."
            return say(False, hint)
    return say(True, "")


def check_smooth_labels(answer):
    """Check `smooth(labels, amount)`: one-hot rows with `amount` spread evenly over the ten classes.

    Args:
        answer: a function of whole numbers (n,) and a number in 0..1 that returns (n, 10).
    """
    labels = np.array([3, 0, 9])
    for amount in (0.0, 0.1, 0.5):
        given = answer(labels, amount)
        if given is None:
            return
        wanted = (1 - amount) * np.eye(10)[labels] + amount / 10
        if np.shape(given) != wanted.shape:
            return say(False, f"Expected the shape {wanted.shape}, got {np.shape(given)}.")
        if not np.allclose(np.sum(given, axis=1), 1):
            return say(False, "Each row should sum to 1: what the right class loses, all ten share.")
        if not np.allclose(given, wanted, atol=1e-6):
            hint = f"With {amount}, the right class should have {1 - amount + amount / 10:.2f}"
            return say(False, f"{hint} and each other class {amount / 10:.2f}.")
    return say(True, "")


def check_small_convnet(answer):
    """Check a model from (28, 28, 1) to ten probabilities with a convolution and 100,000 parameters at most.

    Args:
        answer: a Keras model, or None.
    """
    if answer is None:
        return
    probabilities = np.asarray(answer.predict(np.zeros((2, 28, 28, 1), dtype=np.float32), verbose=0))
    if probabilities.shape != (2, 10) or not np.allclose(probabilities.sum(axis=1), 1, atol=1e-4):
        return say(False, "Expected ten probabilities a picture, from pictures (28, 28, 1).")
    kinds = {type(layer).__name__ for layer in answer.layers}
    if not any("Conv" in kind for kind in kinds):
        return say(False, "Keep a convolution: without one it is another kind of network.")
    largest = max(answer.layers, key=lambda layer: layer.count_params())
    say(
        answer.count_params() <= 100_000,
        f"It has {answer.count_params():,} parameters, {largest.count_params():,} of them in the layer "
        f"{largest.name!r}. What feeds that layer, and what could make it shorter?",
    )
