"""The machinery a notebook calls: start, choose, expect, claim, finish."""

import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from pixvox import guesses
from pixvox import lesson as lesson_module
from pixvox.datasets import store
from pixvox.datasets.mnist import load_mnist
from pixvox.lesson import Lesson, start

DATA = store.ROOT / "data"


@pytest.fixture(autouse=True)
def root(course, monkeypatch):
    """A repository of its own, with the real sample digits."""
    shutil.copytree(DATA / "sample" / "mnist", course / "data" / "sample" / "mnist")
    monkeypatch.setenv("KERAS_HOME", str(course / "keras"))
    return course


@pytest.fixture
def lesson():
    return Lesson("01_mnist", "sample", 0)


def read_result(root, profile="sample"):
    return json.loads((root / "build" / profile / "01_mnist.json").read_text(encoding="utf-8"))


def keep_result(root, **result):
    path = root / "data" / "results" / "sample" / "01_mnist.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result), encoding="utf-8")


def test_start_says_what_the_run_depends_on_and_fixes_the_seed(capsys, monkeypatch):
    first = start("01_mnist", seed=3)
    drawn = np.random.rand()
    text = capsys.readouterr().out
    assert "profile sample (data in data/sample), seed 3" in text
    assert "tensorflow 2." in text and "not recorded yet" in text
    monkeypatch.setenv("PIXVOX_SEED", "3")
    second = start("01_mnist", seed=0)
    assert (first.seed, second.seed, np.random.rand()) == (3, 3, drawn)


@pytest.mark.parametrize(("seconds", "text"), [(31.4, "sample 31 seconds (CPU)"), (600, "10 minutes")])
def test_start_tells_the_recorded_time(root, lesson, seconds, text):
    keep_result(root, run={"wall_seconds": seconds}, device="CPU")
    assert text in lesson.introduction()


@pytest.mark.parametrize(
    ("name", "value"), [("PIXVOX_PROFILE", "large"), ("PIXVOX_SEED", "one"), ("PIXVOX_SEED", "4294967296")]
)
def test_start_refuses_unknown_profiles_and_seeds(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"expected.*{value}"):
        start("01_mnist")


OTHER_SETTINGS = (
    '{"floatx": "float16", "epsilon": 1e-7, "backend": "torch", "image_data_format": "channels_first"}'
)
LESSON = """
from pixvox.lesson import start
start("01_mnist")
import keras
import numpy as np
from pixvox.augment import RandomAffine
x = np.zeros((8, 28, 28, 1), np.float32)
RandomAffine(rotation_degrees=8, shift=0.1, seed=1)(x, training=True)  # XLA greets when it first compiles
layers = keras.layers.Conv2D(2, 3), keras.layers.LeakyReLU(), keras.layers.Flatten(), keras.layers.Dense(10)
network = keras.Sequential(layers)
network.compile("adam", "mse")
network.fit(x, np.zeros((8, 10)), verbose=0)
print(keras.config.backend(), keras.config.floatx(), keras.config.image_data_format())
"""


def run_lesson(**environment):
    """Run a lesson in a process of its own, as a notebook opened by hand does."""
    environment = {**os.environ, **environment}
    return subprocess.run([sys.executable, "-c", LESSON], env=environment, capture_output=True, text=True)


def test_a_lesson_starts_augments_and_trains_quietly_whatever_settings_another_course_has_left(tmp_path):
    (tmp_path / "keras.json").write_text(OTHER_SETTINGS, encoding="utf-8")
    done = run_lesson(KERAS_HOME=str(tmp_path))
    assert done.stdout.splitlines()[-1] == "tensorflow float32 channels_last"
    assert (done.returncode, done.stderr) == (0, "")


THREADS = """
from pixvox.lesson import start
start("01_mnist")
import sklearn.manifold
import tensorflow as tf
import threadpoolctl
told = tf.config.threading
print(told.get_intra_op_parallelism_threads(), told.get_inter_op_parallelism_threads(), end=" ")
print(max(pool["num_threads"] for pool in threadpoolctl.threadpool_info()))
"""


