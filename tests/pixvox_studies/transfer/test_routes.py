"""The routes of transfer learning: what each trains, from which weights, what it reports."""

import numpy as np
import pytest
from support.bright_pictures import PARTS, SIZE

from pixvox_studies.transfer import curves, heads, routes

ACCURACIES = ("train_accuracy", "val_accuracy", "test_accuracy")
SCORES = {"fit_seconds", "test_right", *ACCURACIES}
STAGE = {"before_seconds", "before_val_accuracy", "before_accuracy"}
ALL = [f"block{number}" for number in range(1, 6)]


@pytest.mark.parametrize("route", routes.ROUTES)
def test_a_route_is_measured_from_the_weights_that_it_names(loaded, tmp_path, route):
    row = routes.measure_route({"route": route}, 3, tmp_path)
    assert set(row) == SCORES | (STAGE if route == "fine-tuned" else set())
    assert all(0 <= row[name] <= 1 for name in ACCURACIES) and row["fit_seconds"] > 0
    assert loaded["weights"] == [None if "random" in route else "trained"]
    assert loaded["pictures"] == [(3, SIZE)]
    if route == "ours, features":
        assert row["test_accuracy"] > 0.9  # brightness is easy to find in any maps


def test_the_last_block_is_trained_after_the_head_on_a_frozen_base(fits, tmp_path):
    row = routes.measure_route({"route": "fine-tuned"}, 0, tmp_path)
    stages = [([], heads.HEAD_RATE["sample"], 2, 24), (["block5"], heads.TUNING_RATE["sample"], 1, 24)]
    for (blocks, rate, epochs, count), expected in zip(fits, stages, strict=True):
        assert (blocks, pytest.approx(rate), epochs, count) == expected
    assert 0 < row["before_seconds"] < row["fit_seconds"]


def test_our_thorough_route_trains_all_layers_at_once(fits, tmp_path):
    routes.measure_route({"route": "ours, fine-tuned"}, 0, tmp_path)
    ((blocks, rate, _, count),) = fits
    assert blocks == ALL and count == 2 * heads.BATCH_SIZE  # 24 pictures make two batches an epoch


def test_our_cheap_route_asks_the_mirror_image_too(monkeypatch, tmp_path):
    asked = []

    def maps(conv_base, pictures):
        asked.append(pictures)
        return routes.features.Features(pictures[:, :4, :4].astype(np.float32), 1.5)

    monkeypatch.setattr(routes, "compute_maps", maps)
    row = routes.measure_mirrored(0, tmp_path)
    assert row["test_accuracy"] > 0.9 and 3 < row["fit_seconds"] < 4  # features of both, and a regression
    for (pictures, _), plain, mirrored in zip(PARTS, asked[::2], asked[1::2], strict=True):
        np.testing.assert_array_equal(plain, pictures)
        np.testing.assert_array_equal(mirrored, np.flip(pictures, axis=2))


def test_a_curve_trains_on_the_first_pictures_as_long_as_on_all(fits, monkeypatch, tmp_path):
    monkeypatch.setattr(curves, "BATCHES", 2)
    row = curves.measure_curve({"pictures": 6}, 3, tmp_path)
    assert set(row) == SCORES - {"val_accuracy"}
    assert [count for *_, count in fits] == [2 * heads.BATCH_SIZE]


def test_400_drawings_would_be_trained_as_a_route_is(monkeypatch):
    monkeypatch.undo()
    assert curves.BATCHES == heads.BETTER_EPOCHS["sample"] * 400 // heads.BATCH_SIZE
