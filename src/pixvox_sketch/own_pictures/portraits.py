"""Portraits of cats and dogs: head and shoulders, nothing in front, and traits that overlap little.

They are easier than the sample's cats and dogs: a few hundred are enough to learn from, so that a score tells
the faults of a folder from the difficulty of its pictures.
"""

from functools import partial

import numpy as np

from pixvox_sketch.animals import cats_dogs
from pixvox_sketch.animals.coats import make_coat
from pixvox_sketch.animals.whole_animal import draw_creature, make_scene
from pixvox_sketch.engine import bulk
from pixvox_sketch.engine.scenery import begin_scene

STREAM = 11  # of random numbers; another for every family of drawings
SIDES = (64, 84)  # pixels: least and most of height and width, which are equal
SPREAD = 0.4  # of the traits about the mean of their kind: times that of the sample's cats and dogs


def draw_portraits(count: int, *, seed: int, processes: int | None = 1) -> list[np.ndarray]:
    """Draw portraits of cats and dogs in turn.

    A picture depends on `seed` and its number only: the first of a larger set are those of a smaller one.

    Args:
        count: pictures of each kind.
        seed: a whole number.
        processes: as in `bulk.draw_many`.

    Returns:
        2 * count pictures, uint8 (side, side, 3), 0 to 255, of sides between `SIDES`; even ones are cats.

    Raises:
        ValueError: if count or seed make no sense.
    """
    bulk.check_numbers(count, seed)
    draw = partial(_draw_numbered, seed=seed)
    return bulk.draw_many(draw, range(2 * count), processes=processes, label="drawing portraits")


def _draw_numbered(index: int, *, seed: int) -> np.ndarray:
    """Draw one portrait: a cat for an even number, else a dog."""
    rng = np.random.default_rng([seed, STREAM, index])
    size = (int(rng.integers(*SIDES, endpoint=True)),) * 2
    canvas, scene_rng, kind_rng = begin_scene(rng, size)
    scene = make_scene(scene_rng, size, make_coat)
    scene = scene._replace(build=scene.build._replace(pose="portrait"))
    traits = _draw_traits(cats_dogs.KINDS[index % 2], kind_rng)
    draw_creature(canvas, scene, cats_dogs.make_features(scene, traits))
    return canvas.finish(scene.gain)[0]


def _draw_traits(kind: str, rng) -> dict[str, float]:
    """Draw the traits of an animal of a kind, nearer to the mean of it."""
    column, drawn = cats_dogs.KINDS.index(kind), cats_dogs.draw_traits(kind, rng)
    means = {name: row[column] for name, row in cats_dogs.TRAITS.items()}
    nearer = {name: mean + SPREAD * (drawn[name] - mean) for name, mean in means.items()}
    return drawn | nearer
