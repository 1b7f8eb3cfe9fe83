import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from statistics import fmean, stdev

import pytest

from pixvox import provenance, tables
from pixvox.datasets import store
from pixvox_cli import main as cli
from pixvox_studies import Study, verifying
from pixvox_studies import frame as studies
from pixvox_studies.row import build_row, row_key

NETS = [{"net": "dense"}, {"net": "convnet"}]
SEEDS = (0, 1, 2)
SOURCE = {
    "versions": {"keras": "3.15"},
    "commit": "one",
    "device": "CPU",
    "threads": 1,
    "data": {"a": "1", "b": "2"},
}
ELSEWHERE = {**SOURCE, "versions": {"keras": "3.14"}}


def run(setting, seed, work_dir):
    """Measure what a seed decides."""
    accuracy = (0.9 if setting["net"] == "dense" else 0.8) + 0.01 * seed
    curve = {"curve": [0.1, accuracy], "test_right": "ff00", "parameters": 12}
    return {"accuracy": accuracy, **curve, "fit_seconds": float(os.getpid())}


@pytest.fixture
def kept(course, monkeypatch):
    """A study of six rows whose table is committed; a function that spoils that table."""
    monkeypatch.setenv("KERAS_HOME", str(course / "keras"))
    monkeypatch.setattr(studies, "STUDIES", {"nets": Study("nets compared", NETS, SEEDS, run, cost=True)})
    assert cli.main(["study", "nets", "--keep"]) == 0
    path = tables.kept_path("nets", "sample")

    def spoil(change):
        document = tables.read(path)
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")

    return spoil


def verify(capsys, *words):
    """Verify the row convnet, seed 1; return the exit status and what was printed."""
    capsys.readouterr()
    status = cli.main(["study", "nets", "--verify", *(words or ["--row", "convnet-seed1"])])
    shown = capsys.readouterr()
    return status, shown.out + shown.err


def test_a_row_that_comes_out_as_it_was_is_true_and_leaves_all_files_alone(kept, course, capsys):
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    status, shown = verify(capsys)
    assert status == 0 and "nets: true. accuracy, curve, test_right, parameters: equal" in shown
    assert f"measuring {row_key(NETS[1], 1)} again, row 5 of 6" in shown and "fit_seconds" in shown
    assert {path: path.read_bytes() for path in course.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("column", "value", "place"),
    [
        ("accuracy", 0.81001, "accuracy"),
        ("curve", [0.2, 0.81], "curve[0]"),
        ("curve", [0.1], "curve"),
        ("test_right", "ff01", "test_right"),
        ("parameters", 13, "parameters"),
        ("accuracy", None, "accuracy"),
        ("gone", 0.5, "gone"),
    ],
)
def test_a_spoilt_table_is_told_by_the_column(kept, capsys, column, value, place):
    kept(lambda document: document["rows"][4].update({column: value}))
    status, shown = verify(capsys)
    assert status == 1 and place in shown.split("compared")[1]
    assert "true" not in shown


def test_a_column_that_the_table_lacks_and_a_rounding_are_no_difference(kept, capsys):
    kept(lambda document: document["rows"][4].pop("test_right"))
    kept(lambda document: document["rows"][4].update(accuracy=0.81 + 5e-7))
    assert verify(capsys)[0] == 0


def elsewhere(document):
    """Let another version of Keras have measured a table."""
    document["sources"][0]["versions"]["keras"] = "0.1"


def nowhere(document):
    """Let nobody know what measured a table."""
    for row in document["rows"]:
        row["source"] = None


def student(columns):
    """Student's t for two degrees of freedom, beyond which a thousandth lies, shared by so many columns."""
    share = 1 - 0.001 / columns
    return share * math.sqrt(2 / (1 - share**2))


