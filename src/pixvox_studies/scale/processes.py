"""Processes of one machine that train one network together: with Keras on JAX `worker.py`, beside this file.

They need the environment `.venv-scale`, which `make scale` sets up.
"""

import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
from keras import layers

from pixvox.datasets.fashion_mnist import load_fashion_mnist
from pixvox_studies import common

WORKER, MIRRORED = (Path(__file__).with_name(name) for name in ("worker.py", "mirrored.py"))
EPOCHS = 4
BATCH_SIZE, RATE = 64, 0.01
TIMED, TIMED_EPOCHS = 4_096, 3  # pictures of an epoch whose seconds count, and epochs
PATIENCE = 300  # seconds until processes that do not end are ended
TRIES = 3
NUDGE = 1e-6  # by which a weight is changed, as a share of itself

MIDDLES = {  # what follows convolution and pooling
    "one convolution": [layers.Flatten, lambda: layers.Dense(128, activation="relu")],
    "few weights": [layers.GlobalAveragePooling2D],
}
MIDDLES["batch normalisation"] = [layers.BatchNormalization, *MIDDLES["one convolution"]]
MIDDLES["dropout"] = [lambda: layers.Dropout(0.2), *MIDDLES["one convolution"]]


ARMS = {  # how many processes; whether a weight is changed before; whether one is killed
    "one process": (1, False, False),
    "one, a weight changed": (1, True, False),
    "two": (2, False, False),
    "two, one is killed": (2, False, True),
}


def build_network(name, *, rate=RATE):
    """Build and compile a network with one convolution, for grey pictures uint8 (28, 28, 1) and ten classes.

    Args:
        name: a key of `MIDDLES`: 693,962 weights; "few weights" has 650.
    """
    network = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            *(make() for make in common.look_up(MIDDLES, name)),
            layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile(keras.optimizers.SGD(rate, momentum=0.9), "sparse_categorical_crossentropy")
    network.optimizer.build(network.trainable_variables)  # so that the file of the network has its state
    return network


def measure_losses(setting, seed, work_dir):
    """Train in one process or in two, of which one may be killed in the third epoch; then both start again.

    Returns:
        dict: starts; loss, a number an epoch.
    """
    count, changed, killed = common.look_up(ARMS, setting["arm"])
    network, part = make_network(setting["network"], seed, rate=setting["rate"]), load_fashion_mnist()[0]
    if changed:
        kernel = network.layers[-1].kernel
        kernel.assign(kernel * (1 + NUDGE * (np.arange(kernel.shape[0]) == 0)[:, None]))
    prepare(work_dir, network, part, processes=count)
    for start in range(1, TRIES + 1):
        with running(work_dir) as processes:
            if killed and start == 1:
                wait_until(lambda: len(read_log(work_dir)) == 2 or ended(processes))
                processes[1].kill()
            wait_until(lambda: ended(processes))
            if all(process.poll() == 0 for process in processes):
                break
    else:
        raise RuntimeError(describe(work_dir))
    return {"starts": start, "loss": [line["loss"] for line in read_log(work_dir).values()]}


