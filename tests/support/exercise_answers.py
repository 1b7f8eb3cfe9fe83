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


def make_tests(right, wrong):
    """Make the three tests that the checks of a lesson's exercises must pass.

    Args:
        right: list of (check, a right answer); every check is in it.
        wrong: list of (check, a wrong answer, what its hint says).

    Returns:
        three test functions, for right, wrong and untouched answers; assign them to names that begin with
        "test".
    """
    takes_function = {check: callable(answer) for check, answer in right}

    @pytest.mark.parametrize(("check", "answer"), right)
    def test_right(check, answer, capsys, monkeypatch):
        monkeypatch.delenv("PIXVOX_STRICT", raising=False)
        accept(check, answer, capsys)

    @pytest.mark.parametrize(("check", "answer", "expected"), wrong)
    def test_wrong(check, answer, expected, capsys, monkeypatch):
        monkeypatch.delenv("PIXVOX_STRICT", raising=False)
        hint(check, answer, expected, capsys, monkeypatch)

    @pytest.mark.parametrize("untouched", [None, ...])
    @pytest.mark.parametrize("check", takes_function)
    def test_untouched(check, untouched, capsys, monkeypatch):
        answer = (lambda *case: untouched) if takes_function[check] else untouched
        keep_silent(check, answer, capsys, monkeypatch)

    return test_right, test_wrong, test_untouched
