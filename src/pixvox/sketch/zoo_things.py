"""Things: house, car, boat, cup, apple, flower, mushroom, in the units of `pixvox.sketch.zoo_others`."""

import numpy as np

from pixvox.sketch import coats
from pixvox.sketch.canvas import Canvas
from pixvox.sketch.scenery import FABRICS, GREENS, TOYS, WALLS, WOODS
from pixvox.sketch.strokes import Frame, bent, blob, hull, spline, tube
from pixvox.sketch.texture import pick, vary
from pixvox.sketch.zoo_others import BRIGHT, INK, SNOW

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


def draw_boat(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a sailing boat: a hull, a mast, two sails, a flag."""
    paint, sail = vary(rng, pick(rng, TOYS + WOODS)), vary(rng, pick(rng, (SNOW, SNOW, *BRIGHT)))
    top, mast = rng.uniform(-1.15, -0.9), rng.uniform(-0.12, 0.12)
    canvas.line(frame.place([(mast, 0.5), (mast, top)]), (96, 70, 50), width=0.07 * frame.scale, part=1)
    canvas.solid(
        frame.place(
            spline([(mast + 0.08, top + 0.1), (mast + 0.5, -0.2), (0.85, 0.36), (mast + 0.08, 0.36)], 5)
        ),
        sail,
        part=1,
    )
    canvas.solid(
        frame.place([(mast - 0.08, top + 0.25), (mast - 0.08, 0.36), (-0.72, 0.36)]), sail * 0.9, part=1
    )
    canvas.fill(
        frame.place([(mast, top - 0.12), (mast + 0.3, top - 0.02), (mast, top + 0.08)]),
        vary(rng, pick(rng, TOYS)),
        part=1,
    )
    canvas.solid(frame.place([(-1.05, 0.45), (1.1, 0.45), (0.75, 0.92), (-0.7, 0.92)]), paint, part=1)
    canvas.line(frame.place([(-1.0, 0.52), (1.02, 0.52)]), SNOW, width=0.07 * frame.scale, part=1)


def draw_cup(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a cup with a handle, seen a little from above, with a pattern."""
    glaze, drink = (
        vary(rng, pick(rng, TOYS + BRIGHT + (SNOW, SNOW))),
        pick(rng, ((92, 58, 40), (176, 110, 56), (232, 226, 214))),
    )
    tall, foot = rng.uniform(0.65, 1.0), rng.uniform(0.42, 0.62)
    canvas.shadow(frame.place(blob(rng, (0, tall - 0.02), (0.9, 0.16), jitter=0)))
    angles = np.linspace(-0.45 * np.pi, 0.45 * np.pi, 9)
    handle = np.stack([0.55 + 0.52 * np.cos(angles), 0.1 + 0.42 * np.sin(angles)], axis=1)
    canvas.solid(frame.place(tube(handle, np.full(9, 0.11))), glaze * 0.92, part=1)
    rim = blob(rng, (0, -0.55), (0.72, 0.2), jitter=0)
    canvas.solid(frame.place(hull(rim, blob(rng, (0, tall - 0.15), (foot, 0.15), jitter=0))), glaze, part=1)
    if rng.random() < 0.6:
        mark = vary(rng, pick(rng, (*BRIGHT, SNOW)))
        for x in (-0.4, 0, 0.4):
            canvas.solid(
                frame.place(blob(rng, (x * 0.9, 0.12 + 0.04 * (x == 0)), (0.13, 0.13))), mark, part=1
            )
    canvas.fill(frame.place(rim), np.minimum(glaze * 1.15, 250), part=1)
    canvas.fill(frame.place(blob(rng, (0, -0.53), (0.6, 0.14), jitter=0)), drink, part=1)


def draw_apple(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw an apple: a dent at the top, a stalk, a leaf, a gleam."""
    red = vary(rng, pick(rng, ((196, 50, 48), (214, 86, 60), (156, 186, 70), (226, 196, 84), (150, 40, 48))))
    wide = rng.uniform(0.85, 1.0)
    canvas.shadow(frame.place(blob(rng, (0, 0.86), (0.75, 0.13), jitter=0)))
    outline = [(0, -0.55), (0.42, -0.72), (0.88, -0.4), (0.88, 0.2), (0.5, 0.82), (0.14, 0.85), (0, 0.8)]
    points = (
        np.array(outline + [(-x, y) for x, y in outline[-2:0:-1]]) * (wide, 1) * rng.normal(1, 0.015, (12, 1))
    )
    canvas.solid(frame.place(spline(points)), red, part=1, roughness=7)
    canvas.solid(frame.place(blob(rng, (0, -0.56), (0.2, 0.09))), red * 0.55, part=1)
    canvas.line(
        frame.place(bent((0, -0.52), length=0.5, angle=rng.normal(0, 0.2), bend=0.5)),
        (92, 64, 44),
        width=0.09 * frame.scale,
        part=1,
    )
    if rng.random() < 0.8:
        leaf = blob(rng, (0.36, -0.88), (0.3, 0.13), turn=-0.4)
        canvas.solid(frame.place(leaf), vary(rng, pick(rng, GREENS), 12), part=1)
    gleam = blob(rng, (-0.42 * wide, -0.28), (0.12, 0.2), turn=0.4)
    canvas.fill(frame.place(gleam), np.minimum(red * 0.5 + 128, 250), part=1)


def draw_flower(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a flower: petals around a middle, a stem, two leaves."""
    petal, middle = (
        vary(rng, pick(rng, (*BRIGHT, SNOW))),
        vary(rng, pick(rng, ((232, 190, 70), (110, 74, 48)))),
    )
    green, count, reach = vary(rng, pick(rng, GREENS), 12), int(rng.integers(5, 11)), rng.uniform(0.36, 0.46)
    centre, turn = np.array([rng.normal(0, 0.08), -0.35]), rng.uniform(0, np.pi)
    stem = np.array([(0.0, 1.3), (rng.normal(0, 0.12), 0.5), centre])
    canvas.line(frame.place(stem), green, width=0.11 * frame.scale, part=1)
    for side in (-1, 1):
        leaf = blob(rng, (side * 0.32, rng.uniform(0.6, 0.95)), (0.36, 0.14), turn=-side * 0.6)
        canvas.solid(frame.place(leaf), green * rng.uniform(0.85, 1.15), part=1)
    wide = min(0.3, 1.9 * reach / count)
    for number in range(count):
        angle = turn + number * 2 * np.pi / count
        at = centre + reach * np.array([np.cos(angle), np.sin(angle)])
        shape = blob(rng, at, (0.32, wide), turn=angle)
        canvas.solid(frame.place(shape), petal * rng.uniform(0.88, 1.08), part=1)
    canvas.solid(frame.place(blob(rng, centre, (0.24, 0.24))), middle, part=1, roughness=14)


def draw_mushroom(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a mushroom: a cap with spots on a pale stalk with a ring."""
    cap = vary(
        rng, pick(rng, ((190, 48, 42), (166, 110, 66), (206, 140, 70), (122, 86, 62), (216, 196, 160)))
    )
    high, wide, thick = rng.uniform(0.7, 1.0), rng.uniform(0.8, 1.05), rng.uniform(0.2, 0.36)
    canvas.shadow(frame.place(blob(rng, (0, 0.98), (0.6, 0.1), jitter=0)))
    stalk = tube([(0, -0.2), (0.02, 0.4), (0, 0.95)], [thick * 0.85, thick, thick * 1.25])
    canvas.solid(frame.place(stalk), vary(rng, (228, 216, 192), 5), part=1, roughness=5)
    canvas.solid(frame.place(blob(rng, (0, 0.16), (thick * 1.35, 0.09))), (214, 200, 174), part=1)
    canvas.solid(frame.place(blob(rng, (0, -0.06), (wide * 0.95, 0.16))), (206, 186, 156), part=1)
    dome = [
        (-wide, -0.02),
        (-wide * 0.85, -0.5 * high),
        (-wide * 0.35, -high),
        (wide * 0.35, -high),
        (wide * 0.85, -0.5 * high),
        (wide, -0.02),
        (0, 0.06),
    ]
    canvas.solid(frame.place(spline(dome)), cap, part=1, roughness=5)
    if rng.random() < 0.7:
        for x, y in ((-0.55, 0.3), (0.0, 0.25), (0.55, 0.32), (-0.28, 0.68), (0.3, 0.7)):
            spot = blob(rng, (x * wide, -y * high + rng.normal(0, 0.03)), (0.13, 0.1), jitter=0.1)
            canvas.solid(frame.place(spot), (240, 232, 216), part=1)


THINGS = {
    "house": draw_house,
    "car": draw_car,
    "boat": draw_boat,
    "cup": draw_cup,
    "apple": draw_apple,
    "flower": draw_flower,
    "mushroom": draw_mushroom,
}
