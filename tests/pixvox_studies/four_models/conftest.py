"""A handful of made-up clothes and a small network in place of those of the studies."""

import keras
import pytest
from support.made_up import bars

from pixvox_studies import resuming
from pixvox_studies.four_models import better, networks


@pytest.fixture
def small_network():
    """Return a builder of a network with dropout and batch normalisation."""

    def build():
        inputs, dense = keras.layers.Input((28, 28, 1)), keras.layers.Dense(10, "softmax")
        inside = [keras.layers.Flatten(), keras.layers.Dropout(0.1), keras.layers.BatchNormalization()]
        return keras.Sequential([inputs, *inside, dense])

    return build


@pytest.fixture(autouse=True)
def few_clothes(monkeypatch, small_network):
    """60 pictures to learn from and 20 to test; nothing is drawn, no files are read; short trainings."""
    drawn = []

    def draw(count, seed):
        drawn.append(seed)
        return bars(20 if seed == networks.FRESH_TEST else 60, seed)

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(networks.common, "draw_clothes", draw)
    for name, value in {"FASHION_EPOCHS": 1, "EXTRA_EPOCHS": 2, "PARAMETER_EPOCHS": 1}.items():
        monkeypatch.setattr(networks, name, value)
    for name in ("BETTER_EPOCHS", "PARTS_EPOCHS"):
        monkeypatch.setattr(better, name, {"sample": 1})
    monkeypatch.setitem(networks.BUILDERS, "one conv", small_network)
    networks.load_split.cache_clear()
    yield drawn
    networks.load_split.cache_clear()


@pytest.fixture
def start():
    """Return a function that starts the clock of a work folder and returns the folder."""

    def started(work_dir):
        resuming.start_clock(work_dir)
        return work_dir

    return started
