import numpy as np
import pytest

from pixvox.datasets.cats_dogs import PART_NAMES
from pixvox_sketch.animals import body, cats_dogs, coats, whole_animal
from pixvox_sketch.animals.cats_dogs import KINDS, draw_animal, draw_traits
from pixvox_sketch.engine import scenery

SIZE = (90, 84)


def make_rng(seed):
    return np.random.default_rng([1, seed])


def test_most_drawings_show_ears_muzzle_and_eyes():
    seen = np.zeros(6)
    for seed in range(12):
        picture, parts = draw_animal(KINDS[seed % 2], make_rng(seed), size=SIZE)
        assert picture.shape == (*SIZE, 3) and parts.shape == SIZE and parts.dtype == np.uint8
        seen += np.bincount(parts.ravel(), minlength=6) > 20
    assert seen[:5].min() >= 9 and seen[5] >= 3


def test_a_cat_and_a_dog_of_one_generator_share_scene_pose_and_coat(monkeypatch):
    scenes = []
    monkeypatch.setattr(scenery, "HIDDEN", 0.0)
    monkeypatch.setattr(whole_animal, "draw_creature", lambda canvas, scene, features: scenes.append(scene))
    (cat, _), (dog, _) = (draw_animal(kind, make_rng(8), size=SIZE) for kind in KINDS)
    np.testing.assert_array_equal(cat, dog)
    assert scenes[0].frame == scenes[1].frame and str(scenes[0].build) == str(scenes[1].build)
    np.testing.assert_array_equal(scenes[0].wear.fur.field, scenes[1].wear.fur.field)


@pytest.mark.parametrize("pose", body.POSES)
def test_every_pose_shows_a_body(monkeypatch, pose):
    monkeypatch.setattr(whole_animal, "POSES", (pose,))
    _, parts = draw_animal("dog", make_rng(5), size=SIZE)
    assert (parts == PART_NAMES.index("rest of the animal")).mean() > 0.1


def test_traits_of_the_classes_differ_but_overlap():
    drawn = {kind: [draw_traits(kind, make_rng(seed)) for seed in range(300)] for kind in KINDS}
    for name, row in cats_dogs.TRAITS.items():
        cats, dogs = (np.array([traits[name] for traits in drawn[kind]]) for kind in KINDS)
        assert cats.min() < dogs.max() and dogs.min() < cats.max(), f"{name} tells them apart for certain"
        assert np.sign(dogs.mean() - cats.mean()) == np.sign(row[1] - row[0])


@pytest.mark.parametrize("pattern", coats.PATTERNS, ids=lambda pattern: pattern.__name__)
def test_no_fur_is_green_blue_or_purple(pattern):
    field, tints = pattern(make_rng(2), SIZE)
    red, green, blue = np.moveaxis(field, -1, 0)
    assert field.shape == (*SIZE, 3) and (green <= red + 16).all() and (blue <= green + 16).all()
    assert set(tints) <= {"ears", "muzzle", "tail", "chest", "paws"}
