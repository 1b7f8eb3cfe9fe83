"""What shoes are made of: the last, soles, heels, the upper's outline, caps, laces, what is sewn on a side.

Units: x from the toe at 0 to the heel at 2, y downwards, the ground at y = 0 and the foot above it (below 0).
"""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.clothes.cloth import Cloth
from pixvox_sketch.engine.chance import chosen, near
from pixvox_sketch.engine.outlines import curve


class Last(NamedTuple):
    """The form a shoe is made over."""

    heel: str  # "flat", "wedge", "block" or "thin"
    height: float  # how much higher the heel lies than the ball
    platform: float  # thickness of the sole under the ball
    spring: float  # how far the toe's tip is lifted
    toe: float  # height of the toe's cap
    point: float  # 0 a round toe, 1 a pointed one

    @property
    def length(self) -> float:
        """A foot that stands on its toes is shorter."""
        return 2.0 * np.sqrt(max(0.3, 1 - (self.height / 2.1) ** 2))

    def bed(self, share) -> np.ndarray:
        """Return points (n, 2) of the bed at shares 0 (toe) to 1 (heel) of the length."""
        share = np.atleast_1d(np.asarray(share, np.float64))
        rise = np.clip((share - 0.3) / 0.58, 0, 1)
        rise = self.height * rise**2 * (3 - 2 * rise)
        lift = self.spring * np.clip((0.25 - share) / 0.25, 0, 1) ** 2
        return np.stack([share * self.length, -(self.platform + rise + lift)], axis=1)

    def above(self, share: float, height: float) -> tuple[float, float]:
        """Return the point that is `height` above the bed."""
        x, y = self.bed(share)[0]
        return float(x), float(y - height)

    def path(self, *points) -> np.ndarray:
        """Return points (n, 2), each given as (share of the length, height above the bed)."""
        return np.array([self.above(*point) for point in points])


class Upper(NamedTuple):
    """The outline of what covers the foot, as heights above the bed and shares of the length."""

    vamp: float  # height of the forefoot's back
    throat: float  # share where the opening begins
    throat_height: float
    front: float  # heights of the opening's two ends
    back: float
    dip: float  # how far its middle sinks
    narrow: float  # share at the shaft's front


def outline_sole(last: Last) -> np.ndarray:
    """Return the outline (n, 2) of a sole with its heel, where they are one piece."""
    shares = np.linspace(0, 1, 15)
    top = last.bed(shares)
    if last.heel in ("flat", "wedge"):
        end = last.length
        ground = curve([(end - 0.03, 0.0), (0.25 * end, 0.0), (0.06, -0.6 * last.spring - 0.01)])
        tail = [(end + 0.02, top[-1, 1] * 0.6)]
        return np.concatenate([top, tail, ground])
    thick = min(last.platform, 0.05 + 0.9 * last.platform)
    return np.concatenate([top, (top + (0, thick))[::-1]])


def outline_heel(last: Last, width: float) -> np.ndarray:
    """Return the outline of a heel below the bed; `width` is that at the ground."""
    high, end = last.bed([0.99])[0], last.length
    front = last.bed([0.99 - max(width, 0.3) / end])[0]
    right = end - (0.05 if last.heel == "block" else 0.12)
    left = right - width
    behind = curve([(end + 0.01, high[1] * 0.8), (right + 0.01, high[1] * 0.4), (right, 0.0)])
    before = curve([(left, 0.0), (left, high[1] * 0.45), front + (0, 0.05)])
    return np.concatenate([[front + (0, 0.03), high], behind, before])


def outline_upper(last: Last, upper: Upper) -> np.ndarray:
    """Return the outline of an upper: along the bed, up the heel, round the opening, down to the toe."""
    bed = last.bed(np.linspace(0.02, 0.985, 13))
    heel = curve([bed[-1], *last.path((1.005, 0.28), (0.975, 0.55), (0.965, upper.back))])
    middle = (upper.narrow + 0.965) / 2
    low = (upper.front + upper.back) / 2 - upper.dip
    opening = curve(last.path((0.965, upper.back), (middle, low), (upper.narrow, upper.front)))
    tip = (0.03 - 0.03 * last.point, last.toe * (0.8 - 0.45 * last.point))
    cap = last.path((0.15, last.toe * (1.28 - 0.2 * last.point)), tip)
    return np.concatenate([bed, heel, opening, curve([*_throat(last, upper), *cap, bed[0]])])


def _throat(last: Last, upper: Upper) -> np.ndarray:
    """Return the corners (3, 2) of the way from the shaft's front down to the forefoot."""
    throat = (upper.throat, upper.throat_height)
    return last.path((upper.narrow, upper.front), throat, (0.34, upper.vamp))


