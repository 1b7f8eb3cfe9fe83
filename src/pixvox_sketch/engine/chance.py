"""What drawings leave to chance: numbers near a mean, choices, with weights or without, and shades."""

import numpy as np


def near(rng, mean: float, spread: float) -> float:
    """Return a normal number, no further from its mean than twice the spread."""
    return float(mean + spread * np.clip(rng.normal(), -2, 2))


def chosen(rng, weights: dict):
    """Return one of the keys, as often as its weight says."""
    keys = list(weights)
    shares = np.array([weights[key] for key in keys], np.float64)
    return keys[int(np.searchsorted(np.cumsum(shares) / shares.sum(), rng.random(), side="right"))]


def vary(rng, colour, spread: float = 8.0) -> np.ndarray:
    """Return a colour made a little darker or lighter, and a very little redder, greener or bluer."""
    changed = np.asarray(colour, np.float64) * rng.normal(1, spread / 100) + rng.normal(0, spread / 4, 3)
    return np.clip(changed, 6, 250)


def pick(rng, options):
    """Return one of a sequence of options."""
    return options[int(rng.integers(len(options)))]
