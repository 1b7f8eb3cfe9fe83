"""What several studies do: draw pictures, compile and train by the clock, score, and measure a batch's cost.

A part is a pair of pictures and labels; parts are a dict of them by name, or train, val and test in turn.
A topic's `measure_` functions are those of `pixvox_studies.Study.run`: of a setting, as the topic's `STUDIES`
list it, a seed, which decides weights and order and, where pictures are drawn for a study, the training
pictures, and a work folder. Accuracies are measured after training, nothing dropped or changed.
"""

import time
from functools import lru_cache
from typing import NamedTuple

import keras
import numpy as np

from pixvox.compare import pack_answers
from pixvox.training import one_cycle
from pixvox_sketch.animals import sets as animal_sets
from pixvox_sketch.clothes import sets as clothes_sets
from pixvox_studies.resuming import resume_callbacks


class Recipe(NamedTuple):
    """The numbers that lesson and studies train one of our own networks with.

    Attributes:
        peak: the highest rate of `one_cycle`.
        decay: weight decay of AdamW; 0 for Adam.
        smoothing: share of each label that is spread over all classes.
    """

    peak: float
    decay: float = 0.0
    smoothing: float = 0.0


@lru_cache(maxsize=16)
def draw_animals(count, seed, size=(64, 64)):
    """Draw so many cats and as many dogs: `Drawn`. Other processes draw, so that no training pays for it."""
    return animal_sets.draw_animals(count, seed=seed, size=size, processes=2)


@lru_cache(maxsize=16)
def draw_clothes(count, seed):
    """Draw so many clothes of each class, as `draw_animals` does: uint8 (n, 28, 28, 1), and labels (n,)."""
    pictures, labels = clothes_sets.draw_clothes(count, seed=seed, processes=2)
    return pictures[..., None], labels


def scale(pictures):
    """Return pictures of 0..255 as float32 of 0..1."""
    return pictures / np.float32(255)


def look_up(table, name):
    """Return what a table holds for a name in a setting.

    Raises:
        ValueError: if the name is none of the table's.
    """
    if name not in table:
        raise ValueError(f"expected one of {', '.join(map(repr, table))} in the setting, got {name!r}.")
    return table[name]


def take_first(part, pictures):
    """Return the first pictures of a part, half of them cats.

    Raises:
        ValueError: for an odd number, or more than there are.
    """
    x, y = part
    if pictures % 2 or not 2 <= pictures <= len(y):
        raise ValueError(f"expected an even number of pictures, 2 to {len(y)}, got {pictures}.")
    return x[:pictures], y[:pictures]


def count_batches(pictures, batch_size, *, epochs=1):
    """Return how many batches so many epochs have; the last of an epoch may be smaller."""
    return epochs * -(-pictures // batch_size)


def draw_batches(count, *, batches, batch_size, seed):
    """Return the rows of so many full batches, in a new order each time all `count` have been through."""
    order, wanted = np.random.default_rng(seed), batches * batch_size
    return np.concatenate([order.permutation(count) for _ in range(-(-wanted // count))])[:wanted]


def compile_posted(network, optimizer):
    """Compile a network as the posts do: the cross-entropy of 0 or 1, or of whole-number labels."""
    one = network.output_shape[-1] == 1
    loss = "binary_crossentropy" if one else "sparse_categorical_crossentropy"
    network.compile(optimizer, loss, metrics=["accuracy"])


def compile_ours(network, recipe, *, batches, loss=None):
    """Compile one of our own networks: one cycle of the learning rate, softened labels.

    Args:
        recipe: `Recipe`.
        loss: None takes the cross-entropy of 0 or 1, or of one-hot labels, whichever fits the output.
    """
    rate, decay = one_cycle(batches, peak=recipe.peak), recipe.decay
    optimizer = keras.optimizers.AdamW(rate, weight_decay=decay) if decay else keras.optimizers.Adam(rate)
    if loss is None:
        one = network.output_shape[-1] == 1
        kind = keras.losses.BinaryCrossentropy if one else keras.losses.CategoricalCrossentropy
        loss = kind(label_smoothing=recipe.smoothing)
    network.compile(optimizer, loss, metrics=["accuracy"])


def fit_timed(network, x, y, **options):
    """Train a compiled network silently; return what each epoch logged, a dict of lists, and CPU seconds."""
    begin = time.process_time()
    history = network.fit(x, y, verbose=0, **options)
    return history.history, time.process_time() - begin


def fit_resumed(network, parts, work_dir, *, stage="training", callbacks=(), **options):
    """Train on the first part and check on the second; go on at the last epoch of a process that was killed.

    `work_dir` and `stage` are those of `resume_callbacks`, the options those of `fit`.
    """
    callbacks = [*callbacks, *resume_callbacks(work_dir, stage=stage)]
    network.fit(*parts[0], validation_data=parts[1], verbose=0, callbacks=callbacks, **options)


def batch_seconds(network, x, y, *, batch_size, warm, prepare=None):
    """Train on whole batches of (x, y) and return the CPU seconds of one.

    Args:
        warm: batches that are trained on before, for the first ones pay for tracing the training step.
        prepare: a function of x, y that returns what is trained on; its seconds count.
    """
    for count in (warm * batch_size, len(x)):
        begin = time.process_time()
        used = x[:count], y[:count]
        network.fit(*(prepare(*used) if prepare else used), batch_size=batch_size, verbose=0)
    return (time.process_time() - begin) * batch_size / len(x)


def answer(network, x, *, batch_size=32):
    """Return a network's answers (n,): the likeliest class, or whether its one output is above a half."""
    given = network.predict(x, batch_size=batch_size, verbose=0)
    return given[:, 0] > 0.5 if given.shape[1] == 1 else given.argmax(axis=1)


def mirrored_answers(network, x):
    """Return the mean of the one output for each picture and for its mirror image, (n,)."""
    return np.mean(
        [network.predict(view, batch_size=50, verbose=0)[:, 0] for view in (x, x[:, :, ::-1])], axis=0
    )


def evaluate_parts(network, parts, *, batch_size=32):
    """Return a compiled network's accuracy on each part, and which test pictures it gets right.

    Returns:
        dict: train_accuracy and so on, by the parts' names; test_right, as `compare.pack_answers` writes it.
    """
    parts, row = _by_name(parts), {}
    for name, (x, y) in parts.items():
        row[f"{name}_accuracy"] = float(network.evaluate(x, y, batch_size=batch_size, verbose=0)[1])
    if "test" in parts:
        x, y = parts["test"]
        row["test_right"] = pack_answers(answer(network, x, batch_size=batch_size) == y)
    return row


def score_parts(right):
    """Return what `evaluate_parts` does, given which pictures of each part are right: (n,) booleans."""
    right = _by_name(right)
    row = {f"{name}_accuracy": float(np.mean(found)) for name, found in right.items()}
    return row | ({"test_right": pack_answers(right["test"])} if "test" in right else {})


def _by_name(parts):
    """Return parts as a dict."""
    return parts if isinstance(parts, dict) else dict(zip(("train", "val", "test"), parts, strict=True))
