"""The zoo: 25 kinds of animals and things, none of them a cat, a dog or anything between.

It is the task that small networks learn to see on before they meet cats and dogs. To add a kind, add an
entry to the tables of `mammal_traits`, `birds` or `others`.
"""

from functools import partial
from pathlib import Path

import numpy as np

from pixvox.datasets import store
from pixvox_sketch.animals.whole_animal import draw_in_scene
from pixvox_sketch.engine.bulk import check_numbers, check_size, draw_many, png_bytes, squeeze, write_files
from pixvox_sketch.engine.outlines import Frame
from pixvox_sketch.engine.scenery import begin_scene, make_light, put_in_front
from pixvox_sketch.zoo.birds import BIRDS
from pixvox_sketch.zoo.mammal_traits import MAMMALS, make_features
from pixvox_sketch.zoo.others import OTHERS

KINDS = tuple(sorted((*MAMMALS, *BIRDS, *OTHERS)))
LEAST, MOST = 150, 200  # sides in pixels that pictures are drawn at: those of the drawn cats and dogs
STREAM = 6  # of random numbers; the drawn cats and dogs have another


def draw_kind(kind: str, rng, *, size: tuple[int, int] = (175, 175)) -> tuple[np.ndarray, np.ndarray]:
    """Draw an animal or a thing.

    Args:
        kind: one of `KINDS`.
        rng: a numpy random Generator that has not been used; all comes from it.
        size: (height, width) in pixels, 48 or more each.

    Returns:
        (picture, parts): uint8 (height, width, 3), 0 to 255, and uint8 (height, width): 0 where the animal or
        thing is not.

    Raises:
        ValueError: for another kind or size.
    """
    if kind not in KINDS:
        raise ValueError(f"expected one of the kinds {', '.join(KINDS)}, came {kind!r}.")
    check_size(size, least=48)
    if kind in MAMMALS:
        make, mammal = partial(make_features, kind), MAMMALS[kind]
        return draw_in_scene(rng, tuple(size), make, coat=mammal.coat, draw=mammal.draw)
    return _draw_thing(rng, tuple(size), BIRDS.get(kind) or OTHERS[kind])


def _draw_thing(rng, size: tuple[int, int], draw) -> tuple[np.ndarray, np.ndarray]:
    """Draw what has no head and body of a mammal, in a scene as all kinds have; the part id is 1."""
    canvas, scene_rng, kind_rng = begin_scene(rng, size)
    unit = min(size)
    x, y = (side / 2 + scene_rng.normal(0, 0.06) * unit for side in size[::-1])
    yaw = scene_rng.normal(0, 0.3) + (np.pi if scene_rng.random() < 0.5 else 0)
    frame = Frame(x, y, unit * scene_rng.uniform(0.27, 0.42), scene_rng.normal(0, 0.14), yaw)
    draw(canvas, frame, kind_rng)
    put_in_front(canvas, scene_rng)
    return canvas.finish(make_light(scene_rng, size))


def draw_zoo(
    count: int, *, seed: int, size: tuple[int, int] = (64, 64), processes: int | None = 1, label: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Draw many pictures, each kind as often as the others.

    A picture depends on `seed` and its number only: the first of a larger set are those of a smaller one.

    Args:
        count: how many in all.
        seed: a whole number from 0.
        size: (height, width) in pixels, to which the drawings of 150 to 200 pixels are squeezed.
        processes, label: as in `draw_many`.

    Returns:
        (pictures, labels): uint8 (count, height, width, 3), 0 to 255, and int64 (count,), places
        in `KINDS`, which take turns.

    Raises:
        ValueError: if count, seed or size make no sense.
    """
    check_numbers(count, seed)
    check_size(size)
    draw = partial(_draw_numbered, seed, tuple(size))
    pictures = draw_many(draw, range(count), processes=processes, label=label)
    return np.stack(pictures), np.arange(count, dtype=np.int64) % len(KINDS)


def write_kinds(out_dir: Path | str | None = None, *, seed: int = 3) -> Path:
    """Write kinds.png, one picture of each kind, 64x64 pixels, five in a row; return the folder.

    Args:
        out_dir: the folder to write to, by default that of the sample's small VGGs, which learnt the kinds.
        seed: of the pictures; those that the VGGs learnt from have others.

    Raises:
        ValueError: if the seed makes no sense.
    """
    pictures, _ = draw_zoo(len(KINDS), seed=seed)
    folder = Path(out_dir or store.data_dir("sample") / "vgg")
    strip = np.vstack([np.hstack(row) for row in pictures.reshape(5, 5, *pictures.shape[1:])])
    write_files(folder, {"kinds.png": png_bytes(strip)})
    return folder


def _draw_numbered(seed: int, size: tuple[int, int], number: int) -> np.ndarray:
    """Draw a picture of its kind, squeezed to a size."""
    rng = np.random.default_rng([seed, STREAM, number])
    drawn = tuple(int(side) for side in rng.integers(LEAST, MOST, 2, endpoint=True))
    picture, _ = draw_kind(KINDS[number % len(KINDS)], rng, size=drawn)
    return squeeze(picture, size)
