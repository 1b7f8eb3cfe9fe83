"""Cats and dogs: what tells them apart is in ears, muzzle, eyes and tail; all else is the same for both.

To add an animal, add a column to `TRAITS` (or write a function that returns other `Features`).
"""

import numpy as np

from pixvox_sketch.animals.body import Tail
from pixvox_sketch.animals.head import Ears, Eyes, Muzzle
from pixvox_sketch.animals.whole_animal import Features, Scene, draw_in_scene
from pixvox_sketch.engine.bulk import check_size

KINDS = ("cat", "dog")

# name: (mean of cats, mean of dogs, spread of either, least, most); the distributions overlap.
TRAITS = {
    "ear_length": (0.74, 0.82, 0.12, 0.4, 1.4),
    "ear_width": (0.47, 0.37, 0.06, 0.25, 0.62),
    "ear_point": (0.88, 0.32, 0.2, 0.0, 1.0),
    "muzzle_length": (0.1, 0.58, 0.17, 0.02, 0.95),
    "muzzle_width": (0.37, 0.44, 0.05, 0.26, 0.58),
    "muzzle_depth": (0.24, 0.4, 0.05, 0.18, 0.55),
    "muzzle_drop": (0.38, 0.44, 0.05, 0.25, 0.58),
    "nose": (0.105, 0.155, 0.025, 0.06, 0.24),
    "eye_size": (0.205, 0.16, 0.03, 0.09, 0.28),
    "eye_tilt": (0.3, 0.0, 0.16, -0.3, 0.6),
    "pupil": (0.48, 0.72, 0.16, 0.16, 0.95),
    "tail_length": (2.5, 1.7, 0.4, 0.8, 3.2),
    "tail_width": (0.15, 0.24, 0.05, 0.08, 0.36),
    "tail_raised": (0.3, 1.1, 0.4, -0.5, 1.9),
}
HANGING = {"cat": 0.08, "dog": 0.8}  # share with hanging ears
WHISKERS = {"cat": 0.85, "dog": 0.2}  # share with whiskers that show
TONGUE = 0.1  # share of either with the tongue out: a count of pink pixels would give it away


def draw_animal(kind: str, rng, *, size: tuple[int, int] = (175, 175)) -> tuple[np.ndarray, np.ndarray]:
    """Draw a cat or a dog.

    Equal generators give the same scene, coat and pose for both kinds; then only the traits differ.

    Args:
        kind: "cat" or "dog".
        rng: a numpy random Generator that has not been used; all comes from it.
        size: (height, width) in pixels, 48 or more each.

    Returns:
        (picture, parts): uint8 (height, width, 3), 0 to 255, and uint8 (height, width): 0 background or
        something in front, 1 the rest of the animal, 2 ears, 3 muzzle, 4 eyes, 5 tail.

    Raises:
        ValueError: for another kind or size.
    """
    if kind not in KINDS:
        raise ValueError(f"expected the kind 'cat' or 'dog', came {kind!r}.")
    check_size(size, least=48)
    return draw_in_scene(
        rng, tuple(size), lambda scene, kind_rng: make_features(scene, draw_traits(kind, kind_rng))
    )


def draw_traits(kind: str, rng) -> dict[str, float]:
    """Draw the traits of an animal of a kind."""
    column = KINDS.index(kind)
    drawn = {name: float(np.clip(rng.normal(row[column], row[2]), *row[3:])) for name, row in TRAITS.items()}
    hanging, whiskers, tongue = rng.random(3) < (HANGING[kind], WHISKERS[kind], TONGUE)
    drawn["ear_droop"] = float(np.clip(rng.normal(0.85 if hanging else 0.08, 0.1), 0, 1.1))
    drawn["ear_length"] += 0.2 * hanging
    drawn["whiskers"] = rng.uniform(0.5, 1.0) * whiskers
    drawn["tongue"] = rng.uniform(0.15, 0.35) * tongue
    return drawn


def make_features(scene: Scene, traits: dict[str, float]) -> Features:
    """Return the parts that have these traits."""
    muzzle = Muzzle(
        *(traits[f"muzzle_{name}"] for name in ("length", "width", "depth", "drop")), traits["nose"]
    )
    return Features(
        Ears(traits["ear_length"], traits["ear_width"], traits["ear_point"], traits["ear_droop"]),
        muzzle._replace(nose_colour=scene.nose, whiskers=traits["whiskers"], tongue=traits["tongue"]),
        Eyes(traits["eye_size"], 0.42, traits["pupil"], traits["eye_tilt"], scene.iris, lid=scene.lid),
        Tail(traits["tail_length"], traits["tail_width"], 0.5, 0.9, traits["tail_raised"]),
    )
