"""The studies of other people, on a handful of made-up pictures."""

from types import SimpleNamespace

import numpy as np
import pytest

from pixvox import compare
from pixvox.datasets.faces import FacePart
from pixvox.tables import load_study
from pixvox_studies import faces as topic
from pixvox_studies.faces import networks as models
from pixvox_studies.faces import people, variants

SIZE = (16, 16)


class Bright:
    """A network that calls bright pictures young, and one that is brighter than 1 old."""

    def predict(self, x, **_):
        means = x.mean(axis=(1, 2, 3))
        return np.where((means > 0.5) & (means < 2), 0.9, 0.1)[:, None]

    def evaluate(self, x, y, **_):
        return [float(x.max()), 0.0]


@pytest.fixture
def calls(monkeypatch):
    """Draw noise, dark (old) or bright (young), three pictures a person and age; train nothing."""
    calls = SimpleNamespace(drawn=[], trained=[])

    def draw(count, *, seed, size, each=3, processes):
        calls.drawn.append((count, seed, size, each))
        labels = np.tile(np.repeat([0, 1], each), count)
        noise = np.random.default_rng(seed).integers(0, 100, (len(labels), *size, 3))
        pictures = (noise + 155 * labels[:, None, None, None]).astype(np.uint8)
        return SimpleNamespace(
            pictures=pictures, labels=labels, identities=np.repeat(np.arange(count), 2 * each)
        )

    def train(setting, train, val, seed, work_dir):
        calls.trained.append((setting, train, val, seed))
        return Bright(), {}, 1.0

    def load(profile, seed):
        assert profile == "sample"
        drawn = draw(5, seed=100 + seed, size=SIZE, processes=2)
        part = FacePart(drawn.pictures / np.float32(255), drawn.labels, drawn.identities)
        return {"train": part, "val": part, "test": part, "fresh": part}

    monkeypatch.setattr(people, "draw_faces", draw)
    monkeypatch.setattr(variants, "train_variant", train)
    monkeypatch.setattr(variants, "load_parts", load)
    monkeypatch.setattr(models, "IMAGE_SIZES", {"sample": SIZE})
    people.draw_parts.cache_clear()
    people.draw_strangers.cache_clear()
    yield calls
    people.draw_parts.cache_clear()
    people.draw_strangers.cache_clear()


def test_a_rate_is_chosen_by_people_who_have_no_other_part(calls, tmp_path):
    setting = {"variant": "5x5", "rate": 3e-4}
    row = people.measure_rate(setting, 2, tmp_path)
    assert calls.drawn == [(96, 8_602, SIZE, 3), (250, 8_997, SIZE, 2)]
    ((given, train, val, seed),) = calls.trained
    assert (given, seed) == (setting, 2)
    assert set(train.identities) == set(range(72)) and set(val.identities) == set(range(72, 96))
    assert train.images.dtype == np.float32 and train.images.max() <= 1
    assert row == {"train_accuracy": 1.0, "val_accuracy": 1.0, "choosing_accuracy": 1.0}
    people.measure_rate(setting, 1, tmp_path)
    assert calls.drawn[2:] == [(96, 8_601, SIZE, 3)]  # those who choose are the same for all seeds


def test_people_and_seeds_meet_and_the_judges_are_those_of_the_variants(calls, tmp_path):
    row = people.measure_luck({"people": 3}, 1, tmp_path)
    assert calls.drawn == [(96, 8_703, SIZE, 3), (variants.FRESH, variants.FRESH_SEED, SIZE, variants.EACH)]
    assert calls.trained[0][0] == {"variant": "base"} and calls.trained[0][3] == 1
    assert compare.unpack_answers(row["fresh_right"], 2_000).all() and row["fresh_accuracy"] == 1


def test_groups_are_looked_at_on_people_drawn_for_that(calls, tmp_path):
    row = people.measure_groups({"variant": "ours"}, 4, tmp_path)
    assert calls.drawn == [(5, 104, SIZE, 3), (1_000, 8_996, SIZE, 2)]
    assert calls.trained[0][0] == {"variant": "ours"} and calls.trained[0][3] == 4
    assert compare.unpack_answers(row["groups_right"], 4_000).all()


def test_undivided_pictures_are_the_same_and_255_times_as_bright(calls, tmp_path):
    row = people.measure_undivided({"network": "base"}, 0, tmp_path)
    assert row["fresh_accuracy"] == 1 and 0.9 < row["fresh_loss"] <= 1
    assert row["undivided_loss"] == pytest.approx(255 * row["fresh_loss"])
    right = compare.unpack_answers(row["undivided_right"], 30)  # all are brighter than 2: old
    np.testing.assert_array_equal(right, np.tile(np.repeat([True, False], 3), 5))
    assert row["undivided_accuracy"] == 0.5


def test_every_variant_is_given_three_rates_round_the_default():
    given = {}
    for setting in topic.STUDIES["face_rates"].settings:
        given.setdefault(setting["variant"], []).append(setting["rate"])
    assert set(given) == set(models.VARIANTS) and {*map(tuple, given.values())} == {people.RATES}


def test_each_variant_is_trained_with_the_rate_that_its_table_says_is_best():
    table = load_study("face_rates", "sample").groupby(["variant", "rate"])["choosing_accuracy"].mean()
    best = table.unstack().idxmax(axis=1)
    assert topic.TUNED == best[best != 1e-3].to_dict()
