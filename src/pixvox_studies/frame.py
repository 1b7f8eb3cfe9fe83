"""The frame of studies: a grid of settings and seeds is measured row by row; a kill loses no finished row.

`row` is what happens in the process that measures one; `cluster` has rows measured on other machines. In
build/<profile>/studies lie

    NAME.json             the table
    NAME/<key>/           the work folder of a row that is not in the table yet
    NAME/<key>/row.json   that row, once it is measured; also one whose setting is gone from the grid
    NAME.lock, NAME.pid   the lock, and which process has it

A table's `sources` say what measured its rows: versions, commit, device, threads, checksums of the data; and
the host, where it was a scheduler's worker. The `source` of a row is a number in that list, from 0, or null
where nobody wrote down which of them it was: in tables from before rows had a source, where more than one
commit was there on the row's date, or none yet.
"""

import json
import math
import os
import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from joblib import Parallel, cpu_count, delayed
from joblib.externals.loky import BrokenProcessPool, get_reusable_executor
from rich.progress import track
from rich.table import Table as Listing

from pixvox.datasets import store
from pixvox.datasets.files import locked, replace_file
from pixvox.tables import display_path, kept_path, parse, read
from pixvox_studies import (
    Study,
    cluster,
    counts,
    drawings,
    embeddings,
    faces,
    fashion,
    four_models,
    mnist,
    own_pictures,
    pets,
    scale,
    seeing,
    transfer,
    voxels,
)
from pixvox_studies.row import (
    BEGUN,
    MEASURED,
    ONE_THREAD,
    OWN_NAMES,
    TRIES,
    how_it_ended,
    measure_row,
    row_key,
)

TOPICS = (
    *(mnist, fashion, four_models, embeddings, drawings, faces, pets, transfer, seeing, voxels),
    *(own_pictures, scale, counts),
)
STUDIES: dict[str, Study] = {name: study for topic in TOPICS for name, study in topic.STUDIES.items()}

ODD = (ValueError, KeyError, TypeError, OverflowError)  # over a row.json that holds something else
MOST_PER_CORE = 4  # processes, however many jobs are asked for


def list_studies(names: Iterable[str] = (), *, profile: str | None = None, make_console: Callable) -> int:
    """Print the studies, how many of their rows are measured, and what the others will cost; return 0.

    Args:
        names: keys of `STUDIES`, in the order of the list; none means all.
        profile, make_console: as in `run_study`.
    """
    chosen = store.profile(profile)
    listing = Listing("study", "what it compares", f"rows measured ({chosen})", "to go")
    to_go = []
    for name in names or STUDIES:
        progress, seconds = _how_far(name, chosen)
        to_go.append(seconds)
        listing.add_row(name, _study(name).title, progress, _duration(seconds))
    known = [seconds for seconds in to_go if seconds is not None]
    listing.caption = f"{_duration(sum(known))} to go, and {len(to_go) - len(known)} studies not measured yet"
    make_console().print(listing)
    return 0


def _how_far(name: str, profile: str) -> tuple[str, float | None]:
    """Return how many rows are measured, or what is broken, and the seconds of the others."""
    try:
        table = open_table(name, profile)
        return table.progress(), seconds_to_go(table)
    except ValueError as error:
        return f"broken: {error}", None


def cheapest_first(profile: str | None = None) -> list[str]:
    """Return the studies of a profile, those first whose missing rows cost least, unmeasured ones last."""
    chosen = store.profile(profile)
    names = [name for name, study in STUDIES.items() if chosen == "sample" or not study.drawn_only]
    seconds = {name: _how_far(name, chosen)[1] for name in names}
    return sorted(names, key=lambda name: (seconds[name] is None, seconds[name]))


