import numpy as np
import pytest
from support.picture_trees import everything, packed, people, picture, put

from pixvox.datasets import faces, store
from pixvox.datasets.faces import load_faces
from pixvox_cli.arranging import arrange_faces

COUNT = 6  # people; each has two old pictures and a young one


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Return the sample's folder of fake people."""
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)
    return put(tmp_path / "data" / "sample" / "age-gap-faces", people(COUNT))


def load(**changes):
    return load_faces(**({"image_size": (5, 4)} | changes))


def parts_of(loaded):
    return loaded.train, loaded.validation, loaded.test


def test_pictures_labels_and_identities_belong_together():
    loaded = load()
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


@pytest.mark.parametrize("seed", range(5))
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


def test_one_set_of_pictures_one_cache(folder):
    load(seed=1)
    load(split="photograph")
    (kept,) = (store.cache_dir() / "images").iterdir()
    assert kept.match("age-gap-faces-5x4x3-*.npz")


def test_foreign_files_and_folders_do_not_count(folder):
    before = load()
    foreign = {"readme.txt": b"", "Person_00/Thumbs.db": b"", "Person_00/z/1.png": b"", "sheet.png": b""}
    put(folder, foreign | {"__MACOSX/Person_00/1.png": b"", "Person_00/._1.png": b"", ".part-x/a/1.png": b""})
    (folder / "empty").mkdir()
    after = load()
    assert after.people == before.people
    for one, other in zip(parts_of(before), parts_of(after), strict=True):
        np.testing.assert_array_equal(one.images, other.images)


def test_broken_and_empty_pictures_are_left_out_and_named(folder, capsys):
    before = load()
    put(folder, {"Person_02/y/0.png": b"broken", "Person_03/1.png": b""})
    after = load()
    out = capsys.readouterr().out
    assert "2 of 18 pictures" in out and "0.png (no picture), 1.png (empty)" in out
    for one, other in zip(parts_of(before), parts_of(after), strict=True):  # nobody changes sides
        grey = one.images[:, 0, 0, 0]
        kept = ~np.isin(grey, [128 + 40, 61])
        np.testing.assert_array_equal(other.images, one.images[kept])
        np.testing.assert_array_equal(other.labels, one.labels[kept])
        np.testing.assert_array_equal(other.identities, one.identities[kept])


def test_an_identity_without_a_young_picture_is_kept_and_named(folder, capsys):
    (folder / "Person_04" / "y" / "0.png").unlink()
    assert sum(len(part.labels) for part in parts_of(load())) == 17
    assert "Of 6 people, Person_04 has no young picture." in capsys.readouterr().out
    assert faces.check_file(folder).endswith("; Person_04 has no young picture")


def test_many_incomplete_people_are_named_in_one_line(tmp_path):
    folder = put(tmp_path / "f", people(9, young=0) | people(1))
    assert faces.check_file(folder).endswith("Person_05 has no young picture and 3 more such")


def test_check_counts():
    assert faces.check_file(store.home("age-gap-faces")) == "18 pictures of 6 people, 12 old and 6 young"


@pytest.mark.parametrize("tree", [{}, people(2), people(5, young=0), people(5, old=0)])
def test_too_few_people_are_an_error(folder, tmp_path, tree):
    folder.rename(tmp_path / "old")
    folder.mkdir()
    put(folder, tree)
    words = r"expected pictures of three or more people, .* young\. Type `pixvox sketch faces`"
    with pytest.raises(ValueError, match=words):
        load()


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_pictures_of_an_age_cannot_be_dealt_by_photograph(folder, tmp_path, count):
    folder.rename(tmp_path / "old")
    put(folder, people(5, young=0) | people(count))
    assert len(load().people) == 5
    with pytest.raises(
        ValueError, match=f"3 or more young pictures, .* came {count}. Choose split='identity'"
    ):
        load(split="photograph")
    put(folder, people(3))
    assert [part.labels.sum() for part in parts_of(load(split="photograph"))] == [1, 1, 1]


def test_wrong_arguments_and_a_missing_folder(folder, tmp_path):
    with pytest.raises(ValueError, match="split 'identity' or 'photograph', came 'person'"):
        load(split="person")
    folder.rename(tmp_path / "old")
    with pytest.raises(FileNotFoundError, match="`pixvox sketch faces`"):
        load()


def test_what_is_used_is_remembered():
    store.forget()
    load()
    assert list(store.used()) == ["age-gap-faces"]


# From the archive.


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize("top", ["", "LAGdataset_100/", "a/b/"])
def test_the_archive_may_have_a_folder_round_it(tmp_path, kind, top):
    tree = people(4, top) | {
        f"{top}readme.txt": b"",
        f"{top}overview.png": picture(1),
        "__MACOSX/._x.png": b"",
    }
    source = put(tmp_path / "mine", tree) if kind == "folder" else packed(tmp_path / "LAG.zip", tree)
    arrange_faces(source, tmp_path / "made", tmp_path / "work")
    assert everything(tmp_path / "made") == sorted(people(4))
    if kind == "folder":
        assert everything(source) == sorted(tree)


@pytest.mark.parametrize(
    ("tree", "came"),
    [(people(4, young=0), "none"), (people(4, "a/") | people(4, "b/"), "a, .*b"), ({}, "none")],
)
def test_another_layout_is_refused(tmp_path, tree, came):
    (tmp_path / "mine").mkdir()
    with pytest.raises(ValueError, match=f"mine: expected one folder with <person>/y/.*came .*{came}"):
        arrange_faces(put(tmp_path / "mine", tree), tmp_path / "made", tmp_path / "work")
