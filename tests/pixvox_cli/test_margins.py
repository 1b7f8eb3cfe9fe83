import json

import pytest

from pixvox_cli import margins


def expectation(left, comparison, right, margin=0.0):
    return {"met": True, "left": left, "comparison": comparison, "right": right, "margin": margin}


@pytest.mark.parametrize(
    ("known", "slack"),
    [
        (expectation(0.9, ">", 0.7, 0.05), 0.15),
        (expectation(0.9, ">=", 0.9), 0.0),
        (expectation(0.7, "<", 0.9, 0.05), 0.15),
        (expectation(0.7, "<=", 0.6), -0.1),
        (expectation(1.0, "==", 1.1, 0.3), 0.2),
        (expectation(None, ">", 0.7), None),
        (expectation(0.7, ">", None), None),
    ],
)
def test_slack_is_what_is_left_beyond_the_margin(known, slack):
    assert margins.slack(known) == (slack if slack is None else pytest.approx(slack))


@pytest.mark.parametrize(
    ("slacks", "judged"),
    [
        ([0.1, 0.2, 0.3], ""),  # the least is a standard deviation
        ([0.09, 0.2, 0.3], "thin"),
        ([0.2, 0.2, 0.2], ""),
        ([0.0, 0.0], ""),
        ([0.5, -0.001, 0.4], "missed"),
        ([0.5, None], "missed"),
        ([0.5], ""),
    ],
)
def test_an_expectation_is_thin_where_another_seed_may_miss_it(slacks, judged):
    assert margins.judge(slacks) == judged


def write(folder, seed, name, left, commit="abc"):
    path = folder / str(seed) / "sample" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    known = {"learns": expectation(left, ">", 0.5)}
    document = {
        "lesson": name,
        "commit": commit,
        "device": "CPU",
        "versions": {"python": "3.13.0"},
        "expectations": known,
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def test_the_table_has_a_row_for_each_expectation_and_a_number_for_each_seed(course, capsys):
    for seed, left in enumerate((0.9, 0.8, 0.75)):
        write(course / "build" / "seeds", seed, "01_mnist", left)
        write(course / "build" / "seeds", seed, "02_fashion", 0.51 + seed / 10)
    (course / "data" / "results").mkdir(parents=True)
    assert margins.main(str(course / "build" / "seeds")) == 0
    kept = json.loads((course / "data" / "results" / "seeds.json").read_text(encoding="utf-8"))
    assert kept["seeds"] == [0, 1, 2] and kept["python"] == "3.13.0"
    assert [row["slack"] for row in kept["rows"]] == [[0.4, 0.3, 0.25], [0.01, 0.11, 0.21]]
    assert [row["judged"] for row in kept["rows"]] == ["", "thin"]
    assert "thin: 02_fashion, learns" in capsys.readouterr().out


def test_what_is_missed_is_named_and_told_by_the_exit_status(course, capsys):
    (course / "data" / "results").mkdir(parents=True)
    write(course / "build" / "seeds", 0, "01_mnist", 0.4)
    assert margins.main(str(course / "build" / "seeds")) == 1
    assert "missed: 01_mnist, learns: [-0.1]" in capsys.readouterr().out


def test_seeds_with_other_lessons_are_refused_and_all_commits_named(course):
    folder = course / "build" / "seeds"
    with pytest.raises(FileNotFoundError, match="make seeds"):
        margins.collect(folder)
    write(folder, 0, "01_mnist", 0.9)
    write(folder, 1, "02_fashion", 0.9)
    with pytest.raises(ValueError, match="the same lessons of each seed"):
        margins.collect(folder)
    (folder / "1" / "sample" / "02_fashion.json").unlink()
    write(folder, 1, "01_mnist", 0.9, commit="def")
    assert margins.collect(folder)["commit"] == "abc, def"  # both are named
