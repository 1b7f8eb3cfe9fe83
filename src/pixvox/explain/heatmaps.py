"""Heat maps of a decision: Grad-CAM, gradients, gradients times input and occlusion.

NumPy in and out. The model that is explained is not changed. Heat maps are as high and wide as the picture;
how high a number is means nothing from one method to the other, only where a map is hotter counts.
"""

from itertools import product
from numbers import Integral

import numpy as np
from keras import ops

from pixvox import backend
from pixvox.explain.filters import feature_maps
from pixvox.explain.forward import batches, check_images, choose, class_scores, find_layer


def grad_cam(model, images, classes=None, *, layer=None, by_place=False):
    """Compute Grad-CAM: the maps of a layer, weighted by how much each raises the score of a class.

    Args:
        model: a Sequential or functional model, one input, one output; inner models are entered.
        images: (n, height, width, channels), as the model takes them.
        classes: whole numbers (n,) or one for all; None: what the model says of each picture. With one output
            unit there are 0 and 1.
        layer: the name of a layer with maps; None: the last that has more than one place.
        by_place: weight each place by its own gradient, not by the map's mean ("HiResCAM"). Far from the
            end the mean mixes places that speak for and against the class.

    Returns:
        float32 (n, height, width), 0 or more: only what speaks for the class. All 0 where nothing does.

    Raises:
        ValueError: for other models, pictures, layers or classes, or where a number is NaN or infinite.

    Source: R. Selvaraju et al. (2017), arXiv:1610.02391; R. Draelos and L. Carin (2020), arXiv:2011.08891.
    """
    images = check_images(model, images)
    maps = feature_maps(model, images[:1])
    places = [name for name, found in maps.items() if found.shape[1] * found.shape[2] > 1]
    layer = (places or [None])[-1] if layer is None else layer
    if layer not in maps:
        raise ValueError(f"{model.name}: expected a layer with maps, one of {list(maps)}, got {layer!r}.")
    target = find_layer(model, layer)

    def heat(batch, chosen):
        nothing = np.zeros((len(batch), *maps[layer].shape[1:]), np.float32)
        gradient, values = backend.gradient(_score_of_shift(model, batch, chosen, target), nothing)
        weights = gradient if by_place else ops.mean(gradient, axis=(1, 2), keepdims=True)
        small = ops.relu(ops.sum(weights * values, axis=-1, keepdims=True))
        return ops.image.resize(small, batch.shape[1:3], interpolation="bilinear")[..., 0]

    return _by_batch(heat, model, images, classes)


def _score_of_shift(model, batch, chosen, target):
    """Return a function of what is added to a layer's maps: (scores of the chosen classes, the maps)."""

    def scores(shift):
        kept = {}

        def after(layer, output):
            if layer is not target:
                return output
            kept["maps"] = ops.cast(output, "float32")
            return output + ops.cast(shift, output.dtype)

        return choose(class_scores(model, batch, after=after), chosen), kept["maps"]

    return scores


def input_gradients(model, images, classes=None):
    """Compute how fast the score of a class moves with each pixel: its largest gradient over the colours.

    Arguments and errors as for `grad_cam`; returns float32 (n, height, width), 0 or more: without its sign.

    Source: K. Simonyan et al. (2013), arXiv:1312.6034.
    """

    def heat(batch, chosen):
        return ops.max(ops.abs(_slope(model, batch, chosen)), axis=-1)

    return _by_batch(heat, model, check_images(model, images), classes)


def gradient_times_input(model, images, classes=None, *, start=None, places=(1.0,)):
    """Multiply each pixel's gradient by how far the pixel is from a plain picture, and sum over the colours.

    Args:
        model, images, classes: as for `grad_cam`.
        start: the plain pictures, of the shape of `images`; None: each one's own mean colour.
        places: on the straight way from there (0) to the picture (1), whose gradients are averaged.

    Returns:
        float32 (n, height, width), below 0 where a pixel speaks against the class.

    Raises:
        ValueError: for other models, classes or starts.

    Source: A. Shrikumar et al. (2016), arXiv:1605.01713.
    """

    def heat(batch, chosen, begin):
        slopes = (_slope(model, (1 - place) * begin + place * batch, chosen) for place in places)
        return ops.sum(sum(slopes) * (batch - begin), axis=-1) / len(places)

    images = check_images(model, images)
    return _by_batch(heat, model, images, classes, check_starts(model, images, start))


