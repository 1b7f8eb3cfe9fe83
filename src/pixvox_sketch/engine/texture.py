"""Fields of numbers and colours: 1/f noise, mixing, stripes, patches and spots.

Colours are float RGB, 0 to 255; fields are float32 (height, width), pictures float32 (height, width, 3).
"""

import numpy as np
from PIL import Image

GRID = 96  # points a side on which noise is made; what is finer than that would be filtered out anyway

_FREQUENCY = np.hypot(np.fft.fftfreq(GRID)[:, None], np.fft.rfftfreq(GRID)[None])
_FREQUENCY[0, 0] = 1


def noise(rng, shape: tuple[int, int], *, slope: float = 1.6) -> np.ndarray:
    """Return 1/f noise (height, width), float32, mean 0 and standard deviation 1.

    The amplitude falls as frequency**-slope: 1 is rough, 2 is smooth.
    """
    real, imaginary = rng.standard_normal((2, *_FREQUENCY.shape))
    spectrum = (real + 1j * imaginary) / _FREQUENCY**slope
    spectrum[0, 0] = 0
    field = np.fft.irfft2(spectrum, s=(GRID, GRID)).astype(np.float32)
    field = Image.fromarray(field / field.std()).resize(shape[::-1], Image.Resampling.BICUBIC)
    return np.array(field)


def sigmoid(field):
    """Return 1 / (1 + exp(-field)): a soft threshold at 0."""
    return 1 / (1 + np.exp(-np.clip(field, -30, 30)))


def mix(ground, colour, share):
    """Return `ground` with `share` (0 to 1, a number or (height, width)) of it replaced by `colour`."""
    share = np.asarray(share, np.float32)
    share = share[..., None] if share.ndim else share
    return np.asarray(ground, np.float32) * (1 - share) + np.asarray(colour, np.float32) * share


def darker(colour, share: float) -> np.ndarray:
    """Return a colour in a warm shade: red stays longest."""
    return np.asarray(colour, np.float64) * (1 - share * np.array([0.8, 1.0, 1.02]))


def lighter(colour, share: float) -> np.ndarray:
    """Return a colour in a warm light."""
    return np.asarray(colour, np.float64) * (1 - share) + np.array([255, 246, 232]) * share


def plain(shape: tuple[int, int], colour) -> np.ndarray:
    """Return a picture of one colour."""
    return np.broadcast_to(np.asarray(colour, np.float32), (*shape, 3)).copy()


def grid(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of all pixels, each float32 (height, width), as shares 0..1 of the shorter side."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / min(shape)
    return x, y


def stripes(rng, shape: tuple[int, int], *, period: float, warp: float) -> np.ndarray:
    """Return wavy stripes in some direction: 0 between them, 1 on them; lengths are shares of the side."""
    x, y = grid(shape)
    angle = rng.uniform(0, np.pi)
    along = x * np.cos(angle) + y * np.sin(angle) + warp * noise(rng, shape, slope=1.8)
    return np.clip(2 * np.sin(along * 2 * np.pi / period), 0, 1)


def patches(rng, shape: tuple[int, int], *, share: float, slope: float = 1.9) -> np.ndarray:
    """Return patches with soft edges that cover about `share` (0 to 1) of the picture: 1 on them, else 0."""
    field = noise(rng, shape, slope=slope)
    return sigmoid(12 * (field - np.quantile(field, 1 - share)))


def spots(rng, shape: tuple[int, int], *, count: int, radius: float) -> np.ndarray:
    """Return round spots of about `radius` (a share of the shorter side), 1 on them, else 0."""
    x, y = grid(shape)
    x, y = x + 0.02 * noise(rng, shape), y + 0.02 * noise(rng, shape)
    field = np.zeros(shape, np.float32)
    for _ in range(count):
        at_x, at_y = rng.uniform(0, x.max()), rng.uniform(0, y.max())
        size = radius * rng.uniform(0.6, 1.4)
        field = np.maximum(field, sigmoid(60 * (size - np.hypot(x - at_x, y - at_y))))
    return field
