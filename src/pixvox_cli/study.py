"""Does `pixvox study`: lists the studies, measures one or all, or measures a row again and compares it."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.table import Table as Listing

from pixvox.datasets import store
from pixvox.tables import display_path, kept_path, read
from pixvox_cli import places
from pixvox_cli.console import make_console
from pixvox_studies import frame, verifying

RULES = {
    "equal": "equal to the committed row, floats to 1e-6",
    "spread": "where one more seed would lie (all but a thousandth), or within .01 of the seeds' mean",
}
DAY = 86_400  # seconds


def study(
    name: str | None, *, every: bool, profile: str | None, verify: bool, row: str | None, **measuring
) -> int:
    """List the studies, measure the missing rows of one or of every one, or verify; return the exit status.

    Args:
        name: a key of `frame.STUDIES`; None lists them, unless `every` is set.
        every: measure all that the profile has, the cheapest first.
        profile: as in `frame.run_study`.
        verify: measure one row of the committed table again instead, and compare it; of `every` table, one.
        row: the key of that row or a part of it; None takes the day's.
        measuring: jobs, scheduler and keep, as in `frame.run_study`; of `every` study those of costs are
            measured here, one row at a time.

    Raises:
        ValueError: for words that do not go together, or as `frame.run_study` and `_verify`.
        OSError: if the folder of the tables cannot be written, or with `keep` that of what is kept.
    """
    if every and name:
        raise ValueError("expected a study or --all, got both. Type `pixvox study --all`.")
    if row is not None and (every or not verify):
        raise ValueError("expected --row beside a study and --verify. Type `pixvox study --help`.")
    if verify:
        return _verify_what(name, every=every, profile=store.profile(profile), part=row, **measuring)
    if not every and name is None:
        return frame.list_studies(profile=profile, make_console=make_console)
    if measuring["scheduler"] and measuring["jobs"] != 1:
        text = "expected --jobs or --scheduler, got both"
        raise ValueError(
            f"{text}. Type `pixvox study {name or '--all'} --scheduler {measuring['scheduler']}`."
        )
    _check_places(name, store.profile(profile), **measuring)
    if every:
        return _study_all(profile, **measuring)
    return frame.run_study(name, profile=profile, make_console=make_console, **measuring)


def _check_places(name: str | None, profile: str, jobs: int, scheduler: str | None, keep: bool) -> None:
    """Raise OSError if tables cannot be written where they belong; ValueError as `frame.run_study`."""
    if name:
        frame.check_call(name, profile, jobs, scheduler)
    command = frame.command_of(name or "--all", profile, jobs, scheduler, keep)
    places.check_build(store.build_dir(profile) / "studies", command)
    if keep:
        places.check_kept([kept_path("any", profile).parent])


def _study_all(profile: str | None, jobs: int, scheduler: str | None, keep: bool) -> int:
    """Measure each study; return the worst exit status."""
    names = frame.cheapest_first(profile)
    frame.list_studies(names, profile=profile, make_console=make_console)
    chosen = ["--scheduler", scheduler] if scheduler else ["--jobs", str(jobs)]
    words = {name: ["--jobs", "1"] if frame.STUDIES[name].cost else chosen for name in names}
    return _in_processes({name: [*given, *["--keep"] * keep] for name, given in words.items()}, profile)


def _verify_what(name: str | None, *, every: bool, profile: str, part: str | None, **measuring) -> int:
    """Verify a row of one study, or of each that has a committed table; return the worst exit status."""
    if measuring != {"jobs": 1, "scheduler": None, "keep": False}:
        text = (
            "expected --verify without --jobs, --scheduler and --keep: it measures one row and keeps nothing."
        )
        raise ValueError(f"{text} Type `pixvox study {name or '--all'} --verify`.")
    if not every:
        if name is None:
            raise ValueError("expected a study to verify, got none. Type `pixvox study --all --verify`.")
        return _verify(name, profile, part)
    names = [known for known in frame.STUDIES if kept_path(known, profile).is_file()]
    if not names:
        raise ValueError(f"expected committed tables of the profile {profile}, there are none.")
    return _in_processes({known: ["--verify"] for known in names}, profile)


def _in_processes(words: dict[str, list[str]], profile: str | None) -> int:
    """Call each study in a process of its own, which loads its data and no other's; return the worst."""
    worst = 0
    for name, given in words.items():
        given = [*given, *(["--profile", profile] if profile else [])]
        sys.stdout.flush()
        with subprocess.Popen([sys.executable, "-m", "pixvox_cli.main", "study", name, *given]) as running:
            try:
                worst = max(worst, abs(running.wait()))
            except KeyboardInterrupt:  # the study hears it too, and says how to go on
                running.wait()
                return 130
    return worst


