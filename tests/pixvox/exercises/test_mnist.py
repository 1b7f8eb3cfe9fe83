"""Each check is silent on an untouched answer, gives a hint for a wrong one and accepts a right one."""

import numpy as np
import pytest
from support.exercise_answers import accept, hint, keep_silent

from pixvox.exercises import mnist as exercises


def conv_side(side, kernel, stride, padding):
    return -(-side // stride) if padding == "same" else (side - kernel) // stride + 1


def max_pool(image, window):
    rows, columns = image.shape[0] // window, image.shape[1] // window
    return np.array(
        [
            [
                image[r * window : (r + 1) * window, c * window : (c + 1) * window].max()
                for c in range(columns)
            ]
            for r in range(rows)
        ]
    )


def place_model(pooling):
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Conv2D(8, 3, activation="relu"),
            pooling,
            layers.Dense(10),
        ]
    )


RIGHT = {
    exercises.check_conv_side: conv_side,
    exercises.check_colour_parameters: 95_434,
    exercises.check_lower_edge_kernel: [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    exercises.check_max_pool: max_pool,
}
WRONG = [
    (exercises.check_conv_side, lambda *case: 26, "should be 24"),
    (exercises.check_colour_parameters, 93_322, "Only the first layer"),
    (exercises.check_lower_edge_kernel, np.ones((2, 2)), "3 rows of 3"),
    (exercises.check_lower_edge_kernel, [[-1, -1, -1], [0, 0, 0], [1, 1, 1]], "positive"),
    (exercises.check_lower_edge_kernel, [[1, 1, 1], [1, 1, 1], [-1, -1, -1]], "columns"),
    (exercises.check_lower_edge_kernel, [[2, 0, 1], [0, 0, 0], [-1, -1, -1]], "columns"),
    (exercises.check_max_pool, lambda image, window: image, "shape"),
    (exercises.check_max_pool, lambda image, window: max_pool(-image, window), "largest"),
]
UNTOUCHED = [
    (exercises.check_conv_side, lambda *case: None),
    (exercises.check_colour_parameters, None),
    (exercises.check_lower_edge_kernel, None),
    (exercises.check_max_pool, lambda image, window: None),
    (exercises.check_indifferent_to_place, None),
]


@pytest.fixture(autouse=True)
def relaxed(monkeypatch):
    monkeypatch.delenv("PIXVOX_STRICT", raising=False)


@pytest.mark.parametrize("check", RIGHT)
def test_a_right_answer_is_accepted(check, capsys):
    accept(check, RIGHT[check], capsys)


@pytest.mark.parametrize(("check", "answer", "expected"), WRONG)
def test_a_wrong_answer_gets_a_hint_and_raises_only_when_strict(check, answer, expected, capsys, monkeypatch):
    hint(check, answer, expected, capsys, monkeypatch)


@pytest.mark.parametrize(("check", "answer"), UNTOUCHED)
def test_an_untouched_answer_is_met_with_silence(check, answer, capsys, monkeypatch):
    keep_silent(check, answer, capsys, monkeypatch)


def test_a_model_is_indifferent_to_place_only_without_places(capsys):
    from keras import layers

    exercises.check_indifferent_to_place(place_model(layers.GlobalMaxPooling2D()))
    assert capsys.readouterr().out == "Right.\n"
    exercises.check_indifferent_to_place(place_model(layers.Flatten()))
    assert "differ by up to" in capsys.readouterr().out


def test_a_model_that_says_nothing_is_not_accepted(capsys):
    from keras import Sequential, layers

    exercises.check_indifferent_to_place(Sequential([layers.Input((28, 28, 1)), layers.GlobalMaxPooling2D()]))
    assert "ten numbers" in capsys.readouterr().out
    blind = place_model(layers.GlobalMaxPooling2D())
    blind.layers[-1].set_weights([np.zeros((8, 10)), np.zeros(10)])
    exercises.check_indifferent_to_place(blind)
    assert "whatever it sees" in capsys.readouterr().out
