"""How hard the drawn cats and dogs are, on made-up ones whose evidence is known."""

import numpy as np
import pytest

from pixvox_sketch.animals.sets import Drawn
from pixvox_studies.drawings import animals


def make_drawn(count, seed):
    """Pictures that are dark (class 0) or bright (class 1) in a corner, with a background of noise."""
    rng, labels = np.random.default_rng(seed), np.arange(2 * count) % 2
    pictures = rng.integers(0, 100, (2 * count, 64, 64, 3)).astype(np.uint8)
    pictures[:, :32, :32] += (150 * labels)[:, None, None, None].astype(np.uint8)
    parts = np.zeros((2 * count, 64, 64), np.uint8)
    parts[:, :32, :32] = 2
    return Drawn(pictures, labels, parts, rng.integers(4000, 8000, 2 * count))


@pytest.mark.parametrize("learner", [*animals.SHORTCUTS, *animals.EPOCHS])
def test_every_learner_is_measured(learner, monkeypatch, tmp_path):
    monkeypatch.setattr(animals, "FIT", 20)
    monkeypatch.setattr(animals, "EPOCHS", {"baseline": 1, "augmented": 1})
    monkeypatch.setattr(animals.common, "draw_animals", lambda n, seed: make_drawn(min(n, 240) // 4, seed))
    row = animals.measure_learner({"learner": learner}, 3, tmp_path)
    assert list(row) == ["train_accuracy", "val_accuracy", "test_accuracy", "test_right"]
    assert all(0 <= row[name] <= 1 for name in row if name != "test_right")
    if learner in ("pixels", "colours"):
        assert row["test_accuracy"] > 0.95
    if learner in ("background", "file size"):
        assert row["test_accuracy"] < 0.65, "the evidence is in the animal only"


def test_the_network_is_p4s_with_augmentation_and_dropout_added():
    plain, augmented = (animals.build_network(augmented=wished) for wished in (False, True))
    assert plain.count_params() == 896 + 18496 + 73856 + 147584 + 512 * (512 + 1) + 513
    assert augmented.count_params() - plain.count_params() < 10, "only the states of random generators"
    kinds = [{type(layer).__name__ for layer in network.layers} for network in (plain, augmented)]
    assert {"Dropout", "RandomFlip"} <= kinds[1] - kinds[0]
