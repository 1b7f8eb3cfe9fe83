"""Train in a strategy of TensorFlow's, as one of its processes: python mirrored.py NUMBER ADDRESS ..."""

import json
import os
import sys

number, addresses = int(sys.argv[1]), sys.argv[2:]
if len(addresses) > 1:
    task = {"type": "worker", "index": number}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": addresses}, "task": task})
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf

if len(addresses) > 1:
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
else:  # two devices, of one processor
    half = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], [half, half])
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
assert strategy.num_replicas_in_sync == 2
with strategy.scope():
    network = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(1)])
    network.compile("sgd", "mse")
x = np.random.default_rng(0).normal(size=(64, 8)).astype("float32")
batches = tf.data.Dataset.from_tensor_slices((x, x.sum(axis=1))).batch(16)
network.fit(batches, epochs=2, shuffle=False, verbose=0)
