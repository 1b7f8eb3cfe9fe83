"""What explanations are tried on: maps that know no model, a planted mark, networks that have unlearnt."""

import keras
import numpy as np
from keras import ops
from scipy.ndimage import gaussian_filter

from pixvox.models.pets import build_pets_better
from pixvox.training import Recipe, one_cycle

# What the lesson and its studies train with.
EPOCHS, PLANTED_EPOCHS = 36, 7
BATCH_SIZE = 32
RECIPE = Recipe(peak=6e-3, decay=0.02, smoothing=0.1)
MARK = (4, 4, 7)  # top, left and side of the planted mark, pixels of 64
MARK_COLOUR = (255, 210, 0)
BLOBS = 4  # places a side of `random_blobs`, as many as the last maps of its network have


def random_pixels(images):
    """Return heat at random, pixel by pixel: float64 (n, height, width) in 0..1."""
    return np.random.default_rng(0).random(np.shape(images)[:3])


def random_blobs(images):
    """Return heat at random in 4 by 4 places, enlarged to the picture: float32 (n, height, width) in 0..1."""
    count, *size = np.shape(images)[:3]
    places = np.random.default_rng(0).random((count, BLOBS, BLOBS, 1), dtype=np.float32)
    return ops.convert_to_numpy(ops.image.resize(places, size))[..., 0]


def centred(images):
    """Return a hill in the middle of each picture, whatever it shows: float64 (n, height, width) in 0..1."""
    count, height, width = np.shape(images)[:3]
    rows, columns = (np.linspace(-1, 1, side) for side in (height, width))
    hill = np.exp(-2 * (rows[:, None] ** 2 + columns[None] ** 2))
    return np.broadcast_to(hill, (count, height, width))


def edges(images):
    """Return how fast the grey of pictures changes, blurred: float64 (n, height, width), 0 or more."""
    grey = np.asarray(images, dtype=float).mean(axis=-1)
    down = np.abs(np.diff(grey, axis=1, prepend=grey[:, :1]))
    right = np.abs(np.diff(grey, axis=2, prepend=grey[:, :, :1]))
    return gaussian_filter(down + right, (0, 2.0, 2.0))  # pixels


def plant_mark(pictures, *, top=MARK[0], left=MARK[1]):
    """Paint a yellow square, from (top, left), on copies of pictures (n, height, width, 3), 0 to 255."""
    marked = np.array(pictures)
    marked[:, top : top + MARK[2], left : left + MARK[2]] = MARK_COLOUR
    return marked


def train_net(pictures, labels, *, seed, epochs=EPOCHS):
    """Train and return P4's network on pictures of cats and dogs, as the lesson on seeing does.

    Args:
        pictures: uint8 or float (n, height, width, 3), 0 to 255.
        labels: whole numbers (n,), 0 cat, 1 dog.
        seed: of weights, order and augmentation.
        epochs: how often each picture is seen.
    """
    keras.utils.set_random_seed(seed)
    network = build_pets_better(image_size=pictures.shape[1:3])
    steps = epochs * -(-len(pictures) // BATCH_SIZE)
    network.compile(
        keras.optimizers.AdamW(one_cycle(steps, peak=RECIPE.peak), weight_decay=RECIPE.decay),
        keras.losses.BinaryCrossentropy(label_smoothing=RECIPE.smoothing),
        metrics=["accuracy"],
    )
    network.fit(pictures.astype(np.float32), labels, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return network


def forget_layers(model, count, *, seed=1_000):
    """Copy a model and give the last `count` of its layers that have weights new random ones.

    Args:
        model: a built Sequential model; it is not changed.
        count: how many layers lose what they learnt, counted from the answer; 0 none.
        seed: of the new weights; not the one that the model was built with, or its layers only go back to
            where they began, which is not far from where they are.

    Returns:
        (a new model, the names of the layers, the last first).
    """
    keras.utils.set_random_seed(seed)
    copy = keras.models.clone_model(model)
    learnt = [layer for layer in copy.layers if layer.weights and layer.trainable_weights]
    kept = learnt[: len(learnt) - count]
    for layer in kept:
        layer.set_weights(model.get_layer(layer.name).get_weights())
    return copy, [layer.name for layer in learnt[len(kept) :]][::-1]
