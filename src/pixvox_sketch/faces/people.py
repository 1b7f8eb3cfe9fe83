"""People: what a person keeps through life, and what the years change, each cue by itself and noisily.

To let age show in another way, add a row to `TRAITS` or a field to `Look`.
"""

from typing import NamedTuple

import numpy as np

from pixvox_sketch.engine.chance import pick, vary

AGES = ("old", "young")  # in the order of the labels, 0 and 1

# Six tones of skin, from light to dark, as in common scales.
SKINS = ((246, 214, 194), (240, 198, 168), (222, 174, 136), (190, 138, 100), (148, 100, 70), (104, 70, 52))
BLACK, DARK, BROWN, CHESTNUT = (38, 32, 32), (62, 44, 36), (96, 66, 46), (128, 84, 54)
AUBURN, RED, FAIR, BLOND = (138, 70, 42), (182, 92, 48), (186, 146, 92), (218, 184, 122)
HAIRS = (
    (BROWN, CHESTNUT, AUBURN, RED, FAIR, BLOND, DARK),
    (DARK, BROWN, CHESTNUT, FAIR, BLOND, AUBURN, BLACK),
    (BLACK, DARK, BROWN, CHESTNUT, DARK),
    (BLACK, DARK, BLACK, BROWN),
    (BLACK, BLACK, DARK),
    (BLACK, BLACK, DARK),
)
IRISES = (
    ((86, 128, 156), (98, 132, 104), (112, 120, 124), (120, 84, 52)),
    ((86, 120, 146), (104, 124, 88), (124, 88, 54), (92, 62, 42)),
    ((110, 76, 46), (84, 56, 40), (108, 112, 74)),
    ((84, 56, 38), (66, 44, 34)),
    ((66, 44, 34), (54, 36, 30)),
    ((58, 38, 32), (48, 32, 28)),
)
GREY = (164, 162, 160)

# name: (child, woman, man, spread between people, spread between pictures), in half face widths.
TRAITS = {
    "top": (1.24, 1.27, 1.28, 0.02, 0.015),
    "chin": (1.07, 1.36, 1.45, 0.04, 0.025),
    "jaw": (0.87, 0.79, 0.90, 0.03, 0.015),
    "chin_width": (0.36, 0.31, 0.43, 0.03, 0.015),
    "cheeks": (0.085, 0.0, -0.02, 0.02, 0.012),
    "eye_y": (0.2, -0.01, -0.03, 0.02, 0.02),
    "eye_size": (0.285, 0.245, 0.225, 0.012, 0.01),
    "eye_open": (0.66, 0.54, 0.46, 0.04, 0.04),
    "eye_apart": (0.45, 0.43, 0.43, 0.015, 0.006),
    "eye_tilt": (0.02, 0.05, 0.02, 0.07, 0.01),
    "brow_gap": (0.36, 0.32, 0.27, 0.02, 0.02),
    "brow": (0.05, 0.058, 0.09, 0.012, 0.006),
    "nose_y": (0.5, 0.54, 0.57, 0.02, 0.015),
    "nose_width": (0.19, 0.22, 0.265, 0.02, 0.008),
    "nose_bridge": (0.25, 0.7, 0.9, 0.1, 0.08),
    "mouth_y": (0.735, 0.88, 0.92, 0.02, 0.015),
    "mouth_width": (0.30, 0.37, 0.40, 0.025, 0.015),
    "lip": (0.082, 0.09, 0.068, 0.012, 0.005),
    "neck": (0.61, 0.57, 0.66, 0.03, 0.015),
    "shoulders": (1.9, 1.9, 2.1, 0.08, 0.05),
}
NOISE = 0.1  # spread of how grown a trait looks for the years: 1 is the way from child to adult


class Person(NamedTuple):
    """What stays."""

    sex: int  # 0 female, 1 male
    tone: int  # 1 (light) to 6 (dark)
    skin: np.ndarray  # colours
    hair: np.ndarray
    iris: np.ndarray
    offsets: dict  # trait -> how far this person is from the mean, in its unit
    curl: int  # 0 straight, 1 wavy, 2 curly hair
    greys: float  # years at which the hair is half grey
    recedes: float  # 0 to 1, how much of his hair a man loses


