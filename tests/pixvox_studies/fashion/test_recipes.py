"""Lesson 02's studies, on a handful of made-up pictures."""

import keras
import numpy as np
import pytest

from pixvox.training import one_cycle
from pixvox_studies.fashion import recipes as study_leaky


def make_pictures(count, seed):
    """Pictures in ten classes that differ in where they are bright."""
    labels = np.arange(count) % 10
    images = np.random.default_rng(seed).integers(0, 60, (count, 28, 28, 1), dtype=np.uint8)
    for label in range(10):
        images[labels == label, 4 + 2 * label : 6 + 2 * label, 6:16] = 255
    return images, labels


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch):
    """80 pictures where the published ones would be; nothing is drawn, no file is read."""
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.setattr(
        study_leaky, "load_fashion_mnist", lambda: (make_pictures(80, 0), make_pictures(20, 1))
    )
    monkeypatch.setitem(study_leaky.TRAINING_SIZE, "full", 50)
    monkeypatch.setitem(study_leaky.FRESH_SIZE, "full", 20)
    monkeypatch.setitem(study_leaky.EPOCHS, "full", 2)
    monkeypatch.setattr(study_leaky, "BATCH_EPOCHS", 1)
    monkeypatch.setattr(study_leaky, "UNIT_EPOCHS", 1)
    monkeypatch.setattr(study_leaky, "CURED_EPOCHS", 2)
    study_leaky.load_split.cache_clear()
    yield
    study_leaky.load_split.cache_clear()
    study_leaky._drawn_fresh.cache_clear()


def test_the_split_is_scaled_held_apart_and_another_for_each_seed():
    (x_fit, y_fit), (x_val, y_val), (x_fresh, _) = study_leaky.load_split("full", 0)
    assert (len(x_fit), len(x_val), len(x_fresh)) == (40, 10, 20)
    assert x_fit.dtype == np.float32 and 0 <= x_fit.min() and x_fit.max() == 1
    fitted = {image.tobytes() for image in x_fit}
    assert not fitted & {image.tobytes() for image in (*x_val, *x_fresh)}
    published = {(image / np.float32(255)).tobytes() for image in make_pictures(20, 1)[0]}
    assert not published & {image.tobytes() for image in x_fresh}  # the test pictures decide nothing
    assert np.any(study_leaky.load_split("full", 1)[0][0] != x_fit)


def test_drawn_pictures_are_fresh_and_those_to_judge_on_are_the_same_for_all_seeds(monkeypatch):
    drawn = []

    def draw(count, *, seed):
        drawn.append((count, seed))
        images, labels = make_pictures(50, seed)
        return images[..., 0], labels

    monkeypatch.setattr(study_leaky, "draw_clothes", draw)
    parts = [study_leaky.load_split("sample", seed) for seed in (0, 1)]
    assert drawn == [(200, 8000), (400, 8999), (200, 8001)]
    np.testing.assert_array_equal(parts[0][2][0], parts[1][2][0])
    assert np.any(parts[0][0][0] != parts[1][0][0])
    assert parts[0][0][0].shape == (40, 28, 28, 1)


MEASURED = {
    "training_accuracy",
    "training_loss",
    "val_accuracy",
    "fresh_accuracy",
    "fresh_loss",
    "epochs",
    "fit_seconds",
    "val_loss",
}


@pytest.mark.parametrize("recipe", ["as posted", "ours"])
def test_a_recipe_is_measured(recipe, tmp_path):
    row = study_leaky.measure_recipe({"recipe": recipe}, 0, tmp_path)
    assert set(row) == MEASURED
    assert row["epochs"] == len(row["val_loss"]) == 2
    assert all(0 <= row[f"{part}_accuracy"] <= 1 for part in ("training", "val", "fresh"))


