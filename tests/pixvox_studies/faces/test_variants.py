"""Lesson 04's studies, on a handful of made-up pictures."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from pixvox import compare
from pixvox.datasets.faces import FacePart, Faces
from pixvox.models.faces import BASE, OURS, VARIANTS, build_variant, settings_of
from pixvox.training import one_cycle
from pixvox_sketch.faces import sets as face_sets
from pixvox_studies import frame as studies
from pixvox_studies.drawings import faces as study_faces
from pixvox_studies.faces import variants as study_face_net

SIZE = (36, 36)
WRONG_FRESH = [0, 4, 5, 9, 10]  # fresh pictures whose label is wrong, so that no network is right
WRONG_KNOWN = [2, 3, 17]  # of the people known, too: the third, fourth and last of the first one's
PARTS = {"train": (0, 9), "validation": (9, 12), "test": (12, 14)}  # which people: four pictures of each


def make_faces(people, seed, *, each=2, size=SIZE):
    """Pictures of noise, dark (old) or bright (young), person by person, the old ones first."""
    identities = np.repeat(np.arange(people), 2 * each)
    labels = np.tile(np.repeat([0, 1], each), people)
    noise = np.random.default_rng(seed).integers(0, 100, (len(labels), *size, 3))
    pictures = (noise + 155 * labels[:, None, None, None]).astype(np.uint8)
    return SimpleNamespace(pictures=pictures, labels=labels, identities=identities)


def split_of(faces):
    """Deal people to the parts, in their order."""
    parts = []
    for first, last in PARTS.values():
        rows = (faces.identities >= first) & (faces.identities < last)
        parts.append(FacePart(faces.pictures[rows], faces.labels[rows], faces.identities[rows]))
    return Faces(*parts, tuple(f"person {number}" for number in range(14)))


def forget():
    study_face_net.load_parts.cache_clear()
    study_face_net.fresh_faces.cache_clear()


@pytest.fixture(scope="module")
def made_up():
    """Put 56 pictures where the sample's would be, and 12 fresh ones: nothing is drawn, no file is read.

    Yields the calls of `load_faces` and `draw_faces`, and the pictures given.
    """
    calls = SimpleNamespace(loaded=[], drawn=[], given=[])

    def load(*, image_size, split, seed):
        calls.loaded.append((image_size, split, seed))
        calls.given.append(split_of(make_faces(14, seed, size=image_size)))
        return calls.given[-1]

    def draw(people, *, seed, size, each, processes):
        calls.drawn.append((people, seed, size, each))
        faces = make_faces(people, seed, each=each, size=size)
        faces.labels[WRONG_FRESH if seed == study_face_net.FRESH_SEED else WRONG_KNOWN] ^= 1
        calls.given.append(faces)
        return faces

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIXVOX_PROFILE", "sample")
        patch.setattr(study_face_net, "load_faces", load)
        patch.setattr(study_face_net, "draw_faces", draw)
        patch.setattr(study_face_net, "FRESH", 3)
        patch.setattr(study_face_net, "KNOWN", 5)
        patch.setattr(study_face_net, "IMAGE_SIZES", {"sample": SIZE, "full": (36, 40)})
        patch.setattr(study_face_net, "EPOCHS", {"sample": 3, "full": 4})
        patch.setattr(study_face_net, "BETTER_EPOCHS", {"sample": 3, "full": 5})
        forget()
        yield calls
        forget()


@pytest.fixture
def calls(made_up):
    """The calls of one test only."""
    forget()
    for made in vars(made_up).values():
        made.clear()
    return made_up


class Recorder:
    """In a network's place: keeps what it is fitted on, and answers by brightness."""

    def fit(self, images, labels, **options):
        self.images, self.labels, self.options = images, labels, options
        self.predicted = []
        return SimpleNamespace(history={"accuracy": [0.5], "val_accuracy": [0.5]})

    def predict(self, images, verbose):
        self.predicted.append(images)
        return images.mean(axis=(1, 2, 3))[:, None]

    def load_weights(self, path):
        self.loaded = path

    def count_params(self):
        return 7


