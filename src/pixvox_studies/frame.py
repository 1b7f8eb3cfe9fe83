"""Long experiments, measured row by row: each row is saved at once, and a kill loses none that is finished.

A study is a grid of settings and seeds; a row of its table is what was measured for one
of each. `pixvox study NAME` measures the rows that are missing.

"""

import hashlib
import importlib
import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pixvox import backend, provenance
from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.tables import _shown, keep_results, kept_path, read
from pixvox_studies import (
    Study,
    drawings,
    faces,
    fashion,
    four_models,
    mnist,
    pets,
    resuming,
    seeing,
    transfer,
    voxels,
)


class Table(NamedTuple):
    """The table of a study in a profile.

    Attributes:
        name: the study's name.
        title: what it compares.
        profile: "sample" or "full".
        grid: every (setting, seed), in the order of the rows.
        rows: the measured rows, by `row_key`; those of settings that are gone are left out.
        old: the document that an earlier call saved, or {}.
    """

    name: str
    title: str
    profile: str
    grid: list[tuple[dict, int]]
    rows: dict[str, dict]
    old: dict

    @property
    def path(self) -> Path:
        """Return where the table is saved after each row."""
        return store.build_dir(self.profile) / "studies" / f"{self.name}.json"

    @property
    def folder(self) -> Path:
        """Return the folder that holds the work folders of unfinished rows."""
        return self.path.with_suffix("")

    @property
    def missing(self) -> list[tuple[dict, int]]:
        """Return the (setting, seed) of the rows that are not measured yet."""
        return [point for point in self.grid if row_key(*point) not in self.rows]

    @property
    def dropped(self) -> int:
        """Return how many saved rows no longer belong to the study."""
        return len(self.old.get("rows", [])) - len(self.rows)

    def progress(self) -> str:
        """Return for instance "3 of 9"."""
        return f"{len(self.rows)} of {len(self.grid)}"


def open_table(name: str, study, profile: str) -> Table:
    """Return the table of a study as far as it is measured."""
    grid = [(setting, seed) for setting in study.settings for seed in study.seeds]
    table = Table(name, study.title, profile, grid, {}, {})
    if not table.path.is_file():
        return table
    old = read(table.path)
    wanted = {row_key(*point) for point in grid}
    rows = {row["key"]: row for row in old["rows"] if row["key"] in wanted}
    return table._replace(rows=rows, old=old)


def row_key(setting: dict, seed: int) -> str:
    """Return a row's name: readable, safe as a folder's name, and its own for any setting and seed."""
    text = json.dumps([setting, seed], sort_keys=True)
    words = "-".join(str(value) for value in [*setting.values(), f"seed{seed}"])
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", words)[:60]
    return f"{readable}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:8]}"


def save(table: Table, sources: dict) -> None:
    """Write the table in one step, its rows in the order of the grid."""
    rows = [table.rows[key] for point in table.grid if (key := row_key(*point)) in table.rows]
    head = {"study": table.name, "title": table.title, "profile": table.profile}
    text = json.dumps({**head, **sources, "rows": rows}, indent=1, ensure_ascii=False) + "\n"
    with replace_file(table.path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def sources_now(table: Table) -> dict:
    """Return where the rows come from: versions, commit, device and the data loaded.

    Where older rows of the table were measured under others, these stand under "earlier".
    """
    now = {
        "versions": provenance.versions(),
        "commit": provenance.commit(),
        "device": provenance.device(),
        "data": {**table.old.get("data", {}), **store.used()},
    }
    then = {name: table.old[name] for name in now if name in table.old}
    stay = any(row["key"] in table.rows for row in table.old.get("rows", []))
    earlier = table.old.get("earlier", []) if stay else []
    if stay and then != now:
        earlier = [*earlier, then]
    return {**now, "earlier": earlier} if earlier else now


def sources_then(table: Table) -> dict:
    """Return what the saved document says of where its rows come from."""
    return {
        name: value for name, value in table.old.items() if name not in ("study", "title", "profile", "rows")
    }


TOPICS = (mnist, fashion, four_models, drawings, faces, pets, transfer, seeing, voxels)
STUDIES: dict[str, Study] = {name: study for topic in TOPICS for name, study in topic.STUDIES.items()}


OWN_NAMES = ("key", "seed", "cpu_seconds", "date")  # of a row, beside its setting and what was measured


def list_studies(*, profile: str | None = None, make_console: Callable) -> int:
    """Print the studies and how many of their rows are measured; return 0."""
    from rich import table

    chosen = store.profile(profile)
    listing = table.Table("study", "what it compares", f"rows measured ({chosen})")
    for name in STUDIES:
        found = _open(name, chosen)
        listing.add_row(name, found.title, found.progress())
    make_console().print(listing)
    return 0


def run_study(name: str, *, profile: str | None = None, keep: bool = False, make_console: Callable) -> int:
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
        keep_results(table.path, table.profile)
        console.print(f"kept in {_shown(kept_path(name, table.profile))}")
    return 0


def _open(name: str, profile: str) -> Table:
    """Return the table of a study that exists."""
    if name not in STUDIES:
        known = ", ".join(STUDIES) or "there are none yet"
        raise ValueError(f"expected the name of a study ({known}), came {name!r}. Type `pixvox study`.")
    return open_table(name, STUDIES[name], profile)


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
