"""Young or old: P2's network in all its variants, and what a split by photograph leaks.

In the sample profile all variants are also judged on 2,000 pictures of 500 people who are drawn for this
purpose only. What is leaked is measured on drawn people, so in the sample profile alone.
"""

from functools import cache, lru_cache

import keras
import numpy as np
from keras import Sequential, layers

from pixvox.compare import pack_answers
from pixvox.datasets import store
from pixvox.datasets.faces import FacePart, load_faces
from pixvox_sketch.faces.sets import draw_faces
from pixvox_studies import common
from pixvox_studies.faces import networks as models
from pixvox_studies.faces.networks import OURS, build_variant, settings_of

FRESH, EACH, FRESH_SEED = 500, 2, 8_998  # people, pictures of each at each age, seed of the drawings
KNOWN, SEEN = 72, 3  # the leak: people, and pictures of each at each age; as many more are tested on
KNOWN_SEED, STRANGERS_SEED = 8_400, 8_500  # of the drawings (+ the study's seed)
BETTER = common.Recipe(peak=4e-3, decay=0.02, smoothing=0.1)
BETTER_BATCH_SIZE, BETTER_EPOCHS = 16, 30


@cache
def fresh_faces(size):
    """Draw the 2,000 pictures of people whom nobody trains on, the same for all seeds: `DrawnFaces`."""
    return draw_faces(FRESH, seed=FRESH_SEED, size=size, each=EACH, processes=2)


@lru_cache(maxsize=1)  # seeds come in turn; more would fill the memory
def load_parts(profile, seed):
    """Load the faces, split by person, and in the sample profile the fresh ones.

    Returns:
        dict from train, val, test and, in the sample profile, fresh to `FacePart`: its images float32
        (n, height, width, 3) in 0..1.
    """
    faces = load_faces(image_size=models.IMAGE_SIZES[profile], split="identity", seed=seed)
    parts = {"train": faces.train, "val": faces.validation, "test": faces.test}
    if profile == "sample":
        drawn = fresh_faces(models.IMAGE_SIZES[profile])
        parts["fresh"] = FacePart(drawn.pictures, drawn.labels, drawn.identities)
    return {name: part._replace(images=common.scale(part.images)) for name, part in parts.items()}


def measure_variant(setting, seed, work_dir):
    """Train a variant of P2's network, or our own, on one split by person, and measure it on the others.

    P2's are measured as P2 does, with the weights of the epoch with the best validation accuracy; ours
    with its last.

    Returns:
        dict: parameters, fit_seconds (CPU), epoch_train and epoch_val (accuracies, a number an epoch, as
        `fit` logs them), train_accuracy, val_accuracy, test_accuracy, test_n, test_right; in the sample
        profile also fresh_accuracy, and fresh_right, the answers one by one (`compare.unpack_answers`).
    """
    profile = store.profile()
    parts = load_parts(profile, seed)
    network, history, seconds = train_variant(setting, parts["train"], parts["val"], seed, work_dir)
    right = {name: common.answer(network, part.images) == part.labels for name, part in parts.items()}
    return {
        "parameters": network.count_params(),
        "fit_seconds": round(seconds, 2),
        "epoch_train": history["accuracy"],
        "epoch_val": history["val_accuracy"],
        **common.score_parts(right),
        "test_n": len(right["test"]),
        **({"fresh_right": pack_answers(right["fresh"])} if "fresh" in right else {}),
    }


def train_variant(setting, train, val, seed, work_dir):
    """Train a variant of P2's network, or our own; return it with what each epoch logged and CPU seconds.

    P2's come with the weights of the epoch with the best validation accuracy, ours with its last.

    Args:
        setting: its "variant" is a key of `models.VARIANTS` or `OURS`; its "rate", where it has one, is
            P2's optimizer's learning rate instead of Keras's default, 0.001.
        train, val: `FacePart`, as `load_parts` returns them.
        seed: of weights, order and changes of the pictures.
        work_dir: where the weights of the best epoch are kept.
    """
    variant, size = setting["variant"], train.images.shape[1:3]
    keras.utils.set_random_seed(seed)
    if variant == OURS:
        network, options = _build_ours(len(train.labels), size)
    else:
        network, options = _build_posted(setting, size)
        best = work_dir / "best.weights.h5"
        keep = keras.callbacks.ModelCheckpoint(
            str(best), monitor="val_accuracy", save_best_only=True, save_weights_only=True
        )
        options |= {"epochs": models.EPOCHS[store.profile()], "callbacks": [keep]}
    history, seconds = common.fit_timed(network, *train[:2], validation_data=val[:2], **options)
    if variant != OURS:
        network.load_weights(best)
    return network, history, seconds


