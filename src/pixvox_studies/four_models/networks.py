"""The four models: the post's networks with and without augmentation, and accuracy by parameters.

In the sample profile all pictures are drawn afresh, so that the committed test pictures decide nothing.
"""

from functools import cache

import keras
from keras import layers
from sklearn.model_selection import train_test_split

from pixvox.augment import RandomAffine
from pixvox.datasets import store
from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox.models import clothes as models
from pixvox_studies import common
from pixvox_studies.fashion.pictures import SPLIT
from pixvox_studies.resuming import epoch_logs

FRESH, FRESH_TEST = 8_000, 8_999  # seeds of the drawings: of training (+ the study's seed), of the test
DRAWN, DRAWN_TEST = 200, 300  # pictures of each class
FASHION_BATCH_SIZE, FASHION_EPOCHS = {"sample": 32, "full": 256}, 10
AUGMENTATION = {"rotation_degrees": 8, "shift": 0.08, "shear_degrees": 0.3, "zoom": 0.08}
EXTRA_EPOCHS = 50  # the lesson's own arms are shorter
PARAMETER_EPOCHS = 30


def build_fashion_one(*, image_size=models.IMAGE_SIZE):
    """Build the post's network with one convolution: 693,962 parameters at 28x28.

    Args:
        image_size: (height, width) in pixels, 4 or more each.

    Source: J. Le, "The 4 Convolutional Neural Network Models That Can Classify Your Fashion Images" (2018).
    """
    stack = [
        layers.Conv2D(32, 3, activation="relu", name="conv1"),
        layers.MaxPooling2D(2, name="pool1"),
        layers.Dropout(0.2, name="drop1"),
        layers.Flatten(name="flatten"),
        layers.Dense(128, activation="relu", name="hidden"),
    ]
    return models.build_classifier(stack, "fashion_one", image_size=image_size)


def build_fashion_dense(width):
    """Build a network without a convolution: one hidden layer, 795 * width + 10 parameters.

    Args:
        width: units of the hidden layer; 0 leaves it out, which is softmax regression (7,850 parameters).
    """
    hidden = [layers.Dense(width, activation="relu", name="hidden")] if width else []
    stack = [layers.Flatten(name="flatten"), *hidden]
    return models.build_classifier(stack, f"fashion_dense_{width}")


def build_fashion_small():
    """Build a small convnet to compare with dense networks by size: 29,066 parameters."""
    stack = [
        layers.Conv2D(16, 3, activation="relu", name="conv1"),
        layers.MaxPooling2D(2, name="pool1"),
        layers.Conv2D(32, 3, activation="relu", name="conv2"),
        layers.MaxPooling2D(2, name="pool2"),
        layers.Conv2D(64, 3, activation="relu", name="conv3"),
        layers.Flatten(name="flatten"),
    ]
    return models.build_classifier(stack, "fashion_small")


BUILDERS = {
    "one conv": build_fashion_one,
    "three conv": models.build_fashion_three,
    "four conv": models.build_fashion_four,
    "small conv": build_fashion_small,
}


@cache
def load_split(seed):
    """Load the clothes of `split_pictures`, scaled.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_test, y_test): float32 pictures (n, 28, 28, 1) in 0..1 and
        int64 labels (n,).
    """
    return tuple((common.scale(x), y) for x, y in split_pictures(seed))


def split_pictures(seed):
    """Load the clothes as the lesson splits them; in the sample profile, draw others of the kind.

    Returns:
        (x_fit, y_fit), (x_val, y_val), (x_test, y_test): uint8 pictures (n, 28, 28, 1) and int64 labels (n,).
    """
    if store.profile() == "sample":
        x_train, y_train = common.draw_clothes(DRAWN, FRESH + seed)
        test = common.draw_clothes(DRAWN_TEST, FRESH_TEST)
    else:
        (x_train, y_train), test = load_fashion_mnist()
    x_fit, x_val, y_fit, y_val = train_test_split(x_train, y_train, **SPLIT)
    return (x_fit, y_fit), (x_val, y_val), test


def measure_arm(setting, seed, work_dir):
    """Train one of the post's networks for 10 epochs, then go on with or without augmentation.

    Both arms of a seed begin alike: their first 10 epochs are the same training (on a GPU, nearly).

    Returns:
        dict: parameters, test_accuracy_first (after 10 epochs), test_accuracy and test_right (in the end),
        val_accuracy and train_accuracy (a list each, a number an epoch).
    """
    *parts, test = load_split(seed)
    network = train_first(setting["network"], parts, seed=seed, work_dir=work_dir)
    first = network.evaluate(*test, verbose=0)[1]
    augmented = common.look_up({"plain": False, "augmented": True}, setting["arm"])
    longer = continue_training(network, augmented=augmented, seed=seed)
    _train(longer, parts, epochs=EXTRA_EPOCHS, work_dir=work_dir, stage="longer")
    logs = [epoch_logs(work_dir, stage=stage) for stage in ("first", "longer")]
    return {
        "parameters": network.count_params(),
        "test_accuracy_first": first,
        **common.evaluate_parts(network, {"test": test}),
        "val_accuracy": logs[0]["val_accuracy"] + logs[1]["val_accuracy"],
        "train_accuracy": logs[0]["accuracy"] + logs[1]["accuracy"],
    }


def train_first(name, parts, *, seed, work_dir):
    """Return one of the post's networks, a key of `BUILDERS`, after the post's first 10 epochs."""
    keras.utils.set_random_seed(seed)
    network = common.look_up(BUILDERS, name)()
    common.compile_posted(network, "adam")
    _train(network, parts, epochs=FASHION_EPOCHS, work_dir=work_dir, stage="first")
    return network


def continue_training(network, *, augmented, seed):
    """Wrap a trained network for more epochs, with the post's augmentation in front of it or without.

    Returns:
        a compiled model that shares the network's weights; its Adam begins anew, in either arm.
    """
    in_front = [RandomAffine(**AUGMENTATION, seed=seed, name="augment")] if augmented else []
    longer = keras.Sequential([layers.Input((28, 28, 1)), *in_front, network])
    common.compile_posted(longer, "adam")
    return longer


def _train(network, parts, *, epochs, work_dir, stage):
    """Train with the post's batch size; go on where a killed process was."""
    batch_size = FASHION_BATCH_SIZE[store.profile()]
    common.fit_resumed(network, parts, work_dir, stage=stage, batch_size=batch_size, epochs=epochs)


def measure_parameters(setting, seed, work_dir):
    """Train a dense network or a convnet for equally many epochs, to compare accuracy by size.

    Returns:
        dict: parameters, val_accuracy, test_accuracy, test_right.
    """
    *parts, test = load_split(seed)
    keras.utils.set_random_seed(seed)
    name = setting["network"]
    if name.startswith("dense"):
        network = build_fashion_dense(int(name.split(" ")[1]))
    else:
        network = common.look_up(BUILDERS, name)()
    common.compile_posted(network, "adam")
    _train(network, parts, epochs=PARAMETER_EPOCHS, work_dir=work_dir, stage="training")
    scores = common.evaluate_parts(network, {"val": parts[1], "test": test})
    return {"parameters": network.count_params(), **scores}
