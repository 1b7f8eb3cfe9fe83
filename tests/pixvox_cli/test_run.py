import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from rich.progress import Progress

import pixvox
import pixvox_cli
from pixvox.datasets.files import locked
from pixvox_cli import main as cli
from pixvox_cli import run as runner

RESULTS = {"headline": {"test accuracy": 0.973456, "pictures": 360}}
WRITE_RESULTS = f"""
import json, os, pathlib
folder = pathlib.Path('..') / 'build' / os.environ['PIXVOX_PROFILE']
folder.mkdir(parents=True, exist_ok=True)
_ = (folder / f'{{started}}.json').write_text(json.dumps({RESULTS!r}))
"""


def write_lesson(course, name, *sources, starts=None):
    """Write a notebook that starts a lesson and writes a results file as lessons do, without TensorFlow."""
    begin = f'start = str\nstarted = start("{starts or name}")'
    cells = [nbformat.v4.new_code_cell(source) for source in (begin, *sources, WRITE_RESULTS)]
    path = course / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    title = nbformat.v4.new_markdown_cell("# A lesson")
    nbformat.write(nbformat.v4.new_notebook(cells=[title, *cells]), path)
    return path


def run_one(profile="sample", keep=False, number="1"):
    """Run a lesson in this thread."""
    options = runner.Options(profile, None, keep)
    lesson = runner.find_lessons([number], options)[0]
    return runner.run_lesson(lesson, options, Progress(disable=True), threading.Event(), {})


def executed(course, name, profile="sample"):
    return nbformat.read(course / "build" / profile / f"{name}.ipynb", as_version=4)


def test_lessons_run_side_by_side_and_a_failing_one_stops_no_other(course, capsys):
    write_lesson(course, "01_good", "print('hello')")
    write_lesson(course, "02_bad", "a = 1\nb = 0", "# the next line fails\na / b")
    stale = course / "build" / "sample" / "02_bad.json"
    stale.parent.mkdir(parents=True)
    stale.write_text(json.dumps({"headline": {"stale": 1}}), encoding="utf-8")

    assert runner.run_lessons(jobs=2) == 1

    shown = capsys.readouterr().out
    assert "01_good: test accuracy 0.9735, pictures 360 (" in shown
    assert "    # the next line fails\n  > a / b\n  ZeroDivisionError: division by zero\n" in shown
    table = [re.split(r"\s*│\s*", line) for line in shown.splitlines() if line.startswith("│")]
    assert table[0][1] == "01_good"
    assert table[0][3] == "test accuracy 0.9735, pictures 360"
    assert table[1][1] == "02_bad" and table[1][3].startswith("failed in cell [3]: ZeroDivisionError")
    assert "\x1b" not in shown and "stale" not in shown
    assert not stale.exists()
    cells = executed(course, "02_bad").cells
    assert [cell.get("execution_count") for cell in cells] == [None, 1, 2, 3, None]
    assert cells[3].outputs[0].ename == "ZeroDivisionError" and cells[4].outputs == []


def test_a_kernel_is_this_python_and_gets_profile_seed_and_folders(course, monkeypatch):
    monkeypatch.setenv("PIXVOX_DATA", "relative")
    look = """
import json, os, sys
names = ['PIXVOX_PROFILE', 'PIXVOX_SEED', 'PIXVOX_STRICT', 'PIXVOX_DATA']
print(json.dumps([sys.executable, os.getcwd()] + [os.environ[name] for name in names]))
"""
    write_lesson(course, "01_look", look)
    assert runner.run_lessons(["1"], profile="full", seed=7) == 0
    here = [sys.executable, str(course / "notebooks")]
    answer = json.loads(executed(course, "01_look", "full").cells[2].outputs[0].text)
    assert answer == [*here, "full", "7", "1", "relative"]


def test_keep_writes_notebook_solutions_and_results_back_and_a_second_time_nothing_new(course):
    figure = """from IPython.display import display
data = {'image/png': 'iVBORw0KGgo=', 'text/plain': '<Figure>'}
display(data, metadata={'image/png': {'alt': 'A blue line.'}}, raw=True)"""
    path = write_lesson(course, "01_good", "print('a')\nprint('b')", figure)
    solutions = write_lesson(course, "solutions/01_good", "6 * 7", starts="01_good")
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]

    assert runner.run_lessons([1], keep=True, jobs=2) == 0

    kept = path.read_bytes()
    notebook = nbformat.reads(kept.decode("utf-8"), as_version=4)
    assert [cell.id for cell in notebook.cells] == ids
    assert [cell.get("execution_count") for cell in notebook.cells] == [None, 1, 2, 3, 4]
    assert notebook.cells[3].metadata == {"mystnb": {"image": {"alt": "A blue line."}}}
    assert nbformat.read(solutions, as_version=4).cells[2].outputs[0].data["text/plain"] == "42"
    results = course / "data" / "results" / "sample" / "01_good.json"
    assert json.loads(results.read_text(encoding="utf-8")) == RESULTS
    run_one(keep=True)
    assert path.read_bytes() == kept


