"""Checks of lesson 06's exercises: a hint when an answer is wrong, silence when it has not been touched."""

import math

import numpy as np

from pixvox.exercises.checking import say, untouched

MEANS = (103.939, 116.779, 123.68)  # of ImageNet: blue, green, red


def check_tuned_numbers(answer):
    """Check how many numbers P4's fine-tuning at 150 pixels may change: 9,177,089."""
    if untouched(answer):
        return
    block, head = 3 * (3 * 3 * 512 * 512 + 512), 4 * 4 * 512 * 256 + 256 + 256 + 1
    hints = {
        block: "That is block5 alone. The head trains with it.",
        head: "That is the head alone. block5's three convolutions train with it.",
        block + head - 3 * 512 - 257: "Each map and each unit has a bias, too.",
        14_714_688 + head: "That is the whole base with the head. Blocks 1 to 4 stay frozen.",
        10: "Those are the weight tensors. Count the numbers in them.",
    }
    other = (
        "A convolution has 3 x 3 x 512 x 512 weights and 512 biases; the first dense layer has 8,192 x 256 "
        "weights and 256 biases."
    )
    say(int(answer) == block + head, f"Yours: {int(answer):,}. {hints.get(int(answer), other)}")


def check_trainable_from(answer):
    """Check `trainable_from(names, start)`: booleans, True from `start` on.

    Args:
        answer: a function of a list of names and a name that returns a list of booleans, and raises
            ValueError for a name that is not there.
    """
    names = ["block4_conv3", "block4_pool", "block5_conv1", "block5_conv2", "block5_pool"]
    for start, place in (("block5_conv1", 2), ("block4_conv3", 0), ("block5_pool", 4)):
        given = answer(list(names), start)
        if untouched(given):
            return
        wanted = [number >= place for number in range(len(names))]
        if list(given) != wanted:
            hint = f"From {start} on, {names} should give {wanted}, yours gives {list(given)}."
            if list(given) == [name == start for name in names]:
                hint += " Everything behind it trains, too: remember that it has been met."
            if list(given) == [number > place for number in range(len(names))]:
                hint += " The layer itself trains as well."
            return say(False, hint)
    try:
        answer(list(names), "block5_conv9")
    except ValueError:
        return say(True, "")
    return say(False, "There is no layer block5_conv9: raise a ValueError, or a typing error goes unseen.")


def check_smooth_unbiased(answer):
    """Check `smooth_unbiased(points, factor)`, the exponential moving average without its bias at the start.

    Args:
        answer: a function of a list of numbers and a factor in 0..1 that returns as many numbers.
    """
    for points, factor in (([0.5, 0.7, 0.6, 0.9], 0.8), ([1.0], 0.9), ([3.0, 3.0, 3.0], 0.5)):
        given = answer(list(points), factor)
        if untouched(given):
            return
        if np.shape(given) != (len(points),):
            hint = f"{len(points)} points should give as many, yours gives the shape {np.shape(given)}."
            return say(False, f"{hint} Is the return behind the loop, and inside the function?")
        if not np.allclose(given, _unbiased(points, factor)):
            shown = [round(float(value), 4) for value in _unbiased(points, factor)]
            hint = f"{points} with {factor} should give {shown}, yours {np.round(given, 4).tolist()}."
            return say(False, f"{hint} {_why_not_smooth(given, points, factor)}")
    if len(answer([], 0.8)):
        return say(False, "No points should give no points.")
    return say(True, "")


def _unbiased(points, factor):
    """Return weighted means of the points so far, by their weights."""
    weights = [np.array([factor ** (i - j) for j in range(i + 1)]) for i in range(len(points))]
    return [float(np.dot(of, points[: len(of)]) / of.sum()) for of in weights]


def _why_not_smooth(given, points, factor):
    """Name the mistake that makes these numbers, if it is a usual one."""
    from_zero, value = [], 0.0
    for point in points:
        value = factor * value + (1 - factor) * point
        from_zero.append(value)
    if np.allclose(given, from_zero):
        return "That begins at 0 and stays too low: divide by 1 - factor ** i."
    if np.isclose(given[0], points[0]):
        return "Keep the average that begins at 0 by itself; divide only what you return."
    return "average = factor * average + (1 - factor) * point, from 0; then divide by 1 - factor ** i."


def check_vgg_input(answer):
    """Check `vgg_input(pictures)`: what ImageNet's VGG16 takes, in NumPy.

    Args:
        answer: a function from uint8 pictures (n, height, width, 3), RGB, to float32 of the same shape:
            BGR, ImageNet's mean colour subtracted. It must leave its pictures as they are.
    """
    pictures = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)
    given_to = pictures.copy()
    given = answer(given_to)
    if untouched(given):
        return
    given = np.asarray(given)
    if given.shape != pictures.shape or given.dtype != np.float32:
        expected = f"Expected float32 {pictures.shape}"
        return say(False, f"{expected}, got {given.dtype} {given.shape}.")
    if not np.array_equal(given_to, pictures):
        return say(False, "The pictures that were handed in have changed: work on a copy.")
    right = pictures[..., ::-1].astype(np.float32) - np.array(MEANS, np.float32)
    hints = {
        "The colours are in the old order: reverse the last axis first.": pictures - np.array(MEANS[::-1]),
        "Each mean went to the wrong colour: blue comes first now.": right + MEANS - np.array(MEANS[::-1]),
        "Nothing was subtracted.": right + np.array(MEANS),
        "No division: the numbers stay as large as 0 to 255 are.": right / 255,
    }
    found = [hint for hint, wrong in hints.items() if np.allclose(given, wrong, atol=1e-2)]
    other = f"A pixel {pictures[0, 0, 0].tolist()} should become {right[0, 0, 0].round(3).tolist()}, "
    found.append(f"{other}yours is {given[0, 0, 0].round(3).tolist()}.")
    return say(np.allclose(given, right, atol=1e-2), found[0])


def check_dealt(answer):
    """Check `dealt(files, asked, batch_size)`: pictures taken, different ones, and the most of one.

    Args:
        answer: a function of three whole numbers above 0 that returns three whole numbers.
    """
    for files, asked, batch_size in (
        (500, 1_000, 20),
        (500, 1_000, 32),
        (1_000, 1_000, 20),
        (7, 3, 5),
        (10, 25, 4),
    ):
        given = answer(files, asked, batch_size)
        if untouched(given):
            return
        wanted = _dealt(files, asked, batch_size)
        if tuple(given) != wanted:
            hint = f"{files} files, {asked:,} asked for in batches of {batch_size}: should be {wanted}"
            hint = f"{hint}, yours is {tuple(given)}."
            rounds = math.ceil(asked / files)
            why = (
                "Deal it out on paper: the last batch of a round may be smaller, and whole batches are taken."
            )
            if tuple(given) == (asked, min(files, asked), rounds):
                why = "The loop takes whole batches, so it may take more than it was asked for."
            return say(False, f"{hint} {why}")
    return say(True, "")


def _dealt(files, asked, batch_size):
    """Deal numbers for ever, until there are enough; count."""
    counts, taken = np.zeros(files, int), 0
    while True:
        for start in range(0, files, batch_size):
            counts[start : start + batch_size] += 1
            taken = int(counts.sum())
            if taken >= asked:
                return taken, int((counts > 0).sum()), int(counts.max())
