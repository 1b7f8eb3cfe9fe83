import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest
from support.processes import is_alive, wait_until

from pixvox import tables
from pixvox.datasets import store
from pixvox.datasets.files import checksum
from pixvox_cli import main as cli
from pixvox_cli.console import make_console
from pixvox_studies import Study
from pixvox_studies import frame as studies
from pixvox_studies.row import build_row, row_key

SETTINGS = [{"net": "dense", "rate": 0.1}, {"net": "convnet", "rate": 0.01}]
COMMITTED = sorted((store.ROOT / "data" / "results").glob("*/studies/*.json"))
posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows knows no SIGKILL")


@pytest.fixture
def root(course, monkeypatch):
    """A course without studies."""
    monkeypatch.setenv("KERAS_HOME", str(course / "keras"))
    monkeypatch.setattr(studies, "STUDIES", {})
    return course


@pytest.fixture
def measured(root):
    """A study of four rows, and the list of what was measured in this process."""
    done = []

    def run(setting, seed, work_dir):
        assert store.profile() == "sample" and work_dir.is_dir()
        done.append((setting["net"], seed))
        return {"accuracy": np.float32(0.5) + seed, "curve": np.arange(2)}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0, 1), run)
    return done


def change(**fields):
    """Change the study."""
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(**fields)


def measure(**options):
    return studies.run_study("nets", make_console=make_console, **options)


def folder(root):
    return root / "build" / "sample" / "studies"


def saved(root):
    return json.loads((folder(root) / "nets.json").read_text(encoding="utf-8"))


def points(root):
    return [(row["net"], row["seed"]) for row in saved(root)["rows"]]


def test_rows_are_measured_once_and_saved_with_where_they_come_from(root, measured, capsys):
    assert measure() == 0
    document = saved(root)
    assert points(root) == [("dense", 0), ("dense", 1), ("convnet", 0), ("convnet", 1)]
    assert document["rows"][1]["accuracy"] == 1.5 and document["rows"][0]["curve"] == [0, 1]
    assert list(document) == ["study", "title", "profile", "sources", "rows"]
    assert [set(source) for source in document["sources"]] == [
        {"versions", "commit", "device", "threads", "data"}
    ]
    assert [row["source"] for row in document["rows"]] == [0, 0, 0, 0]
    assert list(document["rows"][0])[-3:] == ["cpu_seconds", "source", "date"]
    assert document["rows"][0]["cpu_seconds"] >= 0 and document["rows"][0]["date"].endswith("+00:00")
    assert list((folder(root) / "nets").iterdir()) == []
    shown = capsys.readouterr().out
    assert "net dense, rate 0.1, seed 1: accuracy 1.5, 0 CPU s (2 of 4)" in shown and "\x1b" not in shown
    assert measure() == 0
    assert len(measured) == 4 and saved(root) == document


def test_several_jobs_are_processes_of_one_thread_that_end_with_the_study(root):
    def run(setting, seed, work_dir):
        threads = [os.environ[name] for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")]
        return {"process": os.getpid(), "threads": threads, "profile": os.environ["PIXVOX_PROFILE"]}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0, 1), run)
    before = dict(os.environ)
    assert measure(jobs=2) == 0
    rows = saved(root)["rows"]
    assert points(root) == [("dense", 0), ("dense", 1), ("convnet", 0), ("convnet", 1)]
    assert all(row["threads"] == ["1", "1"] and row["profile"] == "sample" for row in rows)
    assert os.getpid() not in {row["process"] for row in rows} and dict(os.environ) == before
    assert not any(is_alive(row["process"]) for row in rows)


def test_a_row_may_draw_its_pictures_in_other_processes(root):
    def run(setting, seed, work_dir):
        from pixvox_sketch.clothes.sets import draw_clothes

        return {"pictures": len(draw_clothes(4, seed=seed, processes=2)[0])}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS[:1], (0,), run)
    assert measure(jobs=2) == 0
    assert saved(root)["rows"][0]["pictures"] == 40


