"""The networks for voxels, against counts made by hand."""

import keras
import numpy as np
import pytest
from support.learning import check_learns

from pixvox.models import voxels as models_voxels
from pixvox_studies.voxels import better


def windows(taps, widths, *, bias=True):
    """Count the weights of convolutions, each with so many taps a map, through these widths."""
    return sum(taps * a * b + b * bias for a, b in zip(widths[:-1], widths[1:], strict=True))


def ours(taps, blocks, *, channels=1, hidden=()):
    widths = [width for width, _ in blocks]
    head = windows(1, (widths[-1], *hidden, 10))
    return windows(taps, (channels, *widths), bias=False) + 4 * sum(widths) + head


NETWORKS = {
    "fair 2D": lambda: models_voxels.build_fair_net(dimensions=2),
    "fair 3D": lambda: models_voxels.build_fair_net(dimensions=3),
    "facing": better.build_facing_net,
    "turning": better.build_turning_net,
    "points": models_voxels.build_point_net,
}
COUNTS = {  # by hand, and as the docstrings tell
    "fair 2D": (ours(9, models_voxels.FAIR_BLOCKS[2], channels=16, hidden=[128]), 82_954),
    "fair 3D": (ours(27, models_voxels.FAIR_BLOCKS[3], hidden=[128]), 82_882),
    "facing": (ours(9, better.FACING_BLOCKS, channels=16), 293_386),
    "turning": (ours(27, better.TURNING_BLOCKS), 184_770),
    "points": (windows(1, (3, 64, 128, 256), bias=False) + 4 * 448 + windows(1, (256, 128, 10)), 77_130),
}

# after which convolutions the maps are pooled
POOLED = {"fair 2D": [1, 3], "fair 3D": [1, 3], "facing": [2, 4], "turning": [1, 3]}


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_are_those_counted_by_hand(name):
    by_hand, told = COUNTS[name]
    assert NETWORKS[name]().count_params() == by_hand == told


def test_our_2d_network_takes_volumes_as_pictures_of_sixteen_channels():
    """9 (16*32 + 32*32 + 32*64 + 64*64 + 64*128 + 128*128) + 4 (32 + 32 + 64 + 64 + 128 + 128) + 1,290."""
    facing = better.build_facing_net()
    assert facing.input_shape[1:] == (16, 16, 16)
    widths = [layer.filters for layer in facing.layers if layer.name.startswith("conv")]
    assert widths == [32, 32, 64, 64, 128, 128]
    assert facing.count_params() == 9 * 32_256 + 4 * 448 + 1_290 == 293_386


def test_the_order_of_the_points_does_not_matter():
    network, rng = models_voxels.build_point_net(points=20), np.random.default_rng(0)
    clouds = rng.uniform(-1, 1, (4, 20, 3)).astype(np.float32)
    answers = network.predict(clouds, verbose=0)
    shuffled = np.stack([cloud[rng.permutation(20)] for cloud in clouds])
    np.testing.assert_allclose(network.predict(shuffled, verbose=0), answers, atol=1e-5)
    doubled = models_voxels.build_point_net(points=40)  # nor how often each is there
    doubled.set_weights(network.get_weights())
    twice = np.concatenate([clouds, shuffled], axis=1)
    np.testing.assert_allclose(doubled.predict(twice, verbose=0), answers, atol=1e-5)
    clouds[:, 3] = 2, -2, 2  # though each of them counts
    assert (np.abs(network.predict(clouds, verbose=0) - answers).max(axis=1) > 1e-3).all()
    assert models_voxels.build_point_net().input_shape[1:] == (128, 3)


def test_the_fair_pair_differs_in_its_windows_only():
    flat, deep = (models_voxels.build_fair_net(dimensions=dimensions) for dimensions in (2, 3))
    assert [layer.name for layer in flat.layers] == [layer.name for layer in deep.layers]
    for name in ("hidden", "digit"):
        assert flat.get_layer(name).count_params() == deep.get_layer(name).count_params()
    coloured = models_voxels.build_fair_net(dimensions=3, channels=3)
    assert coloured.input_shape[1:] == (16, 16, 16, 3)
    assert coloured.count_params() == 82_882 + 2 * 27 * 8


@pytest.mark.parametrize("name", POOLED)
def test_what_each_block_of_ours_is_made_of(name):
    network = NETWORKS[name]()
    names = [layer.name.rstrip("0123456789") for layer in network.layers]
    unpooled = [name for name in names[: names.index("means")] if name != "pool"]
    assert unpooled == ["conv", "norm", "relu"] * (len(unpooled) // 3)
    numbers = [int(layer.name[4:]) for layer in network.layers if layer.name.startswith("pool")]
    assert numbers == POOLED[name] and names.index("pool") == names.index("conv") + 3 * numbers[0] - 2
    kinds = dict(zip(names, (type(layer).__name__ for layer in network.layers), strict=True))
    sides = kinds["conv"][-2:]
    assert (kinds["pool"], kinds["means"]) == (f"MaxPooling{sides}", f"GlobalAveragePooling{sides}")
    assert {layer.momentum for layer in network.layers if "norm" in layer.name} == {0.9}
    assert [layer.rate for layer in network.layers if layer.name == "drop"] == [0.3] * ("fair" not in name)
    assert network.get_layer("digit").activation.__name__ == "softmax"


@pytest.mark.parametrize("name", NETWORKS)
def test_it_learns_and_is_the_same_when_loaded(name, tmp_path):
    keras.utils.set_random_seed(0)
    model, labels = NETWORKS[name](), np.arange(16) % 2
    inputs = np.random.default_rng(0).random((16, *model.input_shape[1:])).astype(np.float32)
    inputs[labels == 1] += 1
    check_learns(model, inputs, labels, tmp_path)


@pytest.mark.parametrize("dimensions, channels", [(1, 1), (4, 1), (2, 3), ("3D", 1)])
def test_other_dimensions_are_refused(dimensions, channels):
    with pytest.raises(ValueError, match="expected dimensions=3, or 2"):
        models_voxels.build_fair_net(dimensions=dimensions, channels=channels)
