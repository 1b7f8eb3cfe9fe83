"""Checks of the exercises on what convnets see."""

import math

import numpy as np

from pixvox.exercises.checking import compared

RNG = np.random.default_rng(0)
CONV, POOL = (3, 1), (2, 2)
PICTURE, HEAT = RNG.uniform(0, 255, (6, 8, 3)), RNG.permutation(48).reshape(6, 8).astype(float)
MAPS = RNG.uniform(0, 1, (4, 5, 7)) * (RNG.uniform(0, 1, (4, 5, 7)) < 0.3)  # many zeros, as after a ReLU
GRADIENTS = RNG.normal(0, 1, (4, 5, 7))  # the heat has both signs


@compared(
    cases=[([CONV, CONV], 0), ([(3, 2), CONV], 3), ([(5, 2), POOL, CONV, CONV, POOL], 2), ([], 7)],
    mistakes={
        "A window of 3 ends two rows behind its first.": [{"longer": 1}],
        "Two places lie as far apart as all strides together have made them.": [{"spread": 0}],
        "After a stride of 2, one step is two rows of the picture.": [
            lambda layers, place: (place, place + sum(window - 1 for window, _ in layers))
        ],
    },
    usual="Return the first and the last row; a window adds (window - 1) times all strides *before* it.",
)
def check_rows_seen(layers, place, longer=0, spread=1):
    """Check `rows_seen(layers, place)`: the first and the last row of the picture that a place sees."""
    sees, apart = 1 + longer, 1
    for window, stride in layers:
        sees, apart = sees + (window - 1) * apart, apart * stride
    first = place * apart**spread
    return first, first + sees - 1


@compared(
    cases=[*np.array([[[0, 1], [2, 4]], [[-3, 1], [2, 0]], [[0, 0], [0, 0]], [[-2, -1], [-4, -1]]], float)],
    usual="What is below 0 becomes 0, and where the largest heat is 0 there is nothing to divide by.",
)
def check_scale_heat(heat):
    """Check `scale_heat(heat)`: heat (height, width) below 0 becomes 0, the largest 1, no heat stays 0."""
    return np.maximum(heat, 0) / (heat.max() if heat.max() > 0 else 1)


@compared(
    cases=[(PICTURE, HEAT, share) for share in (0.25, 0.2, 0.3, 0.0, 1.0)],  # 9.6 and 14.4
    mistakes={
        "These are the coldest.": [lambda p, heat, share: check_hide_hottest.right(p, -heat, share)],
        "Round the number of pixels to the nearest.": [{"rounded": int}, {"rounded": math.ceil}],
        "The colour is the mean over rows and columns.": [{"colour": 127.5}, {"colour": PICTURE.mean()}],
    },
    usual="Sort all the heat at once, and give the hottest pixels the picture's mean colour.",
)
def check_hide_hottest(picture, heat, share, rounded=round, colour=None):
    """Check `hide_hottest(picture, heat, share)`: the hottest share of (height, width) in the mean colour."""
    hidden = picture.copy()
    hottest = np.argsort(-heat.ravel())[: rounded(share * heat.size)]
    hidden.reshape(-1, 3)[hottest] = picture.mean(axis=(0, 1)) if colour is None else colour
    return hidden


@compared(
    cases=[(MAPS, GRADIENTS), (MAPS, -GRADIENTS)],
    mistakes={
        "Grad-CAM keeps only what speaks for the class: below 0 becomes 0.": [{"least": -np.inf}],
        "Take a map's mean gradient, not a place's own.": [lambda a, g: np.maximum((a * g).sum(axis=-1), 0)],
    },
    usual="The weight of a map is its mean gradient over rows and columns; then sum maps times weights.",
)
def check_cam(maps, gradients, least=0):
    """Check `cam(maps, gradients)`: Grad-CAM of (rows, columns, channels), before it is enlarged."""
    return np.maximum(maps @ gradients.mean(axis=(0, 1)), least)
