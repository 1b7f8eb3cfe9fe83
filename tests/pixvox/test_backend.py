"""What the backend keeps off standard error, and what it lets through."""

import os
import subprocess
import sys

import numpy as np
import pytest
from keras import ops

from pixvox import backend


def test_only_known_lines_are_kept_off_standard_error(capfd):
    known = b"I0000 00:00:1.1    3069 port.cc:153] oneDNN custom operations are on. You may\n"
    with backend._startup_lines_removed():
        os.write(2, known + b"real trouble\n")
    assert capfd.readouterr().err == "real trouble\n"


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("slope", [1e-7, 1.0, 6e4])
def test_a_gradient_is_neither_lost_nor_infinite_in_few_bits(dtype, slope):
    def through(given):  # the slope itself is not in 16 bits
        few = ops.cast(given, dtype)
        return slope * ops.cast(few, "float32"), "an extra"

    start = np.ones((2, 3), np.float32)
    found, extra = backend.gradient(through, start)
    assert extra == "an extra" and found.dtype == "float32"
    np.testing.assert_allclose(found, np.full((2, 3), slope), rtol=0.01)
    unseen = backend.gradient(lambda given: (ops.ones(4), None), start)[0]
    np.testing.assert_array_equal(unseen, 0 * start)


def test_another_backend_has_no_gradients(monkeypatch):
    monkeypatch.setattr("keras.backend.backend", lambda: "torch")
    with pytest.raises(NotImplementedError, match="TensorFlow or JAX, got torch"):
        backend.gradient(lambda given: (given, None), np.ones(2, np.float32))


def test_settings_of_xla_for_another_program_do_not_end_this_one():
    script = "from pixvox import backend; backend.load_quietly(); backend._has_xla()"
    environment = {**os.environ, "XLA_FLAGS": "--xla_that_nobody_knows=1"}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
