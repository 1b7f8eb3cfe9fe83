import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pixvox.datasets import store
from pixvox.datasets.files import checksum
from pixvox.tables import load_study
from pixvox_cli import main as cli
from pixvox_cli.console import make_console
from pixvox_studies import Study, resuming
from pixvox_studies import frame as studies
from pixvox_studies.frame import row_key
from pixvox_studies.resuming import resume_callbacks

SETTINGS = [{"net": "dense", "rate": 0.1}, {"net": "convnet", "rate": 0.01}]
KERAS_STUDY = """
import os, signal
from pathlib import Path
import keras
import numpy as np
from pixvox_studies import Study
from pixvox_studies import frame as studies
from pixvox_studies.resuming import epoch_logs, resume_callbacks

def train(setting, seed, work_dir):
    keras.utils.set_random_seed(seed)
    x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dropout(.2), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(.01), loss="mse")
    def perhaps_die(epoch, logs):
        marker = Path(os.environ["STUDY_DIES"]) if "STUDY_DIES" in os.environ else None
        if marker and epoch == 2:
            marker.write_text("killed")
            os.kill(os.getpid(), signal.SIGKILL)
    killer = keras.callbacks.LambdaCallback(on_epoch_begin=perhaps_die)
    callbacks = [*resume_callbacks(work_dir), killer]
    history = model.fit(x, x.sum(1), epochs=4, shuffle=False, verbose=0, callbacks=callbacks)
    loss = model.evaluate(x, x.sum(1), verbose=0)
    curve = epoch_logs(work_dir)["loss"]
    return {"loss": loss, "curve": curve, "epochs_here": len(history.epoch)}

studies.STUDIES["nets"] = Study("nets compared", [{"net": "dense"}], (0,), train)
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course without studies."""
    for name in ("PIXVOX_PROFILE", "PIXVOX_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setattr(studies, "STUDIES", {})
    return tmp_path


@pytest.fixture
def measured(root):
    """A study of four rows, and the list of what was measured."""
    done = []

    def run(setting, seed, work_dir):
        assert store.profile() == "sample" and work_dir.is_dir()
        done.append((setting["net"], seed))
        return {"accuracy": np.float32(0.5) + seed, "curve": np.arange(2)}

    studies.STUDIES["nets"] = Study("nets compared", SETTINGS, (0, 1), run)
    return done


def saved(root, profile="sample"):
    return json.loads((root / "build" / profile / "studies" / "nets.json").read_text(encoding="utf-8"))


def test_rows_are_measured_once_and_saved_with_where_they_come_from(root, measured, capsys):
    assert studies.run_study("nets", make_console=make_console) == 0
    document = saved(root)
    assert [(row["net"], row["rate"], row["seed"]) for row in document["rows"]] == [
        ("dense", 0.1, 0),
        ("dense", 0.1, 1),
        ("convnet", 0.01, 0),
        ("convnet", 0.01, 1),
    ]
    assert document["rows"][1]["accuracy"] == 1.5 and document["rows"][0]["curve"] == [0, 1]
    assert set(document) == {"study", "title", "profile", "versions", "commit", "device", "data", "rows"}
    assert document["rows"][0]["cpu_seconds"] >= 0 and document["rows"][0]["date"].endswith("+00:00")
    assert list((root / "build" / "sample" / "studies").rglob("*.json")) == [
        root / "build" / "sample" / "studies" / "nets.json"
    ]
    assert list((root / "build" / "sample" / "studies" / "nets").iterdir()) == []
    shown = capsys.readouterr().out
    assert "net dense, rate 0.1, seed 1: accuracy 1.5, 0 CPU s (2 of 4)" in shown and "\x1b" not in shown
    before = len(measured)
    assert studies.run_study("nets", make_console=make_console) == 0
    assert len(measured) == before == 4


def test_an_interrupted_study_goes_on_where_it_was(root, measured, capsys):
    run = studies.STUDIES["nets"].run

    def interrupted(setting, seed, work_dir):
        if len(measured) == 2:
            raise KeyboardInterrupt
        return run(setting, seed, work_dir)

    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(run=interrupted)
    assert cli.main(["study", "nets", "--keep"]) == 130
    text = "2 of 4 rows are saved. To go on, type `pixvox study nets --profile sample --keep`."
    assert text in capsys.readouterr().out
    assert len(saved(root)["rows"]) == 2 and "PIXVOX_PROFILE" not in os.environ
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(run=run)
    assert cli.main(["study", "nets"]) == 0
    assert measured == [("dense", 0), ("dense", 1), ("convnet", 0), ("convnet", 1)]


def test_a_row_that_fails_loses_no_other(root, measured, capsys, monkeypatch):
    run = studies.STUDIES["nets"].run
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")

    def failing(setting, seed, work_dir):
        if setting["net"] == "convnet":
            raise FileNotFoundError("expected a file. Type `pixvox fetch mnist`.")
        return run(setting, seed, work_dir)

    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(run=failing)
    assert cli.main(["study", "nets"]) == 2
    shown = capsys.readouterr()
    assert "net convnet, rate 0.01, seed 0: failed (2 of 4 rows are saved)" in shown.out
    assert shown.err == "pixvox: expected a file. Type `pixvox fetch mnist`.\n"
    assert len(saved(root)["rows"]) == 2 and os.environ["PIXVOX_PROFILE"] == "sample"


def test_rows_of_settings_that_are_gone_are_dropped_and_said(root, measured, capsys):
    studies.run_study("nets", make_console=make_console)
    commit = saved(root)["commit"]
    leftover = root / "build" / "sample" / "studies" / "nets" / "dense-0.1-seed0-00000000"
    leftover.mkdir(parents=True)
    smaller = studies.STUDIES["nets"]._replace(settings=SETTINGS[:1])
    studies.STUDIES["nets"] = smaller
    capsys.readouterr()
    assert studies.run_study("nets", make_console=make_console) == 0
    assert "no longer part of nets: 2" in capsys.readouterr().out
    assert [row["net"] for row in saved(root)["rows"]] == ["dense", "dense"]
    assert saved(root)["commit"] == commit and not leftover.exists() and len(measured) == 4


def test_rows_of_other_versions_are_told_apart(root, measured, monkeypatch):
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(seeds=(0,))
    studies.run_study("nets", make_console=make_console)
    assert "earlier" not in saved(root)
    before = {name: saved(root)[name] for name in ("versions", "commit", "device", "data")}
    monkeypatch.setattr("pixvox.provenance.device", lambda: "another machine")
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(seeds=(0, 1))
    studies.run_study("nets", make_console=make_console)
    assert saved(root)["device"] == "another machine" and saved(root)["earlier"] == [before]
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(seeds=(2,))
    studies.run_study("nets", make_console=make_console)
    assert "earlier" not in saved(root)


def test_the_data_that_rows_used_are_recorded(root, measured, monkeypatch):
    path = root / "data" / "sample" / "mnist" / "mnist.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"digits")

    def run(setting, seed, work_dir):
        store.locate("mnist", "mnist.npz")
        return {"accuracy": 1}

    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(run=run)
    studies.run_study("nets", make_console=make_console)
    assert saved(root)["data"] == {"mnist/mnist.npz": checksum(path)}


def test_a_kept_table_is_loaded_as_a_frame(root, measured):
    with pytest.raises(FileNotFoundError, match="Type `pixvox study nets --profile sample --keep`"):
        load_study("nets")
    studies.run_study("nets", keep=True, make_console=make_console)
    (root / "build" / "sample" / "studies" / "nets.json").unlink()
    frame = load_study("nets")
    names = ["net", "rate", "seed", "accuracy", "curve", "cpu_seconds", "date"]
    assert list(frame.columns) == names and len(frame) == 4
    assert frame.groupby("net").accuracy.mean().to_dict() == {"convnet": 1.0, "dense": 1.0}
    assert frame.attrs["title"] == "nets compared" and frame.attrs["profile"] == "sample"


def test_where_the_full_table_is_missing_the_samples_comes_and_says_so(root, measured, capsys):
    with pytest.raises(FileNotFoundError, match="Type `pixvox study nets --profile full --keep`"):
        load_study("nets", "full")
    studies.run_study("nets", keep=True, make_console=make_console)
    capsys.readouterr()
    frame = load_study("nets", "full")
    shown = capsys.readouterr().out
    assert "not measured on the full data yet" in shown and "SAMPLE" in shown
    assert frame.attrs["profile"] == "sample"
    assert load_study("nets", "sample").equals(frame) and not capsys.readouterr().out


def test_the_list_says_how_far_studies_are(root, measured, capsys):
    studies.run_study("nets", make_console=make_console)
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(seeds=(0, 1, 2))
    capsys.readouterr()
    assert cli.main(["study"]) == 0
    shown = capsys.readouterr().out
    assert "nets compared" in shown and "4 of 6" in shown


def test_an_unknown_study_and_a_broken_table(root, measured, capsys):
    assert cli.main(["study", "more"]) == 2
    assert "expected the name of a study (nets), came 'more'" in capsys.readouterr().err
    (root / "build" / "sample" / "studies").mkdir(parents=True)
    (root / "build" / "sample" / "studies" / "nets.json").write_text("{", encoding="utf-8")
    assert cli.main(["study", "nets"]) == 2
    assert "Remove the file" in capsys.readouterr().err


def test_a_measured_number_may_not_hide_a_setting(root, measured):
    studies.STUDIES["nets"] = studies.STUDIES["nets"]._replace(run=lambda *_: {"rate": 1, "date": 2})
    with pytest.raises(ValueError, match="came date, rate again"):
        studies.run_study("nets", make_console=make_console)


def test_a_function_is_imported_from_its_address(root, tmp_path, monkeypatch):
    (tmp_path / "some_study.py").write_text("def run(setting, seed, work_dir):\n    return {'a': 1}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    studies.STUDIES["nets"] = Study("nets", SETTINGS[:1], (0,), "some_study:run")
    assert studies.run_study("nets", make_console=make_console) == 0
    assert saved(root)["rows"][0]["a"] == 1


def test_row_keys_are_folder_names_of_their_own():
    keys = {row_key(setting, seed) for setting in [{"a": 1}, {"b": 1}, {"a": "1"}] for seed in (0, 1)}
    assert len(keys) == 6
    key = row_key({"name": "a/b: c" * 40, "on": True}, 0)
    assert len(key) <= 70 and not set(key) & set("/: ")


def test_cpu_seconds_are_those_of_the_parts_that_were_kept(tmp_path, monkeypatch):
    clock = iter([10.0, 13.0, 14.0, 100.0, 102.0])
    monkeypatch.setattr(resuming.time, "process_time", lambda: next(clock))
    (tmp_path / "training" / "backup").mkdir(parents=True)
    resuming.start_clock(tmp_path)
    resuming._keep_epoch(tmp_path / "training", 1, logs={"loss": np.float32(0.5)}, states=[])
    assert resuming.cpu_seconds(tmp_path) == 4.0  # the fourth second is lost in the kill
    resuming.start_clock(tmp_path)
    assert resuming.cpu_seconds(tmp_path) == 3.0 + 2.0
    assert resuming.epoch_logs(tmp_path) == {"loss": [0.5]}
    assert resuming.epoch_logs(tmp_path, stage="another") == {}


def test_a_half_written_backup_is_never_restored(tmp_path, monkeypatch):
    backup = tmp_path / "training" / "backup"
    backup.mkdir(parents=True)
    (backup / "weights").write_text("of epoch 1")
    resuming.start_clock(tmp_path)
    resuming._keep_epoch(tmp_path / "training", 1, logs={}, states=[])
    (backup / "weights").write_text("of epo")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("killed here")))
    with pytest.raises(OSError):
        resuming._keep_epoch(tmp_path / "training", 2, logs={}, states=[])
    resuming._restore_backup(tmp_path / "training")
    assert (backup / "weights").read_text() == "of epoch 1" and sorted(os.listdir(backup)) == ["weights"]


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no SIGKILL")
def test_a_training_killed_in_the_middle_resumes_at_its_last_epoch(root, monkeypatch):
    """Killed at the start of its third epoch of four; the row equals that of an undisturbed run."""
    (root / "keras_study.py").write_text(KERAS_STUDY, encoding="utf-8")
    start = (
        "import pathlib, keras_study; from pixvox_studies import frame as studies\n"
        "from pixvox.datasets import store; from pixvox_cli.console import make_console\n"
        f"store.ROOT = pathlib.Path({str(root)!r}); studies.run_study('nets', make_console=make_console)"
    )
    environment = {**os.environ, "PYTHONPATH": str(root), "STUDY_DIES": str(root / "killed")}
    done = subprocess.run([sys.executable, "-c", start], env=environment, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL and (root / "killed").is_file()
    assert not (root / "build" / "sample" / "studies" / "nets.json").exists()
    [kept] = (root / "build" / "sample" / "studies" / "nets").rglob("kept.json")
    before = json.loads(kept.read_text(encoding="utf-8"))
    assert kept.parent.name == "epoch-00002" and len(before["logs"]) == 2

    monkeypatch.syspath_prepend(str(root))
    import keras_study

    here = time.process_time()
    assert studies.run_study("nets", make_console=make_console) == 0
    here = time.process_time() - here
    [resumed] = saved(root)["rows"]
    assert resumed["epochs_here"] == 2 and len(resumed["curve"]) == 4
    assert before["cpu_seconds"] < resumed["cpu_seconds"] <= before["cpu_seconds"] + here + 0.01
    undisturbed = keras_study.train({"net": "dense"}, 0, root / "undisturbed")
    assert undisturbed["epochs_here"] == 4
    assert resumed["loss"] == pytest.approx(undisturbed["loss"], rel=1e-6)
    assert resumed["curve"] == pytest.approx(undisturbed["curve"], rel=1e-6)
    assert not (Path(root) / "build" / "sample" / "studies" / "nets" / row_key({"net": "dense"}, 0)).exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no SIGKILL")
def test_a_killed_study_keeps_its_finished_rows(root, measured):
    (root / "plain_study.py").write_text(
        "import os, signal\nfrom pixvox_studies import Study, frame as studies\n"
        "def run(setting, seed, work_dir):\n"
        "    if seed == 1: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return {'accuracy': .25}\n"
        f"studies.STUDIES['nets'] = Study('nets', {SETTINGS!r}, (0, 1), run)\n"
    )
    start = (
        "import pathlib, plain_study; from pixvox_studies import frame as studies\n"
        "from pixvox.datasets import store; from pixvox_cli.console import make_console\n"
        f"store.ROOT = pathlib.Path({str(root)!r}); studies.run_study('nets', make_console=make_console)"
    )
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", start], env=environment, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert [row["accuracy"] for row in saved(root)["rows"]] == [0.25]
    assert studies.run_study("nets", make_console=make_console) == 0
    assert measured == [("dense", 1), ("convnet", 0), ("convnet", 1)]
    assert [row["accuracy"] for row in saved(root)["rows"]] == [0.25, 1.5, 0.5, 1.5]


def test_a_second_training_of_the_same_model_is_not_cut_short(root, monkeypatch):
    """Keras leaves the epoch it restored in the model; the callbacks take it out again."""
    import keras

    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    x = np.ones((4, 1), "float32")
    model.fit(x, x, epochs=2, verbose=0, callbacks=resume_callbacks(root))
    (root / "training" / "backup" / "latest.weights.h5").write_bytes(b"half-written")
    again = model.fit(x, x, epochs=3, verbose=0, callbacks=resume_callbacks(root))
    assert again.epoch == [2]
    finished = model.fit(x, x, epochs=3, verbose=0, callbacks=resume_callbacks(root))
    assert finished.epoch == []
    tuned = model.fit(x, x, epochs=2, verbose=0, callbacks=resume_callbacks(root, stage="tuning"))
    assert tuned.epoch == [0, 1]
