"""The folder of the sample is what the program writes, and what is written can be opened."""

import csv

import numpy as np
import pytest
from PIL import Image

from pixvox.datasets import own_pictures, store
from pixvox_cli import main as cli
from pixvox_sketch.own_pictures import portraits, sets

COMMITTED = store.ROOT / "data" / "sample" / "own-pictures"
REAL = (7, 60, 74, 133, 250, 449)  # numbers of the pictures that are drawn; the others are grey
GREY = np.full((70, 70, 3), 128, np.uint8)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write the sample's files as the program does, with few pictures in them."""

    def draw(count, *, seed, processes):
        return [
            portraits._draw_numbered(number, seed=seed) if number in REAL else GREY
            for number in range(2 * count)
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sets, "draw_portraits", draw)
        return sets.write_own_pictures(tmp_path_factory.mktemp("own"))


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}


def test_the_committed_folder_has_the_files_and_the_truth_that_the_program_writes(written):
    assert names(written) == names(COMMITTED)
    truth = [(folder / "truth.csv").read_text(encoding="utf-8") for folder in (written, COMMITTED)]
    assert truth[0] == truth[1]


def test_the_committed_pictures_are_those_that_the_program_draws(written):
    same = 0
    for name in sorted(names(written) - {"truth.csv"}):
        here, there = (np.asarray(Image.open(folder / name)).astype(int) for folder in (written, COMMITTED))
        top = here[: len(here) // 2]  # the mark is below
        if top.max() - top.min() > 3000 * (top.max() > 255) + 12:  # not a grey one
            assert here.shape == there.shape
            assert np.abs(here - there).mean() < 3 * (257 if name.endswith("png") else 1), name
            same += 1
    assert same >= len(REAL)


def test_the_truth_counts_the_faults_of_the_folder():
    with open(COMMITTED / "truth.csv", encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    assert len(rows) == 350 and {row["file"].split("/")[0] for row in rows} == {"cat", "dog"}
    counts = {name: sum(row[name] == "1" for row in rows) for name in ("twin", "sixteen_bit", "shortcut")}
    assert counts == {"twin": 100, "sixteen_bit": 20, "shortcut": 175}
    assert sum(row["animal"] != row["file"][:3] for row in rows) == 20
    assert {row["file"] for row in rows if row["sixteen_bit"] == "1"} == {
        row["file"] for row in rows if row["file"].endswith("png")
    }


def test_a_small_folder_of_the_command_can_be_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(sets, "MONDAY_COUNT", 1)
    monkeypatch.setattr(sets.bulk, "FEW", 100)  # no other process
    words = f"sketch own-pictures --count 12 --seed 5 --out {tmp_path.as_posix()}"
    assert cli.main(words.split()) == 0
    folder = own_pictures.open_folder(tmp_path / "folder")
    assert len(folder.paths) == 2 * (12 + 5) and folder.class_names == ("cat", "dog")
    assert len(names(tmp_path / "monday")) == 2
    assert cli.main(words.split()) == 0  # again, in their place
    (tmp_path / "folder" / "cat" / "mine.jpg").write_bytes(b"x")
    with pytest.raises(ValueError, match="--out DIR"):
        sets.write_own_pictures(tmp_path, count=12, seed=5)


@pytest.mark.parametrize("wrong", [{"count": 9}, {"count": 10.5}, {"seed": -1}])
def test_nothing_is_written_of_a_set_that_makes_no_sense(wrong, tmp_path):
    with pytest.raises(ValueError, match="expected"):
        sets.write_own_pictures(tmp_path, **wrong)
    assert not list(tmp_path.iterdir())


def test_a_contact_sheet_has_a_cell_for_each_portrait(tmp_path):
    words = f"sketch own-pictures --sheet --count 2 --out {tmp_path.as_posix()}"
    assert cli.main(words.split()) == 0
    with Image.open(tmp_path / "own_pictures-sheet.png") as sheet:
        assert sheet.size == (4 * 132 + 4, 132 + 4)
