"""What the checks on a folder of one's own pictures say to right and wrong answers."""

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import own_pictures as exercises


def apart(first, second, mirrored):
    return np.minimum((first != second).sum(axis=1), (first != mirrored).sum(axis=1))


def apart_by_likeness(first, second, mirrored):
    """The lesson's `likeness`, turned into a count."""
    alike = [(first * other).sum(axis=1) for other in (second, mirrored)]
    return (first.shape[1] - np.maximum(*alike)) / 2


def apart_row_by_row(*prints):
    return [
        min(sum(a != b for a, b in zip(row, other, strict=True)) for other in others)
        for row, *others in zip(*(print_.tolist() for print_ in prints), strict=True)
    ]


def deal_groups(groups, folds):
    sizes, dealt = np.zeros(folds, int), np.zeros(len(groups), int)
    names, counts = np.unique(groups, return_counts=True)
    for name, count in sorted(zip(names, counts, strict=True), key=lambda pair: -pair[1]):
        dealt[groups == name] = sizes.argmin()
        sizes[sizes.argmin()] += count
    return dealt


def deal_as_they_come(groups, folds):
    """Whatever the order, the last group of the largest fold was put into the smallest."""
    dealt, sizes = {}, [0] * folds
    for group in groups.tolist():
        if group not in dealt:
            dealt[group] = sizes.index(min(sizes))
            sizes[dealt[group]] += groups.tolist().count(group)
    return [dealt[group] for group in groups.tolist()]


def deal_by_scikit_learn(groups, folds):
    dealt = np.zeros(len(groups))
    for fold, (_, test) in enumerate(GroupKFold(folds).split(groups, groups=groups)):
        dealt[test] = fold
    return dealt


def groups_in_turn(groups, folds):
    return np.unique(groups, return_inverse=True)[1] % folds


def groups_by_number(groups, folds):
    parts = np.array_split(np.unique(groups), folds)
    return np.array([next(fold for fold in range(folds) if group in parts[fold]) for group in groups])


def in_order(groups, folds):
    dealt = np.zeros(len(groups), int)
    dealt[np.argsort(groups)] = np.arange(len(groups)) * folds // len(groups)
    return dealt


def margin(probabilities, labels):
    rows, others = np.arange(len(labels)), probabilities.copy()
    others[rows, labels] = 0
    return probabilities[rows, labels] - others.max(axis=1)


def margin_row_by_row(probabilities, labels):
    return [
        row[label] - np.delete(row, label).max() for row, label in zip(probabilities, labels, strict=True)
    ]


def margin_in_place(probabilities, labels):
    own = probabilities[np.arange(len(labels)), labels]
    probabilities[np.arange(len(labels)), labels] = 0
    return own - probabilities.max(axis=1)


def own(probabilities, labels):
    return np.take_along_axis(probabilities, labels[:, None], axis=1)[:, 0]


def threshold(missed, false_alarm):
    return false_alarm / (missed + false_alarm)


def cheapest(missed, false_alarm):
    """Among 100,001 thresholds, the first above which to say dog costs less."""
    p = np.linspace(0, 1, 100_001)
    return p[np.argmax((1 - p) * false_alarm <= p * missed)]


def border_mean(pictures, width):
    border = np.ones(pictures.shape[1:3], bool)
    border[width:-width, width:-width] = False
    return pictures[:, border].mean(axis=(1, 2))


def border_by_difference(pictures, width):
    inside = pictures[:, width:-width, width:-width]
    total = pictures.sum(axis=(1, 2, 3)) - inside.sum(axis=(1, 2, 3))
    return total / (pictures[0].size - inside[0].size)


def border_of_strips(pictures, width, corners=1):
    between = slice(width, -width) if corners == 1 else slice(None)
    strips = [pictures[:, :width], pictures[:, -width:]]
    strips += [pictures[:, between, :width], pictures[:, between, -width:]]
    return np.concatenate([strip.reshape(len(pictures), -1) for strip in strips], axis=1).mean(axis=1)


def border_of_uint8(pictures, width):
    rows = (pictures[:, :width] + pictures[:, -width:]) / 2
    columns = (pictures[:, width:-width, :width] + pictures[:, width:-width, -width:]) / 2
    return np.concatenate([part.reshape(len(pictures), -1) for part in (rows, columns)], axis=1).mean(axis=1)


