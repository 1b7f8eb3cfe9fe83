"""The studies of cats and dogs, on a handful of made-up pictures and one network of few weights."""

import keras
import numpy as np
import pytest
from support.made_up import draw_animals, keys_of

from pixvox.compare import unpack_answers
from pixvox.models import pets as models
from pixvox_studies import resuming
from pixvox_studies.pets import curve, dial, recipes

SIZE, SMALL, SMALLEST = (46, 48), (40, 40), (32, 32)


def small_network(*, image_size, **ignored):
    inputs, scale = keras.layers.Input((*image_size, 3)), keras.layers.Rescaling(1 / 255)
    dense = keras.layers.Dense(1, activation="sigmoid")
    return keras.Sequential([inputs, scale, keras.layers.GlobalAveragePooling2D(), dense])


@pytest.fixture
def calls(monkeypatch):
    """Make everything small, put noise in the drawings' place; return what was drawn or loaded, and built."""
    calls = {"drawn": [], "loaded": [], "built": []}

    def draw(count, seed, size):
        calls["drawn"].append((count, seed, size))
        return draw_animals(count, seed, size)

    def load(*, image_size, per_class):
        calls["loaded"].append((image_size, per_class))
        ends, drawn = 2 * np.cumsum((0, *per_class)), draw_animals(sum(per_class), 1, image_size)
        pairs = zip(ends[:-1], ends[1:], strict=True)
        return tuple((drawn.pictures[first:last], drawn.labels[first:last]) for first, last in pairs)

    def build(name):
        def make(**options):
            calls["built"].append((name, options))
            return small_network(**options)

        return make

    builders = {
        "BETTER_STAGES": {"sample": ((32, 3), (40, 2)), "full": ((32, 2), (36, 1))},
        "build_pets_net": build("P4's"),
        "build_pets_better": build("ours"),
    }
    own = {
        "PER_CLASS": {"sample": (7, 4, 3), "full": (8, 5, 4)},
        "IMAGE_SIZES": {"sample": SIZE, "full": (47, 50)},
        "BETTER_SIZES": {"sample": SMALL, "full": (36, 36)},
        "BATCH_SIZE": 4,
        "BETTER_BATCH_SIZE": {"sample": 5, "full": 6},
        "EPOCHS": {"sample": 2, "full": 3},
        "DRAWN_TEST": 6,
        "POSTED": {
            name: (*how[:2], min(how[2], 4) if how[2] < 32 else 32) for name, how in recipes.POSTED.items()
        },
        "load_dogs_vs_cats": load,
    }
    for module, settings in ((models, builders), (recipes, own)):
        for name, value in settings.items():
            monkeypatch.setattr(module, name, value)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(recipes.common, "draw_animals", draw)
    return calls


@pytest.fixture
def fits(monkeypatch):
    """Return what `fit` is given, call by call."""
    given, honest = [], keras.Sequential.fit

    def fit(self, x, y, **options):
        given.append((x, y, options))
        return honest(self, x, y, **options)

    monkeypatch.setattr(keras.Sequential, "fit", fit)
    return given


