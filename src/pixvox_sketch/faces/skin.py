"""Skin: neck, ears and head, lit as a round thing; blush, creases, freckles; and beards."""

import numpy as np
from PIL import ImageChops

from pixvox_sketch.engine.canvas import Canvas, image_of
from pixvox_sketch.engine.outlines import Frame, arc, blob, spline
from pixvox_sketch.engine.texture import darker, lighter, noise
from pixvox_sketch.faces.paint import HAIR, SKIN, Paint, curve, glaze, head_grid, oval, place, stroke
from pixvox_sketch.faces.people import Look, Person


def head_outline(frame: Frame, traits: dict) -> np.ndarray:
    """Return the outline of skull and jaw in pixels; where the head is turned, the chin goes with it."""
    top, chin, jaw, low = -traits["top"], traits["chin"], traits["jaw"], traits["chin_width"]
    full = traits["cheeks"]
    right = [(0.42, top * 0.955), (0.76, top * 0.77), (0.95, top * 0.42), (1.0, -0.02)]
    right += [(0.99 + full * 0.5, chin * 0.3), (0.5 + jaw * 0.5 + full, chin * 0.5)]
    right += [(jaw + full * 0.7, chin * 0.68), (0.5 * (jaw + low) + 0.06, chin * 0.86), (low, chin * 0.98)]
    left = [(-x, y) for x, y in reversed(right)]
    points = np.array([(0, top), *right, (0, chin + 0.02), *left])
    depth = 0.42 * np.clip(points[:, 1] / chin, 0, 1)
    flat = frame._replace(yaw=0.0, pitch=0.0)
    shift = np.stack([depth * np.sin(frame.yaw), np.zeros(len(points))], axis=1)
    return spline(flat.place(points + shift), 6)


def draw_neck(canvas: Canvas, frame: Frame, person: Person, look: Look) -> None:
    """Draw the neck, with the shade of the chin on it."""
    width, chin = look.traits["neck"], look.traits["chin"]
    turn = 0.2 * np.sin(frame.yaw)
    spread = [(1.0, chin * 0.3), (0.98, chin + 0.12), (1.25, chin + 0.5), (1.9, chin + 0.9)]
    right = [(x * width + turn, y) for x, y in spread]
    left = [(-x * width + turn, y) for x, y in reversed(spread)]
    upright = frame._replace(roll=frame.roll * 0.4, yaw=0.0, pitch=0.0)
    outline = upright.place([*right, *left])
    mask = canvas.mask_of(outline)
    canvas.fill(outline, darker(person.skin, 0.14), part=SKIN)
    side = -np.sign(canvas.light[0] or 1)
    far = upright.place(blob(canvas.rng, (side * width, chin + 0.1), (0.4 * width, 0.8), jitter=0))
    glaze(canvas, frame, far, Paint(darker(person.skin, 0.45), 0.5, 0.13, mask))
    shade = head_outline(frame._replace(y=frame.y + 0.16 * frame.scale), look.traits)
    glaze(canvas, frame, shade, Paint(darker(person.skin, 0.52), 0.75, 0.09, mask))


def draw_ears(canvas: Canvas, frame: Frame, person: Person, look: Look) -> None:
    """Draw both ears; the head covers a part of them."""
    middle = 0.5 * (look.traits["eye_y"] + look.traits["nose_y"]) + 0.02
    tall = 0.27 + 0.05 * float(np.clip((look.years - 10) / 60, 0, 1))
    for side in (-1, 1):
        outline = blob(canvas.rng, (side * 1.03, middle), (0.15, tall), jitter=0.02, turn=side * 0.14)
        placed = frame.place(outline, -0.16)
        canvas.fill(placed, darker(person.skin, 0.06), part=SKIN)
        inner = frame.place(blob(canvas.rng, (side * 1.06, middle), (0.07, tall * 0.6), jitter=0), -0.16)
        glaze(canvas, frame, inner, Paint(darker(person.skin, 0.42), 0.6, 0.03, canvas.mask_of(placed)))


def draw_head(canvas: Canvas, frame: Frame, person: Person, look: Look):
    """Draw the head's skin and return its mask, a Pillow picture L."""
    outline = head_outline(frame, look.traits)
    mask = canvas.mask_of(outline)
    canvas.picture.paste(image_of(_lit_skin(canvas, frame, person, look)), (0, 0), mask)
    canvas.mark(mask, SKIN)
    _blush(canvas, frame, person, look, mask)
    if look.years > 24:
        _creases(canvas, frame, person, look, mask)
    return mask


def _lit_skin(canvas: Canvas, frame: Frame, person: Person, look: Look) -> np.ndarray:
    """Return the skin of a ball-like head in the canvas's light, (height, width, 3)."""
    x, y = head_grid(canvas, frame)
    height = 0.5 * (look.traits["top"] + look.traits["chin"])
    x = (x - 0.12 * np.sin(frame.yaw)) / 1.12
    y = (y - 0.5 * (look.traits["chin"] - look.traits["top"])) / (height * 1.12)
    depth = np.sqrt(np.clip(1 - x**2 - y**2, 0.02, 1))
    light_x, light_y = canvas.light * 0.62
    facing = np.clip((x * light_x + y * light_y * 0.8 + 0.8 * depth), 0, 1.2)
    tone = np.clip((facing - 0.12) / 0.62, 0, 1)[..., None]
    tone = tone * tone * (3 - 2 * tone)
    skin = darker(person.skin, 0.4) * (1 - tone) + person.skin * tone
    gleam = np.clip((facing - 0.78) / 0.35, 0, 1)[..., None] * 0.42
    skin = skin * (1 - gleam) + lighter(person.skin, 0.5) * gleam
    mottled = noise(canvas.rng, canvas.shape, slope=1.1)[..., None] * np.array([0.8, 1.0, 1.0])
    return skin * (1.01 - 0.09 * look.mottling) + mottled * (0.5 + 15 * look.mottling)


