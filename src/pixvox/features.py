"""Features of pictures from a convolutional base, streamed batch by batch.

Pictures are brought to the size that the base takes a batch at a time, and grey ones are given three
channels, so that only a batch is ever held at the large size.
"""

import numpy as np

BATCH_SIZE = 32


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

    large = check_pictures(pictures).astype(np.float32)
    if large.shape[1:3] != tuple(image_size):
        tensor = keras.ops.image.resize(large, image_size, interpolation="bilinear")
        large = keras.ops.convert_to_numpy(tensor)
    return np.repeat(large, 3, axis=-1) if large.shape[-1] == 1 else large


def compute_features(model, pictures, *, image_size, preprocess_input):
    """Compute features of pictures, a batch at a time: float32 (n, rows, columns, channels) or (n, size).

    Args:
        model: from (batch, height, width, 3) floats to one output, maps or vectors.
        pictures: uint8 (n, height, width, 1), grey, or (n, height, width, 3), RGB, 0 to 255.
        image_size: (height, width) in pixels that they are brought to first.
        preprocess_input: function from floats (batch, *image_size, 3), 0 to 255, to what the model takes.

    Raises ValueError for other pictures, or a model with several outputs.
    """
    pictures = check_pictures(pictures)
    maps = []
    for start in range(0, len(pictures), BATCH_SIZE):
        large = enlarge_pictures(pictures[start : start + BATCH_SIZE], image_size=image_size)
        found = model.predict_on_batch(preprocess_input(large))
        if not isinstance(found, np.ndarray):
            raise ValueError(f"expected a model with one output, got a {type(found).__name__} of them.")
        maps.append(found.astype(np.float32))  # of any precision
    return np.concatenate(maps)


def check_pictures(pictures):
    """Return pictures as an array, or raise ValueError."""
    pictures = np.asarray(pictures)
    shaped = pictures.ndim == 4 and pictures.shape[-1] in (1, 3) and pictures.size > 0
    if pictures.dtype != np.uint8 or not shaped:
        raise ValueError(f"expected uint8 (n, height, width, 1 or 3), got {pictures.dtype} {pictures.shape}.")
    return pictures
