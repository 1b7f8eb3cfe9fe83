"""How hard the drawn faces are, on made-up ones whose evidence is known."""

import numpy as np
import pytest

from pixvox.compare import unpack_answers
from pixvox_sketch.faces.sets import DrawnFaces
from pixvox_studies.drawings import faces as drawn_faces


def make_drawn(people, rng):
    """Faces that are dark (old) or bright (young) in a corner; all else is noise."""
    identities = np.repeat(np.arange(people), 4)
    labels = np.arange(4 * people) % 2
    pictures = rng.integers(0, 100, (4 * people, 64, 64, 3)).astype(np.uint8)
    pictures[:, :16, :16] += (150 * labels)[:, None, None, None].astype(np.uint8)
    parts = np.zeros((4 * people, 64, 64), np.uint8)
    parts[:, :16, :16] = 1
    sizes = rng.integers(9000, 12000, 4 * people)
    zeros = np.zeros(4 * people, np.int64)
    return DrawnFaces(pictures, labels, identities, zeros, zeros, zeros.astype(float), sizes, parts)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(drawn_faces, "EPOCHS", 1)
    rng = np.random.default_rng(0)
    parts = make_drawn(12, rng), make_drawn(6, rng)
    test = make_drawn(50, rng)
    monkeypatch.setattr(drawn_faces, "_train_set", lambda seed: parts)
    monkeypatch.setattr(drawn_faces, "_test_set", lambda: test)


@pytest.mark.parametrize("learner", [*drawn_faces.SHORTCUTS, "average face", "network"])
def test_every_learner_is_measured(small, tmp_path, learner):
    measured = drawn_faces.measure_learner({"learner": learner}, 0, tmp_path)
    right = measured.pop("test_right")
    assert list(measured) == ["train_accuracy", "val_accuracy", "test_accuracy"]
    assert all(0 <= value <= 1 for value in measured.values())
    assert unpack_answers(right, 200).mean() == pytest.approx(measured["test_accuracy"])
    if learner in ("average face", "mean grey"):
        assert measured["test_accuracy"] > 0.95
    if learner in ("background", "file size"):
        assert measured["test_accuracy"] < 0.65, "the evidence is in the face only"


def test_people_are_in_one_part_only_and_tests_are_drawn_apart(monkeypatch):
    drawn = []

    def draw(people, *, seed, size, each=None):
        drawn.append((people, seed, each))
        return make_drawn(people, np.random.default_rng(seed))

    monkeypatch.setattr(drawn_faces.face_sets, "draw_faces", draw)
    fit, validation = drawn_faces._train_set.__wrapped__(3)
    drawn_faces._test_set.__wrapped__()
    assert drawn == [(96, 8003, None), (500, 8999, 2)]
    assert set(fit.identities) == set(range(72)) and set(validation.identities) == set(range(72, 96))


def test_the_network_is_p2s():
    convolutions = 896 + 9_248 + 18_496
    layers = [layer for layer in drawn_faces.build_network().layers if len(layer.weights) == 2]
    counted = sum(layer.count_params() for layer in layers)
    assert counted == convolutions + 8 * 8 * 64 * 64 + 64 + 65
