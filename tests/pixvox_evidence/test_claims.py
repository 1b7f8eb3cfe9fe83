"""The ledger: every row can be read, names what exists, and no criterion is missing."""

import re

import pytest

from pixvox.datasets import store
from pixvox_evidence import claims, judging, measures, verdicts
from pixvox_evidence.claims import load_claims
from pixvox_studies.frame import STUDIES

LEDGER = load_claims()
PARTS = [(key, number, part) for key, known in LEDGER.items() for number, part in enumerate(known.parts)]
MEASURED = [pytest.param(part, id=f"{key}-{number}") for key, number, part in PARTS if part.test != "none"]


def test_the_ids_of_each_post_run_on_without_a_gap():
    counted = {}
    for key, statement in LEDGER.items():
        post, number = key.split(".")
        assert post == statement.post
        counted.setdefault(post, []).append(int(number))
    assert {post: len(numbers) for post, numbers in counted.items()} == {
        "P0": 13,
        "P1": 12,
        "P2": 28,
        "P3": 17,
        "P4": 26,
    }
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in counted.values())


def test_it_can_be_asked_for_a_post_or_a_lesson():
    assert set(load_claims(post="P4")) == {key for key in LEDGER if key.startswith("P4.")}
    assert {known.lesson for known in load_claims(lesson="01_mnist").values()} == {"01_mnist"}


@pytest.mark.parametrize("part", MEASURED)
def test_a_criterion_is_complete(part):
    measures.parse(part.measure)
    assert part.test in judging.TESTS and part.text and part.unit in claims.UNITS
    lesson = part.table.removeprefix("lesson ")
    assert lesson != part.table or lesson in STUDIES
    needed = {
        "count": (part.values, part.direction == "equal"),
        "bound": (len(part.values) == 1, part.direction in ("at most", "at least")),
        "difference": (part.smallest is not None, part.direction in ("more", "less")),
        "no difference": (part.smallest, part.direction == "either"),
        "some difference": (part.smallest, part.direction == "either"),
        "size": (len(part.values) == 1, part.direction == "equal"),
        "posted accuracy": (len(part.values) == 1 and 0 < part.values[0] < 1, part.profiles == "full"),
    }
    assert all(needed[part.test])


@pytest.mark.parametrize("part", MEASURED)
@pytest.mark.parametrize("profile", store.PROFILES)
def test_every_part_can_be_judged_by_the_committed_tables(part, profile):
    judged = judging.judge_part(part, profile)
    if part.profiles in ("any", "drawn"):
        assert judged.values
        assert judged == judging.judge_part(part, "sample")
    if (part.profiles, profile) == ("full", "sample"):
        assert judged == judging.Judgement(verdicts.NOT_MEASURED)


def test_the_smallest_difference_is_a_point_wherever_accuracies_are_compared():
    """Another one would have been chosen by somebody who knew the table."""
    others = {
        key: part.smallest
        for key, _, part in PARTS
        if "difference" in part.test and part.smallest != 0.01 and "accuracy" in part.text
    }
    assert others == {"P2.27": 0.0288}  # what P2 itself calls close: .9250 - .8962


HEAD = (
    "id,post,lesson,section,claim,posted,source,part,test,direction,smallest,unit,table,measure,value,n,pool,"
    "profiles"
)


@pytest.fixture
def write(course):
    """A function that writes a ledger of these bytes."""
    (course / "data").mkdir()
    return (course / "data" / "claims.csv").write_bytes


