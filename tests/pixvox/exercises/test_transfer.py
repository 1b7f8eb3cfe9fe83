"""Each check is silent on an untouched answer, gives a hint for a wrong one and accepts a right one."""

import keras
import numpy as np
from support.exercise_answers import make_tests

from pixvox.exercises import transfer as exercises

MEANS = np.array(exercises.MEANS, np.float32)


def trainable_from(names, start):
    place = names.index(start)  # a ValueError of its own
    return [number >= place for number in range(len(names))]


def by_flag(names, start):
    met, answer = False, []
    for name in names:
        met = met or name == start
        answer.append(met)
    return answer


def smooth_unbiased(points, factor):
    average, smoothed = 0.0, []
    for number, point in enumerate(points, 1):
        average = factor * average + (1 - factor) * point
        smoothed.append(average / (1 - factor**number))
    return smoothed


def biased(points, factor):
    average, smoothed = 0.0, []
    for point in points:
        average = factor * average + (1 - factor) * point
        smoothed.append(average)
    return smoothed


def from_the_first(points, factor):
    smoothed = []
    for point in points:
        smoothed.append(factor * smoothed[-1] + (1 - factor) * point if smoothed else point)
    return smoothed


def returned_too_early(points, factor):
    return smooth_unbiased(points, factor)[:1]


def vgg_input(pictures):
    return pictures[..., ::-1].astype(np.float32) - MEANS


def of_keras(pictures):
    return keras.applications.vgg16.preprocess_input(pictures.astype(np.float32))


def spoils(pictures):
    pictures[...] = 0
    return vgg_input(pictures)


def dealt(files, asked, batch_size):
    names, taken = np.arange(files), []
    while len(taken) < asked:
        order = np.random.permutation(names)
        for start in range(0, files, batch_size):
            taken += list(order[start : start + batch_size])
            if len(taken) >= asked:
                break
    counts = np.unique(taken, return_counts=True)[1]
    return len(taken), len(counts), int(counts.max())


def cut_off_at_once(files, asked, batch_size):
    return asked, min(files, asked), -(-asked // files)


RIGHT = [
    (exercises.check_tuned_numbers, 9_177_089),
    (exercises.check_trainable_from, trainable_from),
    (exercises.check_smooth_unbiased, smooth_unbiased),
    (exercises.check_smooth_unbiased, lambda *case: np.array(smooth_unbiased(*case))),
    (exercises.check_vgg_input, vgg_input),
    (exercises.check_vgg_input, of_keras),
    (exercises.check_dealt, dealt),
    (exercises.check_dealt, lambda *case: list(dealt(*case))),
]
WRONG = [
    (exercises.check_tuned_numbers, 7_079_424, "block5 alone"),
    (exercises.check_tuned_numbers, 2_097_665, "head alone"),
    (exercises.check_tuned_numbers, 9_175_296, "has a bias, too"),
    (exercises.check_tuned_numbers, 16_812_353, "stay frozen"),
    (exercises.check_tuned_numbers, 10, "weight tensors"),
    (exercises.check_tuned_numbers, 1, "512 biases"),
    (exercises.check_trainable_from, lambda names, start: [name == start for name in names], "met"),
    (
        exercises.check_trainable_from,
        lambda names, start: [number > names.index(start) for number in range(len(names))],
        "itself",
    ),
    (
        exercises.check_trainable_from,
        lambda names, start: [True] * 5,
        "gives [True, True, True, True, True].\n",
    ),
    (
        exercises.check_trainable_from,
        lambda names, start: by_flag(names, start) if start in names else [False] * len(names),
        "raise a ValueError",
    ),
    (exercises.check_smooth_unbiased, biased, "stays too low"),
    (exercises.check_smooth_unbiased, lambda points, factor: [0.1] * len(points), "from 0; then divide"),
    (exercises.check_smooth_unbiased, from_the_first, "by itself"),
    (exercises.check_smooth_unbiased, returned_too_early, "inside the function"),
    (exercises.check_smooth_unbiased, lambda points, factor: list(points), "by itself"),
    (
        exercises.check_smooth_unbiased,
        lambda points, factor: smooth_unbiased(points, factor) if points else [0.0],
        "No points",
    ),
    (exercises.check_vgg_input, lambda pictures: pictures.astype(np.float32) - MEANS[::-1], "old order"),
    (exercises.check_vgg_input, lambda pictures: vgg_input(pictures) + MEANS - MEANS[::-1], "wrong colour"),
    (exercises.check_vgg_input, lambda pictures: vgg_input(pictures) + MEANS, "Nothing"),
    (exercises.check_vgg_input, lambda pictures: vgg_input(pictures) / np.float32(255), "No division"),
    (exercises.check_vgg_input, lambda pictures: vgg_input(pictures).astype(np.float64), "Expected float32"),
    (exercises.check_vgg_input, lambda pictures: vgg_input(pictures) + np.float32(1), "should become"),
    (exercises.check_vgg_input, spoils, "changed"),
    (exercises.check_dealt, cut_off_at_once, "may take more"),
    (exercises.check_dealt, lambda files, asked, batch_size: (asked, min(files, asked), 2), "on paper"),
    (exercises.check_dealt, lambda files, asked, batch_size: (asked, asked, 1), "on paper"),
]

(
    test_a_right_answer_is_accepted,
    test_a_wrong_answer_gets_a_hint_and_raises_only_when_strict,
    test_an_untouched_answer_is_met_with_silence,
) = make_tests(RIGHT, WRONG)


def test_the_number_is_what_keras_counts():
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(150, 150, 3))
    network = keras.Sequential([base, keras.layers.Flatten(), keras.layers.Dense(256), keras.layers.Dense(1)])
    for layer in base.layers:
        layer.trainable = layer.name.startswith("block5")
    assert sum(np.prod(weights.shape) for weights in network.trainable_weights) == 9_177_089
    assert len(network.trainable_weights) == 10


def test_the_posts_folder_gives_every_cat_twice():
    assert exercises._dealt(500, 1_000, 20) == (1_000, 500, 2)
    assert exercises._dealt(500, 1_000, 32) == (1_000, 500, 2)
    assert exercises._dealt(1_000, 1_000, 32) == (1_000, 1_000, 1)
