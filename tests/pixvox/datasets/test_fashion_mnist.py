import gzip
import struct

import numpy as np
import pytest
from support.published import check_digits

from pixvox.datasets import fashion_mnist, store


def idx(array, kind=8, axes=None):
    header = struct.pack(f">HBB{array.ndim}I", 0, kind, array.ndim if axes is None else axes, *array.shape)
    return header + array.astype(np.uint8).tobytes()


PICTURES, OTHERS = np.split(np.random.default_rng(0).integers(0, 256, (7, 28, 28), np.uint8), [5])
ARRAYS = {"x_train": PICTURES, "y_train": np.array([0, 9, 3, 3, 1])}
ARRAYS |= {"x_test": OTHERS, "y_test": np.array([4, 8])}


@pytest.fixture
def folder(course, monkeypatch):
    """Return the folder of a small Fashion-MNIST in the full profile."""
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    folder = course / "data" / "full" / "fashion-mnist"
    folder.mkdir(parents=True)
    for key, array in ARRAYS.items():
        (folder / fashion_mnist.FILES[key]).write_bytes(gzip.compress(idx(array)))
    return folder


def test_load_fashion_mnist_gives_pictures_with_a_channel_and_integer_labels(folder):
    check_digits(fashion_mnist.load_fashion_mnist(), ARRAYS)
    assert len(store.used()) == 4


def test_there_are_ten_class_names_in_the_published_order():
    assert len(fashion_mnist.CLASS_NAMES) == 10
    assert fashion_mnist.CLASS_NAMES[0] == "T-shirt/top" and fashion_mnist.CLASS_NAMES[9] == "Ankle boot"


def test_a_missing_file_is_an_error_that_names_the_command(folder):
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match="t10k-labels.*`pixvox fetch fashion-mnist`"):
        fashion_mnist.load_fashion_mnist()


WHOLE = gzip.compress(idx(PICTURES))
WRONG = {
    "labels in the place of pictures": gzip.compress(idx(np.zeros(20))),
    "other type": gzip.compress(idx(PICTURES, kind=13)),
    "too many values": gzip.compress(idx(PICTURES) + b"0"),
    "other size": gzip.compress(idx(PICTURES[:, :20])),
    "none": gzip.compress(idx(PICTURES[:0])),
    "a bomb": gzip.compress(struct.pack(">HBB3I", 0, 8, 3, 10**9, 28, 28)),
    "not gzipped": idx(PICTURES),
    "broken off": WHOLE[:2000],
    "wrong checksum": WHOLE[:-8] + bytes([WHOLE[-8] ^ 1]) + WHOLE[-7:],
    "empty": b"",
    "fewer than labels": gzip.compress(idx(PICTURES[:4])),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_wrong_pictures_are_refused_with_the_remedy(folder, data):
    (folder / "train-images-idx3-ubyte.gz").write_bytes(data)
    with pytest.raises(ValueError, match="train-.*: expected .*`pixvox fetch fashion-mnist`") as caught:
        fashion_mnist.load_fashion_mnist()
    assert str(folder) in str(caught.value)


def test_a_label_above_nine_is_refused(folder):
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(np.array([0, 1, 2, 3, 10]))))
    with pytest.raises(ValueError, match="labels 0 to 9"):
        fashion_mnist.load_fashion_mnist()


def test_a_file_that_was_unzipped_is_told_what_it_lacks(folder):
    (folder / "train-images-idx3-ubyte.gz").write_bytes(idx(PICTURES))
    with pytest.raises(ValueError, match="Not a gzipped file.*pack it with `gzip`"):
        fashion_mnist.load_fashion_mnist()
