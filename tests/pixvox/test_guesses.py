"""Guesses are read as they were kept; a file that holds something else is set aside, and a lesson goes on."""

import json
import os
import subprocess
import sys

import pytest

from pixvox import guesses

ENTRY = {"guess": 0.5, "result": None, "profile": "sample"}


def test_what_is_kept_is_read(course):
    guesses.keep("01_mnist", "Anteil für heute", 0.5, float("nan"))
    guesses.keep("01_mnist", "count", 3, 4)
    assert guesses.load()["01_mnist"]["Anteil für heute"] == ENTRY
    assert guesses.load()["01_mnist"]["count"] == {"guess": 3, "result": 4, "profile": "sample"}


def test_two_notebooks_at_once_lose_no_guess(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PIXVOX_BUILD", str(tmp_path))
    script = (
        "import sys; from pixvox import guesses\nfor i in range(20): guesses.keep(sys.argv[1], str(i), 1, 2)"
    )
    both = [subprocess.Popen([sys.executable, "-c", script, name], env={**os.environ}) for name in "ab"]
    assert [process.wait() for process in both] == [0, 0]
    assert {name: len(kept) for name, kept in guesses.load().items()} == {"a": 20, "b": 20}


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "1", 20_000 * "[", 5_000 * "9", json.dumps({"01": []}), json.dumps({"01": {"a": None}})),
        *(json.dumps({"01": {"a": {}}}), json.dumps({"01": {"a": {**ENTRY, "more": 1}}})),
        *(json.dumps({"01": {"a": {**ENTRY, "guess": guess}}}) for guess in ("text", [], 10**400)),
        json.dumps({"01": {"a": {**ENTRY, "profile": "\x1b[2J"}}}),
    ],
)
def test_a_file_of_something_else_is_set_aside_and_the_next_guess_is_kept(course, capsys, text):
    (course / "build").mkdir()
    guesses.path().write_text(text, encoding="utf-8")
    guesses.keep("01_mnist", "count", 3, 4)
    assert "it is set aside as guesses.broken.json" in capsys.readouterr().out
    assert guesses.path().with_suffix(".broken.json").read_text(encoding="utf-8") == text
    assert [*guesses.load()] == ["01_mnist"]


def test_half_a_letter_in_a_name_does_no_harm(course, capsys):
    (course / "build").mkdir()
    guesses.path().write_text(json.dumps({"01": {"\ud800": ENTRY}}), encoding="utf-8")
    guesses.keep("02", "count", 3, 4)
    assert [*guesses.load()] == ["01", "02"] and not capsys.readouterr().out
