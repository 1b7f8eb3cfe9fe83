"""From criteria and tables to verdicts, on tables whose answers are worked by hand."""

import numpy as np
import pytest

from pixvox.compare import pack_answers
from pixvox_evidence import judging
from pixvox_evidence.claims import Part, Statement
from pixvox_evidence.verdicts import FAILS, HOLDS, IN_PART, NOT_MEASURED, NOT_SETTLED

PATTERN = np.array([-2, -1, 0, 1, 2]) / np.std([-2, -1, 0, 1, 2], ddof=1)
T4 = 2.776445  # Student's t for 4 degrees of freedom, two-sided 95 %, from a printed table


def part(test, measure="score[arm=a] - score[arm=b]", **changes):
    default = Part("x", test, "more", 0.01, "seeds", "made_up", measure, (), 0, (), (), "each")
    return default._replace(**changes)


def rows(mean=0.0, spread=0.01, **columns):
    """Five seeds of an arm `a`, whose scores have this mean and standard deviation, and `b`, always 0."""
    a = [{"arm": "a", "seed": seed, "score": mean + spread * PATTERN[seed], **columns} for seed in range(5)]
    return a + [{"arm": "b", "seed": seed, "score": 0.0, **columns} for seed in range(5)]


def judge(one, table, profile="full"):
    return judging.judge_part(one, profile, lambda name, where: table)


@pytest.mark.parametrize(
    ("direction", "mean", "wanted"),
    [
        ("more", 0.05, HOLDS),
        ("more", -0.05, FAILS),
        ("less", -0.05, HOLDS),
        ("less", 0.05, FAILS),
        ("more", 0.011, NOT_SETTLED),  # half is .0124
        ("less", 0.0, NOT_SETTLED),
    ],
)
def test_a_difference_goes_in_the_claimed_direction(direction, mean, wanted):
    found = judge(part("difference", direction=direction), rows(mean))
    assert found.verdict == wanted and found.runs == 5
    assert found.values == (pytest.approx(mean),)  # with its own sign, whatever was claimed
    assert found.half == pytest.approx(T4 * 0.01 / np.sqrt(5), rel=1e-5)


@pytest.mark.parametrize(
    ("test", "mean", "spread", "wanted"),
    [
        ("no difference", 0.0, 0.005, HOLDS),
        ("no difference", 0.05, 0.005, FAILS),
        ("no difference", 0.0, 0.05, NOT_SETTLED),
        ("some difference", 0.0, 0.005, FAILS),
        ("some difference", -0.05, 0.005, HOLDS),
        ("some difference", 0.0, 0.05, NOT_SETTLED),
    ],
)
def test_no_difference_and_some_difference_are_opposites(test, mean, spread, wanted):
    assert judge(part(test, direction="either"), rows(mean, spread)).verdict == wanted


@pytest.mark.parametrize(
    ("mean", "spread", "wanted"), [(0.06, 0.01, HOLDS), (0.06, 0.05, NOT_SETTLED), (0.2, 0.05, FAILS)]
)
def test_a_named_size_must_be_inside_a_narrow_interval(mean, spread, wanted):
    assert judge(part("size", values=(0.07,)), rows(mean, spread)).verdict == wanted


def test_a_posted_accuracy_is_compared_with_one_more_training():
    posted = part("posted accuracy", "score[arm=a]", values=(0.95,), decimals=2, pool=("arm=a", "arm=c"))
    table = rows(0.94, 0.005)
    table += [{"arm": "c", "seed": seed, "score": 0.9 + 0.01 * PATTERN[seed]} for seed in range(5)]
    pooled = np.sqrt((0.005**2 + 0.01**2) / 2)
    found = judge(posted, table)
    assert found.half == pytest.approx(2.306004 * pooled * np.sqrt(1.2) + 0.005, rel=1e-5)  # t for 8
    close = posted._replace(pool=("arm=a", "arm=b"))
    assert judge(close._replace(values=(0.955,)), rows(0.94, 0.001)).verdict == FAILS
    assert judge(close, rows(0.94, 0.004)).verdict == HOLDS
    assert judge(close._replace(pictures=(200, 200)), rows(0.94, 0.004)).verdict == NOT_SETTLED


def test_an_arm_that_varies_more_than_those_it_is_pooled_with_has_its_own_spread():
    posted = part("posted accuracy", "score[arm=a]", values=(0.95,), decimals=2, pool=("arm=a", "arm=b"))
    own = T4 * 0.005 * np.sqrt(1.2) + 0.005  # pooled with b, which never varies, it would be .0139
    assert judge(posted, rows(0.94, 0.005)).half == pytest.approx(own, rel=1e-5)


def test_a_pool_of_single_runs_has_no_spread():
    posted = part("posted accuracy", "score[arm=a]", values=(0.95,), decimals=2, pool=("arm=c", "arm=d"))
    singles = [{"arm": arm, "seed": 0, "score": 0.5} for arm in "cd"]
    found = judge(posted, [*rows(0.94, 0.004), *singles])
    assert found.verdict == HOLDS  # by its own spread
    assert found.half == pytest.approx(T4 * 0.004 * np.sqrt(1.2) + 0.005, rel=1e-5)


