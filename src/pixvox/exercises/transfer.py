"""Checks of the exercises on transfer learning."""

import numpy as np

from pixvox.exercises.checking import Hint, call, compare, compared, exercise, show

BLOCK5, HEAD = 3 * (3 * 3 * 512 * 512 + 512), 4 * 4 * 512 * 256 + 256 + 256 + 1  # parameters
MEANS = np.array([103.939, 116.779, 123.68], np.float32)  # of ImageNet: blue, green, red
NAMES = ["stem", "block2_conv1", "block1_pool", "block10_conv1", "add", "head"]  # not by the alphabet


@compared(
    mistakes={
        "That is block5 alone. The head trains with it.": [BLOCK5],
        "That is the head alone. block5's three convolutions train with it.": [HEAD],
        "That is the whole base with the head. Blocks 1 to 4 stay frozen.": [14_714_688 + HEAD],
    },
    usual="A convolution has 3 x 3 x 512 x 512 weights and 512 biases; the first dense layer has 8,192 x 256 "
    "weights and 256 biases.",
)
def check_tuned_numbers():
    """Check how many numbers P4's fine-tuning at 150 pixels may change: 9,177,089."""
    return BLOCK5 + HEAD


@exercise
def check_trainable_from(answer):
    """Check `trainable_from(names, start)`: True from `start` on; a ValueError if it is not there."""
    compare(
        answer,
        lambda names, start: np.arange(len(names)) >= names.index(start),
        cases=[(NAMES, start) for start in ("block1_pool", "stem", "add", "head")],
        mistakes={
            "Everything behind it trains, too.": [lambda names, start: np.array(names) == start],
            "The layer itself trains as well.": [lambda names, start: np.arange(6) > names.index(start)],
        },
        usual="The order is that of the list: all are True from the place of `start` on.",
    )
    try:
        did = f"Yours returned {show(call(answer, NAMES, 'block5_conv9'))}."
    except Hint as hint:
        if isinstance(hint.__cause__, ValueError):
            return
        did = str(hint)
    raise Hint(f"A name that is not there should raise a ValueError. {did}")


@compared(
    cases=[([0.5, 0.7, 0.6, 0.9], 0.8), ([1.0], 0.9), ([0.5, 0.7, 0.6], 0.5), ([], 0.8)],
    mistakes={
        "That begins at 0 and stays too low: divide by 1 - factor ** i.": [{"biased": True}],
        "The factor weighs the average, 1 - factor the point.": [{"swapped": "weights"}, {"swapped": "all"}],
    },
    usual="average = factor * average + (1 - factor) * point, from 0, which you keep by itself; return that "
    "divided by 1 - factor ** i.",
)
def check_smooth_unbiased(points, factor, biased=False, swapped=""):
    """Check `smooth_unbiased(points, factor)`: moving averages (n,) without their bias at the start."""
    average, smoothed = 0.0, []
    kept = 1 - factor if swapped else factor
    factor = kept if swapped == "all" else factor
    for number, point in enumerate(points, 1):
        average = kept * average + (1 - kept) * point
        smoothed.append(average if biased else average / (1 - factor**number))
    return np.array(smoothed, dtype=float)


@exercise
def check_vgg_input(answer):
    """Check `vgg_input(pictures)`: uint8 RGB (n, height, width, 3) to float32 BGR less ImageNet's means."""
    pictures = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)
    compare(
        answer,
        lambda pictures: pictures[..., ::-1] - MEANS,
        cases=[pictures],
        mistakes={
            "The old order: reverse the last axis first.": [lambda p: p - MEANS, lambda p: p - MEANS[::-1]],
            "Each mean went to the wrong colour: blue comes first.": [lambda p: p[..., ::-1] - MEANS[::-1]],
            "Nothing was subtracted.": [lambda pictures: pictures[..., ::-1]],
        },
        usual="Blue, green, red, less their means. No division: the numbers stay as large as 0 to 255 are.",
    )
    kind = np.asarray(call(answer, pictures)).dtype
    if kind != np.float32:
        raise Hint(f"The numbers are right. Expected them as float32, got {kind}.")


@compared(
    cases=[(500, 1_000, 20), (500, 1_000, 32), (1_000, 1_000, 20), (7, 3, 5), (10, 25, 4)],
    mistakes={"Whole batches are taken, so it may be more.": [lambda n, k, _: (k, min(n, k), -(-k // n))]},
    usual="Deal it out on paper: the last batch of a round may be smaller, and whole batches are taken.",
)
def check_dealt(files, asked, batch_size):
    """Check `dealt(files, asked, batch_size)`: pictures taken, different ones, and the most of one."""
    counts = np.zeros(files, int)
    while True:
        for start in range(0, files, batch_size):
            counts[start : start + batch_size] += 1
            if counts.sum() >= asked:
                return counts.sum(), (counts > 0).sum(), counts.max()
