"""Fashion-MNIST as Kaggle has it, CSV files of label,pixel1,...,pixel784, made into idx files."""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np

from pixvox.datasets.fashion_mnist import CLASS_NAMES, FILES, IMAGE_SIZE, MOST_PICTURES
from pixvox.datasets.images import files_below
from pixvox_sketch.clothes.sets import pack_idx

TABLES = {"fashion-mnist_train.csv": ("train", 60_000), "fashion-mnist_test.csv": ("test", 10_000)}
COLUMNS = ["label", *(f"pixel{number}" for number in range(1, 785))]
_BYTES = {str(value): value for value in range(256)}


def is_clothes(path: PurePosixPath) -> bool:
    """Say whether it is one of the idx or CSV files of clothes, by its name."""
    return path.name in TABLES or path.name in FILES.values()


def find(source: Path) -> dict[str, Path]:
    """Return the CSV files of a folder that lacks an idx file, or the one given and what is beside it."""
    if source.is_file():
        if source.suffix.lower() == ".csv" and source.name not in TABLES:
            raise ValueError(f"{source}: expected {' or '.join(TABLES)}, got a CSV file of another name.")
        found = source.parent.iterdir() if source.name in TABLES else []
        return {path.name: path for path in found if path.name in TABLES}
    below = [path for path in files_below(source, is_clothes)[0].values() if path.is_file()]
    tables = {path.name: path for path in below if path.name in TABLES}
    for path in below:
        if tables.get(path.name, path) != path:
            raise ValueError(f"{source}: expected one {path.name}, got {path} and {tables[path.name]}.")
    return {} if {*FILES.values()} <= {path.name for path in below} else tables


def arrange(tables: dict[str, Path], target: Path) -> list[str]:
    """Write the idx files that CSV files of clothes are enough for; return their names."""
    made = []
    target.mkdir(parents=True, exist_ok=True)
    for name, (part, count) in TABLES.items():
        files = {key: FILES[f"{key}_{part}"] for key in "xy"}
        if name not in tables:
            print(f"  {name} is not there, from which {' and '.join(files.values())} could be made.")
            print(f"  If you have it, type `pixvox fetch fashion-mnist --from {name}`.")
            continue
        print(f"  Reading {name}.")
        pictures, labels = read_csv(tables[name])
        if len(labels) != count:
            raise ValueError(f"{tables[name]}: expected {count:,} pictures, got {len(labels):,}.")
        (target / files["x"]).write_bytes(pack_idx(pictures[..., 0]))
        (target / files["y"]).write_bytes(pack_idx(labels.astype("uint8")))
        made += files.values()
    return made


def read_csv(path: Path | str) -> tuple[np.ndarray, np.ndarray]:
    """Read a CSV file of Fashion-MNIST: label,pixel1,...,pixel784, then a line for each picture.

    Returns:
        Pictures and labels, as `load_fashion_mnist` gives them for one part.

    Raises:
        FileNotFoundError: if it is not there.
        ValueError: if it has other names or values; the message says in which line.

    Source:
        https://www.kaggle.com/datasets/zalando-research/fashionmnist
    """
    values = bytearray()
    with open(path, newline="", encoding="utf-8-sig") as file:
        lines = csv.reader(iter(partial(file.readline, 20_000), ""))  # longer lines are cut, and refused
        try:
            for line in _parsed(lines):
                values += line
                if len(values) > MOST_PICTURES * 785:
                    raise ValueError(f"more than {MOST_PICTURES:,} pictures")
            if not values:
                raise ValueError("the end, and no picture")
        except (csv.Error, ValueError, KeyError) as error:
            expected = "label,pixel1,...,pixel784, then lines of a label 0 to 9 and 784 pixels 0 to 255"
            raise ValueError(
                f"{path}: expected {expected}, got in line {lines.line_num}: {str(error)[:80]}."
            ) from error
    table = np.frombuffer(values, np.uint8).reshape(-1, 785)
    return table[:, 1:].reshape(-1, *IMAGE_SIZE, 1), table[:, 0].astype("int64")


def _parsed(lines: Iterator[list[str]]) -> Iterator[bytes]:
    """Check the names in the first line, and yield the other lines as bytes; KeyError for what is none."""
    names = next(lines, [])
    if names != COLUMNS:
        others = [name[:40] for name in names if name not in COLUMNS]
        raise ValueError(f"{len(names):,} names, {len(others):,} of them others, {others[:1]}")
    for fields in filter(None, lines):
        if len(fields) != 785:
            raise ValueError(f"{len(fields):,} values")
        values = bytes(map(_BYTES.__getitem__, fields))
        if values[0] >= len(CLASS_NAMES):
            raise ValueError(f"label {values[0]}")
        yield values
