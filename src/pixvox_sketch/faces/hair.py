"""Hair: styles and who wears them how often; masses with strands and shine, behind and before the face."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from pixvox_sketch.engine.canvas import Canvas, ink, tuples
from pixvox_sketch.engine.chance import pick
from pixvox_sketch.engine.outlines import Frame, arc, blob, spline
from pixvox_sketch.faces.paint import HAIR, Paint, glaze, place
from pixvox_sketch.faces.people import Look, Person


class Style(NamedTuple):
    """A way to wear the hair; lengths in half face widths."""

    name: str
    volume: float  # how far it stands off the skull
    length: float = 0.0  # y that it falls to behind the neck; 0: short
    sides: float = 0.1  # y that it falls to before the ears; below 0: it ends above them
    fringe: float = 0.0  # 0 none, to 1: it reaches the brows
    extra: str = ""  # "bun", "plaits" or "tail"


# (style, how often a child wears it, how often an adult does)
STYLES = (
    (
        (Style("long", 0.15, 2.1, 1.5), 3, 5),
        (Style("long with a fringe", 0.15, 2.0, 1.4, 0.9), 2, 2),
        (Style("bob", 0.2, 1.15, 1.0), 2, 4),
        (Style("bob with a fringe", 0.2, 1.1, 0.95, 0.95), 2, 2),
        (Style("bun", 0.1, extra="bun"), 3, 3),
        (Style("plaits", 0.1, extra="plaits"), 3, 1),
        (Style("tail", 0.1, extra="tail"), 3, 2),
        (Style("short", 0.22, 0.7, 0.3, 0.3), 2, 4),
    ),
    (
        (Style("short", 0.16), 4, 4),
        (Style("side part", 0.18, fringe=0.2), 3, 4),
        (Style("fringe", 0.16, 0.5, 0.2, 0.9), 3, 1),
        (Style("cropped", 0.06, sides=0.0), 3, 2),
        (Style("tousled", 0.24, 0.5, 0.2, 0.55), 2, 1),
        (Style("long", 0.18, 1.3, 1.0, 0.2), 1, 1),
    ),
)


def draw_style(rng, person: Person, look: Look) -> Style:
    """Draw a style that suits the person's sex, more or less the age, and the hair's curl."""
    adult = look.years > 18
    styles = STYLES[person.sex]
    odds = np.array([row[1 + adult] for row in styles], float)
    style = styles[int(rng.choice(len(styles), p=odds / odds.sum()))][0]
    finer = 0.8 + 0.3 * float(np.clip((look.years - 4) / 16, 0, 1))  # children have less of it
    volume = finer * style.volume * rng.uniform(0.8, 1.2)
    if not style.extra:
        volume += (0.0, 0.04, 0.12)[person.curl]
    if person.curl == 2 and style.fringe > 0.5:
        style = style._replace(fringe=0.35)
    return style._replace(volume=volume * (1 - 0.5 * look.bald))


class Head(NamedTuple):
    """What hair is drawn on, and how."""

    frame: Frame
    look: Look
    style: Style
    curl: int
    part: float  # x of the parting
    line: float  # y of the hair line in its middle


def plan_hair(rng, frame: Frame, look: Look, style: Style, *, curl: int) -> Head:
    """Draw where the parting and the hair line are."""
    line = -look.traits["top"] * 0.7 + rng.normal(0, 0.03) - 0.08 * (look.years > 30) * look.lines
    part = float(pick(rng, (-1, 1)) * rng.uniform(0.1, 0.45))
    return Head(frame, look, style, curl, part, line - 0.32 * look.bald)


def draw_hair_behind(canvas: Canvas, head: Head) -> None:
    """Draw what hangs behind the neck: long hair, buns, plaits, tails."""
    style, top = head.style, head.look.traits["top"]
    wide = 1.04 + style.volume
    if style.length > 0:
        long = style.length
        right = [(wide, -0.2), (wide + 0.06, long * 0.4), (wide + 0.03, long * 0.8), (wide * 0.82, long)]
        points = [(0, -top - style.volume * 0.6), (0.8, -top * 0.8), *right, (0, long * 1.02)]
        points += [(-x, y) for x, y in reversed(right)] + [(-0.8, -top * 0.8)]
        _mass(canvas, head, spline(_behind(head.frame, points), 4), shade=0.72)
    if style.extra == "bun":
        _ball(canvas, head, (0.2 * np.sign(head.part), -top - 0.24), 0.4)
    elif style.extra == "tail":
        side = np.sign(head.part)
        _ball(canvas, head, (side * 0.95, -top * 0.72), 0.3)
        fall = np.array([(0.9, -0.95), (1.4, -0.7), (1.5, 0.3), (1.25, 0.9), (1.12, 0.1)]) * (side, 1)
        _mass(canvas, head, spline(_behind(head.frame, fall), 5), shade=0.85)


def draw_hair_before(canvas: Canvas, head: Head) -> None:
    """Draw the cap of hair, what falls beside the face, and the fringe."""
    style = head.style
    if style.extra == "plaits":
        _plaits(canvas, head)
    if head.look.bald > 0.62:
        _ring(canvas, head)
        return
    cap = _cap(head)
    if head.curl == 2:
        _curls(canvas, head, cap)
    else:
        _mass(canvas, head, cap, crown=(head.part, -head.look.traits["top"] - 0.5 * style.volume))
    if style.sides > 0.4:
        for side in (-1, 1):
            _side(canvas, head, side)
    if head.curl < 2:
        _shine(canvas, head, canvas.mask_of(cap))


def _behind(frame: Frame, points) -> np.ndarray:
    """Return points in pixels of what does not turn with the face."""
    return frame._replace(yaw=frame.yaw * 0.3, pitch=0.0).place(points, -0.3)


def _cap(head: Head) -> np.ndarray:
    """Return the outline of the hair on the skull: outer arc and hair line."""
    style, traits, frame = head.style, head.look.traits, head.frame
    radii = (1.03 + style.volume * 0.75, traits["top"] + style.volume)
    outer = arc(-np.pi * 0.55, np.pi * 0.55, radii=radii, middle=(0, 0.02), count=23)
    side_end = (1.0, max(style.sides, -0.1) if style.sides < 0.4 else 0.2)
    flat = frame._replace(yaw=0.0, pitch=0.0)
    right = [(side_end[0], side_end[1]), (0.9, side_end[1] - 0.04)]
    line = np.concatenate([right, _hair_line(head), [(-x, y) for x, y in reversed(right)]])
    return np.concatenate([flat.place(outer), place(frame, line)])


def _hair_line(head: Head) -> np.ndarray:
    """Return the hair line on the forehead, from right to left in units."""
    style, look = head.style, head.look
    x = np.linspace(0.86, -0.86, 15)
    arch = head.line + (0.42 - 0.3 * look.bald) * np.abs((x - 0.5 * head.part) / 0.86) ** 2.2
    arch -= 0.5 * look.bald * np.exp(-(((np.abs(x) - 0.52) / 0.22) ** 2))
    brows = look.traits["eye_y"] - look.traits["brow_gap"] - 0.06
    reach = (brows - head.line) * style.fringe
    jagged = 0.035 * np.sin(np.arange(15) * 2.4 + head.part * 9) * (style.fringe > 0)
    swept = 1 - 0.35 * (x * np.sign(head.part) > 0) * (style.fringe < 0.7)
    fringe = head.line + reach * swept + jagged + 0.1 * np.abs(x) ** 2
    y = np.maximum(arch, fringe) if style.fringe > 0 else arch
    y = np.where(np.abs(x) > 0.8, np.maximum(y, -0.3), y)
    y = np.maximum(y, -look.traits["top"] * np.sqrt(1 - (x / 1.1) ** 2) * 0.98)  # never off the skull
    return np.stack([x, y], axis=1)


def _mass(canvas: Canvas, head: Head, outline, *, shade: float = 1.0, crown=None) -> None:
    """Fill an outline with hair: a shaded ground, strands from the crown or downwards."""
    colour = head.look.hair
    mask = canvas.mask_of(outline)
    canvas.solid(outline, colour * shade, part=HAIR)
    coarse = 0.12 + 0.12 * float(np.clip((head.look.years - 5) / 45, 0, 1))
    layer = canvas.picture.copy()
    pen = ImageDraw.Draw(layer)
    for strand in _strands(canvas.rng, head, np.asarray(outline), crown):
        light = canvas.rng.normal(1, coarse) * shade
        shaded = ink(np.clip(colour * light + 14 * (light - shade), 4, 250))
        pen.line(tuples(strand), fill=shaded, width=max(1, round(0.03 * head.frame.scale)))
    soft = mask.filter(ImageFilter.GaussianBlur(0.02 * head.frame.scale))
    canvas.picture.paste(layer, (0, 0), soft)


def _strands(rng, head: Head, outline: np.ndarray, crown):
    """Give lines in pixels: from the crown to the outline, or down through it."""
    wave = (0.0, 0.05, 0.08)[head.curl] * head.frame.scale
    low, high = outline.min(axis=0), outline.max(axis=0)
    t = np.linspace(0, 1, 7)[:, None]
    for _ in range(110):
        if crown is None:
            start = np.array([rng.uniform(low[0], high[0]), low[1]])
            middle = 0.5 * (low[0] + high[0])
            end = np.array([start[0] + 0.08 * (start[0] - middle), high[1]])
            bow = np.array([0.1 * (start[0] - middle), 0])
        else:
            start = place(head.frame, crown) + rng.normal(0, 0.05 * head.frame.scale, 2)
            end = outline[rng.integers(len(outline))] + rng.normal(0, 0.08 * head.frame.scale, 2)
            away = np.array([end[0] - head.frame.x, -abs(end[0] - head.frame.x)])
            bow = 0.22 * away
        line = start + (end - start) * t + bow * np.sin(np.pi * t)
        yield line + [1, 0] * (wave * np.sin(t * 13 + rng.uniform(0, 6)))


def _shine(canvas: Canvas, head: Head, mask: Image.Image) -> None:
    """Put a soft band of light on the hair, on the side of the light."""
    style, frame = head.style, head.frame
    toward = float(np.clip(canvas.light[0], -0.8, 0.8)) * 0.7
    top = head.look.traits["top"] + style.volume
    band = [arc(toward - 0.5, toward + 0.5, radii=(0.98 * r, top * r), count=9) for r in (0.93, 0.8)]
    points = frame._replace(yaw=0.0, pitch=0.0).place(np.concatenate([band[0], band[1][::-1]]))
    light = head.look.hair * 1.25 + np.array([52, 46, 40])
    glaze(canvas, frame, points, Paint(light, 0.5, 0.06, mask))


def _side(canvas: Canvas, head: Head, side: int) -> None:
    """Draw the hair that falls beside the face."""
    style, frame = head.style, head.frame
    wide, low = 1.06 + style.volume * 0.8, style.sides
    points = [(0.8, -0.75), (1.02, -0.5), (wide, 0.1), (wide, low * 0.7), (wide * 0.9, low)]
    points += [(0.82, low * 0.92), (0.9, low * 0.45), (0.86, 0.0), (0.84, -0.4)]
    placed = frame._replace(pitch=0.0).place(np.array(points) * (side, 1), 0.12)
    outline = spline(placed, 4)
    if head.curl == 2:
        _curls(canvas, head, outline)
    else:
        _mass(canvas, head, outline)


def _ring(canvas: Canvas, head: Head) -> None:
    """Draw the hair that a bald man keeps: beside the ears."""
    for side in (-1, 1):
        points = [(0.93, -0.55), (1.08, -0.35), (1.12, 0.05), (1.0, 0.2), (0.94, -0.05)]
        placed = head.frame.place(np.array(points) * (side, 1), 0.05)
        _mass(canvas, head, spline(placed, 4))


def _ball(canvas: Canvas, head: Head, middle, radius: float) -> None:
    """Draw a bun."""
    outline = _behind(head.frame, blob(canvas.rng, middle, (radius, radius * 0.85)))
    if head.curl == 2:
        _curls(canvas, head, outline)
    else:
        _mass(canvas, head, outline, shade=0.92)
        gleam = blob(canvas.rng, np.array(middle) - (0.08, 0.1), (radius * 0.4, radius * 0.2))
        light = head.look.hair * 1.2 + 40
        glaze(canvas, head.frame, _behind(head.frame, gleam), Paint(light, 0.45, 0.05))


def _plaits(canvas: Canvas, head: Head) -> None:
    """Draw two plaits: knots one below the other."""
    for side in (-1, 1):
        for number in range(8):
            at = (side * (1.08 + 0.03 * number), 0.35 + 0.2 * number)
            knot = blob(canvas.rng, at, (0.17, 0.14), turn=side * 0.5 * (-1) ** number)
            placed = _behind(head.frame, knot)
            canvas.solid(placed, head.look.hair * (1.06 - 0.12 * (number % 2)), part=HAIR)


def _curls(canvas: Canvas, head: Head, outline) -> None:
    """Fill an outline with curls: rings of lighter and darker hair that cross its edge."""
    rng, scale, colour = canvas.rng, head.frame.scale, head.look.hair
    canvas.solid(outline, colour * 0.85, part=HAIR)
    mask = canvas.mask_of(outline)
    rows, columns = np.nonzero(np.asarray(mask))
    if not len(rows):
        return
    for index in rng.integers(0, len(rows), 5 + int(len(rows) / (0.016 * scale**2))):
        x, y, radius = columns[index], rows[index], scale * rng.uniform(0.07, 0.12)
        box = (x - radius, y - radius, x + radius, y + radius)
        light = rng.normal(0.95, 0.14) + 0.12 * ((x - head.frame.x) * canvas.light[0] / scale)
        canvas.pen.ellipse(box, fill=ink(np.clip(colour * light + 8, 4, 250)))
        canvas.part_pen.ellipse(box, fill=HAIR)
        bright = ink(np.clip(colour * light * 1.25 + 22, 4, 250))
        canvas.pen.arc(box, 190, 310, fill=bright, width=max(1, round(0.03 * scale)))
