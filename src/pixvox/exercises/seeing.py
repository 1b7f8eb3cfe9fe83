"""Checks of the exercises on what convnets see."""

import numpy as np

from pixvox.exercises.checking import compare, compared, exercise, show

RNG = np.random.default_rng(0)
CONV, POOL = (3, 1), (2, 2)
PICTURE, HEAT = RNG.uniform(0, 255, (9, 12, 3)), RNG.permutation(108).reshape(9, 12).astype(float)
MAPS, GRADIENTS = RNG.normal(size=(2, 4, 5, 7))  # both signs, and so has the heat


@compared(
    cases=[([CONV, CONV], 0), ([(3, 2), CONV], 3), ([(5, 2), POOL, CONV, CONV, POOL], 2), ([], 7)],
    mistakes={
        "A window of 3 ends two rows behind its first.": [{"longer": 1}],
        "Two places lie as far apart as all strides together have made them.": [{"spread": 0}],
        "After a stride of 2, a step is two pixels.": [lambda ls, p: (p, p + sum(w - 1 for w, _ in ls))],
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
    cases=[(PICTURE, HEAT, share) for share in (0.25, 0.2, 0.3, 0.0, 1.0)],  # 21.6 and 32.4
    mistakes={
        "These are the coldest.": [lambda p, heat, share: check_hide_hottest.right(p, -heat, share)],
        "Round the number of pixels to the nearest.": [{"rounded": int}, {"rounded": float.__ceil__}],
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


def _watch(*ranks):
    """Return a `predict`: 3, or 5 where an odd number of some pixels is hidden; the hottest has rank 1."""
    watched, mean = np.isin(HEAT, HEAT.size - np.array(ranks)).astype(int), PICTURE.mean(axis=(0, 1))
    return lambda picture: 3 + 2 * (np.einsum("hwc,hw->", np.isclose(picture, mean).astype(int), watched) % 2)


def _first_change(predict, picture, heat, first=1, later=0, scale=100):
    """Return the first share, written out, at which the class is another, or "None"."""
    classes = [predict(check_hide_hottest.right(picture, heat, share / 100)) for share in range(101)]
    changed = [share for share in range(first, 101) if classes[share] != classes[first - 1]]
    return show(np.float64((changed[0] + later) / scale) if changed else None)


@exercise
def check_share_to_change(answer):
    """Check `share_to_change(predict, picture, heat)`: 0.01 to 1.00 or None; picture (height, width, 3)."""
    compare(
        (lambda *case: show(np.asarray(answer(*case))[()])) if callable(answer) else answer,  # None is right
        _first_change,
        cases=[(_watch(*ranks), PICTURE, HEAT) for ranks in ([1], [8], [61, 90], [108], [])],
        mistakes={
            "Compare with the whole picture, not with a share: the first can change it.": [{"first": 2}],
            "That is too late: return the first such share.": [{"later": 1}],
            "Return the share, not its number.": [{"scale": 1}, {"scale": 1, "later": -1}],
            "Hide the hottest, not the coldest.": [lambda predict, p, h: _first_change(predict, p, -h)],
        },
        usual="Hide 0.01 of the whole picture, 0.02 and so on to 1.00; if the class stays, return None.",
    )


@compared(
    cases=[(MAPS, GRADIENTS), (MAPS, -GRADIENTS)],
    mistakes={
        "Keep only what speaks for the class: below 0 becomes 0.": [{"keep": abs}, {"keep": np.positive}],
        "Take a map's mean gradient, not a place's own.": [{"axis": ()}],
    },
    usual="The weight of a map is its mean gradient over rows and columns; then sum maps times weights.",
)
def check_cam(maps, gradients, axis=(0, 1), keep=lambda heat: np.maximum(heat, 0)):
    """Check `cam(maps, gradients)`: Grad-CAM of (rows, columns, channels), before it is enlarged."""
    return keep((maps * gradients.mean(axis=axis, keepdims=True)).sum(axis=-1))