def measure_speed(setting, seed, work_dir):
    """Train in one process, in two that average their gradients, and in two that know nothing of each other.

    Each of two processes has one core, and half of each batch. The arms come in turn, another one first with
    each seed, for a machine that others use is not always as fast.

    Returns:
        dict: pictures a second of all processes together, without saving and without the first epoch, in
        which JAX compiles: one_core, both_cores, two_processes, two_silent.
    """
    (x, y), size = load_fashion_mnist()[0], setting["batch_size"]
    places = np.arange(TIMED // size * size) % len(x)
    cores = sorted(os.sched_getaffinity(0))[:2]
    arms = {  # for each group its processes and batch, and the cores of each process
        "one_core": [(1, size, [cores[:1]])],
        "both_cores": [(1, size, [cores])],
        "two_processes": [(2, size, [cores[:1], cores[1:]])],
        "two_silent": [(1, size // 2, [[core]]) for core in cores],
    }
    network, names = make_network(setting["network"], seed), list(arms)
    found = {}
    for arm in np.roll(names, seed).tolist():
        found[arm] = _speed(network, (x[places], y[places]), arms[arm], work_dir / arm)
    return {arm: found[arm] for arm in names}


def _speed(network, part, groups, work_dir):
    """Return the pictures a second of some groups of processes that run at the same time."""
    processes, speed = [], 0.0
    with contextlib.ExitStack() as stack:
        for place, (count, batch, pinned) in enumerate(groups):
            folder = work_dir / str(place)
            prepare(folder, network, part, processes=count, batch=batch, epochs=TIMED_EPOCHS)
            processes += stack.enter_context(running(folder, cores=pinned))
        wait_until(lambda: ended(processes))
        if any(process.poll() != 0 for process in processes):
            raise RuntimeError(describe(work_dir))
    for path in sorted(work_dir.glob("*/log.jsonl")):
        seconds = [line["seconds"] for line in read_log(path.parent).values()]
        speed += len(part[0]) * (TIMED_EPOCHS - 1) / sum(seconds[1:])
    return speed


def measure_strategy(setting, seed, work_dir):
    """Train in TensorFlow's own strategy for one process or for several.

    Returns:
        dict: trained; and whether the processes ended with a ValueError about PerReplica, as `per_replica`.
    """
    addresses = [free_address() for _ in range(setting["processes"])]
    work_dir.mkdir(parents=True, exist_ok=True)
    with run_all([[MIRRORED, number, *addresses] for number in range(len(addresses))], work_dir) as processes:
        wait_until(lambda: ended(processes))
        trained = all(process.poll() == 0 for process in processes)
    text = describe(work_dir)
    return {"trained": trained, "per_replica": "ValueError" in text and "PerReplica" in text}


def make_network(name, seed, **options):
    """Build a network with a seed's weights."""
    if importlib.util.find_spec("jax") is None:
        raise ValueError(
            "expected JAX for processes that train together, it is not there. Type `make scale`."
        )
    keras.utils.set_random_seed(seed)
    return build_network(name, **options)


def prepare(folder, network, part, *, processes, batch=BATCH_SIZE, epochs=EPOCHS):
    """Write what `worker.py` reads, for a training that begins."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log.jsonl").unlink(missing_ok=True)
    network.save(folder / "network.keras")
    np.savez(folder / "data.npz", x=part[0], y=part[1])
    settings = {"processes": processes, "batch": batch, "epochs": epochs}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


def running(folder, *, cores=None):
    """Start the processes of a folder that was prepared, each on its cores; see `run_all`."""
    path = folder / "settings.json"
    settings = json.loads(path.read_text(encoding="utf-8")) | {"address": free_address()}
    path.write_text(json.dumps(settings), encoding="utf-8")
    return run_all([[WORKER, folder, number] for number in range(settings["processes"])], folder, cores=cores)


@contextlib.contextmanager
def run_all(commands, folder, *, cores=None):
    """Start a Python process for each command, and kill at the end what is left; give `Popen`s."""
    with contextlib.ExitStack() as stack:
        processes = []
        for number, command in enumerate(commands):
            out = stack.enter_context((folder / f"out{number}.txt").open("w"))
            pin = None if cores is None else lambda mine=cores[number]: os.sched_setaffinity(0, mine)
            command = [sys.executable, *map(str, command)]
            processes.append(subprocess.Popen(command, stdout=out, stderr=out, preexec_fn=pin))
        try:
            yield processes
        finally:
            for process in processes:
                process.kill()
                process.wait()


def free_address():
    """Return an address of this machine with a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


def wait_until(met):
    """Wait until a function returns something true, for `PATIENCE` at most."""
    begun = time.monotonic()
    while not met() and time.monotonic() - begun < PATIENCE:
        time.sleep(0.05)


def ended(processes):
    """Say whether all have ended, or one has not ended well: then the others wait for it in vain."""
    codes = [process.poll() for process in processes]
    return None not in codes or any(code for code in codes)


def describe(folder):
    """Return the last of what the processes of a folder wrote."""
    texts = [path.read_text(errors="replace")[-4_000:] for path in sorted(folder.rglob("out*.txt"))]
    return "expected processes that end well, got:\n" + "\n".join(texts)


def read_log(folder):
    """Return what process 0 wrote, by the epoch; of an epoch that was done twice, the last."""
    path = folder / "log.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    return {(line := json.loads(text))["epoch"]: line for text in lines if text.endswith("\n")}
