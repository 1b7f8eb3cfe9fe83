"""What holds for the sets of every family: cats and dogs, faces, clothes, the zoo, solids."""

import numpy as np
import pytest
from PIL import Image

from pixvox.datasets import store
from pixvox_sketch.animals.cats_dogs import draw_animal
from pixvox_sketch.animals.sets import draw_animals, sheet_animals, write_animals
from pixvox_sketch.clothes.sets import draw_clothes, draw_garment, sheet_clothes, write_clothes
from pixvox_sketch.faces.sets import draw_faces, sheet_faces, write_faces
from pixvox_sketch.solids import draw_cloud, draw_solids, sheet_solids, write_solids
from pixvox_sketch.zoo.sets import draw_kind, draw_zoo

SIZE = (32, 40)
DRAW = {
    "animals": lambda count, seed: draw_animals(count, seed=seed, size=SIZE),
    "faces": lambda count, seed: draw_faces(count, seed=seed, size=SIZE, each=1),
    "clothes": lambda count, seed: draw_clothes(count, seed=seed),
    "zoo": lambda count, seed: draw_zoo(count, seed=seed, size=SIZE),
    "solids": lambda count, seed: draw_solids(count, seed=seed),
}
SHAPES = {"clothes": (28, 28), "solids": (4096,)}
WRITE = {"animals": write_animals, "faces": write_faces, "clothes": write_clothes, "solids": write_solids}
SHEETS = {"animals": sheet_animals, "faces": sheet_faces, "clothes": sheet_clothes, "solids": sheet_solids}


@pytest.mark.parametrize("family", DRAW)
def test_a_larger_set_begins_with_a_smaller_one_and_another_seed_draws_others(family):
    few, more, others = (DRAW[family](count, seed) for count, seed in ((1, 4), (2, 4), (1, 5)))
    assert few[0].dtype == (np.float32 if family == "solids" else np.uint8) and few[1].dtype == np.int64
    assert len(few[0]) < len(more[0]) and few[0].shape[1:] == SHAPES.get(family, (*SIZE, 3))
    for first, second in zip(few, more, strict=True):
        np.testing.assert_array_equal(first, second[: len(first)])
    assert np.any(few[0] != others[0])


@pytest.mark.parametrize("family", DRAW)
@pytest.mark.parametrize(("count", "seed"), [(0, 1), (1.5, 1), (True, 1), (1, -1)])
def test_counts_and_seeds_that_make_no_sense_are_refused(family, count, seed):
    with pytest.raises(ValueError, match="as a whole number"):
        DRAW[family](count, seed)


@pytest.mark.parametrize(
    ("draw", "known", "sizes"),
    [
        (draw_animal, "cat", [{"size": (20, 90)}]),
        (draw_kind, "owl", [{"size": (40, 64)}]),
        (draw_garment, "Bag", [{"side": 12}, {"side": 513}]),
        (draw_cloud, "cube", []),
    ],
)
def test_other_kinds_and_sizes_cannot_be_drawn(draw, known, sizes):
    for kind, size in [("fox", {}), *((known, size) for size in sizes)]:
        with pytest.raises(ValueError, match="expected"):
            draw(kind, np.random.default_rng(0), **size)


@pytest.mark.parametrize("draw", [draw_animals, draw_faces, draw_zoo])
@pytest.mark.parametrize("size", [(32,), (32, 0), 32])
def test_sizes_that_make_no_sense_are_refused(draw, size):
    with pytest.raises(ValueError, match="expected size"):
        draw(1, seed=1, size=size)


@pytest.mark.parametrize(
    ("family", "wrong"),
    [(family, wrong) for family in WRITE for wrong in ({"count": 0}, {"seed": -1})]
    + [(family, {"count": 1, "size": 20}) for family in ("animals", "faces")]
    + [(family, {"count": 3}) for family in ("clothes", "solids")],  # too few for a part to test on
)
def test_nothing_is_written_of_a_set_that_makes_no_sense(family, wrong, tmp_path):
    with pytest.raises(ValueError, match="expected"):
        WRITE[family](tmp_path, processes=1, **wrong)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("family", "settings", "across", "down", "cell"),
    [
        ("animals", {"count": 3, "size": 48}, 6, 1, 48),  # cats and dogs in turn
        ("faces", {"count": 2, "size": 48}, 4, 1, 48),  # each young beside old
        ("clothes", {"count": 1}, 1, 10, 128),  # a row for each class
        ("clothes", {"count": 1, "size": 56}, 1, 10, 56),
        ("solids", {"count": 2, "size": 32}, 10, 2, 32),  # a column for each class
    ],
)
def test_a_contact_sheet_has_a_cell_for_each_picture(family, settings, across, down, cell, tmp_path):
    path = SHEETS[family](tmp_path, seed=2, **settings)
    assert path == tmp_path / f"{family}-sheet.png"
    with Image.open(path) as picture:
        assert picture.size == tuple(cells * (cell + 4) + 4 for cells in (across, down))


@pytest.mark.parametrize("family", ["animals", "faces"])
def test_the_sample_is_written_where_the_sample_is(family, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    folder = {"animals": "dogs-vs-cats", "faces": "age-gap-faces"}[family]
    assert WRITE[family](count=1, size=48) == tmp_path / "data" / "sample" / folder