def test_a_copy_of_a_lesson_is_named_and_never_run_or_kept(course, capsys):
    write_lesson(course, "01_mnist")
    copies = [
        write_lesson(course, f"01_mnist{end}", "1 / 0", starts="01_mnist") for end in ("-Copy1", "_mine")
    ]
    before = [path.read_bytes() for path in copies]
    assert runner.run_lessons(["1"], keep=True) == runner.run_lessons() == 0
    shown = capsys.readouterr().out
    assert "01_mnist-Copy1.ipynb" in shown and "01_mnist_mine.ipynb" in shown and "JupyterLab" in shown
    assert [path.read_bytes() for path in copies] == before
    kept = nbformat.read(course / "notebooks" / "01_mnist.ipynb", as_version=4)
    assert "1 / 0" not in [cell.source for cell in kept.cells]
    assert sorted(path.stem for path in (course / "build" / "sample").glob("*.ipynb")) == ["01_mnist"]
    assert cli.main(["run", "01_mnist_mine"]) == 2


def test_missing_evidence_notebooks_are_told_with_what_to_type(course, capsys):
    write_lesson(course, "01_good")
    assert cli.main(["run", "evidence"]) == 2
    assert "`git checkout -- notebooks/evidence`" in capsys.readouterr().err


def test_evidence_is_run_and_kept_when_it_is_asked_for(course, capsys):
    write_lesson(course, "01_one")
    write_lesson(course, "evidence/P9_post", "print('verdict')")
    path = course / "notebooks" / "evidence" / "P9_post.ipynb"
    bare = nbformat.read(path, as_version=4)
    bare.cells = bare.cells[:3]  # it writes no results
    nbformat.write(bare, path)
    assert runner.find_lessons([], runner.Options("sample", None, True)) == [path.parents[1] / "01_one.ipynb"]

    assert runner.run_lessons(["evidence"], keep=True) == 0

    assert nbformat.read(path, as_version=4).cells[-1].outputs[0].text == "verdict\n"
    assert "evidence/P9_post" in capsys.readouterr().out
    assert not (course / "data").exists()


def test_the_full_profile_keeps_results_and_no_notebook(course):
    path = write_lesson(course, "01_good")
    write_lesson(course, "solutions/01_good", starts="01_good")
    before = path.read_bytes()
    assert runner.find_lessons([], runner.Options("full", None, keep=True)) == [path]
    assert run_one("full", keep=True).results == RESULTS
    assert (course / "data" / "results" / "full" / "01_good.json").is_file()
    assert path.read_bytes() == before


def test_a_path_of_this_machine_is_not_kept(course):
    path = write_lesson(course, "01_path", "import os\nprint(os.getcwd())")
    before = path.read_bytes()
    assert str(course) in run_one(keep=True).failure.error
    assert path.read_bytes() == before and executed(course, "01_path")


def test_an_unreadable_notebook_fails_its_lesson_only(course):
    path = write_lesson(course, "01_broken")
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    write_lesson(course, "02_good")
    (course / "notebooks" / "03_folder.ipynb").mkdir()
    assert "JSON" in run_one().failure.error
    cell = {"cell_type": "code", "source": 'start("01_broken")', "outputs": [], "execution_count": None}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert "`git checkout HEAD -- notebooks/01_broken.ipynb`" in run_one().failure.error
    assert run_one(number=2).failure is None


def test_the_marks_of_a_merge_are_named_and_nothing_is_thrown_away(course):
    path = write_lesson(course, "01_merged")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n", "\n<<<<<<< HEAD\n", 1), encoding="utf-8")
    error = run_one().failure.error
    assert "marks of a merge conflict" in error and "if it has no work of yours, type `git checkout" in error


def test_a_byte_order_mark_does_no_harm(course):
    path = write_lesson(course, "01_marked")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert run_one().failure is None


