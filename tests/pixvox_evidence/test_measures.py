"""What a measure reads from rows."""

import numpy as np
import pytest

from pixvox.compare import pack_answers
from pixvox_evidence import measures

ROWS = [
    {"arm": "a", "rate": 0.01, "seed": 0, "score": 0.9, "curve": [0.1, 0.2, 0.3, 0.7], "cost": 4.0},
    {"arm": "a", "rate": 0.01, "seed": 1, "score": 0.8, "curve": [0.2, 0.4, 0.5, 0.4], "cost": 6.0},
    {"arm": "b, 1/255", "rate": 0.01, "seed": 0, "score": 0.5, "curve": [0.0] * 12, "cost": 2.0},
    {"arm": "b, 1/255", "rate": 0.01, "seed": 1, "score": 0.6, "curve": [1.0] * 12, "cost": 2.0},
    {"arm": "c", "rate": 0.1, "seed": 1, "score": None, "curve": [], "cost": 1.0},
]


def load(table):
    return {None: ROWS, "other": [{"seed": 1, "score": 0.25, "steps": [*range(12)]}]}.get(table)


@pytest.mark.parametrize(
    ("measure", "wanted"),
    [
        ("score[arm=a]", {0: 0.9, 1: 0.8}),
        ("score[arm=a] - score[arm=b, 1/255]", {0: 0.4, 1: 0.2}),
        ("cost[arm=a] / cost[arm=b, 1/255]", {0: 2.0, 1: 3.0}),
        ("score[arm=a; rate=0.01] - .5", {0: 0.4, 1: 0.3}),
        ("score[arm=a] - score@other", {1: 0.55}),
        ("first of curve[arm=a]", {0: 0.1, 1: 0.2}),
        ("third of curve[arm=a] - second of curve[arm=a]", {0: 0.1, 1: 0.1}),
        ("last of curve[arm=a] + cost[arm=a]", {0: 4.7, 1: 6.4}),
        ("last ten of curve[arm=b, 1/255]", {0: 0.0, 1: 1.0}),
        ("first ten of steps@other", {1: 4.5}),
        ("last ten of steps@other", {1: 6.5}),
        ("jumps of curve[arm=a]", {0: 0.4, 1: 0.1}),  # within the second half
        ("cost[arm=a] - cost[arm=b, 1/255] - score[arm=a] + score[arm=b, 1/255]", {0: 1.6, 1: 3.8}),
    ],
)
def test_a_measure_by_hand(measure, wanted):
    assert measures.by_seed(measure, load) == pytest.approx(wanted)


def test_what_is_not_measured_is_none():
    assert measures.by_seed("score[arm=a] - score@gone", load) is None
    assert measures.by_seed("score[arm=c]", load) is None


def test_what_a_lesson_did_not_keep_is_none():
    assert measures.by_seed("P4.13.0[seed=0]", lambda table: [{"seed": 0, "P1.6.0": 0.9}]) is None


@pytest.mark.parametrize("measure", ["score[arm=d]", "scores[arm=a]", "score[arm=a; rate=0.02]", "score[a]"])
def test_a_misspelt_arm_or_column_raises(measure):
    with pytest.raises(ValueError, match="in the table"):
        measures.by_seed(measure, load)


@pytest.mark.parametrize("measure", ["", "middle of curve[arm=a]", "score[arm=a", "score[arm=a] - "])
def test_what_is_no_measure_raises(measure):
    with pytest.raises(ValueError, match="expected a measure"):
        measures.parse(measure)


def test_a_number_alone_is_no_measure():
    with pytest.raises(ValueError, match="reads a column, got '0.5'"):
        measures.by_seed("0.5", load)


def test_a_lesson_without_the_arm_is_not_one_that_kept_nothing():
    with pytest.raises(ValueError, match="in the table"):
        measures.by_seed("P4.13.0[seed=7]", lambda table: [{"seed": 0, "P4.13.0": 0.9}])


def test_two_rows_of_one_seed_raise():
    with pytest.raises(ValueError, match="one row a seed for \\[rate=0.01\\], got 4"):
        measures.by_seed("score[rate=0.01]", load)


