"""Runs lessons from top to bottom, each in a kernel of its own, and shows what they found."""

import asyncio
import importlib.util
import json
import math
import os
import re
import signal
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from pixvox import provenance, tables
from pixvox.datasets import store
from pixvox.datasets.files import locked
from pixvox_cli import causes, keeping, places
from pixvox_cli import seconds as cpu_seconds
from pixvox_cli.console import make_console

START_SECONDS = 120  # a kernel's first start on a cold disk takes a while
OUTPUT_SECONDS = 60  # how long outputs may lag behind a cell's end before we call them lost
EVIDENCE = "evidence"  # the word for its notebooks, and their folder
LAST_LINES = 5  # of what a kernel wrote before it died
MERGE_MARK = "\n<<<<<<< "
UNENCRYPTED = "Kernel is running over TCP without encryption"  # ipykernel's warning, in every kernel
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Options(NamedTuple):
    """How to run: the profile, the seed (None: each lesson's own), whether to keep, each with one thread."""

    profile: str
    seed: int | None
    keep: bool
    one_thread: bool = False


class Failure(NamedTuple):
    """Why a lesson failed: the error in plain text; number and text of the cell to blame, if there is one."""

    error: str
    cell: int | None = None
    source: str = ""


class Outcome(NamedTuple):
    """How a notebook went: seconds, what failed (None: nothing), the content of its results file."""

    path: Path
    seconds: float
    failure: Failure | None
    results: dict | None


def run_lessons(numbers=(), *, profile=None, jobs=None, seed=None, keep=False) -> int:
    """Run lessons and show a table of their results.

    Executed notebooks and results go to build/<profile>/. Copies of lessons are left alone, and named.
    A lesson that another call is to run fails at once; the other call goes on.

    Args:
        numbers: lessons such as "1", "01" or 1, and "evidence"; none means all lessons.
        profile: "sample" or "full"; None asks PIXVOX_PROFILE.
        jobs: how many run at once, if several, with one thread each; None means as many as there are cores;
            with `keep` one, so that no seconds are kept of a busy machine.
        seed: replaces each lesson's own.
        keep: also run the solutions (sample profile), copy results to data/results/<profile>/
            and, in the sample profile, notebooks back to notebooks/.

    Returns:
        the exit status: 0, 1 when a lesson failed, 130 after Ctrl-C.

    Raises:
        ValueError: if there is no such profile or lesson, `jobs` is below 1, or a seed comes with `keep`.
        FileNotFoundError: if there are no lessons at all, or no evidence notebooks.
        OSError: if build/<profile>/ cannot be written, or with `keep` the folders of what is kept.
    """
    options = Options(store.profile(profile), seed, keep)
    asked = jobs
    if jobs is None:
        jobs = 1 if keep else provenance.cores()
    if jobs < 1:
        raise ValueError(f"expected 1 job or more, got {jobs}. Type for instance `--jobs 2`.")
    if keep and (seed is not None or os.environ.get("PIXVOX_SEED")):
        raise ValueError(
            "expected each lesson's own seed for results to keep. Leave out --seed and PIXVOX_SEED."
        )
    lessons = find_lessons(numbers, options)
    options = options._replace(one_thread=min(jobs, len(lessons)) > 1)
    build = store.build_dir(options.profile)
    places.check_build(build, _command(map(str, numbers), options, asked))
    if keep:
        places.check_kept(_kept_in(lessons, options.profile))
    console = make_console()
    for path in _notebooks():
        if not is_lesson(path):
            console.print(
                f"{path.name} is not one of the course's lessons and is left alone: open it in JupyterLab, "
                f'or write start("{path.stem}") in it to have it run from here.',
                soft_wrap=True,
            )
    count = f"{len(lessons)} notebook{'s' if len(lessons) > 1 else ''}"
    text = f"{count}, profile {options.profile}; results go to {tables.display_path(build)}"
    console.print(text, soft_wrap=True)
    outcomes, interrupted = _run_all(lessons, options, jobs=min(jobs, len(lessons)), console=console)
    if outcomes:
        console.print(_results_table(outcomes))
    if interrupted:
        console.print(_how_to_go_on(lessons, outcomes, options, asked), style="bold", soft_wrap=True)
        return 130
    return int(any(outcome.failure for outcome in outcomes))


