"""Checks of lesson 07's exercises; as in `pixvox.exercises`, untouched answers are met with silence."""

import numpy as np

from pixvox.exercises.checking import say, untouched


def _rows_seen(layers, place):
    """Return the first and last row that one place sees behind layers of (window, stride) without padding."""
    sees, apart = 1, 1
    for window, stride in layers:
        sees, apart = sees + (window - 1) * apart, apart * stride
    return place * apart, place * apart + sees - 1


def check_rows_seen(answer):
    """Check `rows_seen(layers, place)`: the first and the last row of the picture that a place sees.

    Args:
        answer: a function of a list of (window, stride), first layer first, and the number of a place of the
            last map, counted from 0; it returns two whole numbers.
    """
    conv, pool, wide = (3, 1), (2, 2), (3, 2)
    for layers, place in (
        ([conv], 0),
        ([conv, conv], 0),
        ([wide, conv], 0),
        ([conv], 4),
        ([wide, conv], 3),
        ([(5, 2), pool, conv, conv, pool], 2),
        ([], 7),
    ):
        given = answer(list(layers), place)
        if untouched(given):
            return
        wanted = _rows_seen(layers, place)
        if np.shape(given) != (2,):
            return say(False, f"Expected two numbers, the first and the last row, yours gives {given}.")
        if tuple(given) != wanted:
            hint = f"For {layers}, place {place}, it should be {wanted}, yours gives {tuple(given)}."
            return say(False, f"{hint} {_why_not_rows(tuple(given), layers, place)}")
    return say(True, "")


def _why_not_rows(given, layers, place):
    """Name the mistake that makes these rows, if it is a usual one."""
    first, last = _rows_seen(layers, place)
    if given == (first, last + 1):
        return "Count from the first row to the last: a window of 3 ends two rows behind its first."
    if given == (place, place + last - first):
        return "Two places of the last map lie as far apart as all strides together have made them."
    if given[1] - given[0] == sum(window - 1 for window, _ in layers):
        return "After a stride of 2, one step is two rows of the picture: keep the distance of two places."
    return "Each window adds (window - 1) times the distance that the strides *before* it have made."


def check_scale_heat(answer):
    """Check `scale_heat(heat)`: heat below 0 becomes 0, the largest 1, a map without heat stays 0.

    Args:
        answer: a function of a (height, width) array that returns one of the same shape.
    """
    cases = ([[0.0, 1], [2, 4]], [[-3, 1], [2, 0]], [[0, 0], [0, 0]], [[-2, -1], [-4, -1]])
    with np.errstate(all="ignore"):
        given = [answer(np.array(case, dtype=float)) for case in cases]
    if untouched(*given):
        return
    for case, value in zip(cases, given, strict=True):
        heat = np.maximum(np.array(case, dtype=float), 0)
        wanted = heat / heat.max() if heat.max() > 0 else heat
        if np.shape(value) != wanted.shape:
            return say(False, f"Expected the shape {wanted.shape}, yours gives {np.shape(value)}.")
        if not np.isfinite(value).all():
            return say(False, f"For {case} yours gives {np.asarray(value).tolist()}: the largest heat is 0.")
        if not np.allclose(value, wanted):
            given_text = np.asarray(value).tolist()
            return say(False, f"For {case} it should be {wanted.tolist()}, yours gives {given_text}.")
    return say(True, "")


def check_hide_hottest(answer):
    """Check `hide_hottest(picture, heat, share)`: the hottest share of the pixels in the mean colour.

    Args:
        answer: a function of a (height, width, 3) array, a (height, width) array and a number in 0..1 that
            returns a new (height, width, 3) array.
    """
    rng = np.random.default_rng(0)
    picture, heat = rng.uniform(0, 255, (6, 8, 3)), rng.permutation(48).reshape(6, 8).astype(float)
    for share in (0.0, 0.25, 0.2, 1.0):  # 0.2 of 48 is 9.6
        kept = picture.copy()
        given = answer(kept, heat.copy(), share)
        if untouched(given):
            return
        if not np.array_equal(kept, picture):
            return say(False, "Your function changes the picture it is given: work on picture.copy().")
        if np.shape(given) != picture.shape:
            return say(False, f"Expected the shape {picture.shape}, yours gives {np.shape(given)}.")
        gone = heat >= 48 - round(share * 48)
        wanted = np.where(gone[..., None], picture.mean(axis=(0, 1)), picture)
        if not np.allclose(given, wanted):
            changed = np.any(~np.isclose(given, picture), axis=-1)
            hint = (
                f"For a share of {share}, {gone.sum()} pixels should be hidden, yours hides {changed.sum()}."
            )
            cold = "These are the coldest." if share == 0.25 and np.array_equal(changed, heat < 12) else ""
            colour = (
                "" if not np.array_equal(changed, gone) else "The colour is the mean over rows and columns."
            )
            return say(False, " ".join(filter(None, (hint, cold, colour))))
    return say(True, "")


def check_cam(answer):
    """Check `cam(maps, gradients)`: Grad-CAM before it is enlarged.

    Args:
        answer: a function of two (rows, columns, channels) arrays that returns (rows, columns), 0 or more.
    """
    rng = np.random.default_rng(0)
    maps, gradients = rng.uniform(0, 1, (4, 5, 7)), rng.normal(0, 1, (4, 5, 7))
    given = answer(maps.copy(), gradients.copy())
    if untouched(given):
        return
    summed = maps @ gradients.mean(axis=(0, 1))
    if np.shape(given) != (4, 5):
        return say(False, f"Expected the shape (4, 5), yours gives {np.shape(given)}: sum over the channels.")
    if np.allclose(given, summed):
        return say(False, "Grad-CAM keeps only what speaks for the class: below 0 becomes 0.")
    if np.allclose(given, np.maximum((maps * gradients).sum(axis=-1), 0)):
        return say(False, "You weight each place by its own gradient. Grad-CAM takes a map's mean gradient.")
    wrong = "The weight of a map is its mean gradient over rows and columns; then sum maps times weights."
    return say(np.allclose(given, np.maximum(summed, 0)), wrong)
