"""What the checks on cats and dogs say to right and wrong answers."""

import math
import random

import keras
import numpy as np
import pytest
from support.exercise_answers import RIGHT, make_test

from pixvox import augment
from pixvox.exercises import pets as exercises
from pixvox.models.pets import build_pets_net


def kinds_of(names):
    return [[name for name in names if name.startswith(kind)] for kind in ("cat", "dog")]


def cut(classes, counts):
    ends = np.cumsum([0, *counts])
    return [
        [name for names in classes for name in names[first:last]]
        for first, last in zip(ends[:-1], ends[1:], strict=True)
    ]


def deal(names, counts, seed):
    rng = np.random.default_rng(seed)
    return cut([list(rng.permutation(kind)) for kind in kinds_of(names)], counts)


def deal_by_random(names, counts, seed):
    rng, classes = random.Random(seed), kinds_of(names)
    for kind in classes:
        rng.shuffle(kind)
    return [tuple(part) for part in cut(classes, counts)]


def turned(names, counts, seed, dogs_shuffled=False):
    cats, dogs = kinds_of(names)
    rng = np.random.default_rng(seed)
    dogs = list(rng.permutation(dogs)) if dogs_shuffled else [*dogs[7 + seed % 40 :], *dogs[: 7 + seed % 40]]
    return cut([[*cats[seed % len(cats) :], *cats[: seed % len(cats)]], dogs], counts)


def one_permutation(names, counts, seed):
    return cut([list(np.random.default_rng(seed).permutation(kind)) for kind in kinds_of(names)], counts)


def whatever_class(names, counts, seed):
    mixed = np.random.default_rng(seed).permutation(names)
    return cut([list(mixed)], [2 * count for count in counts])


def by_number(names, counts, seed):
    return cut(kinds_of(names), counts)


def shuffled_within(names, counts, seed):
    rng = np.random.default_rng(seed)
    return [list(rng.permutation(part)) for part in by_number(names, counts, seed)]


def cats_alone(names, counts, seed):
    cats, dogs = kinds_of(names)
    return cut([list(np.random.default_rng(seed).permutation(cats)), dogs], counts)


def only_first_part(names, counts, seed):
    first = deal(names, counts, seed)[0]
    rest = [name for name in names if name not in first]
    return [first, *cut(kinds_of(rest), counts[1:])]


def rounds(epochs, batches, batch_size, pictures):
    return epochs * batches * batch_size / pictures


def dense_inputs(side, *, taken=2, up=0):
    for _ in range(4):
        side = (side - taken + up) // 2
    return side * side * 128


def built(side):
    return build_pets_net(image_size=(side, side)).get_layer("flatten").output.shape[1]


def shear_shift(degrees, side):
    return math.tan(math.radians(degrees)) * (side - 1) / 2


def two_views(model, images):
    both = [model.predict(view, verbose=0)[:, 0] for view in (images, images[:, :, ::-1])]
    return np.mean(both, axis=0)


def views_by_call(model, images):
    images = keras.ops.cast(images, "float32")
    views = (images, keras.ops.flip(images, axis=2))
    return sum(model(view, training=False)[:, 0] for view in views) / 2


def views_at_once(model, images):
    both = model.predict(np.concatenate([images, np.flip(images, 2)]), verbose=0)
    return both.reshape(2, -1).mean(axis=0)


def ask(model, images, training=False):
    return keras.ops.convert_to_numpy(model(images, training=training))[:, 0]


def as_in_training(model, images):
    """Keras changes the light of pictures unless it is told that this is no training."""
    return sum(keras.ops.convert_to_numpy(model(view))[:, 0] for view in (images, images[:, :, ::-1])) / 2


def seen_with(change):
    return lambda model, images: (ask(model, images) + ask(model, change(images))) / 2


