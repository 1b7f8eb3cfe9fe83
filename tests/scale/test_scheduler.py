"""Studies on the workers of a scheduler: two processes here, which stand for two machines."""

import gc
import json
import os
import signal
import socket
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from support.processes import is_alive, wait_until

distributed = pytest.importorskip("distributed", reason="needs the environment of `make scale`")

from pixvox_cli import main as cli  # noqa: E402
from pixvox_cli.console import make_console  # noqa: E402
from pixvox_studies import Study, cluster  # noqa: E402
from pixvox_studies import frame as studies  # noqa: E402

SETTINGS = [{"net": "dense", "rate": 0.1}, {"net": "convnet", "rate": 0.01}]
EVERY = [(setting["net"], seed) for setting in SETTINGS for seed in (0, 1, 2)]


@pytest.fixture(scope="module")
def workers():
    """A scheduler with two workers, each a process of one thread."""
    import dask

    options = {
        "n_workers": 2,
        "threads_per_worker": 1,
        "dashboard_address": "127.0.0.1:0",
        "host": "127.0.0.1",
    }
    given_up = dask.config.set({"distributed.scheduler.allowed-failures": 1})
    with given_up, distributed.LocalCluster(**options) as started:
        yield started


@pytest.fixture
def build(tmp_path, monkeypatch):
    """The folder that a test's tables go to, and no studies."""
    for name in ("PROFILE", "DATA", "TRACEBACK"):
        monkeypatch.delenv(f"PIXVOX_{name}", raising=False)
    monkeypatch.setenv("PIXVOX_BUILD", str(tmp_path))
    monkeypatch.setattr(studies, "STUDIES", {})
    return tmp_path / "sample" / "studies"


@pytest.fixture
def run():
    """A measure function, which is sent with its text: workers do not know this file."""

    def run(setting, seed, work_dir):
        assert os.environ["PIXVOX_PROFILE"] == "sample" and work_dir.is_dir()
        return {"accuracy": np.float32(0.5) + seed, "curve": np.arange(2)}

    return run


def measure(run, *, name="nets", settings=SETTINGS, **options):
    studies.STUDIES[name] = Study("nets compared", settings, (0, 1, 2), run)
    return studies.run_study(name, make_console=make_console, **options)


def saved(build, name="nets"):
    return json.loads((build / f"{name}.json").read_text(encoding="utf-8"))


def points(build):
    return [(row["net"], row["seed"]) for row in saved(build)["rows"]]


def without_time(document):
    rows = [{**row, "cpu_seconds": 0, "date": 0, "source": 0} for row in document["rows"]]
    return {**document, "study": "", "sources": [], "rows": rows}


def begun(build):
    """Return the rows that were begun, which functions below write down."""
    path = build / "begun.txt"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def test_the_table_is_that_of_rows_measured_here_and_names_the_host(workers, build, run, capsys):
    assert measure(run, name="here") == 0
    assert measure(run, scheduler=workers.scheduler_address) == 0
    assert without_time(saved(build)) == without_time(saved(build, "here"))
    [here], [there] = saved(build, "here")["sources"], saved(build)["sources"]
    assert there.pop("host") == socket.gethostname() and there == {**here, "threads": 1}
    assert [row["source"] for row in saved(build)["rows"]] == [0] * 6 and points(build) == EVERY
    assert list((build / "nets").iterdir()) == []
    assert "net dense, rate 0.1, seed 1: accuracy 1.5, 0 CPU s (" in capsys.readouterr().out


