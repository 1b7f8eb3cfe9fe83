"""What is printed, woven or knitted: fields that a cloth's grey is multiplied by, and motifs for a chest.

Each print is a function of a generator that returns float32 (SIDE, SIDE), about 0.2 to 1.6.
"""

import numpy as np

from pixvox_sketch.clothes.cloth import SIDE
from pixvox_sketch.engine import texture
from pixvox_sketch.engine.chance import near
from pixvox_sketch.engine.outlines import spline, turned

SHAPE = (SIDE, SIDE)
_X, _Y = texture.grid(SHAPE)


def plain(rng) -> np.ndarray:
    """Return a cloth of one grey with a very fine grain."""
    return 1 + 0.025 * rng.standard_normal(SHAPE, np.float32)


def heather(rng) -> np.ndarray:
    """Return a cloth of mixed yarn."""
    return 1 + near(rng, 0.1, 0.03) * texture.noise(rng, SHAPE, slope=0.6)


def washed(rng) -> np.ndarray:
    """Return a cloth with large pale and dark patches, as denim has."""
    return np.clip(1 + 0.13 * texture.noise(rng, SHAPE, slope=1.3), 0.5, 1.5)


def knitted(rng) -> np.ndarray:
    """Return ribs that run down, close or wide."""
    wave = np.sin(2 * np.pi * (_X * rng.uniform(22, 46) + 0.01 * texture.noise(rng, SHAPE)))
    return 1 + near(rng, 0.12, 0.04) * wave


def striped(rng) -> np.ndarray:
    """Return stripes across: even, wide, or a few only."""
    count, share = rng.uniform(4, 12), rng.uniform(0.3, 0.6)
    phase = (_Y + 0.006 * texture.noise(rng, SHAPE)) * count + rng.random()
    on = (phase % 1) < share
    if rng.random() < 0.3:
        middle = rng.uniform(0.25, 0.5)
        on &= np.abs(_Y - middle) < rng.uniform(0.08, 0.2)
    return np.where(on, _contrast(rng), 1).astype(np.float32)


def pinstriped(rng) -> np.ndarray:
    """Return stripes that run down."""
    phase = (_X + 0.006 * texture.noise(rng, SHAPE)) * rng.uniform(9, 20)
    return np.where((phase % 1) < rng.uniform(0.2, 0.5), _contrast(rng, 0.6), 1).astype(np.float32)


def checked(rng) -> np.ndarray:
    """Return a check or a tartan."""
    count, share = rng.uniform(5, 12), rng.uniform(0.25, 0.5)
    warp = 0.008 * texture.noise(rng, SHAPE)
    down, across = (((axis + warp) * count) % 1 < share for axis in (_X, _Y))
    deep = _contrast(rng, 0.7)
    return np.where(down, deep, 1).astype(np.float32) * np.where(across, deep, 1).astype(np.float32)


def flowered(rng) -> np.ndarray:
    """Return patches of two kinds strewn over the cloth, as flowers and leaves."""
    large = texture.noise(rng, SHAPE, slope=rng.uniform(0.8, 1.2))
    small = texture.noise(rng, SHAPE, slope=0.8)
    field = np.where(large > rng.uniform(0.1, 0.7), _contrast(rng), 1)
    return np.where(small > 1.2, field * _contrast(rng, 0.8), field).astype(np.float32)


def dotted(rng) -> np.ndarray:
    """Return dots in rows."""
    count = rng.uniform(8, 14)
    shift = 0.5 * (np.floor(_Y * count) % 2)
    away = np.hypot((_X * count + shift) % 1 - 0.5, (_Y * count) % 1 - 0.5)
    return np.where(away < rng.uniform(0.2, 0.33), _contrast(rng), 1).astype(np.float32)


def blocked(rng) -> np.ndarray:
    """Return two fields of colour, one above the other."""
    edge = rng.uniform(0.3, 0.75) + 0.005 * texture.noise(rng, SHAPE)
    field = np.where(edge > _Y, _contrast(rng), 1)
    return (field if rng.random() < 0.6 else field.max() + field.min() - field).astype(np.float32)


def quilted(rng) -> np.ndarray:
    """Return a lattice of seams with raised squares between."""
    count = rng.uniform(6, 11)
    one, other = np.abs(np.sin(np.pi * count * (_X + _Y))), np.abs(np.sin(np.pi * count * (_X - _Y)))
    return 0.62 + 0.48 * np.minimum(one, other) ** 0.4


def padded(rng) -> np.ndarray:
    """Return the swelling bands of a down jacket."""
    phase = (_Y + 0.008 * texture.noise(rng, SHAPE)) * rng.uniform(6, 10)
    return (0.62 + 0.46 * np.abs(np.sin(np.pi * phase)) ** 0.6).astype(np.float32)


def scaled(rng) -> np.ndarray:
    """Return the markings of snake or leopard."""
    field = np.abs(texture.noise(rng, SHAPE, slope=1.0))
    return np.where(field < rng.uniform(0.25, 0.45), _contrast(rng, 0.8), 1).astype(np.float32)


def draw_motif(cloth, centre, size: float, tone_change: float) -> None:
    """Print something on a chest: lettering, a disc, a star, a flower or a framed picture."""
    rng = cloth.rng
    kind = int(rng.integers(5))
    centre = np.asarray(centre, np.float64)
    if kind == 0:
        _lettering(cloth, centre, size, tone_change)
    elif kind == 4:
        frame = np.array([[-1, -0.9], [1, -0.9], [1, 0.9], [-1, 0.9]]) * size + centre
        inside = cloth.mask(frame) & cloth.cover
        cloth.grey[inside] *= (1 + tone_change * texture.patches(rng, SHAPE, share=0.55, slope=1.2))[inside]
    else:
        cloth.stamp(_figure(rng, kind) * size + centre, tone_change)
        if rng.random() < 0.6:
            cloth.stamp(_figure(rng, int(rng.integers(1, 4))) * size * 0.45 + centre, -tone_change / 1.4)


def _figure(rng, kind: int) -> np.ndarray:
    """Return the outline of a disc, a star or a flower, of radius 1."""
    if kind == 1:
        angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        return spline(np.stack([np.cos(angles), np.sin(angles)], axis=1) * rng.normal(1, 0.05, (16, 1)))
    points = int(rng.integers(4, 8)) if kind == 2 else int(rng.integers(3, 6))
    angles = np.arange(2 * points) * np.pi / points + rng.uniform(0, 6)
    reach = np.where(np.arange(2 * points) % 2, rng.uniform(0.4, 0.6), 1.1)
    corners = np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach[:, None]
    return corners if kind == 2 else spline(corners)


def _lettering(cloth, centre, size: float, change: float) -> None:
    """Print one line or two of blocks that read as letters from afar."""
    rng, paths = cloth.rng, []
    for row in range(int(rng.integers(1, 3))):
        x, end = -size * 1.15, size * 1.15
        while x < end:
            step = size * rng.uniform(0.16, 0.34)
            tall = size * rng.uniform(0.2, 0.3)
            y = row * size * 0.75
            slant = turned([[0, -tall], [0, tall]], rng.uniform(-0.3, 0.3)) + centre + (x, y)
            paths.append(slant)
            x += step
    cloth.lines(paths, change, width=size * 0.14)


def _contrast(rng, strength: float = 1.0) -> float:
    """Return what a second colour multiplies the first by: darker or lighter."""
    if rng.random() < 0.7:
        return 1 - strength * rng.uniform(0.3, 0.7)
    return 1 + strength * rng.uniform(0.25, 0.5)
