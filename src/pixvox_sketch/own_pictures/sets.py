"""The files of data/sample/own-pictures: a spoilt folder, the truth about it, and Monday's pictures."""

import csv
import io
from pathlib import Path

from pixvox.datasets import store
from pixvox.datasets.own_pictures import FOLDER, MONDAY, TRUTH, TRUTH_COLUMNS
from pixvox_sketch.engine import bulk
from pixvox_sketch.own_pictures.faults import Faults, File, spoil
from pixvox_sketch.own_pictures.portraits import draw_portraits

SAMPLE_SEED, SAMPLE_COUNT = 0, 125  # of each kind, before twins
MONDAY_COUNT = 100  # of each kind
NO_FAULTS = Faults(0, 0, 0, "")


def write_own_pictures(
    out_dir: Path | str | None = None, *, seed: int = SAMPLE_SEED, count: int = SAMPLE_COUNT
) -> Path:
    """Write the spoilt folder, truth.csv and the folder monday; return the folder of all.

    Args:
        out_dir: the folder to write to, by default the sample's own.
        seed: a whole number.
        count: animals of each kind in the spoilt folder.

    Raises:
        ValueError: if seed or count make no sense, or other pictures are there.
    """
    bulk.check_numbers(count, seed, least=10)
    folder = Path(out_dir or store.data_dir("sample") / "own-pictures")
    drawn = draw_portraits(count + MONDAY_COUNT, seed=seed, processes=None)
    spoilt = _name(spoil(drawn[: 2 * count], Faults(), seed=seed))
    monday = _name(spoil(drawn[2 * count :], NO_FAULTS, seed=seed))
    contents = {f"{FOLDER}/{name}": file.content for name, file in spoilt.items()}
    contents |= {f"{MONDAY}/{name}": file.content for name, file in monday.items()}
    there = {path.relative_to(folder).as_posix() for path in folder.glob("*/*/*")}
    bulk.refuse_strangers(folder, sorted(there - {*contents}))
    bulk.write_files(folder, {**contents, TRUTH: _truth(spoilt).encode("utf-8")})
    return folder


def sheet_own_pictures(
    out_dir: Path | str | None = None, *, seed: int = SAMPLE_SEED, count: int = 30
) -> Path:
    """Write own_pictures-sheet.png, `count` cats and as many dogs without faults; return its path."""
    bulk.check_numbers(count, seed)
    return bulk.write_sheet("own_pictures", draw_portraits(count, seed=seed), out_dir=out_dir)


def _name(files: list[File]) -> dict[str, File]:
    """Give the files names as cameras do, which say nothing."""
    return {f"{file.folder}/IMG_{number:04}{file.suffix}": file for number, file in enumerate(files, 1)}


def _truth(files: dict[str, File]) -> str:
    """Write the truth about each file, a row each."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TRUTH_COLUMNS)
    for name, file in sorted(files.items()):
        writer.writerow([name, file.animal, file.original, *map(int, file[5:])])
    return text.getvalue()
