"""Lesson 05's studies, on a handful of made-up pictures."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from pixvox.augment import blended_epoch
from pixvox.models import pets as models_pets
from pixvox.training import one_cycle
from pixvox_sketch.animals import sets as animal_sets
from pixvox_studies import frame as studies
from pixvox_studies.drawings import animals as study_animals
from pixvox_studies.pets import recipes as study_pets
from pixvox_studies.resuming import epoch_logs
from pixvox_studies.transfer import small_vgg as study_transfer

SIZE, SMALL, SMALLEST = (46, 48), (40, 42), (32, 34)


def make_drawn(count, *, seed, size, processes=1):
    """Pictures of noise, dogs brighter, in turn; the first of a set are those of a smaller one."""
    labels = np.arange(2 * count) % 2
    pictures = [
        np.random.default_rng([seed, number]).integers(0, 156, (*size, 3)) + 100 * label
        for number, label in enumerate(labels)
    ]
    return SimpleNamespace(pictures=np.array(pictures, np.uint8), labels=labels)


@pytest.fixture
def calls(monkeypatch):
    """Make everything small, put noise in the drawings' place, and keep what was drawn and loaded."""
    calls = SimpleNamespace(drawn=[], loaded=[])

    def draw(count, *, seed, size, processes):
        calls.drawn.append((count, seed, size))
        return make_drawn(count, seed=seed, size=size)

    def load(*, image_size, per_class):
        calls.loaded.append((image_size, per_class))
        ends = 2 * np.cumsum((0, *per_class))
        drawn = make_drawn(sum(per_class), seed=1, size=image_size)
        return tuple(
            (drawn.pictures[first:last], drawn.labels[first:last])
            for first, last in zip(ends[:-1], ends[1:], strict=True)
        )

    settings = {
        "PER_CLASS": {"sample": (7, 4, 3), "full": (8, 5, 4)},
        "IMAGE_SIZE": {"sample": SIZE, "full": (47, 50)},
        "BETTER_SIZE": {"sample": SMALL, "full": (36, 36)},
        "EPOCHS": {"sample": 2, "full": 3},
        "SMALL_SIZE": {"sample": SMALLEST, "full": (32, 32)},
        "BETTER_EPOCHS": {"sample": (3, 2), "full": (2, 1)},
        "BATCH_SIZE": 4,
        "BETTER_BATCH_SIZE": {"sample": 5, "full": 6},
        "CURVE_BATCHES": {"P4's": 6, "ours": 7},
        "DRAWN_TEST": 6,
        "MOST": 10,
    }
    for name, value in settings.items():
        monkeypatch.setattr(study_pets, name, value)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(study_pets, "draw_animals", draw)
    monkeypatch.setattr(study_pets, "load_dogs_vs_cats", load)
    study_pets._drawn.cache_clear()
    yield calls
    study_pets._drawn.cache_clear()


class Recorder:
    """In a network's place: keeps what it is given."""

    def __init__(self, built):
        self.built, self.fits, self.evaluated = built, [], []

    def compile(self, *arguments, **options):
        self.compiled = arguments, options

    def fit(self, images, labels, **options):
        self.fits.append(SimpleNamespace(images=images, labels=labels, options=options))

    def evaluate(self, images, labels, **options):
        self.evaluated.append((images, labels))
        return [0.0, len(self.evaluated) / 10]

    def predict(self, images, **options):
        left, right = np.array_split(images.astype(float), 2, axis=2)
        return (left.mean(axis=(1, 2, 3)) > right.mean(axis=(1, 2, 3))).astype(float)[:, None]

    def count_params(self):
        return 7


@pytest.fixture
def recorded(monkeypatch):
    """Put recorders in the networks' places; return those that were built, with what for."""
    built = []

    def build(name):
        def make(**options):
            built.append(Recorder((name, options)))
            return built[-1]

        return make

    monkeypatch.setattr(study_pets.models_pets, "build_pets_net", build("P4's"))
    monkeypatch.setattr(study_pets.models_pets, "build_pets_better", build("ours"))
    monkeypatch.setattr(study_pets, "resume_callbacks", lambda folder, stage="": [(folder, stage)])
    logs = {"accuracy": [0.1, 0.2], "val_accuracy": [0.3, 0.4]}
    monkeypatch.setattr(study_pets, "epoch_logs", lambda folder, stage="": logs)
    return built


