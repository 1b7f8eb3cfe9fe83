"""The zoo's birds: owl, penguin, duck; and the eye that is a dot.

A drawer is a function of (canvas, frame, rng); the unit of the frame is about half of what it draws,
which has its middle at (0, 0). All points lie in one plane, so a yaw of pi mirrors the drawing.
"""

import numpy as np

from pixvox_sketch.animals import coats
from pixvox_sketch.engine.canvas import Canvas, Fur
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.outlines import Frame, bent, blob, hull, spline, tube
from pixvox_sketch.engine.texture import mix, patches, plain

INK, SNOW = (34, 30, 34), (240, 238, 232)
BEAKS = ((226, 150, 56), (214, 120, 52), (226, 184, 84), (120, 106, 96))
BRIGHT = (
    (206, 76, 58),
    (226, 150, 60),
    (232, 200, 84),
    (86, 140, 190),
    (150, 96, 164),
    (90, 156, 110),
    (222, 128, 150),
)


def draw_dot_eye(canvas: Canvas, frame: Frame, at, size: float, *, iris=None) -> None:
    """Draw an eye: an iris (or none), a dark pupil, a gleam."""
    if iris is not None:
        canvas.solid(frame.place(blob(canvas.rng, at, (size, size), jitter=0)), iris, part=1)
    pupil = size * (0.6 if iris is not None else 1)
    canvas.fill(frame.place(blob(canvas.rng, at, (pupil, pupil), jitter=0)), INK, part=1)
    high = (at[0] - 0.3 * pupil, at[1] - 0.35 * pupil)
    gleam = blob(canvas.rng, high, (0.3 * pupil, 0.3 * pupil), jitter=0)
    canvas.fill(frame.place(gleam), (252, 252, 250), part=1)


def _coat(canvas: Canvas, rng, colours) -> np.ndarray:
    """Return a field of feathers: one colour with patches of another."""
    field = plain(canvas.shape, vary(rng, pick(rng, colours)))
    return mix(field, vary(rng, pick(rng, colours)), 0.5 * patches(rng, canvas.shape, share=0.4, slope=1.5))