@pytest.mark.parametrize("origin", [elsewhere, nowhere])
def test_of_other_versions_a_number_must_lie_where_another_seed_s_would(kept, capsys, origin):
    def shift(document, by):
        origin(document)
        for row in document["rows"][3:]:
            row.update(accuracy=row["accuracy"] + by, test_right="0000")

    half = student(columns=3) * 0.01 * math.sqrt(4 / 3)
    kept(lambda document: shift(document, half - 1e-4))
    status, shown = verify(capsys)
    assert status == 0 and "accuracy, curve, parameters: where one more seed would lie" in shown
    assert ("keras 0.1 -> " if origin is elsewhere else "device unknown -> ") in shown
    kept(lambda document: shift(document, 2e-4))
    status, shown = verify(capsys)
    assert status == 1 and "accuracy" in shown.split("at most apart")[1] and f"{half:.4g}" in shown


def test_of_other_versions_seeds_that_agree_leave_a_hundredth(kept, capsys):
    def alike(document, curve):
        elsewhere(document)
        for row in document["rows"]:
            row["curve"] = [[7, curve]]

    kept(lambda document: alike(document, 0.8199))
    assert verify(capsys)[0] == 0
    kept(lambda document: alike(document, 0.8201))
    assert verify(capsys)[0] == 1


def test_a_spoilt_row_does_not_widen_the_interval_that_it_is_judged_by():
    rows = [build_row({"net": "dense"}, seed, {"accuracy": 0.9 + seed / 1000}, 1.0) for seed in range(5)]
    rows = [{**row, "source": None} for row in rows]
    document = {"sources": [], "rows": rows}
    again = {**rows[1]}
    assert not verifying.compare_row(document, rows[1], again, SOURCE).differences
    rows[1]["accuracy"] = 0.8
    [(column, committed, now, allowed)] = verifying.compare_row(document, rows[1], again, SOURCE).differences
    assert (column, committed, now) == ("accuracy", 0.8, 0.901) and allowed < 0.05
    again["accuracy"] = 0.8  # a training that ends there again is as it was; so far out, it is told
    [(column, mean, now, _)] = verifying.compare_row(document, rows[1], again, SOURCE).differences
    assert (column, mean, now) == ("accuracy", pytest.approx(0.90225), 0.8)


def test_a_row_of_nothing_but_costs_is_not_called_true(kept, capsys):
    def strip(document):
        for row in document["rows"]:
            for name in ("accuracy", "curve", "parameters", "test_right"):
                row.pop(name, None)

    kept(strip)
    status, shown = verify(capsys)
    assert status == 0 and "nets: nothing but costs, which are not judged" in shown and "true" not in shown


def test_too_few_seeds_are_reported_and_not_judged(kept, capsys):
    def spoil(document):
        elsewhere(document)
        document["rows"][4]["accuracy"] = 0.1
        del document["rows"][3]

    kept(spoil)
    status, shown = verify(capsys)
    assert status == 0 and "not judged" in shown and "accuracy 0.1 -> 0.81" in shown
    assert "true" not in shown


def test_each_day_has_its_row_and_a_part_of_a_key_names_one():
    rows = [{"key": key} for key in ("dense-1", "dense-10", "convnet-1")]
    days = [verifying.choose_row(rows, None, day=day)["key"] for day in (0, 1, 2, 3)]
    assert days == ["dense-1", "dense-10", "convnet-1", "dense-1"]
    assert verifying.choose_row(rows, "conv", day=0) is rows[2]
    assert verifying.choose_row(rows, "dense-1", day=5) is rows[0]  # a whole key, though one has it in it
    for part in ("dense", "lenet", ""):
        with pytest.raises(ValueError, match="dense-1, dense-10"):
            verifying.choose_row(rows, part, day=0)
    for few, part in (([], None), ([], "dense"), (rows[:1], "")):
        with pytest.raises(ValueError, match="Type"):
            verifying.choose_row(few, part, day=0)


def test_the_day_s_row_is_measured_if_none_is_named(kept, capsys, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 86_400 * 7 + 86_399.0)
    status, shown = verify(capsys, "--profile", "sample")
    assert status == 0 and f"measuring {row_key(NETS[0], 1)} again" in shown


