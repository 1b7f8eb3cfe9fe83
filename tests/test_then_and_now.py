"""The page of old lines: its table, its sections and what its cells printed name the same lines."""

import ast
import json
import re
from functools import cache

import pytest

from pixvox.datasets import store

PAGE = store.ROOT / "notebooks" / "evidence" / "then_and_now.ipynb"
SOURCES = "## The posts"
CHANGED = "## Runs, but is not what it was"
ROW = re.compile(
    r"\| `(?P<line>.+?)` \| (?P<today>.+?) \| (?P<now>.+?) \| \[(?P<text>.+?)\]\(#(?P<section>.+?)\) \|"
)
MACHINE = re.compile(r"/(tmp|root|work|home|usr|var)\b|/Users/(?!author\b)|[A-Z]:\\|0x[0-9a-f]{6}")


@cache
def cells():
    """Return the page's cells: dicts, `source` as one text."""
    found = json.loads(PAGE.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in found]


def code_cells():
    return [cell for cell in cells() if cell["cell_type"] == "code"]


def markdown():
    return "\n\n".join(cell["source"] for cell in cells() if cell["cell_type"] == "markdown")


def printed(cell):
    """Return what a cell wrote to standard output."""
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])


def old_lines(cell):
    """Return the lines that a code cell hands to `today`."""
    calls = [node for node in ast.walk(ast.parse(cell["source"])) if isinstance(node, ast.Call)]
    found = [call for call in calls if getattr(call.func, "id", "") == "today"]
    return [call.args[0].value for call in sorted(found, key=lambda call: call.lineno)]


def answers(cell):
    """Return what the cell printed for each old line: pairs (line, answer)."""
    return re.findall(r"^(\S.*)\n    (.+)$", printed(cell), flags=re.MULTILINE)


@cache
def sections():
    """Return the code cells under each heading of the third level."""
    found, name = {}, None
    for cell in cells():
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"^(#+) (.+)$", cell["source"], flags=re.MULTILINE)
            if headings:
                level, text = headings[-1]
                name = text if level == "###" else None
        elif name:
            found.setdefault(name, []).append(cell)
    return found


def table():
    """Return the rows of the table: dicts with line, today, now, text and section."""
    lines = [line for line in markdown().splitlines() if line.startswith("| `")]
    rows = [ROW.fullmatch(line) for line in lines]
    assert lines and all(rows), [line for line, row in zip(lines, rows, strict=True) if not row]
    return [row.groupdict() for row in rows]


def test_the_table_names_the_lines_of_the_sections_in_their_order():
    named = [(row["section"], row["line"]) for row in table()]
    run = [(name, line) for name, found in sections().items() for cell in found for line in old_lines(cell)]
    assert named == run and len(set(run)) == len(run)


def test_a_link_leads_to_a_heading_in_jupyter_and_on_the_site():
    """JupyterLab keeps capitals in a heading's address and a site does not: the headings have none."""
    for row in table():
        assert row["text"] == row["section"] and re.fullmatch("[a-z]+", row["section"])


def changed():
    """Return the sections whose lines run and are not what they were or seem."""
    group = markdown().split(CHANGED)[1].split("\n## ")[0]
    return re.findall(r"^### (.+)$", group, flags=re.MULTILINE)


def is_beginning(words, answer):
    """Say whether words are an answer, or its kind and its message's first three words or more."""
    kind, _, message = words.partition(": ")
    cut = answer.startswith(words) and re.match(r"\W", answer[len(words) :])
    return words == answer or bool(kind and cut and len(message.split()) >= 3)


def is_of(row, answer):
    """Say whether a row of the table gives the answer that its line got."""
    if answer == "it runs":
        return row["today"] == ("runs, means something else" if row["section"] in changed() else answer)
    found = re.fullmatch(r"(it runs, and warns: )?(`+) ?(.+?) ?\2", row["today"])
    return bool(found) and is_beginning((found[1] or "") + found[3], answer)


def test_every_old_line_has_its_answer_and_the_table_gives_its_first_words():
    found = [(line, answer) for cell in code_cells() for line, answer in answers(cell) if old_lines(cell)]
    assert [line for line, _ in found] == [line for cell in code_cells() for line in old_lines(cell)]
    for row, (line, answer) in zip(table(), found, strict=True):
        assert re.match(r"\w+Error\b|it runs(, and warns: .|$)", answer), (line, answer)
        assert is_of(row, answer), (row["today"], answer)


def test_who_does_not_find_a_line_is_sent_to_the_guide_before_the_table():
    intro, rest = markdown().split("## The table")
    (guide,) = re.findall(r"Not here\? .*<(.+)>$", intro, flags=re.MULTILINE)
    assert f"({guide})" in rest[rest.index(SOURCES) :]


@pytest.mark.parametrize("name", [name for name in sections() if name != "unchanged"])
def test_a_new_version_follows_the_old_lines_and_is_the_tables(name):
    old, *new = sections()[name]
    assert old_lines(old) and new and not any(old_lines(cell) for cell in new)
    assert all(printed(cell).strip() for cell in new)
    code = "".join("".join(cell["source"] for cell in new).split())
    for row in table():
        for words in re.findall("`(.+?)`", row["now"]) if row["section"] == name else ():
            assert "".join(words.split()) in code, f"{words} is not run under {name}"


def test_what_is_unchanged_runs_without_a_warning():
    answered = [answer for cell in sections()["unchanged"] for _, answer in answers(cell)]
    assert answered and set(answered) == {"it runs"}
    assert {row["now"] for row in table() if row["section"] == "unchanged"} == {"the same"}


def test_every_cell_is_compared_and_was_run_in_order():
    assert [cell["execution_count"] for cell in code_cells()] == list(range(1, len(code_cells()) + 1))
    for cell in code_cells():
        assert cell["metadata"] == {"tags": ["nbval-check-output"]}
        assert all(output.get("name") == "stdout" for output in cell["outputs"]), cell["source"]
        assert not MACHINE.search(printed(cell)), printed(cell)


def test_the_page_is_short():
    text = markdown()
    assert len(re.findall(r"^# ", text, flags=re.MULTILINE)) == 1
    prose = [line for line in text[: text.index(SOURCES)].splitlines() if not line.startswith("|")]
    assert len(re.findall(r"\w+", "\n".join(prose))) <= 1_200
    assert len(code_cells()) <= 45
    assert max(len(cell["source"].splitlines()) for cell in code_cells()) <= 25
    assert len({cell["id"] for cell in cells()}) == len(cells())
