"""What the zoo has beside mammals and birds: frog, butterfly, house, car; drawers as in `zoo.birds`."""

import numpy as np

from pixvox_sketch.animals import coats
from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.outlines import Frame, bent, blob, box, spline, tube
from pixvox_sketch.engine.scenery import FABRICS, TOYS, WALLS, WOODS
from pixvox_sketch.zoo.birds import BRIGHT, INK, SNOW, draw_dot_eye

FROGS = ((96, 150, 62), (72, 128, 66), (134, 160, 64), (126, 112, 70), (70, 140, 110))
ROOFS = ((164, 72, 56), (110, 84, 74), (92, 96, 108), (186, 110, 70))
GLASS = ((150, 190, 214), (96, 116, 134), (236, 214, 130))


def draw_frog(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a frog from the front: eyes on top of the head, a wide mouth, bent legs."""
    green = vary(rng, pick(rng, FROGS), 12)
    pale = np.minimum(green * 1.3 + 40, 240)
    canvas.shadow(frame.place(blob(rng, (0, 0.85), (1.15, 0.16), jitter=0)))
    for side in (-1, 1):
        thigh = blob(rng, (side * 0.8, 0.45), (0.42, 0.3), turn=-side * 0.6)
        canvas.solid(frame.place(thigh), green * 0.85, part=1, roughness=7)
        canvas.solid(frame.place(blob(rng, (side * 0.9, 0.78), (0.36, 0.1))), green * 0.9, part=1)
    canvas.solid(frame.place(blob(rng, (0, 0.3), (0.72, 0.55))), green, part=1, roughness=7)
    canvas.solid(frame.place(blob(rng, (0, 0.42), (0.48, 0.42))), pale, part=1)
    for side in (-1, 1):
        arm = tube([(side * 0.5, 0.3), (side * 0.45, 0.6), (side * 0.38, 0.82)], [0.13, 0.11, 0.12])
        canvas.solid(frame.place(arm), green, part=1)
        canvas.solid(frame.place(blob(rng, (side * 0.36, 0.84), (0.2, 0.08))), green * 1.1, part=1)
        canvas.solid(frame.place(blob(rng, (side * 0.42, -0.62), (0.28, 0.28))), green, part=1)
    canvas.solid(frame.place(blob(rng, (0, -0.2), (0.82, 0.5))), green, part=1, roughness=7)
    canvas.solid(frame.place(blob(rng, (0, 0.1), (0.6, 0.17))), pale, part=1)
    mouth = [(-0.7, -0.14), (-0.4, 0.02), (0, 0.07), (0.4, 0.02), (0.7, -0.14)]
    canvas.line(frame.place(mouth), green * 0.35, width=0.06 * frame.scale, part=1)
    iris = vary(rng, pick(rng, ((226, 190, 80), (214, 140, 60), (226, 222, 180))))
    for side in (-1, 1):
        draw_dot_eye(canvas, frame, (side * 0.42, -0.64), 0.19, iris=iris)
        nostril = blob(rng, (side * 0.1, -0.24), (0.035, 0.025), jitter=0)
        canvas.fill(frame.place(nostril), green * 0.3, part=1)


def draw_butterfly(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a butterfly with open wings: rims, spots, a thin body, feelers."""
    colour, spot = vary(rng, pick(rng, BRIGHT)), vary(rng, pick(rng, (*BRIGHT, SNOW)))
    rim, (large, small) = vary(rng, pick(rng, (INK, coats.CHOCOLATE, SNOW))), rng.uniform(0.85, 1.15, 2)
    frame = frame._replace(roll=frame.roll + rng.normal(0, 0.3))
    fore = np.array([(0.06, -0.1), (0.4, -0.85), (1.0, -0.95), (1.1, -0.45), (0.7, 0.02)])
    hind = np.array([(0.06, 0.0), (0.65, 0.05), (0.9, 0.45), (0.6, 0.9), (0.2, 0.6)])
    for side in (-1, 1):
        for wing, size in ((hind, small), (fore, large)):
            middle = wing.mean(0)
            for share, ink in ((1.0, rim), (0.78, colour)):
                shape = ((wing - middle) * share + middle) * size * (side, 1)
                canvas.solid(frame.place(spline(shape)), ink, part=1)
            dot = blob(rng, middle * size * (side, 1) * 1.1, (0.14, 0.14), jitter=0)
            canvas.solid(frame.place(dot), spot, part=1)
        feeler = bent((side * 0.04, -0.5), length=0.55, angle=side * 0.3, bend=side * 0.7)
        canvas.line(frame.place(feeler), INK, width=0.04 * frame.scale, part=1)
    canvas.solid(frame.place(blob(rng, (0, 0.08), (0.09, 0.62))), (62, 50, 46), part=1)
    canvas.solid(frame.place(blob(rng, (0, -0.5), (0.12, 0.13))), (62, 50, 46), part=1)


def draw_house(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a house: walls, a roof with a chimney, a door, windows with crosses."""
    frame = frame._replace(roll=0.3 * frame.roll)
    wall, roof = vary(rng, pick(rng, WALLS + FABRICS)), vary(rng, pick(rng, ROOFS))
    tall, wide, peak = rng.uniform(-0.3, 0.05), rng.uniform(0.62, 0.95), rng.uniform(-1.1, -0.75)
    canvas.solid(frame.place(box(0.3, peak - 0.05, 0.52, tall)), roof * 0.75, part=1, roughness=8)
    canvas.solid(frame.place(box(-wide, tall, wide, 0.95)), wall, part=1, roughness=7)
    slopes = [(-wide - 0.16, tall + 0.04), (-0.1, peak), (0.1, peak), (wide + 0.16, tall + 0.04)]
    canvas.solid(frame.place(slopes), roof, part=1, roughness=9)
    door, x = vary(rng, pick(rng, TOYS + WOODS)), rng.uniform(-0.3, 0.3) * wide
    canvas.solid(frame.place(box(x - 0.16, 0.4, x + 0.16, 0.95)), door, part=1)
    glass = pick(rng, GLASS)
    for side in (-1, 1):
        at = x + side * 0.48
        if abs(at) < wide - 0.15:
            canvas.fill(frame.place(box(at - 0.18, tall + 0.22, at + 0.18, tall + 0.62)), SNOW, part=1)
            canvas.fill(frame.place(box(at - 0.14, tall + 0.26, at + 0.14, tall + 0.58)), glass, part=1)
            middle = tall + 0.42
            for bar in ([(at, tall + 0.24), (at, tall + 0.6)], [(at - 0.16, middle), (at + 0.16, middle)]):
                canvas.line(frame.place(bar), SNOW, width=0.05 * frame.scale, part=1)


def draw_car(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a car from the side: bonnet, cabin with windows, wheels, lamps."""
    frame = frame._replace(roll=0.4 * frame.roll)
    paint = vary(rng, pick(rng, TOYS + BRIGHT + (SNOW, coats.GREY, INK)))
    tall, boot = rng.uniform(0.42, 0.62), rng.uniform(-1.05, -0.6)
    canvas.shadow(frame.place(blob(rng, (0, 0.62), (1.2, 0.12), jitter=0)))
    cabin = [(boot, 0.0), (boot + 0.25, -tall), (0.25, -tall), (0.62, 0.0)]
    canvas.solid(frame.place(cabin), paint, part=1)
    glass = pick(rng, GLASS[:2])
    for left, right, top in ((boot + 0.16, -0.25, boot + 0.32), (-0.13, 0.48, -0.13)):
        pane = [(left, -0.04), (top, -tall + 0.1), (min(right, 0.22), -tall + 0.1), (right, -0.04)]
        canvas.fill(frame.place(pane), glass, part=1)
    body = [(-1.1, -0.02), (0.62, -0.05), (1.05, 0.1), (1.12, 0.45), (-1.12, 0.45)]
    canvas.solid(frame.place(body), paint, part=1)
    canvas.line(frame.place([(-1.1, 0.24), (1.1, 0.26)]), paint * 0.7, width=0.04 * frame.scale, part=1)
    canvas.fill(frame.place(blob(rng, (1.02, 0.2), (0.09, 0.08), jitter=0)), (250, 236, 170), part=1)
    canvas.fill(frame.place(blob(rng, (-1.05, 0.16), (0.07, 0.09), jitter=0)), (190, 50, 44), part=1)
    for x in (-0.62, 0.62):
        for radius, colour in ((0.29, (40, 38, 40)), (0.15, (186, 186, 190))):
            canvas.solid(frame.place(blob(rng, (x, 0.45), (radius, radius), jitter=0)), colour, part=1)


OTHERS = {"frog": draw_frog, "butterfly": draw_butterfly, "house": draw_house, "car": draw_car}
