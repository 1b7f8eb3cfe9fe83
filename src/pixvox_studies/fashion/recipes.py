"""The studies of lesson 02: cures for overfitting, batch sizes, and units that die; all over seeds.

In the sample profile each seed has clothes of its own, drawn afresh, and all are judged on the same
4,000 others. In the full profile each seed has its own quarter of Fashion-MNIST's training pictures,
so that several seeds can be afforded, and is judged on 10,000 of the others: test pictures decide nothing.
"""

import time
from functools import cache

import keras
import numpy as np
from sklearn.model_selection import train_test_split

from pixvox.datasets import store
from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox.models import clothes as models_leaky
from pixvox.training import one_cycle
from pixvox_sketch.clothes.sets import draw_clothes

# Lesson 02 has the same numbers; a test compares them.
BATCH_SIZE = 64
EPOCHS = {"sample": 40, "full": 20}  # the post's are 20, of thirty times as many pictures as the sample's
BATCH_EPOCHS = 20
CURED_BATCH_SIZE = {"sample": 32, "full": 64}  # full: a quarter of the pictures, so half the lesson's batch
CURED_EPOCHS = 10
PEAK_RATE = 0.01

TRAINING_SIZE = {"sample": 2_000, "full": 15_000}  # of which a fifth is for validation
FRESH_SIZE = {"sample": 4_000, "full": 10_000}  # other pictures, to judge on
FIRST_SEED = 8_000  # of drawings to train on; those to judge on have 8999
FRESH_SEED = 8_999
UNIT_EPOCHS = 5

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


@cache
def load_split(profile, seed):
    """Return the pictures of one seed, split as lesson 02 splits them.

    Args:
        profile: "sample" (drawn afresh) or "full" (a random part of the published training pictures).
        seed: whole number.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_fresh, y_fresh): float32 pictures (n, 28, 28, 1) in 0..1 and int64
        labels (n,).
    """
    if profile == "sample":
        x_train, y_train = draw_clothes(TRAINING_SIZE[profile] // 10, seed=FIRST_SEED + seed)
        x_train, (x_fresh, y_fresh) = x_train[..., None], _drawn_fresh()
    else:
        (images, labels), _ = load_fashion_mnist()
        order, size = np.random.default_rng(seed).permutation(len(images)), TRAINING_SIZE[profile]
        chosen, others = order[:size], order[size : size + FRESH_SIZE[profile]]
        x_train, y_train = images[chosen], labels[chosen]
        x_fresh, y_fresh = images[others], labels[others]
    x_fit, x_val, y_fit, y_val = train_test_split(
        x_train / np.float32(255), y_train, test_size=0.2, random_state=13
    )
    return (x_fit, y_fit), (x_val, y_val), (x_fresh / np.float32(255), y_fresh)


@cache
def _drawn_fresh():
    """Draw the pictures that all seeds are judged on, once."""
    x_fresh, y_fresh = draw_clothes(FRESH_SIZE["sample"] // 10, seed=FRESH_SEED)
    return x_fresh[..., None], y_fresh


def measure_recipe(setting, seed, work_dir):
    """Train P1's network with one cure for overfitting, or ours with all that help, and measure both sides.

    Args:
        setting: {"recipe": a key of `RECIPES`}.
        seed: whole number; decides pictures and weights.
        work_dir: not used; a row takes minutes at most.

    Returns:
        dict: accuracy on training, validation and fresh pictures, loss on training and fresh ones, epochs,
        the CPU seconds of `fit`, and the validation loss of each epoch.
    """
    recipe, profile = RECIPES[setting["recipe"]], store.profile()
    fit, val, fresh = load_split(profile, seed)
    keras.utils.set_random_seed(seed)
    if recipe.get("cured"):
        network, epochs = models_leaky.build_leaky_cured(), CURED_EPOCHS
        batch_size = CURED_BATCH_SIZE[profile]
    else:
        network = models_leaky.build_leaky_convnet(**recipe.get("layers", {}))
        batch_size, epochs = BATCH_SIZE, EPOCHS[profile]
    steps = epochs * -(-len(fit[0]) // batch_size)
    rate = one_cycle(steps, peak=PEAK_RATE) if recipe.get("one_cycle") else 0.001
    decay, smoothing = recipe.get("weight_decay"), recipe.get("label_smoothing", 0.0)
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=decay) if decay else keras.optimizers.Adam(rate),
        keras.losses.CategoricalCrossentropy(label_smoothing=smoothing),
        metrics=["accuracy"],
    )
    history, seconds = _fit(network, fit, val, batch_size, epochs=epochs, patience=recipe.get("patience"))
    return {
        **_accuracies(network, fit, val, fresh),
        "epochs": len(history["loss"]),
        "fit_seconds": seconds,
        "val_loss": history["val_loss"],
    }


def _fit(network, fit, val, batch_size, *, epochs, patience=None):
    """Train a network on one-hot labels; return its history and CPU seconds."""
    callbacks = []
    if patience:
        callbacks = [keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)]
    one_hot = {name: keras.utils.to_categorical(y, 10) for name, (_, y) in (("fit", fit), ("val", val))}
    begin = time.process_time()
    history = network.fit(
        fit[0],
        one_hot["fit"],
        batch_size=batch_size,
        epochs=epochs,
        validation_data=(val[0], one_hot["val"]),
        callbacks=callbacks,
        verbose=0,
    )
    return history.history, round(time.process_time() - begin, 2)


