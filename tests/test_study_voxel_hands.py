"""The study of handedness: what is a mirror image, what a face-on picture shows of it, and a short run."""

import numpy as np
import pytest

from pixvox import study_voxel_hands as study
from pixvox.voxel_views import face_on


@pytest.fixture(scope="module")
def helices():
    return study.draw_helices(6, np.random.default_rng(0))


def test_an_odd_number_of_flips_is_a_mirror_image(helices):
    flipped, hands = study.flip(np.repeat(helices[:1], 64, axis=0), np.random.default_rng(1))
    for volume, hand in zip(flipped, hands, strict=True):
        found = [
            sum(axes)
            for axes in np.ndindex(2, 2, 2)
            if np.array_equal(volume, np.flip(helices[0], np.flatnonzero(axes)))
        ]
        assert [count % 2 for count in found] == [hand]
    assert 16 < hands.sum() < 48


def test_the_helices_are_left_as_they_were(helices):
    before = helices.copy()
    study.flip(helices, np.random.default_rng(0))
    np.testing.assert_array_equal(helices, before)
    assert helices.shape == (6, 16, 16, 16) and helices.dtype == np.float32


def test_a_body_and_its_mirror_image_are_one_face_on_picture(helices):
    np.testing.assert_allclose(face_on(helices[..., ::-1]), face_on(helices), atol=1e-2)
    assert np.abs(helices[..., ::-1] - helices).max() > 0.1


@pytest.mark.parametrize("network", ["3D", "facing"])
def test_a_row_has_what_the_lesson_shows(network, monkeypatch, tmp_path):
    monkeypatch.setattr(study, "COUNTS", (8, 4))
    monkeypatch.setattr(study, "EPOCHS", 2)
    row = study.measure_hands({"network": network}, 0, tmp_path)
    assert set(row) == {"test_accuracy", "epoch_train"}
    assert 0 <= row["test_accuracy"] <= 1 and len(row["epoch_train"]) == 2


def test_other_seeds_draw_other_helices(monkeypatch, tmp_path):
    monkeypatch.setattr(study, "COUNTS", (2, 2))
    monkeypatch.setattr(study, "EPOCHS", 1)
    drawn, draw = [], study.draw_helices
    monkeypatch.setattr(study, "draw_helices", lambda *case: drawn.append(draw(*case)) or drawn[-1])
    for seed in (0, 1):
        study.measure_hands({"network": "3D"}, seed, tmp_path)
    training, test, other, _ = drawn
    assert not np.array_equal(training, other) and not np.array_equal(training, test)
