"""Is a committed table still true? A row of it that was measured again is compared with it.

On the same kind of machine, which is one of the same versions, device and number of threads, a row comes out
as it was. Elsewhere, and where nobody wrote down the threads, sums are rounded otherwise, and a training may
end where another seed's would; there a number must lie where one more seed's would lie. Costs, which are the
columns named seconds, are never compared.
"""

import math
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import NamedTuple

from scipy.special import stdtrit

from pixvox_studies.row import OWN_NAMES

PRECISION = 1e-6  # of floats that are equal, absolute and relative
FLOOR = 0.01  # how far a number may lie from its arm's mean however alike the seeds are; test sets have > 100
FEWEST = 3  # seeds that have a spread
ALARM = 0.001  # share of true rows that may be called false: every night looks at a row of each table
KIND = ("versions", "device", "threads")  # what makes machines of one kind


class Difference(NamedTuple):
    """A column that differs, at its first place; `allowed` is how far apart the two may be."""

    column: str
    committed: object
    now: object
    allowed: float


class Comparison(NamedTuple):
    """By which rule which columns were compared, and those of them that differ."""

    rule: str
    columns: list[str]
    differences: list[Difference]


def choose_row(rows: Sequence[dict], part: str | None, *, day: int) -> dict:
    """Return the row of a day, or the one whose key is `part` or has it in it.

    Args:
        rows: of a table, in its order; each day has the next one.
        part: None takes the day's.
        day: a whole number, such as the days since 1970.

    Raises:
        ValueError: if no row or several have the part in their keys, or there are no rows.
    """
    if not rows:
        raise ValueError("expected a table with rows, got none. Type `git diff data`.")
    if part is None:
        return rows[day % len(rows)]
    keys = [row["key"] for row in rows]
    found = [part] if part in keys else [key for key in keys if part and part in key]
    if len(found) != 1:
        few = ", ".join((found or keys)[:5])
        text = (
            f"expected the key of one row or a part of it, got {part!r}, in {len(found) or 'no'} keys ({few})"
        )
        raise ValueError(f"{text}. Type for instance `--row {few.partition(',')[0]}`.")
    return rows[keys.index(found[0])]


def find_source(document: dict, row: dict) -> dict | None:
    """Return what measured a row of a table; None where the table does not say."""
    return None if row["source"] is None else document["sources"][row["source"]]


def find_changes(then: dict | None, now: dict) -> dict[str, tuple]:
    """Return what differs of two sources, each version by itself: {"keras": ("3.14", "3.15")}.

    Of the data those files count that both have read. A source that is None differs in its device.
    """
    if then is None:
        return {"device": ("unknown", now["device"])}
    flat = [
        {**source["versions"], "device": source["device"], "threads": source.get("threads", "unknown")}
        for source in (then, now)
    ]
    changes = {name: tuple(one.get(name, "none") for one in flat) for name in {**flat[0], **flat[1]}}
    changes["commit"] = then["commit"], now["commit"]
    changes |= {f: (then["data"][f][:12], now["data"][f][:12]) for f in then["data"] if f in now["data"]}
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}


def compare_row(document: dict, row: dict, again: dict, source: dict) -> Comparison:
    """Compare a row with what was measured again.

    Args:
        document: the table, as `pixvox.tables.read` gives it.
        row: one of its rows.
        again, source: the row of now and its source, as `pixvox_studies.frame.measure_again` returns them.
    """
    then = find_source(document, row)
    if then and all(then.get(name) == source[name] for name in KIND):
        return _compare_exactly(row, again)
    setting = {name: row[name] for name in list(row)[1 : list(row).index("seed")]}
    arm = [other for other in document["rows"] if setting.items() <= other.items()]
    return _compare_by_spread(row, arm, again)


def costs(row: dict) -> dict:
    """Return the columns of seconds of a row."""
    return {name: value for name, value in row.items() if "seconds" in name}


def measured(row: dict) -> dict:
    """Return what was measured in a row, but what it cost."""
    names = list(row)[list(row).index("seed") + 1 :]
    return {name: row[name] for name in names if name not in OWN_NAMES and name not in costs(row)}


def _compare_exactly(row: dict, again: dict) -> Comparison:
    """Compare every measured column: numbers, lists of any depth and packed answers."""
    committed, now, differences = measured(row), measured(again), []
    for name, value in committed.items():
        place = _first_difference(name, value, now[name]) if name in now else (name, value, "nothing")
        differences += [Difference(*place, PRECISION)] if place else []
    return Comparison("equal", list(committed), differences)


def _first_difference(place: str, committed, now) -> tuple | None:
    """Return the first place where two values differ, and both there: ("curve[2]", .5, .6)."""
    if isinstance(committed, list) and isinstance(now, list) and len(committed) == len(now):
        pairs = enumerate(zip(committed, now, strict=True))
        found = (_first_difference(f"{place}[{index}]", *pair) for index, pair in pairs)
        return next((difference for difference in found if difference), None)
    numbers = isinstance(committed, int | float) and isinstance(now, int | float)
    if numbers and isinstance(committed + now, float):
        same = math.isclose(committed, now, rel_tol=PRECISION, abs_tol=PRECISION)
    else:
        same = committed == now
    return None if same else (place, committed, now)


def _compare_by_spread(row: dict, arm: list[dict], again: dict) -> Comparison:
    """Compare numbers, and lists by their last, with an arm's: inside prediction intervals, or near.

    The intervals are those of the other seeds, if these are enough, and so wide that `ALARM` of all rows have
    a column outside. A committed number that lies outside differs, too, where the one of now lies inside.

    Source: the interval for one more value of a normal distribution, G. J. Hahn (1969), Journal of the
    American Statistical Association 64.
    """
    others = [other for other in arm if other["seed"] != row["seed"]]
    seeds = others if len(others) >= FEWEST else arm
    if len(seeds) < FEWEST:
        return Comparison("too few seeds", [], [])
    known = {name: [_last_number(other.get(name)) for other in seeds] for name in measured(row)}
    columns = [name for name, values in known.items() if None not in values]  # no packed answers
    differences = []
    for name in columns:
        mean, allowed = _interval(known[name], ALARM / len(columns))
        now, then = _last_number(again.get(name)), _last_number(row.get(name))
        if now is None or abs(now - mean) > allowed:
            differences.append(Difference(name, mean, now, allowed))
        elif seeds is others and abs(then - mean) > allowed:
            differences.append(Difference(name, then, now, allowed))
    return Comparison("spread", columns, differences)


def _interval(values: list[float], alarm: float) -> tuple[float, float]:
    """Return the mean, and how far one more value may lie from it, but for this share of all."""
    student = stdtrit(len(values) - 1, 1 - alarm / 2)
    return fmean(values), max(float(student * stdev(values) * math.sqrt(1 + 1 / len(values))), FLOOR)


def _last_number(value) -> float | None:
    """Return a number, or the last of a list of any depth; None where that is none."""
    while isinstance(value, list):
        value = value[-1] if value else None
    return value if isinstance(value, int | float) else None
