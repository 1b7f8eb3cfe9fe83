"""The nuisance dials: one thing changes, and unturned nothing does."""

import numpy as np
import pytest
from PIL import Image

from pixvox.datasets import store
from pixvox.datasets.cats_dogs import DIAL_NAMES
from pixvox_sketch.animals import dial as dials
from pixvox_sketch.animals.cats_dogs import draw_animal
from pixvox_sketch.animals.dial import DIALS, TURNS, draw_dial, draw_dialled, write_dial
from pixvox_sketch.animals.head import BACKGROUND
from pixvox_sketch.animals.sets import draw_animals


def draw(dial, turn, *, seed=17, kind="cat"):
    return draw_dialled(kind, np.random.default_rng(seed), dial, turn, size=(96, 96))


def area(parts):
    return np.mean(parts != BACKGROUND)


def test_lessons_and_drawings_name_the_same_dials_and_all_have_as_many_turns():
    assert tuple(DIALS) == DIAL_NAMES and {len(turns) for turns in DIALS.values()} == {TURNS}


@pytest.mark.parametrize("dial", DIALS)
@pytest.mark.parametrize("kind", ["cat", "dog"])
def test_unturned_it_is_the_animal_that_is_drawn_otherwise(dial, kind):
    picture, parts = draw_animal(kind, np.random.default_rng(3), size=(96, 96))
    unturned, its_parts = draw(dial, 0, seed=3, kind=kind)
    np.testing.assert_array_equal(picture, unturned)
    np.testing.assert_array_equal(parts, its_parts)


@pytest.mark.parametrize("dial", DIALS)
def test_turns_lead_away_from_the_unturned_picture_and_are_the_same_again(dial):
    pictures = [draw(dial, turn)[0].astype(float) for turn in range(TURNS)]
    distances = [np.abs(picture - pictures[0]).mean() for picture in pictures]
    assert len(set(distances)) == TURNS
    assert dial in ("viewpoint", "scale") or distances == sorted(distances)
    np.testing.assert_array_equal(draw(dial, 3)[0], pictures[3])


def test_a_smaller_scale_leaves_less_of_the_animal_and_a_post_hides_some():
    sizes = [area(draw("scale", turn)[1]) for turn in range(TURNS)]
    assert sizes == sorted(sizes, reverse=True) and sizes[4] < 0.2 * sizes[0]
    assert area(draw("occlusion", 4)[1]) < 0.8 * area(draw("occlusion", 0)[1])


def test_light_and_clutter_leave_the_animal_as_it_was():
    (_, parts), (bright, _) = draw("light", 0), draw("light", 0)
    dark, dark_parts = draw("light", 2)
    np.testing.assert_array_equal(parts, dark_parts)
    assert dark.mean() == pytest.approx(DIALS["light"][2] * bright.mean(), rel=0.03)
    strewn, strewn_parts = draw("clutter", 4)
    np.testing.assert_array_equal(parts, strewn_parts)
    inside = np.abs(strewn.astype(int) - bright)[parts != BACKGROUND]
    outside = np.abs(strewn.astype(int) - bright)[parts == BACKGROUND]
    assert inside.mean() < 0.1 * outside.mean()


def test_a_set_begins_with_the_pictures_of_the_sample_kind():
    unturned = draw_dial(2, "scale", 0, seed=5, size=(32, 40))
    np.testing.assert_array_equal(unturned, draw_animals(2, seed=5, size=(32, 40)).pictures)
    assert draw_dial(1, "light", 4, seed=5, size=(32, 40)).mean() < 0.3 * unturned[:2].mean()


@pytest.mark.parametrize(("dial", "turn"), [("weather", 0), ("scale", 5), ("scale", -1)])
def test_other_dials_and_turns_are_refused(dial, turn):
    with pytest.raises(ValueError, match="expected"):
        draw(dial, turn)


def test_the_committed_strip_is_made_again(tmp_path):
    made = np.asarray(Image.open(write_dial(tmp_path) / "dial.png"))
    committed = np.asarray(Image.open(store.data_dir("sample") / "dogs-vs-cats" / "dial.png"))
    assert np.abs(made.astype(int) - committed).max() <= 1
    assert dials.STRIP_SEED != 0 and np.any(
        made != np.asarray(Image.open(write_dial(tmp_path, seed=1) / "dial.png"))
    )
