"""A lesson in JupyterLab, as a reader has it: look, run all, change a number, run on. `make check` runs it.

PIXVOX_LESSON=05 takes another lesson.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

pytest.importorskip("playwright.sync_api", reason="needs Playwright, which `make check` has")

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")  # the course's
LESSON = os.environ.get("PIXVOX_LESSON", "01")
PATIENCE = 600  # seconds: lesson 01 takes thirty, on a busy machine four minutes
PLOTLY = "application/vnd.plotly.v1+json"
SHOWN = (
    "figure => JSON.stringify([figure.data, {...figure.layout, sliders: 0}])"  # all but where the slider is
)
# What a reader changes in a lesson, and in which cell, that one or a later one, the answer changes with it.
CHANGES = {
    "01": ("[1, 1, 1]], np.float32)", "[1, 1, 1]], np.float32).T", "slope of the upper left number"),
    "02": ("np.uint8(200)", "np.uint8(250)", "200 read as int8"),
    "03": ("table.iloc[:3", "table.iloc[:5", "table.iloc[:5"),
    "04": ("chosen = 12", "chosen = 13", "chosen = 13"),
    "05": ("tone == 6)", "tone == 5)", "the lowest is"),
    "06": ('"baseline": 30 * 100', '"baseline": 60 * 100', "rounds through 2,000"),
    "07": ("ten = slice(0, 10)", "ten = slice(10, 20)", "ten = slice(10, 20)"),
    "08": ("my_point = (32, 32)", "my_point = (10, 10)", "with the square covered"),
    "09": ("copy = x_train[second]", "copy = x_train[second + 2]", "voxels along"),
    "10": ("looks = 40", "looks = 20", "looks = 20"),
}

# JupyterLab asks for it while a kernel is busy, and its server sends it to an address where nothing is.
KNOWN = "/static/favicons/favicon-busy-1.ico"


def read_cells(path):
    """Return the cells of a notebook."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def read_code_cells(path):
    """Return the code cells of a notebook that are not empty."""
    cells = read_cells(path)
    return [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


def kinds(cell):
    """Return what a cell shows. Beside a plotly figure, JupyterLab saves a picture of it."""
    shown = [output.get("name") or sorted(output["data"]) for output in cell["outputs"]]
    return [PLOTLY if PLOTLY in kind else kind for kind in shown]


def written(cell):
    """Return the text and the pictures of a cell's outputs."""
    return [output.get("text") or output.get("data") for output in cell["outputs"]]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start the course's JupyterLab on a copy of the lessons, as new; give its address, token and folder."""
    if not PYTHON.exists():
        pytest.fail(f"{PYTHON.relative_to(ROOT)} is not there: run `make lab` or `make test` once")
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".*", "_*"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "PIXVOX_BUILD")
    folders += ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIXVOX_")}
    environment = kept | {name: str(home / name.lower()) for name in folders}
    environment["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # as `make lab` sets it
    words = [
        "--no-browser",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
    ]
    words += ["--LabApp.news_url=None", "--allow-root"]
    command = [PYTHON, "-m", "jupyterlab", home / "notebooks", *words]
    log = home / "log.txt"
    with log.open("w", encoding="utf-8") as file:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=file, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_server(server, f"{address}/api/status?token={token}", log)
        yield address, token, home / "notebooks"
    finally:
        server.terminate()  # it ends its kernels
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def wait_for_server(server, url, log):
    for _ in range(600):
        try:
            return urlopen(url).close()
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail("JupyterLab did not start:\n" + log.read_text(encoding="utf-8")[-3000:])


class Notebook:
    """A notebook in the browser, and the file that the browser saves it to."""

    def __init__(self, page, wrong, path):
        self.page, self.wrong, self.path = page, wrong, path
        self.committed = read_code_cells(path)

    def choose(self, menu, item):
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item).click()

    def wait_until(self, ready):
        """Save now and then until `ready(code cells)`, and return them; an error output ends it."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            self.page.wait_for_timeout(2_000)
            with self.page.expect_response(lambda answer: answer.request.method == "PUT"):
                self.page.keyboard.press("Control+s")
            cells = read_code_cells(self.path)
            for cell in cells:
                errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
                assert not errors, (
                    f"{errors[0]['ename']}: {errors[0]['evalue']}\nin {''.join(cell['source'])}"
                )
            if ready(cells):
                return cells
        left = ["".join(cell["source"]) for cell in cells if cell["execution_count"] is None]
        raise AssertionError(f"after {PATIENCE} s {len(left)} cells have not run; the first:\n{left[:1]}")

    def cell(self, text):
        """Return the code cell with a text, in the browser."""
        return self.page.locator(".jp-CodeCell").filter(has_text=text)

    def run_all(self):
        """Clear all outputs, restart the kernel, run all cells; return them."""
        self.choose("Edit", "Clear Outputs of All Cells")
        self.wait_until(lambda cells: not any(cell["outputs"] for cell in cells))
        self.choose("Run", "Restart Kernel and Run All Cells")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        counts = list(range(1, len(self.committed) + 1))
        return self.wait_until(lambda cells: [cell["execution_count"] for cell in cells] == counts)


@pytest.fixture(scope="module")
def notebook(lab, watched):
    """Open the lesson."""
    address, token, folder = lab
    path = min(folder.glob(f"{LESSON}_*.ipynb"), key=lambda found: len(found.name))  # not a copy
    page, wrong = watched(address)
    page.set_default_timeout(60_000)
    page.goto(f"{address}/lab/tree/{path.name}?token={token}")
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    return Notebook(page, wrong, path)


def test_figures_move_before_anything_was_run_or_trusted(lab, notebook):
    """Plotly's are data that JupyterLab draws: no script of ours has to be trusted."""
    address, token, _ = lab
    with urlopen(f"{address}/api/contents/{notebook.path.name}?token={token}") as answer:
        cells = json.load(answer)["content"]["cells"]
    assert not any(
        cell["metadata"].get("trusted") for cell in cells if cell["cell_type"] == "code" and cell["outputs"]
    )
    expected = sum(PLOTLY in json.dumps(cell["outputs"]) for cell in cells if "outputs" in cell)
    figures = notebook.page.locator(".jp-Notebook .js-plotly-plot")
    for place in range(expected):
        figure = figures.nth(place)
        figure.scroll_into_view_if_needed()
        figure.locator("svg.main-svg").first.wait_for()
        slider = figure.locator(".slider-rail-touch-rect")
        if slider.count():
            before = figure.evaluate(SHOWN)
            box = slider.bounding_box()
            slider.click(position={"x": box["width"] * 0.8, "y": box["height"] / 2})
            notebook.page.wait_for_timeout(500)
            assert figure.evaluate(SHOWN) != before
    assert figures.count() == expected