def check_starts(model, images, starts):
    """Return pictures to begin at, one for each; None: its own mean colour. Or raise ValueError."""
    if starts is None:
        return np.broadcast_to(images.mean(axis=(1, 2), keepdims=True), images.shape)
    starts = check_images(model, starts)
    if starts.shape != images.shape:
        raise ValueError(f"{model.name}: expected pictures {images.shape} to start at, got {starts.shape}.")
    return starts


def _slope(model, pixels, chosen):
    """Return the gradient of the chosen classes' scores with respect to the pixels, of their shape."""
    return backend.gradient(lambda given: (choose(class_scores(model, given), chosen), None), pixels)[0]


def occlusion(model, images, classes=None, *, window=16, stride=8):
    """Compute by how much the score of a class falls when a square around each pixel is covered.

    The square has the picture's own mean colour. It moves over the whole picture; a pixel gets the mean over
    all squares that cover it.

    Args:
        model, images, classes: as for `grad_cam`.
        window: side of the square in pixels, at most the shorter side of the picture.
        stride: how far it moves, in pixels, 1 to `window`.

    Returns:
        float32 (n, height, width); below 0 where covering raises the score.

    Raises:
        ValueError: for other windows or strides.

    Source: M. Zeiler and R. Fergus (2013), arXiv:1311.2901.
    """
    images = check_images(model, images)
    sides = images.shape[1:3]
    whole = isinstance(window, Integral) and isinstance(stride, Integral)
    if not whole or not 1 <= stride <= window <= min(sides):
        raise ValueError(f"expected 1 <= stride <= window <= {min(sides)}, got {stride!r} and {window!r}.")
    tops, lefts = (sorted({*range(0, side - window, stride), side - window}) for side in sides)

    def heat(batch, chosen):
        whole = choose(class_scores(model, batch), chosen)
        falls, counts = np.zeros(batch.shape[:3], np.float32), np.zeros(sides, np.float32)
        for top, left in product(tops, lefts):
            place = np.s_[top : top + window, left : left + window]
            covered = batch.copy()
            covered[:, *place] = batch.mean(axis=(1, 2), keepdims=True)
            fall = whole - choose(class_scores(model, covered), chosen)
            falls[:, *place] += ops.convert_to_numpy(fall)[:, None, None]
            counts[place] += 1
        return falls / counts

    return _by_batch(heat, model, images, classes)


def predict_classes(model, images):
    """Return the class, int64 (n,), that a model says each picture shows; arguments as for `grad_cam`."""
    return _scores(model, images).argmax(axis=1)


def _scores(model, images):
    """Return the class scores of pictures, (n, classes)."""
    parts = [class_scores(model, batch) for (batch,) in batches(check_images(model, images))]
    return np.concatenate([ops.convert_to_numpy(part) for part in parts])


def check_classes(classes, n, known):
    """Return classes as int64 (n,), one for all repeated; ValueError unless they are 0 to `known` - 1."""
    chosen = np.asarray(classes)
    chosen = np.broadcast_to(chosen, n) if chosen.ndim == 0 else chosen
    if chosen.shape != (n,) or not np.isin(chosen, np.arange(known)).all():
        raise ValueError(f"expected a class from 0 to {known - 1} for each of {n} pictures, got {classes}.")
    return chosen.astype(np.int64)


def _by_batch(heat, model, images, classes, *others):
    """Compute heat maps batch by batch; `heat` is a function of a batch, its classes and parts of others."""
    scores = _scores(model, images)
    chosen = check_classes(scores.argmax(axis=1) if classes is None else classes, *scores.shape)
    maps = np.concatenate([ops.convert_to_numpy(heat(*piece)) for piece in batches(images, chosen, *others)])
    if not np.isfinite(maps).all():
        raise ValueError(f"{model.name}: expected finite gradients, got NaN or infinity. Take float32.")
    return maps.astype(np.float32)