def _verify(name: str, profile: str, part: str | None) -> int:
    """Measure a row of a committed table again; return 0 if it is as it was or nobody can tell, 1 if not.

    Raises:
        FileNotFoundError: if no table of the study was kept.
        ValueError, ChildProcessError: as `frame.measure_again`, or if no row or several are meant.
    """
    frame.check_call(name, profile)
    console, path = make_console(), kept_path(name, profile)
    if not path.is_file():
        text = f"expected the table of the study {name} in {display_path(path)}, it is not there"
        raise FileNotFoundError(f"{text}. Type `pixvox study {name} --profile {profile} --keep`.")
    document = read(path)
    row = verifying.choose_row(document["rows"], part, day=int(time.time() // DAY))
    place = f"{document['rows'].index(row) + 1} of {len(document['rows'])}"
    console.print(f"{name}: measuring {row['key']} again, row {place}", soft_wrap=True)
    with tempfile.TemporaryDirectory() as folder:
        again, source = frame.measure_again(name, row["key"], profile, Path(folder))
    compared = verifying.compare_row(document, row, again, source)
    changes = verifying.find_changes(verifying.find_source(document, row), source)
    _show(console, "since then: ", {what: f"{then} -> {now}" for what, (then, now) in changes.items()})
    _show_seconds(console, row, again)
    return _judge(console, name, compared, row, again)


def _show_seconds(console, row: dict, again: dict) -> None:
    """Print what the row cost then and now, which is not compared."""
    then, now = verifying.costs(row), verifying.costs(again)
    pairs = {what: f"{_text(value)} -> {_text(now.get(what))}" for what, value in then.items()}
    _show(console, "not compared: ", pairs)


def _judge(console, name: str, compared: verifying.Comparison, row: dict, again: dict) -> int:
    """Print what was compared and how, or what differs; return 0 or 1."""
    columns = ", ".join(compared.columns)
    if compared.differences:
        listing = Listing("column", "committed", "now", "at most apart", title=f"{name}: differs")
        for column, committed, now, allowed in compared.differences:
            listing.add_row(column, _text(committed), _text(now), f"{allowed:.4g}")
        listing.caption = f"expected {RULES[compared.rule]}; compared: {columns}"
        console.print(listing)
        return 1
    if compared.rule not in RULES:
        then, now = verifying.measured(row), verifying.measured(again)
        pairs = {what: f"{_text(value)} -> {_text(now.get(what))}" for what, value in then.items()}
        _show(console, f"{name}: not judged, its arm has too few seeds: ", pairs)
        return 0
    if columns:
        console.print(f"{name}: true. {columns}: {RULES[compared.rule]}", soft_wrap=True)
    else:
        console.print(f"{name}: nothing but costs, which are not judged")
    return 0


def _show(console, head: str, pairs: dict[str, str]) -> None:
    """Print a line of names and values, if there are any."""
    if pairs:
        console.print(head + ", ".join(f"{what} {text}" for what, text in pairs.items()), soft_wrap=True)


def _text(value) -> str:
    """Return a value as it is shown: numbers to seven digits, of lists the last, the beginning of texts."""
    if isinstance(value, list):
        return f"..., {_text(value[-1])}" if value else "[]"
    return f"{value:.7g}" if isinstance(value, int | float) else str(value)[:16]
