"""Windows that slide: convolutions by hand and by Keras, what they hold, and the sides of maps.

A difference is the largest of all places and channels, without a unit; maps are of the order of 1.
"""

from functools import partial

import keras
import numpy as np
from keras import layers

from pixvox_studies.mnist.networks import build_mnist_convnet


def convolve(maps, kernels, biases):
    """Slide kernels over maps without padding, as Keras's convolutions do; sums are float64.

    Args:
        maps: (*sides, channels in), two sides or three.
        kernels: (*window, channels in, channels out).
        biases: (channels out,).

    Returns:
        float64 (*places, channels out).
    """
    window = kernels.shape[:-2]
    places = [side - length + 1 for side, length in zip(maps.shape, window, strict=False)]
    maps, kernels = maps.astype(np.float64), kernels.astype(np.float64)
    result = np.empty((*places, kernels.shape[-1]))
    for place in np.ndindex(*places):
        seen = maps[tuple(slice(start, start + size) for start, size in zip(place, window, strict=True))]
        result[place] = np.tensordot(seen, kernels, axes=seen.ndim) + biases
    return result


def differ_by_hand(kind, sides):
    """Return the difference between `convolve` and a layer of five 3-wide kernels on noise of 4 channels."""
    conv, noise = kind(5, 3, bias_initializer="random_normal"), _noise(*sides, 4)
    from_keras = keras.ops.convert_to_numpy(conv(noise[None]))[0]
    return [np.abs(from_keras - convolve(noise, *conv.get_weights())).max()]


def differ_by_depth():
    """Return the difference between a Conv2D and a Conv3D of depth 1 with the same weights."""
    flat, deep = layers.Conv2D(8, 3, bias_initializer="random_normal"), layers.Conv3D(8, (1, 3, 3))
    noise = _noise(1, 12, 12, 4)
    in_2d = keras.ops.convert_to_numpy(flat(noise))
    deep.build((1, *noise.shape))
    kernels, biases = flat.get_weights()
    deep.set_weights([kernels[None], biases])
    return [np.abs(keras.ops.convert_to_numpy(deep(noise[None]))[0] - in_2d).max()]


def _noise(*shape):
    """Return float32 noise of 0 to 1, always the same."""
    return np.random.default_rng(0).uniform(size=shape).astype(np.float32)


def count_weights(part):
    """Return what 64 windows of 5x5 on one channel hold: their weights, [0], or their biases, [1]."""
    conv = layers.Conv2D(64, 5)
    conv.build((None, 256, 256, 1))
    return [sum(conv.get_weights()[number].size for number in part)]


def window_sides():
    """Return the sides of the maps of a 5x5 window over 256x256 pixels, with stride 2 and with stride 1."""
    shape = (1, 256, 256, 1)
    return [layers.Conv2D(1, 5, strides=stride).compute_output_shape(shape)[1] for stride in (2, 1)]


def pooled_share(name):
    """Return by how much a pooling of P4's convnet changes the side of its maps."""
    pool = build_mnist_convnet().get_layer(name)
    return [pool.output.shape[1] / pool.input.shape[1]]


QUANTITIES = {
    "hand-made convolution": partial(differ_by_hand, layers.Conv2D, (12, 10)),
    "hand-made 3D convolution": partial(differ_by_hand, layers.Conv3D, (8, 7, 6)),
    "3D convolution of depth 1": differ_by_depth,
    "5x5 layer, kernel weights": partial(count_weights, [0]),
    "5x5 layer, parameters": partial(count_weights, [0, 1]),
    "window sides": window_sides,
    "pooled side, even": partial(pooled_share, "pool1"),  # 26 pixels
    "pooled side, odd": partial(pooled_share, "pool2"),  # 11 pixels
}
