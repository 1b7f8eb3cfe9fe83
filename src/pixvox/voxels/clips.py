"""Short films, drawn: a spot that moves one of eight ways. Time is the third axis."""

import numpy as np

FRAMES, SIDE = 16, 16
WAYS = ("right", "right and up", "up", "left and up", "left", "left and down", "down", "right and down")
SHOWN = 6  # frames in which the spot is there
SPEEDS = (0.6, 1.2)  # pixels a frame, least and most
SPREAD = 1.2  # of the spot, in pixels
NOISE = 0.15  # standard deviation of the grey of every pixel


def draw_clips(count, rng):
    """Draw films of a soft bright spot on noise, which comes, moves one way and goes.

    Where it is, when it comes and how fast it moves are drawn anew for each film; a frame in the middle
    does not tell the way.

    Args:
        count: how many, 1 or more; the ways take turns.
        rng: draws them.

    Returns:
        float32 (count, 16, 16, 16), axes [time][row][column], 0 to 1; labels int64 (count,), places in
        `WAYS`.
    """
    labels = np.arange(count) % len(WAYS)
    angles = labels * (2 * np.pi / len(WAYS))
    speeds, start = rng.uniform(*SPEEDS, count), rng.integers(0, FRAMES - SHOWN + 1, count)
    middle = rng.uniform(SIDE / 4, SIDE * 3 / 4, (count, 2))  # (row, column) half-way
    since = np.arange(FRAMES) - start[:, None]  # frames since the spot came, (count, 16)
    moved = (since - (SHOWN - 1) / 2) * speeds[:, None]
    rows = middle[:, :1] - moved * np.sin(angles)[:, None]  # rows count downwards
    columns = middle[:, 1:] + moved * np.cos(angles)[:, None]
    places = np.arange(SIDE)
    down = np.exp(-(((places - rows[..., None]) / SPREAD) ** 2) / 2)  # (count, 16, 16)
    across = np.exp(-(((places - columns[..., None]) / SPREAD) ** 2) / 2)
    shown = (since >= 0) & (since < SHOWN)
    films = down[..., :, None] * across[..., None, :] * shown[:, :, None, None]
    films += rng.normal(0.2, NOISE, films.shape)
    return films.clip(0, 1).astype(np.float32), labels
