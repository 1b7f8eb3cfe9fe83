"""The cost study of lesson 05, on a handful of pictures and with a clock of our own."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox_studies import frame as studies
from pixvox_studies.pets import cost as study_pets_cost
from pixvox_studies.pets import recipes as study_pets

PICTURES = 12


@pytest.fixture
def small(monkeypatch):
    """Few pictures and batches; every look at the clock finds twelve seconds more."""
    ticks = iter(range(100, 1_000, 12))
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(study_pets_cost, "time", SimpleNamespace(process_time=lambda: next(ticks)))
    monkeypatch.setattr(study_pets_cost, "WARM_BATCHES", 1)
    monkeypatch.setattr(study_pets_cost, "MEASURED_BATCHES", 3)
    monkeypatch.setattr(study_pets_cost, "POSTED_BATCH_SIZE", 8)
    monkeypatch.setattr(study_pets, "IMAGE_SIZE", {"sample": (46, 46)})
    monkeypatch.setattr(study_pets, "BETTER_SIZE", {"sample": (40, 40)})
    monkeypatch.setattr(study_pets, "SMALL_SIZE", {"sample": (32, 32)})
    monkeypatch.setattr(study_pets, "BETTER_EPOCHS", {"sample": (5, 4)})
    monkeypatch.setattr(study_pets, "BETTER_BATCH_SIZE", {"sample": 4})
    monkeypatch.setattr(study_pets, "PER_CLASS", {"sample": (PICTURES // 2, 2, 2)})

    def load(seed, *, image_size, with_test):
        assert not with_test
        rng = np.random.default_rng(seed)
        images = rng.integers(0, 256, (PICTURES, *image_size, 3), dtype=np.uint8)
        return (images, np.arange(PICTURES) % 2), None, None

    monkeypatch.setattr(study_pets, "load_parts", load)


@pytest.mark.parametrize(
    "recipe, batches, batch_size, built",
    [("P4's", 100 * 100, 8, "build_pets_net"), ("ours", 9 * 3, 4, "build_pets_better")],
)
def test_the_cost_of_a_whole_training_is_counted_from_a_few_batches(
    small, monkeypatch, tmp_path, recipe, batches, batch_size, built
):
    networks, fitted = [], []
    make = getattr(study_pets_cost.models_pets, built)

    def build(**options):
        network = make(**options)
        network.fit = lambda x, y, *, batch_size, verbose: fitted.append((len(x), len(y), batch_size))
        networks.append(network)
        return network

    monkeypatch.setattr(study_pets_cost.models_pets, built, build)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "3")
    row = study_pets_cost.measure_cost({"recipe": recipe}, 0, tmp_path)
    assert row["threads"] == 3
    assert row["pictures"] == batches * batch_size
    assert row["training_cpu_seconds"] == 4 * batches  # 12 for 3 batches
    warmed, measured = ((count * batch_size, count * batch_size, batch_size) for count in (1, 3))
    assert fitted and fitted == [warmed, measured] * (len(fitted) // 2)
    for network in networks:
        assert {"augment", "drop"} <= {layer.name for layer in network.layers}


def test_the_posted_training_is_p4s_longer_one():
    posted = study_pets_cost.POSTED_EPOCHS, study_pets_cost.POSTED_BATCHES, study_pets_cost.POSTED_BATCH_SIZE
    assert posted == (100, 100, 32)
    study = studies.STUDIES["pets_cost"]
    assert [setting["recipe"] for setting in study.settings] == ["P4's", "ours"]
    assert study.run == "pixvox_studies.pets.cost:measure_cost" and len(study.seeds) > 1
