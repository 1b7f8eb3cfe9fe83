"""Asks the checks of exercises about tables of answers."""

import pytest

RIGHT = "Right."


def make_test(table):
    """Make the test that each answer is told what it should be, in one line.

    Args:
        table: dict of checks, each with a list of (answer, what it is told): RIGHT, or a word of the remedy.

    Returns:
        a test function; assign it to a name that begins with "test".
    """
    rows = [(check, *row) for check, answers in table.items() for row in answers]

    @pytest.mark.parametrize(("check", "answer", "told"), rows)
    def test(check, answer, told, capsys, monkeypatch):
        monkeypatch.delenv("PIXVOX_STRICT", raising=False)
        check(answer)
        printed = capsys.readouterr().out
        assert printed.count("\n") == 1
        assert printed == "Right.\n" if told == RIGHT else printed.startswith("Not yet. ") and told in printed

    return test
