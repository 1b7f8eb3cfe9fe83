"""Change training pictures: `RandomAffine` turns, shifts, shears, zooms and flips them.

Keras has a layer for each of the five, and each computes every pixel anew: five in a row are slow, and every
one blurs. Here they are composed into one matrix a picture, and each pixel is computed once. The matrix,
(2, 3), says where a pixel of the new picture comes from:

    (row, column) in the old picture = matrix[:, :2] @ (row, column) in the new one + matrix[:, 2]

Rows and columns are counted in pixels from the middle of the picture, ((height - 1) / 2, (width - 1) / 2). In
a data pipeline each pass begins with reading the graph of this, some 20 ms: that bounds short passes.
"""

import math
from numbers import Integral, Number, Real

import keras
from keras import ops

from pixvox import backend


@keras.saving.register_keras_serializable(package="pixvox")
class RandomAffine(keras.layers.Layer):
    """Turn, shift, shear, zoom and flip each picture at random while training, in one resampling.

    It takes pictures (batch, height, width, channels), or one (height, width, 1 to 4), of any type and range,
    and returns the same shape in the layer's compute type, float32 unless you choose another: uint8 becomes
    float32 of the same range. Outside of training only the type changes. What comes from beyond the border
    gets the nearest pixel's value.

    Each range is that of Keras's old ImageDataGenerator; each number is drawn evenly from it, anew for each
    picture. Pictures turn, lean and grow about their middle. The layer works in a model and in
    `dataset.map(lambda x, y: (layer(x, training=True), y))`; with `num_parallel_calls`, pictures get the
    numbers in no fixed order. The first batch of each shape takes about a second longer.

    Args:
        rotation_degrees: largest turn to either side, in degrees, 0 to 180.
        shift: largest move either way, as a share of the side, 0 to 1; or (height, width).
        shear_degrees: largest shear angle to either side, in degrees, 0 to 89. ImageDataGenerator's
            `shear_range` has been in degrees since December 2017 and was in radians before: its .2 is
            0.2 degrees, which nobody sees, or 11.5.
        zoom: 0.2 scales height and width, each by a factor of its own, from 0.8 to 1.2; 0 to 0.99.
            The factor is that of the window looked through: 0.8 makes things larger.
        horizontal_flip: mirror every other picture, on average, left to right.
        seed: a whole number; the same seed gives the same pictures, bit for bit. None draws one.

    Raises:
        ValueError: if a range is out of its bounds, or what is called is not a picture or a batch.
    """

    def __init__(
        self,
        *,
        rotation_degrees=0.0,
        shift=0.0,
        shear_degrees=0.0,
        zoom=0.0,
        horizontal_flip=False,
        seed=None,
        **kwargs,
    ):
        """Check the ranges and keep them."""
        super().__init__(**kwargs)
        self.rotation_degrees = _check_range("rotation_degrees", rotation_degrees, 180)
        self.shift = _check_shift(shift)
        self.shear_degrees = _check_range("shear_degrees", shear_degrees, 89)
        self.zoom = _check_range("zoom", zoom, 0.99)
        if horizontal_flip not in (True, False):
            raise ValueError(f"RandomAffine: expected horizontal_flip as a bool, got {horizontal_flip!r}.")
        self.horizontal_flip = bool(horizontal_flip)
        self.seed = int(seed) if isinstance(seed, Integral) else seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def call(self, images, training=False):
        """Return the pictures, changed at random if `training`."""
        shape = tuple(getattr(images, "shape", ()))  # a list of inputs has none
        if len(shape) not in (3, 4) or (len(shape) == 3 and (shape[2] or 1) > 4):
            expected = "pictures (batch, height, width, channels) or one (height, width, 1 to 4)"
            raise ValueError(f"RandomAffine: expected {expected}, got {shape}. Grey ones are x[..., None].")
        if not training:
            return ops.cast(images, self.compute_dtype)
        one = len(shape) == 3
        batch = images[None] if one else images  # of any type: it is cast where it is sampled
        draws = keras.random.uniform((ops.shape(batch)[0], 7), -1.0, 1.0, "float32", self.seed_generator)
        ranges = [self.rotation_degrees, *self.shift, self.shear_degrees, self.zoom, self.zoom]
        numbers = draws * _tensor([*ranges, float(self.horizontal_flip)])
        changed = backend.fuse(_change)(batch, numbers, self.compute_dtype)
        return changed[0] if one else changed

    def get_config(self):
        """Return the arguments that make this layer again."""
        names = ("rotation_degrees", "shift", "shear_degrees", "zoom", "horizontal_flip", "seed")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _change(images, numbers, kind):
    """Compute pictures anew, in the float type `kind`, by taking four neighbours of each place.

    The numbers, (batch, 7), are what `call` draws: those that make a matrix.
    """
    size, height, width, channels = ops.shape(images)
    rows, columns = _places(_matrices(numbers, height, width), height, width)
    above, below, down = _neighbours(rows, height)
    before, after, right = _neighbours(columns, width)
    pixels = _tensor(ops.reshape(images, (-1, channels)))
    first = ops.reshape(ops.arange(size, dtype="int32") * (height * width), (-1, 1, 1))
    above, below, left = first + above * width, first + below * width, 1 - right
    upper = left * backend.gather(pixels, above + before) + right * backend.gather(pixels, above + after)
    lower = left * backend.gather(pixels, below + before) + right * backend.gather(pixels, below + after)
    return ops.cast((1 - down) * upper + down * lower, kind)