def mean_of_sides(*edges):
    """Return the mean of the means of some sides, corners with each."""

    def answer(pictures, width):
        sides = {"top": pictures[:, :width], "bottom": pictures[:, -width:]}
        sides |= {"left": pictures[:, :, :width], "right": pictures[:, :, -width:]}
        return np.mean([sides[edge].mean(axis=(1, 2, 3)) for edge in edges], axis=0)

    return answer


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_apart: [
            (apart, RIGHT),
            (apart_by_likeness, RIGHT),
            (apart_row_by_row, RIGHT),
            (lambda first, second, mirrored: apart(first, second, second), "Ask the mirrored one"),
            (lambda first, second, mirrored: apart(first, mirrored, mirrored), "not mirrored, too"),
            (lambda first, *others: np.max([(first != o).sum(1) for o in others], 0), "like one of them"),
            (lambda first, *others: np.sum([(first != o).sum(1) for o in others], 0), "not their sum"),
            (lambda first, *others: np.min([first != o for o in others], 0).sum(1), "of each answer"),
            (lambda first, *others: np.min([np.abs(first - o).sum(1) for o in others], 0), "two apart"),
            (lambda first, *others: np.min([((first - o) ** 2).sum(1) for o in others], 0), "two apart"),
            (lambda first, *others: first.shape[1] - apart(first, *others), "that agree"),
            (lambda first, *others: apart(first, *others) / first.shape[1], "Expected whole numbers"),
            (lambda *prints: apart(*prints).min(), "of the shape (7,)"),
            (lambda *prints: apart(*prints)[::-1], "Row by row"),
        ],
        exercises.check_deal_groups: [
            (deal_groups, RIGHT),
            (deal_as_they_come, RIGHT),
            (deal_by_scikit_learn, RIGHT),
            (lambda groups, folds: folds - 1 - deal_groups(groups, folds), RIGHT),
            (lambda groups, folds: 1 + deal_groups(groups, folds), "folds from 0 to 2, got 1 to 3"),
            (lambda groups, folds: np.arange(len(groups)) % folds, "is torn"),
            (in_order, "is torn"),
            (groups_in_turn, "have 27, 3, 3 pictures, the largest group 9"),
            (groups_by_number, "to the fold that has the fewest"),
            (lambda groups, folds: groups % folds, "to the fold that has the fewest"),
            (lambda groups, folds: np.zeros(len(groups)), "have 33, 0, 0 pictures"),
            (lambda groups, folds: deal_groups(np.unique(groups), folds), "of the shape (33,)"),
            (
                lambda groups, folds: [groups[deal_groups(groups, folds) == fold] for fold in range(folds)],
                "whole",
            ),
            (lambda groups, folds: deal_groups(groups, folds) + 0.5, "whole numbers"),
            (lambda groups, folds: groups.sort(), "returned None"),
        ],
        exercises.check_margin: [
            (margin, RIGHT),
            (margin_row_by_row, RIGHT),
            (lambda p, labels: margin(p.astype("float32"), labels), RIGHT),
            (margin_in_place, "work on a copy"),
            (lambda p, labels: own(p, labels) - p.max(axis=1), "class out of the largest"),
            (lambda p, _: np.sort(p, axis=1)[:, -1] - np.sort(p, axis=1)[:, -2], "not with the largest"),
            (lambda p, labels: -margin(p, labels), "the other way round"),
            (lambda p, labels: 2 * own(p, labels) - 1, "not all of them"),
            (
                lambda p, labels: own(p, labels) - np.delete(p, 0, axis=1).mean(axis=1),
                "the largest in each row",
            ),
            (lambda p, labels: own(p, labels) - (1 - own(p, labels)) / (p.shape[1] - 1), "not all of them"),
            (own, "subtract the largest other"),
            (lambda p, labels: -np.log(own(p, labels)), "the largest in each row"),
            (lambda p, labels: margin(p, labels)[:, None], "of the shape (9,)"),
        ],
        exercises.check_threshold: [
            (threshold, RIGHT),
            (cheapest, RIGHT),
            (lambda missed, false_alarm: 1 - missed / (missed + false_alarm), RIGHT),
            (lambda missed, false_alarm: 1 / (1 + missed / false_alarm), RIGHT),
            (lambda missed, false_alarm: 1 - threshold(missed, false_alarm), "the sooner say dog"),
            (lambda missed, false_alarm: false_alarm / missed, "odds"),
            (lambda *costs: 100 * threshold(*costs), "per cent"),
            *[(lambda *costs, n=n: round(threshold(*costs), n), "Do not round") for n in (1, 2, 3)],
            (lambda missed, false_alarm: 0.5, "costs p * missed"),
            (lambda missed, false_alarm: "low", "Expected a number, got 'low'"),
        ],
        exercises.check_border_mean: [
            (border_mean, RIGHT),
            (border_by_difference, RIGHT),
            (border_of_strips, RIGHT),
            (lambda *case: border_of_strips(*case, corners=2), "corners once"),
            (mean_of_sides("top", "bottom", "left", "right"), "corners once"),
            (lambda p, width: p[:, width:-width, width:-width].mean(axis=(1, 2, 3)), "the inside"),
            (lambda p, width: p.mean(axis=(1, 2, 3)), "whole pictures"),
            (mean_of_sides("top", "bottom"), "Left and right"),
            (mean_of_sides("left", "right"), "Top and bottom"),
            (border_of_uint8, "astype(float)"),
            (lambda p, width: border_mean(p, 1), "Mark the border"),
            (lambda p, width: border_mean(p, width).mean(), "got the shape ()"),
            (lambda p, width: p[:, 0].mean(axis=1), "got the shape (4, 3)"),
        ],
    }
)


@pytest.mark.parametrize(("missed", "false_alarm"), [(5, 1), (10, 1), (1, 4)])
def test_no_other_threshold_costs_less_where_probabilities_mean_what_they_say(missed, false_alarm):
    probabilities = np.random.default_rng(0).uniform(size=2_000)

    def cost(level):
        says = probabilities > level
        return np.sum(np.where(says, (1 - probabilities) * false_alarm, probabilities * missed))

    costs = [cost(level) for level in np.linspace(0, 1, 201)]
    assert cost(threshold(missed, false_alarm)) <= min(costs) + 1e-9
