"""What shoes stand on and are built over: the last's bed, soles, heels and the outline of an upper.

Units: x from the toe at 0 to the heel at 2, y downwards, the ground at y = 0 and the foot above it (below 0).
"""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.engine.outlines import curve


class Last(NamedTuple):
    """The form a shoe is made over.

    Attributes:
        heel: "flat", "wedge", "block" or "thin".
        height: how much higher the heel lies than the ball.
        platform: thickness of the sole under the ball.
        spring: how far the toe's tip is lifted.
        toe: height of the toe's cap.
        point: 0 a round toe, 1 a pointed one.
    """

    heel: str
    height: float
    platform: float
    spring: float
    toe: float
    point: float

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


class Upper(NamedTuple):
    """The outline of what covers the foot, as heights above the bed.

    Attributes:
        vamp: of the forefoot's back.
        throat: share of the length where the opening begins; throat_height there.
        front, back: of the opening's two ends; dip: how far its middle sinks.
        narrow: share of the length at the shaft's front.
    """

    vamp: float
    throat: float
    throat_height: float
    front: float
    back: float
    dip: float
    narrow: float


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
    broad = max(width, 0.3)
    front = last.bed([0.99 - broad / end])[0]
    back = 0.05 if last.heel == "block" else 0.12
    right = end - back
    return np.concatenate(
        [
            [front + (0, 0.03), high + (0.0, 0.0)],
            curve([(end + 0.01, high[1] * 0.8), (right + 0.01, high[1] * 0.4), (right, 0.0)]),
            curve([(right - width, 0.0), (right - width, high[1] * 0.45), tuple(front + (0, 0.05))]),
        ]
    )


def outline_upper(last: Last, upper: Upper) -> np.ndarray:
    """Return the outline of an upper: along the bed, up the heel, round the opening, down to the toe."""
    bed = last.bed(np.linspace(0.02, 0.985, 13))
    heel = curve(
        [tuple(bed[-1]), last.above(1.005, 0.28), last.above(0.975, 0.55), last.above(0.965, upper.back)]
    )
    middle = (upper.narrow + 0.965) / 2
    low = (upper.front + upper.back) / 2 - upper.dip
    opening = curve(
        [last.above(0.965, upper.back), last.above(middle, low), last.above(upper.narrow, upper.front)]
    )
    throat = last.above(upper.throat, upper.throat_height)
    down = curve(
        [
            last.above(upper.narrow, upper.front),
            throat,
            last.above(0.34, upper.vamp),
            last.above(0.15, last.toe * (1.28 - 0.2 * last.point)),
            last.above(0.03 - 0.03 * last.point, last.toe * (0.8 - 0.45 * last.point)),
            tuple(bed[0]),
        ]
    )
    return np.concatenate([bed, heel, opening, down])


def line_throat(last: Last, upper: Upper) -> np.ndarray:
    """Return the line (n, 2) from the shaft's front down to the forefoot, where laces run."""
    points = [
        last.above(upper.narrow, upper.front),
        last.above(upper.throat, upper.throat_height),
        last.above(0.34, upper.vamp),
    ]
    return curve(points, steps=8)
