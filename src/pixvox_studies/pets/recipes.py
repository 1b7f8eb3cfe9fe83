"""Cats and dogs: P4's network with and without its remedies, learning curves, our own network, and the costs.

In the sample profile all pictures are drawn afresh, so that the committed test pictures decide nothing.
"""

import os
import time

import keras
import numpy as np

from pixvox.datasets import store
from pixvox.datasets.cats_dogs import load_dogs_vs_cats
from pixvox.models import pets as models
from pixvox_studies import common
from pixvox_studies.pets.changes import blend, erase
from pixvox_studies.resuming import epoch_logs

FRESH, FRESH_TEST = 7_400, 7_499  # seeds of the drawings: of training (+ the study's seed), of the test
DRAWN_TEST = 1_000  # pictures of each class

# P4's, in degrees: its shear of .2 is 0.2 degrees in Keras since December 2017.
AUGMENTATION = {
    "rotation_degrees": 40,
    "shift": 0.2,
    "shear_degrees": 0.2,
    "zoom": 0.2,
    "horizontal_flip": True,
}

# What the lesson and its studies train with, by profile where the profiles differ.
IMAGE_SIZES = {"sample": (64, 64), "full": models.IMAGE_SIZE}
AUGMENTATIONS = {"sample": models.MILD_AUGMENTATION, "full": AUGMENTATION}
PER_CLASS = {"sample": (200, 100, 100), "full": (1_000, 500, 500)}  # to train, to choose, to test
RATE = {"sample": 5e-4, "full": 1e-4}  # P4: 1e-4; the sample has a fifth of the pictures, so fewer steps
AVERAGING_RATE = {"sample": 1e-3, "full": 1e-3}  # with the mean of each map in place of the dense layer
BATCH_SIZE = 20
BETTER = common.Recipe(peak=4e-3, decay=0.02, smoothing=0.1)
BETTER_CHANGES = {  # arguments of the builder; fewer and milder in the sample, with a quarter of the steps
    "sample": {"augmentation": models.MILD_AUGMENTATION, "light": False},
    "full": {"augmentation": models.BETTER_AUGMENTATION | {"shift": 0.12, "zoom": 0.3}, "colours": True},
}
BETTER_HIDES = {"sample": False, "full": True}  # whether a part of some pictures is hidden
BETTER_SIZES = {"sample": (64, 64), "full": models.BETTER_SIZE}  # in the end
BETTER_BATCH_SIZE = {"sample": 16, "full": 32}

EPOCHS = {"sample": 60, "full": 100}  # P4: 30 without its remedies, 100 with both
# Of the costs: about half as many batches as an epoch of ours has, for what `fit` does once an epoch counts.
COST_BATCHES, COST_ROUNDS = 30, 3
POSTED_EPOCHS, POSTED_BATCHES = 100, 100  # P4's, with augmentation and dropout; batches an epoch
POSTED = {  # whether it is augmented, what it drops, pictures in a batch
    "neither": (False, 0.0, BATCH_SIZE),
    "augmentation": (True, 0.0, BATCH_SIZE),
    "dropout": (False, 0.5, BATCH_SIZE),
    "both": (True, 0.5, BATCH_SIZE),
    "as posted": (True, 0.5, 32),
}


