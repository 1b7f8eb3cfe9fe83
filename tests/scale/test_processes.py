"""Processes that train one network together, with Keras on JAX: two on this machine, which stand for two."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from support.made_up import bars

from pixvox.datasets import store

pytest.importorskip("jax", reason="needs the environment of `make scale`")

from pixvox_studies.scale import processes  # noqa: E402

LESSON = store.ROOT / "notebooks" / "11_more_than_one_machine.ipynb"


def lose(arm, folder):
    """Return the row of the lesson's network in an arm of the study."""
    return processes.measure_losses({"network": "one convolution", "rate": 0.01, "arm": arm}, 0, folder)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The losses of two processes."""
    return lose("two", tmp_path_factory.mktemp("two"))["loss"]


def test_the_losses_of_two_are_those_of_one(two, tmp_path):
    one = lose("one process", tmp_path)
    assert one["starts"] == 1 and len(two) == processes.EPOCHS
    np.testing.assert_allclose(two[:2], one["loss"][:2], atol=1e-4)  # later, roundings have grown
    assert two[-1] < two[0] / 2


def test_after_one_was_killed_the_losses_are_those_of_two_that_went_through(two, tmp_path):
    killed = lose("two, one is killed", tmp_path)
    assert killed["starts"] == 2
    np.testing.assert_allclose(killed["loss"], two, rtol=1e-6)


def test_processes_that_fail_say_why(monkeypatch, tmp_path):
    few = np.zeros((10, 28, 28, 1), np.uint8), np.zeros(10, int)  # and no batch
    monkeypatch.setattr(processes, "load_fashion_mnist", lambda: (few, few))
    monkeypatch.setattr(processes, "TRIES", 1)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        processes.measure_losses({"network": "few weights", "rate": 0.01, "arm": "one process"}, 0, tmp_path)


def test_keras_trains_in_the_strategy_for_one_machine_and_not_in_that_for_several(tmp_path):
    rows = [
        processes.measure_strategy({"strategy": name, "processes": count}, 0, tmp_path / name)
        for name, count in (("MirroredStrategy", 1), ("MultiWorkerMirroredStrategy", 2))
    ]
    assert [row["trained"] for row in rows] == [True, False]  # if this fails, lesson 11 has news to tell
    assert rows[1]["per_replica"]


def test_the_file_that_readers_take_trains_in_two_processes_as_in_one(tmp_path):
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    (text,) = ["".join(c["source"]) for c in cells if "take-it-with-you" in c["metadata"].get("tags", ())]
    asked = '"0", "1", "127.0.0.1:1234"'
    assert asked in text
    pictures, labels = bars(96)
    np.savez(
        tmp_path / "data.npz", x_train=pictures, y_train=labels, x_test=pictures[:32], y_test=labels[:32]
    )
    load = "import sys\nimport numpy as np\nglobals().update(np.load(sys.argv.pop(1)))\n"
    (tmp_path / "together.py").write_text(load + text.replace(asked, "sys.argv[1:]"), encoding="utf-8")
    accuracies = []
    for count in (1, 2):
        words = [str(count), processes.free_address()]
        commands = [[tmp_path / "together.py", tmp_path / "data.npz", n, *words] for n in range(count)]
        folder = tmp_path / str(count)
        folder.mkdir()
        with processes.run_all(commands, folder) as started:
            processes.wait_until(lambda: processes.ended(started))  # noqa: B023
            assert [process.poll() for process in started] == [0] * count, processes.describe(folder)
        accuracies.append(float((folder / "out0.txt").read_text().split("accuracy ")[1].split()[0]))
    assert min(accuracies) > 0.8


def test_the_lesson_runs_with_two_processes(tmp_path):
    variables = {**os.environ, "PIXVOX_BUILD": str(tmp_path), "PIXVOX_STRICT": "1"}
    command = [sys.executable, "-m", "pixvox_cli.main", "run", "11"]
    done = subprocess.run(command, env=variables, cwd=store.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((tmp_path / "sample" / f"{LESSON.stem}.json").read_text(encoding="utf-8"))
    assert results["expectations"]["the two processes here are like one"]["met"]
