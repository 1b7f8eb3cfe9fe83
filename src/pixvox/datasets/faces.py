"""Faces of people, young and old: the Large Age-Gap faces, or drawn ones."""

from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from pixvox.datasets import images, store
from pixvox.datasets.files import files_below

CLASS_NAMES = ("old", "young")  # in the order of the alphabet, as the post's folders old/ and young/
SPLITS = ("identity", "photograph")
SHARES = (0.6, 0.2, 0.2)  # training, validation, test; 220 test pictures, as in the post, tell too little
YOUNG = "y"  # the folder of a person's young pictures


class FacePart(NamedTuple):
    """Pictures uint8 (n, height, width, 3), labels int64 (n,), and who it is: identities int64 (n,)."""

    images: np.ndarray
    labels: np.ndarray
    identities: np.ndarray


class Faces(NamedTuple):
    """Three parts, and the names of the people that `identities` count: those of their folders."""

    train: FacePart
    validation: FacePart
    test: FacePart
    people: tuple[str, ...]


class _Picture(NamedTuple):
    """A file, its label and its person's number."""

    path: Path
    label: int
    identity: int


def load_faces(*, image_size: tuple[int, int] = (100, 100), split: str = "identity", seed: int = 0) -> Faces:
    """Load faces: 60 % of the people or pictures for training, 20 % for validation, 20 % for testing.

    Pictures that cannot be read are left out and named in a printed line, and so are
    people who have no young or no old picture (they are kept).

    Args:
        image_size: (height, width) in pixels that all pictures are squeezed to.
        split: "identity": people are dealt, each with all pictures, so that nobody is in two
            parts. "photograph": every picture is dealt by itself, the same share of old and young
            ones to each part, so that the same person can be in several, as in the post.
        seed: of the split.

    Returns:
        Faces: train, validation and test, each with images uint8 (n, height, width, 3), 0 to
        255, labels int64 (n,), 0 old and 1 young (as the post's folders old/ and young/ in
        the order of the alphabet), identities int64 (n,), which count people; and people,
        their folders' names. Each part is in the order of the files' names.

    Raises:
        FileNotFoundError: if the folder is not there.
        ValueError: if it holds fewer than three people, or nobody old or young, or, by
            photograph, fewer than three pictures of an age; or an argument makes no sense.

    Source:
        S. Bianco, Large Age-Gap Face Verification by Feature Injection in Deep Networks, Pattern
        Recognition Letters 90, 2017 (academic use, not to be passed on). Sample: see `data/README.md`.
    """
    if split not in SPLITS:
        raise ValueError(f"expected split 'identity' or 'photograph', came {split!r}.")
    folder = store.locate_folder("age-gap-faces")
    with store.naming_remedy("age-gap-faces"):
        pictures, people = _list(folder)
    _name_incomplete(pictures, people)
    paths = [picture.path for picture in pictures]
    labels, identities = (np.array(column) for column in list(zip(*pictures, strict=True))[1:])
    part = _deal(identities if split == "identity" else labels, split, np.random.default_rng(seed))
    arrays, readable = images.load_images(paths, image_size=image_size, cache="age-gap-faces")
    store.remember("age-gap-faces", ".", paths)
    chosen = (part[readable] == number for number in range(3))
    parts = (FacePart(arrays[rows], labels[readable][rows], identities[readable][rows]) for rows in chosen)
    return Faces(*parts, people)


def check_file(path: Path) -> str:
    """Check the folder of people; return a description or raise ValueError."""
    pictures, people = _list(Path(path))
    images.check_pictures([picture.path for picture in pictures], Path(path))
    old, young = np.bincount([picture.label for picture in pictures])
    text = f"{len(pictures):,} pictures of {len(people):,} people, {old:,} old and {young:,} young"
    incomplete = _incomplete(pictures, people)
    return f"{text}; {incomplete}" if incomplete else text


def _fits(path: PurePosixPath) -> bool:
    """Say whether a path is <person>/<picture> or <person>/y/<picture>."""
    return len(path.parts) == 2 or (len(path.parts) == 3 and path.parts[1] == YOUNG)


def _list(folder: Path) -> tuple[list[_Picture], tuple[str, ...]]:
    """Return all pictures and the names of the people, in order; foreign files and folders do not count."""
    found = [path for path in files_below(folder, images.is_picture).items() if _fits(path[0])]
    people = tuple(sorted({relative.parts[0] for relative, _ in found}))
    numbers = {name: number for number, name in enumerate(people)}
    pictures = [
        _Picture(path, int(len(relative.parts) == 3), numbers[relative.parts[0]]) for relative, path in found
    ]
    young = sum(picture.label for picture in pictures)
    if len(people) < 3 or young in (0, len(pictures)):
        raise ValueError(
            f"{folder}: expected pictures of three or more people, old <person>/*.png and young "
            f"<person>/y/*.png, came {len(pictures)} pictures of {len(people)} people, {young} young."
        )
    return pictures, people


def _deal(groups: np.ndarray, split: str, rng: np.random.Generator) -> np.ndarray:
    """Return the part, 0, 1 or 2, of each picture: whole groups (people), or the same share of each age."""
    part = np.empty(len(groups), np.int64)
    if split == "identity":
        return _shuffled_parts(groups.max() + 1, rng)[groups]
    for group, name in enumerate(CLASS_NAMES):
        count = (groups == group).sum()
        if count < 3:
            raise ValueError(
                f"expected 3 or more {name} pictures, one for each part, for split='photograph', "
                f"came {count}. Choose split='identity', or add pictures."
            )
        part[groups == group] = _shuffled_parts(count, rng)
    return part


def _shuffled_parts(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return part numbers (count,) in their shares, each at least once where that can be, in random order."""
    held_out = [max(1, round(count * share)) for share in SHARES[1:]]
    parts = np.repeat(np.arange(3), [count - sum(held_out), *held_out])
    return rng.permutation(parts)


def _incomplete(pictures: list[_Picture], people: tuple[str, ...]) -> str:
    """Name the people who have no young or no old picture; "" if there are none."""
    seen = {(picture.identity, picture.label) for picture in pictures}
    lacking = [
        f"{name} has no {CLASS_NAMES[label]} picture"
        for number, name in enumerate(people)
        for label in range(2)
        if (number, label) not in seen
    ]
    more = f" and {len(lacking) - images.NAMED} more such" if len(lacking) > images.NAMED else ""
    return ", ".join(lacking[: images.NAMED]) + more


def _name_incomplete(pictures: list[_Picture], people: tuple[str, ...]) -> None:
    """Print who lacks a picture of one age."""
    incomplete = _incomplete(pictures, people)
    if incomplete:
        print(f"Of {len(people):,} people, {incomplete}.")


SEXES = ("female", "male")


def sex_and_tone(number):
    """Return sex (0 female, 1 male) and tone (1 to 6) of people by their numbers: they take turns."""
    return number % len(SEXES), number // len(SEXES) % 6 + 1
