"""Lesson 06's learning curves: which pictures, how many batches, and how a saving is read off."""

import numpy as np
import pytest

from pixvox import studies, study_routes
from pixvox import study_transfer_curves as curves

SIZE = (16, 20)


@pytest.fixture
def asked(monkeypatch):
    """Record what would be trained and drawn; draw little noise pictures."""
    record = {"drawn": [], "trained": []}

    def draw(count, *, seed, size, processes):
        record["drawn"].append((count, seed, size))
        rng = np.random.default_rng(seed)
        pictures = rng.integers(0, 256, (2 * count, *size, 3), dtype=np.uint8)
        return type("Drawn", (), {"pictures": pictures, "labels": np.arange(2 * count) % 2})

    def train(name):
        def measure(*arguments, **settings):
            *_, parts = arguments
            record["trained"].append((name, parts, settings))
            return {"fit_seconds": 1.0, "train_accuracy": 1.0, "val_accuracy": 0.0, "test_accuracy": 0.7}

        return measure

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(curves, "MOST", 6)
    monkeypatch.setattr(curves, "draw_animals", draw)
    monkeypatch.setattr(curves.study_pets, "DRAWN_TEST", 4)
    monkeypatch.setattr(curves.models, "load_conv_base", lambda name, image_size: (name, image_size))
    monkeypatch.setitem(study_routes.IMAGE_SIZE, "sample", SIZE)
    for name in ("scratch", "mirrored", "better"):
        monkeypatch.setattr(study_routes, f"measure_{name}", train(name))
    curves._drawn.cache_clear()
    yield record
    curves._drawn.cache_clear()


@pytest.mark.parametrize(
    "route, name",
    [("from scratch", "scratch"), ("ours, features", "mirrored"), ("ours, fine-tuned", "better")],
)
def test_a_row_trains_on_the_first_pictures_of_its_seed(asked, tmp_path, route, name):
    row = curves.measure_curve({"route": route, "pictures": 8}, 3, tmp_path)
    assert set(row) == {"fit_seconds", "train_accuracy", "test_accuracy"}
    ((trained, (train, _, test), settings),) = asked["trained"]
    assert trained == name
    pets = curves.study_pets
    assert asked["drawn"] == [(6, pets.FRESH + 3, SIZE), (4, pets.FRESH_TEST, SIZE)]
    drawn = np.random.default_rng(pets.FRESH + 3).integers(0, 256, (12, *SIZE, 3), dtype=np.uint8)
    np.testing.assert_array_equal(train[0], drawn[:8])
    assert list(train[1]) == [0, 1] * 4 and len(test[1]) == 8
    if name != "mirrored":
        assert settings["batches"] == curves.BATCHES and settings["seed"] == 3


def test_pictures_are_drawn_once_for_all_rows(asked, tmp_path):
    for pictures in (2, 4, 12):
        curves.measure_curve({"route": "from scratch", "pictures": pictures}, 0, tmp_path)
    assert len(asked["drawn"]) == 2


def test_many_pictures_get_more_batches_from_scratch(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(curves, "LEAST_EPOCHS", 1_000)
    curves.measure_curve({"route": "from scratch", "pictures": 10}, 0, tmp_path)
    assert asked["trained"][0][2]["batches"] == 500


@pytest.mark.parametrize("pictures", [0, 3, 14])
def test_other_numbers_of_pictures_are_refused(asked, tmp_path, pictures):
    with pytest.raises(ValueError, match="even number of pictures, 2 to 12"):
        curves.measure_curve({"route": "from scratch", "pictures": pictures}, 0, tmp_path)


def test_between_two_points_the_curve_is_straight_over_the_logarithm():
    assert curves.pictures_to_reach(0.7, (100, 400), (0.6, 0.8)) == pytest.approx(200)
    assert curves.pictures_to_reach(0.8, (100, 400), (0.6, 0.8)) == pytest.approx(400)
    assert curves.pictures_to_reach(0.85, (100, 400, 1600), (0.6, 0.8, 0.9)) == pytest.approx(800)
    assert curves.pictures_to_reach(0.5, (100, 400), (0.6, 0.8)) == 100
    assert curves.pictures_to_reach(0.81, (100, 400), (0.6, 0.8)) == float("inf")
    assert curves.pictures_to_reach(0.65, (100, 400, 1600), (0.6, 0.7, 0.65)) == pytest.approx(200)


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
        curves.pictures_to_reach(0.5, pictures, accuracies)


def test_what_seeds_need_is_told_with_an_interval_or_as_a_bound():
    text = curves.describe_needed([200, 400, 800], least=100, most=1600)
    mean, low, high = np.exp(curves.compare.mean_interval(np.log([200, 400, 800])))
    assert text == f"400 pictures ({low:,.0f} to {high:,.0f})" and round(mean) == 400
    assert curves.describe_needed([200, float("inf")], least=100, most=1600) == (
        "more than 1,600 pictures (1 of 2 seeds)"
    )
    assert curves.describe_needed([100.0, 150], least=100, most=1600) == (
        "at most 150 pictures (the curve begins at 100)"
    )


def test_the_study_is_registered():
    study = studies.STUDIES["transfer_curves"]
    assert study.run == "pixvox.study_transfer_curves:measure_curve" and len(study.seeds) >= 3
    counts = [setting["pictures"] for setting in study.settings]
    assert max(counts) == 2 * curves.MOST and all(count % 2 == 0 for count in counts)
    assert 400 not in counts, "the table of the routes has them, trained in the same way"
