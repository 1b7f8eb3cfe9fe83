"""A course in miniature, and five parts of it that write: what each is called, and what must come out."""

import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np

from pixvox.datasets.files import STAGING
from pixvox.datasets.store import ROOT

STUDY = "mnist_gradients"  # many rows, a second in all
PICTURES = 40  # of each class
LESSON = "01_small"
CELLS = (
    f'from pixvox.lesson import start\nlesson = start("{LESSON}")',
    "import time\nnumber = 6 * 7\ntime.sleep(0.3)\nprint(number)",
    'lesson.expect("the answer", number, "==", 42)\nlesson.finish(headline={"answer": number})',
)
DECODE = f"""
from hashlib import sha256
from pixvox.datasets.cats_dogs import load_dogs_vs_cats
parts = load_dogs_vs_cats(image_size=(90, 90), per_class=({PICTURES // 2}, {PICTURES // 4}, {PICTURES // 4}))
print(sha256(b"".join(x.tobytes() + y.tobytes() for x, y in parts)).hexdigest())
"""
INSTALLED = ("venv", "packages", "course")  # what the stand-ins install, one after the other
# Modules in place of Python's own: they make and fill a folder as `python -m venv` and `pip install` do.
STAND_INS = {
    "venv.py": f"""
import pathlib, shutil, sys, time
folder = pathlib.Path(sys.argv[-1])
shutil.rmtree(folder, ignore_errors=True)
time.sleep(0.1)
try:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text('#!/bin/sh\\nexec "{sys.executable}" "$@"\\n')
    (folder / "bin" / "python").chmod(0o755)
    (folder / "venv").touch()
except OSError as error:
    sys.exit(f"Error: {{error}}")
""",
    "pip.py": """
import pathlib, sys, time
time.sleep(0.2)
try:
    (pathlib.Path(".venv") / ("packages" if "requirements.lock" in sys.argv else "course")).touch()
except OSError as error:
    sys.exit(f"ERROR: {error}")
""",
}


class Part(NamedTuple):
    """A part of the course that writes.

    Attributes:
        words: what is typed, for a course's folder and the address of a mirror.
        results: what lies there now, {name: value}, for the course's folder; never half-made, never lost.
        files: the finished files, which may be damaged on purpose; the next run is to notice.
    """

    words: Callable[[Path, str], list[str]]
    results: Callable[[Path], dict]
    files: Callable[[Path], list[Path]]


def _pixvox(*words: str) -> list[str]:
    """Return the command `pixvox`."""
    return [sys.executable, "-m", "pixvox_cli.main", *words]


def _digest(path: Path) -> str:
    """Return what tells a file's contents."""
    return sha256(path.read_bytes()).hexdigest()


def _fetched(course: Path) -> dict:
    """Return the contents of the files of the full profile, and of the user's own."""
    full = course / "data" / "full"
    found = {path: path.relative_to(full).as_posix() for path in full.rglob("*") if path.is_file()}
    return {name: _digest(path) for path, name in found.items() if STAGING not in name and _stays(path)}


def _stays(path: Path) -> bool:
    """Say whether a file is more than a lock."""
    return path.suffix not in (".lock", ".pid")


def _decoded(course: Path) -> dict:
    """Return the arrays of decoded pictures that are kept."""
    found = {}
    for path in _npz(course):
        with np.load(path) as arrays:
            found["arrays"] = sha256(b"".join(arrays[name].tobytes() for name in arrays)).hexdigest()
    return found


def _npz(course: Path) -> list[Path]:
    """Return the files of decoded pictures."""
    return sorted((course / "build" / "cache").rglob("images/*.npz"))


def _measured(course: Path) -> dict:
    """Return the rows of the study's table, but for what they cost and when."""
    path = _table(course)
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.is_file() else []
    return {row["key"]: _without(row, "cpu_seconds", "date", "source") for row in rows}


def _table(course: Path) -> Path:
    """Return the study's table."""
    return course / "build" / "sample" / "studies" / f"{STUDY}.json"


