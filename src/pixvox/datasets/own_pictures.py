"""A folder of pictures of one's own, and what is odd about it: the reader's, or a drawn one.

The drawn one was spoilt on purpose; `truth.csv` beside it tells how, file by file.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from pixvox.datasets import images, store

FOLDER, MONDAY, TRUTH = "folder", "monday", "truth.csv"
TRUTH_COLUMNS = ("file", "animal", "original", "twin", "sixteen_bit", "shortcut")
FORMATS = (*images.FORMATS, "TIFF", "WEBP")
SUFFIXES = (*images.SUFFIXES, ".tif", ".tiff", ".webp")
LEAST = 10  # different pictures of a class: five parts with two each
MOST = 5_000  # pictures: more are compared pair by pair too slowly for a lesson
PARTS = {"train", "training", "test", "testing", "val", "valid", "validation"}
LOOKED_AT = (64, 64)  # pixels that JPEGs are decoded at, about, to see whether they are whole
ODD = {  # a remark on a column of `Folder.facts`, and on its values
    ("bits", 16): "have grey values of 16 bits: Pillow's convert turns all above 255 into white",
    ("bits", 32): "have values of 32 bits: Pillow's convert cuts off what is not in 0..255",
    ("mode", "CMYK"): "are CMYK, made for print: their colours may look off",
    ("turned", True): "lie on their side or head, and a note in the file says so: turn them first",
    ("transparent", True): "have transparent parts: what hides there comes out",
    ("moves", True): "are animated: the first picture counts",
}


class Folder(NamedTuple):
    """Pictures of several classes.

    Attributes:
        root: the folder.
        paths: the files (n), in the order of their names.
        labels: int64 (n,), places in `class_names`.
        class_names: two or more.
        facts: DataFrame of n rows: mode, bits, turned, transparent, moves, height, width, bytes, digest.
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
            return _open(Path(path).expanduser())
        except (OSError, RuntimeError, ValueError) as error:
            print(f"{error}\nWhat follows is about the drawn folder that comes with the course.")
    root = store.locate_folder("own-pictures", FOLDER, profile="sample")
    with store.naming_remedy("own-pictures", "sample"):
        folder = _open(root)
        truth = _read_truth(store.locate("own-pictures", TRUTH, profile="sample")).set_index("file")
        names = [file.relative_to(root).as_posix() for file in folder.paths]
        if {*names} != {*truth.index}:
            raise ValueError(f"{root}: expected the {len(truth)} files of {TRUTH}, got {len(names)}, others.")
    store.remember("own-pictures", FOLDER, folder.paths)
    return folder._replace(truth=truth.loc[names].reset_index())


