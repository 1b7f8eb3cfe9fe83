"""Faces of people, young and old: the Large Age-Gap faces, or drawn ones."""

from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from pixvox.datasets import images, store

CLASS_NAMES = ("old", "young")  # in the order of the alphabet, as the post's folders old/ and young/
SPLITS = ("identity", "photograph")
SHARES = (0.6, 0.2, 0.2)  # training, validation, test; 220 test pictures, as in the post, tell too little
YOUNG = "y"  # the folder of a person's young pictures
SEXES = ("female", "male")  # of the drawn people


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


class Found(NamedTuple):
    """Files (n), labels and identities int64 (n,) as in `FacePart`; the people's names; what is odd."""

    paths: list[Path]
    labels: np.ndarray
    identities: np.ndarray
    people: tuple[str, ...]
    remarks: list[str]


def load_faces(*, image_size: tuple[int, int] = (100, 100), split: str = "identity", seed: int = 0) -> Faces:
    """Load faces: 60 % of the people or pictures for training, 20 % for validation, 20 % for testing.

    Pictures that cannot be read, or lie elsewhere than <person>/ and <person>/y/, are left out and named in
    a printed line; people who have no young or no old picture are kept, and named.

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
        raise ValueError(f"expected split 'identity' or 'photograph', got {split!r}.")
    folder = store.locate_folder("age-gap-faces")
    with store.naming_remedy("age-gap-faces"):
        found = list_pictures(folder)
    for remark in found.remarks:
        print(f"{remark}.")
    groups = found.identities if split == "identity" else found.labels
    part = _deal(groups, split, np.random.default_rng(seed))
    arrays, readable = images.load_images(found.paths, image_size=image_size, cache="age-gap-faces")
    store.remember("age-gap-faces", ".", [*np.array(found.paths)[readable]])
    labels, identities, part = found.labels[readable], found.identities[readable], part[readable]
    chosen = (part == number for number in range(3))
    parts = (FacePart(arrays[rows], labels[rows], identities[rows]) for rows in chosen)
    return Faces(*parts, found.people)


def sex_and_tone(number):
    """Return sex (0 female, 1 male) and tone (1 to 6) of drawn people by their numbers: they take turns."""
    return number % len(SEXES), number // len(SEXES) % 6 + 1


def is_face(path: PurePosixPath, place: Path) -> bool:
    """Say whether a file's path below the folder is <person>/<picture> or <person>/y/<picture>."""
    fits = len(path.parts) == 2 or (len(path.parts) == 3 and path.parts[1] == YOUNG)
    return fits and images.is_picture(path) and place.is_file()


def list_pictures(folder: Path) -> Found:
    """Return all pictures, in the order of their paths, and what is odd about them.

    Raises:
        ValueError: they are of fewer than three people, or nobody is old or young.
        OSError: the folder is not there, or cannot be read now.
    """
    looks, closed = images.files_below(folder)
    found = {path: place for path, place in looks.items() if is_face(path, place)}
    people = tuple(sorted({path.parts[0] for path in found}))
    numbers = {name: number for number, name in enumerate(people)}
    labels = np.array([len(path.parts) == 3 for path in found], np.int64)
    identities = np.array([numbers[path.parts[0]] for path in found], np.int64)
    if len(people) < 3 or labels.sum() in (0, len(labels)):
        raise ValueError(
            f"{folder}: expected pictures of three or more people, old <person>/*.png and young "
            f"<person>/y/*.png, got {len(found)} pictures of {len(people)} people, {labels.sum()} young."
        )
    left_out = [*(str(path) for path in looks if path not in found), *closed]
    remarks = _incomplete(labels, identities, people)
    if left_out:
        remarks.append(f"Left out, being no files <person>/*.png or <person>/y/*.png: {images.few(left_out)}")
    return Found(list(found.values()), labels, identities, people, remarks)


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
                f"got {count}. Choose split='identity', or add pictures."
            )
        part[groups == group] = _shuffled_parts(count, rng)
    return part


def _shuffled_parts(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return part numbers (count,) in their shares, each at least once where that can be, in random order."""
    held_out = [max(1, round(count * share)) for share in SHARES[1:]]
    parts = np.repeat(np.arange(3), [count - sum(held_out), *held_out])
    return rng.permutation(parts)


def _incomplete(labels: np.ndarray, identities: np.ndarray, people: tuple[str, ...]) -> list[str]:
    """Return a remark that names the people who have no young or no old picture, if there are any."""
    seen = set(zip(identities.tolist(), labels.tolist(), strict=True))
    lacking = [
        f"{name} has no {CLASS_NAMES[label]} picture"
        for number, name in enumerate(people)
        for label in range(2)
        if (number, label) not in seen
    ]
    return [f"Of {len(people):,} people, {images.few(lacking)}"] if lacking else []
