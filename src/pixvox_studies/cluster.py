"""Rows of a study on several machines: workers of a Dask scheduler, which must be as this machine is.

The workers share no disk with this machine. Each measures rows as `frame` does with several jobs: in
processes of one thread each, new ones for each call of a study, so that nothing is left over from another
study or profile. A row comes back as it ends, with its source, which also names the worker's host; `frame`
saves it here. One that is measured again begins anew: what it kept lies on the worker.

Rows are handed out by Dask's own client and not by joblib's Dask backend, which waits for ever for a row
whose workers were all killed: Dask gives up such a row after some tries, and joblib does not hear of it.
"""

import json
import os
import socket
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import current_process
from multiprocessing.util import Finalize
from pathlib import Path
from typing import NamedTuple

from joblib.externals.loky import BrokenProcessPool
from joblib.externals.loky.process_executor import ProcessPoolExecutor

from pixvox import provenance
from pixvox.datasets import store
from pixvox.datasets.files import replace_file, tree_checksum
from pixvox_studies.row import MEASURED, ONE_THREAD, TRIES, how_it_ended, measure_row

PATIENCE = 10  # seconds for a scheduler to answer, and for its first worker
IDLE = 60  # seconds after which a worker's process without rows ends
LOCKS = ("requirements.lock", "requirements-scale.lock")


class Refused(ValueError):
    """A worker is not as this machine is."""


class Call(NamedTuple):
    """What a worker must know of a call of a study: its number, the environment of rows, what is expected."""

    number: str
    environment: dict[str, str]
    expected: dict[str, str]


class Machines(NamedTuple):
    """Workers of a scheduler, joined for one call of a study."""

    client: "distributed.Client"  # noqa: F821  only in the environment of `make scale`
    call: Call


@contextmanager
def joined(address: str | None, profile: str) -> Iterator[Machines | None]:
    """Join a scheduler whose workers are as this machine is; leave it at the end. Gives None without address.

    Raises:
        ValueError: if Dask is not installed, or workers differ; the message names each and what to type.
        ConnectionError: if no scheduler answers, or it has no worker.
    """
    if address is None:
        yield None
        return
    environment = {
        "PIXVOX_PROFILE": profile,
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND") or "tensorflow",
    }
    with _connected(address) as client:
        call = Call(uuid.uuid4().hex, environment | ONE_THREAD, describe())
        said = client.run(why_refused, call.expected, on_error="return")
        refusals = [_refusal(worker, answer) for worker, answer in said.items() if answer]
        if refusals:
            raise Refused("\n".join(refusals))
        yield Machines(client, call)


@contextmanager
def _connected(address: str) -> Iterator:
    """Connect with a scheduler that has a worker, or say what to type."""
    try:
        import distributed
    except ImportError as error:
        text = "expected the package distributed for --scheduler, it is not installed in this environment"
        raise ValueError(f"{text}. Type `make scale`, then use `.venv-scale/bin/pixvox`.") from error
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        text = f"expected a scheduler at {address}, none answers"
        raise ConnectionError(f"{text}. Type `dask scheduler` there; it shows its address.") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except OSError as error:
            text = f"expected workers of the scheduler {address}, it has none"
            typed = f"dask worker {address} --nthreads 1"
            raise ConnectionError(f"{text}. Type `{typed}` on each machine.") from error
        yield client


def _refusal(worker: str, answer: str | Exception) -> str:
    """Return why a worker is refused, where it could not even say so too."""
    if isinstance(answer, str):
        return answer
    text = f"expected this course on the worker {worker}, got {type(answer).__name__}: {answer}"
    return f"{text}. Type `git checkout {provenance.commit()[:12]} && make scale` there, and start it again."


def describe() -> dict[str, str]:
    """Return what must be equal on all machines: commit, program text, locks, versions of the packages."""
    code = tree_checksum(sorted((store.ROOT / "src").rglob("*.py")))
    locks = tree_checksum([store.ROOT / name for name in LOCKS])
    made = {"commit": provenance.commit(), "code": code[:12], "lock": locks[:12]}
    return made | provenance.versions()


def why_refused(expected: dict[str, str], dask_worker) -> str | None:
    """Return in what a worker, which calls this, differs from what is expected, and what to type; or None."""
    found = describe()
    differing = [name for name in expected if found.get(name) != expected[name]]
    if not differing:
        return None
    name, commit, typed = differing[0], expected["commit"], "make scale"
    if name in ("commit", "code"):
        clean = name == "commit" and "+" not in commit and commit != "unknown"
        typed = f"git checkout {commit} && make scale" if clean else "git status"
    worker = f"the worker {dask_worker.address} on {socket.gethostname()}"
    text = f"expected {name} {expected[name]} on {worker}, got {found.get(name, 'none')}"
    return f"{text}. Type `{typed}` there, and start the worker again."


