"""Trainings up to a mark: on networks that only pretend, by a clock made for it."""

from types import SimpleNamespace

import pytest

from pixvox_studies.bench import marks


@pytest.mark.parametrize(
    ("accuracies", "mark", "expected"),
    [
        ([0.5, 0.8, 0.7, 0.9], 0.8, (2, 20)),
        ([0.8], 0.8, (1, 10)),
        ([0.8 - 1e-7], 0.8, (1, 10)),  # the same number of pictures, in float32
        ([0.5, 0.79], 0.8, None),
        ([], 0.8, None),
    ],
)
def test_the_first_epoch_that_reaches_the_mark(accuracies, mark, expected):
    curve = [(10 * epoch, accuracy) for epoch, accuracy in enumerate(accuracies, 1)]
    assert marks.first_reaching(curve, mark) == expected


@pytest.fixture
def pretended(monkeypatch):
    """A function that makes a recipe: an epoch takes 10 CPU seconds, validation 1,000, preparing 1."""
    now = [0.0]
    monkeypatch.setattr(marks.time, "process_time", lambda: now[0])
    monkeypatch.setattr(marks, "_warm_up", lambda: None)

    def network(accuracies):
        def fit(x, y, *, validation_data, callbacks, verbose, epochs):
            assert (x, y, validation_data, verbose) == ("x", "y", "validation", 0)
            (clock,) = callbacks
            for epoch in range(epochs):
                now[0] += 10
                clock.on_test_begin(None)
                now[0] += 1_000
                clock.on_test_end(None)
                clock.on_epoch_end(epoch, {"val_accuracy": accuracies.pop(0)})

        return SimpleNamespace(fit=fit)

    def make(accuracies):
        left = list(accuracies)

        def train(data, fit, seed):
            now[0] += 1
            for epochs in (1, len(left) - 1):
                fit(network(left), data, "validation", epochs=epochs)

        return train

    return make


def test_a_training_is_followed_over_its_stages_without_validation(pretended):
    train = pretended([0.1, 0.3, 0.2])
    assert marks.follow(train, ("x", "y"), seed=0) == [(11, 0.1), (21, 0.3), (31, 0.2)]
    train = pretended([0.1, 0.3, 0.2])
    assert marks.follow(train, ("x", "y"), seed=0, mark=0.3) == [(11, 0.1), (21, 0.3)]
    assert marks.follow(pretended([0.4, 0.5]), ("x", "y"), seed=0, mark=0.3) == [(11, 0.4)]


def recipe(rival, ours):
    return marks.RECIPES["mnist"]._replace(load=lambda: ("x", "y"), train_rival=rival, train_ours=ours)


def test_both_count_to_the_first_epoch_at_the_mark_which_is_the_posts_last(pretended, monkeypatch, tmp_path):
    pair = recipe(pretended([0.2, 0.9, 0.6, 0.8]), pretended([0.7, 0.8, 0.9]))
    monkeypatch.setitem(marks.RECIPES, "mnist", pair)
    found = marks.measure_mark("mnist", 0)
    assert found["mark"] == 0.8
    assert (found["rival_epoch"], found["rival_seconds"], found["rival_all_seconds"]) == (2, 21, 41)
    assert (found["ours_epoch"], found["ours_seconds"]) == (2, 21)


def test_what_does_not_reach_the_mark_has_no_seconds(pretended, monkeypatch, tmp_path):
    monkeypatch.setitem(marks.RECIPES, "mnist", recipe(pretended([0.2, 0.8]), pretended([0.7, 0.7])))
    found = marks.measure_mark("mnist", 0)
    assert found["ours_epoch"] is found["ours_seconds"] is None
    with pytest.raises(ValueError, match="expected one of 'pets'"):
        marks.measure_mark("mars", 0)


def test_seeds_become_a_row_and_a_ratio_needs_all_of_them():
    seeds = [
        {"mark": mark, "rival_seconds": rival, "rival_all_seconds": 9, "ours_seconds": ours}
        for mark, rival, ours in ((0.7, 4, 4), (0.8, 8, 2), (0.9, 6, 3))
    ]
    row = marks.summarise(seeds)
    assert (row["mark"], row["rival_seconds"], row["ours_seconds"], row["ratio"]) == (0.8, 6, 3, 2)
    assert (row["lowest"], row["highest"], row["repeats"], row["reached"]) == (1, 4, 3, 3)
    row = marks.summarise([seeds[0], seeds[1] | {"ours_seconds": None}, seeds[2]])
    assert row["ratio"] is row["ours_seconds"] is row["lowest"] is None
    assert (row["repeats"], row["reached"], row["rival_seconds"]) == (3, 2, 6)


def test_a_network_that_trains_calls_the_clock(tmp_path):
    """Keras calls it as the pretended networks do."""
    import keras
    import numpy as np

    x, y = np.zeros((8, 2), np.float32), np.zeros(8)

    def train(data, fit, seed):
        network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
        network.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        fit(network, data, data, epochs=3)

    curve = marks.follow(train, (x, y), seed=0)
    assert len(curve) == 3 and sorted(curve) == curve
    assert len(marks.follow(train, (x, y), seed=0, mark=0.0)) == 1
