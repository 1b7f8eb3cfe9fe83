"""Looks at the machine and says what the course lacks, and what to type about it.

Each look is taken in another process: one that fails, dies or hangs costs its own row of the table only. What
looks itself loads nothing but the standard library, so that broken packages are told like all else.
"""

import contextlib
import faulthandler
import importlib
import importlib.metadata
import json
import os
import platform
import shlex
import shutil
import site
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from pixvox import backend
from pixvox.datasets import store
from pixvox_cli import causes, checks
from pixvox_cli.console import make_console
from pixvox_cli.publications import look_up

GOOD, NOTE, WRONG = "good", "note", "wrong"
STYLES = {GOOD: "green", NOTE: "yellow", WRONG: "bold red"}
SAMPLE_GIGABYTES, FULL_GIGABYTES = 0.5, 5
PATIENCE_SECONDS = 300  # for a row; TensorFlow's first import on a cold disk takes a minute
LESSON_SECONDS = 280  # for the kernel, which is to be ended before
INSTALL = "python -m pip install --require-hashes -r requirements.lock"
REINSTALL = "python -m pip install --force-reinstall --no-deps"
KERNEL, TENSORFLOW, PACKAGES = "a lesson's kernel", "TensorFlow", "a lesson's packages"
LESSON_MODULES = (  # what the lessons import beside Keras and what is looked at otherwise
    *("IPython", "PIL", "google.protobuf", "h5py", "joblib", "matplotlib.pyplot", "numpy", "pandas"),
    *("plotly", "scipy", "seaborn", "sklearn", "tensorboard", "tqdm"),
)


class Finding(NamedTuple):
    """What was looked at, how it is ("good", "note", "wrong"), the details, the command that mends it.

    Only what the sample profile cannot do without is "wrong". The command is None where it must be tried
    first which one helps, and "" where none is known.
    """

    what: str
    state: str
    detail: str
    remedy: str | None = ""


class Status(NamedTuple):
    """A state ("there", "missing", "wrong" or, now, "unreadable"), the details, the command that mends it."""

    state: str
    detail: str
    remedy: str


def diagnose() -> int:
    """Look at machine and data, and print a table; return 1 if the sample profile cannot run, else 0."""
    groups = [(*LOOKS,), (KERNEL, TENSORFLOW, PACKAGES), (*_data_rows("sample"),), (*_data_rows("full"),)]
    with _waiting("looking at packages, TensorFlow and the data"), ThreadPoolExecutor(len(groups)) as pool:
        findings = [finding for found in pool.map(look_and_try, groups) for finding in found]
    wrong = [finding.what for finding in findings if finding.state == WRONG]
    last = "The sample profile has all it needs. Type `pixvox run`."
    if wrong:
        last = f"Wrong, and needed by the sample profile: {', '.join(wrong)}."
    _show(findings, last)
    return int(bool(wrong))


def _data_rows(profile: str) -> list[str]:
    """Return the names of the rows of a profile's data."""
    return [f"{name}, {profile}" for name in checks.names(profile)]


def _waiting(text: str):
    """Return a context that shows a text meanwhile, if the terminal's package works."""
    try:
        return make_console().status(text)
    except Exception:
        return contextlib.nullcontext()


def _show(findings: list[Finding], last: str) -> None:
    """Print the table and the last line: plainly where the package that draws tables is broken."""
    rows = [(f.what, f.state, f.detail + (f"\ntype: {f.remedy}" if f.remedy else "")) for f in findings]
    try:
        from rich.table import Table

        console, table = make_console(), Table("what", "state", "details")
        for row in rows:
            table.add_row(*row, style=STYLES[row[1]])
        console.print(table)
        console.print(last, soft_wrap=True)
    except BrokenPipeError:
        raise
    except Exception:
        for what, state, text in rows:
            print(f"{what:24}{state:6}" + text.replace("\n", "\n" + " " * 30))
        print(last)


def look_and_try(rows: tuple[str, ...]) -> list[Finding]:
    """Look at some rows; where one is wrong and it is not known what helps, try that."""
    found = look_apart(rows)
    open_rows = {finding.what for finding in found if finding.remedy is None}
    for command, change in _changes() if open_rows else ():
        mended = {after.what for after in look_apart(rows, change) if after.state == GOOD} & open_rows
        found = [f._replace(remedy=command) if f.what in mended else f for f in found]
        open_rows -= mended
        if not open_rows:
            break
    return [finding._replace(remedy=finding.remedy or "") for finding in found]


