"""Checks of the exercises: a hint when an answer is wrong, silence when it has not been touched.

Every check takes the answer, prints one line and returns nothing. None, or a function that returns
None, counts as untouched. Under PIXVOX_STRICT=1 (the solutions in CI) a wrong answer raises.
"""

import numpy as np

from pixvox.exercises.checking import say


def check_conv_side(answer):
    """Check lesson 01's `conv_side(side, kernel, stride, padding)` on six layers.

    Args:
        answer: a function of three whole numbers and "valid" or "same" that returns a whole number.
    """
    cases = {
        (28, 3, 1, "valid"): 26,
        (28, 5, 1, "valid"): 24,
        (28, 3, 1, "same"): 28,
        (28, 3, 2, "same"): 14,
        (11, 2, 2, "valid"): 5,
        (7, 2, 2, "same"): 4,
    }
    given = {case: answer(*case) for case in cases}
    if any(value is None for value in given.values()):
        return
    for case, side in cases.items():
        if given[case] != side:
            hint = f"conv_side{case} should be {side}, yours gives {given[case]}."
            return say(False, f"{hint} Count the places where the window fits.")
    return say(True, "")


def check_colour_parameters(answer):
    """Check lesson 01's count of P4's network with a 5x5 first kernel on colour pictures: 95,434."""
    if answer is None:
        return
    answer = int(answer)
    first, others = 5 * 5 * 3 * 32 + 32, 64 * 3 * 3 * 32 + 64 + 2 * (64 * 3 * 3 * 64 + 64) + 64 * 10 + 10
    say(
        answer == first + others,
        f"Yours: {answer:,}. Only the first layer's count changes: kernel height x width x input channels x "
        "32, plus 32 biases. (Do the later maps keep their 3 by 3? 28, 24, 12, 10, 5, 3.)",
    )


def check_lower_edge_kernel(answer):
    """Check a (3, 3) kernel: positive where ink ends downwards, 0 on flat patches and vertical edges."""
    if answer is None:
        return
    kernel = np.asarray(answer, dtype=float)
    if kernel.shape != (3, 3):
        return say(False, f"Expected 3 rows of 3 numbers, got the shape {kernel.shape}.")
    above = np.array([[1, 1, 1], [1, 1, 1], [0, 0, 0]])  # a patch: ink above, paper below
    if np.sum(kernel * above) <= 0:
        return say(False, "On a patch with ink above and paper below, the sum should be positive.")
    if np.abs(kernel.sum(axis=0)).max() > 1e-9:
        hint = "On anything that is the same from top to bottom the sum should be 0: look at your columns."
        return say(False, hint)
    return say(True, "")


def check_max_pool(answer):
    """Check `max_pool(image, window)`, which drops the last rows and columns of odd sides."""
    rng = np.random.default_rng(0)
    for height, width, window in ((6, 6, 2), (7, 5, 2), (9, 9, 3)):
        image = rng.normal(size=(height, width))
        given = answer(image, window)
        if given is None:
            return
        rows, columns = height // window, width // window
        blocks = image[: rows * window, : columns * window].reshape(rows, window, columns, window)
        wanted = blocks.max(axis=(1, 3))
        if np.shape(given) != wanted.shape:
            hint = f"For {height}x{width} and window {window} the shape should be {wanted.shape}"
            return say(False, f"{hint}, yours is {np.shape(given)}.")
        if not np.allclose(given, wanted):
            return say(
                False,
                f"The shape is right; the numbers for {height}x{width} are not the largest of each window.",
            )
    return say(True, "")


def check_indifferent_to_place(answer):
    """Check that an untrained model of (28, 28, 1) gives a shape the same answer wherever it stands.

    Args:
        answer: a Keras model, or None.
    """
    if answer is None:
        return
    rng = np.random.default_rng(0)
    images = np.zeros((5, 28, 28, 1), dtype=np.float32)
    stamp = rng.uniform(size=(6, 6, 1))
    for image, (row, column) in zip(images, ((11, 11), (11, 12), (9, 8), (8, 13), (13, 10)), strict=True):
        image[row : row + 6, column : column + 6] = stamp
    outputs = np.asarray(answer.predict(images, verbose=0))
    if outputs.shape[1:] != (10,):
        return say(False, f"Expected ten numbers a picture, got the shape {outputs.shape[1:]}.")
    if np.ptp(outputs, axis=1).max() < 1e-6:
        return say(False, "The model gives every class the same number, whatever it sees.")
    spread = float(np.ptp(outputs, axis=0).max())
    hint = (
        f"The answers differ by up to {spread:.2g} between places. Which layer has a weight for every "
        "place, and which one skips places? GlobalMaxPooling2D keeps one number a map, wherever it was found."
    )
    return say(spread < 1e-5, hint)
