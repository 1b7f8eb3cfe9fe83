"""Nuisance dials: a cat or a dog drawn again and again, with one difficulty turned up and all else as it was.

The difficulties are those that photographs mix: from where it is seen, how large it is, what hides it, the
light, and what is around it. Unturned, each dial gives the picture that `cats_dogs.draw_animal` draws.
"""

from functools import partial
from pathlib import Path

import numpy as np

from pixvox.datasets import store
from pixvox.datasets.cats_dogs import DIAL_NAMES, DIAL_SIDE
from pixvox_sketch.animals import cats_dogs
from pixvox_sketch.animals.coats import ALL, make_coat
from pixvox_sketch.animals.sets import numbered_start
from pixvox_sketch.animals.whole_animal import Scene, draw_creature, make_scene
from pixvox_sketch.engine import bulk
from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.outlines import blob
from pixvox_sketch.engine.scenery import FABRICS, GREENS, TOYS, WOODS, begin_scene, put_in_front

DIALS = {  # what each is turned to, unturned first
    "viewpoint": (0, 15, 30, 45, 60),  # degrees that the head is turned further to its side
    "scale": (1, 0.8, 0.6, 0.45, 0.3),  # times as large as it would be
    "occlusion": (0, 0.4, 0.8, 1.2, 1.6),  # width of a post in front of the head, in radii of the head
    "light": (1, 0.7, 0.45, 0.25, 0.12),  # times as bright
    "clutter": (0, 6, 12, 24, 48),  # things strewn around and behind the animal
}
TURNS = 5
STRIP_SEED = 17  # of the cat that lessons turn: light fur, a plain ground, head and tail to be seen


def draw_dialled(
    kind: str, rng, dial: str, turn: int, *, size: tuple[int, int] = (175, 175)
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a cat or a dog with one dial turned; else as `cats_dogs.draw_animal` does.

    Args:
        kind, rng, size: as in `draw_animal`; equal generators give the same animal, whatever is turned.
        dial: a key of `DIALS`.
        turn: 0 to 4, a place in its list.

    Returns:
        (picture, parts), as `draw_animal` does.

    Raises:
        ValueError: for another dial or turn.
    """
    if dial not in DIALS:
        raise ValueError(f"expected one of {', '.join(map(repr, DIALS))} as the dial, came {dial!r}.")
    if turn not in range(TURNS):
        raise ValueError(f"expected a turn of the dial, 0 to {TURNS - 1}, came {turn!r}.")
    value = DIALS[dial][turn]
    canvas, scene_rng, kind_rng = begin_scene(rng, size)
    dial_rng, hand_rng = rng.spawn(1)[0], canvas.rng
    scene = make_scene(scene_rng, size, make_coat)
    if dial in SCENES:
        scene = SCENES[dial](scene, value)
    if dial == "clutter":
        canvas.rng = dial_rng  # so that the hand draws the animal with the numbers it would have had
        strew(canvas, value)
        canvas.rng = hand_rng
    draw_creature(canvas, scene, cats_dogs.make_features(scene, cats_dogs.draw_traits(kind, kind_rng)))
    put_in_front(canvas, scene_rng)
    if dial == "occlusion" and value:
        canvas.rng = dial_rng
        hide(canvas, scene, value)
    return canvas.finish(scene.gain)


def draw_dial(
    count: int, dial: str, turn: int, *, seed: int, size: tuple[int, int] = (64, 64), processes: int = 1
) -> np.ndarray:
    """Draw cats and dogs in turn with one dial turned: uint8 (2 * count, height, width, 3), 0 to 255.

    Args:
        count, seed, size, processes: as in `sets.draw_animals`, which draws these if nothing is turned.
        dial, turn: as in `draw_dialled`.
    """
    bulk.check_numbers(count, seed)
    draw = partial(_draw_numbered, dial=dial, turn=turn, seed=seed, reduced=tuple(size))
    return np.stack(bulk.draw_many(draw, range(2 * count), processes=processes))


def write_dial(out_dir: Path | str | None = None, *, seed: int = STRIP_SEED) -> Path:
    """Write dial.png, one cat at every turn of every dial: a row a dial; return the folder.

    Args:
        out_dir: the folder to write to, by default the sample's own.
        seed: of the cat.

    Raises:
        ValueError: if the seed makes no sense.
    """
    bulk.check_numbers(1, seed)
    folder = Path(out_dir or store.data_dir("sample") / "dogs-vs-cats")
    rows = []
    for dial in DIAL_NAMES:
        drawn = [draw_dialled("cat", np.random.default_rng(seed), dial, turn)[0] for turn in range(TURNS)]
        rows.append(np.hstack([bulk.squeeze(picture, (DIAL_SIDE, DIAL_SIDE)) for picture in drawn]))
    bulk.write_files(folder, {"dial.png": bulk.png_bytes(np.vstack(rows))})
    return folder


def _draw_numbered(index: int, *, dial: str, turn: int, seed: int, reduced: tuple[int, int]) -> np.ndarray:
    """Draw one picture of a set."""
    rng, size = numbered_start(index, seed)
    picture, _ = draw_dialled(cats_dogs.KINDS[index % 2], rng, dial, turn, size=size)
    return bulk.squeeze(picture, reduced)


def turn_head(scene: Scene, degrees: float) -> Scene:
    """Turn the head further to the side that it is turned to."""
    yaw = scene.frame.yaw
    return scene._replace(frame=scene.frame._replace(yaw=yaw + np.copysign(np.radians(degrees), yaw)))


def shrink(scene: Scene, share: float) -> Scene:
    """Make the animal smaller, fur and all, where it is."""
    fur = scene.wear.fur._replace(length=scene.wear.fur.length * share)
    frame = scene.frame._replace(scale=scene.frame.scale * share)
    return scene._replace(frame=frame, wear=scene.wear._replace(fur=fur))


def dim(scene: Scene, share: float) -> Scene:
    """Take light away."""
    return scene._replace(gain=scene.gain * share)


def strew(canvas: Canvas, count: int) -> None:
    """Draw so many round and cornered things, in the colours of fur, cloth and toys, all over."""
    for _ in range(count):
        at = canvas.rng.uniform(0, 1, 2) * canvas.shape[::-1]
        radii = canvas.rng.uniform(0.04, 0.12, 2) * canvas.unit
        corners = int(canvas.rng.integers(3, 11))
        thing = blob(canvas.rng, at, radii, turn=canvas.rng.uniform(0, np.pi), count=corners)
        colour = pick(canvas.rng, (*ALL, *FABRICS, *TOYS, *GREENS))
        canvas.solid(thing, vary(canvas.rng, colour), roughness=6)


def hide(canvas: Canvas, scene: Scene, width: float) -> None:
    """Put an upright post in front of the head, some way to the left or right of its middle."""
    half, x = width * scene.frame.scale / 2, scene.frame.x + canvas.rng.uniform(-0.5, 0.5) * scene.frame.scale
    post = [(x - half, -9), (x + half, -9), (x + half, canvas.shape[0] + 9), (x - half, canvas.shape[0] + 9)]
    canvas.solid(np.array(post), vary(canvas.rng, pick(canvas.rng, WOODS)), roughness=6)


SCENES = {"viewpoint": turn_head, "scale": shrink, "light": dim}
