"""What P4's routes from VGG16 cost: features that are computed once, and base and head end to end.

The weights are random and the pictures noise, for the cost depends on neither.
"""

import time
from functools import partial

import keras
import numpy as np

from pixvox.models.heads import unfreeze
from pixvox_studies import common
from pixvox_studies.transfer import heads

SIZE, PICTURES, EPOCHS = (150, 150), 40, 30  # P4's size and epochs


def measure_cost(setting, seed, work_dir):
    """Time 30 epochs of P4's head on 40 pictures, by one route.

    "features once": the pictures go through VGG16's base once, then 30 epochs of the head on its maps.
    "end to end": base, frozen, and head together, with P4's augmentation in front. One epoch is measured
    and taken 30 times. "last block": the same, and the base's last block is trained too. None pays for
    tracing: a batch is done before, by each route.

    Returns:
        dict: seconds_of_30_epochs, CPU seconds.
    """
    route = common.look_up(ROUTES, setting["route"])
    rng = np.random.default_rng(seed)
    pictures = rng.uniform(-100, 100, (PICTURES, *SIZE, 3)).astype(np.float32)  # as if preprocessed
    labels = np.arange(PICTURES) % 2
    keras.utils.set_random_seed(seed)
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(*SIZE, 3))
    return {"seconds_of_30_epochs": route(base, pictures, labels)}


def time_features_once(base, pictures, labels):
    """Return the CPU seconds of the features, and of 30 epochs of the head on them."""
    base.predict(pictures[: heads.BATCH_SIZE], batch_size=heads.BATCH_SIZE, verbose=0)
    begin = time.process_time()
    maps = base.predict(pictures, batch_size=heads.BATCH_SIZE, verbose=0)
    seconds = time.process_time() - begin
    head = _warmed(heads.build_dense_head(maps.shape[1:]), maps, labels)
    return seconds + common.fit_timed(head, maps, labels, batch_size=heads.BATCH_SIZE, epochs=EPOCHS)[1]


def time_end_to_end(base, pictures, labels, *, first=None):
    """Return 30 times the CPU seconds of one epoch of base and head, the base trained from a layer on."""
    unfreeze(base, first)
    network = _warmed(heads.build_end_to_end(base), pictures, labels)
    return EPOCHS * common.fit_timed(network, pictures, labels, batch_size=heads.BATCH_SIZE)[1]


def _warmed(network, x, y):
    """Compile a network as P4 does, train it on a batch and return it."""
    common.compile_posted(network, keras.optimizers.RMSprop(heads.HEAD_RATE["sample"]))
    network.fit(x[: heads.BATCH_SIZE], y[: heads.BATCH_SIZE], batch_size=heads.BATCH_SIZE, verbose=0)
    return network


ROUTES = {
    "features once": time_features_once,
    "end to end": time_end_to_end,
    "last block": partial(time_end_to_end, first="block5_conv1"),
}
