"""P0's colours: every voxel of a volume as matplotlib's map has it."""

from functools import cache

import matplotlib
import numpy as np

COLOUR_MAP = "Oranges"  # the post's: nearly white for 0, dark brown for 1
STEPS = 256  # colours in the map


@cache
def colour_table(*, reverse=False):
    """Return matplotlib's "Oranges" as a table, float32 (256, 3), red, green and blue, values 0 to 1."""
    name = COLOUR_MAP + "_r" * reverse
    table = matplotlib.colormaps[name](np.arange(STEPS))[:, :3].astype(np.float32)
    table.flags.writeable = False
    return table


def colour_voxels(volumes, *, reverse=False):
    """Colour every voxel by matplotlib's map "Oranges": one look-up for all.

    Args:
        volumes: numbers 0 to 1 (or False and True), of any shape.
        reverse: use the map the other way round: empty space becomes dark.

    Returns:
        float32 (..., 3): red, green and blue, 0 to 1, those that matplotlib gives for each value by itself.

    Raises:
        ValueError: if a number is NaN or not within 0 to 1.
    """
    volumes = np.asarray(volumes)
    if volumes.dtype.kind != "f":
        volumes = volumes.astype(np.float32)  # no steps between 0 and 1 in whole numbers
    if volumes.size and not (volumes.min() >= 0 and volumes.max() <= 1):
        raise ValueError(f"expected numbers 0 to 1, got {volumes.min():g} to {volumes.max():g}.")
    steps = np.minimum(volumes * volumes.dtype.type(STEPS), STEPS - 1).astype(np.uint8)
    return colour_table(reverse=reverse).take(steps, axis=0, mode="clip")  # unchecked: steps are 0 to 255
