"""The studies of clothes and remembering, on a handful of made-up pictures."""

import keras
import numpy as np
import pytest
from support.learning import check_learns
from support.made_up import bars, keys_of

from pixvox.compare import unpack_answers
from pixvox.models import clothes as models
from pixvox.training import one_cycle
from pixvox_studies.fashion import recipes

CURED = 9 * (32 + 32 * 64 + 64 * 128) + 4 * (32 + 64 + 128 + 128) + 2048 * 128 + 128 * 10 + 10


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch):
    """80 pictures where the published ones would be; nothing is drawn, no file is read."""
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.setattr(recipes, "load_fashion_mnist", lambda: (bars(80, 0), bars(20, 1)))
    monkeypatch.setitem(recipes.TRAINING_SIZE, "full", 50)
    monkeypatch.setitem(recipes.FRESH_SIZE, "full", 20)
    monkeypatch.setitem(recipes.EPOCHS, "full", 1)
    monkeypatch.setattr(recipes, "BATCH_EPOCHS", 1)


def test_the_split_is_scaled_held_apart_and_another_for_each_seed():
    (x_fit, y_fit), (x_val, y_val), (x_fresh, _) = recipes.load_split("full", 0)
    assert (len(x_fit), len(x_val), len(x_fresh)) == (40, 10, 20)
    assert x_fit.dtype == np.float32 and 0 <= x_fit.min() and x_fit.max() == 1
    assert not keys_of(x_fit) & (keys_of(x_val) | keys_of(x_fresh))
    published = keys_of(bars(20, 1)[0] / np.float32(255))
    assert not published & keys_of(x_fresh)  # the test pictures decide nothing
    assert np.any(recipes.load_split("full", 1)[0][0] != x_fit)


def test_drawn_pictures_are_fresh_and_those_to_judge_on_are_the_same_for_all_seeds(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        recipes.common, "draw_clothes", lambda count, seed: drawn.append((count, seed)) or bars(50, seed)
    )
    first, second = (recipes.load_split("sample", seed) for seed in (0, 1))
    assert drawn == [(200, 8000), (400, 8999), (200, 8001), (400, 8999)]
    assert np.any(first[0][0] != second[0][0]) and first[0][0].shape == (40, 28, 28, 1)


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

    def fit(network, parts, batch_size, *, epochs, patience=None):
        made.update(network=network, batch_size=batch_size, patience=patience)
        return {"loss": [1.0], "val_loss": [1.0]}, 0.0

    monkeypatch.setattr(recipes, "_fit", fit)
    monkeypatch.setattr(recipes, "_scores", lambda network, parts: {})

    def compiled(recipe):
        recipes.measure_recipe({"recipe": recipe}, 0, tmp_path)
        network = made["network"]
        kinds = {type(layer).__name__ for layer in network.layers}
        cures = kinds & {"Dropout", "BatchNormalization", "RandomFlip"}
        optimizer = network.optimizer
        return type(optimizer).__name__, optimizer.weight_decay, network.loss.label_smoothing, cures

    assert compiled("as posted") == ("Adam", None, 0.0, set()) and made["patience"] is None
    assert compiled("dropout") == ("Adam", None, 0.0, {"Dropout"})
    assert compiled("weight decay") == ("AdamW", 0.3, 0.0, set())
    assert compiled("smoothed labels") == ("Adam", None, 0.1, set())
    assert compiled("mirrored, shifted") == ("Adam", None, 0.0, {"RandomFlip"})
    assert compiled("normalised, one cycle") == ("Adam", None, 0.0, {"BatchNormalization"})
    assert compiled("stopped early") == ("Adam", None, 0.0, set()) and made["patience"] == 4
    assert compiled("ours")[0] == "Adam" and made["network"].name == "leaky_cured"
    schedule = made["network"].optimizer._learning_rate
    assert schedule.get_config() == one_cycle(10 * 1, peak=0.01).get_config()  # 40 pictures in one batch
    assert made["batch_size"] == 64


def test_stopping_early_brings_back_the_best_weights():
    """Where validation labels are wrong, whatever is learnt makes the validation loss rise."""
    fit, (x_val, y_val), _ = recipes.load_split("full", 0)
    wrong = (x_val, (y_val + 1) % 10)
    keras.utils.set_random_seed(0)
    network = keras.Sequential(
        [keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    )
    network.compile(keras.optimizers.Adam(0.003), "categorical_crossentropy", metrics=["accuracy"])
    history, _ = recipes._fit(network, (fit, wrong), 8, epochs=12, patience=2)
    assert 3 <= len(history["loss"]) < 12
    loss = network.evaluate(x_val, keras.utils.to_categorical(wrong[1], 10), verbose=0)[0]
    assert loss == pytest.approx(min(history["val_loss"]), rel=1e-4)
    assert loss < history["val_loss"][-1]


def test_the_loss_is_the_plain_cross_entropy():
    parts = recipes.load_split("full", 0)
    network = models.build_leaky_convnet()
    network.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    found = recipes._scores(network, parts)
    loss, accuracy = network.evaluate(*parts[2], verbose=0)
    assert found["fresh_loss"] == pytest.approx(loss, rel=1e-4)
    assert found["fresh_accuracy"] == pytest.approx(accuracy)


def test_units_die_at_a_monstrous_rate_under_relu_only(monkeypatch, tmp_path):
    monkeypatch.setattr(recipes, "UNIT_EPOCHS", 2)
    settings = [{"activation": name, "rate": 0.3} for name in ("relu", "leaky")]
    relu, leaky = (recipes.measure_units(setting, 0, tmp_path) for setting in settings)
    assert relu["dead"] > 0.3 and leaky["dead"] == 0
    assert set(relu) == {"dead", "never_positive", "val_accuracy", "training_accuracy"}


def test_our_network_learns_and_is_the_same_when_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(32, 28, 28, 1)).astype(np.float32)
    network, labels = recipes.build_leaky_cured(), np.arange(32) % 10
    assert network.count_params() == CURED == 357_290
    check_learns(network, images, labels, tmp_path)
