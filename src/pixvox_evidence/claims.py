"""The ledger of claims: what a post states, what a lesson measured, and the verdict.

`data/claims.csv` has a row a claim. Its columns `value_1` to `value_5` hold the posted numbers, and
`labels` names the numbers, posted and measured, where there are several ("validation;test").
"""

import csv
from typing import NamedTuple

from pixvox import compare
from pixvox.datasets import store

VERDICTS = ("holds", "holds in part", "does not hold", "not measured here")
REAL_SAMPLES = ("01", "08")  # lessons whose sample is small but real; the others' is drawn
TOLERANCE = 0.01  # an accuracy may lie this far outside the measured interval


class Claim(NamedTuple):
    """A row of the ledger; `values` are the posted numbers, `labels` name them."""

    id: str
    post: str
    lesson: str
    kind: str
    text: str
    posted: str
    source: str
    measured_as: str
    labels: tuple
    values: tuple


def load_claims(lesson=None):
    """Read `data/claims.csv`.

    Args:
        lesson: a lesson's name or number ("01_mnist", "01"); None for all.

    Returns:
        dict from claim id to `Claim`, in the ledger's order.
    """
    with (store.ROOT / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        claims = [_claim_of(row) for row in csv.DictReader(file)]
    number = None if lesson is None else lesson[:2]
    return {claim.id: claim for claim in claims if number in (None, claim.lesson)}


def _claim_of(row):
    """Turn a row of the file into a `Claim`."""
    cells = [row[f"value_{i}"] for i in range(1, 6)]
    values = tuple(float(cell) for cell in cells if cell)
    labels = tuple(row["labels"].split(";")) if row["labels"] else ()
    texts = [row[key] for key in ("id", "post", "lesson", "kind", "claim", "posted", "source", "measured_as")]
    return Claim(*texts, labels, values)


def record(claim, values, *, profile, n=None, evidence=()):
    """Judge what was measured for a claim, and write it as a results file keeps it.

    Args:
        claim: a `Claim`.
        values: the measured numbers, in the order of `claim.values`; None where one was not measured.
        profile: "sample" or "full".
        n: the number of pictures behind an accuracy.
        evidence: for statements and costs, a list: True speaks for the claim, False against, None neither.

    Returns:
        dict of values, n and verdict; for an accuracy of the sample also the mark "small" or "drawn".

    Raises:
        ValueError: if a count or an accuracy has not as many numbers as were posted, an accuracy comes
            without `n`, or a statement without evidence.
    """
    if claim.kind in ("count", "accuracy") and len(values) != len(claim.values):
        wanted = f"{len(claim.values)} ({claim.posted})"
        raise ValueError(f"{claim.id}: expected as many numbers as were posted, {wanted}, got {len(values)}")
    if claim.kind == "accuracy" and not n:
        raise ValueError(f"{claim.id}: expected n, the number of pictures behind the accuracy; type n=...")
    if claim.kind in ("statement", "cost") and not evidence:
        raise ValueError(
            f"{claim.id} is a {claim.kind}: name the expectation that decides it (supports=, refutes=)"
        )
    verdict = judge(claim, values, profile=profile, n=n, evidence=evidence)
    kept = {"values": values, "n": n, "verdict": verdict}
    if claim.kind == "accuracy" and profile == "sample":
        kept["mark"] = "small" if claim.lesson in REAL_SAMPLES else "drawn"
    return kept


def judge(claim, values, *, profile, n=None, evidence=None):
    """Give the verdict on a claim.

    Counts must be equal, in either profile. Accuracies are judged on the published data only: the
    posted value must lie in the measured 95 % Wilson interval, widened by .01 on both sides.
    Everything else is judged by its evidence.

    Args: as those of `record`.

    Returns:
        one of `VERDICTS`.
    """
    if claim.kind == "count":
        return _verdict(_compared(claim, values, lambda posted, measured: posted == measured))
    if claim.kind == "accuracy":
        if profile != "full":
            return "not measured here"
        return _verdict(_compared(claim, values, lambda posted, measured: _covers(posted, measured, n)))
    return _verdict([finding for finding in evidence or [] if finding is not None])


def _compared(claim, values, agree):
    """Compare posted with measured numbers, one boolean for each that was measured."""
    pairs = zip(claim.values, values, strict=True)
    return [agree(posted, measured) for posted, measured in pairs if measured is not None]


def _covers(posted, measured, n):
    """Tell whether `posted` lies in the interval of `measured`, give or take the tolerance."""
    low, high = compare.wilson_interval(round(measured * n), n)
    return low - TOLERANCE <= posted <= high + TOLERANCE


def _verdict(findings):
    """All true: holds; all false: does not hold; both: in part; none: not measured."""
    if not findings:
        return "not measured here"
    if all(findings):
        return "holds"
    return "holds in part" if any(findings) else "does not hold"


def claims_table(lesson, results):
    """Put a lesson's claims side by side: what was posted, and what each profile measured.

    Args:
        lesson: a lesson's name, such as "01_mnist".
        results: dict from profile to a results dict, or to None where there is none.

    Returns:
        DataFrame with a row a claim: id, claim, posted, sample, full, verdict. The verdict is the
        full profile's where it has one.
    """
    import pandas as pd

    measured = {profile: (result or {}).get("claims", {}) for profile, result in results.items()}
    rows = [_table_row(claim, measured) for claim in load_claims(lesson).values()]
    return pd.DataFrame(rows, columns=["id", "claim", "posted", "sample", "full", "verdict"])


def _table_row(claim, measured):
    """Write one claim as the texts of a table row."""
    records = {profile: measured.get(profile, {}).get(claim.id, {}) for profile in store.PROFILES}
    cells = {profile: _values_text(record, claim.labels) for profile, record in records.items()}
    verdicts = [records[profile].get("verdict", "not measured here") for profile in ("full", "sample")]
    verdict = next((verdict for verdict in verdicts if verdict != "not measured here"), "not measured here")
    return [claim.id, claim.text, claim.posted, cells["sample"], cells["full"], verdict]


def _values_text(record, labels):
    """Write a record's numbers with their labels; a dash for none."""
    values = record.get("values") or []
    labels = labels if len(labels) == len(values) else [""] * len(values)
    pairs = zip(labels, values, strict=True)
    text = ", ".join(f"{label} {number_text(value)}".strip() for label, value in pairs)
    mark = record.get("mark")
    return (f"{text} ({mark})" if mark and text else text) or "–"


def number_text(value):
    """Write one number for a table: four significant digits, whole numbers whole."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{int(value):,}" if float(value).is_integer() and abs(value) >= 2 else f"{value:.4g}"
