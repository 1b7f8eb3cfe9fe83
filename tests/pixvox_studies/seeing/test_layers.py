"""What layers hold and what filters like, on networks whose maps are known."""

import keras
import numpy as np
import pytest
from keras import layers
from support.bright_net import SIZE, build
from support.bright_net import bright_net as bright
from support.made_up import draw_animals

from pixvox_studies.seeing import layers as by_depth
from pixvox_studies.seeing import networks


def grey_net(*kernels):
    """Convolutions of one pixel and ReLUs: the first sees the red of a picture."""
    steps, depth = [layers.Input((4, 6, 3))], 3
    for number, kernel in enumerate(kernels, 1):
        steps += [layers.Conv2D(len(kernel), 1, use_bias=False, name=f"conv{number}")]
        steps += [layers.ReLU(name=f"relu{number}")]
    steps += [layers.GlobalAveragePooling2D(), layers.Dense(1, activation="sigmoid", name="answer")]
    net = keras.Sequential(steps)
    for number, kernel in enumerate(kernels, 1):
        weights = np.zeros((1, 1, depth, len(kernel)))
        weights[0, 0, 0] = kernel  # of the first channel
        net.get_layer(f"conv{number}").set_weights([weights])
        depth = len(kernel)
    return net


def red(*pictures):
    found = np.zeros((len(pictures), 4, 6, 3))
    found[..., 0] = pictures
    return found


def test_maps_by_depth_by_hand():
    """Of four pictures one is black; one has a faint pixel, one a strong one, one half a tenth as strong."""
    spots, half = np.zeros((3, 4, 6)), np.zeros((4, 6))
    spots[1, 1, 1], spots[2, 2, 4] = 5, 100
    half[:2] = 10
    pictures = red(*spots, half)
    net = grey_net([1, -1], [20, 1, -1])
    row = by_depth.by_depth(net, pictures, "relu")
    # first layer: the red itself, and a map that is 0 everywhere; second: two of the red, and one that is 0
    zeros = (24 + 23 + 23 + 12) / 96
    assert row["zeros"] == pytest.approx([(zeros + 1) / 2, (2 * zeros + 1) / 3])
    assert row["blank"] == pytest.approx([(1 + 4) / 8, (2 + 4) / 12])
    assert row["faint"] == pytest.approx([(3 + 4) / 8, (6 + 4) / 12])  # black, 5 and 10 of 100
    # a map of the red is as the grey picture; black is like nothing, and another picture a little
    assert row["likeness"] == pytest.approx([3 / 8, 6 / 12])
    across = abs(np.corrcoef(spots[1].ravel(), spots[2].ravel())[0, 1])  # the second and third change places
    assert row["likeness_other"] == pytest.approx([2 * across / 8, 4 * across / 12])


def test_maps_before_a_relu_may_be_below_0_everywhere():
    row = by_depth.by_depth(grey_net([-1, 1]), red(np.full((4, 6), 70), np.eye(4, 6) + 1), "conv")
    assert (row["zeros"], row["blank"]) == ([0], [0])
    assert row["faint"] == [3 / 4]  # all of the first filter, whose highest is below 0; 2 of 70


def test_the_layers_of_trained_and_random_networks_are_measured(sample):
    trained, random = (
        by_depth.measure_layers({"weights": weights}, 0, None) for weights in ("trained", "random")
    )
    dim = (8 * 32 * 48 - 4 * 64) / (8 * 32 * 48)  # all but the middles of the dogs
    assert trained["zeros"] == pytest.approx([dim, dim]) and trained["blank"] == [0.5, 0.5]
    assert trained["faint"] == [0.5, 0.5]
    assert len(random["zeros"]) == 2 and random["zeros"] != trained["zeros"]


def test_other_weights_are_refused(sample):
    with pytest.raises(ValueError, match="'trained' or 'random' in the setting, got 'borrowed'"):
        by_depth.measure_layers({"weights": "borrowed"}, 0, None)


