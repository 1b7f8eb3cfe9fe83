import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

from pixvox import tables

ROWS = [
    {"key": "dense-seed0", "net": "dense", "seed": 0, "accuracy": 0.5, "cpu_seconds": 1.0, "source": 0},
    {"key": "dense-seed1", "net": "dense", "seed": 1, "accuracy": 0.7, "cpu_seconds": 2.5, "source": None},
]
HEAD = {"study": "nets", "title": "nets compared", "sources": [{"device": "CPU, 2 cores"}]}


def write(path, document):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")


def keep_study(profile):
    write(tables.kept_path("nets", profile), {**HEAD, "rows": ROWS, "profile": profile})


def test_a_kept_table_is_a_frame_that_says_where_it_comes_from(course):
    keep_study("sample")
    frame = tables.load_study("nets")
    assert list(frame.columns) == ["net", "seed", "accuracy", "cpu_seconds", "source"]
    assert frame.accuracy.tolist() == [0.5, 0.7]
    assert frame.attrs == {**HEAD, "profile": "sample"}


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_a_table_that_was_not_kept_is_missed_with_the_command_that_makes_it(course, profile):
    with pytest.raises(FileNotFoundError, match=f"Type `pixvox study nets --profile {profile} --keep`"):
        tables.load_study("nets", profile)


def test_where_the_full_table_is_missing_the_samples_comes_and_says_so(course, capsys):
    keep_study("sample")
    frame = tables.load_study("nets", "full")
    shown = capsys.readouterr().out
    assert "SAMPLE" in shown and "`pixvox study nets --profile full --keep`" in shown
    assert frame.attrs["profile"] == "sample"
    keep_study("full")
    assert tables.load_study("nets", "full").attrs["profile"] == "full" and not capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1]",
        '{"study": "nets"}',
        '{"rows": [1]}',
        '{"rows": [{}]}',
        '{"rows": [{"key": "dense", "cpu_seconds": 1}]}',
        '{"sources": [], "rows": [{"key": "dense", "cpu_seconds": 1, "source": 0}]}',
    ],
)
def test_what_is_no_table_is_refused(course, text):
    (course / "nets.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="Remove the file"):
        tables.read(course / "nets.json")


@pytest.mark.parametrize(
    "change",
    [
        {"rows": {}},
        {"rows": ""},
        {"sources": {"0": 1}},
        {"rows": [{**ROWS[0], "source": -1}]},
        {"rows": [{**ROWS[0], "source": "0"}]},
        {"rows": [{**ROWS[0], "source": 0.0}]},
        {"rows": [{**ROWS[0], "key": None}]},
        {"rows": [{**ROWS[0], "cpu_seconds": 10**400}]},
    ],
)
def test_rows_of_other_kinds_of_values_are_refused(course, change):
    write(tables.kept_path("nets", "sample"), {**HEAD, "rows": ROWS, **change})
    with pytest.raises(ValueError, match="Type `git checkout HEAD -- data/results/sample/studies/nets.json`"):
        tables.load_study("nets", "sample")


def test_numbers_that_are_none_become_none_and_a_name_twice_is_its_last(course):
    text = json.dumps({**HEAD, "rows": ROWS}).replace("0.5", "1e400").replace("0.7", "NaN")
    path = tables.kept_path("nets", "sample")
    path.parent.mkdir(parents=True)
    path.write_text(text.replace('"title"', '"title": "first", "title"'), encoding="utf-8")
    frame = tables.load_study("nets", "sample")
    assert frame.accuracy.tolist() == [None, None] and frame.attrs["title"] == "nets compared"


@pytest.mark.parametrize(
    "text", [20_000 * "[", 20_000 * '{"a":', "[[1, 2]]", "[]", '""', "null", 5_000 * "9"]
)
def test_results_and_tables_that_are_something_else_are_refused(course, text):
    for path in (tables.kept_path("nets", "full"), course / "data/results/full/01_mnist.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="01_mnist.json, got none. Type `git checkout HEAD"):
        tables.load_results("01_mnist", "full")
    with pytest.raises(ValueError, match="nets.json, got none. Type `git checkout HEAD"):
        tables.load_study("nets", "full")


def test_results_of_a_lesson_are_read_and_missing_ones_are_none(course):
    write(course / "data" / "results" / "full" / "01_mnist.json", {"lesson": "01_mnist"})
    assert tables.load_results("01_mnist", "full") == {"lesson": "01_mnist"}
    assert tables.load_results("01_mnist", "sample") is None
    for broken in ("", "[1]"):
        (course / "data" / "results" / "full" / "01_mnist.json").write_text(broken, encoding="utf-8")
        with pytest.raises(ValueError, match="`git checkout HEAD -- data/results/full/01_mnist.json`"):
            tables.load_results("01_mnist", "full")


def test_paths_are_shown_as_people_type_them(course):
    assert tables.display_path(course / "build" / "nets.json") == "build/nets.json"
    assert tables.display_path(course.parent / "nets.json") == (course.parent / "nets.json").as_posix()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.float32(1 / 3), 0.333333),
        (np.int64(7), 7),
        (1234567.0, 1234570.0),
        (math.nan, None),
        (math.inf, None),
        (None, None),
        ("uint8", "uint8"),
        (True, True),
    ],
)
def test_numbers_become_pythons_with_six_digits(value, written):
    assert tables.plain(value) == written and type(tables.plain(value)) is type(written)


def test_histories_become_plain_lists_at_any_depth():
    history = SimpleNamespace(history={"loss": [np.float32(0.5), math.nan]})
    assert tables.plain_histories(history) == {"loss": [0.5, None]}
    nested = {"dense": {"seed 0": history}, "convnet": {"loss": [1.0]}}
    assert tables.plain_histories(nested) == {
        "dense": {"seed 0": {"loss": [0.5, None]}},
        "convnet": {"loss": [1.0]},
    }
    assert tables.plain_histories(None) == {}


@pytest.mark.parametrize("value, written", [(np.True_, True), (np.array([0.5]), 0.5), (np.array(2), 2)])
def test_numbers_of_numpy_are_what_python_calls_them(value, written):
    assert tables.plain(value) == written and type(tables.plain(value)) is type(written)


@pytest.mark.parametrize("values", [(0.5, 1.0), np.array([0.5, 1.0])])
def test_a_history_of_arrays_or_tuples_is_one_of_lists(values):
    assert tables.plain_histories({"first": {"loss": values}}) == {"first": {"loss": [0.5, 1.0]}}
