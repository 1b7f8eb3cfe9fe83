"""Lesson 01's studies, on a handful of made-up digits."""

from unittest.mock import Mock, call

import numpy as np
import pytest

from pixvox.training import one_cycle
from pixvox_studies import frame as studies
from pixvox_studies.mnist import networks as study_mnist


@pytest.fixture(autouse=True)
def few_digits(monkeypatch):
    """400 pictures in ten classes that differ in where they are bright; no files are read."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    labels = np.arange(400) % 10
    images = np.random.default_rng(0).integers(0, 60, (400, 28, 28, 1), dtype=np.uint8)
    for digit in range(10):
        images[labels == digit, 4 + 2 * digit : 6 + 2 * digit, 6:16] = 255
    monkeypatch.setattr(study_mnist, "load_mnist", lambda: ((images, labels), (images[:50], labels[:50])))
    return images


def test_the_split_is_scaled_and_held_apart(few_digits):
    (x_fit, y_fit), (x_val, y_val), (x_test, y_test) = study_mnist.load_split()
    assert (len(x_fit), len(x_val), len(x_test)) == (113, 287, 50)
    assert x_fit.dtype == np.float32 and 0 <= x_fit.min() and x_fit.max() == 1
    fitted = {image.tobytes() for image in x_fit}
    assert not fitted & {image.tobytes() for image in x_val}
    assert abs(np.bincount(y_fit) - 11.3).max() < 1


@pytest.mark.parametrize("name", ["convnet", "shifts", "dense", "better"])
def test_every_network_learns_the_made_up_digits(name, tmp_path, monkeypatch):
    schedule = Mock(wraps=one_cycle)
    monkeypatch.setattr(study_mnist, "one_cycle", schedule)
    row = study_mnist.measure_network({"network": name}, 0, tmp_path)
    assert set(row) == {"parameters", "test_accuracy", "test_accuracy_shifted"}
    assert row["test_accuracy"] > 0.8
    assert schedule.mock_calls == ([call(20 * 2, peak=0.01)] if name == "better" else [])  # 113 pictures


def test_a_seed_repeats(tmp_path):
    rows = [study_mnist.measure_network({"network": "dense"}, 1, tmp_path) for _ in range(2)]
    assert rows[0] == rows[1]


def test_an_activation_is_measured_on_validation_pictures(tmp_path):
    assert set(study_mnist.measure_activation({"activation": "tanh"}, 0, tmp_path)) == {"val_accuracy"}


def test_both_studies_are_known_and_have_five_seeds():
    for name in ("mnist_networks", "mnist_activations"):
        study = studies.STUDIES[name]
        assert len(study.settings) >= 3 and study.seeds == (0, 1, 2, 3, 4)
        module, function = study.run.split(":")
        assert module == "pixvox_studies.mnist.networks" and hasattr(study_mnist, function)
