"""T-shirts, pullovers, dresses, coats and shirts: one half-outline, mirrored, with sleeves or without.

Units: the half width of the shoulders is 1; the side of the neck is at y = 0.
"""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.clothes import necklines as clothes_necks
from pixvox_sketch.clothes import prints as garment_prints
from pixvox_sketch.clothes.cloth import Cloth
from pixvox_sketch.clothes.fastenings import draw_opening, draw_pockets
from pixvox_sketch.engine.chance import near
from pixvox_sketch.engine.outlines import curve, flipped, mirrored, turned


class Cut(NamedTuple):
    """How a top is cut."""

    neck: float  # half width of the neck's opening
    neck_depth: float
    slope: float  # how far the shoulder's end is below the neck's side
    armhole: float  # y of the armpit
    chest: float  # half width, as waist and hem
    waist: float
    waist_at: float  # y of the waist
    hem: float
    length: float  # y of the hem
    hem_curve: float  # how far the hem's middle hangs below its ends
    sleeve: float  # length, 0: none
    cuff: float  # width of the sleeve's end
    sleeve_angle: float  # radians from downwards
    puff: float  # how far a sleeve swells


class Style(NamedTuple):
    """What a top has beside its cut."""

    neck: str  # one of the names in `top_styles.NECKS`
    opening: str  # a key of `fastenings.OPENINGS`, or ""
    pockets: str  # "", "breast", "patch", "slanted", "flap" or "kangaroo"
    pattern: str  # the name of a function in `prints`
    hem: str  # "plain", "ribbed" or "frilled"
    waist: str  # "", "seam", "belt" or "pleats"
    motif: float  # size of the motif on the chest, 0 for none
    sleeve_tone: float  # the sleeves' grey as a share of the body's
    tone: float  # the body's grey
    fold: float  # depth of the folds


def draw_top(rng, cut: Cut, style: Style) -> Cloth:
    """Draw a top; return the table it lies on."""
    tilt = near(rng, 0, 0.012)
    body = turned(outline_body(cut, style.neck), tilt)
    sleeves = [turned(sleeve, tilt) for sleeve in outline_sleeves(rng, cut)]
    head = [[[0.0, -clothes_necks.HEADROOM.get(style.neck, 0.12)]]]
    cloth = Cloth(rng, [body, *sleeves, *head])
    pattern = getattr(garment_prints, style.pattern)(rng)
    clothes_necks.draw_inside(cloth, cut, style)
    sleeve_pattern = pattern if abs(style.sleeve_tone - 1) < 0.1 else None
    for sleeve in sleeves:
        tone = style.tone * style.sleeve_tone
        cloth.fill(sleeve, tone, pattern=sleeve_pattern, fold=style.fold, shadow=0.2)
        _finish_cuff(cloth, cut, style, sleeve)
    mask = cloth.fill(body, style.tone, pattern=pattern, fold=style.fold, shadow=0.42)
    _draw_waist(cloth, cut, style, mask)
    _draw_hem(cloth, cut, style, mask)
    draw_pockets(cloth, cut, style, mask)
    if style.motif:
        centre = (near(rng, 0, 0.06), cut.armhole + near(rng, 0.25, 0.12))
        change = -near(rng, 0.5, 0.12) if style.tone > 0.55 else near(rng, 0.8, 0.2)
        garment_prints.draw_motif(cloth, centre, style.motif, change)
    draw_opening(cloth, cut, style, mask)
    clothes_necks.draw_neck(cloth, cut, style)
    return cloth


def outline_body(cut: Cut, neck: str) -> np.ndarray:
    """Return the outline (n, 2) of a body without its sleeves."""
    shoulder = (1.0, cut.slope)
    front = clothes_necks.front_edge(cut, neck)
    if cut.sleeve:
        hole = [shoulder, (cut.chest * 0.97, (cut.slope + cut.armhole) / 2), (cut.chest, cut.armhole)]
    elif neck == "straps":
        hole = curve([front[-1], (cut.chest * 0.88, cut.armhole * 0.86), (cut.chest, cut.armhole)])
    else:
        tip, fall = 0.62 * shoulder[0] + 0.38 * cut.neck, 0.5 * cut.slope
        hole = curve([(tip, fall), (tip - 0.03, cut.armhole * 0.6), (cut.chest, cut.armhole)])
    side = curve([(cut.chest, cut.armhole), (cut.waist, cut.waist_at), (cut.hem, cut.length)])
    bottom = cut.length + cut.hem_curve
    hem = curve([(cut.hem, cut.length), (cut.hem * 0.6, cut.length + 0.75 * cut.hem_curve), (0, bottom)])
    return mirrored(np.concatenate([front, hole, side, hem]))


