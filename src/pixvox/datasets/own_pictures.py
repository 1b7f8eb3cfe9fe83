"""A folder of pictures of one's own, and what is odd about it: the reader's, or a drawn one.

The drawn one was spoilt on purpose; `truth.csv` beside it tells how, file by file.
"""

import hashlib
import os
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from tqdm import tqdm

from pixvox.datasets import images, store

FOLDER, MONDAY, TRUTH = "folder", "monday", "truth.csv"
TRUTH_COLUMNS = ("file", "animal", "original", "twin", "sixteen_bit", "shortcut")
FORMATS = (*images.FORMATS, "TIFF", "WEBP")
SUFFIXES = (*images.SUFFIXES, ".tif", ".tiff", ".webp")
LEAST = 10  # different pictures of a class: five parts with two each
MOST = 5_000  # pictures: more are compared pair by pair too slowly for a lesson
PARTS = {"train", "training", "training_set", "test", "testing", "test_set", "val", "valid", "validation"}
LOOKED_AT = (64, 64)  # pixels that JPEGs are decoded at, about, to see whether they are whole
FACTS = ("mode", "bits", "turned", "transparent", "several", "profile", "height", "width", "bytes", "digest")
is_picture = partial(images.is_picture, suffixes=SUFFIXES)
ODD = {  # a remark on a column of `Folder.facts`, and on its values
    ("bits", 16): "have grey values of 16 bits: Pillow's convert turns all above 255 into white",
    ("bits", 32): "have values of 32 bits: Pillow's convert cuts off what is not in 0..255",
    ("mode", "CMYK"): "are CMYK, made for print: colours may look off",
    ("turned", True): "lie on a side, on the head, or mirrored, as a note inside says: turn by it first",
    ("transparent", True): "have transparent parts: what hides there comes out",
    ("several", True): "hold several pictures: the first counts",
    ("profile", True): "have another colour profile than sRGB: Pillow's convert passes over it",
}


class Folder(NamedTuple):
    """Pictures of several classes.

    Attributes:
        root: the folder.
        paths: the files (n), in the order of their names.
        labels: int64 (n,), places in `class_names`.
        class_names: two or more.
        facts: DataFrame of n rows: mode, bits, turned, transparent, several (pictures in it), profile
            (another than sRGB), height, width, bytes, digest.
        remarks: what is odd about them, in words, one a kind.
        truth: DataFrame of n rows, columns `TRUTH_COLUMNS`; None where nobody knows.
    """

    root: Path
    paths: list[Path]
    labels: np.ndarray
    class_names: tuple[str, ...]
    facts: pd.DataFrame
    remarks: list[str]
    truth: pd.DataFrame | None


def open_folder(path: Path | str | None = None) -> Folder:
    """List a folder of pictures, a folder a class; print how many there are and what is left out.

    Left out are what cannot be read, classes of fewer than `LEAST` different pictures, and at random all
    above `MOST`. If less than two classes are left, it says why and takes the drawn folder instead.

    Args:
        path: the folder, `~` being home; None is the drawn one.

    Raises:
        FileNotFoundError: if the drawn folder is not there.
        ValueError: if that is another than the one that comes with the course.
    """
    if path not in (None, ""):
        try:
            return _open(Path(os.path.expanduser(str(path))).absolute())
        except (OSError, ValueError) as error:
            print(f"{error}\nWhat follows is about the drawn folder that comes with the course.")
    root = store.locate_folder("own-pictures", FOLDER, profile="sample")
    with store.naming_remedy("own-pictures", "sample"):
        folder = _open(root)
        truth = read_truth(store.locate("own-pictures", TRUTH, profile="sample")).set_index("file")
        names = [file.relative_to(root).as_posix() for file in folder.paths]
        if {*names} != {*truth.index}:
            raise ValueError(f"{root}: expected the {len(truth)} files of {TRUTH}, got {len(names)}, others.")
    store.remember("own-pictures", FOLDER, folder.paths)
    return folder._replace(truth=truth.loc[names].reset_index())


def list_monday() -> tuple[list[Path], np.ndarray]:
    """List the pictures that came later, without faults: those of the sample, in both profiles.

    Returns:
        the files (n); labels int64 (n,), 0 cat, 1 dog.

    Raises:
        FileNotFoundError: if the folder is not there.
        ValueError: if it has no pictures of cats or of dogs.
    """
    root = store.locate_folder("own-pictures", MONDAY, profile="sample")
    paths = [path for name in ("cat", "dog") for path in sorted(root.glob(f"{name}/*"))]
    paths = [path for path in paths if is_picture(path.relative_to(root))]
    labels = np.array([path.parent.name == "dog" for path in paths], np.int64)
    if {*labels} != {0, 1}:
        with store.naming_remedy("own-pictures", "sample"):
            raise ValueError(f"{root}: expected pictures of cats and dogs, there are {len(paths)}.")
    store.remember("own-pictures", MONDAY, paths)
    return paths, labels


def read_truth(path: Path) -> pd.DataFrame:
    """Read the truth about the drawn folder: a row a file, columns `TRUTH_COLUMNS`; ValueError for others."""
    truth = pd.DataFrame()
    with suppress(ValueError):  # of pandas and of the encoding: their words do not name the file
        truth = pd.read_csv(path, encoding="utf-8", dtype={"file": str})
    if tuple(truth.columns) != TRUTH_COLUMNS or not len(truth) or truth["file"].nunique() < len(truth):
        raise ValueError(f"{path}: expected rows of {', '.join(TRUTH_COLUMNS)}, each file once, got others.")
    return truth.astype(dict.fromkeys(TRUTH_COLUMNS[3:], bool))


