"""Draws the mammals of the zoo, each as a function of (canvas, scene, features).

They draw the parts of `animals.head` and `animals.body` in the order that suits the animal,
and add their own: horns, a snout, a trunk, tusks, spines, wool. Lengths are in head radii.
"""

import numpy as np

from pixvox_sketch.animals import coats
from pixvox_sketch.animals.body import draw_body
from pixvox_sketch.animals.coats import Coat
from pixvox_sketch.animals.head import EARS, REST, draw_ears, draw_eyes, draw_muzzle, draw_skull
from pixvox_sketch.animals.whole_animal import Features, Scene, draw_creature
from pixvox_sketch.engine.canvas import Canvas, Fur
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.outlines import bent, blob, spline, tube
from pixvox_sketch.engine.texture import mix, patches, plain

SNOUT, HORN, ANTLER, NIGHT = (216, 144, 140), (216, 204, 176), (172, 140, 104), (40, 36, 38)


def draw_bear(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a bear: heavy, so the body is a little stouter."""
    heavy = scene.build._replace(stout=1.12 * scene.build.stout)
    draw_creature(canvas, scene._replace(build=heavy), features)


def draw_rabbit(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a rabbit, or another gnawing animal: its front teeth show."""
    draw_creature(canvas, scene, features)
    y, depth = features.muzzle.drop + 0.85 * features.muzzle.depth, 0.8 + features.muzzle.length
    for x in (-0.07, 0.07):
        tooth = blob(canvas.rng, (x, y), (0.065, 0.14), jitter=0, count=4)
        canvas.solid(scene.frame.place(tooth, depth), (246, 242, 232), part=REST)


def draw_cow(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a cow: a long head with horns and a broad muzzle."""
    long = scene._replace(skull=scene.skull._replace(width=0.9, height=1.1, jaw=0.25))
    for side in (-1, 1):
        spine = bent((side * 0.5, -0.8), length=0.75, angle=side * 1.2, bend=-side * 1.5)
        canvas.solid(scene.frame.place(tube(spine, np.linspace(0.15, 0.03, 9))), HORN, part=REST)
    draw_creature(canvas, long, features)
    _nostrils(canvas, scene, features, apart=0.24, size=0.085)


def draw_deer(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a deer: antlers with three tines each, a narrow head."""
    long = scene._replace(skull=scene.skull._replace(width=0.82, height=1.08, jaw=0.25))
    for side in (-1, 1):
        beam = bent((side * 0.3, -0.8), length=1.5, angle=side * 0.75, bend=-side * 0.9)
        canvas.solid(scene.frame.place(tube(beam, np.linspace(0.11, 0.04, 9))), ANTLER, part=REST)
        for at, turn in ((2, -0.2), (4, -0.5), (6, -0.8)):
            tine = bent(tuple(beam[at]), length=0.5, angle=side * turn, bend=side * 0.3)
            canvas.solid(scene.frame.place(tube(tine, np.linspace(0.08, 0.02, 9))), ANTLER, part=REST)
    draw_creature(canvas, long, features)


def draw_beaver(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a beaver: two long orange front teeth below a broad muzzle."""
    draw_creature(canvas, scene, features)
    y, depth = features.muzzle.drop + features.muzzle.depth, 0.8 + features.muzzle.length
    for x in (-0.11, 0.11):
        tooth = blob(canvas.rng, (x, y), (0.1, 0.2), jitter=0, count=4)
        canvas.solid(scene.frame.place(tooth, depth), (232, 178, 104), part=REST)


def draw_goat(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a goat: long horns that bend back, a narrow head and a beard."""
    long = scene._replace(skull=scene.skull._replace(width=0.82, height=1.1, jaw=0.2))
    for side in (-1, 1):
        spine = bent((side * 0.28, -0.85), length=1.3, angle=side * 0.45, bend=side * 0.9)
        canvas.solid(scene.frame.place(tube(spine, np.linspace(0.13, 0.04, 9))), HORN, part=REST)
    draw_creature(canvas, long, features)
    chin = features.muzzle.drop + features.muzzle.depth
    beard = np.array([(-0.17, chin - 0.15), (0.17, chin - 0.15), (0.06, chin + 0.4), (0.0, chin + 0.65)])
    canvas.fur(scene.frame.place(spline(beard), 0.8), scene.wear.fur, part=REST)


def draw_horse(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a horse: a long head with large nostrils, a mane and a forelock between the ears."""
    long, rng = scene._replace(skull=scene.skull._replace(width=0.8, height=1.12, jaw=0.25)), canvas.rng
    hair = vary(rng, pick(rng, (coats.BLACK, coats.CHOCOLATE, coats.CREAM, coats.CHARCOAL)))
    mane = scene.wear.fur._replace(field=plain(canvas.shape, hair), length=0.4 * scene.frame.scale)
    side = scene.build.side
    fall = [(-0.1, -1.1), (0.75, -0.85), (1.3, 0.1), (1.45, 1.2), (1.0, 1.5), (0.75, 0.6)]
    canvas.fur(scene.frame.place(spline(np.array(fall) * (side, 1)), -0.3), mane, part=REST)
    draw_creature(canvas, long, features)
    lock = spline(np.array([(-0.3, -1.05), (0.3, -1.05), (0.14, -0.55), (-0.05, -0.15), (-0.2, -0.5)]))
    canvas.fur(scene.frame.place(lock, 0.8), mane, part=REST, root=scene.frame.place((0, -1.3), 0.8))
    _nostrils(canvas, scene, features, apart=0.2, size=0.08)


def draw_donkey(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a donkey: a long head with a pale muzzle and large nostrils, an upright tuft between the ears."""
    pale = {**scene.wear.coat.tints, "muzzle": (vary(canvas.rng, coats.WHITE, 5), 0.8)}
    wear = scene.wear._replace(coat=scene.wear.coat._replace(tints=pale))
    long = scene._replace(skull=scene.skull._replace(width=0.82, height=1.12, jaw=0.25), wear=wear)
    draw_creature(canvas, long, features)
    tuft = blob(canvas.rng, (0, -1.0), (0.2, 0.34))
    dark = wear.fur._replace(field=plain(canvas.shape, vary(canvas.rng, coats.CHARCOAL)))
    canvas.fur(scene.frame.place(tuft, 0.5), dark, part=REST, root=scene.frame.place((0, -0.4), 0.5))
    _nostrils(canvas, scene, features, apart=0.2, size=0.08)


def draw_pig(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a pig: a snout like a disc, and hardly any hair."""
    bare = scene.wear._replace(fur=scene.wear.fur._replace(length=scene.frame.scale * 0.06))
    draw_creature(canvas, scene._replace(wear=bare), features)
    muzzle, depth = features.muzzle, 0.85 + features.muzzle.length
    disc = blob(canvas.rng, (0, muzzle.drop - 0.1), (0.4, 0.31), jitter=0.02)
    canvas.solid(scene.frame.place(disc, depth), vary(canvas.rng, SNOUT), part=REST)
    _nostrils(canvas, scene, features, apart=0.15, size=0.09)


def _nostrils(canvas, scene, features, *, apart: float, size: float) -> None:
    """Draw two dark nostrils on the front of the muzzle."""
    for x in (-apart, apart):
        hole = blob(canvas.rng, (x, features.muzzle.drop - 0.1), (0.7 * size, size), jitter=0.03)
        canvas.fill(scene.frame.place(hole, 0.85 + features.muzzle.length), (84, 50, 50), part=REST)


def draw_panda(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a panda: a white head on a black body, black ears and eye patches."""
    frame, wear, rng = scene.frame, scene.wear, canvas.rng
    black = wear.fur._replace(field=plain(canvas.shape, vary(rng, NIGHT)))
    draw_body(canvas, frame, scene.build, features.tail, wear._replace(fur=black))
    draw_ears(canvas, frame, features.ears, wear._replace(fur=black))
    draw_skull(canvas, frame, scene.skull._replace(width=1.12), wear)
    draw_muzzle(canvas, frame, features.muzzle, wear)
    for side in (-1, 1):
        at = (side * features.eyes.apart * 1.08, features.eyes.height + 0.06)
        patch = blob(rng, at, (0.27, 0.36), turn=side * 0.6)
        canvas.fur(frame.place(patch, 0.78), black._replace(length=0.5 * black.length), part=REST)
    draw_eyes(canvas, frame, features.eyes)


def draw_koala(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a koala: wide fluffy ears and a tall black nose."""
    draw_creature(canvas, scene, features)
    nose = blob(canvas.rng, (0, 0.22), (0.2, 0.34), jitter=0.02)
    canvas.solid(scene.frame.place(nose, 1.0), NIGHT, part=REST)
    gleam = blob(canvas.rng, (-0.06, 0.06), (0.06, 0.1), jitter=0)
    canvas.fill(scene.frame.place(gleam, 1.0), (130, 126, 130), part=None)


def draw_monkey(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a monkey: bare ears at the sides of the head, a bare face and mouth."""
    frame, rng = scene.frame, canvas.rng
    skin = vary(rng, pick(rng, ((214, 168, 132), (170, 118, 88), (226, 188, 160), (96, 74, 66))))
    draw_body(canvas, frame, scene.build, features.tail, scene.wear)
    for side in (-1, 1):
        for radius, colour in ((0.4, skin * 0.8), (0.26, skin)):
            ear = blob(rng, (side * 1.05, -0.05), (radius, radius * 1.1))
            canvas.solid(frame.place(ear, -0.05), colour, part=EARS)
    draw_skull(canvas, frame, scene.skull, scene.wear)
    for side in (-1, 1):
        canvas.solid(frame.place(blob(rng, (side * 0.34, -0.12), (0.42, 0.46)), 0.7), skin, part=REST)
    canvas.solid(frame.place(blob(rng, (0, 0.45), (0.64, 0.46)), 0.85), skin * 1.04, part=REST)
    dark = skin * 0.4
    smile = [(-0.36, 0.5), (-0.2, 0.62), (0, 0.66), (0.2, 0.62), (0.36, 0.5)]
    canvas.line(frame.place(smile, 1.0), dark, width=0.06 * frame.scale)
    for x in (-0.08, 0.08):
        canvas.fill(frame.place(blob(rng, (x, 0.22), (0.05, 0.04), jitter=0), 1.0), dark, part=None)
    draw_eyes(canvas, frame, features.eyes)


def draw_elephant(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw an elephant: ears like fans, a trunk with folds, tusks, hardly any hair."""
    frame, rng = scene.frame._replace(scale=scene.frame.scale * 0.85), canvas.rng
    bare = Fur(scene.wear.fur.field, frame.scale * 0.06)
    wear = scene.wear._replace(fur=bare)
    draw_body(canvas, frame, scene.build._replace(stout=1.2, collar=None), features.tail, wear)
    for side in (-1, 1):
        fan = [(0.55, -0.75), (1.15, -1.05), (1.9, -0.7), (1.95, 0.1), (1.5, 0.85), (1.0, 0.75), (0.7, 0.3)]
        outline = spline(np.array(fan) * (side, 1) * rng.normal(1, 0.04, (7, 1)))
        canvas.fur(frame.place(outline, -0.2), bare, part=EARS, root=frame.place((side * 0.6, 0)))
        inner = spline(np.array(fan) * 0.75 * (side, 1) + (side * 0.3, 0))
        canvas.solid(frame.place(inner, -0.2), bare.field.mean((0, 1)) * 0.7 + (50, 28, 28), part=EARS)
    draw_skull(canvas, frame, scene.skull._replace(height=1.05), wear)
    for side in (-1, 1):
        tusk = bent((side * 0.4, 0.5), length=0.85, angle=np.pi - side * 0.5, bend=-side * 0.9)
        outline = tube(tusk, np.linspace(0.12, 0.03, 9))
        canvas.solid(frame.place(outline, 0.7), (240, 234, 214), part=REST)
    sway = float(rng.choice([-1, 1]) * rng.uniform(0.6, 2.4))
    spine = bent((0, 0.1), length=rng.uniform(1.8, 2.4), angle=np.pi, bend=sway, count=12)
    trunk = frame.place(tube(spine, np.linspace(0.4, 0.17, 12)), 0.9)
    canvas.fur(trunk, bare, part=REST, root=frame.place((0, -0.5), 0.9))
    for at in spine[2:-1]:
        fold = [at + (-0.2, 0), at + (0, 0.05), at + (0.2, 0)]
        canvas.line(frame.place(fold, 0.9), bare.field.mean((0, 1)) * 0.65, width=0.04 * frame.scale)
    draw_eyes(canvas, frame, features.eyes)


def draw_hedgehog(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a hedgehog: a ball of spines, a small pale face with a pointed muzzle, four feet."""
    frame, rng, side = scene.frame._replace(scale=scene.frame.scale * 0.8), canvas.rng, scene.build.side
    brown = vary(rng, pick(rng, (coats.CHOCOLATE, coats.BROWN, coats.CHARCOAL)))
    pale = 0.5 * patches(rng, canvas.shape, share=0.5, slope=1.0)
    spines = Fur(mix(plain(canvas.shape, brown), coats.CREAM, pale), 0.55 * frame.scale, 0.16)
    canvas.shadow(frame.place(blob(rng, (0.6 * side, 1.75), (2.0, 0.3), jitter=0)))
    for x in (-0.2, 0.4, 1.2, 1.8):
        foot = blob(rng, (x * side, 1.6), (0.26, 0.16))
        canvas.solid(frame.place(foot), coats.FAWN, part=REST)
    ball = blob(rng, (0.75 * side, 0.2), (1.75, 1.4))
    canvas.fur(frame.place(ball), spines, part=REST, root=frame.place((0, 0.8)))
    face = scene.wear._replace(fur=scene.wear.fur._replace(length=0.12 * frame.scale))
    draw_ears(canvas, frame, features.ears, face)
    draw_skull(canvas, frame, scene.skull._replace(width=0.85, height=0.8), face)
    crown = blob(rng, (0.1 * side, -0.72), (0.75, 0.4))
    canvas.fur(frame.place(crown), spines, part=REST, root=frame.place((0, 0.4)))
    draw_muzzle(canvas, frame, features.muzzle, face)
    draw_eyes(canvas, frame, features.eyes)


def draw_sheep(canvas: Canvas, scene: Scene, features: Features) -> None:
    """Draw a sheep: curls of wool on body and crown, a smooth face."""
    frame, rng, side = scene.frame, canvas.rng, scene.build.side
    wool = vary(rng, pick(rng, (coats.WHITE, coats.WHITE, coats.CREAM, coats.BROWN, coats.CHARCOAL)), 5)
    fleece = scene.wear.fur._replace(field=plain(canvas.shape, wool), length=0.1 * frame.scale)
    woolly = scene.wear._replace(fur=fleece, coat=Coat(fleece.field, {}))
    draw_body(canvas, frame, scene.build._replace(stout=1.15), features.tail, woolly)
    long = scene.build.pose in ("lying", "standing")
    (x, y), (across, down) = ((1.4, 0.95), (1.5, 0.75)) if long else ((0.25, 1.9), (0.95, 1.05))
    flat = frame._replace(roll=0.0, yaw=0.0, pitch=0.0)
    for _ in range(34):
        angle, far = rng.uniform(0, 2 * np.pi), np.sqrt(rng.uniform(0.1, 1))
        at = (side * (x + across * far * np.cos(angle)), y + down * far * np.sin(angle))
        curl = flat.place(blob(rng, at, (0.3, 0.27), jitter=0.1))
        canvas.solid(curl, wool * rng.uniform(0.9, 1.08), part=REST)
    short = scene.wear._replace(fur=scene.wear.fur._replace(length=0.06 * frame.scale))
    draw_ears(canvas, frame, features.ears, short)
    draw_skull(canvas, frame, scene.skull._replace(width=0.8, height=1.05, jaw=0.3), short)
    for x in (-0.6, -0.3, 0.0, 0.3, 0.6, -0.4, 0.15, 0.45):
        curl = blob(rng, (x, -0.75 + 0.35 * x * x + rng.normal(0, 0.05)), (0.28, 0.26), jitter=0.1)
        canvas.solid(frame.place(curl, 0.3), wool * rng.uniform(0.92, 1.08), part=REST)
    draw_muzzle(canvas, frame, features.muzzle, short)
    draw_eyes(canvas, frame, features.eyes)
