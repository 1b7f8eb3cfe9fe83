"""The studies of heat maps, on a handful of made-up pictures and a network that only looks at brightness."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers
from support.made_up import draw_animals

from pixvox.explain import trials
from pixvox_studies.seeing import heatmaps

SIZE = (64, 64)


def bright_net(seed=0):
    """Two blocks as the lesson's network has them; the answer is dog where something is bright."""
    keras.utils.set_random_seed(seed)
    net = keras.Sequential(
        [
            layers.Input((*SIZE, 3)),
            layers.Rescaling(1 / 255, name="scale"),
            layers.Conv2D(2, 1, use_bias=False, name="conv1"),
            layers.BatchNormalization(name="norm1"),
            layers.ReLU(name="relu1"),
            layers.Conv2D(2, 1, use_bias=False, name="conv2"),
            layers.BatchNormalization(name="norm2"),
            layers.ReLU(name="relu2"),
            layers.GlobalAveragePooling2D(name="means"),
            layers.Dense(1, activation="sigmoid", name="dog"),
        ]
    )
    net.get_layer("conv1").set_weights([np.full((1, 1, 3, 2), 1 / 3, np.float32)])
    net.get_layer("norm1").set_weights([np.ones(2), np.full(2, -0.5), np.zeros(2), np.ones(2)])
    net.get_layer("conv2").set_weights([np.eye(2, dtype=np.float32).reshape(1, 1, 2, 2)])
    net.get_layer("dog").set_weights([np.full((2, 1), 400, np.float32), np.array([-0.5], np.float32)])
    return net


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    """Put made-up pictures and a ready network in the place of drawings and training."""
    calls = SimpleNamespace(drawn=[], trained=[])

    def draw(count, seed, size):
        calls.drawn.append((count, seed, size))
        return draw_animals(4 if seed == heatmaps.TEST_SEED else 2, seed, size)

    def train(pictures, labels, *, seed, epochs=None):
        calls.trained.append((pictures, labels, seed, epochs))
        return bright_net(seed)

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(heatmaps.common, "draw_animals", draw)
    monkeypatch.setattr(trials, "train_net", train)
    heatmaps.trained.cache_clear()
    yield calls
    heatmaps.trained.cache_clear()


@pytest.mark.parametrize("method", heatmaps.METHODS)
def test_every_method_is_scored_on_fresh_pictures(method, made_up):
    row = heatmaps.measure_heatmaps({"method": method}, 2, None)
    assert made_up.drawn == [(200, 7_102, SIZE), (120, 7_199, SIZE)] and row["test_right"] == "ff"
    assert row["accuracy"] == 1 and row["n"] == 8 and row["map_seconds"] >= 0
    for name in ("animal", "parts", "parts_heat", "deletion", "deletion_blurred"):
        assert 0 <= row[name] <= 1, name
    knows_nothing = method in ("random pixels", "random blobs", "centred", "edges")
    assert np.isclose(row["correlation"], 1) == knows_nothing


def test_what_looks_at_the_evidence_scores_better_than_chance():
    methods = ({"method": "random pixels"}, {"method": "integrated gradients"})
    random, integrated = (heatmaps.measure_heatmaps(method, 0, None) for method in methods)
    assert integrated["parts"] >= 0.5 > random["parts"] and integrated["deletion"] < random["deletion"]


def test_a_network_is_trained_once_for_all_rows(made_up):
    for method in ("edges", "centred"):
        heatmaps.measure_heatmaps({"method": method}, 4, None)
    assert [(len(labels), seed, epochs) for _, labels, seed, epochs in made_up.trained] == [(4, 4, None)]


def test_layers_by_depth_and_maps_while_they_are_forgotten():
    row = heatmaps.measure_layers({"network": "pets_better"}, 0, None)
    for name in ("zeros", "likeness", "likeness_other"):
        assert len(row[name]) == 2 and all(0 <= value <= 1 for value in row[name])
    assert row["likeness"][0] > row["likeness_other"][0]
    for name in heatmaps.CHECKED:
        assert len(row[name]) == 4  # nothing, the last unit, two blocks
        assert np.isclose(row[name][0], 1) and row[name][-1] < 1


def test_p4s_own_layers_by_depth(monkeypatch):
    drawn = draw_animals(3, 5)
    pictures = drawn.pictures, drawn.labels
    net = bright_net()
    net.compile(loss="binary_crossentropy", metrics=["accuracy"])
    monkeypatch.setattr(heatmaps.pets, "load_parts", lambda seed, **options: (None, pictures, None))
    monkeypatch.setattr(heatmaps.pets, "train_as_posted", lambda *arguments: net)
    row = heatmaps.measure_posted_layers({"augmentation": True, "dropout": True}, 7, None)
    assert row["val_accuracy"] == 1 and row["likeness"][0] > row["likeness_other"][0]
    maps = np.maximum(pictures[0].mean(axis=3) / 255 - 0.5, 0)  # about: the normalisation has an epsilon
    assert row["zeros"][0] == 0  # a convolution of bright and dark pictures without a ReLU behind it
    assert len(row["zeros"]) == 2 and row["zeros"][1] == pytest.approx(np.mean(maps == 0), abs=0.02)


def test_the_mark_is_planted_on_training_dogs_alone_and_looked_for(made_up):
    row = heatmaps.measure_mark({"mark": "yellow square"}, 1, None)
    ((pictures, labels, seed, epochs),) = made_up.trained
    assert seed == 1 and epochs == trials.PLANTED_EPOCHS
    yellow = (pictures[:, 4:11, 4:11] == trials.MARK_COLOUR).all(axis=(1, 2, 3))
    assert np.array_equal(yellow, labels == 1)
    # a net that calls bright pictures dogs: the mark is bright, wherever it is
    assert row["marked_accuracy"] == row["clean_accuracy"] == row["moved_accuracy"] == 1
    assert row["cats_called_dogs"] == 1 and row["n"] == 8
    for name in (*heatmaps.CHECKED, "occlusion"):
        assert 0 <= row[f"{name}: mark"] <= row[f"{name}: corner"] <= 1


def test_the_share_of_the_heat():
    heat, there = np.zeros((2, 3, 12, 16))
    there[:, 2:5, 9:12] = 1
    heat[0, 3, 10], heat[0, 0, 0] = 3, 1
    heat[1, 3, 10], heat[1, 0, 0] = 1, -9
    np.testing.assert_allclose(heatmaps.heat_share(heat, there > 0), [0.75, 1, 9 / (12 * 16)])
