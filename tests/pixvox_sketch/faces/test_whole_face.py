import numpy as np
import pytest

from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.outlines import Frame
from pixvox_sketch.faces import hair as face_hair
from pixvox_sketch.faces import people as face_people
from pixvox_sketch.faces import skin as face_skin
from pixvox_sketch.faces import whole_face as faces
from pixvox_sketch.faces.paint import (
    BACKGROUND,
    CLOTHES,
    EYES,
    HAIR,
    MOUTH,
    NOSE,
    SKIN,
    Paint,
    curve,
    glaze,
    place,
)
from pixvox_sketch.faces.people import draw_person, draw_years, make_look

SIZE = (84, 80)


def make_rng(*seed):
    return np.random.default_rng([2, *seed])


def make_person(*, sex=0, tone=3, seed=1):
    return draw_person(make_rng(seed), sex=sex, tone=tone)


@pytest.mark.parametrize(("sex", "years"), [(0, 7), (1, 60)])
def test_a_drawing_has_the_stated_shapes_and_repeats(sex, years):
    person = make_person(sex=sex)
    picture, parts = faces.draw_face(person, years, make_rng(3), size=SIZE)
    assert picture.shape == (*SIZE, 3) and parts.shape == SIZE
    assert picture.dtype == parts.dtype == np.uint8 and parts.max() < len(faces.PART_NAMES)
    again = faces.draw_face(person, years, make_rng(3), size=SIZE)
    np.testing.assert_array_equal(picture, again[0])
    np.testing.assert_array_equal(parts, again[1])
    assert np.any(picture != faces.draw_face(person, years, make_rng(4), size=SIZE)[0])


def test_drawings_show_all_parts_of_a_face():
    seen = np.zeros(len(faces.PART_NAMES))
    for seed in range(10):
        person = make_person(sex=seed % 2, tone=seed % 6 + 1, seed=seed)
        _, parts = faces.draw_face(person, (8, 45)[seed % 2], make_rng(seed), size=SIZE)
        seen += np.bincount(parts.ravel(), minlength=len(seen)) > 8
    assert seen[[BACKGROUND, SKIN, EYES]].min() == 10
    assert seen[[NOSE, MOUTH, HAIR, CLOTHES]].min() >= 7


def test_small_pictures_are_refused():
    with pytest.raises(ValueError, match="48 or more"):
        faces.draw_face(make_person(), 9, make_rng(0), size=(20, 90))


def test_light_skin_is_drawn_lighter_than_dark_skin():
    greys = []
    for tone in (1, 6):
        picture, parts = faces.draw_face(make_person(tone=tone), 30, make_rng(5), size=SIZE)
        greys.append(picture[parts == SKIN].mean())
    assert greys[0] > greys[1] + 40


def test_the_background_does_not_depend_on_the_age(monkeypatch):
    monkeypatch.setattr(faces, "_draw_person", lambda *arguments: None)
    young, old = (faces.draw_face(make_person(), years, make_rng(6), size=SIZE)[0] for years in (6, 70))
    np.testing.assert_array_equal(young, old)


def test_ages_of_the_classes_are_apart_but_looks_overlap():
    years = {age: [draw_years(make_rng(seed), age) for seed in range(150)] for age in face_people.AGES}
    assert 3.5 <= min(years["young"]) < 5.5 and 13.5 < max(years["young"]) <= 16
    assert 22 <= min(years["old"]) < 27 and 69 < max(years["old"]) <= 76
    people = [make_person(seed=seed) for seed in range(150)]
    old, young = (
        [make_look(make_rng(seed, 1), person, years[age][seed]).traits for seed, person in enumerate(people)]
        for age in face_people.AGES
    )
    for name, row in face_people.TRAITS.items():
        grown, small = (np.array([traits[name] for traits in column]) for column in (old, young))
        assert grown.min() < small.max() and small.min() < grown.max(), f"{name} tells them apart for certain"
        if abs(row[1] - row[0]) > 2 * (row[3] + row[4]):
            assert np.sign(grown.mean() - small.mean()) == np.sign(row[1] - row[0])


def test_a_person_keeps_what_makes_the_person():
    person = make_person(seed=4)
    assert person.offsets["eye_apart"] != make_person(seed=5).offsets["eye_apart"]
    apart = [make_look(make_rng(seed), person, 40).traits["eye_apart"] for seed in range(60)]
    grown = face_people.TRAITS["eye_apart"][1] + person.offsets["eye_apart"]
    assert np.mean(apart) == pytest.approx(grown, abs=0.006)


def test_hair_greys_and_beards_are_for_grown_men():
    man, woman = (make_person(sex=sex, tone=5, seed=8) for sex in (1, 0))
    looks = [make_look(make_rng(seed), man, years) for seed in range(40) for years in (10, 75)]
    young, old = looks[::2], looks[1::2]
    assert np.mean([look.hair for look in old]) > np.mean([look.hair for look in young]) + 50
    assert not any(look.beard or look.stubble or look.bald for look in young)
    assert 0.1 < np.mean([look.beard > 0 for look in old]) < 0.6
    assert not any(make_look(make_rng(seed), woman, 50).beard for seed in range(20))


def test_all_styles_are_worn_at_any_age():
    for sex in (0, 1):
        for years in (8, 40):
            person = make_person(sex=sex)
            look = make_look(make_rng(1), person, years)
            names = {face_hair.draw_style(make_rng(seed), person, look).name for seed in range(250)}
            assert names == {style.name for style, _, _ in face_hair.STYLES[sex]}


def test_a_chin_follows_a_turned_head_and_the_top_does_not():
    traits = make_look(make_rng(1), make_person(), 30).traits
    straight, turned = (face_skin.head_outline(Frame(50, 50, 20, yaw=yaw), traits) for yaw in (0.0, 0.4))
    moved = turned - straight
    assert moved[np.argmax(straight[:, 1]), 0] > 2 and abs(moved[np.argmin(straight[:, 1])]).max() < 0.3


def test_near_points_move_most_when_a_head_turns():
    points = [(0.0, 0.0), (0.9, 0.0), (0.0, 1.3)]
    moved = place(Frame(0, 0, 1, yaw=0.3), points)[:, 0] - place(Frame(0, 0, 1), points)[:, 0]
    assert moved[0] == pytest.approx(0.95 * np.sin(0.3)) and moved[0] > moved[2] > 0 and moved[0] > moved[1]


def test_a_glaze_mixes_its_colour_in_and_stays_within_a_mask():
    canvas = Canvas((40, 40), make_rng(0))
    square = [(5, 5), (34, 5), (34, 34), (5, 34)]
    within = canvas.parts.copy()
    within.paste(255, (0, 0, 20, 40))
    glaze(canvas, Frame(20, 20, 10), square, Paint((228, 128, 28), 0.5, 0.0, within))
    picture = np.asarray(canvas.picture).astype(int)
    np.testing.assert_allclose(picture[20, 10], (178, 128, 78), atol=1)
    assert (picture[:, 20:] == 128).all() and (picture[:5] == 128).all()


def test_a_curve_goes_through_its_points():
    line = curve([(0, 0), (1, 2), (3, 1)], 21)
    np.testing.assert_allclose(line[[0, 10, 20]], [(0, 0), (1, 2), (3, 1)], atol=1e-6)
