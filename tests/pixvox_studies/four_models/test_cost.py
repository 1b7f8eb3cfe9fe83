"""The cost study of lesson 03, on a handful of pictures."""

import numpy as np
import pytest

from pixvox_studies import frame as studies
from pixvox_studies.four_models import cost as study_fashion_cost
from pixvox_studies.four_models import networks as study_fashion


@pytest.mark.parametrize("setting", studies.STUDIES["fashion_cost"].settings)
def test_the_cost_of_a_whole_training_is_counted_from_a_few_batches(setting, monkeypatch, tmp_path):
    rng = np.random.default_rng(0)
    fit = rng.uniform(size=(400, 28, 28, 1)).astype(np.float32), np.arange(400) % 10
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(study_fashion_cost, "load_split", lambda seed: (fit, None, None))
    monkeypatch.setattr(study_fashion_cost, "WARM_BATCHES", 1)
    monkeypatch.setattr(study_fashion_cost, "MEASURED_BATCHES", 2)
    measured = study_fashion_cost.measure_cost(setting, 0, tmp_path)
    epochs = {"four conv": 60, "better": study_fashion.BETTER_EPOCHS["sample"]}[setting["network"]]
    assert measured["epochs"] == epochs and measured["epoch_cpu_seconds"] > 0
    assert measured["training_cpu_seconds"] == pytest.approx(epochs * measured["epoch_cpu_seconds"])
