"""Long experiments, measured row by row: each row is saved at once, and a kill loses none that is finished.

A study is a grid of settings and seeds; a row of its table is what was measured for one
of each. `pixvox study NAME` measures the rows that are missing.
"""

import importlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pixvox import backend, resuming
from pixvox.datasets import store
from pixvox.resuming import epoch_logs, resume_callbacks
from pixvox.study_list import STUDIES, Study
from pixvox.study_table import Table, kept_path, open_table, read, row_key, save, sources_now, sources_then

__all__ = ["STUDIES", "Study", "epoch_logs", "list_studies", "load_study", "resume_callbacks", "run_study"]

OWN_NAMES = ("key", "seed", "cpu_seconds", "date")  # of a row, beside its setting and what was measured


def list_studies(*, profile: str | None = None) -> int:
    """Print the studies and how many of their rows are measured; return 0."""
    from rich import table

    from pixvox.console import make_console

    chosen = store.profile(profile)
    listing = table.Table("study", "what it compares", f"rows measured ({chosen})")
    for name in STUDIES:
        found = _open(name, chosen)
        listing.add_row(name, found.title, found.progress())
    make_console().print(listing)
    return 0


def run_study(name: str, *, profile: str | None = None, keep: bool = False) -> int:
    """Measure the rows of a study that are missing, and save each as soon as it is done.

    The table goes to build/<profile>/studies/<name>.json.

    Args:
        name: a key of `STUDIES`.
        profile: "sample" or "full"; None asks PIXVOX_PROFILE.
        keep: copy the finished table to data/results/<profile>/studies/.

    Returns:
        the exit status: 0, or 130 after Ctrl-C.

    Raises:
        ValueError: if there is no such study or profile.
        FileNotFoundError: if a data set is missing; the rows measured before stay.
    """
    table = _open(name, store.profile(profile))

    from pixvox.console import make_console

    console = make_console()
    _tidy(table, console)
    if table.rows:
        console.print(f"{len(table.rows)} rows are there; to measure them anew, delete {_shown(table.path)}")
    try:
        with _environment(table.profile):
            _measure_missing(table, console)
    except KeyboardInterrupt:
        command = f"pixvox study {name} --profile {table.profile}{' --keep' if keep else ''}"
        text = f"pixvox: interrupted; {table.progress()} rows are saved. To go on, type `{command}`."
        console.print(text, style="bold", soft_wrap=True)
        return 130
    seconds = sum(row["cpu_seconds"] for row in table.rows.values())
    console.print(f"{name}: {len(table.rows)} rows, {seconds:.0f} CPU s, in {_shown(table.path)}")
    if keep:
        from pixvox import keeping

        keeping.keep_results(table.path, table.profile)
        console.print(f"kept in {_shown(kept_path(name, table.profile))}")
    return 0


def load_study(name: str, profile: str | None = None):
    """Return the committed table of a study; where the full data have none yet, say so and give the sample's.

    Args:
        name: a key of `STUDIES`.
        profile: "sample" or "full"; None asks PIXVOX_PROFILE.

    Returns:
        a pandas DataFrame: a column for each name in the settings, then seed, what was
        measured, cpu_seconds and date. Its `attrs` hold title, profile, versions, commit, device, data;
        judge no claim by a table whose profile is not the lesson's.

    Raises:
        FileNotFoundError: if no table was kept; the message names the command that makes it.
    """
    import pandas as pd

    chosen = store.profile(profile)
    path, command = kept_path(name, chosen), f"pixvox study {name} --profile {chosen} --keep"
    borrowed = kept_path(name, "sample")
    if not path.is_file() and not borrowed.is_file():
        raise FileNotFoundError(
            f"expected the table of the study {name} in {_shown(path)}, it is not there. Type `{command}`."
        )
    if not path.is_file():
        print(f"{name} is not measured on the full data yet (`{command}`): this is the SAMPLE's table.")
        path = borrowed
    document = read(path)
    frame = pd.DataFrame(document.pop("rows")).drop(columns="key", errors="ignore")
    frame.attrs = document
    return frame


