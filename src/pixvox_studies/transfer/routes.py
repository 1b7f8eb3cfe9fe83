"""Transfer learning: every route from a pretrained base, P4's and ours, and ours from random weights.

In the sample profile all pictures are drawn afresh: the drawings of the studies of cats and dogs, so that the
tables can be compared. The sample's numbers were chosen on other drawings (seeds 6,100 to 6,199). In the full
profile the base is MobileNet; our features are computed at 224 pixels, and all else happens at 160. Of its
numbers those of our fine-tuning were tried once, on validation pictures; the others were not tuned.
"""

import time
from functools import cache, partial

import keras
import numpy as np
from keras.optimizers import RMSprop
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pixvox.datasets import imagenet, store
from pixvox.models.heads import unfreeze
from pixvox_studies import common, features
from pixvox_studies.pets import recipes as pets
from pixvox_studies.transfer import heads

AT_ONCE = 2_000  # pictures that are copied at a time, for memory's sake; whole batches
PENALTY = 0.03  # C of the logistic regression: small numbers hold the weights back


def measure_route(setting, seed, work_dir):
    """Train by one route on the training pictures of a seed, and measure it on the test pictures.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy, test_right; fit_seconds, the CPU seconds of all
        that the route needs until it can answer. "fine-tuned" has before_seconds, before_val_accuracy and
        before_accuracy too, the last on the test pictures, of the stage with a frozen base.
    """
    keras.utils.set_random_seed(seed)
    return common.look_up(ROUTES, setting["route"])(seed, work_dir)


@cache
def load_parts(seed, image_size):
    """Load training, validation and test pictures, once for all routes: see `pets.load_parts`."""
    return pets.load_parts(seed, image_size=image_size)


def load_base(image_size, *, weights="trained"):
    """Load the base of the profile in force: `imagenet.Network`."""
    name = heads.BASES[store.profile()]
    return imagenet.load_conv_base(name, image_size=image_size, weights=weights)


def compute_maps(conv_base, pictures):
    """Return the maps of pictures, from the disk where an earlier row kept them: `features.Features`."""
    given = {"image_size": pictures.shape[1:3], "preprocess_input": conv_base.preprocess_input}
    return features.cached_features(conv_base.model, pictures, **given)


def measure_head(seed, work_dir):
    """Compute features once and train P4's head on them."""
    profile = store.profile()
    conv_base, parts = load_base(heads.END_SIZES[profile]), load_parts(seed, heads.END_SIZES[profile])
    kept = [compute_maps(conv_base, x) for x, _ in parts]
    on_maps = [(one.maps, y) for one, (_, y) in zip(kept, parts, strict=True)]
    head = heads.build_dense_head(kept[0].maps.shape[1:])
    common.compile_posted(head, RMSprop(heads.HEAD_RATE[profile]))
    seconds = _fit(head, on_maps[0], epochs=heads.HEAD_EPOCHS)
    scores = common.evaluate_parts(head, on_maps, batch_size=50)
    return {"fit_seconds": kept[0].cpu_seconds + seconds, **scores}


def measure_stages(seed, work_dir):
    """Train P4's head with augmentation on a frozen base, then the base's last layers and the head."""
    profile = store.profile()
    conv_base, parts = load_base(heads.END_SIZES[profile]), load_parts(seed, heads.END_SIZES[profile])
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    network = heads.build_end_to_end(conv_base.model)
    unfreeze(conv_base.model, None)
    common.compile_posted(network, RMSprop(heads.HEAD_RATE[profile]))
    before_seconds = _fit(network, scaled[0], epochs=heads.FROZEN_EPOCHS[profile])
    before = common.evaluate_parts(network, scaled, batch_size=50)
    unfreeze(conv_base.model, heads.TUNED_FROM[profile])
    common.compile_posted(network, RMSprop(heads.TUNING_RATE[profile]))
    seconds = before_seconds + _fit(network, scaled[0], epochs=heads.TUNING_EPOCHS[profile])
    stage = {"before_seconds": before_seconds, "before_accuracy": before["test_accuracy"]}
    stage["before_val_accuracy"] = before["val_accuracy"]
    return {"fit_seconds": seconds, **stage, **common.evaluate_parts(network, scaled, batch_size=50)}


def measure_mirrored(seed, work_dir, *, weights="trained"):
    """Measure our cheap route: the features of pictures and mirror images, and a regression."""
    size = heads.IMAGE_SIZES[store.profile()]
    conv_base, parts = load_base(size, weights=weights), load_parts(seed, size)
    both = [[compute_maps(conv_base, one) for one in (x, x[:, :, ::-1])] for x, _ in parts]
    means = [[kept.maps.mean(axis=(1, 2)) for kept in pair] for pair in both]
    y_train, begin = parts[0][1], time.process_time()
    model = fit_means(np.concatenate(means[0]), np.concatenate([y_train, y_train]))
    seconds = time.process_time() - begin + sum(kept.cpu_seconds for kept in both[0])
    said = [np.mean([model.predict_proba(one)[:, 1] for one in pair], axis=0) for pair in means]
    return {"fit_seconds": seconds, **_score_said(said, parts)}


def fit_means(means, labels):
    """Fit a regularised logistic regression to the means of maps, (n, channels), and return it."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=2_000))
    return model.fit(means, labels)


def measure_better(seed, work_dir, *, weights="trained", pictures=None, batches=None):
    """Measure our thorough route: all layers trained together in one cycle, and both mirror images asked.

    Args:
        pictures: how many of the training pictures are used; None: all.
        batches: how many are trained on; None: those of the profile's epochs.
    """
    profile = store.profile()
    conv_base = load_base(heads.END_SIZES[profile], weights=weights)
    train, *others = load_parts(seed, heads.END_SIZES[profile])
    parts = [common.take_first(train, pictures) if pictures else train, *others]
    scaled = [(conv_base.preprocess_input(x), y) for x, y in parts]
    epochs, count = heads.BETTER_EPOCHS[profile], len(parts[0][1])
    batches = batches or common.count_batches(count, heads.BATCH_SIZE, epochs=epochs)
    unfreeze(conv_base.model, conv_base.model.layers[0].name)
    network = heads.build_transfer_better(conv_base.model)
    common.compile_ours(network, heads.BETTER[profile], batches=batches)
    chosen = common.draw_batches(count, batches=batches, batch_size=heads.BATCH_SIZE, seed=seed)
    rows = np.split(chosen, range(AT_ONCE, len(chosen), AT_ONCE))
    seconds = sum(_fit(network, [part[some] for part in scaled[0]], shuffle=False) for some in rows)
    said = [common.mirrored_answers(network, x) for x, _ in scaled]
    return {"fit_seconds": seconds, **_score_said(said, parts)}


def _score_said(probabilities, parts):
    """Return the accuracies of probabilities on training, validation and test."""
    pairs = zip(probabilities, parts, strict=True)
    return common.score_parts([(said > 0.5) == labels for said, (_, labels) in pairs])


def _fit(network, train, **options):
    """Train a compiled network with P4's batch size; return the CPU seconds that it took."""
    return common.fit_timed(network, *train, batch_size=heads.BATCH_SIZE, **options)[1]


ROUTES = {
    "features": measure_head,
    "fine-tuned": measure_stages,
    "ours, features": measure_mirrored,
    "ours, fine-tuned": measure_better,
    "random weights, features": partial(measure_mirrored, weights=None),
    "random weights, fine-tuned": partial(measure_better, weights=None),
}
