"""What the backend keeps off standard error, seen in processes of their own."""

import subprocess
import sys

FIT_LEAKY = """
from pixvox import backend
backend.load_quietly()
import numpy as np
from pixvox.models import clothes as models_leaky
network = models_leaky.build_leaky_convnet()
network.compile("adam", "sparse_categorical_crossentropy")
network.fit(np.zeros((64, 28, 28, 1), np.float32), np.arange(64) % 10, verbose=0)
print("trained")
"""


def test_training_with_leaky_units_writes_nothing_to_standard_error():
    answer = subprocess.run([sys.executable, "-c", FIT_LEAKY], capture_output=True, text=True, check=True)
    assert answer.stdout == "trained\n" and answer.stderr == ""
