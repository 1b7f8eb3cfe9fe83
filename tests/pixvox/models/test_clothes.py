"""The networks of the clothes, against counts made by hand."""

import keras
import numpy as np
import pytest
from keras import layers

from pixvox.models import clothes

CONVS = 3 * 3 * (1 * 32 + 32 * 64 + 64 * 128)
COUNTS = {
    clothes.build_leaky_convnet: CONVS + 32 + 64 + 128 + 2048 * 128 + 128 + 128 * 10 + 10,
    clothes.build_fashion_one: 320 + 13 * 13 * 32 * 128 + 128 + 1_290,
    clothes.build_fashion_three: 320 + 18_496 + (9 * 64 * 128 + 128) + (3 * 3 * 128 * 128 + 128) + 1_290,
    clothes.build_fashion_four: 320
    + (9 * 32 * 32 + 32)
    + 18_496
    + (9 * 64 * 128 + 128)
    + (4 * 4 * 128 * 512 + 512)
    + (512 * 128 + 128)
    + 1_290
    + 4 * (32 + 32 + 64 + 128 + 512 + 128),
}
POSTED = (356_234, 693_962, 241_546, 1_221_546)


def test_parameters_are_those_counted_by_hand():
    assert tuple(COUNTS.values()) == POSTED == tuple(build().count_params() for build in COUNTS)
    four = clothes.build_fashion_four()
    assert sum(int(np.prod(weights.shape)) for weights in four.non_trainable_weights) == 1_792
    dense = [clothes.build_fashion_dense(width).count_params() for width in (0, 16, 128)]
    assert dense == [7_850, 795 * 16 + 10, 101_770]


def test_larger_pictures_enlarge_the_dense_layer_only():
    small, large = (clothes.build_fashion_three(image_size=(side, side)) for side in (28, 56))
    pairs = zip(small.layers, large.layers, strict=True)
    assert [a.name for a, b in pairs if a.count_params() != b.count_params()] == ["hidden"]


@pytest.mark.parametrize("activation, slope", [("leaky", 0.1), ("relu", 0.0)])
def test_relu_is_a_slope_of_zero(activation, slope):
    network = clothes.build_leaky_convnet(activation=activation)
    slopes = [layer.negative_slope for layer in network.layers if isinstance(layer, layers.LeakyReLU)]
    assert slopes == [slope] * 4
    with pytest.raises(ValueError, match="'leaky' or 'relu'"):
        clothes.build_leaky_convnet(activation="tanh")


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
        [type(layer).__name__ for layer in clothes.build_leaky_convnet(**cures).layers]
        for cures in ({}, {cure: True})
    )
    assert [kind for kind in cured if kind in added] == added
    assert [kind for kind in cured if kind not in added] == plain


def test_the_largest_outputs_find_the_units_that_were_killed():
    keras.utils.set_random_seed(0)
    network = clothes.build_leaky_convnet(activation="relu")
    for name, unit in (("conv1", 5), ("dense", 7)):
        kernel, bias = network.get_layer(name).get_weights()
        bias[unit] = -1000
        network.get_layer(name).set_weights([kernel, bias])
    images = np.random.default_rng(0).uniform(size=(40, 28, 28, 1)).astype(np.float32)
    largest = clothes.largest_outputs(network, images)
    assert largest.shape == (32 + 64 + 128 + 128,)
    assert largest[5] == 0 and largest[32 + 64 + 128 + 7] == 0
    first = np.maximum(keras.ops.convert_to_numpy(network.layers[0](images)), 0).max(axis=(0, 1, 2))
    np.testing.assert_allclose(largest[:32], first, atol=1e-5)
    assert np.count_nonzero(largest[:32] == 0) == 1