def test_recipes_compile_what_they_say(monkeypatch, tmp_path):
    made = {}

    def fit(network, fit, val, batch_size, *, epochs, patience=None):
        made.update(network=network, batch_size=batch_size, patience=patience)
        return {"loss": [1.0], "val_loss": [1.0]}, 0.0

    monkeypatch.setattr(study_leaky, "_fit", fit)

    def compiled(recipe):
        study_leaky.measure_recipe({"recipe": recipe}, 0, tmp_path)
        optimizer, loss = made["network"].optimizer, made["network"].loss
        return type(optimizer).__name__, optimizer.weight_decay, loss.label_smoothing, made["patience"]

    assert compiled("as posted") == ("Adam", None, 0.0, None)
    assert compiled("weight decay") == ("AdamW", 0.3, 0.0, None)
    assert compiled("smoothed labels") == ("Adam", None, 0.1, None)
    assert compiled("stopped early") == ("Adam", None, 0.0, 4)
    assert compiled("ours")[0] == "Adam" and made["network"].name == "leaky_cured"
    schedule = made["network"].optimizer._learning_rate
    pictures = len(study_leaky.load_split(study_leaky.store.profile(), 0)[0][0])
    steps = study_leaky.CURED_EPOCHS * -(-pictures // made["batch_size"])
    assert schedule.get_config() == one_cycle(steps, peak=0.01).get_config()
    assert made["batch_size"] == study_leaky.CURED_BATCH_SIZE["full"]


def test_recipes_build_what_they_say(monkeypatch, tmp_path):
    built = []
    builder = study_leaky.models_leaky.build_leaky_convnet
    monkeypatch.setattr(
        study_leaky.models_leaky, "build_leaky_convnet", lambda **cures: built.append(cures) or builder()
    )
    monkeypatch.setattr(study_leaky, "_fit", lambda *a, **k: ({"loss": [1.0], "val_loss": [1.0]}, 0.0))
    for recipe in ("as posted", "dropout", "mirrored, shifted", "normalised, one cycle"):
        study_leaky.measure_recipe({"recipe": recipe}, 0, tmp_path)
    assert built == [{}, {"dropout": True}, {"augmented": True}, {"norm": True}]


def test_stopping_early_brings_back_the_best_weights():
    """Where validation labels are wrong, whatever is learnt makes the validation loss rise."""
    fit, (x_val, y_val), _ = study_leaky.load_split("full", 0)
    wrong = (x_val, (y_val + 1) % 10)
    keras.utils.set_random_seed(0)
    network = study_leaky.models_leaky.build_leaky_convnet()
    network.compile(keras.optimizers.Adam(0.003), "categorical_crossentropy", metrics=["accuracy"])
    history, _ = study_leaky._fit(network, fit, wrong, 8, epochs=12, patience=2)
    assert 3 <= len(history["loss"]) < 12
    loss = network.evaluate(x_val, keras.utils.to_categorical(wrong[1], 10), verbose=0)[0]
    assert loss == pytest.approx(min(history["val_loss"]), rel=1e-4)
    assert loss < 0.9 * history["val_loss"][-1]


def test_the_loss_is_the_plain_cross_entropy():
    fit, val, fresh = study_leaky.load_split("full", 0)
    keras.utils.set_random_seed(0)
    network = study_leaky.models_leaky.build_leaky_convnet()
    network.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    found = study_leaky._accuracies(network, fit, val, fresh)
    loss, accuracy = network.evaluate(*fresh, verbose=0)
    assert found["fresh_loss"] == pytest.approx(loss, rel=1e-4)
    assert found["fresh_accuracy"] == pytest.approx(accuracy)


def test_a_seed_repeats(tmp_path):
    setting = {"batch_size": 16, "learning_rate": 0.001}
    rows = [study_leaky.measure_batch_size(setting, 1, tmp_path) for _ in range(2)]
    for row in rows:
        assert set(row) == MEASURED
        del row["fit_seconds"]
    assert rows[0] == rows[1]


def test_units_die_at_a_monstrous_rate_under_relu_only(monkeypatch, tmp_path):
    monkeypatch.setattr(study_leaky, "UNIT_EPOCHS", 3)
    rows = {
        name: study_leaky.measure_units({"activation": name, "rate": 0.3}, 0, tmp_path)
        for name in ("relu", "leaky")
    }
    assert rows["relu"]["dead"] > 0.3 and rows["leaky"]["dead"] == 0
    assert set(rows["relu"]) == {"dead", "never_positive", "val_accuracy", "training_accuracy"}
