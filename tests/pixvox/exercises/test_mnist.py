"""What the checks on MNIST say to right and wrong answers."""

import keras
import numpy as np
import pytest
from keras import layers
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import mnist as exercises


def conv_side(side, kernel, stride, padding):
    return -(-side // stride) if padding == "same" else (side - kernel) // stride + 1


def by_keras(side, kernel, stride, padding):
    conv = layers.Conv2D(1, kernel, strides=stride, padding=padding)
    return conv.compute_output_shape((1, side, side, 1))[1]


def max_pool(image, window, start=-np.inf):
    rows, columns = image.shape[0] // window, image.shape[1] // window
    pooled = np.full((rows, columns), start)
    for row in range(rows * window):
        for column in range(columns * window):
            place = row // window, column // window
            pooled[place] = max(pooled[place], image[row, column])
    return pooled


def network(*stack):
    return keras.Sequential([layers.Input((28, 28, 1)), *stack])


def convs(count, window, **settings):
    return [layers.Conv2D(8, window, activation="relu", **settings) for _ in range(count)]


def blind():
    """A network whose first kernel is 0, so that it answers with its biases."""
    first = layers.Conv2D(8, 3, kernel_initializer="zeros", bias_initializer="ones")
    return network(first, layers.GlobalMaxPooling2D(), layers.Dense(10))


def flat(**settings):
    return network(*convs(2, 3), layers.Flatten(), layers.Dense(10, **settings))


def frame(images, by, value=0.0):
    framed = np.full((len(images), images.shape[1] + 2 * by, images.shape[2] + 2 * by, 1), value)
    framed[:, by:-by, by:-by] = images
    return framed


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_conv_side: [
            (conv_side, RIGHT),
            (by_keras, RIGHT),
            (lambda *case: 26, "should be 24"),
            (lambda n, k, s, padding: -(-n // s) if padding == "same" else round((n - k) / s) + 1, "be 6"),
            (lambda *case: conv_side(*case) - (case == (28, 2, 2, "valid")), "14"),
            (lambda n, k, s, padding: -(-n // k) if padding == "same" else conv_side(n, k, s, padding), "28"),
            (lambda n, k, s, padding: conv_side(n, k, min(s, 2), padding), "be 9"),
            (lambda n, k, s, p: conv_side(n + (p == "same") * 2 * (k // 2), k, s, "valid"), "it stands"),
        ],
        exercises.check_colour_parameters: [
            (95_434, RIGHT),
            (93_322, "Only the first one"),
            (2_432, "all layers together"),
        ],
        exercises.check_lower_edge_kernel: [
            ([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], RIGHT),
            ([[-1, -1, -1], [0, 0, 0], [1, 1, 1]], "positive"),
            ([[1, 1, 1], [1, 1, 1], [-1, -1, -1]], "columns"),
            ([[2, 0, 1], [0, 0, 0], [-1, -1, -1]], "columns"),
            (np.full((3, 3), np.nan), "positive"),
            ([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]], "upper row"),
        ],
        exercises.check_max_pool: [
            (max_pool, RIGHT),
            (lambda image, window: max_pool(-image, window), "largest"),
            (lambda image, window: max_pool(image, window, start=0), "largest"),
        ],
        exercises.check_indifferent_to_place: [
            (network(*convs(2, 3), layers.GlobalMaxPooling2D(), layers.Dense(10)), RIGHT),
            (network(*convs(4, 5), layers.GlobalMaxPooling2D(), layers.Dense(10)), RIGHT),
            (network(*convs(2, 3), layers.GlobalAveragePooling2D(), layers.Dense(10, "softmax")), RIGHT),
            (
                network(
                    layers.Rescaling(1 / 255), *convs(2, 3), layers.GlobalAveragePooling2D(), layers.Dense(10)
                ),
                RIGHT,
            ),
            (flat(), "weight for every place"),
            (flat(kernel_initializer=keras.initializers.RandomNormal(stddev=1e-6)), "weight for every place"),
            (network(*convs(2, 3, strides=2), layers.GlobalMaxPooling2D(), layers.Dense(10)), "skip places"),
            (network(layers.GlobalMaxPooling2D(), layers.Dense(10)), "Keep a convolution"),
            (blind(), "whatever it sees"),
        ],
        exercises.check_frame: [
            (frame, RIGHT),
            (lambda images, by: np.pad(images, by), "shape"),
            (lambda images, by: frame(images, by, value=1), "should be 0"),
            (lambda images, by: frame(images, by)[:, by:, by:], "shape"),
            (lambda images, by: images, "shape"),
        ],
    }
)


@pytest.mark.parametrize("case", [(28, 3, 1, "valid"), (9, 4, 3, "valid"), (10, 3, 3, "same")])
def test_the_side_is_that_of_keras(case):
    assert exercises.check_conv_side.right(*case) == by_keras(*case)
