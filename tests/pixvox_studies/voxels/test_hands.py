"""The study of handedness: what is a mirror image, what a face-on picture shows of it, and a short run."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox.voxels.views import face_on
from pixvox_sketch.solids import draw_cloud
from pixvox_studies.voxels import hands as study
from pixvox_studies.voxels.better import DECAY, RATE


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


class Network:
    """In a network's place: keeps what it is given."""

    def __init__(self):
        self.fitted, self.evaluated = [], []

    def compile(self, optimizer, loss, metrics):
        self.optimizer = optimizer

    def fit(self, x, y, **options):
        self.fitted.append((x.ravel(), y, options))
        return SimpleNamespace(history={"accuracy": [len(self.fitted) / 10]})

    def evaluate(self, x, y, **options):
        self.evaluated.append((x.ravel(), y))
        return 0.9, 0.6


@pytest.fixture
def recorded(monkeypatch):
    """Eight helices and four, three epochs, and recorders; return what is kept."""
    kept = SimpleNamespace(network=Network(), seeds=[], built=[])

    def build(name):
        kept.built.append(name)
        return kept.network, np.square

    monkeypatch.setattr(study, "COUNTS", (8, 4))
    monkeypatch.setattr(study, "EPOCHS", 3)
    monkeypatch.setattr(study, "BATCH_SIZE", 3)
    monkeypatch.setattr(study, "build_and_look", build)
    monkeypatch.setattr(study.keras.utils, "set_random_seed", kept.seeds.append)
    return kept


def test_trained_on_some_and_tested_on_others(recorded, monkeypatch, tmp_path):
    """Numbers stand for helices: 1 to 8 to train on, 11 to 14 to test on; what is seen of them is squared."""
    starts = {8: 1, 4: 11}
    draw = lambda count, rng: np.arange(count)[:, None, None, None] + starts[count]  # noqa: E731
    monkeypatch.setattr(study, "draw_helices", draw)
    monkeypatch.setattr(study, "flip", lambda volumes, rng: (volumes, rng.integers(0, 2, len(volumes))))
    row = study.measure_hands({"network": "3D"}, 5, tmp_path)
    assert row == {"test_accuracy": 0.6, "epoch_train": [0.1, 0.2, 0.3]}
    assert recorded.seeds == [5] and recorded.built == ["3D"]
    network = recorded.network
    for seen, hands, options in network.fitted:
        np.testing.assert_array_equal(seen, np.arange(1, 9) ** 2)
        assert len(hands) == 8 and options == {"batch_size": 3, "verbose": 0}
    first, *others = [hands for _, hands, _ in network.fitted]
    assert any((first != hands).any() for hands in others)  # flipped anew in each epoch
    ((seen, hands),) = network.evaluated
    np.testing.assert_array_equal(seen, np.arange(11, 15) ** 2)
    assert len(hands) == 4
    rate = network.optimizer._learning_rate
    assert rate.warmup_steps + rate.decay_steps == 3 * 3  # three epochs of 8 helices in batches of 3
    assert (rate.warmup_target, network.optimizer.weight_decay) == (RATE, DECAY)


def test_helices_are_drawn(monkeypatch):
    rng, drawn = np.random.default_rng(0), []
    draw = draw_cloud
    monkeypatch.setattr(study, "draw_cloud", lambda *case: drawn.append(case) or draw(*case))
    study.draw_helices(2, rng)
    assert drawn == [("helix", rng)] * 2


def test_other_seeds_draw_other_helices(recorded, monkeypatch, tmp_path):
    drawn, draw = [], study.draw_helices
    monkeypatch.setattr(study, "COUNTS", (2, 2))
    monkeypatch.setattr(study, "draw_helices", lambda *case: drawn.append(draw(*case)) or drawn[-1])
    for seed in (0, 1):
        study.measure_hands({"network": "3D"}, seed, tmp_path)
    training, test, other, _ = drawn
    assert not np.array_equal(training, other) and not np.array_equal(training, test)