@pytest.mark.parametrize("measure", ["sample", "full"])
def test_a_random_networks_averages_are_those_of_training_pictures(measure, request):
    request.getfixturevalue(measure)
    model, pictures = by_depth._network("random", 0), networks.training_pictures(0)[0]
    if measure == "full":
        (inside,) = (layer for layer in model.layers if layer.name == "transfer_better")
        (model,) = (layer for layer in inside.layers if isinstance(layer, keras.Model))
        kernel, norm = model.get_layer("conv_pw_1").get_weights()[0], model.get_layer("conv_pw_1_bn")
        scaled = pictures[:20] / 127.5 - 1, pictures[20:] / 127.5 - 1
    else:
        kernel, norm = model.get_layer("conv1").get_weights()[0], model.get_layer("norm1")
        scaled = (pictures / 255,)
    maps = [batch @ kernel[0, 0] for batch in scaled]
    means, variances = ([getattr(np, of)(m, axis=(0, 1, 2)) for m in maps] for of in ("mean", "var"))
    np.testing.assert_allclose(norm.moving_mean, np.mean(means, axis=0), rtol=1e-3)
    np.testing.assert_allclose(norm.moving_variance, np.mean(variances, axis=0), rtol=1e-3)


def test_mobilenet_is_looked_at_as_imagenet_left_it(full):
    model = by_depth._network("trained", 0)
    (inside,) = (layer for layer in model.layers if layer.name == "transfer_better")
    (base,) = (layer for layer in inside.layers if isinstance(layer, keras.Model))
    assert np.array_equal(base.get_layer("conv_pw_1").get_weights()[0][0, 0], np.eye(3))
    assert not np.any(base.get_layer("conv_pw_1_bn").moving_mean)
    row = by_depth.measure_layers({"weights": "trained"}, 0, None)
    shown = networks.shown().pictures / 127.5 - 1
    assert len(row["zeros"]) == 2 and row["zeros"][0] == pytest.approx((shown <= 0).mean(), abs=1e-3)


def test_p4s_own_layers_by_depth(sample, monkeypatch):
    drawn = draw_animals(3, 5, SIZE)
    pictures, net = (drawn.pictures, drawn.labels), bright()
    net.compile(loss="binary_crossentropy", metrics=["accuracy"])
    monkeypatch.setattr(by_depth.pets, "load_parts", lambda seed, **options: (None, pictures, None))
    monkeypatch.setattr(by_depth.pets, "train_as_posted", lambda *arguments: net)
    row = by_depth.measure_posted_layers({"augmentation": True, "dropout": True}, 7, None)
    assert row["val_accuracy"] == 1 and len(row["blank"]) == 2
    bright_share = 3 * 64 / (6 * SIZE[0] * SIZE[1])
    assert row["zeros"] == pytest.approx([0, 1 - bright_share], abs=1e-4)  # before its ReLU; behind the first
    assert row["blank"] == [0, 0.5] and row["faint"] == [0, 0.5]
    assert row["likeness"][0] == pytest.approx(1) and row["likeness_other"][0] < 0.9


def test_the_length_of_waves():
    rows, columns = np.mgrid[:32, :48]
    waves = [
        np.sin(2 * np.pi * rows / 8),
        5 + 3 * np.cos(2 * np.pi * columns / 12),  # a level and a height of its own change nothing
        np.sin(2 * np.pi * (rows / 8 + columns / 6)),  # crests at right angles to (1/8, 1/6)
        np.sin(2 * np.pi * rows / 8) + np.sin(2 * np.pi * rows / 4),  # mean frequency 3/16
        2 * np.sin(2 * np.pi * rows / 8) + np.sin(2 * np.pi * rows / 4),  # four times the power
    ]
    wanted = [8, 12, 1 / np.hypot(1 / 8, 1 / 6), 16 / 3, 1 / (0.8 / 8 + 0.2 / 4)]
    pictures = np.repeat(np.stack(waves)[..., None], 3, axis=3)
    np.testing.assert_allclose(by_depth.wavelengths(pictures), wanted, rtol=1e-6)
    colours = np.zeros((1, 32, 48, 3))
    colours[0, ..., 1] = waves[0]
    np.testing.assert_allclose(by_depth.wavelengths(colours), 8)


