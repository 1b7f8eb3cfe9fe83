"""What the checks on what convnets see say to right and wrong answers."""

import numpy as np
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import seeing as exercises


def rows_seen(layers, place):
    rows = np.array([place, place])  # backwards: which rows of the layer before does a row look at?
    for window, stride in layers[::-1]:
        rows = rows * stride + [0, window - 1]
    return tuple(rows)


def stride_first(layers, place):
    sees, apart = 1, 1
    for window, stride in layers:
        apart *= stride
        sees += (window - 1) * apart
    return place * apart, place * apart + sees - 1


def scale_heat(heat):
    heat = np.maximum(heat, 0)
    return heat / (heat.max() or 1)


def hide_hottest(picture, heat, share):
    gone = heat >= heat.size - round(share * heat.size)  # the heats are 0, 1, 2 and so on
    return np.where(gone[..., None], picture.mean(axis=(0, 1)), picture)


def grey(picture, heat, share):
    return np.where((hide_hottest(picture, heat, share) != picture).any(-1, keepdims=True), 127.5, picture)


def weighted(over):
    return lambda maps, gradients: np.maximum((maps * over(gradients, axis=(0, 1))).sum(axis=-1), 0)


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_rows_seen: [
            (rows_seen, RIGHT),
            (lambda *case: list(rows_seen(*case)), RIGHT),
            (lambda layers, place: (place, place + sum(window - 1 for window, _ in layers)), "two rows of"),
            (stride_first, "*before* it"),
            (lambda *case: (rows_seen(*case)[0], 1 + np.ptp(rows_seen(*case))), "the first and the last row"),
            (lambda *case: (rows_seen(*case)[0], rows_seen(*case)[1] + 1), "two rows behind its first"),
            (lambda layers, place: np.add(rows_seen(layers, 0), place), "as all strides together"),
        ],
        exercises.check_scale_heat: [
            (scale_heat, RIGHT),
            (lambda heat: heat / heat.max(), "below 0 becomes 0"),
            (lambda heat: np.maximum(heat, 0) / np.maximum(heat, 0).max(), "nothing to divide by"),
        ],
        exercises.check_hide_hottest: [
            (hide_hottest, RIGHT),
            (lambda picture, heat, share: hide_hottest(picture, heat.max() - heat, share), "the coldest"),
            (lambda picture, heat, share: hide_hottest(picture, heat, int(share * 48) / 48), "Round"),
            (lambda picture, heat, share: hide_hottest(picture, heat, np.ceil(share * 48) / 48), "nearest"),
            (grey, "mean over rows and columns"),
            (lambda picture, heat, share: picture.copy(), "give the hottest pixels"),
        ],
        exercises.check_cam: [
            (weighted(np.mean), RIGHT),
            (lambda maps, gradients: (maps * gradients.mean(axis=(0, 1))).sum(axis=-1), "below 0 becomes 0"),
            (lambda maps, gradients: np.maximum((maps * gradients).sum(axis=-1), 0), "not a place's own"),
            (lambda maps, gradients: maps.sum(axis=-1), "mean gradient"),
            (weighted(np.sum), "mean gradient"),
        ],
    }
)


def test_the_heat_that_is_wanted_has_a_place_above_0_and_one_below():
    summed = exercises.MAPS @ exercises.GRADIENTS.mean(axis=(0, 1))
    assert summed.min() < 0 < summed.max()