def keys_of(pictures):
    return [picture.tobytes() for picture in pictures]


def test_parts_have_the_right_sizes_and_nothing_in_common(calls):
    parts = study_pets.load_parts(3, image_size=SIZE)
    assert [x.shape for x, _ in parts] == [(count, *SIZE, 3) for count in (14, 8, 12)]
    for x, y in parts:
        assert x.dtype == np.uint8 and y.dtype == np.int64 and list(y) == [0, 1] * (len(x) // 2)
    keys = [key for x, _ in parts for key in keys_of(x)]
    assert len(set(keys)) == len(keys) == 34


def test_each_seed_has_other_pictures_but_the_same_test(calls):
    first, second = (study_pets.load_parts(seed, image_size=SIZE) for seed in (0, 1))
    assert not set(keys_of(np.concatenate([first[0][0], first[1][0]]))) & set(keys_of(second[0][0]))
    np.testing.assert_array_equal(first[2][0], second[2][0])
    assert calls.drawn == [(11, 7_400, SIZE), (6, 7_499, SIZE), (11, 7_401, SIZE)] and calls.loaded == []


def test_the_drawings_are_nobody_elses():
    seeds = range(5)
    ours = {study_pets.FRESH_TEST, *(study_pets.FRESH + seed for seed in seeds)}
    assert len(ours) == 6
    others = {animal_sets.SAMPLE_SEED, study_animals.FRESH_TEST, study_transfer.FRESH_TEST}
    others |= {module.FRESH + seed for module in (study_animals, study_transfer) for seed in seeds}
    assert not ours & others


def test_photographs_are_split_once_for_all_seeds(calls, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    first, second = (study_pets.load_parts(seed, image_size=(47, 50)) for seed in (0, 1))
    assert [len(y) for _, y in first] == [16, 10, 8]
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
    assert calls.loaded == [((47, 50), (8, 5, 4))] * 2 and calls.drawn == []


@pytest.mark.parametrize("profile, rate", [("sample", 5e-4), ("full", 1e-4)])
def test_p4s_network_is_compiled_at_the_rate_of_the_profile(monkeypatch, profile, rate):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    recorder = Recorder(None)
    study_pets.compile_as_posted(recorder)
    (optimizer, loss), options = recorder.compiled
    assert type(optimizer).__name__ == "RMSprop" and float(optimizer.learning_rate) == pytest.approx(rate)
    assert (loss, options) == ("binary_crossentropy", {"metrics": ["accuracy"]})


def test_our_network_is_compiled_with_a_rate_that_rises_and_falls():
    recorder = Recorder(None)
    study_pets.compile_better(recorder, batches=80)
    (optimizer, loss), options = recorder.compiled
    assert type(optimizer).__name__ == "AdamW" and optimizer.weight_decay == 0.02
    assert optimizer._learning_rate.get_config() == one_cycle(80, peak=0.004).get_config()
    assert type(loss).__name__ == "BinaryCrossentropy" and loss.label_smoothing == 0.1
    assert options == {"metrics": ["accuracy"]}


def test_the_arms_differ_in_their_remedies_only(calls, recorded, tmp_path):
    settings = studies.STUDIES["pets_arms"].settings
    rows = [study_pets.measure_arm(setting, 2, tmp_path) for setting in settings]
    asked = [(one.built[1].pop("augmentation"), one.built[1].pop("dropout")) for one in recorded]
    mild = models_pets.MILD_AUGMENTATION
    assert asked == [(None, 0.0), (mild, 0.0), (None, 0.5), (mild, 0.5)]
    parts = study_pets.load_parts(2, image_size=SIZE)
    for network in recorded:
        assert network.built == ("P4's", {"image_size": SIZE})
        (fit,) = network.fits
        np.testing.assert_array_equal(fit.images, parts[0][0])
        np.testing.assert_array_equal(fit.labels, parts[0][1])
        options = dict(fit.options)
        validation = options.pop("validation_data")
        np.testing.assert_array_equal(validation[0], parts[1][0])
        np.testing.assert_array_equal(validation[1], parts[1][1])
        assert options == {"batch_size": 4, "epochs": 2, "verbose": 0, "callbacks": [(tmp_path, "")]}
        assert type(network.compiled[0][0]).__name__ == "RMSprop"
        for (x, y), part in zip(network.evaluated, parts, strict=True):
            np.testing.assert_array_equal(x, part[0])
            np.testing.assert_array_equal(y, part[1])
    wanted = {"train_accuracy": 0.1, "val_accuracy": 0.2, "test_accuracy": 0.3}
    assert rows == [wanted | {"epoch_train": [0.1, 0.2], "epoch_val": [0.3, 0.4]}] * 4


def test_our_recipe_goes_from_small_pictures_to_large_ones_at_one_falling_rate(
    calls, recorded, monkeypatch, tmp_path
):
    counted = []
    monkeypatch.setattr(study_pets, "compile_better", lambda network, batches: counted.append(batches))
    row = study_pets.measure_better({"recipe": "better"}, 1, tmp_path)
    (network,) = recorded
    assert network.built == ("ours", {"image_size": (None, None)})
    assert counted == [(3 + 2) * 3]  # 14 pictures in fives make three batches an epoch
    stages = [("small", SMALLEST, epoch) for epoch in range(3)] + [
        ("large", SMALL, epoch) for epoch in range(2)
    ]
    for fit, (stage, size, epoch) in zip(network.fits, stages, strict=True):
        train, validation, _ = study_pets.load_parts(1, image_size=size)
        images, labels = blended_epoch(*train, seed=1, epoch=epoch)
        np.testing.assert_array_equal(fit.images, images)
        np.testing.assert_array_equal(fit.labels, labels)
        options = dict(fit.options)
        np.testing.assert_array_equal(options.pop("validation_data")[0], validation[0])
        one = {"initial_epoch": epoch, "epochs": epoch + 1}
        assert options == {"batch_size": 5, "verbose": 0, "callbacks": [(tmp_path, stage)], **one}
    for (x, _), part in zip(network.evaluated, study_pets.load_parts(1, image_size=SMALL), strict=True):
        np.testing.assert_array_equal(x, part[0])
    accuracies = {"train_accuracy": 0.1, "val_accuracy": 0.2, "test_accuracy": 0.3}
    lists = {"val_small": [0.3, 0.4], "val_large": [0.3, 0.4]}
    # A picture and its mirror image get 0 and 1 here, so their mean is never above a half: always "cat".
    shares = [np.mean(part[1] == 0) for part in study_pets.load_parts(1, image_size=SMALL)[1:]]
    views = dict(zip(("val_two_views", "test_two_views"), shares, strict=True))
    assert row == {"parameters": 7, **accuracies, **views, **lists}


@pytest.mark.parametrize("name, size, batches, batch_size", [("P4's", SIZE, 6, 4), ("ours", SMALL, 7, 5)])
@pytest.mark.parametrize("pictures", [2, 8, 20])
def test_a_learning_curve_uses_so_many_pictures_equally_often(
    calls, recorded, monkeypatch, tmp_path, name, size, batches, batch_size, pictures
):
    blended = []
    monkeypatch.setattr(study_pets, "blended_epoch", lambda x, y, **options: blended.append((x, y)) or (x, y))
    row = study_pets.measure_curve({"network": name, "pictures": pictures}, 4, tmp_path)
    (network,) = recorded
    (fit,) = network.fits
    assert network.built == (name, {"image_size": size})
    assert len(blended) == (name == "ours")
    chosen = {"pictures": fit.images, "labels": fit.labels}
    all_pictures = make_drawn(10, seed=7_404, size=size)
    number = {key: number for number, key in enumerate(keys_of(all_pictures.pictures))}
    used = np.array([number[key] for key in keys_of(chosen["pictures"])])
    assert len(used) == len(fit.images) == batches * batch_size and set(used) <= set(range(pictures))
    np.testing.assert_array_equal(chosen["labels"], used % 2)
    times = np.bincount(used, minlength=pictures)
    assert times.max() - times.min() <= 1
    for first in range(0, len(used) - pictures + 1, pictures):  # each round has every picture once
        assert sorted(used[first : first + pictures]) == list(range(pictures))
    if pictures == 8:
        assert list(used[:8]) != list(used[8:16])  # in another order
    assert fit.options == {"batch_size": batch_size, "shuffle": False, "verbose": 0}
    (x_train, _), (x_test, _) = network.evaluated
    np.testing.assert_array_equal(x_train, all_pictures.pictures[:pictures])
    np.testing.assert_array_equal(x_test, make_drawn(6, seed=7_499, size=size).pictures)
    assert row == {"train_accuracy": 0.1, "test_accuracy": 0.2}


def test_our_curve_is_compiled_for_its_own_number_of_batches(calls, recorded, monkeypatch, tmp_path):
    counted = []
    monkeypatch.setattr(study_pets, "compile_better", lambda network, batches: counted.append(batches))
    for pictures in (4, 20):
        study_pets.measure_curve({"network": "ours", "pictures": pictures}, 0, tmp_path)
    assert counted == [7, 7]


@pytest.mark.parametrize("profile, most", [("sample", 20), ("full", 16)])
def test_a_count_that_cannot_be_is_refused_at_the_door(calls, monkeypatch, tmp_path, profile, most):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    for count in (-2, 0, 5, most + 2):
        with pytest.raises(ValueError, match=f"even number of pictures, 2 to {most}, came {count}"):
            study_pets.measure_curve({"network": "P4's", "pictures": count}, 0, tmp_path)
    (x, _), _ = study_pets._curve_parts(most, 0, (47, 50))
    assert len(x) == most


def test_our_recipe_goes_on_where_it_was_stopped(calls, monkeypatch, tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        folder.mkdir()
    row = study_pets.measure_better({"recipe": "better"}, 1, whole)
    fit, fits = keras.Sequential.fit, []

    def stop_after_four(self, *data, **options):
        if len(fits) == 4:
            raise KeyboardInterrupt
        fits.append(options["epochs"])
        return fit(self, *data, **options)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(keras.Sequential, "fit", stop_after_four)
        study_pets.measure_better({"recipe": "better"}, 1, parts)
    assert study_pets.measure_better({"recipe": "better"}, 1, parts).keys() == row.keys()
    for stage, epochs in (("small", 3), ("large", 2)):
        logs = epoch_logs(parts, stage=stage)
        assert {len(values) for values in logs.values()} == {epochs}


LISTS = {"epoch_train": 2, "epoch_val": 2, "val_small": 3, "val_large": 2}  # an entry an epoch


@pytest.mark.parametrize(
    "measure, setting, keys, times",
    [
        ("arm", {"augmentation": False, "dropout": True}, {"val_accuracy", "epoch_train", "epoch_val"}, 2),
        ("curve", {"network": "P4's", "pictures": 8}, set(), 2),
        (
            "better",
            {"recipe": "better"},
            {"val_accuracy", "val_small", "val_large", "parameters", "val_two_views", "test_two_views"},
            1,
        ),
    ],
)
def test_networks_are_trained_and_a_seed_repeats(calls, tmp_path, measure, setting, keys, times):
    rows = []
    for name in "ab"[:times]:
        (tmp_path / name).mkdir()
        keras.utils.set_random_seed(len(rows))
        rows.append(getattr(study_pets, f"measure_{measure}")(setting, 1, tmp_path / name))
    assert rows[0] == rows[-1]
    assert set(rows[0]) == keys | {"train_accuracy", "test_accuracy"}
    assert all(0 <= rows[0][name] <= 1 for name in rows[0] if name.endswith("accuracy"))
    assert {name: len(rows[0][name]) for name in keys & set(LISTS)} == {
        name: count for name, count in LISTS.items() if name in keys
    }


def test_the_studies_are_registered():
    for name, measure in (("arms", "arm"), ("curve", "curve"), ("better", "better")):
        study = studies.STUDIES[f"pets_{name}"]
        assert study.run == f"pixvox_studies.pets.recipes:measure_{measure}" and len(study.seeds) >= 3
    arms = [tuple(setting.values()) for setting in studies.STUDIES["pets_arms"].settings]
    assert sorted(arms) == [(False, False), (False, True), (True, False), (True, True)]
    curve = studies.STUDIES["pets_curve"].settings
    assert {row["network"] for row in curve} == {"P4's"} <= set(study_pets.CURVE_BATCHES)
    assert max(row["pictures"] for row in curve) == 2 * study_pets.MOST
