"""What is done to the course's pages on their way to the site: an extension of Sphinx.

Solutions come behind a fold under their exercise, figures that turn or move are drawn by the page itself,
each page names its Chinese one, the words of the glossary become links, and files from elsewhere are pages.
"""

import html
import json
import os
import re
from pathlib import Path
from urllib.parse import unquote

from docutils import nodes
from sphinx import addnodes

HERE = Path(__file__).parent
SHOWN = {  # pages of the site whose text is that of a file elsewhere
    "data_cards": "data/README.md",
    "results": "data/results/README.md",
    "contributing": ".github/CONTRIBUTING.md",
}
PAGES = {file: f"{page}.md" for page, file in SHOWN.items()} | {"README.md": "index.md"}
EVERYDAY = set(  # words that mean something else as well: no links
    "arm,base,evidence,full,gap,guess,head,headline,holds,holds in part,in part,in pairs,interval,"
    "no difference,point,power,probability,process,sample,step,threshold,twin".split(",")
)
TO_NOTEBOOK = re.compile(r'href="([^":]*)\.ipynb(?:#([^"]*))?"')
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s#]+)(#[^)\s]*)?\)")


def anchor(title: str) -> str:
    """Return a heading's anchor as Jupyter makes it, so that the notebooks' links serve there and here."""
    return title.replace(" ", "-").replace("%", "%25")


def read_notebook(path: Path) -> dict:
    """Read a notebook's JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: dict) -> str:
    """Return a cell's text."""
    return "".join(cell["source"])


LESSONS = {
    path.stem: read_notebook(path)
    for path in sorted(HERE.glob("*.ipynb"))
    if (HERE / "solutions" / path.name).exists()  # the others are a reader's own, copies for instance
}


def own_notebooks() -> list[str]:
    """Return the names of a reader's own notebooks among the lessons: they are no pages."""
    return [path.name for path in HERE.glob("*.ipynb") if path.stem not in LESSONS]


def title_and_question(notebook: dict) -> tuple[str, str]:
    """Return a lesson's title, as in "01 · MNIST: how ...", and the question of its first cell."""
    text = source(notebook["cells"][0])
    return text.splitlines()[0].removeprefix("# "), re.search(r"\*\*The question\.\*\* (.+)", text)[1]


def cards() -> str:
    """Return the lessons for the front page: a picture, the title, the question."""
    parts = [":::::{grid} 1 2 2 2\n:gutter: 3\n"]
    for stem, notebook in LESSONS.items():
        title, question = title_and_question(notebook)
        options = f":link: {stem}\n:link-type: doc\n:img-top: pictures/{stem}.png"
        alt = f":img-alt: {picture_alt(notebook)}"
        parts.append(f"::::{{grid-item-card}} {title}\n{options}\n{alt}\n\n{question}\n::::\n")
    return "\n".join([*parts, ":::::\n"])


def picture_alt(notebook: dict) -> str:
    """Return the alt text of the figure that stands for a lesson: the cell with the tag `front-page`."""
    (cell,) = [cell for cell in notebook["cells"] if "front-page" in cell["metadata"].get("tags", ())]
    return cell["metadata"]["mystnb"]["image"]["alt"]


def seconds(stem: str) -> str:
    """Return the CPU seconds that a lesson took when its committed results were made."""
    path = HERE.parent / "data" / "results" / "sample" / f"{stem}.json"
    return str(round(json.loads(path.read_text(encoding="utf-8"))["run"]["cpu_seconds"]))


def substitutions() -> dict[str, str]:
    """Return what stands in double braces in the pages."""
    return {"lessons": cards(), **{f"seconds_{stem}": seconds(stem) for stem in LESSONS}}


def change_source(app, name: str, content: list[str]) -> None:
    """Change a page's text before it is read."""
    path = Path(app.env.doc2path(name))
    if path.suffix == ".ipynb":
        content[0] = json.dumps(changed_notebook(json.loads(content[0]), path))
        return
    file = HERE.parent / SHOWN[name] if name in SHOWN else path
    text = file.read_text(encoding="utf-8")
    content[0] = with_chinese(with_links(text, file, path), path)


def changed_notebook(notebook: dict, path: Path) -> dict:
    """Return a notebook as its page shows it."""
    cells = notebook["cells"]
    if path.stem in LESSONS and path.parent == HERE:
        solutions = HERE / "solutions" / path.name
        answers = [linked(cell, solutions, path) for cell in read_notebook(solutions)["cells"]]
        cells = with_solutions(cells, answers)
    cells[0]["source"] = with_chinese(source(cells[0]), path)
    show_outputs(cells)
    return {**notebook, "cells": [linked(cell, path, path) for cell in cells]}


def linked(cell: dict, file: Path, page: Path) -> dict:
    """Return a cell whose links, right in one notebook, are right on a page elsewhere."""
    return cell if cell["cell_type"] == "code" else {**cell, "source": with_links(source(cell), file, page)}


def with_links(text: str, file: Path, page: Path) -> str:
    """Return a Markdown text whose relative links, right in one file, are right on a page elsewhere."""

    def moved(match: re.Match) -> str:
        target = (file.parent / match[1]).resolve()
        page_of_file = PAGES.get(path_from(HERE.parent, target))
        target = HERE / page_of_file if page_of_file else target
        return f"]({path_from(page.parent, target)}{match[2] or ''})"

    return LINK.sub(moved, text)


def path_from(folder: Path, target: Path) -> str:
    """Return the way from a folder to a file, as links have it on every system."""
    return Path(os.path.relpath(target, folder)).as_posix()


def exercise_number(cell: dict) -> int | None:
    """Return the number of the exercise that a cell begins, as in "**3. A kernel of your own.**", or None."""
    if cell["cell_type"] == "markdown" and (found := re.search(r"^\*\*(\d+)\. ", source(cell), re.MULTILINE)):
        return int(found[1])
    return None


