import gzip

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from pixvox.datasets import fashion_mnist
from pixvox_sketch.clothes import cloth
from pixvox_sketch.clothes import drawing as clothes
from pixvox_sketch.clothes import prints as garment_prints
from pixvox_sketch.clothes import sets as clothes_sets
from pixvox_sketch.clothes import top_styles as clothes_cuts
from pixvox_sketch.clothes.sets import draw_clothes, draw_task, sheet_clothes, write_clothes
from pixvox_sketch.engine.chance import chosen, near
from pixvox_sketch.engine.outlines import curve, mirrored


def make_rng(seed):
    return np.random.default_rng([2, seed])


def test_the_kinds_are_those_of_fashion_mnist():
    assert clothes.KINDS == fashion_mnist.CLASS_NAMES


@pytest.mark.parametrize("kind", clothes.KINDS)
def test_a_drawing_has_the_stated_shape_and_repeats(kind):
    for seed in range(3):
        picture = clothes.draw_garment(kind, make_rng(seed))
        assert picture.shape == (28, 28) and picture.dtype == np.uint8
        assert picture.max() > 60 and 0.08 < (picture > 10).mean() < 0.95
        np.testing.assert_array_equal(picture, clothes.draw_garment(kind, make_rng(seed)))
    assert np.any(picture != clothes.draw_garment(kind, make_rng(9)))


@pytest.mark.parametrize("kind", clothes.KINDS)
def test_the_longer_side_fills_the_square_and_the_garment_is_in_one_piece(kind):
    for seed in range(4):
        picture = clothes.draw_garment(kind, make_rng(seed), side=112)
        longer = max(np.ptp(np.flatnonzero((picture > 8).any(axis=axis))) for axis in (0, 1))
        assert 112 * 0.84 < longer < 112
        pieces, count = ndimage.label(picture > 8)
        largest = np.bincount(pieces.ravel())[1:].max()
        assert largest > 0.8 * (picture > 8).sum()


def test_large_and_small_drawings_show_the_same_garment():
    large = clothes.draw_garment("Coat", make_rng(5), side=224)
    small = clothes.draw_garment("Coat", make_rng(5), side=28)
    reduced = np.asarray(Image.fromarray(large).resize((28, 28), Image.Resampling.BOX), np.float32)
    assert np.corrcoef(reduced.ravel(), small.ravel())[0, 1] > 0.9


def test_wrong_kinds_and_sides_are_refused():
    with pytest.raises(ValueError, match="came 'sock'"):
        clothes.draw_garment("sock", make_rng(0))
    with pytest.raises(ValueError, match="28 to 512, came 12"):
        clothes.draw_garment("Bag", make_rng(0), side=12)


@pytest.mark.parametrize("kind", clothes_cuts.TOPS)
def test_every_choice_for_a_top_can_be_drawn(kind, monkeypatch):
    tables = ("NECKS", "OPENINGS", "POCKETS", "PRINTS", "HEMS", "WAISTS")
    choices = [list(getattr(clothes_cuts, name)[kind]) for name in tables]
    for number in range(max(map(len, choices))):
        for name, keys in zip(tables, choices, strict=True):
            only = {keys[number % len(keys)]: 1}
            monkeypatch.setitem(getattr(clothes_cuts, name), kind, only)
        assert clothes_cuts.draw_top_of(kind, make_rng(number)).cover.any()


def test_prints_are_factors_around_one():
    names = {name for table in clothes_cuts.PRINTS.values() for name in table}
    for name in sorted(names):
        field = getattr(garment_prints, name)(make_rng(1))
        assert field.shape == (cloth.SIDE, cloth.SIDE)
        assert 0.4 < field.mean() < 1.6 and field.min() > -0.2 and field.max() < 3


def test_a_picture_depends_on_seed_and_number_only():
    few, labels = draw_clothes(1, seed=4)
    more, _ = draw_clothes(3, seed=4, processes=2)
    assert few.shape == (10, 28, 28) and few.dtype == np.uint8
    assert labels.dtype == np.int64 and labels.tolist() == list(range(10))
    np.testing.assert_array_equal(few, more[:10])
    np.testing.assert_array_equal(more[17], draw_task((4, 17, 28)))
    assert np.any(few != draw_clothes(1, seed=5)[0])