def load_parts(seed, *, image_size, with_test=True):
    """Load cats and dogs as the lesson splits them; in the sample profile, draw others of the kind.

    Args:
        seed: decides the drawings, but for the test's.
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
    pictures, labels = _draw(fit + validation, FRESH + seed, image_size)
    cut = 2 * fit
    test = _draw(DRAWN_TEST, FRESH_TEST, image_size) if with_test else None
    return (pictures[:cut], labels[:cut]), (pictures[cut:], labels[cut:]), test


def _draw(count, seed, size):
    """Draw pictures; return them and their labels."""
    drawn = common.draw_animals(count, seed, size)
    return drawn.pictures, drawn.labels


def compile_posted(network):
    """Compile a network as P4 does: RMSprop, at the rate of the profile in force."""
    common.compile_posted(network, keras.optimizers.RMSprop(RATE[store.profile()]))


def measure_arm(setting, seed, work_dir):
    """Train P4's network with or without augmentation and dropout, equally long in all four arms.

    Returns:
        dict: train_accuracy, val_accuracy, test_accuracy, test_right; epoch_train and epoch_val (lists, a
        number an epoch, as `fit` logs them).
    """
    parts = load_parts(seed, image_size=IMAGE_SIZES[store.profile()])
    network = train_as_posted(parts, setting, seed, work_dir)
    logs = epoch_logs(work_dir)
    scores = common.evaluate_parts(network, parts, batch_size=50)
    return {**scores, "epoch_train": logs["accuracy"], "epoch_val": logs["val_accuracy"]}


def train_as_posted(parts, setting, seed, work_dir):
    """Build and train P4's network; parts, setting, seed and work_dir as in `measure_arm`."""
    profile = store.profile()
    keras.utils.set_random_seed(seed)
    network = models.build_pets_net(
        image_size=parts[0][0].shape[1:3],
        augmentation=AUGMENTATIONS[profile] if setting["augmentation"] else None,
        dropout=0.5 if setting["dropout"] else 0.0,
    )
    compile_posted(network)
    common.fit_resumed(network, parts, work_dir, batch_size=BATCH_SIZE, epochs=EPOCHS[profile])
    return network


def measure_better(setting, seed, work_dir):
    """Train the lesson's own network.

    Returns:
        dict: parameters; train_accuracy, val_accuracy, test_accuracy, test_right (by one view a picture);
        val_two_views, test_two_views (by the mean of a picture's answer and its mirror image's); val_epochs
        (a list, a number an epoch, by one view).
    """
    network = train_better(seed, work_dir)
    parts = load_parts(seed, image_size=BETTER_SIZES[store.profile()])
    stages = range(len(models.BETTER_STAGES[store.profile()]))
    logs = [epoch_logs(work_dir, stage=f"stage {stage}")["val_accuracy"] for stage in stages]
    return {
        "parameters": network.count_params(),
        **common.evaluate_parts(network, parts, batch_size=50),
        "val_two_views": two_views(network, *parts[1]),
        "test_two_views": two_views(network, *parts[2]),
        "val_epochs": sum(logs, []),
    }


def train_better(seed, work_dir, *, share=1, hides=None, **changes):
    """Build and train our own network, on small pictures and then on larger ones.

    Args:
        seed, work_dir: as in `measure_better`.
        share: of the training pictures, as in `take_share`; with less than all, nothing is validated.
        hides: whether a part of some pictures is hidden, as in `erase`; None: as the profile has it.
        changes: arguments of `models.build_pets_better` in place of the profile's.
    """
    profile = store.profile()
    hides = BETTER_HIDES[profile] if hides is None else hides
    keras.utils.set_random_seed(seed)
    network = models.build_pets_better(image_size=(None, None), **BETTER_CHANGES[profile] | changes)
    _compile_better(network, share)
    for stage, (side, epochs) in enumerate(models.BETTER_STAGES[profile]):
        parts = load_parts(seed, image_size=(side, side), with_test=False)
        train, validation, _ = take_share(parts, share, seed)
        for epoch in range(more_epochs(epochs, share)):  # after a kill, those that are done do nothing
            blends = changed_epoch(*train, seed=seed, epoch=epoch, hides=hides)
            used = blends, validation if share == 1 else None
            options = {"batch_size": BETTER_BATCH_SIZE[profile], "initial_epoch": epoch}
            common.fit_resumed(network, used, work_dir, stage=f"stage {stage}", epochs=epoch + 1, **options)
    return network


