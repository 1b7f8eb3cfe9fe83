"""What the evidence notebooks and the page of results show."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from pixvox_evidence import evidence
from pixvox_evidence.claims import Part, load_claims
from pixvox_evidence.judging import Judgement
from pixvox_evidence.verdicts import FAILS, HOLDS, NOT_MEASURED, NOT_SETTLED


def part(test, direction="more", smallest=None, values=(), decimals=0):
    return Part("x", test, direction, smallest, "seeds", "t", "m", values, decimals, (), (), "each")


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        (part("count", values=(3.0, 64.0)), "Holds if equal to 3, 64."),
        (part("bound", "at most", values=(1e-5,)), "Holds if at most 1e-05."),
        (
            part("difference", smallest=0.01),
            "Does not hold if the 95 % interval over seeds lies below 0.01; else holds if it lies above 0.",
        ),
        (
            part("difference", "less", 0.01),
            "Does not hold if the 95 % interval over seeds lies above -0.01; else holds if it lies below 0.",
        ),
        (
            part("difference", "less", 0.0),
            "Does not hold if the 95 % interval over seeds lies above 0; else holds if it lies below 0.",
        ),
        (
            part("posted accuracy", values=(0.993,), decimals=3),
            "Does not hold if 0.993 lies outside the 95 % interval of one more training; else holds if "
            "half of that is at most 0.0035.",
        ),
        (part("none"), "Not measured here."),
    ],
)
def test_a_criterion_in_words(one, wanted):
    assert evidence.criterion(one) == wanted


DIFFERENCE, LESS = part("difference", smallest=0.01), part("difference", "less", 0.01)


@pytest.mark.parametrize(
    ("one", "judged", "wanted"),
    [
        (DIFFERENCE, Judgement(HOLDS, (0.05,), 0.01, 5), ""),
        (DIFFERENCE, Judgement(FAILS, (0.005,), 0.002, 5), "too small to matter"),
        (DIFFERENCE, Judgement(FAILS, (-0.05,), 0.01, 5), "the other way round"),
        (DIFFERENCE, Judgement(FAILS, (0.001,), 0.005, 5), ""),
        (LESS, Judgement(FAILS, (-0.005,), 0.002, 5), "too small to matter"),
        (LESS, Judgement(FAILS, (0.05,), 0.01, 5), "the other way round"),
        (DIFFERENCE, Judgement(NOT_SETTLED, (0.5,), None, 1), "measured once: no interval"),
        (DIFFERENCE, Judgement(NOT_SETTLED, (0.5,), None, 2), "two seeds are too few"),
        (
            DIFFERENCE,
            Judgement(NOT_SETTLED, (0.5,), 0.6, 5, 1200),
            "1,200 seeds would settle it, at this mean and spread",
        ),
        (
            DIFFERENCE,
            Judgement(NOT_SETTLED, (0.5,), 0.6, 5, float("inf")),
            "no number of seeds would settle it, only more pictures",
        ),
        (
            part("posted accuracy", values=(0.7,)),
            Judgement(NOT_SETTLED, (0.7,), 0.05, 5, float("inf")),
            "one posted run on other pictures: more seeds could refute it, never confirm it",
        ),
        (DIFFERENCE, Judgement(NOT_MEASURED), ""),
    ],
)
def test_notes(one, judged, wanted):
    assert evidence.note_text(one, judged) == wanted


def test_numbers_have_signs_where_they_are_differences():
    assert evidence.measured_text(DIFFERENCE, Judgement(HOLDS, (0.05,), 0.01, 5)) == "+0.0500"
    assert evidence.measured_text(part("size", values=(22.0,)), Judgement(HOLDS, (4.5,), 1, 5)) == "4.5000"
    assert evidence.measured_text(part("count"), Judgement(HOLDS, (93322, 0.5))) == "93,322, 0.5"
    assert evidence.measured_text(DIFFERENCE, Judgement(NOT_MEASURED)) == "–"


@pytest.mark.parametrize("key", load_claims())
def test_every_statement_can_be_shown(key, capsys):
    statement = load_claims()[key]
    evidence.weigh(key)
    shown = capsys.readouterr().out
    assert f"{key}. {statement.text} (" in shown and "Verdict: " in shown
    assert all(f"{one.text}. {evidence.criterion(one)}" in shown for one in statement.parts)


def test_an_unknown_statement_raises():
    with pytest.raises(ValueError, match="expected the id of a statement such as P0.1, got 'P9.9'"):
        evidence.weigh("P9.9")


def test_a_table_is_shown_whole_with_four_decimals(capsys):
    wide = pd.DataFrame({("score", "mean"): [0.123456, 2.0], ("count", "sum"): [93322.0, 5.0]})
    evidence.show_table(wide)
    shown = capsys.readouterr().out
    assert all(text in shown for text in ("score mean", "0.1235", "2.0000", "93,322"))
    assert "93,322.0" not in shown and wide.columns.nlevels == 2  # the caller's table is left alone


def test_a_figure_marks_verdicts_and_what_was_posted():
    figure = evidence.plot_parts("P3.3", "P3.8", profile="full", xlabel="test accuracy")
    (axis,) = figure.axes
    stars = [line for line in axis.lines if line.get_marker() == "*"]
    assert [float(line.get_xdata()[0]) for line in stars] == [0.9104, 0.9352]
    assert [text.get_text().split(":")[0] for text in axis.get_yticklabels()] == ["P3.3", "P3.8"]
    plt.close(figure)


def test_a_figure_of_nothing_raises():
    with pytest.raises(ValueError, match="in the profile full, got P4.1, P2.24"):
        evidence.plot_parts("P4.1", "P2.24", profile="full", xlabel="x")
