"""What the checks on four models of clothes say to right and wrong answers."""

import math
from collections import Counter

import numpy as np
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import four_models as exercises
from pixvox.models.clothes import build_fashion_four


def seen_side(stack, of_stride=lambda stride: stride):
    side = 1  # backwards: how many places of the layer before does a stretch look at?
    for window, stride in stack[::-1]:
        side = (side - 1) * of_stride(stride) + window
    return side


def neighbours_of(vectors, neighbours, distance=None, itself=False):
    for i, vector in enumerate(vectors):
        apart = [
            np.linalg.norm(vector - other) if distance is None else distance(vector, other)
            for other in vectors
        ]
        yield i, [j for j in np.argsort(apart) if itself or j != i][:neighbours]


def near_alike(vectors, labels, neighbours, **settings):
    found = neighbours_of(vectors, neighbours, **settings)
    return np.mean([np.mean(labels[near] == labels[i]) for i, near in found])


def majority(vectors, labels, neighbours):
    found = neighbours_of(vectors, neighbours)
    return np.mean([Counter(sorted(labels[near])).most_common(1)[0][0] == labels[i] for i, near in found])


def city_block(one, other):
    return np.abs(one - other).sum()


def cosine(one, other):
    return 1 - one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def one_channel(scaled):
    return scaled * 255 * [1, 0, 0]


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_seen_side: [
            (seen_side, RIGHT),
            (lambda stack: 1 + sum(window - 1 for window, _ in stack), "steps"),
            (lambda stack: seen_side(stack, of_stride=lambda stride: min(stride, 2)), "strides before it"),
        ],
        exercises.check_larger_four: [
            (build_fashion_four(image_size=(56, 56)).count_params(), RIGHT),
            (4 * 1_221_546, "first dense layer"),
        ],
        exercises.check_sheared_by: [
            (lambda degrees, rows: rows * math.tan(math.radians(degrees)), RIGHT),
            (lambda degrees, rows: rows * math.tan(degrees), "radians"),
            (lambda degrees, rows: rows * math.sin(math.radians(degrees)), "sine"),
            (lambda degrees, rows: -rows * math.tan(math.radians(degrees)), "not below 0"),
            (lambda degrees, rows: rows * degrees, "Draw the triangle"),
        ],
        exercises.check_near_alike: [
            (near_alike, RIGHT),
            (lambda *case: near_alike(*case, itself=True), "its own neighbour"),
            (lambda *case: near_alike(*case, distance=city_block), "Euclidean"),
            (lambda *case: near_alike(*case, distance=cosine), "Euclidean"),
            (majority, "every neighbour"),
            (lambda *case: 100 * near_alike(*case), "from 0 to 1"),
            (lambda *case: 0.5, "the vector itself"),
        ],
        exercises.check_prepare_once: [
            (lambda scaled: np.repeat(scaled * 255, 3, axis=-1), RIGHT),
            (lambda scaled: np.repeat(scaled, 3, axis=-1), "0 to 255"),
            (one_channel, "All three channels"),
            (lambda scaled: np.repeat((scaled * 256).astype("u1"), 3, axis=-1), "Three equal channels"),
        ],
    }
)
