"""The ledger and its verdicts."""

import pytest

from pixvox.datasets import store
from pixvox_evidence import claims


def make_claim(kind, values=(), labels=()):
    return claims.Claim("X.1", "X", "01", kind, "a claim", "posted", "post", "measured", labels, values)


def test_the_ledger_has_numbers_where_a_claim_needs_them():
    ledger = claims.load_claims()
    assert len(ledger) == 85
    assert ledger["P2.20"].values == (618593, 669281, 411233, 788833, 874337)
    assert ledger["P2.2"].labels == ("validation", "test")
    for claim in ledger.values():
        assert claim.kind in ("count", "accuracy", "statement", "cost")
        assert not claim.labels or len(claim.labels) >= len(claim.values), claim.id
        assert claim.kind not in ("count", "accuracy") or claim.values, claim.id


def test_a_lesson_gets_its_own_claims():
    assert list(claims.load_claims("01_mnist")) == [
        "P1.1", "P1.2", "P1.10", "P4.1", "P4.2", "P4.3", "P4.4", "P4.5", "P4.6"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("posted", "measured", "verdict"),
    [
        ((3, 3, 64), (3, 3, 64), "holds"),
        ((3, 3, 64), (3, 3, 32), "holds in part"),
        ((93322,), (93321,), "does not hold"),
        ((30, 4), (30, None), "holds"),
        ((30,), (None,), "not measured here"),
    ],
)
def test_counts_are_exact_in_both_profiles(posted, measured, verdict):
    for profile in store.PROFILES:
        assert claims.judge(make_claim("count", posted), measured, profile=profile) == verdict


@pytest.mark.parametrize(
    ("posted", "measured", "n", "verdict"),
    [
        (0.993, 0.990, 10_000, "holds"),
        (0.993, 0.981, 10_000, "holds"),  # the interval ends at .9835, and .01 more is allowed
        (0.993, 0.980, 10_000, "does not hold"),
        (0.72, 0.65, 1_000, "does not hold"),
        (0.72, 0.70, 1_000, "holds"),
    ],
)
def test_accuracies_are_judged_by_their_interval_in_the_full_profile(posted, measured, n, verdict):
    claim = make_claim("accuracy", (posted,))
    assert claims.judge(claim, [measured], profile="full", n=n) == verdict
    assert claims.judge(claim, [measured], profile="sample", n=n) == "not measured here"


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        ([True, True], "holds"),
        ([True, False], "holds in part"),
        ([False], "does not hold"),
        ([], "not measured here"),
        ([None], "not measured here"),
        ([None, True], "holds"),
    ],
)
def test_statements_are_judged_by_their_evidence(evidence, verdict):
    assert claims.judge(make_claim("statement"), [], profile="sample", evidence=evidence) == verdict


def test_the_table_shows_both_profiles_and_the_full_verdict_where_there_is_one():
    small = {"values": [0.97], "verdict": "not measured here", "mark": "small"}
    sample = {"P4.3": small, "P4.2": {"values": [93322], "verdict": "holds"}}
    full = {
        "P4.3": {"values": [0.9911], "verdict": "holds"},
        "P4.4": {"values": [None]},
        "P4.5": {"values": [0.99, "uint8"]},
    }
    results = {"sample": {"claims": sample}, "full": {"claims": full}}
    table = claims.claims_table("01_mnist", results).set_index("id")
    assert list(table.loc["P4.3"])[1:] == ["0.993", "0.97 (small)", "0.9911", "holds"]
    assert list(table.loc["P4.2"])[1:] == ["93322", "93,322", "–", "holds"]
    assert list(table.loc["P4.4"])[2:] == ["–", "–", "not measured here"]
    assert table.loc["P4.5", "full"] == "in place 0.99, shifted by 4 pixels uint8"
