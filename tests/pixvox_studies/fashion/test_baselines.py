"""What clothes take without convolutions, on a handful of made-up pictures."""

import numpy as np
import pytest
from support.made_up import bars, keys_of

from pixvox.compare import unpack_answers
from pixvox.models import clothes as models
from pixvox_studies.fashion import baselines, pictures, recipes


@pytest.fixture(autouse=True)
def one_epoch(monkeypatch):
    monkeypatch.setitem(recipes.EPOCHS, "full", 1)


LOSSES = {"training_loss", "fresh_loss"}
NETWORK = LOSSES | {"epochs", "val_loss"}
MORE = {
    "averages": set(),
    "nearest neighbours": {"chosen"},
    "logistic regression": LOSSES | {"chosen", "converged"},
    "support vectors": {"chosen"},
    "dense": NETWORK,
    "dense, two layers": NETWORK,
    "scrambled": NETWORK,
}


@pytest.mark.parametrize("model", MORE)
def test_a_row_has_both_sides(model, tmp_path):
    row = baselines.measure_baseline({"model": model}, 0, tmp_path)
    accuracies = {f"{part}_accuracy" for part in ("training", "val", "fresh")}
    assert set(row) == accuracies | {"parameters", "fit_seconds", "test_right"} | MORE[model]
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["fresh_accuracy"])
    assert row["fit_seconds"] >= 0 and row["parameters"] > 0
    if "loss" not in " ".join(MORE[model]) or model == "logistic regression":
        assert row["fresh_accuracy"] == 1.0  # a bar of its own for each class is no riddle


def test_the_nearest_average_is_the_nearest():
    x, y = np.random.default_rng(0).random((60, 7)), np.arange(60) % 10
    predict, row = baselines._fit_averages((x, y), None)
    means = np.array([x[y == label].mean(axis=0) for label in range(10)])
    wanted = [int(np.argmin([np.linalg.norm(one - mean) for mean in means])) for one in x]
    assert predict(x).tolist() == wanted and row == {"parameters": 70}


def test_neighbours_are_chosen_by_validation_pictures():
    """A lone point of the wrong class misleads one neighbour, and three outvote it."""
    x = np.array([[0.0], [0.1], [0.2], [0.3], [0.4], [0.15], [5.0], [5.1], [5.2], [5.3], [5.4], [5.5]])
    y = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
    val = np.array([[0.14], [0.16], [5.05]])
    predict, row = baselines._fit_neighbours((x, y), (val, np.array([0, 0, 1])))
    assert row == {"parameters": 12, "chosen": 3} and predict(val).tolist() == [0, 0, 1]


def test_the_logistic_regression_with_the_least_validation_loss_is_taken(monkeypatch):
    parts = [(x.reshape(len(x), -1) / 255, y) for x, y in (bars(80, 0), bars(20, 1))]
    predict, row = baselines._fit_logistic(*parts)
    x, y = parts[1]
    loss = -np.log(predict(x)[np.arange(20), y]).mean()
    assert row["parameters"] == 7850 and row["converged"]
    for strength in baselines.LOGISTIC_STRENGTHS:
        monkeypatch.setattr(baselines, "LOGISTIC_STRENGTHS", (strength,))
        other, only = baselines._fit_logistic(*parts)
        assert loss <= -np.log(other(x)[np.arange(20), y]).mean() and only["chosen"] == strength


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_logistic_regression_that_has_not_converged_says_so(monkeypatch):
    monkeypatch.setattr(baselines, "LOGISTIC_STEPS", 2)
    parts = [(x.reshape(len(x), -1) / 255, y) for x, y in (bars(80, 0), bars(20, 1))]
    assert baselines._fit_logistic(*parts)[1]["converged"] is False


def test_dense_networks_are_about_as_large_as_p1s():
    posted = models.build_leaky_convnet().count_params()
    wide, deep = (
        baselines.build_leaky_dense(units).count_params() for units in (baselines.WIDE, baselines.DEEP)
    )
    assert (wide, deep) == (785 * 448 + 449 * 10, 785 * 319 + 320 * 319 + 320 * 10) == (356_170, 355_695)
    # No other number of units comes nearer.
    assert abs(wide - posted) <= 795 / 2 and abs(deep - posted) <= (2 * 319 + 797) / 2


def test_scrambling_keeps_each_pixel_once_and_is_the_same_for_all_pictures():
    parts = pictures.load_split("full", 0)
    scrambled = baselines.scramble(parts)
    every = np.arange(784, dtype=np.float32).reshape(1, 28, 28, 1)
    ((order, _),) = baselines.scramble([(every, None)])
    assert sorted(order.ravel()) == every.ravel().tolist() and np.mean(order == every) < 0.05
    for (before, labels), (after, same) in zip(parts, scrambled, strict=True):
        wanted = before.reshape(len(before), -1)[:, order.ravel().astype(int)].reshape(before.shape)
        assert np.array_equal(after, wanted) and np.array_equal(labels, same)
    assert not keys_of(parts[0][0]) & keys_of(scrambled[0][0])
