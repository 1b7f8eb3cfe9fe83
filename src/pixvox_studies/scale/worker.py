"""One of several processes that train one network together: python worker.py FOLDER NUMBER.

In the folder lie network.keras, compiled, as the last epoch that was done has left it; data.npz, pictures x
and labels y; and settings.json: processes, address (of process 0), batch (pictures, of all together), epochs.
"""

import json
import os
import sys
import time
from pathlib import Path

import jax
import numpy as np

folder, number = Path(sys.argv[1]), int(sys.argv[2])
settings = json.loads((folder / "settings.json").read_text())
processes, batch, epochs = settings["processes"], settings["batch"], settings["epochs"]
if processes > 1:
    jax.config.update("jax_cpu_collectives_implementation", "gloo")  # how CPUs add up numbers
    jax.distributed.initialize(settings["address"], num_processes=processes, process_id=number)

os.environ["KERAS_BACKEND"] = "jax"
import keras  # not before JAX knows of the other processes

devices = keras.distribution.list_devices()  # of all processes
keras.distribution.set_distribution(
    keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False)
)
keras.utils.set_random_seed(0)  # JAX wants equal numbers in all, even those that the file will replace

network = keras.saving.load_model(folder / "network.keras")
with np.load(folder / "data.npz") as data:
    x, y = data["x"], data["y"]
steps = len(x) // batch
first = int(network.optimizer.iterations) // steps  # epochs that are done


def own_shares():
    """Yield this process's pictures and labels of each batch."""
    for epoch in range(first, epochs):
        order = np.random.default_rng(epoch).permutation(len(x))  # the same in all processes
        for rows in order[: steps * batch].reshape(steps, batch):
            own = rows[number::processes]
            yield x[own], y[own]


class KeepEpochs(keras.callbacks.Callback):
    """Keep the network and a line of the log after each epoch."""

    def on_epoch_begin(self, epoch, logs):
        """Look at the clock."""
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch, logs):
        """Write the line, then put the network into the place of the last one."""
        line = {"epoch": epoch, "loss": logs["loss"], "seconds": time.perf_counter() - self.begun}
        self.model.save(folder / f"network{number}.keras")  # by all: JAX compares what they hold
        if number == 0:
            with open(folder / "log.jsonl", "a") as log:
                print(json.dumps(line), file=log)
            os.replace(folder / "network0.keras", folder / "network.keras")  # never half a file


network.fit(
    own_shares(),
    steps_per_epoch=steps,
    epochs=epochs,
    initial_epoch=first,
    callbacks=[KeepEpochs()],
    shuffle=False,
    verbose=0,
)
