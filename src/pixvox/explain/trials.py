"""What explanations are tried on: maps that know no model, a planted mark, networks that have unlearnt."""

import keras
import numpy as np
from scipy.ndimage import gaussian_filter

MARK = (4 / 64, 7 / 64)  # of the planted mark: distance from two edges, and side, as parts of the height
MARK_COLOUR = (255, 210, 0)


def random_pixels(images):
    """Return heat at random, pixel by pixel: float64 (n, height, width) in 0..1."""
    return np.random.default_rng(0).random(_sizes(images))


def centred(images):
    """Return a hill in the middle of each picture, whatever it shows: float64 (n, height, width) in 0..1."""
    count, height, width = _sizes(images)
    rows, columns = (np.linspace(-1, 1, side) for side in (height, width))
    hill = np.exp(-2 * (rows[:, None] ** 2 + columns[None] ** 2))
    return np.broadcast_to(hill, (count, height, width))


def edges(images):
    """Return how fast the grey of pictures changes, blurred: float64 (n, height, width), 0 or more."""
    _sizes(images)
    grey = np.asarray(images, dtype=float).mean(axis=-1)
    down = np.abs(np.diff(grey, axis=1, prepend=grey[:, :1]))
    right = np.abs(np.diff(grey, axis=2, prepend=grey[:, :, :1]))
    return gaussian_filter(down + right, (0, 2.0, 2.0))  # pixels


def plant_mark(pictures, *, opposite=False):
    """Paint a yellow square on copies of pictures (n, height, width, 3), 0 to 255, at `mark_place`."""
    marked = np.array(pictures)
    marked[:, *mark_place(pictures, opposite=opposite)] = MARK_COLOUR
    return marked


def mark_place(pictures, *, opposite=False):
    """Return (rows, columns), two slices: where the mark is, in the upper left corner or the lower right."""
    _, *sizes = _sizes(pictures)
    near, side = (round(share * sizes[0]) for share in MARK)
    ends = [(size - near - side if opposite else near) for size in sizes]
    return tuple(slice(end, end + side) for end in ends)


def _sizes(images):
    """Return (n, height, width) of pictures, or raise ValueError: a single one would look like several."""
    shape = np.shape(images)
    if len(shape) != 4 or 0 in shape:
        raise ValueError(f"expected pictures (n, height, width, channels), got {shape}. One is image[None].")
    return shape[:3]


def forget_layers(model, count, *, seed=1_000):
    """Copy a model and give the last `count` of its layers that have weights new random ones.

    Args:
        model: a built Sequential model; it is not changed. What is frozen in it counts as learnt too.
        count: how many layers lose what they learnt, counted from the answer; 0 none.
        seed: of the new weights; not the one that the model was built with, or its layers only go back to
            where they began, which is not far from where they are.

    Returns:
        (a new model, the names of the layers, the last first).
    """
    keras.utils.set_random_seed(seed)
    copy = keras.models.clone_model(model)
    adapted = keras.layers.Normalization  # it is not trained, and computes with copies of its weights
    learnt = [layer for layer in copy.layers if layer.weights and not isinstance(layer, adapted)]
    forgotten = learnt[::-1][:count]
    for layer, original in zip(copy.layers, model.layers, strict=True):
        if layer not in forgotten:
            layer.set_weights(original.get_weights())
        if isinstance(layer, adapted):
            layer.finalize_state()
    return copy, [layer.name for layer in forgotten]
