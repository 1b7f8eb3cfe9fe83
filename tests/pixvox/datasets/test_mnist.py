import io
import zipfile

import numpy as np
import pytest
from support.published import check_digits

from pixvox.datasets import mnist, store

PICTURES = np.random.default_rng(0).integers(0, 256, (10, 28, 28), np.uint8)
ARRAYS = {"x_train": PICTURES[:7], "y_train": np.arange(7, dtype=np.uint8)}
ARRAYS |= {"x_test": PICTURES[7:], "y_test": np.array([9, 0, 5], np.uint8)}


@pytest.fixture
def path(course):
    """Return the path of the sample's file in an empty repository."""
    folder = course / "data" / "sample" / "mnist"
    folder.mkdir(parents=True)
    return folder / "mnist.npz"


def test_load_mnist_gives_pictures_with_a_channel_and_integer_labels(path):
    np.savez_compressed(path, **ARRAYS)
    check_digits(mnist.load_mnist(), ARRAYS)
    assert list(store.used()) == ["mnist/mnist.npz"]


def test_the_committed_sample_is_what_the_docstring_says(monkeypatch):
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)
    (x_train, y_train), (x_test, y_test) = mnist.load_mnist()
    assert x_train.shape == (1437, 28, 28, 1) and x_test.shape == (360, 28, 28, 1)
    for pictures, labels in ((x_train, y_train), (x_test, y_test)):
        assert pictures.dtype == np.uint8 and (pictures.min(), pictures.max()) == (0, 255)
        assert labels.dtype == np.int64 and set(labels) == set(range(10))


def test_a_missing_file_is_an_error_that_names_the_command(path):
    with pytest.raises(FileNotFoundError, match="`pixvox sketch digits`"):
        mnist.load_mnist()
    with pytest.raises(FileNotFoundError):
        mnist.read_mnist(path)


WRONG = {
    "flat": {"x_test": np.zeros((3, 784), np.uint8)},
    "empty": {"x_test": np.zeros((0, 28, 28), np.uint8)},
    "dtype": {"x_train": np.zeros((7, 28, 28), np.float32)},
    "label dtype": {"y_test": np.zeros(3, np.float64)},
    "label count": {"y_train": np.zeros(6, np.uint8)},
    "label range": {"y_train": np.full(7, 10, np.uint8)},
    "negative label": {"y_test": np.array([-1, 0, 1])},
    "pickle": {"y_test": np.array([1, "a", None], object)},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_wrong_array_is_refused_with_the_remedy(path, changes):
    np.savez(path, **(ARRAYS | changes))
    with pytest.raises(ValueError, match=r"mnist\.npz: expected .*`pixvox sketch digits`\.$") as caught:
        mnist.load_mnist()
    assert next(iter(changes)) in str(caught.value)


def test_missing_keys_are_named(path):
    np.savez(path, images=np.zeros(3), labels=np.zeros(3))
    with pytest.raises(ValueError, match="images, labels"):
        mnist.load_mnist()
    write_members(path, {})
    with pytest.raises(ValueError, match="x_train, y_train, x_test, y_test"):
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


def test_a_file_from_python_2_is_read_without_a_word(path, recwarn):
    arrays = {f"{key}.npy": npy(array) for key, array in ARRAYS.items()}
    arrays["x_train.npy"] = arrays["x_train.npy"].replace(b"(7, 28, 28)", b"(7L,28, 28)")
    write_members(path, arrays)
    check_digits(mnist.load_mnist(), ARRAYS)
    assert not recwarn.list


@pytest.mark.parametrize("count", [10**12, 10**6])
def test_a_header_that_promises_more_than_there_is_is_refused(path, count):
    arrays = {f"{key}.npy": npy(array) for key, array in ARRAYS.items()}
    write_members(path, arrays | {"x_train.npy": npy(ARRAYS["x_train"], (count, 28, 28))})
    with pytest.raises(ValueError, match="expected an npz file with the arrays .*`pixvox sketch digits`"):
        mnist.load_mnist()


def test_a_bomb_is_refused_before_it_is_unpacked(path, monkeypatch):
    monkeypatch.setattr(mnist, "MOST_BYTES", 10**6)
    monkeypatch.setattr(mnist.np, "load", None)
    np.savez_compressed(path, **(ARRAYS | {"x_train": np.zeros((1500, 28, 28), np.uint8)}))
    with pytest.raises(ValueError, match="more than is believable"):
        mnist.load_mnist()
    path.write_bytes(bytes(10**6 + 1))
    with pytest.raises(ValueError, match="at most 1,000,000 bytes"):
        mnist.load_mnist()


HEADERS = {
    "an expression": "__import__('pathlib').Path('marker').touch()",
    "an expression inside": "{'descr': __import__('os').getcwd(), 'fortran_order': False, 'shape': (1,), }",
    "Python 2's numbers, cut off": "{'descr': '|u1', 'fortran_order': False, 'shape': (7L, 28",
    "brackets": 200 * "(" + 200 * ")",
    "signs": 5_000 * "-" + "1",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (7,), }",
    "a negative size": "{'descr': '|u1', 'fortran_order': False, 'shape': (-7, 28, 28), }",
    "2**60": "{'descr': '|u1', 'fortran_order': False, 'shape': (1152921504606846976, 28, 28), }",
    "a huge type": "{'descr': '|V999999999', 'fortran_order': False, 'shape': (7,), }",
    "a null byte": "\0",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_is_data_and_nothing_in_it_is_executed(path, tmp_path, monkeypatch, header):
    monkeypatch.chdir(tmp_path)
    arrays = {f"{key}.npy": npy(array) for key, array in ARRAYS.items()}
    content = b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header.encode() + bytes(5_488)
    write_members(path, arrays | {"x_train.npy": content})
    with pytest.raises(ValueError, match="expected an npz file with the arrays .*`pixvox sketch digits`"):
        mnist.load_mnist()
    assert not (tmp_path / "marker").exists()


def test_names_in_the_file_forge_no_lines(path):
    write_members(path, {f"\x1b[2J\n{number}".ljust(99, "x"): b"" for number in range(500)})
    with pytest.raises(ValueError, match=r"got: \\x1b\[2J\\n") as caught:
        mnist.load_mnist()
    assert str(caught.value).isprintable() and len(str(caught.value)) < 1_000


def test_members_that_are_no_arrays_are_refused(path):
    arrays = {f"{key}.npy": npy(array) for key, array in ARRAYS.items()}
    for wrong in (
        {key.removesuffix(".npy"): arrays[key] for key in arrays},
        arrays | {"x_test.npy": b"text"},
    ):
        write_members(path, wrong)
        with pytest.raises(ValueError, match="expected an npz file with the arrays"):
            mnist.load_mnist()
    write_members(path, arrays | {"x_test": b"text"})  # beside the right one
    assert len(mnist.load_mnist()[1][0]) == 3


@pytest.mark.parametrize("keep", [0, 100, 5000, None])
def test_half_a_file_or_a_flipped_bit_is_refused(path, keep):
    np.savez(path, **ARRAYS)
    data = bytearray(path.read_bytes())
    data[2000] ^= keep is None
    path.write_bytes(data[:keep])
    with pytest.raises(ValueError, match="another kind of file, or part of one|CRC"):
        mnist.load_mnist()


def test_a_full_memory_is_no_wrong_file(path, monkeypatch):
    def full(*arguments, **settings):
        raise MemoryError

    np.savez(path, **ARRAYS)
    monkeypatch.setattr(mnist.np, "load", full)
    with pytest.raises(MemoryError):
        mnist.read_mnist(path)