def draw_panels(cloth: Cloth, last: Last, upper: Upper, *, mask: np.ndarray, strength: float) -> None:
    """Draw a toe cap, a heel piece and an edge along the opening, a little darker or lighter."""
    rng = cloth.rng
    change = strength * rng.choice([-2.2, -1.4, 1.2])
    end = near(rng, 0.22, 0.03)
    cap = last.path((-0.05, -0.1), (-0.05, 0.5), (end - 0.04, 0.5), (end, -0.1))
    heel = last.path((0.86, -0.1), (0.8, 0.42), (0.9, 0.9), (1.1, 0.9), (1.1, -0.1))
    for outline, share in ((cap, 0.6), (heel, 0.8)):
        if rng.random() < share:
            cloth.stamp(outline, change, within=mask)
            cloth.lines([outline], -0.22, width=0.035, within=mask)
    dip = ((upper.narrow + 0.965) / 2, (upper.front + upper.back) / 2 - upper.dip)
    rim = curve(last.path((0.97, upper.back), dip, (upper.narrow, upper.front)))
    cloth.lines([rim + (0, 0.05)], -0.3, width=0.06, within=mask)


def draw_side(cloth: Cloth, last: Last, *, mask: np.ndarray, tone: float) -> None:
    """Draw something on a sneaker's side: a swoop, three bars, a wave, a disc, or nothing."""
    rng = cloth.rng
    change = -rng.uniform(0.4, 0.7) if tone > 0.5 or rng.random() < 0.2 else rng.uniform(0.6, 1.1)
    kind = chosen(rng, {"swoop": 30, "bars": 22, "wave": 16, "disc": 8, "": 24})
    if kind == "swoop":
        swoop = [(0.36, 0.24), (0.46, 0.14), (0.62, 0.24), (0.9, 0.5), (0.62, 0.36), (0.48, 0.3)]
        cloth.stamp(last.path(*swoop), change, within=mask)
    elif kind == "bars":
        bars = [last.path((x, 0.08), (x + 0.09, 0.5)) for x in (0.44, 0.53, 0.62)]
        cloth.lines(bars, change, width=0.085, within=mask)
    elif kind == "wave":
        path = curve(last.path((0.3, 0.14), (0.5, 0.34), (0.68, 0.2), (0.92, 0.5)))
        cloth.lines([path], change, width=0.085, within=mask)
    elif kind == "disc":
        cloth.dots([last.above(0.7, 0.42)], change, radius=0.13)


def draw_laces(cloth: Cloth, last: Last, upper: Upper, *, tone: float, count: int) -> None:
    """Draw laces across the throat, and the edge they are drawn through."""
    line = curve(_throat(last, upper), steps=8)
    places = line[np.linspace(1, len(line) - 3, count).astype(int)]
    change = 0.55 if tone < 0.7 else -0.42
    inward = (0.17, 0.1)
    cloth.lines([line + inward], -0.28, width=0.05)
    cloth.lines([[point + (0.01, 0.01), point + inward] for point in places], change, width=0.055)
    cloth.dots(places + inward, -0.4, radius=0.028)


def draw_sneaker_sole(cloth: Cloth, last: Last) -> None:
    """Draw a thick sole: mostly pale, with a line, a darker tread or an air chamber."""
    rng = cloth.rng
    sole = 0.92 if rng.random() < 0.65 else rng.uniform(0.3, 0.8)
    mask = cloth.fill(outline_sole(last), sole, relief=0.35, fold=0.0, shadow=0.4)
    bed = last.bed(np.linspace(0, 1, 12))
    cloth.lines([bed + (0, 0.02)], -0.45, width=0.045, within=mask)
    if rng.random() < 0.6:
        cloth.lines([bed * (1, 0.5)], rng.choice([-0.5, -0.3]), width=0.045, within=mask)
    if rng.random() < 0.7:
        tread = [(0.02, -0.02), (last.length, -0.02)]
        cloth.lines([tread], -0.5, width=0.07, within=mask)
    if rng.random() < 0.25:
        cloth.lines([last.path((0.7, -0.1), (0.95, -0.1))], -0.5, width=0.06, within=mask)


def draw_boot_sole(cloth: Cloth, last: Last, tone: float) -> None:
    """Draw a boot's sole and heel."""
    rng = cloth.rng
    sole = tone * rng.uniform(0.5, 0.85) if rng.random() < 0.7 else rng.uniform(0.6, 0.9)
    if last.heel in ("block", "thin"):
        width = near(rng, 0.42, 0.06) if last.heel == "block" else near(rng, 0.13, 0.03)
        cloth.fill(outline_heel(last, width), sole, relief=0.6, fold=0.0)
    mask = cloth.fill(outline_sole(last), sole, relief=0.3, fold=0.0)
    if last.heel == "flat" and rng.random() < 0.6:
        notches = [[(x, 0.02), (x, -0.05)] for x in np.arange(0.15, last.length, 0.17)]
        cloth.lines(notches, -0.8, width=0.06, within=mask)
        arch = np.array([(1.0, 0.02), (1.05, -0.06), (1.3, -0.06), (1.34, 0.02)])
        cloth.cover[cloth.mask(arch)] = False
