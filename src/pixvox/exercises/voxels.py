"""Checks of lesson 08's exercises: a hint when an answer is wrong, silence when it has not been touched."""

from itertools import product

import numpy as np

from pixvox.exercises.checking import say, untouched
from pixvox.voxels.recipe import rotation_matrix

MIDDLE_TURN = rotation_matrix((20.0, -35.0, 50.0))  # no axis goes into another


def check_at_32(answer):
    """Check the number of parameters of P0's 3D network for grids of 32 voxels a side: 138,501,002."""
    if untouched(answer):
        return
    if not isinstance(answer, (int, float, np.number)) or answer % 1 != 0:
        return say(False, f"Expected a whole number of parameters, yours is {answer!r}.")
    answer = int(answer)
    small = 73_600  # the convolutions and the normalisation: they do not know how large the grid is
    head = 4096 * 1024 + 1024 + 1024 * 10 + 10  # what follows the first dense layer
    wanted = small + 8**3 * 64 * 4096 + 4096 + head
    hints = {
        21_060_490: "That is the count for 16 voxels. Which layer has a weight for every place? "
        "After two poolings there are 8 x 8 x 8 of them.",
        wanted - 256: "Batch normalisation has four numbers for each of its 64 channels.",
        wanted - 4096: "Each of the 4,096 units has a bias, too.",
        small + 32**3 * 64 * 4096 + 4096 + head: "Two poolings come before Flatten: 32 becomes 16, then 8.",
        8 * 21_060_490: "Eight times as many places, but only one layer has a weight for each of them.",
    }
    other = "Only the first dense layer changes: Flatten hands on 8 x 8 x 8 x 64 numbers."
    say(answer == wanted, f"Yours: {answer:,}. {hints.get(answer, other)}")


def check_multiplications(answer):
    """Check `multiplications(dimensions, side, window, channels_in, channels_out)` on five convolutions.

    Args:
        answer: a function of five whole numbers that returns a whole number.
    """
    for case in ((2, 16, 3, 8, 16), (3, 16, 3, 8, 16), (3, 8, 5, 1, 4), (2, 28, 1, 3, 3), (3, 10, 3, 2, 7)):
        given = answer(*case)
        if untouched(given):
            return
        dimensions, side, window, inputs, outputs = case
        places, weights = side**dimensions, window**dimensions * inputs * outputs
        if given != places * weights:
            hints = {
                weights: "Those are the weights of one place. The window stands at every voxel.",
                places * window**dimensions * outputs: "The window sees all channels that come in.",
                places * window**dimensions * inputs: "Each channel that goes out has weights of its own.",
                places * window**2 * inputs * outputs: "In 3D the window is a cube.",
                (side - window + 1) ** dimensions * weights: "With `same` padding no place is lost.",
            }
            why = hints.get(given, "Places, times weights at a place, times channels in and out.")
            return say(False, f"multiplications{case} should be {places * weights:,}, yours {given:,}. {why}")
    return say(True, "")


