"""The studies of lesson 04: P2's network in all its variants, and what a split by photograph leaks.

In the sample profile all variants are also judged on 2,000 pictures of 500 people who are drawn for this
purpose only. What is leaked is measured on drawn people, so in the sample profile alone.
"""

import time
from functools import cache, lru_cache

import keras
import numpy as np

from pixvox import compare
from pixvox.datasets import store
from pixvox.datasets.faces import FacePart, load_faces
from pixvox.models import faces as models_faces
from pixvox.models.faces import (
    BETTER_BATCH_SIZE,
    BETTER_DECAY,
    BETTER_EPOCHS,
    BETTER_RATE,
    BETTER_SMOOTHING,
    EPOCHS,
    IMAGE_SIZES,
    OURS,
    build_variant,
    settings_of,
)
from pixvox.training import one_cycle
from pixvox_sketch.faces.sets import draw_faces

FRESH, EACH, FRESH_SEED = 500, 2, 8_998  # people, pictures of each at each age, seed of the drawings
KNOWN, SEEN = 72, 3  # the leak: people, and pictures of each at each age; as many more are tested on
KNOWN_SEED, STRANGERS_SEED = 8_400, 8_500  # of the drawings (+ the study's seed)


@cache
def fresh_faces(size):
    """Draw the 2,000 pictures of people whom nobody trains on, the same for all seeds: `DrawnFaces`."""
    return draw_faces(FRESH, seed=FRESH_SEED, size=size, each=EACH, processes=2)


@lru_cache(maxsize=1)  # seeds come in turn; more would fill the memory
def load_parts(profile, seed):
    """Load the faces, split by person, and in the sample profile the fresh ones.

    Args:
        profile: "sample" or "full", the one in force.
        seed: of the split.

    Returns:
        dict from train, val, test and, in the sample profile, fresh to `FacePart`: its images float32
        (n, height, width, 3) in 0..1.
    """
    faces = load_faces(image_size=IMAGE_SIZES[profile], split="identity", seed=seed)
    parts = {"train": faces.train, "val": faces.validation, "test": faces.test}
    if profile == "sample":
        drawn = fresh_faces(IMAGE_SIZES[profile])
        parts["fresh"] = FacePart(drawn.pictures, drawn.labels, drawn.identities)
    return {name: part._replace(images=part.images / np.float32(255)) for name, part in parts.items()}


def measure_variant(setting, seed, work_dir):
    """Train a variant of P2's network, or our own, on one split by person, and measure it on the others.

    P2's are measured as P2 does, with the weights of the epoch with the best validation accuracy; ours
    with its last.

    Args:
        setting: {"variant": a key of `VARIANTS`, or "ours"}.
        seed: whole number; decides the split and the weights.
        work_dir: keeps the best weights for the time.

    Returns:
        dict: parameters, fit_seconds (CPU), epoch_train and epoch_val (accuracies, a number an epoch, as
        `fit` logs them), train_accuracy, val_accuracy, test_accuracy (measured afterwards, nothing dropped
        or changed), test_n; in the sample profile also fresh_accuracy, and fresh_right, the answers one
        by one (`compare.unpack_answers`).
    """
    parts, size = load_parts(store.profile(), seed), IMAGE_SIZES[store.profile()]
    keras.utils.set_random_seed(seed)
    best = work_dir / "best.weights.h5"
    if setting["variant"] == OURS:
        network, options = _build_ours(len(parts["train"].labels), size)
    else:
        network = build_variant(setting["variant"], image_size=size)
        keep = keras.callbacks.ModelCheckpoint(
            str(best), monitor="val_accuracy", save_best_only=True, save_weights_only=True
        )
        batch_size = settings_of(setting["variant"])["batch_size"]
        options = {"batch_size": batch_size, "epochs": EPOCHS[store.profile()], "callbacks": [keep]}
    history, seconds = _fit(network, parts, options)
    if setting["variant"] != OURS:
        network.load_weights(best)
    right = {name: _right(network, part) for name, part in parts.items()}
    return {
        "parameters": network.count_params(),
        "fit_seconds": seconds,
        "epoch_train": history["accuracy"],
        "epoch_val": history["val_accuracy"],
        **{f"{name}_accuracy": float(answers.mean()) for name, answers in right.items()},
        "test_n": len(right["test"]),
        **({"fresh_right": compare.pack_answers(right["fresh"])} if "fresh" in right else {}),
    }


def _build_ours(pictures, size):
    """Build and compile lesson 04's own network; return it with the options of its `fit`."""
    epochs = BETTER_EPOCHS[store.profile()]
    network = models_faces.build_face_better(image_size=size)
    rate = one_cycle(epochs * -(-pictures // BETTER_BATCH_SIZE), peak=BETTER_RATE)
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=BETTER_DECAY),
        keras.losses.BinaryCrossentropy(label_smoothing=BETTER_SMOOTHING),
        metrics=["accuracy"],
    )
    return network, {"batch_size": BETTER_BATCH_SIZE, "epochs": epochs}


def _fit(network, parts, options):
    """Train a network; return its history and CPU seconds."""
    begin = time.process_time()
    history = network.fit(
        parts["train"].images,
        parts["train"].labels,
        validation_data=(parts["val"].images, parts["val"].labels),
        verbose=0,
        **options,
    )
    return history.history, round(time.process_time() - begin, 2)


def _right(network, part):
    """Tell for each picture of a part whether the network's answer is right, (n,) booleans."""
    young = network.predict(part.images, verbose=0)[:, 0] > 0.5
    return young == part.labels


def measure_leak(setting, seed, work_dir):
    """Train a variant on some pictures of 72 people, and test it on others of the same and of strangers.

    A split by photograph tests on people whom the network knows; a split by person on strangers. Here one
    network meets both, 72 people each, with as many pictures. All people are drawn afresh for each seed.

    Args:
        setting: {"variant": a key of `VARIANTS`}.
        seed: whole number; decides the people and the weights.
        work_dir: not used.

    Returns:
        dict: train_accuracy; known_accuracy (other pictures of the people trained on); fresh_accuracy (of
        strangers); n, the number of pictures behind either.

    Raises:
        ValueError: in the full profile, which has no drawn people.
    """
    if store.profile() != "sample":
        raise ValueError(
            "expected the profile sample: what is leaked is measured on drawn people. Type `pixvox "
            "study face_leak --profile sample`."
        )
    size = IMAGE_SIZES["sample"]
    known = draw_faces(KNOWN, seed=KNOWN_SEED + seed, size=size, each=2 * SEEN, processes=2)
    strangers = draw_faces(KNOWN, seed=STRANGERS_SEED + seed, size=size, each=SEEN, processes=2)
    seen = np.arange(len(known.labels)) % (2 * SEEN) < SEEN  # of a person's pictures at one age
    parts = {
        "train": FacePart(known.pictures[seen], known.labels[seen], None),
        "known": FacePart(known.pictures[~seen], known.labels[~seen], None),
        "fresh": FacePart(strangers.pictures, strangers.labels, None),
    }
    parts = {name: part._replace(images=part.images / np.float32(255)) for name, part in parts.items()}
    keras.utils.set_random_seed(seed)
    network = build_variant(setting["variant"], image_size=size)
    network.fit(
        parts["train"].images,
        parts["train"].labels,
        batch_size=settings_of(setting["variant"])["batch_size"],
        epochs=EPOCHS["sample"],
        verbose=0,
    )
    accuracies = {f"{name}_accuracy": float(_right(network, part).mean()) for name, part in parts.items()}
    return {**accuracies, "n": len(parts["known"].labels)}
