"""Transfer learning: every route from a pretrained base, in order and out of it, and our own.

In the sample profile all pictures are drawn afresh: the drawings of the studies of cats and dogs, so that the
tables can be compared. The sample's numbers were chosen on other drawings (seeds 6,100 to 6,199).
"""

import time
from functools import cache

import keras
import numpy as np
from keras.optimizers import RMSprop
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pixvox import features
from pixvox.datasets import imagenet, store
from pixvox.models import heads
from pixvox.models.pets import build_pets_net
from pixvox_studies import common
from pixvox_studies.pets import recipes as pets

PENALTY = 0.03  # C of the logistic regression: small numbers hold the weights back
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
    "features, 1/255": lambda right: common.scale,
    "features, contrast/255": lambda right: lambda pictures: common.scale(right(pictures)),
}
CURVED = ("from scratch", "ours, features", "ours, fine-tuned")  # measured by number of pictures too
ROUTES = (*CURVED, *INPUTS, *ORDERS, *LARGE_STEPS)


def measure_route(setting, seed, work_dir):
    """Train by one route on the training pictures of a seed, and measure it on the test pictures.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy, test_right; fit_seconds, the CPU seconds of all
        that the route needs until it can answer. Those of two stages have before_accuracy too, on the test
        pictures after the first stage. moved says by how much the weights of the base changed, as a share
        of their length, and worth which test accuracy a new head reaches on the base's maps afterwards.
    """
    route = setting["route"]
    parts = load_parts(seed, store.profile())
    keras.utils.set_random_seed(seed)
    if route in CURVED:
        epochs = SCRATCH_EPOCHS[store.profile()] if route == "from scratch" else heads.BETTER_EPOCHS
        batches = common.count_batches(len(parts[0][1]), heads.BATCH_SIZE, epochs=epochs)
        return measure_curved(route, parts, batches=batches, seed=seed)
    conv_base = _load_conv_base()
    if route in INPUTS:
        return _measure_head(conv_base, parts, INPUTS[route](conv_base.preprocess_input))
    if route in LARGE_STEPS:
        return _measure_large_steps(conv_base, parts, LARGE_STEPS[route])
    return _measure_order(conv_base, parts, *common.look_up(ORDERS, route))


def measure_curved(route, parts, *, batches, seed):
    """Train by one of the routes in `CURVED` for so many batches, and measure it."""
    common.look_up(dict.fromkeys(CURVED), route)
    if route == "from scratch":
        return measure_scratch(parts, batches=batches, seed=seed)
    if route == "ours, features":
        return measure_mirrored(_load_conv_base(), parts)
    return measure_better(_load_conv_base(), parts, batches=batches, seed=seed)


def _load_conv_base():
    """Load the pretrained base of the profile in force."""
    return imagenet.load_conv_base("vgg16", image_size=heads.IMAGE_SIZES[store.profile()])


@cache
def load_parts(seed, profile):
    """Load training, validation and test pictures, once for all routes: see `pets.load_parts`."""
    return pets.load_parts(seed, image_size=heads.IMAGE_SIZES[profile])


def _score_said(probabilities, parts):
    """Return the accuracies of probabilities on training, validation and test."""
    pairs = zip(probabilities, parts, strict=True)
    return common.score_parts([(said > 0.5) == labels for said, (_, labels) in pairs])


def _fit(network, train, **options):
    """Train a compiled network with the post's batch size; return the CPU seconds that it took."""
    return common.fit_timed(network, *train, batch_size=heads.BATCH_SIZE, **options)[1]


def _fit_batches(network, train, *, batches, seed):
    """Train for so many batches, in a new order each time the pictures have been through; as `_fit`."""
    x, y = train
    chosen = common.draw_batches(len(y), batches=batches, batch_size=heads.BATCH_SIZE, seed=seed)
    return _fit(network, (x[chosen], y[chosen]), shuffle=False)


def measure_scratch(parts, *, batches, seed):
    """Train P4's own network for so many batches, and measure it."""
    network = build_pets_net(image_size=parts[0][0].shape[1:3])
    common.compile_posted(network, RMSprop(SCRATCH_RATE[store.profile()]))
    seconds = _fit_batches(network, parts[0], batches=batches, seed=seed)
    return {"fit_seconds": seconds, **common.evaluate_parts(network, parts, batch_size=50)}


