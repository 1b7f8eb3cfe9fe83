"""A row of a study, in the process that measures it: this one, or a worker of it."""

import functools
import hashlib
import importlib
import json
import multiprocessing
import os
import re
import signal
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from joblib.externals.loky import BrokenProcessPool

from pixvox import backend, provenance
from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox_studies import resuming

MEASURED, BEGUN = "row.json", "begun"  # files of a row's work folder
# The names of a row beside its setting and what was measured.
OWN_NAMES = ("key", "seed", "cpu_seconds", "source", "date")

TRIES = 2  # of a row whose process is killed
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")


def row_key(setting: dict, seed: int) -> str:
    """Return a row's name: readable, safe as a folder's name, and its own for any setting and seed."""
    text = json.dumps([setting, seed], sort_keys=True)
    words = "-".join(str(value) for value in [*setting.values(), f"seed{seed}"])
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", words)[:60]
    return f"{readable}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:8]}"


def measure_row(
    run: Callable | str, setting: dict, seed: int, work_dir: Path, parent: int
) -> tuple[str, str | None]:
    """Measure a row and save it in its work folder, in the process of `parent` or in a worker of it.

    Returns:
        the row's key, and what went wrong or None.
    """
    if os.getpid() != parent:
        _live_with(parent)
    work_dir.mkdir(parents=True, exist_ok=True)
    (work_dir / BEGUN).touch()
    try:
        function = _imported(run)
        resuming.start_clock(work_dir)
        measured = function(dict(setting), seed, work_dir)
        row = build_row(setting, seed, measured, resuming.cpu_seconds(work_dir))
        with replace_file(work_dir / MEASURED) as temporary:
            text = json.dumps({"row": row, "source": _source()}, allow_nan=False)
            temporary.write_text(text, encoding="utf-8")
    except (Exception, SystemExit) as error:
        shown = os.environ.get("PIXVOX_TRACEBACK") == "1"
        return work_dir.name, traceback.format_exc() if shown else f"{type(error).__name__}: {error}"
    return work_dir.name, None


def how_it_ended(error: BrokenProcessPool) -> str:
    """Say how processes that measured rows ended, as far as loky tells: its own text guesses at memory."""
    codes = re.search(r"exit codes of the workers are \{(.+)\}", str(error))
    return f"ended with {codes[1]}" if codes else "was killed"


@functools.cache
def _live_with(parent: int) -> None:
    """Let this worker end when its study ends, leave Ctrl-C to the study, and let it start processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # loky makes itself the way in which this process starts others, and those that draw do not know it.
    multiprocessing.set_start_method("spawn", force=True)
    if os.name == "posix":  # Windows never tells a process that its parent ended
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: int) -> None:
    """End this process as soon as its parent is another: its study was killed."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


def _imported(run: Callable | str) -> Callable:
    """Return the function that measures a row; import it if only its address is given."""
    if callable(run):
        return run
    backend.load_quietly()
    module, _, function = run.partition(":")
    return getattr(importlib.import_module(module), function)


def build_row(setting: dict, seed: int, measured: dict, seconds: float) -> dict:
    """Return a row of a table: key, setting, seed, what was measured as plain values, CPU seconds, date.

    Its source is None until it joins a table, which numbers its sources.
    """
    taken = sorted(set(measured) & {*setting, *OWN_NAMES})
    if taken:
        raise ValueError(f"expected new names for what a study measures, got {', '.join(taken)} again.")
    text = json.dumps(measured, default=lambda value: value.tolist())  # NumPy's numbers too
    plain = json.loads(text, parse_constant=lambda name: None)  # NaN and Infinity are not JSON
    head = {"key": row_key(setting, seed), **setting, "seed": seed}
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return {**head, **plain, "cpu_seconds": round(seconds, 2), "source": None, "date": date}


def _source() -> dict:
    """Return where a row comes from: versions, commit, device, threads, the data that this process loaded."""
    return {
        "versions": provenance.versions(),
        "commit": provenance.commit(),
        "device": provenance.device(),
        "threads": int(os.environ.get("OMP_NUM_THREADS") or provenance.cores()),
        "data": store.used(),
    }
