"""Unfreeze too early, or step too far? Three orders of training, each at three rates.

Every arm takes as many steps: the head alone ("frozen"), first the head and then all layers ("head first"),
or all layers from the start ("at once"), always with P4's head and augmentation.
"""

import keras
import numpy as np
from keras.optimizers import RMSprop

from pixvox.datasets import store
from pixvox.models.heads import unfreeze
from pixvox_studies import common
from pixvox_studies.transfer import depth, heads, labels, routes

EPOCHS = {"sample": 6, "full": 3}  # of either half
RATES = {"small": 1e-4, "middle": 5e-4, "large": 2e-3}
ORDERS = {"frozen": (False, False), "head first": (False, True), "at once": (True, True)}  # is all trained?


def measure_steps(setting, seed, work_dir):
    """Train in one order at one rate on 400 labelled pictures, in two halves.

    Returns:
        dict: train_accuracy, test_accuracy, test_right; worth, the test accuracy of a
        regression on the base's maps afterwards; blank, the share of its last maps that are 0 for all of
        200 test pictures; moved, by how much its weights changed, as a share of their length.
    """
    profile, halves = store.profile(), common.look_up(ORDERS, setting["order"])
    rate = common.look_up(RATES, setting["rate"])
    keras.utils.set_random_seed(seed)
    conv_base = routes.load_base(heads.END_SIZES[profile])
    base, pretrained = conv_base.model, _as_vector(conv_base.model)
    train, _, test = routes.load_parts(seed if profile == "sample" else 0, heads.END_SIZES[profile])
    chosen = labels.draw_labelled(train[1], depth.LABELLED, seed)
    parts = {"train": (train[0][chosen], train[1][chosen]), "test": test}
    scaled = {name: (conv_base.preprocess_input(x), y) for name, (x, y) in parts.items()}
    network = heads.build_end_to_end(base)
    for trained in halves:
        unfreeze(base, base.layers[0].name if trained else None)
        common.compile_posted(network, RMSprop(rate))
        network.fit(*scaled["train"], batch_size=heads.BATCH_SIZE, epochs=EPOCHS[profile], verbose=0)
    maps = {name: base.predict(x, batch_size=50, verbose=0) for name, (x, _) in scaled.items()}
    means = {name: one.mean(axis=(1, 2)) for name, one in maps.items()}
    worth = routes.fit_means(means["train"], parts["train"][1]).score(means["test"], test[1])
    return {
        **common.evaluate_parts(network, scaled, batch_size=50),
        "worth": float(worth),
        "blank": float((maps["test"][:200] == 0).all(axis=(0, 1, 2)).mean()),
        "moved": float(np.linalg.norm(_as_vector(base) - pretrained) / np.linalg.norm(pretrained)),
    }


def _as_vector(conv_base):
    """Return all weights of a base as one vector."""
    return np.concatenate([weights.ravel() for weights in conv_base.get_weights()])
