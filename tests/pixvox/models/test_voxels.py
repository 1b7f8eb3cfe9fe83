"""The networks for voxels, against counts made by hand."""

import keras
import numpy as np
import pytest
from support.learning import check_learns

from pixvox.models import voxels as models_voxels


def windows(taps, widths, *, bias=True):
    """Count the weights of convolutions, each with so many taps a map, through these widths."""
    return sum(taps * a * b + b * bias for a, b in zip(widths[:-1], widths[1:], strict=True))


HEAD = 4096 * 1024 + 1024 + 1024 * 10 + 10  # after the first dense layer
POSTED_2D = windows(9, (16, 8, 16, 32, 64)) + 4 * 64 + 4 * 4 * 64 * 4096 + 4096 + HEAD
POSTED_3D = windows(27, (3, 8, 16, 32, 64)) + 4 * 64 + 4 * 4 * 4 * 64 * 4096 + 4096 + HEAD


def ours(taps, blocks, *, channels=1, hidden=()):
    widths = [width for width, _ in blocks]
    head = windows(1, (widths[-1], *hidden, 10))
    return windows(taps, (channels, *widths), bias=False) + 4 * sum(widths) + head


FAIR_2D = ours(9, models_voxels.FAIR_BLOCKS[2], channels=16, hidden=[128])
FAIR_3D = ours(27, models_voxels.FAIR_BLOCKS[3], hidden=[128])
NETWORKS = {
    "posted 2D": models_voxels.build_voxels_2d,
    "posted 3D": models_voxels.build_voxels_3d,
    "fair 2D": lambda: models_voxels.build_fair_net(dimensions=2),
    "fair 3D": lambda: models_voxels.build_fair_net(dimensions=3),
    "facing": models_voxels.build_facing_net,
    "turning": models_voxels.build_turning_net,
}
COUNTS = {
    "posted 2D": POSTED_2D,
    "posted 3D": POSTED_3D,
    "fair 2D": FAIR_2D,
    "fair 3D": FAIR_3D,
    "facing": ours(9, models_voxels.FACING_BLOCKS),
    "turning": ours(27, models_voxels.TURNING_BLOCKS),
}

# after which convolutions the maps are pooled
POOLED = {"fair 2D": [1, 3], "fair 3D": [1, 3], "facing": [2, 4], "turning": [1, 3]}


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_are_those_counted_by_hand(name):
    assert NETWORKS[name]().count_params() == COUNTS[name]


def test_the_counts_are_those_that_the_docstrings_tell():
    assert (POSTED_2D, POSTED_3D) == (8_429_698, 21_060_490)
    assert models_voxels.build_voxels_3d().get_layer("hidden1").count_params() == 16_781_312
    assert (COUNTS["facing"], COUNTS["turning"]) == (160_486, 184_770)


def test_the_fair_pair_differs_in_its_windows_only():
    flat, deep = (models_voxels.build_fair_net(dimensions=dimensions) for dimensions in (2, 3))
    assert (FAIR_2D, FAIR_3D) == (82_954, 82_882)
    assert [layer.name for layer in flat.layers] == [layer.name for layer in deep.layers]
    for name in ("hidden", "digit"):
        assert flat.get_layer(name).count_params() == deep.get_layer(name).count_params()
    coloured = models_voxels.build_fair_net(dimensions=3, channels=3)
    assert coloured.input_shape[1:] == (16, 16, 16, 3)
    assert coloured.count_params() == FAIR_3D + 2 * 27 * 8


def test_what_the_post_has_in_each_network():
    flat, deep = models_voxels.build_voxels_2d(), models_voxels.build_voxels_3d()
    names = [layer.name for layer in flat.layers]
    assert [name for name in names if name != "drop1"] == [layer.name for layer in deep.layers]
    assert [flat.get_layer(f"drop{number}").rate for number in (1, 2, 3, 4)] == [0.25, 0.25, 0.5, 0.5]
    assert [deep.get_layer(f"drop{number}").rate for number in (2, 3, 4)] == [0.25, 0.5, 0.5]
    for network in (flat, deep):
        activations = [layer.activation.__name__ for layer in network.layers if hasattr(layer, "activation")]
        assert activations == ["relu"] * 6 + ["softmax"]
        assert {type(network.get_layer(name)).__name__[:10] for name in ("pool1", "pool2")} == {"MaxPooling"}
    assert flat.get_layer("norm").momentum == deep.get_layer("norm").momentum == 0.99
    assert models_voxels.build_voxels_3d(momentum=0.9).get_layer("norm").momentum == 0.9


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


@pytest.mark.parametrize("name", [name for name in NETWORKS if "posted" not in name])
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
