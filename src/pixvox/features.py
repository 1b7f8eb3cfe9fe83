"""Features of pictures from a convolutional base: streamed batch by batch, and kept on the disk.

Pictures are brought to the size that the base takes a batch at a time, and grey ones are given three
channels, so that only a batch is ever held at the large size. Features are kept in parts of `PART`
pictures, so that a run that was killed goes on with the part it was at.
"""

import time
from functools import partial
from typing import NamedTuple

import numpy as np

from pixvox.datasets import store
from pixvox.datasets.cache import cached, key

PART = 256  # pictures in a file: a few minutes' work at most
BATCH_SIZE = 32


class Features(NamedTuple):
    """Maps float32 (n, rows, columns, channels), and the CPU seconds that computing them cost back then."""

    maps: np.ndarray
    cpu_seconds: float


def enlarge_pictures(pictures, *, image_size):
    """Bring pictures to a size; repeat grey ones as red, green and blue.

    Args:
        pictures: uint8 (n, height, width, 1), grey, or (n, height, width, 3), RGB, 0 to 255; a batch, since
            all are held at the large size.
        image_size: (height, width) in pixels; values between pixels are interpolated. Pictures that have
            this size already keep every value.

    Returns:
        float32 (n, *image_size, 3), 0 to 255.

    Raises:
        ValueError: for pictures of another type or shape.
    """
    import keras

    large = _check_pictures(pictures).astype(np.float32)
    if large.shape[1:3] != tuple(image_size):
        tensor = keras.ops.image.resize(large, image_size, interpolation="bilinear")
        large = keras.ops.convert_to_numpy(tensor)
    return np.repeat(large, 3, axis=-1) if large.shape[-1] == 1 else large


def compute_features(model, pictures, *, image_size, preprocess_input):
    """Compute the features of pictures, one batch at a time: float32 (n, rows, columns, channels).

    Args:
        model: from (batch, height, width, 3) floats to features (batch, rows, columns, channels).
        pictures: uint8 (n, height, width, 1), grey, or (n, height, width, 3), RGB, 0 to 255.
        image_size: (height, width) in pixels that they are brought to first.
        preprocess_input: function from floats (batch, *image_size, 3), 0 to 255, to what the model takes.
    """
    pictures = _check_pictures(pictures)
    maps = []
    for start in range(0, len(pictures), BATCH_SIZE):
        large = enlarge_pictures(pictures[start : start + BATCH_SIZE], image_size=image_size)
        maps.append(model.predict_on_batch(preprocess_input(large)))
    return np.concatenate(maps)


def cached_features(model, pictures, *, image_size, preprocess_input):
    """Compute features as `compute_features` does, or read those that an earlier call kept.

    Kept features are found again only by what they were made of: the pictures, the size, the model's layers
    and weights, what `preprocess_input` does to a ramp of greys and colours, and Keras.

    Args as for `compute_features`. Returns `Features`, kept in the folder features of the profile's cache.
    """
    pictures = _check_pictures(pictures)
    made_by = _base_key(model, preprocess_input, image_size)
    compute = partial(_timed_features, model, image_size=image_size, preprocess_input=preprocess_input)
    parts = []
    for start in range(0, len(pictures), PART):
        part = pictures[start : start + PART]
        path = store.cache_dir() / "features" / f"{key(made_by, part)}.npz"
        parts.append(Features(*cached(path, Features._fields, partial(compute, part))))
    maps = np.concatenate([part.maps for part in parts])
    return Features(maps, float(sum(part.cpu_seconds for part in parts)))


def _timed_features(model, pictures, **settings):
    """Return the features of pictures, and the CPU seconds that they cost."""
    begin = time.process_time()
    maps = compute_features(model, pictures, **settings)
    return maps, time.process_time() - begin


def _check_pictures(pictures):
    """Return pictures as an array, or raise ValueError."""
    pictures = np.asarray(pictures)
    shaped = pictures.ndim == 4 and pictures.shape[-1] in (1, 3) and len(pictures) > 0
    if pictures.dtype != np.uint8 or not shaped:
        raise ValueError(f"expected uint8 (n, height, width, 1 or 3), got {pictures.dtype} {pictures.shape}.")
    return pictures


def _base_key(model, preprocess_input, image_size):
    """Return a text that is another for other layers, weights, preprocessing, sizes or Keras."""
    import keras

    layers = [(type(layer).__name__, layer.get_config() | {"name": ""}) for layer in model.layers]
    ramp = np.arange(256, dtype=np.float32).reshape(1, 16, 16, 1)
    colours = np.concatenate([ramp, ramp[:, ::-1], ramp[:, :, ::-1]], axis=-1)
    ramp_after = np.asarray(preprocess_input(colours), dtype=np.float32)
    engine = (keras.__version__, keras.backend.backend())
    return key(layers, *model.get_weights(), ramp_after, tuple(image_size), engine)