def test_numbers_are_equal_to_a_millionth_of_one_or_of_their_size():
    def differs(committed, now):
        rows = [build_row({"net": "dense"}, 0, {"loss": loss}, 1.0) for loss in (committed, now)]
        source = {**SOURCE, "threads": 1}
        document = {"sources": [source], "rows": [{**rows[0], "source": 0}]}
        return bool(verifying.compare_row(document, document["rows"][0], rows[1], source).differences)

    for committed, now in ((0.0, 5e-7), (2e6, 2e6 + 1.0)):
        assert not differs(committed, now) and differs(committed, now + 5e-6 * max(1.0, committed))


def test_all_seconds_are_costs():
    row = {"fit_seconds": 1.0, "epoch_cpu_seconds": 2.0, "seconds_a_step": 3.0, "second": 4.0}
    assert verifying.costs(row) == {name: row[name] for name in list(row)[:3]}


def test_a_number_that_is_gone_differs_on_every_machine():
    rows = [build_row({"net": "dense"}, seed, {"accuracy": 0.5}, 1.0) | {"source": None} for seed in SEEDS]
    document, again = {"sources": [], "rows": rows}, build_row({"net": "dense"}, 0, {}, 1.0)
    [difference] = verifying.compare_row(document, rows[0], again, SOURCE).differences
    assert (difference.column, difference.now) == ("accuracy", None)


def test_what_changed_is_named():
    now = {**ELSEWHERE, "commit": "two", "data": {"b": "3", "c": "4"}}
    found = {"keras": ("3.15", "3.14"), "commit": ("one", "two"), "b": ("2", "3")}
    assert verifying.find_changes(SOURCE, now) == found
    other = {**SOURCE, "versions": {"jax": "0.11"}}
    assert verifying.find_changes(SOURCE, other) == {"keras": ("3.15", "none"), "jax": ("none", "0.11")}
    assert verifying.find_changes(SOURCE, SOURCE) == {}
    one, two = ({**SOURCE, "threads": count} for count in (1, 2))
    assert verifying.find_changes(one, two) == {"threads": (1, 2)}


def test_a_row_is_judged_by_the_seeds_of_its_own_arm_and_by_the_source_of_its_own():
    def build(seed, rate, accuracy, source):
        row = build_row({"net": "dense", "rate": rate}, seed, {"accuracy": accuracy}, 1.0)
        return {**row, "source": source}

    rows = [build(seed, 1, 0.5 + seed / 10, 0) for seed in SEEDS] + [build(0, 2, 0.5, 1)]
    document = {"sources": [SOURCE, ELSEWHERE], "rows": rows}
    again = {**rows[0], "accuracy": 0.51}
    assert verifying.compare_row(document, rows[0], again, {**SOURCE, "commit": "two"}).rule == "equal"
    for other in ({"device": "GPU"}, {"threads": 2}):
        assert verifying.compare_row(document, rows[0], again, {**SOURCE, **other}).rule == "spread"
    compared = verifying.compare_row(document, rows[0], {**again, "accuracy": 9}, ELSEWHERE)
    values = [row["accuracy"] for row in rows[:3]]
    allowed = student(columns=1) * stdev(values) * math.sqrt(4 / 3)
    [(column, mean, now, limit)] = compared.differences
    assert (column, mean, now) == ("accuracy", pytest.approx(fmean(values)), 9)
    assert limit == pytest.approx(allowed)
    assert verifying.compare_row(document, rows[3], again, SOURCE).rule == "too few seeds"


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["study", "nets", "--verify", "--row", "lenet"], "dense-seed0"),
        (["study", "nets", "--row", "dense-seed0"], "--help"),
        (["study", "--all", "--verify", "--row", "dense"], "--help"),
        (["study", "--verify"], "`pixvox study --all --verify`"),
        (["study", "nets", "--verify", "--keep"], "`pixvox study nets --verify`"),
        (["study", "--all", "--verify", "--jobs", "2"], "`pixvox study --all --verify`"),
        (["study", "nets", "--verify", "--scheduler", "tcp://teacher:1"], "`pixvox study nets --verify`"),
        (["study", "nets", "--verify", "--profile", "full"], "`pixvox study nets --profile full --keep`"),
        (["study", "--all", "--verify", "--profile", "full"], "committed tables of the profile full"),
        (["study", "more", "--verify"], "`pixvox study`"),
    ],
)
def test_words_and_tables_that_do_not_do_are_refused(kept, capsys, words, remedy):
    assert cli.main(words) == 2
    assert remedy in capsys.readouterr().err


