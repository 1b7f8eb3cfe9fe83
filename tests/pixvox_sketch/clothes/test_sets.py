import gzip
import struct

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from pixvox.datasets import fashion_mnist
from pixvox_sketch.clothes.sets import (
    DRAWERS,
    KINDS,
    SAMPLE_SEED,
    draw_clothes,
    draw_garment,
    pack_idx,
    write_clothes,
)


def make_rng(seed):
    return np.random.default_rng([2, seed])


def test_the_kinds_are_those_of_fashion_mnist():
    assert KINDS == fashion_mnist.CLASS_NAMES
    assert draw_clothes(2, seed=1)[1].tolist() == [*range(10)] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_longer_side_fills_the_square_and_the_garment_is_in_one_piece(kind):
    for seed in range(4):
        picture = draw_garment(kind, make_rng(seed), side=112)
        longer = max(np.ptp(np.flatnonzero((picture > 8).any(axis=axis))) for axis in (0, 1))
        assert 112 * 0.84 < longer < 112
        largest = np.bincount(ndimage.label(picture > 8)[0].ravel())[1:].max()
        assert largest > 0.8 * (picture > 8).sum()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off_by_the_edge_of_the_table(kind):
    for seed in range(12):
        cover = DRAWERS[kind](make_rng(100 + seed)).cover
        assert not (cover[[0, -1]].any() or cover[:, [0, -1]].any())


def test_large_and_small_drawings_show_the_same_garment():
    large, small = (draw_garment("Coat", make_rng(5), side=side) for side in (224, 28))
    reduced = np.asarray(Image.fromarray(large).resize((28, 28), Image.Resampling.BOX), np.float32)
    assert np.corrcoef(reduced.ravel(), small.ravel())[0, 1] > 0.9


def test_the_loader_reads_what_is_written_with_a_fifth_of_each_class_for_testing(tmp_path, monkeypatch):
    folder = write_clothes(tmp_path / "fashion-mnist", seed=6, count=5, processes=1)
    assert sorted(path.name for path in folder.iterdir()) == sorted(fashion_mnist.FILES.values())
    times = {path.read_bytes()[4:8] for path in folder.iterdir()}
    assert times == {bytes(4)}, "gzip's time of writing: two calls would not write the same bytes"
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.setenv("PIXVOX_DATA", str(tmp_path))
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_fashion_mnist()
    assert np.bincount(y_train).tolist() == [4] * 10 and np.bincount(y_test).tolist() == [1] * 10
    assert np.any(np.diff(y_train[:20]) != 1), "the order is not shuffled"
    drawn = zip(*draw_clothes(5, seed=6), strict=True)
    read = zip(np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test]), strict=True)
    assert {(x.tobytes(), y) for x, y in read} == {(x.tobytes(), y) for x, y in drawn}


def test_neither_the_mean_grey_nor_the_border_tells_the_class():
    pictures, labels = draw_clothes(16, seed=1500)
    half = len(pictures) // 2
    means = pictures.mean(axis=(1, 2))
    bins = np.digitize(means, np.quantile(means[:half], np.linspace(0, 1, 9)[1:-1]))
    table = np.zeros((8, 10))
    np.add.at(table, (bins[:half], labels[:half]), 1)
    assert (table.argmax(axis=1)[bins[half:]] == labels[half:]).mean() < 0.32
    rim = np.concatenate([pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1]], axis=1)
    assert (rim > 20).mean() < 0.2, "garments fill the border"


def test_the_committed_sample_is_what_the_code_draws():
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_fashion_mnist()
    assert np.bincount(y_train).tolist() == [200] * 10 and np.bincount(y_test).tolist() == [50] * 10
    for picture, label in zip(*draw_clothes(1, seed=SAMPLE_SEED), strict=True):
        same = x_train[y_train == label][..., 0]
        assert np.abs(same.astype(int) - picture).mean(axis=(1, 2)).min() < 1


@pytest.mark.parametrize("shape", [(5, 28, 28), (7,)])
def test_pack_idx_writes_the_published_format(shape):
    array = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    packed = pack_idx(array)
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *shape)
    assert gzip.decompress(packed) == header + array.tobytes()
    assert packed[4:8] == bytes(4)  # gzip's time of writing
