"""Handedness: what is a mirror image, what its shadow shows of it, and a short run."""

import keras
import numpy as np
import pytest

from pixvox.compare import unpack_answers
from pixvox.voxels.views import own_grid
from pixvox_studies.voxels import axes, hands


@pytest.fixture(scope="module")
def helices():
    return hands.draw_helices(6, np.random.default_rng(0))


def test_an_odd_number_of_flips_is_a_mirror_image(helices):
    before = helices.copy()
    flipped, found = hands.flip(np.repeat(helices[:1], 64, axis=0), np.random.default_rng(1))
    for volume, hand in zip(flipped, found, strict=True):
        flips = [np.flatnonzero(axes) for axes in np.ndindex(2, 2, 2)]
        found_in = [axes for axes in flips if np.array_equal(volume, np.flip(helices[0], axes))]
        assert [len(axes) % 2 for axes in found_in] == [hand]
    assert 16 < found.sum() < 48
    np.testing.assert_array_equal(helices, before)
    assert helices.shape == (6, 16, 16, 16) and helices.dtype == np.float32


def test_a_body_and_its_mirror_image_cast_one_shadow(helices):
    """In their own axes too, where all that a mirror changes is which end of the thin axis is nearer."""
    mirrored = helices[..., ::-1]
    np.testing.assert_allclose(axes.as_shadows(mirrored), axes.as_shadows(helices), atol=1e-5)
    own, own_mirrored = own_grid(helices), own_grid(mirrored)
    np.testing.assert_allclose(axes.as_shadows(own_mirrored), axes.as_shadows(own), atol=1e-2)
    assert (np.abs(own_mirrored - own).max(axis=(1, 2, 3)) > 0.1).all()


def small_network(setting):
    """Return a network of one dense layer in place of the study's, and what it looks at."""
    flatten, dense = keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.layers.Input((16, 16, 16)), flatten, dense]), np.asarray


def test_trained_on_some_and_tested_on_others(monkeypatch, tmp_path):
    """Volumes of one number stand for helices: 1 to 8 to train on, 11 to 14 to test on."""
    seen, looks, starts = [], [], {8: np.ones((8, 16, 16, 16)), 4: np.full((4, 16, 16, 16), 11.0)}
    monkeypatch.setattr(hands, "COUNTS", (8, 4))
    monkeypatch.setattr(hands, "EPOCHS", 3)
    monkeypatch.setattr(hands, "draw_helices", lambda count, rng: starts[count])

    def flip(volumes, rng):
        seen.append((len(volumes), volumes[0, 0, 0, 0], rng.integers(0, 2, len(volumes))))
        return volumes, seen[-1][2]

    def look_on(setting):
        network, look = small_network(setting)
        return network, lambda volumes: looks.append(len(volumes)) or look(volumes)

    monkeypatch.setattr(hands, "flip", flip)
    monkeypatch.setattr(hands, "build_and_look", look_on)
    row = hands.measure_hands({"network": "shadow", "axes": "their own"}, 5, tmp_path)
    assert [(count, first) for count, first, _ in seen] == [(8, 1)] * 3 + [(4, 11)] and looks == [8, 8, 8, 4]
    assert any((seen[0][2] != drawn).any() for _, _, drawn in seen[1:3])  # flipped anew in each epoch
    assert set(row) == {"test_accuracy", "test_right", "epoch_train"} and len(row["epoch_train"]) == 3
    assert unpack_answers(row["test_right"], 4).mean() == pytest.approx(row["test_accuracy"])


def test_other_seeds_draw_other_helices(monkeypatch, tmp_path):
    drawn, draw = [], hands.draw_helices
    monkeypatch.setattr(hands, "COUNTS", (2, 2))
    monkeypatch.setattr(hands, "EPOCHS", 1)
    monkeypatch.setattr(hands, "draw_helices", lambda *case: drawn.append(draw(*case)) or drawn[-1])
    monkeypatch.setattr(hands, "build_and_look", small_network)
    for seed in (0, 1):
        hands.measure_hands({"network": "shadow", "axes": "their own"}, seed, tmp_path)
    training, test, other, _ = drawn
    assert not np.array_equal(training, other) and not np.array_equal(training, test)