def _blush(canvas: Canvas, frame: Frame, person: Person, look: Look, mask) -> None:
    """Lay red on cheeks, nose and chin, and shade below the cheekbones of adults."""
    traits = look.traits
    red = person.skin * np.array([0.98, 0.62, 0.58])
    low = 0.45 * traits["nose_y"] + 0.55 * traits["mouth_y"] - 0.1
    for side in (-1, 1):
        cheek = oval(canvas, frame, (side * 0.6, low), (0.25, 0.2))
        glaze(canvas, frame, cheek, Paint(red, 0.18 + 0.42 * look.blush, 0.13, mask))
    grown = float(np.clip((look.years - 12) / 12, 0, 1))
    for side in (-1, 1):
        hollow = [(side * 0.98, low - 0.05), (side * 0.55, low + 0.28), (side * 0.8, traits["chin"] * 0.8)]
        strength = 0.3 * grown * (0.6 + 0.4 * person.sex)
        glaze(canvas, frame, place(frame, hollow), Paint(darker(person.skin, 0.42), strength, 0.1, mask))


def _creases(canvas: Canvas, frame: Frame, person: Person, look: Look, mask) -> None:
    """Draw what the years leave: folds beside the mouth, lines on the brow and beside the eyes, bags."""
    traits, dark = look.traits, darker(person.skin, 0.55)
    eye, nose, mouth = traits["eye_y"], traits["nose_y"], traits["mouth_y"]
    lines = min(1.15 * look.lines + 0.15, 1.3)
    wide = traits["mouth_width"]
    wing, lips = (traits["nose_width"] + 0.06, nose - 0.08), (wide + 0.06, mouth - 0.12)
    for side in (-1, 1):
        fold = place(frame, curve(np.array([wing, lips, (wide + 0.1, mouth + 0.1)]) * (side, 1)))
        stroke(canvas, frame, fold, 0.055, Paint(dark, 0.75 * lines, 0.03, mask))
        below = (side * traits["eye_apart"], eye + 0.06)
        pouch = arc(np.pi * 0.62, np.pi * 1.38, radii=(0.26, 0.2), middle=below)
        stroke(canvas, frame, place(frame, pouch), 0.06, Paint(dark, 0.9 * look.bags, 0.028, mask))
        for rise in (-0.14, 0.0, 0.14):
            foot = [(side * 0.74, eye + 0.02 + rise * 0.3), (side * 0.9, eye + 0.05 + rise)]
            stroke(canvas, frame, place(frame, foot), 0.03, Paint(dark, 0.7 * look.lines, 0.012, mask))
    for row in range(2 if look.lines > 0.35 else 0):
        y = eye - traits["brow_gap"] - 0.2 - 0.19 * row
        wave = [(-0.5, y + 0.03), (-0.2, y - 0.02), (0.2, y - 0.02), (0.5, y + 0.03)]
        stroke(canvas, frame, place(frame, curve(wave)), 0.045, Paint(dark, 0.75 * look.lines, 0.02, mask))


def draw_beard(canvas: Canvas, frame: Frame, look: Look, mask) -> None:
    """Draw stubble as a shade or a beard as hair; the mouth is drawn over it."""
    if look.beard <= 0 and look.stubble <= 0.08:
        return
    traits, hair = look.traits, look.hair
    mouth, chin = traits["mouth_y"], traits["chin"]
    low = 0.5 * (traits["nose_y"] + mouth) - 0.03
    right = [(0.3, low + 0.02), (0.46, mouth - 0.02), (0.62, mouth - 0.12), (0.86, 0.32), (1.06, 0.2)]
    right += [(1.1, chin * 0.7), (0.7, chin + 0.1), (0.2, chin + 0.06 + 0.18 * look.beard)]
    points = np.array([(0, low + 0.05), *right, *[(-x, y) for x, y in reversed(right)]])
    outline = place(frame, points)
    if look.beard <= 0:
        glaze(canvas, frame, outline, Paint(hair * 0.55 + 40, 0.32 * look.stubble + 0.06, 0.09, mask))
        return
    chin_hair = place(frame, blob(canvas.rng, (0, chin * 0.98), (0.5, 0.12 + 0.2 * look.beard)))
    whole = ImageChops.lighter(mask, canvas.mask_of(chin_hair))
    glaze(canvas, frame, outline, Paint(hair * 0.82, 0.55 + 0.4 * look.beard, 0.05, whole))
    glaze(canvas, frame, chin_hair, Paint(hair * 0.78, 0.5 + 0.4 * look.beard, 0.05))
    within = ImageChops.multiply(whole, canvas.mask_of(outline))
    for _ in range(90):
        x, y = canvas.rng.uniform(-1, 1), canvas.rng.uniform(low, chin + 0.1)
        hairs = place(frame, [(x, y), (x * 0.96, y + 0.16)])
        shade = hair * canvas.rng.uniform(0.65, 1.15)
        stroke(canvas, frame, hairs, 0.035, Paint(shade, 0.55, 0.0, within))
    canvas.mark(within.point(lambda value: 255 if value > 127 else 0), HAIR)