def test_no_more_processes_start_than_rows_are_missing(root):
    def run(setting, seed, work_dir):
        siblings = psutil.Process().parent().children()
        return {"workers": sum("popen_loky" in " ".join(process.cmdline()) for process in siblings)}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0,), run)
    assert measure(jobs=5) == 0
    assert max(row["workers"] for row in saved(root)["rows"]) == 2


def test_a_number_that_is_none_is_saved_as_null(root):
    measured = {"loss": np.float32("nan"), "curve": np.array([1, np.inf])}
    studies.STUDIES["nets"] = Study("nets compared", SETTINGS[:1], (0,), lambda *_: measured)
    assert measure() == 0
    assert saved(root)["rows"][0]["loss"] is None and saved(root)["rows"][0]["curve"] == [1, None]


def test_cpu_seconds_are_those_of_a_rows_own_work_in_its_process(root):
    def run(setting, seed, work_dir):
        begin = time.process_time()
        while time.process_time() < begin + 0.1 + 0.2 * seed:
            pass
        return {}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS[:1], (0, 1), run)
    assert measure(jobs=2) == 0
    assert [row["cpu_seconds"] for row in saved(root)["rows"]] == pytest.approx([0.1, 0.3], abs=0.06)


@posix_only
def test_a_killed_worker_costs_its_row_and_no_other(root, capsys):
    """One row kills its process always, one the first time only."""

    def run(setting, seed, work_dir):
        with open(work_dir.parent.parent / "begun.txt", "a") as begun:
            begun.write(f"{setting['net']} {seed}\n")
        first = not (work_dir / "tried").exists()
        (work_dir / "tried").touch()
        time.sleep(0.1)
        if setting["net"] == "convnet" and (seed == 1 or (seed == 2 and first)):
            os.kill(os.getpid(), signal.SIGKILL)
        return {"accuracy": 1}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0, 1, 2, 3), run)
    assert measure(jobs=2) == 1
    every = [(net, seed) for net in ("dense", "convnet") for seed in range(4)]
    assert points(root) == [point for point in every if point != ("convnet", 1)]
    tries = (folder(root) / "begun.txt").read_text().splitlines()
    assert tries.count("convnet 1") == 2 and 1 <= tries.count("convnet 2") <= 3
    last = capsys.readouterr().out.splitlines()[-2]
    assert "convnet, rate 0.01, seed 1 failed" in last and "ended with SIGKILL(-9), 2 times" in last


class DeadlyRun:
    """A measure function that kills each worker before it begins a row."""

    def __reduce__(self):
        return os._exit, (1,)


def test_where_no_worker_lives_the_study_says_how_to_do_without(root):
    studies.STUDIES["nets"] = Study("nets", SETTINGS, (0,), DeadlyRun())
    with pytest.raises(ChildProcessError, match=r"ended with .*1.*`pixvox study nets --jobs 1`") as raised:
        measure(jobs=2)
    assert "memory" not in str(raised.value)


@posix_only
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_ctrl_c_and_kill_lose_no_finished_row(root, measured, how):
    """The study and its workers hear Ctrl-C, as from a terminal; a kill hits the study only."""
    started = root / "started.txt"
    (root / "plain_study.py").write_text(
        "import os, pathlib, sys, time\n"
        "from pixvox.datasets import store\n"
        "from pixvox_cli.console import make_console\n"
        "from pixvox_studies import Study, frame as studies\n"
        "def run(setting, seed, work_dir):\n"
        "    if seed == 1:\n"
        f"        open({str(started)!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
        "        time.sleep(60)\n"
        "    return {'accuracy': .25}\n"
        f"store.ROOT = pathlib.Path({str(root)!r})\n"
        f"studies.STUDIES['nets'] = Study('nets', {SETTINGS!r}, (0, 1), run)\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(studies.run_study('nets', jobs=2, make_console=make_console))\n"
    )
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    study = subprocess.Popen([sys.executable, root / "plain_study.py"], start_new_session=True, **pipes)
    wait_until(lambda: started.exists() and len(started.read_text().splitlines()) == 2)
    (os.killpg if how == signal.SIGINT else os.kill)(study.pid, how)
    out, err = study.communicate(timeout=20)
    if how == signal.SIGINT:
        assert study.returncode == 130 and not err
        assert "2 of 4 rows are saved" in out and "`pixvox study nets --profile sample --jobs 2`" in out
    for worker in map(int, started.read_text().split()):
        wait_until(lambda worker=worker: not is_alive(worker))
    assert measure() == 0  # the lock of a dead process is nobody's
    assert measured == [("dense", 1), ("convnet", 1)]
    assert [row["accuracy"] for row in saved(root)["rows"]] == [0.25, 1.5, 0.25, 1.5]


