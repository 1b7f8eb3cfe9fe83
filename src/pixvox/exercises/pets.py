"""For lesson 05's check of two views: a model that tells left from right, and what an answer makes of it."""

import math
from functools import cache

import numpy as np

from pixvox.exercises.checking import say, untouched


@cache
def build_one_sided():
    """Build a model of (6, 8, 3) pictures, 0 to 255, that tells all places and channels apart.

    As in lesson 05's own network, the light of the pictures changes unless the model is told that this
    is no training.
    """
    from keras import Sequential, layers

    model = Sequential(
        [
            layers.Input((6, 8, 3)),
            layers.RandomBrightness(0.5, value_range=(0, 255)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    weights = np.random.default_rng(2).normal(size=(144, 1)).astype(np.float32)
    model.set_weights([weights, np.array([0.3], np.float32)])
    return model


def answer_one_view(images):
    """Compute what that model answers, without it.

    Args:
        images: (n, 6, 8, 3), 0 to 255, whole numbers or floats.

    Returns:
        floats (n,), 0 to 1.
    """
    weights, bias = build_one_sided().get_weights()
    sums = np.reshape(images, (len(images), -1)).astype(np.float64) / 255 @ weights[:, 0] + bias
    return 1 / (1 + np.exp(-sums))


def explain_views(given, images):
    """Say what is wrong with an answer to the exercise.

    Args:
        given: what came, an array of any shape.
        images: (n, 6, 8, 3), 0 to 255, for which the mean of two views was wanted.

    Returns:
        a hint; "" if nothing is wrong.
    """
    if given.shape != (len(images),):
        return _explain_shape(given.shape, len(images))
    mirrored = images[:, :, ::-1]
    wanted = _mean_of(images, mirrored)
    mistakes = {
        "": wanted,
        "You flipped the pictures upside down: left and right are axis 2.": _mean_of(images, images[:, ::-1]),
        "You flipped the channels: left and right are axis 2.": _mean_of(images, images[..., ::-1]),
        "You flipped the order of the pictures: left and right are axis 2.": _mean_of(images, images[::-1]),
        "You flipped two axes: left and right are axis 2 alone.": _mean_of(images, mirrored[:, ::-1]),
        "That is said of the pictures as they are. Where are the mirror images?": answer_one_view(images),
        "That is said of the mirror images alone. Take the mean of both.": answer_one_view(mirrored),
        "That is the sum. Halve it.": 2 * wanted,
        "You mixed the pictures. Ask the model twice, and mix its answers.": answer_one_view(
            (images.astype(np.float64) + mirrored) / 2
        ),
        "The model scales by itself: give it the pictures, 0 to 255.": _mean_of(images / 255, mirrored / 255),
        "Return the probabilities, not the class.": wanted > 0.5,
    }
    found = [hint for hint, values in mistakes.items() if np.allclose(given, values, atol=1e-4)]
    return (*found, "Ask the model for the pictures and for images[:, :, ::-1], and take the mean.")[0]


def _mean_of(images, others):
    """Return the mean of what the model answers for two views."""
    return (answer_one_view(images) + answer_one_view(others)) / 2


def _explain_shape(shape, count):
    """Say what may have led to this shape."""
    expected = f"For {count} pictures expected the shape ({count},), got {shape}."
    if shape == (count, 1):
        return f"{expected} The model gives a column: take it with [:, 0]."
    if shape in ((2 * count,), (2 * count, 1)):
        return f"{expected} Take the mean of the two views picture by picture."
    return f"{expected} One probability for each picture, for a single one too ([:, 0], not squeeze)."


DEALS = 200  # a picture that belongs to a tenth is missing in all of them once in 1.4 thousand million


def check_deal(answer):
    """Check `deal(names, counts, seed)`, which deals cats and dogs to parts at random.

    Args:
        answer: a function of a list of file names ("cat.0.jpg"), a tuple with the pictures of each class
            for each part, and a whole number. It returns as many lists of names as there are counts.
    """
    for counts, each in (((12, 6, 4), 40), ((3, 2, 1), 6)):
        names = [f"{kind}.{number}.jpg" for number in range(each) for kind in ("cat", "dog")]
        names = [names[i] for i in np.random.default_rng(1).permutation(len(names))]
        given = list(names)
        deals = [answer(given, counts, 0)]
        if untouched(*deals):
            return
        hint = _wrong_parts(deals[0], names, counts)
        if not hint and given != names:
            hint = "Yours changes the list of names that it was given. Shuffle a copy."
        if not hint and _as_lists(answer(list(names), counts, 0)) != _as_lists(deals[0]):
            hint = "The same seed gives other parts the second time: draw with np.random.default_rng(seed)."
        if not hint:
            deals += [answer(list(names), counts, seed) for seed in range(1, DEALS)]
            hint = _not_at_random(deals, names, counts)
        if hint:
            return say(False, hint)
    return say(True, "")


def _as_lists(parts):
    """Return the parts as lists, whatever holds the names; what is no parts at all as it is."""
    return [list(part) for part in parts] if isinstance(parts, (list, tuple)) else parts


def _wrong_parts(parts, names, counts):
    """Say what is wrong with one deal; "" if nothing is."""
    expected = f"Expected {len(counts)} lists of names, one for each part"
    if not isinstance(parts, (list, tuple)):
        return f"{expected}, in a list, got {type(parts).__name__}."
    if len(parts) != len(counts):
        return f"{expected}, got {len(parts)}."
    if not all(isinstance(part, (list, tuple, np.ndarray)) for part in parts):
        return f"{expected}, got {', '.join(type(part).__name__ for part in parts)}."
    dealt = [name for part in parts for name in part]
    for name in dealt:
        if not isinstance(name, str) or name not in names:
            return f"Expected names out of the list, got {name!r}."
    twice = [name for name in dealt if dealt.count(name) > 1]
    if twice:
        return f"{twice[0]} is dealt twice. What has been dealt to one part, no part may get again."
    for number, (part, count) in enumerate(zip(parts, counts, strict=True)):
        cats = sum(name.startswith("cat") for name in part)
        if (cats, len(part)) != (count, 2 * count):
            shown = f"Part {number} should have {count} cats and {count} dogs, yours has {cats} and"
            return f"{shown} {len(part) - cats}. {_why_so_many_names(len(part), count)}"
    return ""


def _why_so_many_names(came, count):
    """Say what may have led to so many names in a part."""
    if came == 2 * count:
        return "Deal the cats and the dogs each for themselves. The order of the list tells nothing."
    if came == count:
        return "The counts are for each of the two classes."
    return "Each part begins where the one before it ends: at the sum of all counts before (np.cumsum)."


def _not_at_random(deals, names, counts):
    """Say what is wrong with the deals of many seeds; "" if nothing is."""
    for parts in deals[1:]:
        hint = _wrong_parts(parts, names, counts)
        if hint:
            return hint
    if all(_as_lists(parts) == _as_lists(deals[0]) for parts in deals):
        return "Every seed gives the same parts: draw with np.random.default_rng(seed)."
    for number in range(len(counts)):
        came = {name for parts in deals for name in parts[number]}
        missed = [name for name in names if name not in came]
        if missed:
            shown = f"With {len(deals)} seeds {missed[0]} never came into part {number}."
            return f"{shown} Shuffle all cats and all dogs before you cut them into parts."
    return ""


def check_rounds(answer):
    """Check `rounds(epochs, batches, batch_size, pictures)`: how often each picture is used on average.

    Args:
        answer: a function of four whole numbers that returns a number: 160 for P4's 100 epochs of 100
            batches of 32 from 2,000 pictures.
    """
    cases = [(100, 100, 32, 2_000), (30, 100, 20, 2_000), (10, 7, 32, 1_000)]
    given = {case: answer(*case) for case in cases}
    if untouched(*given.values()):
        return
    for case, value in given.items():
        epochs, batches, batch_size, pictures = case
        used = epochs * batches * batch_size
        mistakes = {
            used: "So many pictures are used in all, each time counted. Divide by how many there are.",
            epochs * batches / pictures: "A batch has not one picture, but batch_size of them.",
            batches * batch_size / pictures: "That is for one epoch.",
            epochs: "An epoch is one round only if its batches hold as many pictures as there are.",
            pictures / used: "Divide the other way round: uses by pictures.",
            used // pictures: "A mean need not be a whole number: do not round.",
            -(-used // pictures): "A mean need not be a whole number: do not round.",
        }
        usual = "Count the pictures that go through the network in all, then share them out."
        if not _accept(case, used / pictures, value, hints=mistakes, usual=usual):
            return
    return say(True, "")


def _near(value, wanted):
    """Tell whether a value is the number that is wanted, to four digits."""
    return abs(value - wanted) <= 1e-4 * abs(wanted)


def _accept(case, wanted, value, *, hints, usual):
    """Tell whether a number is right; if not, give the hint for it, or the usual one."""
    if value is None or value is ... or np.ndim(value):
        say(False, f"For {case} yours should return a number, not {value!r}.")
        return False
    value = float(value)
    if _near(value, wanted):
        return True
    found = [hint for mistaken, hint in hints.items() if _near(value, mistaken)]
    shown = f"For {case} it should be {wanted:,.6g}, yours gives {value:,.6g}."
    say(False, f"{shown} {(*found, usual)[0]}")
    return False


def _dense_inputs(side, *, taken=2, rounded=math.floor, channels=128):
    """Count the numbers that Flatten hands on, or what a usual mistake makes of them."""
    for _ in range(4):
        side = rounded((side - taken) / 2)
    return side * side * channels


def check_dense_inputs(answer):
    """Check `dense_inputs(side)`: how many numbers Flatten hands on in P4's network.

    Args:
        answer: a function of the side of square pictures in pixels that returns a whole number: 6,272 for
            150.
    """
    cases = (150, 64, 101, 46, 97)
    given = {side: answer(side) for side in cases}
    if untouched(*given.values()):
        return
    for side, value in given.items():
        wanted, last = _dense_inputs(side), math.isqrt(_dense_inputs(side) // 128)
        padded = "The windows of 3 are not padded: each convolution takes 2 off the side."
        odd = "A window of 3 takes 2 off the side, and the pooling drops an odd row: 15 gives 7."
        hints = {
            _dense_inputs(side, taken=0): padded,
            _dense_inputs(side, taken=0, rounded=math.ceil): padded,
            _dense_inputs(side, taken=0, rounded=float): padded,
            _dense_inputs(side, rounded=math.ceil): odd,  # also if a window took 1 off
            _dense_inputs(side, rounded=round): odd,
            _dense_inputs(side, rounded=float): odd,
            int(_dense_inputs(side, rounded=float)): odd,
            last * last: "That is one map. The last convolution makes 128 of them.",
            last * 128: "A map has rows and columns: take the side twice.",
            wanted * 512: "These are the weights of the dense layer: each number goes to 512 units.",
        }
        usual = "Follow the side: four times a convolution, then a pooling. What is left, in 128 maps?"
        if not _accept(side, wanted, value, hints=hints, usual=usual):
            return
    return say(True, "")


def check_shear_shift(answer):
    """Check `shear_shift(degrees, side)`: how far the outermost row moves against the middle.

    Args:
        answer: a function of an angle in degrees and a side in pixels that returns a number of pixels:
            about 0.26 for 0.2 and 150.
    """
    cases = [(11.5, 150), (0.2, 150), (30, 101), (45, 4)]
    given = {case: answer(*case) for case in cases}
    if untouched(*given.values()):
        return
    for case, value in given.items():
        degrees, side = case
        half, angle = (side - 1) / 2, math.radians(degrees)
        wanted = math.tan(angle) * half
        middle = "Places are those of the pixels' middles: from the first to the last it is side - 1."
        hints = {
            math.tan(degrees) * half: "NumPy's and math's functions take radians: use np.radians.",
            math.tan(degrees) * 2 * half: "NumPy's and math's functions take radians: use np.radians.",
            math.tan(math.degrees(degrees)) * half: "The other way: np.radians makes radians of degrees.",
            2 * wanted: "The middle stays where it is: only half of the rows lie between it and the border.",
            math.tan(angle) * side: "The middle stays where it is: count from there, (side - 1) / 2 rows.",
            math.tan(angle) * side / 2: middle,
            math.tan(angle) * (side // 2): middle,
            math.sin(angle) * half: "A line that leans: what it moves is across, its height upright. tan.",
            angle * half: "The angle is only nearly its tangent: use np.tan.",
            -wanted: "How far, whichever way: above 0.",
            round(wanted): "A shift can be a part of a pixel: do not round.",
        }
        usual = "The tangent of the angle, times the rows from the middle to the border."
        if not _accept(case, wanted, value, hints=hints, usual=usual):
            return
    return say(True, "")


def check_two_views(answer):
    """Check `two_views(model, images)`: the mean of the answers for pictures and their mirror images.

    Args:
        answer: a function of a model and pictures (n, height, width, 3), of whole numbers or floats, that
            returns n probabilities.
    """
    rng = np.random.default_rng(3)
    whole = rng.integers(0, 256, (5, 6, 8, 3), dtype=np.uint8)
    for images in (whole, rng.uniform(0, 255, (5, 6, 8, 3)).astype(np.float32), whole[:1]):
        before = images.copy()
        given = answer(build_one_sided(), images)
        if given is None or given is ...:
            if images is whole:
                return
            return say(False, "For some pictures yours returns nothing.")
        hint = explain_views(np.asarray(given), before)
        if hint and not np.array_equal(given, answer(build_one_sided(), before.copy())):
            hint = (
                "The second time the answers are others: the model changes pictures as in training. Use "
                "model.predict(images), or model(images, training=False)."
            )
        if not hint and not np.array_equal(images, before):
            hint = "Yours changes the pictures that it was given. Turn a copy: images[:, :, ::-1]."
        if hint:
            return say(False, hint)
    return say(True, "")
