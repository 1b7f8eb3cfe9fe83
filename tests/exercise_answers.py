"""What every check of an exercise must do, for the tests of the lessons' checks."""

import pytest


def accept(check, answer, capsys):
    """A right answer is accepted."""
    check(answer)
    assert capsys.readouterr().out == "Right.\n"


def hint(check, answer, expected, capsys, monkeypatch):
    """A wrong answer gets a hint, and raises only under PIXVOX_STRICT."""
    check(answer)
    out = capsys.readouterr().out
    assert out.startswith("Not yet.") and expected in out
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    with pytest.raises(AssertionError, match="Not yet"):
        check(answer)


def keep_silent(check, answer, capsys, monkeypatch):
    """An untouched answer is met with silence, under PIXVOX_STRICT too."""
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    check(answer)
    assert capsys.readouterr().out == ""
