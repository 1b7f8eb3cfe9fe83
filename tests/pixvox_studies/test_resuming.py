import json
import os

import numpy as np
import pytest

from pixvox.datasets import store
from pixvox_cli.console import make_console
from pixvox_studies import Study, resuming
from pixvox_studies import frame as studies
from pixvox_studies.resuming import resume_callbacks

KERAS_STUDY = """
import json, os, signal
import keras
import numpy as np
from pixvox_studies.resuming import epoch_logs, resume_callbacks

X = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")

def train(seed, callbacks):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dropout(.2), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(.01), loss="mse")
    history = model.fit(X, X.sum(1), epochs=4, shuffle=False, verbose=0, callbacks=callbacks)
    return history, model.evaluate(X, X.sum(1), verbose=0)

def measure(setting, seed, work_dir):
    first, kept = not (work_dir / "tried").exists(), [*work_dir.rglob("kept.json")]
    (work_dir / "tried").touch()
    before = [json.loads(file.read_text())["cpu_seconds"] for file in kept]
    def perhaps_die(epoch, logs):
        if first and epoch == 2:
            os.kill(os.getpid(), signal.SIGKILL)
    killer = keras.callbacks.LambdaCallback(on_epoch_begin=perhaps_die)
    history, loss = train(seed, [*resume_callbacks(work_dir), killer])
    whole, undisturbed = train(seed, [])
    return {"loss": loss, "curve": epoch_logs(work_dir)["loss"], "epochs_here": history.epoch,
            "seconds_before": before, "undisturbed": undisturbed, "undisturbed_curve": whole.history["loss"]}
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no SIGKILL")
def test_a_training_killed_in_the_middle_resumes_at_its_last_epoch(tmp_path, monkeypatch):
    """Its worker is killed at the start of the third epoch of four; it ends like an undisturbed training."""
    (tmp_path / "keras_study.py").write_text(KERAS_STUDY, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(store, "ROOT", tmp_path)
    study = Study("nets compared", [{"net": "dense"}], (0,), "keras_study:measure")
    monkeypatch.setattr(studies, "STUDIES", {"nets": study})
    assert studies.run_study("nets", jobs=2, make_console=make_console) == 0
    folder = tmp_path / "build" / "sample" / "studies"
    [row] = json.loads((folder / "nets.json").read_text(encoding="utf-8"))["rows"]
    assert row["epochs_here"] == [2, 3]
    assert row["loss"] == pytest.approx(row["undisturbed"], rel=1e-6)
    assert row["curve"] == pytest.approx(row["undisturbed_curve"], rel=1e-6)
    assert row["cpu_seconds"] > row["seconds_before"][0] > 0
    assert list((folder / "nets").iterdir()) == []


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


def test_a_second_training_of_the_same_model_is_not_cut_short(tmp_path):
    """Keras leaves the epoch it restored in the model; the callbacks take it out again."""
    import keras

    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    x = np.ones((4, 1), "float32")
    model.fit(x, x, epochs=2, verbose=0, callbacks=resume_callbacks(tmp_path))
    (tmp_path / "training" / "backup" / "latest.weights.h5").write_bytes(b"half-written")
    again = model.fit(x, x, epochs=3, verbose=0, callbacks=resume_callbacks(tmp_path))
    assert again.epoch == [2]
    finished = model.fit(x, x, epochs=3, verbose=0, callbacks=resume_callbacks(tmp_path))
    assert finished.epoch == []
    tuned = model.fit(x, x, epochs=2, verbose=0, callbacks=resume_callbacks(tmp_path, stage="tuning"))
    assert tuned.epoch == [0, 1]
