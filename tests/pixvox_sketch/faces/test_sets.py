import csv

import numpy as np
import pytest
from PIL import Image

from pixvox.datasets import faces as loader
from pixvox.datasets import store
from pixvox_sketch.faces.sets import (
    COLUMNS,
    SAMPLE_SEED,
    TABLE,
    Task,
    draw_faces,
    draw_task,
    sheet_faces,
    write_faces,
)

SMALL = (48, 48)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_faces(tmp_path_factory.mktemp("faces") / "here", seed=3, count=12, size=48, processes=1)


def rows_of(folder):
    with open(folder / "people.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_first_people_of_a_larger_set_are_those_of_a_smaller_one():
    few, more = draw_faces(1, seed=4, size=SMALL), draw_faces(2, seed=4, size=SMALL)
    assert len(few.pictures) < len(more.pictures)
    for first, second in zip(few, more, strict=True):
        np.testing.assert_array_equal(first, second[: len(first)])
    assert np.any(few.pictures[0] != draw_faces(1, seed=5, size=SMALL, each=1).pictures[0])


def test_several_processes_draw_what_one_draws():
    one, two = (draw_faces(17, seed=2, size=SMALL, each=1, processes=count) for count in (1, 2))
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_set_has_the_stated_arrays_and_an_exact_number_of_pictures():
    drawn = draw_faces(3, seed=6, size=(50, 48), each=2)
    assert drawn.pictures.shape == (12, 50, 48, 3) and drawn.pictures.dtype == np.uint8
    assert drawn.parts.shape == (12, 50, 48) and drawn.parts.dtype == np.uint8
    assert drawn.labels.tolist() == [0, 0, 1, 1] * 3 and drawn.labels.dtype == np.int64
    assert drawn.identities.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert all(column.dtype == np.int64 for column in (drawn.identities, drawn.tones, drawn.sexes))
    assert drawn.png_bytes.dtype == np.int64 and (drawn.png_bytes > 1000).all()
    assert (drawn.years[drawn.labels == 1] <= 16).all() and (drawn.years[drawn.labels == 0] >= 22).all()
    few = draw_faces(1, seed=6, size=(50, 48), each=1)
    np.testing.assert_array_equal(few.pictures, drawn.pictures[[0, 2]])


def test_faces_are_written_in_the_layout_that_the_loader_reads(folder, monkeypatch):
    text = loader.check_file(folder)
    rows = rows_of(folder)
    assert text.startswith(f"{len(rows)} pictures of 12 people") and "has no" not in text
    monkeypatch.setattr(loader.store, "locate_folder", lambda name: folder)
    monkeypatch.setattr(loader.store, "remember", lambda *arguments: None)
    monkeypatch.setattr(loader.images, "load_images", read_all)
    loaded = loader.load_faces(image_size=SMALL)
    assert sum(len(part.labels) for part in loaded[:3]) == len(rows)
    for part in loaded[:3]:
        for identity, label in zip(part.identities, part.labels, strict=True):
            ages = [row["age"] for row in rows if row["identity"] == loaded.people[identity]]
            assert loader.CLASS_NAMES[label] in ages and 4 <= len(ages) <= 6


def read_all(paths, *, image_size, cache):
    return np.stack([np.asarray(Image.open(path)) for path in paths]), np.ones(len(paths), bool)


def test_the_table_names_every_picture_and_who_it_shows(folder):
    rows = rows_of(folder)
    assert tuple(rows[0]) == COLUMNS
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))
    assert [row["picture"] for row in rows] == files
    for row in rows:
        assert row["picture"].split("/")[0] == row["identity"]
        assert row["age"] == ("young" if "/y/" in row["picture"] else "old")
        assert (float(row["years"]) < 17) == (row["age"] == "young")


