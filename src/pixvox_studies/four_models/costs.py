"""What the clothes' recipes cost, in CPU seconds: the post's and our own."""

import keras

from pixvox.datasets import store
from pixvox_studies import common
from pixvox_studies.four_models import better, networks

WARM_BATCHES, MEASURED_BATCHES = 8, 50


def measure_cost(setting, seed, work_dir):
    """Train for some batches and count what all epochs cost: a recipe of the post's, or ours.

    Run it alone on the machine. The accuracies are in `fashion_four_models` and `fashion_better`.

    Returns:
        dict: epoch_cpu_seconds, epochs, training_cpu_seconds (their product), without evaluation.
    """
    profile, name = store.profile(), setting["network"]
    keras.utils.set_random_seed(seed)
    if name == "better":
        network, (x_fit, y_fit) = better.build_fashion_better(), better.load_one_hot(0)[0]
        epochs, batch_size = better.BETTER_EPOCHS[profile], better.BETTER_BATCH_SIZE[profile]
        better.compile_better(network, batches=1_000)
    else:
        posted, (x_fit, y_fit) = common.look_up(networks.BUILDERS, name)(), networks.load_split(0)[0]
        network = networks.continue_training(posted, augmented=True, seed=seed)
        epochs = networks.FASHION_EPOCHS + networks.EXTRA_EPOCHS
        batch_size = networks.FASHION_BATCH_SIZE[profile]
    measured = MEASURED_BATCHES * batch_size
    used = x_fit[:measured], y_fit[:measured]
    seconds = common.batch_seconds(network, *used, batch_size=batch_size, warm=WARM_BATCHES)
    seconds *= len(x_fit) / batch_size
    return {"epoch_cpu_seconds": seconds, "epochs": epochs, "training_cpu_seconds": seconds * epochs}
