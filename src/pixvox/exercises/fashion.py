"""Checks of the exercises on Fashion-MNIST."""

import numpy as np

from pixvox.exercises.checking import Hint, ask_model, call, compared, exercise, to_array

RNG = np.random.default_rng(0)
LABELS = np.random.default_rng(1).integers(0, 10, 1_001)


@compared(
    cases=[(48_000, 64, 20), (48_000, 256, 20), (1_600, 64, 20), (100, 30, 1)],
    usual="A last batch that is not full is a step too, in every epoch.",
)
def check_steps(pictures, batch_size, epochs):
    """Check `steps_of(pictures, batch_size, epochs)`: how often a training changes the weights."""
    return epochs * -(-pictures // batch_size)


@compared(
    cases=[RNG.normal(size=(3, 3)), RNG.normal(size=(5, 5)), np.array([[-1.0, -2.0]])],
    mistakes={
        "A larger bias would do too: what does a weight below 0 add?": [lambda w: -np.abs(w).sum()],
        "Such a bias wakes the unit up: the sum and the bias together must not be above 0.": [
            lambda w: np.maximum(w, 0).sum()
        ],
    },
    usual="Which patch of numbers from 0 to 1 suits the unit best? Think of each weight's sign.",
)
def check_dead_bias(weights):
    """Check `dead_bias(weights)`: the largest bias with which a ReLU unit is 0 for every patch in 0..1.

    The weights are those of a window, (rows, columns).
    """
    return -np.maximum(weights, 0).sum()


@compared(
    cases=[
        np.array([[6, 3, 1], [2, 7, 1], [0, 2, 8]]),
        RNG.integers(1, 30, (10, 10)) + 40 * np.eye(10, dtype=int),
    ],
    mistakes={"These are the right numbers, the other way round: a row is a true class.": [{"axes": (0, 1)}]},
    usual="Recall: of the pictures that are of a class (a row), the share that was said to be. Precision: of "
    "those said to be of it (a column), the share that is.",
)
def check_recall_precision(matrix, axes=(1, 0)):
    """Check `recall_precision(matrix)`: two arrays (n,), from the counts (n, n) of any number of classes.

    A row is a true class, a column what was said.
    """
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


@exercise
def check_spoil(answer):
    """Check `spoil(labels, share, seed)`: a copy of labels 0..9, (n,), of which round(share * n) are wrong.

    Which, is drawn without replacement; each becomes one of the nine other classes at random. The same seed
    gives the same copy.
    """
    for count, share in ((1_001, 1.0), (1_001, 0.4), (999, 0.2), (10, 0.0)):
        labels = LABELS[:count]
        first, again, other = (_spoilt(answer, labels, share, seed) for seed in (1, 1, 2))
        _judge_spoilt(labels, first, share)
        if not np.array_equal(first, again):
            raise Hint("The same seed should give the same labels: draw from np.random.default_rng(seed).")
        if share and np.array_equal(first, other):
            raise Hint("Another seed should give other labels: draw from np.random.default_rng(seed).")
        if 0 < share < 1 and np.array_equal(first == labels, other == labels):
            raise Hint("Which labels are spoilt should be drawn at random too: yours are always the same.")


def _spoilt(answer, labels, share, seed):
    """Return the learner's labels: whole numbers 0..9, as many as were given."""
    given = to_array(call(answer, labels, share, seed), labels).astype(int)
    if given.min() < 0 or given.max() > 9:
        raise Hint(f"The ten classes are 0 to 9, yours go from {given.min()} to {given.max()}.")
    return given


def _judge_spoilt(labels, given, share):
    """Raise a hint where not so many labels as asked for differ, or where what they became was not drawn."""
    changed, wanted = np.flatnonzero(given != labels), round(share * len(labels))
    steps = (given - labels)[changed] % 10
    if len(changed) > 1 and (len({*steps}) == 1 or len({*given[changed]}) == 1):
        raise Hint("Draw another class for each label anew: yours moves all alike.")
    if len(changed) != wanted:
        hint = "Wanted are round(share * n), neither more nor fewer."
        if share == 1 and len(changed) > 0.8 * wanted:
            hint = "A class drawn out of ten is the right one now and then: draw from the nine others."
        elif share == 1 and len(changed) > 0.5 * wanted:
            hint = "Some are drawn twice: draw without replacement."
        told = f"should differ, in yours {len(changed):,} do"
        raise Hint(f"With a share of {share} {wanted:,} of {len(labels):,} labels {told}. {hint}")
    if share == 1 and (len({*steps}) < 9 or len({*given}) < 10):
        raise Hint("Each of the nine other classes should come up: yours never takes some of them.")
