"""The networks of the lesson on 2D and 3D: a fair pair, and one for points.

The lesson shows the layers of those that it trains; a test compares them with the builders. A volume is
(16, 16, 16), axes [z][y][x], values 0 to 1. All answer with ten probabilities.
"""

from keras import Sequential, layers

from pixvox.voxels.recipe import SIZE

NUM_CLASSES = 10

# The channels of each convolution, and whether its maps are pooled. In 2D a window has 9 weights, not 27.
FAIR_BLOCKS = {
    2: ((24, True), (32, False), (72, True), (64, False)),
    3: ((8, True), (16, False), (32, True), (64, False)),
}


def build_fair_net(*, dimensions, channels=1):
    """Build one of a pair that differs in its windows only: the same depth and head, nearly the same size.

    Args:
        dimensions: 2 or 3: whether windows slide along two axes or three.
        channels: numbers a voxel; in 2D always 1.

    Returns:
        a model to (batch, 10) probabilities, from (batch, 16, 16, 16), whose last axis serves as channels
        (2D, 82,954 parameters), or from (batch, 16, 16, 16, channels) (3D, 82,882 with one channel).

    Raises:
        ValueError: for other dimensions, or several numbers a voxel in 2D.
    """
    if dimensions not in (2, 3) or channels < 1 or (dimensions == 2 and channels != 1):
        raise ValueError(f"expected dimensions=3, or 2 and channels=1, got {dimensions!r}, {channels!r}.")
    shape = (SIZE, SIZE, SIZE) if dimensions == 2 else (SIZE, SIZE, SIZE, channels)
    stack = [
        *normalised_blocks(FAIR_BLOCKS[dimensions], shape),
        layers.Dense(128, activation="relu", name="hidden"),
        layers.Dense(NUM_CLASSES, activation="softmax", name="digit"),
    ]
    return Sequential(stack, name=f"fair_{dimensions}d")


def build_point_net(*, points=128):
    """Build a network for points (batch, points, 3): PointNet without its two small networks that turn.

    A dense layer on such an array works on each point by itself, with the same weights; the maximum over the
    points does not depend on their order. 77,130 parameters.

    Source: C. R. Qi et al., "PointNet", arXiv:1612.00593.
    """
    stack = [layers.Input((points, 3))]
    for number, width in enumerate((64, 128, 256), 1):
        stack += [
            layers.Dense(width, use_bias=False, name=f"point{number}"),
            layers.BatchNormalization(momentum=0.9, name=f"norm{number}"),
            layers.ReLU(name=f"relu{number}"),
        ]
    stack += [
        layers.GlobalMaxPooling1D(name="maxima"),
        layers.Dense(128, activation="relu", name="hidden"),
        layers.Dense(NUM_CLASSES, activation="softmax", name="digit"),
    ]
    return Sequential(stack, name="point_net")


def normalised_blocks(blocks, shape):
    """Return layers: convolutions, pooled where it says so, each normalised; then the mean of each map.

    Args:
        blocks: for each convolution its channels, and whether its maps are pooled.
        shape: of the input, (side, side, channels) for flat windows, (side, side, side, channels) for cubes.
    """
    convolution, pooling, means = {
        3: (layers.Conv2D, layers.MaxPooling2D, layers.GlobalAveragePooling2D),
        4: (layers.Conv3D, layers.MaxPooling3D, layers.GlobalAveragePooling3D),
    }[len(shape)]
    made = [layers.Input(shape)]
    for number, (width, pooled) in enumerate(blocks, 1):
        made += [
            convolution(width, 3, padding="same", use_bias=False, name=f"conv{number}"),
            *([pooling(2, name=f"pool{number}")] if pooled else []),
            layers.BatchNormalization(momentum=0.9, name=f"norm{number}"),
            layers.ReLU(name=f"relu{number}"),
        ]
    return [*made, means(name="means")]