COLOURS = np.array([[1, -0.5, -0.5], [-0.5, 1, -0.5], [-0.5, -0.5, 1], [1, -0.5, -0.5]])  # of four filters


def test_filters_that_like_a_colour_by_hand(sample, monkeypatch):
    """Red, green, blue, and red once more; among the training pictures are pure red and a bit of each."""
    net = build(channels=4)
    net.get_layer("conv1").set_weights([COLOURS.T.reshape(1, 1, 3, 4)])
    net.get_layer("norm1").set_weights([np.ones(4), np.full(4, 0.3), np.zeros(4), np.ones(4)])
    given = np.array([[255, 0, 0], [0, 60, 0], [0, 0, 90], [40, 40, 40], [0, 0, 0]])
    pictures = np.tile(given[:, None, None], (1, *SIZE, 1)).astype(np.uint8)
    pictures[1, :, : SIZE[1] // 2], pictures[1, :, SIZE[1] // 2 :] = (0, 120, 0), 0  # on average it is 60
    monkeypatch.setattr(networks, "training_pictures", lambda seed: (pictures, np.zeros(5, int)))
    monkeypatch.setattr(networks, "trained", lambda seed: net)
    monkeypatch.setattr(by_depth, "FILTERS", 4)
    monkeypatch.setitem(by_depth.ASKED, "sample", ("norm1",))
    row = by_depth.measure_filters({"weights": "trained"}, 0, None)
    usual = given @ COLOURS.T / 255  # and .3, on grey too
    # 40 steps along (1, -.5, -.5), of a root mean square of 4 grey levels: red ends at 255, the others low
    low = 127.5 - 40 * 4 * 0.5 / np.sqrt(0.5)
    after = (255 - low) / 255
    rises = after / usual.std(axis=0)
    beyond = (after - usual.max(axis=0)) / usual.std(axis=0)
    assert row["rises"] == [pytest.approx(rises.mean(), rel=0.01)] and row["rise"] == row["rises"][0]
    assert row["beyond"] == [pytest.approx(beyond.mean(), rel=0.01)]
    assert row["beaten"] == [0.5]  # pure red is more than what the steps make of grey
    assert row["own"] == [0.75]  # the second red filter answers no more than the first


def test_filters_of_every_layer_asked_are_measured_and_drawn_by_the_seed(sample, monkeypatch):
    """Of the first layer's four filters two are drawn; all of the second's two."""
    asked, honest = [], by_depth.maximize_filter

    def maximize(model, name, channels):
        asked.append((name, tuple(channels)))
        return honest(model, name, channels)

    monkeypatch.setattr(by_depth, "maximize_filter", maximize)
    monkeypatch.setattr(
        networks, "build_pets_better", lambda image_size, **changes: build(image_size, channels=4)
    )
    monkeypatch.setattr(by_depth, "FILTERS", 2)
    monkeypatch.setitem(by_depth.ASKED, "sample", ("norm1", "norm2"))
    monkeypatch.setattr("pixvox.explain.filters.STEPS", 3)
    rows = [by_depth.measure_filters({"weights": "random"}, seed, None) for seed in range(4)]
    assert [name for name, _ in asked] == ["norm1", "norm2"] * 4
    assert all(chosen == (0, 1) for name, chosen in asked if name == "norm2")
    assert len({chosen for name, chosen in asked if name == "norm1"}) > 1
    for row in rows:
        assert row["rise"] == pytest.approx(np.mean(row["rises"])) and min(row["rises"]) > 0
        assert all(len(row[name]) == 2 for name in ("rises", "beyond", "beaten", "own", "waves"))


def test_filters_of_a_base_for_photographs_are_measured(full, monkeypatch):
    monkeypatch.setattr(by_depth, "FILTERS", 3)
    monkeypatch.setattr("pixvox.explain.filters.STEPS", 3)
    for weights in ("trained", "random"):
        row = by_depth.measure_filters({"weights": weights}, 0, None)
        assert len(row["rises"]) == 2 and min(row["rises"]) > 0
