"""P0's colours: every voxel of a volume as matplotlib's map has it, and what bounds the speed of that."""

import time
from functools import cache

import matplotlib
import numpy as np

from pixvox.datasets.mnist3d import load_mnist3d
from pixvox_studies import common

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


def in_a_loop(volumes):
    """Colour volume after volume by matplotlib, as P0 does: float64."""
    coloured = np.ndarray((len(volumes), volumes[0].size, 3))
    for i, volume in enumerate(volumes):
        coloured[i] = matplotlib.cm.ScalarMappable(cmap=COLOUR_MAP).to_rgba(volume.ravel())[:, :-1]
    return coloured.reshape(*volumes.shape, 3)


def at_once(volumes):
    """Colour all volumes by one call of matplotlib: no loop."""
    return matplotlib.colormaps[COLOUR_MAP](volumes)[..., :-1]


def steps_of(volumes):
    """Return which row of the colour table each voxel has, uint8: a look-up without its result."""
    return np.minimum(volumes * np.float32(STEPS), STEPS - 1).astype(np.uint8)


def in_bytes(volumes):
    """Colour by look-up in a table of bytes, a quarter of the size of float32."""
    table = (255 * colour_table()).astype(np.uint8)
    return table.take(steps_of(volumes), axis=0, mode="clip")


def copied(volumes):
    """Write as many numbers as there are colours, float32, and look nothing up."""
    return np.repeat(volumes[..., None], 3, axis=-1)


WAYS = {
    "P0's loop": in_a_loop,
    "one call of matplotlib": at_once,
    "look-up": colour_voxels,
    "look-up of bytes": in_bytes,
    "steps alone": steps_of,
    "writing alone": copied,
}
VOLUMES, REPEATS = 500, 7


def measure_look_up(setting, seed, work_dir):
    """Time one of `WAYS` on volumes of 3D MNIST; run it alone on the machine.

    Returns:
        dict: milliseconds (of CPU, the median of some calls), megabytes (of the result).
    """
    (x, _), _ = load_mnist3d(train_rows=slice(0, VOLUMES), test_rows=slice(0, 2))
    colour, seconds = common.look_up(WAYS, setting["way"]), []
    for _ in range(REPEATS):
        begin = time.process_time()
        result = colour(x)
        seconds.append(time.process_time() - begin)
    return {"milliseconds": 1e3 * float(np.median(seconds)), "megabytes": result.nbytes / 1e6}
