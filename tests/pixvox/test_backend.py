"""What the backend keeps off standard error, and what it lets through."""

import os
import subprocess
import sys

from pixvox import backend

FIT_LEAKY = """
from pixvox import backend
backend.load_quietly()
import numpy as np
from pixvox.models import clothes
network = clothes.build_leaky_convnet()
network.compile("adam", "sparse_categorical_crossentropy")
network.fit(np.zeros((64, 28, 28, 1), np.float32), np.arange(64) % 10, verbose=0)
print("trained")
"""


def test_training_with_leaky_units_writes_nothing_to_standard_error():
    answer = subprocess.run([sys.executable, "-c", FIT_LEAKY], capture_output=True, text=True, check=True)
    assert answer.stdout == "trained\n" and answer.stderr == ""


def test_lines_of_errors_are_passed_on(capfd):
    known = b"I0000 00:00:1.1    3069 port.cc:153] oneDNN custom operations are on. You may\n"
    with backend._startup_lines_removed():
        os.write(2, known + b"real trouble\n")
    assert capfd.readouterr().err == "real trouble\n"
