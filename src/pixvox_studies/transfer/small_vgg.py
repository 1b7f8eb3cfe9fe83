"""What pretrained features are worth on 400 drawn cats and dogs: P4's network, small VGGs, random weights.

All pictures are drawn afresh; the committed sample is not looked at. Settings were chosen on other drawings.
"""

from functools import cache

import keras
from keras import layers

from pixvox.models import transfer as models
from pixvox_sketch.animals import sets as animal_sets
from pixvox_studies.drawings import animals as study_animals

FIT, TEST = 200, 1_000  # pictures of each class
FRESH, FRESH_TEST = 8_000, 8_999  # seeds of the drawings: of training (+ the study's seed), of the test
SIZE = (64, 64)
BATCH_SIZE = 20
BASELINE_EPOCHS, BASELINE_RATE = 30, 5e-4
HEAD_EPOCHS, HEAD_RATE = 40, 1e-3
TUNING_EPOCHS, TUNING_RATE = 15, 1e-4


@cache
def _drawn(count, seed):
    """Draw pictures; return them and their labels."""
    drawn = animal_sets.draw_animals(count, seed=seed, size=SIZE)
    return drawn.pictures, drawn.labels


def measure_transfer(setting, seed, work_dir):
    """Train one of the networks on 400 fresh pictures and measure it on 2,000 others.

    Args:
        setting: {"network": "baseline", "vgg16 features", "vgg16 fine-tuned", "vgg16 random" or
            "vgg19 features"}.
        seed: whole number; training pictures and starting weights change with it.
        work_dir: not used; a row takes a few minutes at most.

    Returns:
        dict: train_accuracy, test_accuracy; for the fine-tuned network also test_accuracy_before.
    """
    train, test = _drawn(FIT, FRESH + seed), _drawn(TEST, FRESH_TEST)
    keras.utils.set_random_seed(seed)
    if setting["network"] == "baseline":
        return _measure_baseline(train, test)
    name, arm = setting["network"].split(" ")
    conv_base = models.load_conv_base(name, image_size=SIZE, weights=None if arm == "random" else "trained")
    scaled = [(conv_base.preprocess_input(pictures), labels) for pictures, labels in (train, test)]
    features = [(conv_base.model.predict(x, verbose=0), labels) for x, labels in scaled]
    head = fit_head(*features[0])
    before = _accuracies(head, *features)
    if arm != "fine-tuned":
        return before
    network = fine_tune(conv_base.model, head, *scaled[0])
    return {**_accuracies(network, *scaled), "test_accuracy_before": before["test_accuracy"]}


def _accuracies(network, train, test):
    """Return the accuracies on training and test pictures."""
    accuracies = [network.evaluate(x, y, batch_size=100, verbose=0)[1] for x, y in (train, test)]
    return dict(zip(("train_accuracy", "test_accuracy"), accuracies, strict=True))


def _measure_baseline(train, test):
    """Train P4's network from scratch and measure it."""
    network = study_animals.build_network(augmented=False)
    network.compile(keras.optimizers.RMSprop(BASELINE_RATE), "binary_crossentropy", metrics=["accuracy"])
    network.fit(*train, batch_size=BATCH_SIZE, epochs=BASELINE_EPOCHS, verbose=0)
    return _accuracies(network, train, test)


def fit_head(features, labels):
    """Train P4's dense head on the features of a frozen base.

    The features are brought to mean 0 and spread 1 first: those of random weights are tiny, and would
    fail for that reason alone.

    Args:
        features: float32 (n, rows, columns, channels).
        labels: whole numbers (n,), 0 or 1.

    Returns:
        a compiled, trained model from features to (n, 1) probabilities.
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
    head.compile(keras.optimizers.Adam(HEAD_RATE), "binary_crossentropy", metrics=["accuracy"])
    head.fit(features, labels, batch_size=BATCH_SIZE, epochs=HEAD_EPOCHS, verbose=0)
    return head


def fine_tune(conv_base, head, x_train, y_train):
    """Train block5 of a base together with its trained head, slowly, on flipped and shifted pictures.

    The base is changed. Without flips and shifts 400 pictures are learnt by heart, and nothing is gained.

    Args:
        conv_base: a VGG without top.
        head: what `fit_head` returned for its features.
        x_train: preprocessed pictures, float32 (n, height, width, 3).
        y_train: whole numbers (n,), 0 or 1.

    Returns:
        a compiled, trained model from pictures to (n, 1) probabilities.
    """
    for layer in conv_base.layers:
        layer.trainable = layer.name.startswith("block5")
    augment = [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1, fill_mode="nearest")]
    network = keras.Sequential([layers.Input(x_train.shape[1:]), *augment, conv_base, head])
    network.compile(keras.optimizers.Adam(TUNING_RATE), "binary_crossentropy", metrics=["accuracy"])
    network.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=TUNING_EPOCHS, verbose=0)
    return network
