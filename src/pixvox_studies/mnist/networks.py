"""The digits: networks and activations, over seeds."""

from functools import partial

import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from pixvox.datasets import store
from pixvox.datasets.mnist import load_mnist
from pixvox_studies import common

# What the lesson and its studies train with, by profile where the profiles differ.
VALIDATION_SIZE = {"sample": 287, "full": 5_000}
BATCH_SIZE = 64
EPOCHS = {"sample": 20, "full": 5}
ACTIVATION_EPOCHS = {"sample": 6, "full": 2}

MOST = 2 / 28  # of the side: training pictures are shifted by up to two pixels
SHIFTED = (2, 4)  # pixels: within what was trained, and beyond; at most 4, so that hardly any ink is cut off
WAYS = ((0, 1), (0, -1), (1, 0), (-1, 0))  # down, right

# Our own recipe: what is in it that the posts' has not, and its numbers. Without "channels" it has the posts'
# kernels and dense layer, too; without "large batches" the posts' epochs. On the sample batches are theirs.
CHANGES = ("nothing", "shifts", "normalisation", "one cycle", "channels", "large batches")
BETTER_SHIFT = 0.054  # of the side, each way, at most: a pixel and a half
CHANNELS = ((16, 5), (32, 3), (160, 3))  # of its convolutions, and the sides of their kernels
BETTER = common.Recipe(peak=0.01)
BETTER_BATCH_SIZE = {"sample": 64, "full": 256}
BETTER_EPOCHS = {"sample": 20, "full": 9}


def load_split():
    """Load the digits as the lesson splits them.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_test, y_test): float32 pictures (n, 28, 28, 1) in 0..1 and
        int64 labels (n,).
    """
    (x_train, y_train), (x_test, y_test) = load_mnist()
    validation_size = VALIDATION_SIZE[store.profile()]
    x_fit, x_val, y_fit, y_val = train_test_split(
        common.scale(x_train), y_train, test_size=validation_size, stratify=y_train, random_state=0
    )
    return (x_fit, y_fit), (x_val, y_val), (common.scale(x_test), y_test)


def measure_network(setting, seed, work_dir):
    """Train a network and measure it on test pictures as they are and shifted.

    Returns:
        dict: parameters, fit_seconds (CPU seconds of the training alone), train_accuracy (first 5,000),
        test_accuracy, test_right, and for each of `SHIFTED` the mean accuracy of four directions,
        test_accuracy_by_2 and so on.
    """
    name, parts = setting["network"], load_split()
    keras.utils.set_random_seed(seed)
    if name == "better":
        return _measure_better("nothing", parts)
    network = common.look_up(BUILDERS, name)()
    common.compile_posted(network, "rmsprop")
    return _fit_and_measure(network, parts, BATCH_SIZE, EPOCHS[store.profile()])


def measure_recipe(setting, seed, work_dir):
    """Train our own network without one of its changes, and measure it as `measure_network` does."""
    keras.utils.set_random_seed(seed)
    return _measure_better(setting["without"], load_split())


def _measure_better(without, parts):
    """Compile our own network, with one cycle of the learning rate, and return its row."""
    network, profile = build_better(without=without), store.profile()
    batch_size, epochs = BETTER_BATCH_SIZE[profile], BETTER_EPOCHS[profile]
    if without == "large batches":
        batch_size, epochs = BATCH_SIZE, EPOCHS[profile]
    if without == "one cycle":
        network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    else:
        batches = common.count_batches(len(parts[0][0]), batch_size, epochs=epochs)
        common.compile_ours(network, BETTER, batches=batches, loss="sparse_categorical_crossentropy")
    return _fit_and_measure(network, parts, batch_size, epochs)


def _fit_and_measure(network, parts, batch_size, epochs):
    """Train a compiled network and return its row."""
    (x_fit, y_fit), _, (x_test, y_test) = parts
    seconds = common.fit_timed(network, x_fit, y_fit, batch_size=batch_size, epochs=epochs)[1]
    row = {"parameters": network.count_params(), "fit_seconds": round(seconds, 2)}
    row |= common.evaluate_parts(network, {"train": (x_fit[:5_000], y_fit[:5_000]), "test": (x_test, y_test)})
    for by in SHIFTED:
        ways = [shift(x_test, down=by * down, right=by * right) for down, right in WAYS]
        row[f"test_accuracy_by_{by}"] = float(
            np.mean([np.mean(common.answer(network, way) == y_test) for way in ways])
        )
    return row


def shift(images, *, down, right):
    """Move pictures (n, height, width, 1) by whole pixels, at most 8; paper comes in from the other side."""
    (height, width), most = images.shape[1:3], 8
    padded = np.pad(images, ((0, 0), (most, most), (most, most), (0, 0)))
    return padded[:, most - down : most - down + height, most - right : most - right + width]