def _changes() -> Iterable[tuple[str, dict[str, str | None]]]:
    """Give the commands that could help, each with its change of the environment variables."""
    if os.environ.get("PYTHONPATH"):
        yield causes.unset("PYTHONPATH"), {"PYTHONPATH": None}
    if site.ENABLE_USER_SITE and os.path.isdir(site.getusersitepackages()):
        yield assign("PYTHONNOUSERSITE", "1"), {"PYTHONNOUSERSITE": "1"}


def assign(name: str, value: str) -> str:
    """Return the command that sets an environment variable."""
    return f"export {name}={shlex.quote(value)}" if os.name == "posix" else f"set {name}={value}"


def _elsewhere(name: str, folder: str) -> str:
    """Return the command that names a folder at home, else among temporary files; "" if there is none."""
    for parent in (os.path.expanduser("~"), _temporary()):
        if parent and os.path.isdir(parent) and not _refusal(Path(parent)):
            return assign(name, os.path.join(parent, folder))
    return ""


def _temporary() -> str:
    """Return the folder for temporary files; "" where there is none that can be written."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return ""


def look_apart(rows: Iterable[str], change: dict[str, str | None] | None = None) -> list[Finding]:
    """Look at rows in another process; one that ends it is told so, and the others are looked at in a next.

    Args:
        rows: their names.
        change: environment variables that are other there; None takes one away.
    """
    variables = os.environ | (change or {})
    environment = {name: value for name, value in variables.items() if value is not None}
    found, waiting = [], list(rows)
    while waiting:
        kills = causes.memory_kills()
        status, text, said = _run("-P", "-m", "pixvox_cli.doctor", *waiting, environment=environment)
        told = _told(text)
        found += told
        waiting = waiting[len(told) :]
        if waiting:  # the next one ended the process
            what, ended = waiting.pop(0), causes.how_it_ended(status, kills)
            hangs = "Timeout (" in said
            detail = (
                f"it took more than {PATIENCE_SECONDS} s" if hangs else f"the look at it died with {ended}"
            )
            last = [] if hangs else said.strip().splitlines()[-1:]
            found.append(Finding(what, _worst(what), "\n".join([detail, *last]), "" if hangs else None))
    return found


def _run(*words: str, environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Run this Python with some arguments; return its exit status, its standard output and error."""
    pipes = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "errors": "replace"}
    done = subprocess.run([sys.executable, *words], env=environment, **pipes)
    return done.returncode, done.stdout, done.stderr


def tell(rows: Iterable[str], looks: dict[str, Callable]) -> None:
    """Look at rows in this process, and print each finding as a line of JSON, at once."""
    told = set()
    for row in rows:
        if row in told:  # with an earlier one
            continue
        faulthandler.dump_traceback_later(PATIENCE_SECONDS, exit=True, file=sys.__stderr__)
        what, _, profile = row.partition(", ")
        try:
            found = looks[row]() if row in looks else look_at_data(what, profile)
        except Exception as error:
            found = _broken(row, error)
        for finding in [found] if isinstance(found, Finding) else found:
            print(json.dumps(finding), flush=True)
            told.add(finding.what)
    faulthandler.cancel_dump_traceback_later()


def _told(text: str) -> list[Finding]:
    """Return the findings that `tell` printed."""
    return [Finding(*json.loads(line)) for line in text.splitlines() if line.startswith('["')]


def _worst(row: str) -> str:
    """Return the state of a row that cannot be looked at."""
    return NOTE if row.endswith("full") else WRONG


def _broken(row: str, error: Exception) -> Finding:
    """Say what kept a row from being looked at, and from which file it comes."""
    text, file = f"{type(error).__name__}: {error}", causes.stranger(error)
    if file:
        folder = store.ROOT / "notebooks"
        remedy = _move_away(Path(file), folder) if Path(file).is_relative_to(folder) else None
        return Finding(row, _worst(row), f"{text}\nit was loaded from {file}", remedy)
    if package := causes.broken_package(error):
        return Finding(row, _worst(row), f"{text}\nit is in the package {package}", f"{REINSTALL} {package}")
    missing = isinstance(error, ModuleNotFoundError)
    return Finding(row, _worst(row), text, INSTALL if missing else None)


def _move_away(file: Path, folder: Path) -> str:
    """Return the command that gives a module of a folder a name that shadows no other."""
    module = folder / file.relative_to(folder).parts[0]
    if os.name == "posix":
        return shlex.join(["mv", str(module), str(module.with_name(f"my_{module.name}"))])
    return f'ren "{module}" "my_{module.name}"'