def test_rows_have_processes_of_one_thread_that_may_draw_and_end_with_the_study(workers, build):
    def run(setting, seed, work_dir):
        from pixvox_sketch.clothes.sets import draw_clothes

        threads = [os.environ[name] for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")]
        pictures = (
            draw_clothes(4, seed=seed, processes=2)[0] if setting["net"] == "dense" and not seed else []
        )
        return {"threads": threads, "pictures": len(pictures), "process": os.getpid(), "worker": os.getppid()}

    assert measure(run, scheduler=workers.scheduler_address) == 0
    rows = saved(build)["rows"]
    assert rows[0]["pictures"] == 40 and all(row["threads"] == ["1", "1"] for row in rows)
    assert {row["worker"] for row in rows} <= processes(workers)
    wait_until(lambda: not any(is_alive(row["process"]) for row in rows))


def processes(workers):
    return {worker.process.pid for worker in workers.workers.values()}


def test_a_worker_killed_in_the_middle_of_a_row_loses_nothing(workers, build, capsys):
    """Its row is measured again; rows that ended before are in the table by then."""

    def run(setting, seed, work_dir):
        with open(build / "begun.txt", "a") as file:
            file.write(f"{setting['net']}{seed}:{os.getppid()}\n")
        if (setting["net"], seed) == ("dense", 2):
            while not (build / "nets.json").exists():
                time.sleep(0.05)
            if not (build / "killed").exists():
                (build / "killed").write_text(str(os.getppid()))
                os.kill(os.getppid(), signal.SIGKILL)
                time.sleep(60)
        return {"accuracy": 1, "worker": os.getppid()}

    before = processes(workers)
    assert measure(run, scheduler=workers.scheduler_address) == 0
    assert points(build) == EVERY and [row["accuracy"] for row in saved(build)["rows"]] == [1] * 6
    killed = int((build / "killed").read_text())
    [*_, (_, last)] = [line.split(":") for line in begun(build) if line.startswith("dense2")]
    assert killed in before and int(last) == saved(build)["rows"][2]["worker"] != killed
    assert len([line for line in begun(build) if line.startswith("dense2")]) == 2
    assert "(6 of 6)" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["worker", "process"])
def test_a_row_whose_workers_are_always_killed_is_named_and_stops_no_other(workers, build, what, capsys):
    def run(setting, seed, work_dir):
        if (setting["net"], seed) == ("dense", 1):
            with open(build / "begun.txt", "a") as file:
                file.write("again\n")
            os.kill(os.getppid() if what == "worker" else os.getpid(), signal.SIGKILL)
            time.sleep(60)
        return {"accuracy": 1}

    assert measure(run, scheduler=workers.scheduler_address) == 1
    assert points(build) == [point for point in EVERY if point != ("dense", 1)]
    last = capsys.readouterr().out.splitlines()[-2]
    ended = "workers were killed" if what == "worker" else "process ended with SIGKILL(-9)"
    assert last == f"net dense, rate 0.1, seed 1 failed: its {ended}, 2 times"
    assert len(begun(build)) == (4 if what == "worker" else 2)  # Dask itself tries twice here


def test_a_row_that_raises_is_named_and_stops_no_other(workers, build, capsys):
    def run(setting, seed, work_dir):
        if (setting["net"], seed) == ("dense", 1):
            raise FileNotFoundError("expected a file. Type `pixvox fetch mnist`.")
        return {"accuracy": 1}

    assert measure(run, scheduler=workers.scheduler_address) == 1
    assert points(build) == [point for point in EVERY if point != ("dense", 1)]
    assert "seed 1 failed: FileNotFoundError: expected a file." in capsys.readouterr().out.splitlines()[-2]


@pytest.fixture
def other(workers):
    """Let one worker, whose address this is, be of another course: call it with what it then says."""
    with distributed.Client(workers) as client:
        address = sorted(client.scheduler_info()["workers"])[0]

        def be_other(describe=lambda: {}, **found):
            def be():
                cluster.kept = cluster.describe
                cluster.describe = lambda: cluster.kept() | describe() | found

            client.run(be, workers=[address])

        be_other.address = address
        yield be_other

        def be_as_before():
            cluster.describe = cluster.kept

        client.run(be_as_before, workers=[address])


@pytest.mark.parametrize("name", ["commit", "code", "lock", "keras"])
def test_a_worker_of_another_course_is_refused_before_a_row_is_begun(
    workers, build, run, other, name, capsys, monkeypatch
):
    monkeypatch.setattr(cluster, "rows_as_they_end", None)  # nobody asks for a row
    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0,), run)
    other(**{name: "0.0.1"})
    assert cli.main(["study", "nets", "--scheduler", workers.scheduler_address]) == 2
    where = f"the worker {other.address} on {socket.gethostname()}"
    told = capsys.readouterr().err
    assert told.startswith(
        f"pixvox: expected {name} {cluster.describe()[name]} on {where}, got 0.0.1. Type `"
    )
    assert told.endswith("` there, and start the worker again.\n") and told.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "expected", "typed"),
    [
        ("commit", "0123456789ab", "git checkout 0123456789ab && make scale"),
        ("commit", "0123456789ab+changes", "git status"),
        ("commit", "unknown", "git status"),
        ("code", "0123456789ab", "git status"),
        ("lock", "0123456789ab", "make scale"),
        ("numpy", "9.9.9", "make scale"),
    ],
)
def test_what_to_type_on_a_worker_that_is_refused(name, expected, typed, monkeypatch):
    found = {"commit": "ab", "code": "ab", "lock": "ab", "numpy": "2.0.0"}
    monkeypatch.setattr(cluster, "describe", lambda: found)
    told = cluster.why_refused(found | {name: expected}, SimpleNamespace(address="tcp://a:1"))
    assert f"expected {name} {expected} on the worker tcp://a:1" in told
    assert f", got {found[name]}. Type `{typed}` there" in told


