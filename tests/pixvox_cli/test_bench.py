"""`pixvox bench`: what it writes and where, and that what is committed is what it measures."""

import json

import pytest

from pixvox.datasets import store
from pixvox_cli import bench
from pixvox_cli.main import main
from pixvox_studies.bench.marks import RECIPES
from pixvox_studies.bench.measures import MEASURES

NAMES = ("group", "what", "ours", "rival")
COMMITTED = store.ROOT / "data" / "results" / "bench.json"


def committed():
    return json.loads(COMMITTED.read_text(encoding="utf-8"))


def test_every_measure_is_committed_and_nothing_else():
    rows = committed()["measures"]
    wanted = [(*(getattr(one, name) for name in NAMES), one.repeats) for one in MEASURES]
    assert [(*(row[name] for name in NAMES), row["repeats"]) for row in rows] == wanted, (
        "type `pixvox bench --keep`"
    )
    assert all(0 < row["lowest"] <= row["ratio"] <= row["highest"] for row in rows)


def test_every_recipe_is_committed_and_a_ratio_where_all_seeds_reached_the_mark():
    rows = committed()["marks"]
    wanted = [(name, one.rival, one.ours, one.seeds) for name, one in RECIPES.items()]
    found = [(row["recipe"], row["rival"], row["ours"], row["repeats"]) for row in rows]
    assert found == wanted, "type `pixvox bench --keep`"
    for row in rows:
        assert 0 < row["mark"] <= 1 and 0 < row["rival_seconds"] <= row["rival_all_seconds"]
        assert (row["ratio"] is not None) == (row["reached"] == row["repeats"])


def test_what_is_committed_says_what_measured_it():
    document = committed()
    assert {"python", "keras", "numpy"} <= set(document["versions"]) and document["device"]
    assert "+changes" not in document["commit"]


@pytest.fixture
def quick(course, monkeypatch):
    """A course in which all is measured at once: two rows."""
    monkeypatch.setattr(bench.backend, "load_quietly", lambda one_thread: None)
    monkeypatch.setattr(bench, "time_measures", lambda tell: [{"ratio": 2}])
    monkeypatch.setattr(bench, "train_to_marks", lambda tell: [{"ratio": None}])
    return course


@pytest.mark.parametrize("keep", [False, True])
def test_it_writes_below_build_and_to_the_repository_if_asked(quick, keep, capsys):
    kept = quick / "data" / "results" / "bench.json"
    kept.parent.mkdir(parents=True)
    assert main(["bench", *["--keep"] * keep]) == 0
    made = json.loads((quick / "build" / "sample" / "bench.json").read_text(encoding="utf-8"))
    assert made["measures"] == [{"ratio": 2}] and made["marks"] == [{"ratio": None}]
    assert kept.is_file() == keep
    assert ("data/results" if keep else "build/sample") + "/bench.json" in capsys.readouterr().out


@pytest.mark.parametrize("moment", ["while it trains", "while it copies"])
def test_ctrl_c_leaves_the_kept_file_as_it_was(quick, monkeypatch, moment):
    def interrupt(*arguments):
        if moment == "while it copies":
            arguments[1].write_text('{"half', encoding="utf-8")
        raise KeyboardInterrupt

    kept = quick / "data" / "results" / "bench.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}", encoding="utf-8")
    if moment == "while it trains":
        monkeypatch.setattr(bench, "train_to_marks", interrupt)
    else:
        monkeypatch.setattr(bench.shutil, "copyfile", interrupt)
    assert main(["bench", "--keep"]) == 130
    assert kept.read_text(encoding="utf-8") == "{}" and [*kept.parent.iterdir()] == [kept]


def test_rows_have_names_and_plain_numbers(monkeypatch):
    from pixvox_studies.bench import measures

    one = measures.Measure("g", "w", "o", "r", lambda: (int, int), 1)
    monkeypatch.setattr(measures, "MEASURES", (one,))
    said = []
    (row,) = bench.time_measures(said.append)
    assert tuple(row[name] for name in NAMES) == ("g", "w", "o", "r") and row["repeats"] == 1
    assert said[0].startswith("w: o against r: ")
