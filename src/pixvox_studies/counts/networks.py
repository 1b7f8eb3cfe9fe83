"""Networks of the posts as they are built: outputs, parameters, what freezing and saving do."""

import tempfile
from functools import cache, partial
from pathlib import Path

import keras
import numpy as np
from keras import layers

from pixvox.models import clothes
from pixvox.models.pets import build_pets_net
from pixvox_studies.faces.networks import build_variant
from pixvox_studies.four_models.networks import build_fashion_one
from pixvox_studies.mnist.networks import build_mnist_convnet
from pixvox_studies.transfer.heads import build_end_to_end
from pixvox_studies.voxels.posted import build_posted, build_voxels_2d

THREE = (build_fashion_one, clothes.build_fashion_three, clothes.build_fashion_four)  # P3's own
FACES = ("base", "5x5", "5x5, valid", "PReLU", "fourth layer")
FACE_SIZE = (100, 100)  # P2's, in either profile


def count_parameters(*builders):
    """Return the parameters of what each builder builds."""
    return [build().count_params() for build in builders]


def convnet_output():
    """Return the shape of what the convolutions of P4's first convnet hand on: height, width, channels."""
    return list(build_mnist_convnet().get_layer("conv3").output.shape[1:])


def grow_conv_part():
    """Return the parameters that 56 pixels add to what is before Flatten; the most of P3's networks."""
    return [max(_conv_parameters(build, 56) - _conv_parameters(build, 28) for build in THREE)]


def grow_whole():
    """Return the parameters that pictures of 56 pixels in place of 28 add; the fewest of P3's networks."""
    return [min(build(image_size=(56, 56)).count_params() - build().count_params() for build in THREE)]


def _conv_parameters(build, side):
    """Return the parameters of the layers before Flatten, for pictures of so many pixels a side."""
    stack = build(image_size=(side, side)).layers
    names = [layer.name for layer in stack]
    return sum(layer.count_params() for layer in stack[: names.index("flatten")])


def first_face_layers():
    """Return the parameters of the first layer of P2's networks, with 3x3 windows and with 5x5."""
    return [_face_net(name).get_layer("conv1").count_params() for name in ("base", "5x5")]


def _face_net(variant):
    """Build one of P2's networks at P2's size."""
    return build_variant(variant, image_size=FACE_SIZE)


@cache
def _vgg16():
    """Build VGG16 without its top, for P4's pictures, with random weights."""
    return keras.applications.VGG16(include_top=False, weights=None, input_shape=(150, 150, 3))


def vgg16_base():
    """Return the parameters of VGG16's base and its output on P4's pictures: height, width, channels."""
    return [_vgg16().count_params(), *_vgg16().output_shape[1:]]


def trainable_tensors():
    """Return the trainable weight tensors of P4's base and head, before and after the base is frozen."""
    base = _vgg16()
    network = build_end_to_end(base)
    before = len(network.trainable_weights)
    base.trainable = False
    after = len(network.trainable_weights)
    base.trainable = True  # as it was: the base is shared
    return [before, after]


def differ_when_loaded():
    """Return how far answers of P2's LeakyReLU network are from those of its copy, saved and loaded."""
    network = _face_net("LeakyReLU")
    faces = np.random.default_rng(0).uniform(size=(8, *FACE_SIZE, 3)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        network.save(Path(folder) / "faces.keras")
        loaded = keras.models.load_model(Path(folder) / "faces.keras", compile=False)  # it only answers
    return [np.abs(network.predict(faces, verbose=0) - loaded.predict(faces, verbose=0)).max()]


def differ_in_two_files():
    """Return how far answers of P0's 2D network are from those of copies: JSON and weights, and .keras."""
    network = build_voxels_2d()
    volumes = np.random.default_rng(0).uniform(size=(8, 16, 16, 16)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        text, weights, whole = (Path(folder) / name for name in ("p0.json", "p0.weights.h5", "p0.keras"))
        text.write_text(network.to_json(), encoding="utf-8")
        network.save_weights(weights)
        network.save(whole)
        from_two = keras.models.model_from_json(text.read_text(encoding="utf-8"))
        from_two.load_weights(weights)
        loaded = from_two, keras.models.load_model(whole, compile=False)
    answers = network.predict(volumes, verbose=0)
    return [max(np.abs(copy.predict(volumes, verbose=0) - answers).max() for copy in loaded)]


def idle_settings():
    """Return whether the RMSprop that P0 hands over is used, and whether Keras takes P0's "val_acc"."""
    network = keras.Sequential([layers.Input((4,)), layers.Dense(2, activation="softmax")])

    def prepare(model, optimizer):
        """Compile as P0's function does: `optimizer` is never looked at."""
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

    prepare(network, keras.optimizers.RMSprop(1e-3))
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="val_acc", patience=3, factor=0.5)
    rows = np.zeros((8, 4), np.float32), np.zeros(8, int)
    try:
        network.fit(*rows, validation_split=0.25, callbacks=[plateau], verbose=0)
        taken = 1
    except ValueError:
        taken = 0
    return [int(isinstance(network.optimizer, keras.optimizers.RMSprop)), taken]


def differ_by_labels():
    """Return how far Keras's losses for whole-number and one-hot labels differ, on 1,000 made-up answers."""
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(10), size=1_000).astype(np.float32)  # rows that sum to 1
    numbers = rng.integers(0, 10, size=1_000)
    sparse = keras.losses.SparseCategoricalCrossentropy()(numbers, probabilities)
    one_hot = keras.losses.CategoricalCrossentropy()(keras.utils.to_categorical(numbers, 10), probabilities)
    return [abs(float(sparse) - float(one_hot))]


def missing_augmentations():
    """Return how many of the augmentations that P3 recommends have no layer in Keras."""
    recommended = {
        "crops": "RandomCrop",
        "flips": "RandomFlip",
        "brightness": "RandomBrightness",
        "contrast": "RandomContrast",
        "hue": "RandomHue",
        "saturation": "RandomSaturation",
        "several scales": "RandomZoom",
    }
    return [sum(not hasattr(layers, name) for name in recommended.values())]


QUANTITIES = {
    "first convnet, output": convnet_output,
    "first convnet, parameters": partial(count_parameters, build_mnist_convnet),
    "leaky network, parameters": partial(count_parameters, clothes.build_leaky_convnet),
    "one-hot against sparse loss": differ_by_labels,
    "conv part, 28 against 56 pixels": grow_conv_part,
    "whole network, 28 against 56 pixels": grow_whole,
    "four models, parameters": partial(count_parameters, *THREE),
    "age gap, first layers": first_face_layers,
    "age gap, parameters": partial(count_parameters, *[partial(_face_net, name) for name in FACES]),
    "small pets network, parameters": partial(count_parameters, build_pets_net),
    "VGG16 base": vgg16_base,
    "trainable tensors": trainable_tensors,
    "3D MNIST networks, parameters": partial(
        count_parameters, partial(build_posted, "2D"), partial(build_posted, "3D")
    ),
    "LeakyReLU model, saved and loaded": differ_when_loaded,
    "P0's 2D network, in two files and in one": differ_in_two_files,
    "P0's optimizer, P0's val_acc": idle_settings,
    "augmentations that Keras lacks": missing_augmentations,
}
