"""What P1's recipe and ours cost, and what they reach with it. Run it alone on the machine."""

import keras

from pixvox.datasets import store
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.fashion import posted, recipes, training

OURS_BATCH_SIZE = {"sample": 32, "full": 128}  # the lesson's


def measure_costs(setting, seed, work_dir):
    """Train one of the two recipes on the pictures of `posted.measure_posted`.

    Returns:
        dict: parameters; fit_seconds (CPU seconds of the training, without validation); training_accuracy,
        test_accuracy, training_loss, test_loss, test_right.
    """
    recipe, profile = common.look_up(RECIPES, setting["recipe"]), store.profile()
    fit, _, test = posted.load_parts(profile, seed)
    keras.utils.set_random_seed(seed)
    network, batch_size, epochs = recipe(profile, len(fit[1]))
    seconds = common.fit_timed(network, *training.one_hot(fit), batch_size=batch_size, epochs=epochs)[1]
    scores = training.score_network(network, {"training": fit, "test": test})
    return {"parameters": network.count_params(), "fit_seconds": round(seconds, 2), **scores}


def _posted(profile, count):
    """Return P1's network, compiled, its batch size and epochs."""
    network = models.build_leaky_convnet()
    training.compile_posted(network)
    return network, training.BATCH_SIZE, posted.EPOCHS[profile]


def _ours(profile, count):
    """Return our network, compiled for so many pictures, its batch size and epochs."""
    network, batch_size, epochs = recipes.build_leaky_cured(), OURS_BATCH_SIZE[profile], recipes.CURED_EPOCHS
    batches = common.count_batches(count, batch_size, epochs=epochs)
    common.compile_ours(network, recipes.CURED, batches=batches)
    return network, batch_size, epochs


RECIPES = {"as posted": _posted, "ours": _ours}