class Look(NamedTuple):
    """How a person looks at an age; what is not said otherwise goes from 0, none, to about 1."""

    years: float  # the age
    traits: dict  # name -> value, as in `TRAITS`
    hair: np.ndarray  # its colour now
    beard: float
    stubble: float
    lines: float  # creases
    bags: float  # below the eyes
    mottling: float  # of the skin
    blush: float
    bald: float
    makeup: float


def draw_person(rng, *, sex: int, tone: int) -> Person:
    """Draw what a person keeps; `sex` and `tone` as in `Person`."""
    offsets = {name: rng.normal(0, row[3]) for name, row in TRAITS.items()}
    curly = (0.15, 0.15, 0.15, 0.3, 0.6, 0.7)[tone - 1]
    draw = rng.random()
    curl = 2 if draw < curly else int(draw < curly + 0.3)
    skin, hair = vary(rng, SKINS[tone - 1], 3), vary(rng, pick(rng, HAIRS[tone - 1]), 6)
    iris = vary(rng, pick(rng, IRISES[tone - 1]), 6)
    greys, recedes = rng.normal(57, 8), float(np.clip(rng.normal(0.3, 0.35), 0, 1))
    return Person(sex, tone, skin, hair, iris, offsets, curl, greys, recedes)


def draw_years(rng, age: str) -> float:
    """Draw how old somebody is: "young" 3.5 to 16 years, "old" 22 to 76."""
    if age == "young":
        return float(rng.triangular(3.5, 7, 16))
    return float(22 + 54 * rng.beta(1.4, 1.3))


def make_look(rng, person: Person, years: float) -> Look:
    """Draw how a person looks at an age."""
    grown = float(np.clip((years - 3) / 16, 0, 1)) ** 0.9
    aged = float(np.clip((years - 24) / 50, 0, 1))
    traits = {name: _trait(rng, name, person, grown) for name in TRAITS}
    traits["eye_open"] -= 0.06 * aged
    traits["lip"] -= 0.018 * aged
    traits["jaw"] += 0.05 * aged
    noisy = np.clip(aged + rng.normal(0, 0.12, 4), 0, 1.1)
    man = person.sex * (years > 19)
    bearded = man * (rng.random() < 0.34)
    return Look(
        years,
        traits,
        _hair_colour(rng, person, years),
        beard=bearded * rng.uniform(0.5, 1.0),
        stubble=man * rng.uniform(0, 0.6) * (rng.random() < 0.7),
        lines=noisy[0],
        bags=noisy[1],
        mottling=noisy[2],
        blush=float(np.clip(0.85 - 0.62 * grown + rng.normal(0, 0.15), 0.05, 1)),
        bald=man * float(np.clip(person.recedes * (0.2 + 1.5 * aged) + rng.normal(0, 0.08), 0, 1)),
        makeup=(1 - person.sex) * (years > 15) * rng.uniform(0, 1) * (rng.random() < 0.6),
    )


def _trait(rng, name: str, person: Person, grown: float) -> float:
    """Return one trait: from a child's to an adult's as one grows, not all of them at the same rate."""
    child, *adults, _, spread = TRAITS[name]
    share = np.clip(grown + rng.normal(0, NOISE), -0.15, 1.12)
    return float(child + (adults[person.sex] - child) * share + person.offsets[name] + rng.normal(0, spread))


def _hair_colour(rng, person: Person, years: float) -> np.ndarray:
    """Return the hair's colour: fair children darken, and all go grey, some of them dyed again."""
    fairness = float(np.clip((14 - years) / 14, 0, 1)) * (0.4, 0.4, 0.28, 0.18, 0.1, 0.1)[person.tone - 1]
    colour = person.hair * (1 - fairness) + np.array([226, 190, 128]) * fairness
    grey = 1 / (1 + np.exp(-(years - person.greys + rng.normal(0, 4)) / 5))
    if person.sex == 0 and rng.random() < 0.5:
        grey *= 0.15
    return colour * (1 - grey) + np.array(GREY) * rng.uniform(0.82, 1.1) * grey
