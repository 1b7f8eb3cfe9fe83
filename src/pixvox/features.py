"""Features of pictures from a convolutional base: streamed batch by batch, and kept on the disk.

Pictures are brought to the size that the base takes a batch at a time, and grey ones are given three
channels, so that only a batch is ever held at the large size. Features are kept in parts of `PART`
pictures; a part appears under its name in one step, so that a run that was killed goes on with the part it
was at, and nothing half-written is ever read.
"""

import hashlib
import time
import zipfile
from typing import NamedTuple

import numpy as np

from pixvox.datasets import store
from pixvox.datasets.files import replace_file

PART = 256  # pictures in a file: a few minutes' work at most
BATCH_SIZE = 32


class Features(NamedTuple):
    """What `cached_features` returns.

    Attributes:
        maps: float32 (n, rows, columns, channels).
        cpu_seconds: what computing them cost, whenever that was.
    """

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
    """Compute the features of pictures, one batch at a time.

    Args:
        model: from (batch, height, width, 3) floats to features (batch, rows, columns, channels).
        pictures: uint8 (n, height, width, 1), grey, or (n, height, width, 3), RGB, 0 to 255.
        image_size: (height, width) in pixels that they are brought to first.
        preprocess_input: function from floats (batch, *image_size, 3), 0 to 255, to what the model takes.

    Returns:
        float32 (n, rows, columns, channels).
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
    and weights, and what `preprocess_input` does to a ramp of greys.

    Args:
        model, pictures, image_size, preprocess_input: as for `compute_features`.

    Returns:
        Features: (maps, cpu_seconds). They are kept in the folder features of the profile's cache.
    """
    pictures = _check_pictures(pictures)
    base_key = _model_key(model) + _ramp_key(preprocess_input) + repr(tuple(image_size))
    parts = []
    for start in range(0, len(pictures), PART):
        part = pictures[start : start + PART]
        path = cache_dir() / f"{_digest(base_key, part)}.npz"
        found = _read_part(path, len(part))
        if found is None:
            begin = time.process_time()
            maps = compute_features(model, part, image_size=image_size, preprocess_input=preprocess_input)
            found = Features(maps, time.process_time() - begin)
            with replace_file(path) as temporary:
                np.savez(temporary, maps=found.maps, cpu_seconds=found.cpu_seconds)
        parts.append(found)
    maps = np.concatenate([part.maps for part in parts])
    return Features(maps, float(sum(part.cpu_seconds for part in parts)))


def cache_dir():
    """Return the folder where features are kept in the profile in force; it may be deleted at any time."""
    return store.cache_dir() / "features"


def _read_part(path, count):
    """Read a kept part; None if it is not there or not whole."""
    try:
        with np.load(path, allow_pickle=False) as file:
            found = Features(file["maps"], float(file["cpu_seconds"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return found if found.maps.ndim == 4 and len(found.maps) == count else None


def _check_pictures(pictures):
    """Return pictures as an array, or raise ValueError."""
    pictures = np.asarray(pictures)
    shaped = pictures.ndim == 4 and pictures.shape[-1] in (1, 3) and len(pictures) > 0
    if pictures.dtype != np.uint8 or not shaped:
        raise ValueError(
            "expected grey pictures, uint8 (n, height, width, 1), or colour ones (n, height, width, 3), "
            f"0 to 255, came {pictures.dtype} {pictures.shape}."
        )
    return pictures


def _digest(text, array):
    """Return a SHA-256 over a text and an array's shape, type and numbers, as 32 letters."""
    digest = hashlib.sha256(f"{text} {array.shape} {array.dtype}".encode())
    digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:32]


def _model_key(model):
    """Return a text that is another for other layers or other weights."""
    layers = [(type(layer).__name__, layer.get_config() | {"name": ""}) for layer in model.layers]
    return "".join([repr(layers), *(_digest("", weights) for weights in model.get_weights())])


def _ramp_key(preprocess_input):
    """Return a text that is another for another preprocessing: what becomes of all greys, and of colours."""
    ramp = np.arange(256, dtype=np.float32).reshape(1, 16, 16, 1)
    colours = np.concatenate([ramp, ramp[:, ::-1], ramp[:, :, ::-1]], axis=-1)
    return _digest("", np.asarray(preprocess_input(colours), dtype=np.float32))
