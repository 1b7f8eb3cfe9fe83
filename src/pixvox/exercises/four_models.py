"""Checks of lesson 03's exercises; as in `pixvox.exercises`, untouched answers are met with silence."""

import math

import numpy as np

from pixvox.exercises.checking import say


def check_seen_side(answer):
    """Check `seen_side(stack)`: the side of the piece of a picture that one number of the last map sees.

    Args:
        answer: a function of a list of (window, stride), first layer first, that returns a whole number.
    """
    cases = {
        ((3, 1),): 3,
        ((5, 2),): 5,
        ((3, 1), (3, 1)): 5,
        ((3, 1), (2, 2)): 4,
        ((3, 1), (2, 2), (3, 1)): 8,
        ((3, 1), (2, 2), (3, 1), (2, 2), (3, 1)): 18,
    }
    given = {case: answer(list(case)) for case in cases}
    if any(value is None for value in given.values()):
        return
    for case, side in cases.items():
        if given[case] != side:
            hint = f"For {list(case)} it should be {side}, yours gives {given[case]}."
            return say(
                False,
                f"{hint} Each window adds (window - 1) steps, and a step is as many pixels wide as all "
                "strides before it multiply to.",
            )
    return say(True, "")


def check_larger_four(answer):
    """Check the count of the four-conv network's parameters for pictures of 56x56: 8,102,826."""
    if answer is None:
        return
    answer = int(answer)
    rows = ((56 - 2 - 2) // 2 - 2 - 2) // 2  # 11: conv, conv, pool, conv, conv, pool
    wanted = 1_221_546 + (rows * rows - 4 * 4) * 128 * 512
    say(
        answer == wanted,
        f"Yours: {answer:,}. Only the first dense layer grows. Follow the side through the layers: at 28 it "
        "ends at 4, so 4 x 4 x 128 numbers are flattened. What is it at 56?",
    )


def check_sheared_by(answer):
    """Check `sheared_by(degrees, rows)`: how far the upper edge of a picture leans, in pixels.

    Args:
        answer: a function of an angle in degrees and of the rows from the middle to the edge.
    """
    cases = ((0.3, 13.5), (math.degrees(0.3), 13.5), (8.0, 75.0), (0.0, 10.0))
    given = [answer(degrees, rows) for degrees, rows in cases]
    if any(value is None for value in given):
        return
    for (degrees, rows), value in zip(cases, given, strict=True):
        wanted = rows * math.tan(math.radians(degrees))
        if not math.isclose(value, wanted, rel_tol=1e-3, abs_tol=1e-6):
            hint = f"At {degrees:.3g} degrees and {rows} rows it should be {wanted:.3g}, yours: {value:.3g}."
            return say(False, f"{hint} Draw the triangle; and NumPy's tan takes radians.")
    return say(True, "")


def check_near_alike(answer):
    """Check `near_alike(vectors, labels, neighbours)`: the share of nearest neighbours of the same class."""
    rng = np.random.default_rng(0)
    for count, neighbours in ((30, 1), (40, 5), (25, 10)):
        vectors, labels = rng.normal(size=(count, 4)), rng.integers(0, 3, count)
        given = answer(vectors, labels, neighbours)
        if given is None:
            return
        distances = ((vectors[:, None] - vectors[None]) ** 2).sum(axis=-1)
        with_itself = np.mean(labels[distances.argsort(axis=1)[:, :neighbours]] == labels[:, None])
        np.fill_diagonal(distances, np.inf)
        wanted = np.mean(labels[distances.argsort(axis=1)[:, :neighbours]] == labels[:, None])
        if not math.isclose(given, wanted, abs_tol=1e-9):
            itself = math.isclose(given, with_itself, abs_tol=1e-9)
            hint = "A vector is not its own neighbour." if itself else "Sort each row of all distances."
            shown = f"For {count} vectors and {neighbours} neighbours it should be {wanted:.4f}"
            return say(False, f"{shown}, yours is {float(given):.4f}. {hint}")
    return say(True, "")


def check_prepare_once(answer):
    """Check `prepare_once(scaled)`, which gives VGG's preprocessing what it expects.

    Args:
        answer: a function from grey pictures (n, height, width, 1) in 0..1 to colour ones (n, height,
            width, 3) in 0..255, all three channels alike.
    """
    pictures = np.random.default_rng(0).integers(0, 256, (2, 6, 5, 1))
    given = answer(pictures / np.float32(255))
    if given is None:
        return
    given = np.asarray(given)
    if given.shape != (2, 6, 5, 3):
        return say(False, f"Expected the shape (2, 6, 5, 3), got {given.shape}. np.repeat takes an axis.")
    say(
        bool(np.allclose(given, np.repeat(pictures, 3, axis=-1), atol=0.01)),
        f"The shape is right; the values go from {given.min():.3g} to {given.max():.3g}. The preprocessing "
        "expects 0 to 255.",
    )