def _maps(conv_base, pictures, preprocess_input):
    """Return the features of pictures, computed here and now."""
    given = {"image_size": heads.IMAGE_SIZES[store.profile()], "preprocess_input": preprocess_input}
    return features.compute_features(conv_base.model, pictures, **given)


def _kept_maps(conv_base, pictures, preprocess_input):
    """Return the features of pictures that one is tested on: all seeds and routes ask for them."""
    given = {"image_size": heads.IMAGE_SIZES[store.profile()], "preprocess_input": preprocess_input}
    return features.cached_features(conv_base.model, pictures, **given).maps


def _measure_head(conv_base, parts, preprocess_input):
    """Compute features once and train P4's head on them."""
    begin = time.process_time()
    x_train = _maps(conv_base, parts[0][0], preprocess_input)
    head = heads.build_dense_head(x_train.shape[1:])
    common.compile_posted(head, RMSprop(heads.HEAD_RATE[store.profile()]))
    _fit(head, (x_train, parts[0][1]), epochs=heads.HEAD_EPOCHS)
    seconds = time.process_time() - begin
    held_out = [(_kept_maps(conv_base, x, preprocess_input), y) for x, y in parts[1:]]
    scores = common.evaluate_parts(head, [(x_train, parts[0][1]), *held_out], batch_size=50)
    return {"fit_seconds": seconds, **scores}


def unfreeze(conv_base, start):
    """Make the layers of a base trainable whose names begin so, and no others; "" means all, None none."""
    conv_base.trainable = True
    for layer in conv_base.layers:
        layer.trainable = start is not None and layer.name.startswith(start)


def _measure_order(conv_base, parts, start, at_once):
    """Train the head with P4's augmentation, then base and head together; or both from the start."""
    profile, base, pretrained = store.profile(), conv_base.model, _as_vector(conv_base.model)
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    network = heads.build_end_to_end(base)
    unfreeze(base, start if at_once else None)
    common.compile_posted(network, RMSprop(heads.HEAD_RATE[profile]))
    before_seconds = _fit(network, scaled[0], epochs=heads.FROZEN_EPOCHS[profile])
    before = network.evaluate(*scaled[2], batch_size=50, verbose=0)[1]
    unfreeze(base, start)
    common.compile_posted(network, RMSprop(heads.TUNING_RATE[profile]))
    seconds = before_seconds + _fit(network, scaled[0], epochs=heads.TUNING_EPOCHS[profile])
    stages = {"before_seconds": before_seconds, "before_accuracy": float(before)}
    scores = common.evaluate_parts(network, scaled, batch_size=50)
    return {"fit_seconds": seconds, **stages, "moved": _moved(base, pretrained), **scores}


def _measure_large_steps(conv_base, parts, start):
    """Train the first stage alone, with large steps and half the epochs; ask what the base is worth then."""
    profile, base, pretrained = store.profile(), conv_base.model, _as_vector(conv_base.model)
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    network = heads.build_end_to_end(base)
    unfreeze(base, start)
    common.compile_posted(network, RMSprop(LARGE * heads.HEAD_RATE[profile]))
    seconds = _fit(network, scaled[0], epochs=heads.FROZEN_EPOCHS[profile] // 2)
    train, test = (_maps(conv_base, parts[part][0], conv_base.preprocess_input) for part in (0, 2))
    worth = fit_means(train, parts[0][1]).score(test.mean(axis=(1, 2)), parts[2][1])
    moved = _moved(base, pretrained)
    scores = common.evaluate_parts(network, scaled, batch_size=50)
    return {"fit_seconds": seconds, "moved": moved, "worth": float(worth), **scores}


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
    return {"fit_seconds": seconds, **_score_said(said, parts)}


def measure_better(conv_base, parts, *, batches, seed):
    """Measure our recipe: all layers trained together in one cycle, and the mean of both mirror images."""
    unfreeze(conv_base.model, "")
    network = heads.build_transfer_better(conv_base.model)
    common.compile_ours(network, heads.BETTER[store.profile()], batches=batches)
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    seconds = _fit_batches(network, scaled[0], batches=batches, seed=seed)
    said = [common.mirrored_answers(network, x) for x, _ in scaled]
    return {"fit_seconds": seconds, **_score_said(said, parts)}
