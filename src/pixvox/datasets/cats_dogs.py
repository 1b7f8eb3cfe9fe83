"""Photographs of cats and dogs: Kaggle's Dogs vs. Cats, or drawn ones."""

import re
from pathlib import Path

import numpy as np
from PIL import Image

from pixvox.datasets import images, store

CLASS_NAMES = ("cat", "dog")
DIAL_NAMES = ("viewpoint", "scale", "occlusion", "light", "clutter")
DIAL_SIDE = 64  # pixels of each picture in the strip
PART_NAMES = ("background", "rest of the animal", "ears", "muzzle", "eyes", "tail")
_SUFFIX = "|".join(suffix[1:] for suffix in images.SUFFIXES)
NAME = re.compile(rf"(cat|dog)\.(0|[1-9]\d*)\.({_SUFFIX})", re.IGNORECASE)

Part = tuple[np.ndarray, np.ndarray]


def load_dogs_vs_cats(
    *, image_size: tuple[int, int] = (150, 150), per_class: tuple[int, int, int] = (1000, 500, 500)
) -> tuple[Part, Part, Part]:
    """Load photographs of cats and dogs, in three parts that have no picture in common.

    Each part takes the next pictures of either class by their numbers: with the defaults and nothing missing,
    0 to 999 for training, 1000 to 1499 for validation, 1500 to 1999 for testing. Cats and dogs take turns.
    What cannot be read or is no file called cat.0.jpg, dog.7.png and so on is left out and named in a line.

    Args:
        image_size: (height, width) in pixels that all pictures are squeezed to.
        per_class: pictures of each class for training, validation and test; the sample has
            400 of each, so choose (200, 100, 100) there.

    Returns:
        (x_train, y_train), (x_validation, y_validation), (x_test, y_test): pictures
        uint8 (n, height, width, 3), 0 to 255; labels int64 (n,), 0 cat, 1 dog.

    Raises:
        FileNotFoundError: if the folder is not there.
        ValueError: for too few pictures, two of one number, a part without cats or dogs, wrong arguments.

    Source:
        J. Elson et al., Asirra, CCS 2007; Microsoft's zip (CDLA-Permissive-2.0), or Kaggle's
        Dogs vs. Cats (the competition's rules). Sample: see `data/README.md`.
    """
    pictures, labels, paths, ends = _load(image_size, per_class)
    store.remember("dogs-vs-cats", "train", [*paths])
    return tuple(zip(np.split(pictures, ends), np.split(labels, ends), strict=True))


def load_masks(
    *, image_size: tuple[int, int] = (150, 150), per_class: tuple[int, int, int] = (200, 100, 100)
) -> np.ndarray:
    """Load what is where in the test pictures: the masks of drawn cats and dogs.

    Args:
        image_size, per_class: as for `load_dogs_vs_cats`; the masks are those of its test pictures, in their
            order. A pixel gets the id of the nearest pixel of the mask: ids are not mixed.

    Returns:
        uint8 (n, height, width), part ids as `PART_NAMES` counts them: 0 background or
        something in front, 1 the rest of the animal, 2 ears, 3 muzzle, 4 eyes, 5 tail.

    Raises:
        FileNotFoundError: if the pictures or their masks are not there: photographs have none, and of the
            sample's drawings the last 100 of each class have one.
        ValueError: if a mask cannot be read or has other ids; if size or counts make no sense.
    """
    _, _, paths, (_, end) = _load(image_size, per_class)
    folder = paths[0].parents[1]
    masks = [folder / "masks" / f"{path.stem}.png" for path in paths[end:]]
    missing = [path.name for path in masks if not path.is_file()]
    if missing:
        raise FileNotFoundError(
            f"{folder}: expected a mask for each test picture, {len(missing)} of {len(masks)} are not "
            f"there: {images.few(missing)}. Photographs have none; drawings have them in the profile sample "
            "with per_class=(200, 100, 100)."
        )
    store.remember("dogs-vs-cats", "masks", masks)
    return np.stack([_read_mask(path, image_size) for path in masks])