def test_parts_have_nothing_in_common_and_each_seed_has_others_but_the_same_test(calls):
    first, second = (recipes.load_parts(seed, image_size=SIZE) for seed in (0, 1))
    assert [x.shape for x, _ in first] == [(count, *SIZE, 3) for count in (14, 8, 12)]
    assert all(x.dtype == np.uint8 and list(y) == [0, 1] * (len(x) // 2) for x, y in first)
    keys = [keys_of(x) for x, _ in first]
    assert len(set.union(*keys)) == 34
    assert not (keys[0] | keys[1]) & keys_of(second[0][0])
    np.testing.assert_array_equal(first[2][0], second[2][0])
    assert calls["drawn"] == [(11, 7_400, SIZE), (6, 7_499, SIZE), (11, 7_401, SIZE), (6, 7_499, SIZE)]


def test_photographs_are_split_once_for_all_seeds(calls, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    first, _ = (recipes.load_parts(seed, image_size=(47, 50)) for seed in (0, 1))
    assert [len(y) for _, y in first] == [16, 10, 8]
    assert calls["loaded"] == [((47, 50), (8, 5, 4))] * 2 and calls["drawn"] == []


@pytest.mark.parametrize("augmentation, dropout", [(True, False), (False, True)])
def test_the_arms_differ_in_their_remedies_only(calls, fits, tmp_path, augmentation, dropout):
    row = recipes.measure_arm({"augmentation": augmentation, "dropout": dropout}, 2, tmp_path)
    mild = models.MILD_AUGMENTATION if augmentation else None
    remedies = {"augmentation": mild, "dropout": 0.5 * dropout}
    assert calls["built"] == [("P4's", {"image_size": SIZE, **remedies})]
    parts, ((x, _, options),) = recipes.load_parts(2, image_size=SIZE), fits
    np.testing.assert_array_equal(x, parts[0][0])
    np.testing.assert_array_equal(options["validation_data"][0], parts[1][0])
    assert (options["batch_size"], options["epochs"]) == (4, 2)
    accuracies = {"train_accuracy", "val_accuracy", "test_accuracy"}
    assert set(row) == accuracies | {"test_right", "epoch_train", "epoch_val"}
    assert len(row["epoch_train"]) == len(row["epoch_val"]) == 2
    assert unpack_answers(row["test_right"], 12).mean() == pytest.approx(row["test_accuracy"])


@pytest.mark.parametrize("profile, rate", [("sample", 5e-4), ("full", 1e-4)])
def test_p4s_network_is_compiled_at_the_rate_of_the_profile(monkeypatch, profile, rate):
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    network = small_network(image_size=SIZE)
    recipes.compile_posted(network)
    assert type(network.optimizer).__name__ == "RMSprop"
    assert float(network.optimizer.learning_rate) == pytest.approx(rate)


def test_our_recipe_goes_from_small_pictures_to_large_ones_where_it_was_stopped(
    calls, fits, monkeypatch, tmp_path
):
    counted, compile_ours, keep = [], recipes.common.compile_ours, recipes.common.fit_resumed

    def count(network, recipe, *, batches):
        counted.append(batches)
        compile_ours(network, recipe, batches=batches)

    def stop_after_four(*arguments, **options):
        if len(fits) == 4:
            raise KeyboardInterrupt
        keep(*arguments, **options)

    monkeypatch.setattr(recipes.common, "compile_ours", count)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(recipes.common, "fit_resumed", stop_after_four)
        recipes.measure_better({"recipe": "better"}, 1, tmp_path)
    row = recipes.measure_better({"recipe": "better"}, 1, tmp_path)
    changes = recipes.BETTER_CHANGES["sample"]
    assert calls["built"] == [("ours", {"image_size": (None, None), **changes})] * 2
    assert counted == [(3 + 2) * 3] * 2  # 14 pictures in fives make three batches an epoch
    stages = [(SMALLEST, epoch) for epoch in range(3)] + [(SMALL, epoch) for epoch in range(2)]
    for (x, y, options), (size, epoch) in zip(fits[4:], stages, strict=True):
        train, validation, _ = recipes.load_parts(1, image_size=size)
        hides = recipes.BETTER_HIDES["sample"]
        images, labels = recipes.changed_epoch(*train, seed=1, epoch=epoch, hides=hides)
        np.testing.assert_array_equal(x, images)
        np.testing.assert_array_equal(y, labels)
        np.testing.assert_array_equal(options["validation_data"][0], validation[0])
        assert (options["batch_size"], options["initial_epoch"], options["epochs"]) == (5, epoch, epoch + 1)
    assert len(resuming.epoch_logs(tmp_path, stage="stage 0")["loss"]) == 3
    assert len(row["val_epochs"]) == 5
    accuracies = {"train_accuracy", "val_accuracy", "test_accuracy", "val_two_views", "test_two_views"}
    assert set(row) == accuracies | {"parameters", "test_right", "val_epochs"}


def test_a_share_has_as_many_cats_as_dogs_and_is_part_of_a_larger_one(calls):
    parts = recipes.load_parts(3, image_size=SIZE)
    few, more = (recipes.take_share(parts, share, 3) for share in (2 / 7, 5 / 7))
    assert [len(part[0][1]) for part in (few, more)] == [4, 10] and few[1] is parts[1]
    assert keys_of(few[0][0]) < keys_of(more[0][0]) < keys_of(parts[0][0])
    assert list(few[0][1]) == [0, 1] * 2 and len(keys_of(more[0][0])) == 10
    assert keys_of(recipes.take_share(parts, 2 / 7, 4)[0][0]) != keys_of(few[0][0])
    assert recipes.take_share(parts, 1, 3) is parts


@pytest.mark.parametrize("share", [0, 0.01, 1.2])
def test_no_share_or_more_than_all_is_refused(calls, share):
    with pytest.raises(ValueError, match="share"):
        recipes.take_share(recipes.load_parts(0, image_size=SIZE), share, 0)


def test_a_quarter_of_the_pictures_has_half_of_the_batches():
    assert [recipes.more_epochs(60, share) for share in (1, 1 / 4, 1 / 9)] == [60, 120, 180]


@pytest.mark.parametrize("share, epochs, pictures", [(1, 5, 14), (2 / 7, 6 + 4, 4)])
def test_ours_takes_more_epochs_of_fewer_pictures_and_then_validates_nothing(
    calls, fits, tmp_path, share, epochs, pictures
):
    recipes.train_better(2, tmp_path, share=share)
    assert len(fits) == epochs and {len(y) for _, y, _ in fits} == {pictures}
    assert {options["validation_data"] is None for _, _, options in fits} == {share < 1}


@pytest.mark.parametrize("recipe", [*curve.WAYS, "ours"])
def test_a_learning_curve_trains_on_its_share(calls, fits, monkeypatch, tmp_path, recipe):
    monkeypatch.setattr(curve, "EPOCHS", {"sample": 2})
    monkeypatch.setattr(curve, "SIZE", SIZE)
    row = curve.measure_curve({"recipe": recipe, "share": 2 / 7}, 4, tmp_path)
    accuracies = {"train_accuracy", "val_accuracy", "test_accuracy", "test_two_views"}
    assert set(row) == accuracies | {"pictures", "test_right"} and row["pictures"] == 4
    assert unpack_answers(row["test_right"], 12).mean() == pytest.approx(row["test_accuracy"])
    ((name, options),) = calls["built"]
    if recipe != "ours":
        ((x, _, fitted),) = fits
        assert name == "P4's" and len(x) == 4 and fitted["epochs"] == round(2 / (2 / 7) ** 0.5)
        assert options["head"] == recipe.split(",")[0]


def test_p4s_training_on_a_share_has_as_many_batches_as_on_all(calls, fits, tmp_path):
    row = curve.measure_posted({"share": 2 / 7}, 4, tmp_path)
    ((x, y, options),) = fits
    assert len(x) == 14 and len(keys_of(x)) == row["pictures"] == 4 and options["epochs"] == 2
    assert calls["built"] == [("P4's", {"image_size": SIZE, "augmentation": models.MILD_AUGMENTATION})]
    np.testing.assert_array_equal(y, np.arange(14) % 2)


@pytest.fixture
def turned(monkeypatch):
    """Put noise in the place of the dialled pictures, darker turn by turn."""
    shade = {"scale": 1, "light": 5}
    monkeypatch.setattr(
        dial,
        "dialled",
        lambda name: [draw_animals(3, 9, SIZE).pictures // (turn or 1) for turn in (1, shade.get(name, 2))],
    )
    monkeypatch.setattr(dial, "PICTURES", 3)


@pytest.mark.parametrize("network", ["P4's", "ours"])
@pytest.mark.parametrize("changes", dial.CHANGES)
def test_the_dial_asks_at_every_turn_what_was_trained_with_these_changes(
    calls, fits, turned, monkeypatch, tmp_path, network, changes
):
    hidden = []
    monkeypatch.setattr(dial, "erase", lambda x, rng: hidden.append(len(x)) or x)
    monkeypatch.setattr(recipes, "erase", lambda x, rng: hidden.append(len(x)) or x)
    row = dial.measure_dial({"network": network, "changes": changes}, 1, tmp_path)
    ((name, options),) = calls["built"]
    moves, light, hides = dial.CHANGES[changes]
    assert name == network and bool(options["augmentation"]) == moves and options["light"] == light
    assert bool(hidden) == hides and set(row) == {
        *dial.DIALS,
        *(f"says_dog_{one}" for one in dial.DIALS),
        "test_right",
    }
    assert {len(row[one]) for one in row if one != "test_right"} == {2}
    assert row["scale"][0] == row["scale"][1] == unpack_answers(row["test_right"], 6).mean()
    assert row["says_dog_light"][1] <= row["says_dog_light"][0]


def test_the_cost_of_a_batch_is_counted_of_all_recipes_in_turn(calls, fits, monkeypatch, tmp_path):
    monkeypatch.setattr(recipes, "COST_BATCHES", 2)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "3")
    clock = iter(range(10_000))
    monkeypatch.setattr(recipes.time, "process_time", lambda: float(next(clock)))
    row = recipes.measure_cost({"recipes": "all"}, 0, tmp_path)
    assert set(row) == {*recipes.POSTED, "ours", "threads"} and row["threads"] == 3
    assert [len(row[name]) for name in recipes.POSTED] == [1] * 5 and row["ours"] == [0.5, 0.5]
    used = [(x.shape[1:3], len(x), options["batch_size"]) for x, _, options in fits]
    turn = [(SIZE, 2 * size, size) for size in (4, 4, 4, 4, 32)] + [(SMALLEST, 10, 5), (SMALL, 10, 5)]
    assert used == turn * (recipes.COST_ROUNDS + 1)
    arms = [(bool(options["augmentation"]), options["dropout"]) for _, options in calls["built"][:5]]
    assert arms == [(False, 0), (True, 0), (False, 0.5), (True, 0.5), (True, 0.5)]


LABELS = np.arange(7)
PICTURES = np.arange(7, dtype=np.uint8).repeat(12).reshape(7, 2, 2, 3)  # picture i is i everywhere


def test_an_epoch_of_changed_pictures_repeats_and_epochs_differ():
    first, again = (recipes.changed_epoch(PICTURES, LABELS, seed=3, epoch=4, hides=True) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    for seed, epoch in ((3, 5), (4, 4)):
        other = recipes.changed_epoch(PICTURES, LABELS, seed=seed, epoch=epoch, hides=True)
        assert not np.array_equal(first[1], other[1])


def test_parts_are_hidden_before_pictures_are_blended(monkeypatch):
    monkeypatch.setattr(recipes, "erase", lambda x, rng: 0 * x)
    assert recipes.changed_epoch(PICTURES, LABELS, seed=3, epoch=4, hides=True)[0].max() == 0
    assert recipes.changed_epoch(PICTURES, LABELS, seed=3, epoch=4, hides=False)[0].max() > 0


@pytest.mark.parametrize("hides", [False, True])
def test_parts_are_hidden_where_the_profile_has_it_so(calls, fits, monkeypatch, tmp_path, hides):
    hidden = []
    monkeypatch.setitem(recipes.BETTER_HIDES, "sample", hides)
    monkeypatch.setattr(recipes, "erase", lambda x, rng: hidden.append(len(x)) or x)
    recipes.train_better(1, tmp_path)
    assert bool(hidden) == hides


def test_the_remedies_are_the_posts():
    network = models.build_pets_net(augmentation=recipes.AUGMENTATION)
    settings = network.get_layer("augment").get_config()
    posted = {"rotation_degrees": 40, "shift": (0.2, 0.2), "shear_degrees": 0.2, "zoom": 0.2}
    assert {name: settings[name] for name in posted} == posted and settings["horizontal_flip"] is True
    assert recipes.AUGMENTATIONS["full"] == recipes.AUGMENTATION