def look_at_python() -> Finding:
    """Look whether the course is installed in this Python; pip installs it in those that the lock covers."""
    detail = f"{platform.python_version()} at {sys.executable}"
    try:
        importlib.metadata.version("pixvox")
    except importlib.metadata.PackageNotFoundError:
        text = f"expected pixvox to be installed in Python {detail}, it is not"
        return Finding("Python", WRONG, text, "python -m pip install --no-deps -e .")
    return Finding("Python", GOOD, detail)


def look_at_packages() -> Finding:
    """Ask pip whether packages have what they ask for; the sample needs what pixvox asks for."""
    status, out, said = _run("-m", "pip", "check")
    text = out.strip() or said.strip() or f"exit status {status}"
    if not status:
        return Finding("packages", GOOD, text)
    if said.rstrip().endswith("No module named pip"):
        return Finding("packages", NOTE, "pip is not installed: nothing tells", "python -m ensurepip")
    needed = any(line.startswith("pixvox ") for line in text.splitlines())
    return Finding("packages", WRONG if needed else NOTE, text, INSTALL)


def look_at_kernel() -> Finding:
    """Look whether the Jupyter kernel "python3" starts this Python."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    what, here = "Jupyter kernel", Path(sys.executable)
    try:
        starts = Path(KernelSpecManager().get_kernel_spec("python3").argv[0])
    except NoSuchKernel as error:
        return Finding(what, WRONG, str(error), INSTALL)
    # A bare name such as "python" is replaced by the Python that starts the kernel. Links stay unresolved:
    # the Pythons of two virtual environments may be links to one file.
    if len(starts.parts) == 1 or starts.parent == here.parent:
        return Finding(what, GOOD, f"python3 starts {here}")
    detail = f"expected python3 to start {here}, got {starts}"
    return Finding(what, WRONG, detail, "python -m ipykernel install --sys-prefix")


def look_at_results() -> Finding:
    """Look whether the folder of results can be written, and how much room it has."""
    remedy = _elsewhere("PIXVOX_BUILD", "pixvox-build")
    found = _look_at_folder("folder, results", store.build_dir("sample"), SAMPLE_GIGABYTES, remedy)
    return found if found.state == GOOD else found._replace(state=WRONG)


def look_at_full_folder() -> Finding:
    """Look whether data can be fetched into the folder of the full profile, and how much room it has."""
    folder = store.data_dir("full")
    remedy = _elsewhere("PIXVOX_DATA", "pixvox-data")
    found = _look_at_folder("folder, full", folder, FULL_GIGABYTES, remedy)
    if found.state == NOTE and os.access(folder, os.R_OK) and folder.is_dir() and any(folder.iterdir()):
        return found._replace(detail=f"{found.detail}; what is there can be used", remedy="")
    return found


def _look_at_folder(what: str, folder: Path, needed: float, remedy: str) -> Finding:
    """Look whether a folder can be written, or made, and has so many gigabytes of room."""
    there = _nearest(folder)
    if not there.is_dir():
        return Finding(what, NOTE, f"expected a folder at {there}, it is none", remedy)
    if refusal := _refusal(there):
        action = f"write {folder}" if there == folder else f"make {folder} in {there}"
        return Finding(what, NOTE, f"cannot {action}: {refusal}", remedy)
    free = shutil.disk_usage(there).free / 1e9
    state = NOTE if free < needed else GOOD
    return Finding(what, state, f"{free:.1f} GB free at {folder}; up to {needed} GB are needed")


def _nearest(folder: Path) -> Path:
    """Return the folder itself, or else the nearest above it that is there."""
    return next(path for path in (folder, *folder.parents) if os.path.lexists(path) or path == path.parent)


def look_at_temporary_folder() -> Finding:
    """Look whether temporary files can be made; Python itself passes over folders that cannot be written."""
    return Finding("folder, temporary files", GOOD, tempfile.gettempdir())


def _refusal(folder: Path) -> str:
    """Say why a file cannot be written into a folder, "" if it can, by trying; nothing stays."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(1 << 16))
            file.flush()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def look_at_tensorflow() -> Finding:
    """Load TensorFlow and Keras and train a network of a few weights."""
    chosen = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if chosen != "tensorflow":
        detail = f"expected Keras to compute with TensorFlow, got KERAS_BACKEND={chosen}"
        return Finding(TENSORFLOW, WRONG, detail, backend.UNSET)
    backend.load_quietly()
    import keras

    from pixvox import provenance

    layers = [keras.layers.Conv2D(1, 2, activation="relu"), keras.layers.Flatten(), keras.layers.Dense(1)]
    model = keras.Sequential([keras.layers.Input((4, 4, 1)), *layers])
    model.compile(loss="mse")
    model.fit(keras.ops.zeros((2, 4, 4, 1)), keras.ops.zeros((2, 1)), verbose=0)
    versions = provenance.versions()
    with_keras = f"{versions['tensorflow']} with Keras {versions['keras']}"
    return Finding(TENSORFLOW, GOOD, f"{with_keras}; computes on {provenance.device()}")


