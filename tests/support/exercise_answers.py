"""Asks the checks of exercises about tables of answers, and has answers that are like none."""

import numpy as np
import pytest

RIGHT = "Right."
ODD = [  # but for an `iter`, which can be asked once
    (None, None),
    [],
    "rows",
    ("0", "4"),
    3.5,
    np.int64(3),
    (0.5, 4.5),
    (0, np.nan),
    np.zeros((2, 2)),
    np.zeros((4, 5), complex),
    np.full((4, 5), None),
    np.full((9, 12, 3), "red"),
    {1: 2},
]


@pytest.fixture
def lenient(monkeypatch):
    """Let a wrong answer be told and not raised."""
    monkeypatch.delenv("PIXVOX_STRICT", raising=False)


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
