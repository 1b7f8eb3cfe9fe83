"""What is between a picture and the answer: the maps of each layer, and pictures that a filter answers to."""

from typing import NamedTuple

import numpy as np
from keras import ops

from pixvox import backend
from pixvox.explain.forward import batches, check_images, check_model, choose, find_layer, forward

STEPS, STEP_SIZE = 40, 4.0  # of `maximize_filter`; the size in grey levels, root mean square


class Filters(NamedTuple):
    """What `maximize_filter` made: pictures float32 (n, height, width, channels), 0 to 255.

    And each filter's mean activation, float32 (n,): before, on the grey start, and after, on its picture.
    """

    pictures: np.ndarray
    before: np.ndarray
    after: np.ndarray


def feature_maps(model, images):
    """Compute the maps of all layers that have any, in the order in which they are computed.

    Args:
        model: a Sequential or functional model, one input, one output; inner models are entered.
        images: (n, height, width, channels), as the model takes them.

    Returns:
        dict from a layer's name to float32 (n, rows, columns, channels).

    Raises:
        ValueError: for other models or pictures, NaN or infinity, or two layers of one name.
    """
    parts = []
    for (batch,) in batches(check_images(model, images)):
        parts.append({})
        forward(model, batch, after=_keep_maps(parts[-1]))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _keep_maps(kept):
    """Return a function for `forward` that puts what has rows and columns into a dict, by layer."""

    def after(layer, output):
        if len(getattr(output, "shape", ())) == 4:  # not a list of several
            if layer.name in kept:
                raise ValueError(f"expected layers of different names, run once, got {layer.name!r} twice.")
            kept[layer.name] = np.float32(ops.convert_to_numpy(output))
        return output

    return after


def maximize_filter(model, layer, channels):
    """Change grey pictures step by step so that filters of a layer answer more strongly: `Filters`.

    A step goes along the gradient of a filter's mean activation, divided by its root mean square: a step is
    as long where the gradient is small. The start is grey with faint noise, the same in every call.

    Args:
        model: a Sequential or functional model with a fixed picture size, from pixels 0 to 255.
        layer: the name of a layer with feature maps. Before a ReLU a filter has a gradient everywhere; after
            it, one that is silent on grey has none and stays grey.
        channels: whole numbers, the filters, one picture each.

    Raises:
        ValueError: if there is no such layer or filter, or for another model.
    """
    check_model(model)
    channels, size = np.ravel(channels), tuple(model.inputs[0].shape[1:])
    if len(size) != 3 or None in size:
        raise ValueError(f"expected a model with a fixed (height, width, channels), got {size}.")
    noise = np.random.default_rng(0).uniform(-0.04, 0.04, (1, *size))
    pictures = np.repeat(check_images(model, 127.5 + noise * 255), len(channels) or 1, axis=0)
    mean = _mean_activation(model, find_layer(model, layer), channels)
    before = ops.convert_to_numpy(mean(pictures)[0])
    for _ in range(STEPS):
        slope = ops.convert_to_numpy(backend.gradient(mean, pictures)[0])
        size = np.sqrt(np.mean(slope**2, axis=(1, 2, 3), keepdims=True))
        pictures = np.clip(pictures + STEP_SIZE * slope / np.maximum(size, 1e-12), 0, 255)
    return Filters(pictures, before, ops.convert_to_numpy(mean(pictures)[0]))


def _mean_activation(model, target, channels):
    """Return a function of pictures: the mean over the map of one filter for each, (n,), and None."""

    def mean(pictures):
        kept = {}

        def after(layer, output):
            kept.update({"maps": output} if layer is target else {})
            return output

        forward(model, pictures, after=after)
        shape = tuple(getattr(kept.get("maps"), "shape", ()))
        if len(shape) != 4 or not channels.size or not np.isin(channels, np.arange(shape[-1])).all():
            raise ValueError(f"{target.name}: expected filters of {shape[1:]}, got {channels.tolist()}.")
        return choose(ops.mean(ops.cast(kept["maps"], "float32"), axis=(1, 2)), channels.astype(int)), None

    return mean
