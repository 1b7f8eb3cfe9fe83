"""The machinery a notebook calls: start, choose, expect, claim, finish."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from pixvox import lesson as lesson_module
from pixvox.datasets import store
from pixvox.lesson import Lesson, start


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """A repository of its own, with the real ledger and the real sample digits."""
    (tmp_path / "data").mkdir()
    shutil.copy(store.ROOT / "data" / "claims.csv", tmp_path / "data")
    shutil.copytree(store.ROOT / "data" / "sample" / "mnist", tmp_path / "data" / "sample" / "mnist")
    monkeypatch.setattr(store, "ROOT", tmp_path)
    for name in ("PIXVOX_PROFILE", "PIXVOX_SEED", "PIXVOX_STRICT", "PIXVOX_DATA"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def read_result(root, profile="sample"):
    return json.loads((root / "build" / profile / "01_mnist.json").read_text(encoding="utf-8"))


def test_start_says_what_the_run_depends_on_and_fixes_the_seed(capsys, monkeypatch):
    first = start("01_mnist", seed=3)
    drawn = np.random.rand()
    text = capsys.readouterr().out
    assert "profile sample (data in data/sample), seed 3" in text
    assert "tensorflow 2." in text and "not recorded yet" in text
    monkeypatch.setenv("PIXVOX_SEED", "3")
    second = start("01_mnist", seed=0)
    assert (first.seed, second.seed, np.random.rand()) == (3, 3, drawn)


def test_start_tells_the_recorded_time(root, capsys):
    folder = root / "data" / "results" / "sample"
    folder.mkdir(parents=True)
    record = {"run": {"wall_seconds": 31.4}, "device": "CPU, 2 cores"}
    (folder / "01_mnist.json").write_text(json.dumps(record), encoding="utf-8")
    assert (
        "time when last recorded: sample 31 seconds (CPU, 2 cores)"
        in Lesson("01_mnist", "sample", 0).introduction()
    )
    record["run"]["wall_seconds"] = 600
    (folder / "01_mnist.json").write_text(json.dumps(record), encoding="utf-8")
    assert "sample 10 minutes" in Lesson("01_mnist", "sample", 0).introduction()


@pytest.mark.parametrize(
    ("name", "value"), [("PIXVOX_PROFILE", "large"), ("PIXVOX_SEED", "one"), ("PIXVOX_SEED", "4294967296")]
)
def test_start_refuses_unknown_profiles_and_seeds(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"expected.*{value}"):
        start("01_mnist")


def test_tensorflow_is_loaded_without_its_start_up_lines():
    command = "import pixvox.lesson as l; l.start('01_mnist'); import keras; keras.layers.Dense(1)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_lines_of_errors_are_passed_on(capfd):
    from pixvox import backend

    with backend._startup_lines_removed():
        import os

        os.write(
            2,
            b"I0000 00:00:1.1    3069 port.cc:153] oneDNN custom operations are on. You may\nreal trouble\n",
        )
    assert capfd.readouterr().err == "real trouble\n"


def test_choose_follows_the_profile():
    assert Lesson("01_mnist", "sample", 0).choose(sample=1, full=2) == 1
    assert Lesson("01_mnist", "full", 0).choose(sample=1, full=2) == 2


@pytest.mark.parametrize(
    ("left", "comparison", "right", "margin", "met"),
    [
        (0.9, ">", 0.8, 0.05, True),
        (0.84, ">", 0.8, 0.05, False),
        (0.9, ">=", 0.9, 0, True),
        (0.7, "<", 0.8, 0.05, True),
        (0.78, "<", 0.8, 0.05, False),
        (1.0, "<=", 1.0, 0, True),
        (2, "==", 2, 0, True),
        (2.05, "==", 2, 0.1, True),
        (2.2, "==", 2, 0.1, False),
        (float("nan"), "<", 1, 0, False),
    ],
)
def test_expect_compares_with_a_margin(left, comparison, right, margin, met, capsys, monkeypatch):
    lesson = Lesson("01_mnist", "sample", 0)
    lesson.expect("it is so", left, comparison, right, margin=margin)
    assert capsys.readouterr().out.startswith("as expected" if met else "NOT as expected")
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    if met:
        lesson.expect("it is so", left, comparison, right, margin=margin)
    else:
        with pytest.raises(AssertionError, match="NOT as expected: it is so"):
            lesson.expect("it is so", left, comparison, right, margin=margin)


def test_seconds_never_raise_and_are_kept_apart(root, monkeypatch):
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    lesson = Lesson("01_mnist", "sample", 0)
    lesson.expect("faster", 12.0, "<", 10.0, unit="s")
    lesson.finish()
    result = read_result(root)
    assert result["expectations"] == {}
    compared = result["run"]["seconds_compared"]["faster"]
    assert (compared["met"], compared["left"]) == (False, 12.0)


def test_expect_refuses_other_comparisons():
    with pytest.raises(ValueError, match="'!='"):
        Lesson("01_mnist", "sample", 0).expect("different", 1, "!=", 2)


def test_claims_take_their_verdict_from_named_expectations(capsys):
    lesson = Lesson("01_mnist", "sample", 0)
    lesson.expect("maps move along", 0, "==", 0)
    lesson.expect("accuracy falls", 0.9, ">", 0.3)
    lesson.claim("P4.5", 0.9, 0.3, supports="maps move along", refutes=["accuracy falls"])
    assert (
        "P4.5: Patterns that a convnet learns are translation invariant. Holds in part."
        in capsys.readouterr().out
    )
    lesson.expect("accuracy falls", 0.9, ">", 0.95)
    lesson.claim("P4.5", 0.9, 0.3, supports="maps move along", refutes=["accuracy falls"])
    assert "Holds." in capsys.readouterr().out


def test_a_claim_keeps_the_study_that_its_numbers_come_from(root):
    table = pd.DataFrame({"seed": [0, 1, 1], "cpu_seconds": [1.0, 2.0, 3.0]})
    table.attrs |= {"study": "mnist_networks", "device": "CPU, 2 cores"}
    lesson = start("01_mnist", seed=0)
    lesson.claim("P4.2", 93_322, study=table)
    lesson.finish()
    record = read_result(root)["claims"]["P4.2"]
    study = {"name": "mnist_networks", "seeds": 2, "cpu_seconds": 6.0, "device": "CPU, 2 cores"}
    assert record["study"] == study


def test_claims_of_other_lessons_and_without_evidence_are_refused():
    lesson = Lesson("01_mnist", "sample", 0)
    with pytest.raises(ValueError, match=r"claim of lesson 01_mnist \(P1.1.*got 'P0.1'"):
        lesson.claim("P0.1", 1)
    with pytest.raises(ValueError, match="name the expectation"):
        lesson.claim("P4.5", 0.9)
    with pytest.raises(ValueError, match="P4.1: expected as many numbers"):
        lesson.claim("P4.1", 3)
    with pytest.raises(ValueError, match="type n="):
        lesson.claim("P4.3", 0.99)
    with pytest.raises(ValueError, match="no expectation is called 'nothing'"):
        lesson.claim("P4.5", 0.9, supports="nothing")


def test_an_accuracy_of_the_sample_is_marked_and_left_unjudged(root, capsys):
    lesson = Lesson("01_mnist", "sample", 0)
    lesson.claim("P4.3", np.float32(0.97), n=360)
    assert "Judged on the full data only." in capsys.readouterr().out
    lesson.finish()
    assert read_result(root)["claims"]["P4.3"] == {
        "values": [0.97],
        "n": 360,
        "verdict": "not measured here",
        "mark": "small",
    }
    drawn = Lesson("03_fashion_mnist_four_models", "sample", 0)
    drawn.claim("P3.3", 0.9, n=500)
    assert drawn._claims["P3.3"]["mark"] == "drawn"


def test_finish_writes_everything_and_shows_the_table(root, capsys):
    from pixvox.datasets.mnist import load_mnist

    lesson = start("01_mnist")
    load_mnist()
    lesson.claim("P4.2", np.int64(93322))
    lesson.finish(headline={"test accuracy": np.float32(0.97)}, history={"net": {"loss": [np.float32(0.5)]}})
    assert "93,322" in capsys.readouterr().out
    result = read_result(root)
    assert result["headline"] == {"test accuracy": 0.97}
    assert result["history"] == {"net": {"loss": [0.5]}}
    assert list(result["data"]) == ["mnist/mnist.npz"]
    assert list(result["claims"]) == list(lesson._ledger)
    assert result["claims"]["P4.2"]["verdict"] == "holds"
    assert result["claims"]["P4.4"]["verdict"] == "not measured here"
    assert result["run"]["cpu_seconds"] > 0 and result["commit"] == "unknown"


def test_two_runs_give_the_same_results_times_and_dates_apart(root):
    import keras

    from pixvox.datasets.mnist import load_mnist

    results = []
    for _ in range(2):
        lesson = start("01_mnist", seed=1)
        (x_train, y_train), _ = load_mnist()
        network = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
        network.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
        lesson.finish(history=network.fit(x_train / 255, y_train, verbose=0))
        results.append(read_result(root))
    assert results[0]["run"] != results[1]["run"]
    for result in results:
        del result["run"]
    assert results[0] == results[1]


def test_a_disk_that_is_full_keeps_the_old_results(root, monkeypatch):
    lesson = Lesson("01_mnist", "sample", 0)
    lesson.finish(headline={"test accuracy": 0.5})

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lesson_module.json, "dumps", full)
    with pytest.raises(OSError, match="No space left"):
        lesson.finish(headline={"test accuracy": 0.9})
    monkeypatch.undo()
    monkeypatch.setattr(store, "ROOT", root)
    assert read_result(root)["headline"] == {"test accuracy": 0.5}


def test_small_numbers_are_compared_as_they_are_and_kept_with_six_digits(root):
    lesson = Lesson("01_mnist", "sample", 0)
    lesson.expect("tiny", 5.81234567e-7, "<=", 5.8e-7)
    lesson.expect("not a number", float("nan"), "<", 1)
    lesson.finish()
    kept = read_result(root)["expectations"]
    assert kept["tiny"]["met"] is False and kept["tiny"]["left"] == 5.81235e-7
    assert kept["not a number"]["left"] is None
