"""The page of all that was measured."""

import json
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


def test_every_statement_has_a_row_and_its_verdict():
    text = report.report_text()
    for key, statement in load_claims().items():
        (row,) = re.findall(rf"^\| {re.escape(key)} \|.*$", text, re.MULTILINE)
        assert judging.summary(statement)[0] in row and statement.text in row


@pytest.mark.parametrize("kind", ["post", "lesson"])
def test_the_counts_add_up(kind):
    (table,) = re.findall(
        rf"^## The statements by {kind}\n(.*?)^## ", report.report_text(), re.MULTILINE | re.DOTALL
    )
    numbers = [int(cell) for cell in re.findall(r"(?<=\| )\d+(?= \|)", table)]
    assert len(numbers) % len(VERDICTS) == 0 and sum(numbers) == len(load_claims())


def test_links_lead_to_tables():
    links = re.findall(r"\]\(((?:sample|full)/[^)]*)\)", report.report_text())
    assert len(links) > 100
    missing = {link for link in links if not (store.ROOT / "data" / "results" / link).is_file()}
    assert not missing


HEAD = (
    "id,post,lesson,section,claim,posted,source,part,test,direction,smallest,unit,table,measure,value,n,pool,"
    "profiles\n"
)
BETTER = "difference,more,.01,seeds,mnist_networks,score[net=a] - score[net=b],,,,each\n"
LEDGER = f"""\
P9.1,P9,09_lesson,s,a|b,,post,p,{BETTER}\
P9.2,P9,09_lesson,s,sides,3,post,p,count,equal,,exact,counts,values,3,,,any
P9.2,,,,,,,q,count,equal,,exact,counts,values,3,,,any
P9.3,P9,09_lesson,s,unknown,,post,p,none,,,,,,,,,any
"""


@pytest.fixture
def small(course):
    """A course of a lesson, two tables and three statements; a function that writes the first table."""
    (course / "data").mkdir()
    (course / "data" / "claims.csv").write_text(HEAD + LEDGER, encoding="utf-8")

    def write(name, profile, rows):
        path = course / "data" / "results" / profile / "studies" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            {"key": str(place), "cpu_seconds": 1, "source": None, **row} for place, row in enumerate(rows)
        ]
        path.write_text(json.dumps({"sources": [], "rows": rows}), encoding="utf-8")

    write("counts", "sample", [{"seed": 0, "values": [3]}])
    results = course / "data" / "results" / "sample" / "09_lesson.json"
    results.write_text('{"headline": {}, "run": {"cpu_seconds": 2.0}}', encoding="utf-8")
    return lambda profile, *differences: write(
        "mnist_networks",
        profile,
        [
            {"net": net, "seed": seed, "score": score if net == "a" else 0.0}
            for seed, score in enumerate(differences)
            for net in "ab"
        ],
    )


def rows_of(text):
    """Return the cells of the rows of statements, by id."""
    rows = re.findall(r"^\| (P9\.\d) \| (.*) \|$", text, re.MULTILINE)
    return {key: re.split(r" (?<!\\)\| ", rest) for key, rest in rows}


def test_a_row_tells_what_was_measured_on_what(small):
    small("sample", 0.1, 0.1, 0.1)
    found = rows_of(report.report_text())
    assert found["P9.1"][:5] == ["a\\|b", "–", "+0.1000 ± 0.0000", "–", "holds, on small digits"]
    assert found["P9.2"][:5] == ["sides", "3", "–", "a: 3; b: 3", "holds"]  # on one side: no data are in it
    assert found["P9.2"][5].count("](") == 1
    assert found["P9.3"][:5] == ["unknown", "–", "–", "–", "not measured here"]
    small("full", -0.1, -0.1, -0.1)
    found = rows_of(report.report_text())["P9.1"]
    assert found[2:5] == ["+0.1000 ± 0.0000", "-0.1000 ± 0.0000", "does not hold (the other way round)"]
    assert found[5].count("](") == 2


def test_a_note_is_of_the_profile_that_the_verdict_is_of(small):
    small("sample", 0.1, 0.0, -0.1)
    verdict = rows_of(report.report_text())["P9.1"][4]
    assert re.fullmatch(r"not settled, on small digits \([\d,]+ seeds would settle it.*\)", verdict)
    small("full", 0.1, 0.1, 0.1)
    assert rows_of(report.report_text())["P9.1"][4] == "holds"


