"""What the evidence notebooks and the page of results show."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from pixvox_evidence import evidence
from pixvox_evidence.claims import Part, Statement, load_claims
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
        (
            part("size", values=(22.0,))._replace(unit="one more training"),
            "Does not hold if 22 lies outside the 95 % interval of one more training; else holds if half of "
            "that is at most half of 22.",
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
        (DIFFERENCE, Judgement(FAILS, (-0.001,), 0.005, 5), ""),
        (LESS, Judgement(FAILS, (-0.005,), 0.002, 5), "too small to matter"),
        (LESS, Judgement(FAILS, (0.05,), 0.01, 5), "the other way round"),
        (DIFFERENCE, Judgement(NOT_SETTLED, (0.5,), None, 1), "measured once: three seeds at least"),
        (DIFFERENCE, Judgement(NOT_SETTLED, (0.5,), None, 2), "two seeds: three at least"),
        (
            DIFFERENCE,
            Judgement(NOT_SETTLED, (0.5,), 0.6, 5, 1200),
            "1,200 seeds would settle it, at this mean and spread",
        ),
        (
            DIFFERENCE,
            Judgement(NOT_SETTLED, (0.5,), 0.6, 5, float("inf"), 1910),
            "no number of seeds would settle it; with many, 1,910 test pictures would",
        ),
        (
            DIFFERENCE,
            Judgement(NOT_SETTLED, (0.5,), 0.6, 5, float("inf")),
            "no number of seeds would settle it",
        ),
        (
            part("posted accuracy", values=(0.7,)),
            Judgement(NOT_SETTLED, (0.7,), 0.05, 5, float("inf")),
            "one posted run on other pictures: more seeds could refute it, never confirm it",
        ),
        (DIFFERENCE, Judgement(NOT_MEASURED), ""),
        (part("none"), Judgement(NOT_MEASURED), ""),
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
    assert all(f"{one.text}." in shown and evidence.criterion(one) in shown for one in statement.parts)


def test_a_statement_links_to_its_section(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle["text/html"]))
    evidence.weigh("P4.5")
    link = '<a href="../01_mnist.ipynb#Does-the-place-matter?">lesson 01_mnist, Does the place matter?</a>'
    assert link in shown[0] and "&lt;" not in shown[0]


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


JUDGED = {
    ("difference", "sample"): Judgement(NOT_SETTLED, (-0.05,), 0.06789, 5, 9),
    ("difference", "full"): Judgement(HOLDS, (-0.05,), 0.01, 3),
    ("size", "full"): Judgement(FAILS, (22.0,), 1.0, 3),
    ("count", "full"): Judgement(HOLDS, (3.0,), None, 1),
}


@pytest.fixture
def made_up(monkeypatch):
    """A statement of four parts, whose judgements are `JUDGED`."""
    exact = part("count")._replace(unit="exact", profiles="any")
    size = part("size", values=(20.0,))._replace(profiles="full")
    statement = Statement("P9.1", "P9", "", "", "x", "", "post", (LESS, size, exact, part("none")))
    monkeypatch.setattr(evidence, "load_claims", lambda: {"P9.1": statement})
    monkeypatch.setattr(
        "pixvox_evidence.judging.judge_part",
        lambda one, profile, load=None: JUDGED.get((one.test, profile), Judgement(NOT_MEASURED)),
    )
    return statement


def test_each_part_has_a_row_for_each_profile(made_up):
    settled = "9 seeds would settle it, at this mean and spread"
    assert evidence.rows_of(made_up)[:5] == [
        ("a", "sample", "-0.0500", "± 0.0679", "5", NOT_SETTLED, settled),
        ("a", "full", "-0.0500", "± 0.0100", "3", HOLDS, ""),
        ("b", "full", "22.0000", "± 1.0000", "3", FAILS, ""),
        ("c", "none needed", "3", "–", "–", HOLDS, ""),
        ("d", "sample", "–", "–", "–", NOT_MEASURED, ""),
    ]


def test_a_part_of_drawings_alone_has_one_row(made_up):
    one = made_up._replace(parts=(LESS._replace(profiles="drawn"), LESS))
    assert [row[:2] for row in evidence.rows_of(one)] == [("a", "sample"), ("b", "sample"), ("b", "full")]


def test_a_verdict_stands_alone_only_where_both_profiles_agree(made_up, capsys):
    evidence.weigh("P9.1")
    assert "Verdict: sample: not settled; full: holds in part." in capsys.readouterr().out


@pytest.fixture
def displayed(monkeypatch):
    """What is displayed, as texts by MIME type."""
    found = {}
    monkeypatch.setattr("IPython.display.display", lambda data, raw: found.update(data))
    return found


def test_a_criterion_of_all_parts_is_written_once(displayed):
    evidence.weigh("P3.9")
    assert displayed["text/plain"].count("Does not hold if") == 1
    assert "   Each: Does not hold if" in displayed["text/plain"]
    evidence.weigh("P0.4")
    assert displayed["text/plain"].count("Does not hold if") == 2 and "Each" not in displayed["text/html"]


def test_columns_in_which_nothing_stands_are_left_out(made_up, displayed, monkeypatch):
    one = made_up._replace(text="a < b", parts=made_up.parts[2:3])
    monkeypatch.setattr(evidence, "load_claims", lambda: {"P9.1": one})
    evidence.weigh("P9.1")
    heads = displayed["text/plain"].splitlines()[2].split()
    assert heads == ["part", "data", "measured", "verdict"]
    assert "a < b" in displayed["text/plain"] and "a &lt; b" in displayed["text/html"]


def test_what_is_not_measured_here_has_no_table(made_up, displayed, monkeypatch):
    one = made_up._replace(parts=made_up.parts[3:])
    monkeypatch.setattr(evidence, "load_claims", lambda: {"P9.1": one})
    evidence.weigh("P9.1")
    assert "<table" not in displayed["text/html"]


def test_a_figure_marks_a_size_and_the_side_of_the_smallest_difference(made_up):
    figure = evidence.plot_parts("P9.1", profile="full", xlabel="x")
    (axis,) = figure.axes
    at = {look: [line.get_xdata()[0] for line in axis.lines if line.get_linestyle() == look] for look in "-:"}
    assert at[":"] == [-0.01] and 0 in at["-"]
    assert [line.get_xdata()[0] for line in axis.lines if line.get_marker() == "*"] == [20.0]
    plt.close(figure)


def test_a_figure_of_nothing_raises():
    with pytest.raises(ValueError, match="in the profile full, got P4.1, P2.24"):
        evidence.plot_parts("P4.1", "P2.24", profile="full", xlabel="x")
    with pytest.raises(ValueError, match="expected the id of a statement such as P0.1, got 'P9.9'"):
        evidence.plot_parts("P9.9", profile="full", xlabel="x")
