import csv
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from pixvox.datasets import faces as loader
from pixvox.datasets import store
from pixvox_cli import checks
from pixvox_sketch.faces.sets import SAMPLE_SEED, TABLE, draw_faces, draw_numbered, write_faces


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_faces(tmp_path_factory.mktemp("faces") / "here", seed=3, count=3, size=48)


def rows_of(folder):
    with open(folder / TABLE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pictures_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))


def check_kept(folder, number, portraits):
    """Compare the files of a person with what is drawn; other systems may round differently."""
    counts = [0, 0]
    for portrait in portraits:
        counts[portrait.label] += 1
        place = "y/" if portrait.label else ""
        with Image.open(folder / f"{number:03d}" / f"{place}{counts[portrait.label]}.png") as kept:
            assert np.abs(np.asarray(kept).astype(int) - portrait.picture).mean() < 1


def test_a_set_has_the_stated_arrays_and_an_exact_number_of_pictures():
    drawn = draw_faces(2, seed=6, size=(50, 48), each=2)
    assert drawn.pictures.shape == (8, 50, 48, 3)
    assert drawn.parts.shape == (8, 50, 48) and drawn.parts.dtype == np.uint8
    assert drawn.labels.tolist() == [0, 0, 1, 1] * 2 and drawn.identities.tolist() == [0] * 4 + [1] * 4
    counts = (drawn.identities, drawn.tones, drawn.sexes, drawn.png_bytes)
    assert all(column.dtype == np.int64 for column in counts) and (drawn.png_bytes > 1000).all()
    assert (drawn.years[drawn.labels == 1] <= 16).all() and (drawn.years[drawn.labels == 0] >= 22).all()
    few = draw_faces(1, seed=6, size=(50, 48), each=1)
    np.testing.assert_array_equal(few.pictures, drawn.pictures[[0, 2]])


def test_the_loader_reads_everybody_with_the_right_age(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("PIXVOX_BUILD", str(tmp_path))
    monkeypatch.setattr(loader.store, "locate_folder", lambda name: folder)
    rows = rows_of(folder)
    assert checks.check_file("age-gap-faces", folder).startswith(f"{len(rows)} pictures of 3 people")
    young = sum(part.labels.sum() for part in loader.load_faces(image_size=(48, 48))[:3])
    assert young == sum(row["age"] == "young" for row in rows)


def test_files_hold_what_is_drawn(folder):
    portraits = draw_numbered(2, seed=3, side=48)
    check_kept(folder, 2, portraits)
    assert (folder / "002" / "1.png").stat().st_size == portraits[0].png_bytes
    assert {entry.name for entry in folder.iterdir()} == {TABLE, *(f"{number:03d}" for number in range(3))}


def test_other_pictures_are_not_mixed_with_the_drawn_ones(tmp_path):
    write_faces(tmp_path, seed=3, count=2, size=48)
    write_faces(tmp_path, seed=4, count=1, size=48)  # replaces what the table names, and nobody is left over
    assert pictures_of(tmp_path) == [row["picture"] for row in rows_of(tmp_path)]
    (tmp_path / "somebody").mkdir()
    (tmp_path / "somebody" / "1.jpg").write_bytes(b"a photograph")
    with pytest.raises(ValueError, match="--out DIR"):
        write_faces(tmp_path, seed=3, count=1, size=48)
    assert (tmp_path / "somebody" / "1.jpg").is_file()


@pytest.mark.parametrize("number", [0, 119])
def test_the_committed_sample_is_what_the_code_draws(number):
    check_kept(store.data_dir("sample") / "age-gap-faces", number, draw_numbered(number, seed=SAMPLE_SEED))


@pytest.mark.parametrize("committed", [False, True])
def test_the_table_names_every_picture_and_who_it_shows(committed, folder):
    folder = store.data_dir("sample") / "age-gap-faces" if committed else folder
    rows = rows_of(folder)
    assert [row["picture"] for row in rows] == pictures_of(folder)
    for row in rows:
        assert row["picture"].split("/")[0] == row["identity"]
        assert row["age"] == ("young" if "/y/" in row["picture"] else "old")
        assert (float(row["years"]) < 17) == (row["age"] == "young")
    people = {(row["identity"], row["sex"], row["tone"]) for row in rows}
    assert len(people) == len({row["identity"] for row in rows}), "sex and tone stay with a person"
    if committed:
        assert {*Counter((sex, tone) for _, sex, tone in people).values()} == {10}