def _matrices(numbers, height, width):
    """Compose matrices (batch, 2, 3) that flip, zoom, shear, shift and turn, as ImageDataGenerator did.

    Above 0 a picture turns against the clock, moves up and left before that, and leans so that lower ends
    move right; a window of a size below 1 enlarges.
    """
    turn, down, right, shear, tall, wide, side = ops.unstack(numbers, axis=1)
    turn = turn * (math.pi / 180)
    lean = turn + shear * (math.pi / 180)
    down, right = down * _tensor(height), right * _tensor(width)
    tall, wide = 1 + tall, (1 + wide) * ops.where(side < 0, -1.0, 1.0)
    cos, sin = ops.cos(turn), ops.sin(turn)
    first = (ops.cos(lean) * tall, sin * wide, cos * down + sin * right)
    second = (-ops.sin(lean) * tall, cos * wide, cos * right - sin * down)
    return ops.stack([ops.stack(row, axis=-1) for row in (first, second)], axis=-2)


def _places(matrices, height, width):
    """Return the row and the column that each new pixel comes from, both (batch, height, width)."""
    middle = [_tensor((length - 1) / 2) for length in (height, width)]
    rows = ops.reshape(ops.arange(height, dtype="float32"), (-1, 1)) - middle[0]
    columns = ops.arange(width, dtype="float32") - middle[1]
    numbers = ops.unstack(ops.reshape(matrices, (-1, 6, 1, 1)), axis=1)
    return [
        across * rows + along * columns + offset + here
        for across, along, offset, here in ((*numbers[:3], middle[0]), (*numbers[3:], middle[1]))
    ]


def _neighbours(places, length):
    """Return the pixels before and after each place, int32, and how far it is to the second, 0 to 1."""
    places = ops.clip(places, 0.0, _tensor(length - 1))
    low = ops.floor(places)
    first = ops.cast(low, "int32")
    return first, ops.minimum(first + 1, length - 1), ops.expand_dims(places - low, -1)


def _tensor(values):
    """Return numbers as a float32 tensor."""
    return ops.convert_to_tensor(values, "float32")


def _check_range(name, value, most):
    """Return the range of a number, or say what is wrong with it."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value <= most:
        raise ValueError(f"RandomAffine: expected {name} as a number, 0 to {most}, got {value!r}.")
    return float(value)


def _check_shift(shift):
    """Return a shift as (height, width), or say what is wrong with it."""
    pair = (shift, shift) if isinstance(shift, (Number, str, type(None))) else tuple(shift)
    if len(pair) != 2:
        raise ValueError(f"RandomAffine: expected shift as a number or (height, width), got {shift!r}.")
    return tuple(_check_range("shift", value, 1) for value in pair)  # Keras makes a list one of its own
