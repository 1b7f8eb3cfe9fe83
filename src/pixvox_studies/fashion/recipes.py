"""Clothes and remembering: cures for overfitting, batch sizes, and units that die; all over seeds.

In the sample profile each seed has clothes of its own, drawn afresh, and all are judged on the same
4,000 others. In the full profile each seed has its own quarter of Fashion-MNIST's training pictures,
so that several seeds can be afforded, and is judged on 10,000 of the others: test pictures decide nothing.
"""

import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from pixvox.compare import pack_answers
from pixvox.datasets import store
from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox.models import clothes as models
from pixvox.training import Recipe
from pixvox_studies import common

EPOCHS = {"sample": 40, "full": models.LEAKY_EPOCHS}  # the sample has a thirtieth of the post's pictures
BATCH_EPOCHS, UNIT_EPOCHS = 20, 5
CURED, CURED_EPOCHS = Recipe(peak=0.01), 10
CURED_BATCH_SIZE = {"sample": 32, "full": 64}  # full: a quarter of the pictures, so half the lesson's batch

TRAINING_SIZE = {"sample": 2_000, "full": 15_000}  # of which a fifth is for validation
FRESH_SIZE = {"sample": 4_000, "full": 10_000}  # other pictures, to judge on
FIRST_SEED, FRESH_SEED = 8_000, 8_999  # of the drawings: to train on (+ the study's seed), to judge on

RECIPES = {
    "as posted": {},
    "stopped early": {"patience": 4},
    "dropout": {"layers": {"dropout": True}},
    "weight decay": {"weight_decay": 0.3},
    "smoothed labels": {"label_smoothing": 0.1},
    "mirrored, shifted": {"layers": {"augmented": True}},
    "normalised, one cycle": {"layers": {"norm": True}, "one_cycle": True},
    "ours": {"cured": True, "one_cycle": True},
}


def build_leaky_cured():
    """Build lesson 02's own network: P1's sizes, normalised, pooled first, with dropout; 357,290 parameters.

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


def load_split(profile, seed):
    """Return the pictures of one seed, split as the lesson splits them.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_fresh, y_fresh): float32 pictures (n, 28, 28, 1) in 0..1 and int64
        labels (n,).
    """
    if profile == "sample":
        x_train, y_train = common.draw_clothes(TRAINING_SIZE[profile] // 10, FIRST_SEED + seed)
        x_fresh, y_fresh = common.draw_clothes(FRESH_SIZE[profile] // 10, FRESH_SEED)
    else:
        (images, labels), _ = load_fashion_mnist()
        order, size = np.random.default_rng(seed).permutation(len(images)), TRAINING_SIZE[profile]
        chosen, others = order[:size], order[size : size + FRESH_SIZE[profile]]
        x_train, y_train = images[chosen], labels[chosen]
        x_fresh, y_fresh = images[others], labels[others]
    x_fit, x_val, y_fit, y_val = train_test_split(common.scale(x_train), y_train, **models.SPLIT)
    return (x_fit, y_fit), (x_val, y_val), (common.scale(x_fresh), y_fresh)


def measure_recipe(setting, seed, work_dir):
    """Train P1's network with one cure for overfitting, or ours with all that help, and measure both sides.

    Returns:
        dict: accuracy on training, validation and fresh pictures, loss on training and fresh ones, epochs,
        the CPU seconds of `fit`, the validation loss of each epoch, and test_right, of the fresh pictures.
    """
    recipe, profile = common.look_up(RECIPES, setting["recipe"]), store.profile()
    parts = load_split(profile, seed)
    keras.utils.set_random_seed(seed)
    if recipe.get("cured"):
        network, epochs = build_leaky_cured(), CURED_EPOCHS
        batch_size = CURED_BATCH_SIZE[profile]
    else:
        network = models.build_leaky_convnet(**recipe.get("layers", {}))
        batch_size, epochs = models.LEAKY_BATCH_SIZE, EPOCHS[profile]
    if recipe.get("one_cycle"):
        batches = common.count_batches(len(parts[0][0]), batch_size, epochs=epochs)
        common.compile_ours(network, CURED, batches=batches)
    else:
        _compile_posted(network, 0.001, recipe.get("weight_decay"), recipe.get("label_smoothing", 0.0))
    return _train(network, parts, batch_size, epochs=epochs, patience=recipe.get("patience"))


def measure_batch_size(setting, seed, work_dir):
    """Train P1's network with a batch size and a learning rate, for P1's epochs.

    Returns:
        dict: as `measure_recipe`.
    """
    parts = load_split(store.profile(), seed)
    keras.utils.set_random_seed(seed)
    network = models.build_leaky_convnet()
    _compile_posted(network, setting["learning_rate"])
    return _train(network, parts, setting["batch_size"], epochs=BATCH_EPOCHS)


def _compile_posted(network, rate, decay=None, smoothing=0.0):
    """Compile a network as P1 does: Adam, at a rate; or with weight decay, or softened labels."""
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=decay) if decay else keras.optimizers.Adam(rate),
        keras.losses.CategoricalCrossentropy(label_smoothing=smoothing),
        metrics=["accuracy"],
    )


def _train(network, parts, batch_size, *, epochs, patience=None):
    """Train a compiled network and measure both sides: see `measure_recipe`."""
    history, seconds = _fit(network, parts, batch_size, epochs=epochs, patience=patience)
    return {
        **_scores(network, parts),
        "epochs": len(history["loss"]),
        "fit_seconds": round(seconds, 2),
        "val_loss": history["val_loss"],
    }


def _fit(network, parts, batch_size, *, epochs, patience=None):
    """Train a network on one-hot labels; return its history and CPU seconds."""
    callbacks = []
    if patience:
        callbacks = [keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)]
    (x_fit, y_fit), (x_val, y_val) = [(x, keras.utils.to_categorical(y, 10)) for x, y in parts[:2]]
    options = {"batch_size": batch_size, "epochs": epochs, "validation_data": (x_val, y_val)}
    return common.fit_timed(network, x_fit, y_fit, callbacks=callbacks, **options)


def _scores(network, parts):
    """Return accuracies on all parts, and the plain cross-entropy on two, with dropout and shifts off."""
    found = {}
    for part, (images, labels) in zip(("training", "val", "fresh"), parts, strict=True):
        probabilities = network.predict(images, verbose=0)
        right = probabilities.argmax(axis=1) == labels
        found[f"{part}_accuracy"] = float(np.mean(right))
        if part != "val":
            told = np.clip(probabilities[np.arange(len(labels)), labels], 1e-7, 1)
            found[f"{part}_loss"] = float(-np.log(told).mean())
    return {**found, "test_right": pack_answers(right)}


def measure_units(setting, seed, work_dir):
    """Train P1's network with ReLU or LeakyReLU for a few epochs, and count units that do nothing.

    Returns:
        dict: dead (share of units that are zero for every training picture), never_positive (share of
        units that are at or below zero for every one), val_accuracy and training_accuracy.
    """
    parts = load_split(store.profile(), seed)
    keras.utils.set_random_seed(seed)
    network = models.build_leaky_convnet(activation=setting["activation"])
    _compile_posted(network, setting["rate"])
    history, _ = _fit(network, parts, models.LEAKY_BATCH_SIZE, epochs=UNIT_EPOCHS)
    largest = models.largest_outputs(network, parts[0][0])
    return {
        "dead": float(np.mean(largest == 0)),
        "never_positive": float(np.mean(largest <= 0)),
        "val_accuracy": history["val_accuracy"][-1],
        "training_accuracy": history["accuracy"][-1],
    }
