"""Trainings that go on at their last epoch after a kill, and their CPU seconds over all parts.

A work folder holds one folder a training ("stage"); in it, ``epoch-00003`` is what was kept after epoch 3:
Keras's backup of weights, optimizer and epoch together with the CPU seconds and logs up to there. It appears
under that name in one step, so that the seconds are always those of the weights beside them; one that has
been damaged since, by a power failure say, has another checksum and counts for nothing.
"""

import json
import os
import shutil
import time
from pathlib import Path

from pixvox.datasets.files import tree_checksum

KEPT = "kept.json"

# By work folder: this process's CPU seconds when it began, less those that were kept before it.
_zero: dict[Path, float] = {}


def start_clock(work_dir: Path) -> None:
    """Count CPU seconds for the folder of one measurement from now on, on top of those kept in it."""
    kept = [_read(epoch)["cpu_seconds"] for stage in work_dir.glob("*/") for epoch in _kept_epochs(stage)]
    _zero[work_dir] = time.process_time() - max(kept, default=0.0)


def cpu_seconds(work_dir: Path) -> float:
    """Return the CPU seconds of a measurement so far: all parts that were kept, and this process's own.

    Raises:
        KeyError: if `start_clock` was not called for the folder.
    """
    return time.process_time() - _zero[work_dir]


def resume_callbacks(work_dir: Path, *, stage: str = "training") -> list:
    """Return Keras callbacks that let `fit` go on at the last epoch that an earlier process finished.

    Build and compile the model before `fit`, seed before building it, and read results with `evaluate` or
    `epoch_logs`: the history of `fit` lacks the epochs of other processes. Restored are weights, optimizer
    (so learning rate schedules by step too) and the random numbers of dropout and augmentation; not other
    callbacks' memories, nor the order in which `fit` shuffles: after a kill the remaining epochs see the
    pictures in another, equally random order. With ``shuffle=False`` they end as if undisturbed.

    Args:
        work_dir: the folder of one measurement, as `pixvox_studies.frame` passes it.
        stage: names the training where a measurement has more than one.
    """
    import keras

    work_dir = Path(work_dir)
    if work_dir not in _zero:
        start_clock(work_dir)
    _restore_backup(work_dir / stage)
    backup = keras.callbacks.BackupAndRestore(str(work_dir / stage / "backup"), delete_checkpoint=False)
    keep = keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: _restore_random_states(keep.model, work_dir / stage),
        on_epoch_end=lambda epoch, logs: _keep_epoch(
            work_dir / stage, epoch + 1, logs=logs, states=_random_states(keep.model)
        ),
        # Keras leaves the restored epoch in the model, and the next `fit` of that model would begin there.
        on_train_end=lambda logs: setattr(keep.model, "_initial_epoch", None),
    )
    return [backup, keep]


def epoch_logs(work_dir: Path, *, stage: str = "training") -> dict[str, list[float]]:
    """Return what `fit` logged in each epoch, over all parts: for instance {"loss": [2.1, .8]}."""
    epochs = _kept_epochs(Path(work_dir) / stage)
    logs = _read(epochs[-1])["logs"] if epochs else []
    return {name: [log[name] for log in logs if name in log] for name in (logs[0] if logs else {})}


def _kept_epochs(folder: Path) -> list[Path]:
    """Return the folders of kept epochs of one training, the last one last; none that is damaged."""
    return [kept for kept in sorted(folder.glob("epoch-[0-9]*")) if _is_whole(kept)]


def _is_whole(kept: Path) -> bool:
    """Say whether an epoch's files are those that were kept."""
    try:
        return _read(kept)["checksum"] == _checksum(kept)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _checksum(kept: Path) -> str:
    """Return one checksum of what Keras wrote."""
    return tree_checksum([path for path in kept.iterdir() if path.name != KEPT])


def _read(folder: Path) -> dict:
    """Read what was kept beside the weights."""
    return json.loads((folder / KEPT).read_text(encoding="utf-8"))


def _restore_backup(folder: Path) -> None:
    """Make Keras's backup of a training what it was after the last kept epoch; a half-written one goes."""
    shutil.rmtree(folder / "backup", ignore_errors=True)
    epochs = _kept_epochs(folder)
    if epochs:
        shutil.copytree(epochs[-1], folder / "backup", ignore=shutil.ignore_patterns(KEPT))


def _random_states(model) -> list:
    """Return the states of dropout's and augmentation's random numbers, which Keras saves with no weights."""
    return [state for state in model.non_trainable_variables if "seed_generator_state" in state.path]


def _restore_random_states(model, folder: Path) -> None:
    """Set the states of random numbers to those after the last kept epoch."""
    epochs = _kept_epochs(folder)
    if epochs:
        for state, value in zip(_random_states(model), _read(epochs[-1])["random_states"], strict=True):
            state.assign(value)


def _keep_epoch(folder: Path, done: int, *, logs: dict | None, states: list) -> None:
    """Keep Keras's backup after an epoch, with what it lacks and the CPU seconds up to there, in one step."""
    import keras

    work_dir, earlier = folder.parent, _kept_epochs(folder)
    logs = {name: float(value) for name, value in (logs or {}).items()}
    record = {
        "logs": [*(_read(earlier[-1])["logs"] if earlier else []), logs],
        "random_states": [keras.ops.convert_to_numpy(state).tolist() for state in states],
    }
    temporary = folder / "keeping"
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.copytree(folder / "backup", temporary)
    record["checksum"] = _checksum(temporary)
    shutil.rmtree(folder / f"epoch-{done:05d}", ignore_errors=True)  # a damaged one
    record["cpu_seconds"] = cpu_seconds(work_dir)
    (temporary / KEPT).write_text(json.dumps(record), encoding="utf-8")
    os.replace(temporary, folder / f"epoch-{done:05d}")
    for older in earlier:
        shutil.rmtree(older, ignore_errors=True)
