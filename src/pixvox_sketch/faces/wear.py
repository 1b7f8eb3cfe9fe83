"""What people wear, at any age: shirts and jumpers, glasses, hats and bands."""

import numpy as np

from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.outlines import Frame, arc, spline
from pixvox_sketch.engine.scenery import FABRICS, TOYS
from pixvox_sketch.engine.texture import darker
from pixvox_sketch.faces.paint import CLOTHES, WORN, Paint, curve, glaze, place, stroke
from pixvox_sketch.faces.people import Look

COLLARS = ("round", "round", "pointed", "high", "open")
GLASSES, HATS, BANDS = 0.16, 0.12, 0.1  # shares of the pictures
RIMS = ((48, 40, 40), (96, 62, 44), (140, 60, 56), (64, 84, 110), (150, 150, 154))


def draw_clothes(canvas: Canvas, frame: Frame, rng, look: Look) -> None:
    """Draw shoulders in a shirt or a jumper."""
    traits = look.traits
    neck, wide, chin = traits["neck"], traits["shoulders"], traits["chin"]
    low = 0.25 * chin + 1.47
    upright = frame._replace(roll=frame.roll * 0.4, yaw=0.0, pitch=0.0)
    right = [(neck * 1.2, low), (wide * 0.72, low + 0.26), (wide, low + 0.62), (wide * 1.12, low + 2.4)]
    collar = pick(rng, COLLARS)
    dip = {"round": 0.26, "pointed": 0.3, "high": -0.1, "open": 0.6}[collar]
    if collar == "high":
        right = [(neck * 1.04, low - 0.16), (neck * 1.15, low + 0.1), *right[1:]]
    left = [(-x, y) for x, y in reversed(right)]
    front = arc(-np.pi * 0.5, -np.pi * 1.5, radii=(neck * 1.1, dip), middle=(0, right[0][1]), count=9)
    if collar == "open":
        front = np.array([(-neck * 0.9, low + 0.1), (0, low + dip), (neck * 0.9, low + 0.1)])
    outline = upright.place(np.concatenate([right, left, front]))
    colour = vary(rng, pick(rng, FABRICS + TOYS), 8)
    canvas.solid(outline, colour, part=CLOTHES, roughness=2)
    edge = upright.place(front)
    stroke(canvas, frame, edge, 0.09, Paint(darker(colour, 0.25), 0.8, 0.02))
    if collar == "pointed":
        for side in (-1, 1):
            tip = [(neck * 1.12, low - 0.08), (neck * 0.95, low + 0.42)]
            flap = upright.place(np.array([*tip, (0.08, low + 0.22), (neck * 0.8, low + 0.1)]) * (side, 1))
            canvas.solid(flap, np.minimum(colour * 1.15 + 12, 250), part=CLOTHES)


def draw_glasses(canvas: Canvas, frame: Frame, rng, look: Look) -> None:
    """Draw glasses, round or square."""
    traits, colour = look.traits, pick(rng, RIMS)
    corners, thick = float(rng.uniform(2.0, 4.0)), rng.uniform(0.035, 0.06)
    angles = np.linspace(0, 2 * np.pi, 25)
    cos, sin = np.cos(angles), np.sin(angles)
    x, y = np.sign(cos) * np.abs(cos) ** (2 / corners), np.sign(sin) * np.abs(sin) ** (2 / corners)
    apart, height = traits["eye_apart"] + 0.01, traits["eye_y"] + 0.03
    for side in (-1, 1):
        rim = place(frame, np.stack([x * 0.34 + side * apart, y * 0.27 + height], 1), 0.12)
        glaze(canvas, frame, rim, Paint((236, 242, 246), 0.1))
        stroke(canvas, frame, rim, thick, Paint(colour, 0.95, 0.004))
        temple = [(side * (apart + 0.33), height - 0.05), (side * 1.02, height - 0.08)]
        stroke(canvas, frame, place(frame, temple), thick, Paint(colour, 0.9, 0.004))
    bridge = curve([(-apart + 0.33, height - 0.05), (0, height - 0.1), (apart - 0.33, height - 0.05)])
    stroke(canvas, frame, place(frame, bridge, 0.14), thick, Paint(colour, 0.95, 0.004))


def draw_hat(canvas: Canvas, frame: Frame, rng, look: Look, volume: float) -> None:
    """Draw a knitted hat, a cap or a hat with a brim."""
    kind, colour = pick(rng, ("knitted", "cap", "brim")), vary(rng, pick(rng, FABRICS + TOYS), 8)
    top, flat = look.traits["top"], frame._replace(yaw=frame.yaw * 0.4, pitch=0.0)
    low = -0.62 * top
    tall = {"knitted": 0.34, "cap": 0.26, "brim": 0.3}[kind] + 0.3 * volume
    outer = arc(-np.pi * 0.42, np.pi * 0.42, radii=(1.1 + 0.6 * volume, top + tall), middle=(0, 0))
    edge = [(0.6, low + 0.1), (0, low + 0.14), (-0.6, low + 0.1)]
    canvas.solid(spline(flat.place(np.concatenate([outer, edge])), 3), colour, part=WORN, roughness=3)
    if kind == "knitted":
        upper = [(-1.14, low - 0.06), (0, low + 0.02), (1.14, low - 0.06)]
        lower = [(1.16, low + 0.2), (0, low + 0.3), (-1.16, low + 0.2)]
        canvas.solid(spline(flat.place(upper + lower), 5), colour * 0.86, part=WORN, roughness=4)
        return
    reach, drop = (1.0, 0.3) if kind == "cap" else (1.75, 0.2)
    tip = (reach * 0.9, low + drop * 0.6)
    brim = [(-reach, low), (0, low + 0.02), (reach, low), tip, (0, low + drop), (-tip[0], tip[1])]
    shade = place(frame, np.array(brim) * (0.8, 1) + (0, 0.14))
    glaze(canvas, frame, shade, Paint((40, 24, 24), 0.3, 0.08))
    canvas.solid(spline(place(frame, brim, 0.1), 5), colour * 0.88, part=WORN)


def draw_band(canvas: Canvas, frame: Frame, rng, look: Look, volume: float) -> None:
    """Draw a band across the hair."""
    top = look.traits["top"] + volume
    wide = 1.04 + volume * 0.75
    outer = arc(-np.pi * 0.42, np.pi * 0.42, radii=(wide, top * 0.86), middle=(0, -0.02), count=15)
    inner = arc(-np.pi * 0.42, np.pi * 0.42, radii=(wide, top * 0.72), middle=(0, -0.02), count=15)
    outline = frame._replace(yaw=0.0, pitch=0.0).place(np.concatenate([outer, inner[::-1]]))
    canvas.solid(outline, vary(rng, pick(rng, TOYS + FABRICS), 8), part=WORN)
