"""The studies of young and old, on a handful of made-up pictures."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from support.learning import check_changes, check_learns
from support.made_up import keys_of

from pixvox import compare
from pixvox.datasets.faces import FacePart, Faces
from pixvox_studies.faces import networks as models
from pixvox_studies.faces import variants
from pixvox_studies.faces.networks import OURS

SIZE = (36, 36)
WRONG_FRESH = [0, 4, 5, 9, 10]  # fresh pictures whose label is wrong, so that no network is right
PARTS = {"train": (0, 4), "validation": (4, 6), "test": (6, 8)}  # which people: four pictures of each
COUNT = (25 * 3 * 16) + 9 * (16 * 32 + 32 * 64 + 64 * 64 + 64 * 128) + 4 * (16 + 32 + 64 + 64 + 128) + 128 + 1
ACCURACIES = {"train_accuracy", "val_accuracy", "test_accuracy"}
MEASURED = ACCURACIES | {"parameters", "fit_seconds", "epoch_train", "epoch_val", "test_n", "test_right"}


def make_faces(people, seed, *, each=2, size=SIZE):
    """Pictures of noise, dark (old) or bright (young), person by person, the old ones first."""
    identities = np.repeat(np.arange(people), 2 * each)
    labels = np.tile(np.repeat([0, 1], each), people)
    noise = np.random.default_rng(seed).integers(0, 100, (len(labels), *size, 3))
    pictures = (noise + 155 * labels[:, None, None, None]).astype(np.uint8)
    return SimpleNamespace(pictures=pictures, labels=labels, identities=identities)


def forget():
    variants.load_parts.cache_clear()
    variants.fresh_faces.cache_clear()


@pytest.fixture
def calls(monkeypatch):
    """Put 32 pictures where the sample's would be, and 12 fresh ones: nothing is drawn, no file is read."""
    calls = SimpleNamespace(loaded=[], drawn=[], given=[])

    def load(*, image_size, split, seed):
        calls.loaded.append((image_size, split, seed))
        faces, parts = make_faces(8, seed, size=image_size), []
        for first, last in PARTS.values():
            rows = (faces.identities >= first) & (faces.identities < last)
            parts.append(FacePart(faces.pictures[rows], faces.labels[rows], faces.identities[rows]))
        return Faces(*parts, tuple(f"person {number}" for number in range(8)))

    def draw(people, *, seed, size, each, processes):
        calls.drawn.append((people, seed, size, each))
        faces = make_faces(people, seed, each=each, size=size)
        if seed == variants.FRESH_SEED:
            faces.labels[WRONG_FRESH] ^= 1
        calls.given.append(faces)
        return faces

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(variants, "load_faces", load)
    monkeypatch.setattr(variants, "draw_faces", draw)
    monkeypatch.setattr(variants, "FRESH", 3)
    monkeypatch.setattr(variants, "KNOWN", 2)
    monkeypatch.setattr(models, "IMAGE_SIZES", {"sample": SIZE, "full": (36, 40)})
    monkeypatch.setattr(models, "EPOCHS", {"sample": 3, "full": 4})
    monkeypatch.setattr(variants, "BETTER_EPOCHS", 1)
    forget()
    yield calls
    forget()


def test_parts_are_split_by_person_for_each_seed_and_fresh_ones_drawn_once(calls):
    first, second = (variants.load_parts("sample", seed) for seed in (3, 4))
    assert calls.loaded == [(SIZE, "identity", 3), (SIZE, "identity", 4)]
    assert calls.drawn == [(3, 8_998, SIZE, 2)]
    assert [len(part.labels) for part in first.values()] == [16, 8, 8, 12]
    for part in first.values():
        assert part.images.dtype == np.float32 and 0 <= part.images.min() and 0.9 < part.images.max() <= 1
    assert np.any(first["train"].images != second["train"].images)
    np.testing.assert_array_equal(first["fresh"].images, second["fresh"].images)