def test_a_row_that_was_measured_and_not_yet_in_the_table_is_found_again(root, measured, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(studies, "_save_measured", lambda table, console: None)
        measure()
    assert not (folder(root) / "nets.json").exists()
    monkeypatch.setattr(studies, "STUDIES", {"nets": Study("nets", SETTINGS, (0, 1), lambda *_: {})})
    assert measure() == 0
    assert len(measured) == 4 and saved(root)["rows"][3]["accuracy"] == 1.5
    assert list((folder(root) / "nets").iterdir()) == []


def test_an_interrupted_study_goes_on_where_it_was(root, measured, capsys):
    run = studies.STUDIES["nets"].run

    def interrupted(setting, seed, work_dir):
        if len(measured) == 2:
            raise KeyboardInterrupt
        return run(setting, seed, work_dir)

    change(run=interrupted)
    assert cli.main(["study", "nets", "--keep"]) == 130
    shown = capsys.readouterr().out
    assert "2 of 4 rows" in shown and "`pixvox study nets --profile sample --keep`" in shown
    assert len(saved(root)["rows"]) == 2 and "PIXVOX_PROFILE" not in os.environ
    change(run=run)
    assert cli.main(["study", "nets"]) == 0
    assert measured == [("dense", 0), ("dense", 1), ("convnet", 0), ("convnet", 1)]


@pytest.mark.parametrize(("jobs", "kind"), [(1, FileNotFoundError), (1, SystemExit), (2, FileNotFoundError)])
def test_a_row_that_raises_is_named_at_the_end_and_stops_no_other(root, capsys, jobs, kind):
    def run(setting, seed, work_dir):
        if (setting["net"], seed) == ("dense", 1):
            raise kind("expected a file. Type `pixvox fetch mnist`.")
        return {"accuracy": 1}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0, 1), run)
    assert cli.main(["study", "nets", "--jobs", str(jobs), "--keep"]) == 1
    last = capsys.readouterr().out.splitlines()[-2]
    assert last.startswith("net dense, rate 0.1, seed 1 failed: " + kind.__name__)
    assert "`pixvox fetch mnist`" in last
    assert points(root) == [("dense", 0), ("convnet", 0), ("convnet", 1)]
    assert not tables.kept_path("nets", "sample").exists()


def test_a_study_that_is_running_is_not_started_again(root, capsys):
    def run(setting, seed, work_dir):
        before = sorted(folder(root).rglob("*"))
        with pytest.raises(BlockingIOError, match=f"nets is running, pid {os.getpid()}"):
            measure()
        assert sorted(folder(root).rglob("*")) == before
        return {"accuracy": 1}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS[:1], (0,), run)
    assert measure() == 0
    assert measure() == 0