def take_share(parts, share, seed):
    """Return the parts with that share of the training pictures, as many cats as dogs; others for each seed.

    A seed's fewer pictures are among its more.

    Raises:
        ValueError: for a share that leaves no pair, or more than all.
    """
    (x, y), *others = parts
    if share == 1:
        return parts
    pairs = round(share * len(y) / 2)
    if not 1 <= pairs <= len(y) // 2:
        raise ValueError(f"expected a share above 0, to 1, of {len(y)} pictures, got {share}.")
    chosen = np.random.default_rng(seed).permutation(len(y) // 2)[:pairs]
    chosen = (2 * chosen[:, None] + [0, 1]).ravel()  # cats and dogs take turns
    return (x[chosen], y[chosen]), *others


def more_epochs(epochs, share):
    """Return the epochs for a share of the pictures: for a quarter twice as many, so half the batches."""
    return round(epochs / share**0.5)


def _compile_better(network, share=1):
    """Compile our own network for all its epochs; return the batches of each stage."""
    profile = store.profile()
    pictures = round(share * 2 * PER_CLASS[profile][0])
    a_round = common.count_batches(pictures, BETTER_BATCH_SIZE[profile])
    batches = [more_epochs(epochs, share) * a_round for _, epochs in models.BETTER_STAGES[profile]]
    common.compile_ours(network, BETTER, batches=sum(batches))
    return batches


def two_views(network, pictures, labels):
    """Return the accuracy of the mean of the answers to each picture and to its mirror image."""
    return float(((common.mirrored_answers(network, pictures) > 0.5) == labels).mean())


def measure_cost(setting, seed, work_dir):
    """Train all recipes for some batches, in turn, and count what a batch of each costs, without validation.

    They take turns because a machine's speed changes. Run it alone on the machine and on one thread (the
    variables of `frame.ONE_THREAD`): a thread that waits for another counts as work, the more so the smaller
    the layers are.

    Returns:
        dict: threads; by recipe, a key of `POSTED` or "ours", the CPU seconds of a batch, a list with a
        number for each size of pictures: the median of `COST_ROUNDS` rounds.
    """
    keras.utils.set_random_seed(seed)
    trainings = {(name, 0): _posted_batches(*how) for name, how in POSTED.items()}
    trainings |= {("ours", stage): training for stage, training in enumerate(_our_batches())}
    spent = {key: [] for key in trainings}
    for _ in range(COST_ROUNDS + 1):
        for key, train in trainings.items():
            begin = time.process_time()
            train()
            spent[key].append((time.process_time() - begin) / COST_BATCHES)
    row = {"threads": int(os.environ.get("TF_NUM_INTRAOP_THREADS") or os.cpu_count())}
    for name, stage in trainings:
        row.setdefault(name, []).append(float(np.median(spent[name, stage][1:])))  # the first traces
    return row


def _posted_batches(augmented, dropout, batch_size):
    """Return a function that trains one of P4's arms for `COST_BATCHES`."""
    size = IMAGE_SIZES[store.profile()]
    augmentation = AUGMENTATIONS[store.profile()] if augmented else None
    network = models.build_pets_net(image_size=size, augmentation=augmentation, dropout=dropout)
    compile_posted(network)
    x, y = _few(size, batch_size)
    return lambda: network.fit(x, y, batch_size=batch_size, verbose=0)


def _our_batches():
    """Return, for each size of pictures, a function that trains ours for `COST_BATCHES`, changes included."""
    profile = store.profile()
    network = models.build_pets_better(image_size=(None, None), **BETTER_CHANGES[profile])
    _compile_better(network)
    batch_size, once = BETTER_BATCH_SIZE[profile], {"seed": 0, "epoch": 0}
    once["hides"] = BETTER_HIDES[profile]

    def make(x, y):
        return lambda: network.fit(*changed_epoch(x, y, **once), batch_size=batch_size, verbose=0)

    return [make(*_few((side, side), batch_size)) for side, _ in models.BETTER_STAGES[profile]]


def _few(size, batch_size):
    """Return the training pictures of `COST_BATCHES`, some more than once where there are too few."""
    (x, y), *_ = load_parts(0, image_size=size, with_test=False)
    chosen = np.resize(np.arange(len(y)), COST_BATCHES * batch_size)
    return x[chosen], y[chosen]


def changed_epoch(pictures, labels, *, seed, epoch, hides):
    """Return the blended pictures of one epoch, a part of some hidden before if `hides`, and their labels.

    They are always the same for a seed and an epoch; shapes and types are as of `blend`.
    """
    rng = np.random.default_rng((seed, epoch))
    return blend(erase(pictures, rng) if hides else pictures, labels, rng)
