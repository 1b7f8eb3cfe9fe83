"""The study of classical models, on a few made-up volumes."""

import numpy as np
import pytest

from pixvox_studies import frame as studies
from pixvox_studies.voxels import baselines as study_voxels


@pytest.mark.parametrize("model", ["k-nearest neighbours", "random forest", "logistic regression"])
def test_originals_and_copies_are_measured_apart(model, monkeypatch, tmp_path):
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(2), 40)
    volumes = rng.uniform(0, 0.1, (80, 16, 16, 16)).astype(np.float32)
    volumes[labels == 1, :8] += 0.9
    seen, wrong = volumes[::-1].copy(), labels[::-1].copy()  # in another order than for training
    wrong[1::2] = 1 - wrong[1::2]  # every copy is labelled as the other digit
    monkeypatch.setattr(study_voxels, "load_mnist3d", lambda: ((volumes, labels), (seen, wrong)))
    monkeypatch.setattr(study_voxels, "RandomForestClassifier", _small_forest)
    monkeypatch.setattr(study_voxels, "KNeighborsClassifier", _five_neighbours)
    row = study_voxels.measure_baseline({"model": model}, 7, tmp_path)
    assert (row["test_accuracy"], row["originals"], row["copies"]) == (0.5, 1.0, 0.0)
    assert row["published"] == study_voxels.PUBLISHED[model]


def _small_forest(trees, random_state):
    from sklearn.ensemble import RandomForestClassifier

    assert (trees, random_state) == (500, 7)
    return RandomForestClassifier(10, random_state=random_state)


def _five_neighbours(count):
    from sklearn.neighbors import KNeighborsClassifier

    assert count == 5
    return KNeighborsClassifier(count)


def test_the_study_is_known():
    assert [setting["model"] for setting in studies.STUDIES["voxel_baselines"].settings] == list(
        study_voxels.PUBLISHED
    )
