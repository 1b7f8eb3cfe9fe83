"""One of several processes that train one network together: python worker.py FOLDER NUMBER.

In the folder lie network.keras, compiled, as the last epoch that was done has left it; data.npz, pictures x
and labels y; and settings.json: processes, address (of process 0), batch (pictures, of all together), epochs.
Lesson 11 has the same two functions.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

import numpy as np


def own_shares(x, y, batch, epochs, number=0, processes=1):
    """Yield one process's share of each batch: pictures and labels."""
    steps = len(x) // batch
    for epoch in epochs:
        order = np.random.default_rng(epoch).permutation(len(x))  # the same in all processes
        for rows in order[: steps * batch].reshape(steps, batch):
            own = np.split(rows, processes)[number]  # a block: dropout goes by the place in the batch
            yield x[own], y[own]


def work(folder, number):
    """Train the network of a folder, as one of its processes; go on after the last epoch that was kept."""
    import jax

    settings = json.loads((folder / "settings.json").read_text())
    batch, epochs, processes = settings["batch"], settings["epochs"], settings["processes"]
    if processes > 1:
        jax.config.update("jax_cpu_collectives_implementation", "gloo")  # how processors add up
        jax.distributed.initialize(settings["address"], num_processes=processes, process_id=number)
    import keras  # not before JAX knows of the other processes

    everywhere = keras.distribution.list_devices()
    keras.distribution.set_distribution(
        keras.distribution.DataParallel(devices=everywhere, auto_shard_dataset=False)
    )
    keras.utils.set_random_seed(0)  # JAX wants equal weights in all, even those that the file replaces
    network = keras.saving.load_model(folder / "network.keras")
    with np.load(folder / "data.npz") as data:
        x, y = data["x"], data["y"]
    steps, begun = len(x) // batch, []
    first = int(network.optimizer.iterations) // steps  # epochs that are done

    def keep(epoch, logs):
        line = {"epoch": epoch, "loss": logs["loss"], "seconds": time.perf_counter() - begun[-1]}
        network.save(folder / f"network{number}.keras")  # by all: JAX compares what they hold
        if number == 0:
            with open(folder / "log.jsonl", "a") as log:
                print(json.dumps(line), file=log)
            os.replace(folder / "network0.keras", folder / "network.keras")  # never half a file

    clock = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: begun.append(time.perf_counter()), on_epoch_end=keep
    )
    shares = own_shares(x, y, batch, range(first, epochs), number, processes)
    options = {"steps_per_epoch": steps, "epochs": epochs, "initial_epoch": first}
    network.fit(shares, callbacks=[clock], shuffle=False, verbose=0, **options)


if __name__ == "__main__":
    os.environ["KERAS_BACKEND"] = "jax"
    try:
        work(Path(sys.argv[1]), int(sys.argv[2]))
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # at once: JAX would wait for the others first
