"""The study of a spoilt folder, on a very small one: what its rows promise, and what they count."""

import keras
import numpy as np
import pytest

from pixvox.compare import unpack_answers
from pixvox_sketch.own_pictures.faults import SHORTCUTS, Faults
from pixvox_studies import own_pictures
from pixvox_studies.own_pictures import controls, faults, tools

FRESH = 8
STEPS = ("first", "read", "grouped", "covered", "relabelled")


def plain(number):
    """Return a picture that tells cats from dogs by its brightness, of its own pattern: uint8 (64, 64, 3)."""
    rng = np.random.default_rng(number)
    small = rng.integers(0, 110, (8, 8, 3)) + 100 * (number % 2)
    return np.kron(small, np.ones((8, 8, 1))).astype(np.uint8)


@pytest.fixture
def small(monkeypatch):
    """Twenty portraits and sixteen fresh ones, made up; one epoch; features of a small random network."""

    def draw(count, *, seed, processes):
        return [plain(number + 1000 * (seed == faults.FRESH_SEED)) for number in range(2 * count)]

    def encoder():
        keras.utils.set_random_seed(0)
        inputs = keras.Input((64, 64, 3))
        x = keras.layers.Conv2D(64, 32, strides=32, activation="relu")(inputs)
        return keras.Model(inputs, x), lambda pictures: pictures / 255

    def build(num_classes):
        ends = [keras.layers.Flatten(), keras.layers.Dense(num_classes, activation="softmax")]
        middle = [keras.layers.Rescaling(1 / 255), keras.layers.Conv2D(2, 8, strides=8, activation="relu")]
        return keras.Sequential([keras.Input((64, 64, 3)), *middle, *ends])

    monkeypatch.setattr(tools, "build_network", build)
    for name, value in (("COUNT", 10), ("FRESH", FRESH), ("draw_portraits", draw), ("load_encoder", encoder)):
        monkeypatch.setattr(faults, name, value)
    needed = np.zeros((8, 8))
    needed[6, 6] = 1  # where the mark is
    monkeypatch.setattr(tools, "needed", lambda network, pictures: needed)
    monkeypatch.setattr(tools, "EPOCHS", 1)
    monkeypatch.setattr(tools, "LOOKS", 6)
    kept = (faults.portraits_of, faults.draw_monday)
    for function in kept:
        function.cache_clear()
    yield
    for function in kept:
        function.cache_clear()


def measure(fault, strength):
    return faults.measure_faults({"fault": fault, "strength": strength}, 0, None)


def test_each_setting_is_a_fault_alone_or_all_of_the_sample_s():
    usual, none = Faults(), Faults(0, 0, 0, "")
    assert faults.make_faults("none", 0.0) == none
    for name in ("twins", "swapped", "sixteen_bit"):
        made = faults.make_faults(name, 0.16)
        assert getattr(made, name) == 0.16 and made._replace(**{name: 0}) == none
    for name in SHORTCUTS:
        made = faults.make_faults(name, 0.9)
        assert (made.shortcut, made.strength) == (name, 0.9) and made[:3] == (0, 0, 0)
    assert faults.make_faults("all", 1.0) == pytest.approx(usual)
    half = faults.make_faults("all", 0.5)
    assert half[:3] == pytest.approx([share / 2 for share in usual[:3]])
    assert (half.shortcut, half.strength) == ("mark", pytest.approx(0.73))  # half way from .5 to .96
    assert faults.make_faults("all", 1.5).strength == 1


def test_the_study_measures_every_fault_and_shortcut_alone():
    settings = own_pictures.STUDIES["own_faults"].settings
    assert {setting["fault"] for setting in settings} == {
        *("none", "all", "twins", "swapped", "sixteen_bit"),
        *SHORTCUTS,
    }
    assert {setting["strength"] for setting in settings if setting["fault"] == "all"} >= {1.0}


def test_a_row_of_all_faults_has_all_that_is_promised(small):
    row = measure("all", 1.0)
    scores = [f"{kind}_{step}" for kind in ("score", "monday") for step in STEPS]
    scores += ["net_score", "net_monday", "net_mended_score", "net_mended_monday", "facts_score"]
    for name in scores:
        assert 0 <= row[name] <= 1, name
    for name in ("twins", "sixteen_bit", "mark"):
        assert 0 <= row[f"{name}_found"] <= row[f"{name}_there"] and row[f"{name}_accused"] >= 0
    # Of 10 a kind: .08 is 1 swapped and 1 of 16 bits, .4 are 4 twins, the mark on all but .04 of either.
    assert row["sixteen_bit_there"] == row["sixteen_bit_found"] == 2 and row["labels_wrong"] == 2
    assert row["twins_there"] == 8 and row["mark_there"] == 13 + 1
    assert 0 <= row["labels_before"] <= 2 and 0 <= row["labels_after"] <= 2
    assert row["heat_hit"] is True and isinstance(row["grad_cam_hit"], bool)
    answers = unpack_answers(row["test_right"], 2 * FRESH)
    assert np.mean(answers) == row["monday_relabelled"]
    for name in ("half", "chosen", "formula"):
        assert 0 <= row[f"cost_{name}"] <= 250  # all dogs missed
    assert 0 < row["threshold"] < 1


