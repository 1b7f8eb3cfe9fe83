"""What the ledger reads from a table: sums of columns of chosen rows, a number a seed.

A measure is a chain of terms with " + ", " - " or " / " between them, from left to right. A term is a column,
the rows in brackets, and after "@" a study if it is another than the part's:

    test_accuracy[network=convnet] - test_accuracy[network=dense]
    last ten of epoch_val[augmentation=True; dropout=False]
    test_accuracy[recipe=3D] - test_accuracy[network=3D]@voxel_posted

"last ten of" and the like (`REDUCERS`) make one number of a list; a number stands for itself.
"""

import re
from typing import NamedTuple

import numpy as np

from pixvox import compare

REDUCERS = {
    "first": lambda series: series[0],
    "second": lambda series: series[1],
    "third": lambda series: series[2],
    "last": lambda series: series[-1],
    "first ten": lambda series: float(np.mean(series[:10])),
    "last ten": lambda series: float(np.mean(series[-10:])),
    "jumps": lambda series: float(np.mean(np.abs(np.diff(series[len(series) // 2 :])))),  # second half
}
TERM = re.compile(
    r"(?:(?P<reducer>[a-z ]+) of )?(?P<column>[^\[\]@]+)(?:\[(?P<rows>.*)\])?(?:@(?P<table>\w+))?"
)


class Term(NamedTuple):
    """A part of a measure; `sign` is "+", "-" or "/"."""

    sign: str
    reducer: str | None
    column: str
    rows: str
    table: str | None


def parse(measure):
    """Split a measure into its terms.

    Raises:
        ValueError: if it is none.
    """
    pieces = re.split(r" ([-+/]) (?![^\[]*\])", measure)
    matches = [TERM.fullmatch(piece) for piece in pieces[::2]]
    if not all(matches) or any(match["reducer"] not in (None, *REDUCERS) for match in matches):
        raise ValueError(f"expected a measure such as 'accuracy[arm=a] - accuracy[arm=b]', got {measure!r}")
    signs = ["+", *pieces[1::2]]
    return [
        Term(sign, match["reducer"], match["column"], match["rows"] or "", match["table"])
        for sign, match in zip(signs, matches, strict=True)
    ]


def by_seed(measure, load):
    """Evaluate a measure.

    Args:
        measure: text, see above.
        load: a function from a study's name, or None for the part's own, to its rows or None.

    Returns:
        dict from seed to number, or list of numbers, for the seeds that all terms have; None where a table or
        a number in it is missing.

    Raises:
        ValueError: if the measure is none, fits a seed's rows more than once, or asks for a column or an arm
            that is not in the table.
    """
    terms = [(term, _numbers(term, load)) for term in parse(measure)]
    if any(found is None for _, found in terms):
        return None
    known = [set(found) for _, found in terms if isinstance(found, dict)]
    if not known:
        raise ValueError(f"expected a measure that reads a column, got {measure!r}")
    total = {}
    for seed in sorted(set.intersection(*known)):
        for term, found in terms:
            number = found[seed] if isinstance(found, dict) else found
            total[seed] = _joined(term.sign, total.get(seed), number)
    return total or None


def _joined(sign, before, number):
    """Return a sum with one more term; the first stands for itself."""
    if before is None:
        return number
    return before / number if sign == "/" else before + (number if sign == "+" else -number)


def _numbers(term, load):
    """Return a term's number by seed, a plain number for a constant, None for what is not measured."""
    if re.fullmatch(r"[0-9.]+", term.column):
        return float(term.column)
    rows = load(term.table)
    if rows is None:
        return None
    chosen = select(rows, term.rows)
    if chosen and re.fullmatch(r"P[0-9]\.[0-9]+\.[0-9]+", term.column) and term.column not in chosen[0]:
        return None  # a lesson did not keep it in this profile
    if not chosen or any(term.column not in row for row in chosen):
        raise ValueError(f"no {term.column}[{term.rows}] in the table")
    numbers = {row["seed"]: row[term.column] for row in chosen}
    if len(numbers) < len(chosen):
        raise ValueError(f"expected one row a seed for [{term.rows}], got {len(chosen)}")
    reduce = REDUCERS.get(term.reducer, lambda number: number)
    return {seed: reduce(number) for seed, number in numbers.items() if number is not None} or None


def select(rows, wanted):
    """Return the rows that "column=value; column=value" describes; all for an empty text."""
    pairs = [pair.partition("=")[::2] for pair in wanted.split("; ")] if wanted else []
    return [row for row in rows if all(str(row.get(column)) == value for column, value in pairs)]


def by_picture(measure, load):
    """Return for each test picture the share of seeds that are right, first term minus second.

    Returns:
        (n,) floats of -1..1; answers are packed by eight, so that up to seven at the end may be empty.

    Raises:
        ValueError: if the measure is no difference of two shares of one kind whose answers were kept:
            test_accuracy, whose are in test_right, or another column NAME, whose are in NAME_right.
    """
    terms = parse(measure)
    columns = {term.column for term in terms}
    if [term.sign for term in terms] != ["+", "-"] or len(columns) > 1:
        raise ValueError(f"expected a difference of two test accuracies, or the like, got {measure!r}")
    kept = f"{columns.pop().replace('test_accuracy', 'test')}_right"
    first, second = (_share_right(select(load(term.table), term.rows), kept) for term in terms)
    return first - second


def _share_right(rows, kept):
    """Return for each picture the share of rows that are right."""
    if any(kept not in row for row in rows):
        raise ValueError(f"expected rows that keep which pictures were right ({kept})")
    if len({len(row[kept]) for row in rows}) > 1:
        raise ValueError(f"expected rows that were tested on the same pictures ({kept})")
    return np.mean([compare.unpack_answers(row[kept], 4 * len(row[kept])) for row in rows], axis=0)


def spread(measure, arms, load):
    """Pool the standard deviation over seeds of a measure of one term, over several arms.

    Args:
        measure: one term.
        arms: texts such as "network=dense"; none for the term's own rows.
        load: as for `by_seed`.

    Returns:
        (standard deviation, degrees of freedom); (nan, 0) where no arm has two seeds.
    """
    (term,) = parse(measure)
    prefix = f"{term.reducer} of " if term.reducer else ""
    suffix = f"@{term.table}" if term.table else ""
    found = [by_seed(f"{prefix}{term.column}[{arm}]{suffix}", load) for arm in arms or (term.rows,)]
    several = [list(numbers.values()) for numbers in found if numbers and len(numbers) > 1]
    freedom = sum(len(numbers) - 1 for numbers in several)
    squares = sum(np.var(numbers, ddof=1) * (len(numbers) - 1) for numbers in several)
    return (float(np.sqrt(squares / freedom)), freedom) if freedom else (float("nan"), 0)