def _kept_in(lessons: list[Path], profile: str) -> list[Path]:
    """Return the folders that --keep copies to."""
    folders = {path.parent for path in lessons}
    results = {store.ROOT / "data" / "results" / profile} if store.ROOT / "notebooks" in folders else set()
    return sorted(results | folders if profile == "sample" else results)


def find_lessons(numbers, options: Options) -> list[Path]:
    """Return the chosen lessons in order, each followed by its solutions where these are kept too.

    Behind them come the evidence notebooks, if "evidence" is among the numbers.
    """
    every = [path for path in _notebooks() if is_lesson(path)]
    if not every:
        raise FileNotFoundError(
            f"expected lessons such as 01_mnist.ipynb in {store.ROOT / 'notebooks'}, there are none. "
            "Type `git checkout -- notebooks`."
        )
    words = [str(text) for text in numbers]
    called = [path for text in words if text != EVIDENCE for path in _called(text, every)]
    chosen = called if words else every
    solved = options.keep and options.profile == "sample"
    both = [(path, path.parent / "solutions" / path.name) for path in sorted(set(chosen))]
    lessons = [path for pair in both for path in (pair if solved else pair[:1]) if path.is_file()]
    return lessons + (_evidence() if EVIDENCE in words else [])


def _evidence() -> list[Path]:
    """Return the evidence notebooks."""
    folder = store.ROOT / "notebooks" / EVIDENCE
    if not (found := sorted(folder.glob("*.ipynb"))):
        shown = tables.display_path(folder)
        raise FileNotFoundError(
            f"expected notebooks in {shown}, there are none. Type `git checkout -- {shown}`."
        )
    return found


def is_lesson(path: Path) -> bool:
    """Say whether a notebook is a lesson: it gives its own file name to `start`, which a copy does not."""
    call = rf"\bstart\(\s*(\\\"|'){re.escape(path.stem)}\1"
    return bool(re.search(call, path.read_text(encoding="utf-8", errors="replace")))


