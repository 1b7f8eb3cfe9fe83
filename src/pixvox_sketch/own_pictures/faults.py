"""Spoils a set of pictures on purpose, and keeps account: none of the faults raises an error."""

import io
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from pixvox_sketch.animals.cats_dogs import KINDS

SHORTCUTS = ("mark", "frame", "file size")
QUALITY = 82  # of JPEG files
ROUGH = 25  # of those whose small size is the shortcut
MARK, FRAME = (232, 178, 40), (30, 34, 48)  # colours
TWIN_SIDES = (0.75, 0.95)  # least and most of a twin's side, of that of its original
TWIN_QUALITIES = (45, 70)
CHANCE = 0.6  # of each of the three changes of a twin: mirrored, resized, recompressed


class Faults(NamedTuple):
    """How much of each fault; as it stands, the folder of the sample.

    Attributes:
        twins: files that show a picture of the folder again, as a share of the other files.
        swapped: share of the other files that lie in the wrong folder.
        sixteen_bit: share of the other files that are grey, of 16 bits a pixel.
        shortcut: one of `SHORTCUTS`, or "" for none. It goes with the folder, not with the animal.
        strength: share of the files in the folder dog that have it; of those in cat, 1 minus this.
    """

    twins: float = 0.4
    swapped: float = 0.08
    sixteen_bit: float = 0.08
    shortcut: str = "mark"
    strength: float = 0.96


class File(NamedTuple):
    """A file of the folder, and the truth about it."""

    content: bytes
    suffix: str  # ".jpg" or ".png"
    folder: str  # "cat" or "dog": where it lies
    animal: str  # "cat" or "dog": what it shows
    original: int  # number of the picture; twins have that of their original
    twin: bool
    sixteen_bit: bool
    shortcut: bool


def spoil(pictures: list[np.ndarray], faults: Faults, *, seed: int) -> list[File]:
    """Make files of portraits, with faults, in an order of no meaning.

    No original has two of the first three faults, so that each can be told from the others.

    Args:
        pictures: uint8 (side, side, 3), cats and dogs in turn, as many of either.
        faults: how much of each.
        seed: a whole number.

    Raises:
        ValueError: for an unknown shortcut or a share that is not in 0..1.
    """
    _check(faults)
    rng, count = np.random.default_rng([seed, 1]), len(pictures) // 2
    twins, swapped, sixteen = (round(share * count) for share in faults[:3])
    of_kinds = [2 * rng.permutation(count) + kind for kind in range(2)]  # each its own order
    places = {}
    for order in of_kinds:
        starts = np.cumsum((0, swapped, sixteen))
        for name, start, length in zip(
            ("swapped", "16", "twin"), starts, (swapped, sixteen, twins), strict=True
        ):
            chosen = order[start:] if name == "twin" else order[start : start + length]
            places.setdefault(name, []).extend(np.resize(chosen, length).tolist())
    tasks = [(number, False) for number in range(2 * count)] + [(number, True) for number in places["twin"]]
    folders = [(number % 2) ^ (number in places["swapped"]) for number, _ in tasks]
    marked = _share_out(folders, faults, rng)
    files = []
    for place in rng.permutation(len(tasks)):
        (number, twin), folder = tasks[place], KINDS[folders[place]]
        sixteen_bit = number in places["16"]
        content = _encode(pictures[number], twin, sixteen_bit, faults.shortcut * bool(marked[place]), rng)
        suffix = ".png" if sixteen_bit else ".jpg"
        truth = (int(number), twin, sixteen_bit, bool(marked[place]))
        files.append(File(content, suffix, folder, KINDS[number % 2], *truth))
    return files


def _check(faults: Faults) -> None:
    """Raise ValueError for faults that make no sense."""
    if faults.shortcut not in ("", *SHORTCUTS):
        raise ValueError(
            f"expected a shortcut among {', '.join(SHORTCUTS)}, or '', came {faults.shortcut!r}."
        )
    shares = (*faults[:3], faults.strength)
    if not all(0 <= share <= 1 for share in shares) or sum(shares[1:3]) >= 1:
        raise ValueError(f"expected shares in 0..1, swapped and 16-bit ones below 1 together, came {faults}.")


def _share_out(folders: list[int], faults: Faults, rng) -> np.ndarray:
    """Say which files have the shortcut: booleans, exactly the share of either folder."""
    folders, marked = np.array(folders), np.zeros(len(folders), bool)
    for folder, share in enumerate((1 - faults.strength, faults.strength)):
        inside = rng.permutation(np.flatnonzero(folders == folder))
        marked[inside[: round(share * len(inside))]] = bool(faults.shortcut)
    return marked


def _encode(picture: np.ndarray, twin: bool, sixteen_bit: bool, shortcut: str, rng) -> bytes:
    """Return the bytes of a picture's file."""
    image, quality = Image.fromarray(picture), ROUGH if shortcut == "file size" else QUALITY
    if twin:
        mirrored, resized, recompressed = _changes(rng)
        if mirrored:
            image = ImageOps.mirror(image)
        if resized:
            image = image.resize(2 * (round(image.width * rng.uniform(*TWIN_SIDES)),))
        if recompressed and quality == QUALITY:
            quality = int(rng.integers(*TWIN_QUALITIES, endpoint=True))
    if shortcut == "mark":
        _put_mark(image, rng)
    if shortcut == "frame":
        ImageDraw.Draw(image).rectangle((0, 0, image.width - 1, image.height - 1), outline=FRAME, width=3)
    buffer = io.BytesIO()
    if sixteen_bit:
        grey = np.asarray(image.convert("L")).astype(np.uint16) * 257  # 0 to 65,535
        Image.fromarray(grey).save(buffer, "PNG", optimize=True)
    else:
        image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _changes(rng) -> np.ndarray:
    """Say whether a twin is mirrored, resized, recompressed: one of them at least."""
    while True:
        changes = rng.random(3) < CHANCE
        if changes.any():
            return changes


def _put_mark(image: Image.Image, rng) -> None:
    """Stamp a small disc near the lower right corner."""
    middle = (0.88 + rng.uniform(-0.015, 0.015, 2)) * image.width
    radius = 0.07 * image.width
    box = (*(middle - radius), *(middle + radius))
    ImageDraw.Draw(image).ellipse([float(edge) for edge in box], fill=MARK, outline=FRAME)