def check_deal_pairs(answer):
    """Check `deal_pairs(rows, share, seed)`: pairs stay together, nothing is lost, the seed decides.

    Args:
        answer: a function that returns two arrays of row numbers, training and validation.
    """
    for rows, share in ((40, 0.25), (22, 0.15), (28, 0.15)):  # of 20, 11 and 14 pairs: 5, 1.65 and 2.1
        given = answer(rows, share, 0)
        if untouched(given):
            return
        if not isinstance(given, (tuple, list)) or len(given) != 2:
            return say(False, "Return two arrays of row numbers: training, validation.")
        training, validation = (np.asarray(part, dtype=int) for part in given)
        if sorted([*training, *validation]) != list(range(rows)):
            return say(False, f"Each of {rows} rows should come exactly once, in one of the two parts.")
        if set(training // 2) & set(validation // 2):
            return say(False, "A pair was parted. Deal the numbers of pairs, then take rows 2 i and 2 i + 1.")
        wanted = round(rows / 2 * share)
        if len(validation) != 2 * wanted:
            hint = f"With {rows} rows and a share of {share}, validation gets {2 * wanted} rows"
            return say(False, f"{hint} ({wanted} pairs); yours has {len(validation)}.")
    return say(*_dealt_by_seed(answer))


def _dealt_by_seed(answer):
    """Tell whether the same seed deals the same and others differ, and a hint."""
    parts = [sorted(int(row) for row in answer(40, 0.25, seed)[1]) for seed in (0, 0, 1, 2)]
    if parts[0] != parts[1]:
        return False, "The same seed gave two different parts. Make the generator inside."
    if parts[0] == parts[2] == parts[3]:
        return False, "Other seeds gave the same parts: the seed has to decide."
    return True, ""


def check_rotate_grid(answer):
    """Check `rotate_grid(volume, matrix)`: trilinear, about the middle, 0 outside.

    Args:
        answer: a function of a volume (n, n, n) and an orthogonal matrix (3, 3) that returns a volume
            (n, n, n): at p, counted from the middle, it has the old volume's value at matrix @ p.
    """
    volume = np.random.default_rng(0).uniform(0.2, 1.0, (6, 6, 6))
    quarter = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    for name, matrix in (("no turn", np.eye(3)), ("a quarter turn", quarter), ("a turn", MIDDLE_TURN)):
        given_to = volume.copy()
        given = answer(given_to, matrix)
        if untouched(given):
            return
        if np.shape(given) != volume.shape:
            return say(False, f"The shape should stay {volume.shape}, yours is {np.shape(given)}.")
        if not np.array_equal(given_to, volume):
            return say(False, "The volume that was handed in has changed: fill a new one.")
        if not np.allclose(given, _rotated(volume, matrix), atol=1e-6):
            return say(False, f"For {name}: {_why_not_rotated(np.asarray(given), volume, matrix)}")
    return say(True, "")


def _rotated(volume, matrix, *, nearest=False, middle=None, clamped=False):
    """Turn a volume; the settings are mistakes that a check can name."""
    side = len(volume)
    middle = (side - 1) / 2 if middle is None else middle
    places = np.indices(volume.shape).reshape(3, -1) - middle
    places = matrix @ places + middle
    places = np.clip(places, 0, side - 1) if clamped else places
    if nearest:
        places = np.floor(places + 0.5)
    low = np.floor(places).astype(int)
    padded, result = np.pad(volume, 1), np.zeros(places.shape[1])
    for corner in product((0, 1), repeat=3):
        at = low + np.array(corner)[:, None]
        share = np.prod(1 - np.abs(places - at), axis=0)
        result += share * padded[tuple(np.clip(at, -1, side) + 1)]
    return result.reshape(volume.shape)


def _why_not_rotated(given, volume, matrix):
    """Name the mistake that makes this volume, if it is a usual one."""
    usual = {
        "it turned the other way: the old place is matrix @ p, not the new one.": _rotated(volume, matrix.T),
        "those are the nearest voxels. Weigh eight of them.": _rotated(volume, matrix, nearest=True),
        "it turned about the corner: count p from (n - 1) / 2.": _rotated(volume, matrix, middle=0),
        "it turned about n / 2, half a voxel beside the middle.": _rotated(volume, matrix, middle=3.0),
        "outside of the old volume it should be 0, not the nearest value.": _rotated(
            volume, matrix, clamped=True
        ),
        "the axes are reversed: p is (first, second, third index), as the volume has them.": _rotated(
            volume, matrix[::-1, ::-1]
        ),
    }
    for hint, wrong in usual.items():
        if np.allclose(given, wrong, atol=1e-6):
            return hint
    place = np.unravel_index(np.abs(given - _rotated(volume, matrix)).argmax(), volume.shape)
    wanted = _rotated(volume, matrix)[place]
    place = tuple(int(index) for index in place)
    return f"the voxel {place} should be {wanted:.4f}, yours is {given[place]:.4f}."


def check_four_views(answer):
    """Check `four_views(pictures)`: as they are, turned by 180 degrees, mirrored, and both.

    Args:
        answer: a function from (n, side, side) to (n, 4, side, side).
    """
    pictures = np.random.default_rng(0).uniform(size=(3, 5, 5))
    given = answer(pictures.copy())
    if untouched(given):
        return
    if np.shape(given) != (3, 4, 5, 5):
        return say(False, f"(3, 5, 5) should become (3, 4, 5, 5), yours is {np.shape(given)}.")
    views = {
        "as it is": pictures,
        "turned by 180 degrees": pictures[:, ::-1, ::-1],
        "mirrored": pictures[:, :, ::-1],
        "turned and mirrored": pictures[:, ::-1],
    }
    for place, (name, wanted) in enumerate(views.items()):
        found = np.asarray(given)[:, place]
        if not np.allclose(found, wanted):
            others = [other for other, view in views.items() if np.allclose(found, view)]
            seen = f"yours is the one {others[0]}" if others else "yours is another picture"
            return say(False, f"View {place} should be the picture {name}; {seen}.")
    return say(True, "")