def load_monday(*, image_size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Load the pictures that came later, without faults: those of the sample, in both profiles.

    Returns:
        uint8 (n, height, width, 3), 0 to 255; labels int64 (n,), 0 cat, 1 dog.

    Raises:
        FileNotFoundError, ValueError: if the folder is not there, or holds no pictures.
    """
    root = store.locate_folder("own-pictures", MONDAY, profile="sample")
    paths = [
        (path, label) for label, name in enumerate(("cat", "dog")) for path in sorted(root.glob(f"{name}/*"))
    ]
    pictures, readable = images.load_images([path for path, _ in paths], image_size=image_size)
    store.remember("own-pictures", MONDAY, [path for path, _ in paths])
    return pictures, np.array([label for _, label in paths])[readable]


def check_file(path: Path) -> str:
    """Check one of the drawn folder's three parts; return a description or raise ValueError."""
    path = Path(path)
    if path.name == TRUTH:
        return f"the truth about {len(_read_truth(path))} files"
    paths = [file for file in sorted(path.glob("*/*")) if _is_picture(file)]
    images.check_pictures(paths, path)
    return f"{len(paths)} pictures in {path.name}"


def _read_truth(path: Path) -> pd.DataFrame:
    """Read the truth about the drawn folder."""
    truth = pd.read_csv(path, encoding="utf-8")
    if tuple(truth.columns) != TRUTH_COLUMNS or not len(truth):
        raise ValueError(f"{path}: expected the columns {', '.join(TRUTH_COLUMNS)}, got {', '.join(truth)}.")
    return truth.astype(dict.fromkeys(TRUTH_COLUMNS[3:], bool))


def _open(root: Path) -> Folder:
    """List a folder and print what is left out; ValueError if nothing can be learnt from it."""
    if not root.is_dir():
        raise FileNotFoundError(
            f"{root}: expected a folder, there is {'a file' if root.exists() else 'none'}."
        )
    classes = {
        path.name: _list(path) for path in sorted(root.iterdir()) if path.is_dir() and not _hidden(path)
    }
    classes = {name: paths for name, paths in classes.items() if paths}
    if {name.lower() for name in classes} & PARTS:
        raise ValueError(
            f"{root}: expected a folder for each class, got {', '.join(classes)}. Name one of them."
        )
    files = [path for path in sorted(root.rglob("*")) if not path.is_dir()]
    strange = [path for path in files if not _is_picture(path.relative_to(root))]
    _say(strange, "are no pictures by their names: left out")
    loose = [path for path in files if path.parent == root and path not in strange]
    _say(loose, "lie beside the folders of classes, or there are none: left out")
    pairs = [(path, name) for name, paths in classes.items() for path in paths]
    if not pairs:
        raise ValueError(f"{root}: expected pictures in a folder for each class, there are none.")
    if len(pairs) > MOST:
        print(f"{MOST:,} of {len(pairs):,} pictures are taken, at random: more would take long.")
        pairs = [pairs[place] for place in sorted(np.random.default_rng(0).permutation(len(pairs))[:MOST])]
    return _sort_out(root, pairs)


def _sort_out(root: Path, pairs: list[tuple[Path, str]]) -> Folder:
    """Look at each picture, note what is odd, leave out what is of no use."""
    table = pd.DataFrame([_inspect(path) for path, _ in pairs])
    table = table.assign(path=[path for path, _ in pairs], name=[name for _, name in pairs])
    broken = table[table["reason"] != ""]
    _say([f"{row.path.name} ({row.reason})" for row in broken.itertuples()], "cannot be read: left out")
    table = table[table["reason"] == ""]
    counts = table.groupby("name")["digest"].nunique()
    few = [f"{name} ({count})" for name, count in counts.items() if count < LEAST]
    _say(few, f"have fewer than {LEAST} different pictures: left out", "classes")
    names, remarks = tuple(counts[counts >= LEAST].index), _remarks(table)
    if len(names) < 2:
        print(*remarks, sep="\n")
        raise ValueError(f"{root}: expected two classes of {LEAST} pictures or more, got {len(names)}.")
    table = table[table["name"].isin(names)].reset_index(drop=True)
    labels = np.array([names.index(name) for name in table["name"]], dtype=np.int64)
    sizes = ", ".join(f"{count:,} {name}" for name, count in zip(names, np.bincount(labels), strict=True))
    print(f"{len(table):,} pictures in {len(names)} classes: {sizes}")
    facts = table.drop(columns=["path", "name", "reason"])
    return Folder(root, list(table["path"]), labels, names, facts, remarks, None)


def _remarks(table: pd.DataFrame) -> list[str]:
    """Write what is odd about pictures that can be read."""
    kinds = {remark: table[column] == value for (column, value), remark in ODD.items() if column in table}
    again = table.duplicated("digest", keep=False)
    across = again & (table.groupby("digest")["name"].transform("nunique") > 1)
    kinds["are the same file as another, byte for byte"] = again & ~across
    kinds["are the same file as one of another class: which is right?"] = across
    return [_write(table["path"][odd], remark) for remark, odd in kinds.items() if odd.any()]


def _hidden(path: Path) -> bool:
    """Say whether a name is of those that systems add and people do not see."""
    return path.name.startswith((".", "__MACOSX"))


def _is_picture(path: Path) -> bool:
    """Say whether a path is a picture's by its name."""
    return images.is_picture(path, suffixes=SUFFIXES)


def _list(folder: Path) -> list[Path]:
    """Return the pictures below a folder of a class."""
    paths = [path for path in sorted(folder.rglob("*")) if _is_picture(path.relative_to(folder))]
    return [path for path in paths if not path.is_dir()]


def _inspect(path: Path) -> dict:
    """Return what a file says of itself, and under "reason" why it cannot be read, "" if it can."""
    try:
        content = path.read_bytes()
        with images.open_picture(path, formats=FORMATS) as picture:
            mode, (width, height) = picture.mode, picture.size
            facts = {
                "mode": mode,
                "bits": 16 if mode.startswith("I;16") else 32 if mode in ("I", "F") else 8,
                "turned": images._orientation(picture) != 1,
                "transparent": mode in ("RGBA", "LA", "PA") or "transparency" in picture.info,
                "moves": getattr(picture, "n_frames", 1) > 1,
            }
            picture.draft("RGB", LOOKED_AT)
            picture.load()
    except (OSError, ValueError) as error:
        return {"reason": str(getattr(error, "strerror", None) or error)}
    size = {"height": height, "width": width, "bytes": len(content)}
    return {**facts, **size, "digest": hashlib.sha256(content).hexdigest(), "reason": ""}


def _say(things: Iterable, remark: str, noun: str = "files") -> None:
    """Print what `_write` writes, if there is anything."""
    if len(things):
        print(_write(things, remark, noun))


def _write(things: Iterable, remark: str, noun: str = "files") -> str:
    """Write how many things there are, a remark, and the first names."""
    names = [getattr(thing, "name", thing) for thing in things]
    return f"{len(names):,} {noun} {remark}: {images.few(names)}"
