"""The classical models, on a few made-up volumes."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from pixvox.compare import unpack_answers
from pixvox_studies.voxels import baselines


@pytest.mark.parametrize("model", baselines.PUBLISHED)
def test_originals_and_copies_are_measured_apart(model, monkeypatch, tmp_path):
    labels = np.repeat(np.arange(2), 40)
    volumes = np.random.default_rng(0).uniform(0, 0.1, (80, 16, 16, 16)).astype(np.float32)
    volumes[labels == 1, :8] += 0.9
    seen, wrong = volumes[::-1].copy(), labels[::-1].copy()  # in another order than for training
    wrong[1::2] = 1 - wrong[1::2]  # every copy is labelled as the other digit
    monkeypatch.setattr(baselines, "load_mnist3d", lambda: ((volumes, labels), (seen, wrong)))
    monkeypatch.setattr(
        baselines,
        "RandomForestClassifier",
        lambda trees, random_state: RandomForestClassifier(trees // 50, random_state=random_state),
    )
    row = baselines.measure_baseline({"model": model}, 7, tmp_path)
    assert (row["test_accuracy"], row["originals"], row["copies"]) == (0.5, 1.0, 0.0)
    assert unpack_answers(row["test_right"], 80).tolist() == [True, False] * 40
    assert row["published"] == baselines.PUBLISHED[model]