def test_pictures_compare_the_seeds_share_of_right_answers():
    right = {"a": [[1, 1, 0, 1], [1, 0, 0, 1]], "b": [[0, 1, 0, 0], [0, 1, 0, 1]]}
    rows = [
        {"arm": arm, "seed": seed, "test_accuracy": np.mean(answers), "test_right": pack_answers(answers)}
        for arm, both in right.items()
        for seed, answers in enumerate(both)
    ]
    found = measures.by_picture("test_accuracy[arm=a] - test_accuracy[arm=b]", lambda table: rows)
    assert found.tolist() == [1, -0.5, 0, 0.5, 0, 0, 0, 0]


def test_pictures_of_another_share_than_accuracy():
    """Where `parts` is the share, `parts_right` says which; the answers to the test are another matter."""
    rows = [
        {"arm": arm, "seed": 0, "parts": 0.5, "parts_right": pack_answers(hits), "test_right": "00"}
        for arm, hits in (("a", [1, 1, 0, 0]), ("b", [0, 1, 0, 1]))
    ]
    found = measures.by_picture("parts[arm=a] - parts[arm=b]", lambda table: rows)
    assert found.tolist() == [1, 0, 0, -1, 0, 0, 0, 0]
    for measure in ("parts[arm=a] - animal[arm=b]", "parts[arm=a] / parts[arm=b]", "parts[arm=a] + parts"):
        with pytest.raises(ValueError, match="difference of two"):
            measures.by_picture(measure, lambda table: rows)
    with pytest.raises(ValueError, match="val_accuracy_right"):
        measures.by_picture("val_accuracy[arm=a] - val_accuracy[arm=b]", lambda table: rows)


def test_pictures_need_kept_answers_and_a_difference():
    with pytest.raises(ValueError, match="difference of two test accuracies"):
        measures.by_picture("score[arm=a]", load)
    with pytest.raises(ValueError, match="which pictures were right"):
        measures.by_picture("test_accuracy[arm=a] - test_accuracy[arm=a]", load)


def test_pictures_of_another_table_and_answers_of_other_lengths():
    right = [{"seed": 0, "test_right": pack_answers([1, 0, 0, 0] * 2), "test_accuracy": 0.25}]
    wrong = [{"seed": 0, "test_right": pack_answers([0] * 8), "test_accuracy": 0.0}]
    found = measures.by_picture("test_accuracy - test_accuracy@other", {None: right, "other": wrong}.get)
    assert found.tolist() == [1, 0, 0, 0] * 2
    longer = [*right, {**right[0], "seed": 1, "test_right": pack_answers([1] * 16)}]
    with pytest.raises(ValueError, match="the same pictures"):
        measures.by_picture("test_accuracy - test_accuracy@other", {None: longer, "other": wrong}.get)
    with pytest.raises(ValueError, match="which pictures were right"):
        measures.by_picture("test_accuracy - test_accuracy@other", {None: right, "other": [*wrong, {}]}.get)


def test_spread_is_pooled_over_arms():
    pooled, freedom = measures.spread("score[arm=a]", ("arm=a", "arm=b, 1/255"), load)
    assert freedom == 2 and pooled == pytest.approx(np.sqrt(0.1**2 / 2))
    assert measures.spread("score[arm=a]", (), load) == (pytest.approx(0.1 / np.sqrt(2)), 1)
    assert measures.spread("cost[arm=c]", (), load)[1] == 0
    assert measures.spread("last of curve[arm=a]", (), load) == (pytest.approx(0.3 / np.sqrt(2)), 1)
    assert measures.spread("score@other", (), load)[1] == 0


def test_a_spread_is_pooled_with_the_weight_of_its_seeds():
    rows = [{"arm": "a", "seed": seed, "score": score} for seed, score in enumerate((1.0, 2.0, 3.0))]
    rows += [{"arm": "b", "seed": seed, "score": score} for seed, score in enumerate((0.0, 4.0))]
    pooled, freedom = measures.spread("score[arm=a]", ("arm=a", "arm=b"), lambda table: rows)
    assert freedom == 3 and pooled == pytest.approx(np.sqrt((2 + 8) / 3))  # squares about the means
