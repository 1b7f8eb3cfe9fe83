"""Blocks, inputs and ImageNet's own classes: which maps are asked, and what goes in."""

import keras
import numpy as np
import pytest
from support.bright_pictures import PARTS, SIZE

from pixvox.models.transfer import build_small_vgg
from pixvox_studies.transfer import depth


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(depth, "LABELLED", 12)


@pytest.mark.parametrize(("weights", "asked"), [("trained", "trained"), ("random", None)])
def test_the_maps_of_the_block_are_asked(loaded, monkeypatch, tmp_path, weights, asked):
    seen = []
    monkeypatch.setattr(depth.routes, "fit_means", lambda means, y: seen.append(means) or Always())
    row = depth.measure_depth({"weights": weights, "block": 2}, 0, tmp_path)
    base = depth.routes.load_base(SIZE, weights=asked).model
    chosen = depth.labels.draw_labelled(PARTS[0][1], 12, 0)
    x = PARTS[0][0][chosen] / np.float32(127.5) - 1
    for layer in base.layers[1:5]:  # two blocks
        x = layer(x)
    np.testing.assert_allclose(seen[0], np.mean(x, axis=(1, 2)), atol=1e-5)
    assert row["channels"] == 8 and row["test_accuracy"] == 0.25 and row["seconds"] > 0
    assert loaded["weights"][0] == asked


class Always:
    """A model that is right on a quarter of anything."""

    def score(self, means, labels):
        return 0.25


def test_the_cuts_halve_the_side_each_time():
    vgg = build_small_vgg("vgg16")
    mobile = keras.applications.MobileNet(input_shape=(64, 64, 3), include_top=False, weights=None)
    for name, network in (("vgg16", vgg), ("mobilenet", mobile)):
        sides = [network.get_layer(cut).output.shape[1] for cut in depth.CUTS[name]]
        assert sides == [32, 16, 8, 4, 2], name


@pytest.mark.parametrize("head", ["regression", "dense"])
@pytest.mark.parametrize("name", depth.INPUTS)
def test_the_base_gets_the_input_that_the_row_names(monkeypatch, tmp_path, name, head):
    seen = []

    def compute(model, pictures, *, image_size, preprocess_input):
        seen.append(preprocess_input(pictures.astype(np.float32)))
        return depth.features.Features(seen[-1][:, :2, :2], 1.0)

    monkeypatch.setattr(depth.features, "cached_features", compute)
    row = depth.measure_input({"input": name, "head": head}, 0, tmp_path)
    pictures = PARTS[0][0][depth.labels.draw_labelled(PARTS[0][1], 12, 0)].astype(np.float32)
    wanted = {
        "its own": pictures / 127.5 - 1,
        "1/255": pictures / 255,
        "contrast/255": (pictures / 127.5 - 1) / 255,
    }[name]
    np.testing.assert_allclose(seen[0], wanted, atol=1e-6)
    assert row["spread"] == pytest.approx(wanted.std(), rel=1e-4)
    assert {*row} == {"spread", "train_accuracy", "test_accuracy"}


def test_kinds_of_cats_are_weighed_against_kinds_of_dogs(monkeypatch, tmp_path):
    class Network:
        input_shape = (None, *SIZE, 3)

        def predict_on_batch(self, x):
            said = np.zeros((len(x), 1_000))
            bright = x.mean(axis=(1, 2, 3)) > 100
            said[bright, 268], said[~bright, 285] = 0.2, 0.2  # the last of the dogs, and of the cats
            said[:, 150] = said[:, 269] = said[:, 280] = said[:, 286] = 0.3  # neither
            return said

    monkeypatch.setattr(depth.imagenet, "load_classifier", lambda: (Network(), lambda x: x), raising=False)
    row = depth.measure_unasked({"network": "any"}, 0, tmp_path)
    assert row == {"val_accuracy": 1.0, "test_accuracy": 1.0}
