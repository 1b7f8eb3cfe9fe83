"""Faults: as many as wished, where the account says, and never two that could not be told apart."""

import io

import numpy as np
import pytest
from PIL import Image

from pixvox_sketch.own_pictures.faults import FRAME, MARK, SHORTCUTS, Faults, spoil

COUNT = 50  # of each kind


def smooth(number, side=64):
    """Return a picture of no symmetry, brighter to one corner, of its own colour: uint8 (side, side, 3)."""
    y, x = np.mgrid[:side, :side] / side
    return np.stack([200 * x, 100 * x + 90 * y, np.full_like(x, 150 + number)], axis=-1).astype(np.uint8)


PICTURES = [smooth(number) for number in range(2 * COUNT)]
NONE = Faults(0, 0, 0, "")


def opened(file):
    return np.asarray(Image.open(io.BytesIO(file.content)))


def numbers(files, chosen):
    return {file.original for file in files if chosen(file)}


@pytest.fixture(scope="module")
def spoilt():
    return spoil(PICTURES, Faults(), seed=3)


def test_without_faults_each_picture_is_a_file_of_its_own_in_its_folder():
    files = spoil(PICTURES, NONE, seed=0)
    assert len(files) == 2 * COUNT == len(numbers(files, lambda file: True))
    for file in files:
        assert file.folder == file.animal == ("cat", "dog")[file.original % 2] and file.suffix == ".jpg"
        assert not (file.twin or file.sixteen_bit or file.shortcut)
        assert np.abs(opened(file).astype(int) - PICTURES[file.original]).mean() < 4
    order = [file.original for file in files]
    assert order != sorted(order) and np.diff([number % 2 for number in order]).any()


def test_the_numbers_are_exact_and_the_faults_lie_on_different_pictures(spoilt):
    for kind, animal in enumerate(("cat", "dog")):
        firsts = [file for file in spoilt if file.original % 2 == kind and not file.twin]
        assert sorted(file.original for file in firsts) == [*range(kind, 2 * COUNT, 2)]
        assert {file.animal for file in firsts} == {animal}
        assert sum(file.folder != file.animal for file in firsts) == 4  # 8 of 100
        assert sum(file.sixteen_bit for file in firsts) == 4
        assert sum(file.twin and file.animal == animal for file in spoilt) == 20
    swapped = numbers(spoilt, lambda file: file.folder != file.animal)
    sixteen = numbers(spoilt, lambda file: file.sixteen_bit)
    twins = numbers(spoilt, lambda file: file.twin)
    assert not swapped & sixteen and not (swapped | sixteen) & twins
    assert len(swapped) == len(sixteen) == 8 and len(twins) == 40


def test_twins_lie_with_their_original_and_look_like_it_but_are_no_copy(spoilt):
    firsts = {file.original: file for file in spoilt if not file.twin}
    mirrored = resized = 0
    for twin in (file for file in spoilt if file.twin):
        first = firsts[twin.original]
        assert twin.folder == first.folder and twin.animal == first.animal
        assert twin.content != first.content
        picture = opened(twin)
        side = len(picture)
        assert side == 64 or 47 <= side <= 61
        resized += side != 64
        same = Image.fromarray(PICTURES[twin.original]).resize((side, side))
        views = [np.asarray(same).astype(int)[:, ::way] for way in (1, -1)]
        away = [np.abs(picture[: side // 2] - view[: side // 2]).mean() for view in views]  # above the mark
        assert min(away) < 6
        mirrored += away[1] < away[0]
    assert 10 < mirrored < 35 and 10 < resized < 35  # of 40


def test_more_twins_than_pictures_are_twins_of_twins():
    files = spoil(PICTURES, NONE._replace(twins=1.0, swapped=0.2), seed=0)
    assert sum(file.twin for file in files) == 2 * COUNT
    twins = numbers(files, lambda file: file.twin)
    assert not twins & numbers(files, lambda file: file.folder != file.animal)


def test_files_of_sixteen_bits_hold_the_greys_in_all_their_range():
    files = spoil(PICTURES, NONE._replace(sixteen_bit=0.5), seed=0)
    assert sum(file.suffix == ".png" for file in files) == COUNT
    for file in files:
        assert file.sixteen_bit == (file.suffix == ".png")
        if file.sixteen_bit:
            grey = np.asarray(Image.fromarray(PICTURES[file.original]).convert("L")).astype(int)
            np.testing.assert_array_equal(opened(file), 257 * grey)


def has_mark(picture):
    """Say whether there is a disc of the mark's colour near the lower right corner, and nowhere else."""
    near = np.abs(picture.astype(int) - MARK).max(axis=-1) < 60
    rows, columns = np.nonzero(near)
    return near.sum() > 20 and min(rows.min(), columns.min()) > 0.75 * len(picture)


def has_frame(picture):
    edges = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
    return all(np.abs(edge.astype(int) - FRAME).mean() < 25 for edge in edges)


@pytest.mark.parametrize("shortcut", SHORTCUTS)
@pytest.mark.parametrize("strength", [0.9, 1.0, 0.25])
def test_a_shortcut_goes_with_the_folder_as_often_as_it_should(shortcut, strength):
    faults = Faults(twins=0, swapped=0.2, sixteen_bit=0, shortcut=shortcut, strength=strength)
    files = spoil(PICTURES, faults, seed=1)
    for folder, share in (("dog", strength), ("cat", 1 - strength)):
        inside = [file for file in files if file.folder == folder]
        assert len(inside) == COUNT and sum(file.shortcut for file in inside) == round(share * COUNT)
    if shortcut == "file size":
        sizes = {one: [len(file.content) for file in files if file.shortcut == one] for one in (True, False)}
        assert not sizes[True] or not sizes[False] or max(sizes[True]) < min(sizes[False])
    else:
        seen = has_mark if shortcut == "mark" else has_frame
        assert [seen(opened(file)) for file in files] == [file.shortcut for file in files]


def test_the_files_depend_on_the_seed(spoilt):
    assert spoil(PICTURES, Faults(), seed=3) == spoilt
    assert spoil(PICTURES, Faults(), seed=4) != spoilt


@pytest.mark.parametrize(
    "wrong",
    [
        {"shortcut": "watermark"},
        {"twins": 1.5},
        {"swapped": -0.1},
        {"strength": 2},
        {"sixteen_bit": float("nan")},
        {"swapped": 0.5, "sixteen_bit": 0.5},
    ],
)
def test_faults_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        spoil(PICTURES, Faults()._replace(**wrong), seed=0)