def draw_owl(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw an owl from the front: two discs around large eyes, a small beak, wings, a flecked breast."""
    field = _coat(canvas, rng, (coats.BROWN, coats.GREY, coats.FAWN, coats.CHOCOLATE, coats.WHITE, coats.RED))
    plumage, tone = Fur(field, 0.12 * frame.scale), field.mean((0, 1))
    pale = np.minimum(tone * 1.35 + 25, 246)
    root, tufts = frame.place((0, -1.1)), rng.random() < 0.5
    canvas.fur(frame.place(blob(rng, (0, 0.3), (0.74, 0.85))), plumage, root=root)
    canvas.fur(frame.place(blob(rng, (0, 0.45), (0.46, 0.62))), plumage, root=root, tint=(pale, 0.8))
    for row in range(4):
        for x in np.arange(-1, 1.1, 1) * (0.3 - 0.04 * row) + 0.1 * (row % 2):
            y = 0.15 + 0.2 * row
            fleck = frame.place([(x - 0.08, y), (x, y + 0.08), (x + 0.08, y)])
            canvas.line(fleck, tone * 0.6, width=0.045 * frame.scale)
    for side in (-1, 1):
        spine = bent((side * 0.58, -0.15), length=1.1, angle=np.pi - side * 0.25, bend=side * 0.5)
        wing = tube(spine, 0.24 * np.sqrt(np.linspace(1, 0.05, 9)))
        canvas.fur(frame.place(wing), plumage, root=root, tint=(tone * 0.7, 0.6))
        if tufts:
            tuft = [(side * 0.2, -0.85), (side * 0.72, -1.25), (side * 0.66, -0.6)]
            canvas.fur(frame.place(tuft), plumage, root=frame.place((side * 0.3, -0.6)))
        canvas.solid(frame.place(blob(rng, (side * 0.2, 1.13), (0.16, 0.08))), BEAKS[0], part=1)
    canvas.fur(frame.place(blob(rng, (0, -0.5), (0.72, 0.58))), plumage, root=root)
    iris = vary(rng, pick(rng, ((232, 188, 60), (220, 132, 50), (120, 84, 50))))
    for side in (-1, 1):
        disc, middle = blob(rng, (side * 0.31, -0.5), (0.34, 0.38)), frame.place((side * 0.31, -0.5))
        canvas.fur(frame.place(disc), plumage, root=middle, tint=(pale, 0.8))
    for side in (-1, 1):
        draw_dot_eye(canvas, frame, (side * 0.29, -0.52), 0.2, iris=iris)
    canvas.solid(frame.place([(-0.1, -0.42), (0.1, -0.42), (0, -0.12)]), vary(rng, pick(rng, BEAKS)), part=1)


def draw_penguin(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a penguin: a dark upright body, a white belly, flippers, orange beak and feet."""
    dark = vary(rng, pick(rng, ((40, 42, 52), (62, 68, 84), (76, 84, 96), (48, 44, 46))))
    plumage, beak = Fur(plain(canvas.shape, dark), 0.06 * frame.scale), vary(rng, BEAKS[0])
    for side in (-1, 1):
        canvas.solid(frame.place(blob(rng, (side * 0.28, 1.1), (0.27, 0.11))), beak, part=1)
        out = rng.uniform(0.1, 0.8)
        spine = bent((side * 0.5, -0.2), length=0.95, angle=np.pi - side * out, bend=-side * 0.2)
        canvas.fur(frame.place(tube(spine, 0.17 * np.sqrt(np.linspace(1, 0.1, 9)))), plumage)
    canvas.fur(frame.place(blob(rng, (0, 0.3), (0.62, 0.82))), plumage)
    canvas.solid(frame.place(blob(rng, (0, 0.42), (0.46, 0.65))), SNOW, part=1)
    canvas.fur(frame.place(blob(rng, (0, -0.62), (0.5, 0.48))), plumage)
    for side in (-1, 1):
        canvas.solid(frame.place(blob(rng, (side * 0.18, -0.56), (0.22, 0.27))), SNOW, part=1)
    for side in (-1, 1):
        draw_dot_eye(canvas, frame, (side * 0.19, -0.64), 0.09)
    if rng.random() < 0.4:
        canvas.solid(frame.place(blob(rng, (0, -0.16), (0.42, 0.13))), vary(rng, pick(rng, BRIGHT)), part=1)
    canvas.solid(frame.place([(-0.15, -0.5), (0.15, -0.5), (0, -0.26)]), beak, part=1)


def draw_duck(canvas: Canvas, frame: Frame, rng) -> None:
    """Draw a duck from the side: a boat of a body, a round head, a flat beak."""
    drake = ((142, 120, 100), (48, 110, 80))
    body, head = pick(rng, (((236, 204, 84),) * 2, (SNOW, SNOW), drake, (coats.BROWN, coats.BROWN)))
    body, head, beak = vary(rng, body), vary(rng, head), vary(rng, pick(rng, BEAKS[:3]))
    canvas.shadow(frame.place(blob(rng, (-0.1, 0.85), (0.95, 0.14), jitter=0)))
    plumage = Fur(plain(canvas.shape, body), 0.08 * frame.scale)
    for x in (-0.15, 0.2):
        leg = frame.place([(x, 0.6), (x, 0.9), (x + 0.2, 0.92)])
        canvas.line(leg, beak * 0.85, width=0.09 * frame.scale, part=1)
    back = [(-1.15, -0.3), (-0.75, 0.0), (-0.2, -0.12), (0.4, -0.05)]
    belly = [(0.72, 0.3), (0.3, 0.7), (-0.4, 0.7), (-0.9, 0.35)]
    canvas.fur(frame.place(spline(back + belly)), plumage, root=frame.place((0.8, 0.2)))
    wing = [(0.25, 0.1), (-0.2, 0.02), (-0.75, 0.15), (-0.45, 0.42), (0.05, 0.45)]
    canvas.fur(frame.place(spline(wing)), plumage, root=frame.place((0.5, 0.1)), tint=(body * 0.72, 0.7))
    neck = tube(bent((0.4, 0.25), length=0.75, angle=0.1, bend=0.25), np.linspace(0.3, 0.21, 9))
    crown = blob(rng, (0.58, -0.66), (0.38, 0.35))
    bill = hull(blob(rng, (0.88, -0.58), (0.14, 0.11)), blob(rng, (1.22, -0.52), (0.14, 0.055)))
    canvas.solid(frame.place(bill), beak, part=1)
    feathers = plumage._replace(field=plain(canvas.shape, head))
    canvas.fur(frame.place(neck), feathers)
    canvas.fur(frame.place(crown), feathers)
    if np.ptp(head) > 40 and head[1] > head[0]:
        ring = frame.place([(0.22, -0.16), (0.45, -0.1), (0.68, -0.16)])
        canvas.line(ring, SNOW, width=0.1 * frame.scale, part=1)
    draw_dot_eye(canvas, frame, (0.68, -0.74), 0.08)


BIRDS = {"owl": draw_owl, "penguin": draw_penguin, "duck": draw_duck}
