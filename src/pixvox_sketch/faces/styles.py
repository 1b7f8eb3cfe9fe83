"""Styles: ways to wear the hair, and who wears them how often."""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.faces.people import Look, Person


class Style(NamedTuple):
    """A way to wear the hair; lengths in half face widths.

    Attributes:
        name: for whoever reads it.
        volume: how far it stands off the skull.
        length: y that it falls to behind the neck; 0: short.
        sides: y that it falls to before the ears; below 0: it ends above them.
        fringe: 0 none, to 1: it reaches the brows.
        extra: "", "bun", "plaits" or "tail".
    """

    name: str
    volume: float
    length: float = 0.0
    sides: float = 0.1
    fringe: float = 0.0
    extra: str = ""


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
    volume = finer * style.volume * rng.uniform(0.8, 1.2) + (0.0, 0.04, 0.12)[person.curl] * (
        style.extra == ""
    )
    if person.curl == 2 and style.fringe > 0.5:
        style = style._replace(fringe=0.35)
    return style._replace(volume=volume * (1 - 0.5 * look.bald))
