"""Kaggle's CSV files of clothes, read and refused."""

import gzip

import numpy as np
import pytest
from support.published import clothes_csv

from pixvox_cli import clothes_tables

PICTURES = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
LABELS = np.array([0, 9, 3, 3, 1])
TABLE = clothes_csv(PICTURES, LABELS)
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
    pictures, labels = clothes_tables.read_csv(tmp_path / "mine.csv")
    assert pictures.dtype == np.uint8 and labels.dtype == np.int64
    np.testing.assert_array_equal(pictures, PICTURES[..., None])
    np.testing.assert_array_equal(labels, LABELS)


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
        clothes_tables.read_csv(tmp_path / "mine.csv")
    assert len(str(caught.value)) < len(str(tmp_path)) + 300


def test_a_csv_file_with_too_many_pictures_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(clothes_tables, "MOST_PICTURES", 4)
    (tmp_path / "mine.csv").write_bytes(TABLE + b"junk")
    with pytest.raises(ValueError, match="line 6: more than 4 pictures"):
        clothes_tables.read_csv(tmp_path / "mine.csv")


def test_an_endless_line_is_not_read_to_its_end(tmp_path):
    (tmp_path / "mine.csv").write_bytes(b"0," * 10**6)
    with pytest.raises(ValueError, match=r"line 1: \d{2},\d{3} names"):  # not 1,000,001
        clothes_tables.read_csv(tmp_path / "mine.csv")


def test_a_csv_file_that_is_not_there_is_an_error_of_its_own(tmp_path):
    with pytest.raises(FileNotFoundError):
        clothes_tables.read_csv(tmp_path / "mine.csv")
