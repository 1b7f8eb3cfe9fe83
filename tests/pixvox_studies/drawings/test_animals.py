import numpy as np
import pytest

from pixvox_sketch.animals.sets import Drawn
from pixvox_studies.drawings import animals as study_animals


def make_drawn(count, rng):
    """Pictures that are dark (class 0) or bright (class 1) in a corner, with a background of noise."""
    labels = np.arange(2 * count) % 2
    pictures = rng.integers(0, 100, (2 * count, 64, 64, 3)).astype(np.uint8)
    pictures[:, :32, :32] += (150 * labels)[:, None, None, None].astype(np.uint8)
    parts = np.zeros((2 * count, 64, 64), np.uint8)
    parts[:, :32, :32] = 2
    return Drawn(pictures, labels, parts, rng.integers(4000, 8000, 2 * count))


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(study_animals, "FIT", 20)
    monkeypatch.setattr(study_animals, "EPOCHS", {"baseline": 1, "augmented": 1})
    rng = np.random.default_rng(0)
    drawn, test = make_drawn(30, rng), make_drawn(100, rng)
    monkeypatch.setattr(study_animals, "_train_set", lambda seed: drawn)
    monkeypatch.setattr(study_animals, "_test_set", lambda: test)


@pytest.mark.parametrize("learner", [*study_animals.SHALLOW, *study_animals.EPOCHS])
def test_every_learner_is_measured(small, tmp_path, learner):
    measured = study_animals.measure_learner({"learner": learner}, 0, tmp_path)
    assert list(measured) == ["train_accuracy", "val_accuracy", "test_accuracy"]
    assert all(0 <= value <= 1 for value in measured.values())
    if learner in ("pixels", "colours"):
        assert measured["test_accuracy"] > 0.95
    if learner in ("background", "file size"):
        assert measured["test_accuracy"] < 0.65, "the evidence is in the animal only"


def test_the_network_is_p4s_with_augmentation_and_dropout_added():
    plain, augmented = (study_animals.build_network(augmented=wished) for wished in (False, True))
    assert plain.count_params() == 896 + 18496 + 73856 + 147584 + 512 * (512 + 1) + 513
    assert augmented.count_params() - plain.count_params() < 10, "only the states of random generators"
    names = [type(layer).__name__ for layer in augmented.layers]
    assert "Dropout" in names and "RandomFlip" in names
    assert not {"Dropout", "RandomFlip"} & {type(layer).__name__ for layer in plain.layers}


def test_training_and_test_pictures_are_drawn_apart(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        study_animals.animal_sets, "draw_animals", lambda count, *, seed: drawn.append((count, seed))
    )
    study_animals._train_set.__wrapped__(3)
    study_animals._test_set.__wrapped__()
    assert drawn == [(300, 7003), (1000, 7999)]
    assert study_animals.animal_sets.SAMPLE_SEED not in (7003, 7999)
