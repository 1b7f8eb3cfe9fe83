import numpy as np
import pytest
from PIL import Image

from pixvox.datasets import store
from pixvox.datasets.cats_dogs import PART_NAMES
from pixvox_cli import main as cli
from pixvox_sketch.animals import body, whole_animal
from pixvox_sketch.animals import cats_dogs as animals
from pixvox_sketch.animals import sets as animal_sets
from pixvox_sketch.animals.sets import Task, draw_animals, draw_task, write_animals
from pixvox_sketch.engine import scenery

SIZE = (90, 84)


def make_rng(seed):
    return np.random.default_rng([1, seed])


@pytest.mark.parametrize("kind", animals.KINDS)
def test_a_drawing_has_the_stated_shapes_and_repeats(kind):
    picture, parts = animals.draw_animal(kind, make_rng(3), size=SIZE)
    assert picture.shape == (*SIZE, 3) and parts.shape == SIZE
    assert picture.dtype == parts.dtype == np.uint8 and parts.max() < len(PART_NAMES)
    again = animals.draw_animal(kind, make_rng(3), size=SIZE)
    np.testing.assert_array_equal(picture, again[0])
    np.testing.assert_array_equal(parts, again[1])
    assert np.any(picture != animals.draw_animal(kind, make_rng(4), size=SIZE)[0])


def test_most_drawings_show_ears_muzzle_and_eyes():
    seen = np.zeros(6)
    for seed in range(12):
        _, parts = animals.draw_animal(animals.KINDS[seed % 2], make_rng(seed), size=SIZE)
        seen += np.bincount(parts.ravel(), minlength=6) > 20
    assert seen[:5].min() >= 9 and seen[5] >= 3


def test_a_cat_and_a_dog_of_one_generator_share_the_scene(monkeypatch):
    monkeypatch.setattr(scenery, "HIDDEN", 0.0)
    scenes = []
    monkeypatch.setattr(whole_animal, "draw_creature", lambda canvas, scene, features: scenes.append(scene))
    (cat, _), (dog, _) = (animals.draw_animal(kind, make_rng(8), size=SIZE) for kind in animals.KINDS)
    np.testing.assert_array_equal(cat, dog)
    assert scenes[0].frame == scenes[1].frame and str(scenes[0].build) == str(scenes[1].build)
    np.testing.assert_array_equal(scenes[0].wear.fur.field, scenes[1].wear.fur.field)


@pytest.mark.parametrize("pose", body.POSES)
def test_every_pose_can_be_drawn(monkeypatch, pose):
    monkeypatch.setattr(whole_animal, "POSES", (pose,))
    _, parts = animals.draw_animal("dog", make_rng(5), size=SIZE)
    assert (parts == 1).mean() > 0.1


def test_traits_of_the_classes_overlap_but_differ():
    drawn = {
        kind: [animals.draw_traits(kind, make_rng(seed)) for seed in range(300)] for kind in animals.KINDS
    }
    for name, row in animals.TRAITS.items():
        cats, dogs = (np.array([traits[name] for traits in drawn[kind]]) for kind in animals.KINDS)
        assert cats.min() < dogs.max() and dogs.min() < cats.max(), f"{name} tells them apart for certain"
        assert np.sign(dogs.mean() - cats.mean()) == np.sign(row[1] - row[0])


def test_wrong_kinds_and_sizes_are_refused():
    with pytest.raises(ValueError, match="'cat' or 'dog', came 'cow'"):
        animals.draw_animal("cow", make_rng(0))
    with pytest.raises(ValueError, match="48 pixels or more"):
        animals.draw_animal("cat", make_rng(0), size=(20, 90))


def test_fresh_sets_do_not_depend_on_count_or_processes():
    few, more = draw_animals(2, seed=4), draw_animals(10, seed=4, size=(64, 64), processes=2)
    assert few.pictures.shape == (4, 64, 64, 3) and few.pictures.dtype == np.uint8
    assert few.parts.shape == (4, 64, 64) and few.labels.tolist() == [0, 1, 0, 1]
    assert few.labels.dtype == np.int64 and (few.jpeg_bytes > 1000).all()
    for first, second in zip(few, more, strict=True):
        np.testing.assert_array_equal(first, second[:4])
    assert np.any(few.pictures != draw_animals(2, seed=5).pictures)


def test_counts_and_seeds_that_make_no_sense_are_refused(tmp_path):
    with pytest.raises(ValueError, match="count as a whole number"):
        draw_animals(0, seed=1)
    with pytest.raises(ValueError, match="seed as a whole number"):
        write_animals(tmp_path, seed=-1)


def test_pictures_and_masks_are_written_as_files(tmp_path):
    folder = write_animals(tmp_path / "here", seed=3, count=4, size=60)
    assert sorted(path.name for path in (folder / "masks").iterdir()) == ["cat.3.png", "dog.3.png"]
    assert len(list((folder / "train").iterdir())) == 8
    picture, parts, jpeg_bytes = draw_task(Task(3, 7, side=60))
    with Image.open(folder / "masks" / "dog.3.png") as mask:
        np.testing.assert_array_equal(np.asarray(mask), parts)
    path = folder / "train" / "dog.3.jpg"
    assert path.stat().st_size == jpeg_bytes
    with Image.open(path) as kept:
        assert np.abs(np.asarray(kept).astype(int) - picture).mean() < 4
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_contact_sheet_shows_cats_and_dogs_in_turn(tmp_path):
    path = animal_sets.sheet_animals(tmp_path, seed=2, count=3, size=48)
    with Image.open(path) as sheet:
        assert path.name == "animals-sheet.png" and sheet.width > 6 * 48 and sheet.height < 2 * 52


def test_other_pictures_are_not_mixed_with_the_drawn_ones(tmp_path):
    write_animals(tmp_path, seed=3, count=2, size=48)
    write_animals(tmp_path, seed=4, count=2, size=48)
    with pytest.raises(ValueError, match="cat.1.jpg too"):
        write_animals(tmp_path, seed=3, count=1, size=48)


@pytest.mark.parametrize("index", [1, 640, 797])
def test_the_committed_sample_is_what_the_code_draws(index):
    folder = store.data_dir("sample") / "dogs-vs-cats"
    picture, parts, _ = draw_task(Task(animal_sets.SAMPLE_SEED, index))
    name = f"{animals.KINDS[index % 2]}.{index // 2}"
    with Image.open(folder / "train" / f"{name}.jpg") as kept:
        assert kept.size == picture.shape[1::-1]
        assert np.abs(np.asarray(kept).astype(int) - picture).mean() < 4
    if index >= 600:
        with Image.open(folder / "masks" / f"{name}.png") as mask:
            assert (np.asarray(mask) != parts).mean() < 0.002


def test_the_command_draws_and_refuses_options_that_a_sketch_lacks(tmp_path, capsys):
    words = f"sketch animals --seed 7 --count 1 --size 48 --out {tmp_path.as_posix()}"
    assert cli.main(words.split()) == 0 and (tmp_path / "train" / "dog.0.jpg").is_file()
    assert cli.main(f"sketch animals --sheet --count 2 --size 48 --out {tmp_path.as_posix()}".split()) == 0
    assert (tmp_path / "animals-sheet.png").is_file()
    assert cli.main(["sketch", "digits", "--count", "3"]) == cli.main(["sketch", "digits", "--sheet"]) == 2
    assert "came --count" in capsys.readouterr().err
