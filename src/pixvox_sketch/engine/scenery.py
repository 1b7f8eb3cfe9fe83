"""What is behind and before whatever is drawn, and the light: painters that share one set of colours.

A painter is a function of (canvas, rng). Add one to `SCENES` or `IN_FRONT` and pictures will show it.
"""

import numpy as np

from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.chance import pick, vary
from pixvox_sketch.engine.outlines import blob, box
from pixvox_sketch.engine.texture import grid, mix, noise, patches, plain, sigmoid, stripes

HIDDEN = 0.2  # share of the pictures with something in front
SKIES = ((142, 184, 222), (176, 202, 224), (206, 212, 218), (228, 206, 184), (120, 146, 178))
GREENS = ((92, 128, 60), (112, 142, 74), (78, 104, 58), (140, 150, 80), (66, 92, 60))
WALLS = ((222, 212, 192), (188, 200, 204), (206, 184, 160), (170, 182, 160), (198, 172, 172), (228, 226, 218))
WOODS = ((150, 106, 68), (176, 134, 90), (116, 80, 56), (190, 160, 122))
FABRICS = (
    (150, 66, 62),
    (70, 92, 126),
    (104, 116, 84),
    (190, 162, 112),
    (122, 102, 124),
    (92, 88, 86),
    (206, 196, 180),
)
TOYS = ((196, 64, 54), (64, 112, 168), (226, 184, 66), (84, 142, 84), (210, 128, 70))


def paint_scene(canvas, rng) -> None:
    """Paint one of the backgrounds, a little out of focus."""
    pick(rng, SCENES)(canvas, rng)
    canvas.soften(rng.uniform(0.004, 0.016) * canvas.unit)


def begin_scene(rng, size: tuple[int, int]):
    """Return a canvas with a background, and the generators of the scene and of the kind that is drawn."""
    scene_rng, kind_rng, hand_rng = rng.spawn(3)
    canvas = Canvas(size, hand_rng, angle=scene_rng.uniform(-np.pi, 0))
    paint_scene(canvas, scene_rng)
    return canvas, scene_rng, kind_rng


def put_in_front(canvas, rng) -> None:
    """Draw, in some of the pictures, one of the things that may hide a part of the animal."""
    if rng.random() < HIDDEN:
        pick(rng, IN_FRONT)(canvas, rng)


def make_light(rng, size: tuple[int, int], strength=(0.78, 1.08), *, slope=0.2, tint=0.02) -> np.ndarray:
    """Return a light (height, width, 3), about 1: stronger on one side, a little warm or cold."""
    x, y = grid(size)
    slopes = rng.normal(0, slope, 2)
    light = rng.uniform(*strength) * (1 + slopes[0] * (x - 0.5) + slopes[1] * (y - 0.5))
    return light[..., None] * (1 + rng.normal(0, tint, 3))


def _rough(rng, shape, colour, amount: float, slope: float = 1.2) -> np.ndarray:
    """Return a picture of a colour with noise of `amount` grey levels."""
    return plain(shape, vary(rng, colour)) + amount * noise(rng, shape, slope=slope)[..., None]


def _below(rng, canvas, level: float, waves: float = 0.02) -> np.ndarray:
    """Return a mask of what is below a wavy, slanting line at a height of `level` (0 top, 1 bottom)."""
    x, y = grid(canvas.shape)
    y = y / y.max()
    line = level + waves * noise(rng, canvas.shape, slope=2.2) + (x - 0.5) * rng.normal(0, 0.06)
    return sigmoid((y - line) * canvas.unit)


def _sky(rng, canvas) -> np.ndarray:
    """Return a sky with clouds, paler towards the ground."""
    _, y = grid(canvas.shape)
    sky = mix(plain(canvas.shape, vary(rng, pick(rng, SKIES))), (238, 236, 230), np.clip(y * 0.8, 0, 1))
    clouds = patches(rng, canvas.shape, share=rng.uniform(0.05, 0.4), slope=2.0)
    return mix(sky, (244, 244, 244), 0.7 * clouds)


def meadow(canvas, rng) -> None:
    """Sky, distant trees or hills, and grass with blades."""
    level = rng.uniform(0.2, 0.7)
    sky, hills = _sky(rng, canvas), vary(rng, (92, 116, 104))
    picture = mix(sky, hills, _below(rng, canvas, level - rng.uniform(0.03, 0.2), 0.05))
    green = vary(rng, pick(rng, GREENS), 12)
    ground = _rough(rng, canvas.shape, green, rng.uniform(8, 18))
    canvas.paint(mix(picture, ground, _below(rng, canvas, level)))
    height, width = canvas.shape
    for _ in range(rng.integers(60, 200)):
        x, y = rng.uniform(0, width), height * rng.uniform(level, 1.1)
        tip = (x + rng.normal(0, 0.03) * width, y - rng.uniform(0.03, 0.1) * height)
        canvas.line([(x, y), tip], green * rng.uniform(0.7, 1.35), width=canvas.unit / 130)