def test_it_runs_and_answers_a_change(notebook):
    cells = notebook.run_all()
    assert not [
        output["text"] for cell in cells for output in cell["outputs"] if output.get("name") == "stderr"
    ]
    assert list(map(kinds, cells)) == list(map(kinds, notebook.committed))
    old, new, answer = CHANGES[LESSON]
    sources = ["".join(cell["source"]).replace(old, new) for cell in cells]
    (start,) = [place for place, cell in enumerate(cells) if old in "".join(cell["source"])]
    end = next(place for place in range(start, len(cells)) if answer in sources[place])
    editor = notebook.page.locator(".jp-CodeCell").nth(start).locator(".cm-content")
    editor.click()
    editor.press("Control+a")
    notebook.page.keyboard.insert_text(sources[start])
    names = [cell["id"] for cell in read_cells(notebook.path)]  # those of texts between them are passed, too
    for _ in range(names.index(cells[start]["id"]), names.index(cells[end]["id"]) + 1):
        notebook.page.keyboard.press("Shift+Enter")
    again = notebook.wait_until(lambda cells: (cells[end]["execution_count"] or 0) > len(cells))
    assert "".join(again[start]["source"]) == sources[start]
    assert kinds(again[end]) == kinds(cells[end])
    assert written(again[end]) != written(cells[end])


def test_the_console_has_no_error(notebook):
    assert not [text for text in notebook.wrong if KNOWN not in text]
