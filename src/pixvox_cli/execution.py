"""Executes a notebook in a kernel of this very Python, and leaves no kernel behind."""

import asyncio
import re
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import nbclient
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

START_SECONDS = 120  # a kernel's first start on a cold disk takes a while
OUTPUT_SECONDS = 60  # how long outputs may lag behind a cell's end before we call them lost
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Failure(NamedTuple):
    """Why a lesson failed.

    Attributes:
        error: the error in plain text, such as "ValueError: expected ...".
        cell: the number Jupyter shows beside the cell, or None when no cell is to blame.
        source: the cell's text.
        line: the line of the cell where it failed, counted from 1, or None.
    """

    error: str
    cell: int | None = None
    source: str = ""
    line: int | None = None


def execute(
    notebook: NotebookNode,
    *,
    folder: Path,
    environment: dict[str, str],
    on_cell: Callable[[int], None] = lambda done: None,
    stop: threading.Event | None = None,
) -> Failure | None:
    """Execute a notebook's cells in order, in place; stop at the first that raises.

    Args:
        notebook: its outputs and counts are replaced.
        folder: the kernel's working folder.
        environment: the kernel's environment variables, all of them.
        on_cell: called with the number of code cells done, after each.
        stop: when another thread sets it, the kernel is ended at once.

    Returns:
        what failed, or None when every cell ran.

    Raises:
        InterruptedError: if `stop` was set.
    """
    clear(notebook)
    stop = stop or threading.Event()
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner, tempfile.TemporaryFile() as log:
        start = {"cwd": str(folder), "env": environment, "stdout": log, "stderr": log}
        return runner.run(_execute(notebook, start, on_cell, stop))


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that are executed: code, and not empty."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def clear(notebook: NotebookNode) -> None:
    """Remove all outputs and counts, so that an old output is never taken for a new one."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


async def _execute(notebook, start: dict, on_cell, stop) -> Failure | None:
    """Run the cells beside a watch on `stop`; end the kernel whatever happens."""
    client = _client(notebook, on_cell)
    work = asyncio.create_task(_run_cells(client, start))
    try:
        while not work.done():
            if stop.is_set():
                work.cancel()
            await asyncio.wait({work}, timeout=0.1)
    finally:
        if client.km.has_kernel:
            await client.km.shutdown_kernel(now=stop.is_set())
    if stop.is_set():
        work.cancelled() or work.exception()  # looked at, so that asyncio does not complain of it
        raise InterruptedError("the run was interrupted")
    error = work.exception()
    return _failure(error, client, start["stderr"]) if error else None


def _client(notebook: NotebookNode, on_cell) -> nbclient.NotebookClient:
    """Return a client with a kernel of this Python, not started yet."""
    # No kernel folders: the native kernel, which is this Python, even if another one is installed as python3.
    specs = KernelSpecManager(kernel_dirs=[])
    client = nbclient.NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs),
        record_timing=False,
        store_widget_state=False,
        iopub_timeout=OUTPUT_SECONDS,
        raise_on_iopub_timeout=True,
        on_cell_executed=lambda **_: on_cell(client.code_cells_executed),
    )
    return client


async def _run_cells(client: nbclient.NotebookClient, start: dict) -> None:
    """Start the kernel and execute the notebook in it."""
    # History stays in memory: kernels that run at once would quarrel over IPython's file.
    await client.km.start_kernel(extra_arguments=["--HistoryManager.hist_file=:memory:"], **start)
    client.kc = client.km.client()
    client.kc.start_channels()
    try:
        await client.kc.wait_for_ready(timeout=START_SECONDS)
        await client.async_execute()
    finally:
        client.kc.stop_channels()


def _failure(error: BaseException, client: nbclient.NotebookClient, log) -> Failure:
    """Say what failed, and in which cell."""
    number = client.code_cells_executed  # counts the one that failed
    cell = code_cells(client.nb)[number - 1] if number else None
    if isinstance(error, CellExecutionError):
        return Failure(_plain(f"{error.ename}: {error.evalue}"), number, cell.source, _failing_line(cell))
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, DeadKernelError):
        text = "the kernel died, often for want of memory"
    source = cell.source if cell else ""
    return Failure(_plain(text) + _last_lines(log), number or None, source)


def _failing_line(cell: NotebookNode) -> int | None:
    """Read from the cell's traceback which of its lines failed."""
    for output in cell.outputs:
        if output.output_type == "error":
            found = re.search(r"Cell In\s?\[\d+\], line (\d+)", _plain("\n".join(output.traceback)))
            return int(found[1]) if found else None
    return None


def _last_lines(log) -> str:
    """Return the last lines the kernel's process wrote, on lines of their own; "" if none."""
    log.seek(0)
    lines = [line for line in log.read().decode("utf-8", errors="replace").splitlines() if line.strip()]
    return "".join(f"\n{_plain(line)}" for line in lines[-5:])


def _plain(text: str) -> str:
    """Return the text without colour codes."""
    return _ANSI.sub("", text)