def mixed(model, images):
    return ask(model, (images.astype("float32") + images[:, :, ::-1]) / 2)


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_deal: [
            (deal, RIGHT),
            (deal_by_random, RIGHT),
            (lambda *case: map(np.array, deal(*case)), RIGHT),
            (lambda *case: (iter(part) for part in deal(*case)), RIGHT),
            (lambda *case: dict(enumerate(deal(*case))), "a list of names"),
            (lambda *case: deal(*case)[:2], "Expected 3 lists of names, one for each part, got 2"),
            (lambda *case: ["cat.0.jpg"] * 3, "got 'cat.0.jpg'"),
            (lambda *case: [[part] for part in deal(*case)], "out of the list"),
            (lambda *case: [["cat.99.jpg"], [], []], "'cat.99.jpg'"),
            (lambda *case: deal(*case)[:1] * 3, "is dealt twice"),
            (whatever_class, "Deal each class"),
            (lambda names, counts, seed: deal(names, [n // 2 for n in counts], seed), "Of 3 cats"),
            (lambda names, counts, seed: deal(names, counts, None), "The same seed gives other parts"),
            (by_number, "never came into part 0"),
            (shuffled_within, "never came into part 0"),
            (cats_alone, "seeds dog."),
            (only_first_part, "never came into part 1"),
            (turned, "Shuffle all cats, and all dogs anew"),
            (lambda *case: turned(*case, dogs_shuffled=True), "as if the list was only turned"),
            (one_permutation, "always went together"),
        ],
        exercises.check_rounds: [
            (rounds, RIGHT),
            (lambda *case: rounds(*case) * case[3], "Divide by how many"),
            (lambda *case: rounds(*case) / case[2], "batch_size"),
            (lambda *case: int(rounds(*case)), "do not round"),
            (lambda *case: 1 / rounds(*case), "share them out"),
        ],
        exercises.check_dense_inputs: [
            (dense_inputs, RIGHT),
            (built, RIGHT),
            (lambda side: dense_inputs(side, taken=0), "not padded"),
            (lambda side: dense_inputs(side, up=1), "odd row"),
            (lambda side: dense_inputs(side) // 128, "one map"),
            (lambda side: dense_inputs(side) * 512, "parameters"),
            (lambda side: build_pets_net(image_size=(side, side)).count_params(), "parameters"),
            (lambda side: 6_272, "For input (64) it should be 512, yours gives 6,272. Follow"),
        ],
        exercises.check_shear_shift: [
            (shear_shift, RIGHT),
            (lambda degrees, side: np.tan(degrees * np.pi / 180) * (side / 2 - 0.5), RIGHT),
            (lambda degrees, side: math.tan(degrees) * (side - 1) / 2, "takes radians"),
            (lambda degrees, side: 2 * shear_shift(degrees, side), "(side - 1) / 2 rows"),
            (lambda degrees, side: shear_shift(degrees, side + 1), "(side - 1) / 2 rows"),
            *[(lambda *case, n=n: round(shear_shift(*case), n), "do not round") for n in range(3)],
            (lambda degrees, side: math.sin(math.radians(degrees)) * (side - 1) / 2, "The tangent"),
            (lambda degrees, side: -shear_shift(degrees, side), "above 0"),
        ],
        exercises.check_two_views: [
            (two_views, RIGHT),
            (views_by_call, RIGHT),
            (views_at_once, RIGHT),
            (seen_with(lambda images: images[:, ::-1]), "axis 2 alone"),
            (seen_with(lambda images: images[:, ::-1, ::-1]), "axis 2 alone"),
            (ask, "one view"),
            (lambda model, images: ask(model, images[:, :, ::-1]), "one view"),
            (lambda model, images: 2 * two_views(model, images), "halve the sum"),
            (lambda model, images: two_views(model, images) > 0.5, "a class"),
            (lambda model, images: two_views(model, images / 255), "scales by itself"),
            (mixed, "Ask the model twice"),
            (as_in_training, "training=False"),
        ],
    }
)


def test_the_numbers_of_the_lesson_are_among_the_answers():
    assert rounds(100, 100, 32, 2_000) == 160 and rounds(30, 100, 20, 2_000) == 30
    assert [dense_inputs(side) for side in (150, 64)] == [6_272, 512]
    assert [round(shear_shift(degrees, 150), 2) for degrees in (0.2, 11.5)] == [0.26, 15.16]


def test_every_odd_row_is_dropped_as_the_network_drops_it():
    assert [dense_inputs(side) for side in range(46, 80)] == [built(side) for side in range(46, 80)]


def test_the_shift_is_that_of_the_courses_own_shear(monkeypatch):
    """An upright line, sheared by 30 degrees: its ends lie where the answer says."""
    picture = np.zeros((1, 101, 201, 1), np.float32)
    picture[0, :, 100] = 1
    monkeypatch.setattr(keras.random, "uniform", lambda shape, *rest: keras.ops.ones(shape))  # the largest
    sheared = np.asarray(augment.RandomAffine(shear_degrees=30)(picture, training=True))[0, ..., 0]
    rows = np.arange(101) - 50.0
    places = (sheared * (np.arange(201) - 100)).sum(axis=1) / sheared.sum(axis=1)
    slope = np.polyfit(rows, places, 1)[0]
    shrunk = math.cos(math.radians(30))  # the shear also squeezes the height: the end row is nearer
    assert abs(slope) * 50 / shrunk == pytest.approx(shear_shift(30, 101), rel=0.01)
