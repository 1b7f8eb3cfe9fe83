"""The study of lesson 06: every route from a pretrained base, in order and out of it, and our own.

In the sample profile all pictures are drawn afresh: the drawings of lesson 05's studies, so that the tables
of the two lessons can be compared. The sample's numbers were chosen on other drawings (seeds 6,100 to 6,199).
"""

import time
from functools import cache

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pixvox import features, models, models_pets, models_transfer, study_pets
from pixvox.datasets import store
from pixvox.schedules import one_cycle

# Lesson 06 has the same numbers; a test compares them. "full" is P4's own, but for our recipe.
IMAGE_SIZE = {"sample": (64, 64), "full": (150, 150)}
BATCH_SIZE = 20
HEAD_RATE = {"sample": 5e-4, "full": 2e-5}
HEAD_EPOCHS = 30  # on features that were computed once
FROZEN_EPOCHS = {"sample": 12, "full": 30}
TUNING_RATE = {"sample": 1e-4, "full": 1e-5}
TUNING_EPOCHS = {"sample": 12, "full": 100}
PENALTY = 0.03  # C of the logistic regression: small numbers hold the weights back
BETTER_RATE = {"sample": 1e-3, "full": 1e-4}
BETTER_EPOCHS, BETTER_DECAY, BETTER_SMOOTHING = 20, 0.02, 0.1

SCRATCH_RATE, SCRATCH_EPOCHS = {"sample": 5e-4, "full": 1e-4}, {"sample": 20, "full": 30}
FASTER = 4  # how many times the head's rate
ORDERS = {  # layers that are unfrozen, whether from the start, and what the head's rate is multiplied by
    "fine-tuned": ("block5", False, 1),
    "all, in order": ("", False, 1),
    "all at once": ("", True, 1),
    "all, in order, fast": ("", False, FASTER),
    "all at once, fast": ("", True, FASTER),
}
INPUTS = {  # what the features are computed from, given the right preprocessing
    "features": lambda right: right,
    "features, 1/255": lambda right: lambda pictures: pictures / np.float32(255),
    "features, contrast/255": lambda right: lambda pictures: right(pictures) / np.float32(255),
}
ROUTES = ("from scratch", *INPUTS, *ORDERS, "ours, features", "ours, fine-tuned")