def test_twins_alone_are_scored_at_random_and_in_groups(small):
    row = measure("twins", 0.4)
    assert row["twins_there"] == 8 and row["labels_wrong"] == row["sixteen_bit_there"] == 0
    assert row["twins_found"] >= 6 and row["twins_accused"] <= 4
    assert all(0 <= row[f"net_{name}"] <= 1 for name in ("random", "grouped"))
    assert 0 <= min(row["twins_by_features"], row["twins_by_fingerprint"])
    assert not any(name.startswith("mark_") for name in row)


def test_labels_that_are_looked_at_are_mended_as_the_truth_says(small, monkeypatch):
    monkeypatch.setattr(tools, "LOOKS", 20)  # all
    seen = []
    score = faults._score
    monkeypatch.setattr(faults, "_score", lambda row, *given: seen.append(given) or score(row, *given))
    row = measure("swapped", 0.2)
    assert row["labels_wrong"] == row["labels_before"] == row["labels_after"] == 4
    labels = {name: folder[1] for name, folder, *_ in seen}
    assert [*labels] == [*STEPS] and (labels["first"] != labels["relabelled"]).sum() == 4
    assert row["monday_relabelled"] >= row["monday_grouped"]


def covers(cover, labels="as found", fault="mark", strength=1.0):
    setting = {"fault": fault, "strength": strength, "cover": cover, "labels": labels}
    return controls.measure_covers(setting, 0, None)


def hidden(cover, pictures, labels):
    """Say which pixels a way to cover makes grey: booleans (height, width)."""
    return (controls.COVERS[cover](pictures, labels)(np.zeros_like(pictures)) == 128).all(axis=(0, 3))


def test_the_mark_is_covered_where_the_means_differ_and_elsewhere_it_is_not(small):
    rng = np.random.default_rng(0)
    pictures, labels = rng.integers(0, 255, (30, 64, 64, 3), dtype=np.uint8), np.arange(30) % 2
    pictures[1::2, 30:34, 20:24] = 255
    assert hidden("means", pictures, labels)[30:34, 20:24].all()
    assert hidden("means", pictures, labels).sum() == tools.SIDE**2
    assert not hidden("elsewhere", pictures, labels)[30:34, 20:24].any()
    assert not hidden("nothing", pictures, labels).any()
    border = hidden("border", pictures, labels)
    assert border.sum() == 64**2 - 56**2 and not border[4:-4, 4:-4].any()


def test_labels_are_mended_as_the_setting_says(small, monkeypatch):
    seen = []
    asked = tools.out_of_fold
    monkeypatch.setattr(tools, "out_of_fold", lambda x, y, *rest: seen.append(y) or asked(x, y, *rest))
    changed = {}
    for labels in ("as found", "looked at", "moved", "true"):
        row = covers("means", labels, "swapped", 0.2)
        changed[labels] = int((seen[-1] != seen[-2]).sum())
        assert np.mean(unpack_answers(row["test_right"], 2 * FRESH)) == row["monday"]
        assert (row["folder"] == row["truth"]) or labels != "true"
    assert changed["as found"] == 0 and changed["moved"] == tools.LOOKS and changed["true"] == 4
    assert changed["looked at"] == row["labels_found"] <= 4
    with pytest.raises(ValueError, match="means"):
        covers("mean")


def test_seen_twins_are_those_with_one_in_the_training_part(small):
    row = controls.measure_twins_seen({"strength": 0.4}, 0, None)
    assert row["pictures_without"] == 20 - 8 and 0 <= row["pictures_with"] <= 16
    assert all(0 <= row[f"{name}_{kind}"] <= 1 for name in ("net", "quick") for kind in ("with", "without"))


def test_maps_and_means_find_the_mark(small, monkeypatch):
    setting = {"fault": "mark", "strength": 1.0}
    found = controls.measure_maps(setting, 0, None)
    assert {*found} == {"grad_cam", "by_place", "hiding"} and found["hiding"] is True
    grey = [np.full((64, 64, 3), 90, np.uint8)] * 20
    monkeypatch.setattr(faults, "portraits_of", lambda seed: grey)
    means = controls.measure_means(setting, 0, None)
    assert means["means_hit"] is True and 0 < means["highest"] <= 255
    assert controls.measure_means({"fault": "none", "strength": 0.0}, 0, None)["means_hit"] is False
