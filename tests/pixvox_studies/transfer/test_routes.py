"""The routes of transfer learning: what each trains, in which order, from which input, what it reports."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from pixvox.datasets import imagenet
from pixvox.models import heads
from pixvox_studies.transfer import routes

SIZE = (32, 32)
ACCURACIES = ("train_accuracy", "val_accuracy", "test_accuracy")
SCORES = {"fit_seconds", "test_right", *ACCURACIES}
STAGES = {"before_seconds", "before_accuracy", "moved"}


def made_up(count, seed):
    """Pictures of noise, every other one brighter, and the labels that say so."""
    labels = np.arange(count) % 2
    pictures = np.random.default_rng(seed).integers(0, 120, (count, *SIZE, 3))
    return (pictures + 100 * labels[:, None, None, None]).astype(np.uint8), labels


PARTS = (made_up(24, 0), made_up(8, 1), made_up(12, 2))


@pytest.fixture(autouse=True)
def small(monkeypatch, tmp_path):
    def load(name, image_size):
        """Return a base of one convolution a block, which random weights keep from fading."""
        keras.utils.set_random_seed(5)
        inputs = x = keras.Input((*image_size, 3))
        for block in range(1, 6):
            x = keras.layers.Conv2D(8, 3, padding="same", activation="relu", name=f"block{block}_conv1")(x)
            x = keras.layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        base = keras.Model(inputs, x, name=f"small_{name}")
        return imagenet.Network(base, keras.applications.mobilenet.preprocess_input)

    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(routes.store, "ROOT", tmp_path)
    monkeypatch.setattr(routes, "load_parts", lambda seed, profile: PARTS)
    monkeypatch.setattr(routes.imagenet, "load_conv_base", load)
    monkeypatch.setitem(heads.IMAGE_SIZES, "sample", SIZE)
    monkeypatch.setattr(heads, "HEAD_EPOCHS", 1)
    monkeypatch.setattr(heads, "BETTER_EPOCHS", 1)
    for setting, epochs in ((heads.FROZEN_EPOCHS, 2), (heads.TUNING_EPOCHS, 1), (routes.SCRATCH_EPOCHS, 1)):
        monkeypatch.setitem(setting, "sample", epochs)


@pytest.fixture
def fitted(monkeypatch):
    """Record, for each call of fit, which layers of the base could train, the rate and the epochs."""
    calls = []
    honest = keras.Sequential.fit

    def fit(network, x, y, **settings):
        base = [layer for layer in network.layers if layer.name.startswith("small_vgg")]
        paths = [weights.path for one in base for weights in one.trainable_weights]
        trainable = {path.split("/")[-2].split("_")[0] for path in paths}
        calls.append((sorted(trainable), float(network.optimizer.learning_rate), settings.get("epochs", 1)))
        return honest(network, x, y, **settings)

    monkeypatch.setattr(keras.Sequential, "fit", fit)
    return calls


ALL = [f"block{number}" for number in range(1, 6)]
HEAD, TUNE = heads.HEAD_RATE["sample"], heads.TUNING_RATE["sample"]
EXPECTED = {
    "fine-tuned": [([], HEAD, 2), (["block5"], TUNE, 1)],
    "all, in order": [([], HEAD, 2), (ALL, TUNE, 1)],
    "all at once": [(ALL, HEAD, 2), (ALL, TUNE, 1)],
    "frozen, large steps": [([], 4 * HEAD, 1)],
    "all at once, large steps": [(ALL, 4 * HEAD, 1)],
}


@pytest.mark.parametrize("route", EXPECTED)
def test_the_order_is_what_the_route_says(fitted, tmp_path, route):
    row = routes.measure_route({"route": route}, 0, tmp_path)
    for (blocks, rate, epochs), expected in zip(fitted, EXPECTED[route], strict=True):
        assert (blocks, pytest.approx(rate), epochs) == expected
    assert set(row) == SCORES | ({"moved", "worth"} if "large" in route else STAGES)
    assert (row["moved"] == 0) == (route == "frozen, large steps")
    if "large" not in route:
        assert 0 < row["before_seconds"] < row["fit_seconds"]


def test_a_head_sees_the_input_that_its_route_says(monkeypatch, tmp_path):
    seen = {}

    def compute(model, pictures, *, image_size, preprocess_input):
        ready = preprocess_input(pictures)
        seen.setdefault(route, ready)
        return ready[:, :2, :2]

    monkeypatch.setattr(routes.features, "compute_features", compute)
    for route in routes.INPUTS:
        assert set(routes.measure_route({"route": route}, 0, tmp_path)) == SCORES
    pictures = PARTS[0][0].astype(np.float32)
    np.testing.assert_allclose(seen["features"], pictures / 127.5 - 1, atol=1e-6)
    np.testing.assert_allclose(seen["features, 1/255"], pictures / 255, atol=1e-6)
    np.testing.assert_allclose(seen["features, contrast/255"], (pictures / 127.5 - 1) / 255, atol=1e-6)


@pytest.mark.parametrize("route", ["from scratch", "ours, features", "ours, fine-tuned"])
def test_the_other_routes_are_measured(monkeypatch, tmp_path, route):
    if route == "from scratch":
        parts = [(np.pad(x, ((0, 0), (0, 16), (0, 16), (0, 0))), y) for x, y in PARTS]
        monkeypatch.setattr(routes, "load_parts", lambda seed, profile: parts)
    row = routes.measure_route({"route": route}, 0, tmp_path)
    assert set(row) == SCORES and row["fit_seconds"] > 0
    assert all(0 <= row[name] <= 1 for name in ACCURACIES)
    if route == "ours, features":
        assert row["test_accuracy"] > 0.9  # brightness is easy to find in any maps


def test_our_cheap_recipe_asks_the_mirror_image_too(monkeypatch):
    asked = []

    def maps(conv_base, pictures, preprocess_input):
        asked.append(pictures)
        return pictures[:, :4, :4].astype(np.float32)

    monkeypatch.setattr(routes, "_maps", maps)
    monkeypatch.setattr(routes, "_kept_maps", maps)
    test_turned = (PARTS[2][0], 1 - PARTS[2][1])
    row = routes.measure_mirrored(imagenet.Network(None, None), (*PARTS[:2], test_turned))
    assert row["train_accuracy"] > 0.9 and row["val_accuracy"] > 0.9 and row["test_accuracy"] < 0.1
    assert len(asked) == 6
    for (pictures, _), plain, mirrored in zip(PARTS, asked[::2], asked[1::2], strict=True):
        np.testing.assert_array_equal(plain, pictures)
        np.testing.assert_array_equal(mirrored, np.flip(pictures, axis=2))


def test_our_network_answers_by_the_mean_over_both_mirror_images(monkeypatch):
    class Network:
        output_shape = (None, 1)

        def compile(self, *given, **settings):
            pass

        def fit(self, x, y, **settings):
            return SimpleNamespace(history={})

        def predict(self, x, **settings):
            return x[:, 0, 0]  # what stands on the left

    monkeypatch.setattr(heads, "build_transfer_better", lambda base: Network())
    pictures = np.array([[0.9, 0.3], [0.9, 0.0], [0.2, 0.7], [0.2, 0.9]]).reshape(4, 1, 2, 1)
    labels = np.array([1, 0, 0, 1])  # by the mean; by the left alone two would be wrong
    conv_base = imagenet.Network(SimpleNamespace(layers=[]), lambda given: given)
    parts = [(pictures, labels), (pictures[:1], labels[:1]), (pictures, 1 - labels)]
    row = routes.measure_better(conv_base, parts, batches=2, seed=0)
    assert [row[name] for name in ACCURACIES] == [1, 1, 0]
