"""The networks of lesson 08: the post's two, a fair pair, and our own two.

Lesson 08 shows the layers of each in full; a test compares them with the builders. A volume is (16, 16, 16),
axes [z][y][x], values 0 to 1. All answer with ten probabilities.
"""

from keras import Sequential, layers

from pixvox.training import Recipe
from pixvox.voxels.recipe import SIZE
from pixvox.voxels.views import PICTURE_SIZE

NUM_CLASSES = 10

# What the lesson and its studies train with: P0's, of its 2D and 3D networks, then ours, by profile.
POSTED_BATCH_SIZE = {"2D": 64, "3D": 86}
VALIDATION_SHARE = {"2D": 0.25, "3D": 0.15}
SPLIT_SEED = 42
AUGMENTATION = {"rotation_degrees": 10, "shift": 0.1, "zoom": 0.1}
PLATEAU = {"monitor": "val_accuracy", "patience": 3, "factor": 0.5, "min_lr": 1e-5}
BETTER = Recipe(peak=4e-3, decay=0.02, smoothing=0.05)
BETTER_BATCH_SIZE = {"sample": 64, "full": 128}

# Of our networks: the channels of each convolution, and whether its maps are pooled. The fair pair's 2D half
# is wider, for its windows have 9 weights a channel and not 27.
FAIR_BLOCKS = {
    2: ((24, True), (32, False), (72, True), (64, False)),
    3: ((8, True), (16, False), (32, True), (64, False)),
}
FACING_BLOCKS = ((12, False), (24, True), (48, False), (48, True), (96, False), (96, False))
TURNING_BLOCKS = ((8, True), (16, False), (32, True), (64, False), (64, False))


def build_voxels_2d():
    """Build P0's 2D network for (batch, 16, 16, 16), the last axis as channels: 8,429,698 parameters.

    Source: P0.
    """
    return Sequential(
        [
            layers.Input((SIZE, SIZE, SIZE)),
            layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Dropout(0.25, name="drop1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv3"),
            layers.Conv2D(64, 3, padding="same", activation="relu", name="conv4"),
            layers.BatchNormalization(name="norm"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Dropout(0.25, name="drop2"),
            *_posted_head(),
        ],
        name="voxels_2d",
    )


def build_voxels_3d(*, momentum=0.99):
    """Build P0's 3D network for coloured volumes (batch, 16, 16, 16, 3): 21,060,490 parameters.

    The first dense layer has 16,781,312 of them.

    Args:
        momentum: of BatchNormalization's moving statistics, 0 to 1; Keras's default is P0's.

    Source: P0.
    """
    return Sequential(
        [
            layers.Input((SIZE, SIZE, SIZE, 3)),
            layers.Conv3D(8, 3, padding="same", activation="relu", name="conv1"),
            layers.Conv3D(16, 3, padding="same", activation="relu", name="conv2"),
            layers.MaxPooling3D(2, name="pool1"),
            layers.Conv3D(32, 3, padding="same", activation="relu", name="conv3"),
            layers.Conv3D(64, 3, padding="same", activation="relu", name="conv4"),
            layers.BatchNormalization(momentum=momentum, name="norm"),
            layers.MaxPooling3D(2, name="pool2"),
            layers.Dropout(0.25, name="drop2"),
            *_posted_head(),
        ],
        name="voxels_3d",
    )


def _posted_head():
    """Return the layers in which P0's two networks end."""
    return [
        layers.Flatten(name="flatten"),
        layers.Dense(4096, activation="relu", name="hidden1"),
        layers.Dropout(0.5, name="drop3"),
        layers.Dense(1024, activation="relu", name="hidden2"),
        layers.Dropout(0.5, name="drop4"),
        layers.Dense(NUM_CLASSES, activation="softmax", name="digit"),
    ]


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
    if dimensions not in FAIR_BLOCKS or (dimensions == 2 and channels != 1):
        raise ValueError(f"expected dimensions=3, or 2 and channels=1, got {dimensions!r}, {channels!r}.")
    shape = (SIZE, SIZE, SIZE) if dimensions == 2 else (SIZE, SIZE, SIZE, channels)
    stack = [
        *_normalised(FAIR_BLOCKS[dimensions], shape),
        layers.Dense(128, activation="relu", name="hidden"),
        layers.Dense(NUM_CLASSES, activation="softmax", name="digit"),
    ]
    return Sequential(stack, name=f"fair_{dimensions}d")


def build_facing_net():
    """Build our 2D network, for pictures (batch, 24, 24, 1) turned to face us: 160,486 parameters."""
    return _dropped(FACING_BLOCKS, (PICTURE_SIZE, PICTURE_SIZE, 1), "facing")


def build_turning_net():
    """Build our 3D network, for volumes (batch, 16, 16, 16, 1) turned each epoch: 184,770 parameters."""
    return _dropped(TURNING_BLOCKS, (SIZE, SIZE, SIZE, 1), "turning")


def _dropped(blocks, shape, name):
    """Return a network: normalised convolutions, dropout and ten probabilities."""
    stack = [
        *_normalised(blocks, shape),
        layers.Dropout(0.3, name="drop"),
        layers.Dense(NUM_CLASSES, activation="softmax", name="digit"),
    ]
    return Sequential(stack, name=name)


def _normalised(blocks, shape):
    """Return layers: convolutions, pooled where it says so, each normalised; then the mean of each map."""
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
