"""Checks of the exercises on transfer learning."""

import numpy as np
from scipy.special import expit, softmax

from pixvox.exercises.checking import Hint, call, compare, compared, exercise, show, to_array

BLOCK5, LAST = 3 * (3 * 3 * 512 * 512 + 512), 256 + 256 + 1  # parameters; 256 biases, and one unit
HEAD = 4 * 4 * 512 * 256 + LAST
NAMES = ["stem", "norm", "conv2", "conv1", "add", "pool"]  # not by the alphabet
PICTURES = np.random.default_rng(0).uniform(size=(5, 8, 8, 3))
MEANS = np.array([103.939, 116.779, 123.68], np.float32)  # of ImageNet: blue, green, red


@compared(
    mistakes={
        "That is block5 alone. The head trains with it.": [BLOCK5],
        "That is the head alone. block5's three convolutions train with it.": [HEAD],
        "That is the whole base with the head. Blocks 1 to 4 stay frozen.": [14_714_688 + HEAD],
        "Those are tensors: count the numbers in them.": [10],
        "Flatten hands on 4 x 4 x 512.": [BLOCK5 + n * 512 * 256 + LAST for n in (1, 5 * 5)],
        "The last unit trains too.": [BLOCK5 + HEAD - 257],
    },
    usual="A convolution has 3 x 3 x 512 x 512 weights and 512 biases; the first dense layer has 8,192 x 256 "
    "weights and 256 biases.",
)
def check_tuned_numbers():
    """Check how many numbers P4's fine-tuning at 150 pixels may change: 9,177,089."""
    return BLOCK5 + HEAD


@compared(
    cases=[
        (NAMES, [0.89, 0.935, 0.6, 0.95, 0.93, 0.9], 0.03),
        (NAMES, [0.5, 0.7, 0.72, 0.805, 0.85, 0.9], 0.1),
        (NAMES[:4], [0.25, 0.75, 0.875, 0.8], 0.125),  # just the tolerance, and exact in binary
        (NAMES[:4], [0.9, 0.7, 0.7, 0.909], 0.01),
    ],
    mistakes={
        "That is the best: one before it may be near enough.": [{"pick": max, "by": 1}],
        "That is the last one near enough: take the earliest.": [{"pick": max}],
        "Just the tolerance below the best is near enough: <=.": [{"least": lambda a, t: max(a) - t + 1e-9}],
        "Which is earliest, the list says: neither accuracy nor alphabet.": [{"by": 1}, {"by": 2}],
        "The tolerance is a difference, not a share.": [{"least": lambda a, t: max(a) * (1 - t)}],
        "The best is the highest accuracy, not the last.": [{"least": lambda a, t: a[-1] - t}],
        "Compare with the best, not with the next.": [
            lambda names, accuracies, t: names[[*(np.diff(accuracies) <= t), True].index(True)]
        ],
    },
    usual="From the first layer on: is it within the tolerance of the best?",
)
def check_choose_cut(names, accuracies, tolerance, pick=min, by=0, least=lambda a, t: max(a) - t):
    """Check `choose_cut(names, accuracies, tolerance)`: the earliest layer within tolerance of the best."""
    layers = zip(range(len(names)), accuracies, names, strict=True)
    near = [layer for layer in layers if layer[1] >= least(accuracies, tolerance)]
    return pick(near, key=lambda layer: layer[by])[2]


@exercise
def check_build_on(answer):
    """Check `build_on(base, num_classes)`: the base, frozen, its maps' means and a dense softmax layer."""
    for side, classes in ((8, 3), (None, 4)):
        base = _build_base(side)
        _judge(call(answer, base, classes), base, classes)