def with_shifts(build):
    """Return a builder of that network with shifts of the training pictures in front."""
    return lambda: keras.Sequential([layers.Input((28, 28, 1)), shift_layer(MOST), *build().layers])


def shift_layer(most, *, interpolation="bilinear"):
    """Return the layer that shifts training pictures by up to so much of their side, each way."""
    return layers.RandomTranslation(most, most, fill_mode="constant", interpolation=interpolation)


def build_mnist_convnet(*, activation="relu"):
    """Build the first convnet of the lesson on MNIST: 93,322 parameters.

    Args:
        activation: a name Keras knows, such as "tanh", for the convolutions and the first dense layer.

    Source: F. Chollet, "Deep Learning with Python" (2018), section 5.1.
    """
    return keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation=activation, name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(64, 3, activation=activation, name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Conv2D(64, 3, activation=activation, name="conv3"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation=activation, name="dense"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="mnist_convnet",
    )


def build_mnist_dense():
    """Build a dense network of about the same size as `build_mnist_convnet`: 93,025 parameters."""
    return keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Flatten(name="flatten"),
            layers.Dense(117, activation="relu", name="dense"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="mnist_dense",
    )


def build_scrambled():
    """Build the convnet behind a layer that puts what it sees of every picture into one random order.

    It has the convnet's layers and parameters; only which pixels are neighbours is lost. The last rows and
    columns, which its poolings drop, stay where they are.
    """
    places = np.arange(28 * 28).reshape(28, 28)
    places[:26, :26] = np.random.default_rng(0).permutation(places[:26, :26].ravel()).reshape(26, 26)
    flat, order = layers.Reshape((28 * 28, 1)), keras.ops.convert_to_tensor(places.ravel())
    scramble = [flat, layers.Lambda(lambda x: keras.ops.take(x, order, axis=1)), layers.Reshape((28, 28, 1))]
    return keras.Sequential([layers.Input((28, 28, 1)), *scramble, *build_mnist_convnet().layers])


def build_no_hidden():
    """Build the convnet without its hidden dense layer: 61,514 parameters, all else as it was."""
    kept = build_mnist_convnet().layers[:-2]
    return keras.Sequential([layers.Input((28, 28, 1)), *kept, layers.Dense(10, activation="softmax")])


def build_pooled(*, paper=0):
    """Build the convnet with the largest number of each last map in place of `Flatten`: places are lost.

    Args:
        paper: pixels of paper put round each picture, so that nothing leaves the maps over their edge.
    """
    kept = build_mnist_convnet().layers[:-2]
    kept = [layers.GlobalMaxPooling2D() if layer.name == "flatten" else layer for layer in kept]
    head = [layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
    return keras.Sequential([layers.Input((28, 28, 1)), layers.ZeroPadding2D(paper), *kept, *head])


def build_better(*, without="nothing"):
    """Build our own network, 66,330 parameters, or all but one of its `CHANGES`."""
    common.look_up(dict.fromkeys(CHANGES), without)
    posted, normalised = without == "channels", without != "normalisation"
    parts = [layers.Input((28, 28, 1))] + [shift_layer(BETTER_SHIFT, interpolation="nearest")] * (
        without != "shifts"
    )
    for number, (channels, side) in enumerate([(32, 3), (64, 3), (64, 3)] if posted else CHANNELS):
        parts += [layers.Conv2D(channels, side, use_bias=not normalised)]
        parts += [layers.MaxPooling2D(2)] if number < 2 else []
        parts += [layers.BatchNormalization(momentum=0.9)] if normalised else []
        parts += [layers.ReLU()]
    parts += [layers.Flatten()] + [layers.Dense(64, activation="relu")] * posted
    return keras.Sequential([*parts, layers.Dense(10, activation="softmax")])


BUILDERS = {
    "dense": build_mnist_dense,
    "dense_shifts": with_shifts(build_mnist_dense),
    "convnet": build_mnist_convnet,
    "convnet_shifts": with_shifts(build_mnist_convnet),
    "scrambled": build_scrambled,
    "pooled": build_pooled,
    "framed": partial(build_pooled, paper=8),
    "no_hidden": build_no_hidden,
}


def measure_activation(setting, seed, work_dir):
    """Train P4's network with one activation for a few epochs and measure it on the validation pictures.

    Returns:
        dict: val_accuracy.
    """
    (x_fit, y_fit), (x_val, y_val), _ = load_split()
    keras.utils.set_random_seed(seed)
    network = build_mnist_convnet(activation=setting["activation"])
    common.compile_posted(network, "rmsprop")
    epochs = ACTIVATION_EPOCHS[store.profile()]
    network.fit(x_fit, y_fit, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return common.evaluate_parts(network, {"val": (x_val, y_val)})