FIRST = "P9.1,P9,x,s,c,,post,p,none,,,,,,,,,any\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("P9.2,,x,s,c,,post,p,none,,,,,,,,,any", "P9.2 has no post"),
        ("P9.1,P9,x,s,c,,post,p,none,,,,,,,,,any", "P9.1 has a post again"),
        ("P9.2,P9,x,s,c,,post,p,none,,,,,,,,,some", "profiles is 'some'"),
        ("P9.2,P9,x,s,c,,post,p,bound,at most,,exact,counts,v,many,,,any", "many"),
        ("P9.2,P9,x,s,c,,post,p,bound,at most,,exact,counts,v,nan,,,any", "nan is no number"),
        ("P9.2,P9,x,s,c,,post,p,bound,at mots,,exact,counts,v,1,,,any", "direction is 'at mots'"),
        ("P9.2,P9,x,s,c,,post,p,bounds,at most,,exact,counts,v,1,,,any", "test is 'bounds'"),
        ("P9.2,P9,x,s,c,,post,p,bound,at most,,seed,counts,v,1,,,any", "unit is 'seed'"),
        ("P9.2,P9,x,s,c,,post,p,bound,at most,,exact,counts,v,,,,any", "value is empty"),
        ("P9.2,P9,x,s,c,,post,p,bound,at most,,exact,,v,1,,,any", "table is empty"),
        ("P9.2,P9,x,s,c,,post,p,difference,more,,seeds,t,v,,,,each", "smallest is empty"),
        ("P9.2,P9,x,s,c,,post,p,posted accuracy,equal,,seeds,t,v,.5,2000,,full", "n is '2000'"),
        ("P9.2,P9,x,s,c,,post,p,posted accuracy,equal,,seeds,t,v,.5,0;9,,full", "n is 0"),
        ("P9.2,P9,x,s,c,,post,p,posted accuracy,equal,,seeds,t,v,.5,9;9,a=b,full", "pool is 'a=b'"),
        ("P9.2,P9,x", "18 cells"),
        ("P9.2\x1b[2J,,x,s,c,,post,p,none,,,,,,,,,any", r"P9.2\x1b[2J has no post"),
        ("P9.2,P9,x,s,c,,post,p,none,,,,,,,,,any,more", "18 cells"),
    ],
)
def test_a_broken_row_is_named(write, row, message):
    write(f"{HEAD}\n{FIRST}{row}\n".encode())
    with pytest.raises(ValueError, match=f"line 3 of data/claims.csv: .*{re.escape(message)}"):
        claims.load_claims()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "got 0 rows"),
        (HEAD.encode(), "got 0 rows"),
        (f"{HEAD}\n{FIRST}".encode("utf-16"), "UTF-8"),
        (f"{HEAD}\n{FIRST}".replace(",", ";").encode(), "with commas"),
        (f"{HEAD}\n{FIRST}".replace("smallest", "least").encode(), "lacking: smallest; unknown: least"),
        (f"{HEAD}\n{FIRST}".replace("smallest", "\x1b[2J").encode(), r"unknown: \\x1b\[2J"),
        (f'{HEAD}\n{FIRST}P9.2,P9,"x'.encode(), "unexpected end"),
    ],
)
def test_what_is_no_ledger_is_told(write, content, message):
    write(content)
    with pytest.raises(ValueError, match=f"{message}.*`git diff data/claims.csv`"):
        claims.load_claims()


def test_a_missing_ledger_says_what_to_type(course):
    with pytest.raises(FileNotFoundError, match="`git checkout HEAD -- data/claims.csv`"):
        claims.load_claims()


@pytest.mark.parametrize("profiles", ["each", "full", "drawn", "any"])
def test_profiles_are_read(write, profiles):
    row = f"P9.2,P9,x,s,c,,post,p,difference,more,.01,seeds,t,v,,,,{profiles}"
    write(f"{HEAD}\n{FIRST}{row}\n".encode())
    assert claims.load_claims()["P9.2"].parts[0].profiles == profiles


def test_parts_follow_and_a_spreadsheet_s_mark_and_line_ends_do_no_harm(write):
    posted = "P9.2,P9,y,s,c,,post,p,posted accuracy,equal,,seeds,t,v,.50,4;9,[a=1; b=2][a=2],full\n"
    second = "P9.2,,,,,,,q,size,equal,,one more training,t,v,-1;2,,,each\n"
    write(f"{HEAD}\n{FIRST}{posted}{second}".replace("\n", "\r\n").encode("utf-8-sig"))
    found = claims.load_claims()
    assert list(found) == ["P9.1", "P9.2"] and list(claims.load_claims(lesson="y", post="P9")) == ["P9.2"]
    first, last = found["P9.2"].parts
    assert (first.values, first.decimals, first.pictures) == ((0.5,), 2, (4, 9))
    assert first.pool == ("a=1; b=2", "a=2") and first.smallest is None
    assert (last.text, last.values, last.unit, last.pool) == ("q", (-1.0, 2.0), "one more training", ())