@pytest.mark.parametrize(("profile", "threads"), [("sample", "1 1 1"), ("full", "0 0 7")])
def test_on_the_sample_everything_computes_with_one_thread(profile, threads):
    environment = {**os.environ, "PIXVOX_PROFILE": profile, "OMP_NUM_THREADS": "7"}
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        environment.pop(name, None)
    done = subprocess.run([sys.executable, "-c", THREADS], env=environment, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == threads, done.stderr


def test_a_backend_that_is_not_there_is_named_with_what_to_type():
    last = run_lesson(KERAS_BACKEND="no_such_backend").stderr.strip().splitlines()[-1]
    assert last.startswith("ValueError: ") and "KERAS_BACKEND=no_such_backend" in last
    assert "`unset KERAS_BACKEND`" in last or "`set KERAS_BACKEND=`" in last


def test_choose_follows_the_profile():
    assert [Lesson("01_mnist", kind, 0).choose(sample=1, full=2) for kind in store.PROFILES] == [1, 2]


@pytest.mark.parametrize(
    ("left", "comparison", "right", "margin", "met"),
    [
        (0.84, ">", 0.8, 0.05, False),
        (0.9, ">=", 0.9, 0, True),
        (0.7, "<", 0.8, 0.05, True),
        (1.0, "<=", 1.0, 0, True),
        (5.81234567e-7, "<=", 5.8e-7, 0, False),
        (2.05, "==", 2, 0.1, True),
        (2.2, "==", 2, 0.1, False),
        (float("nan"), "<", 1, 0, False),
    ],
)
def test_expect_compares_with_a_margin_and_raises_only_when_strict(
    lesson, left, comparison, right, margin, met, capsys, monkeypatch
):
    lesson.expect("it is so", left, comparison, right, margin=margin)
    assert capsys.readouterr().out.startswith("as expected" if met else "NOT as expected")
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    if met:
        lesson.expect("it is so", left, comparison, right, margin=margin)
    else:
        with pytest.raises(AssertionError, match="NOT as expected: it is so"):
            lesson.expect("it is so", left, comparison, right, margin=margin)


def test_expect_refuses_other_comparisons(lesson):
    with pytest.raises(ValueError, match="'!='"):
        lesson.expect("different", 1, "!=", 2)


def test_numbers_are_kept_with_six_digits_and_nan_as_nothing(root, lesson):
    lesson.expect("tiny", 5.81234567e-7, "<=", 5.8e-7)
    lesson.expect("not a number", float("nan"), "<", 1)
    lesson.finish()
    kept = read_result(root)["expectations"]
    assert kept["tiny"]["left"] == 5.81235e-7 and kept["not a number"]["left"] is None


def test_a_claim_keeps_numbers_and_no_verdict(root, lesson, capsys):
    lesson.claim("P3.11", np.float32(1 / 3), np.int64(7), float("nan"))
    lesson.claim("P1.6", 0.5)
    lesson.claim("P1.6", 0.91)
    said = "P3.11: kept for notebooks/evidence\n" + 2 * "P1.6: kept for notebooks/evidence\n"
    assert capsys.readouterr().out == said
    lesson.finish()
    kept = {"P3.11": {"values": [0.333333, 7, None]}, "P1.6": {"values": [0.91]}}
    assert read_result(root)["claims"] == kept


@pytest.mark.parametrize("claim_id", ["3.11", "P3", "P3.x", "P3.11 and P3.12", "p3.11", 0.91])
def test_a_claim_without_an_id_is_refused(root, lesson, claim_id):
    with pytest.raises(ValueError, match="such as 'P3.11'.*claims.csv"):
        lesson.claim(claim_id, 0.91)


def test_a_lesson_without_claims_has_none_whatever_was_kept(root, lesson, capsys):
    keep_result(root, claims={"P4.2": {"values": [93322]}}, commit="abc")
    lesson.finish(headline={"accuracy": 0.9})
    assert read_result(root)["claims"] == {} and "claims_from" not in read_result(root)
    assert not capsys.readouterr().out


def test_finish_writes_everything(root):
    lesson = start("01_mnist")
    load_mnist()
    lesson.claim("P4.2", np.int64(93322))
    lesson.finish(headline={"test accuracy": np.float32(0.97)}, history={"net": {"loss": [np.float32(0.5)]}})
    result = read_result(root)
    assert result["headline"] == {"test accuracy": 0.97}
    assert result["history"] == {"net": {"loss": [0.5]}}
    assert list(result["data"]) == ["mnist/mnist.npz"]
    assert result["claims"] == {"P4.2": {"values": [93322]}}
    assert result["run"]["cpu_seconds"] > 0 and result["commit"] == "unknown"


def test_two_runs_give_the_same_results_times_and_dates_apart(root):
    import keras

    results = []
    for _ in range(2):
        lesson = start("01_mnist", seed=1)
        (x_train, y_train), _ = load_mnist()
        network = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
        network.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
        lesson.finish(history=network.fit(x_train / 255, y_train, verbose=0))
        results.append(read_result(root))
    assert results[0].pop("run") != results[1].pop("run")
    assert results[0] == results[1]


def test_a_disk_that_is_full_keeps_the_old_results(root, lesson, monkeypatch, capsys):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    lesson.finish(headline={"test accuracy": 0.5})
    monkeypatch.setattr(lesson_module.json, "dumps", full)
    lesson.finish(headline={"test accuracy": 0.9})
    said = capsys.readouterr().out
    assert "not kept" in said and str(root / "build") in said and "No space left" in said
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    with pytest.raises(OSError, match="No space left"):
        lesson.finish(headline={"test accuracy": 0.9})
    assert read_result(root)["headline"] == {"test accuracy": 0.5}


@pytest.fixture
def build_is_a_file(root, monkeypatch):
    """A build folder that nobody can make, not even root; the file that is in its place."""
    monkeypatch.setenv("PIXVOX_BUILD", "build")  # what the lesson sets is taken back
    scratch = SimpleNamespace(mkdtemp=lambda prefix: str(root / prefix))
    monkeypatch.setattr(lesson_module, "tempfile", scratch)
    (root / "somebody's").write_bytes(b"")
    monkeypatch.setenv("PIXVOX_BUILD", "somebody's/build")
    return root / "somebody's"


def test_where_nothing_can_be_kept_one_line_says_so_and_the_lesson_goes_on(root, build_is_a_file, capsys):
    lesson = start("01_mnist")
    said = capsys.readouterr().out.splitlines()[0]
    assert said.startswith("Nothing is kept, ") and "PIXVOX_BUILD" in said and str(build_is_a_file) in said
    lesson.guess("accuracy", 0.5)
    lesson.reveal("accuracy", 0.9)
    lesson.finish()
    assert "kept" not in capsys.readouterr().out and build_is_a_file.read_bytes() == b""
    assert store.build_dir() == root / "pixvox-" / "sample"


def test_where_nothing_can_be_kept_a_strict_lesson_stops_at_once(build_is_a_file, monkeypatch):
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    with pytest.raises(OSError, match="somebody's"):
        start("01_mnist")


def test_a_guess_is_shown_beside_the_result_and_kept(root, lesson, capsys):
    for value in (None, 0.5):
        lesson.guess("accuracy", value)
        lesson.reveal("accuracy", np.float32(0.9019))
    assert capsys.readouterr().out.split("\n") == [
        "accuracy: 0.902",
        "accuracy: 0.902",
        "your guess: 0.500",
        "",
    ]
    lesson.guess("parameters", 10_000)
    lesson.reveal("parameters", np.int64(93_322))
    assert "parameters: 93,322\nyour guess: 10,000\n" == capsys.readouterr().out
    assert guesses.load()["01_mnist"] == {
        "accuracy": {"guess": 0.5, "result": pytest.approx(0.9019), "profile": "sample"},
        "parameters": {"guess": 10_000, "result": 93_322, "profile": "sample"},
    }
    assert (root / "build" / "guesses.json").is_file()


def test_a_guess_that_cannot_be_kept_stops_nothing(root, lesson, capsys):
    (root / "build" / "guesses.json").mkdir(parents=True)
    lesson.guess("accuracy", 0.5)
    lesson.reveal("accuracy", 0.9)
    assert "not kept in" in capsys.readouterr().out


def test_nothing_is_kept_where_nothing_was_guessed(root, lesson):
    lesson.guess("accuracy", None)
    lesson.reveal("accuracy", 0.9)
    assert guesses.load() == {} and not (root / "build").exists()


@pytest.mark.parametrize("value", ["0.9", [0.9], ...])
def test_a_guess_is_a_number(lesson, value):
    with pytest.raises(TypeError, match="such as 0.5"):
        lesson.guess("accuracy", value)


@pytest.mark.parametrize("broken", ['{"01_mnist": {"accu', "[]", '{"01_mnist": 3}'])
def test_guesses_that_cannot_be_read_are_set_aside(root, capsys, broken):
    (root / "build").mkdir()
    (root / "build" / "guesses.json").write_text(broken, encoding="utf-8")
    guesses.keep("02_fashion_mnist", "accuracy", 0.5, 0.9)
    assert "guesses.broken.json" in capsys.readouterr().out
    assert (root / "build" / "guesses.broken.json").read_text(encoding="utf-8") == broken
    assert list(guesses.load()) == ["02_fashion_mnist"]


def test_a_damaged_record_of_an_earlier_run_ends_no_lesson(root):
    path = root / "data" / "results" / "sample" / "01_mnist.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"run": {"wall_sec', encoding="utf-8")
    assert "not recorded yet" in Lesson("01_mnist", "sample", 0).introduction()
