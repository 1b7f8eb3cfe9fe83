"""Faces: a person at an age, in a scene; framing, light and background are drawn from one distribution."""

import numpy as np
from PIL import Image

from pixvox_sketch.engine.bulk import check_size
from pixvox_sketch.engine.canvas import Canvas, band_limit
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.outlines import Frame
from pixvox_sketch.engine.scenery import SCENES, WALLS, make_light
from pixvox_sketch.engine.texture import grid, mix, noise, plain
from pixvox_sketch.faces import eyes_nose_mouth as face_features
from pixvox_sketch.faces import hair as face_hair
from pixvox_sketch.faces import skin as face_skin
from pixvox_sketch.faces import wear as face_wear
from pixvox_sketch.faces.people import Look, Person, make_look

PART_NAMES = ("background", "skin", "eyes", "nose", "mouth", "hair", "clothes", "hats and bands")
DRAWN = 2  # pixels drawn for one of the picture


def draw_face(person: Person, years: float, rng, *, size: tuple[int, int] = (100, 100)):
    """Draw a person at an age.

    Args:
        person: who it is.
        years: the age.
        rng: a numpy random Generator that has not been used; all comes from it. Equal ones give
            equal backgrounds, light and clothes at any age, and equal draws for the framing.
        size: (height, width) in pixels, 48 or more each.

    Returns:
        (picture, parts): uint8 (height, width, 3), 0 to 255, and uint8 (height, width), part ids
        as `PART_NAMES` counts them.

    Raises:
        ValueError: for another size.
    """
    check_size(size, least=48)
    scene_rng, look_rng, hand_rng = rng.spawn(3)
    shape = tuple(DRAWN * int(side) for side in size)
    canvas = Canvas(shape, hand_rng, angle=scene_rng.normal(-np.pi / 2, 0.75))
    _paint_background(canvas, scene_rng)
    look = make_look(look_rng, person, years)
    frame = _place_head(scene_rng, shape, look)
    _draw_person(canvas, frame, person, look, (scene_rng, look_rng))
    light = make_light(scene_rng, size, (0.9, 1.08), slope=0.09, tint=0.018)
    return _finish(canvas, size, light, grain=scene_rng.uniform(0, 15))


def _paint_background(canvas: Canvas, rng) -> None:
    """Paint a scene far out of focus, or a plain wall with soft light."""
    if rng.random() < 0.6:
        pick(rng, SCENES)(canvas, rng)
        canvas.soften(rng.uniform(0.015, 0.05) * canvas.unit)
        return
    wall = plain(canvas.shape, vary(rng, pick(rng, WALLS), 10) * rng.uniform(0.65, 1.0))
    x, y = grid(canvas.shape)
    glow = np.exp(-((x - rng.uniform(0.1, 0.9)) ** 2 + (y - rng.uniform(0.1, 0.7)) ** 2) / 0.18)
    canvas.paint(mix(wall, wall * 0.4 + 146, 0.45 * glow) + 5 * noise(rng, canvas.shape)[..., None])


def _place_head(rng, shape, look: Look) -> Frame:
    """Return the head's frame: where it is, how large and how turned; outlines do not tell the age."""
    unit, traits = min(shape), look.traits
    tall = traits["top"] + traits["chin"]
    scale = unit * rng.uniform(0.335, 0.38) / tall**0.25  # between equal widths and equal areas
    x = shape[1] / 2 + rng.normal(0, 0.018) * unit
    y = shape[0] * 0.13 + rng.normal(0, 0.016) * unit + traits["top"] * scale
    return Frame(x, y, scale, rng.normal(0, 0.06), rng.normal(0, 0.14), rng.normal(0, 0.04))


def _draw_person(canvas: Canvas, frame: Frame, person: Person, look: Look, rngs) -> None:
    """Draw a person from back to front."""
    scene_rng, look_rng = rngs
    glasses, hat, band = scene_rng.random(3) < (face_wear.GLASSES, face_wear.HATS, face_wear.BANDS)
    mood = face_features.draw_mood(scene_rng)
    style = face_hair.draw_style(look_rng, person, look)
    if hat:
        style = style._replace(volume=style.volume * 0.6, extra="" if style.extra == "bun" else style.extra)
    hair = face_hair.plan_hair(look_rng, frame, look, style, curl=person.curl)
    face_hair.draw_hair_behind(canvas, hair)
    face_skin.draw_neck(canvas, frame, person, look)
    face_wear.draw_clothes(canvas, frame, scene_rng, look)
    face_skin.draw_ears(canvas, frame, person, look)
    skin = face_skin.draw_head(canvas, frame, person, look)
    face_skin.draw_beard(canvas, frame, look, skin)
    face_features.draw_mouth(canvas, frame, person, look, mood)
    face_features.draw_eyes(canvas, frame, person, look, mood)
    face_features.draw_nose(canvas, frame, person, look)
    face_hair.draw_hair_before(canvas, hair)
    if glasses:
        face_wear.draw_glasses(canvas, frame, scene_rng, look)
    if hat:
        face_wear.draw_hat(canvas, frame, scene_rng, look, style.volume)
    elif band:
        face_wear.draw_band(canvas, frame, scene_rng, look, style.volume)


def _finish(canvas: Canvas, size: tuple[int, int], gain: np.ndarray, *, grain: float):
    """Reduce the drawing to its size, light it, add grain and filter out what is too fine."""
    small = canvas.picture.resize(size[::-1], Image.Resampling.BOX)
    grains = grain * canvas.rng.standard_normal((*size, 1))
    lit = np.clip(np.asarray(small, np.float32) * gain + grains, 0, 255)
    smooth = band_limit(lit.astype(np.float32))
    parts = np.array(canvas.parts)[DRAWN // 2 :: DRAWN, DRAWN // 2 :: DRAWN]
    return np.clip(np.rint(smooth), 0, 255).astype(np.uint8), parts
