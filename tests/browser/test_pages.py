"""What is done to pages on their way to the site: notebooks/pages.py, which needs the site's environment."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="needs Sphinx, which `make check` has")

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def load(folder):
    """Import pages.py as it lies in a folder of notebooks."""
    spec = importlib.util.spec_from_file_location("pages", folder / "pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages():
    return load(NOTEBOOKS)


def text(*lines):
    return {"cell_type": "markdown", "metadata": {}, "source": "\n".join(lines)}


def code(source, *outputs):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs)}


LESSON = [
    text("# A lesson"),
    text("## Exercises", "", "**1. Add.**"),
    code("a"),
    text("**2. Take.**"),
    code("b"),
]
ANSWERS = [text("# Solutions"), code("start"), text("**1. Add.** So:"), code("1 + 1"), text("**2. Take.**")]


def test_a_solution_stands_behind_a_fold_after_its_exercise(pages):
    cells = pages.with_solutions([*LESSON, text("## Sources")], ANSWERS)
    shown = [cell["source"].splitlines()[-1] for cell in cells]
    assert shown == [
        *("# A lesson", "**1. Add.**", "a"),
        *('<details class="solution"><summary>Solution of exercise 1</summary>', "**1. Add.** So:", "1 + 1"),
        *("</details>", "**2. Take.**", "b"),
        *(
            '<details class="solution"><summary>Solution of exercise 2</summary>',
            "**2. Take.**",
            "</details>",
        ),
        "## Sources",
    ]
    assert len({cell["id"] for cell in cells if "id" in cell}) == 7  # of the cells that were put in


def test_an_exercise_without_a_solution_ends_the_build(pages):
    with pytest.raises(ValueError, match=r"expected solutions to the exercises \[1, 2\], got \[1\]"):
        pages.with_solutions([*LESSON, text("## Sources")], ANSWERS[:-1])


def test_a_readers_copy_of_a_lesson_is_no_page(tmp_path):
    (tmp_path / "solutions").mkdir()
    shutil.copy(NOTEBOOKS / "pages.py", tmp_path)
    for name in ("01_mnist.ipynb", "01_mnist-Copy1.ipynb", "solutions/01_mnist.ipynb"):
        (tmp_path / name).write_text('{"cells": []}', encoding="utf-8")
    copied = load(tmp_path)
    assert (list(copied.LESSONS), copied.own_notebooks()) == (["01_mnist"], ["01_mnist-Copy1.ipynb"])


def test_links_are_moved_with_the_text(pages):
    there = "[a](../notebooks/01_mnist.ipynb#Test) [b](results/x.json) [c](https://d.e/f) [g](README.md)"
    moved = pages.with_links(
        there, NOTEBOOKS.parent / "data" / "README.md", NOTEBOOKS / "evidence" / "P1.ipynb"
    )
    assert moved == (
        "[a](../01_mnist.ipynb#Test) [b](../../data/results/x.json) [c](https://d.e/f) [g](../data_cards.md)"
    )


def test_a_figure_that_turns_is_drawn_by_the_page_and_named_after_the_still_above_it(pages):
    still = {"data": {"image/png": ""}, "metadata": {"image/png": {"alt": 'A "cat"'}}}
    turns = {"data": {"application/vnd.plotly.v1+json": {"data": ["</script>"]}, "image/png": ""}}
    link = {"data": {"text/html": '<a href="../01_mnist.ipynb#What%20it-is">'}}
    cells = [code("", still), code("", turns), code("", link)]
    pages.show_outputs(cells)
    drawn = turns["data"]["text/html"]
    assert "A &quot;cat&quot;" in drawn and drawn.count("</script>") == 1
    assert link["data"]["text/html"] == '<a href="../01_mnist.html#what-it-is">'


@pytest.mark.parametrize(
    ("name", "value", "buttons"),
    [("PIXVOX_REPOSITORY", "https://h.i/j/k", 1), ("GITHUB_REPOSITORY", "j/k", 1), ("OTHER", "", 0)],
)
def test_launch_buttons_come_from_one_setting(name, value, buttons):
    kept = {key: found for key, found in os.environ.items() if not key.startswith(("GITHUB_", "PIXVOX_"))}
    environment = {**kept, name: value, "GITHUB_SERVER_URL": "https://h.i"}
    show = "import conf; print(len(conf.html_theme_options['launch_buttons']) > 0, conf.REPOSITORY)"
    done = subprocess.run(
        [sys.executable, "-c", show],
        cwd=NOTEBOOKS,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.split() == (["True", "https://h.i/j/k"] if buttons else ["False"])
