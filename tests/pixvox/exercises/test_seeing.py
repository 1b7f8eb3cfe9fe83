"""Each check is silent on an untouched answer, gives a hint for a wrong one and accepts a right one."""

import numpy as np
from support.exercise_answers import make_tests

from pixvox.exercises import seeing as exercises


def rows_seen(layers, place):
    rows = np.array([place, place])  # backwards: which rows of the layer before does a row look at?
    for window, stride in layers[::-1]:
        rows = rows * stride + [0, window - 1]
    return tuple(rows)


def without_strides(layers, place):
    return place, place + sum(window - 1 for window, _ in layers)


def stride_first(layers, place):
    sees, apart = 1, 1
    for window, stride in layers:
        apart *= stride
        sees += (window - 1) * apart
    return place * apart, place * apart + sees - 1


def one_more(layers, place):
    first, last = rows_seen(layers, place)
    return first, last + 1


def step_by_step(layers, place):
    first, last = rows_seen(layers, 0)
    return place + first, place + last


def scale_heat(heat):
    heat = np.maximum(heat, 0)
    return heat / (heat.max() or 1)


def hide_hottest(picture, heat, share):
    hidden = picture.copy()
    hottest = np.argsort(-heat.ravel())[: round(share * heat.size)]
    hidden.reshape(-1, 3)[hottest] = picture.mean(axis=(0, 1))
    return hidden


def hides_in_place(picture, heat, share):
    picture[:] = hide_hottest(picture, heat, share)
    return picture


def cut_off(picture, heat, share):
    return hide_hottest(picture, heat, int(share * heat.size) / heat.size)


def grey(picture, heat, share):
    return np.where((hide_hottest(picture, heat, share) != picture).any(-1, keepdims=True), 127.5, picture)


def cam(maps, gradients):
    return np.maximum((maps * gradients.mean(axis=(0, 1))).sum(axis=-1), 0)


RIGHT = [
    (exercises.check_rows_seen, rows_seen),
    (exercises.check_rows_seen, lambda *case: list(rows_seen(*case))),
    (exercises.check_scale_heat, scale_heat),
    (exercises.check_hide_hottest, hide_hottest),
    (exercises.check_cam, cam),
]
WRONG = [
    (exercises.check_rows_seen, without_strides, "keep the distance"),
    (exercises.check_rows_seen, stride_first, "*before* it"),
    (exercises.check_rows_seen, one_more, "two rows behind its first"),
    (exercises.check_rows_seen, step_by_step, "as all strides together"),
    (exercises.check_rows_seen, lambda layers, place: (0, 0), "Each window adds"),
    (exercises.check_rows_seen, lambda layers, place: rows_seen(layers, place)[1], "Expected two numbers"),
    (exercises.check_scale_heat, lambda heat: heat / heat.max(), "should be"),
    (
        exercises.check_scale_heat,
        lambda heat: np.maximum(heat, 0) / np.maximum(heat, 0).max(),
        "largest heat is 0",
    ),
    (exercises.check_scale_heat, lambda heat: heat.max(), "Expected the shape"),
    (exercises.check_hide_hottest, lambda p, h, s: hide_hottest(p, -h, s), "These are the coldest"),
    (exercises.check_hide_hottest, hides_in_place, "picture.copy()"),
    (exercises.check_hide_hottest, cut_off, "10 pixels should be hidden, yours hides 9"),
    (exercises.check_hide_hottest, grey, "mean over rows and columns"),
    (exercises.check_hide_hottest, lambda p, h, s: p.mean(axis=-1), "Expected the shape"),
    (exercises.check_hide_hottest, lambda p, h, s: p.copy(), "12 pixels should be hidden, yours hides 0"),
    (exercises.check_cam, lambda m, g: (m * g.mean(axis=(0, 1))).sum(-1), "below 0 becomes 0"),
    (exercises.check_cam, lambda m, g: np.maximum((m * g).sum(-1), 0), "its own gradient"),
    (exercises.check_cam, lambda m, g: m * g, "sum over the channels"),
    (exercises.check_cam, lambda m, g: m.sum(-1), "mean gradient"),
]

(
    test_a_right_answer_is_accepted,
    test_a_wrong_answer_gets_a_hint_and_raises_only_when_strict,
    test_an_untouched_answer_is_met_with_silence,
) = make_tests(RIGHT, WRONG)