def run_study(
    name: str,
    *,
    profile: str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    keep: bool = False,
    make_console: Callable,
) -> int:
    """Measure the rows of a study that are missing; each is saved as it ends, in its own process.

    The table goes to build/<profile>/studies/<name>.json. A row that fails stops no other.

    Args:
        profile: "sample" or "full"; None asks PIXVOX_PROFILE.
        jobs: how many rows are measured at once. 1: in this process. More: in so many processes of one
            thread each; a row whose process is killed is tried once more.
        scheduler: the address of a Dask scheduler whose workers measure the rows instead, with one job.
        keep: copy the finished table to data/results/<profile>/studies/.
        make_console: returns a rich Console.

    Returns:
        the exit status: 0, 1 if rows failed, 130 after Ctrl-C.

    Raises:
        ValueError: if there is no such study or profile, or it has not this profile or so many jobs, or the
            scheduler's workers are not as this machine is.
        BlockingIOError: if another process is measuring it.
        ConnectionError: if the scheduler or its workers are not there.
    """
    chosen = store.profile(profile)
    check_call(name, chosen, jobs, scheduler)
    console, lock = make_console(), _table_path(name, chosen).with_suffix(".lock")
    with locked(lock), environment(chosen, jobs), cluster.joined(scheduler, chosen) as machines:
        store.forget()
        table = open_table(name, chosen)
        _tidy(table, console)
        try:
            failed = _measure_missing(table, jobs, machines, console)
        except KeyboardInterrupt:
            command = command_of(name, chosen, jobs, scheduler, keep)
            text = f"pixvox: interrupted; {table.progress()} rows are saved. To go on, type"
            console.print(f"{text} `{command}`.", style="bold", soft_wrap=True)
            return 130
        _report(table, failed, console)
        if keep and not failed:
            with replace_file(kept_path(name, chosen)) as temporary:
                shutil.copyfile(table.path, temporary)
            console.print(f"kept in {display_path(kept_path(name, chosen))}")
    return 1 if failed else 0


def command_of(name: str, profile: str, jobs: int, scheduler: str | None, keep: bool) -> str:
    """Return what to type to measure a study, or with the name --all every one."""
    options = [
        *([f"--jobs {jobs}"] if jobs > 1 else []),
        *([f"--scheduler {scheduler}"] if scheduler else []),
    ]
    return " ".join(["pixvox study", name, f"--profile {profile}", *options, *["--keep"] * keep])


def check_call(name: str, profile: str, jobs: int = 1, scheduler: str | None = None) -> None:
    """Refuse a study that is none, or is none of the profile, and who measures it where that may not be."""
    study = _study(name)
    if study.drawn_only and profile != "sample":
        text = (
            f"expected the profile sample for {name}, which needs drawings, of which all is known, or no data"
        )
        raise ValueError(f"{text}, got {profile}. Type `pixvox study {name} --profile sample`.")
    if jobs < 1:
        raise ValueError(f"expected one job or more, got {jobs}. Type `pixvox study {name} --jobs 1`.")
    if study.cost and (jobs > 1 or scheduler):
        got = f"the scheduler {scheduler}" if scheduler else jobs
        text = f"expected one job for {name}, whose rows measure what training costs, got {got}."
        raise ValueError(f"{text} Type `pixvox study {name}`.")


@contextmanager
def environment(profile: str, jobs: int):
    """Set the environment of loaders and Keras, and one thread a process where there are several."""
    before = dict(os.environ)
    os.environ["PIXVOX_PROFILE"] = profile
    os.environ.setdefault("KERAS_HOME", str(store.build_root() / "keras"))
    os.environ.update(ONE_THREAD if jobs > 1 else {})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class Table(NamedTuple):
    """The table of a study in a profile, as far as it is measured.

    Attributes:
        rows: the measured rows, by `row_key`; those of settings that are gone are left out.
        sources: where rows come from: dicts of versions, commit, device, threads, data. The "source" of a row
            is its number in this list, or None.
    """

    name: str
    study: Study
    profile: str
    rows: dict[str, dict]
    sources: list[dict]

    @property
    def path(self) -> Path:
        """Return where the table is saved after each row."""
        return _table_path(self.name, self.profile)

    @property
    def grid(self) -> dict[str, tuple[dict, int]]:
        """Return every (setting, seed) by its row's key, in the order of the rows."""
        seeds = self.study.seeds_of(self.profile)
        points = [(setting, seed) for setting in self.study.settings for seed in seeds]
        return {row_key(*point): point for point in points}

    @property
    def missing(self) -> dict[str, tuple[dict, int]]:
        """Return the (setting, seed) of the rows that are not measured yet, by key."""
        return {key: point for key, point in self.grid.items() if key not in self.rows}

    def work_dir(self, key: str) -> Path:
        """Return the work folder of a row."""
        return self.path.with_suffix("") / key

    def progress(self) -> str:
        """Return for instance "3 of 9"."""
        return f"{len(self.rows)} of {len(self.grid)}"