def room(canvas, rng) -> None:
    """A wall with a skirting board, something on the wall, and a wooden floor with a rug."""
    level = rng.uniform(0.45, 0.9)
    wall = _rough(rng, canvas.shape, pick(rng, WALLS), 4)
    if rng.random() < 0.4:
        wall = wall * (1 - 0.1 * stripes(rng, canvas.shape, period=rng.uniform(0.08, 0.2), warp=0)[..., None])
    floor = _rough(rng, canvas.shape, pick(rng, WOODS), 9)
    below = _below(rng, canvas, level, 0.0)
    canvas.paint(mix(mix(wall, (232, 228, 220), _below(rng, canvas, level - 0.05, 0.0)), floor, below))
    height, width = canvas.shape
    for _ in range(rng.integers(0, 3)):
        _on_the_wall(canvas, rng, level)
    for start in np.arange(-0.3, 1.3, rng.uniform(0.12, 0.25)):
        foot = (start - 0.5) * 2.2 + 0.5
        canvas.line([(start * width, level * height), (foot * width, height)], (78, 56, 42), width=1)
    if rng.random() < 0.5:
        x, across = rng.uniform(0, width), rng.uniform(0.3, 0.7) * width
        rug = blob(rng, (x, 0.97 * height), (across, 0.16 * height))
        canvas.solid(rug, vary(rng, pick(rng, FABRICS)), roughness=8)


def _on_the_wall(canvas, rng, level: float) -> None:
    """Draw a framed picture, a window or a shelf."""
    height, width = canvas.shape
    x, y = rng.uniform(-0.1, 0.9) * width, rng.uniform(-0.1, level - 0.25) * height
    across, down = rng.uniform(0.15, 0.4, 2) * canvas.unit
    rim = 0.12 * min(across, down)
    canvas.fill(box(x, y, x + across, y + down), vary(rng, pick(rng, WOODS)))
    inner = box(x + rim, y + rim, x + across - rim, y + down - rim)
    canvas.fill(inner, vary(rng, pick(rng, SKIES + GREENS + WALLS), 15))


def sofa(canvas, rng) -> None:
    """Fabric over the whole picture, with a few cushions."""
    picture = _rough(rng, canvas.shape, pick(rng, FABRICS), 8)
    if rng.random() < 0.5:
        pattern = stripes(rng, canvas.shape, period=rng.uniform(0.06, 0.16), warp=0.005)
        picture = mix(picture, vary(rng, pick(rng, FABRICS)), 0.4 * pattern)
    canvas.paint(mix(picture, picture.mean((0, 1)) * 0.75, _below(rng, canvas, rng.uniform(0.6, 0.9), 0.01)))
    height, width = canvas.shape
    for _ in range(rng.integers(0, 4)):
        centre = (rng.uniform(0, width), rng.uniform(0.1, 0.8) * height)
        corners = blob(rng, centre, (0.24 * canvas.unit, 0.2 * canvas.unit), turn=rng.normal(0, 0.6), count=4)
        canvas.solid(corners, vary(rng, pick(rng, FABRICS)), roughness=6)


def seaside(canvas, rng) -> None:
    """Sky, sea and sand; or, in winter, snow."""
    level = rng.uniform(0.2, 0.5)
    sea = _rough(rng, canvas.shape, pick(rng, ((86, 128, 150), (110, 150, 164), (98, 112, 130))), 7)
    sand = _rough(rng, canvas.shape, pick(rng, ((208, 186, 146), (190, 170, 136), (232, 234, 238))), 7)
    picture = mix(_sky(rng, canvas), sea, _below(rng, canvas, level, 0.0))
    canvas.paint(mix(picture, sand, _below(rng, canvas, level + rng.uniform(0.08, 0.3))))


def garden(canvas, rng) -> None:
    """Leaves far out of focus, with spots of light and flowers."""
    dark = _rough(rng, canvas.shape, pick(rng, GREENS), 16, slope=1.5)
    light = vary(rng, pick(rng, GREENS + SKIES))
    canvas.paint(mix(dark * 0.8, light, 0.8 * patches(rng, canvas.shape, share=0.4)))
    height, width = canvas.shape
    for _ in range(rng.integers(3, 16)):
        radius = rng.uniform(0.015, 0.06) * canvas.unit
        spot = blob(rng, (rng.uniform(0, width), rng.uniform(0, height)), (radius, radius))
        canvas.fill(spot, vary(rng, pick(rng, GREENS + TOYS + ((236, 232, 206),)), 15))
    canvas.soften(rng.uniform(0.005, 0.02) * canvas.unit)


