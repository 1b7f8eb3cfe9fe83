"""The evidence notebooks: every statement is there once, every cell is compared, and no Keras is needed."""

import json
import os
import re
import subprocess
import sys

import pytest
from test_layers import imported

from pixvox.datasets import store
from pixvox_evidence.claims import load_claims

FOLDER = store.ROOT / "notebooks" / "evidence"
EVERY = sorted(FOLDER.glob("*.ipynb"))
POSTS = [path for path in EVERY if re.match("P[0-9]_", path.name)]
LEDGER = load_claims()


def cells(path, kind):
    """Return the cells of a kind."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def texts(path, kind):
    """Return the texts of the cells of a kind."""
    return ["".join(cell["source"]) for cell in cells(path, kind)]


def anchor(heading):
    """Return the anchor that JupyterLab gives to a heading."""
    return heading.replace(" ", "-")


def test_there_is_one_a_post():
    assert [path.name[:2] for path in POSTS] == sorted({statement.post for statement in LEDGER.values()})


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
class TestPost:
    """What the notebook of a post must hold."""

    def test_each_statement_is_a_heading_with_the_ledgers_words_and_is_weighed_below_it(self, path):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
        parts = re.split(r"^### (?=P[0-9]\.)", text, flags=re.MULTILINE)[1:]
        found = {part.split(" ", 1)[0]: part for part in parts}
        wanted = load_claims(post=path.name[:2])
        assert len(parts) == len(found) and sorted(found) == sorted(wanted)
        for key, part in found.items():
            assert part.splitlines()[0] == f"{key} {wanted[key].text}"
            assert re.findall(r'weigh\("(.*?)"\)', part) == [key]

    def test_it_reads_tables_and_trains_nothing(self, path):
        names = {name for text in texts(path, "code") for name in imported(text)}
        assert names <= {"pixvox", "pixvox_evidence", "numpy", "pandas"}
        assert not re.search(
            r"\.fit\(|np\.random|default_rng|import random|Styler|import time", "\n".join(texts(path, "code"))
        )

    def test_it_runs_without_keras(self, path):
        """Importing it takes six seconds, and no cell needs it."""
        code = "\n\n".join(texts(path, "code"))
        code += "\nimport sys; assert not {'keras', 'tensorflow'} & set(sys.modules)"
        environment = {**os.environ, "MPLBACKEND": "agg"}
        command = [sys.executable, "-W", "ignore", "-c", code]
        done = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-500:]

    def test_every_table_says_of_which_profile_it_is(self, path):
        """Else the page would change with PIXVOX_PROFILE."""
        calls = re.findall(r"load_study\((.*?)\)", "\n".join(texts(path, "code")))
        assert not [call for call in calls if "," not in call]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
class TestNotebook:
    """What nbval and a reader need."""

    def test_every_cell_is_compared(self, path):
        found = cells(path, "code")
        assert all("nbval-check-output" in cell["metadata"].get("tags", ()) for cell in found)
        assert [cell["execution_count"] for cell in found] == list(range(1, len(found) + 1))

    def test_outputs_have_no_error_no_path_and_no_address(self, path):
        for cell in cells(path, "code"):
            for output in cell["outputs"]:
                assert output["output_type"] != "error" and output.get("name") != "stderr"
                pictureless = {
                    key: value for key, value in output.get("data", {}).items() if "png" not in key
                }
                shown = json.dumps([output.get("text", ""), pictureless])
                assert not re.search(r"/home/|/tmp/|site-packages| at 0x", shown)

    def test_figures_have_alt_text_and_cells_are_short(self, path):
        for cell in cells(path, "code"):
            assert len("".join(cell["source"]).splitlines()) <= 25
            for output in cell["outputs"]:
                if "image/png" in output.get("data", {}):
                    assert output["metadata"]["image/png"]["alt"]

    def test_links_lead_somewhere(self, path):
        text = "\n".join(texts(path, "markdown"))
        for target, _, fragment in re.findall(r"\]\(((?!https?:)[^)#]*)(#?)([^)]*)\)", text):
            linked = (FOLDER / target).resolve() if target else path
            assert linked.is_file(), target
            if fragment:
                headings = re.findall(r"^#+ (.*)$", "\n".join(texts(linked, "markdown")), re.MULTILINE)
                assert fragment in map(anchor, headings), f"{target}#{fragment}"
