"""The ledger of statements, `data/claims.csv`: what the posts say, and what decides each of them.

A statement has a row for each of its parts; the columns that belong to the whole stand in the first. A part
names what is measured in words, the test (a key of `TESTS`), its direction, the smallest difference
that matters (or the margin of "no difference"), the unit of repetition, the table and the measure that it
reads from it (`measures`), and what was posted. No criterion stands anywhere else.
"""

import csv
import math
from typing import NamedTuple

from pixvox.datasets import store

PROFILES = ("each", "full", "drawn", "any")
UNITS = ("exact", "seeds", "seeds and pictures", "one more training")
TESTS = {  # the directions of each, and the column of numbers that it needs
    "count": (("equal",), "value"),
    "bound": (("at most", "at least"), "value"),
    "difference": (("more", "less"), "smallest"),
    "no difference": (("either",), "smallest"),
    "some difference": (("either",), "smallest"),
    "size": (("equal",), "value"),
    "posted accuracy": (("equal",), "value"),
    "none": (("",), None),
}
COLUMNS = {
    *("id", "post", "lesson", "section", "claim", "posted", "source"),  # of the statement
    *("part", "test", "direction", "smallest", "unit", "table", "measure", "value", "n", "pool", "profiles"),
}
REMEDY = "Type `git diff data/claims.csv`."


class Part(NamedTuple):
    """What decides a statement, or a part of it.

    Attributes:
        text: what is measured, in words.
        test: how it is judged; "none" of what is not measured here.
        direction: "more" or "less" of a difference, "at most" or "at least" of a bound, "equal" or "either".
        smallest: the smallest difference that matters, or a margin; None where the test has none.
        unit: what is repeated, one of `UNITS`; "one more training" of a size that comes from a single run.
        table: a study, or "lesson NAME" for the one run that a lesson's results hold.
        measure: what is read from it, see `measures`.
        values: what was posted, or a bound; numbers.
        decimals: how many decimals the first of them has.
        pictures: of a posted accuracy, on how many pictures they and we measured, where these differ.
        pool: filters of the arms whose spread over seeds is pooled.
        profiles: "each" is judged in both, "full" on the full data only, "any" depends on no data; "drawn"
            can be asked of drawings alone, of which more is known, and their verdict stands in both.
    """

    text: str
    test: str
    direction: str
    smallest: float | None
    unit: str
    table: str
    measure: str
    values: tuple[float, ...]
    decimals: int
    pictures: tuple[int, ...]
    pool: tuple[str, ...]
    profiles: str


class Statement(NamedTuple):
    """What a post states. `lesson` and `section` say where the course takes it up."""

    id: str
    post: str
    lesson: str
    section: str
    text: str
    posted: str
    source: str
    parts: tuple[Part, ...]


def load_claims(*, post=None, lesson=None):
    """Read the ledger.

    Args:
        post, lesson: only the statements of this post ("P4") or lesson ("01_mnist").

    Returns:
        dict from id to `Statement`, in the ledger's order.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: if it is no such table, or a row cannot be read; the message names it.
    """
    claims = {}
    for number, row in _read_rows(store.ROOT / "data" / "claims.csv"):
        try:
            known = _statement(row) if row["post"] or row["id"] not in claims else claims[row["id"]]
            if row["post"] and row["id"] in claims:
                raise ValueError(f"{row['id']} has a post again, though this is not its first part")
            claims[row["id"]] = known._replace(parts=(*known.parts, _part(row)))
        except ValueError as error:
            text = f"expected a part of a statement in line {number} of data/claims.csv"
            raise ValueError(f"{text}: {_one_line(str(error))}. {REMEDY}") from error
    return {
        key: claim
        for key, claim in claims.items()
        if post in (None, claim.post) and lesson in (None, claim.lesson)
    }


def _read_rows(path):
    """Return (line, row) for each row of the ledger; spreadsheets put a mark in front, which is left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns, rows = set(reader.fieldnames or ()), [(reader.line_num, row) for row in reader]
    except FileNotFoundError as error:
        raise FileNotFoundError(
            "expected the ledger data/claims.csv, it is not there. "
            "Type `git checkout HEAD -- data/claims.csv`."
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"expected data/claims.csv in UTF-8, with commas, got: {error}. {REMEDY}") from error
    if columns != COLUMNS or not rows:
        text = f"expected rows with {len(COLUMNS)} columns, with commas between, in data/claims.csv"
        odd = _one_line(", ".join(sorted(columns - COLUMNS))) or "none"
        lacking = ", ".join(sorted(COLUMNS - columns)) or "none"
        raise ValueError(
            f"{text}, got {len(rows)} rows; columns lacking: {lacking}; unknown: {odd}. {REMEDY}"
        )
    return rows


def _one_line(text):
    """Return the beginning of a text that may hold what stands in the file, control characters escaped."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[:200])


def _statement(row):
    """Return the statement that a row begins, without its parts."""
    if not row["post"]:
        raise ValueError(f"{row['id']} has no post, though this is its first part")
    keys = ("id", "post", "lesson", "section", "claim", "posted", "source")
    return Statement(*[row[key] for key in keys], ())


def _part(row):
    """Return the part that stands in a row."""
    _check(row)
    values = row["value"].split(";") if row["value"] else []
    return Part(
        text=row["part"],
        test=row["test"],
        direction=row["direction"],
        smallest=_number(row["smallest"]) if row["smallest"] else None,
        unit=row["unit"],
        table=row["table"],
        measure=row["measure"],
        values=tuple(map(_number, values)),
        decimals=len(values[0].partition(".")[2]) if values else 0,
        pictures=tuple(map(_count, row["n"].split(";"))) if row["n"] else (),
        pool=tuple(row["pool"][1:-1].split("][")) if row["pool"] else (),
        profiles=row["profiles"],
    )


def _check(row):
    """Raise ValueError if a row has too few or too many cells, or a word or number that its test lacks."""
    if None in row or None in row.values():
        raise ValueError(f"expected {len(COLUMNS)} cells")
    measured = row["test"] != "none"
    directions, needed = TESTS.get(row["test"], ((), None))
    known = {"test": TESTS, "direction": directions, "profiles": PROFILES}
    for column, words in (known | ({"unit": UNITS} if measured else {})).items():
        if row[column] not in words:
            raise ValueError(f"{column} is {row[column]!r}, expected one of {', '.join(words)}")
    for column in ("table", "measure", needed) if measured else ():
        if not row[column]:
            raise ValueError(f"{column} is empty, which {row['test']!r} needs")
    if row["n"] and row["n"].count(";") != 1:
        raise ValueError(f"n is {row['n']!r}, expected two numbers such as 1000;2000")
    if row["pool"] and not (row["pool"][0] == "[" and row["pool"][-1] == "]"):
        raise ValueError(f"pool is {row['pool']!r}, expected arms such as [network=a][network=b]")


def _number(text):
    """Return a finite number."""
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{text} is no number")
    return number


def _count(text):
    """Return a number of pictures."""
    if (count := int(text)) < 1:
        raise ValueError(f"n is {text}, expected one picture or more")
    return count
