"""Each check is silent on an untouched answer, gives a hint for a wrong one and accepts a right one."""

import math
import random

import keras
import numpy as np
import pytest
from support.exercise_answers import make_tests

from pixvox import augment
from pixvox.exercises import pets as exercises
from pixvox.exercises import pets as exercises_views
from pixvox.models import pets as models_pets


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


def deal_as_arrays(names, counts, seed):
    np.random.seed(seed)
    return [np.array(part) for part in cut([np.random.permutation(kind) for kind in kinds_of(names)], counts)]


def with_replacement(names, counts, seed):
    rng = np.random.default_rng(seed)
    return [[*rng.choice(kind, count)] for count in counts for kind in [sum(kinds_of(names), [])]]


def each_part_anew(names, counts, seed):
    rng = np.random.default_rng(seed)
    classes = kinds_of(names)
    return [[*rng.permutation(classes[0])[:n], *rng.permutation(classes[1])[:n]] for n in counts]


def whatever_class(names, counts, seed):
    mixed = np.random.default_rng(seed).permutation(names)
    return cut([list(mixed)], [2 * count for count in counts])


def in_place(names, counts, seed):
    random.Random(seed).shuffle(names)
    return cut(kinds_of(names), counts)


def unseeded(names, counts, seed):
    return deal(names, counts, None)


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


def from_the_start(names, counts, seed):
    """Cuts between the counts themselves, not their sums."""
    ends = [0, *counts]
    return [
        [name for kind in kinds_of(names) for name in kind[first:last]]
        for first, last in zip(ends[:-1], ends[1:], strict=True)
    ]


def nothing_later(names, counts, seed):
    return deal(names, counts, seed) if seed < 7 else None


def rounds(epochs, batches, batch_size, pictures):
    return epochs * batches * batch_size / pictures


def dense_inputs(side, *, taken=2, up=0):
    for _ in range(4):
        side = (side - taken + up) // 2
    return side * side * 128


def built(side):
    return models_pets.build_pets_net(image_size=(side, side)).get_layer("flatten").output.shape[1]


def in_floats(side):
    """No odd row is dropped."""
    return (side / 16 - 15 / 8) ** 2 * 128


def pooled_first(side):
    for _ in range(4):
        side = side // 2 - 2
    return side * side * 128


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


def turned_in_place(model, images):
    right = two_views(model, images)
    images[:] = images[:, :, ::-1].copy()
    return right


def column(model, images):
    return (model.predict(images, verbose=0) + model.predict(images[:, :, ::-1], verbose=0)) / 2


def squeezed(model, images):
    return np.squeeze(column(model, images))


def one_after_the_other(model, images):
    return np.concatenate([ask(model, images), ask(model, images[:, :, ::-1])])


def only_whole_numbers(model, images):
    return two_views(model, images) if images.dtype == np.uint8 else None


