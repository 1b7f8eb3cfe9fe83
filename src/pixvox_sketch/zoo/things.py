"""Things: house and car, in the units of `pixvox_sketch.zoo.others`."""

import numpy as np

from pixvox_sketch.animals import coats
from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.scenery import FABRICS, TOYS, WALLS, WOODS
from pixvox_sketch.engine.strokes import Frame, blob
from pixvox_sketch.engine.texture import pick, vary
from pixvox_sketch.zoo.others import BRIGHT, INK, SNOW

GLASS = ((150, 190, 214), (96, 116, 134), (236, 214, 130))


def _box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """Return a rectangle."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def draw_house(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a house: walls, a roof with a chimney, a door, windows with crosses."""
    frame = frame._replace(roll=0.3 * frame.roll)
    wall, roof = (
        vary(rng, pick(rng, WALLS + FABRICS)),
        vary(rng, pick(rng, ((164, 72, 56), (110, 84, 74), (92, 96, 108), (186, 110, 70)))),
    )
    tall, wide, peak = rng.uniform(-0.3, 0.05), rng.uniform(0.62, 0.95), rng.uniform(-1.1, -0.75)
    canvas.solid(frame.place(_box(0.3, peak - 0.05, 0.52, tall)), roof * 0.75, part=1, roughness=8)
    canvas.solid(frame.place(_box(-wide, tall, wide, 0.95)), wall, part=1, roughness=7)
    canvas.solid(
        frame.place([(-wide - 0.16, tall + 0.04), (-0.1, peak), (0.1, peak), (wide + 0.16, tall + 0.04)]),
        roof,
        part=1,
        roughness=9,
    )
    door, x = vary(rng, pick(rng, TOYS + WOODS)), rng.uniform(-0.3, 0.3) * wide
    canvas.solid(frame.place(_box(x - 0.16, 0.4, x + 0.16, 0.95)), door, part=1)
    glass = pick(rng, GLASS)
    for side in (-1, 1):
        at = x + side * 0.48
        if abs(at) < wide - 0.15:
            canvas.fill(frame.place(_box(at - 0.18, tall + 0.22, at + 0.18, tall + 0.62)), SNOW, part=1)
            canvas.fill(frame.place(_box(at - 0.14, tall + 0.26, at + 0.14, tall + 0.58)), glass, part=1)
            for cross in (
                [(at, tall + 0.24), (at, tall + 0.6)],
                [(at - 0.16, tall + 0.42), (at + 0.16, tall + 0.42)],
            ):
                canvas.line(frame.place(cross), SNOW, width=0.05 * frame.scale, part=1)


def draw_car(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a car from the side: bonnet, cabin with windows, wheels, lamps."""
    frame = frame._replace(roll=0.4 * frame.roll)
    paint, tall, boot = (
        vary(rng, pick(rng, TOYS + BRIGHT + (SNOW, coats.GREY, INK))),
        rng.uniform(0.42, 0.62),
        rng.uniform(-1.05, -0.6),
    )
    canvas.shadow(frame.place(blob(rng, (0, 0.62), (1.2, 0.12), jitter=0)))
    cabin = [(boot, 0.0), (boot + 0.25, -tall), (0.25, -tall), (0.62, 0.0)]
    canvas.solid(frame.place(cabin), paint, part=1)
    glass = pick(rng, GLASS[:2])
    for left, right, top in ((boot + 0.16, -0.25, boot + 0.32), (-0.13, 0.48, -0.13)):
        end = min(right, 0.22)
        canvas.fill(
            frame.place([(left, -0.04), (top, -tall + 0.1), (end, -tall + 0.1), (right, -0.04)]),
            glass,
            part=1,
        )
    body = [(-1.1, -0.02), (0.62, -0.05), (1.05, 0.1), (1.12, 0.45), (-1.12, 0.45)]
    canvas.solid(frame.place(body), paint, part=1)
    canvas.line(frame.place([(-1.1, 0.24), (1.1, 0.26)]), paint * 0.7, width=0.04 * frame.scale, part=1)
    canvas.fill(frame.place(blob(rng, (1.02, 0.2), (0.09, 0.08), jitter=0)), (250, 236, 170), part=1)
    canvas.fill(frame.place(blob(rng, (-1.05, 0.16), (0.07, 0.09), jitter=0)), (190, 50, 44), part=1)
    for x in (-0.62, 0.62):
        for radius, colour in ((0.29, (40, 38, 40)), (0.15, (186, 186, 190))):
            canvas.solid(frame.place(blob(rng, (x, 0.45), (radius, radius), jitter=0)), colour, part=1)


THINGS = {
    "house": draw_house,
    "car": draw_car,
}