def _build_posted(setting, size):
    """Build and compile a variant of P2's network; return it with an option of its `fit`, the batch size."""
    variant = setting["variant"]
    common.look_up(models.VARIANTS, variant)
    network = build_variant(variant, image_size=size)
    if "rate" in setting:
        network.optimizer.learning_rate = setting["rate"]
    return network, {"batch_size": settings_of(variant)["batch_size"]}


def _build_ours(pictures, size):
    """Build and compile our own network; return it with the options of its `fit`."""
    options = {"batch_size": BETTER_BATCH_SIZE, "epochs": BETTER_EPOCHS}
    network = build_face_better(image_size=size)
    common.compile_ours(network, BETTER, batches=common.count_batches(pictures, **options))
    return network, options


def build_face_better(*, image_size=models.IMAGE_SIZE):
    """Build our own network: five normalised convolutions, no wide dense layer, 136,177 parameters.

    Args:
        image_size: (height, width) in pixels, 16 or more each.

    Returns:
        a model from (batch, height, width, 3) floats in 0..1 to (batch, 1) probabilities of the class
        young. While training it mirrors and shifts the pictures, and changes their brightness.
    """
    blocks = []
    for number, (channels, window) in enumerate(((16, 5), (32, 3), (64, 3), (64, 3), (128, 3)), 1):
        blocks += [
            layers.Conv2D(channels, window, padding="same", use_bias=False, name=f"conv{number}"),
            *([layers.MaxPooling2D(2, name=f"pool{number}")] if number < 5 else []),
            layers.BatchNormalization(momentum=0.9, name=f"norm{number}"),
            layers.ReLU(name=f"relu{number}"),
        ]
    return Sequential(
        [
            layers.Input((*image_size, 3)),
            layers.RandomFlip("horizontal", name="mirror"),
            layers.RandomTranslation(
                0.06, 0.06, fill_mode="nearest", interpolation="nearest", name="shift"
            ),  # by whole pixels
            layers.RandomBrightness(0.15, value_range=(0, 1), name="light"),
            *blocks,
            layers.GlobalAveragePooling2D(name="hidden"),
            layers.Dropout(0.3, name="drop"),
            layers.Dense(1, activation="sigmoid", name="young"),
        ],
        name="face_better",
    )


def measure_leak(setting, seed, work_dir):
    """Train a variant on some pictures of 72 people, and test it on others of the same and of strangers.

    A split by photograph tests on people whom the network knows; a split by person on strangers. Here one
    network meets both, 72 people each, with as many pictures. All people are drawn afresh for each seed.

    Returns:
        dict: train_accuracy; known_accuracy (other pictures of the people trained on); fresh_accuracy (of
        strangers); n, the number of pictures behind either.
    """
    size = models.IMAGE_SIZES["sample"]
    known = draw_faces(KNOWN, seed=KNOWN_SEED + seed, size=size, each=2 * SEEN, processes=2)
    strangers = draw_faces(KNOWN, seed=STRANGERS_SEED + seed, size=size, each=SEEN, processes=2)
    seen = np.arange(len(known.labels)) % (2 * SEEN) < SEEN  # of a person's pictures at one age
    parts = {
        "train": (common.scale(known.pictures[seen]), known.labels[seen]),
        "known": (common.scale(known.pictures[~seen]), known.labels[~seen]),
        "fresh": (common.scale(strangers.pictures), strangers.labels),
    }
    keras.utils.set_random_seed(seed)
    network, options = _build_posted(setting, size)
    network.fit(*parts["train"], **options, epochs=models.EPOCHS["sample"], verbose=0)
    right = {name: common.answer(network, x) == y for name, (x, y) in parts.items()}
    return {**common.score_parts(right), "n": len(right["known"])}