def test_there_are_no_fresh_photographs(calls, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    assert list(variants.load_parts("full", 0)) == ["train", "val", "test"]
    assert calls.loaded == [((36, 40), "identity", 0)] and calls.drawn == []


def build_scripted(script=((9.0, 40.0), (9.0, -13.5), (-9.0, 13.5))):
    """A small network that says young to all, is right on all, and wrong on all, epoch by epoch.

    The script has the weight and the bias of its one unit, which looks at brightness.
    """
    layers = keras.layers
    network = keras.Sequential(
        [layers.Input((*SIZE, 3)), layers.GlobalAveragePooling2D(), layers.Dense(1, activation="sigmoid")]
    )
    network.compile(loss="binary_crossentropy", metrics=["accuracy"])

    def fit(images, labels, *, validation_data, callbacks=(), **options):
        network.asked, history = options, {"accuracy": [], "val_accuracy": []}
        for epoch, (weight, bias) in enumerate(script):
            network.set_weights([np.full((3, 1), weight), np.array([bias])])
            accuracy = network.evaluate(*validation_data, verbose=0)[1]
            history["accuracy"].append(accuracy)
            history["val_accuracy"].append(accuracy)
            for callback in callbacks:
                callback.set_model(network)
                callback.on_epoch_end(epoch, {"val_accuracy": accuracy})
        return SimpleNamespace(history=history)

    network.fit = fit
    return network


@pytest.mark.parametrize("variant, batch_size, epochs", [("Adam", 16, 3), ("batch 8", 8, 3), (OURS, 16, 1)])
def test_the_posts_networks_are_measured_after_their_best_epoch_and_ours_after_the_last(
    calls, monkeypatch, tmp_path, variant, batch_size, epochs
):
    network = build_scripted()
    monkeypatch.setattr(variants, "build_variant", lambda name, image_size: network)
    monkeypatch.setattr(variants, "build_face_better", lambda image_size: network)
    row = variants.measure_variant({"variant": variant}, 0, tmp_path)
    assert network.asked == {"batch_size": batch_size, "epochs": epochs, "verbose": 0}
    assert set(row) == MEASURED | {"fresh_accuracy", "fresh_right"} and row["test_n"] == 8
    assert row["epoch_val"] == [0.5, 1.0, 0.0]
    best = variant != OURS
    assert {row[name] for name in ACCURACIES} == {float(best)}
    assert compare.unpack_answers(row["test_right"], 8).tolist() == [best] * 8
    by_hand = np.isin(np.arange(12), WRONG_FRESH) ^ best
    np.testing.assert_array_equal(compare.unpack_answers(row["fresh_right"], 12), by_hand)
    assert row["fresh_accuracy"] == pytest.approx(by_hand.mean())


@pytest.mark.parametrize("rate", [None, 3e-4])
def test_the_rate_is_the_settings_or_the_default(calls, monkeypatch, tmp_path, rate):
    networks, build = [], variants.build_variant
    monkeypatch.setattr(
        variants,
        "build_variant",
        lambda name, image_size: networks.append(build(name, image_size=image_size)) or networks[-1],
    )
    parts = variants.load_parts("sample", 0)
    setting = {"variant": "base"} | ({"rate": rate} if rate else {})
    network, history, _ = variants.train_variant(setting, parts["train"], parts["val"], 0, tmp_path)
    assert network is networks[0] and len(history["accuracy"]) == 3
    assert float(network.optimizer.learning_rate) == pytest.approx(rate or 1e-3)


def test_our_network_is_trained_on_photographs(calls, monkeypatch, tmp_path):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    row = variants.measure_variant({"variant": OURS}, 1, tmp_path)
    assert set(row) == MEASURED and row["fit_seconds"] > 0 and row["parameters"] == 136_177


def test_known_pictures_are_others_of_the_people_trained_on_and_strangers_are_others(
    calls, monkeypatch, tmp_path
):
    network, seen = build_scripted(script=()), {}
    monkeypatch.setattr(variants, "build_variant", lambda name, image_size: network)
    monkeypatch.setattr(network, "fit", lambda x, y, **options: seen.update(train=x, labels=y))
    asked = []
    monkeypatch.setattr(variants.common, "answer", lambda _, x: asked.append(x) or np.zeros(len(x), int))
    row = variants.measure_leak({"variant": "batch 8"}, 2, tmp_path)
    assert calls.drawn == [(2, 8_402, SIZE, 6), (2, 8_502, SIZE, 3)]
    people, strangers = calls.given
    train, known, fresh = map(keys_of, asked)
    everyone = [(image / np.float32(255)).tobytes() for image in people.pictures]
    assert train | known == set(everyone) and not train & known and train == keys_of(seen["train"])
    assert fresh == keys_of(strangers.pictures / np.float32(255))
    for person in range(2):
        for age in range(2):  # three of each person, at each age
            rows = np.flatnonzero((people.identities == person) & (people.labels == age))
            assert len(train & {everyone[row] for row in rows}) == 3
    assert row == {"train_accuracy": 0.5, "known_accuracy": 0.5, "fresh_accuracy": 0.5, "n": 12}


@pytest.mark.parametrize("size", [(100, 100), (64, 64), (16, 40)])
def test_our_parameters_are_those_counted_by_hand_and_the_same_at_any_size(size):
    network = variants.build_face_better(image_size=size)
    assert network.count_params() == COUNT == 136_177 and network.output_shape == (None, 1)


def test_our_network_changes_pictures_learns_and_is_the_same_when_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    network, faces = variants.build_face_better(image_size=SIZE), make_faces(6, 0)
    check_changes(network, ["mirror", "shift", "light"], some=["mirror", "shift", "light"])
    check_learns(network, faces.pictures / np.float32(255), faces.labels, tmp_path)
