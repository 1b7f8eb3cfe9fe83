"""Learning curves: how many labelled pictures does a pretrained base save?

The pictures are those of `routes`; where more are asked for, the drawing goes on.
"""

import keras

from pixvox.datasets import store
from pixvox.models import heads
from pixvox_studies import common
from pixvox_studies.pets import recipes as pets
from pixvox_studies.transfer import routes

BATCHES, EPOCHS = 400, 20  # of 20 pictures, as many for few pictures as for 400; 20 epochs of more than that
MOST = 800  # pictures that are drawn, cats and dogs together


def measure_curve(setting, seed, work_dir):
    """Train on so many pictures, for 400 batches, or 20 epochs where that is more.

    With 400 pictures the trainings are those of `routes.measure_route`.

    Returns:
        dict: fit_seconds, train_accuracy, test_accuracy, test_right.
    """
    route, parts = setting["route"], _curve_parts(setting["pictures"], seed)
    batches = max(BATCHES, EPOCHS * setting["pictures"] // heads.BATCH_SIZE)
    keras.utils.set_random_seed(seed)
    row = routes.measure_curved(route, parts, batches=batches, seed=seed)
    del row["val_accuracy"]
    return row


def _curve_parts(pictures, seed):
    """Return the first training pictures of a seed, and the validation and test pictures."""
    train, *others = routes.load_parts(seed, store.profile())
    if store.profile() == "sample" and pictures > len(train[1]):  # what follows was validation, unused here
        drawn = common.draw_animals(MOST // 2, pets.FRESH + seed, heads.IMAGE_SIZES["sample"])
        train = drawn.pictures, drawn.labels
    return common.take_first(train, pictures), *others
