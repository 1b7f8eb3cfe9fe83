"""How the five tops are cut: numbers and choices whose distributions overlap from class to class.

A row of `MEASURES` is (mean, spread) for T-shirt, pullover, dress, coat and shirt in turn.
"""

from pixvox_sketch.clothes.cloth import Cloth, draw_tone
from pixvox_sketch.clothes.tops import Cut, Style, draw_top
from pixvox_sketch.engine.chance import chosen, near

TOPS = ("tshirt", "pullover", "dress", "coat", "shirt")

MEASURES = {
    "neck": ((0.42, 0.06), (0.4, 0.06), (0.46, 0.07), (0.38, 0.05), (0.39, 0.06)),
    "slope": ((0.24, 0.04), (0.28, 0.05), (0.22, 0.05), (0.27, 0.05), (0.26, 0.05)),
    "armhole": ((1.08, 0.1), (1.12, 0.12), (1.02, 0.12), (1.14, 0.12), (1.1, 0.11)),
    "chest": ((0.93, 0.05), (0.95, 0.06), (0.84, 0.06), (0.94, 0.06), (0.93, 0.06)),
    "waist": ((0.88, 0.07), (0.92, 0.07), (0.7, 0.1), (0.86, 0.09), (0.88, 0.09)),
    "hem": ((0.93, 0.1), (0.94, 0.09), (1.12, 0.3), (1.02, 0.12), (0.97, 0.11)),
    "length": ((3.5, 0.38), (3.45, 0.34), (5.1, 0.6), (4.3, 0.5), (3.6, 0.38)),
}
SLEEVES = {  # none, short, half, long
    "tshirt": (14, 77, 6, 3),
    "pullover": (0, 1, 5, 94),
    "dress": (46, 26, 10, 18),
    "coat": (0, 1, 4, 95),
    "shirt": (5, 22, 11, 62),
}
NECKS = {
    "tshirt": {"crew": 48, "v": 16, "scoop": 16, "boat": 6, "polo": 10, "collar": 2, "straps": 2},
    "pullover": {"crew": 42, "v": 15, "turtle": 13, "hood": 16, "boat": 7, "collar": 1, "stand": 3},
    "dress": {"scoop": 26, "v": 20, "crew": 20, "straps": 18, "boat": 8, "square": 6, "collar": 5},
    "coat": {"lapel": 52, "stand": 15, "hood": 24, "collar": 5, "crew": 4},
    "shirt": {"collar": 72, "stand": 7, "v": 7, "crew": 7, "scoop": 4, "boat": 3},
}
OPENINGS = {
    "tshirt": {"": 97, "placket": 1, "half placket": 2},
    "pullover": {"": 93, "half zip": 4, "zip": 1, "placket": 2},
    "dress": {"": 86, "placket": 8, "half placket": 2, "zip": 2, "open": 2},
    "coat": {"zip": 34, "placket": 9, "open": 28, "double": 27, "": 2},
    "shirt": {"placket": 80, "half placket": 8, "": 11, "open": 1},
}
POCKETS = {
    "tshirt": {"": 88, "breast": 12},
    "pullover": {"": 80, "kangaroo": 14, "patch": 3, "breast": 3},
    "dress": {"": 90, "slanted": 6, "patch": 4},
    "coat": {"slanted": 42, "flap": 32, "patch": 16, "": 8, "breast": 2},
    "shirt": {"": 60, "breast": 39, "patch": 1},
}
PRINTS = {
    "tshirt": {
        "plain": 45,
        "heather": 15,
        "striped": 18,
        "flowered": 8,
        "dotted": 4,
        "blocked": 8,
        "washed": 2,
    },
    "pullover": {"plain": 35, "heather": 22, "knitted": 14, "striped": 14, "blocked": 9, "flowered": 6},
    "dress": {
        "plain": 42,
        "flowered": 26,
        "striped": 11,
        "dotted": 7,
        "blocked": 7,
        "scaled": 4,
        "checked": 3,
    },
    "coat": {"plain": 50, "heather": 18, "checked": 4, "padded": 12, "washed": 8, "quilted": 6, "scaled": 2},
    "shirt": {
        "plain": 40,
        "checked": 20,
        "pinstriped": 10,
        "flowered": 12,
        "washed": 9,
        "striped": 5,
        "dotted": 4,
    },
}
HEMS = {
    "tshirt": {"plain": 92, "ribbed": 5, "frilled": 3},
    "pullover": {"plain": 22, "ribbed": 78},
    "dress": {"plain": 78, "frilled": 22},
    "coat": {"plain": 90, "ribbed": 10},
    "shirt": {"plain": 92, "ribbed": 3, "frilled": 5},
}
WAISTS = {
    "tshirt": {"": 98, "seam": 2},
    "pullover": {"": 98, "seam": 2},
    "dress": {"": 24, "seam": 26, "pleats": 28, "belt": 22},
    "coat": {"": 72, "belt": 26, "seam": 2},
    "shirt": {"": 94, "belt": 3, "seam": 3},
}
MOTIF = {"tshirt": 0.36, "pullover": 0.26, "dress": 0.03, "coat": 0.04, "shirt": 0.03}
DEEP = {"v": 0.75, "scoop": 0.62, "crew": 0.3, "boat": 0.2, "collar": 0.22, "polo": 0.24, "square": 0.6}
DEEP |= {"turtle": 0.2, "hood": 0.5, "stand": 0.26, "lapel": 1.15, "straps": 0.6}