@pytest.fixture
def recorder(monkeypatch):
    network = Recorder()

    def build(variant, *, image_size):
        network.asked = variant, image_size
        return network

    monkeypatch.setattr(study_face_net, "build_variant", build)
    return network


def read_settings(network):
    """Tell from a compiled network what settings it has, without the batch size."""
    kinds = [type(layer).__name__ for layer in network.layers]
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    first = convolutions[0]
    own = {kind for kind in kinds if "ReLU" in kind}
    assert {layer.kernel_size for layer in convolutions} == {first.kernel_size}
    assert {layer.padding for layer in convolutions} == {first.padding}
    return {
        "dropout": network.get_layer("drop").rate,
        "optimizer": type(network.optimizer).__name__.lower(),
        "kernel_size": first.kernel_size[0],
        "padding": first.padding,
        "activation": {"PReLU": "prelu", "LeakyReLU": "leaky"}[own.pop()]
        if own
        else first.activation.__name__,
        "deep": len(convolutions) == 4,
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_built_and_compiled_as_it_says(variant):
    settings = settings_of(variant)
    assert list(settings) == list(BASE)
    del settings["batch_size"]
    network = build_variant(variant, image_size=SIZE)
    assert read_settings(network) == settings
    assert network.input_shape == (None, *SIZE, 3) and network.loss == "binary_crossentropy"


def test_the_settings_are_those_of_the_post():
    rows = {name: tuple(settings_of(name).values()) for name in VARIANTS}
    keys = ("dropout", "optimizer", "kernel_size", "padding", "activation", "batch_size", "deep")
    assert tuple(BASE) == keys
    assert rows == {
        "base": (0.5, "rmsprop", 3, "same", "relu", 16, False),
        "dropout .2": (0.2, "rmsprop", 3, "same", "relu", 16, False),
        "Adam": (0.2, "adam", 3, "same", "relu", 16, False),
        "5x5": (0.2, "adam", 5, "same", "relu", 16, False),
        "5x5, dropout .1": (0.1, "adam", 5, "same", "relu", 16, False),
        "5x5, valid": (0.2, "adam", 5, "valid", "relu", 16, False),
        "PReLU": (0.1, "adam", 5, "valid", "prelu", 16, False),
        "LeakyReLU": (0.1, "adam", 5, "valid", "leaky", 16, False),
        "ReLU, valid (control)": (0.1, "adam", 5, "valid", "relu", 16, False),
        "fourth layer": (0.1, "adam", 5, "same", "relu", 16, True),
        "batch 8": (0.1, "adam", 5, "same", "relu", 8, False),
        "batch 32": (0.1, "adam", 5, "same", "relu", 32, False),
        "batch 64": (0.1, "adam", 5, "same", "relu", 64, False),
    }


def test_no_two_variants_are_alike():
    rows = [tuple(settings_of(name).values()) for name in VARIANTS]
    assert len(set(rows)) == len(rows)


def test_to_read_a_variants_settings_changes_no_other():
    settings_of("base")["dropout"] = 0.9
    assert settings_of("base")["dropout"] == BASE["dropout"] == 0.5


def test_parts_are_split_by_person_for_each_seed_and_scaled(calls):
    parts = [study_face_net.load_parts("sample", seed) for seed in (3, 4)]
    assert calls.loaded == [(SIZE, "identity", 3), (SIZE, "identity", 4)]
    for found, given in zip(parts, (one for one in calls.given if isinstance(one, Faces)), strict=True):
        assert list(found) == ["train", "val", "test", "fresh"]
        for name, part in zip(("train", "val", "test"), given[:3], strict=True):
            assert found[name].images.dtype == np.float32
            np.testing.assert_allclose(found[name].images, part.images / 255, atol=1e-6)
            np.testing.assert_array_equal(found[name].labels, part.labels)
            np.testing.assert_array_equal(found[name].identities, part.identities)
    assert np.any(parts[0]["train"].images != parts[1]["train"].images)


def test_fresh_pictures_are_scaled_and_drawn_once_for_all_seeds(calls):
    parts = [study_face_net.load_parts("sample", seed) for seed in (0, 1)]
    assert calls.drawn == [(3, 8_998, SIZE, 2)]
    fresh = parts[0]["fresh"]
    assert fresh.images.dtype == np.float32 and 0 <= fresh.images.min() and 0.99 < fresh.images.max() <= 1
    assert fresh.images.shape == (12, *SIZE, 3) and len(fresh.labels) == len(fresh.identities) == 12
    np.testing.assert_array_equal(fresh.images, parts[1]["fresh"].images)


def test_there_are_no_fresh_photographs(calls, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    assert list(study_face_net.load_parts("full", 0)) == ["train", "val", "test"]
    assert calls.loaded == [((36, 40), "identity", 0)] and calls.drawn == []


def test_fresh_people_are_neither_the_samples_nor_those_of_another_drawing():
    seeds = range(5)
    drawn = {face_sets.SAMPLE_SEED, study_faces.FRESH_TEST, *(study_faces.FRESH + seed for seed in seeds)}
    known = {
        first + seed for first in (study_face_net.KNOWN_SEED, study_face_net.STRANGERS_SEED) for seed in seeds
    }
    assert not known & drawn and study_face_net.FRESH_SEED not in known | drawn


MEASURED = {
    "parameters",
    "fit_seconds",
    "epoch_train",
    "epoch_val",
    "train_accuracy",
    "val_accuracy",
    "test_accuracy",
    "fresh_accuracy",
    "test_n",
    "fresh_right",
}


@pytest.mark.parametrize("variant, batch_size", [("base", 16), ("batch 8", 8), ("batch 64", 64)])
def test_a_variant_is_trained_as_it_says_and_checked_on_the_validation_part(
    calls, recorder, tmp_path, variant, batch_size
):
    row = study_face_net.measure_variant({"variant": variant}, 2, tmp_path)
    assert recorder.asked == (variant, SIZE) and calls.loaded == [(SIZE, "identity", 2)]
    assert recorder.loaded == tmp_path / "best.weights.h5"
    parts = study_face_net.load_parts("sample", 2)
    assert recorder.images is parts["train"].images and recorder.labels is parts["train"].labels
    assert recorder.options["validation_data"][0] is parts["val"].images
    assert recorder.options["validation_data"][1] is parts["val"].labels
    assert (recorder.options["batch_size"], recorder.options["epochs"]) == (batch_size, 3)
    assert set(row) == MEASURED and row["parameters"] == 7 and row["test_n"] == 8
    accuracies = [row[f"{name}_accuracy"] for name in ("train", "val", "test", "fresh")]
    assert accuracies == [1, 1, 1, 7 / 12]


def test_of_photographs_nothing_fresh_is_measured(calls, recorder, monkeypatch, tmp_path):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    row = study_face_net.measure_variant({"variant": "5x5"}, 0, tmp_path)
    assert set(row) == MEASURED - {"fresh_accuracy", "fresh_right"}
    assert recorder.asked == ("5x5", (36, 40)) and recorder.options["epochs"] == 4


def build_scripted():
    """A small network that is right on all after the second of three epochs, and wrong after the last."""
    network = keras.Sequential(
        [
            keras.layers.Input((*SIZE, 3)),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    network.compile(loss="binary_crossentropy", metrics=["accuracy"])
    script = [(9.0, 40.0), (9.0, -13.5), (-9.0, 13.5)]  # weight and bias: all young, right, all wrong

    def fit(images, labels, *, validation_data, callbacks=(), **options):
        history = {"accuracy": [], "val_accuracy": []}
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


@pytest.mark.parametrize("variant", ["Adam", OURS])
def test_the_posts_networks_are_measured_after_their_best_epoch_and_ours_after_the_last(
    calls, monkeypatch, tmp_path, variant
):
    monkeypatch.setattr(study_face_net, "build_variant", lambda name, image_size: build_scripted())
    monkeypatch.setattr(study_face_net.models_faces, "build_face_better", lambda image_size: build_scripted())
    row = study_face_net.measure_variant({"variant": variant}, 0, tmp_path)
    assert row["epoch_val"] == [0.5, 1.0, 0.0]
    wanted = float(variant == "Adam")
    assert [row[f"{name}_accuracy"] for name in ("train", "val", "test")] == [wanted] * 3
    answers = compare.unpack_answers(row["fresh_right"], 12)
    by_hand = np.isin(np.arange(12), WRONG_FRESH) ^ (variant == "Adam")
    np.testing.assert_array_equal(answers, by_hand)
    assert row["fresh_accuracy"] == answers.mean() == pytest.approx(by_hand.mean())


def test_our_network_is_compiled_as_the_lesson_does(calls):
    network, options = study_face_net._build_ours(33, SIZE)
    assert network.name == "face_better" and network.input_shape == (None, *SIZE, 3)
    assert options == {"batch_size": 16, "epochs": 3}
    assert type(network.optimizer).__name__ == "AdamW" and network.optimizer.weight_decay == 0.02
    assert network.loss.label_smoothing == 0.1
    schedule = network.optimizer._learning_rate.get_config()
    steps = 3 * 3  # the third batch has one picture
    assert schedule == one_cycle(steps, peak=0.004).get_config()


@pytest.mark.parametrize("variant, parameters", [("base", 28_640 + 4 * 4 * 64 * 64 + 129), ("ours", 136_177)])
def test_a_seed_repeats(calls, tmp_path, variant, parameters):
    rows = []
    for name in "ab":
        (tmp_path / name).mkdir()
        rows.append(study_face_net.measure_variant({"variant": variant}, 1, tmp_path / name))
        assert rows[-1].pop("fit_seconds") > 0
    assert rows[0] == rows[1]
    assert set(rows[0]) == MEASURED - {"fit_seconds"} and rows[0]["parameters"] == parameters
    assert len(rows[0]["epoch_train"]) == len(rows[0]["epoch_val"]) == 3
    assert calls.loaded == [(SIZE, "identity", 1)]


def test_known_pictures_are_others_of_the_people_trained_on_and_strangers_are_others(
    calls, recorder, tmp_path
):
    row = study_face_net.measure_leak({"variant": "batch 8"}, 2, tmp_path)
    assert calls.loaded == [] and calls.drawn == [(5, 8_402, SIZE, 6), (5, 8_502, SIZE, 3)]
    assert recorder.asked == ("batch 8", SIZE)
    assert (recorder.options["batch_size"], recorder.options["epochs"]) == (8, 3)
    people, strangers = (given for given in calls.given if len(given.labels) in (60, 30))
    row_of = {(image / np.float32(255)).tobytes(): row for row, image in enumerate(people.pictures)}
    trained = [row_of[image.tobytes()] for image in recorder.images]
    np.testing.assert_array_equal(recorder.labels, people.labels[trained])
    train, known, fresh = recorder.predicted
    known = [row_of[image.tobytes()] for image in known]
    assert [row_of[image.tobytes()] for image in train] == trained
    assert sorted(trained + known) == list(range(60)) and row["n"] == len(known) == len(fresh) == 30
    np.testing.assert_allclose(fresh, strangers.pictures / 255, atol=1e-6)
    for rows in (trained, known):  # three of each person, at each age
        ages = np.array(rows) % 12 // 6
        pairs, counts = np.unique([people.identities[rows], ages], axis=1, return_counts=True)
        assert pairs.shape[1] == 10 and set(counts) == {3}
    assert set(row) == {"train_accuracy", "known_accuracy", "fresh_accuracy", "n"}


def test_what_leaks_is_no_result_of_photographs(calls, monkeypatch, tmp_path):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    with pytest.raises(ValueError, match="Type `pixvox study face_leak --profile sample`"):
        study_face_net.measure_leak({"variant": "Adam"}, 0, tmp_path)
    assert calls.drawn == []


def test_the_studies_are_registered():
    variants, leak = studies.STUDIES["face_variants"], studies.STUDIES["face_leak"]
    names = [setting["variant"] for setting in variants.settings]
    assert sorted(names) == sorted([*VARIANTS, OURS])
    assert OURS == "ours" and OURS not in VARIANTS
    assert all(setting["variant"] in VARIANTS for setting in leak.settings) and leak.settings
    assert variants.seeds == leak.seeds == (0, 1, 2, 3, 4)
    assert variants.run == "pixvox_studies.faces.variants:measure_variant"
    assert leak.run == "pixvox_studies.faces.variants:measure_leak"
