"""Shuffled labels and few pictures, on a handful of made-up ones."""

import numpy as np
import pytest
from keras import layers

from pixvox.compare import unpack_answers
from pixvox.models import clothes as models
from pixvox_studies.fashion import memory, pictures


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(memory, "LABELLED", 30)
    monkeypatch.setattr(memory, "LABEL_EPOCHS", 15)
    monkeypatch.setitem(memory.STEPS, "full", 6)
    monkeypatch.setattr(memory.training, "BATCH_SIZE", 8)
    monkeypatch.setattr(memory.models, "build_leaky_convnet", build_quick)


def build_quick():
    """Build a network that learns in fewer steps than P1's."""
    stack = [layers.Flatten(), layers.Dense(256, activation="relu")]
    return models.build_classifier(stack, "quick")


def test_shuffled_labels_are_learnt_and_of_no_use(tmp_path):
    row = memory.measure_labels({"labels": "shuffled"}, 0, tmp_path)
    assert row["training_accuracy"] == 1.0 and row["fresh_accuracy"] < 0.6
    first = row["epochs_to_99"]
    assert row["accuracy"][first - 1] >= 0.99 and max(row["accuracy"][: first - 1]) < 0.99
    assert all(len(row[name]) == 15 for name in ("accuracy", "val_accuracy", "val_loss"))
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["fresh_accuracy"])


def test_true_labels_are_of_use_and_what_is_not_learnt_has_no_epoch(monkeypatch, tmp_path):
    row = memory.measure_labels({"labels": "true"}, 0, tmp_path)
    assert row["training_accuracy"] == 1.0 and row["fresh_accuracy"] > 0.9
    monkeypatch.setattr(memory, "LABEL_EPOCHS", 1)
    assert memory.measure_labels({"labels": "true"}, 0, tmp_path)["epochs_to_99"] is None


def test_shuffling_keeps_the_pictures_and_how_many_a_class_has(monkeypatch, tmp_path):
    given = {}

    def fit(network, parts, batch_size, *, epochs):
        given.setdefault("parts", []).append(parts)
        return {name: [0.0] for name in ("accuracy", "val_accuracy", "val_loss")}, 0.0

    monkeypatch.setattr(memory.training, "fit", fit)
    for labels in memory.LABELS:
        memory.measure_labels({"labels": labels}, 0, tmp_path)
    (true, true_val), (shuffled, shuffled_val) = given["parts"]
    assert len(true[1]) == 30 and np.array_equal(true[0], shuffled[0])
    assert np.mean(true[1] == shuffled[1]) < 0.5 and sorted(true[1]) == sorted(shuffled[1])
    assert np.array_equal(true[1], pictures.load_split("full", 0)[0][1][:30])
    assert np.array_equal(true_val[1], shuffled_val[1])


def test_an_unknown_way_with_labels_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected one of"):
        memory.measure_labels({"labels": "wrong"}, 0, tmp_path)


def test_any_number_of_pictures_is_seen_in_as_many_steps(tmp_path):
    few, many = (memory.measure_pictures({"pictures": count}, 0, tmp_path) for count in (10, 50))
    assert (few["epochs"], many["epochs"]) == (6 * 8 / 10, 6 * 8 / 50)
    sides = {f"{part}_{number}" for part in ("training", "fresh") for number in ("accuracy", "loss")}
    assert set(few) == set(many) == sides | {"epochs", "test_right"}
    assert unpack_answers(few["test_right"], 20).mean() == pytest.approx(few["fresh_accuracy"])


def test_the_steps_are_taken_and_no_others(monkeypatch, tmp_path):
    made, build = [], memory._build
    monkeypatch.setattr(memory, "_build", lambda seed: made.append(build(seed)) or made[-1])
    memory.measure_pictures({"pictures": 10}, 0, tmp_path)
    assert int(made[0].optimizer.iterations) == 6
