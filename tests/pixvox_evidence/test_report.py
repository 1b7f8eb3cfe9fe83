"""The page of all that was measured."""

import json
import shutil

import pytest

from pixvox.datasets import store
from pixvox_cli.main import main
from pixvox_evidence import report

LEDGER = store.ROOT / "data" / "claims.csv"


def keep(root, profile, claims, cpu_seconds=12.3):
    path = root / "data" / "results" / profile / "01_mnist.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"claims": claims, "run": {"cpu_seconds": cpu_seconds}}), encoding="utf-8")


@pytest.fixture
def root(course):
    """A repository with the real ledger and no results."""
    (course / "data").mkdir()
    shutil.copy(LEDGER, course / "data")
    return course


def row_of(text, claim):
    lines = [line for line in text.splitlines() if line.startswith(f"| {claim} |")]
    assert len(lines) == 1
    return [cell.strip() for cell in lines[0].strip("|").split("|")]


def test_a_row_has_both_profiles_and_what_they_cost(root):
    study = {"name": "mnist_networks", "seeds": 5, "cpu_seconds": 1234.5}
    sample = {"values": [0.97], "n": 270, "verdict": "not measured here", "mark": "small"}
    full = {"values": [0.991], "n": 10_000, "verdict": "holds", "study": study}
    keep(root, "sample", {"P4.3": sample})
    keep(root, "full", {"P4.3": full})
    row = row_of(report.report_text(), "P4.3")
    assert row[2:8] == ["0.993", "0.97 (small)", "0.991", "holds", "1 / 5", "12 / 1,234"]
    assert row[8] == "[sample](sample/01_mnist.json) / [full](full/studies/mnist_networks.json)"


def test_the_overview_has_a_row_a_lesson(root):
    keep(root, "sample", {"P4.3": {"values": [0.97], "n": 270, "verdict": "holds"}})
    path = root / "data" / "results" / "sample" / "01_mnist.json"
    headline = {"best": 0.98765, "net": "dense", "worst": None}
    path.write_text(json.dumps({**json.loads(path.read_text()), "headline": headline}))
    text = report.report_text().split("## [")[0]
    numbers = "best: 0.9877; net: dense; worst: –"
    assert f"| [01_mnist](../../notebooks/01_mnist.ipynb) | {numbers} | – | 1 | 0 | 0 | 8 |" in text


def test_what_was_not_measured_has_a_dash(root):
    none = {"values": [], "n": None, "verdict": "not measured here"}
    judged = {**none, "verdict": "holds"}
    keep(root, "sample", {"P4.3": none, "P4.2": {**none, "values": [None]}, "P1.1": judged})
    text = report.report_text()
    for claim in ("P4.3", "P4.2", "P4.4"):
        assert row_of(text, claim)[6:] == ["–", "–", "–"]
    assert row_of(text, "P1.1")[6:] == ["1", "12", "[sample](sample/01_mnist.json)"]


def test_the_command_writes_the_page_or_says_what_is_missing(root, capsys):
    assert main(["report"]) == 2
    assert "Type `pixvox run --keep`" in capsys.readouterr().err
    keep(root, "sample", {})
    assert main(["report"]) == 0
    assert capsys.readouterr().out == "wrote data/results/README.md\n"
    assert (root / "data/results/README.md").read_text(encoding="utf-8") == report.report_text()


def test_the_committed_page_is_that_of_the_committed_results():
    page = (store.ROOT / "data" / "results" / "README.md").read_text(encoding="utf-8")
    assert page == report.report_text(), "type `pixvox report`"


def test_every_link_of_the_page_leads_somewhere():
    folder = store.ROOT / "data" / "results"
    links = [link.split(")")[0] for link in report.report_text().split("](")[1:]]
    assert links and all((folder / link).is_file() for link in links)


def test_a_table_of_drawings_is_linked_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    for kept in ("sample/studies/drawn", "sample/studies/both", "full/studies/both"):
        path = tmp_path / "data" / "results" / f"{kept}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert report._table_profile("drawn", "full") == "sample"
    assert report._table_profile("both", "full") == "full"


def test_seconds_of_a_graphics_processor_are_not_told():
    record = {"name": "a_study", "seeds": 2, "cpu_seconds": 6.5}
    assert report._seconds(record | {"device": "GPU L4; CPU, 8 cores"}) == "GPU"
    assert report._seconds(record | {"device": "CPU, 2 cores"}) == "6"  # Python rounds .5 to even
