"""The studies of lesson 05: P4's network with and without its remedies, learning curves, and our own network.

In the sample profile all pictures are drawn afresh, so that the committed test pictures decide nothing.
"""

from functools import lru_cache

import keras
import numpy as np

from pixvox.augment import blended_epoch
from pixvox.datasets import store
from pixvox.datasets.cats_dogs import load_dogs_vs_cats
from pixvox.models import pets as models_pets
from pixvox.training import one_cycle
from pixvox_sketch.animals.sets import draw_animals
from pixvox_studies.resuming import epoch_logs, resume_callbacks

FRESH, FRESH_TEST = 7_400, 7_499  # seeds of the drawings: of training (+ the study's seed), of the test
DRAWN_TEST = 1_000  # pictures of each class
MOST = 400  # pictures of each class that a learning curve goes up to in the sample profile

# Lesson 05 has the same numbers; a test compares them.
PER_CLASS = {"sample": (200, 100, 100), "full": (1_000, 500, 500)}
IMAGE_SIZE = {"sample": (64, 64), "full": (150, 150)}
RATE = {"sample": 5e-4, "full": 1e-4}  # P4: 1e-4; the sample has a fifth of the pictures, so fewer steps
BATCH_SIZE = 20
EPOCHS = {"sample": 60, "full": 100}  # P4: 30 without its remedies, 100 with both
AUGMENTATION = {"sample": models_pets.MILD_AUGMENTATION, "full": models_pets.AUGMENTATION}
BETTER_SIZE = {"sample": (64, 64), "full": models_pets.BETTER_SIZE}
SMALL_SIZE = {"sample": (48, 48), "full": (64, 64)}  # that our network begins with
BETTER_EPOCHS = {"sample": (40, 20), "full": (48, 20)}  # at the small size, then at the other
BETTER_BATCH_SIZE = {"sample": 16, "full": 32}
BETTER_RATE, BETTER_DECAY, BETTER_SMOOTHING = 4e-3, 0.02, 0.1
CURVE_BATCHES = {"P4's": 400, "ours": 700}  # of BATCH_SIZE and of BETTER_BATCH_SIZE pictures


@lru_cache(maxsize=4)
def _drawn(count, seed, size):
    """Draw pictures; return them and their labels."""
    drawn = draw_animals(count, seed=seed, size=size, processes=2)
    return drawn.pictures, drawn.labels


def load_parts(seed, *, image_size, with_test=True):
    """Load cats and dogs as lesson 05 splits them; in the sample profile, draw others of the kind.

    Args:
        seed: the study's seed; the pictures of the sample profile change with it, but for the test's.
        image_size: (height, width) in pixels.
        with_test: without, nothing is drawn for the test, and None stands in its place.

    Returns:
        (x_train, y_train), (x_val, y_val), (x_test, y_test): uint8 pictures (n, height, width, 3) and
        int64 labels (n,).
    """
    per_class = PER_CLASS[store.profile()]
    if store.profile() == "full":
        return load_dogs_vs_cats(image_size=image_size, per_class=per_class)
    fit, validation, _ = per_class
    pictures, labels = _drawn(fit + validation, FRESH + seed, image_size)
    cut = 2 * fit
    test = _drawn(DRAWN_TEST, FRESH_TEST, image_size) if with_test else None
    return (pictures[:cut], labels[:cut]), (pictures[cut:], labels[cut:]), test


def compile_as_posted(network):
    """Compile a network as P4 does: RMSprop, at the rate of the profile in force."""
    rate = RATE[store.profile()]
    network.compile(keras.optimizers.RMSprop(rate), "binary_crossentropy", metrics=["accuracy"])


def compile_better(network, *, batches):
    """Compile our own network.

    Args:
        network: of `models_pets.build_pets_better`.
        batches: how many it will be trained with, a whole number.
    """
    network.compile(
        keras.optimizers.AdamW(one_cycle(batches, peak=BETTER_RATE), weight_decay=BETTER_DECAY),
        keras.losses.BinaryCrossentropy(label_smoothing=BETTER_SMOOTHING),
        metrics=["accuracy"],
    )


def measure_arm(setting, seed, work_dir):
    """Train P4's network with or without augmentation and dropout, equally long in all four arms.

    Args:
        setting: {"augmentation": bool, "dropout": bool}.
        seed: whole number; decides the weights, in the sample profile also the pictures.
        work_dir: for what is kept after each epoch.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy (measured afterwards, nothing dropped or
        changed); epoch_train and epoch_val (lists, a number an epoch, as `fit` logs them).
    """
    parts = load_parts(seed, image_size=IMAGE_SIZE[store.profile()])
    network = train_as_posted(parts, setting, seed, work_dir)
    logs = epoch_logs(work_dir)
    return _accuracies(network, parts) | {
        "epoch_train": logs["accuracy"],
        "epoch_val": logs["val_accuracy"],
    }


def train_as_posted(parts, setting, seed, work_dir):
    """Build and train P4's network; parts, setting, seed and work_dir as in `measure_arm`."""
    (x_train, y_train), validation, _ = parts
    keras.utils.set_random_seed(seed)
    network = models_pets.build_pets_net(
        image_size=x_train.shape[1:3],
        augmentation=AUGMENTATION[store.profile()] if setting["augmentation"] else None,
        dropout=0.5 if setting["dropout"] else 0.0,
    )
    compile_as_posted(network)
    network.fit(
        x_train,
        y_train,
        batch_size=BATCH_SIZE,
        epochs=EPOCHS[store.profile()],
        validation_data=validation,
        verbose=0,
        callbacks=resume_callbacks(work_dir),
    )
    return network