def test_a_figure_is_drawn_into_the_notebook_whatever_shell_and_home_say(course, monkeypatch):
    (course / "matplotlibrc").write_text("text.usetex: True", encoding="utf-8")
    monkeypatch.setenv("MATPLOTLIBRC", str(course / "matplotlibrc"))
    monkeypatch.setenv("MPLBACKEND", "Agg")
    look = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    write_lesson(course, "01_figure", look)
    assert run_one().failure is None
    assert any(
        "image/png" in output.get("data", {}) for output in executed(course, "01_figure").cells[2].outputs
    )


def test_a_figure_that_cannot_be_drawn_is_a_failure(course):
    look = "import matplotlib.pyplot as plt\nplt.title(r'$\\bad$')\nplt.show()"
    write_lesson(course, "01_figure", look)
    failure = run_one().failure
    assert "bad" in failure.error and failure.cell == 2 and "plt.title" in failure.source


def test_a_full_disk_fails_the_lesson(course, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    write_lesson(course, "01_good")
    monkeypatch.setattr(runner.keeping, "write_notebook", full)
    error = run_one().failure.error
    assert "No space left" in error and "build/sample" in error


def test_where_nothing_can_be_kept_nothing_is_run(course, capsys, monkeypatch):
    write_lesson(course, "01_good", "open('ran', 'w')")
    (course / "somebody's").write_bytes(b"")
    monkeypatch.setenv("PIXVOX_BUILD", "somebody's/build")
    assert cli.main(["run", "1", "--seed", "2"]) == 2
    said = capsys.readouterr().err
    assert "somebody's/build/sample" in said and "PIXVOX_BUILD=" in said
    assert "pixvox run 1 --profile sample --seed 2`" in said
    monkeypatch.delenv("PIXVOX_BUILD")
    (course / "data").write_bytes(b"a file where results go")
    assert cli.main(["run", "1", "--keep"]) == 2
    said = capsys.readouterr().err
    assert "data/results/sample" in said and "--keep" in said and not (course / "notebooks" / "ran").exists()


def test_a_full_disk_is_told_before_anything_is_run(course, capsys, monkeypatch):
    def full(self, data):
        raise OSError(28, "No space left on device")

    write_lesson(course, "01_good")
    monkeypatch.setattr(Path, "write_bytes", full)
    assert cli.main(["run", "1"]) == 2
    assert "No space left on device. Type `" in (said := capsys.readouterr().err) and "ANOTHER-DISK" in said


def test_what_is_made_goes_to_the_folder_that_is_chosen(course, capsys, monkeypatch):
    monkeypatch.setenv("PIXVOX_BUILD", "elsewhere")
    where = WRITE_RESULTS.replace("'build'", "'elsewhere'")
    write_lesson(course, "01_good", where)
    assert runner.run_lessons(["1"], keep=True) == 0
    assert (course / "elsewhere" / "sample" / "01_good.ipynb").is_file()
    assert (course / "data" / "results" / "sample" / "01_good.json").is_file()
    assert "results go to elsewhere/sample" in capsys.readouterr().out


def test_a_lesson_that_another_call_runs_fails_and_its_results_stay(course, capsys):
    write_lesson(course, "01_both")
    write_lesson(course, "02_other")
    results = course / "build" / "sample" / "01_both.json"
    results.parent.mkdir(parents=True)
    results.write_text("of the first call", encoding="utf-8")
    with locked(results.with_suffix(".lock")):
        assert runner.run_lessons() == 1
    shown = capsys.readouterr().out
    assert (
        f"01_both is running, pid {os.getpid()}. Nothing was changed." in shown and "02_other: test" in shown
    )
    assert results.read_text(encoding="utf-8") == "of the first call"
    assert runner.run_lessons() == 0, "and the lock is free again"


def test_lessons_are_taken_when_a_call_begins_and_let_go_as_they_end(course, monkeypatch):
    for name in ("01_a", "02_b"):
        write_lesson(course, name)
    seen = []

    def look(path, *arguments):
        seen.append([is_free(course, name) for name in ("01_a", "02_b")])
        return runner.Outcome(path, 0.0, None, None)

    monkeypatch.setattr(runner, "run_lesson", look)
    monkeypatch.setattr(runner, "_print_outcome", lambda outcome, console: time.sleep(0.3))
    assert runner.run_lessons() == 0
    assert seen[0] == [False, False] and is_free(course, "01_a") and is_free(course, "02_b")


def is_free(course, name):
    """Say whether nobody holds the lock of a lesson."""
    try:
        with locked(course / "build" / "sample" / f"{name}.lock"):
            return True
    except BlockingIOError:
        return False


def test_lessons_are_found_by_number_and_name(course):
    for name in ("02_b", "01_a", "10_c"):
        write_lesson(course, name)
    write_lesson(course, "scratch")

    def names(*numbers):
        return [path.stem for path in runner.find_lessons(numbers, runner.Options("sample", None, False))]

    assert names() == ["01_a", "02_b", "10_c"]
    assert names("10", "1", "01", "01_a") == ["01_a", "10_c"]
    assert names(2) == ["02_b"]


@pytest.mark.parametrize("number", ["3", "x", "1x", "-1", ""])
def test_an_unknown_lesson_is_answered_with_those_there_are(course, number, capsys):
    write_lesson(course, "01_a")
    assert cli.main(["run", "--", number]) == 2
    assert "(01_a)" in capsys.readouterr().err


def test_no_lessons_at_all(course):
    with pytest.raises(FileNotFoundError, match="git checkout -- notebooks"):
        runner.run_lessons()


def test_results_of_another_seed_are_not_kept(course, monkeypatch):
    with pytest.raises(ValueError, match="--seed"):
        runner.run_lessons(seed=3, keep=True)
    monkeypatch.setenv("PIXVOX_SEED", "3")
    with pytest.raises(ValueError, match="PIXVOX_SEED"):
        runner.run_lessons(keep=True)


def test_a_lesson_that_writes_no_results_is_told_what_is_missing(course, capsys):
    write_lesson(course, "01_a", "raise SystemExit")  # IPython ends the cell only
    path = course / "notebooks" / "01_a.ipynb"
    notebook = nbformat.read(path, as_version=4)
    del notebook.cells[2:]
    nbformat.write(notebook, path)
    before = path.read_bytes()
    assert runner.run_lessons(keep=True) == 1
    assert "lesson.finish" in capsys.readouterr().out and path.read_bytes() == before


def execute(tmp_path, *sources, stop=None, on_cell=lambda: None, **environment):
    """Execute cells; return the failure and the notebook."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    made.cells[0].outputs = [nbformat.v4.new_output("stream", text="of last year")]
    environment = {**os.environ, **environment}
    stop = stop or threading.Event()
    return runner.execute(made, tmp_path, environment, stop=stop, on_cell=on_cell), made


def test_cells_run_in_order_and_empty_ones_are_passed_over(tmp_path):
    told = []
    failure, made = execute(tmp_path, "a = 1", "", "print(a + 1)", on_cell=lambda: told.append("cell"))
    assert failure is None and told == ["cell", "cell"]
    assert made.cells[0].outputs == [] and made.cells[2].outputs[0].text == "2\n"
    assert [cell.execution_count for cell in made.cells] == [1, None, 2]


def test_a_kernel_that_dies_says_what_it_wrote_last(tmp_path):
    failure, _ = execute(tmp_path, "import os\nos.write(2, b'out of everything\\n')\nos._exit(3)")
    assert "out of everything" in failure.error and failure.cell == 1
    assert "encryption" not in failure.error
    headline = runner._headline(runner.Outcome(tmp_path, 1.0, failure, None))
    assert headline == "failed in cell [1]: the kernel died with exit status 3"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals")
@pytest.mark.parametrize("name", ["SIGILL", "SIGKILL", "SIGTERM"])
def test_a_kernel_that_a_signal_ended_is_told_with_the_signal(tmp_path, name):
    end = f"import os, signal\nos.kill(os.getpid(), signal.{name})"
    failure, _ = execute(tmp_path, end)
    ended = f"the kernel died with {name} ({-getattr(signal, name)}): "
    assert failure.cell == 1 and failure.error.startswith(ended)
    assert "memory" not in failure.error or name == "SIGKILL"
    (tmp_path / "ipykernel_launcher.py").write_text(end, encoding="utf-8")
    failure, _ = execute(tmp_path, "1", PYTHONPATH=str(tmp_path))
    assert failure.cell is None and failure.error.startswith(ended)


def test_a_kernel_leaves_the_home_folder_alone(tmp_path):
    look = (
        "import os\nfrom IPython.paths import get_ipython_dir\nprint(get_ipython_dir(), os.environ['HOME'])"
    )
    failure, made = execute(tmp_path, look, HOME=str(tmp_path), IPYTHONDIR=str(tmp_path / "mine"))
    used, home = made.cells[0].outputs[0].text.split()
    assert failure is None and not used.startswith(home) and not (tmp_path / "mine").exists()


def test_a_kernel_that_cannot_start_is_a_failure(tmp_path):
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit('no kernel today')", encoding="utf-8")
    failure, _ = execute(tmp_path, "1", PYTHONPATH=str(tmp_path))
    assert failure.cell is None and "no kernel today" in failure.error


def kernels(process=None):
    """Return the kernels that a process has started."""
    found = []
    for child in (process or psutil.Process()).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            found += [child] if "ipykernel_launcher" in " ".join(child.cmdline()) else []
    return found


@pytest.mark.parametrize("started", [True, False], ids=["in a cell", "before the start"])
def test_stop_ends_the_kernel_at_once(tmp_path, started):
    stop = threading.Event()
    if not started:
        stop.set()
    slow = "import time\ntime.sleep(20)\nopen('finished', 'w')"
    with pytest.raises(InterruptedError):
        execute(tmp_path, "1", slow, stop=stop, on_cell=stop.set)
    assert not (tmp_path / "finished").exists() and kernels() == []


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for another process")
def test_ctrl_c_in_a_terminal_leaves_no_kernel_and_says_how_to_go_on(course):
    for package in (pixvox, pixvox_cli):
        folder = Path(package.__file__).parent
        shutil.copytree(folder, course / "src" / folder.name)
    write_lesson(course, "01_quick")
    for name in ("02_slow", "03_slow", "04_slow"):
        write_lesson(course, name, f"open('../{name}', 'w').close()\nimport time\ntime.sleep(60)")
    environment = {**os.environ, "PYTHONPATH": str(course / "src")}
    command = [sys.executable, "-m", "pixvox_cli.main", "run", "--jobs", "2"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(command, env=environment, **pipes)
    deadline = time.monotonic() + 60
    while not all((course / name).exists() for name in ("02_slow", "03_slow")):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    running = kernels(psutil.Process(process.pid))
    assert len(running) == 2
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)  # somebody impatient
    shown, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Finished: 01_quick." in shown and "`pixvox run 02 03 04 --profile sample --jobs 2`" in shown
    assert "Traceback" not in shown and "\x1b" not in shown
    _, alive = psutil.wait_procs(running, timeout=5)
    assert alive == []


def test_the_first_lesson_comes_first_and_then_those_that_took_longest(course, capsys):
    for name, seconds in (("01_first", 1), ("02_quick", 2), ("03_long", 90), ("04_longer", 200)):
        write_lesson(course, name)
        kept = course / "data" / "results" / "sample" / f"{name}.json"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"run": {"cpu_seconds": seconds}}))
    write_lesson(course, "05_unknown")
    assert runner.run_lessons(jobs=1) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if re.match(r"\d\d_\w+: ", line)]
    assert [line[:2] for line in lines] == ["01", "04", "03", "05", "02"]


@pytest.mark.parametrize(
    ("rest", "begun", "jobs", "told"),
    [
        ({"01": 30.0, "02": 20.0}, {}, 2, "about 30 s left"),  # not 25: the longest is one
        ({"01": 30.0, "02": 20.0, "03": 41.0}, {}, 2, "about 50 s left"),
        ({"01": 30.0, "02": 20.0}, {"01": -25.0, "02": 0.0}, 1, "about 30 s left"),
        ({"01": 30.0}, {"01": -90.0}, 1, "about 0 s left"),
        ({"01": 400.0, "02": 300.0}, {}, 2, "about 7 min left"),
    ],
)
def test_the_time_left_counts_what_has_begun_and_the_longest(rest, begun, jobs, told, monkeypatch):
    monkeypatch.setattr(runner.time, "perf_counter", lambda: 0.0)
    assert runner._time_left(rest, begun, jobs) == told


@pytest.mark.parametrize(
    ("words", "jobs", "threads"), [([], 2, "1"), ([], 1, "None"), (["1"], None, "None"), (["1"], 2, "None")]
)
def test_several_at_once_have_one_thread_each_and_one_alone_has_all(
    words, jobs, threads, course, monkeypatch
):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    for name in ("01_look", "02_look"):
        write_lesson(course, name, "import os\nprint(os.environ.get('OMP_NUM_THREADS'))")
    assert runner.run_lessons(words, jobs=jobs) == 0
    assert executed(course, "01_look").cells[2].outputs[0].text == f"{threads}\n"


def test_what_is_kept_is_measured_alone(course, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    for name in ("01_look", "02_look"):
        write_lesson(course, name, "import os\nprint(os.environ.get('OMP_NUM_THREADS'))")
    assert runner.run_lessons(keep=True) == 0
    assert executed(course, "01_look").cells[2].outputs[0].text == "None\n"