def _accuracies(network, fit, val, fresh):
    """Return accuracies on all parts, and the plain cross-entropy on two, with dropout and shifts off."""
    found = {}
    for part, (images, labels) in {"training": fit, "val": val, "fresh": fresh}.items():
        probabilities = network.predict(images, verbose=0)
        found[f"{part}_accuracy"] = float(np.mean(probabilities.argmax(axis=1) == labels))
        if part != "val":
            right = np.clip(probabilities[np.arange(len(labels)), labels], 1e-7, 1)
            found[f"{part}_loss"] = float(-np.log(right).mean())
    return found


def measure_batch_size(setting, seed, work_dir):
    """Train P1's network with a batch size and a learning rate, for P1's epochs.

    Args:
        setting: {"batch_size": whole number, "learning_rate": number}.
        seed: whole number; decides pictures and weights.
        work_dir: not used.

    Returns:
        dict: as `measure_recipe`.
    """
    fit, val, fresh = load_split(store.profile(), seed)
    keras.utils.set_random_seed(seed)
    network = models_leaky.build_leaky_convnet()
    network.compile(
        keras.optimizers.Adam(setting["learning_rate"]), "categorical_crossentropy", metrics=["accuracy"]
    )
    history, seconds = _fit(network, fit, val, setting["batch_size"], epochs=BATCH_EPOCHS)
    return {
        **_accuracies(network, fit, val, fresh),
        "epochs": BATCH_EPOCHS,
        "fit_seconds": seconds,
        "val_loss": history["val_loss"],
    }


def measure_units(setting, seed, work_dir):
    """Train P1's network with ReLU or LeakyReLU for a few epochs, and count units that do nothing.

    Args:
        setting: {"activation": "relu" or "leaky", "rate": learning rate}.
        seed: whole number; decides pictures and weights.
        work_dir: not used.

    Returns:
        dict: dead (share of units that are zero for every training picture), never_positive (share of
        units that are at or below zero for every one), val_accuracy and training_accuracy.
    """
    fit, val, _ = load_split(store.profile(), seed)
    keras.utils.set_random_seed(seed)
    network = models_leaky.build_leaky_convnet(activation=setting["activation"])
    network.compile(keras.optimizers.Adam(setting["rate"]), "categorical_crossentropy", metrics=["accuracy"])
    history, _ = _fit(network, fit, val, BATCH_SIZE, epochs=UNIT_EPOCHS)
    largest = models_leaky.largest_outputs(network, fit[0])
    return {
        "dead": float(np.mean(largest == 0)),
        "never_positive": float(np.mean(largest <= 0)),
        "val_accuracy": history["val_accuracy"][-1],
        "training_accuracy": history["accuracy"][-1],
    }
