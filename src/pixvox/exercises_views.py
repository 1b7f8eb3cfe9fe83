"""For lesson 05's check of two views: a model that tells left from right, and what an answer makes of it."""

from functools import cache

import numpy as np


@cache
def build_one_sided():
    """Build a model of (6, 8, 3) pictures, 0 to 255, that tells all places and channels apart.

    As in lesson 05's own network, the light of the pictures changes unless the model is told that this
    is no training.
    """
    from keras import Sequential, layers

    model = Sequential(
        [
            layers.Input((6, 8, 3)),
            layers.RandomBrightness(0.5, value_range=(0, 255)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    weights = np.random.default_rng(2).normal(size=(144, 1)).astype(np.float32)
    model.set_weights([weights, np.array([0.3], np.float32)])
    return model


def answer_one_view(images):
    """Compute what that model answers, without it.

    Args:
        images: (n, 6, 8, 3), 0 to 255, whole numbers or floats.

    Returns:
        floats (n,), 0 to 1.
    """
    weights, bias = build_one_sided().get_weights()
    sums = np.reshape(images, (len(images), -1)).astype(np.float64) / 255 @ weights[:, 0] + bias
    return 1 / (1 + np.exp(-sums))


def explain_views(given, images):
    """Say what is wrong with an answer to the exercise.

    Args:
        given: what came, an array of any shape.
        images: (n, 6, 8, 3), 0 to 255, for which the mean of two views was wanted.

    Returns:
        a hint; "" if nothing is wrong.
    """
    if given.shape != (len(images),):
        return _explain_shape(given.shape, len(images))
    mirrored = images[:, :, ::-1]
    wanted = _mean_of(images, mirrored)
    mistakes = {
        "": wanted,
        "You flipped the pictures upside down: left and right are axis 2.": _mean_of(images, images[:, ::-1]),
        "You flipped the channels: left and right are axis 2.": _mean_of(images, images[..., ::-1]),
        "You flipped the order of the pictures: left and right are axis 2.": _mean_of(images, images[::-1]),
        "You flipped two axes: left and right are axis 2 alone.": _mean_of(images, mirrored[:, ::-1]),
        "That is said of the pictures as they are. Where are the mirror images?": answer_one_view(images),
        "That is said of the mirror images alone. Take the mean of both.": answer_one_view(mirrored),
        "That is the sum. Halve it.": 2 * wanted,
        "You mixed the pictures. Ask the model twice, and mix its answers.": answer_one_view(
            (images.astype(np.float64) + mirrored) / 2
        ),
        "The model scales by itself: give it the pictures, 0 to 255.": _mean_of(images / 255, mirrored / 255),
        "Return the probabilities, not the class.": wanted > 0.5,
    }
    found = [hint for hint, values in mistakes.items() if np.allclose(given, values, atol=1e-4)]
    return (*found, "Ask the model for the pictures and for images[:, :, ::-1], and take the mean.")[0]


def _mean_of(images, others):
    """Return the mean of what the model answers for two views."""
    return (answer_one_view(images) + answer_one_view(others)) / 2


def _explain_shape(shape, count):
    """Say what may have led to this shape."""
    expected = f"For {count} pictures expected the shape ({count},), got {shape}."
    if shape == (count, 1):
        return f"{expected} The model gives a column: take it with [:, 0]."
    if shape in ((2 * count,), (2 * count, 1)):
        return f"{expected} Take the mean of the two views picture by picture."
    return f"{expected} One probability for each picture, for a single one too ([:, 0], not squeeze)."
