"""Checks of the exercises on a folder of one's own pictures."""

import numpy as np

from pixvox.exercises.checking import Hint, call, compared, exercise, to_array

RNG = np.random.default_rng(0)
PRINTS = RNG.choice([-1.0, 1.0], (3, 7, 16))  # of pictures, of others, and of those in the mirror
PRINTS[1, 0], PRINTS[2, 1] = PRINTS[0, :2]  # the first two are twins
LABELLED = [(RNG.dirichlet([1] * classes, 9), RNG.integers(0, classes, 9)) for classes in (4, 2, 3)]
GROUPS = {3: [9, 1, 1] * 3, 4: [1, 2, 8, 5, 2, 2, 1, 3], 5: [1] * 12, 2: [30, 4, 2, 3]}  # sizes, by folds
BRIGHT = [RNG.integers(120, 256, (*shape, 3), dtype=np.uint8) for shape in ((4, 6, 9), (3, 9, 7))]


@compared(
    cases=[tuple(PRINTS), tuple(PRINTS[:, 2:5])],
    mistakes={
        "Ask the mirrored one, too, and take the smaller count.": [{"chosen": lambda plain, _: plain}],
        "Ask the one that is not mirrored, too.": [{"chosen": lambda _, mirrored: mirrored}],
        "Take the smaller of both: like one of them is like enough.": [{"chosen": np.maximum}],
        "Take the smaller of both, not their sum.": [{"chosen": np.add}],
        "Take the smaller count of each picture, not the smaller of each answer.": [
            lambda first, *others: np.all([first != other for other in others], axis=0).sum(axis=1)
        ],
        "-1 and 1 lie two apart: count an answer that differs once.": [{"scale": 2}, {"scale": 4}],
        "Those are the answers that agree.": [lambda *prints: 16 - check_apart.right(*prints)],
    },
    usual="Row by row: how many answers of first differ from second, how many from mirrored? The smaller.",
)
def check_apart(first, second, mirrored, chosen=np.minimum, scale=1):
    """Check `apart(first, second, mirrored)`: how many of m answers differ (n,); fingerprints (n, m)."""
    return scale * chosen((first != second).sum(axis=1), (first != mirrored).sum(axis=1))


@exercise
def check_deal_groups(answer):
    """Check `deal_groups(groups, folds)`: each picture's fold (n,), for the numbers of their groups (n,)."""
    for folds, sizes in GROUPS.items():
        names = 5 * np.arange(len(sizes)) + 2
        groups = np.random.default_rng(folds).permutation(np.repeat(names, sizes))
        where = f" for {len(groups)} pictures in {folds} folds"
        dealt = to_array(call(answer, groups, folds), groups, where)
        if dealt.min() < 0 or dealt.max() >= folds:
            raise Hint(f"Expected folds from 0 to {folds - 1}, got {dealt.min()} to {dealt.max()}{where}.")
        torn = [name for name in names if len(np.unique(dealt[groups == name])) > 1]
        if torn:
            raise Hint(f"Group {torn[0]} is torn{where}: all pictures of a group belong to one fold.")
        counts = np.bincount(dealt.astype(int), minlength=folds)
        if counts.min() == 0 or counts.max() - counts.min() > max(sizes):
            shown = f"The folds have {', '.join(map(str, counts))} pictures, the largest group {max(sizes)}"
            raise Hint(f"{shown}. Give each group, the largest first, to the fold that has the fewest.")


@compared(
    cases=LABELLED,
    mistakes={
        "Leave the label's class out of the largest.": [{"of": lambda own, rest: np.minimum(own - rest, 0)}],
        "Begin with the label's probability, not with the largest.": [
            lambda p, _: np.sort(p, axis=1)[:, -1] - np.sort(p, axis=1)[:, -2]
        ],
        "The label's minus the other, not the other way round.": [{"of": lambda own, rest: rest - own}],
        "Take the largest of the others, not all of them.": [{"rest": np.sum}, {"rest": np.mean}],
        "That is the label's probability: subtract the largest other.": [{"of": lambda own, _: own}],
    },
    usual="probabilities[np.arange(n), labels] are the labels' own; of the rest, the largest in each row.",
)
def check_margin(probabilities, labels, rest=np.max, of=np.subtract):
    """Check `margin(probabilities, labels)`: (n,) for (n, classes), the label's minus the largest other."""
    own = np.arange(probabilities.shape[1]) == labels[:, None]
    return of(probabilities[own], rest(probabilities[~own].reshape(len(labels), -1), axis=1))


@compared(
    cases=[*map(tuple, np.array([(5, 1), (1, 1), (1, 4), (10, 1), (3, 0)], float))],  # NumPy divides by 0
    mistakes={
        "The dearer a missed dog, the sooner say dog.": [lambda missed, false: missed / (missed + false)],
        "Those are odds: as a probability, divide by the sum.": [lambda missed, false: false / missed],
        "A share, 0 to 1, not per cent.": [{"scale": 100}],
        "Do not round.": [{"digits": 1}, {"digits": 2}, {"digits": 3}],
    },
    usual="To say cat costs p * missed on average, to say dog (1 - p) * false_alarm: at which p the same?",
)
def check_threshold(missed, false_alarm, scale=1, digits=9):
    """Check `threshold(missed, false_alarm)`: above which probability "dog" is the cheaper answer."""
    return scale * np.round(false_alarm / (missed + false_alarm), digits)


@compared(
    cases=[(BRIGHT[0], 1), (BRIGHT[1], 2), (BRIGHT[1], 3), (BRIGHT[0][:1], 2)],
    mistakes={
        "Count the corners once.": [
            {"weigh": np.add},
            {"weigh": lambda rows, columns: rows / rows.mean() + columns / columns.mean()},
        ],
        "That is the inside: take what lies around it.": [{"weigh": lambda *ends: 1 - np.maximum(*ends)}],
        "Those are whole pictures: leave the inside out.": [{"weigh": lambda *ends: 1 + 0 * np.add(*ends)}],
        "Left and right are sides, too.": [{"weigh": lambda rows, columns: rows + 0 * columns}],
        "Top and bottom are sides, too.": [{"weigh": lambda rows, columns: 0 * rows + columns}],
    },
    usual="Mark the border in an array (height, width) of booleans, and take the mean of what is marked. To "
    "add pictures up, begin with .astype(float): a uint8 begins again at 0 after 255.",
)
def check_border_mean(pictures, width, weigh=np.maximum):
    """Check `border_mean(pictures, width)`: means (n,) of the outermost pixels of (n, height, width, 3)."""
    rows, columns = (np.zeros(side) for side in pictures.shape[1:3])
    for ends in (rows, columns):
        ends[:width] = ends[-width:] = 1
    weights = weigh(rows[:, None], columns)
    return np.einsum("nhwc,hw->n", pictures, weights) / weights.sum() / 3