def with_solutions(lesson: list[dict], solutions: list[dict]) -> list[dict]:
    """Return a lesson's cells with each solution, behind a fold, after the last cell of its exercise.

    Raises ValueError if exercises and solutions do not have the same numbers.
    """
    answers, number = {}, None
    for cell in solutions:
        number = exercise_number(cell) or number
        if number:
            answers.setdefault(number, []).append(cell)
    cells, number, begun = [], None, False
    asked = []
    for cell in lesson:
        begun = begun or (cell["cell_type"] == "markdown" and source(cell).startswith("## Exercises"))
        ends = begun and cell["cell_type"] == "markdown" and source(cell).startswith("## Sources")
        following = exercise_number(cell) if begun else None
        if number and (following or ends):
            cells += folded(number, answers.get(number, []))
            number = None
        if following:
            number = following
            asked.append(number)
        cells.append(cell)
    if asked != sorted(answers):
        raise ValueError(f"expected solutions to the exercises {asked}, got {sorted(answers)}")
    return cells


def folded(number: int, cells: list[dict]) -> list[dict]:
    """Return cells that are shown behind one fold."""
    name = f"solution-{number}"
    opened = f'<details class="solution"><summary>Solution of exercise {number}</summary>'
    renamed = [{**cell, "id": f"{name}-{place}"} for place, cell in enumerate(cells)]
    return [text_cell(f"{name}-opens", opened), *renamed, text_cell(f"{name}-closes", "</details>")]


def text_cell(name: str, text: str) -> dict:
    """Return a Markdown cell."""
    return {"id": name, "cell_type": "markdown", "metadata": {}, "source": text}


def show_outputs(cells: list[dict]) -> None:
    """Change the outputs of a notebook's cells, in place, into what a page shows by itself.

    A Plotly figure becomes a place with its JSON, which figures.js draws, named after the still figure above
    it; links to notebooks become links to pages.
    """
    above = ""
    for cell in cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            above = output.get("metadata", {}).get("image/png", {}).get("alt", above)
            if figure := data.pop("application/vnd.plotly.v1+json", None):
                text = json.dumps(figure).replace("</", "<\\/")
                label = html.escape(f"To turn or to move, what the figure above shows: {above}")
                place = f'<div class="plotly-figure" role="group" aria-label="{label}">'
                data["text/html"] = f'{place}<script type="application/json">{text}</script></div>'
            elif "text/html" in data:
                data["text/html"] = TO_NOTEBOOK.sub(to_page, "".join(data["text/html"]))


def to_page(link: re.Match) -> str:
    """Return a link to a notebook's heading as one to its page's."""
    heading = nodes.make_id(html.unescape(unquote(link[2] or "")))
    return f'href="{link[1]}.html{"#" + heading if heading else ""}"'


def with_chinese(text: str, path: Path) -> str:
    """Return a page's text with a link to its Chinese page under the title."""
    if path.parent.name == "zh":
        return text
    there = HERE / "zh" / f"{path.stem}.md"
    target = there if there.exists() else HERE / "zh" / "index.md"
    title, _, rest = text.partition("\n")
    return f"{title}\n\n[简体中文]({path_from(path.parent, target)})\n{rest}"


def terms() -> dict[str, str]:
    """Return the glossary's terms: as they stand in a text, in lower case, to as they are listed."""
    text = (HERE / "glossary.md").read_text(encoding="utf-8")
    listed = re.search(r"^```+\{glossary\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1]
    found = [line for line in listed.splitlines() if line and not line.startswith((":", " "))]
    return {term.lower(): term for term in found if term not in EVERYDAY}


def link_terms(app, doctree: nodes.document) -> None:
    """Make the first place of each of the glossary's words on a lesson's page a link to it."""
    if app.env.docname not in LESSONS:
        return
    wanted = terms()
    words = "|".join(re.escape(term) for term in sorted(wanted, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])({words})(e?s)?(?![\w-])", re.IGNORECASE)
    seen = set()
    for text in list(doctree.findall(nodes.Text)):
        if not isinstance(text.parent, nodes.paragraph | nodes.emphasis) or is_elsewhere(text):
            continue
        pieces, end = [], 0
        for match in pattern.finditer(text):
            term = wanted[match[1].lower()]
            if term not in seen:
                seen.add(term)
                pieces += [nodes.Text(text[end : match.start()]), term_link(app.env.docname, match[0], term)]
                end = match.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(text[end:])])


def is_elsewhere(node: nodes.Node) -> bool:
    """Say whether a node stands in a link, in output, or among the sources."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.reference | addnodes.pending_xref | nodes.container):
            return True
        if isinstance(node, nodes.section) and node[0].astext() == "Sources":
            return True
    return False


def term_link(page: str, shown: str, term: str) -> addnodes.pending_xref:
    """Return a link from a page to a term of the glossary."""
    words = {"refdomain": "std", "reftype": "term", "reftarget": term, "refdoc": page, "refexplicit": True}
    return addnodes.pending_xref("", nodes.inline("", shown, classes=["term"]), refwarn=True, **words)


def change_page(app, name: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Say in which language a page is, and draw its figures if it has some."""
    if name.startswith("zh/"):
        context["language"] = "zh-CN"
    if doctree and "plotly-figure" in context["body"]:
        app.add_js_file("plotly.min.js")
        app.add_js_file("figures.js")


def setup(app) -> dict:
    """Tell Sphinx what to call when."""
    app.connect("source-read", change_source)
    app.connect("doctree-read", link_terms)
    app.connect("html-page-context", change_page)
    return {"parallel_read_safe": True}
