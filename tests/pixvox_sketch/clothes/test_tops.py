import numpy as np
import pytest

from pixvox_sketch.clothes import cloth, prints, top_styles

TABLES = ("NECKS", "OPENINGS", "POCKETS", "PRINTS", "HEMS", "WAISTS")


@pytest.mark.parametrize("kind", top_styles.TOPS)
def test_every_choice_for_a_top_can_be_drawn(kind, monkeypatch):
    choices = [list(getattr(top_styles, name)[kind]) for name in TABLES]
    for number in range(max(map(len, choices))):
        for name, keys in zip(TABLES, choices, strict=True):
            monkeypatch.setitem(getattr(top_styles, name), kind, {keys[number % len(keys)]: 1})
        assert top_styles.draw_top_of(kind, np.random.default_rng(number)).cover.any()


@pytest.mark.parametrize("name", sorted({name for table in top_styles.PRINTS.values() for name in table}))
def test_prints_are_factors_around_one(name):
    field = getattr(prints, name)(np.random.default_rng(1))
    assert field.shape == (cloth.SIDE, cloth.SIDE)
    assert 0.4 < field.mean() < 1.6 and field.min() > -0.2 and field.max() < 3