def load_dial() -> dict[str, np.ndarray]:
    """Load one drawn cat with one difficulty turned up at a time: the sample's strip, in both profiles.

    Returns:
        by difficulty, in the order of `DIAL_NAMES`: uint8 (5, 64, 64, 3), 0 to 255, unturned first.

    Raises:
        FileNotFoundError: if the strip is not there.
        ValueError: if it is no picture of 5 by 5 pictures.
    """
    path = store.locate("dogs-vs-cats", "dial.png", profile="sample")
    count, side = len(DIAL_NAMES), DIAL_SIDE
    with images.open_picture(path) as picture:
        strip = np.asarray(picture.convert("RGB"))
    if strip.shape[:2] != (count * side, 5 * side):
        raise ValueError(
            f"{path}: expected {5 * side}x{count * side} pixels, got {picture.width}x{picture.height}. "
            "Type `pixvox sketch dial`."
        )
    rows = strip.reshape(count, side, 5, side, 3).swapaxes(1, 2)
    return dict(zip(DIAL_NAMES, rows, strict=True))


def list_pictures(folder: Path) -> tuple[dict[str, list[Path]], str]:
    """Return the files of each class, in the order of their numbers, and the names of those left out, or "".

    Raises:
        ValueError: there are two pictures of one number.
        OSError: the folder is not there, or cannot be read now.
    """
    found, left_out = {name: {} for name in CLASS_NAMES}, []
    for path in sorted(folder.iterdir()):
        match = NAME.fullmatch(path.name) if path.is_file() else None
        if match:
            name, number = match[1].lower(), int(match[2])
            other = found[name].setdefault(number, path)
            if other != path:
                raise ValueError(
                    f"{folder}: expected one picture {name}.{number}, got {other.name} and {path.name}. "
                    "Remove or rename one of them."
                )
        elif images.looks_like_picture(path.name) or path.name.lower().startswith(("cat.", "dog.")):
            left_out.append(path.name)
    pictures = {name: [paths[number] for number in sorted(paths)] for name, paths in found.items()}
    return pictures, images.few(left_out)


def _choose(folder: Path, per_class: tuple[int, int, int]) -> list[Path]:
    """Return the first pictures, a cat and a dog in turn, or say that there are too few."""
    if len(per_class) != 3 or not all(isinstance(n, (int, np.integer)) and n > 0 for n in per_class):
        raise ValueError(f"expected per_class as three whole numbers above 0, got {per_class}.")
    (found, others), needed = list_pictures(folder), sum(per_class)
    if others:
        print(f"Left out, being no files called cat.0.jpg, dog.0.jpg and so on: {others}.")
    if any(len(paths) < needed for paths in found.values()):
        got = " and ".join(f"{len(found[name]):,} {name}s" for name in CLASS_NAMES)
        raise ValueError(
            f"{folder}: expected {needed:,} pictures of each class for per_class={tuple(per_class)}, "
            f"got {got}. Ask for fewer, or type `{store.remedy('dogs-vs-cats')}`."
        )
    pairs = zip(found["cat"][:needed], found["dog"][:needed], strict=True)
    return [path for pair in pairs for path in pair]


def _load(image_size: tuple[int, int], per_class: tuple[int, int, int]) -> tuple[np.ndarray, ...]:
    """Return the pictures that can be read, their labels and files, and where the first two parts end."""
    folder = store.locate_folder("dogs-vs-cats", "train")
    paths = _choose(folder, per_class)
    pictures, readable = images.load_images(paths, image_size=image_size, cache="dogs-vs-cats")
    parts = np.split(readable.reshape(-1, 2), np.cumsum(per_class)[:2])
    if not all(part.any(axis=0).all() for part in parts):
        raise ValueError(
            f"{folder}: expected cats and dogs in all parts of per_class={tuple(per_class)}, got one without."
            f" Remove what cannot be read, or empty the folder and type `{store.remedy('dogs-vs-cats')}`."
        )
    labels = np.tile(np.arange(2), sum(per_class))[readable]
    return pictures, labels, np.array(paths)[readable], np.cumsum([part.sum() for part in parts])[:2]


def _read_mask(path: Path, image_size: tuple[int, int]) -> np.ndarray:
    """Read a mask at a size, or say what is wrong with it."""
    try:
        with images.open_picture(path, formats=("PNG",)) as mask:
            ids = np.asarray(mask.convert("L").resize(image_size[::-1], Image.Resampling.NEAREST))
    except ValueError as error:
        raise ValueError(f"{path}: expected a mask, a grey PNG, it cannot be read ({error}).") from error
    if ids.max() >= len(PART_NAMES):
        raise ValueError(f"{path}: expected part ids from 0 to {len(PART_NAMES) - 1}, got {ids.max()}.")
    return ids