def _run(course: Path) -> dict:
    """Return the lesson as it lies in notebooks, its results, and the outputs of all cells but the first.

    The first tells how long the lesson took when it was last recorded.
    """
    notebook = nbformat.read(course / "notebooks" / f"{LESSON}.ipynb", as_version=4)
    outputs = [str(cell.outputs) for cell in notebook.cells[1:]]
    found = {"cells": [cell.source for cell in notebook.cells], "outputs": outputs}
    for folder in ("build/sample", "data/results/sample"):
        path = course / folder / f"{LESSON}.json"
        if path.is_file():
            found[folder] = _without(json.loads(path.read_text(encoding="utf-8")), "run")
    return found


def _without(document: dict, *names: str) -> dict:
    """Return a dictionary without some of its entries."""
    return {name: value for name, value in document.items() if name not in names}


def _set_up(course: Path) -> dict:
    """Return whether the environment that is said to be ready is complete."""
    venv = course / ".venv"
    if not (venv / "ready").is_file():
        return {}
    return {"ready": all((venv / name).is_file() for name in INSTALLED)}


PARTS = {
    "fetch": Part(
        lambda course, mirror: _pixvox("fetch", "mnist", "dogs-vs-cats", "--mirror", mirror),
        _fetched,
        lambda course: [course / "data" / "full" / "mnist" / "mnist.npz"],
    ),
    "make": Part(
        lambda course, mirror: ["make", f"PYTHON={sys.executable}", "ready"],
        _set_up,
        lambda course: [course / ".venv" / "ready"],
    ),
    "cache": Part(lambda course, mirror: [sys.executable, "-c", DECODE], _decoded, _npz),
    "study": Part(lambda course, mirror: _pixvox("study", STUDY), _measured, lambda course: [_table(course)]),
    "run": Part(
        lambda course, mirror: _pixvox("run", "--keep"),
        _run,
        lambda course: [
            course / folder / f"{LESSON}.json" for folder in ("build/sample", "data/results/sample")
        ],
    ),
}


def make_course(course: Path) -> Path:
    """Make the course in a new folder: packages, a sample, a lesson, files of the user's; return it."""
    course.mkdir(parents=True)
    shutil.copytree(ROOT / "src", course / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, course / name)
    shutil.copytree(ROOT / "data" / "sample" / "mnist", course / "data" / "sample" / "mnist")
    pets = course / "data" / "sample" / "dogs-vs-cats" / "train"
    pets.mkdir(parents=True)
    for path in _some_pets():
        shutil.copyfile(path, pets / path.name)
    cells = [nbformat.v4.new_code_cell(text, id=f"cell-{place}") for place, text in enumerate(CELLS)]
    (course / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), course / "notebooks" / f"{LESSON}.ipynb")
    for name in ("notes.txt", "mnist/notes.txt"):
        (course / "data" / "full" / name).parent.mkdir(parents=True, exist_ok=True)
        (course / "data" / "full" / name).write_text("the user's own", encoding="utf-8")
    for name, text in STAND_INS.items():
        (course / "src" / name).write_text(text, encoding="utf-8")
    return course


def _some_pets() -> list[Path]:
    """Return the first drawings of each class, of the sample."""
    folder = ROOT / "data" / "sample" / "dogs-vs-cats" / "train"
    found = [path for path in folder.iterdir() if int(path.name.split(".")[1]) < PICTURES]
    return sorted(found)


def make_mirror(folder: Path) -> dict[str, bytes]:
    """Return what a mirror serves: {path: bytes}; the zip is made in a folder."""
    archive = folder / "pets.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in _some_pets():
            animal, number, suffix = path.name.split(".")
            packed.write(path, f"PetImages/{animal.title()}/{number}.{suffix}")
    digits = ROOT / "data" / "sample" / "mnist" / "mnist.npz"
    return {
        "/mnist/mnist.npz": digits.read_bytes(),
        "/dogs-vs-cats/kagglecatsanddogs_5340.zip": archive.read_bytes(),
    }


def environment(course: Path) -> dict[str, str]:
    """Return the variables of a process of the course."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIXVOX_")}
    return {**kept, "PYTHONPATH": str(course / "src"), "OMP_NUM_THREADS": "1", "NO_COLOR": "1"}