def test_a_worker_that_has_not_the_course_is_refused(workers, build, other, run, capsys):
    def describe():
        import no_course  # noqa: F401

    other(describe)
    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0,), run)
    assert cli.main(["study", "nets", "--scheduler", workers.scheduler_address]) == 2
    said = capsys.readouterr().err
    assert f"the worker {other.address}, got ModuleNotFoundError: No module named 'no_course'" in said
    assert said.count("\n") == 1 and "&& make scale` there" in said


def test_a_worker_that_comes_later_and_differs_stops_the_study(workers, build, other, capsys, monkeypatch):
    """Here it becomes another after it was asked, before its first row."""

    def run(setting, seed, work_dir):
        return {"accuracy": 1}

    changed = lambda *given: other(commit="0123456789ab") or rows_as_they_end(*given)  # noqa: E731
    rows_as_they_end = cluster.rows_as_they_end
    monkeypatch.setattr(cluster, "rows_as_they_end", changed)
    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, range(20), run)
    assert cli.main(["study", "nets", "--scheduler", workers.scheduler_address]) == 2
    said = capsys.readouterr().err
    assert f"on the worker {other.address}" in said and "got 0123456789ab." in said


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:9", "127.0.0.1", "teacher.invalid:8786", "udp://teacher:1"]
)
def test_a_scheduler_that_is_not_there(build, run, address, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0,), run)
    assert cli.main(["study", "nets", "--scheduler", address]) == 2
    said = (
        f"expected a scheduler at {address}, none answers. Type `dask scheduler` there; it shows its address."
    )
    gc.collect()  # what is left of its client may block the next one's start
    assert capsys.readouterr().err == f"pixvox: {said}\n"


def test_a_scheduler_without_workers(build, run, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0,), run)
    options = {"n_workers": 0, "dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
    with distributed.LocalCluster(**options) as started:
        address = started.scheduler_address
        assert cli.main(["study", "nets", "--scheduler", address]) == 2
    assert f"it has none. Type `dask worker {address} --nthreads 1` on each" in capsys.readouterr().err


def test_ctrl_c_keeps_what_there_is_and_frees_the_workers(workers, build, capsys):
    def run(setting, seed, work_dir):
        if seed:
            with open(build / "begun.txt", "a") as file:
                file.write(f"{os.getpid()}\n")
            time.sleep(60)
        return {"accuracy": 1}

    def interrupt():
        wait_until(lambda: len(begun(build)) == 2 and (build / "nets.json").exists())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0, 1), run)
    address = workers.scheduler_address
    assert cli.main(["study", "nets", "--scheduler", address]) == 130
    said = capsys.readouterr().out
    assert f"{len(points(build))} of 4 rows are saved. To go on" in said
    assert f"`pixvox study nets --profile sample --scheduler {address}`" in said
    wait_until(lambda: not any(is_alive(int(process)) for process in begun(build)))


def test_a_scheduler_that_ends_in_the_middle_is_told(build, capsys):
    def run(setting, seed, work_dir):
        if seed:
            (build / "begun.txt").write_text("begun")
            time.sleep(20)
        return {"accuracy": 1}

    options = {
        "n_workers": 1,
        "threads_per_worker": 1,
        "dashboard_address": "127.0.0.1:0",
        "host": "127.0.0.1",
    }
    with distributed.LocalCluster(**options) as started:

        def end():
            wait_until(lambda: begun(build) and (build / "nets.json").exists())
            started.close()

        threading.Thread(target=end).start()
        studies.STUDIES["nets"] = Study("nets compared", SETTINGS[:1], (0, 1), run)
        assert cli.main(["study", "nets", "--scheduler", started.scheduler_address]) == 2
    assert "it is gone; finished rows are saved" in capsys.readouterr().err
    assert points(build) == [("dense", 0)]
