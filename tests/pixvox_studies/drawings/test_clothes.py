"""How hard the drawn clothes are, on made-up pictures whose evidence is known."""

import pytest
from support.made_up import bars

from pixvox_studies.drawings import clothes


@pytest.mark.parametrize("learner", [*clothes.SHORTCUTS, "softmax", "network"])
def test_every_learner_is_measured(monkeypatch, tmp_path, learner):
    monkeypatch.setattr(clothes, "EPOCHS", 1)
    monkeypatch.setattr(clothes.common, "draw_clothes", bars)
    row = clothes.measure_learner({"learner": learner}, 4, tmp_path)
    assert 0 <= row["train_accuracy"] <= 1 and 0 <= row["test_accuracy"] <= 1
    if learner in clothes.SHORTCUTS:
        assert set(row) == {"train_accuracy", "test_accuracy", "test_right"}
        assert row["test_accuracy"] < 0.3, "the evidence is not there"
    else:
        assert {"worst_class", "in_groups"} < set(row)
    if learner == "softmax":
        assert row["test_accuracy"] > 0.9


def test_mistakes_inside_and_outside_the_groups():
    y_true = [0, 0, 5, 5, 1, 1, 8, 8]
    y_pred = [0, 6, 7, 5, 1, 8, 8, 8]  # shirt for T-shirt, sneaker for sandal, bag for trouser
    assert clothes.judge_mistakes(y_true, y_pred) == {"worst_class": 0.5, "in_groups": 2 / 3}
    assert clothes.judge_mistakes([1, 8], [1, 8]) == {"worst_class": 1.0, "in_groups": 1.0}
