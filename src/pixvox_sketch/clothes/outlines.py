"""Outlines of garments: open curves, half-outlines that are mirrored, and draws from distributions."""

import numpy as np


def curve(points, steps: int = 6) -> np.ndarray:
    """Return a smooth open line through points (n, 2): a Catmull-Rom spline that starts and ends in them."""
    points = np.asarray(points, np.float64)
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    before, start, end, after = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = (np.arange(steps) / steps)[:, None, None]
    square, cube = 2 * before - 5 * start + 4 * end - after, 3 * (start - end) + after - before
    line = start + ((end - before) * t + square * t**2 + cube * t**3) / 2
    return np.concatenate([line.swapaxes(0, 1).reshape(-1, 2), points[-1:]])


def mirrored(half) -> np.ndarray:
    """Return the whole outline of a half (n, 2) that runs from the top to the bottom on the right."""
    half = np.asarray(half, np.float64)
    return np.concatenate([half, flipped(half)[::-1]])


def flipped(points) -> np.ndarray:
    """Return points (n, 2) on the other side of the middle line."""
    return np.asarray(points, np.float64) * (-1, 1)


def turned(points, angle: float) -> np.ndarray:
    """Return points (n, 2) turned about the origin by `angle` radians clockwise."""
    x, y = np.asarray(points, np.float64).T
    return np.stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], axis=1)


def near(rng, mean: float, spread: float) -> float:
    """Return a normal number, no further from its mean than twice the spread."""
    return float(mean + spread * np.clip(rng.normal(), -2, 2))


def chosen(rng, weights: dict):
    """Return one of the keys, as often as its weight says."""
    keys = list(weights)
    shares = np.array([weights[key] for key in keys], np.float64)
    return keys[int(np.searchsorted(np.cumsum(shares) / shares.sum(), rng.random(), side="right"))]
