"""Gradients and a lesson where Keras computes with JAX: in processes of their own, each of one backend."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jax", reason="needs the environment of `make scale`")

BACKENDS = ("tensorflow", "jax")
ROOT = Path(__file__).parents[2]
GRADIENTS = """
import keras
import numpy as np
from keras import ops

from pixvox import backend

assert keras.backend.backend() == "{name}"
start = np.array([[1, -2, 3], [0.5, 0, 4]], np.float32)


def check(function, slope, extra=None, rtol=1e-6, given=start):
    found, came = backend.gradient(function, given)
    assert found.dtype == "float32", found.dtype
    np.testing.assert_allclose(ops.convert_to_numpy(found), slope, rtol=rtol)
    np.testing.assert_array_equal(came, extra)


check(lambda given: (given**2, None), 2 * start)  # of what is summed
check(lambda given: (ops.sum(given**3, axis=1), given + 1), 3 * start**2, extra=start + 1)
check(lambda given: (ops.ones(4), "an extra"), 0 * start, extra="an extra")  # nothing depends on it
check(lambda given: (5 * given, None), np.full((2, 3), 5), given=ops.convert_to_tensor(start))
read = lambda given: ops.convert_to_numpy(ops.stop_gradient(given**2)).copy()  # in between, as a number
check(lambda given: (given, read(given)), np.ones((2, 3)), extra=start**2)
for dtype in ("float16", "bfloat16"):
    for slope in (1e-7, 1.0, 6e4):  # the slope itself is not in 16 bits
        few = lambda given: slope * ops.cast(ops.cast(given, dtype), "float32")
        check(lambda given: (few(given), None), np.full((2, 3), slope), rtol=0.01)
"""


def run(command, name, **given):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PIXVOX_")}
    environment |= {"KERAS_BACKEND": name, **given}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("name", BACKENDS)
def test_gradients_are_those_worked_out_by_hand(name):
    run([sys.executable, "-c", GRADIENTS.replace("{name}", name)], name)


def test_a_lesson_runs_from_top_to_bottom_with_jax(tmp_path):
    """That on explanations: it trains, saves, loads, and asks for gradients in all ways that there are."""
    command = [sys.executable, "-m", "pixvox_cli.main", "run", "8"]
    run(command, "jax", PIXVOX_BUILD=str(tmp_path), PIXVOX_STRICT="1", PIXVOX_PROFILE="sample")
    (kept,) = (tmp_path / "sample").glob("08_*.json")
    lesson = json.loads(kept.read_text(encoding="utf-8"))
    assert "jax" in lesson["versions"] and all(one["met"] for one in lesson["expectations"].values())
    notebook = json.loads(kept.with_suffix(".ipynb").read_text(encoding="utf-8"))
    said = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    written = ["".join(output["text"]) for output in said if output["output_type"] == "stream"]
    assert [text for text in written if "False" in text] == []  # as pixvox.explain has it, and so on
    assert [output["text"] for output in said if output.get("name") == "stderr"] == []
