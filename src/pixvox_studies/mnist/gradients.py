"""Activations: how much of a gradient comes through ten layers, by the size of the initial weights.

The gain of weights is their variance times the inputs of a layer. All is NumPy, in float64, on made-up
pictures; nothing is trained.
"""

import numpy as np

from pixvox_studies import common

DEPTH, WIDTH, PIXELS = 10, 100, 28 * 28
INK = 0.2  # of the pixels, as in a digit; the others are 0
GAINS = tuple(2.0**power for power in range(-2, 9))  # 1/4 to 256

FUNCTIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}
SLOPES = {  # derivatives, from what the function gave
    "relu": lambda a: a > 0,
    "tanh": lambda a: 1 - a * a,
    "sigmoid": lambda a: a * (1 - a),
}
USUAL = {  # variance of a weight, of the inputs and outputs of its layer
    "relu": lambda inputs, outputs: 2 / inputs,  # K. He et al., arXiv:1502.01852
    "tanh": lambda inputs, outputs: 2 / (inputs + outputs),  # X. Glorot and Y. Bengio, AISTATS 2010
    "sigmoid": lambda inputs, outputs: 2 / (inputs + outputs),
}


def measure_gradients(setting, seed, work_dir):
    """Measure how much of a gradient reaches the first of ten layers with one activation.

    Returns:
        dict: gains, `GAINS`; ratio, a list: the length of the gradient at the first layer over that at the
        last, at each of these gains; usual, the same ratio with weights as they are usually drawn: He's for
        ReLU (gain 2), Glorot's for the others (gain 1; in the first layer, which has more inputs, 1.77).
    """
    activation = setting["activation"]
    variance = common.look_up(USUAL, activation)
    ratio = [passed(activation, lambda inputs, _, gain=gain: gain / inputs, seed) for gain in GAINS]
    return {"gains": GAINS, "ratio": ratio, "usual": passed(activation, variance, seed)}


def passed(activation, variance, seed):
    """Return the length of the gradient at the first layer over that at the last.

    The gradient that comes in at the last layer has a random direction, as it pulls some outputs up and
    others down. With ones in its place, which pull all the same way, ReLU's ratio is 2.6 times as large,
    and the others' are much the same.

    Args:
        activation: a key of `FUNCTIONS`.
        variance: of a weight, a function of the inputs and outputs of its layer.
        seed: of the picture, the weights and the gradient.
    """
    rng = np.random.default_rng(seed)
    picture = rng.uniform(size=PIXELS) * (rng.uniform(size=PIXELS) < INK)
    sides = [PIXELS, *[WIDTH] * DEPTH]
    shapes = zip(sides[:-1], sides[1:], strict=True)
    weights = [rng.normal(0, np.sqrt(variance(*shape)), shape) for shape in shapes]
    first, *_, last = layer_gradients(activation, picture, weights, rng.normal(size=WIDTH))
    return np.linalg.norm(first) / np.linalg.norm(last)


def layer_gradients(activation, picture, weights, gradient):
    """Return the gradient at each layer's sums, before the activation, first to last.

    Args:
        activation: a key of `FUNCTIONS`.
        picture: (inputs,).
        weights: a list of (inputs, outputs), a layer each.
        gradient: (outputs of the last layer,), by what the last layer gives.
    """
    signal, slopes = picture, []
    for matrix in weights:
        signal = FUNCTIONS[activation](signal @ matrix)
        slopes.append(SLOPES[activation](signal))
    found = []
    for matrix, slope in zip(reversed(weights), reversed(slopes), strict=True):
        found.insert(0, gradient * slope)
        gradient = matrix @ found[0]
    return found