def test_tables_of_cost_are_measured_one_row_at_a_time(root, measured, capsys):
    change(cost=True)
    assert cli.main(["study", "nets", "--jobs", "2"]) == 2
    assert "Type `pixvox study nets`" in capsys.readouterr().err
    assert not measured and cli.main(["study", "nets"]) == 0
    assert cli.main(["study", "nets", "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "got the scheduler tcp://127.0.0.1:9. Type `pixvox study nets`" in capsys.readouterr().err
    with pytest.raises(ValueError):
        measure(jobs=0)


@pytest.mark.parametrize("which", ["nets", "--all"])
def test_jobs_and_a_scheduler_are_two_ways(root, measured, capsys, which):
    assert cli.main(["study", which, "--jobs", "2", "--scheduler", "tcp://127.0.0.1:9"]) == 2
    said = f"expected --jobs or --scheduler, got both. Type `pixvox study {which} --scheduler tcp://127.0.0.1:9`."
    assert capsys.readouterr().err == f"pixvox: {said}\n" and not measured


def test_a_scheduler_needs_the_environment_of_several_machines(root, measured, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert cli.main(["study", "nets", "--scheduler", "tcp://127.0.0.1:9"]) == 2
    said = "expected the package distributed for --scheduler, it is not installed in this environment."
    assert (
        capsys.readouterr().err == f"pixvox: {said} Type `make scale`, then use `.venv-scale/bin/pixvox`.\n"
    )
    assert not measured


def test_what_is_known_of_drawings_only_is_not_measured_on_photographs(root, measured, capsys):
    change(drawn_only=True)
    assert cli.main(["study", "nets", "--profile", "full"]) == 2
    assert "`pixvox study nets --profile sample`" in capsys.readouterr().err and not measured
    assert studies.cheapest_first("full") == [] and studies.cheapest_first("sample") == ["nets"]
    assert cli.main(["study", "nets"]) == 0


def test_a_study_may_have_fewer_seeds_on_photographs(root):
    def run(setting, seed, work_dir):
        return {"accuracy": 0.5}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0, 1, 2), run, full_seeds=(0, 7))
    studies.STUDIES["others"] = Study("others", SETTINGS[:1], (0, 1, 2), run)
    assert measure() == 0 and measure(profile="full") == 0
    for profile, seeds in (("sample", [0, 1, 2]), ("full", [0, 7])):
        path = root / "build" / profile / "studies" / "nets.json"
        found = [(row["net"], row["seed"]) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]
        assert found == [(net, seed) for net in ("dense", "convnet") for seed in seeds]
        assert [seed for _, seed in studies.open_table("others", profile).grid.values()] == [0, 1, 2]


def test_the_studies_of_drawings_only_are_marked():
    drawn = {name for name, study in studies.STUDIES.items() if study.drawn_only}
    of_faces = {f"face_{name}" for name in ("leak", "rates", "tuned", "luck", "groups", "undivided")}
    of_drawings = of_faces | {"heatmap_transfer", "sanity_check", "pets_dial"}
    of_drawings |= {f"own_{name}" for name in ("faults", "means", "covers", "twins", "maps")}
    of_drawings |= {f"scale_{name}" for name in ("losses", "processes", "strategies")}
    of_voxels = {"voxel_clips", "voxel_hands", "voxel_solids"}
    assert drawn == of_drawings | of_voxels | {"mnist_gradients", "mnist_activation_costs", "transfer_costs"}


def test_the_studies_of_cost_are_marked():
    costly = {name for name, study in studies.STUDIES.items() if study.cost}
    of_lessons = {"mnist_costs", "leaky_costs", "fashion_cost", "pets_cost", "voxel_cost", "voxel_arm_costs"}
    assert costly == of_lessons | {
        "mnist_activation_costs",
        "transfer_costs",
        "voxel_look_up",
        "scale_processes",
    }


def test_rows_of_settings_that_are_gone_are_set_aside_and_come_back_with_them(root, measured, capsys):
    measure()
    sources = saved(root)["sources"]
    leftover = folder(root) / "nets" / "dense-0.1-seed0-00000000"
    leftover.mkdir(parents=True)
    change(settings=SETTINGS[:1])
    capsys.readouterr()
    assert measure() == 0
    assert "no longer part of nets: 2" in capsys.readouterr().out
    assert points(root) == [("dense", 0), ("dense", 1)]
    assert saved(root)["sources"] == sources and not leftover.exists() and len(measured) == 4
    change(settings=SETTINGS)
    assert measure() == 0
    assert len(measured) == 4 and len(points(root)) == 4 and list((folder(root) / "nets").iterdir()) == []


def test_each_row_says_which_versions_measured_it(root, measured, monkeypatch):
    change(seeds=(0,))
    measure()
    before = saved(root)["sources"]
    with monkeypatch.context() as patch:
        patch.setattr("pixvox.provenance.device", lambda: "another machine")
        change(seeds=(0, 1))
        measure()
    assert saved(root)["sources"] == [*before, {**before[0], "device": "another machine"}]
    assert [row["source"] for row in saved(root)["rows"]] == [0, 1, 0, 1]
    monkeypatch.setattr(studies, "STUDIES", {"nets": Study("nets", SETTINGS, (1,), lambda *_: {})})
    measure()  # rows of seed 0 are set aside, with what measured them
    change(seeds=(2,))
    measure()
    assert len(saved(root)["sources"]) == 1
    change(seeds=(0, 1, 2))
    measure()
    found = {row["seed"]: saved(root)["sources"][row["source"]]["device"] for row in saved(root)["rows"]}
    assert found == {0: before[0]["device"], 1: "another machine", 2: before[0]["device"]}


def test_a_row_whose_source_nobody_knows_keeps_none(root, measured):
    measure()
    document = saved(root)
    document["rows"][0]["source"] = None
    (folder(root) / "nets.json").write_text(json.dumps(document), encoding="utf-8")
    change(settings=SETTINGS[1:])
    measure()
    change(settings=SETTINGS)
    measure()
    assert [row["source"] for row in saved(root)["rows"]] == [None, 0, 0, 0] and len(measured) == 4


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_data_that_rows_used_are_recorded(root, monkeypatch, jobs):
    path = root / "data" / "full" / "mnist" / "mnist.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"digits")
    monkeypatch.setenv("PIXVOX_DATA", str(root / "data" / "full"))

    def run(setting, seed, work_dir):
        store.locate("mnist", "mnist.npz")
        return {"accuracy": 1}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0, 1), run)
    measure(profile="full", jobs=jobs)
    table = json.loads((root / "build" / "full" / "studies" / "nets.json").read_text(encoding="utf-8"))
    assert [source["data"] for source in table["sources"]] == [{"mnist/mnist.npz": checksum(path)}]


