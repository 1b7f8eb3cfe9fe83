"""A furry animal in a scene: what is the same for every kind, and the order its parts are drawn in."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pixvox_sketch.animals import head
from pixvox_sketch.animals.body import POSES, Build, Tail, draw_body
from pixvox_sketch.animals.coats import make_coat
from pixvox_sketch.animals.head import Ears, Eyes, Muzzle, Skull, Wear
from pixvox_sketch.engine.canvas import Canvas, Fur
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.outlines import Frame
from pixvox_sketch.engine.scenery import TOYS, begin_scene, make_light, put_in_front

# Irises, noses and tongues have colours that fur has too: else a count of colours would tell large eyes.
IRISES = ((150, 106, 54), (160, 132, 74), (116, 118, 84), (112, 122, 130), (88, 60, 42), (170, 118, 62))
NOSES = ((44, 36, 38), (44, 36, 38), (196, 132, 128), (104, 66, 56))
SKULLS = ((0.95, 1.1), (0.88, 0.98), (0.1, 0.3), (0, 0.16))  # least and most of width, height, jaw, cheeks
OFFSETS = {"portrait": (0, 0.0), "sitting": (0.1, 0.12), "lying": (0.16, 0.0), "standing": (0.16, 0.1)}


class Features(NamedTuple):
    """What tells the kinds of animals apart."""

    ears: Ears
    muzzle: Muzzle
    eyes: Eyes
    tail: Tail


class Scene(NamedTuple):
    """What does not depend on the kind of animal."""

    frame: Frame  # of the head
    build: Build
    skull: Skull
    wear: Wear
    iris: tuple
    nose: tuple
    lid: float  # share that the upper lid hides of the eye
    gain: np.ndarray  # the light: (height, width, 3), about 1


def draw_in_scene(
    rng,
    size: tuple[int, int],
    make_features: Callable,
    *,
    coat: Callable = make_coat,
    draw: Callable | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw an animal in a scene, with random streams of its own for the scene, the kind and the hand.

    Two pictures with equal generators and different `make_features` differ in the features only.

    Args:
        rng: a numpy random Generator that has not been used.
        size: (height, width) in pixels.
        make_features: function of (scene, rng) that returns `Features`.
        coat: function of (rng, size) that returns a `Coat`.
        draw: function of (canvas, scene, features); by default `draw_creature`.

    Returns:
        (picture, parts): uint8 (height, width, 3) and uint8 (height, width), see `animals.head`.
    """
    canvas, scene_rng, kind_rng = begin_scene(rng, size)
    scene = make_scene(scene_rng, size, coat)
    (draw or draw_creature)(canvas, scene, make_features(scene, kind_rng))
    put_in_front(canvas, scene_rng)
    return canvas.finish(scene.gain)


def make_scene(rng, size: tuple[int, int], coat: Callable) -> Scene:
    """Draw pose, place, size, head, coat and light from the distributions that all kinds share."""
    pose, side = pick(rng, POSES), int(rng.choice([-1, 1]))
    frame = _place_head(rng, size, pose, side)
    skull = Skull(*(rng.uniform(*limits) for limits in SKULLS))
    worn = coat(rng, size)
    fur = Fur(worn.field, frame.scale * pick(rng, (0.1, 0.16, 0.22, 0.36)) * rng.uniform(0.85, 1.15))
    collar = vary(rng, pick(rng, TOYS)) if rng.random() < 0.25 else None
    build = Build(pose, side, rng.uniform(0.9, 1.12), collar)
    lid = max(0.0, rng.normal(0.05, 0.1))
    iris, nose = pick(rng, IRISES), pick(rng, NOSES)
    return Scene(frame, build, skull, Wear(worn, fur), iris, nose, lid, make_light(rng, size))


def draw_creature(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw an animal: body, upright ears, head, hanging ears, muzzle, eyes."""
    frame, wear, ears = scene.frame, scene.wear, features.ears
    draw_body(canvas, frame, scene.build, features.tail, wear)
    if ears.droop < 0.5:
        head.draw_ears(canvas, frame, ears, wear)
    head.draw_skull(canvas, frame, scene.skull, wear)
    if ears.droop >= 0.5:
        head.draw_ears(canvas, frame, ears, wear)
    head.draw_muzzle(canvas, frame, features.muzzle, wear)
    head.draw_eyes(canvas, frame, features.eyes)


def _place_head(rng, size: tuple[int, int], pose: str, side: int) -> Frame:
    """Return the head's frame: where it is (so that the body has room), how large and how turned."""
    unit, (away, up) = min(size), OFFSETS[pose]
    radius = unit * rng.uniform(0.25, 0.3)
    x = size[1] / 2 - side * away * unit + rng.normal(0, 0.03) * unit
    y = size[0] / 2 - up * unit + rng.normal(0, 0.03) * unit
    return Frame(x, y, radius, rng.normal(0, 0.09), rng.normal(0, 0.2), rng.normal(0.02, 0.08))