def _open(name: str, profile: str) -> Table:
    """Return the table of a study that exists."""
    if name not in STUDIES:
        known = ", ".join(STUDIES) or "there are none yet"
        raise ValueError(f"expected the name of a study ({known}), came {name!r}. Type `pixvox study`.")
    return open_table(name, STUDIES[name], profile)


def _shown(path: Path) -> str:
    """Return a path as people type it in the repository."""
    return path.relative_to(store.ROOT).as_posix()


def _tidy(table: Table, console) -> None:
    """Drop rows and work folders of settings that the study no longer has, and say so."""
    if table.dropped:
        console.print(f"rows dropped, their settings are no longer part of {table.name}: {table.dropped}")
        save(table, sources_then(table))
    missing = {row_key(*point) for point in table.missing}
    for folder in table.folder.glob("*"):
        if folder.is_dir() and folder.name not in missing:
            shutil.rmtree(folder)


@contextmanager
def _environment(profile: str):
    """Set the profile that loaders see, and start the record of the data they load."""
    before = os.environ.get("PIXVOX_PROFILE")
    os.environ["PIXVOX_PROFILE"] = profile
    os.environ.setdefault("KERAS_HOME", str(store.ROOT / "build" / "keras"))
    store.forget()
    try:
        yield
    finally:
        del os.environ["PIXVOX_PROFILE"]
        if before is not None:
            os.environ["PIXVOX_PROFILE"] = before


def _measure_missing(table: Table, console) -> None:
    """Measure and save the missing rows, with a bar over all rows."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    missing = table.missing
    run = _imported(STUDIES[table.name].run) if missing else None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task(table.name, total=len(table.grid))
        for point in missing:
            label = ", ".join(f"{name} {value}" for name, value in {**point[0], "seed": point[1]}.items())
            bars.update(bar, description=label, completed=len(table.rows))
            work_dir = table.folder / row_key(*point)
            resuming.start_clock(work_dir, _epoch_shown(bars, bar, label))
            try:
                row = _measure(run, *point, work_dir)
            except Exception:
                console.print(f"{label}: failed ({table.progress()} rows are saved)", soft_wrap=True)
                raise
            table.rows[row["key"]] = row
            save(table, sources_now(table))
            shutil.rmtree(work_dir)
            console.print(f"{label}: {_summary(row, point[0])} ({table.progress()})", soft_wrap=True)


def _epoch_shown(bars, bar, label: str) -> Callable[[int], None]:
    """Return a function that shows beside the bar how many epochs a row has done."""
    return lambda done: bars.update(bar, description=f"{label}, {done} epochs")


def _imported(run: Callable | str) -> Callable:
    """Return the function that measures a row; import it if only its address is given."""
    if callable(run):
        return run
    backend.load_quietly()
    module, _, function = run.partition(":")
    return getattr(importlib.import_module(module), function)


def _measure(run: Callable, setting: dict, seed: int, work_dir: Path) -> dict:
    """Measure one row; its CPU seconds are those of all parts of it that were kept."""
    work_dir.mkdir(parents=True, exist_ok=True)
    measured = run(dict(setting), seed, work_dir)
    seconds = round(resuming.cpu_seconds(work_dir), 2)
    taken = sorted(set(measured) & {*setting, *OWN_NAMES})
    if taken:
        raise ValueError(f"expected new names for what a study measures, came {', '.join(taken)} again.")
    plain = json.loads(json.dumps(measured, default=lambda value: value.tolist()))  # NumPy's numbers too
    date = datetime.now(UTC).isoformat(timespec="seconds")
    head = {"key": row_key(setting, seed), **setting, "seed": seed}
    return {**head, **plain, "cpu_seconds": seconds, "date": date}


def _summary(row: dict, setting: dict) -> str:
    """Return what a row measured, in a line."""
    measured = {name: value for name, value in row.items() if name not in (*setting, *OWN_NAMES)}
    numbers = [f"{name} {value:.4g}" for name, value in measured.items() if isinstance(value, int | float)]
    return ", ".join([*numbers, f"{row['cpu_seconds']:.0f} CPU s"])
