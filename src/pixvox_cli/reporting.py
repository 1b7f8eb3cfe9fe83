"""What `pixvox run` says about lessons that ended: a line, the failing cell, the closing table."""

import textwrap

from rich.table import Table

from pixvox_cli.execution import Failure

SHOWN_LINES = 20  # of a long error
WIDTH = 60  # of an error in the table; it stands in full above it
COUNTED = ("holds", "holds in part", "does not hold")


def describe_failure(failure: Failure) -> str:
    """Return the failing cell with an arrow at its line, then the error."""
    lines = []
    if failure.cell:
        lines.append(f"  cell [{failure.cell}]")
        for number, text in enumerate(failure.source.splitlines(), start=1):
            lines.append(f"  {'>' if number == failure.line else ' '} {text}")
    error = failure.error.splitlines()
    lines += [f"  {text}" for text in error[:SHOWN_LINES]]
    if len(error) > SHOWN_LINES:
        lines.append(f"  ({len(error) - SHOWN_LINES} more lines)")
    return "\n".join(lines)


def headline(outcome) -> str:
    """Return a lesson's headline numbers in a line, or what became of it."""
    if outcome.failure:
        if outcome.failure.cell:
            return f"failed in cell [{outcome.failure.cell}]: {outcome.failure.error.split(':')[0]}"
        return textwrap.shorten(f"failed: {outcome.failure.error}", WIDTH, placeholder=" ...")
    if outcome.lesson.results is None:
        return "ran without error"
    if outcome.results is None:
        return "ran without error, but wrote no results: its last cell should call lesson.finish"
    numbers = outcome.results.get("headline", {})
    return ", ".join(f"{name} {_short(value)}" for name, value in numbers.items()) or "ran without error"


def _short(value) -> str:
    """Return a number with four digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def results_table(outcomes) -> Table:
    """Return the closing table: lesson, seconds, headline result, claims by verdict."""
    table = Table("lesson", title="What the lessons found", title_justify="left")
    table.add_column("seconds", justify="right")
    table.add_column("result", overflow="fold")
    for title in ("claims hold", "in part", "do not", "all"):
        table.add_column(title, justify="right")
    for outcome in outcomes:
        claims = (outcome.results or {}).get("claims", {}).values()
        verdicts = [claim["verdict"] for claim in claims]
        counts = [str(verdicts.count(verdict)) for verdict in COUNTED] + [str(len(verdicts))]
        cells = counts if outcome.results else ["-"] * 4
        style = "red" if outcome.failure else None
        table.add_row(outcome.lesson.name, f"{outcome.seconds:.0f}", headline(outcome), *cells, style=style)
    return table


def how_to_go_on(lessons, outcomes, options, jobs: int) -> str:
    """Say after Ctrl-C what is finished and what to type for the rest."""
    ended = [outcome.lesson for outcome in outcomes]
    good = [outcome.lesson.name for outcome in outcomes if not outcome.failure]
    rest = sorted({f"{lesson.number:02d}" for lesson in lessons if lesson not in ended})
    command = ["pixvox run", *rest, f"--profile {options.profile}"]
    command += [f"--jobs {jobs}"] if jobs > 1 else []
    command += [f"--seed {options.seed}"] if options.seed is not None else []
    command += ["--keep"] if options.keep else []
    finished = ", ".join(good) or "no notebook"
    return f"pixvox: interrupted. Finished: {finished}. To go on, type `{' '.join(command)}`."
