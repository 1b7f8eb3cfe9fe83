import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

import pixvox
import pixvox_cli
from pixvox.datasets import store
from pixvox_cli import main as cli
from pixvox_cli import reporting
from pixvox_cli import run as runner
from pixvox_cli.execution import Failure

RESULTS = {
    "headline": {"test accuracy": 0.973456, "pictures": 360},
    "claims": {
        name: {"verdict": verdict}
        for name, verdict in {
            "P1": "holds",
            "P2": "holds",
            "P3": "does not hold",
            "P4": "not measured here",
        }.items()
    },
}
WRITE_RESULTS = (  # what lesson.finish does, without TensorFlow
    "import json, os, pathlib\n"
    "folder = pathlib.Path('..') / 'build' / os.environ['PIXVOX_PROFILE']\n"
    "folder.mkdir(parents=True, exist_ok=True)\n"
    f"(folder / '{{name}}.json').write_text(json.dumps({RESULTS!r}))"
)


def write_notebook(path, *sources):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [nbformat.v4.new_markdown_cell("# A lesson")]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def write_lesson(root, name, *sources):
    """Write a lesson that ends by writing its results file."""
    write_notebook(root / "notebooks" / f"{name}.ipynb", *sources, WRITE_RESULTS.replace("{name}", name))


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty course."""
    for name in ("PIXVOX_PROFILE", "PIXVOX_SEED", "PIXVOX_STRICT", "PIXVOX_DATA", "KERAS_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(store, "ROOT", tmp_path)
    return tmp_path


def options(profile="sample", seed=None, keep=False):
    return runner.Options(profile, seed, keep)


def test_lessons_run_side_by_side_and_a_failing_one_stops_no_other(root, capsys):
    write_lesson(root, "01_good", "print('hello')")
    write_lesson(root, "02_bad", "a = 1\nb = 0", "# the next line fails\na / b")
    stale = root / "build" / "sample" / "02_bad.json"
    stale.parent.mkdir(parents=True)
    stale.write_text(json.dumps({"headline": {"stale": 1}}), encoding="utf-8")

    assert runner.run_lessons(jobs=2) == 1

    shown = capsys.readouterr().out
    assert "01_good: test accuracy 0.9735, pictures 360 (" in shown
    assert "02_bad: FAILED" in shown
    assert (
        "  cell [2]\n    # the next line fails\n  > a / b\n  ZeroDivisionError: division by zero\n" in shown
    )
    table = [re.split(r"\s*│\s*", line) for line in shown.splitlines() if line.startswith("│")]
    assert table[0][1] == "01_good" and table[0][3:8] == [
        "test accuracy 0.9735, pictures 360",
        "2",
        "0",
        "1",
        "4",
    ]
    assert table[1][1] == "02_bad" and table[1][3].startswith("failed in cell [2]: ZeroDivisionError")
    assert "\x1b" not in shown and "stale" not in shown
    assert not stale.exists()
    executed = nbformat.read(root / "build" / "sample" / "02_bad.ipynb", as_version=4)
    assert [cell.execution_count for cell in executed.cells[1:]] == [1, 2, None]
    assert executed.cells[2].outputs[0].ename == "ZeroDivisionError" and executed.cells[3].outputs == []
    assert [path.name for path in (root / "notebooks").iterdir() if path.name.startswith(".")] == []


def test_a_kernel_is_this_python_and_gets_profile_seed_and_folders(root, monkeypatch):
    monkeypatch.setenv("PIXVOX_DATA", "relative")
    monkeypatch.chdir(root)
    write_lesson(
        root,
        "01_look",
        "import json, os, sys\n"
        "names = ['PIXVOX_PROFILE', 'PIXVOX_SEED', 'PIXVOX_STRICT', 'KERAS_HOME', 'PIXVOX_DATA']\n"
        "print(json.dumps([sys.executable, os.getcwd()] + [os.environ[name] for name in names]))",
    )
    assert runner.run_lessons(["1"], profile="full", seed=7) == 0
    executed = nbformat.read(root / "build" / "full" / "01_look.ipynb", as_version=4)
    assert json.loads(executed.cells[1].outputs[0].text) == [
        sys.executable,
        str(root / "notebooks"),
        "full",
        "7",
        "1",
        str(root / "build" / "keras"),
        str(root / "relative"),
    ]


def test_what_the_user_set_stays(root, monkeypatch):
    monkeypatch.setenv("PIXVOX_STRICT", "0")
    monkeypatch.setenv("PIXVOX_SEED", "3")
    environment = runner.kernel_environment(options())
    assert (environment["PIXVOX_STRICT"], environment["PIXVOX_SEED"]) == ("0", "3")
    assert "PIXVOX_DATA" not in environment


def test_keep_writes_notebook_solutions_and_results_back(root):
    figure = (
        "from IPython.display import display\n"
        "data = {'image/png': 'iVBORw0KGgo=', 'text/plain': '<Figure>'}\n"
        "display(data, metadata={'image/png': {'alt': 'A blue line.'}}, raw=True)"
    )
    write_lesson(root, "01_good", "print('a')\nprint('b')", figure)
    write_notebook(root / "notebooks" / "solutions" / "01_good.ipynb", "6 * 7")
    path = root / "notebooks" / "01_good.ipynb"
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]

    assert runner.run_lessons([1], keep=True, jobs=2) == 0

    text = path.read_bytes()
    assert text.endswith(b"}\n") and b"\r" not in text
    notebook = json.loads(text)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert [cell["id"] for cell in notebook["cells"]] == ids
    assert [cell.get("execution_count") for cell in notebook["cells"]] == [None, 1, 2, 3]
    assert notebook["cells"][2]["metadata"] == {"mystnb": {"image": {"alt": "A blue line."}}}
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    solutions = nbformat.read(root / "notebooks" / "solutions" / "01_good.ipynb", as_version=4)
    assert solutions.cells[1].outputs[0].data["text/plain"] == "42"
    kept = root / "data" / "results" / "sample" / "01_good.json"
    assert json.loads(kept.read_text(encoding="utf-8")) == RESULTS
    (root / "notebooks" / "solutions" / "01_good.ipynb").unlink()
    before = path.read_bytes()
    assert runner.run_lessons([1], keep=True) == 0
    assert path.read_bytes() == before


def test_the_full_profile_keeps_results_and_no_notebook(root, monkeypatch):
    write_notebook(root / "notebooks" / "01_good.ipynb", "print('a')")
    write_notebook(root / "notebooks" / "solutions" / "01_good.ipynb", "6 * 7")
    before = (root / "notebooks" / "01_good.ipynb").read_bytes()
    lessons = runner.find_lessons([], options("full", keep=True))
    assert [lesson.name for lesson in lessons] == ["01_good"]

    def writes_results(notebook, **_):
        lessons[0].results.write_text(json.dumps(RESULTS), encoding="utf-8")

    monkeypatch.setattr(runner, "execute", writes_results)
    lessons[0].results.parent.mkdir(parents=True)
    outcome = runner.run_lesson(lessons[0], options("full", keep=True))
    assert outcome.failure is None and outcome.results == RESULTS
    assert (root / "data" / "results" / "full" / "01_good.json").is_file()
    assert (root / "notebooks" / "01_good.ipynb").read_bytes() == before


def test_a_path_of_this_machine_is_not_kept(root, monkeypatch):
    path = root / "notebooks" / "01_path.ipynb"
    write_notebook(path, "1")
    before = path.read_bytes()

    def prints_a_path(notebook, **_):
        notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text=f"in {root}/data\n")]

    monkeypatch.setattr(runner, "execute", prints_a_path)
    lesson = runner.find_lessons([1], options(keep=True))[0]
    outcome = runner.run_lesson(lesson, options(keep=True))
    assert f"cell [1] shows {root}" in outcome.failure.error
    assert path.read_bytes() == before and (root / "build" / "sample" / "01_path.ipynb").is_file()


def test_an_unreadable_notebook_and_a_full_disk_fail_one_lesson(root, monkeypatch):
    (root / "notebooks").mkdir()
    (root / "notebooks" / "01_broken.ipynb").write_text("{", encoding="utf-8")
    write_notebook(root / "notebooks" / "02_full.ipynb", "1")
    first, second = runner.find_lessons([], options())
    assert "JSON" in runner.run_lesson(first, options()).failure.error

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runner, "execute", lambda notebook, **_: None)
    monkeypatch.setattr(runner.keeping, "write_notebook", full)
    assert "No space left" in runner.run_lesson(second, options()).failure.error


def test_lessons_are_found_by_number_and_name(root):
    for name in ("02_b", "01_a", "10_c"):
        write_notebook(root / "notebooks" / f"{name}.ipynb", "1")
    write_notebook(root / "notebooks" / "scratch.ipynb", "1")

    def names(*numbers):
        return [lesson.name for lesson in runner.find_lessons(numbers, options())]

    assert names() == ["01_a", "02_b", "10_c"]
    assert names("10", "1", "01", "01_a") == ["01_a", "10_c"]
    assert names(2) == ["02_b"]


@pytest.mark.parametrize("number", ["3", "x", "1x", "-1", ""])
def test_an_unknown_lesson_is_answered_with_those_there_are(root, number, capsys):
    write_notebook(root / "notebooks" / "01_a.ipynb", "1")
    assert cli.main(["run", "--", number]) == 2
    error = capsys.readouterr().err
    assert error.startswith(
        f"pixvox: expected the number of a lesson (01_a), came {number!r}. Type for instance"
    )


def test_no_lessons_at_all(root):
    with pytest.raises(FileNotFoundError, match="git checkout -- notebooks"):
        runner.run_lessons()


def outcome(results=None, failure=None, path="notebooks/01_a.ipynb"):
    lesson = runner.Lesson(1, store.ROOT / path, None if "solutions" in path else store.ROOT / "x.json")
    return runner.Outcome(lesson, 1.0, failure, results)


def test_headlines():
    assert reporting.headline(outcome({"headline": {"a": 0.123456, "b": 3}})) == "a 0.1235, b 3"
    assert reporting.headline(outcome({"headline": {}})) == "ran without error"
    assert reporting.headline(outcome(None)).endswith("its last cell should call lesson.finish")
    assert reporting.headline(outcome(None, path="notebooks/solutions/01_a.ipynb")) == "ran without error"
    assert (
        reporting.headline(outcome(None, Failure("the kernel died\nmore"))) == "failed: the kernel died more"
    )
    assert reporting.headline(outcome({}, Failure("E: m", 3))) == "failed in cell [3]: E"
    assert len(reporting.headline(outcome(None, Failure("a long word " * 20)))) <= 60


def test_a_long_error_is_cut():
    shown = reporting.describe_failure(Failure("\n".join(map(str, range(50)))))
    assert shown.splitlines()[-2:] == ["  19", "  (30 more lines)"]


def test_ctrl_c_ends_the_kernel_and_says_how_to_go_on(root, monkeypatch, capsys):
    """In this process: a Ctrl-C as soon as the second lesson's cell runs."""
    write_lesson(root, "01_quick", "print(1)")
    write_lesson(
        root,
        "02_slow",
        "open('../started', 'w').close()\nimport time\ntime.sleep(20)\nopen('../finished', 'w')",
    )
    real_wait = runner.wait

    def wait_until_started(futures, **options):
        if (root / "started").exists():
            raise KeyboardInterrupt
        return real_wait(futures, **options)

    monkeypatch.setattr(runner, "wait", wait_until_started)
    assert runner.run_lessons(seed=3, profile="full") == 130
    assert not (root / "finished").exists()
    shown = capsys.readouterr().out
    assert "pixvox: interrupted. Finished: 01_quick." in shown
    assert "To go on, type `pixvox run 02 --profile full --seed 3`." in shown
    assert not [child for child in psutil.Process().children(recursive=True) if is_kernel(child)]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def is_kernel(process):
    with contextlib.suppress(psutil.Error):
        return "ipykernel_launcher" in " ".join(process.cmdline())
    return False


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for another process")
def test_ctrl_c_in_a_terminal_leaves_no_kernel(tmp_path):
    for package in (pixvox, pixvox_cli):
        folder = Path(package.__file__).parent
        shutil.copytree(folder, tmp_path / "src" / folder.name)
    for name in ("01_slow", "02_slow", "03_slow"):
        source = f"open('../{name}', 'w').close()\nimport time\ntime.sleep(60)"
        write_lesson(tmp_path, name, source)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
    command = [sys.executable, "-m", "pixvox_cli.main", "run", "--jobs", "2"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    deadline = time.monotonic() + 60
    while not all((tmp_path / name).exists() for name in ("01_slow", "02_slow")):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    kernels = [child for child in psutil.Process(process.pid).children(recursive=True) if is_kernel(child)]
    assert len(kernels) == 2
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)  # somebody impatient
    shown, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Finished: no notebook. To go on, type `pixvox run 01 02 03 --profile sample --jobs 2`." in shown
    assert "Traceback" not in shown and "\x1b" not in shown
    _, alive = psutil.wait_procs(kernels, timeout=5)
    assert alive == []


def test_results_of_another_seed_are_not_kept(root, monkeypatch):
    with pytest.raises(ValueError, match="own seed"):
        runner.run_lessons(seed=3, keep=True)
    monkeypatch.setenv("PIXVOX_SEED", "3")
    with pytest.raises(ValueError, match="PIXVOX_SEED"):
        runner.run_lessons(keep=True)