def draw_top_of(kind: str, rng) -> Cloth:
    """Draw a garment of one of the `TOPS`."""
    style = _style(kind, rng)
    return draw_top(rng, _cut(kind, rng, style.neck), style)


def _style(kind: str, rng) -> Style:
    """Draw a garment's neck, opening, print and the rest."""
    neck = chosen(rng, NECKS[kind])
    opening = "half placket" if neck == "polo" else chosen(rng, OPENINGS[kind])
    if neck == "lapel" and opening == "":
        opening = "placket"
    pattern = chosen(rng, PRINTS[kind])
    motif = rng.uniform(0.25, 0.6) * (rng.random() < MOTIF[kind]) * (opening == "")
    other_sleeves = rng.random() < 0.08 and pattern in ("plain", "heather")
    pockets, hem, waist = (chosen(rng, table[kind]) for table in (POCKETS, HEMS, WAISTS))
    sleeve_tone = rng.uniform(0.45, 0.75) if other_sleeves else 1.0
    tone, fold = draw_tone(rng), max(0.02, near(rng, 0.1, 0.045))
    return Style(neck, opening, pockets, pattern, hem, waist, motif, sleeve_tone, tone, fold)


def _cut(kind: str, rng, neck: str) -> Cut:
    """Draw a garment's measures."""
    column = TOPS.index(kind)
    drawn = {name: near(rng, *row[column]) for name, row in MEASURES.items()}
    none, short, half, _ = SLEEVES[kind]
    sort = rng.uniform(0, sum(SLEEVES[kind]))
    if neck == "straps" or sort < none:
        sleeve, angle, cuff = 0.0, 0.0, 0.0
    elif sort < none + short:
        sleeve, angle, cuff = near(rng, 0.95, 0.22), near(rng, 0.58, 0.14), near(rng, 0.68, 0.08)
    elif sort < none + short + half:
        sleeve, angle, cuff = near(rng, 1.9, 0.3), near(rng, 0.36, 0.1), near(rng, 0.56, 0.1)
    else:
        sleeve, angle = near(rng, 3.0, 0.25), near(rng, 0.22, 0.08)
        cuff = near(rng, 0.54 if kind == "coat" else 0.41, 0.06)
    if neck == "boat":
        drawn["neck"] += 0.16
    tails = kind == "shirt" and rng.random() < 0.45
    return Cut(
        **drawn,
        neck_depth=DEEP[neck] * rng.uniform(0.8, 1.2),
        waist_at=drawn["length"] * near(rng, 0.44 if kind == "dress" else 0.55, 0.04),
        hem_curve=near(rng, 0.28, 0.08) if tails else near(rng, 0.05, 0.06),
        sleeve=sleeve,
        cuff=cuff,
        sleeve_angle=angle,
        puff=near(rng, 0.03, 0.03),
    )
