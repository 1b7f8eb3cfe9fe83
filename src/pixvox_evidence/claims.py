"""The ledger of statements, `data/claims.csv`: what the posts say, and what decides each of them.

A statement has a row for each of its parts; the columns that belong to the whole stand in the first. A part
names what is measured in words, the test (a key of `judging.TESTS`), its direction, the smallest difference
that matters (or the margin of "no difference"), the unit of repetition, the table and the measure that it
reads from it (`measures`), and what was posted. No criterion stands anywhere else.
"""

import csv
from typing import NamedTuple

from pixvox.datasets import store

PROFILES = ("each", "full", "any")
UNITS = ("exact", "seeds", "seeds and pictures", "one more training")


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
        profiles: "each" is judged in both, "full" on the full data only, "any" depends on no data.
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
        ValueError: if a row cannot be read; the message names it.
    """
    with (store.ROOT / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    claims = {}
    for number, row in enumerate(rows, 2):
        try:
            known = claims.get(row["id"]) or _statement(row)
            claims[row["id"]] = known._replace(parts=(*known.parts, _part(row)))
        except (ValueError, KeyError) as error:
            raise ValueError(
                f"expected a part of a statement in line {number} of claims.csv: {error}"
            ) from error
    return {
        key: claim
        for key, claim in claims.items()
        if post in (None, claim.post) and lesson in (None, claim.lesson)
    }


def _statement(row):
    """Return the statement that a row begins, without its parts."""
    if not row["post"]:
        raise ValueError(f"{row['id']} has no post, though this is its first part")
    keys = ("id", "post", "lesson", "section", "claim", "posted", "source")
    return Statement(*[row[key] for key in keys], ())


def _part(row):
    """Return the part that stands in a row."""
    if row["profiles"] not in PROFILES:
        raise ValueError(f"profiles is {row['profiles']!r}, expected one of {', '.join(PROFILES)}")
    values = row["value"].split(";") if row["value"] else []
    return Part(
        text=row["part"],
        test=row["test"],
        direction=row["direction"],
        smallest=float(row["smallest"]) if row["smallest"] else None,
        unit=row["unit"],
        table=row["table"],
        measure=row["measure"],
        values=tuple(float(value) for value in values),
        decimals=len(values[0].partition(".")[2]) if values else 0,
        pictures=tuple(int(count) for count in row["n"].split(";")) if row["n"] else (),
        pool=tuple(row["pool"][1:-1].split("][")) if row["pool"] else (),
        profiles=row["profiles"],
    )
