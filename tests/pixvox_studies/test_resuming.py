import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from pixvox_studies import resuming
from pixvox_studies.resuming import resume_callbacks

TRAIN = """
import os, pathlib, signal, sys
import keras
import numpy as np
from pixvox_studies.resuming import resume_callbacks

def train(callbacks):
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dropout(.2), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(.01), loss="mse", run_eagerly=True)
    history = model.fit(x, x.sum(1), epochs=4, shuffle=False, verbose=0, callbacks=callbacks)
    return history, model.evaluate(x, x.sum(1), verbose=0)

def die(epoch, logs):
    if epoch == 2:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    killer = keras.callbacks.LambdaCallback(on_epoch_begin=die)
    train([*resume_callbacks(pathlib.Path(sys.argv[1])), killer])
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no SIGKILL")
def test_a_training_killed_in_the_middle_resumes_at_its_last_epoch(tmp_path):
    """It is killed at the start of the third epoch of four; it ends like an undisturbed training."""
    done = subprocess.run([sys.executable, "-c", TRAIN, tmp_path], stderr=subprocess.DEVNULL)
    assert done.returncode == -signal.SIGKILL
    names = {"__name__": "resumed"}
    exec(TRAIN, names)
    resuming.start_clock(tmp_path)
    history, loss = names["train"](resume_callbacks(tmp_path))
    whole, undisturbed = names["train"]([])
    assert history.epoch == [2, 3] and loss == pytest.approx(undisturbed, rel=1e-6)
    assert resuming.epoch_logs(tmp_path)["loss"] == pytest.approx(whole.history["loss"], rel=1e-6)


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


@pytest.mark.parametrize("name", ["kept.json", "latest.weights.h5", "training_metadata.json"])
def test_an_epoch_whose_files_are_damaged_is_trained_again(tmp_path, name):
    """A power failure can leave files empty that were written."""
    import keras

    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    x = np.ones((4, 1), "float32")
    model.fit(x, x, epochs=2, verbose=0, callbacks=resume_callbacks(tmp_path))
    (tmp_path / "training" / "epoch-00002" / name).write_bytes(b"")
    resuming.start_clock(tmp_path)
    assert model.fit(x, x, epochs=3, verbose=0, callbacks=resume_callbacks(tmp_path)).epoch == [0, 1, 2]
    assert len(resuming.epoch_logs(tmp_path)["loss"]) == 3


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
