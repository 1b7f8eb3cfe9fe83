"""Faces: people or photographs dealt to three parts, and whoever and whatever is odd is named."""

import os

import numpy as np
import pytest
from PIL import Image
from support.picture_trees import people, put

from pixvox.datasets import faces, store
from pixvox.datasets.faces import load_faces
from pixvox_cli import checks

COUNT = 6  # people; each has two old pictures and a young one


@pytest.fixture(autouse=True)
def folder(course):
    """Return the sample's folder of fake people."""
    return put(course / "data" / "sample" / "age-gap-faces", people(COUNT))


def load(**changes):
    return load_faces(**({"image_size": (5, 4)} | changes))


def parts_of(loaded):
    return loaded.train, loaded.validation, loaded.test


def test_pictures_labels_and_identities_belong_together(folder):
    assert checks.check_file("age-gap-faces", folder) == "18 pictures of 6 people, 12 old and 6 young"
    loaded = load()
    assert list(store.used()) == ["age-gap-faces"]
    assert loaded.people == tuple(f"Person_{number:02d}" for number in range(COUNT))
    for part in parts_of(loaded):
        assert part.images.shape == (len(part.labels), 5, 4, 3) and part.images.dtype == np.uint8
        assert part.labels.dtype == part.identities.dtype == np.int64
        grey = part.images[:, 0, 0, 0].astype(int)
        np.testing.assert_array_equal(grey > 127, part.labels == 1)
        np.testing.assert_array_equal(grey % 128 // 20, part.identities)
    assert sum(len(part.labels) for part in parts_of(loaded)) == 3 * COUNT
    assert np.concatenate([part.labels for part in parts_of(loaded)]).sum() == COUNT
    assert faces.CLASS_NAMES == ("old", "young")


@pytest.mark.parametrize("seed", range(3))
def test_by_identity_nobody_is_in_two_parts(seed):
    sets = [set(part.identities.tolist()) for part in parts_of(load(seed=seed))]
    assert [len(people) for people in sets] == [4, 1, 1]
    assert len(set.union(*sets)) == COUNT


def test_by_photograph_each_class_is_dealt_in_its_shares(folder):
    put(folder, people(10, old=10, young=5))
    loaded = load(split="photograph")
    counts = [np.bincount(part.labels, minlength=2).tolist() for part in parts_of(loaded)]
    assert counts == [[60, 30], [20, 10], [20, 10]]
    train, _, test = parts_of(loaded)
    assert len(set(train.identities) & set(test.identities)) >= 5  # the leak that the lesson measures


@pytest.mark.parametrize("split", faces.SPLITS)
def test_the_seed_decides_the_split(folder, split):
    put(folder, people(10))

    def identities(seed):
        return load(seed=seed, split=split).test.identities.tolist()

    assert identities(3) == identities(3)
    assert len({tuple(identities(seed)) for seed in range(6)}) > 1


def test_foreign_files_and_folders_do_not_count_and_pictures_among_them_are_named(folder, capsys):
    before = load()
    assert capsys.readouterr().out == ""
    left_out = ["Person_00/1.tif", "Person_00/z/1.png", "sheet.png"]
    hidden = ["__MACOSX/Person_00/1.png", "Person_00/._1.png", ".part-x/a/1.png", "Person_00/Thumbs.db"]
    put(folder, dict.fromkeys([*left_out, *hidden], b"foreign"))
    (folder / "empty").mkdir()
    after = load()
    assert after.people == before.people
    for one, other in zip(parts_of(before), parts_of(after), strict=True):
        np.testing.assert_array_equal(one.images, other.images)
    out = capsys.readouterr().out
    assert ", ".join(left_out) in out and not any(name in out for name in hidden) and out.count("\n") == 1
    assert ", ".join(left_out) in checks.check_file("age-gap-faces", folder)


def test_what_is_no_file_is_named_and_a_person_may_be_a_link(folder, tmp_path, capsys):
    before = load()
    (folder / "Person_00" / "7.png").mkdir()
    if os.name == "nt":  # links need rights there
        left_out = "Person_00/7.png"
    else:
        (folder / "Person_01" / "8.png").symlink_to("nowhere.png")
        os.mkfifo(folder / "Person_02" / "9.png")
        (folder / "Person_03").rename(tmp_path / "elsewhere")
        (folder / "Person_03").symlink_to(tmp_path / "elsewhere")
        (folder / "Person_04" / "z").symlink_to(tmp_path)
        left_out = f"Person_00/7.png, Person_01/8.png, Person_02/9.png, {folder / 'Person_04' / 'z'} (a link)"
    capsys.readouterr()
    for one, other in zip(parts_of(before), parts_of(load()), strict=True):
        np.testing.assert_array_equal(one.images, other.images)
    out = capsys.readouterr().out
    assert f"Left out, being no files <person>/*.png or <person>/y/*.png: {left_out}" in out
    assert out.count("\n") == 1


def test_whose_picture_is_broken_or_doubtful_is_told(folder, capsys):
    put(folder, {"Person_02/y/0.png": b"broken"})
    frames = [Image.new("RGB", (8, 8), (70, 70, 70)), Image.new("RGB", (8, 8))]
    frames[0].save(folder / "Person_03" / "1.png", save_all=True, append_images=frames[1:])
    load()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("left out: Person_02/y/0.png (no JPEG, PNG, BMP, GIF)")
    assert lines[1] == "1 of 18 pictures is animated: the first picture counts: Person_03/1.png"


def test_all_suffixes_of_pictures_are_taken(folder):
    before = load()
    for number, suffix in enumerate(("PNG", "jpg", "JPEG")):
        (folder / f"Person_0{number}" / "0.png").rename(folder / f"Person_0{number}" / f"0.{suffix}")
    for one, other in zip(parts_of(before), parts_of(load()), strict=True):
        np.testing.assert_array_equal(one.images, other.images)


def test_broken_and_empty_pictures_are_left_out_and_named(folder, capsys):
    before = load()
    put(folder, {"Person_02/y/0.png": b"broken", "Person_03/1.png": b""})
    after = load()
    out = capsys.readouterr().out
    assert "0.png" in out and "1.png (empty)" in out
    for one, other in zip(parts_of(before), parts_of(after), strict=True):  # nobody changes sides
        kept = ~np.isin(one.images[:, 0, 0, 0], [128 + 40, 61])
        for array, expected in zip(other, one, strict=True):
            np.testing.assert_array_equal(array, expected[kept])


def test_people_without_a_young_picture_are_kept_and_named(folder, capsys):
    (folder / "Person_04" / "y" / "0.png").unlink()
    assert sum(len(part.labels) for part in parts_of(load())) == 17
    assert "Person_04 has no young picture" in capsys.readouterr().out
    put(folder, people(14, young=0))
    remark = checks.check_file("age-gap-faces", folder)
    assert "Person_04 has no young picture" in remark and "4 more" in remark and "\n" not in remark


@pytest.mark.parametrize("tree", [{}, people(2), people(5, young=0), people(5, old=0)])
def test_too_few_people_are_an_error(folder, tmp_path, tree):
    folder.rename(tmp_path / "old")
    folder.mkdir()
    put(folder, tree)
    with pytest.raises(ValueError, match="`pixvox sketch faces`"):
        load()


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_pictures_of_an_age_cannot_be_dealt_by_photograph(folder, tmp_path, count):
    folder.rename(tmp_path / "old")
    put(folder, people(5, young=0) | people(count))
    assert len(load().people) == 5
    with pytest.raises(ValueError, match="young.*split='identity'"):
        load(split="photograph")
    put(folder, people(3))
    assert [part.labels.sum() for part in parts_of(load(split="photograph"))] == [1, 1, 1]


def test_wrong_arguments_and_a_missing_folder(folder, tmp_path):
    with pytest.raises(ValueError, match="'identity' or 'photograph'"):
        load(split="person")
    folder.rename(tmp_path / "old")
    with pytest.raises(FileNotFoundError, match="`pixvox sketch faces`"):
        load()