RIGHT = [
    (exercises.check_deal, deal),
    (exercises.check_deal, deal_by_random),
    (exercises.check_deal, deal_as_arrays),
    (exercises.check_rounds, rounds),
    (exercises.check_dense_inputs, dense_inputs),
    (exercises.check_dense_inputs, built),
    (exercises.check_shear_shift, shear_shift),
    (exercises.check_shear_shift, lambda degrees, side: np.tan(degrees * np.pi / 180) * (side / 2 - 0.5)),
    (exercises.check_two_views, two_views),
    (exercises.check_two_views, views_by_call),
    (exercises.check_two_views, views_at_once),
]
WRONG = [
    (exercises.check_deal, lambda *case: dict(enumerate(deal(*case))), "in a list, got dict"),
    (
        exercises.check_deal,
        lambda *case: deal(*case)[:2],
        "Expected 3 lists of names, one for each part, got 2",
    ),
    (exercises.check_deal, lambda *case: ["cat.0.jpg"] * 3, "got str, str, str"),
    (exercises.check_deal, lambda names, counts, seed: [[1], [2], [3]], "out of the list, got 1"),
    (exercises.check_deal, lambda *case: [[part] for part in deal(*case)], "out of the list"),
    (exercises.check_deal, lambda *case: [["cat.99.jpg"], [], []], "'cat.99.jpg'"),
    (exercises.check_deal, with_replacement, "is dealt twice"),
    (exercises.check_deal, each_part_anew, "is dealt twice"),
    (exercises.check_deal, whatever_class, "each for themselves"),
    (
        exercises.check_deal,
        lambda names, counts, seed: deal(names, [n // 2 for n in counts], seed),
        "each of the",
    ),
    (exercises.check_deal, from_the_start, "np.cumsum"),
    (exercises.check_deal, in_place, "Shuffle a copy"),
    (exercises.check_deal, unseeded, "The same seed gives other parts"),
    (exercises.check_deal, by_number, "Every seed gives the same parts"),
    (exercises.check_deal, shuffled_within, "never came into part 0"),
    (exercises.check_deal, cats_alone, "seeds dog."),
    (exercises.check_deal, only_first_part, "never came into part 1"),
    (exercises.check_deal, nothing_later, "got NoneType"),
    (exercises.check_rounds, lambda *case: rounds(*case) * case[3], "Divide by how many there are"),
    (exercises.check_rounds, lambda *case: rounds(*case) / case[2], "not one picture"),
    (exercises.check_rounds, lambda *case: rounds(*case) / case[0], "one epoch"),
    (exercises.check_rounds, lambda *case: case[0], "one round only if"),
    (exercises.check_rounds, lambda *case: 1 / rounds(*case), "other way round"),
    (exercises.check_rounds, lambda *case: int(rounds(*case)), "do not round"),
    (exercises.check_rounds, lambda *case: math.ceil(rounds(*case)), "do not round"),
    (exercises.check_rounds, lambda *case: 160, "share them out"),
    (exercises.check_rounds, lambda *case: float("nan"), "share them out"),
    (
        exercises.check_rounds,
        lambda *case: rounds(*case) if case[0] == 100 else None,
        "return a number, not None",
    ),
    (exercises.check_rounds, lambda *case: [rounds(*case)], "return a number, not [160.0]"),
    (exercises.check_dense_inputs, lambda side: dense_inputs(side, taken=0), "not padded"),
    (exercises.check_dense_inputs, lambda side: dense_inputs(side, taken=0, up=1), "not padded"),
    (exercises.check_dense_inputs, lambda side: (side / 16) ** 2 * 128, "not padded"),
    (exercises.check_dense_inputs, lambda side: dense_inputs(side, taken=1), "takes 2 off the side, and"),
    (exercises.check_dense_inputs, lambda side: dense_inputs(side, up=1), "odd row"),
    (exercises.check_dense_inputs, in_floats, "odd row"),
    (exercises.check_dense_inputs, lambda side: int(in_floats(side)), "odd row"),
    (exercises.check_dense_inputs, lambda side: dense_inputs(side) // 128, "one map"),
    (exercises.check_dense_inputs, lambda side: math.isqrt(dense_inputs(side) // 128) * 128, "side twice"),
    (exercises.check_dense_inputs, lambda side: dense_inputs(side) * 512, "weights"),
    (exercises.check_dense_inputs, pooled_first, "Follow the side"),
    (exercises.check_dense_inputs, lambda side: 6_272, "For 64 it should be 512, yours gives 6,272. Follow"),
    (exercises.check_shear_shift, lambda degrees, side: math.tan(degrees) * (side - 1) / 2, "take radians"),
    (exercises.check_shear_shift, lambda degrees, side: math.tan(degrees) * (side - 1), "take radians"),
    (
        exercises.check_shear_shift,
        lambda degrees, side: shear_shift(math.degrees(math.degrees(degrees)), side),
        "The other way",
    ),
    (exercises.check_shear_shift, lambda degrees, side: 2 * shear_shift(degrees, side), "half of the rows"),
    (
        exercises.check_shear_shift,
        lambda degrees, side: 2 * shear_shift(degrees, side + 1),
        "count from there",
    ),
    (exercises.check_shear_shift, lambda degrees, side: shear_shift(degrees, side + 1), "it is side - 1"),
    (
        exercises.check_shear_shift,
        lambda degrees, side: math.sin(math.radians(degrees)) * (side - 1) / 2,
        "its height upright",
    ),
    (exercises.check_shear_shift, lambda degrees, side: math.radians(degrees) * (side - 1) / 2, "np.tan"),
    (exercises.check_shear_shift, lambda degrees, side: -shear_shift(degrees, side), "whichever way"),
    (exercises.check_shear_shift, lambda degrees, side: round(shear_shift(degrees, side)), "do not round"),
    (exercises.check_shear_shift, lambda degrees, side: degrees, "tangent of the angle, times"),
    (exercises.check_two_views, column, "take it with [:, 0]"),
    (exercises.check_two_views, squeezed, "a single one too"),
    (exercises.check_two_views, lambda model, images: two_views(model, images).mean(), "a single one too"),
    (exercises.check_two_views, one_after_the_other, "picture by picture"),
    (exercises.check_two_views, seen_with(lambda images: images[:, ::-1]), "upside down"),
    (exercises.check_two_views, seen_with(lambda images: images[..., ::-1]), "the channels"),
    (exercises.check_two_views, seen_with(lambda images: images[::-1]), "order of the pictures"),
    (exercises.check_two_views, seen_with(lambda images: images[:, ::-1, ::-1]), "two axes"),
    (exercises.check_two_views, seen_with(lambda images: images), "as they are"),
    (exercises.check_two_views, lambda model, images: ask(model, images[:, :, ::-1]), "images alone"),
    (exercises.check_two_views, lambda model, images: 2 * two_views(model, images), "Halve it"),
    (exercises.check_two_views, mixed, "mix its answers"),
    (exercises.check_two_views, lambda model, images: two_views(model, images / 255), "scales by itself"),
    (exercises.check_two_views, lambda model, images: two_views(model, images) > 0.5, "not the class"),
    (exercises.check_two_views, lambda model, images: np.zeros(len(images)), "and take the mean"),
    (exercises.check_two_views, turned_in_place, "Turn a copy"),
    (exercises.check_two_views, as_in_training, "training=False"),
    (exercises.check_two_views, only_whole_numbers, "returns nothing"),
]

(
    test_a_right_answer_is_accepted,
    test_a_wrong_answer_gets_a_hint_and_raises_only_when_strict,
    test_an_untouched_answer_is_met_with_silence,
) = make_tests(RIGHT, WRONG)


def test_the_numbers_of_the_lesson_are_among_the_answers():
    assert rounds(100, 100, 32, 2_000) == 160 and rounds(30, 100, 20, 2_000) == 30
    assert [dense_inputs(side) for side in (150, 64)] == [6_272, 512]
    assert [round(shear_shift(degrees, 150), 2) for degrees in (0.2, 11.5)] == [0.26, 15.16]


def test_every_odd_row_is_dropped_as_the_network_drops_it():
    assert [dense_inputs(side) for side in range(46, 80)] == [built(side) for side in range(46, 80)]


def test_the_shift_is_that_of_the_courses_own_shear():
    """An upright line, sheared by 30 degrees: its ends lie where the answer says."""
    picture = np.zeros((1, 101, 201, 1), np.float32)
    picture[0, :, 100] = 1
    sheared = np.asarray(augment.affine_transform(picture, augment.make_matrices(shear_degrees=30)))[
        0, ..., 0
    ]
    rows = np.arange(101) - 50.0
    places = (sheared * (np.arange(201) - 100)).sum(axis=1) / sheared.sum(axis=1)
    slope = np.polyfit(rows, places, 1)[0]
    shrunk = math.cos(math.radians(30))  # the shear also squeezes the height: the end row is nearer
    assert abs(slope) * 50 / shrunk == pytest.approx(shear_shift(30, 101), rel=0.01)


def test_the_models_answers_can_be_had_without_it():
    images = np.random.default_rng(9).integers(0, 256, (7, 6, 8, 3), dtype=np.uint8)
    by_hand = exercises_views.answer_one_view(images)
    np.testing.assert_allclose(by_hand, ask(exercises_views.build_one_sided(), images), atol=1e-5)
    assert np.ptp(by_hand) > 0.2
