"""Networks trained on ImageNet, VGG16, VGG19 and MobileNet: loaded into Keras, and their files checked."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from pixvox.datasets import hdf5, store

LAYERS = {"vgg16": 13, "vgg19": 16}  # convolutions
MOBILENET = "mobilenet_1.0_224_to_conv_pw_12.weights.h5"  # width 1, without its last pointwise convolution
CLASSIFIER = "mobilenet_0.25_224.weights.h5"  # complete
FILES = {**{name: f"{name}_notop.weights.h5" for name in LAYERS}, "mobilenet": MOBILENET}
WIDTHS = (32, 64, 128, 128, 256, 256, *6 * (512,), 1024, 1024)  # MobileNet's, convolution by convolution
LEGACY = "layer_names"  # an attribute of files in the format of Keras 2 and before
MOST_WEIGHTS = 30_000_000  # VGG19 has 20 million


class Network(NamedTuple):
    """A network, and what its pictures must go through first.

    Attributes:
        model: keras.Model from floats (batch, height, width, 3).
        preprocess_input: function from pictures (batch, height, width, 3), RGB, 0 to 255, to floats of
            the same shape, as `model` takes them. It may change a float array it is given; a tensor is
            to be one of floats.
    """

    model: Callable
    preprocess_input: Callable


def load_conv_base(name, image_size, *, weights="trained"):
    """Load ImageNet's VGG16, VGG19 or MobileNet without its top; in the sample profile, small VGGs.

    Args:
        name: "vgg16", "vgg19" or "mobilenet". Weights of "mobilenet" belong to the full profile.
        image_size: (height, width) in pixels, 32 or more each.
        weights: "trained", or None for random ones: the same layers, knowing nothing.

    Returns:
        Network: `model` gives maps (batch, height // 32, width // 32, channels): VGG's 512, in the sample
        64; MobileNet's 1,024, after (height + 1) // 32 rows and (width + 1) // 32 columns.

    Raises:
        ValueError: for another name, size or `weights`, or if the file holds another network's weights.
        FileNotFoundError: if the weights are not there; the message names the command that brings them.

    Source: arXiv:1409.1556 (VGG), arXiv:1704.04861 (MobileNet).
    """
    if name not in FILES or weights not in ("trained", None):
        known = f"{', '.join(FILES)}, and weights 'trained' or None"
        raise ValueError(f"expected the name of a base, {known}, got {name!r} and {weights!r}.")
    return _load(name, FILES[name], (*image_size, 3), trained=weights is not None)


def load_classifier():
    """Load MobileNet of width 0.25, complete, from the full profile; raises as `load_conv_base`.

    Returns:
        Network: `model` takes pictures of 224x224 and gives probabilities (batch, 1000) of ImageNet's kinds.
    """
    return _load("mobilenet", CLASSIFIER, (224, 224, 3), trained=True)


def _load(name: str, file: str, input_shape: tuple, *, trained: bool) -> Network:
    """Build a network and, if it is to know something, load its file."""
    path = store.locate(name, file) if trained else None
    import keras

    from pixvox.models.transfer import build_small_vgg

    package = getattr(keras.applications, name)
    if name != "mobilenet" and store.profile() == "sample":
        model, package = build_small_vgg(name, input_shape=input_shape), keras.applications.mobilenet
    else:
        model = cut(build(file, input_shape), file)
    if path:
        with store.naming_remedy(name):
            check_file(path)
            model.load_weights(path)
    return Network(model, package.preprocess_input)


def build(file: str, input_shape: tuple | None = None):
    """Return the untrained network of keras.applications that a file of weights belongs to."""
    from keras import applications

    if file == CLASSIFIER:
        return applications.MobileNet(input_shape, alpha=0.25, weights=None)
    network = applications.MobileNet if file == MOBILENET else getattr(applications, file[:5].upper())
    return network(input_shape=input_shape, include_top=False, weights=None)


def cut(model, file: str):
    """Return the part of a network of `build` that its file holds; the layers are shared."""
    import keras

    return keras.Model(model.input, model.get_layer("conv_pw_12_relu").output) if file == MOBILENET else model


def check_file(path: Path) -> str:
    """Check a file by its name, one of `FILES` or `CLASSIFIER`; return a description or raise ValueError."""
    path = Path(path)
    with hdf5.reading(path) as file:
        if LEGACY in file.attrs:
            raise ValueError(f"{path}: expected weights as Keras 3 saves them, got an older format.")
        return check_arrays(path, hdf5.arrays_below(path, file), path.name)


def check_arrays(path: Path, arrays: dict[str, h5py.Dataset], target: str) -> str:
    """Check that arrays are the weights of a network, a VGG of any width, and nothing else; describe them.

    Args:
        path: named in messages.
        arrays: by their names in the file, as `hdf5.arrays_below` gives them.
        target: the name that their file has, or is to have.

    Raises:
        ValueError: there are others, other shapes or types, or numbers that are not finite.
    """
    ordered = [arrays[key] for key in sorted(arrays, key=_natural)]
    kernels = [array.shape for array in ordered if array.ndim == 4]
    kernels.sort(key=lambda shape: shape[-1] == 1)  # depthwise ones last, as in today's format
    vectors = sorted(array.shape for array in ordered if array.ndim == 1)
    expected = _shapes(target, kernels)
    count = sum(array.size for array in ordered)
    others = len(ordered) - len(kernels) - len(vectors)
    if (kernels, vectors, others) != (*expected, 0) or count > MOST_WEIGHTS:
        raise ValueError(
            f"{path}: expected the {len(expected[0])} convolutional layers of {target} and nothing else, "
            f"got {len(kernels)} kernels, the first {kernels[:3]}, {len(vectors)} vectors, {count:,} weights."
        )
    if not all(array.dtype.kind == "f" and np.isfinite(array[:]).all() for array in ordered):
        raise ValueError(f"{path}: expected weights that are finite numbers, got others.")
    return f"{len(kernels)} convolutional layers, {count:,} weights"


def _shapes(target: str, kernels: list[tuple]) -> tuple[list[tuple], list[tuple]]:
    """Return the shapes of kernels and, sorted, of vectors; of a VGG, those that go with these kernels."""
    if layers := LAYERS.get(target[:5]):
        depths = [3, *(shape[-1] for shape in kernels), *layers * (0,)][: layers + 1]
        return [(3, 3, *pair) for pair in pairwise(depths)], sorted((depth,) for depth in depths[1:])
    top = target == CLASSIFIER
    widths = [width // 4 for width in WIDTHS] if top else WIDTHS[:-1]
    kernels = [(3, 3, 3, widths[0]), *((1, 1, *pair) for pair in pairwise(widths))]
    kernels += [(1, 1, widths[-1], 1_000)] * top + [(3, 3, width, 1) for width in widths[:-1]]
    norms = 4 * [(width,) for width in (*widths, *widths[:-1])]  # scale, shift, mean and variance of each
    return kernels, sorted(norms + [(1_000,)] * top)


def _natural(key: str) -> list[str | int]:
    """Return a key for sorting in which conv2d_10 comes after conv2d_9."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", key)]
