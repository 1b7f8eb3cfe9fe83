import gzip
import struct

import numpy as np
import pytest

from pixvox.datasets import fashion_mnist, store
from pixvox.datasets.registry import DATASETS


def idx(array, kind=8, axes=None):
    header = struct.pack(f">HBB{array.ndim}I", 0, kind, array.ndim if axes is None else axes, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def make_arrays():
    generator = np.random.default_rng(0)
    return {
        "x_train": generator.integers(0, 256, (5, 28, 28), np.uint8),
        "y_train": np.array([0, 9, 3, 3, 1], np.uint8),
        "x_test": generator.integers(0, 256, (2, 28, 28), np.uint8),
        "y_test": np.array([4, 8], np.uint8),
    }


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the folder of a small Fashion-MNIST in the full profile."""
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setattr(store, "_located", {})
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.delenv("PIXVOX_DATA", raising=False)
    folder = tmp_path / "data" / "full" / "fashion-mnist"
    folder.mkdir(parents=True)
    for key, array in make_arrays().items():
        (folder / fashion_mnist.FILES[key]).write_bytes(gzip.compress(idx(array)))
    return folder


def test_load_fashion_mnist_gives_pictures_with_a_channel_and_integer_labels(folder):
    arrays = make_arrays()
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_fashion_mnist()
    assert x_train.shape == (5, 28, 28, 1) and x_test.shape == (2, 28, 28, 1)
    assert x_train.dtype == x_test.dtype == np.uint8
    assert y_train.dtype == y_test.dtype == np.int64
    np.testing.assert_array_equal(x_train[..., 0], arrays["x_train"])
    np.testing.assert_array_equal(x_test[..., 0], arrays["x_test"])
    assert y_train.tolist() == [0, 9, 3, 3, 1] and y_test.tolist() == [4, 8]
    assert len(store.used()) == 4


def test_there_are_ten_class_names_in_the_published_order():
    assert len(fashion_mnist.CLASS_NAMES) == 10
    assert fashion_mnist.CLASS_NAMES[0] == "T-shirt/top" and fashion_mnist.CLASS_NAMES[9] == "Ankle boot"


def test_the_registry_has_the_loader_s_files():
    assert set(DATASETS["fashion-mnist"].files) == set(fashion_mnist.FILES.values())


def test_check_describes_right_files(folder):
    assert fashion_mnist.check(folder) == "5 training and 2 test pictures of 28x28"
    assert fashion_mnist.check_file(folder / "train-images-idx3-ubyte.gz") == "5 pictures of 28x28"
    assert fashion_mnist.check_file(folder / "t10k-labels-idx1-ubyte.gz") == "2 labels"


def test_a_missing_file_is_an_error_that_names_the_command(folder):
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match="t10k-labels.*`pixvox fetch fashion-mnist`"):
        fashion_mnist.load_fashion_mnist()


PICTURES = make_arrays()["x_train"]
WHOLE = gzip.compress(idx(PICTURES))
WRONG = {
    "labels in the place of pictures": gzip.compress(idx(np.zeros(20))),
    "other type": gzip.compress(idx(PICTURES, kind=13)),
    "too few values": gzip.compress(idx(PICTURES)[:-1]),
    "too many values": gzip.compress(idx(PICTURES) + b"0"),
    "other size": gzip.compress(idx(PICTURES[:, :20])),
    "none": gzip.compress(idx(PICTURES[:0])),
    "a bomb": gzip.compress(struct.pack(">HBB3I", 0, 8, 3, 10**9, 28, 28)),
    "only a header": gzip.compress(b"\0\0\x08"),
    "not gzipped": idx(PICTURES),
    "broken off": WHOLE[:2000],
    "without its checksum": WHOLE[:-8],
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
        fashion_mnist.check(folder)