def _notebooks() -> list[Path]:
    """Return the notebooks that are called as lessons are."""
    found = (store.ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")
    return sorted(path for path in found if path.is_file())


def _called(text: str, every: list[Path]) -> list[Path]:
    """Return the lessons that somebody named "1", "01" or "01_mnist"."""
    number = int(text) if text.isdecimal() else None
    found = [path for path in every if text == path.stem or number == int(path.stem[:2])]
    if not found:
        known = ", ".join(path.stem for path in every)
        raise ValueError(
            f"expected the number of a lesson ({known}), got {text!r}. "
            f"Type for instance `pixvox run {int(every[0].stem[:2])}`, or `pixvox run` for all."
        )
    return found


def _run_all(lessons, options, *, jobs: int, console) -> tuple[list[Outcome], bool]:
    """Run the lessons, `jobs` at once; return what came of those that ended, and whether Ctrl-C was typed."""
    stop, interrupted = threading.Event(), False
    locks, outcomes = _reserve(lessons, options)
    pool = ThreadPoolExecutor(jobs)
    begun, seconds = {}, {path: _recorded(path, options.profile) for path in locks}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        for outcome in outcomes:
            _print_outcome(outcome, console)
        overall = bars.add_task("lessons", total=len(locks))
        try:
            order = _longest_first(seconds)
            waiting = {pool.submit(run_lesson, lesson, options, bars, stop, begun) for lesson in order}
            while waiting:
                bars.update(overall, description=f"lessons, {_time_left(seconds, begun, jobs)}")
                # Short waits: on Windows, Ctrl-C is only noticed between them.
                done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in done:
                    outcomes.append(future.result())
                    locks[outcomes[-1].path].close()
                    del seconds[outcomes[-1].path]
                    _print_outcome(outcomes[-1], console)
                    bars.advance(overall)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            stop.set()
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would leave kernels behind
            pool.shutdown(cancel_futures=True)
            for lock in locks.values():
                lock.close()
            signal.signal(signal.SIGINT, before)
    return sorted(outcomes, key=lambda outcome: lessons.index(outcome.path)), interrupted


def _longest_first(seconds: dict[Path, float]) -> list[Path]:
    """Return the first lesson first, for there is soon something to see; then those that took longest."""
    return [*list(seconds)[:1], *sorted(list(seconds)[1:], key=lambda path: -seconds[path])]


def _time_left(seconds: dict[Path, float], begun: dict[Path, float], jobs: int) -> str:
    """Say about how long it will take.

    Args:
        seconds: what each notebook took that has not ended, when its results were kept.
        begun: when each began that has begun, by `time.perf_counter`.
        jobs: how many run at once.
    """
    now = time.perf_counter()
    rest = [max(0.0, seconds[path] - (now - begun.get(path, now))) for path in seconds]
    left = max([sum(rest) / jobs, *rest])
    return f"about {left / 60:.0f} min left" if left > 90 else f"about {10 * math.ceil(left / 10)} s left"


def _recorded(path: Path, profile: str) -> float:
    """Return the CPU seconds of a notebook when its results were kept; a guess where there are none."""
    results = None
    with suppress(ValueError):
        results = tables.load_results(path.stem, profile) if path.parent.name == "notebooks" else None
    return (results or {}).get("run", {}).get("cpu_seconds", cpu_seconds.BUDGET / 2)


def _reserve(lessons: list[Path], options: Options) -> tuple[dict[Path, ExitStack], list[Outcome]]:
    """Lock every lesson, so that no other call runs it; return what unlocks each, and those others have."""
    locks, refused = {}, []
    for path in lessons:
        lock = ExitStack()
        try:
            lock.enter_context(locked(_written(path, options).with_suffix(".lock")))
        except BlockingIOError as error:
            refused.append(Outcome(path, 0.0, Failure(str(error)), None))
            continue
        except OSError:  # a file system without locks
            pass
        locks[path] = lock
    return locks, refused


def _written(path: Path, options: Options) -> Path:
    """Return the results file of a lesson, by `lesson.finish`; solutions and evidence write none."""
    return store.build_dir(options.profile) / f"{_name(path)}.json"


def run_lesson(
    path: Path, options: Options, bars: Progress, stop: threading.Event, begun: dict[Path, float]
) -> Outcome:
    """Execute a lesson and write it to build/<profile>/, whether or not a cell failed; keep it if asked to.

    Args:
        path: the notebook of a lesson or of its solutions.
        bars: gets a bar over the lesson's cells meanwhile.
        stop: when another thread sets it, the kernel is ended at once, and InterruptedError raised.
        begun: gets the time by `time.perf_counter`.
    """
    started, failure, results = time.perf_counter(), None, None
    begun[path] = started
    written = _written(path, options)
    bar = bars.add_task(f"  {_name(path)}", total=None)
    try:
        written.unlink(missing_ok=True)  # an old result is never shown as new
        notebook = _read(path)
        bars.update(bar, total=len(_code_cells(notebook)))
        failure = execute(
            notebook, path.parent, _environment(options), stop=stop, on_cell=lambda: bars.advance(bar)
        )
        keeping.normalise(notebook)
        keeping.write_notebook(notebook, written.with_suffix(".ipynb"))
        if not failure and not written.is_file() and path.parent.name == "notebooks":
            failure = Failure(
                f"expected lesson.finish(...) to write {tables.display_path(written)}, got none"
            )
        if options.keep and options.profile == "sample" and not failure:
            keeping.keep_notebook(notebook, path)
        if written.is_file():
            results = json.loads(written.read_text(encoding="utf-8"))
            if options.keep and not failure:
                keeping.keep_results(written, options.profile)
    except InterruptedError:
        raise
    except ValueError as error:  # an unreadable notebook, an output that is not kept
        failure = Failure(str(error))
    except OSError as error:  # a full disk
        text = f"expected to keep the lesson in {tables.display_path(written.parent)}, got: {error}"
        failure = failure or Failure(text)
    finally:
        bars.remove_task(bar)
    return Outcome(path, time.perf_counter() - started, failure, results)


def _read(path: Path) -> NotebookNode:
    """Read a notebook; nbformat raises errors of many kinds over what is none."""
    shown, text = tables.display_path(path), ""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors on Windows begin with a byte order mark
        return nbformat.reads(text, as_version=4)
    except Exception as error:
        if MERGE_MARK in text:
            raise ValueError(
                f"expected a notebook in {shown}, got one with the marks of a merge conflict. Mend them in a "
                f"text editor; or, if it has no work of yours, type `git checkout HEAD -- {shown}`."
            ) from error
        raise ValueError(
            f"expected a notebook in {shown}, got {type(error).__name__}: {error}\n"
            f"If it has no work of yours, type `git checkout HEAD -- {shown}`."
        ) from error


def _name(path: Path) -> str:
    """Return for instance "01_mnist" or "solutions/01_mnist"."""
    return path.relative_to(store.ROOT / "notebooks").with_suffix("").as_posix()


def _word(path: Path) -> str:
    """Return what to type for a notebook: "01", or "evidence"."""
    return EVIDENCE if path.parent.name == EVIDENCE else path.stem[:2]


def _environment(options: Options) -> dict[str, str]:
    """Return the environment variables of a lesson's kernel."""
    from pixvox_studies.row import ONE_THREAD

    environment = {"PIXVOX_STRICT": "1", **os.environ, "PIXVOX_PROFILE": options.profile}
    environment |= ONE_THREAD if options.one_thread else {}
    # Figures belong into the notebook, drawn as the course draws them, whatever the shell and the home say.
    environment["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    matplotlib = Path(importlib.util.find_spec("matplotlib").origin).parent
    environment["MATPLOTLIBRC"] = str(matplotlib / "mpl-data" / "matplotlibrc")
    if options.seed is not None:
        environment["PIXVOX_SEED"] = str(options.seed)
    return environment


def execute(
    notebook: NotebookNode, folder: Path, environment: dict[str, str], *, stop: threading.Event, on_cell
) -> Failure | None:
    """Execute a notebook's cells in place, up to the first that raises, and leave no kernel behind.

    The kernel is this very Python; it works in `folder`, with the variables of `environment` and no others
    but IPYTHONDIR: neither what is in the reader's .ipython matters, nor that its disk is full.
    `on_cell` is called after each cell that ran; InterruptedError is raised if `stop` was set.

    Returns:
        what failed, or None when every cell ran.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        # No kernel folders: the native kernel, which is this Python, even if another is installed as python3.
        km=AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])),
        record_timing=False,
        store_widget_state=False,
        startup_timeout=START_SECONDS,
        iopub_timeout=OUTPUT_SECONDS,
        raise_on_iopub_timeout=True,
        on_cell_executed=lambda **_: on_cell(),
    )
    kills, started = causes.memory_kills(), []
    with (
        asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner,
        tempfile.TemporaryFile() as log,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as ipython,
    ):
        environment = {**environment, "IPYTHONDIR": ipython}
        start = {"cwd": str(folder), "env": environment, "stdout": log, "stderr": log}
        error = runner.run(_execute(client, start, stop, started))
        if not error:
            return _shown_error(notebook)
        dead = isinstance(error, DeadKernelError) or "Kernel died" in str(error)
        ended = causes.how_it_ended(started[0].returncode, kills) if dead and started else None
        return _failure(error, client, log, ended)


async def _execute(client, start: dict, stop: threading.Event, started: list) -> BaseException | None:
    """Run the cells beside a watch on `stop`; end the kernel whatever happens; return the error, if any."""
    work = asyncio.create_task(_run_cells(client, start, started))
    try:
        while not work.done() and not stop.is_set():
            await asyncio.wait({work}, timeout=0.1)
        if stop.is_set():
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            raise InterruptedError("the run was interrupted")
        return work.exception()
    finally:
        if client.kc:
            client.kc.stop_channels()
        if client.km and client.km.has_kernel:  # nbclient has ended one that did not start
            await client.km.shutdown_kernel(now=stop.is_set())


async def _run_cells(client: NotebookClient, start: dict, started: list) -> None:
    """Start the kernel and execute the notebook in it; put the kernel's process into `started`."""
    await client.async_start_new_kernel(**start)
    started.append(client.km.provisioner.process)
    await client.async_start_new_kernel_client()
    await client.async_execute()


def _shown_error(notebook: NotebookNode) -> Failure | None:
    """Return the first error that a cell shows though it ran on, as where a figure could not be drawn."""
    for number, cell in enumerate(_code_cells(notebook), start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                return Failure(f"{output.ename}: {output.evalue}", number, cell.source)
    return None


def _code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that are executed: code, and not empty."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def _failure(error: BaseException, client: NotebookClient, log, ended: str | None) -> Failure:
    """Say what failed (a dead kernel: how it ended), and in which cell, with an arrow at the line."""
    cell = client.code_cells_executed or None  # counts the one that failed
    arrow = None
    if isinstance(error, CellExecutionError):
        text = f"{error.ename}: {error.evalue}"
        arrow = re.search(r"Cell In\s?\[\d+\], line (\d+)", _COLOUR.sub("", error.traceback))
    else:
        text = f"the kernel died with {ended}" if ended else f"{type(error).__name__}: {error}"
        log.seek(0)
        lines = log.read().decode("utf-8", errors="replace").splitlines()
        said = [line for line in lines if UNENCRYPTED not in line]
        text = "\n".join([text, *said[-LAST_LINES:]])
    lines = _code_cells(client.nb)[cell - 1].source.splitlines() if cell else []
    failing = int(arrow[1]) if arrow else None
    marked = [f"{'>' if number == failing else ' '} {line}" for number, line in enumerate(lines, start=1)]
    return Failure(_COLOUR.sub("", text), cell, "\n".join(marked))


def _print_outcome(outcome: Outcome, console) -> None:
    """Print a line about a lesson that ended, and why it failed if it did."""
    path, seconds, failure, results = outcome
    text = "FAILED" if failure else _headline(outcome)
    used = f", {told}" if (told := cpu_seconds.told(results)) else ""
    console.print(f"{_name(path)}: {text} ({seconds:.0f} s{used})", soft_wrap=True)
    if failure:
        cell = f"cell [{failure.cell}]\n{failure.source}\n" if failure.cell else ""
        console.print(Text(textwrap.indent(cell + failure.error, "  "), style="red"), soft_wrap=True)


def _headline(outcome: Outcome) -> str:
    """Return a lesson's headline numbers in a line, or what became of it."""
    _, _, failure, results = outcome
    if failure:
        first = failure.error.partition("\n")[0]
        return (
            f"failed in cell [{failure.cell}]: {first.split(':')[0]}" if failure.cell else f"failed: {first}"
        )
    numbers = (results or {}).get("headline", {})
    short = {name: f"{value:.4g}" if isinstance(value, float) else value for name, value in numbers.items()}
    return ", ".join(f"{name} {value}" for name, value in short.items()) or "ran without error"


def _results_table(outcomes: list[Outcome]) -> Table:
    """Return the closing table: lesson, seconds, headline result."""
    table = Table("lesson", title="What the lessons found", title_justify="left")
    table.add_column("seconds", justify="right")
    table.add_column("result", overflow="fold")
    for outcome in outcomes:
        style = "red" if outcome.failure else None
        table.add_row(_name(outcome.path), f"{outcome.seconds:.0f}", _headline(outcome), style=style)
    return table


def _how_to_go_on(lessons: list[Path], outcomes: list[Outcome], options: Options, jobs: int | None) -> str:
    """Say after Ctrl-C what is finished and what to type for the rest."""
    ended = [outcome.path for outcome in outcomes]
    finished = ", ".join(_name(outcome.path) for outcome in outcomes if not outcome.failure) or "no notebook"
    left = sorted({_word(path) for path in lessons if path not in ended})
    return f"pixvox: interrupted. Finished: {finished}. To go on, type `{_command(left, options, jobs)}`."


def _command(words: Iterable[str], options: Options, jobs: int | None) -> str:
    """Return what to type to run these lessons."""
    command = ["pixvox run", *words, f"--profile {options.profile}"]
    command += [f"--jobs {jobs}"] if jobs else []
    command += [f"--seed {options.seed}"] if options.seed is not None else []
    command += ["--keep"] if options.keep else []
    return " ".join(command)
