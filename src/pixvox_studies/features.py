"""Features of pictures from a convolutional base, kept on the disk, so that no study computes them twice.

They are kept in parts of `PART` pictures: a run that was killed goes on with the part it was at.
"""

import re
import time
from functools import partial
from typing import NamedTuple

import numpy as np

from pixvox.datasets import store
from pixvox.datasets.cache import cached, key
from pixvox.features import check_pictures, compute_features

PART = 256  # pictures in a file: a few minutes' work at most


class Features(NamedTuple):
    """Maps float32 (n, rows, columns, channels), and the CPU seconds that computing them cost back then."""

    maps: np.ndarray
    cpu_seconds: float


def cached_features(model, pictures, *, image_size, preprocess_input):
    """Compute features as `pixvox.features.compute_features` does, or read those that an earlier call kept.

    Kept features are found again only by what they were made of: the pictures, the size, the model's layers
    and weights, what `preprocess_input` does to a ramp of greys and colours, and Keras.

    Args as for that function. Returns `Features`, kept in the folder features of the profile's cache.
    """
    pictures = check_pictures(pictures)
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


def _base_key(model, preprocess_input, image_size):
    """Return a text that is another for other layers, weights, preprocessing, sizes or Keras."""
    import keras

    layers = repr(model.get_config())  # how they are wired, too
    for place, name in enumerate(re.findall("'name': ('[^']*')", layers)):
        layers = layers.replace(name, f"{place}")  # Keras counts its names over all models
    ramp = np.arange(256, dtype=np.float32).reshape(1, 16, 16, 1)
    colours = np.concatenate([ramp, ramp[:, ::-1], ramp[:, :, ::-1]], axis=-1)
    ramp_after = np.asarray(preprocess_input(colours), dtype=np.float32)
    engine = (keras.__version__, keras.backend.backend())
    return key(layers, *model.get_weights(), ramp_after, tuple(image_size), engine)
