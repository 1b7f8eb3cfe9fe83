"""What all tests share."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from pixvox.datasets import store

# Before anything imports Keras: what another course has set, at home or in the shell, does not matter.
os.environ["KERAS_HOME"] = str(Path(__file__).parents[1] / "build" / "keras")
os.environ.pop("KERAS_BACKEND", None)

# What hypothesis draws: in `make test` always the same; each night more, with `--hypothesis-profile=nightly`.
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(Path(__file__).parents[1] / "build" / "hypothesis")
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("nightly", deadline=None, max_examples=1_000)
settings.load_profile("repeatable")

EAGER = {"explain", "models", "pixvox_studies"}  # folders whose networks see a few batches each
UNTRAINED = {"test_frame.py", "test_verifying.py"}  # files in them that train nothing


@pytest.fixture(autouse=True, scope="session")
def ctrl_c_is_heard():
    """Hear Ctrl-C: tests in the background (`make test &`) ignore it, and what they start inherits that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def eager(request):
    """Run Keras's steps one by one where tracing them would take longest."""
    if not EAGER & {*request.path.parts} or request.path.name in UNTRAINED:
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return the root of an empty course, in the sample profile, with no settings and nothing located."""
    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setattr(store, "_located", {})
    for name in ("PROFILE", "DATA", "BUILD", "SEED", "STRICT", "TRACEBACK"):
        monkeypatch.delenv(f"PIXVOX_{name}", raising=False)
    return tmp_path
