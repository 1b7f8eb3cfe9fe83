import gzip
import struct

import numpy as np
import pytest
from support.published import check_digits, clothes_csv

from pixvox.datasets import fashion_mnist, store
from pixvox.datasets.registry import DATASETS


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
        fashion_mnist.check(folder)


# The form of Kaggle's CSV files

TABLE = clothes_csv(PICTURES, ARRAYS["y_train"])
NAMES, FIRST, *OTHER_LINES = TABLE.splitlines(keepends=True)
QUOTED = b"".join(b'"' + line.rstrip().replace(b",", b'","') + b'"\n' for line in TABLE.splitlines())
FORMS = {
    "as published": TABLE,
    "line ends of Windows": TABLE.replace(b"\n", b"\r\n"),
    "a byte order mark": b"\xef\xbb\xbf" + TABLE,
    "quotes": QUOTED,
    "all of Windows": b"\xef\xbb\xbf" + QUOTED.replace(b"\n", b"\r\n"),
    "no last line end": TABLE.rstrip(),
    "empty lines at the end": TABLE + b"\n\n",
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_read_csv_gives_the_pictures_and_labels_that_were_written(tmp_path, data):
    (tmp_path / "mine.csv").write_bytes(data)
    pictures, labels = fashion_mnist.read_csv(tmp_path / "mine.csv")
    assert pictures.dtype == np.uint8 and labels.dtype == np.int64
    np.testing.assert_array_equal(pictures, PICTURES[..., None])
    np.testing.assert_array_equal(labels, ARRAYS["y_train"])


def changed(line, place, value):
    """Return a line of a table with another value at a place."""
    values = line.rstrip().split(b",")
    values[place] = value
    return b",".join(values) + b"\n"


WRONG_TABLES = {
    "empty": (b"", 0),
    "names only": (NAMES, 1),
    "no names": (FIRST + b"".join(OTHER_LINES), 1),
    "other names": (TABLE.replace(b"pixel784", b"pixel0"), 1),
    "names in another order": (TABLE.replace(b"label,pixel1,", b"pixel1,label,"), 1),
    "a column too few": (b"".join(line.rsplit(b",", 1)[0] + b"\n" for line in TABLE.splitlines()), 1),
    "a column too many": (TABLE.replace(b"\n", b",0\n"), 1),
    "a value too few": (NAMES + FIRST.rsplit(b",", 1)[0] + b"\n", 2),
    "a value too many": (NAMES + b"0," + FIRST, 2),
    "256": (NAMES + FIRST + changed(FIRST, 784, b"256"), 3),
    "negative": (NAMES + changed(FIRST, 1, b"-1"), 2),
    "no number": (NAMES + changed(FIRST, 5, b"nan"), 2),
    "no value": (NAMES + changed(FIRST, 5, b""), 2),
    "a long value": (NAMES + changed(FIRST, 5, b"7" * 9000), 2),
    "a fraction": (NAMES + changed(FIRST, 5, b"0.5"), 2),
    "label 10": (NAMES + changed(FIRST, 0, b"10"), 2),
    "broken off": (TABLE[:-700], 6),
    "semicolons": (TABLE.replace(b",", b";"), 1),
    "an endless quote": (NAMES + b'"' + TABLE * 10, None),
    "another encoding": (TABLE.decode().encode("utf-16"), 0),
    "no text": (gzip.compress(TABLE), 0),
    "a null byte": (NAMES + b"\0" + FIRST, 2),
}


@pytest.mark.parametrize(("data", "line"), WRONG_TABLES.values(), ids=WRONG_TABLES)
def test_a_wrong_csv_file_is_refused_and_its_line_named(tmp_path, data, line):
    (tmp_path / "mine.csv").write_bytes(data)
    number = r"\d+" if line is None else line
    with pytest.raises(
        ValueError, match=rf"mine\.csv: expected label,pixel1.*got in line {number}: "
    ) as caught:
        fashion_mnist.read_csv(tmp_path / "mine.csv")
    assert len(str(caught.value)) < len(str(tmp_path)) + 300


def test_a_csv_file_with_too_many_pictures_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(fashion_mnist, "MOST_PICTURES", 4)
    (tmp_path / "mine.csv").write_bytes(TABLE + b"junk")
    with pytest.raises(ValueError, match="line 6: more than 4 pictures"):
        fashion_mnist.read_csv(tmp_path / "mine.csv")


def test_an_endless_line_is_not_read_to_its_end(tmp_path):
    (tmp_path / "mine.csv").write_bytes(b"0," * 10**6)
    with pytest.raises(ValueError, match=r"line 1: \d{2},\d{3} names"):  # not 1,000,001
        fashion_mnist.read_csv(tmp_path / "mine.csv")


def test_a_csv_file_that_is_not_there_is_an_error_of_its_own(tmp_path):
    with pytest.raises(FileNotFoundError):
        fashion_mnist.read_csv(tmp_path / "mine.csv")


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_pack_idx_writes_the_published_format(array):
    packed = fashion_mnist.pack_idx(array.astype(np.uint8))
    assert gzip.decompress(packed) == idx(array) and packed[4:8] == bytes(4)  # gzip's time of writing
