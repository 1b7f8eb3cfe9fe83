"""Clothes and remembering: cures for overfitting, and batch sizes; all over seeds."""

from functools import partial

import keras
from keras import layers
from keras.callbacks import EarlyStopping, ReduceLROnPlateau

from pixvox.datasets import store
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.fashion import pictures, training

EPOCHS = {"sample": 40, "full": training.EPOCHS}  # the sample has a thirtieth of the post's pictures
BATCH_EPOCHS = 20
CURED, CURED_EPOCHS = common.Recipe(peak=0.01), 10
CURED_BATCH_SIZE = {"sample": 32, "full": 64}  # full: a quarter of the pictures, so half the lesson's batch

RECIPES = {
    "as posted": {},
    "stopped early": {"callback": partial(EarlyStopping, patience=4, restore_best_weights=True)},
    "dropout": {"layers": {"dropout": True}},
    "weight decay": {"weight_decay": 0.3},
    "smoothed labels": {"label_smoothing": 0.1},
    "mirrored, shifted": {"layers": {"augmented": True}},
    "normalised, one cycle": {"layers": {"norm": True}, "one_cycle": True},
    "ours": {"cured": True, "one_cycle": True},
    "more pictures": {"times": 4},  # in a quarter of the epochs: as many steps
    "half the width": {"layers": {"width": 1 / 2}},
    "a quarter of the width": {"layers": {"width": 1 / 4}},
    "an eighth of the width": {"layers": {"width": 1 / 8}},
    "rate on plateau": {"callback": partial(ReduceLROnPlateau, factor=0.3, patience=2)},
}


def build_leaky_variant(*, width=1, dropout=False, norm=False, augmented=False):
    """Build P1's network with one cure for overfitting or more.

    Args:
        width: the share of P1's channels and dense units that it has, 1/32 or more.
        dropout: drop a quarter of the numbers after each pooling, and half of them before the last layer.
        norm: normalise by batches before each activation.
        augmented: mirror every other picture while training, and shift each by up to two pixels.
    """
    slope, share = models.SLOPE, 2 / 28
    stack = []
    if augmented:
        stack += [
            layers.RandomFlip("horizontal", name="flip"),
            layers.RandomTranslation(share, share, fill_mode="constant", name="shift"),
        ]
    for number, filters in enumerate((32, 64, 128), 1):
        stack += [
            layers.Conv2D(int(filters * width), 3, padding="same", name=f"conv{number}"),
            *([layers.BatchNormalization(momentum=0.9, name=f"norm{number}")] if norm else []),
            layers.LeakyReLU(negative_slope=slope, name=f"leaky{number}"),
            layers.MaxPooling2D(2, padding="same", name=f"pool{number}"),
            *([layers.Dropout(0.25, name=f"drop{number}")] if dropout else []),
        ]
    stack += [
        layers.Flatten(name="flatten"),
        layers.Dense(int(128 * width), name="dense"),
        *([layers.BatchNormalization(momentum=0.9, name="norm4")] if norm else []),
        layers.LeakyReLU(negative_slope=slope, name="leaky4"),
        *([layers.Dropout(0.5, name="drop4")] if dropout else []),
    ]
    return models.build_classifier(stack, "leaky_convnet")


def build_leaky_cured():
    """Build our own network: P1's sizes, normalised, pooled first, with dropout; 357,290 parameters.

    Pictures are shifted by up to a pixel while training.
    """
    stack = [layers.RandomTranslation(1 / 28, 1 / 28, fill_mode="constant", name="shift")]
    for number, filters in enumerate((32, 64, 128), 1):
        stack += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv{number}"),
            layers.MaxPooling2D(2, padding="same", name=f"pool{number}"),
            layers.BatchNormalization(momentum=0.9, name=f"norm{number}"),
            layers.LeakyReLU(negative_slope=models.SLOPE, name=f"leaky{number}"),
        ]
    stack += [
        layers.Flatten(name="flatten"),
        layers.Dense(128, use_bias=False, name="dense"),
        layers.BatchNormalization(momentum=0.9, name="norm4"),
        layers.LeakyReLU(negative_slope=models.SLOPE, name="leaky4"),
        layers.Dropout(0.5, name="drop4"),
    ]
    return models.build_classifier(stack, "leaky_cured")


def measure_recipe(setting, seed, work_dir):
    """Train P1's network with one cure for overfitting, or ours with all that help, and measure both sides.

    Returns:
        dict: accuracy on training, validation and fresh pictures, loss on training and fresh ones, epochs,
        the CPU seconds of `fit`, the validation loss of each epoch, and test_right, of the fresh pictures.
    """
    recipe, profile = common.look_up(RECIPES, setting["recipe"]), store.profile()
    parts = (pictures.load_more if "times" in recipe else pictures.load_split)(profile, seed)
    keras.utils.set_random_seed(seed)
    if recipe.get("cured"):
        network, epochs = build_leaky_cured(), CURED_EPOCHS
        batch_size = CURED_BATCH_SIZE[profile]
    else:
        network = build_leaky_variant(**recipe.get("layers", {}))
        batch_size, epochs = training.BATCH_SIZE, EPOCHS[profile] // recipe.get("times", 1)
    if recipe.get("one_cycle"):
        batches = common.count_batches(len(parts[0][0]), batch_size, epochs=epochs)
        common.compile_ours(network, CURED, batches=batches)
    else:
        decay, smoothing = recipe.get("weight_decay"), recipe.get("label_smoothing", 0.0)
        training.compile_posted(network, decay=decay, smoothing=smoothing)
    callbacks = [recipe["callback"]()] if "callback" in recipe else []
    return training.train(network, parts, batch_size, epochs=epochs, callbacks=callbacks)


def measure_batch_size(setting, seed, work_dir):
    """Train P1's network with a batch size and a learning rate, for P1's epochs.

    Returns:
        dict: as `measure_recipe`.
    """
    parts = pictures.load_split(store.profile(), seed)
    keras.utils.set_random_seed(seed)
    network = models.build_leaky_convnet()
    training.compile_posted(network, setting["learning_rate"])
    return training.train(network, parts, setting["batch_size"], epochs=BATCH_EPOCHS)