def _table_path(name: str, profile: str) -> Path:
    """Return where the table of a study is saved."""
    return store.build_dir(profile) / "studies" / f"{name}.json"


def _study(name: str) -> Study:
    """Return a study by its name."""
    if name not in STUDIES:
        known = ", ".join(STUDIES) or "there are none yet"
        raise ValueError(f"expected the name of a study ({known}), got {name!r}. Type `pixvox study`.")
    return STUDIES[name]


def open_table(name: str, profile: str) -> Table:
    """Read the table of a study, and the rows that a killed call measured and did not get into it."""
    table = Table(name, _study(name), profile, {}, [])
    if table.path.is_file():
        document = read(table.path)
        table.rows.update({row["key"]: row for row in document["rows"] if row["key"] in table.grid})
        table.sources.extend(document["sources"] if table.rows else [])
    take_measured(table)
    return table


def take_measured(table: Table) -> list[dict]:
    """Take rows that lie measured in their work folders into the table (not into its file); return them."""
    taken = []
    for key in table.missing:
        try:
            row, source = read_measured(table.work_dir(key))
            if row_key({name: row[name] for name in table.grid[key][0]}, row["seed"]) != key:
                raise ValueError(f"expected the row {key}, got another")
            row["source"] = None if source is None else number_source(table.sources, source)
        except (FileNotFoundError, *ODD):  # a broken file is measured anew
            continue
        table.rows[key] = row
        taken.append(row)
    return taken


def number_source(sources: list[dict], source: dict) -> int:
    """Return the number of a row's source in a table's list, to which it is added if it is new.

    A row that read more data with the same versions, commit and device has no new source, and those data are
    added to the one it has; a row that read another version of the same data has.
    """
    for number, known in enumerate(sources):
        data = {**known["data"], **source["data"]}
        if {**known, "data": data} == {**source, "data": {**data, **known["data"]}}:
            known["data"] = dict(sorted(data.items()))
            return number
    sources.append(source)
    return len(sources) - 1