def measure_route(setting, seed, work_dir):
    """Train by one route on the training pictures of a seed, and measure it on the test pictures.

    Args:
        setting: {"route": one of `ROUTES`}.
        seed: whole number; decides the weights of the head, in the sample profile also the pictures.
        work_dir: not used; a row takes a minute at most in the sample profile.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy; fit_seconds, the CPU seconds of all that the
        route needs until it can answer. Those of two stages have before_accuracy too, on the test
        pictures after the first stage, and moved: by how much the weights of the base changed, as a share
        of their length.
    """
    route = setting["route"]
    parts = _load_parts(seed, store.profile())
    keras.utils.set_random_seed(seed)
    if route == "from scratch":
        batches = SCRATCH_EPOCHS[store.profile()] * -(-len(parts[0][1]) // BATCH_SIZE)
        return measure_scratch(parts, batches=batches, seed=seed)
    conv_base = models.load_conv_base("vgg16", image_size=IMAGE_SIZE[store.profile()])
    if route in INPUTS:
        return _measure_head(conv_base, parts, INPUTS[route](conv_base.preprocess_input))
    if route == "ours, features":
        return measure_mirrored(conv_base, parts)
    if route == "ours, fine-tuned":
        batches = BETTER_EPOCHS * -(-len(parts[0][1]) // BATCH_SIZE)
        return measure_better(conv_base, parts, batches=batches, seed=seed)
    return _measure_order(conv_base, parts, *ORDERS[route])


@cache
def _load_parts(seed, profile):
    """Load training, validation and test pictures once for all routes."""
    return study_pets.load_parts(seed, image_size=IMAGE_SIZE[profile])


def _scores(network, parts):
    """Return the accuracies of a compiled network on training, validation and test."""
    names = ("train_accuracy", "val_accuracy", "test_accuracy")
    scores = [float(network.evaluate(x, y, batch_size=50, verbose=0)[1]) for x, y in parts]
    return dict(zip(names, scores, strict=True))


def compile_as_posted(network, rate):
    """Compile a network as P4 does, with RMSprop at a rate."""
    network.compile(keras.optimizers.RMSprop(rate), "binary_crossentropy", metrics=["accuracy"])


def measure_scratch(parts, *, batches, seed):
    """Train P4's own network for so many batches, and measure it."""
    network = models_pets.build_pets_net(image_size=parts[0][0].shape[1:3])
    compile_as_posted(network, SCRATCH_RATE[store.profile()])
    begin = time.process_time()
    _fit_batches(network, *parts[0], batches=batches, seed=seed)
    return {"fit_seconds": time.process_time() - begin, **_scores(network, parts)}


def _fit_batches(network, x, y, *, batches, seed):
    """Train for so many batches, in a new order each time the pictures have been through."""
    order = np.random.default_rng(seed)
    rounds = -(-batches * BATCH_SIZE // len(y))
    chosen = np.concatenate([order.permutation(len(y)) for _ in range(rounds)])[: batches * BATCH_SIZE]
    network.fit(x[chosen], y[chosen], batch_size=BATCH_SIZE, shuffle=False, verbose=0)


def _maps(conv_base, pictures, preprocess_input):
    """Return the features of pictures, computed here and now."""
    size = conv_base.model.input_shape[1:3]
    return features.compute_features(
        conv_base.model, pictures, image_size=size, preprocess_input=preprocess_input
    )


def _kept_maps(conv_base, pictures, preprocess_input):
    """Return the features of pictures that one is tested on: all seeds and routes ask for them."""
    size = conv_base.model.input_shape[1:3]
    return features.cached_features(
        conv_base.model, pictures, image_size=size, preprocess_input=preprocess_input
    ).maps


def _measure_head(conv_base, parts, preprocess_input):
    """Compute features once and train P4's head on them."""
    begin = time.process_time()
    x_train = _maps(conv_base, parts[0][0], preprocess_input)
    head = models_transfer.build_dense_head(x_train.shape[1:])
    compile_as_posted(head, HEAD_RATE[store.profile()])
    head.fit(x_train, parts[0][1], batch_size=BATCH_SIZE, epochs=HEAD_EPOCHS, verbose=0)
    seconds = time.process_time() - begin
    held_out = [(_kept_maps(conv_base, x, preprocess_input), y) for x, y in parts[1:]]
    return {"fit_seconds": seconds, **_scores(head, [(x_train, parts[0][1]), *held_out])}


def unfreeze(conv_base, start):
    """Make the layers of a base trainable whose names begin so, and no others; "" means all, None none."""
    conv_base.trainable = True
    for layer in conv_base.layers:
        layer.trainable = start is not None and layer.name.startswith(start)


def _measure_order(conv_base, parts, start, at_once, faster):
    """Train the head with P4's augmentation, then base and head together; or both from the start."""
    profile, base = store.profile(), conv_base.model
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    pretrained = _as_vector(base)
    network = models_transfer.build_end_to_end(base)
    unfreeze(base, start if at_once else None)
    begin = time.process_time()
    compile_as_posted(network, faster * HEAD_RATE[profile])
    network.fit(*scaled[0], batch_size=BATCH_SIZE, epochs=FROZEN_EPOCHS[profile], verbose=0)
    before_seconds = time.process_time() - begin
    before = network.evaluate(*scaled[2], batch_size=50, verbose=0)[1]
    unfreeze(base, start)
    begin = time.process_time()
    compile_as_posted(network, TUNING_RATE[profile])
    network.fit(*scaled[0], batch_size=BATCH_SIZE, epochs=TUNING_EPOCHS[profile], verbose=0)
    seconds = before_seconds + time.process_time() - begin
    moved = np.linalg.norm(_as_vector(base) - pretrained) / np.linalg.norm(pretrained)
    stages = {"before_seconds": before_seconds, "before_accuracy": float(before), "moved": float(moved)}
    return {"fit_seconds": seconds, **stages, **_scores(network, scaled)}


def _as_vector(conv_base):
    """Return all weights of a base as one vector."""
    return np.concatenate([weights.ravel() for weights in conv_base.get_weights()])


def fit_mirrored(maps, mirrored, labels):
    """Fit a logistic regression to the mean of each map, of pictures and of their mirror images.

    Args:
        maps, mirrored: float32 (n, rows, columns, channels), the features of both.
        labels: whole numbers (n,), 0 or 1.

    Returns:
        a function of (maps, mirrored) that returns the probabilities of class 1, (n,): the mean of both.
    """
    means = np.concatenate([maps, mirrored]).mean(axis=(1, 2))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=2_000))
    model.fit(means, np.concatenate([labels, labels]))
    return lambda *both: np.mean([model.predict_proba(x.mean(axis=(1, 2)))[:, 1] for x in both], axis=0)


def measure_mirrored(conv_base, parts):
    """Measure our cheap recipe: the features of pictures and mirror images, and a regression."""
    right = conv_base.preprocess_input
    begin = time.process_time()
    both = [_maps(conv_base, x, right) for x in (parts[0][0], parts[0][0][:, :, ::-1])]
    probabilities = fit_mirrored(*both, parts[0][1])
    seconds = time.process_time() - begin
    held_out = [[_kept_maps(conv_base, one, right) for one in (x, x[:, :, ::-1])] for x, _ in parts[1:]]
    return {"fit_seconds": seconds, **_right(parts, [probabilities(*maps) for maps in (both, *held_out)])}


def _right(parts, probabilities):
    """Return the accuracies of probabilities on training, validation and test."""
    names = ("train_accuracy", "val_accuracy", "test_accuracy")
    pairs = zip(names, probabilities, parts, strict=True)
    return {name: float(np.mean((said > 0.5) == labels)) for name, said, (_, labels) in pairs}


def compile_better(network, *, batches):
    """Compile our own network for so many batches: one cycle of the rate, and softened labels."""
    rate = one_cycle(batches, peak=BETTER_RATE[store.profile()])
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=BETTER_DECAY),
        keras.losses.BinaryCrossentropy(label_smoothing=BETTER_SMOOTHING),
        metrics=["accuracy"],
    )


def measure_better(conv_base, parts, *, batches, seed):
    """Measure our recipe: all layers trained together in one cycle, and the mean of both mirror images."""
    unfreeze(conv_base.model, "")
    network = models_transfer.build_transfer_better(conv_base.model)
    compile_better(network, batches=batches)
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    begin = time.process_time()
    _fit_batches(network, *scaled[0], batches=batches, seed=seed)
    seconds = time.process_time() - begin
    said = [
        np.mean([network.predict(one, batch_size=50, verbose=0)[:, 0] for one in (x, x[:, :, ::-1])], axis=0)
        for x, _ in scaled
    ]
    return {"fit_seconds": seconds, **_right(parts, said)}