def test_the_loader_reads_what_is_written(tmp_path, monkeypatch):
    folder = write_clothes(tmp_path / "fashion-mnist", seed=6, count=5, processes=1)
    assert sorted(path.name for path in folder.iterdir()) == sorted(fashion_mnist.FILES.values())
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.setenv("PIXVOX_DATA", str(tmp_path))
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_fashion_mnist()
    assert x_train.shape == (40, 28, 28, 1) and x_test.shape == (10, 28, 28, 1)
    assert np.bincount(y_train).tolist() == [4] * 10 and np.bincount(y_test).tolist() == [1] * 10
    assert np.any(np.diff(y_train[:20]) != 1)
    pictures, labels = draw_clothes(5, seed=6)
    drawn = {(picture.tobytes(), label) for picture, label in zip(pictures, labels, strict=True)}
    read = zip(np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test]), strict=True)
    assert {(picture.tobytes(), label) for picture, label in read} == drawn


def test_writing_twice_gives_the_same_bytes(tmp_path):
    first, again = (write_clothes(tmp_path / name, seed=7, count=5, processes=1) for name in "ab")
    for name in fashion_mnist.FILES.values():
        assert (first / name).read_bytes() == (again / name).read_bytes()
    with gzip.open(first / fashion_mnist.FILES["x_test"]) as file:
        file.read()
        assert file.mtime == 0


def test_counts_seeds_and_sizes_that_make_no_sense_are_refused(tmp_path):
    with pytest.raises(ValueError, match="count as a whole number, 1 or more, came 0"):
        draw_clothes(0, seed=1)
    with pytest.raises(ValueError, match="seed as a whole number"):
        draw_clothes(1, seed=-1)
    with pytest.raises(ValueError, match="5 or more, came 4"):
        write_clothes(tmp_path, count=4)
    with pytest.raises(ValueError, match="size as 28"):
        write_clothes(tmp_path, size=64)
    assert not list(tmp_path.iterdir())


def test_a_contact_sheet_has_a_row_for_each_class(tmp_path):
    path = sheet_clothes(tmp_path, seed=2, count=2)
    with Image.open(path) as sheet:
        assert path.name == "clothes-sheet.png" and sheet.height > 9 * 128 and sheet.width < 3 * 132
    with Image.open(sheet_clothes(tmp_path, seed=2, count=1, size=56)) as sheet:
        assert sheet.size == (64, 604)


def test_one_number_or_the_border_tells_little_of_the_class():
    pictures, labels = draw_clothes(24, seed=1500)
    half = len(pictures) // 2
    means = pictures.mean(axis=(1, 2))
    edges = np.quantile(means[:half], np.linspace(0, 1, 9)[1:-1])
    bins = np.digitize(means, edges)
    table = np.zeros((8, 10))
    np.add.at(table, (bins[:half], labels[:half]), 1)
    found = (table.argmax(axis=1)[bins[half:]] == labels[half:]).mean()
    assert found < 0.32, "the mean grey tells the classes apart"
    rim = np.concatenate([pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1]], axis=1)
    assert (rim > 20).mean() < 0.2, "garments fill the border"


def test_curves_and_draws():
    line = curve([(0, 0), (1, 1), (2, 0)])
    assert line[0].tolist() == [0, 0] and line[-1].tolist() == [2, 0] and len(line) == 13
    assert line[6].tolist() == [1, 1]
    whole = mirrored([(0, 0), (1, 1), (0, 2)])
    assert whole[:, 0].sum() == 0 and whole[0, 1] == whole[-1, 1] == 0
    rng = make_rng(3)
    drawn = [near(rng, 5, 0.5) for _ in range(400)]
    assert min(drawn) >= 4 and max(drawn) <= 6 and 4.9 < np.mean(drawn) < 5.1
    picks = [chosen(rng, {"a": 3, "b": 1, "c": 0}) for _ in range(400)]
    assert 250 < picks.count("a") < 350 and "c" not in picks


def test_the_committed_sample_is_what_the_code_draws():
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_fashion_mnist()
    assert x_train.shape == (2000, 28, 28, 1) and x_test.shape == (500, 28, 28, 1)
    assert np.bincount(y_train).tolist() == [200] * 10 and np.bincount(y_test).tolist() == [50] * 10
    drawn, labels = draw_clothes(1, seed=clothes_sets.SAMPLE_SEED)
    for picture, label in zip(drawn, labels, strict=True):
        same = x_train[y_train == label][..., 0]
        assert np.abs(same.astype(int) - picture).mean(axis=(1, 2)).min() < 1


@pytest.mark.parametrize("kind", clothes.KINDS)
def test_nothing_is_cut_off_by_the_edge_of_the_table(kind):
    for seed in range(30):
        cover = clothes.DRAWERS[kind](make_rng(100 + seed)).cover
        assert not (cover[[0, -1]].any() or cover[:, [0, -1]].any())