def save(table: Table) -> None:
    """Write the table in one step, its rows in the order of the grid."""
    rows = [table.rows[key] for key in table.grid if key in table.rows]
    head = {"study": table.name, "title": table.study.title, "profile": table.profile}
    document = {**head, "sources": table.sources, "rows": rows}
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    with replace_file(table.path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")


def seconds_to_go(table: Table) -> float | None:
    """Estimate the CPU seconds of the missing rows, from measured and kept ones; None if there are none."""
    kept = kept_path(table.name, table.profile)
    rows = [*(read(kept)["rows"] if kept.is_file() else []), *table.rows.values()]
    known = {row["key"]: row["cpu_seconds"] for row in rows}
    if table.missing and not known:
        return None
    return sum(known.get(key, fmean(known.values())) for key in table.missing)


def _duration(seconds: float | None) -> str:
    """Return CPU seconds as people say them."""
    if seconds is None:
        return "not measured yet"
    return f"{seconds:.0f} CPU s" if seconds < 120 else f"{seconds / 60:.0f} CPU min"


def _tidy(table: Table, console) -> None:
    """Bring the disk in line with the table: its file, and work folders of rows missing or set aside only."""
    document = read(table.path) if table.path.is_file() else {"sources": [], "rows": []}
    saved = {row["key"]: row for row in document["rows"]}
    gone = saved.keys() - table.rows.keys()
    for key in gone:
        with replace_file(table.work_dir(key) / MEASURED) as temporary:
            number = saved[key]["source"]
            source = None if number is None else document["sources"][number]
            text = json.dumps({"row": saved[key], "source": source}, allow_nan=False)
            temporary.write_text(text, encoding="utf-8")
    if gone:
        console.print(f"rows set aside, their settings are no longer part of {table.name}: {len(gone)}")
    if table.rows:
        path = display_path(table.path)
        console.print(f"{len(table.rows)} rows are there; to measure them anew, delete {path}")
    if saved.keys() != table.rows.keys():
        save(table)
    for folder in table.path.with_suffix("").glob("*"):
        aside = folder.name not in table.rows and (folder / MEASURED).is_file()
        if folder.is_dir() and folder.name not in table.missing and not aside:
            shutil.rmtree(folder)


def _measure_missing(table: Table, jobs: int, machines, console) -> dict[str, str]:
    """Measure the missing rows, with a bar over all rows; return the errors of those that failed, by key.

    Args:
        machines: as `cluster.joined` gives them; None has the rows measured here.
    """
    ended = cluster.rows_as_they_end(machines, table) if machines else _rows_as_they_end(table, jobs, console)
    bar = {"total": len(table.grid), "completed": len(table.rows), "transient": True}
    shown = {"description": table.name, "console": console, "disable": not console.is_terminal}
    failed = {}
    try:
        with _workers(jobs, machines):
            for key, error in track(ended, **bar, **shown):
                if error:
                    failed[key] = error
                    console.print(f"{_label(*table.grid[key])}: failed", soft_wrap=True)
                _save_measured(table, console)
    finally:
        _save_measured(table, console)
    return failed


@contextmanager
def _workers(jobs: int, machines=None):
    """End the processes of several jobs; where there was an error or Ctrl-C, in the middle of their rows."""
    try:
        yield
    except BaseException:
        _end_workers(jobs, machines, kill=True)
        raise
    _end_workers(jobs, machines, kill=False)


def _end_workers(jobs: int, machines, *, kill: bool) -> None:
    """End the processes of several jobs; one that is not killed tidies up what it drew with."""
    if machines:
        cluster.end_call(machines, kill=kill)
    elif jobs > 1:
        get_reusable_executor(kill_workers=kill).shutdown(kill_workers=kill)


def _rows_as_they_end(table: Table, jobs: int, console) -> Iterator[tuple[str, str | None]]:
    """Measure the missing rows; yield (key, error or None) of each.

    Where a worker is killed, loky ends all of them. Rows that were in work are then measured one at a time,
    so that the one whose worker is killed again is known, and costs no other.
    """
    waiting, tries = dict.fromkeys(table.missing), Counter()
    while waiting:
        batch = [key for key in waiting if tries[key]][:1] or list(waiting)
        try:
            for key, error in _measure_at_once(table, batch, jobs):
                del waiting[key]
                yield key, error
        except BrokenProcessPool as error:
            begun = [key for key in batch if key in waiting and (table.work_dir(key) / BEGUN).is_file()]
            tries.update(begun or ["no row"])
            ended = how_it_ended(error)
            if tries["no row"] == TRIES:
                text = f"expected processes that measure rows of {table.name}, got one that {ended}"
                raise ChildProcessError(f"{text}. Type `pixvox study {table.name} --jobs 1`.") from error
            console.print(f"a process {ended}, and with it {len(begun)} rows in work")
            for key in begun:
                measured = (table.work_dir(key) / MEASURED).is_file()
                if measured or tries[key] == TRIES:
                    del waiting[key]
                    yield key, None if measured else f"its process {ended}, {TRIES} times"


def _measure_at_once(table: Table, keys: list[str], jobs: int) -> Iterator[tuple[str, str | None]]:
    """Measure rows, `jobs` at once; yield (key, error or None) as they end."""
    for key in keys:
        for name in (BEGUN, MEASURED):  # a file of a missing row is broken
            (table.work_dir(key) / name).unlink(missing_ok=True)
    calls = [(table.study.run, *table.grid[key], table.work_dir(key), os.getpid()) for key in keys]
    needed = max(2, min(len(keys), MOST_PER_CORE * cpu_count()))  # two: with one, joblib starts no process
    pool = Parallel(n_jobs=min(jobs, needed), batch_size=1, return_as="generator_unordered")
    ended = pool(delayed(measure_row)(*call) for call in calls)
    try:
        for key, error in ended:  # no `yield from`, which would end the pool before warnings are caught
            yield key, error
    finally:
        with warnings.catch_warnings():  # that rows in work are given up: after Ctrl-C, as wanted
            warnings.filterwarnings("ignore", module="joblib")
            ended.close()


def measure_again(name: str, key: str, profile: str, work_dir: Path) -> tuple[dict, dict]:
    """Measure one row of a study in a folder of its own; its table and its work folders stay as they are.

    It is measured as in a study of several jobs, in a process of one thread; where it is costs that the study
    measures, in this process.

    Returns:
        the row, as `build_row` gives it, and its source: a dict of versions, commit, device, threads, data.

    Raises:
        ValueError: if there is no such study or row.
        ChildProcessError: if it cannot be measured; the message says why.
    """
    table = Table(name, _study(name), profile, {}, [])
    jobs = 1 if table.study.cost else 2  # with one, joblib starts no process
    if key not in table.grid:
        text = f"expected a row that {name} still measures, got {key}, whose setting is gone"
        raise ValueError(f"{text}. Type `pixvox study {name} --profile {profile} --keep`.")
    with environment(profile, jobs):
        store.forget()
        call = delayed(measure_row)(table.study.run, *table.grid[key], work_dir / key, os.getpid())
        try:
            with _workers(jobs):
                [(_, error)] = Parallel(n_jobs=jobs)([call])
        except BrokenProcessPool as broken:
            error = f"its process {how_it_ended(broken)}"
    if error:
        raise ChildProcessError(f"expected {name} to measure {key}, got {error}")
    return read_measured(work_dir / key)


def read_measured(folder: Path) -> tuple[dict, dict | None]:
    """Read the row of a work folder, and its source; raises if it is not there or broken."""
    measured = parse((folder / MEASURED).read_text(encoding="utf-8"))
    row, source = measured["row"], measured["source"]
    if row["key"] != folder.name or not math.isfinite(row["cpu_seconds"]):
        raise ValueError(f"expected the row {folder.name}, got another")
    return row, None if source is None else {**source, "data": {**source["data"]}}


def _save_measured(table: Table, console) -> None:
    """Save the rows that were measured since the last call, remove their work folders, and show them."""
    taken = take_measured(table)
    if taken:
        save(table)
    for row in taken:
        shutil.rmtree(table.work_dir(row["key"]))
        setting, seed = table.grid[row["key"]]
        measured = {name: value for name, value in row.items() if name not in (*setting, *OWN_NAMES)}
        numbers = [
            f"{name} {value:.4g}" for name, value in measured.items() if isinstance(value, int | float)
        ]
        text = ", ".join([*numbers, f"{row['cpu_seconds']:.0f} CPU s"])
        console.print(f"{_label(setting, seed)}: {text} ({table.progress()})", soft_wrap=True)


def _report(table: Table, failed: dict[str, str], console) -> None:
    """Name the rows that failed, and say what there is and where."""
    for key, error in failed.items():
        console.print(f"{_label(*table.grid[key])} failed: {error}", soft_wrap=True)
    seconds = sum(row["cpu_seconds"] for row in table.rows.values())
    text = f"{table.name}: {table.progress()} rows, {seconds:.0f} CPU s"
    console.print(f"{text}, in {display_path(table.path)}")


def _label(setting: dict, seed: int) -> str:
    """Return for instance "net dense, seed 1"."""
    return ", ".join(f"{name} {value}" for name, value in {**setting, "seed": seed}.items())