def test_more_data_are_no_other_source_and_changed_data_are():
    first = {"versions": {}, "commit": "1", "device": "CPU", "data": {"b": "1"}}
    sources = []
    assert studies.number_source(sources, dict(first)) == 0
    assert studies.number_source(sources, {**first, "data": {"a": "2"}}) == 0
    assert sources == [{**first, "data": {"a": "2", "b": "1"}}]
    assert studies.number_source(sources, {**first, "data": {"b": "3"}}) == 1
    assert studies.number_source(sources, {**first, "commit": "2"}) == 2
    assert studies.number_source(sources, {**first, "data": {}}) == 0
    assert [source["data"] for source in sources] == [{"a": "2", "b": "1"}, {"b": "3"}, {"b": "1"}]


def test_a_finished_table_is_kept_and_loaded(root, measured):
    assert measure(keep=True) == 0
    frame = tables.load_study("nets")
    names = ["net", "rate", "seed", "accuracy", "curve", "cpu_seconds", "source", "date"]
    assert list(frame.columns) == names and len(frame) == 4
    assert frame.attrs["title"] == "nets compared" and frame.attrs["profile"] == "sample"


def test_the_list_says_how_far_studies_are_and_what_they_will_cost(root, measured, capsys):
    row = {"net": "dense", "rate": 0.1, "seed": 0, "source": None, "key": row_key(SETTINGS[0], 0)}
    keep("kept", [{**row, "cpu_seconds": 60}, {**row, "key": row_key(SETTINGS[1], 0), "cpu_seconds": 180}])
    measure()
    change(seeds=(0, 1, 2))
    for name in ("unknown", "kept"):
        studies.STUDIES[name] = Study(f"{name} compared", SETTINGS, (0, 1), "nowhere:run")
    capsys.readouterr()
    assert cli.main(["study"]) == 0
    lines = {line.split()[1]: line for line in capsys.readouterr().out.splitlines() if "compared" in line}
    assert "4 of 6" in lines["nets"] and "0 CPU s" in lines["nets"]
    assert "0 of 4" in lines["kept"] and "8 CPU min" in lines["kept"]  # 60 + 180 and twice their mean
    assert "not measured yet" in lines["unknown"]
    assert studies.cheapest_first() == ["nets", "kept", "unknown"]