def test_pictures_widen_the_interval():
    answers = [1] * 4 + [0] * 4
    table = [
        {"arm": arm, "seed": seed, "test_accuracy": right + 0.5, "test_right": pack_answers(flags)}
        for arm, right, flags in (("a", 0.05, answers), ("b", 0.0, answers[::-1]))
        for seed in range(5)
    ]
    over_seeds = part("difference", "test_accuracy[arm=a] - test_accuracy[arm=b]")
    assert judge(over_seeds, table).verdict == HOLDS
    both = judge(over_seeds._replace(unit="seeds and pictures"), table)
    assert both.verdict == NOT_SETTLED
    pictures = 1.96 * np.std([1] * 4 + [-1] * 4, ddof=1) / np.sqrt(8)
    assert both.half == pytest.approx(pictures)
    either = over_seeds._replace(test="no difference", unit="seeds and pictures")
    assert judge(either, table).half == pytest.approx(pictures)


def test_pictures_widen_the_interval_of_any_share_whose_answers_are_kept():
    hits = np.array([1, 1, 1, 0, 1, 1, 0, 1])
    table = [
        {"arm": arm, "seed": seed, "parts": found.mean(), "parts_right": pack_answers(found)}
        for arm, found in (("a", hits), ("b", 0 * hits))
        for seed in range(5)
    ]
    one = part("difference", "parts[arm=a] - parts[arm=b]", unit="seeds and pictures")
    assert judge(one, table).half == pytest.approx(1.96 * np.std(hits, ddof=1) / np.sqrt(8))
    assert judge(one._replace(unit="seeds"), table).half == 0


def test_exact_numbers_need_no_seeds():
    table = [{"quantity": "sides", "seed": 0, "values": [3, 64]}]
    count = part("count", "values[quantity=sides]", values=(3.0, 64.0), unit="exact")
    assert judge(count, table).verdict == HOLDS
    assert judge(count._replace(values=(3.0, 32.0)), table).verdict == IN_PART
    bound = count._replace(test="bound", values=(3.0,), direction="at most")
    assert judge(bound, table).verdict == HOLDS
    assert judge(bound._replace(values=(4.0,), direction="at least"), table).verdict == FAILS


@pytest.mark.parametrize("seeds", [1, 2])
def test_one_run_settles_nothing_and_two_agree_too_often_by_chance(seeds):
    found = judge(part("difference"), [row for row in rows(0.9, 0.0) if row["seed"] < seeds])
    assert (found.verdict, found.half, found.runs) == (NOT_SETTLED, None, seeds)


def test_a_smallest_difference_and_a_margin_are_the_part_s_own():
    assert judge(part("difference", smallest=0.1), rows(0.05)).verdict == FAILS
    assert judge(part("no difference", direction="either", smallest=0.1), rows(0.05)).verdict == HOLDS


def test_a_size_of_one_training_has_the_interval_of_one_more():
    size = part("size", values=(0.06,))
    assert judge(size, rows(0.06)).half == pytest.approx(T4 * 0.01 / np.sqrt(5), rel=1e-5)
    wider = judge(size._replace(unit="one more training"), rows(0.06)).half
    assert wider == pytest.approx(T4 * 0.01 * np.sqrt(1 + 1 / 5), rel=1e-5)


def test_a_term_of_another_table_is_read_there():
    tables = {"made_up": rows(0.05), "other": rows(0.03)}
    measure = "score[arm=a] - score[arm=a]@other"
    found = judging.judge_part(part("difference", measure), "full", lambda name, where: tables[name])
    assert found.values == (pytest.approx(0.02),)


def test_one_posted_run_says_whether_the_pictures_alone_leave_it_open():
    one = part("posted accuracy", "score[arm=a]", values=(0.95,), pictures=(200, 200))
    table = [{"arm": "a", "seed": 0, "score": 0.94}]
    assert judge(one, table).needed == float("inf")  # 1.96 sqrt(.94 * .06 / 100) = .047
    assert judge(one._replace(pictures=(100_000, 100_000)), table).needed is None
    assert judge(one._replace(pictures=()), table).needed is None


def test_three_runs_have_an_interval():
    found = judge(part("difference"), [row for row in rows(0.9) if row["seed"] in (1, 2, 3)])
    assert found.half == pytest.approx(4.302653 * 0.01 * PATTERN[3] / np.sqrt(3), rel=1e-5)  # t for 2
    assert (found.verdict, found.runs) == (HOLDS, 3)


def test_profiles_say_where_a_part_is_judged():
    asked = []

    def load(name, profile):
        asked.append(profile)
        return rows(0.05) if profile == "sample" else None

    assert judging.judge_part(part("difference"), "full", load).verdict == NOT_MEASURED
    assert judging.judge_part(part("difference", profiles="any"), "full", load).verdict == HOLDS
    assert judging.judge_part(part("difference", profiles="full"), "sample", load).verdict == NOT_MEASURED
    assert judging.judge_part(part("none"), "full", load).verdict == NOT_MEASURED
    assert asked == ["full", "sample"]
    assert judging.judge_part(part("difference", profiles="drawn"), "sample", load).verdict == HOLDS
    assert judging.judge_part(part("difference", profiles="drawn"), "full", load).verdict == HOLDS
    assert asked == ["full", "sample", "sample", "sample"]  # drawings, in either profile