def rows_as_they_end(machines: Machines, table) -> Iterator[tuple[str, str | None]]:
    """Measure the missing rows on the workers, put each into its work folder, and yield (key, error or None).

    Where a worker is killed, Dask gives its rows to others, and after some tries it gives up a row. It may
    have been another row's fault: rows that were given up are tried once more, one at a time.

    Raises:
        Refused: if a worker that came later is not as this machine is.
        ConnectionError: if the scheduler is gone.
    """
    from distributed import KilledWorker

    given_up = []
    for key, future in _ended(machines, table, list(table.missing)):
        if future.status == "error" and isinstance(future.exception(), BrokenProcessPool | KilledWorker):
            given_up.append(key)
        else:
            yield key, _keep(table, key, future)
    for one in given_up:
        for key, future in _ended(machines, table, [one]):
            yield key, _keep(table, key, future)


def _ended(machines: Machines, table, keys: list[str]) -> Iterator[tuple]:
    """Hand out rows; yield (key, Dask's future of `measure_there`) as they end."""
    from distributed import as_completed

    client, call = machines
    futures = {}
    for key in keys:
        future = client.submit(measure_there, key, table.study.run, *table.grid[key], call, pure=False)
        futures[future] = key
    for future in as_completed(list(futures), loop=client.loop):
        yield futures.pop(future), future  # without it here, Dask forgets what it has of the row


def _keep(table, key: str, future) -> str | None:
    """Put a row that came back into its work folder; return what went wrong or None."""
    from distributed import KilledWorker

    if future.status == "finished":
        measured, error = future.result()
        if measured:
            with replace_file(table.work_dir(key) / MEASURED) as temporary:
                temporary.write_text(json.dumps(measured, allow_nan=False), encoding="utf-8")
        return error
    if future.status != "error":
        text = "expected the scheduler to stay, it is gone; finished rows are saved"
        raise ConnectionError(f"{text}. Type `dask scheduler` there, then the same again here.")
    error = future.exception()
    if isinstance(error, Refused):
        raise Refused(str(error))
    if isinstance(error, BrokenProcessPool):
        return f"its process {how_it_ended(error)}, {TRIES} times"
    if isinstance(error, KilledWorker):
        return f"its workers were killed, {TRIES} times"
    return f"{type(error).__name__}: {error}"


def measure_there(key: str, run, setting: dict, seed: int, call: Call) -> tuple[dict | None, str | None]:
    """Measure a row on a worker, in a process of its own.

    Returns:
        {"row", "source"}, as a work folder's file has them, the source with the host, or None; and what went
        wrong or None.
    """
    from distributed import get_worker

    with tempfile.TemporaryDirectory(dir=get_worker().local_directory) as folder:
        work_dir, pool = Path(folder) / key, _pool(call)
        try:
            _, error = pool.submit(measure_row, run, setting, seed, work_dir, os.getpid()).result()
        except BrokenProcessPool:
            _pools.pop(call.number, None)
            raise
        if error:
            return None, error
        measured = json.loads((work_dir / MEASURED).read_text(encoding="utf-8"))
    measured["source"]["host"] = socket.gethostname()
    return measured, None


_pools: dict[str, ProcessPoolExecutor] = {}  # of this worker, by the number of the call
_one_at_a_time = threading.Lock()


def _pool(call: Call) -> ProcessPoolExecutor:
    """Return the processes of this worker for a call of a study, as many as it has threads."""
    from distributed import get_worker

    with _one_at_a_time:
        if call.number not in _pools:
            if text := why_refused(call.expected, get_worker()):
                raise Refused(text)
            current_process().daemon = False  # Dask makes workers that may start no process
            threads = get_worker().state.nthreads
            pool = ProcessPoolExecutor(threads, timeout=IDLE, env=call.environment)
            Finalize(None, pool.shutdown, kwargs={"kill_workers": True}, exitpriority=1)  # as the worker ends
            _pools[call.number] = pool
        return _pools[call.number]


def end_call(machines: Machines, *, kill: bool) -> None:
    """End the workers' processes for this call of a study, with `kill` in the middle of their rows."""
    if machines.client.status == "running":
        machines.client.run(_end_processes, machines.call.number, kill=kill, on_error="ignore")


def _end_processes(number: str, *, kill: bool) -> None:
    """End the processes of this worker for a call."""
    if pool := _pools.pop(number, None):
        pool.shutdown(kill_workers=kill)