def keep(name, rows):
    path = tables.kept_path(name, "sample")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"sources": [], "rows": rows}), encoding="utf-8")


def test_all_studies_run_one_after_the_other_the_cheapest_first(root, tmp_path):
    """In processes of their own; those of cost with one job; one that fails stops no other."""
    (root / "sitecustomize.py").write_text(
        "import os, pathlib, sys\n"
        "from pixvox.datasets import store\n"
        "from pixvox_sketch.clothes.sets import draw_clothes\n"
        "from pixvox_studies import Study, frame as studies\n"
        "def run(setting, seed, work_dir):\n"
        "    if setting['net'] == 'bad': raise ValueError('no such net')\n"
        "    draw_clothes(4, seed=0, processes=2)\n"
        "    return {'threads': os.environ.get('OMP_NUM_THREADS', 'any')}\n"
        f"store.ROOT = pathlib.Path({str(root)!r})\n"
        "studies.STUDIES.clear()\n"
        "studies.STUDIES.update({name: Study(name, [{'net': name}], (0,), run, name == 'cost')\n"
        "    for name in ('good', 'bad', 'cost')})\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *sys.path])}
    environment.pop("OMP_NUM_THREADS", None)
    keep("cost", [{"key": row_key({"net": "cost"}, 0), "cpu_seconds": 1, "source": None}])
    command = [sys.executable, "-m", "pixvox_cli.main", "study", "--all", "--jobs", "2"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and not done.stderr
    good, cost = (tables.read(folder(root) / f"{name}.json")["rows"] for name in ("good", "cost"))
    assert good[0]["threads"] == "1" and cost[0]["threads"] == "any"
    assert re.findall(r"^(\w+): \d of 1 rows", done.stdout, flags=re.MULTILINE) == ["cost", "good", "bad"]


@pytest.mark.parametrize("words", [["study"], ["study", "--help"]])
def test_listing_and_help_load_no_tensorflow(words):
    code = (
        "import sys\nfrom pixvox_cli import main as cli\n"
        f"try:\n    cli.main({words})\nexcept SystemExit:\n    pass\n"
        "print('LOADED', [name for name in ('tensorflow', 'keras', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_an_unknown_study_and_a_broken_table(root, measured, capsys):
    assert cli.main(["study", "more"]) == 2
    assert "`pixvox study`" in capsys.readouterr().err and not folder(root).exists()
    assert cli.main(["study", "nets", "--all"]) == 2
    folder(root).mkdir(parents=True)
    (folder(root) / "nets.json").write_text("{", encoding="utf-8")
    assert cli.main(["study", "nets"]) == 2
    assert "Remove the file" in capsys.readouterr().err
    assert cli.main(["study"]) == 0
    assert "broken" in capsys.readouterr().out


RIGHT = build_row(SETTINGS[0], 0, {"accuracy": 0.5}, 1.0)
SOURCE = {"versions": {}, "commit": "0", "device": "CPU", "threads": 1, "data": {}}


def broken_row(source=SOURCE, **changes):
    return json.dumps({"row": {**RIGHT, **changes}, "source": source})


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[]", 20_000 * "[", 5_000 * "9", json.dumps({"row": [], "source": None})),
        *(broken_row(key="another"), broken_row(cpu_seconds="1"), broken_row(cpu_seconds=10**400)),
        *(broken_row(cpu_seconds=float("inf")), broken_row(source={}), broken_row(source={"data": 1})),
        *(broken_row().replace('"net"', '"nets"'), broken_row().replace('"seed"', '"seeds"')),
        *(broken_row().replace('"cpu_seconds"', '"seconds"'), broken_row().replace("1.0", "1e400")),
    ],
)
def test_a_broken_row_is_measured_anew(root, measured, text):
    path = folder(root) / "nets" / row_key(SETTINGS[0], 0) / "row.json"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert measure() == 0 and len(measured) == 4


def test_a_right_row_is_not_measured_anew(root, measured):
    path = folder(root) / "nets" / row_key(SETTINGS[0], 0) / "row.json"
    path.parent.mkdir(parents=True)
    path.write_text(broken_row(), encoding="utf-8")
    assert measure() == 0 and len(measured) == 3


def test_a_lock_that_is_none_is_named(root, measured, capsys):
    (folder(root) / "nets.lock").mkdir(parents=True)
    assert cli.main(["study", "nets"]) == 2
    assert f"directory: '{folder(root) / 'nets.lock'}'" in capsys.readouterr().err and not measured


def test_a_measured_number_may_not_hide_a_setting():
    for taken in ("rate", "seed", "date", "key", "cpu_seconds", "source"):
        with pytest.raises(ValueError, match=taken):
            build_row(SETTINGS[0], 0, {taken: 1}, 1.0)


def test_a_function_is_imported_from_its_address(root, tmp_path, monkeypatch):
    (tmp_path / "some_study.py").write_text("def run(setting, seed, work_dir):\n    return {'a': 1}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    studies.STUDIES["nets"] = Study("nets", SETTINGS[:1], (0,), "some_study:run")
    assert measure() == 0
    assert saved(root)["rows"][0]["a"] == 1


def test_row_keys_are_folder_names_of_their_own():
    keys = {row_key(setting, seed) for setting in [{"a": 1}, {"b": 1}, {"a": "1"}] for seed in (0, 1)}
    assert len(keys) == 6
    key = row_key({"name": "a/b: c" * 40, "on": True}, 0)
    assert len(key) <= 70 and not set(key) & set("/: ")


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_rows_of_committed_tables_are_found_again(path):
    """A setting stands in a row between its key and its seed; each source is one that the table lists."""
    study, document, profile = studies.STUDIES[path.stem], tables.read(path), path.parts[-3]
    grid = {(json.dumps(setting), seed) for setting in study.settings for seed in study.seeds_of(profile)}
    assert all(
        [n for n in source if n not in ("threads", "host")] == ["versions", "commit", "device", "data"]
        for source in document["sources"]
    )
    for row in document["rows"]:
        assert row["source"] in (None, *range(len(document["sources"])))
        names = list(row)
        setting = {name: row[name] for name in names[1 : names.index("seed")]}
        assert names[0] == "key" and row["key"] == row_key(setting, row["seed"])
        assert (json.dumps(setting), row["seed"]) in grid


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_measured(
    root, measured, capsys, monkeypatch
):
    (root / "somebody's").write_bytes(b"")
    monkeypatch.setenv("PIXVOX_BUILD", "somebody's/build")
    assert cli.main(["study", "nets", "--jobs", "2"]) == 2
    said = capsys.readouterr().err
    assert "somebody's/build/sample/studies" in said and measured == []
    assert "pixvox study nets --profile sample --jobs 2`" in said
    assert cli.main(["study", "nets", "--scheduler", "tcp://teacher:1", "--keep"]) == 2
    assert "pixvox study nets --profile sample --scheduler tcp://teacher:1 --keep`" in capsys.readouterr().err
