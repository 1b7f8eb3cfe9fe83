import numpy as np
import pytest

from pixvox_sketch.engine.canvas import Canvas
from pixvox_sketch.engine.outlines import Frame
from pixvox_sketch.faces import hair, paint, people, skin, whole_face
from pixvox_sketch.faces.people import draw_person, draw_years, make_look
from pixvox_sketch.faces.whole_face import PART_NAMES, draw_face

SIZE = (84, 80)


def make_rng(*seed):
    return np.random.default_rng([2, *seed])


def make_person(*, sex=0, tone=3, seed=1):
    return draw_person(make_rng(seed), sex=sex, tone=tone)


def test_drawings_show_all_parts_of_a_face():
    seen = np.zeros(len(PART_NAMES))
    for seed in range(10):
        person = make_person(sex=seed % 2, tone=seed % 6 + 1, seed=seed)
        picture, parts = draw_face(person, (8, 45)[seed % 2], make_rng(seed), size=SIZE)
        assert picture.shape == (*SIZE, 3) and parts.shape == SIZE and parts.dtype == np.uint8
        seen += np.bincount(parts.ravel(), minlength=len(seen)) > 8
    for name in ("background", "skin", "eyes"):
        assert seen[PART_NAMES.index(name)] == 10
    for name in ("nose", "mouth", "hair", "clothes"):
        assert seen[PART_NAMES.index(name)] >= 7


def test_the_background_does_not_depend_on_the_age(monkeypatch):
    monkeypatch.setattr(whole_face, "_draw_person", lambda *arguments: None)
    young, old = (draw_face(make_person(), years, make_rng(6), size=SIZE)[0] for years in (6, 70))
    np.testing.assert_array_equal(young, old)


def test_ages_of_the_classes_are_apart_but_looks_overlap():
    years = {age: [draw_years(make_rng(seed), age) for seed in range(150)] for age in people.AGES}
    assert 3.5 <= min(years["young"]) < max(years["young"]) <= 16
    assert 22 <= min(years["old"]) < max(years["old"]) <= 76
    persons = [make_person(seed=seed) for seed in range(150)]
    old, young = (
        [make_look(make_rng(seed, 1), person, years[age][seed]).traits for seed, person in enumerate(persons)]
        for age in people.AGES
    )
    for name, row in people.TRAITS.items():
        grown, small = (np.array([traits[name] for traits in column]) for column in (old, young))
        assert grown.min() < small.max() and small.min() < grown.max(), f"{name} tells them apart for certain"
        if abs(row[1] - row[0]) > 2 * (row[3] + row[4]):
            assert np.sign(grown.mean() - small.mean()) == np.sign(row[1] - row[0])


def test_a_person_keeps_what_makes_the_person():
    person = make_person(seed=4)
    apart = [make_look(make_rng(seed), person, 40).traits["eye_apart"] for seed in range(60)]
    kept = person.offsets["eye_apart"]
    assert np.mean(apart) == pytest.approx(people.TRAITS["eye_apart"][1] + kept, abs=0.006)
    assert kept != make_person(seed=5).offsets["eye_apart"]


def test_hair_greys_and_beards_are_for_grown_men():
    man, woman = (make_person(sex=sex, tone=5, seed=8) for sex in (1, 0))
    young, old = ([make_look(make_rng(seed), man, years) for seed in range(40)] for years in (10, 75))
    assert np.mean([look.hair for look in old]) > np.mean([look.hair for look in young]) + 50
    assert not any(look.beard or look.stubble or look.bald for look in young)
    assert 0.1 < np.mean([look.beard > 0 for look in old]) < 0.6
    assert not any(make_look(make_rng(seed), woman, 50).beard for seed in range(20))


@pytest.mark.parametrize("sex", [0, 1])
@pytest.mark.parametrize("years", [8, 40])
def test_all_styles_are_worn_at_any_age(sex, years):
    person = make_person(sex=sex)
    look = make_look(make_rng(1), person, years)
    names = {hair.draw_style(make_rng(seed), person, look).name for seed in range(250)}
    assert names == {style.name for style, _, _ in hair.STYLES[sex]}


def test_a_chin_follows_a_turned_head_and_the_top_does_not():
    traits = make_look(make_rng(1), make_person(), 30).traits
    straight, turned = (skin.head_outline(Frame(50, 50, 20, yaw=yaw), traits) for yaw in (0.0, 0.4))
    moved = turned - straight
    assert moved[np.argmax(straight[:, 1]), 0] > 2 and abs(moved[np.argmin(straight[:, 1])]).max() < 0.3


def test_a_glaze_mixes_its_colour_in_and_stays_within_a_mask():
    canvas = Canvas((40, 40), make_rng(0))
    within = canvas.parts.copy()
    within.paste(255, (0, 0, 20, 40))
    square = [(5, 5), (34, 5), (34, 34), (5, 34)]
    paint.glaze(canvas, Frame(20, 20, 10), square, paint.Paint((228, 128, 28), 0.5, 0.0, within))
    picture = np.asarray(canvas.picture).astype(int)
    np.testing.assert_allclose(picture[20, 10], (178, 128, 78), atol=1)
    assert (picture[:, 20:] == 128).all() and (picture[:5] == 128).all()