def _accuracies(network, parts):
    """Return the accuracies on training, validation and test pictures."""
    names = ("train_accuracy", "val_accuracy", "test_accuracy")
    scores = [network.evaluate(x, y, batch_size=50, verbose=0)[1] for x, y in parts]
    return dict(zip(names, map(float, scores), strict=True))


def measure_better(setting, seed, work_dir):
    """Train lesson 05's own network.

    Args:
        setting: {"recipe": "better"}.
        seed: whole number; decides the weights, in the sample profile also the pictures.
        work_dir: for what is kept after each epoch.

    Returns:
        dict: parameters; train_accuracy, val_accuracy, test_accuracy (measured afterwards, by one view a
        picture); val_two_views, test_two_views (by the mean of a picture's answer and its mirror image's);
        val_small, val_large (lists, a number an epoch of that size).
    """
    profile = store.profile()
    sizes = {"small": SMALL_SIZE[profile], "large": BETTER_SIZE[profile]}
    parts = {
        stage: load_parts(seed, image_size=size, with_test=stage == "large") for stage, size in sizes.items()
    }
    keras.utils.set_random_seed(seed)
    network = models_pets.build_pets_better(image_size=(None, None))
    batch_size, epochs = BETTER_BATCH_SIZE[profile], dict(zip(sizes, BETTER_EPOCHS[profile], strict=True))
    batches = -(-len(parts["large"][0][1]) // batch_size)  # an epoch, rounded up
    compile_better(network, batches=sum(epochs.values()) * batches)
    for stage, (train, validation, _) in parts.items():
        for epoch in range(epochs[stage]):  # after a kill, those that are done do nothing
            network.fit(
                *blended_epoch(*train, seed=seed, epoch=epoch),
                batch_size=batch_size,
                initial_epoch=epoch,
                epochs=epoch + 1,
                validation_data=validation,
                verbose=0,
                callbacks=resume_callbacks(work_dir, stage=stage),
            )
    return {
        "parameters": network.count_params(),
        **_accuracies(network, parts["large"]),
        "val_two_views": _two_views(network, *parts["large"][1]),
        "test_two_views": _two_views(network, *parts["large"][2]),
        **{f"val_{stage}": epoch_logs(work_dir, stage=stage)["val_accuracy"] for stage in sizes},
    }


def _two_views(network, pictures, labels):
    """Return the accuracy of the mean of the answers to each picture and to its mirror image."""
    views = [
        network.predict(view, batch_size=50, verbose=0)[:, 0] for view in (pictures, pictures[:, :, ::-1])
    ]
    return float(np.mean((np.mean(views, axis=0) > 0.5) == labels))


def measure_curve(setting, seed, work_dir):
    """Train P4's network, or ours, on so many pictures; the number of batches is always the same.

    Args:
        setting: {"network": "P4's" or "ours", "pictures": an even number, cats and dogs together}.
        seed: whole number; decides the weights and, in the sample profile, the pictures.
        work_dir: not used; a row takes a few minutes at most.

    Returns:
        dict: train_accuracy, test_accuracy.
    """
    ours, profile = setting["network"] == "ours", store.profile()
    size = (BETTER_SIZE if ours else IMAGE_SIZE)[profile]
    batch_size = BETTER_BATCH_SIZE[profile] if ours else BATCH_SIZE
    train, test = _curve_parts(setting["pictures"], seed, size)
    keras.utils.set_random_seed(seed)
    batches = CURVE_BATCHES[setting["network"]]
    if ours:
        network = models_pets.build_pets_better(image_size=size)
        compile_better(network, batches=batches)
    else:
        network = models_pets.build_pets_net(image_size=size)
        compile_as_posted(network)
    order = np.random.default_rng(seed)
    rounds = -(-batches * batch_size // len(train[1]))
    chosen = np.concatenate([order.permutation(len(train[1])) for _ in range(rounds)])
    chosen = chosen[: batches * batch_size]
    used = train[0][chosen], train[1][chosen]
    if ours:
        used = blended_epoch(*used, seed=seed, epoch=0)
    network.fit(*used, batch_size=batch_size, shuffle=False, verbose=0)
    scores = [float(network.evaluate(x, y, batch_size=50, verbose=0)[1]) for x, y in (train, test)]
    return dict(zip(("train_accuracy", "test_accuracy"), scores, strict=True))


def _curve_parts(pictures, seed, size):
    """Return the first training pictures of a seed, and the test pictures."""
    if store.profile() == "full":
        train, _, test = load_dogs_vs_cats(image_size=size, per_class=PER_CLASS["full"])
    else:
        train, test = _drawn(MOST, FRESH + seed, size), _drawn(DRAWN_TEST, FRESH_TEST, size)
    if pictures % 2 or not 2 <= pictures <= len(train[1]):
        raise ValueError(f"expected an even number of pictures, 2 to {len(train[1])}, came {pictures}.")
    return (train[0][:pictures], train[1][:pictures]), test
