"""Order and rate: what trains in which half, and what is left of the base."""

import keras
import numpy as np
import pytest

from pixvox.datasets import imagenet
from pixvox_studies.transfer import depth, steps

ALL = [f"block{number}" for number in range(1, 6)]
HALVES = {"frozen": [[], []], "head first": [[], ALL], "at once": [ALL, ALL]}


@pytest.mark.parametrize("order", HALVES)
def test_two_halves_of_equal_length_at_one_rate(fits, monkeypatch, tmp_path, order):
    monkeypatch.setattr(depth, "LABELLED", 12)
    monkeypatch.setitem(steps.EPOCHS, "sample", 2)
    row = steps.measure_steps({"order": order, "rate": "small"}, 0, tmp_path)
    rate = pytest.approx(steps.RATES["small"])
    assert fits == [(blocks, rate, 2, 12) for blocks in HALVES[order]]
    assert (row["moved"] == 0) == (order == "frozen")
    assert 0 <= row["blank"] <= 1 and row["worth"] > 0.9  # brightness is easy to find in any maps


def test_a_map_is_blank_that_is_0_for_all_pictures(monkeypatch, tmp_path):
    monkeypatch.setattr(depth, "LABELLED", 12)
    monkeypatch.setitem(steps.EPOCHS, "sample", 1)

    def load_known(image_size):
        """A base of three maps: one is always 0, one for dark pictures only, one never."""
        inputs = keras.Input((*image_size, 3))
        base = keras.Model(inputs, keras.layers.Conv2D(3, image_size, activation="relu")(inputs))
        kernel = np.full((*image_size, 3, 3), 1 / np.prod((*image_size, 3)), np.float32)
        base.set_weights([kernel, np.array([-9, 0, 9], np.float32)])
        return imagenet.Network(base, keras.applications.mobilenet.preprocess_input)

    monkeypatch.setattr(steps.routes, "load_base", load_known)
    row = steps.measure_steps({"order": "frozen", "rate": "small"}, 0, tmp_path)
    assert row["blank"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("setting", [{"order": "last", "rate": "small"}, {"order": "frozen", "rate": "1"}])
def test_other_arms_are_refused(tmp_path, setting):
    with pytest.raises(ValueError, match="expected one of"):
        steps.measure_steps(setting, 0, tmp_path)
