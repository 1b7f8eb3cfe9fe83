"""Runs lessons from top to bottom, each in a kernel of its own, and shows what they found."""

import functools
import json
import os
import re
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from pixvox import tables
from pixvox.datasets import store
from pixvox_cli import keeping
from pixvox_cli.console import make_console
from pixvox_cli.execution import Failure, code_cells, execute
from pixvox_cli.reporting import describe_failure, headline, how_to_go_on, results_table


class Lesson(NamedTuple):
    """A notebook to run: its number, its path, the results file it writes (None for solutions)."""

    number: int
    path: Path
    results: Path | None

    @property
    def name(self) -> str:
        """Return for instance "01_mnist" or "solutions/01_mnist"."""
        return self.path.relative_to(store.ROOT / "notebooks").with_suffix("").as_posix()


class Options(NamedTuple):
    """How to run: the profile, the seed (None: each lesson's own), whether to keep what comes out."""

    profile: str
    seed: int | None
    keep: bool


class Outcome(NamedTuple):
    """How a lesson went: seconds, what failed (None: nothing), the content of its results file."""

    lesson: Lesson
    seconds: float
    failure: Failure | None
    results: dict | None


def run_lessons(numbers=(), *, profile=None, jobs=1, seed=None, keep=False) -> int:
    """Run lessons and show a table of their results.

    Executed notebooks and results go to build/<profile>/.

    Args:
        numbers: lessons such as "1", "01" or 1; none means all.
        profile: "sample" or "full"; None asks PIXVOX_PROFILE.
        jobs: how many lessons run at once.
        seed: a whole number that replaces each lesson's own.
        keep: also run the solutions (sample profile), copy results to data/results/<profile>/
            and, in the sample profile, notebooks back to notebooks/.

    Returns:
        the exit status: 0, 1 when a lesson failed, 130 after Ctrl-C.

    Raises:
        ValueError: if there is no such profile or lesson, `jobs` is below 1, or a seed comes with `keep`.
        FileNotFoundError: if there are no lessons at all.
    """
    options = Options(store.profile(profile), seed, keep)
    if jobs < 1:
        raise ValueError(f"expected 1 job or more, came {jobs}. Type for instance `--jobs 2`.")
    if keep and (seed is not None or os.environ.get("PIXVOX_SEED")):
        raise ValueError(
            "expected each lesson's own seed for results to keep. Leave out --seed and PIXVOX_SEED."
        )
    lessons = find_lessons(numbers, options)
    console = make_console()
    count = f"{len(lessons)} notebook{'s' if len(lessons) > 1 else ''}"
    console.print(f"{count}, profile {options.profile}; results go to build/{options.profile}")
    outcomes, interrupted = _run_all(lessons, options, jobs=jobs, console=console)
    if outcomes:
        console.print(results_table(outcomes))
    if interrupted:
        console.print(how_to_go_on(lessons, outcomes, options, jobs), style="bold", soft_wrap=True)
        return 130
    return int(any(outcome.failure for outcome in outcomes))


def find_lessons(numbers, options: Options) -> list[Lesson]:
    """Return the chosen lessons in order, each followed by its solutions where these are kept too."""
    folder = store.ROOT / "notebooks"
    every = {int(path.name[:2]): path for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}
    if not every:
        raise FileNotFoundError(
            f"expected lessons such as 01_mnist.ipynb in {folder}, there are none. "
            "Type `git checkout -- notebooks`."
        )
    chosen = sorted({_number(text, every) for text in numbers}) or sorted(every)
    build = store.build_dir(options.profile)
    lessons = []
    for number in chosen:
        path = every[number]
        lessons.append(Lesson(number, path, build / f"{path.stem}.json"))
        solutions = folder / "solutions" / path.name
        if options.keep and options.profile == "sample" and solutions.is_file():
            lessons.append(Lesson(number, solutions, None))
    return lessons


def _number(text, every: dict[int, Path]) -> int:
    """Return the number of the lesson somebody named "1", "01" or "01_mnist"."""
    found = re.match(r"\d+$", str(text))
    for number, path in every.items():
        if (found and int(found[0]) == number) or text == path.stem:
            return number
    known = ", ".join(path.stem for path in every.values())
    raise ValueError(
        f"expected the number of a lesson ({known}), came {str(text)!r}. "
        f"Type for instance `pixvox run {min(every)}`, or `pixvox run` for all."
    )