def test_sexes_and_tones_are_balanced_and_stay_with_a_person(folder):
    people = {}
    for row in rows_of(folder):
        people.setdefault(row["identity"], set()).add((row["sex"], row["tone"]))
    assert all(len(kept) == 1 for kept in people.values())
    kinds = sorted(kind for kept in people.values() for kind in kept)
    assert kinds == sorted((sex, str(tone)) for sex in ("female", "male") for tone in range(1, 7))


def test_files_hold_what_is_drawn_and_nothing_is_left_over(folder):
    portraits = draw_task(Task(3, 7, 48))
    path = folder / "007" / "y" / "2.png"
    young = [portrait for portrait in portraits if portrait.label == 1]
    with Image.open(path) as kept:
        np.testing.assert_array_equal(np.asarray(kept), young[1].picture)
    assert path.stat().st_size == young[1].png_bytes
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_people_are_told_apart_by_more_than_chance(folder):
    skins = {}
    for number in (0, 10):
        for portrait in draw_task(Task(3, number, 48)):
            skins.setdefault(number, []).append(portrait.picture[portrait.parts == 1].mean())
    assert min(skins[0]) > max(skins[10])  # tones 1 and 6


def test_other_pictures_are_not_mixed_with_the_drawn_ones(tmp_path):
    write_faces(tmp_path, seed=3, count=2, size=48)
    write_faces(tmp_path, seed=4, count=1, size=48)  # replaces what the table names, and nobody is left over
    with open(tmp_path / TABLE, newline="", encoding="utf-8") as file:
        named = {row["picture"] for row in csv.DictReader(file)}
    assert named == {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.png")}
    (tmp_path / "somebody").mkdir()
    (tmp_path / "somebody" / "1.jpg").write_bytes(b"a photograph")
    with pytest.raises(ValueError, match="came somebody/1.jpg"):
        write_faces(tmp_path, seed=3, count=1, size=48)
    assert (tmp_path / "somebody" / "1.jpg").is_file()


def test_counts_and_seeds_that_make_no_sense_are_refused(tmp_path):
    with pytest.raises(ValueError, match="people as a whole number, 1 or more, came 0"):
        draw_faces(0, seed=1)
    with pytest.raises(ValueError, match="each as a whole number, 1 or more, came 1.5"):
        draw_faces(1, seed=1, each=1.5)
    with pytest.raises(ValueError, match="count as a whole number, 1 or more"):
        write_faces(tmp_path, count=-1)
    with pytest.raises(ValueError, match="seed as a whole number, 0 or more"):
        sheet_faces(tmp_path, seed=-1)
    with pytest.raises(ValueError, match="48 pixels or more"):
        write_faces(tmp_path, count=1, size=20)


def test_a_contact_sheet_shows_each_person_young_beside_old(tmp_path):
    path = sheet_faces(tmp_path, seed=2, count=2, size=48)
    with Image.open(path) as sheet:
        assert path.name == "faces-sheet.png" and 4 * 48 < sheet.width < 5 * 52 and sheet.height < 2 * 52


@pytest.mark.parametrize("number", [0, 119])
def test_the_committed_sample_is_what_the_code_draws(number):
    folder = store.data_dir("sample") / "age-gap-faces"
    counts = [0, 0]
    for portrait in draw_task(Task(SAMPLE_SEED, number)):
        counts[portrait.label] += 1
        place = "y/" if portrait.label else ""
        with Image.open(folder / f"{number:03d}" / f"{place}{counts[portrait.label]}.png") as kept:
            assert np.abs(np.asarray(kept).astype(int) - portrait.picture).mean() < 1


def test_the_table_of_the_committed_sample_names_all_its_pictures():
    folder = store.data_dir("sample") / "age-gap-faces"
    with open(folder / TABLE, newline="", encoding="utf-8") as file:
        named = {row["picture"] for row in csv.DictReader(file)}
    assert named == {path.relative_to(folder).as_posix() for path in folder.rglob("*.png")}
    assert len({name.split("/")[0] for name in named}) == 120