def bricks(canvas, rng) -> None:
    """A brick wall above a pavement."""
    canvas.paint(_rough(rng, canvas.shape, (196, 186, 172), 6))
    colour, height, width = pick(rng, ((164, 94, 72), (150, 112, 92), (186, 160, 134))), *canvas.shape
    tall = rng.uniform(0.07, 0.12) * canvas.unit
    for row, y in enumerate(np.arange(-tall, height, tall)):
        for x in np.arange(-(row % 2 + 1) * tall, width, 2.2 * tall):
            brick = box(x, y, x + 2.05 * tall, y + 0.88 * tall)
            canvas.fill(brick, vary(rng, colour, 9))
    pavement = _rough(rng, canvas.shape, (150, 148, 144), 8)
    below = _below(rng, canvas, rng.uniform(0.6, 0.95), 0.0)
    canvas.paint(mix(np.asarray(canvas.picture, np.float32), pavement, below))


def carpet(canvas, rng) -> None:
    """A carpet seen from above, with a pattern."""
    picture = _rough(rng, canvas.shape, pick(rng, FABRICS + WALLS), 9)
    pattern = patches(rng, canvas.shape, share=rng.uniform(0.1, 0.5))
    if rng.random() < 0.5:
        pattern = np.maximum(*(stripes(rng, canvas.shape, period=0.22, warp=0.01) for _ in range(2)))
    canvas.paint(mix(picture, vary(rng, pick(rng, FABRICS)), 0.6 * pattern))


def grass_blades(canvas, rng) -> None:
    """Tall grass from below."""
    height, width = canvas.shape
    green, middle = vary(rng, pick(rng, GREENS), 12), rng.uniform(0, width)
    for _ in range(70):
        x = rng.normal(middle, 0.3 * width)
        tip = (x + rng.normal(0, 0.06) * width, height * (1 - rng.uniform(0.08, 0.36)))
        canvas.line([(x, height), tip], green * rng.uniform(0.7, 1.35), width=canvas.unit / 90, part=0)


def blanket(canvas, rng) -> None:
    """The edge of a blanket, a table or a box along the bottom."""
    height, width = canvas.shape
    top = height * rng.uniform(0.76, 0.94)
    edge = [(share * width, top + rng.normal(0, 0.02) * height) for share in (-0.1, 0.2, 0.5, 0.8, 1.1)]
    outline = [*edge, (1.1 * width, 1.2 * height), (-0.1 * width, 1.2 * height)]
    canvas.solid(np.array(outline), vary(rng, pick(rng, FABRICS + WOODS)), roughness=7)


def post(canvas, rng) -> None:
    """A post, a slat of a fence or a table's leg."""
    height, width = canvas.shape
    x, lean = rng.uniform(0, 1) * width, rng.normal(0, 0.08) * width
    half = rng.uniform(0.02, 0.05) * canvas.unit
    outline = [(x - half, -9), (x + half, -9), (x + lean + half, height + 9), (x + lean - half, height + 9)]
    canvas.solid(np.array(outline), vary(rng, pick(rng, WOODS)), roughness=6)


def ball(canvas, rng) -> None:
    """A ball with a stripe, in a lower corner."""
    height, width = canvas.shape
    radius = rng.uniform(0.07, 0.13) * canvas.unit
    centre = (rng.uniform(0.05, 0.95) * width, height - radius * rng.uniform(0.3, 1.2))
    canvas.solid(blob(rng, centre, (radius, radius), jitter=0), vary(rng, pick(rng, TOYS)))
    stripe = blob(rng, centre, (radius * 0.9, radius * 0.25), jitter=0, turn=rng.uniform(0, np.pi))
    canvas.solid(stripe, vary(rng, pick(rng, TOYS)))


def twig(canvas, rng) -> None:
    """A twig with leaves that comes in from a side."""
    height, width = canvas.shape
    side, y = rng.choice([-1, 1]), rng.uniform(0.1, 0.9) * height
    reach, rise = rng.uniform(0.25, 0.5) * width, rng.normal(0, 0.12) * height
    start = np.array([0 if side > 0 else width, y])
    step, green = np.array([side * reach, rise]), vary(rng, pick(rng, GREENS), 12)
    canvas.line([start, start + step], (92, 70, 50), width=canvas.unit / 80, part=0)
    for share in np.linspace(0.2, 1, 6):
        leaf = start + step * share + rng.normal(0, 0.02, 2) * canvas.unit
        outline = blob(rng, leaf, (0.055 * canvas.unit, 0.026 * canvas.unit), turn=rng.uniform(0, np.pi))
        canvas.solid(outline, green * rng.uniform(0.8, 1.25))


SCENES = (meadow, room, sofa, seaside, garden, bricks, carpet)
IN_FRONT = (grass_blades, blanket, post, ball, twig)
