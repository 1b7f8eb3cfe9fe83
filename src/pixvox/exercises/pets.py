"""Checks of the exercises on cats and dogs."""

import math
from collections.abc import Iterable
from functools import cache
from itertools import islice

import numpy as np

from pixvox.exercises.checking import Hint, call, compare, compared, exercise, show

DEALS = 200  # a picture that belongs to a tenth is missing in all of them once in 1.4 thousand million


@exercise
def check_deal(answer):
    """Check `deal(names, counts, seed)`: a list of names for each count, dealt at random, class by class."""
    for counts, each in (((3, 2, 1), 6), ((12, 6, 4), 40)):
        names = [f"{kind}.{number}.jpg" for number in range(each) for kind in ("cat", "dog")]
        names = [names[i] for i in np.random.default_rng(1).permutation(len(names))]
        if _dealt(answer, names, counts, 0) != _dealt(answer, names, counts, 0):
            raise Hint("The same seed gives other parts the second time: use np.random.default_rng(seed).")
    why = _why_not_random([_dealt(answer, names, counts, seed) for seed in range(DEALS)], names)
    if why:
        raise Hint(f"With {DEALS} seeds {why} Shuffle all cats, and all dogs anew, before you cut them.")


def _dealt(answer, names, counts, seed):
    """Return the lists of names that the learner's function deals, if each is what its count says."""
    parts = _as_list(call(answer, names, counts, seed), len(counts))
    parts = [_as_list(part, len(names)) for part in parts]
    dealt = [name for part in parts for name in part]
    for name in dealt:
        if not isinstance(name, str) or name not in names:
            raise Hint(f"Expected names out of the list, got {show(name)}.")
        if dealt.count(name) > 1:
            raise Hint(f"{name} is dealt twice. What has been dealt to one part, no part may get again.")
    if len(parts) != len(counts):
        raise Hint(f"Expected {len(counts)} lists of names, one for each part, got {len(parts)}.")
    for part, count in zip(parts, counts, strict=True):
        cats = sum(name.startswith("cat") for name in part)
        if (cats, len(part)) != (count, 2 * count):
            shown = f"Of {count} cats and {count} dogs in a part yours has {cats} and {len(part) - cats}"
            raise Hint(f"{shown}. Deal each class; a part begins where the last one ends (np.cumsum).")
    return parts


def _as_list(given, most):
    """Return what any iterable holds, to one more than `most`; a generator will do."""
    if isinstance(given, (str, dict)) or not isinstance(given, Iterable):
        raise Hint(f"Expected a list of names for each part, got {show(given)}.")
    return list(islice(given, most + 1))


def _why_not_random(deals, names):
    """Say what shows that the deals of many seeds are not shuffled; "" if nothing does."""
    for number in range(len(deals[0])):
        missed = set(names).difference(*(parts[number] for parts in deals))
        if missed:
            return f"{min(missed)} never came into part {number}."
    where = {name: tuple(name in parts[0] for parts in deals) for name in names}
    cats, dogs = ([where[name] for name in names if name.startswith(kind)] for kind in ("cat", "dog"))
    if set(cats) & set(dogs):
        return "a cat and a dog always went together."
    if any(len(set(zip(*kind, strict=True))) < len(deals) for kind in (cats, dogs)):
        return "some gave the same cats or dogs, as if the list was only turned."
    return ""


@compared(
    cases=[(100, 100, 32, 2_000), (30, 100, 20, 2_000), (10, 7, 32, 1_000)],
    mistakes={
        "Divide by how many pictures there are.": [lambda epochs, batches, size, _: epochs * batches * size],
        "A batch has batch_size pictures.": [lambda epochs, batches, _, n: epochs * batches / n],
        "A mean need not be a whole number: do not round.": [{"rounded": math.floor}, {"rounded": math.ceil}],
    },
    usual="Count the pictures that go through the network in all, then share them out.",
)
def check_rounds(epochs, batches, batch_size, pictures, rounded=float):
    """Check `rounds(epochs, batches, batch_size, pictures)`: how often each picture is used on average."""
    return rounded(epochs * batches * batch_size / pictures)


@compared(
    cases=[150, 64, 101, 46, 97],
    mistakes={
        "That is one map. The last convolution makes 128 of them.": [{"maps": 1}],
        "Those are parameters: count what is read.": [{"units": 512}, {"others": 241_857}],
    },
    usual="Follow the side: four times a convolution, not padded, takes 2 off it, and a pooling halves it, "
    "without an odd row. What is left, in 128 maps?",
)
def check_dense_inputs(side, maps=128, units=1, others=0):
    """Check `dense_inputs(side)`: how many numbers Flatten hands on in P4's network, 6,272 for 150."""
    for _ in range(4):
        side = (side - 2) // 2
    return side * side * maps * (512 if others else units) + others


@compared(
    cases=[(11.5, 150), (0.2, 150), (30, 101), (45, 4)],
    mistakes={
        "NumPy's tan takes radians: use np.radians.": [{"angle": float}, {"angle": math.degrees}],
        "(side - 1) / 2 rows lie between the middle and the border.": [
            {"rows": rows} for rows in (lambda n: n - 1, lambda n: n, lambda n: n / 2, lambda n: n // 2)
        ],
        "A shift can be a part of a pixel: do not round.": [{"digits": 0}, {"digits": 1}, {"digits": 2}],
    },
    usual="The tangent of the angle, above 0, times the rows from the middle to the border.",
)
def check_shear_shift(degrees, side, angle=math.radians, rows=lambda side: (side - 1) / 2, digits=9):
    """Check `shear_shift(degrees, side)`: how many pixels the outermost row moves against the middle."""
    return round(math.tan(angle(degrees)) * rows(side), digits)


@exercise
def check_two_views(answer):
    """Check `two_views(model, images)`: means (n,) for (n, height, width, 3) and its mirror."""
    rng, model = np.random.default_rng(3), _build_one_sided()
    whole = rng.integers(0, 256, (5, 6, 8, 3), dtype=np.uint8)
    if not np.array_equal(call(answer, model, whole), call(answer, model, whole)):
        raise Hint("It answers as in training: use model.predict(images) or model(images, training=False).")
    compare(
        answer,
        _mean_of_views,
        cases=[(model, images) for images in (whole, rng.uniform(0, 255, whole.shape), whole[:1])],
        mistakes={
            "Left and right are axis 2 alone.": [{"axis": 0}, {"axis": 1}, {"axis": 3}, {"axis": (1, 2)}],
            "That is one view: images[:, :, ::-1] is the other.": [{"views": [0]}, {"views": [1]}],
            "The model scales by itself: give it 0 to 255.": [{"largest": 1}],
        },
        usual="Ask the model twice, and halve the sum of the probabilities. Do not make a class of it.",
    )


def _mean_of_views(model, images, axis=2, largest=255, views=(0, 1)):
    """Return the mean of the model's answers for pictures and pictures flipped along an axis (n,)."""
    both = np.stack([images, np.flip(images, axis)])[list(views)] / (255 / largest)
    return np.mean([np.asarray(model(view, training=False))[:, 0] for view in both], axis=0)


@cache
def _build_one_sided():
    """Build a model of (6, 8, 3) that tells places and channels apart, and augments as the lesson's."""
    from keras import Sequential, initializers, layers

    augment = layers.RandomBrightness(0.5, value_range=(0, 255))
    weights = initializers.RandomNormal(stddev=1 / 255, seed=2)
    dense = layers.Dense(1, activation="sigmoid", kernel_initializer=weights)
    return Sequential([layers.Input((6, 8, 3)), augment, layers.Flatten(), dense])