def outline_sleeves(rng, cut: Cut) -> list[np.ndarray]:
    """Return the outlines of the left and the right sleeve, not quite alike; none of a sleeveless cut."""
    if not cut.sleeve:
        return []
    sleeves = []
    for _ in range(2):
        angle = cut.sleeve_angle + near(rng, 0, 0.025)
        sleeves.append(_sleeve(cut, angle, cut.sleeve * (1 + near(rng, 0, 0.02)), near(rng, 0, 0.05)))
    return [flipped(sleeves[0]), sleeves[1]]


def _sleeve(cut: Cut, angle: float, length: float, bend: float) -> np.ndarray:
    """Return the right sleeve's outline."""
    along = np.array([np.sin(angle), np.cos(angle)])
    across = np.array([np.cos(angle), -np.sin(angle)])
    tip = np.array([1.0, cut.slope])
    armpit = np.array([cut.chest, cut.armhole])
    outer_end = tip + along * length
    inner_end = outer_end - across * cut.cuff
    outer_middle = (tip + outer_end) / 2 + across * (bend + cut.puff)
    inner_middle = (armpit + inner_end) / 2 + across * (bend - cut.puff * 0.6)
    outer = curve([tip, outer_middle, outer_end])
    inner = curve([inner_end, inner_middle, armpit])
    inside = [(cut.chest - 0.25, cut.armhole), (cut.neck, 0.05)]
    return np.concatenate([outer, inner, inside])


def _finish_cuff(cloth: Cloth, cut: Cut, style: Style, sleeve: np.ndarray) -> None:
    """Draw the seam or the ribbing at a sleeve's end, and the creases of its elbow."""
    outer, inner = sleeve[12], sleeve[13]
    across, size = inner - outer, np.linalg.norm(inner - outer)
    up = np.array([across[1], -across[0]]) / (size + 1e-9)
    up = up if up[1] < 0 else -up
    depth = 0.2 if style.hem == "ribbed" else 0.1
    cloth.lines([[outer + up * depth, inner + up * depth]], -0.32, width=0.05)
    if style.hem == "ribbed" and cut.sleeve > 1.5:
        ribs = [[outer + across * share, outer + across * share + up * depth] for share in (0.2, 0.5, 0.8)]
        cloth.lines(ribs, -0.25, width=0.04)
    if cut.sleeve > 1.5 and style.fold:
        elbow = outer + (sleeve[6] - outer) * cloth.rng.uniform(0.75, 1.15)
        starts = cloth.rng.uniform((0.3, -0.3), (0.7, 0.35), (3, 2))
        creases = [
            [elbow + across * x + (0, y), elbow + across * (x + 0.5) + (0, y + 0.2)] for x, y in starts
        ]
        cloth.lines(creases, -0.13, width=0.04)


def _draw_waist(cloth: Cloth, cut: Cut, style: Style, mask: np.ndarray) -> None:
    """Draw a seam, a belt or pleats."""
    if not style.waist:
        return
    rng, width = cloth.rng, cut.waist
    line = curve([(-width * 1.2, cut.waist_at), (0, cut.waist_at + 0.06), (width * 1.2, cut.waist_at)])
    if style.waist == "belt":
        cloth.lines([line], -0.55 if rng.random() < 0.7 else 0.5, width=near(rng, 0.22, 0.05), within=mask)
        cloth.dots([(near(rng, 0, 0.03), cut.waist_at + 0.05)], 0.8, radius=0.07)
        return
    cloth.lines([line], -0.35, width=0.07, within=mask)
    spread = np.linspace(-1, 1, int(rng.integers(5, 11)))
    ends = spread * cut.hem * 1.05 + rng.normal(0, 0.04, len(spread))
    top, low = cut.waist_at + 0.1, cut.length + 0.3
    paths = [[(a * width, top), (b, low)] for a, b in zip(spread, ends, strict=True)]
    strength = 0.3 if style.waist == "pleats" else 0.14
    cloth.lines(paths, -strength, width=0.09, within=mask)
    cloth.lines([np.array(path) + (0.1, 0) for path in paths], strength * 0.6, width=0.08, within=mask)


def _draw_hem(cloth: Cloth, cut: Cut, style: Style, mask: np.ndarray) -> None:
    """Draw the hem: a seam, a ribbed band or a frill's waves."""
    depth = {"plain": 0.12, "ribbed": 0.34, "frilled": 0.5}[style.hem]
    y = cut.length - depth
    bow = [(-cut.hem * 1.1, y), (0, y + cut.hem_curve), (cut.hem * 1.1, y)]
    cloth.lines([curve(bow)], -0.14 if style.hem == "plain" else -0.4, width=0.06, within=mask)
    if style.hem != "plain":
        places = np.linspace(-cut.hem, cut.hem, 14)
        paths = [[(x, y + 0.04), (x * 1.02, cut.length + cut.hem_curve)] for x in places]
        cloth.lines(paths, -0.3, width=0.06, within=mask)
