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

from pixvox import features
from pixvox.datasets import store
from pixvox.models import heads as models_transfer
from pixvox.models import pets as models_pets
from pixvox.models import transfer as models
from pixvox.training import one_cycle
from pixvox_studies.pets import recipes as study_pets

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
ORDERS = {  # layers that are unfrozen, and whether from the start
    "fine-tuned": ("block5", False),
    "all, in order": ("", False),
    "all at once": ("", True),
}
LARGE = 4  # how many times the head's rate
LARGE_STEPS = {"frozen, large steps": None, "all at once, large steps": ""}  # layers that are unfrozen
INPUTS = {  # what the features are computed from, given the right preprocessing
    "features": lambda right: right,
    "features, 1/255": lambda right: lambda pictures: pictures / np.float32(255),
    "features, contrast/255": lambda right: lambda pictures: right(pictures) / np.float32(255),
}
ROUTES = ("from scratch", *INPUTS, *ORDERS, *LARGE_STEPS, "ours, features", "ours, fine-tuned")
NAMES = ("train_accuracy", "val_accuracy", "test_accuracy")


def measure_route(setting, seed, work_dir):
    """Train by one route on the training pictures of a seed, and measure it on the test pictures.

    Args:
        setting: {"route": one of `ROUTES`}.
        seed: whole number; decides the weights of the head, in the sample profile also the pictures.
        work_dir: not used; a row takes a minute at most in the sample profile.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy; fit_seconds, the CPU seconds of all that the
        route needs until it can answer. Those of two stages have before_accuracy too, on the test
        pictures after the first stage. moved says by how much the weights of the base changed, as a share
        of their length, and worth which test accuracy a new head reaches on the base's maps afterwards.
    """
    route = setting["route"]
    parts = load_parts(seed, store.profile())
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
    if route in LARGE_STEPS:
        return _measure_large_steps(conv_base, parts, LARGE_STEPS[route])
    return _measure_order(conv_base, parts, *ORDERS[route])


@cache
def load_parts(seed, profile):
    """Load training, validation and test pictures, once for all routes: see `study_pets.load_parts`."""
    return study_pets.load_parts(seed, image_size=IMAGE_SIZE[profile])


def _scores(network, parts):
    """Return the accuracies of a compiled network on training, validation and test."""
    scores = [float(network.evaluate(x, y, batch_size=50, verbose=0)[1]) for x, y in parts]
    return dict(zip(NAMES, scores, strict=True))


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
    given = {"image_size": IMAGE_SIZE[store.profile()], "preprocess_input": preprocess_input}
    return features.compute_features(conv_base.model, pictures, **given)


def _kept_maps(conv_base, pictures, preprocess_input):
    """Return the features of pictures that one is tested on: all seeds and routes ask for them."""
    given = {"image_size": IMAGE_SIZE[store.profile()], "preprocess_input": preprocess_input}
    return features.cached_features(conv_base.model, pictures, **given).maps


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


def _measure_order(conv_base, parts, start, at_once):
    """Train the head with P4's augmentation, then base and head together; or both from the start."""
    profile, base, pretrained = store.profile(), conv_base.model, _as_vector(conv_base.model)
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    network = models_transfer.build_end_to_end(base)
    unfreeze(base, start if at_once else None)
    compile_as_posted(network, HEAD_RATE[profile])
    before_seconds = _fit(network, scaled[0], FROZEN_EPOCHS[profile])
    before = network.evaluate(*scaled[2], batch_size=50, verbose=0)[1]
    unfreeze(base, start)
    compile_as_posted(network, TUNING_RATE[profile])
    seconds = before_seconds + _fit(network, scaled[0], TUNING_EPOCHS[profile])
    stages = {"before_seconds": before_seconds, "before_accuracy": float(before)}
    return {"fit_seconds": seconds, **stages, "moved": _moved(base, pretrained), **_scores(network, scaled)}


def _measure_large_steps(conv_base, parts, start):
    """Train the first stage alone, with large steps and half the epochs; ask what the base is worth then."""
    profile, base, pretrained = store.profile(), conv_base.model, _as_vector(conv_base.model)
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    network = models_transfer.build_end_to_end(base)
    unfreeze(base, start)
    compile_as_posted(network, LARGE * HEAD_RATE[profile])
    seconds = _fit(network, scaled[0], FROZEN_EPOCHS[profile] // 2)
    train, test = (_maps(conv_base, parts[part][0], conv_base.preprocess_input) for part in (0, 2))
    worth = fit_means(train, parts[0][1]).score(test.mean(axis=(1, 2)), parts[2][1])
    moved = _moved(base, pretrained)
    return {"fit_seconds": seconds, "moved": moved, "worth": float(worth), **_scores(network, scaled)}


def _fit(network, train, epochs):
    """Train a compiled network; return the CPU seconds that it took."""
    begin = time.process_time()
    network.fit(*train, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return time.process_time() - begin


def _moved(conv_base, pretrained):
    """Return how far the weights of a base are from what they were, as a share of their length."""
    return float(np.linalg.norm(_as_vector(conv_base) - pretrained) / np.linalg.norm(pretrained))


def _as_vector(conv_base):
    """Return all weights of a base as one vector."""
    return np.concatenate([weights.ravel() for weights in conv_base.get_weights()])


def fit_means(maps, labels):
    """Fit a regularised logistic regression to the mean of each map, (n, rows, columns, channels).

    Returns:
        a scikit-learn model of the means, (n, channels).
    """
    model = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=2_000))
    return model.fit(maps.mean(axis=(1, 2)), labels)


def measure_mirrored(conv_base, parts):
    """Measure our cheap recipe: the features of pictures and mirror images, and a regression."""
    (x_train, y_train), right = parts[0], conv_base.preprocess_input
    begin = time.process_time()
    both = [_maps(conv_base, x, right) for x in (x_train, x_train[:, :, ::-1])]
    model = fit_means(np.concatenate(both), np.concatenate([y_train, y_train]))
    seconds = time.process_time() - begin
    held_out = [[_kept_maps(conv_base, one, right) for one in (x, x[:, :, ::-1])] for x, _ in parts[1:]]
    said = [
        np.mean([model.predict_proba(maps.mean(axis=(1, 2)))[:, 1] for maps in pair], axis=0)
        for pair in (both, *held_out)
    ]
    return {"fit_seconds": seconds, **_right(parts, said)}


def _right(parts, probabilities):
    """Return the accuracies of probabilities on training, validation and test."""
    pairs = zip(NAMES, probabilities, parts, strict=True)
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