def test_rows_that_cannot_be_measured_are_no_differences(kept, capsys):
    def fail(setting, seed, work_dir):
        raise FileNotFoundError("expected the digits. Type `pixvox fetch mnist`.")

    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(run=fail, cost=False)
    status, shown = verify(capsys)
    assert status == 2 and "`pixvox fetch mnist`" in shown
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(run=lambda *_: os._exit(1))
    status, shown = verify(capsys)
    assert status == 2 and "its process ended with" in shown
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(settings=NETS[:1])
    status, shown = verify(capsys)
    assert status == 2 and "setting is gone" in shown


def test_a_row_is_measured_in_a_process_of_one_thread_but_not_where_it_is_costs(course, monkeypatch):
    def threads(setting, seed, work_dir):
        assert (
            store.profile() == "sample"
            and work_dir.is_dir()
            and not work_dir.is_relative_to(course / "build")
        )
        return {"process": os.getpid(), "threads": os.environ.get("OMP_NUM_THREADS", "any")}

    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    key = row_key(NETS[0], 0)
    for cost in (False, True):
        studies_of = {"nets": Study("nets", NETS, (0,), threads, cost=cost)}
        monkeypatch.setattr(studies, "STUDIES", studies_of)
        row, source = studies.measure_again("nets", key, "sample", course / "elsewhere")
        assert (row["process"] == os.getpid()) == cost and row["threads"] == ("any" if cost else "1")
        assert row["key"] == key and source["versions"] == provenance.versions()


def verify_all(course, run):
    """Begin to verify two studies that `run` measures, whose tables say .6 and .5; return the process."""
    (course / "sitecustomize.py").write_text(
        "import pathlib, time\n"
        "from pixvox.datasets import store\n"
        "from pixvox_studies import Study, frame as studies\n"
        f"store.ROOT = pathlib.Path({str(course)!r})\n"
        f"def run(*_):\n    {run}\n"
        "studies.STUDIES.clear()\n"
        "studies.STUDIES.update({name: Study(name, [{'net': name}], (0,), run, cost=True)\n"
        "    for name in ('spoilt', 'good', 'new')})\n",
        encoding="utf-8",
    )
    for name, accuracy in {"spoilt": 0.6, "good": 0.5}.items():
        row = build_row({"net": name}, 0, {"accuracy": accuracy}, 1.0) | {"source": 0}
        now = {"versions": provenance.versions(), "device": provenance.device(), "threads": 1}
        now |= {"commit": "1", "data": {}}
        path = tables.kept_path(name, "sample")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"sources": [now], "rows": [row]}), encoding="utf-8")
    path = os.pathsep.join([str(course), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pixvox_cli.main", "study", "--all", "--verify"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment, start_new_session=True, **pipes)


def test_a_row_of_each_committed_table_is_verified_and_one_that_differs_stops_no_other(course):
    running = verify_all(course, "return {'accuracy': .5}")
    out, err = running.communicate(timeout=120)
    assert running.returncode == 1 and not err
    assert re.findall(r"(\w+): (differs|true)", out) == [("spoilt", "differs"), ("good", "true")]
    assert "new" not in out and not (course / "build").exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no process groups")
def test_ctrl_c_ends_all_of_them_and_leaves_the_tables_alone(course):
    began = course / "began"
    running = verify_all(course, f"open({str(began)!r}, 'a').write('1'); time.sleep(60)")
    before = {path: path.read_bytes() for path in course.rglob("*.json")}
    end = time.monotonic() + 60
    while not began.exists():
        assert time.monotonic() < end and running.poll() is None
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130 and err == "pixvox: interrupted\n"
    assert began.read_text() == "1" and "good" not in out
    assert {path: path.read_bytes() for path in course.rglob("*.json")} == before
