"""Many drawings at once: over several processes, in order, with a bar that shows how far it is."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context

FEW = 16  # drawings that are sooner done than another process is started


def draw_many(draw: Callable, tasks: Sequence, *, processes: int | None = 1, label: str = "") -> list:
    """Return draw(task) for every task, in order.

    Args:
        draw: a function at the top of a module, so that other processes find it.
        tasks: what to give it, one by one; what it returns must not depend on the others.
        processes: how many work at once; None means one for each processor core.
        label: shown beside a progress bar where people watch; "" shows none.
    """
    processes = processes or os.cpu_count() or 1
    if processes < 1:
        raise ValueError(f"expected 1 process or more, came {processes}.")
    with _mapped(draw, tasks, processes) as drawings:
        return list(_shown(drawings, len(tasks), label) if label else drawings)


@contextmanager
def _mapped(draw: Callable, tasks: Sequence, processes: int) -> Iterator:
    """Give an iterator over the drawings, from this process or from several."""
    if processes == 1 or len(tasks) <= FEW:
        yield map(draw, tasks)
        return
    # Processes are started afresh: a copy of one in which TensorFlow has threads may hang.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield pool.map(draw, tasks, chunksize=8)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _shown(drawings: Iterator, total: int, label: str) -> Iterator:
    """Pass drawings on and show how many there were."""
    from rich.progress import track

    from pixvox.console import make_console

    console = make_console()
    yield from track(
        islice(drawings, total),
        label,
        total,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