@exercise
def check_swap_head(answer):
    """Check `swap_head(model, num_classes)`: a new softmax layer on the old model's base, which is kept."""
    from keras import Input, Model, layers

    base = _build_base(8)
    base.trainable = False
    means = layers.GlobalAveragePooling2D()(base(inputs := Input((8, 8, 3))))
    old = Model(inputs, layers.Dense(2, activation="softmax")(means))

    def look():
        return [layer.trainable for layer in old.layers], np.array(old(PICTURES, training=False))

    before, new = look(), call(answer, old, 4)
    if not all(map(np.array_equal, before, look())):
        raise Hint("The old model has changed. Leave its layers as they are, and build a new model.")
    if any(weights is kept for weights in getattr(new, "weights", []) for kept in old.layers[-1].weights):
        raise Hint("The old head is still in it. Begin with what goes into that: model.layers[-2].output.")
    _judge(new, base, 4)


def _build_base(side):
    """Build a base from pictures of any size (None) or 8 pixels to five maps, with a normalisation."""
    from keras import Input, Model, initializers, layers

    weights = {"kernel_initializer": initializers.HeNormal(seed=1)}  # both signs are among the maps
    x = layers.Conv2D(4, 3, **weights)(inputs := Input((side, side, 3)))
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return Model(inputs, layers.Conv2D(5, 3, **weights)(x))


def _judge(network, base, classes):
    """Raise a hint unless it is this base, frozen, the mean of each map, and a dense softmax layer."""
    from keras import Model

    if not isinstance(network, Model):
        raise Hint(f"Expected a keras.Model, got {show(network)}.")
    pictures = PICTURES[:, :, : base.input_shape[2] or 7]
    said = call(lambda pictures: np.asarray(network(pictures, training=False)), pictures)
    if said.ndim == 4:
        raise Hint("The answers are still maps: take the mean of each map before the dense layer.")
    said = to_array(said, np.zeros((5, classes)))
    if {id(weights) for weights in base.weights} - {id(weights) for weights in network.weights}:
        raise Hint("The given base is not in it. Call that one, no copy.")
    if any(layer.trainable for layer in base.layers if layer.weights):
        raise Hint("The base is not frozen: base.trainable = False.")
    maps, trained = np.asarray(base(pictures)), network.trainable_weights
    shapes = [tuple(weights.shape) for weights in trained]
    if maps[0].size in sum(shapes, ()):
        raise Hint("Flatten keeps every place: take the mean of each map instead.")
    if shapes != [(5, classes), (classes,)]:
        raise Hint(f"Only (5, {classes}) weights and {classes} biases should train, yours: {show(shapes)}.")
    kernel, bias = map(np.asarray, trained)
    means, highest = (reduce(maps, axis=(1, 2)) @ kernel + bias for reduce in (np.mean, np.max))
    mistakes = {
        "The dense layer has no activation: softmax.": [means],
        "With sigmoid they do not sum to 1: softmax.": [expit(means)],
        "That is the highest number of each map: take the mean.": [softmax(highest, axis=1)],
    }
    usual = "Expected the base, the mean of each map, one dense layer with softmax, and nothing else."
    compare(said, lambda: softmax(means, axis=1), mistakes=mistakes, usual=usual, tolerance=0.01)


@exercise
def check_vgg_input(answer):
    """Check `vgg_input(pictures)`: uint8 RGB (n, height, width, 3) to float32 BGR less ImageNet's means."""
    pictures = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)
    right = pictures[..., ::-1] - MEANS
    mistakes = {
        "The means are in the new order, the colours are not: reverse the last axis.": [pictures - MEANS],
        "Each colour has lost its mean, but blue comes first.": [pictures - MEANS[::-1]],
        "Each mean went to the wrong colour: blue comes first.": [right + MEANS - MEANS[::-1]],
        "Nothing was subtracted.": [right + MEANS, pictures],
        "Do not divide: they stay as large.": [x / 255 for x in (right, right + MEANS, right - 254 * MEANS)],
        "That turns the picture: colours are the last axis.": [
            np.flip(pictures, i) - MEANS for i in range(3)
        ],
    }
    usual = "Blue, green, red, and float32 before their means are subtracted."
    compare(answer, lambda _: right, cases=[pictures], mistakes=mistakes, usual=usual)
    kind = np.asarray(call(answer, pictures)).dtype
    if kind != np.float32:
        raise Hint(f"The numbers are right. Expected them as float32, got {kind}.")
