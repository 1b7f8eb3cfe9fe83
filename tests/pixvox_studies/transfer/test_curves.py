"""Lesson 06's learning curves: which pictures, how many batches, and how a saving is read off."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox.compare import describe_needed, mean_interval, pictures_to_reach
from pixvox_studies import frame as studies
from pixvox_studies.pets import recipes as study_pets
from pixvox_studies.transfer import curves
from pixvox_studies.transfer import routes as study_routes

SIZE = (16, 20)
PARTS = tuple(
    (np.random.default_rng(count).integers(0, 256, (count, *SIZE, 3), dtype=np.uint8), np.arange(count) % 2)
    for count in (12, 4, 8)
)


@pytest.fixture
def asked(monkeypatch):
    """Record what would be loaded and trained."""
    record = {"loaded": [], "trained": [], "drawn": []}

    def draw(count, *, seed, size):
        record["drawn"].append((count, seed, size))
        return SimpleNamespace(
            pictures=np.zeros((2 * count, *SIZE, 3), np.uint8), labels=np.arange(2 * count)
        )

    def load(seed, profile):
        record["loaded"].append((seed, profile))
        return PARTS

    def train(name):
        def measure(*arguments, **settings):
            record["trained"].append((name, arguments[-1], settings))
            return {"fit_seconds": 1.0, "train_accuracy": 1.0, "val_accuracy": 0.0, "test_accuracy": 0.7}

        return measure

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(curves.models, "load_conv_base", lambda name, image_size: (name, image_size))
    monkeypatch.setattr(study_routes, "load_parts", load)
    monkeypatch.setattr(curves, "draw_animals", draw)
    curves._drawn_on.cache_clear()
    for name in ("scratch", "mirrored", "better"):
        monkeypatch.setattr(study_routes, f"measure_{name}", train(name))
    yield record
    curves._drawn_on.cache_clear()


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
    epochs, pictures = (
        study_routes.SCRATCH_EPOCHS["sample"],
        2 * study_pets.PER_CLASS["sample"][0],
    )
    assert pictures == 400 and epochs == study_routes.BETTER_EPOCHS
    assert curves.BATCHES == epochs * pictures // study_routes.BATCH_SIZE


def test_for_more_pictures_the_drawing_goes_on_and_so_does_the_training(asked, tmp_path):
    for _ in range(2):
        curves.measure_curve({"route": "from scratch", "pictures": 600}, 3, tmp_path)
    assert asked["drawn"] == [(curves.MOST // 2, study_pets.FRESH + 3, (64, 64))]
    (_, (train, *others), settings), _ = asked["trained"]
    assert list(train[1]) == list(range(600)) and others == [PARTS[1], PARTS[2]]
    assert settings == {"batches": 600, "seed": 3}


def test_photographs_are_not_drawn_on(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    with pytest.raises(ValueError, match="even number of pictures, 2 to 12"):
        curves.measure_curve({"route": "from scratch", "pictures": 600}, 3, tmp_path)
    assert not asked["drawn"]


@pytest.mark.parametrize("pictures", [0, 3, 13, 802])
def test_other_numbers_of_pictures_are_refused(asked, tmp_path, pictures):
    with pytest.raises(ValueError, match="even number of pictures, 2 to (12|800)"):
        curves.measure_curve({"route": "from scratch", "pictures": pictures}, 0, tmp_path)


def test_between_two_points_the_curve_is_straight_over_the_logarithm():
    assert pictures_to_reach(0.7, (100, 400), (0.6, 0.8)) == pytest.approx(200)
    assert pictures_to_reach(0.8, (100, 400), (0.6, 0.8)) == pytest.approx(400)
    assert pictures_to_reach(0.85, (100, 400, 1600), (0.6, 0.8, 0.9)) == pytest.approx(800)
    assert pictures_to_reach(0.5, (100, 400), (0.6, 0.8)) == 100
    assert pictures_to_reach(0.81, (100, 400), (0.6, 0.8)) == float("inf")
    assert pictures_to_reach(0.65, (100, 400, 1600), (0.6, 0.7, 0.65)) == pytest.approx(200)


@pytest.mark.parametrize(
    "pictures, accuracies, message",
    [
        ((100,), (0.5,), "two points"),
        ((100, 200), (0.5, 0.6, 0.7), "two points"),
        ((200, 100), (0.5, 0.6), "rising"),
        ((0, 100), (0.5, 0.6), "rising"),
    ],
)
def test_what_is_no_curve_is_refused(pictures, accuracies, message):
    with pytest.raises(ValueError, match=message):
        pictures_to_reach(0.5, pictures, accuracies)


def test_what_seeds_need_is_told_with_an_interval_or_as_a_bound():
    text = describe_needed([200, 400, 800], least=100, most=1600)
    mean, low, high = np.exp(mean_interval(np.log([200, 400, 800])))
    assert text == f"400 pictures ({low:,.0f} to {high:,.0f})" and round(mean) == 400
    assert describe_needed([200, float("inf")], least=100, most=1600) == (
        "more than 1,600 pictures (1 of 2 seeds)"
    )
    assert describe_needed([100.0, 150], least=100, most=1600) == (
        "at most 150 pictures (the curve begins at 100)"
    )


def test_the_study_is_registered():
    study = studies.STUDIES["transfer_curves"]
    assert study.run == "pixvox_studies.transfer.curves:measure_curve" and len(study.seeds) >= 3
    counts = [setting["pictures"] for setting in study.settings]
    assert all(count % 2 == 0 and count <= curves.MOST for count in counts)
    assert 400 not in counts  # the table of the routes has it
