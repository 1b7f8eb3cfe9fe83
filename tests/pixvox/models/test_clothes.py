"""The networks of the clothes, against counts made by hand."""

import numpy as np
import pytest
from keras import layers

from pixvox.models import clothes

CONVS = 3 * 3 * (1 * 32 + 32 * 64 + 64 * 128)
COUNTS = {
    clothes.build_leaky_convnet: CONVS + 32 + 64 + 128 + 2048 * 128 + 128 + 128 * 10 + 10,
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
POSTED = (356_234, 241_546, 1_221_546)


def test_parameters_are_those_counted_by_hand():
    assert tuple(COUNTS.values()) == POSTED == tuple(build().count_params() for build in COUNTS)
    four = clothes.build_fashion_four()
    assert sum(int(np.prod(weights.shape)) for weights in four.non_trainable_weights) == 1_792


def test_larger_pictures_enlarge_the_dense_layer_only():
    small, large = (clothes.build_fashion_three(image_size=(side, side)) for side in (28, 56))
    pairs = zip(small.layers, large.layers, strict=True)
    assert [a.name for a, b in pairs if a.count_params() != b.count_params()] == ["hidden"]


@pytest.mark.parametrize("slope", [clothes.SLOPE, 0.0])
def test_p1s_network_has_one_slope_throughout(slope):
    network = clothes.build_leaky_convnet(slope=slope)
    assert [one.negative_slope for one in network.layers if isinstance(one, layers.LeakyReLU)] == [slope] * 4
