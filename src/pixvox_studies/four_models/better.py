"""Our own network for the clothes: its recipe, and the same without each of its changes."""

import keras
import numpy as np
from keras import layers

from pixvox.compare import pack_answers
from pixvox.datasets import store
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.four_models.networks import load_split
from pixvox_studies.resuming import epoch_logs

# The recipe. All of its numbers stand here.
BLOCKS = (  # maps, window, pooled
    *((32, 5, True), (64, 3, False), (64, 3, True)),
    *((128, 3, False), (128, 3, True), (256, 3, False)),
)
DROPPED = 0.3
BETTER = common.Recipe(peak=4e-3, decay=0.02, smoothing=0.05)
BETTER_BATCH_SIZE = {"sample": 32, "full": 128}
BETTER_EPOCHS = {"sample": 10, "full": 24}
PARTS_EPOCHS = {"sample": BETTER_EPOCHS["sample"], "full": 12}  # of ten networks

CHANGES = (
    *("nothing", "mirrors", "shifts", "normalisation", "one cycle", "weight decay"),
    *("smoothed labels", "dropout", "average", "last convolution"),
)
CONSTANT_RATE = 1e-3  # without "one cycle": Adam's own


def build_fashion_better(*, without="nothing"):
    """Build our own network: six normalised convolutions, no large dense layer, 577,450 parameters.

    In training it mirrors half of the pictures and shifts each by up to two pixels, whole ones, so that
    nothing is blurred.

    Args:
        without: one of `CHANGES`, which is left out. Without "normalisation" the convolutions have biases,
            without "average" the last maps are laid out flat, and without the "last convolution" those of
            the fifth stay 7 by 7.

    Raises:
        ValueError: for another word.
    """
    common.look_up(dict.fromkeys(CHANGES), without)
    shift = layers.RandomTranslation(
        2 / 28, 2 / 28, fill_mode="constant", interpolation="nearest", name="shift"
    )
    end = layers.Flatten if without == "average" else layers.GlobalAveragePooling2D
    stack = [
        *([layers.RandomFlip("horizontal", name="flip")] if without != "mirrors" else []),
        *([shift] if without != "shifts" else []),
    ]
    blocks = (*BLOCKS[:-2], (*BLOCKS[-2][:2], False)) if without == "last convolution" else BLOCKS
    for number, block in enumerate(blocks, 1):
        stack += _conv_block(*block, number=number, normalised=without != "normalisation")
    stack.append(end(name="hidden"))
    stack += [layers.Dropout(DROPPED, name="drop")] if without != "dropout" else []
    return models.build_classifier(stack, "fashion_better")


def _conv_block(width, window, pooled, *, number, normalised):
    """Return a convolution, pooled or not, batch normalisation or none, and ReLU."""
    return [
        layers.Conv2D(width, window, padding="same", use_bias=not normalised, name=f"conv{number}"),
        *([layers.MaxPooling2D(2, name=f"pool{number}")] if pooled else []),
        *([layers.BatchNormalization(momentum=0.9, name=f"norm{number}")] if normalised else []),
        layers.ReLU(name=f"relu{number}"),
    ]


def compile_better(network, *, batches, without="nothing"):
    """Compile our own network as the recipe has it, for so many batches, or without one of its `CHANGES`."""
    changed = {"weight decay": {"decay": 0.0}, "smoothed labels": {"smoothing": 0.0}}.get(without, {})
    common.compile_ours(network, BETTER._replace(**changed), batches=batches)
    if without == "one cycle":
        constant = keras.optimizers.AdamW(CONSTANT_RATE, weight_decay=BETTER.decay)
        network.compile(constant, network.loss, metrics=["accuracy"])


def load_one_hot(seed):
    """Load the parts of `networks.load_split` with labels (n, 10), a number for each class."""
    return [(x, keras.utils.to_categorical(y, 10)) for x, y in load_split(seed)]


def measure_better(setting, seed, work_dir):
    """Train the lesson's own network.

    Returns:
        dict: parameters, test_accuracy, test_right, val_accuracy (a list, a number an epoch).
    """
    parts, profile = load_one_hot(seed), store.profile()
    batch_size, epochs = BETTER_BATCH_SIZE[profile], BETTER_EPOCHS[profile]
    keras.utils.set_random_seed(seed)
    network = build_fashion_better()
    compile_better(network, batches=common.count_batches(len(parts[0][1]), batch_size, epochs=epochs))
    common.fit_resumed(network, parts, work_dir, batch_size=batch_size, epochs=epochs)
    x_test, y_test = parts[2]
    return {
        "parameters": network.count_params(),
        "test_accuracy": network.evaluate(x_test, y_test, verbose=0)[1],
        "test_right": pack_answers(common.answer(network, x_test) == y_test.argmax(axis=1)),
        "val_accuracy": epoch_logs(work_dir)["val_accuracy"],
    }


def measure_part(setting, seed, work_dir):
    """Train our own network without one of its changes.

    Returns:
        dict: parameters, fit_seconds (CPU seconds of the training alone), val_accuracy, val_loss (the
        cross-entropy of the labels as they are, not smoothed), test_accuracy, test_right.
    """
    without, profile = setting["without"], store.profile()
    batch_size, epochs = BETTER_BATCH_SIZE[profile], PARTS_EPOCHS[profile]
    fit = load_one_hot(seed)[0]
    keras.utils.set_random_seed(seed)
    network = build_fashion_better(without=without)
    batches = common.count_batches(len(fit[1]), batch_size, epochs=epochs)
    compile_better(network, batches=batches, without=without)
    seconds = common.fit_timed(network, *fit, batch_size=batch_size, epochs=epochs)[1]
    row = {"parameters": network.count_params(), "fit_seconds": round(seconds, 2)}
    return row | score_plainly(network, load_split(seed)[1:])


def score_plainly(network, parts):
    """Score a network on validation and test pictures with whole-number labels, as `measure_part` says."""
    right, given = {}, {}
    for name, (x, y) in zip(("val", "test"), parts, strict=True):
        given[name] = network.predict(x, verbose=0)
        right[name] = given[name].argmax(axis=1) == y
    losses = keras.losses.sparse_categorical_crossentropy(parts[0][1], given["val"])
    return {"val_loss": float(np.mean(losses)), **common.score_parts(right)}