def _open(root: Path) -> Folder:
    """List a folder and print what is left out; ValueError if nothing can be learnt from it."""
    if not root.is_dir():
        found = "a file" if root.exists() else "none"
        raise FileNotFoundError(f"{root}: expected a folder, there is {found}. Name one that is there.")
    pairs, strange, loose = [], [], []
    found, closed = images.files_below(root, lambda inside: True)
    for inside, path in found.items():
        if not is_picture(inside):
            strange.append(_short(path))
        elif len(inside.parts) == 1:
            loose.append(path.name)
        else:
            pairs.append((path, inside.parts[0]))
    images.say(closed, "are not looked into: left out", "folders")
    images.say(strange, f"are not named {', '.join(SUFFIXES)}: left out; save as JPEG what is a picture")
    images.say(loose, "lie in no folder of a class: left out")
    classes = sorted({name for _, name in pairs})
    if not classes:
        raise ValueError(f"{root}: expected a folder of pictures for each class, got none. Sort them so.")
    if len(classes) == 1 or len(PARTS & {name.lower() for name in classes}) > 1:
        part = max(classes, key=lambda name: name.lower().startswith("train"))
        raise ValueError(
            f"{root}: expected a folder for each class, got {images.few(classes)}. "
            f"If the classes are inside, name {root / part}; else sort the pictures so."
        )
    if len(pairs) > MOST:
        print(f"{MOST:,} of {len(pairs):,} pictures are taken, at random: more would take long.")
        pairs = [pairs[place] for place in sorted(np.random.default_rng(0).permutation(len(pairs))[:MOST])]
    return _sort_out(root, pairs)


def _sort_out(root: Path, pairs: list[tuple[Path, str]]) -> Folder:
    """Look at each picture, note what is odd, leave out what is of no use."""
    looks = tqdm(pairs, desc="looking", unit="picture", disable=None, leave=False)
    rows = [{"path": path, "name": name, **_inspect(path)} for path, name in looks]
    broken = [f"{_short(row['path'])} ({row['reason']})" for row in rows if "reason" in row]
    images.say(broken, "cannot be read: left out")
    table = pd.DataFrame([row for row in rows if "reason" not in row], columns=["path", "name", *FACTS])
    counts = {name: table["digest"][table["name"] == name].nunique() for name in dict(pairs).values()}
    few = [f"{name} ({count})" for name, count in counts.items() if count < LEAST]
    images.say(few, f"have fewer than {LEAST} different pictures: left out", "classes")
    names = tuple(sorted(name for name, count in counts.items() if count >= LEAST))
    if len(names) < 2:
        print(*[f"{remark}\n" for remark in _remarks(table)], sep="", end="")
        got = f"got {len(names)}. Add some."
        raise ValueError(f"{root}: expected two classes of {LEAST} different pictures or more, {got}")
    table = table[table["name"].isin(names)].reset_index(drop=True)
    labels = np.array([names.index(name) for name in table["name"]], dtype=np.int64)
    sizes = ", ".join(
        f"{count:,} {images.printable(name)}" for name, count in zip(names, np.bincount(labels), strict=True)
    )
    print(f"{len(table):,} pictures in {len(names)} classes: {sizes}")
    return Folder(root, list(table["path"]), labels, names, table[[*FACTS]], _remarks(table), None)


def _remarks(table: pd.DataFrame) -> list[str]:
    """Write what is odd about pictures that can be read."""
    kinds = {remark: table[column] == value for (column, value), remark in ODD.items()}
    again = table.duplicated("digest", keep=False)
    across = again & (table.groupby("digest")["name"].transform("nunique") > 1)
    kinds["are the same file as another, byte for byte"] = again & ~across
    kinds["are the same file as one of another class: which is right?"] = across
    paths = {remark: table["path"][odd] for remark, odd in kinds.items() if odd.any()}
    return [images.write(map(_short, odd), remark) for remark, odd in paths.items()]


def _inspect(path: Path) -> dict:
    """Return what a file says of itself, `FACTS`; of one that cannot be read, the "reason" alone."""
    try:
        with warnings.catch_warnings(action="ignore"), images.open_picture(path, formats=FORMATS) as picture:
            content = path.read_bytes()
            mode, (width, height) = picture.mode, picture.size
            bits = 16 if mode.startswith("I;16") else 32 if mode in ("I", "F") else 8
            turned, several = images.orientation(picture) != 1, getattr(picture, "n_frames", 1) > 1
            named = (picture.info.get("icc_profile") or b"").replace(b"\0", b"")  # two bytes a letter, some
            picture.draft("RGB", LOOKED_AT)
            picture.load()
            transparent = picture.has_transparency_data and (
                bits > 8 or picture.convert("RGBA").getextrema()[3][0] < 255
            )
    except (OSError, ValueError) as error:
        return {"reason": getattr(error, "strerror", None) or str(error)}
    digest = hashlib.sha256(content).hexdigest()
    profile = bool(named) and b"sRGB" not in named
    facts = (mode, bits, turned, transparent, several, profile, height, width, len(content), digest)
    return dict(zip(FACTS, facts, strict=True))


def _short(path: Path) -> str:
    """Return the names of a file and its folder."""
    return "/".join(path.parts[-2:])
