"""The pages beside the notebooks, as text: where their links lead, and that they say what the lessons say."""

import json
import re
from urllib.parse import unquote

import pytest

from pixvox.datasets import store
from pixvox_cli.run import is_lesson

NOTEBOOKS = store.ROOT / "notebooks"
PAGES = sorted([*NOTEBOOKS.glob("*.md"), *NOTEBOOKS.glob("zh/*.md"), store.ROOT / "README.md"])
LESSONS = [path for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")) if is_lesson(path)]
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#((?:[^()]|\([^()]*\))*))?\)")
NUMBER = re.compile(r"(?<![\w.])\d*[.,]?\d+(?:[.,]\d+)*(?![\w])")


def read(path):
    return path.read_text(encoding="utf-8")


def cells(path):
    return json.loads(read(path))["cells"]


def texts(path):
    """Return all that a notebook's reader sees: texts, code, and what it printed."""
    found = ["".join(cell["source"]) for cell in cells(path)]
    for output in (output for cell in cells(path) for output in cell.get("outputs", ())):
        data = output.get("data", {})
        found += ["".join(output.get("text", ""))]
        found += ["".join(data.get(kind, "")) for kind in ("text/plain", "text/html", "text/markdown")]
    return "\n".join(found)


def anchors(path):
    """Return the anchors that Jupyter gives to a notebook's headings."""
    headings = re.findall(r"^#+ (.+)$", "\n".join("".join(c["source"]) for c in cells(path)), re.MULTILINE)
    return {heading.replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(store.ROOT).as_posix())
def test_links_lead_to_files_and_headings(page):
    missing = []
    for target, anchor in LINK.findall(read(page)):
        path = page.parent / target if target else page
        known = path.suffix != ".ipynb" or not anchor or unquote(anchor) in anchors(path)
        if not path.exists() or not known:
            missing.append((target, anchor))
    assert not missing


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_a_chinese_page_has_no_number_that_its_lesson_does_not_have(lesson):
    page = re.sub(r"\]\([^)]*\)|`[^`]*`", "", read(NOTEBOOKS / "zh" / f"{lesson.stem}.md"))
    shown = {number.lstrip("0") for number in NUMBER.findall(texts(lesson))}
    assert not {number for number in NUMBER.findall(page) if number.lstrip("0") not in shown}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_a_lesson_stands_in_all_lists(lesson):
    for page in ("README.md", "notebooks/index.md", "notebooks/zh/index.md", "notebooks/teaching.md"):
        assert lesson.stem in read(store.ROOT / page)


def test_the_bibliography_has_all_that_lessons_cite():
    known = read(NOTEBOOKS / "bibliography.md")
    sources = [text for path in LESSONS for text in texts(path).split("## Sources")[1:]]
    cited = {
        link for text in sources for link in re.findall(r"\]\((https?://(?:[^()\s]|\([^()]*\))*)\)", text)
    }
    assert len(cited) > 40 and not {link for link in cited if link not in known}


def test_the_glossary_is_in_order():
    (listed,) = re.findall(
        r"^```+\{glossary\}\n(.*?)^```", read(NOTEBOOKS / "glossary.md"), re.MULTILINE | re.DOTALL
    )
    entries = [entry.splitlines()[0] for entry in re.split(r"\n\n(?=\S)", listed.strip())]
    assert len(entries) > 100 and entries == sorted(set(entries), key=str.casefold)
