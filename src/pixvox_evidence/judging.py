"""From a statement to its verdict: the ledger's criteria, applied to the committed tables of a profile."""

from statistics import fmean
from typing import NamedTuple

from pixvox import tables
from pixvox_evidence import measures, verdicts
from pixvox_evidence.claims import TESTS
from pixvox_evidence.verdicts import NOT_MEASURED, NOT_SETTLED
from pixvox_studies.frame import STUDIES

SWAPPED = {verdicts.HOLDS: verdicts.FAILS, verdicts.FAILS: verdicts.HOLDS}


class Judgement(NamedTuple):
    """What became of a part of a statement in a profile.

    Attributes:
        verdict: `HOLDS`, `FAILS`, `NOT_SETTLED` or `NOT_MEASURED` of `verdicts`; of a count also `IN_PART`.
        values: what was measured; a mean over seeds, or the numbers of a count.
        half: half the width of the 95 % interval; None where there is none.
        runs: how many seeds are behind it.
        needed: of what is not settled, the seeds that would settle it (inf: none would); None if unknown.
        pictures: where no seeds would, the pictures that would.
    """

    verdict: str
    values: tuple[float, ...] = ()
    half: float | None = None
    runs: int = 0
    needed: float | None = None
    pictures: float | None = None


def load_rows(name, profile):
    """Return the rows of a committed table.

    Args:
        name: a study, or "lesson NAME": the claims that its results hold, as one row with the columns
            "P1.6.0", "P1.6.1" and so on, and seed 0.
        profile: "sample" or "full".

    Returns:
        list of dicts, or None where there is no such table.

    Raises:
        ValueError: if there is no such study, or a table or results cannot be read.
    """
    if name.startswith("lesson "):
        results = tables.load_results(name.removeprefix("lesson "), profile)
        if results is None:
            return None
        kept = {
            key: record["values"] for key, record in results.get("claims", {}).items() if record["values"]
        }
        numbers = {f"{key}.{place}": x for key, values in kept.items() for place, x in enumerate(values)}
        return [{"seed": 0, **numbers}]
    if name not in STUDIES:
        raise ValueError(
            f"expected a study as the table in data/claims.csv, got {name!r}. Type `pixvox study`."
        )
    path = tables.kept_path(name, profile)
    return tables.read(path)["rows"] if path.is_file() else None


def judge_part(part, profile, load=load_rows):
    """Judge a part of a statement.

    Args:
        part: a `claims.Part`.
        profile: "sample" or "full".
        load: as `load_rows`.

    Raises:
        ValueError: if the ledger asks for what no rule knows, or for what the table does not hold.
    """
    if part.test not in TESTS:
        raise ValueError(f"expected a test among {', '.join(TESTS)}, got {part.test!r}")
    if part.test == "none" or (part.profiles == "full" and profile == "sample"):
        return Judgement(NOT_MEASURED)
    where = "sample" if part.profiles in ("any", "drawn") else profile
    names = {None, *(term.table for term in measures.parse(part.measure))}
    loaded = {name: load(name or part.table, where) for name in names}
    try:
        return _judge_rows(part, loaded.get)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        text = f"expected {part.measure} in the table {part.table} ({where}), got: {error}"
        name = part.table.removeprefix("lesson ")
        command = f"pixvox {'study' if name == part.table else 'run'} {name} --profile {where} --keep"
        raise ValueError(f"{text}. Correct data/claims.csv, or type `{command}`.") from error


def _judge_rows(part, rows_of):
    """Judge a part by its table's rows."""
    numbers = measures.by_seed(part.measure, rows_of)
    if numbers is None:
        return Judgement(NOT_MEASURED)
    if part.test in ("count", "bound"):
        return _judge_exact(part, next(iter(numbers.values())))
    series = list(numbers.values())
    if len(series) < verdicts.FEWEST:
        return Judgement(NOT_SETTLED, (fmean(series),), None, len(series), _hopeless(part, fmean(series)))
    found = _judge_series(part, series, rows_of)
    return Judgement(found.verdict, (found.value,), found.half, len(series), *found[3:])


def _hopeless(part, value):
    """Return inf where the choice of pictures alone keeps a posted figure from being confirmed, else None."""
    if part.test != "posted accuracy" or not part.pictures:
        return None
    chance = verdicts.picture_chance(value, part.pictures)
    return float("inf") if chance > verdicts.posted_limit(part.values[0]) else None


def _judge_exact(part, values):
    """Judge numbers that no chance is in."""
    if part.test == "count":
        return Judgement(verdicts.judge_count(part.values, values), tuple(values), None, 1)
    verdict = verdicts.judge_bound(values[0], part.values[0], at_most=part.direction == "at most")
    return Judgement(verdict, tuple(values), None, 1)


def _judge_series(part, series, rows_of):
    """Judge numbers of several seeds; return a `verdicts.Finding`."""
    if part.test == "posted accuracy":
        spreads = [measures.spread(part.measure, arms, rows_of) for arms in (part.pool, ())]
        known = {"pictures": part.pictures or None, "rounding": 0.5 * 10**-part.decimals}
        found = [
            verdicts.judge_posted(part.values[0], series, spread=s, freedom=f, **known)
            for s, f in spreads
            if f
        ]
        return max(found, key=lambda finding: finding.half)  # an arm may vary more than those like it
    if part.test == "size":
        return verdicts.judge_size(series, part.values[0], one_more=part.unit == "one more training")
    right = measures.by_picture(part.measure, rows_of) if "pictures" in part.unit else None
    if part.test == "difference":
        sign = -1 if part.direction == "less" else 1
        right = None if right is None else sign * right
        found = verdicts.judge_difference([sign * x for x in series], delta=part.smallest, right=right)
        return found._replace(value=sign * found.value)
    found = verdicts.judge_no_difference(series, margin=part.smallest, right=right)
    swap = SWAPPED if part.test == "some difference" else {}
    return found._replace(verdict=swap.get(found.verdict, found.verdict))


def judge(statement, profile, load=load_rows):
    """Judge a statement by its parts.

    Returns:
        (verdict, list of a `Judgement` a part).
    """
    found = [judge_part(part, profile, load) for part in statement.parts]
    return verdicts.combine([judgement.verdict for judgement in found]), found


def summary(statement, load=load_rows):
    """Return the verdict that stands for a statement, and what the sample's was measured on.

    Returns:
        (verdict, mark): the full profile's and ""; where that is not measured, the sample's and "on drawings"
        or "on small digits".
    """
    verdict, _ = judge(statement, "full", load)
    if verdict != NOT_MEASURED and any(part.profiles != "drawn" for part in statement.parts):
        return verdict, ""
    verdict, found = judge(statement, "sample", load)
    marks = {mark(part) for part, judged in zip(statement.parts, found, strict=True) if judged.runs}
    return verdict, ", ".join(sorted(marks - {""}))


def mark(part):
    """Say what a part was measured on in the sample; "" where that does not matter."""
    if part.profiles == "any":
        return ""
    if part.table == "one_pixel":
        return "on small digits and drawings"
    digits = part.table.startswith(("mnist", "voxel")) and part.table != "voxel_solids"
    return "on small digits" if digits else "on drawings"
