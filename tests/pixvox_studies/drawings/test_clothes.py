"""The calibration study of the drawn clothes, on made-up pictures whose evidence is known."""

import numpy as np
import pytest

from pixvox_studies import frame as studies
from pixvox_studies.drawings import clothes as study_clothes


def make_drawn(count, seed):
    """Pictures of ten classes, each with a bright row of its own inside; the border says nothing."""
    labels = np.arange(10 * count) % 10
    pictures = np.random.default_rng(seed).integers(0, 60, (10 * count, 28, 28, 1)).astype(np.uint8)
    pictures[np.arange(10 * count), 5 + labels, 1:-1] += 150
    return pictures, labels


@pytest.mark.parametrize("learner", [*study_clothes.SHORTCUTS, "softmax", "network"])
def test_every_learner_is_measured(monkeypatch, tmp_path, learner):
    monkeypatch.setattr(study_clothes, "EPOCHS", 1)
    monkeypatch.setattr(study_clothes, "_drawn", lambda count, seed: make_drawn(20, seed))
    measured = study_clothes.measure_learner({"learner": learner}, 0, tmp_path)
    assert all(0 <= value <= 1 for value in measured.values())
    if learner in study_clothes.SHORTCUTS:
        assert measured["test_accuracy"] < 0.3, "the evidence is not there"
    else:
        assert {"worst_class", "in_groups"} < set(measured)
    if learner == "softmax":
        assert measured["test_accuracy"] > 0.9


def test_mistakes_inside_and_outside_the_groups():
    y_true = [0, 0, 5, 5, 1, 1, 8, 8]
    y_pred = [0, 6, 7, 5, 1, 8, 8, 8]  # shirt for T-shirt, sneaker for sandal, bag for trouser
    assert study_clothes.judge_mistakes(y_true, y_pred) == {"worst_class": 0.5, "in_groups": 2 / 3}
    assert study_clothes.judge_mistakes([1, 8], [1, 8]) == {"worst_class": 1.0, "in_groups": 1.0}


def test_training_and_test_pictures_are_drawn_apart(monkeypatch, tmp_path):
    asked = []

    def draw(count, *, seed):
        asked.append((count, seed))
        pictures, labels = make_drawn(count, seed)
        return pictures[..., 0], labels

    monkeypatch.setattr(study_clothes.clothes_sets, "draw_clothes", draw)
    study_clothes._drawn.cache_clear()
    study_clothes.measure_learner({"learner": "mean grey"}, 4, tmp_path)
    study_clothes._drawn.cache_clear()
    assert asked == [(200, 8004), (200, 8999)]
    assert study_clothes.clothes_sets.SAMPLE_SEED not in (8004, 8999)


def test_the_study_is_registered():
    study = studies.STUDIES["drawn_clothes"]
    learners = {setting["learner"] for setting in study.settings}
    assert learners == {*study_clothes.SHORTCUTS, "softmax", "network"} and len(study.seeds) == 5
