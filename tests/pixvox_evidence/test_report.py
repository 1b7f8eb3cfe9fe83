"""The page of all that was measured, and the counts in README."""

import re

import pytest

from pixvox.datasets import store
from pixvox_cli.main import main
from pixvox_evidence import judging, report
from pixvox_evidence.claims import load_claims
from pixvox_evidence.verdicts import VERDICTS


def test_the_committed_page_is_what_the_tables_give():
    path = store.ROOT / "data" / "results" / "README.md"
    assert path.read_text(encoding="utf-8") == report.report_text(), "type `pixvox report`"


def test_the_counts_in_readme_are_what_the_tables_give():
    text = (store.ROOT / "README.md").read_text(encoding="utf-8")
    assert report.with_counts(text) == text, "type `pixvox report`"


def test_every_statement_has_a_row_and_its_verdict():
    text = report.report_text()
    for key, statement in load_claims().items():
        (row,) = re.findall(rf"^\| {re.escape(key)} \|.*$", text, re.MULTILINE)
        assert judging.summary(statement)[0] in row and statement.text in row


def test_the_counts_of_a_lesson_add_up():
    counts = report.lesson_counts()
    assert len(next(iter(counts.values())).split(" / ")) == len(VERDICTS)
    total = sum(int(number) for text in counts.values() for number in text.split(" / "))
    assert total == len(load_claims())


def test_links_lead_to_tables():
    links = re.findall(r"\]\(((?:sample|full)/[^)]*)\)", report.report_text())
    assert len(links) > 100
    missing = {link for link in links if not (store.ROOT / "data" / "results" / link).is_file()}
    assert not missing


def test_a_readme_without_the_lesson_is_refused():
    with pytest.raises(ValueError, match="expected a row for .* in README.md's table of lessons"):
        report.with_counts("# A README\n")


def test_without_results_it_says_what_to_type(course, capsys):
    (course / "data").mkdir()
    assert main(["report"]) != 0
    assert "Type `pixvox run --keep`" in capsys.readouterr().err
