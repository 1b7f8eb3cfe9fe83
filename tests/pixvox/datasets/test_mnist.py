import io
import zipfile

import numpy as np
import pytest

from pixvox.datasets import mnist, store


def make_arrays():
    generator = np.random.default_rng(0)
    return {
        "x_train": generator.integers(0, 256, (7, 28, 28), np.uint8),
        "y_train": np.arange(7, dtype=np.uint8),
        "x_test": generator.integers(0, 256, (3, 28, 28), np.uint8),
        "y_test": np.array([9, 0, 5], np.uint8),
    }


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Return the path of the sample's file in an empty repository."""
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setattr(store, "_located", {})
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)
    folder = tmp_path / "data" / "sample" / "mnist"
    folder.mkdir(parents=True)
    return folder / "mnist.npz"


def test_load_mnist_gives_pictures_with_a_channel_and_integer_labels(path):
    arrays = make_arrays()
    np.savez_compressed(path, **arrays)
    (x_train, y_train), (x_test, y_test) = mnist.load_mnist()
    assert x_train.shape == (7, 28, 28, 1) and x_test.shape == (3, 28, 28, 1)
    assert x_train.dtype == x_test.dtype == np.uint8
    assert y_train.dtype == y_test.dtype == np.int64
    np.testing.assert_array_equal(x_train[..., 0], arrays["x_train"])
    np.testing.assert_array_equal(x_test[..., 0], arrays["x_test"])
    assert y_train.tolist() == list(range(7)) and y_test.tolist() == [9, 0, 5]
    assert list(store.used()) == ["mnist/mnist.npz"]


def test_the_committed_sample_is_what_the_docstring_says(monkeypatch):
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)
    (x_train, y_train), (x_test, y_test) = mnist.load_mnist()
    assert x_train.shape == (1437, 28, 28, 1) and x_test.shape == (360, 28, 28, 1)
    for pictures, labels in ((x_train, y_train), (x_test, y_test)):
        assert pictures.dtype == np.uint8 and (pictures.min(), pictures.max()) == (0, 255)
        assert labels.dtype == np.int64 and set(labels) == set(range(10))


def test_check_describes_a_right_file(path):
    np.savez(path, **make_arrays())
    assert mnist.check(path.parent) == mnist.check_file(path) == "7 training and 3 test digits of 28x28"


def test_a_missing_file_is_an_error_that_names_the_command(path):
    with pytest.raises(FileNotFoundError, match="`pixvox sketch digits`"):
        mnist.load_mnist()
    with pytest.raises(FileNotFoundError):
        mnist.check(path.parent)


WRONG = {
    "shape": ({"x_train": np.zeros((7, 20, 20), np.uint8)}, r"x_train.*\(n, 28, 28\).*\(7, 20, 20\)"),
    "flat": ({"x_test": np.zeros((3, 784), np.uint8)}, r"x_test.*\(3, 784\)"),
    "empty": ({"x_test": np.zeros((0, 28, 28), np.uint8)}, r"x_test.*\(0, 28, 28\)"),
    "dtype": ({"x_train": np.zeros((7, 28, 28), np.float32)}, "x_train as uint8.*came float32"),
    "label dtype": ({"y_test": np.zeros(3, np.float64)}, "y_test as integers.*came float64"),
    "label count": ({"y_train": np.zeros(6, np.uint8)}, r"y_train.*\(7,\).*came uint8 of shape \(6,\)"),
    "label range": ({"y_train": np.full(7, 10, np.uint8)}, "labels 0 to 9 in y_train, came 10 to 10"),
    "negative label": ({"y_test": np.array([-1, 0, 1])}, "came -1 to 1"),
    "pickle": ({"y_test": np.array([1, "a", None], object)}, "expected an npz file"),
}


@pytest.mark.parametrize("changes, words", WRONG.values(), ids=WRONG)
def test_a_wrong_array_is_named_with_what_was_expected_and_what_came(path, changes, words):
    np.savez(path, **(make_arrays() | changes))
    with pytest.raises(ValueError, match=words) as caught:
        mnist.load_mnist()
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith("Type `pixvox sketch digits`.")


def test_missing_keys_are_named(path):
    np.savez(path, images=np.zeros(3), labels=np.zeros(3))
    with pytest.raises(ValueError, match="arrays x_train, y_train, x_test, y_test, came: images, labels"):
        mnist.load_mnist()
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(ValueError, match="came: an empty one"):
        mnist.load_mnist()


def write_members(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def npy(array, shape=None):
    """Return the bytes of an npy file, whose header may promise another shape."""
    buffer = io.BytesIO()
    header = {"descr": array.dtype.str, "fortran_order": False, "shape": shape or array.shape}
    np.lib.format.write_array_header_1_0(buffer, header)
    return buffer.getvalue() + array.tobytes()


@pytest.mark.parametrize("count", [10**12, 10**6])
def test_a_header_that_promises_more_than_there_is_is_refused(path, count):
    arrays = {f"{key}.npy": npy(array) for key, array in make_arrays().items()}
    write_members(path, arrays | {"x_train.npy": npy(make_arrays()["x_train"], (count, 28, 28))})
    with pytest.raises(ValueError, match="expected an npz file with the arrays .*`pixvox sketch digits`"):
        mnist.load_mnist()


def test_a_bomb_is_refused_before_it_is_unpacked(path, monkeypatch):
    monkeypatch.setattr(mnist, "MOST_BYTES", 10**6)
    monkeypatch.setattr(mnist.np, "load", None)
    np.savez_compressed(path, **(make_arrays() | {"x_train": np.zeros((1500, 28, 28), np.uint8)}))
    with pytest.raises(ValueError, match="came: 1,1..,... bytes unpacked, more than is believable"):
        mnist.load_mnist()


def test_members_that_are_no_arrays_are_refused(path):
    arrays = {f"{key}.npy": npy(array) for key, array in make_arrays().items()}
    write_members(path, {key.removesuffix(".npy"): content for key, content in arrays.items()})
    with pytest.raises(ValueError, match="expected an npz file with the arrays"):
        mnist.load_mnist()
    write_members(path, arrays | {"x_test.npy": b"text"})
    with pytest.raises(ValueError, match="expected x_test as uint8"):
        mnist.load_mnist()
    write_members(path, arrays | {"x_test": b"text"})  # beside the right one
    assert len(mnist.load_mnist()[1][0]) == 3


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_half_a_file_is_refused(path, keep):
    np.savez(path, **make_arrays())
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="came: another kind of file, or part of one"):
        mnist.load_mnist()


def test_a_file_of_another_kind_is_refused(path):
    with open(path, "wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ValueError, match="another kind of file"):
        mnist.load_mnist()


def test_a_flipped_bit_is_noticed(path):
    np.savez(path, **make_arrays())
    data = bytearray(path.read_bytes())
    data[2000] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="CRC"):
        mnist.load_mnist()
