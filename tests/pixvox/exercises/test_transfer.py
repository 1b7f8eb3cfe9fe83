"""What the checks on transfer learning say to right and wrong answers."""

import keras
import numpy as np
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import transfer as exercises

MEANS = np.array([103.939, 116.779, 123.68], np.float32)


def trainable_from(names, start):
    place = names.index(start)  # a ValueError of its own
    return [number >= place for number in range(len(names))]


def by_flag(names, start):
    met, answer = False, []
    for name in names:
        met = met or name == start
        answer.append(met)
    return answer


def by_alphabet(names, start):
    if start not in names:
        raise ValueError(start)
    return [name >= start for name in names]


def by_dict(names, start):
    place = {name: number for number, name in enumerate(names)}[start]
    return [number >= place for number in range(len(names))]


def smooth_unbiased(points, factor, kept=None, biased=False):
    average, smoothed = 0.0, []
    kept = factor if kept is None else kept
    for number, point in enumerate(points, 1):
        average = kept * average + (1 - kept) * point
        smoothed.append(average if biased else average / (1 - factor**number))
    return smoothed


def from_the_first(points, factor):
    smoothed = []
    for point in points:
        smoothed.append(factor * smoothed[-1] + (1 - factor) * point if smoothed else point)
    return smoothed


def weighted_means(points, factor):
    weights = [factor ** np.arange(number)[::-1] for number in range(1, len(points) + 1)]
    return [np.average(points[: len(weight)], weights=weight) for weight in weights]


def vgg_input(pictures):
    return pictures[..., ::-1].astype(np.float32) - MEANS


def of_keras(pictures):
    return keras.applications.vgg16.preprocess_input(pictures.astype(np.float32))


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


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_tuned_numbers: [
            (9_177_089, RIGHT),
            (7_079_424, "block5 alone"),
            (2_097_665, "head alone"),
            (16_812_353, "stay frozen"),
            (9_175_296, "512 biases"),
        ],
        exercises.check_trainable_from: [
            (trainable_from, RIGHT),
            (lambda *case: np.array(trainable_from(*case)), RIGHT),
            (by_alphabet, "order is that of the list"),
            (by_dict, "should raise a ValueError. Yours raised KeyError"),
            (by_flag, "should raise a ValueError. Yours returned"),
            (lambda *case: trainable_from(*case) if case[1] in case[0] else "no\nlayer", "'no\\nlayer'"),
            (lambda names, start: [name == start for name in names], "behind it"),
            (lambda names, start: [n > names.index(start) for n in range(len(names))], "itself"),
        ],
        exercises.check_smooth_unbiased: [
            (smooth_unbiased, RIGHT),
            (weighted_means, RIGHT),
            (lambda points, factor: np.array(smooth_unbiased(points, factor)), RIGHT),
            (lambda points, factor: smooth_unbiased(points, factor, biased=True), "stays too low"),
            (lambda points, factor: smooth_unbiased(points, factor, kept=1 - factor), "weighs the average"),
            (lambda points, factor: smooth_unbiased(points, factor) or [0.0], "(0,)"),
            (from_the_first, "by itself"),
            (lambda points, factor: smooth_unbiased(points, [0.8, 0.9][len(points) == 1]), "by itself"),
            (lambda points, factor: smooth_unbiased(points, 1 - factor), "weighs the average"),
        ],
        exercises.check_vgg_input: [
            (vgg_input, RIGHT),
            (of_keras, RIGHT),
            (lambda pictures: pictures.astype(np.float32) - MEANS, "reverse the last axis"),
            (lambda pictures: vgg_input(pictures) + MEANS - MEANS[::-1], "wrong colour"),
            (lambda pictures: vgg_input(pictures) + MEANS, "Nothing"),
            (lambda pictures: vgg_input(pictures) / np.float32(255), "No division"),
            (lambda pictures: vgg_input(pictures).astype(np.float64), "float32"),
        ],
        exercises.check_dealt: [
            (dealt, RIGHT),
            (lambda *case: list(dealt(*case)), RIGHT),
            (lambda files, asked, _: (asked, min(files, asked), -(-asked // files)), "Whole batches"),
            (lambda files, asked, batch_size: (asked, asked, 1), "on paper"),
        ],
    }
)


def test_the_number_is_what_keras_counts():
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(150, 150, 3))
    network = keras.Sequential([base, keras.layers.Flatten(), keras.layers.Dense(256), keras.layers.Dense(1)])
    for layer in base.layers:
        layer.trainable = layer.name.startswith("block5")
    assert sum(np.prod(weights.shape) for weights in network.trainable_weights) == 9_177_089