def test_a_lesson_has_a_row_with_the_counts_of_its_verdicts(small, course):
    small("sample", 0.1, 0.1, 0.1)
    assert main(["report"]) == 0
    page = (course / "data" / "results" / "README.md").read_text(encoding="utf-8")
    assert "\n| 09_lesson | 2 | 0 | 0 | 0 | 1 |\n" in page and "\n| P9 | 2 | 0 | 0 | 0 | 1 |\n" in page


def test_other_seeds_are_told_where_they_were_run(small, course):
    assert "## Other seeds" not in report.report_text()
    rows = [
        {"lesson": "09_lesson", "expectation": "it learns", "slack": [0.2, None], "judged": "missed"},
        {"lesson": "09_lesson", "expectation": "of a table", "slack": [0.25, 0.25], "judged": ""},
    ]
    found = {"device": "CPU", "commit": "abc", "python": "3", "seeds": [0, 1], "rows": rows}
    (course / "data" / "results" / "seeds.json").write_text(json.dumps(found), encoding="utf-8")
    text = report.report_text()
    assert "| 09_lesson | it learns | 0.2 | none | missed |" in text
    assert "of a table" not in text and "1 expectations of 2" in text


@pytest.mark.parametrize("content", ["", '{"rows": [', "[]", '{"rows": [{"key": 1}]}'])
def test_a_broken_table_is_named_with_what_to_type(small, course, capsys, content):
    small("sample", 0.1, 0.1, 0.1)
    path = "data/results/sample/studies/mnist_networks.json"
    (course / path).write_text(content, encoding="utf-8")
    assert main(["report"]) == 2
    assert f"`git checkout HEAD -- {path}`" in capsys.readouterr().err


def test_a_table_of_other_arms_is_told_with_the_measure(small, capsys):
    small("sample")
    assert main(["report"]) == 2
    assert "score[net=a] - score[net=b] in the table mnist_networks (sample)" in capsys.readouterr().err


def test_without_results_it_says_what_to_type(course, capsys):
    (course / "data").mkdir()
    assert main(["report"]) != 0
    assert "Type `pixvox run --keep`" in capsys.readouterr().err


MEASURE = {
    **{"group": "read", "what": "a|b", "ours": "new", "rival": "old", "ours_seconds": 0.012345},
    **{"rival_seconds": 1.5, "ratio": 121.51, "lowest": 99, "highest": 130.4, "repeats": 5},
    "cpu_ratio": 60.4,
}
MARK = {
    **{"recipe": "mnist", "rival": "P4's", "ours": "our network", "mark": 0.95819, "rival_seconds": 5.55},
    **{"rival_all_seconds": 7.1, "ours_seconds": 11.1, "ratio": 0.5, "lowest": 0.4, "highest": 0.6},
    **{"repeats": 3, "reached": 3},
}
MISSED = MARK | {
    "recipe": "pets",
    "reached": 1,
    **dict.fromkeys(("ratio", "lowest", "highest", "ours_seconds")),
}


def test_seconds_have_a_section_if_they_were_measured(small, course):
    small("sample", 0.1)
    assert "## How fast it is" not in report.report_text()
    head = {"versions": {"keras": "3.1", "numpy": "2"}, "commit": "c0ffee", "device": "CPU, 2 cores"}
    document = {**head, "date": "2026-01-02", "seconds": 170, "marks": [MARK, MISSED]}
    document["measures"] = [MEASURE, MEASURE | {"what": "c", "cpu_ratio": None, "ratio": 0.9, "repeats": 1}]
    (course / "data" / "results" / "bench.json").write_text(json.dumps(document), encoding="utf-8")
    text = report.report_text().split("## How fast it is")[1]
    assert "170 s on" in text and "(CPU, 2 cores;\nkeras 3.1, numpy 2;" in text
    assert "c0ffee" in text and "2026-01-02" in text
    assert "\n| read | a\\|b | new | old | 0.0123 | 1.5 | 122 (99 to 130) | 60 | 5 |\n" in text
    assert "\n| read | c | new | old | 0.0123 | 1.5 | 0.9 | – | 1 |\n" in text
    assert "\n| mnist | P4's | our network | 0.958 | 5.55 (7.1) | 11.1 | 0.5 (0.4 to 0.6) | 3 |\n" in text
    missed = "| 5.55 (7.1) | not reached with 2 of 3 seeds | – | 3 |"
    assert f"\n| pets | P4's | our network | 0.958 {missed}\n" in text