def look_at_lesson_packages() -> Finding:
    """Import what the lessons import."""
    for name in LESSON_MODULES:
        importlib.import_module(name)
    return Finding(PACKAGES, GOOD, "can be imported")


def look_in_a_lesson() -> list[Finding]:
    """Look at the kernel as `pixvox run` starts it, and in it at TensorFlow and the packages.

    Returns:
        the findings, up to the first row that ends the kernel.
    """
    import nbformat

    from pixvox_cli import run

    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=10).close()
    except OSError as error:
        text = f"expected programs on this machine to reach each other at 127.0.0.1, got {error}"
        return [Finding(KERNEL, WRONG, f"{text}. A firewall may forbid it, or a container have no network.")]
    sources = ["from pixvox_cli import doctor"]
    sources += [f"doctor.tell([{row!r}], doctor.IN_A_LESSON)" for row in IN_A_LESSON]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    environment, stop = run._environment(run.Options("sample", None, False)), threading.Event()
    timer, ran = threading.Timer(LESSON_SECONDS, stop.set), []
    timer.start()
    try:
        folder = store.ROOT / "notebooks"
        failure = run.execute(notebook, folder, environment, stop=stop, on_cell=lambda: ran.append("cell"))
    except InterruptedError:
        failure = run.Failure(f"it took more than {LESSON_SECONDS} s")
    finally:
        timer.cancel()
    texts = [output.text for cell in notebook.cells for output in cell.outputs if "text" in output]
    found = [Finding(KERNEL, GOOD, "starts, and ends"), *_told("".join(texts))]
    if failure:
        row = (failure.cell or len(ran) + 1) - 1
        found[row:] = [Finding((KERNEL, *IN_A_LESSON)[row], WRONG, failure.error, None)]
    return found


def look_at_data(name: str, profile: str) -> Finding:
    """Look whether a data set is there and right in a profile."""
    state, detail, remedy = status(name, profile)
    what = f"{name}, {profile}"
    if state == "there":
        return Finding(what, GOOD, detail)
    return Finding(what, _worst(what), f"{state}: {detail}", remedy)


def status(name: str, profile: str | None = None) -> Status:
    """Look whether the data set is there and right in the profile, by reading its files."""
    chosen, entry, mend = store.profile(profile), look_up(name), store.remedy(name, profile)
    try:
        folder = store.home(name, chosen)
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle; no such ~
        return Status("unreadable", str(error), "")
    try:
        missing = [relative for relative in entry.files if not (folder / relative).exists()]
        if missing:
            if not (there := _nearest(folder)).is_dir():
                return Status("unreadable", f"expected a folder at {there}, it is none", "")
            lacks = "is not there" if missing == ["."] else f"lacks {', '.join(missing)}"
            return Status("missing", f"{folder} {lacks}", mend)
    except OSError as error:
        return Status("unreadable", str(error), "")
    checks.load_module(name)  # outside `try`: a package that cannot be imported says nothing about the data
    published = [(folder / path, remote.checksum) for path, remote in entry.files.items() if remote]
    try:
        detail = checks.check(name, folder)
        known = all(checks.is_published(path, digest) for path, digest in published)
    except ValueError as error:
        return Status("wrong", str(error), mend)
    except OSError as error:
        return Status("unreadable", str(error), "")
    if chosen == "full" and not known:
        detail += "; format right, checksum not the published one"
    if chosen == "full" and any(not remote.checksum for remote in entry.originals.values()):
        detail += "; no checksum is published to compare a download with"
    return Status("there", detail, "")


IN_A_LESSON = {TENSORFLOW: look_at_tensorflow, PACKAGES: look_at_lesson_packages}
LOOKS = {
    "Python": look_at_python,
    "packages": look_at_packages,
    "Jupyter kernel": look_at_kernel,
    "folder, results": look_at_results,
    "folder, temporary files": look_at_temporary_folder,
    "folder, full": look_at_full_folder,
}


if __name__ == "__main__":
    tell(sys.argv[1:], {**LOOKS, KERNEL: look_in_a_lesson, **IN_A_LESSON})
