"""The repository as a whole: lock, environment, notebooks, what must not be in it."""

import base64
import json
import re
import subprocess
import tomllib

import pytest
import yaml

from pixvox.datasets import store
from pixvox_cli.run import is_lesson

ROOT = store.ROOT
FOLDERS = (ROOT / "notebooks", ROOT / "notebooks" / "solutions")
FOUND = [path for folder in FOLDERS for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]
NOTEBOOKS = [path for path in FOUND if is_lesson(path)]  # not a reader's copies


def read_project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked_names():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[a-z,-]+\])?==", text, flags=re.MULTILINE)), text


def test_the_lock_names_the_extras_that_packages_ask_for():
    """Else pip looks at the newest `coverage[toml]`, and stops when that is not the pinned one."""
    _, text = locked_names()
    assert re.search(r"^coverage\[toml\]==", text, flags=re.MULTILINE)
    assert "--no-strip-extras" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_lock_has_every_dependency_with_hashes():
    project = read_project()
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names, text = locked_names()
    missing = {re.match(r"[A-Za-z0-9._-]+", line)[0] for line in wanted} - names
    assert not missing
    assert text.count("--hash=sha256:") > len(names)
    entries = re.split(r"^(?=[A-Za-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text  # no index's address


@pytest.mark.parametrize("name", ["site", "scale"])
def test_other_locks_agree_with_the_course(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"] | project["project"]["optional-dependencies"]
    text = (ROOT / f"requirements-{name}.lock").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+==\S+)", text, flags=re.MULTILINE))
    assert set(groups[name]) <= {pin.split("==")[0] for pin in pinned} and "://" not in text
    course = set(re.findall(r"^([a-z0-9-]+==\S+)", locked_names()[1], flags=re.MULTILINE))
    both = {pin.split("==")[0] for pin in pinned} & {pin.split("==")[0] for pin in course}
    assert {pin for pin in pinned if pin.split("==")[0] in both} <= course


def test_conda_installs_from_the_same_lock_and_python():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, from_pip = environment["dependencies"]
    assert python == f"python {read_project()['requires-python']}"
    assert pip == "pip"
    assert from_pip == {"pip": ["-r requirements.lock"]}


def test_ci_runs_on_three_systems_and_two_pythons():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["locked"]["strategy"]["matrix"]
    assert matrix == {"os": ["ubuntu-latest", "macos-latest", "windows-latest"], "python": ["3.11", "3.13"]}
    crons = {entry["cron"] for entry in workflow[True]["schedule"]}  # YAML reads the key "on" as True
    conditions = {name: job["if"] for name, job in workflow["jobs"].items()}
    assert crons == {text.split("'")[1] for text in conditions.values() if "github.event.schedule ==" in text}
    assert all("schedule" in text for text in conditions.values())


def test_there_is_a_solution_for_every_lesson():
    lessons = {path.name for path in NOTEBOOKS if path.parent.name == "notebooks"}
    solutions = {path.name for path in NOTEBOOKS if path.parent.name == "solutions"}
    assert lessons and lessons == solutions


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
class TestNotebook:
    """What a reader would trip over."""

    def cells(self, path, kind):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]

    def test_format_ids_and_size(self, path):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
        ids = [cell["id"] for cell in notebook["cells"]]
        assert len(set(ids)) == len(ids)
        assert path.stat().st_size < 2_000_000

    def test_its_metadata_hold_nothing_of_a_machine_and_ask_for_no_trust(self, path):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
        assert all(set(cell["metadata"]) <= {"tags", "mystnb"} for cell in notebook["cells"])
        shown = {
            kind
            for cell in self.cells(path, "code")
            for output in cell["outputs"]
            for kind in output.get("data", ())
        }
        assert shown <= {
            "text/plain",
            "text/html",
            "text/markdown",
            "image/png",
            "application/vnd.plotly.v1+json",
        }
        pages = [
            "".join(o.get("data", {}).get("text/html", ""))
            for c in self.cells(path, "code")
            for o in c["outputs"]
        ]
        assert not re.search(r"<(script|iframe|object)|\son\w+=", "".join(pages))

    def test_it_was_run_top_to_bottom_without_complaint(self, path):
        cells = self.cells(path, "code")
        assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
        outputs = [output for cell in cells for output in cell["outputs"]]
        assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]

    def test_it_starts_before_anything_loads_keras(self, path):
        code = "\n".join("".join(cell["source"]) for cell in self.cells(path, "code"))
        before = code.split("lesson = start(")[0]
        assert before.strip() == "from pixvox.lesson import start"

    def test_it_has_one_title_and_cells_that_can_be_read(self, path):
        text = "\n".join("".join(cell["source"]) for cell in self.cells(path, "markdown"))
        assert len(re.findall(r"^# \S", text, flags=re.MULTILINE)) == 1
        lengths = sorted(len("".join(cell["source"]).splitlines()) for cell in self.cells(path, "code"))
        assert lengths[len(lengths) // 2] <= 10 and lengths[-1] <= 40

    def test_a_lesson_is_read_in_an_hour_and_trains_within_ten_cells(self, path):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        if not any("take-it-with-you" in cell["metadata"].get("tags", ()) for cell in cells):
            pytest.skip("solutions, and lessons that are not rewritten yet")
        texts = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
        taught = texts[: next(i for i, (_, text) in enumerate(texts) if text.startswith("## Exercises"))]
        code = [text for kind, text in taught if kind == "code"]
        assert len(code) <= 45 and any(".fit(" in text for text in code[:10])
        words = [re.findall(r"\w+", text) for kind, text in taught if kind == "markdown"]
        assert sum(map(len, words)) <= 3_000

    def test_every_figure_has_alt_text(self, path):
        for cell in self.cells(path, "code"):
            for output in cell["outputs"]:
                if "image/png" in output.get("data", {}):
                    assert output["metadata"]["image/png"]["alt"]
                    assert cell["metadata"]["mystnb"]["image"]["alt"]

    def test_the_figure_that_stands_for_a_lesson_is_its_own(self, path):
        if path.parent.name == "solutions":
            pytest.skip("lessons have one")
        (cell,) = [c for c in self.cells(path, "code") if "front-page" in c["metadata"].get("tags", ())]
        (output,) = [o for o in cell["outputs"] if "image/png" in o.get("data", {})]
        kept = (path.parent / "pictures" / f"{path.stem}.png").read_bytes()
        assert kept == base64.b64decode("".join(output["data"]["image/png"]))

    def test_it_switches_no_warning_off_and_calls_no_shell(self, path):
        code = "\n".join("".join(cell["source"]) for cell in self.cells(path, "code"))
        assert not re.search(r"^\s*[!%]|filterwarnings|simplefilter", code, flags=re.MULTILINE)


def committed():
    """Return the names of the files that git has."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.decode("utf-8").split("\0") if name]


def test_every_committed_notebook_is_a_lesson_or_its_solutions():
    others = [path for path in FOUND if path not in NOTEBOOKS]
    assert not {path.relative_to(ROOT).as_posix() for path in others} & set(committed())


def test_nothing_of_a_machine_is_committed():
    names = committed()
    assert not [name for name in names if name.startswith(("data/full", "build/", ".venv/"))]
    texts = (".py", ".ipynb", ".md", ".json", ".csv", ".yml", ".toml", ".lock")
    for path in [ROOT / name for name in names if name.endswith(texts)]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) + "/" not in text, f"{path} names a folder of this machine"