def test_an_unknown_test_raises():
    with pytest.raises(ValueError, match="expected a test among count, .*, got 'feeling'"):
        judge(part("feeling"), rows())


@pytest.mark.parametrize(
    ("measure", "change"),
    [
        ("score[arm=A]", {}),
        ("score[arm=a]", {"score": "0.5"}),
        ("last of score[arm=a]", {}),
        ("0.5", {}),
        ("score[arm=a] / score[arm=b]", {"score": 0.0}),
        ("score[arm=a] - score[arm=b]", {"seed": 0}),
    ],
)
def test_what_a_table_does_not_hold_is_told_with_the_measure_and_the_table(measure, change):
    table = [{**row, **change} for row in rows()]
    with pytest.raises(ValueError, match="`pixvox study made_up --profile full --keep`") as raised:
        judge(part("difference", measure), table)
    assert str(raised.value).startswith(f"expected {measure} in the table made_up (full)")
    with pytest.raises(ValueError, match="`pixvox run 09_x --profile full --keep`"):
        judge(part("difference", measure, table="lesson 09_x"), table)


def statement(*parts):
    return Statement("P9.1", "P9", "09", "Test", "x", "", "post", parts)


def test_the_full_data_stand_for_a_statement_and_else_the_sample_with_a_mark():
    tables = {
        ("drawn", "sample"): rows(0.05),
        ("mnist_x", "sample"): rows(0.05),
        ("mnist_x", "full"): rows(-0.05),
    }

    def load(name, profile):
        return tables.get((name, profile))

    on_digits = statement(part("difference", table="mnist_x"))
    assert judging.summary(on_digits, load) == (FAILS, "")
    del tables["mnist_x", "full"]
    assert judging.summary(on_digits, load) == (HOLDS, "on small digits")
    assert judging.summary(statement(part("difference", table="drawn")), load) == (HOLDS, "on drawings")
    both = statement(part("difference", table="one_pixel"))
    tables["one_pixel", "sample"] = rows(0.05)
    assert judging.summary(both, load) == (HOLDS, "on small digits and drawings")
    tables["mnist_x", "full"] = rows(0.011)
    assert judging.summary(on_digits, load) == (NOT_SETTLED, "")
    assert judging.summary(statement(part("none")), load) == (NOT_MEASURED, "")


@pytest.mark.parametrize(
    ("table", "profiles", "wanted"),
    [
        ("mnist_x", "each", "on small digits"),
        ("voxel_x", "each", "on small digits"),
        ("voxel_solids", "each", "on drawings"),
        ("faces", "each", "on drawings"),
        ("mnist_x", "any", ""),
    ],
)
def test_a_mark_says_what_the_sample_was(table, profiles, wanted):
    assert judging.mark(part("difference", table=table, profiles=profiles)) == wanted


def test_parts_are_combined():
    both = statement(part("difference"), part("difference", direction="less"))
    verdict, found = judging.judge(both, "full", lambda name, profile: rows(0.05))
    assert verdict == IN_PART and [judged.verdict for judged in found] == [HOLDS, FAILS]


def test_what_drawings_alone_can_be_asked_stands_in_both_profiles():
    drawn, each = part("difference", profiles="drawn"), part("difference")
    away = part("difference", direction="less", profiles="drawn")

    def load(name, profile):
        return rows(0.05)

    for parts, full, sample in (
        ((drawn, each), HOLDS, HOLDS),
        ((away, each), IN_PART, IN_PART),
        ((drawn, part("none")), IN_PART, IN_PART),
        ((part("difference", profiles="full"), each), HOLDS, IN_PART),
        ((drawn,), HOLDS, HOLDS),
    ):
        verdict, found = judging.judge(statement(*parts), "full", load)
        assert verdict == full and len(found) == len(parts)
        assert judging.judge(statement(*parts), "sample", load)[0] == sample
    assert judging.summary(statement(drawn), load) == (HOLDS, "on drawings")
    assert judging.summary(statement(away, each), load) == (IN_PART, "")


def test_a_lessons_kept_numbers_are_one_row(course):
    path = course / "data" / "results" / "sample" / "09_lesson.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"claims": {"P9.1": {"values": [0.5, 0.25]}, "P9.2": {"values": []}}}', encoding="utf-8")
    assert judging.load_rows("lesson 09_lesson", "sample") == [{"seed": 0, "P9.1.0": 0.5, "P9.1.1": 0.25}]
    assert judging.load_rows("mnist_networks", "sample") is None
    assert judging.load_rows("lesson 08_other", "sample") is None
    with pytest.raises(ValueError, match="got 'mnist_netwroks'. Type `pixvox study`"):
        judging.load_rows("mnist_netwroks", "sample")