def _run_all(lessons, options, *, jobs: int, console) -> tuple[list[Outcome], bool]:
    """Run the lessons, `jobs` at once; return what came of those that ended, and whether Ctrl-C was typed."""
    stop = threading.Event()
    outcomes, interrupted = [], False
    pool = ThreadPoolExecutor(jobs)
    with _bars(console) as bars:
        overall = bars.add_task("lessons", total=len(lessons))
        try:
            work = functools.partial(_run_shown, options=options, bars=bars, stop=stop)
            waiting = {pool.submit(work, lesson) for lesson in lessons}
            while waiting:
                # Short waits: on Windows, Ctrl-C is only noticed between them.
                done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in done:
                    outcomes.append(_report(future, console))
                    bars.advance(overall)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            stop.set()
            with _deaf_to_interrupts():
                pool.shutdown(cancel_futures=True)
    return sorted(outcomes, key=lambda outcome: lessons.index(outcome.lesson)), interrupted


def _bars(console) -> Progress:
    """Return the moving bars; where there is no terminal, they stay unseen."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


@contextmanager
def _deaf_to_interrupts():
    """Ignore Ctrl-C for the moment in which kernels are ended, so that a second one leaves none behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _run_shown(lesson: Lesson, *, options: Options, bars: Progress, stop) -> Outcome:
    """Run one lesson with a bar over its cells."""
    bar = bars.add_task(f"  {lesson.name}", total=None)
    try:
        return run_lesson(
            lesson,
            options,
            on_cell=lambda done, total: bars.update(bar, completed=done, total=total),
            stop=stop,
        )
    finally:
        bars.remove_task(bar)


def run_lesson(lesson: Lesson, options: Options, *, on_cell=lambda done, total: None, stop=None) -> Outcome:
    """Execute a lesson and write it to build/<profile>/, whether or not a cell failed.

    Raises:
        InterruptedError: if `stop` was set meanwhile.
    """
    started = time.perf_counter()
    results = None
    try:
        if lesson.results:
            lesson.results.unlink(missing_ok=True)  # an old result is never shown as new
        failure = _execute_and_write(lesson, options, on_cell=on_cell, stop=stop)
        if lesson.results and lesson.results.is_file():
            results = json.loads(lesson.results.read_text(encoding="utf-8"))
            if options.keep and not failure:
                tables.keep_results(lesson.results, options.profile)
    except InterruptedError:
        raise
    except (OSError, ValueError) as error:  # an unreadable notebook, a full disk, an output that is not kept
        failure = Failure(str(error))
    return Outcome(lesson, time.perf_counter() - started, failure, results)


def _execute_and_write(lesson: Lesson, options: Options, *, on_cell, stop) -> Failure | None:
    """Execute the notebook; write it to the build folder and, if it is kept, over the one it came from."""
    notebook = nbformat.read(lesson.path, as_version=4)
    total = len(code_cells(notebook))
    on_cell(0, total)
    failure = execute(
        notebook,
        folder=lesson.path.parent,
        environment=kernel_environment(options),
        on_cell=lambda done: on_cell(done, total),
        stop=stop,
    )
    keeping.normalise(notebook)
    keeping.write_notebook(notebook, store.build_dir(options.profile) / f"{lesson.name}.ipynb")
    if options.keep and options.profile == "sample" and not failure:
        keeping.keep_notebook(notebook, lesson.path)
    return failure


def kernel_environment(options: Options) -> dict[str, str]:
    """Return the environment variables of a lesson's kernel."""
    environment = {"PIXVOX_STRICT": "1", "KERAS_HOME": str(store.ROOT / "build" / "keras"), **os.environ}
    environment["PIXVOX_PROFILE"] = options.profile
    if environment.get("PIXVOX_DATA"):  # made absolute: the kernel works in another folder than we do
        environment["PIXVOX_DATA"] = str(store.data_dir("full"))
    if options.seed is not None:
        environment["PIXVOX_SEED"] = str(options.seed)
    return environment


def _report(future: Future, console) -> Outcome:
    """Print a line about a lesson that ended, and why it failed if it did."""
    outcome = future.result()
    name, failure = outcome.lesson.name, outcome.failure
    text = "FAILED" if failure else headline(outcome)
    console.print(f"{name}: {text} ({outcome.seconds:.0f} s)", soft_wrap=True)
    if failure:
        console.print(Text(describe_failure(failure), style="red"), soft_wrap=True)
    return outcome
