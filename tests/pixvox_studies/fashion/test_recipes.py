"""The studies of clothes and remembering, on a handful of made-up pictures."""

import keras
import numpy as np
import pytest
from keras.callbacks import EarlyStopping, ReduceLROnPlateau
from support.learning import check_learns

from pixvox.compare import unpack_answers
from pixvox.training import one_cycle
from pixvox_studies.fashion import recipes

CURED = 9 * (32 + 32 * 64 + 64 * 128) + 4 * (32 + 64 + 128 + 128) + 2048 * 128 + 128 * 10 + 10


@pytest.fixture(autouse=True)
def few_epochs(monkeypatch):
    monkeypatch.setitem(recipes.EPOCHS, "full", 1)
    monkeypatch.setattr(recipes, "BATCH_EPOCHS", 1)


SETTINGS = {"recipe": {"recipe": "as posted"}, "batch_size": {"batch_size": 16, "learning_rate": 0.001}}


@pytest.mark.parametrize("measure", SETTINGS)
def test_a_row_has_both_sides(measure, tmp_path):
    row = getattr(recipes, f"measure_{measure}")(SETTINGS[measure], 1, tmp_path)
    accuracies = {f"{part}_accuracy" for part in ("training", "val", "fresh")}
    losses = {"training_loss", "fresh_loss", "val_loss"}
    assert set(row) == accuracies | losses | {"epochs", "fit_seconds", "test_right"}
    assert row["epochs"] == len(row["val_loss"]) == 1 and row["fit_seconds"] > 0
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["fresh_accuracy"])


def test_recipes_build_and_compile_what_they_say(monkeypatch, tmp_path):
    made = {}

    def train(network, parts, batch_size, *, epochs, callbacks=()):
        made.update(network=network, parts=parts, batch_size=batch_size, epochs=epochs, callbacks=callbacks)
        return {}

    monkeypatch.setattr(recipes.training, "train", train)
    monkeypatch.setitem(recipes.EPOCHS, "full", 8)

    def compiled(recipe):
        recipes.measure_recipe({"recipe": recipe}, 0, tmp_path)
        network = made["network"]
        kinds = {type(layer).__name__ for layer in network.layers}
        cures = kinds & {"Dropout", "BatchNormalization", "RandomFlip"}
        optimizer = network.optimizer
        return type(optimizer).__name__, optimizer.weight_decay, network.loss.label_smoothing, cures

    plain = ("Adam", None, 0.0, set())
    assert compiled("as posted") == plain and not made["callbacks"]
    assert (made["epochs"], len(made["parts"][0][1])) == (8, 40)
    assert compiled("dropout") == ("Adam", None, 0.0, {"Dropout"})
    assert compiled("weight decay") == ("AdamW", 0.3, 0.0, set())
    assert compiled("smoothed labels") == ("Adam", None, 0.1, set())
    assert compiled("mirrored, shifted") == ("Adam", None, 0.0, {"RandomFlip"})
    assert compiled("normalised, one cycle") == ("Adam", None, 0.0, {"BatchNormalization"})
    assert compiled("stopped early") == plain
    assert isinstance(made["callbacks"][0], EarlyStopping) and made["callbacks"][0].patience == 4
    assert compiled("rate on plateau") == plain
    assert isinstance(made["callbacks"][0], ReduceLROnPlateau) and made["callbacks"][0].factor == 0.3
    assert made["callbacks"][0].monitor == "val_loss" and made["callbacks"][0].patience == 2
    assert compiled("ours")[0] == "Adam" and made["network"].name == "leaky_cured"
    schedule = made["network"].optimizer._learning_rate
    assert schedule.get_config() == one_cycle(10 * 1, peak=0.01).get_config()  # 40 pictures in one batch
    assert made["batch_size"] == 64


@pytest.mark.parametrize(
    ("recipe", "part"),
    [("half the width", 2), ("a quarter of the width", 4), ("an eighth of the width", 8)],
)
def test_narrower_networks_have_their_part_of_all_channels_and_units(recipe, part):
    network = recipes.build_leaky_variant(**recipes.RECIPES[recipe]["layers"])
    one, two, three, units = (size // part for size in (32, 64, 128, 128))
    convolutions = 9 * (one + one * two + two * three) + one + two + three
    assert network.count_params() == convolutions + (16 * three + 1) * units + (units + 1) * 10


def test_more_pictures_are_seen_in_as_many_steps(monkeypatch, tmp_path):
    made = {}
    monkeypatch.setitem(recipes.EPOCHS, "full", 8)
    monkeypatch.setitem(recipes.pictures.TRAINING_SIZE, "full", 20)
    monkeypatch.setitem(recipes.pictures.FRESH_SIZE, "full", 10)
    monkeypatch.setattr(
        recipes.training,
        "train",
        lambda network, parts, batch_size, *, epochs, callbacks: made.update(parts=parts, epochs=epochs),
    )
    recipes.measure_recipe({"recipe": "more pictures"}, 0, tmp_path)
    assert (len(made["parts"][0][1]), made["epochs"]) == (4 * 16, 8 // 4)


@pytest.mark.parametrize(
    "cure, added",
    [
        ("dropout", ["Dropout"] * 4),
        ("norm", ["BatchNormalization"] * 4),
        ("augmented", ["RandomFlip", "RandomTranslation"]),
    ],
)
def test_a_cure_adds_its_layers_and_no_other(cure, added):
    plain, cured = (
        [type(layer).__name__ for layer in recipes.build_leaky_variant(**cures).layers]
        for cures in ({}, {cure: True})
    )
    assert [kind for kind in cured if kind in added] == added
    assert [kind for kind in cured if kind not in added] == plain


def test_our_network_learns_and_is_the_same_when_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(32, 28, 28, 1)).astype(np.float32)
    network, labels = recipes.build_leaky_cured(), np.arange(32) % 10
    assert network.count_params() == CURED == 357_290
    check_learns(network, images, labels, tmp_path)
