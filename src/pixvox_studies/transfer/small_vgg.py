"""What pretrained features are worth on 400 drawn cats and dogs: P4's network, small VGGs, random weights.

All pictures are drawn afresh; the committed sample is not looked at. Settings were chosen on other drawings.
"""

import keras
from keras import layers

from pixvox.datasets import imagenet
from pixvox_studies import common
from pixvox_studies.drawings.animals import build_network

FIT, TEST = 200, 1_000  # pictures of each class
FRESH, FRESH_TEST = 8_000, 8_999  # seeds of the drawings: of training (+ the study's seed), of the test
SIZE = (64, 64)
BATCH_SIZE = 20
BASELINE_EPOCHS, BASELINE_RATE = 30, 5e-4
HEAD_EPOCHS, HEAD_RATE = 40, 1e-3
TUNING_EPOCHS, TUNING_RATE = 15, 1e-4
WEIGHTS = {"features": "trained", "fine-tuned": "trained", "random": None}  # of the base, by arm


def measure_transfer(setting, seed, work_dir):
    """Train one of the networks on 400 fresh pictures and measure it on 2,000 others.

    Returns:
        dict: train_accuracy, test_accuracy, test_right; for the fine-tuned network also
        test_accuracy_before.
    """
    drawn = common.draw_animals(FIT, FRESH + seed, SIZE), common.draw_animals(TEST, FRESH_TEST, SIZE)
    parts = {name: (one.pictures, one.labels) for name, one in zip(("train", "test"), drawn, strict=True)}
    keras.utils.set_random_seed(seed)
    if setting["network"] == "baseline":
        network = build_network(augmented=False)
        common.compile_posted(network, keras.optimizers.RMSprop(BASELINE_RATE))
        network.fit(*parts["train"], batch_size=BATCH_SIZE, epochs=BASELINE_EPOCHS, verbose=0)
        return common.evaluate_parts(network, parts, batch_size=100)
    name, _, arm = setting["network"].partition(" ")
    conv_base = imagenet.load_conv_base(name, image_size=SIZE, weights=common.look_up(WEIGHTS, arm))
    scaled = {part: (conv_base.preprocess_input(x), y) for part, (x, y) in parts.items()}
    features = {part: (conv_base.model.predict(x, verbose=0), y) for part, (x, y) in scaled.items()}
    head = fit_head(*features["train"])
    before = common.evaluate_parts(head, features, batch_size=100)
    if arm != "fine-tuned":
        return before
    network = fine_tune(conv_base.model, head, *scaled["train"])
    row = common.evaluate_parts(network, scaled, batch_size=100)
    return {**row, "test_accuracy_before": before["test_accuracy"]}


def fit_head(features, labels):
    """Train P4's dense head on the features of a frozen base, (n, rows, columns, channels), and return it.

    The features are brought to mean 0 and spread 1 first: those of random weights are tiny, and would
    fail for that reason alone.
    """
    spread = layers.Normalization(name="standardise")
    spread.adapt(features.reshape(len(features), -1))
    head = keras.Sequential(
        [
            layers.Input(features.shape[1:]),
            layers.Flatten(name="flatten"),
            spread,
            layers.Dense(256, activation="relu", name="dense"),
            layers.Dropout(0.5, name="dropout"),
            layers.Dense(1, activation="sigmoid", name="probability"),
        ],
        name="head",
    )
    common.compile_posted(head, keras.optimizers.Adam(HEAD_RATE))
    head.fit(features, labels, batch_size=BATCH_SIZE, epochs=HEAD_EPOCHS, verbose=0)
    return head


def fine_tune(conv_base, head, x_train, y_train):
    """Train block5 of a base together with its trained head, slowly, on flipped and shifted pictures.

    The base is changed. Without flips and shifts 400 pictures are learnt by heart, and nothing is gained.

    Returns:
        a compiled, trained model from preprocessed pictures (n, height, width, 3) to (n, 1) probabilities.
    """
    for layer in conv_base.layers:
        layer.trainable = layer.name.startswith("block5")
    augment = [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1, fill_mode="nearest")]
    network = keras.Sequential([layers.Input(x_train.shape[1:]), *augment, conv_base, head])
    common.compile_posted(network, keras.optimizers.Adam(TUNING_RATE))
    network.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=TUNING_EPOCHS, verbose=0)
    return network
