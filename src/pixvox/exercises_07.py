"""Checks of lesson 07's exercises; as in `pixvox.exercises`, untouched answers are met with silence."""

import numpy as np

from pixvox.exercises import say


def _untouched(values):
    """Tell whether none of the answers has been written yet."""
    return all(value is None or value is ... for value in values)


def _receptive_field(layers):
    """Return how many pixels a side one place sees behind layers of (window, stride)."""
    sees, apart = 1, 1
    for window, stride in layers:
        sees, apart = sees + (window - 1) * apart, apart * stride
    return sees


def check_receptive_field(answer):
    """Check `receptive_field(layers)`, the side in pixels of what one place of the last map sees.

    Args:
        answer: a function of a list of (window, stride), first layer first, that returns a whole number.
    """
    cases = ([(3, 1)], [(3, 1), (3, 1)], [(2, 2), (3, 1)], [(5, 2), (2, 2), (3, 1), (3, 1), (2, 2)], [])
    given = [answer(list(case)) for case in cases]
    if _untouched(given):
        return
    for case, value in zip(cases, given, strict=True):
        wanted = _receptive_field(case)
        if value != wanted:
            hint = f"For {case} it should be {wanted}, yours gives {value}."
            return say(False, f"{hint} {_why_not_field(value, case)}")
    return say(True, "")


def _why_not_field(value, case):
    """Name the mistake that makes this side, if it is a usual one."""
    if value == 1 + sum(window - 1 for window, _ in case) and case:
        return "After a stride of 2, one step is two pixels of the picture: keep the distance of two places."
    own = 1
    apart = 1
    for window, stride in case:
        apart *= stride
        own += (window - 1) * apart
    if value == own and case:
        return "A layer's own stride moves the places of the *next* one apart, not those under its window."
    return "Start with 1 pixel and a distance of 1; each window adds (window - 1) times the distance."


def check_scale_heat(answer):
    """Check `scale_heat(heat)`: heat below 0 becomes 0, the largest 1, a map without heat stays 0.

    Args:
        answer: a function of a (height, width) array that returns one of the same shape.
    """
    cases = ([[0.0, 1], [2, 4]], [[-3, 1], [2, 0]], [[0, 0], [0, 0]], [[-2, -1], [-4, -1]])
    with np.errstate(all="ignore"):
        given = [answer(np.array(case, dtype=float)) for case in cases]
    if _untouched(given):
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
    for share in (0.0, 0.25, 0.5, 1.0):
        kept = picture.copy()
        given = answer(kept, heat.copy(), share)
        if given is None or given is ...:
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
    if given is None or given is ...:
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
