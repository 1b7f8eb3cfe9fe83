"""Learning curves: which pictures, and how many batches."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox.models import heads
from pixvox_studies.pets import recipes as pets
from pixvox_studies.transfer import curves, routes

SIZE = (16, 20)
PARTS = tuple(
    (np.random.default_rng(count).integers(0, 256, (count, *SIZE, 3), dtype=np.uint8), np.arange(count) % 2)
    for count in (12, 4, 8)
)


@pytest.fixture
def asked(monkeypatch):
    """Record what would be loaded and trained."""
    record = {"loaded": [], "trained": [], "drawn": []}

    def draw(count, seed, size):
        record["drawn"].append((count, seed, size))
        pictures = np.zeros((2 * count, *SIZE, 3), np.uint8)
        return SimpleNamespace(pictures=pictures, labels=np.arange(2 * count))

    def load(seed, profile):
        record["loaded"].append((seed, profile))
        return PARTS

    def train(name):
        def measure(*arguments, **settings):
            record["trained"].append((name, arguments[-1], settings))
            return {"fit_seconds": 1.0, "train_accuracy": 1.0, "val_accuracy": 0.0, "test_accuracy": 0.7}

        return measure

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(routes.imagenet, "load_conv_base", lambda name, image_size: (name, image_size))
    monkeypatch.setattr(routes, "load_parts", load)
    monkeypatch.setattr(curves.common, "draw_animals", draw)
    for name in ("scratch", "mirrored", "better"):
        monkeypatch.setattr(routes, f"measure_{name}", train(name))
    return record


@pytest.mark.parametrize(
    "route, name",
    [("from scratch", "scratch"), ("ours, features", "mirrored"), ("ours, fine-tuned", "better")],
)
def test_a_row_trains_on_the_first_pictures_of_its_seed(asked, tmp_path, route, name):
    row = curves.measure_curve({"route": route, "pictures": 8}, 3, tmp_path)
    assert set(row) == {"fit_seconds", "train_accuracy", "test_accuracy"}
    ((trained, (train, validation, test), settings),) = asked["trained"]
    assert trained == name and asked["loaded"] == [(3, "sample")]
    np.testing.assert_array_equal(train[0], PARTS[0][0][:8])
    assert list(train[1]) == [0, 1] * 4
    assert validation is PARTS[1] and test is PARTS[2]
    assert settings == ({} if name == "mirrored" else {"batches": curves.BATCHES, "seed": 3})


def test_400_pictures_would_be_trained_as_a_route_is():
    assert curves.BATCHES == routes.SCRATCH_EPOCHS["sample"] * 400 // heads.BATCH_SIZE


def test_for_more_pictures_the_drawing_goes_on_and_so_does_the_training(asked, tmp_path):
    curves.measure_curve({"route": "from scratch", "pictures": 600}, 3, tmp_path)
    assert asked["drawn"] == [(curves.MOST // 2, pets.FRESH + 3, (64, 64))]
    ((_, (train, *others), settings),) = asked["trained"]
    assert list(train[1]) == list(range(600)) and others == [PARTS[1], PARTS[2]]
    assert settings == {"batches": 600, "seed": 3}


def test_photographs_are_not_drawn_on(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    with pytest.raises(ValueError, match="even number of pictures, 2 to 12"):
        curves.measure_curve({"route": "from scratch", "pictures": 600}, 3, tmp_path)
    assert not asked["drawn"]
